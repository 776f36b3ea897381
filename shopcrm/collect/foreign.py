"""The neutral form of foreign data: what every platform's adapter makes of a file's rows.

Normalised at this edge: instants in UTC seconds, money in minor units, identities normalised, regions named.

An order is told by itself (`ForeignOrder`) where it is put together from several rows, and by column with many others
(`Orders`) where each row is one. Nobody changes an order, line or identity once it is made. They are not frozen,
because a big import makes a million of them and a frozen one takes three times as long to make.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from itertools import compress
from typing import Any, Self, TypeAlias, TypeVar

from shopcrm.base.birthdays import Birthday

T = TypeVar("T")
Told: TypeAlias = "Sequence[T | None] | None"
"""What is said of many orders: a list, in the same places for all of them; None where the file says nothing."""


class OrderState(StrEnum):
    """The machine onto which every platform's words map."""

    UNPAID = "unpaid"
    PAID = "paid"
    SHIPPED = "shipped"
    ARRIVED = "arrived"
    SIGNED = "signed"
    FINISHED = "finished"
    CLOSED = "closed"  # never paid
    REFUNDED = "refunded"  # paid, fully refunded


STATE_RANK = {state: rank for rank, state in enumerate(OrderState)}


class Kind(StrEnum):
    """What a foreign document is."""

    ORDER = "order"
    RETURN = "return"  # standalone, with negative amounts


class Code(StrEnum):
    """What can be wrong with a cell or row; the words stand in `collect.problems`."""

    SHORTENED_NUMBER = "shortened_number"  # Excel made 1.38E+10 of it
    MISSING_NUMBER = "missing_number"
    BAD_AMOUNT = "bad_amount"
    BAD_DATE = "bad_date"
    BAD_QUANTITY = "bad_quantity"
    BAD_CURRENCY = "bad_currency"
    UNKNOWN_STATE = "unknown_state"
    NO_DATE = "no_date"
    TOO_FEW_CELLS = "too_few_cells"
    DUPLICATE = "duplicate"
    DUPLICATE_LINE = "duplicate_line"
    LEFT_OUT = "left_out"  # a sheet beside others that are known, a file in an archive
    UNKNOWN_ORDER = "unknown_order"  # a refund of an order that neither the shop nor the batch has
    UNKNOWN_REVIEWED = "unknown_reviewed"  # the same of a review
    INCOMPLETE_ORDER = "incomplete_order"  # another line of the order was rejected
    NOBODY = "nobody"  # neither a name nor a way to reach anybody
    BAD_BIRTHDAY = "bad_birthday"
    BAD_ATTRIBUTE = "bad_attribute"
    BAD_CONSENT = "bad_consent"
    BAD_STARS = "bad_stars"


class Way(StrEnum):
    """How a cell that cannot be read is read after all; what each does stands in `collect.fixes`."""

    NUMBER = "number"  # without what stands around it
    OTHER_DECIMAL = "other_decimal"  # 1.007,00
    CURRENCY = "currency"  # by its name
    DATE = "date"  # year first or month named, whatever else there is
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    EMPTY = "empty"
    LEAVE_OUT = "leave_out"  # the row


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell or row that cannot be taken. `rejected`: its row is not stored and goes into the rejects file."""

    row: int
    column: str  # the header as written; "" when it is the row as a whole
    code: Code
    value: str = ""  # the cell, for the message
    rejected: bool = True
    way: Way | None = None  # by which it was read after all, or left out
    became: str = ""  # what was read then


@dataclass(slots=True)
class ForeignIdentity:
    """A stable identity of the buyer. Masked values, ciphertext and virtual numbers are never made into one."""

    kind: str  # buyer_id nick phone email alipay wechat
    platform: str
    value: str  # normalised
    display: str
    deciding: bool  # recognises the buyer by itself


@dataclass(slots=True)
class ForeignConsent:
    """Whether the buyer agreed to be written to by a channel, as a column of the file says it."""

    channel: str  # one of collect.consents.CHANNELS
    given: bool
    column: str  # the header as written


@dataclass(slots=True, kw_only=True)
class ForeignReview:
    """What the buyer wrote of an order or of one of its lines. None: the file does not say."""

    row: int
    stars: int | None = None
    text: str = ""
    at: int | None = None
    plain: bool = False  # only the day of `at` is known
    product: str | None = None
    article: str | None = None
    reply: str | None = None  # the seller's


@dataclass(slots=True)
class ForeignItem:
    """One line of an order."""

    title: str
    quantity: int
    row: int
    line_number: str | None = None
    article: str | None = None
    variant: str | None = None
    price: int | None = None
    paid: int | None = None
    refunded: int = 0
    state: OrderState | None = None


@dataclass(slots=True)
class ForeignOrder:
    """One order or standalone return of a file. None: the file does not say."""

    number: str
    row: int  # of the first line; headers are row 1
    kind: Kind
    store: str | None
    state: OrderState | None
    currency: str
    created_at: int | None = None
    paid_at: int | None = None
    shipped_at: int | None = None
    signed_at: int | None = None
    finished_at: int | None = None
    plain_dates: int = 0  # bits: 1 created_at, 2 paid_at and later ones are plain dates
    day: int | None = None
    paid: int | None = None
    refunded: int | None = None
    amounts_from_items: bool = False
    title: str | None = None
    units: int | None = None
    buyer_name: str | None = None
    recipient_name: str | None = None
    recipient_phone: str | None = None
    address: str | None = None
    province: str | None = None
    city: str | None = None
    buyer_message: str | None = None
    seller_note: str | None = None
    closed_reason: str | None = None
    tracking_number: str | None = None
    carrier: str | None = None
    identities: tuple[ForeignIdentity, ...] = field(default=())
    items: tuple[ForeignItem, ...] = field(default=())
    consents: tuple[ForeignConsent, ...] = field(default=())
    reviews: tuple[ForeignReview, ...] = field(default=())


@dataclass(slots=True)
class ForeignAddress:
    """Where somebody lives, as a list of people tells it."""

    address: str  # in one piece, as it is written
    province: str | None = None
    city: str | None = None
    recipient: str | None = None
    phone: str | None = None
    district: str | None = None


@dataclass(slots=True, kw_only=True)
class ForeignPerson:
    """One person of a list of people: what such a list knows beside orders. None: the file does not say."""

    row: int
    name: str | None = None
    gender: str | None = None  # female | male | other
    company: str | None = None
    occupation: str | None = None
    source: str | None = None
    entry_offer: str | None = None
    age_band: str | None = None  # one of base.ages.AGE_BANDS
    member_level: str | None = None
    birthday: Birthday | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    addresses: tuple[ForeignAddress, ...] = ()
    identities: tuple[ForeignIdentity, ...] = ()
    attributes: tuple[tuple[str, str, str], ...] = ()  # key, cell and column of what the trade keeps
    consents: tuple[ForeignConsent, ...] = ()


@dataclass(slots=True)
class Identities:
    """An identity of each order's buyer, by column; None where a row names nobody. See `ForeignIdentity`."""

    kind: str
    platform: str
    values: Sequence[str | None]
    displays: Sequence[str | None]
    deciding: Sequence[bool]

    def only(self, kept: Sequence[bool]) -> Identities:
        """Those in the places that are kept."""
        return Identities(
            self.kind, self.platform, list(compress(self.values, kept)), list(compress(self.displays, kept)),
            list(compress(self.deciding, kept)),
        )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Orders:
    """Many orders by column: a list each, in the same places; `kind`, `currency` and such may be one for all.

    The names are those of `ForeignOrder`. The rows are of one line each, so there are no items.
    """

    number: Sequence[str | None]
    row: Sequence[int]
    currency: Sequence[str] | str
    kind: Sequence[Kind] | Kind = Kind.ORDER
    store: Told[str] | str = None
    state: Told[OrderState] = None
    created_at: Told[int] = None
    paid_at: Told[int] = None
    shipped_at: Told[int] = None
    signed_at: Told[int] = None
    finished_at: Told[int] = None
    plain_dates: Sequence[int] | int = 0
    day: Told[int] = None
    paid: Told[int] = None
    refunded: Told[int] = None
    amounts_from_items: bool = False
    title: Told[str] = None
    units: Told[int] = None
    buyer_name: Told[str] = None
    recipient_name: Told[str] = None
    recipient_phone: Told[str] = None
    address: Told[str] = None
    province: Told[str] = None
    city: Told[str] = None
    buyer_message: Told[str] = None
    seller_note: Told[str] = None
    closed_reason: Told[str] = None
    tracking_number: Told[str] = None
    carrier: Told[str] = None
    identities: Sequence[Identities] = ()

    def columns(self) -> dict[str, Any]:
        """By field its list, or what holds for all; without what the file does not say."""
        return {name: told for name in _OF_ORDERS if (told := getattr(self, name)) is not None}

    def only(self, kept: Sequence[bool]) -> Self:
        """Those in the places that are kept."""
        left: dict[str, Any] = {
            name: list(compress(told, kept))
            for name, told in self.columns().items()
            if isinstance(told, Sequence) and not isinstance(told, str)
        }
        return replace(self, identities=[named.only(kept) for named in self.identities], **left)


_OF_ORDERS = tuple(each.name for each in fields(Orders) if each.name != "identities")
