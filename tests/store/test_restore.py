"""A backup put back: all of it or nothing, whatever the machine does; the shop that stood there can be taken back."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shopcrm.app import Shop, put_back, restorable
from shopcrm.base.errors import Cancelled, Failure
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress
from shopcrm.store import backup, driver, restore
from shopcrm.store.backup import BackupDamaged, BackupNewer, NoSuchBackup
from shopcrm.store.engine import DiskFull
from shopcrm.store.restore import RestoreFailed, ShopInUse
from shopcrm.store.shop_file import DiskTooSmall
from tests.builders import content, given_orders, new_shop, order

DAY = date(2026, 6, 1)
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A closed shop of 30 orders, and a backup of when it had 20."""
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order(f"10{n}", f"nick_{n}", DAY) for n in range(20)])
    shop.back_up("hand")
    given_orders(shop, [order(f"20{n}", f"late_{n}", DAY) for n in range(10)])
    shop.close()
    return shop.home


def then(home: Home) -> Path:
    return next(found.path for found in backup.listed(home) if found.held.orders == 20)


def orders_of(home: Home) -> int:
    """How many orders the shop holds; it is in order."""
    shop = Shop.open(home)
    try:
        assert shop.check() == []
        return shop.counts().orders
    finally:
        shop.close()


def test_put_back_and_taken_back(home: Home) -> None:
    before = Shop.open(home)
    held = content(before)
    before.close()
    done = put_back(home, then(home), at=AT)
    assert done.held.orders == 20
    assert orders_of(home) == 20
    (kept,) = restore.kept(home)
    assert (kept.path, kept.reason, kept.held.orders) == (done.kept, "restore", 30)
    assert restorable(home)[0].path == kept.path
    put_back(home, kept.path, at=AT)  # at the same moment: nothing kept is written over
    again = Shop.open(home)
    assert content(again) == held
    again.close()
    assert sorted(found.held.orders for found in restore.kept(home)) == [20, 30]


def test_what_was_written_after_a_restore_is_backed_up(home: Home) -> None:
    put_back(home, then(home), at=AT)
    shop = Shop.open(home, now=lambda: AT)
    given_orders(shop, [order("30", "new_z", DAY)])
    made = shop.back_up("exit")
    assert (made.held.orders, made.reason) == (21, "exit")
    shop.close()


def test_what_is_still_in_the_log_is_kept(home: Home) -> None:
    """The program was killed: its last commits are in the write-ahead log only."""
    shop = Shop.open(home)
    with shop._database.idle_writer() as raw:
        raw.execute("PRAGMA wal_autocheckpoint = 0")
        raw.execute("UPDATE customers SET name = '林小满', name_by_hand = 1 WHERE id = 1")
        crashed = Home(home.folder.parent / "crashed")
        shutil.copytree(home.folder, crashed.folder)
    shop.close()
    assert crashed.database.with_name("shop.db-wal").stat().st_size
    put_back(crashed, then(crashed), at=AT)
    assert not crashed.database.with_name("shop.db-wal").exists()
    assert orders_of(crashed) == 20
    (kept,) = restore.kept(crashed)
    put_back(crashed, kept.path, at=AT)
    again = Shop.open(crashed)
    with again.read() as tx:
        assert tx.connection.exec_driver_sql("SELECT name FROM customers WHERE id = 1").scalar() == "林小满"
    again.close()


def _cut(whole: bytes) -> bytes:
    return whole[:-4096]


def _spoilt(whole: bytes) -> bytes:
    return bytes([whole[0], whole[1] ^ 1]) + whole[2:]


@pytest.mark.parametrize("spoil", [_cut, _spoilt])
def test_a_damaged_shop_is_kept_as_it_was(home: Home, spoil: Callable[[bytes], bytes]) -> None:
    damaged = spoil(home.database.read_bytes())
    home.database.write_bytes(damaged)
    done = put_back(home, then(home), at=AT)
    assert orders_of(home) == 20
    assert done.kept is not None
    assert done.kept.read_bytes() == damaged
    assert restore.kept(home) == [], "a damaged one is not offered"


def test_the_log_of_a_damaged_shop_is_kept_and_never_read_into_the_new_one(home: Home) -> None:
    home.database.write_bytes(_spoilt(home.database.read_bytes()))
    log = home.database.with_name("shop.db-wal")
    log.write_bytes(b"a log of nobody" * 10)
    done = put_back(home, then(home), at=AT)
    assert orders_of(home) == 20
    assert done.kept is not None
    assert done.kept.with_name(f"{done.kept.name}-wal").read_bytes() == b"a log of nobody" * 10


def test_where_no_shop_is_left(home: Home) -> None:
    home.database.unlink()
    assert put_back(home, then(home), at=AT).kept is None
    assert orders_of(home) == 20


@pytest.mark.parametrize("spoil", ["cut", "flipped", "text", "plain", "newer", "gone"])
def test_what_is_no_sound_backup_is_refused(home: Home, tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "from elsewhere.db"
    shutil.copy(then(home), path)
    whole = bytearray(path.read_bytes())
    if spoil == "cut":
        path.write_bytes(whole[:-4096])
    elif spoil == "flipped":
        whole[len(whole) // 2] ^= 1
        path.write_bytes(whole)
    elif spoil == "text":
        path.write_text("订单编号\n1\n", encoding="utf-8")
    elif spoil == "plain":
        path.unlink()
        plain = driver.dbapi.connect(str(path))
        plain.execute("CREATE TABLE t (a)")
        plain.close()
    elif spoil == "newer":
        raw = driver.connect(path, driver.INTEGRITY_KEY)
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.close()
    else:
        path.unlink()
    wanted = {"newer": BackupNewer, "gone": NoSuchBackup}.get(spoil, BackupDamaged)
    before = home.database.read_bytes()
    with pytest.raises(wanted, match=path.name):
        put_back(home, path, at=AT)
    assert home.database.read_bytes() == before
    assert [each.name for each in home.folder.glob("shop.restoring*")] == []


def test_of_an_older_schema_it_is_upgraded_when_it_is_opened(home: Home) -> None:
    put_back(home, ROOT / "tests" / "data" / "shops" / "0001.db", at=AT)
    assert orders_of(home) > 0


def test_open_elsewhere_it_is_not_replaced(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = Shop.open(home)
    before = content(theirs)
    connect = driver.connect

    def hurried(*args: object, **how: object) -> object:
        raw = connect(*args, **how)  # type: ignore[arg-type]  # as given
        raw.execute("PRAGMA busy_timeout = 50")
        return raw

    monkeypatch.setattr(driver, "connect", hurried)
    with pytest.raises(ShopInUse):
        put_back(home, then(home), at=AT)
    assert content(theirs) == before
    theirs.close()
    assert restore.kept(home) == []


def _no_room(_source: object, _target: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _refused(_source: object, _target: object) -> None:
    raise PermissionError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize(("broken", "failure"), [(_no_room, DiskFull), (_refused, RestoreFailed)])
def test_a_machine_that_refuses_leaves_the_shop_as_it_was(
    home: Home, monkeypatch: pytest.MonkeyPatch, broken: object, failure: type[Failure]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(restore, "replace", broken)
        with pytest.raises(failure):
            put_back(home, then(home), at=AT)
    assert orders_of(home) == 30


def test_a_full_disk_is_seen_before_anything_is_copied(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(home.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1_000_000))
    with pytest.raises(DiskTooSmall):
        put_back(home, then(home), at=AT)


@pytest.mark.parametrize("stage", ["restoring", "checking"])
def test_stopped_it_did_nothing(home: Home, stage: str) -> None:
    progress = Progress(lambda step: progress.cancel() if step.stage == stage else None)
    with pytest.raises(Cancelled):
        put_back(home, then(home), at=AT, progress=progress)
    assert orders_of(home) == 30
    assert restore.kept(home) == []


STEPS = ("_copy", "examine", "_let_go", "describe", "replace", "_sync")
KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from shopcrm.app import put_back
from shopcrm.base.paths import Home
from shopcrm.store import backup, restore
step, when, home, source = sys.argv[1:]
room = backup if hasattr(backup, step) and not hasattr(restore, step) else restore
real = getattr(room, step)
def killed(*args, **how):
    if when == "before":
        os._exit(9)
    real(*args, **how)
    os._exit(9)
setattr(room, step, killed)
put_back(Home(Path(home)), Path(source), at=datetime(2026, 11, 23, tzinfo=UTC))
"""


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_it_is_the_old_shop_or_the_new_one(home: Home, step: str) -> None:
    base = home.folder
    for when in ("before", "after"):
        copy = Home(base.parent / f"{step}-{when}")
        shutil.copytree(base, copy.folder)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, step, when, str(copy.folder), str(then(copy))], cwd=ROOT, check=False
        )
        assert done.returncode == 9
        replaced = STEPS.index(step) * 2 + (when == "after") > STEPS.index("replace") * 2
        assert orders_of(copy) == (20 if replaced else 30)
        put_back(copy, then(copy), at=AT)
        assert orders_of(copy) == 20
        assert [each.name for each in copy.folder.glob("shop.restoring*")] == []


def test_new_backups_are_kept_in_a_second_folder_too(home: Home, tmp_path: Path) -> None:
    shop = Shop.open(home, now=lambda: AT)
    drive, missing = tmp_path / "drive", list[OSError]()
    shop.keep_second_copies(drive, missing=missing.append)
    made = shop.back_up("hand")
    assert (made.held.orders, [error.errno for error in missing]) == (30, [errno.ENOENT])
    drive.mkdir()
    assert shop.back_up("hand").path == made.path, "nothing has changed, but the drive is there again"
    own = drive / f"ShopCRM-{shop.info.uuid[:8]}"
    assert (own / made.path.name).read_bytes() == made.path.read_bytes()
    assert sorted(each.suffix for each in own.iterdir()) == [".db", ".json"]
    assert shop.look_into(own / made.path.name) == made.held
    shop.close()


@pytest.fixture
def read_only(home: Home, tmp_path: Path) -> Iterator[Path]:
    """A backup on a disk that cannot be written to."""
    folder = tmp_path / "stick"
    folder.mkdir()
    shutil.copy(then(home), folder / "shop.db")
    folder.chmod(0o500)
    (folder / "shop.db").chmod(0o400)
    yield folder / "shop.db"
    folder.chmod(0o700)


def test_from_a_disk_that_cannot_be_written_to(home: Home, read_only: Path) -> None:
    shop = Shop.open(home)
    assert shop.look_into(read_only).orders == 20
    shop.close()
    put_back(home, read_only, at=AT)
    assert orders_of(home) == 20
    assert [each.name for each in read_only.parent.iterdir()] == ["shop.db"]
