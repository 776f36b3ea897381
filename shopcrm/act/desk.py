"""The desk (U1, C5): who is this, in one second. The search as typed is in `finding`; here the card, as one read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final

import numpy as np

from shopcrm.act import timeline
from shopcrm.act.finding import Hit, find
from shopcrm.act.timeline import History
from shopcrm.base import clock, lunar, money
from shopcrm.base.birthdays import Birthday
from shopcrm.base.lunar import LunarDate
from shopcrm.base.text import fold
from shopcrm.collect import (
    attributes,
    birthdays,
    consents,
    customer_merges,
    customers,
    follow_ups,
    joins,
    notes,
    orders,
    people_data,
    person_identities,
    tags,
    troubles,
)
from shopcrm.collect.attribute_values import Attribute, Particular
from shopcrm.collect.consents import Contact
from shopcrm.collect.customer_merges import Part
from shopcrm.collect.follow_ups import FollowUpLine
from shopcrm.collect.joins import Join
from shopcrm.collect.notes import NoteLine
from shopcrm.collect.orders import OrderLine, Sums
from shopcrm.collect.people_data import PersonData
from shopcrm.collect.person_identities import Sharer
from shopcrm.collect.reviews import ReviewLine
from shopcrm.collect.troubles import Trouble
from shopcrm.mine import cycles, parcels, rfm, tastes
from shopcrm.mine.parcels import Parcel
from shopcrm.mine.tastes import Doubt, Learnt
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

__all__ = [
    "UNPAID_DAYS", "Card", "Due", "Hit", "IdentityLine", "NextBirthday", "Particulars", "Profile", "Statistics",
    "card", "find", "namesakes", "profile", "waits",
]  # fmt: skip

UNPAID_DAYS: Final = 15  # an order unpaid for longer has been given up by the buyer, whatever the last file said
ORDERS_READ: Final = 100  # of one customer, the newest; what all of them come to is summed by the engine
NOTES_READ: Final = 20
SHARERS_READ: Final = 12  # of those who have the same phone; a placeholder is thousands’
_SHORTEST_NAME: Final = 2
_LEAST: Final = 8  # of those who are found by a name, looked at for namesakes


@dataclass(frozen=True)
class IdentityLine:
    """One identity as the card shows, copies and edits it."""

    kind: str
    platform: str
    value: str
    display: str
    deciding: bool
    id: int = 0
    by_hand: bool = False


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
    """What stands beside the attributes that the shop's trade keeps of a customer."""

    title: str | None = None  # the name that heads them: the baby's, the pet's
    lunar: Mapping[str, LunarDate] = field(default_factory=dict)  # of dates of birth, by the attribute's key
    aside: tuple[Attribute, ...] = ()  # what the owner does not want to see
    learnt: Mapping[str, Learnt] = field(default_factory=dict)  # from purchases, where nobody has typed the same
    doubts: tuple[Doubt, ...] = ()  # sizes that were ordered and may not fit


@dataclass(frozen=True)
class Profile:
    """What words can be filled with: the part of a card that is read for each of thousands."""

    id: int
    name: str
    name_by_hand: bool
    province: str | None
    city: str | None
    identities: tuple[IdentityLine, ...]
    statistics: Statistics
    group: str | None
    due: Due | None
    orders: tuple[OrderLine, ...]  # the newest `ORDERS_READ`; `sums` tells of all
    sums: Sums
    birthday: NextBirthday | None
    attributes: tuple[Particular, ...]
    person: PersonData
    trouble: Trouble | None
    went_badly: FollowUpLine | ReviewLine | None  # the last time she was asked or wrote; she has not bought again since


@dataclass(frozen=True)
class Card(Profile):
    """Everything the card shows."""

    recipient_name: str | None  # of the last order, masked or not
    recipient_phone: str | None
    address: str | None
    notes: tuple[NoteLine, ...]  # the newest `NOTES_READ`, as they begin
    tags: tuple[str, ...]
    tag_colours: Mapping[str, str]  # of those that have one
    sharers: Mapping[tuple[str, str], tuple[Sharer, ...]]  # by kind and value of an identity who else has it
    particulars: Particulars
    made_of: tuple[Part, ...]  # with whom she was made one
    joins: tuple[Join, ...]  # accounts that imports gave to her
    contact: Contact
    history: History
    parcels: tuple[Parcel, ...]  # that are late, stuck or not sent


def namesakes(tx: Tx, name: str, *, limit: int = 3) -> tuple[Hit, ...]:
    """Who is called so already, by name, nick or account."""
    wanted = fold(name)
    if len(wanted) < _SHORTEST_NAME:
        return ()
    by = ("name", "buyer_id", "nick")
    hits = find(tx, name, limit=_LEAST)
    return tuple(hit for hit in hits if wanted in (fold(hit.name), fold(hit.value)) and hit.matched in by)[:limit]


def card(tx: Tx, columns: Columns, customer_id: int) -> Card:
    """One customer's card, as of `tx.as_of`.

    Raises:
        NoSuchCustomer: the id is nobody's.
    """
    told = profile(tx, columns, customer_id)
    last = _last(told.orders)
    return Card(
        **{each.name: getattr(told, each.name) for each in fields(told)},
        recipient_name=last.recipient_name if last else None,
        recipient_phone=last.recipient_phone if last else None,
        address=last.address if last else None,
        notes=notes.lines(tx, notes.selected(customer_id).limit(NOTES_READ)),
        tags=tags.of_customer(tx, customer_id),
        tag_colours=tags.colours(tx),
        sharers=person_identities.sharers(tx, customer_id, limit=SHARERS_READ),
        particulars=_particulars(tx, told),
        made_of=customer_merges.parts(tx, customer_id),
        joins=joins.of_customer(tx, customer_id),
        contact=consents.of_customer(tx, customer_id),
        history=timeline.history(tx, customer_id, orders_told=told.sums.orders + told.sums.returns),
        parcels=parcels.of_customer(tx, columns, customer_id),
    )


def profile(tx: Tx, columns: Columns, customer_id: int) -> Profile:
    """What words say of one customer, as of `tx.as_of`.

    Raises:
        NoSuchCustomer: the id is nobody's.
    """
    customers.require(tx, customer_id)
    row = tx.connection.exec_driver_sql(
        "SELECT name, name_by_hand, province, city FROM customers WHERE id = ?", (customer_id,)
    ).one()
    told, sums = orders.of_customer(tx, customer_id, limit=ORDERS_READ), orders.sums(tx, customer_id)
    last = _last(told)
    view = columns.at(tx.today_number)
    at = view.rows(np.array([customer_id], np.int64))
    place = int(at[0]) if len(at) else None
    group = None
    if place is not None:
        found = int(rfm.scores(tx, columns).group[place])
        group = None if found == rfm.NO_GROUP else rfm.GROUP_KEYS[found]
    born = _birthday(tx, customer_id)
    return Profile(
        id=customer_id,
        name=row.name,
        name_by_hand=bool(row.name_by_hand),
        province=row.province,
        city=row.city,
        identities=_identities(tx, customer_id),
        statistics=_statistics(view, place, sums),
        group=group,
        due=None if place is None else _due(tx, columns, view, place),
        orders=told,
        sums=sums,
        birthday=born,
        attributes=attributes.of_customer(tx, customer_id),
        person=people_data.of_customer(
            tx,
            customer_id,
            birthday=None if born is None else born.birthday,
            written_to=last.address if last else None,
        ),
        trouble=troubles.of_customer(tx, customer_id),
        went_badly=follow_ups.went_badly(tx, customer_id),
    )


def _last(told: Sequence[OrderLine]) -> OrderLine | None:
    return next((line for line in told if line.kind == "order"), None)


def _birthday(tx: Tx, customer_id: int) -> NextBirthday | None:
    told = birthdays.of_customers(tx, [customer_id])[customer_id]
    if told is None:
        return None
    on = told.on_or_after(tx.as_of)
    return NextBirthday(told, on, told.turns(on), lunar.of_day(on))


def _particulars(tx: Tx, told: Profile) -> Particulars:
    lines = told.attributes
    born = {line.attribute.key: line.value for line in lines if line.attribute.age}
    unsent = {order.number for order in told.orders if waits(order, today=tx.today_number)}
    return Particulars(
        attributes.title(tx, lines),
        {key: lunar.of_day(value) for key, value in born.items() if isinstance(value, date)},
        tuple(one for one in attributes.defined(tx, hidden=True) if one.hidden and one.typed),
        tastes.of_customer(tx, told.id, lines),
        tastes.doubts(tx, told.id, lines, unsent=unsent),
    )


def waits(order: OrderLine, *, today: int) -> bool:
    """Whether an order waits to be paid or to be sent, and is not as old as those that were given up."""
    recent = order.day is not None and today - order.day <= UNPAID_DAYS
    return order.kind == "order" and order.state in ("unpaid", "paid") and recent


def _identities(tx: Tx, customer_id: int) -> tuple[IdentityLine, ...]:
    rows = tx.connection.exec_driver_sql(
        """SELECT kind, platform, value, display, deciding, id, batch_id IS NULL FROM identities WHERE customer_id = ?
            ORDER BY CASE kind WHEN 'buyer_id' THEN 0 WHEN 'phone' THEN 1 ELSE 2 END, batch_id IS NOT NULL,
                     deciding DESC, id""",
        (customer_id,),
    )
    return tuple(
        IdentityLine(kind, platform, value, display, bool(deciding), number, bool(by_hand))
        for kind, platform, value, display, deciding, number, by_hand in rows
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
