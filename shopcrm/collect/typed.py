"""What is typed of a customer or an order by hand, and what of it cannot be taken (C1, C5). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from shopcrm.base import emails, lengths, phone
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.text import clean, fold
from shopcrm.collect.foreign import OrderState

PLATFORM: Final = "manual"
NO_PHONE: Final = "no_phone"
"""The kind of identity that a phone is which is none: kept as it was typed, and nobody is known by it."""
LONGEST: Final = 200
STATES: Final = tuple(
    state for state in OrderState if state not in (OrderState.ARRIVED, OrderState.SIGNED)
)  # those a seller tells apart by hand


@dataclass(eq=False)
class Invalid(UserFailure):
    """A field that cannot be taken. `field` says at which the sentence stands."""

    text: ClassVar[str] = ""
    field: str


@dataclass(eq=False)
class NobodyNamed(Invalid):
    """A customer without a name, phone, WeChat or anything."""

    text: ClassVar[str] = N_("Type a name, a phone number or a WeChat name.")


@dataclass(eq=False)
class BadEmail(Invalid):
    """No address."""

    text: ClassVar[str] = N_("This is not an e-mail address.")


@dataclass(eq=False)
class AccountTaken(Invalid):
    """That account of that marketplace is somebody else’s."""

    text: ClassVar[str] = N_("This account belongs to {name}.")
    name: str


@dataclass(eq=False)
class TooLong(Invalid):
    """More than a field holds: nothing of it is cut off in silence."""

    text: ClassVar[str] = lengths.TooLong.text
    length: str
    most: str = str(LONGEST)


@dataclass(eq=False)
class InTheFuture(Invalid):
    """An order of a day that has not come."""

    text: ClassVar[str] = N_("The day has not come yet.")


@dataclass(eq=False)
class NothingBought(Invalid):
    """An order without goods and without money."""

    text: ClassVar[str] = N_("Type what was bought, or what was paid.")


@dataclass(eq=False)
class TooMuchBack(Invalid):
    """More refunded than paid."""

    text: ClassVar[str] = N_("More than was paid.")


@dataclass(eq=False)
class NoSuchOrder(UserFailure):
    """Not there, or not one that was typed in."""

    text: ClassVar[str] = N_("This order was not typed in by hand.")


@dataclass(frozen=True)
class Person:
    """What is typed of a customer; empty texts say nothing. `account` is the one on `platform`."""

    name: str = ""
    phone: str = ""
    wechat: str = ""
    email: str = ""
    account: str = ""
    platform: str = "taobao"
    note: str = ""


@dataclass(frozen=True)
class Known:
    """Somebody who is there already, and by what she was found."""

    customer: int
    name: str
    kind: str
    value: str


@dataclass(frozen=True)
class Item:
    """A line: money in minor units of the shop's currency."""

    title: str
    quantity: int = 1
    price: int | None = None
    article: str | None = None


@dataclass(frozen=True)
class Order:
    """What is typed of an order. `customer` is her id, or who she is when she is new."""

    customer: int | Person
    day: date
    items: tuple[Item, ...] = ()
    paid: int = 0
    refunded: int = 0
    state: OrderState = OrderState.FINISHED
    store: str = ""
    note: str = ""


@dataclass(frozen=True)
class Product:
    """Something that was sold, for completion."""

    title: str
    article: str | None
    price: int | None


@dataclass(frozen=True)
class Written:
    """What was written: the change set that undoes it, and the row."""

    change_set: int
    id: int


def identities_of(person: Person, *, region: str = "CN") -> tuple[tuple[str, str, str, str], ...]:
    """(kind, platform, value, display) of what is typed; a phone that is none is kept as it is.

    Raises:
        BadEmail: it is none.
        TooLong: a text that no field holds.
    """
    for name in ("name", "phone", "wechat", "email", "account"):
        require_fitting(name, getattr(person, name))
    found = []
    account = clean(person.account)
    if account:
        found.append(("buyer_id", person.platform, fold(account), account))
    written = clean(person.phone)
    if written:
        number = phone.normalise(written, region=region)
        if number is not None:
            found.append(("phone", PLATFORM, number, written))
        else:
            found.append((NO_PHONE, PLATFORM, fold(written)[:LONGEST], written))
    wechat = clean(person.wechat)
    if wechat:
        found.append(("wechat", PLATFORM, fold(wechat), wechat))
    written = clean(person.email)
    if written:
        address = emails.normalise(written)
        if address is None:
            raise BadEmail("email")
        found.append(("email", PLATFORM, address, written))
    return tuple(found)


def require_fitting(name: str, text: str) -> None:
    """Raise `TooLong` at the field of that name for a text that it does not hold."""
    length = len(clean(text))
    if length > LONGEST:
        raise TooLong(name, f"{length:,}")


def check(order: Order, *, today: date) -> None:
    """Whether an order can be taken.

    Raises:
        Invalid: with the field at which it stands.
    """
    if order.day > today:
        raise InTheFuture("day")
    if not order.paid and not any(clean(item.title) for item in order.items):
        raise NothingBought("items")
    if order.refunded > order.paid:
        raise TooMuchBack("refunded")
    require_fitting("store", order.store)
