"""Parcels (C10): how long they take by province and carrier, and which are late, stuck or not sent at all.

Learnt from the parcels of which a file told both when they were sent and when they were signed for.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from shopcrm.base import clock
from shopcrm.base.i18n import N_
from shopcrm.collect.purchases import CREATED_PLAIN, PAID_PLAIN
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

LEARNT_DAYS: Final = 180
LEAST: Final = 20  # parcels under which nothing is said of a place or a carrier
DEFAULT_DAYS: Final = 4  # expected where the whole shop has fewer
LISTED_DAYS: Final = 60  # what was ordered before that, nobody has heard of since: it is left out
PROMISED_DAYS: Final = 2  # within 48 hours marketplaces want a paid order sent
STUCK_TIMES: Final = 2
STUCK_MORE: Final = 3
ORDERS_ASKED: Final = 50_000  # the newest in the shop, read as they lie in the file

STUCK: Final = "stuck"
LATE: Final = "late"
NOT_SENT: Final = "not_sent"
KINDS: Final = {STUCK: N_("Stuck"), LATE: N_("Late"), NOT_SENT: N_("Not sent")}  # the worst first

PLACE_AND_CARRIER: Final = "both"
PLACE: Final = "province"
CARRIER: Final = "carrier"
SHOP: Final = "shop"
DEFAULT: Final = "default"

_DAY: Final = 86_400
Where = tuple[str | None, str | None]  # province and carrier; None: whichever


@dataclass(frozen=True)
class Transit:
    """A parcel that arrived: days from sent to signed for."""

    province: str | None
    carrier: str | None
    days: int


@dataclass(frozen=True)
class Told:
    """What the parcels to a place, by a carrier, say together."""

    parcels: int
    median: int
    expected: int


@dataclass(frozen=True)
class Expected:
    """By how many days a parcel should be there, and what says so."""

    days: int
    by: str  # PLACE_AND_CARRIER | PLACE | CARRIER | SHOP | DEFAULT


@dataclass(frozen=True)
class Expectations:
    """How long parcels take, by place and carrier."""

    told: Mapping[Where, Told] = field(default_factory=dict)

    @property
    def parcels(self) -> int:
        """How many parcels it was learnt from."""
        whole = self.told.get((None, None))
        return 0 if whole is None else whole.parcels

    def of(self, province: str | None, carrier: str | None) -> Expected:
        """What is expected of a parcel: by the narrowest of what enough parcels tell."""
        asked: list[tuple[str, Where]] = [(SHOP, (None, None))]
        if carrier is not None:
            asked.insert(0, (CARRIER, (None, carrier)))
        if province is not None:
            asked.insert(0, (PLACE, (province, None)))
        if province is not None and carrier is not None:
            asked.insert(0, (PLACE_AND_CARRIER, (province, carrier)))
        for by, where in asked:
            told = self.told.get(where)
            if told is not None and told.parcels >= LEAST:
                return Expected(told.expected, by)
        return Expected(DEFAULT_DAYS, DEFAULT)


@dataclass(frozen=True)
class Parcel:
    """A parcel that somebody waits for longer than she should."""

    order: int
    number: str
    kind: str  # STUCK | LATE | NOT_SENT
    days: int  # under way, or waiting to be sent
    expected: Expected
    customer: int | None
    name: str  # of the customer, else of whom it is sent to
    product: str
    province: str | None
    city: str | None
    carrier: str | None
    tracking_number: str | None
    sent_day: int | None  # of a part, where it is not sent as a whole
    paid_day: int | None
    heard_at: int | None  # when the newest file that told of the order was exported, else read

    @property
    def excess(self) -> int:
        """By how many days it is too late."""
        return self.days - self.expected.days


@dataclass(frozen=True)
class Overview:
    """All that waits, the worst first."""

    parcels: tuple[Parcel, ...]
    counts: Mapping[str, int]  # by kind, also of what is not among the parcels
    expectations: Expectations
    newest_at: int | None  # when the newest file of orders was exported, else read


# The rules


def within(days: Sequence[int]) -> int:
    """The day by which four of five had arrived, at least 1."""
    ordered = sorted(days)
    return max(1, ordered[-(-4 * len(ordered) // 5) - 1])


def learn(transits: Iterable[Transit]) -> Expectations:
    """What parcels that arrived say: of each place and carrier, of either, and of all."""
    found: defaultdict[Where, list[int]] = defaultdict(list)
    for one in transits:
        for where in {(one.province, one.carrier), (one.province, None), (None, one.carrier), (None, None)}:
            found[where].append(one.days)
    return Expectations(
        {where: Told(len(days), sorted(days)[(len(days) - 1) // 2], within(days)) for where, days in found.items()}
    )


def kind_under_way(days: int, *, expected: int) -> str:
    """Whether a parcel that has been under way for so many days is late or stuck; "" for neither."""
    if days >= STUCK_TIMES * expected and days >= expected + STUCK_MORE:
        return STUCK
    return LATE if days > expected else ""


def sort_key(parcel: Parcel) -> tuple[int, int, int, int]:
    """What is worst comes first: stuck, late, not sent; of a kind what is late by most."""
    return list(KINDS).index(parcel.kind), -parcel.excess, -parcel.days, parcel.order


# The shop's

_COLUMNS: Final = """
    o.id, o.number, o.customer_id, o.state, o.created_at, o.paid_at, o.shipped_at, o.plain_dates, o.title,
    o.recipient_name, o.province, o.city, o.carrier, o.tracking_number, o.snapshot_at
"""
_OPEN: Final = """
    o.kind = 'order' AND o.state IN ('paid', 'shipped') AND (o.refunded = 0 OR o.refunded < o.paid)
    AND o.signed_at IS NULL AND o.finished_at IS NULL
"""
# The index holds every day: the orders of some days are found in it, then fetched as they lie in the file.
_LATELY: Final = """
    o.id IN (SELECT w.id FROM orders w INDEXED BY ix_orders_customer_id_day WHERE w.day BETWEEN :since AND :today)
"""
_ARRIVED: Final = "o.kind = 'order' AND o.shipped_at IS NOT NULL AND o.signed_at IS NOT NULL"
_TOLD: Final = "SELECT o.province, o.carrier, o.shipped_at, o.signed_at, o.plain_dates FROM"
_AT_ONCE: Final = 500


def expectations(tx: Tx, columns: Columns) -> Expectations:
    """How long parcels take, learnt from those of the last `LEARNT_DAYS` among the newest `ORDERS_ASKED` orders.

    Remembered with the columns.
    """
    memory: dict[int, Expectations] = columns.derived(("transit", tx.today_number), dict)
    if not memory:  # not while `derived` makes others wait: it is read from the orders
        memory[0] = learn(_transits(tx))
    return memory[0]


def _transits(tx: Tx) -> Iterator[Transit]:
    run = tx.connection.exec_driver_sql
    last: int = run("SELECT coalesce(max(id), 0) FROM orders").scalar_one()
    rows = run(
        f"""{_TOLD} orders o WHERE o.id > :first AND o.day BETWEEN :since AND :today AND {_ARRIVED}""",
        {"first": last - ORDERS_ASKED, "since": tx.today_number - LEARNT_DAYS, "today": tx.today_number},
    )
    for province, carrier, shipped_at, signed_at, plain_dates in rows:
        plain = bool(plain_dates & PAID_PLAIN)
        sent, there = (clock.day_of(each, tz=tx.zone, plain=plain) for each in (shipped_at, signed_at))
        if sent <= there <= tx.today_number:
            yield Transit(province or None, _carrier(carrier), there - sent)


def overview(tx: Tx, columns: Columns, *, limit: int | None = None) -> Overview:
    """All parcels that are late, stuck or not sent, of the orders of the last `LISTED_DAYS`.

    `limit`: no more than so many of each kind, the worst; the counts are of all.
    """
    learnt = expectations(tx, columns)
    rows = tx.connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM orders o WHERE {_LATELY} AND {_OPEN}", _lately(tx)
    ).mappings()
    found = sorted(_waiting(tx, rows, learnt), key=sort_key)
    counts = Counter(one.kind for one in found)
    if limit is not None:
        found = [one for kind in KINDS for one in [each for each in found if each.kind == kind][:limit]]
    return Overview(
        tuple(_named(tx, found)), {kind: counts[kind] for kind in KINDS}, learnt, newest_at(tx)
    )  # fmt: skip


def of_customer(tx: Tx, columns: Columns, customer_id: int) -> tuple[Parcel, ...]:
    """The parcels of one customer that are late, stuck or not sent, the worst first."""
    rows = (
        tx.connection.exec_driver_sql(
            f"""SELECT {_COLUMNS} FROM orders o
                 WHERE o.customer_id = :customer AND o.day BETWEEN :since AND :today AND {_OPEN}""",
            {**_lately(tx), "customer": customer_id},
        )
        .mappings()
        .all()
    )
    if not rows:
        return ()  # and nothing is learnt for her
    return tuple(_named(tx, sorted(_waiting(tx, rows, expectations(tx, columns)), key=sort_key)))


def newest_at(tx: Tx) -> int | None:
    """When the newest file of orders was exported, as its name tells, else when it was read."""
    return tx.connection.exec_driver_sql(  # of a batch its newest order speaks: they are very many
        """SELECT max(coalesce(
               (SELECT o.snapshot_at FROM orders o WHERE o.id =
                   (SELECT max(h.order_id) FROM batch_orders h WHERE h.batch_id = b.id)), b.at))
             FROM (SELECT id, at FROM import_batches WHERE undone_at IS NULL ORDER BY id DESC LIMIT 20) b
            WHERE EXISTS (SELECT 1 FROM batch_orders h WHERE h.batch_id = b.id)"""
    ).scalar()


def _lately(tx: Tx) -> dict[str, int]:
    return {"since": tx.today_number - LISTED_DAYS, "today": tx.today_number}


def _instant(tx: Tx) -> int:
    """The moment the shop is looked at: now, or the end of another day than today."""
    now = tx.now_seconds
    same = clock.day_of(now, tz=tx.zone) == tx.today_number
    return now if same else clock.day_begins(tx.today_number + 1, tz=tx.zone) - 1


def _waiting(tx: Tx, rows: Iterable[Mapping[Any, Any]], learnt: Expectations) -> Iterator[Parcel]:
    instant = _instant(tx)
    for row in rows:
        plain = bool(row["plain_dates"] & PAID_PLAIN)
        sent = None if row["shipped_at"] is None else clock.day_of(row["shipped_at"], tz=tx.zone, plain=plain)
        since, plain_since = row["paid_at"], plain
        if since is None:
            since, plain_since = row["created_at"], bool(row["plain_dates"] & CREATED_PLAIN)
        paid = None if since is None else clock.day_of(since, tz=tx.zone, plain=plain_since)
        province, carrier = row["province"] or None, _carrier(row["carrier"])
        if row["state"] == "paid":  # the rest of one that is sent in part waits too
            if paid is None or since is None:
                continue
            past = (tx.today_number - paid) * _DAY if plain_since else instant - since
            kind = NOT_SENT if past > PROMISED_DAYS * _DAY else ""
            days, expected = past // _DAY, Expected(PROMISED_DAYS, DEFAULT)
        elif sent is None:
            continue  # nobody told when it was sent
        else:
            days, expected = tx.today_number - sent, learnt.of(province, carrier)
            kind = kind_under_way(days, expected=expected.days)
        if kind:
            yield Parcel(
                row["id"], row["number"], kind, days, expected, row["customer_id"], row["recipient_name"] or "",
                row["title"] or "", province, row["city"] or None, carrier, row["tracking_number"] or None,
                sent, paid, row["snapshot_at"],
            )  # fmt: skip


def _named(tx: Tx, found: Sequence[Parcel]) -> Iterator[Parcel]:
    """The same with customers, goods and what was last heard of each."""
    run = tx.connection.exec_driver_sql
    for begin in range(0, len(found), _AT_ONCE):
        some = found[begin : begin + _AT_ONCE]
        orders = json.dumps([one.order for one in some])
        who = json.dumps([one.customer for one in some if one.customer is not None])
        customers = {
            row.id: row.name
            for row in run("SELECT id, name FROM customers WHERE id IN (SELECT value FROM json_each(?))", (who,))
        }
        titles = run(  # the first line of an order stands last
            """SELECT order_id, title FROM order_items WHERE order_id IN (SELECT value FROM json_each(?))
                ORDER BY order_id, position DESC""",
            (orders,),
        )
        goods = {row.order_id: row.title for row in titles}
        heard = {
            row[0]: row[1]
            for row in run(
                """SELECT h.order_id, max(b.at) FROM batch_orders h JOIN import_batches b ON b.id = h.batch_id
                    WHERE h.order_id IN (SELECT value FROM json_each(?)) AND b.undone_at IS NULL GROUP BY 1""",
                (orders,),
            )
        }
        for one in some:
            yield replace(
                one,
                name=customers.get(one.customer or 0) or one.name,
                product=goods.get(one.order) or one.product,
                heard_at=one.heard_at if one.heard_at is not None else heard.get(one.order),
            )


def _carrier(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
