"""The first rows of a table as they would be stored, while its columns are still being named (C2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from shopcrm.base.birthdays import Birthday
from shopcrm.collect.foreign import Code, Problem
from shopcrm.collect.platforms import REVIEW
from shopcrm.collect.staging import StagingFile
from shopcrm.store import driver

ROWS: Final = 50


@dataclass(frozen=True)
class TrialOrder:
    """What an order would be stored as; money in minor units."""

    number: str
    kind: str
    day: int | None
    buyer: str
    phone: str
    identified: bool
    goods: tuple[str, ...]  # of a table of reviews alone what was written of them
    units: int | None
    paid: int | None
    refunded: int | None
    currency: str
    state: str | None


@dataclass(frozen=True)
class TrialPerson:
    """What a person of a list would be stored as."""

    name: str
    phone: str
    account: str  # e-mail, WeChat or member number
    birthday: Birthday | None
    place: str
    tags: tuple[str, ...]
    note: str
    identified: bool


@dataclass(frozen=True)
class TrialLine:
    """An order by its first row or a person, or a row that would not be taken. `cells` as the file has them."""

    row: int
    cells: tuple[str, ...]
    order: TrialOrder | None
    problems: tuple[Problem, ...]
    person: TrialPerson | None = None


@dataclass(frozen=True)
class Trial:
    """What became of the first rows."""

    lines: tuple[TrialLine, ...]
    rows: int
    reviews: int = 0  # of a table that tells nothing else

    @property
    def orders(self) -> int:
        """How many orders they make."""
        return sum(line.order is not None for line in self.lines)

    @property
    def people(self) -> int:
        """How many people they tell."""
        return sum(line.person is not None for line in self.lines)

    @property
    def refused(self) -> int:
        """How many rows would not be taken."""
        return len({problem.row for line in self.lines for problem in line.problems if problem.rejected})

    @property
    def unidentified(self) -> int:
        """How many of the orders have no buyer who can be recognised."""
        return sum(line.order is not None and not line.order.identified for line in self.lines)


@dataclass(frozen=True)
class RawRow:
    """A row as its file has it."""

    row: int
    cells: tuple[str, ...]


def rows(file: StagingFile) -> list[RawRow]:
    """The first rows of the first file, before anybody knows what they mean."""
    with closing(driver.connect(file.path, file.key)) as connection:
        found = connection.execute("SELECT row, cells FROM rows WHERE file = 1 ORDER BY row").fetchall()
    return [RawRow(row, tuple(msgspec.json.decode(cells))) for row, cells in found]


def read(file: StagingFile) -> Trial:
    """What the first file of a staging file became."""
    with closing(driver.connect(file.path, file.key)) as connection:
        run = connection.execute
        cells = {
            row: tuple(msgspec.json.decode(told)) for row, told in run("SELECT row, cells FROM rows WHERE file = 1")
        }
        problems: dict[int, list[Problem]] = defaultdict(list)
        for row, column, code, value, rejected in run(
            'SELECT row, "column", code, value, rejected FROM problems WHERE file = 1 ORDER BY row, rowid'
        ):
            problems[row].append(Problem(row, column, Code(code), value, bool(rejected)))
        items: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for order, row, title in run("SELECT order_id, row, title FROM items ORDER BY order_id, position"):
            items[order].append((row, title))
        known = {order for (order,) in run("SELECT DISTINCT order_id FROM named")}
        written: dict[int, list[str]] = defaultdict(list)
        for order, stars, text in run("SELECT order_id, stars, text FROM told_reviews ORDER BY rowid"):
            written[order].append(" ".join(part for part in ("★" * (stars or 0), text) if part))
        alone = run("SELECT 1 FROM files WHERE file = 1 AND report = ?", (REVIEW,)).fetchone() is not None
        lines = []
        for key, row, buyer, recipient, *told in run(
            """SELECT o.id, o.row, o.buyer_name, o.recipient_name, o.number, o.kind, o.day, o.recipient_phone, o.units,
                      o.paid, o.refunded, o.currency, o.state,
                      (SELECT p.display FROM named n JOIN people p ON p.id = n.person
                        WHERE n.order_id = o.id AND n.deciding LIMIT 1)
                 FROM orders o WHERE o.file = 1 ORDER BY o.row"""
        ):
            number, kind, day, phone, units, paid, refunded, currency, state, identity = told
            order = TrialOrder(
                number=number,
                kind=kind,
                day=day,
                buyer=recipient or buyer or identity or "",
                phone=phone or "",
                identified=alone or key in known,  # who wrote it the shop knows
                goods=tuple(written[key]) if alone else tuple(title for _, title in items[key] if title),
                units=units,
                paid=paid,
                refunded=refunded,
                currency=currency,
                state=state,
            )
            own = [
                problem
                for at in dict.fromkeys([row, *(at for at, _ in items[key])])
                for problem in problems.pop(at, ())
            ]
            lines.append(TrialLine(row, cells.get(row, ()), order, tuple(own)))
        for row, person in _people(connection):
            lines.append(TrialLine(row, cells.get(row, ()), None, tuple(problems.pop(row, ())), person))
        lines += [TrialLine(row, cells.get(row, ()), None, tuple(own)) for row, own in problems.items()]
    told = sum(map(len, written.values())) if alone else 0
    return Trial(tuple(sorted(lines, key=lambda line: line.row)), len(cells), told)


def _people(connection: Any) -> Iterator[tuple[int, TrialPerson]]:
    """The people of a list, by row."""
    told: dict[int, dict[str, str]] = defaultdict(dict)
    for listed, kind, display in connection.execute(
        "SELECT t.listed, p.kind, p.display FROM told_by t JOIN people p ON p.id = t.person ORDER BY t.listed, p.id"
    ):
        told[listed].setdefault(kind, display)
    for listed, row, name, *born, tags, addresses, note in connection.execute(
        """SELECT id, row, name, birth_calendar, birth_month, birth_day, birth_year, birth_leap, tags, addresses, note
             FROM listed WHERE file = 1 ORDER BY row"""
    ):
        theirs = told[listed]
        calendar, month, day, year, leap = born
        yield (
            row,
            TrialPerson(
                name=name or "",
                phone=theirs.get("phone", ""),
                account=next((theirs[kind] for kind in ("email", "wechat", "buyer_id") if kind in theirs), ""),
                birthday=None if month is None else Birthday(calendar, month, day, year, bool(leap)),
                place=msgspec.json.decode(addresses)[0][-1] if addresses else "",
                tags=tuple(msgspec.json.decode(tags)) if tags else (),
                note=note or "",
                identified=bool(theirs),
            ),
        )
