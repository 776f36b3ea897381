"""Killed at any moment of a restore: the old shop or the new one, whole, and the restore can be done again."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.paths import Home
from shopcrm.store import backup
from tests.builders import given_orders, new_shop, order
from tests.proving import LONG

OLD, NEW = 3_000, 2_000
MOMENTS = 60 if LONG else 4
GROUPS = 4
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Home:
    shop = new_shop(tmp_path_factory.mktemp("killed") / "shop", as_of=None)
    given_orders(shop, [order(f"10{n}", f"nick_{n}", date(2026, 1, 5)) for n in range(NEW)])
    shop.back_up("hand")
    given_orders(shop, [order(f"20{n}", f"nick_{n}", date(2026, 2, 5)) for n in range(OLD - NEW)])
    shop.close()
    return shop.home


@pytest.mark.parametrize("group", range(GROUPS))
def test_killed_at_any_moment_it_is_one_or_the_other(group: int, prepared: Home, tmp_path: Path) -> None:
    chance = random.Random(group)
    for moment in range(MOMENTS // GROUPS):
        home = Home(tmp_path / f"shop-{moment}")
        shutil.copytree(prepared.folder, home.folder)
        source = next(found.path for found in backup.listed(home) if found.held.orders == NEW)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.prove.killed_restore", str(home.folder), str(source)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        wanted = ("restoring", "checking")[moment % 2]
        for line in process.stdout:
            if line.startswith(wanted):
                break
        # Copying and checking take most of the time, the swap is over in a moment: aim at all of them.
        time.sleep(chance.uniform(0, 0.06))
        process.kill()
        rest = process.stdout.read()
        process.stdout.close()
        process.wait()
        held = _orders(home)
        assert held in (OLD, NEW)
        assert "restored" not in rest or held == NEW
        subprocess.run(
            [sys.executable, "-m", "tests.prove.killed_restore", str(home.folder), str(source)],
            check=True,
            capture_output=True,
            cwd=ROOT,
        )
        assert _orders(home) == NEW
        assert list(home.folder.glob("shop.restoring*")) == []
        shutil.rmtree(home.folder)


def _orders(home: Home) -> int:
    """How many orders the shop holds; it is in order."""
    shop = Shop.open(home)
    try:
        assert shop.check() == []
        return shop.counts().orders
    finally:
        shop.close()
