"""The desk (U1, C5): who is this, in one second. Search as typed, and the card as one read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Final

import numpy as np

from shopcrm.base import clock, lunar, money
from shopcrm.base.birthdays import Birthday
from shopcrm.base.lunar import LunarDate
from shopcrm.base.text import clean
from shopcrm.collect import attributes, birthdays, customer_merges, customers, notes, orders, tags
from shopcrm.collect.attribute_values import Attribute, Particular
from shopcrm.collect.customer_merges import Part
from shopcrm.collect.notes import NoteLine
from shopcrm.collect.orders import OrderLine
from shopcrm.mine import cycles, rfm, tastes
from shopcrm.mine.tastes import Learnt
from shopcrm.store import search_index
from shopcrm.store.columns import NO_DAY, Columns
from shopcrm.store.search_index import Entry
from shopcrm.store.tx import Tx

_ORDER_TAIL: Final = 6
UNPAID_DAYS: Final = 15  # an order unpaid for longer has been given up by the buyer, whatever the last file said
_SHORTEST_ORDER: Final = 4  # #101
_LEAST: Final = 8  # candidates rechecked at a time


@dataclass(frozen=True)
class Hit:
    """One customer who fits what was typed, and the field by which."""

    id: int
    name: str
    matched: str  # name pinyin order, or the kind of an identity
    value: str
    phone_tail: str | None
    buyer: str | None  # the first identity, for the second line of a list
    net_total: int
    last_day: int | None


@dataclass(frozen=True)
class IdentityLine:
    """One identity as the card shows and copies it."""

    kind: str
    platform: str
    value: str
    display: str
    deciding: bool


@dataclass(frozen=True)
class Statistics:
    """What is kept per customer; money in minor units of the shop's currency."""

    first_at: date | None
    last_at: date | None
    occasions: int
    orders: int
    net_total: int
    returned_total: int
    refund_rate: float | None  # money returned ÷ money paid
    aov: int | None  # net_total ÷ orders in the shop's currency, half rounded up
    mean_gap: float | None  # days between occasions
    other_currency_orders: int  # valid orders left out of the sums


@dataclass(frozen=True)
class Due:
    """Where the customer stands in the own repurchase cycle."""

    due_on: date
    overdue_ratio: float
    band: str  # one of cycles.BANDS
    cycle_days: float
    days_since: int
    gaps: tuple[int, ...]  # the own gaps behind it, oldest first


@dataclass(frozen=True)
class NextBirthday:
    """A customer's birthday, the next day on which it is kept, and that day in the Chinese calendar."""

    birthday: Birthday
    on: date
    turns: int | None
    lunar: LunarDate


@dataclass(frozen=True)
class Particulars:
    """What the shop's trade keeps of a customer."""

    lines: tuple[Particular, ...] = ()
    title: str | None = None  # the name that heads them: the baby's, the pet's
    lunar: Mapping[str, LunarDate] = field(default_factory=dict)  # of dates of birth, by the attribute's key
    aside: tuple[Attribute, ...] = ()  # what the owner does not want to see
    learnt: Mapping[str, Learnt] = field(default_factory=dict)  # from purchases, where nobody has typed the same


@dataclass(frozen=True)
class FromLists:
    """What address books and platforms' lists of customers say of somebody, where they say it."""

    gender: str | None = None  # one of fields.GENDERS
    company: str | None = None
    occupation: str | None = None
    source: str | None = None
    member_level: str | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """Everything the card shows."""

    id: int
    name: str
    name_by_hand: bool
    province: str | None
    city: str | None
    recipient_name: str | None  # of the last order, masked or not
    recipient_phone: str | None
    address: str | None
    identities: tuple[IdentityLine, ...]
    statistics: Statistics
    group: str | None
    due: Due | None
    orders: tuple[OrderLine, ...]
    notes: tuple[NoteLine, ...]
    tags: tuple[str, ...]
    birthday: NextBirthday | None = None
    particulars: Particulars = Particulars()
    made_of: tuple[Part, ...] = ()  # with whom she was made one
    from_lists: FromLists = FromLists()


def find(tx: Tx, text: str, *, limit: int = 50, columns: Columns | None = None) -> list[Hit]:
    """The customers who fit `text`: nick, phone or its tail, name, pinyin, initials, order or parcel. Best first.

    `columns`: of the last commit, when they are at hand: what each customer is worth need not be read then.
    """
    text = clean(text)
    if not text or limit < 1:
        return []
    by_order = _by_order(tx, text, limit=limit)
    others = (one for one in search_index.search(tx.connection, text, columns=columns) if one not in by_order)
    candidates = chain(by_order, others)
    found: list[Hit] = []
    looked, step = 0, limit
    while len(found) < limit and (some := list(islice(candidates, step))):
        found += _hits(tx, some, text, by_order, columns)
        looked += len(some)
        step = _LEAST + (limit - len(found)) * looked // max(1, len(found))  # if false ones stay as frequent
    return found[:limit]


def _by_order(tx: Tx, text: str, *, limit: int) -> dict[int, str]:
    """Customers whose order or parcel has that number (`#1001` also without its sign) or, from six on, that tail."""
    if len(text) < _SHORTEST_ORDER or not text.isascii() or " " in text:
        return {}
    # The index of tails holds whole numbers too: those of six characters and fewer as they are.
    exactly = """SELECT o.customer_id, o.number FROM orders o
                  WHERE substr(o.number, -6) IN (substr(:text, -6), substr('#' || :text, -6))
                    AND o.number IN (:text, '#' || :text) AND o.customer_id IS NOT NULL
                 UNION ALL
                 SELECT o.customer_id, o.tracking_number FROM orders o
                  WHERE o.tracking_number = :text AND o.customer_id IS NOT NULL"""
    by_tail = """ UNION ALL
           SELECT o.customer_id, o.number FROM orders o WHERE substr(o.number, -6) = substr(:text, -6)
              AND substr(o.number, -length(:text)) = :text AND o.number != :text AND o.customer_id IS NOT NULL
           UNION ALL
           SELECT o.customer_id, o.tracking_number FROM orders o
            WHERE o.tracking_number IS NOT NULL AND substr(o.tracking_number, -6) = substr(:text, -6)
              AND substr(o.tracking_number, -length(:text)) = :text AND o.tracking_number != :text
              AND o.customer_id IS NOT NULL"""
    question = exactly if len(text) < _ORDER_TAIL else exactly + by_tail
    rows = tx.connection.exec_driver_sql(f"{question} LIMIT :limit", {"text": text, "limit": limit})
    found: dict[int, str] = {}
    for customer, number in rows:
        found.setdefault(customer, number)
    return found


def _hits(tx: Tx, ids: list[int], text: str, by_order: dict[int, str], columns: Columns | None) -> Iterator[Hit]:
    """The rows of these customers, without those who do not fit after all."""
    listed = ",".join(str(int(one)) for one in ids)
    entries = dict(search_index.entries(tx.connection, listed))
    fitting: dict[int, tuple[str, str]] = {}
    for one, entry in entries.items():
        matched = ("order", by_order[one]) if one in by_order else search_index.matches(entry, text)
        if matched is not None:
            fitting[one] = matched
    worth = _worth(tx, list(fitting), columns)
    for one in ids:
        if one not in fitting:  # a false hit of the trigrams
            continue
        entry, matched = entries[one], fitting[one]
        net_total, last_day = worth.get(one, (0, None))
        yield Hit(
            id=one,
            name=entry.name,
            matched=matched[0],
            value=matched[1],
            phone_tail=next((value[-4:] for kind, value in entry.identities if kind == "phone"), None),
            buyer=_buyer(entry),
            net_total=net_total,
            last_day=last_day,
        )


def _worth(tx: Tx, ids: list[int], columns: Columns | None) -> dict[int, tuple[int, int | None]]:
    """By customer the net total and the last day."""
    if columns is None:
        rows = tx.connection.exec_driver_sql(
            "SELECT customer_id, net_total, last_day FROM customer_statistics"
            f" WHERE customer_id IN ({','.join(map(str, ids))})"
        )
        return {customer: (net_total, last_day) for customer, net_total, last_day in rows}
    net_total, last_day = columns.worth(np.array(ids, np.int64))
    days = (None if day == NO_DAY else day for day in last_day.tolist())
    return dict(zip(ids, zip(net_total.tolist(), days, strict=True), strict=True))


def _buyer(entry: Entry) -> str | None:
    return next((value for kind, value in entry.identities if kind != "phone"), None)


def card(tx: Tx, columns: Columns, customer_id: int) -> Card:
    """One customer's card, as of `tx.as_of`.

    Raises:
        NoSuchCustomer: the id is nobody's.
    """
    customers.require(tx, customer_id)
    row = tx.connection.exec_driver_sql(
        """SELECT name, name_by_hand, province, city, gender, company, occupation, source, member_level
             FROM customers WHERE id = ?""",
        (customer_id,),
    ).one()
    told = orders.of_customer(tx, customer_id)
    last = next((line for line in told if line.kind == "order"), None)
    view = columns.at(tx.today_number)
    at = view.rows(np.array([customer_id], np.int64))
    place = int(at[0]) if len(at) else None
    group = None
    if place is not None:
        found = int(rfm.scores(tx, columns).group[place])
        group = None if found == rfm.NO_GROUP else rfm.GROUP_KEYS[found]
    return Card(
        id=customer_id,
        name=row.name,
        name_by_hand=bool(row.name_by_hand),
        province=row.province,
        city=row.city,
        recipient_name=last.recipient_name if last else None,
        recipient_phone=last.recipient_phone if last else None,
        address=last.address if last else None,
        identities=_identities(tx, customer_id),
        statistics=_statistics(view, place, told, currency=tx.shop.currency),
        group=group,
        due=None if place is None else _due(tx, columns, view, place),
        orders=told,
        notes=notes.of_customer(tx, customer_id),
        tags=tags.of_customer(tx, customer_id),
        birthday=_birthday(tx, customer_id),
        particulars=_particulars(tx, customer_id),
        made_of=customer_merges.parts(tx, customer_id),
        from_lists=FromLists(
            row.gender, row.company, row.occupation, row.source, row.member_level, _addresses(tx, customer_id)
        ),
    )


def _addresses(tx: Tx, customer_id: int) -> tuple[str, ...]:
    told = "SELECT address FROM addresses WHERE customer_id = ? ORDER BY id"
    return tuple(row.address for row in tx.connection.exec_driver_sql(told, (customer_id,)))


def _birthday(tx: Tx, customer_id: int) -> NextBirthday | None:
    told = birthdays.of_customers(tx, [customer_id])[customer_id]
    if told is None:
        return None
    on = told.on_or_after(tx.as_of)
    return NextBirthday(told, on, told.turns(on), lunar.of_day(on))


def _particulars(tx: Tx, customer_id: int) -> Particulars:
    lines = attributes.of_customer(tx, customer_id)
    born = {line.attribute.key: line.value for line in lines if line.attribute.age}
    return Particulars(
        lines,
        attributes.title(tx, lines),
        {key: lunar.of_day(value) for key, value in born.items() if isinstance(value, date)},
        tuple(one for one in attributes.defined(tx, hidden=True) if one.hidden and one.typed),
        tastes.of_customer(tx, customer_id, lines),
    )


def _identities(tx: Tx, customer_id: int) -> tuple[IdentityLine, ...]:
    rows = tx.connection.exec_driver_sql(
        """SELECT kind, platform, value, display, deciding FROM identities WHERE customer_id = ?
            ORDER BY deciding DESC, CASE kind WHEN 'buyer_id' THEN 0 WHEN 'phone' THEN 1 ELSE 2 END, id""",
        (customer_id,),
    )
    return tuple(
        IdentityLine(kind, platform, value, display, bool(deciding))
        for kind, platform, value, display, deciding in rows
    )


def _statistics(view: Columns, place: int | None, told: tuple[OrderLine, ...], *, currency: str) -> Statistics:
    # Money paid and returned is summed from the orders up to as_of: the columns keep it for today only.
    ours = [line for line in told if line.currency == currency]
    paid = sum(line.paid for line in ours if line.kind == "order" and line.state not in ("unpaid", "closed"))
    returned = sum(line.returned for line in ours)
    if place is None or view.occasions[place] == 0:
        return Statistics(None, None, 0, 0, 0, returned, returned / paid if paid else None, None, None, 0)
    count, priced = int(view.orders[place]), int(view.priced_orders[place])
    net = int(view.net_total[place])
    gap = float(view.mean_gap[place])
    return Statistics(
        first_at=clock.day_date(int(view.first_day[place])),
        last_at=clock.day_date(int(view.last_day[place])),
        occasions=int(view.occasions[place]),
        orders=count,
        net_total=net,
        returned_total=returned,
        refund_rate=returned / paid if paid else None,
        aov=money.divide(net, priced) if priced else None,
        mean_gap=None if np.isnan(gap) else gap,
        other_currency_orders=count - priced,
    )


def _due(tx: Tx, columns: Columns, view: Columns, place: int) -> Due | None:
    if view.occasions[place] == 0:
        return None
    state = cycles.due_of(tx, columns)
    days = view.day[view.starts[place] : view.starts[place + 1]]
    return Due(
        due_on=clock.day_date(int(state.due_on[place])),
        overdue_ratio=float(state.ratio[place]),
        band=cycles.BANDS[int(state.band[place])],
        cycle_days=float(state.cycles.days[place]),
        days_since=int(state.since[place]),
        gaps=tuple(int(gap) for gap in np.diff(days)),
    )
