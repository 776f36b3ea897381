"""The desk (U1, C5): who is this, in one second. The search as typed is in `finding`; here the card, as one read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from shopcrm.act import timeline
from shopcrm.act.finding import Hit, find
from shopcrm.act.timeline import History
from shopcrm.base import clock, lunar, money
from shopcrm.base.birthdays import Birthday
from shopcrm.base.lunar import LunarDate
from shopcrm.collect import attributes, birthdays, customer_merges, customers, notes, orders, tags, troubles
from shopcrm.collect.attributes import Particular
from shopcrm.collect.customer_merges import Part
from shopcrm.collect.notes import NoteLine
from shopcrm.collect.orders import OrderLine, Sums
from shopcrm.collect.troubles import Trouble
from shopcrm.mine import cycles, rfm
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

__all__ = [
    "UNPAID_DAYS", "Card", "Due", "FromLists", "Hit", "IdentityLine", "NextBirthday", "Particulars", "Statistics",
    "card", "find",
]  # fmt: skip

UNPAID_DAYS: Final = 15  # an order unpaid for longer has been given up by the buyer, whatever the last file said
ORDERS_READ: Final = 100  # of one customer, the newest; what all of them come to is summed by the engine
NOTES_READ: Final = 20


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
    orders: tuple[OrderLine, ...]  # the newest `ORDERS_READ`; `sums` tells of all
    notes: tuple[NoteLine, ...]  # the newest `NOTES_READ`, as they begin
    tags: tuple[str, ...]
    birthday: NextBirthday | None = None
    particulars: Particulars = Particulars()
    made_of: tuple[Part, ...] = ()  # with whom she was made one
    from_lists: FromLists = FromLists()
    trouble: Trouble | None = None
    sums: Sums = field(default_factory=Sums)
    history: History = field(default_factory=lambda: History({}))


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
    told, sums = orders.of_customer(tx, customer_id, limit=ORDERS_READ), orders.sums(tx, customer_id)
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
        statistics=_statistics(view, place, sums),
        group=group,
        due=None if place is None else _due(tx, columns, view, place),
        orders=told,
        notes=notes.lines(tx, notes.selected(customer_id).limit(NOTES_READ)),
        tags=tags.of_customer(tx, customer_id),
        birthday=_birthday(tx, customer_id),
        particulars=_particulars(tx, customer_id),
        made_of=customer_merges.parts(tx, customer_id),
        from_lists=FromLists(
            row.gender, row.company, row.occupation, row.source, row.member_level, _addresses(tx, customer_id)
        ),
        trouble=troubles.of_customer(tx, customer_id),
        sums=sums,
        history=timeline.history(tx, customer_id, orders_told=sums.orders + sums.returns),
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
    heading = attributes.title_key(tx)
    title = next((str(line.value) for line in lines if line.attribute.key == heading and line.value), None)
    born = {line.attribute.key: line.value for line in lines if line.attribute.age}
    return Particulars(
        lines, title, {key: lunar.of_day(value) for key, value in born.items() if isinstance(value, date)}
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


def _statistics(view: Columns, place: int | None, sums: Sums) -> Statistics:
    # Money paid and returned is summed from the orders up to as_of: the columns keep it for today only.
    paid, returned = sums.paid, sums.returned
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
