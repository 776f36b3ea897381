"""The columns of customer lists: how a `CustomerRow` reads in a table."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from shopcrm.act.customer_list import CustomerRow
from shopcrm.base.i18n import _
from shopcrm.base.money import decimal_text, format_money, minor_digits
from shopcrm.ui import theme, words
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.marks import badge_colours
from shopcrm.ui.kit.tables import Column

NOTHING: Final = "—"
SHORT: Final = ("name", "group", "net_total", "last_day")  # what is left beside an open card


def group_badge(painter: QPainter, rect: QRectF, key: str | None) -> None:
    """A group's badge in a cell."""
    if key is None:
        paint.text(painter, rect, NOTHING, ink=theme.current().colour("third"))
        return
    ink, fill = badge_colours(key)
    paint.badge(painter, rect, words.group(key), ink=ink, fill=fill)


def chips(painter: QPainter, rect: QRectF, texts: tuple[str, ...]) -> None:
    """Tags side by side, as many as fit."""
    left = rect.left()
    for text in texts:
        room = rect.right() - left
        if room < 24:
            break
        left += paint.chip(painter, QRectF(left, rect.top(), room, rect.height()), text) + 4


def amount(minor: int, *, currency: str) -> str:
    """An amount in a column that has the currency in its heading."""
    digits = minor_digits(currency)
    return f"{minor / 10**digits:,.{digits}f}" if abs(minor) < 10**15 else decimal_text(minor, currency=currency)


def customer_columns(*, currency: str, language: str, today: date) -> tuple[Column, ...]:
    """All columns of the customer table, in their usual order."""
    symbol = format_money(0, currency=currency, language=language).rstrip("0.,")

    def since(row: Any) -> str:
        return NOTHING if row.last_day is None else words.days_ago((today - row.last_day).days)

    def phone(row: CustomerRow) -> str:
        return words.phone(row.phone) if row.phone else NOTHING

    def place(row: CustomerRow) -> str:
        return words.place(row.province, row.city) or NOTHING

    def sources(row: CustomerRow) -> str:
        return _(", ").join(words.platform(key) for key in row.sources) or NOTHING

    return (
        Column("name", _("Customer"), lambda row: row.name, width=128, stretch=2, bold=True, sortable=True),
        Column(
            "group", _("Group"), lambda row: words.group(row.group), width=136, stretch=1, sortable=True,
            paint=lambda painter, rect, row: group_badge(painter, rect, row.group),
        ),
        Column("sources", _("Bought on"), sources, width=96, stretch=1, tone="second"),
        Column("phone", _("Phone"), phone, width=136, stretch=2, tone="second"),
        Column("region", _("Region"), place, width=112, stretch=1, tone="second", sortable=True),
        Column(
            "occasions", _("Times"), lambda row: f"{row.occasions:,}", width=70, stretch=1, right=True, sortable=True
        ),
        Column(
            "net_total", _("Total {currency}").format(currency=symbol),
            lambda row: amount(row.net_total, currency=currency), width=112, stretch=1, right=True, sortable=True,
        ),
        Column(
            "last_day", _("Last purchase"), since, width=112, stretch=1, right=True, tone="second", sortable=True,
            tooltip=lambda row: row.last_day.isoformat() if row.last_day else "",
        ),
        Column(
            "tags", _("Tags"), lambda row: _(", ").join(row.tags), width=120, stretch=2,
            paint=lambda painter, rect, row: chips(painter, rect, row.tags),
        ),
    )  # fmt: skip
