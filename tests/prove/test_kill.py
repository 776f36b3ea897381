"""Killed at any moment of an import: the batch is wholly there or wholly not, and the shop is in order."""

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
from tests.builders import given_orders, new_shop, order
from tests.proving import LONG

ROWS = 20_000
MOMENTS = 20
GROUPS = 4
KILLED = GROUPS if LONG else 1
ROOT = Path(__file__).parents[2]


def _file(folder: Path) -> Path:
    """A Taobao order report of invented buyers, every tenth order known to the shop already."""
    path = folder / "ExportOrderList202611221015.csv"
    lines = ["订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间,宝贝标题,宝贝总数量"]
    lines += [
        f'"=""{2_611_150_000_000_000 + n}""",buyer_{n % 9_000},{10 + n % 500}.50,交易成功,'
        f"2026-{1 + n % 10:02d}-{1 + n % 28:02d} 10:00:00,2026-{1 + n % 10:02d}-{1 + n % 28:02d} 10:01:00,启悦奶粉,1"
        for n in range(ROWS)
    ]
    path.write_text("\r\n".join(lines), encoding="gb18030")
    return path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("killed")
    shop = new_shop(folder / "shop", as_of=None)
    known = [
        order(str(2_611_150_000_000_000 + n), f"buyer_{n % 9_000}", date(2026, 1, 5), 1) for n in range(0, ROWS, 10)
    ]
    given_orders(shop, known)
    shop.close()
    return folder / "shop", _file(folder)


@pytest.mark.parametrize("group", range(KILLED))
def test_killed_at_any_moment_all_or_nothing(group: int, prepared: tuple[Path, Path], tmp_path: Path) -> None:
    base, file = prepared
    chance = random.Random(group)
    inside = 0
    for moment in range(MOMENTS // GROUPS):
        home = Home(tmp_path / f"shop-{moment}")
        shutil.copytree(base, home.folder)
        before = _counts(home)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.prove.killed_import", str(home.folder), str(file)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        # One in five before the transaction, the others at each of its steps and a little later.
        wanted = "staged" if moment == 0 else f"inside {moment - 1}"
        line = ""
        for line in process.stdout:
            if line.strip() == wanted:
                break
        assert line.strip() == wanted
        time.sleep(chance.uniform(0, 0.08))
        process.kill()
        rest = process.stdout.read()
        process.stdout.close()
        assert process.wait() != 0 or "committed" in rest
        inside += wanted.startswith("inside") and "committed" not in rest
        shop = Shop.open(home)
        assert shop.check() == []
        after = shop.counts()
        if after.orders == before:
            assert "committed" not in rest
            with shop.read() as tx:
                assert tx.connection.exec_driver_sql("SELECT count(*) FROM import_batches").scalar() == 1
        else:
            assert after.orders == ROWS
            shop.undo_import()
            assert shop.counts().orders == before
            assert shop.check() == []
        shop.close()
        shutil.rmtree(home.folder)
    assert inside >= 4, "too few of the kills fell inside the writing transaction to prove anything"


def _counts(home: Home) -> int:
    shop = Shop.open(home)
    try:
        return shop.counts().orders
    finally:
        shop.close()
