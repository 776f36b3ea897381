"""Money is an integer of minor units plus a currency; text goes in and out at the edges only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import ClassVar

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_


@dataclass(eq=False)
class UnknownCurrency(UserFailure):
    """A currency code that ISO 4217 does not hold."""

    text: ClassVar[str] = N_("There is no currency “{code}”. Write its three letters, like CNY, GBP or USD.")
    code: str


@cache
def minor_digits(currency: str) -> int:
    """Decimal places of a currency (CNY 2, JPY 0), by ISO 4217 as CLDR has it."""
    from babel.numbers import get_currency_precision, is_currency

    if not is_currency(currency):
        raise UnknownCurrency(currency)
    return int(get_currency_precision(currency))


@lru_cache(maxsize=16_384)
def to_minor(amount: Decimal, *, currency: str) -> int:
    """Minor units of a decimal amount, half rounded up (away from zero)."""
    return int(amount.scaleb(minor_digits(currency)).to_integral_value(ROUND_HALF_UP))


def to_decimal(minor: int, *, currency: str) -> Decimal:
    """The exact decimal amount of minor units, with the currency's places."""
    return Decimal(int(minor)).scaleb(-minor_digits(currency))


def decimal_text(minor: int, *, currency: str) -> str:
    """The amount as a plain decimal string: `8911407.90`."""
    return f"{to_decimal(minor, currency=currency):f}"


def divide(minor: int, by: int) -> int:
    """An average in minor units, half rounded up. `by` > 0."""
    return int((Decimal(int(minor)) / by).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@cache
def _symbol(currency: str, locale: str) -> str:
    from babel.numbers import get_currency_symbol

    return "¥" if currency == "CNY" else str(get_currency_symbol(currency, locale))


def format_money(minor: int, *, currency: str, language: str = "en") -> str:
    """The amount as people read it: `¥4,286.50`, `−£12.00`."""
    value = to_decimal(minor, currency=currency)
    sign = "−" if value < 0 else ""
    return f"{sign}{_symbol(currency, language)}{abs(value):,f}"
