"""The red mark of a customer with whom there is trouble (U1): why, and until when; set and taken off with undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from sqlalchemy import select

from shopcrm.base import clock
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.lengths import fitting
from shopcrm.base.text import clean
from shopcrm.collect.customers import require
from shopcrm.store.tables.customers import customers
from shopcrm.store.tx import Tx

LONGEST: Final = 200


@dataclass(eq=False)
class NoReason(UserFailure):
    """A mark that does not say why."""

    text: ClassVar[str] = N_("Say in a few words what the trouble is.")


@dataclass(eq=False)
class EndPassed(UserFailure):
    """A mark that would be over already."""

    text: ClassVar[str] = N_("The mark would end in the past. Choose today or a later day, or none.")


@dataclass(frozen=True)
class Trouble:
    """Why somebody is marked."""

    reason: str
    until: date | None  # the last day of the mark; None: until it is taken off


def of_customer(tx: Tx, customer_id: int) -> Trouble | None:
    """A customer's mark, unless it is over."""
    row = tx.connection.execute(
        select(customers.c.trouble, customers.c.trouble_until).where(customers.c.id == customer_id)
    ).one_or_none()
    if row is None or row.trouble is None:
        return None
    if row.trouble_until is not None and row.trouble_until < tx.today_number:
        return None
    return Trouble(row.trouble, None if row.trouble_until is None else clock.day_date(row.trouble_until))


def mark(tx: Tx, customer_id: int, *, reason: str, until: date | None = None) -> int:
    """Mark a customer, or change the mark. Returns the change set.

    Raises:
        NoReason, TooLong, EndPassed: the mark would say nothing, not fit, or be over.
        NoSuchCustomer: the id is nobody's.
    """
    require(tx, customer_id)
    said = fitting(" ".join(clean(reason).split()), LONGEST)
    if not said:
        raise NoReason
    if until is not None and until < tx.as_of:
        raise EndPassed
    change_set = tx.begin_change("trouble", customer=customer_id)
    last = None if until is None else clock.day_number(until)
    tx.edit(customers, {"id": customer_id}, {"trouble": said, "trouble_until": last})
    return change_set


def take_off(tx: Tx, customer_id: int) -> int:
    """Take the mark off. Returns the change set."""
    require(tx, customer_id)
    change_set = tx.begin_change("trouble_over", customer=customer_id)
    tx.edit(customers, {"id": customer_id}, {"trouble": None, "trouble_until": None})
    return change_set
