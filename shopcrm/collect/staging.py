"""What was read of the files of one import, in an encrypted file of its own until the import is done or given up.

The child process fills it (`staging_tables`), the program attaches it as `staging`. Its key is random and lives in
memory only.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from shopcrm.base.files import remove
from shopcrm.collect.foreign import (
    ForeignConsent,
    ForeignIdentity,
    ForeignItem,
    ForeignOrder,
    ForeignPerson,
    ForeignReview,
    Orders,
    Problem,
    Way,
)
from shopcrm.collect.scribe import Scribe
from shopcrm.collect.staging_tables import Named, StagingTables

BLOCK: Final = 5_000
EDITED: Final = "edited"  # the report of a list that the program wrote and somebody edited
_SUFFIX: Final = ".staging"

_FILE: Final = (
    "file", "name", "platform", "report", "encoding", "rows", "header", "header_row", "snapshot_at",
    "written_at",
)  # fmt: skip
_ROW: Final = ("file", "row", "cells")
_PROBLEM: Final = ("file", "row", "column", "code", "value", "rejected", "way", "became")
_APART: Final = ("identities", "items", "consents", "reviews")
_ORDER: Final = tuple(each.name for each in fields(ForeignOrder) if each.name not in _APART)
_ITEM: Final = (
    "order_id", "position", "row", "line_number", "article", "title", "variant", "quantity", "price", "paid",
    "refunded", "state",
)  # fmt: skip
_PERSON: Final = (
    "file", "row", "name", "gender", "company", "occupation", "source", "entry_offer", "age_band", "member_level",
    "birth_calendar", "birth_year", "birth_month", "birth_day", "birth_leap", "note", "tags", "addresses",
)  # fmt: skip
_ATTRIBUTE: Final = ("listed", "key", "text", "column")
_CONSENT: Final = ("channel", "given", "column")
_REVIEW: Final = ("row", "stars", "text", "at", "plain", "product", "article", "reply")
_all_of_order = attrgetter(*_ORDER)
_all_of_review = attrgetter(*_REVIEW)


@dataclass(frozen=True)
class StagingFile:
    """A file of staged rows; as a context it is deleted at the end."""

    path: Path
    key: bytes

    @classmethod
    def fresh(cls, folder: Path) -> Self:
        """A name nobody has and a key nobody knows. The file itself is made by `StagingWriter`."""
        return cls(folder / f"{secrets.token_hex(8)}{_SUFFIX}", secrets.token_bytes(32))

    def delete(self) -> None:
        """Remove it; a second time does nothing.

        Where a virus scanner holds it on Windows it stays for `sweep`: an import that stands has not failed, and
        nobody reads the file without its key.
        """
        for path in (self.path, self.path.with_name(f"{self.path.name}-journal")):
            with suppress(OSError):
                remove(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.delete()


class StagingWriter:
    """Takes what was read, in blocks, for a staging file. The child's side."""

    def __init__(self, file: StagingFile, *, beside: bool = False) -> None:
        """`beside`: the file is written by a process of its own, for who reads much."""
        self._tables: Scribe | StagingTables = (Scribe if beside else StagingTables)(file.path, file.key)
        self._rows: list[tuple[int, int, str]] = []
        self._problems: list[tuple[int, int, str, str, str, bool, str | None, str]] = []
        self._orders: list[tuple[int, ForeignOrder]] = []
        self._listed: list[tuple[int, ForeignPerson]] = []

    def add_file(
        self,
        file: int,
        *,
        name: str,
        platform: str,
        report: str,
        encoding: str,
        rows: int,
        header: Sequence[str],
        header_row: int,
        snapshot_at: int | None,
        written_at: int | None = None,
    ) -> None:
        """What is known of a file once it was read. `written_at`: when it was last changed, wherever that was."""
        row = (file, name, platform, report, encoding, rows, _json(header), header_row, snapshot_at, written_at)
        self._tables.insert("files", _columns(_FILE, [row]))

    def add_row(self, file: int, row: int, cells: Sequence[str]) -> None:
        """A row as the file has it, for the preview and the rejects."""
        self._rows.append((file, row, _json(cells)))
        if len(self._rows) >= BLOCK:
            self._flush()

    def add_problem(self, file: int, problem: Problem) -> None:
        """What is wrong with a cell."""
        way = problem.way and problem.way.value
        self._problems.append(
            (
                file,
                problem.row,
                problem.column,
                problem.code.value,
                problem.value,
                problem.rejected,
                way,
                problem.became,
            )
        )
        if len(self._problems) >= BLOCK:
            self._flush()

    def leave_out(self, file: int) -> int:
        """Let nothing more be wrong with the rows of which one problem says that they are left out; how many."""
        self._flush()
        return self._tables.leave_out(file, Way.LEAVE_OUT.value)

    def add_order(self, file: int, order: ForeignOrder) -> None:
        """An order with its lines and identities."""
        self._orders.append((file, order))
        if len(self._orders) >= BLOCK:
            self._flush()

    def add_orders(self, file: int, orders: Orders) -> None:
        """Many orders by column."""
        named = [
            Named(None, each.kind, each.platform, each.values, each.displays, each.deciding)
            for each in orders.identities
        ]
        self._tables.add("orders", len(orders.row), _plain({"file": file, **orders.columns()}), named)

    def add_person(self, file: int, person: ForeignPerson) -> None:
        """A person of a list, with the identities by which she is told."""
        self._listed.append((file, person))
        if len(self._listed) >= BLOCK:
            self._flush()

    def close(self) -> None:
        """Write what is left, index and close. Without this the file is not complete and is thrown away."""
        self._flush()
        self._tables.close()

    def _flush(self) -> None:
        if self._rows:
            self._tables.insert("rows", _columns(_ROW, self._rows))
        if self._problems:
            self._tables.insert("problems", _columns(_PROBLEM, self._problems))
        if self._orders:
            self._flush_orders()
        if self._listed:
            people = [(file, *_all_of_person(person)) for file, person in self._listed]
            named = _named(person.identities for _, person in self._listed)
            told = [(place, *each) for place, (_, person) in enumerate(self._listed) for each in person.attributes]
            parts = {"told_attributes": _columns(_ATTRIBUTE, told)} if told else {}
            parts |= _consents((person.consents for _, person in self._listed), owner="listed")
            self._tables.add("listed", len(people), _columns(_PERSON, people), named, parts)
        for waiting in (self._rows, self._problems, self._orders, self._listed):
            waiting.clear()

    def _flush_orders(self) -> None:
        orders = [order for _, order in self._orders]
        columns = _columns(_ORDER, list(map(_all_of_order, orders)))
        items = [
            (place, position, *_all_of_item(item))
            for place, order in enumerate(orders)
            for position, item in enumerate(order.items)
        ]
        self._tables.add(
            "orders",
            len(orders),
            _plain({"file": [file for file, _ in self._orders], **columns}),
            _named(order.identities for order in orders),
            ({"items": _columns(_ITEM, items)} if items else {})
            | _consents((order.consents for order in orders), owner="order_id")
            | _reviews(order.reviews for order in orders),
        )


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    """Kinds and states as the text that they are, too."""
    for name in ("kind", "state"):
        if isinstance(words := columns.get(name), Sequence):
            columns[name] = str(words) if isinstance(words, str) else [word and str(word) for word in words]
    return columns


def _named(identities: Iterable[Sequence[ForeignIdentity]]) -> list[Named]:
    """By kind and platform whom the orders or people of a block name."""
    found: dict[tuple[str, str], list[tuple[int, str, str, bool]]] = defaultdict(list)
    for place, each in enumerate(identities):
        for who in each:
            found[who.kind, who.platform].append((place, who.value, who.display, who.deciding))
    return [
        Named(places, kind, platform, values, displays, deciding)
        for (kind, platform), told in found.items()
        for places, values, displays, deciding in [zip(*told, strict=True)]
    ]


def _consents(told: Iterable[Sequence[ForeignConsent]], *, owner: str) -> dict[str, Any]:
    """What the orders or people of a block tell of consents, as a part of it."""
    rows = [(place, one.channel, int(one.given), one.column) for place, each in enumerate(told) for one in each]
    return {"told_consents": _columns((owner, *_CONSENT), rows)} if rows else {}


def _reviews(told: Iterable[Sequence[ForeignReview]]) -> dict[str, Any]:
    """What the orders of a block tell of reviews, as a part of it."""
    rows = [(place, *_all_of_review(one)) for place, each in enumerate(told) for one in each]
    return {"told_reviews": _columns(("order_id", *_REVIEW), rows)} if rows else {}


def sweep(folder: Path, *, older_than_s: float, now_s: float) -> None:
    """Remove what earlier runs left behind: unreadable without their keys, but it takes room."""
    for path in folder.glob(f"*{_SUFFIX}*"):
        try:
            if now_s - path.stat().st_mtime > older_than_s:
                path.unlink(missing_ok=True)
        except OSError:
            continue  # in use by another program on Windows: next time


def _all_of_item(item: ForeignItem) -> tuple[Any, ...]:
    """By the names of `_ITEM`, from the third."""
    return (
        item.row, item.line_number, item.article, item.title, item.variant, item.quantity, item.price, item.paid,
        item.refunded, item.state and str(item.state),
    )  # fmt: skip


def _all_of_person(person: ForeignPerson) -> tuple[Any, ...]:
    """By the names of `_PERSON`, from the second."""
    born = person.birthday
    birthday = (None,) * 5 if born is None else (born.calendar, born.year, born.month, born.day, int(born.leap))
    addresses = [
        (one.recipient, one.phone, one.province, one.city, one.district, one.address) for one in person.addresses
    ]
    return (
        person.row, person.name, person.gender, person.company, person.occupation, person.source, person.entry_offer,
        person.age_band, person.member_level, *birthday, person.note, _json(person.tags) if person.tags else None,
        _json(addresses) if addresses else None,
    )  # fmt: skip


def _json(cells: Sequence[Any]) -> str:
    return json.dumps(cells, ensure_ascii=False)
