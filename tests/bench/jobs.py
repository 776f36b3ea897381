"""What is measured: a keystroke in the search box, an import, scoring, and the lists made from the columns."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shopcrm.act import customer_list, export, fields, finding, reminders
from shopcrm.app import Shop
from shopcrm.base import clock, names
from shopcrm.collect.staged import Staged
from shopcrm.mine import cycles, rfm
from shopcrm.mine.rfm import RfmRule
from shopcrm.store import columns as in_memory
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx
from tests.bench import naive
from tests.bench.big_shop import (
    AS_OF,
    CSV_ROWS,
    XLSX_ROWS,
    BigShop,
    more_orders,
    name_of,
    nick_of,
    phone_of,
    write_csv,
)
from tests.bench.timing import Line, each_timed, p95, timed

KEYSTROKES: Final = 60
BY_LIKE: Final = 5  # of them: each takes as long as all of ours
LIKE: Final = """
    SELECT c.id, c.name, s.net_total, s.last_day
      FROM (SELECT id FROM customers WHERE name LIKE :like
            UNION SELECT customer_id FROM identities WHERE value LIKE :like) found
      JOIN customers c ON c.id = found.id
      JOIN customer_statistics s ON s.customer_id = c.id
     ORDER BY s.net_total DESC, s.last_day DESC, c.id LIMIT 50
"""


def searches(big: BigShop, *, customers: int) -> Iterator[Line]:
    """A keystroke with its fifty rows against LIKE over names and identities.

    Both do the same job: of all who fit, the fifty of the highest value, then the latest. (LIKE that stops at the
    first fifty it meets is quick where many fit, but whom it meets is chance; and it knows no pinyin.) Ours lists
    whose phone ends or whose name begins so before those who hold the text elsewhere, and takes whom it meets when more
    than 5,000 fit.
    """
    buyers = np.random.default_rng(3).integers(0, customers, KEYSTROKES).tolist()
    typed = {
        "one character of a name": [name_of(buyer)[1] for buyer in buyers],
        "two characters of a name": [name_of(buyer)[-2:] for buyer in buyers],
        "two letters of a name": [min(names.initials(name_of(buyer)))[:2] for buyer in buyers],
        "a name as it sounds": [min(names.pinyin(name_of(buyer))) for buyer in buyers],
        "a name as it sounds, mixed": [
            names.initials(name_of(buyer)).pop()[0] + min(names.pinyin(name_of(buyer)[1:])) for buyer in buyers
        ],
        "the tail of a phone": [phone_of(buyer)[-4:] for buyer in buyers],
        "five digits of the tail": [phone_of(buyer)[-5:] for buyer in buyers],
        "five digits out of a phone": [phone_of(buyer)[4:9] for buyer in buyers],
        "a phone": [phone_of(buyer) for buyer in buyers],
        "a phone with blanks": [
            f"{phone_of(buyer)[:3]} {phone_of(buyer)[3:7]} {phone_of(buyer)[7:]}" for buyer in buyers
        ],
        "the beginning of a phone": [phone_of(buyer)[:7] for buyer in buyers],
        "a piece of a nick": [nick_of(buyer)[3:8] for buyer in buyers],
        "a surname and the tail of a phone": [f"{name_of(buyer)[0]} {phone_of(buyer)[-4:]}" for buyer in buyers],
        "a nick": [nick_of(buyer) for buyer in buyers],
        "what nobody is called": [f"zq{buyer}xv" for buyer in buyers],
    }
    shop = big.open()
    columns = shop.columns()
    with shop.read() as tx:

        def like(text: str) -> object:
            return tx.connection.exec_driver_sql(LIKE, {"like": f"%{text}%"}).fetchall()

        for what, texts in typed.items():
            ours = each_timed(lambda text: finding.find(tx, text, columns=columns), texts)
            other = each_timed(like, texts[:BY_LIKE])
            yield Line(f"search {what}, median", median(ours), "LIKE over names and identities, ranked", median(other))
            yield Line(f"search {what}, p95", p95(ours), "its median", median(other))
    shop.close()


def imports(big: BigShop, *, customers: int) -> Iterator[Line]:
    """A report of 100,000 rows into the shop, with its backup, against only reading it; a csv of a million rows."""
    from python_calamine import CalamineWorkbook

    def read() -> object:
        return CalamineWorkbook.from_path(str(big.xlsx)).get_sheet_by_index(0).to_python()

    rows = f"{XLSX_ROWS:,} rows of xlsx"
    against = "reading the cells alone"
    reading = min(timed(read) for _ in range(3))
    with tempfile.TemporaryDirectory(prefix="shopcrm-bench-") as folder:
        shop = big.copy(Path(folder) / "shop")
        ends = []
        for how in (f"import {rows}", f"import {rows} again"):
            parts = _parts_of_import(shop, big.xlsx)
            for part, took in parts.items():
                yield Line(f"{how}: {part}", took, against, reading)
            ends.append(sum(parts.values()))
            yield Line(f"{how}: end to end", ends[-1], against, reading)
        shop.close()
        yield Line(f"import {rows}: end to end", ends[0], naive.READING, timed(lambda: naive.read(big.xlsx)))
        others = naive.import_report(big.xlsx, Path(folder) / "naive.db", rows=naive.ROWS)
        yield Line(f"import {rows}: end to end", ends[0], naive.HOW, others * XLSX_ROWS / naive.ROWS)
    with tempfile.TemporaryDirectory(prefix="shopcrm-bench-") as folder:
        report = Path(folder) / "orders.csv"
        write_csv(report, more_orders(customers, CSV_ROWS))
        of_csv = timed(lambda: naive.read(report))
        for file, what, by, alone in (
            (big.xlsx, rows, against, reading),
            (report, f"{CSV_ROWS:,} rows of csv", "pandas reading them alone", of_csv),
        ):
            home = Path(folder) / file.stem
            big.copy(home).close()
            command = [sys.executable, "-m", "tests.bench.gap", str(home), str(file)]
            start = time.perf_counter()
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            took = time.perf_counter() - start
            gap_ms, memory_mb = told.split()
            yield Line(f"import {what} beside a window: {memory_mb} MB above idle", took, by, alone)
            yield Line(f"import {what}: longest gap of the event loop", float(gap_ms) / 1_000, "a frame", 1 / 60)


USUAL_COLUMNS: Final = (
    "name", "group", "sources", "shown_phone", "province", "city", "occasions", "net_total", "last_day", "tags",
)  # fmt: skip


def _parts_of_import(shop: Shop, report: Path) -> dict[str, float]:
    staged: list[Staged] = []
    return {
        "child reads and normalises, with the backup": timed(lambda: staged.append(shop.stage([report]))),
        "preview": timed(lambda: shop.preview(staged[0])),
        "write": timed(lambda: shop.import_staged(staged[0])),
    }


ORDERS: Final = """
    SELECT customer_id AS customer, day, paid - refunded AS net FROM orders WHERE valid AND customer_id IS NOT NULL
"""


def scoring(big: BigShop) -> Iterator[Line]:
    """All customers scored from the columns, which are kept up to date and in memory.

    Against numpy and pandas that start from all orders in memory already, and against pandas as one would write it:
    the orders read from the shop file, then grouped.
    """
    import pandas as pd
    from sqlalchemy import text

    shop = big.open()
    with shop.read() as tx:
        found = tx.connection.exec_driver_sql(ORDERS).fetchall()
        from_file = timed(lambda: _by_pandas(pd.read_sql(text(ORDERS), tx.connection), clock.day_number(AS_OF)))
        loading = timed(lambda: in_memory.load(tx.connection))
        columns = shop.columns()
    shop.close()
    orders = np.array(found, np.int64)
    del found
    frame = pd.DataFrame(orders, columns=["customer", "day", "net"])
    today = clock.day_number(AS_OF)
    rule = RfmRule(r_rule="mean")
    repeat = 5
    ours = timed(lambda: rfm.score(columns, rule, as_of_day=today), repeat=repeat)
    _check(rfm.score(columns, rule, as_of_day=today), _by_numpy(orders, today), _by_pandas(frame, today))
    people = f"score {len(columns):,} customers"
    yield Line(people, ours, "numpy over all orders", timed(lambda: _by_numpy(orders, today), repeat=repeat))
    grouping = timed(lambda: _by_pandas(frame, today), repeat=repeat)
    yield Line(people, ours, "pandas over all orders", grouping)
    yield Line(people, ours, "pandas that reads all orders from the shop", from_file)
    yield Line("load the columns", loading, "pandas that reads all orders from the shop", from_file)
    cycle = timed(lambda: cycles.shop_cycle(columns, as_of_day=today, owner_days=90), repeat=repeat)
    due = timed(lambda: cycles.due(columns, as_of_day=today, shop_days=60), repeat=repeat)
    yield Line("the shop's cycle", cycle, "scoring", ours)
    yield Line("own cycles and who is due", due, "scoring", ours)


def _by_numpy(orders: NDArray[np.int64], today: int) -> NDArray[np.int64]:
    """(customers, frequent and high) as one would count them from the orders: the same defaults, the mean for R."""
    owner, day, net = orders[np.lexsort((orders[:, 1], orders[:, 0]))].T
    who, first, count = np.unique(owner, return_index=True, return_counts=True)
    recency = today - day[first + count - 1]
    inside = day > today - 365
    place = np.searchsorted(who, owner[inside])
    orders_in = np.bincount(place, minlength=len(who))
    money_in = np.bincount(place, weights=net[inside], minlength=len(who))
    occasions = np.unique(np.stack((owner[inside], day[inside])), axis=1)
    frequency = np.bincount(np.searchsorted(who, occasions[0]), minlength=len(who))
    active = frequency > 0
    average = np.floor(money_in / np.maximum(orders_in, 1) + 0.5)
    near = recency <= recency.mean()
    frequent = active & (frequency >= frequency[active].mean())
    high = active & (average >= average[active].mean())
    return np.bincount(near * 4 + frequent * 2 + high, minlength=8)


def _by_pandas(frame: Any, today: int) -> NDArray[np.int64]:
    last = frame.groupby("customer")["day"].max()
    inside = frame[frame["day"] > today - 365]
    window = inside.groupby("customer").agg(frequency=("day", "nunique"), orders=("net", "size"), net=("net", "sum"))
    window = window.reindex(last.index)
    average = (window["net"] / window["orders"] + 0.5) // 1
    recency = today - last
    near = recency <= recency.mean()
    frequent = window["frequency"] >= window["frequency"].mean()
    high = average >= average.mean()
    return np.bincount((near * 4 + frequent * 2 + high).to_numpy(), minlength=8)


def _check(ours: rfm.RfmResult, *others: NDArray[np.int64]) -> None:
    """What is compared must come to the same result."""
    scored = ours.group != rfm.NO_GROUP
    found = np.bincount((ours.near * 4 + ours.frequent * 2 + ours.high)[scored], minlength=8)
    for other in others:
        if found.tolist() != other.tolist():
            raise AssertionError(f"the ways to score differ: {found} and {other}")


def lists(big: BigShop) -> Iterator[Line]:
    """The customer table, today's list and an export of everybody."""
    shop = big.open()
    with shop.write() as tx, tempfile.TemporaryDirectory(prefix="shopcrm-bench-") as folder:
        columns = shop.columns()
        sql = timed(
            lambda: tx.connection.exec_driver_sql(
                "SELECT customer_id FROM customer_statistics ORDER BY occasions DESC, customer_id"
            ).fetchall(),
            repeat=3,
        )
        rfm.scores(tx, columns)
        by_times = (customer_list.Order("occasions"),)
        ids = timed(lambda: customer_list.ids(tx, columns, order=by_times, group="valuable"), repeat=3)
        yield Line("sort and filter the customer table", ids, "sorting in SQL", sql)
        middle = customer_list.ids(tx, columns)[len(columns) // 2 :][:100]
        page = timed(lambda: customer_list.rows(tx, columns, middle, keys=USUAL_COLUMNS), repeat=5)
        yield Line("a page of 100 rows from the middle", page, "sorting in SQL", sql)
        cycles.due_of(tx, columns)
        due = timed(lambda: reminders.due_list(tx, columns, limit=200), repeat=3)
        yield Line("today's list, the first 200", due, "sorting in SQL", sql)
        target = Path(folder) / "all.xlsx"
        ours = timed(lambda: export.export_customers(tx, columns, target))
        other = timed(lambda: _by_openpyxl(tx, columns, Path(folder) / "other.xlsx"))
        usual = sum(field.usual for field in fields.FIELDS)
        yield Line(f"export {len(columns):,} × {usual} to xlsx", ours, "reading the same, openpyxl writes", other)
    shop.close()


def _by_openpyxl(tx: Tx, columns: Columns, path: Path) -> None:
    import openpyxl

    keys = [field.key for field in fields.FIELDS if field.usual]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in fields.read(tx, columns, customer_list.ids(tx, columns), keys=keys):
        sheet.append([", ".join(value) if isinstance(value, tuple) else value for value in row])
    book.save(path)
