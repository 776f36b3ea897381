"""A file that is not a sound shop is never an empty one; each says what it is."""

from __future__ import annotations

import importlib
import random
import re
import shutil
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from shopcrm.act import desk
from shopcrm.app import NewShop, Shop, put_back
from shopcrm.base.accents import unaccented
from shopcrm.base.changes import Changes
from shopcrm.base.errors import Cancelled, Failure
from shopcrm.base.money import UnknownCurrency
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress, Step
from shopcrm.base.text import fold
from shopcrm.store import backup, driver, migrations, search_index
from shopcrm.store.engine import ShopBusy, ShopDamaged
from shopcrm.store.keys import PasswordNeeded
from shopcrm.store.shop_file import DiskTooSmall, FolderUnusable, ShopForeign, ShopGone, ShopMissing, ShopNewer
from shopcrm.store.tables import metadata
from tests.builders import content, given_orders, new_shop, order, stage

DAY = date(2026, 6, 1)
SHOPS = Path(__file__).parents[1] / "data" / "shops"  # a file of every released schema but today's


@pytest.fixture
def home(tmp_path: Path) -> Home:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order(f"10{n}", f"nick_{n}", DAY) for n in range(200)])
    shop.close()
    return shop.home


def _open_and_read(home: Home) -> int:
    shop = Shop.open(home)
    try:
        assert shop.check() == []
        return shop.counts().customers
    finally:
        shop.close()


def test_a_sound_shop_opens_with_what_it_holds(home: Home) -> None:
    assert _open_and_read(home) == 200


def test_none_yet(tmp_path: Path) -> None:
    with pytest.raises(ShopMissing):
        Shop.open(Home(tmp_path))
    assert not (tmp_path / "shop.db").exists()


def test_one_that_is_gone_is_not_replaced_by_an_empty_one(home: Home) -> None:
    home.database.unlink()
    with pytest.raises(ShopGone, match="backups"):
        Shop.open(home, create=NewShop("CNY", "Asia/Shanghai"))
    assert not home.database.exists()
    put_back(home, backup.listed(home)[-1].path)
    assert _open_and_read(home) == 0, "the backup of before the import"


@pytest.mark.parametrize("size", [0, 1, 4096, 5000, -4096, -1])
def test_cut_short_it_is_damaged_not_empty(home: Home, size: int) -> None:
    whole = home.database.read_bytes()
    home.database.write_bytes(whole[:size])
    with pytest.raises(ShopDamaged, match="damaged"):
        _open_and_read(home)
    assert home.database.read_bytes() == whole[:size]


def test_damaged_it_names_the_backups_only_where_there_are_some(home: Home) -> None:
    home.database.write_bytes(b"")
    with pytest.raises(ShopDamaged, match="newest backup"):
        Shop.open(home)
    shutil.rmtree(home.backups)
    with pytest.raises(ShopDamaged, match="no backup"):
        Shop.open(home)


def test_of_another_program(tmp_path: Path) -> None:
    path = Home(tmp_path).database
    plain = driver.dbapi.connect(str(path))
    plain.execute("CREATE TABLE t (a)")
    plain.commit()
    plain.close()
    with pytest.raises(ShopForeign):
        Shop.open(Home(tmp_path))
    path.write_bytes(random.Random(1).randbytes(20_000))
    with pytest.raises(ShopDamaged):
        Shop.open(Home(tmp_path))


def test_of_a_newer_program(home: Home) -> None:
    raw = driver.connect(home.database, driver.INTEGRITY_KEY)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(ShopNewer, match="9999"):
        Shop.open(home)


@pytest.mark.parametrize("kept", sorted(SHOPS.glob("*.db")), ids=lambda path: path.stem)
def test_a_shop_of_every_earlier_release_is_upgraded_after_a_backup(kept: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "old")
    home.folder.mkdir()
    shutil.copy(kept, home.database)
    fresh = new_shop(tmp_path / "fresh")
    shop = Shop.open(home)
    try:
        assert shop.check() == []
        assert _columns_of(shop) == _columns_of(fresh)
        with shop.read() as tx:
            (lin,) = desk.find(tx, "xiaoman_lin88")
            card = desk.card(tx, shop.columns(), lin.id)
        assert (card.name, card.statistics.occasions, card.tags, len(card.notes)) == ("林小满", 3, ("宝妈群",), 1)
        assert [found.path.stem.endswith("-migration") for found in backup.listed(home)] == [True]
    finally:
        shop.close()
        fresh.close()
    Shop.open(home).close()
    assert len(backup.listed(home)) == 1, "the second time there is nothing to upgrade"


def test_who_has_an_accent_is_found_without_it_in_an_older_shop(tmp_path: Path) -> None:
    home = Home(tmp_path / "old")
    home.folder.mkdir()
    shutil.copy(SHOPS / "0005.db", home.database)
    raw = driver.connect(home.database, driver.INTEGRITY_KEY)
    asked = "SELECT count(*) FROM search_tokens WHERE search_tokens MATCH '\"wmuller\"'"
    assert raw.execute(asked).fetchone() == (0,)
    raw.close()
    shop = Shop.open(home)
    with shop.read() as tx:
        found = [[hit.name for hit in desk.find(tx, typed)] for typed in ("muller", "zoe", "lukasz_o", "xiaoman_lin88")]
    assert found == [["José Müller"], ["Zoë Straße"], ["Zoë Straße"], ["林小满"]]
    shop.close()


def test_every_sign_that_the_index_folds_since_0006_is_looked_for_by_the_upgrade() -> None:
    looked_for = re.compile(f"[{importlib.import_module('shopcrm.store.migrations.versions.0006_accents').ACCENTED}]")
    for sign in (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000):
        if looked_for.match(sign) is None:
            folded = fold(f"a{sign}")
            assert unaccented(folded) == folded, hex(ord(sign))


def test_an_upgrade_that_fails_leaves_the_shop_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "old")
    home.folder.mkdir()
    shutil.copy(SHOPS / "0001.db", home.database)

    def broken(connection: Connection, **_how: object) -> None:
        connection.exec_driver_sql("ALTER TABLE customers ADD COLUMN half_done TEXT")
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "upgrade", broken)
        with pytest.raises(RuntimeError):
            Shop.open(home)
    assert _open_and_read(home) == 2


def test_an_upgrade_tells_how_far_it_is_and_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_REBUILT", 1)
    home = Home(tmp_path / "old")
    home.folder.mkdir()
    shutil.copy(SHOPS / "0004.db", home.database)
    steps: list[Step] = []

    def told(step: Step) -> None:
        steps.append(step)
        if step.stage == "indexing":
            stopped.cancel()

    stopped = Progress(told)
    with pytest.raises(Cancelled):
        Shop.open(home, progress=stopped)
    assert list(dict.fromkeys(step.stage for step in steps)) == ["backup", "upgrading", "indexing"]
    assert (steps[-1].done, steps[-1].total) == (2, 2)
    assert _open_and_read(home) == 2


def _columns_of(shop: Shop) -> dict[str, set[tuple[str, str, bool]]]:
    """By table its columns: name, type, whether it must be filled."""
    with shop._database.planning() as connection:
        run = connection.exec_driver_sql
        tables = [name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for name in tables:
            if name in metadata.tables:
                rows = run(f"PRAGMA table_info({name})").fetchall()
                found[name] = {(row[1], row[2], bool(row[3])) for row in rows}
                assert {column for column, _, _ in found[name]} == set(metadata.tables[name].columns.keys())
        assert set(found) == set(metadata.tables)
        return found


def test_with_a_password(home: Home) -> None:
    home.key_file.write_bytes(b"an envelope")
    with pytest.raises(PasswordNeeded):
        Shop.open(home)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderUnusable):
        Shop.open(Home(tmp_path / "file" / "shop"), create=NewShop("CNY", "Asia/Shanghai"))


def test_a_currency_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UnknownCurrency):
        Shop.open(Home(tmp_path / "shop"), create=NewShop("XQQ", "Asia/Shanghai"))
    assert not (tmp_path / "shop").exists()


def test_every_flipped_bit_is_noticed(home: Home, tmp_path: Path) -> None:
    chance = random.Random(20261122)
    whole = home.database.read_bytes()
    copy = Home(tmp_path / "copy")
    for _ in range(40):
        shutil.rmtree(copy.folder, ignore_errors=True)
        copy.folder.mkdir()
        spoilt = bytearray(whole)
        spoilt[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        copy.database.write_bytes(spoilt)
        try:
            shop = Shop.open(copy)
        except Failure:
            continue
        try:
            assert [fault.kind for fault in shop.check()][:1] == ["damage"]
        except ShopDamaged:
            continue
        finally:
            shop._database._reader.dispose()
            shop._database._writer.dispose()


def test_two_writers_wait_for_each_other_and_the_second_is_told(home: Home) -> None:
    mine, theirs = Shop.open(home), driver.connect(home.database, driver.INTEGRITY_KEY)
    mine._database._writer.dispose()
    theirs.execute("BEGIN IMMEDIATE")
    with mine._database.idle_writer() as raw:
        raw.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(ShopBusy), mine.write():
        pass
    theirs.execute("ROLLBACK")
    theirs.close()
    with mine.write() as tx:
        assert tx.shop.currency == "CNY"
    mine.close()


def test_what_another_process_wrote_is_noticed_once(home: Home) -> None:
    mine, theirs = Shop.open(home), Shop.open(home)
    assert not mine.changed_elsewhere()
    given_orders(theirs, [order("9999", "late_z", DAY)])
    heard: list[Changes] = []
    mine.on_changes(heard.append)
    assert mine.changed_elsewhere()
    assert len(heard) == 1
    assert not mine.changed_elsewhere()
    assert len(mine.columns()) == 201
    with mine.write() as tx:
        tx.begin_change("nothing")
    assert not mine.changed_elsewhere()
    theirs.close()
    mine.close()


def test_a_backup_opens_as_a_shop_and_is_made_when_something_changed(home: Home) -> None:
    moments = (datetime(2026, 11, 23, second=n, tzinfo=UTC) for n in range(60))
    shop = Shop.open(home, now=lambda: next(moments))
    made = shop.back_up("import")
    assert (made.held.customers, made.held.orders) == (200, 200)
    assert shop.back_up("exit").path == made.path
    given_orders(shop, [order("9999", "late_z", DAY)])
    assert shop.back_up("exit").path != made.path
    shop.close()
    restored = Home(home.folder.parent / "restored")
    restored.folder.mkdir()
    shutil.copy(made.path, restored.database)
    assert _open_and_read(restored) == 200


def test_backups_thin_out_by_day_week_and_month(tmp_path: Path) -> None:
    home = Home(tmp_path / "shop")
    home.backups.mkdir(parents=True)
    today = date(2026, 11, 22)
    for hours in range(0, 24 * 400, 6):
        at = datetime(2026, 11, 22, 23, tzinfo=UTC) - timedelta(hours=hours)
        path = home.backups / f"shop-{at:%Y%m%dT%H%M%SZ}-exit.db"
        path.write_bytes(b"")
        path.with_suffix(".json").write_text('{"customers": 1, "orders": 1, "last_change_set": 1}')
    backup.prune(home.backups, today=today)
    kept = [found.at.date() for found in backup.listed(home)]
    assert kept.count(today) == 4
    assert kept.count(today - timedelta(days=1)) == 4
    for days in range(2, 13):
        assert kept.count(today - timedelta(days=days)) == 1
    assert len({day.isocalendar()[:2] for day in kept}) >= 10
    assert len({(day.year, day.month) for day in kept}) >= 9
    assert len(kept) < 45
    assert len(list(home.backups.iterdir())) == 2 * len(kept)


def test_an_old_backup_that_cannot_be_removed_does_not_spoil_a_new_one(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where somebody may be looking at it."""
    old = home.backups / "shop-20200101T000000Z-exit.db"
    home.backups.mkdir(exist_ok=True)
    old.touch()
    old.with_suffix(".json").write_text('{"customers": 1, "orders": 1, "last_change_set": 1}', encoding="utf-8")
    newer = home.backups / "shop-20200101T000001Z-exit.db"
    newer.touch()
    newer.with_suffix(".json").write_text('{"customers": 1, "orders": 1, "last_change_set": 2}', encoding="utf-8")
    unlink = Path.unlink

    def held(self: Path, *, missing_ok: bool = False) -> None:
        if self == old:
            raise PermissionError(13, "in use", str(self))
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    shop = Shop.open(home)
    made = shop.back_up("exit")
    shop.close()
    assert made.path.exists()
    assert old in {found.path for found in backup.listed(home)}  # whole, for the next time
    assert newer not in {found.path for found in backup.listed(home)}


def test_an_import_that_the_disk_cannot_take_is_not_begun(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop.open(home)
    before = content(shop)
    staged = stage(shop, [order("9999", "late_z", DAY)])
    usage = shutil.disk_usage(home.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1_000_000))
    with pytest.raises(DiskTooSmall, match="MB"):
        shop.import_staged(staged)
    assert content(shop) == before
    shop.close()
