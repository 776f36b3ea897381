"""A demo shop that somebody looks at is not emptied because another day or language has come."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from shopcrm.__main__ import main
from shopcrm.app import Shop
from shopcrm.base import files
from shopcrm.base.paths import Home
from shopcrm.jobs import demo

HOLD = (
    "import sys\n"
    "from shopcrm.base import files\n"
    "handle = open(sys.argv[1], 'a+b')\n"
    "assert files.lock(handle)\n"
    "print('held', flush=True)\n"
    "sys.stdin.read()\n"
)


def test_an_open_demo_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path / "demo")
    given = ["--home", str(home.folder), "--lang", "en", "--as-of", "2026-11-22", "demo", "--no-window"]
    assert main([*given, "--json"]) == 0
    made = capsys.readouterr().out
    window = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.window_lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert window.stdout is not None
    assert window.stdout.readline() == "held\n"
    try:
        assert files.is_locked(home.window_lock)
        later = [part.replace("2026-11-22", "2026-11-25") for part in given]
        assert main([*later, "--json"]) == 0
        assert capsys.readouterr().out == made
        assert _made_for(home) == date(2026, 11, 22)
        assert main([*later, "--anew"]) == 1
        assert "open in another window" in capsys.readouterr().err
    finally:
        window.communicate("")
    assert not files.is_locked(home.window_lock)
    assert main([*later, "--json"]) == 0
    assert _made_for(home) == date(2026, 11, 25)


def _made_for(home: Home) -> date:
    with closing(Shop.open(home)) as shop, shop.read() as tx:
        found = demo.made(tx)
    assert found is not None
    return found.day
