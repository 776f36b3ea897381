"""What the rows of an order say of it as a whole: who bought, when, where to (C1, C2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from shopcrm.base import clock, emails, phone, region, region_columns
from shopcrm.base.money import UnknownCurrency, minor_digits
from shopcrm.base.region import Region
from shopcrm.base.text import fold, is_ciphertext, is_masked
from shopcrm.collect import fields
from shopcrm.collect.blocks import Block
from shopcrm.collect.fields import CellError, Moment
from shopcrm.collect.foreign import Code, ForeignIdentity
from shopcrm.collect.lines import Times, times

if TYPE_CHECKING:  # the platforms, which are read by this module
    from shopcrm.collect.platforms.adapter import ReadSettings

_NOTHING: Final = Decimal(0)
_GUEST: Final = "0"  # shop systems' number of a customer without an account
_NOWHERE: Final = Region()
_WHOLE: Final = re.compile(r"([0-9]+)\.0+")


class Head(NamedTuple):
    """What the rows of an order say of it as a whole."""

    times: Times
    total: Decimal | None
    adjusted_total: Decimal | None
    currency: str
    store: str | None
    buyer_name: str | None
    recipient_name: str | None
    phone: str | None
    address: str | None
    province: str | None
    city: str | None
    goods: str | None
    buyer_message: str | None
    seller_note: str | None
    closed_reason: str | None
    tracking_number: str | None
    carrier: str | None
    identities: tuple[ForeignIdentity, ...]


class _Who(NamedTuple):
    """A cell that may name somebody, and the identity in it if there is one."""

    written: str
    identity: ForeignIdentity | None


class HeadReader:
    """Reads heads out of blocks; what it makes of a text is remembered from block to block."""

    def __init__(
        self,
        platform: str,
        settings: ReadSettings,
        *,
        currency: str,
        decimal: str,
        identifier: Callable[[str], Callable[[str], str | None]],
        dated_number: Callable[[str], date | None] | None = None,
        undated: bool = False,
    ) -> None:
        """`identifier` gives the parser of a field's identifiers, `dated_number` the day in an order's number."""
        self.dated_number: Final = dated_number
        self.undated: Final = undated  # such files tell no dates
        self.currency: Final = currency
        self.amount: Final = partial(fields.amount, decimal=decimal)
        self.who: Final = {
            name: partial(read, identifier(name), platform, settings.region) for name, read in _WHO.items()
        }

    def of(self, block: Block) -> Heads:
        """The heads that begin in a block."""
        return Heads(self, block)


class Heads:
    """The heads of the orders that begin in a block, by row."""

    def __init__(self, reader: HeadReader, block: Block) -> None:
        columns = block.columns
        self._block = block
        self._usual_currency = reader.currency
        self._dated_number = reader.dated_number
        self._undated = reader.undated
        self._who = {
            name: block.read(name, parse, rejected=False) for name, parse in reader.who.items() if name in columns
        }
        self._texts = {
            name: block.read(name, _place if name in _PLACES else _readable) for name in _TEXTS if name in columns
        }
        self._where = block.read("address", _where)
        self._moments = {name: block.moments(name, rejected=name in _COUNTED) for name in _MOMENTS if name in columns}
        self._totals = [block.read(name, reader.amount) for name in _TOTALS if name in columns]
        self._adjusted = block.read("adjusted_total", reader.amount)
        self._currencies = block.read("currency", currency)
        self._parcels = block.read("tracking_number", fields.tracking_number, rejected=False)

    def _day_in_number(self, place: int) -> Moment | None:
        """The day that stands in the order's number, where the platform writes it there."""
        if self._dated_number is None:
            return None
        number = fields.value(self._block.raw("number")[place])
        day = self._dated_number(number) if number else None
        return None if day is None else Moment(clock.plain_seconds(day), clock.day_number(day), plain=True)

    @property
    def payments(self) -> Sequence[Moment | None]:
        """By row when it was paid."""
        return self._moments.get("paid_at") or [None] * len(self._block)

    def at(self, place: int) -> Head:
        """The head of the order that begins at a row."""
        moments = {name.removesuffix("_at"): found[place] for name, found in self._moments.items()}
        if not moments.get("created") and not moments.get("paid"):
            moments["created"] = self._day_in_number(place)
            if moments["created"] is None and not self._undated and not self._block.rejected(place):
                self._block.note(place, "created_at", Code.NO_DATE, rejected=False)
        when = times(**moments)
        told = {name: text for name, texts in self._texts.items() if (text := texts[place]) is not None}
        where = self._where[place] or _NOWHERE
        province, city = region_columns.placed(
            told.get("province", ""), told.get("city", ""), told.get("country", ""), written=where.province
        )
        totals = [total for found in self._totals if (total := found[place]) is not None]
        phones = (self._who[name][place] for name in ("phone", "phone_else", "buyer_phone") if name in self._who)
        return Head(
            when,
            sum(totals, _NOTHING) if totals else None,
            self._adjusted[place],
            self._currencies[place] or self._usual_currency,
            told.get("store"),
            told.get("buyer_name") or _full_name(told, "buyer"),
            told.get("recipient_name") or _full_name(told, "recipient"),
            next((who.written for who in phones if who is not None), None),
            region.composed(told) or None,
            province,
            city or where.city,
            told.get("goods"),
            told.get("buyer_message"),
            told.get("seller_note"),
            told.get("closed_reason"),
            self._parcels[place],
            told.get("carrier"),
            self.identities(place),
        )

    def identities(self, place: int) -> tuple[ForeignIdentity, ...]:
        """Whoever a row names, the first of them deciding."""
        found: list[ForeignIdentity] = []
        for cells in self._who.values():
            who = cells[place]
            if who is not None and (one := who.identity) is not None:
                if not found:
                    found.append(replace(one, deciding=True))
                elif all((one.kind, one.value) != (known.kind, known.value) for known in found):
                    found.append(one)
        return tuple(found)


_PARTS: Final = ("province", "city", "district", "street")
_PLACES: Final = (*_PARTS, "zip", "country")
_TOTALS: Final = ("order_total", "order_total_more")
_TEXTS: Final = (
    "store", "buyer_name", "buyer_first", "buyer_last", "recipient_name", "recipient_first", "recipient_last",
    "address", *_PARTS, "zip", "country", "goods", "buyer_message",
    "seller_note", "closed_reason", "carrier",
)  # fmt: skip
_COUNTED: Final = ("created_at", "paid_at")  # an order without them counts wrongly
_MOMENTS: Final = ("created_at", "paid_at", "shipped_at", "signed_at", "finished_at")


def _full_name(told: Mapping[str, str], whose: str) -> str | None:
    return " ".join(filter(None, (told.get(f"{whose}_first"), told.get(f"{whose}_last")))) or None


def _readable(cell: str) -> str | None:
    """A text that says something to people."""
    text = fields.value(cell)
    return None if not text or is_ciphertext(text) else text


def _place(cell: str) -> str | None:
    """The name of a place; a hidden one is none."""
    text = fields.value(cell)
    return None if not text or is_masked(text) else text


def _where(cell: str) -> Region:
    return region.parse(fields.value(cell))


def currency(cell: str) -> str | None:
    """The currency of an order.

    Raises:
        CellError: there is none of that name.
    """
    code = fields.value(cell).upper()
    if not code:
        return None
    try:
        minor_digits(code)
    except UnknownCurrency:
        raise CellError(Code.BAD_CURRENCY) from None
    return code


def whole(cell: str) -> str | None:
    """An identifier that may have gone through a spreadsheet as a number: 17850.0 means 17850."""
    text = fields.number(cell)
    found = _WHOLE.fullmatch(text) if text is not None else None
    return found[1] if found else text


def _buyer(parse: Callable[[str], str | None], platform: str, _country: str, cell: str) -> _Who | None:
    return _named("buyer_id", parse(cell), platform)


def _wechat(parse: Callable[[str], str | None], platform: str, _country: str, cell: str) -> _Who | None:
    return _named("wechat", parse(cell), platform)


def _named(kind: str, written: str | None, platform: str) -> _Who | None:
    if written is None or written == _GUEST:
        return None
    if is_masked(written):
        return _Who(written, None)
    return _Who(written, ForeignIdentity(kind, platform, fold(written), written, deciding=False))


def _email(parse: Callable[[str], str | None], platform: str, _country: str, cell: str) -> _Who | None:
    written = parse(cell)
    if written is None:
        return None
    address = emails.normalise(written)
    return _Who(written, ForeignIdentity("email", platform, address, written, deciding=False) if address else None)


def _phone(parse: Callable[[str], str | None], platform: str, country: str, cell: str) -> _Who | None:
    written = parse(cell)
    if written is None:
        return None
    if is_ciphertext(written):
        return None
    number = phone.normalise(written, region=country)
    return _Who(written, ForeignIdentity("phone", platform, number, written, deciding=False) if number else None)


# In the order in which they decide.
_WHO: Final[Mapping[str, Callable[..., _Who | None]]] = {
    "buyer_id": _buyer, "email": _email, "wechat": _wechat,
    "buyer_phone": _phone, "phone": _phone, "phone_else": _phone,
}  # fmt: skip
