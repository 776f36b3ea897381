"""The demo shop comes and goes as a whole, nothing else with it; what the disk refuses is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopcrm import app
from shopcrm.app import DemoInUse, NotTheDemo, Shop
from shopcrm.base import files
from shopcrm.base.errors import Failure
from shopcrm.base.paths import Home
from shopcrm.store import driver
from shopcrm.store.engine import DiskFailure
from shopcrm.store.shop_file import NewShop

DEMO = NewShop("CNY", "Asia/Shanghai", is_demo=True)


def made(folder: Path, new: NewShop) -> Home:
    home = Home(folder)
    shop = Shop.open(home, create=new)
    shop.back_up("exit")
    shop.close()
    home.logs.mkdir()
    (home.logs / "crash-20261122T040000Z.txt").touch()
    home.seat_file.write_text('theme = "dark"\n', encoding="utf-8")
    return home


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_demo_goes_with_its_folder(tmp_path: Path) -> None:
    home = made(tmp_path / "demo", DEMO)
    app.delete_demo(home)
    assert not home.folder.exists()
    app.delete_demo(home)  # gone already


def test_what_is_not_the_programs_stays(tmp_path: Path) -> None:
    home = made(tmp_path / "documents", DEMO)
    own = home.folder / "diary.txt"
    listed = home.exports / "due.xlsx"
    home.exports.mkdir()
    for path in (own, listed):
        path.write_text("mine", encoding="utf-8")
    app.delete_demo(home)
    assert everything(home.folder) == {"diary.txt": b"mine", str(Path("exports", "due.xlsx")): b"mine"}


def test_a_real_shop_is_refused_and_whole(tmp_path: Path) -> None:
    home = made(tmp_path / "shop", NewShop("CNY", "Asia/Shanghai"))
    before = everything(home.folder)
    with pytest.raises(NotTheDemo):
        app.delete_demo(home)
    assert everything(home.folder) == before


def test_what_is_no_shop_is_refused_too(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.database.write_bytes(b"somebody's database" * 1000)
    with pytest.raises(Failure):
        app.delete_demo(home)
    assert home.database.exists()


def test_a_demo_that_another_program_holds_stays_a_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = made(tmp_path / "demo", DEMO)

    def refuse(path: Path) -> None:
        raise PermissionError(13, "in use", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(files, "remove", refuse)
        with pytest.raises(DemoInUse):
            app.delete_demo(home)
    shop = Shop.open(home)
    assert shop.info.is_demo
    shop.close()
    app.delete_demo(home)
    assert not home.folder.exists()


def test_statistics_that_cannot_be_read_are_a_failure_that_can_be_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop.open(made(tmp_path / "shop", NewShop("CNY", "Asia/Shanghai")))

    def refuse(_path: Path, _key: bytes) -> None:
        raise driver.dbapi.OperationalError("unable to open database file")

    with monkeypatch.context() as patched:
        patched.setattr(driver, "connect", refuse)
        with pytest.raises(DiskFailure):
            shop.columns()
    assert len(shop.columns()) == 0, "once the disk is back, so are they"
    shop.close()
