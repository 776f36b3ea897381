"""How a condition of the customer list reads: its field, what is asked, and of what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from shopcrm.act import export
from shopcrm.act.field_columns import PLACES
from shopcrm.act.fields import GENDERS, Field, Kind
from shopcrm.act.filters import DUE, Condition, Test, Told
from shopcrm.base import i18n, region_words
from shopcrm.base.i18n import N_, _, n_
from shopcrm.base.money import decimal_text
from shopcrm.ui import words
from shopcrm.ui.parts.customer_columns import CustomerColumns

TESTS: Final[Mapping[Test, str]] = {
    Test.CONTAINS: N_("contains"),
    Test.LACKS: N_("does not contain"),
    Test.IS: N_("is exactly"),
    Test.ANY: N_("is one of"),
    Test.NONE: N_("is none of"),
    Test.BETWEEN: N_("is between"),
    Test.LAST_DAYS: N_("within the last days"),
    Test.OLDER: N_("so many days ago or longer"),
    Test.NEXT_DAYS: N_("within the next days"),
    Test.THIS_MONTH: N_("this month"),
    Test.FILLED: N_("is filled"),
    Test.EMPTY: N_("is empty"),
}
_MOST: Final = 3  # values named on a chip


def test(field: Field, asked: Test) -> str:
    """What is asked of a field."""
    if field.key == DUE:
        return _("yes") if asked is Test.FILLED else _("no")
    return _(TESTS[asked])


def value(field: Field, told: Told) -> str:
    """One value of a condition as people read it."""
    if told is None:
        return ""
    if field.key in PLACES:
        return region_words.shown(str(told))
    match field.kind:
        case Kind.GROUP:
            return words.group(str(told))
        case Kind.PLATFORMS:
            return words.platform(str(told))
        case Kind.CHANNELS | Kind.FOLLOWED:
            return export.words(field.kind, (str(told),))
        case Kind.GENDER:
            return _(GENDERS[str(told)]) if str(told) in GENDERS else str(told)
        case Kind.BIRTHDAY:
            return month(int(told))
    return str(told)


def month(number: int) -> str:
    """A month by its name."""
    from babel.dates import format_date

    return format_date(date(2026, number, 1), "LLLL", locale=i18n.language())


def chip(condition: Condition, columns: CustomerColumns) -> str:
    """A condition in few words; a field that is gone by its key."""
    field = columns.fields.get(condition.field)
    if field is None:
        return condition.field
    title = field.heading
    if field.key == DUE:
        return title if condition.test is Test.FILLED else _("not: {what}").format(what=title)
    match condition.test:
        case Test.FILLED | Test.EMPTY | Test.THIS_MONTH:
            return f"{title} {test(field, condition.test)}"
        case Test.BETWEEN:
            return f"{title} {_range(field, condition, columns)}"
        case Test.LAST_DAYS | Test.OLDER | Test.NEXT_DAYS:
            return f"{title} {_days(condition)}"
    told = [value(field, one) for one in condition.values]
    shown = _(", ").join(told[:_MOST]) + ("…" if len(told) > _MOST else "")
    if condition.test is Test.ANY:
        return f"{title}: {shown}"
    return f"{title} {test(field, condition.test)} {shown}"


def _days(condition: Condition) -> str:
    count = int(condition.values[0] or 0) if condition.values else 0
    said = {
        Test.LAST_DAYS: n_("in the last {n} day", "in the last {n} days", count),
        Test.OLDER: n_("{n} day ago or longer", "{n} days ago or longer", count),
        Test.NEXT_DAYS: n_("in the next {n} day", "in the next {n} days", count),
    }
    return said[condition.test].format(n=f"{count:,}")


def _range(field: Field, condition: Condition, columns: CustomerColumns) -> str:
    low, high = (_end(field, one, columns) for one in (*condition.values, None, None)[:2])
    if low and high:
        return low if low == high else f"{low} – {high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else _("is filled")


def _end(field: Field, told: Told, columns: CustomerColumns) -> str:
    if told is None or told == "":
        return ""
    if field.kind is Kind.MONEY:
        return decimal_text(int(told), currency=columns.currency)
    return str(told) if isinstance(told, str) else f"{told:g}"
