"""Backups from the command line: made, listed, copied, and gone back to, by number or file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shopcrm.__main__ import main
from tests.builders import TODAY, given_orders, new_shop, order


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order(f"10{n}", f"nick_{n}", TODAY) for n in range(3)])
    shop.close()
    return shop.home.folder


@pytest.fixture
def say(home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def told(*arguments: str, code: int = 0) -> Any:
        capsys.readouterr()
        assert main(["--home", str(home), "--lang", "en", "--json", *arguments]) == code
        said = capsys.readouterr()
        return json.loads(said.out) if code == 0 else said.err

    return told


def test_made_listed_and_gone_back_to(home: Path, say: Any) -> None:
    made = say("backup")
    assert (made["customers"], made["orders"], made["reason"]) == (3, 3, "hand")
    shop = new_shop(home)
    given_orders(shop, [order("20", "late_z", TODAY)])
    shop.close()
    listed = say("backups")
    assert [each["number"] for each in listed] == list(range(1, len(listed) + 1))
    number = next(each["number"] for each in listed if each["file"] == made["file"])
    done = say("restore", str(number))
    assert (done["orders"], Path(done["kept"]).parent) == (3, home)
    assert say("restore", done["kept"])["orders"] == 4
    assert "99" in say("restore", "99", code=1)
    assert "nowhere.db" in say("restore", "nowhere.db", code=1)


def test_a_copy_goes_where_one_wants_it_and_replaces_nothing_unasked(say: Any, tmp_path: Path) -> None:
    copy = tmp_path / "stick.db"
    assert say("backup", "--to", str(copy))["file"] == str(copy)
    assert "there already" in say("backup", "--to", str(copy), code=1)
    say("backup", "--to", str(copy), "--overwrite")
    assert "No such file" in say("backup", "--to", str(tmp_path / "no drive" / "x.db"), code=1)
    other = tmp_path / "new computer"
    assert main(["--home", str(other), "restore", str(copy)]) == 0
    moved = new_shop(other)
    assert moved.counts().orders == 3
    moved.close()


def test_an_open_shop_is_not_replaced(home: Path, say: Any) -> None:
    made = say("backup")
    shop = new_shop(home)
    assert "open in another window" in say("restore", made["file"], code=1)
    assert shop.counts().orders == 3
    shop.close()
