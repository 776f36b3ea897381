"""What can be listed and exported of a customer (U17): each field declared once, and read for a block of customers.

Values are neutral: whole minor units, dates, keys of groups and platforms. Words are made where they are shown. Trade
attributes (C6) are fields too, after the others (`of_shop`); their choices are read as the words of the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select

from shopcrm.base import clock
from shopcrm.base.birthdays import Birthday
from shopcrm.base.i18n import N_, _, in_every_language
from shopcrm.base.text import fold, is_masked
from shopcrm.base.trade_presets import AttributeTold
from shopcrm.collect import attributes, birthdays, consents, follow_ups, people_data, wishes
from shopcrm.collect.attribute_values import INCHES, Attribute, following
from shopcrm.mine import cycles, rfm
from shopcrm.mine.rfm import GROUP_KEYS, NO_GROUP
from shopcrm.store.columns import NO_DAY, Columns, Ints
from shopcrm.store.tables.customers import addresses, customers, identities
from shopcrm.store.tables.notes import notes
from shopcrm.store.tables.orders import orders
from shopcrm.store.tables.shop import stores
from shopcrm.store.tables.tags import customer_tags, tags
from shopcrm.store.tx import Tx

Value: TypeAlias = str | int | float | date | tuple[str, ...] | Birthday | None


class Kind(StrEnum):
    """How a field is written: alignment, format, type of the cell."""

    TEXT = "text"
    IDENTIFIER = "identifier"  # digits that are no number: always text
    INT = "int"
    NUMBER = "number"  # whole or not, as it was typed
    DECIMAL = "decimal"
    MONEY = "money"  # minor units of the shop's currency
    DATE = "date"
    DAYS = "days"
    GROUP = "group"  # key of one of the eight groups
    PLATFORMS = "platforms"  # keys
    TEXTS = "texts"
    BIRTHDAY = "birthday"
    GENDER = "gender"  # female | male | other
    CHANNELS = "channels"  # keys of collect.consents.CHANNELS
    FOLLOWED = "followed"  # keys of collect.consents.FOLLOWED


@dataclass(frozen=True)
class Field:
    """One field of a customer. `sensitive`: tells who somebody is or how to reach them."""

    key: str
    label: str
    kind: Kind
    sensitive: bool = False
    usual: bool = False  # in an export that names no columns
    own_words: bool = False  # the label is a trade's or the owner's, in the language in use

    @property
    def heading(self) -> str:
        """What stands above its column, in the language in use."""
        return self.label if self.own_words else _(self.label)


FIELDS: Final = (
    Field("id", N_("Customer no."), Kind.IDENTIFIER),
    Field("name", N_("Name"), Kind.TEXT, sensitive=True, usual=True),
    Field("phone", N_("Phone"), Kind.IDENTIFIER, sensitive=True, usual=True),
    Field("buyer_ids", N_("Buyer IDs"), Kind.TEXTS, sensitive=True, usual=True),
    Field("email", N_("E-mail"), Kind.TEXT, sensitive=True),
    Field("wechat", N_("WeChat"), Kind.TEXT, sensitive=True),
    Field("sources", N_("Bought on"), Kind.PLATFORMS, usual=True),
    Field("province", N_("Province"), Kind.TEXT, usual=True),
    Field("city", N_("City"), Kind.TEXT, usual=True),
    Field("district", N_("District"), Kind.TEXT),
    Field("address", N_("Last address"), Kind.TEXT, sensitive=True),
    Field("tags", N_("Tags"), Kind.TEXTS, usual=True),
    Field("notes", N_("Number of notes"), Kind.INT),
    Field("next_follow_up", N_("Next follow-up"), Kind.DATE),
    Field("wants", N_("Wants"), Kind.TEXTS),
    Field("birthday", N_("Birthday"), Kind.BIRTHDAY, sensitive=True),
    Field("next_birthday", N_("Next birthday"), Kind.DATE, sensitive=True),
    Field("gender", N_("Gender"), Kind.GENDER, sensitive=True),
    Field("age_band", N_("Age band"), Kind.IDENTIFIER, sensitive=True),
    Field("company", N_("Company"), Kind.TEXT, sensitive=True),
    Field("occupation", N_("Occupation"), Kind.TEXT, sensitive=True),
    Field("source", N_("Came from"), Kind.TEXT),
    Field("entry_offer", N_("Entry offer"), Kind.TEXT),
    Field("member_level", N_("Member level"), Kind.TEXT),
    Field("addresses", N_("Addresses in lists"), Kind.TEXTS, sensitive=True),
    Field("agreed", N_("Agreed to"), Kind.CHANNELS),
    Field("opted_out", N_("Opted out of"), Kind.CHANNELS, usual=True),
    Field("follows", N_("Follows on"), Kind.FOLLOWED),
    Field("group", N_("Group"), Kind.GROUP, usual=True),
    Field("occasions", N_("Purchases"), Kind.INT, usual=True),
    Field("orders", N_("Number of orders"), Kind.INT),
    Field("units", N_("Pieces"), Kind.INT),
    Field("net_total", N_("Total spent"), Kind.MONEY, usual=True),
    Field("aov", N_("Average order"), Kind.MONEY, usual=True),
    Field("paid_total", N_("Paid before refunds"), Kind.MONEY),
    Field("returned_total", N_("Refunded and returned"), Kind.MONEY),
    Field("frequency", N_("Purchases in the window"), Kind.INT),
    Field("monetary", N_("Money in the window"), Kind.MONEY),
    Field("first_day", N_("First purchase"), Kind.DATE),
    Field("last_day", N_("Last purchase"), Kind.DATE, usual=True),
    Field("days_since", N_("Days since"), Kind.DAYS, usual=True),
    Field("mean_gap", N_("Mean days between purchases"), Kind.DECIMAL),
    Field("cycle_days", N_("Own cycle (days)"), Kind.DECIMAL, usual=True),
    Field("due_on", N_("Expected on"), Kind.DATE, usual=True),
    Field("overdue_ratio", N_("Overdue ratio"), Kind.DECIMAL),
)
FIELD_KEYS: Final = tuple(field.key for field in FIELDS)
GENDERS: Final = people_data.GENDERS
BY_KEY: Final = {field.key: field for field in FIELDS}
SEVERAL: Final = (Kind.TEXTS, Kind.PLATFORMS, Kind.CHANNELS, Kind.FOLLOWED)
"""Kinds of which a customer may have several."""

_BLOCK: Final = 2_000  # ids in one statement
_KINDS: Final[Mapping[str, Kind]] = {
    "number": Kind.NUMBER, "age": Kind.INT, "date": Kind.DATE, "choices": Kind.TEXTS,
}  # fmt: skip  # of attributes; all others are text
_WITH_UNIT: Final = N_("{label} ({unit})")


def of_shop(tx: Tx) -> tuple[Field, ...]:
    """Every field of this shop: those of all shops, then its trade attributes in their order.

    No two have one heading, whatever the owner calls an attribute.
    """
    found = list(FIELDS)
    seen = {fold(field.heading) for field in FIELDS}
    for attribute in attributes.defined(tx):
        label, number = heading(attribute), 1
        while fold(label) in seen:
            number += 1
            label = f"{heading(attribute)} {number}"
        seen.add(fold(label))
        kind = kind_of(attribute)
        found.append(Field(attribute.key, label, kind, sensitive=attribute.sensitive, own_words=True))
    return tuple(found)


def kind_of(attribute: Attribute) -> Kind:
    """How the field of an attribute is written."""
    return _KINDS.get(attribute.kind, Kind.TEXT)


def heading(attribute: Attribute) -> str:
    """An attribute as a column is called, with its unit."""
    unit = attribute.unit_word
    return _(_WITH_UNIT).format(label=attribute.label, unit=unit) if unit else attribute.label


def headings(told: AttributeTold) -> frozenset[str]:
    """How an attribute of a preset is called as a column, in every language."""
    if not told.unit:
        return frozenset(told.label.values())
    units = in_every_language(INCHES) if told.unit == "inch" else (told.unit,)
    written = in_every_language(_WITH_UNIT)
    return frozenset(
        each.format(label=label, unit=unit) for each in written for label in told.label.values() for unit in units
    )


def read(tx: Tx, columns: Columns, ids: Ints, *, keys: Sequence[str]) -> list[tuple[Value, ...]]:
    """The values of some fields for some customers, in the order of `ids`.

    A customer whom the columns do not know yet reads as a prospect, one who is gone as a blank.

    Raises:
        KeyError: an unknown key; `of_shop` lists them.
    """
    readers = [_READERS[key] if key in _READERS else _attribute(tx, key) for key in keys]
    found: list[tuple[Value, ...]] = []
    for start in range(0, len(ids), _BLOCK):
        block = _Block(tx, columns, ids[start : start + _BLOCK])
        found += zip(*(reader(block) for reader in readers), strict=True)
    return found


class _Block:
    """Some customers; reads each source at most once."""

    def __init__(self, tx: Tx, columns: Columns, ids: Ints) -> None:
        self.tx = tx
        self.columns = columns
        self.view = columns.at(tx.today_number)
        self.ids: list[int] = ids.tolist()
        near = np.minimum(np.searchsorted(self.view.ids, ids), max(len(self.view) - 1, 0))
        self._known = self.view.ids[near] == ids if len(self.view) else np.zeros(len(ids), np.bool_)
        self._rows = near[self._known]

    def take(self, values: NDArray[Any], missing: Value = None) -> list[Any]:
        """The customers' entries of an array aligned with the columns."""
        if len(self._rows) == len(self.ids):
            return list(values[self._rows].tolist())
        entries = iter(values[self._rows].tolist())
        return [next(entries) if known else missing for known in self._known]

    def select(self, query: Select[Any], column: Any) -> Iterable[Any]:
        return self.tx.connection.execute(query.where(column.in_(self.ids)))

    @cached_property
    def people(self) -> dict[int, Any]:
        of = customers.c
        told = (of[name] for name in people_data.FIELDS)
        asked = select(of.id, of.name, of.province, of.city, of.district, *told)
        return {row.id: row for row in self.select(asked, of.id)}

    @cached_property
    def identities(self) -> dict[tuple[int, str], list[str]]:
        """(customer, kind) → values: those typed by hand, then those that decide, the newest of them first."""
        of = identities.c
        query = select(of.customer_id, of.kind, of.value, of.display)
        query = query.order_by(of.batch_id.is_not(None), of.deciding.desc(), of.id.desc())
        found: dict[tuple[int, str], list[str]] = {}
        for row in self.select(query, of.customer_id):
            found.setdefault((row.customer_id, row.kind), []).append(row.value if row.kind == "phone" else row.display)
        return found

    def identity(self, kind: str) -> list[str | None]:
        return [next(iter(self.identities.get((one, kind), ())), None) for one in self.ids]

    @cached_property
    def platforms(self) -> dict[int, list[str]]:
        query = select(orders.c.customer_id, stores.c.platform).join(stores).distinct()
        return self._lists(query.order_by(stores.c.platform), orders.c.customer_id)

    @cached_property
    def tags(self) -> dict[int, list[str]]:
        query = select(customer_tags.c.customer_id, tags.c.name).join(tags)
        return self._lists(query.order_by(customer_tags.c.created_at, tags.c.id), customer_tags.c.customer_id)

    def _lists(self, query: Select[Any], column: Any) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for customer, value in self.select(query, column):
            found.setdefault(customer, []).append(value)
        return found

    @cached_property
    def addresses(self) -> dict[int, list[str]]:
        query = select(addresses.c.customer_id, addresses.c.address).order_by(addresses.c.id)
        return self._lists(query, addresses.c.customer_id)

    @cached_property
    def attributes(self) -> dict[int, dict[str, Any]]:
        return attributes.of_customers(self.tx, self.ids)

    @cached_property
    def notes(self) -> dict[int, int]:
        query = select(notes.c.customer_id, func.count()).group_by(notes.c.customer_id)
        return {customer: count for customer, count in self.select(query, notes.c.customer_id)}  # noqa: C416  # rows

    @cached_property
    def agreed(self) -> dict[int, follow_ups.Agreed]:
        return follow_ups.agreed(self.tx, self.ids)

    @cached_property
    def wishes(self) -> dict[int, list[str]]:
        return wishes.open_titles(self.tx, self.ids)

    @cached_property
    def birthdays(self) -> dict[int, Birthday | None]:
        return birthdays.of_customers(self.tx, self.ids)

    @cached_property
    def consents(self) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
        return consents.by_customer(self.tx, self.ids)

    @cached_property
    def followed(self) -> dict[int, tuple[str, ...]]:
        return consents.followed(self.tx, self.ids)

    @cached_property
    def last_orders(self) -> dict[int, tuple[str | None, str | None]]:
        """(phone, address) as the newest orders that have them write them; masked ones too."""
        of = orders.c
        query = select(of.customer_id, of.recipient_phone, of.address).order_by(of.day, of.id)
        found: dict[int, tuple[str | None, str | None]] = {}
        for customer, phone, address in self.select(query, of.customer_id):
            before = found.get(customer, (None, None))
            found[customer] = (phone or before[0], address or before[1])
        return found

    @cached_property
    def scores(self) -> rfm.RfmResult:
        return rfm.scores(self.tx, self.columns)

    @cached_property
    def due(self) -> cycles.DueState:
        return cycles.due_of(self.tx, self.columns)

    def bought(self, values: NDArray[Any]) -> list[Any]:
        """Entries that only mean something for customers with a valid order, None for the others."""
        return [
            value if occasions else None
            for value, occasions in zip(self.take(values), self.take(self.view.occasions, 0), strict=True)
        ]


def _person(name: str) -> Callable[[_Block], list[Value]]:
    return lambda block: [getattr(block.people.get(one), name, None) for one in block.ids]


def _identity(kind: str) -> Callable[[_Block], list[Value]]:
    return lambda block: list(block.identity(kind))


def _all(kind: str) -> Callable[[_Block], list[Value]]:
    """Every identity of a kind, each value once."""
    return lambda block: [tuple(dict.fromkeys(block.identities.get((one, kind), ()))) for one in block.ids]


def _column(name: str) -> Callable[[_Block], list[Value]]:
    return lambda block: block.take(getattr(block.view, name), 0)


def _day(name: str) -> Callable[[_Block], list[Value]]:
    return lambda block: [_date(day) for day in block.take(getattr(block.view, name), NO_DAY)]


def _date(day: int | None) -> date | None:
    return None if day is None or day == NO_DAY else clock.day_date(day)


def _rounded(values: list[Any], digits: int) -> list[Value]:
    return [None if value is None or value != value else round(value, digits) for value in values]  # noqa: PLR0124  # nan


def _group(block: _Block) -> list[Value]:
    return [None if index == NO_GROUP else GROUP_KEYS[index] for index in block.take(block.scores.group, NO_GROUP)]


def _average(block: _Block) -> list[Value]:
    net, count = block.take(block.view.net_total, 0), block.take(block.view.priced_orders, 0)
    return [(2 * total + n) // (2 * n) if n else None for total, n in zip(net, count, strict=True)]


def _address(block: _Block) -> list[Value]:
    found = (block.last_orders.get(one, (None, None))[1] for one in block.ids)
    return [None if address is None or is_masked(address) else address for address in found]


def _districts(block: _Block) -> list[Value]:
    if not any(row.city and not row.district for row in block.people.values()):
        return _person("district")(block)
    found = ((block.people.get(one), block.last_orders.get(one, (None, None))[1]) for one in block.ids)
    return [row and people_data.district_of(row.district, row.city, address) for row, address in found]


def _age_bands(block: _Block) -> list[Value]:
    today = block.tx.as_of
    told = ((block.people.get(one), block.birthdays.get(one)) for one in block.ids)
    return [row and people_data.band_of(row.age_band, birthday, today=today) for row, birthday in told]


def _next_birthdays(block: _Block) -> list[Value]:
    """When it is next kept; a calendar is asked once for the birthdays that fall together."""
    today = block.tx.as_of
    told = [birthday and birthday.each_year for birthday in map(block.birthdays.get, block.ids)]
    kept = {birthday: birthday.on_or_after(today) for birthday in set(told) if birthday is not None}
    return [birthday and kept[birthday] for birthday in told]


def _attribute(tx: Tx, key: str) -> Callable[[_Block], list[Value]]:
    """What is kept of a trade attribute: choices and yes or no in words, all else as it is."""
    try:
        told = attributes.get(tx, key)
    except attributes.NoSuchAttribute:
        raise KeyError(key) from None

    def one(values: Mapping[str, Any]) -> Value:
        if told.typed:
            return of_attribute(told, values.get(key))
        return of_attribute(told, following(told, values.get(told.of), day=tx.as_of))

    return lambda block: [one(block.attributes.get(customer, {})) for customer in block.ids]


def of_attribute(attribute: Attribute, value: Any) -> Value:
    """The value of an attribute as its field has it."""
    if attribute.kind == "choices" and value is not None:
        return tuple(map(attribute.choice, value))
    if value is None or attribute.kind in ("number", "age", "date"):
        return value  # type: ignore[no-any-return]  # of these kinds it is one
    return attribute.shown(value)


def shown_phones(block: _Block) -> list[Value]:
    """The phone to show in a list: a real one, else the masked one of the newest order."""
    real = block.identity("phone")
    if None not in real:
        return list(real)
    return [phone or block.last_orders.get(one, (None, None))[0] for phone, one in zip(real, block.ids, strict=True)]


_READERS: Final[dict[str, Callable[[_Block], list[Value]]]] = {
    "id": lambda block: [str(one) for one in block.ids],
    "name": _person("name"),
    "phone": _identity("phone"),
    "buyer_ids": lambda block: [
        (*block.identities.get((one, "buyer_id"), ()), *block.identities.get((one, "nick"), ())) for one in block.ids
    ],
    "email": _identity("email"),
    "wechat": _identity("wechat"),
    "sources": lambda block: [tuple(block.platforms.get(one, ())) for one in block.ids],
    "province": _person("province"),
    "city": _person("city"),
    "district": _districts,
    "address": _address,
    "tags": lambda block: [tuple(block.tags.get(one, ())) for one in block.ids],
    "notes": lambda block: [block.notes.get(one, 0) for one in block.ids],
    "next_follow_up": lambda block: [
        _date(block.agreed[one].day) if one in block.agreed else None for one in block.ids
    ],
    "wants": lambda block: [tuple(block.wishes.get(one, ())) for one in block.ids],
    "birthday": lambda block: [block.birthdays.get(one) for one in block.ids],
    "next_birthday": _next_birthdays,
    **{name: _person(name) for name in people_data.FIELDS if name != "age_band"},
    "age_band": _age_bands,
    "agreed": lambda block: [block.consents.get(one, ((), ()))[0] for one in block.ids],
    "opted_out": lambda block: [block.consents.get(one, ((), ()))[1] for one in block.ids],
    "follows": lambda block: [block.followed.get(one, ()) for one in block.ids],
    "addresses": lambda block: [tuple(block.addresses.get(one, ())) for one in block.ids],
    "group": _group,
    "occasions": _column("occasions"),
    "orders": _column("orders"),
    "units": _column("units"),
    "net_total": _column("net_total"),
    "aov": _average,
    "paid_total": _column("paid_total"),
    "returned_total": _column("returned_total"),
    "frequency": lambda block: block.bought(block.scores.frequency),
    "monetary": lambda block: block.bought(block.scores.monetary),
    "first_day": _day("first_day"),
    "last_day": _day("last_day"),
    "days_since": lambda block: block.bought(block.due.since),
    "mean_gap": lambda block: _rounded(block.take(block.view.mean_gap), 1),
    "cycle_days": lambda block: _rounded(block.take(block.due.cycles.days), 1),
    "due_on": lambda block: [_date(day) for day in block.bought(block.due.due_on)],
    "overdue_ratio": lambda block: _rounded(block.take(block.due.ratio), 2),
    "shown_phone": shown_phones,
    **{f"all_{kind}s": _all(kind) for kind in ("phone", "email", "wechat")},
}
