"""Birthdays of customers (C6): told and forgotten by hand, each with undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import select

from shopcrm.base.birthdays import Birthday
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.collect.customers import NoSuchCustomer
from shopcrm.store.tables.customers import customers
from shopcrm.store.tx import Tx

_BLOCK: Final = 2_000
_COLUMNS: Final = (
    customers.c.birth_calendar, customers.c.birth_month, customers.c.birth_day, customers.c.birth_year,
    customers.c.birth_leap,
)  # fmt: skip


@dataclass(eq=False)
class NotBornYet(UserFailure):
    """A birthday in a year that is still to come."""

    text: ClassVar[str] = N_("{year} is still to come.")
    year: int


def put(tx: Tx, told: Mapping[int, Birthday | None]) -> int:
    """Set the birthdays of some customers; None forgets one. Returns the change set.

    Raises:
        NoSuchCustomer, NotBornYet: nothing is set.
    """
    for birthday in told.values():
        require_born(tx, birthday)
    change_set = tx.begin_change("birthday", customers=len(told))
    known = of_customers(tx, told)
    for customer, birthday in told.items():
        if customer not in known:
            raise NoSuchCustomer(customer)
        tx.edit(customers, {"id": customer}, columns_of(birthday))
    return change_set


def require_born(tx: Tx, birthday: Birthday | None) -> None:
    """Raise `NotBornYet` for a year that is still to come."""
    if birthday is not None and birthday.year is not None and birthday.year > tx.as_of.year:
        raise NotBornYet(birthday.year)


def of_customers(tx: Tx, customer_ids: Iterable[int]) -> dict[int, Birthday | None]:
    """The birthday of each of some customers who are there, None where it is not known."""
    ids = list(customer_ids)
    found: dict[int, Birthday | None] = {}
    for start in range(0, len(ids), _BLOCK):
        query = select(customers.c.id, *_COLUMNS).where(customers.c.id.in_(ids[start : start + _BLOCK]))
        found.update((row[0], birthday_of(row[1:])) for row in tx.connection.execute(query))
    return found


def kept_by(tx: Tx, days: Iterable[Birthday]) -> list[tuple[int, Birthday]]:
    """Who has one of these birthdays (told without a year), with the birthday as it is stored."""
    wanted = {birthday.each_year for birthday in days}
    told: dict[Any, Birthday | None] = {}  # what many share is made once
    found: list[tuple[int, Birthday]] = []
    for month, day in sorted({(birthday.month, birthday.day) for birthday in wanted}):
        query = select(customers.c.id, *_COLUMNS).where(customers.c.birth_month == month, customers.c.birth_day == day)
        for customer, *columns in tx.connection.execute(query):
            key = tuple(columns)
            if key not in told:
                birthday = birthday_of(key)
                told[key] = birthday if birthday is not None and birthday.each_year in wanted else None
            if (birthday := told[key]) is not None:
                found.append((customer, birthday))
    return found


def birthday_of(row: Any) -> Birthday | None:
    """A birthday as its columns tell it: calendar, month, day, year, leap."""
    calendar, month, day, year, leap = row
    return None if month is None else Birthday(calendar, month, day, year, bool(leap))


def columns_of(birthday: Birthday | None) -> dict[str, object]:
    """A birthday as it stands in the columns of a customer."""
    if birthday is None:
        return dict.fromkeys(column.name for column in _COLUMNS)
    return {
        "birth_calendar": birthday.calendar,
        "birth_year": birthday.year,
        "birth_month": birthday.month,
        "birth_day": birthday.day,
        "birth_leap": birthday.leap,
    }
