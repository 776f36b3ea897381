"""The words for what can be wrong with a cell or a row of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shopcrm.base.i18n import N_, _
from shopcrm.collect.foreign import Code

WORDS: Final[Mapping[Code, str]] = {
    Code.SHORTENED_NUMBER: N_(
        "Excel has shortened this number to “{value}”; its last digits are lost. Export the file again "
        "and give it to ShopCRM without saving it in Excel."
    ),
    Code.MISSING_NUMBER: N_("The order number is missing."),
    Code.BAD_AMOUNT: N_("“{value}” is not an amount of money."),
    Code.BAD_DATE: N_("“{value}” is not a date that can be read. Write it like 2026-03-31 14:05:00."),
    Code.BAD_QUANTITY: N_("“{value}” is not a whole number."),
    Code.BAD_CURRENCY: N_("“{value}” is not a currency. Write its three letters, like CNY, GBP or USD."),
    Code.UNKNOWN_STATE: N_("The state “{value}” is not known. It was taken from the payment instead."),
    Code.NO_DATE: N_("The order has no date: neither when it was placed nor when it was paid."),
    Code.TOO_FEW_CELLS: N_("The row ends too early: cells are missing."),
    Code.DUPLICATE: N_("Order {value} stands more than once in this file. The row with the later state counts."),
    Code.DUPLICATE_LINE: N_("Line {value} of this order stands more than once in this file. It counts once."),
    Code.LEFT_OUT: N_("“{value}” was not read: its columns are not those of a known export."),
    Code.UNKNOWN_ORDER: N_("Order {value} is not known here yet. Import the order export, then this row again."),
    Code.UNKNOWN_REVIEWED: N_("Order {value} is not known here yet. Import its orders, then this review again."),
    Code.NOBODY: N_("There is neither a name nor a phone, e-mail or account in this row."),
    Code.BAD_BIRTHDAY: N_("“{value}” is not a birthday that can be read. Write it like 1990-03-05 or 3-5."),
    Code.BAD_ATTRIBUTE: N_("“{value}” does not fit “{column}”: no such choice, number or date. The rest was taken."),
    Code.BAD_CONSENT: N_("“{value}” in “{column}” says neither yes nor no. The rest was taken."),
    Code.BAD_STARS: N_("“{value}” in “{column}” says neither stars nor good or bad. The rest was taken."),
    Code.INCOMPLETE_ORDER: N_("Another line of order {value} could not be taken, so this one waits with it."),
}


def explain(code: Code | str, *, column: str = "", value: str = "") -> str:
    """The sentence for a problem in the current language. `column` is the header as the file wrote it."""
    return _(WORDS[Code(code)]).format(column=column, value=value)
