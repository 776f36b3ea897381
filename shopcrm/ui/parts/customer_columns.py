"""The columns of the customer table: any field of the shop, each kind as it reads best, the usual ones by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from shopcrm.act import export
from shopcrm.act.customer_list import CustomerRow
from shopcrm.act.field_columns import PLACES, REGION
from shopcrm.act.fields import Field, Kind
from shopcrm.act.filters import DUE
from shopcrm.act.list_views import ColumnWidth
from shopcrm.base import region_words
from shopcrm.base.i18n import _
from shopcrm.base.money import decimal_text, format_money, minor_digits
from shopcrm.ui import theme, words
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.marks import badge_colours
from shopcrm.ui.kit.tables import Column

NOTHING: Final = "—"
SHORT: Final = ("name", "group", "net_total", "last_day")  # what is left beside an open card
_RIGHT: Final = (Kind.INT, Kind.NUMBER, Kind.DECIMAL, Kind.MONEY, Kind.DAYS)
_WIDTHS: Final = {
    Kind.TEXT: 120, Kind.IDENTIFIER: 136, Kind.INT: 84, Kind.NUMBER: 84, Kind.DECIMAL: 96, Kind.MONEY: 112,
    Kind.DATE: 112, Kind.DAYS: 96, Kind.PLATFORMS: 96, Kind.TEXTS: 150, Kind.BIRTHDAY: 120, Kind.GENDER: 70,
    Kind.CHANNELS: 130, Kind.FOLLOWED: 110,
}  # fmt: skip
_READS: Final[Mapping[str, tuple[str, ...]]] = {"phone": ("shown_phone",), REGION: ("province", "city")}


def keys_read(columns: Iterable[ColumnWidth]) -> tuple[str, ...]:
    """The fields that are read for some columns."""
    return tuple(key for column in columns for key in _READS.get(column.key, (column.key,)))


def copied_keys(columns: Iterable[ColumnWidth]) -> tuple[str, ...]:
    """The fields that are copied of some columns: a region as its parts."""
    return tuple(key for one in columns for key in (_READS[REGION] if one.key == REGION else (one.key,)))


def group_badge(painter: QPainter, rect: QRectF, key: str | None) -> None:
    """A group's badge in a cell."""
    if key is None:
        paint.text(painter, rect, NOTHING, ink=theme.current().colour("third"))
        return
    ink, fill = badge_colours(key)
    paint.badge(painter, rect, words.group(key), ink=ink, fill=fill)


def chips(painter: QPainter, rect: QRectF, texts: tuple[str, ...], colours: Mapping[str, str]) -> None:
    """Tags side by side, as many as fit."""
    left = rect.left()
    for text in texts:
        room = rect.right() - left
        if room < 24:
            break
        place = QRectF(left, rect.top(), room, rect.height())
        left += paint.chip(painter, place, text, colour=colours.get(text, "")) + 4


def amount(minor: int, *, currency: str) -> str:
    """An amount in a column that has the currency in its heading."""
    digits = minor_digits(currency)
    return f"{minor / 10**digits:,.{digits}f}" if abs(minor) < 10**15 else decimal_text(minor, currency=currency)


@dataclass
class CustomerColumns:
    """Makes the columns of a shop. `colours` of the tags are looked at when a cell is painted."""

    currency: str
    language: str
    today: date
    fields: Mapping[str, Field] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)

    def make(self, wanted: Iterable[ColumnWidth]) -> tuple[Column, ...]:
        """These columns, in this order; one whose width was drawn keeps it and stretches no more."""
        made = []
        for one in wanted:
            if one.key in self.fields:
                column = self._column(self.fields[one.key])
                made.append(replace(column, width=one.width, stretch=0) if one.width else column)
        return tuple(made)

    def title(self, key: str) -> str:
        """How a field is called above its column."""
        symbol = format_money(0, currency=self.currency, language=self.language).rstrip("0.,")
        usual = {
            "name": _("Customer"),
            "occasions": _("Times"),
            "net_total": _("Total {currency}").format(currency=symbol),
        }
        found = self.fields.get(key)
        return usual.get(key) or (found.heading if found is not None else key)

    def can_show(self, key: str) -> bool:
        """Whether a field is a column; the others are only asked about."""
        return key != DUE

    def _column(self, told: Field) -> Column:
        key = told.key
        usual = _USUAL.get(key)
        column = Column(
            key,
            self.title(key),
            self._text(told),
            width=_WIDTHS.get(told.kind, 120),
            stretch=1,
            right=told.kind in _RIGHT,
            tone="text" if told.kind in _RIGHT else "second",
            sortable=True,
        )
        if usual is not None:
            column = replace(column, **usual)
        if key == "tags":
            return replace(column, paint=lambda painter, rect, row: chips(painter, rect, row[key] or (), self.colours))
        if told.kind is Kind.GROUP:
            return replace(column, paint=lambda painter, rect, row: group_badge(painter, rect, row[key]))
        if told.kind is Kind.DATE:
            return replace(column, tooltip=lambda row: row[key].isoformat() if row[key] else "")
        return column

    def _text(self, told: Field) -> Callable[[CustomerRow], str]:
        key, kind = told.key, told.kind
        if key == REGION:
            return lambda row: words.place(row["province"], row["city"]) or NOTHING
        if key == "phone":
            return lambda row: words.phone(row["shown_phone"]) if row["shown_phone"] else NOTHING
        if key == "last_day":
            return lambda row: NOTHING if row[key] is None else words.days_ago((self.today - row[key]).days)
        if key == "name":
            return lambda row: row[key] or ""
        if key in PLACES:
            return lambda row: region_words.shown(row[key] or "") or NOTHING
        if kind is Kind.GROUP:
            return lambda row: words.group(row[key])
        if key == "tags":
            return lambda row: _(", ").join(row[key] or ())
        return lambda row: self._words(kind, row[key])

    def _words(self, kind: Kind, value: Any) -> str:
        if value is None or value == ():
            return NOTHING
        match kind:
            case Kind.MONEY:
                return amount(value, currency=self.currency)
            case Kind.DATE:
                return words.day(value, today=self.today)
            case Kind.INT | Kind.DAYS:
                return f"{value:,}"
            case Kind.NUMBER | Kind.DECIMAL:
                return f"{value:g}" if kind is Kind.NUMBER else f"{value:,}"
            case Kind.PLATFORMS:
                return _(", ").join(words.platform(key) for key in value)
            case Kind.TEXTS:
                return _(", ").join(value)
        return export.words(kind, value)


_USUAL: Final[Mapping[str, Mapping[str, Any]]] = {
    "name": {"width": 128, "stretch": 2, "bold": True, "tone": "text"},
    "group": {"width": 136},
    "sources": {"width": 96},
    "phone": {"width": 136, "stretch": 2},
    REGION: {"width": 112},
    "occasions": {"width": 70},
    "net_total": {"width": 112},
    "last_day": {"width": 112, "right": True},
    "tags": {"width": 120, "stretch": 2},
}
