"""What happened with a customer (C5, C7), newest first, read page by page: however much there is, only what is shown.

Everything has a place: its day in the shop's zone, its time, its kind, its number. A page is what lies behind a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Final, Literal, TypeAlias

import msgspec
from sqlalchemy import func, select, tuple_

from shopcrm.base import clock
from shopcrm.collect import customer_merges, follow_ups, notes, orders, wishes
from shopcrm.collect.follow_ups import Agreed, FollowUpLine
from shopcrm.collect.notes import NoteLine
from shopcrm.collect.orders import OrderLine
from shopcrm.collect.orders import Place as OrderPlace
from shopcrm.collect.wishes import WishLine
from shopcrm.store.tables.notes import follow_ups as follow_up_rows
from shopcrm.store.tables.notes import notes as note_rows
from shopcrm.store.tx import Tx

Kind = Literal["orders", "notes", "follow_ups", "tags", "contacts", "imports"]
KINDS: Final[tuple[Kind, ...]] = ("orders", "notes", "follow_ups", "tags", "contacts", "imports")
FIRST: Final = 12  # lines that a card opens with: it opens with every letter typed
PAGE: Final = 50
PINNED_MOST: Final = 20
_LAST: Final = 1 << 62


@dataclass(frozen=True)
class TagChange:
    """A tag that was put on or taken off."""

    id: int
    name: str
    put: bool
    actor: str
    by_import: bool


@dataclass(frozen=True)
class ScriptUse:
    """A script that was copied for her."""

    id: int
    script: int
    title: str
    actor: str
    outcome: str | None  # answered | bought | no


@dataclass(frozen=True)
class ReminderDone:
    """An item of today's list that was dealt with."""

    id: int
    reason: str
    outcome: str  # done | skipped


@dataclass(frozen=True)
class ImportTold:
    """An import that brought or changed orders of hers, or told of her in a list."""

    id: int
    files: tuple[str, ...]
    new: int  # orders
    changed: int
    actor: str


@dataclass(frozen=True)
class MergeTold:
    """Somebody who was made one with her."""

    id: int
    name: str
    actor: str


What: TypeAlias = (
    OrderLine | NoteLine | FollowUpLine | TagChange | ScriptUse | ReminderDone | WishLine | ImportTold | MergeTold
)


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands; what is newer is greater."""

    day: int  # -1: no time is known at all
    at: int
    rank: int  # which source, so that what happened in the same second has an order
    id: int


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    kind: Kind
    place: Place
    plain: bool  # only the day is known
    what: What


@dataclass(frozen=True)
class Page:
    """Some lines, and where one reads on (None: that was all)."""

    lines: tuple[Line, ...] = ()
    behind: Place | None = None


@dataclass(frozen=True)
class History:
    """What the card opens with: how much there is by kind, what is pinned or still open, and the newest lines."""

    counts: Mapping[str, int]
    pinned: tuple[NoteLine, ...] = ()
    page: Page = Page()
    wishes: tuple[WishLine, ...] = ()  # the open ones
    agreed: Agreed | None = None  # when she is to be asked again


def history(tx: Tx, customer_id: int, *, orders_told: int) -> History:
    """The beginning of a customer's history. `orders_told`: how many orders and returns there are."""
    pinned = notes.selected(customer_id).where(note_rows.c.pinned).limit(PINNED_MOST)
    return History(
        counts=_counts(tx, customer_id, orders_told),
        pinned=notes.lines(tx, pinned),
        page=page(tx, customer_id, limit=FIRST),
        wishes=wishes.of_customer(tx, customer_id),
        agreed=follow_ups.agreed(tx, [customer_id]).get(customer_id),
    )


def page(tx: Tx, customer_id: int, *, kind: Kind | None = None, behind: Place | None = None, limit: int = PAGE) -> Page:
    """The newest lines of a kind (None: of all), or the next ones behind a place."""
    asked = _Asked(tx, customer_id, behind, limit + 1)
    found = [source(asked, rank) for rank, (of, source) in enumerate(_SOURCES) if kind in (None, of)]
    lines = tuple(islice(merge(*found, key=lambda line: line.place, reverse=True), limit + 1))
    return Page(lines[:limit], lines[limit - 1].place if len(lines) > limit else None)


def _counts(tx: Tx, customer_id: int, orders_told: int) -> dict[str, int]:
    """How much there is of each kind; of what is told to be there only, 1."""
    count = tx.connection.execute(
        select(
            select(func.count()).where(note_rows.c.customer_id == customer_id).scalar_subquery(),
            select(func.count()).where(follow_up_rows.c.customer_id == customer_id).scalar_subquery(),
        )
    ).one()
    run = tx.connection.exec_driver_sql
    there = run(
        f"""SELECT EXISTS (SELECT 1 FROM change_rows r WHERE {_TAG_ROWS.format(ids=":customer")})
                   OR EXISTS (SELECT 1 FROM customer_tags WHERE customer_id = :customer),
                   EXISTS (SELECT 1 FROM script_uses WHERE customer_id = :customer)
                   OR EXISTS (SELECT 1 FROM reminder_actions WHERE customer_id = :customer AND outcome != 'snoozed')
                   OR EXISTS (SELECT 1 FROM wishes WHERE customer_id = :customer),
                   EXISTS (SELECT 1 FROM batch_people WHERE customer_id = :customer)
                   OR EXISTS (SELECT 1 FROM orders o JOIN batch_orders h ON h.order_id = o.id
                               WHERE o.customer_id = :customer)
                   OR EXISTS (SELECT 1 FROM customer_merges WHERE customer_id = :customer)""",
        {"customer": customer_id},
    ).one()
    return dict(zip(KINDS, (orders_told, *count, *map(int, there)), strict=True))


class _Asked:
    """A question for some lines of a customer behind a place."""

    def __init__(self, tx: Tx, customer: int, behind: Place | None, limit: int) -> None:
        self.tx, self.customer, self.behind, self.limit = tx, customer, behind, limit

    def day(self, at: int) -> int:
        """The day of an instant in the shop's zone."""
        return clock.day_of(at, tz=self.tx.zone)

    def bound(self, rank: int) -> tuple[int, int]:
        """(seconds, number): what is known to the second is behind the place where it is less than these."""
        place = self.behind
        if place is None:
            return _LAST, _LAST
        if place.day < 0:
            return 0, 0
        # What tells a plain date, or was noted later, may have a time outside of its day.
        begins, ends = (clock.day_begins(day, tz=self.tx.zone) for day in (place.day, place.day + 1))
        if begins <= place.at < ends:
            return place.at, self.number(rank)
        return (begins if place.at < begins else ends), 0

    def number(self, rank: int) -> int:
        """Up to which number something of this second is behind the place."""
        place = self.behind
        if place is None or rank < place.rank:
            return _LAST
        return place.id if rank == place.rank else 0

    def line(self, kind: Kind, rank: int, at: int, number: int, what: What) -> Line:
        """A line of something known to the second."""
        return Line(kind, Place(self.day(at), at, rank, number), plain=False, what=what)


def _orders(asked: _Asked, rank: int) -> Iterable[Line]:
    place = asked.behind
    begin = None if place is None else OrderPlace(
        None if place.day < 0 else place.day, place.at, asked.number(rank)
    )  # fmt: skip
    for order in orders.behind(asked.tx, asked.customer, begin, limit=asked.limit):
        at = order.paid_at or order.created_at
        seconds = at.seconds if at is not None else (order.day or 0) * 86_400
        day = -1 if order.day is None else order.day
        yield Line("orders", Place(day, seconds, rank, order.id), plain=at is None or at.plain, what=order)


def _notes(asked: _Asked, rank: int) -> Iterable[Line]:
    of = note_rows.c
    query = notes.selected(asked.customer).where(tuple_(of.created_at, of.id) < asked.bound(rank)).limit(asked.limit)
    for note in notes.lines(asked.tx, query):
        yield asked.line("notes", rank, note.created_at, note.id, note)


def _follow_ups(asked: _Asked, rank: int) -> Iterable[Line]:
    of, place = follow_up_rows.c, asked.behind
    query = follow_ups.selected().where(of.customer_id == asked.customer).limit(asked.limit)
    if place is not None:
        query = query.where(tuple_(of.day, of.created_at, of.id) < (place.day, place.at, asked.number(rank)))
    for one in follow_ups.lines(asked.tx, query):
        plain = asked.day(one.created_at) != one.day  # noted later
        yield Line("follow_ups", Place(one.day, one.created_at, rank, one.id), plain=plain, what=one)


# The keys of a customer's rows in the journal begin so. Whoever became her was called otherwise.
_TAG_ROWS: Final = """r.table_name = 'customer_tags' AND r.row_key >= '{{"customer_id":' || {ids} || ',' AND
  r.row_key < '{{"customer_id":' || {ids} || '-'"""


def _tags(asked: _Asked, rank: int) -> Iterable[Line]:
    """Tags put on and taken off. What was undone did not happen; what was done again did."""
    run, bound = asked.tx.connection.exec_driver_sql, asked.bound(rank)
    ids = [asked.customer, *(part.merge.gone for part in customer_merges.parts(asked.tx, asked.customer))]
    rows = run(
        f"""SELECT s.at, r.id, r.row_key, r.before IS NULL, s.actor, s.kind, s.undo_of FROM change_rows r
              JOIN change_sets s ON s.id = r.change_set_id
             WHERE ({" OR ".join(f"({_TAG_ROWS.format(ids=one)})" for one in ids)})
               AND s.undone_at IS NULL AND s.kind NOT IN ('merge', 'unmerge', 'undo_import')
               AND (s.at, r.id) < (?, ?) ORDER BY s.at DESC, r.id DESC""",
        bound,
    )
    for at, number, key, put, actor, kind, undo_of in rows.all():  # some of them did not happen
        if undo_of is not None and not _is_again(asked.tx, undo_of):
            continue
        name = _tag_name(asked.tx, msgspec.json.decode(key)["tag_id"])
        yield asked.line("tags", rank, at, number, TagChange(number, name, bool(put), actor, kind == "import"))


def _is_again(tx: Tx, undone: int) -> bool:
    """Whether what takes back this change set does something again: it was itself what took something back."""
    steps = 0
    of: int | None = undone
    while of is not None:
        of = tx.connection.exec_driver_sql("SELECT undo_of FROM change_sets WHERE id = ?", (of,)).scalar()
        steps += 1
    return steps % 2 == 0


def _tag_name(tx: Tx, tag: int) -> str:
    """What a tag is called, or was when nobody wore it any more."""
    run = tx.connection.exec_driver_sql
    name = run("SELECT name FROM tags WHERE id = ?", (tag,)).scalar()
    if name is None:
        name = run(
            """SELECT coalesce(json_extract(r.before, '$.name'), json_extract(r.after, '$.name')) FROM change_rows r
                WHERE r.table_name = 'tags' AND r.row_key = ? ORDER BY r.id DESC LIMIT 1""",
            (f'{{"id":{int(tag)}}}',),
        ).scalar()
    return str(name or "")


def _scripts(asked: _Asked, rank: int) -> Iterable[Line]:
    rows = asked.tx.connection.exec_driver_sql(
        """SELECT u.at, u.id, u.script_id, s.title, u.actor, u.outcome FROM script_uses u
             JOIN scripts s ON s.id = u.script_id
            WHERE u.customer_id = ? AND (u.at, u.id) < (?, ?) ORDER BY u.at DESC, u.id DESC LIMIT ?""",
        (asked.customer, *asked.bound(rank), asked.limit),
    )
    for at, number, *told in rows:
        yield asked.line("contacts", rank, at, number, ScriptUse(number, *told))


def _reminders(asked: _Asked, rank: int) -> Iterable[Line]:
    rows = asked.tx.connection.exec_driver_sql(
        """SELECT at, id, reason, outcome FROM reminder_actions
            WHERE customer_id = ? AND outcome != 'snoozed' AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?""",
        (asked.customer, *asked.bound(rank), asked.limit),
    )
    for at, number, *told in rows:
        yield asked.line("contacts", rank, at, number, ReminderDone(number, *told))


def _wishes(asked: _Asked, rank: int) -> Iterable[Line]:
    at, number = asked.bound(rank)
    which = "w.customer_id = :customer AND (w.created_at, w.id) < (:at, :number)"
    found = wishes.found(asked.tx, which, limit=asked.limit, customer=asked.customer, at=at, number=number)
    for wish in found:
        yield asked.line("contacts", rank, wish.created_at, wish.id, wish)


def _imports(asked: _Asked, rank: int) -> Iterable[Line]:
    run = asked.tx.connection.exec_driver_sql
    older = "SELECT 1 FROM import_batches WHERE undone_at IS NULL AND (at, id) < (?, ?) LIMIT 1"
    if run(older, asked.bound(rank)).first() is None:  # as behind most pages: orders are older than their import
        return
    rows = run(
        """SELECT b.at, b.id, coalesce(t.new, 0), coalesce(t.changed, 0), b.actor FROM import_batches b
             LEFT JOIN (SELECT h.batch_id, sum(h.status = 'new') AS new, sum(h.status = 'changed') AS changed
                          FROM orders o JOIN batch_orders h ON h.order_id = o.id
                         WHERE o.customer_id = :customer AND h.status != 'same' GROUP BY h.batch_id) t
                    ON t.batch_id = b.id
            WHERE b.undone_at IS NULL AND (b.at, b.id) < (:at, :number)
              AND (t.batch_id IS NOT NULL OR b.id IN (SELECT batch_id FROM batch_people WHERE customer_id = :customer))
            ORDER BY b.at DESC, b.id DESC LIMIT :limit""",
        {
            "customer": asked.customer,
            "limit": asked.limit,
            **dict(zip(("at", "number"), asked.bound(rank), strict=True)),
        },
    )
    for at, number, new, changed, actor in rows.all():
        files = run("SELECT name FROM import_files WHERE batch_id = ? ORDER BY id", (number,)).scalars()
        yield asked.line("imports", rank, at, number, ImportTold(number, tuple(files), new, changed, actor))


def _merges(asked: _Asked, rank: int) -> Iterable[Line]:
    at, number = asked.bound(rank)
    for part in customer_merges.parts(asked.tx, asked.customer):
        made = part.merge
        if (made.at, made.id) < (at, number):
            yield asked.line("imports", rank, made.at, made.id, MergeTold(made.id, part.name, made.actor))


# Of the same second, what stands later is newer.
_SOURCES: Final[tuple[tuple[Kind, Callable[[_Asked, int], Iterable[Line]]], ...]] = (
    ("imports", _imports),
    ("orders", _orders),
    ("imports", _merges),
    ("tags", _tags),
    ("contacts", _scripts),
    ("contacts", _reminders),
    ("contacts", _wishes),
    ("follow_ups", _follow_ups),
    ("notes", _notes),
)
