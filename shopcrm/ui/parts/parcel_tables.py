"""The two tables of the parcels page: what waits, and how long parcels take by place and carrier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from shopcrm.base import clock
from shopcrm.base.i18n import N_, _, n_
from shopcrm.base.titles import short_title
from shopcrm.mine import parcels
from shopcrm.mine.parcels import Expectations, Expected, Parcel, Told, Where
from shopcrm.ui import words
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.marks import badge_colours
from shopcrm.ui.kit.tables import Column

NOTHING: Final = "—"
TONES: Final = {parcels.STUCK: "bad", parcels.LATE: "warn", parcels.NOT_SENT: "info"}
_BY: Final = {
    parcels.PLACE_AND_CARRIER: N_("place and carrier"),
    parcels.PLACE: N_("the province"),
    parcels.CARRIER: N_("the carrier"),
    parcels.SHOP: N_("the whole shop"),
    parcels.DEFAULT: N_("not enough history"),
}


@dataclass(frozen=True)
class Line:
    """A row of how long parcels take."""

    where: Where
    told: Told
    expected: Expected


def lines(learnt: Expectations) -> list[Line]:
    """The whole shop, the carriers, then the provinces with the carriers that go there; most parcels first."""

    def order(where: Where) -> tuple[int, int, str, bool, int, str]:
        province, carrier = where
        of_place = 0 if province is None else learnt.told[province, None].parcels
        rank = 0 if where == (None, None) else 1 if province is None else 2
        return rank, -of_place, province or "", carrier is not None, -learnt.told[where].parcels, carrier or ""

    return [Line(where, learnt.told[where], learnt.of(*where)) for where in sorted(learnt.told, key=order)]


def by_words(by: str) -> str:
    """What says how long a parcel should take."""
    return _(_BY[by])


def parcel_columns(*, today: date, zone: ZoneInfo) -> tuple[Column, ...]:
    """The columns of what waits."""

    def badge(painter: QPainter, rect: QRectF, row: Parcel) -> None:
        ink, fill = badge_colours(TONES[row.kind])
        paint.badge(painter, rect, _(parcels.KINDS[row.kind]), ink=ink, fill=fill)

    def day(number: int | None) -> str:
        return NOTHING if number is None else words.day(clock.day_date(number), today=today)

    def heard(row: Parcel) -> str:
        if row.heard_at is None:
            return NOTHING
        return words.moment(clock.instant(row.heard_at).astimezone(zone), today=today)

    def sent(row: Parcel) -> str:
        if row.kind != parcels.NOT_SENT:
            return day(row.sent_day)
        return _("in part") if row.sent_day is not None else NOTHING

    def why(row: Parcel) -> str:
        if row.kind == parcels.NOT_SENT:
            return _("Paid on {day}; a paid order should leave within 48 hours.").format(day=day(row.paid_day))
        return _("Sent on {day}; expected by {what}.").format(day=day(row.sent_day), what=by_words(row.expected.by))

    return (
        Column("kind", _("State"), lambda row: _(parcels.KINDS[row.kind]), width=78, paint=badge),
        Column("days", _("Days / expected"), lambda row: f"{row.days} / {row.expected.days}", width=104, right=True,
               bold=True, tooltip=why),
        Column("customer", _("Customer"), lambda row: row.name or NOTHING, width=90, stretch=2),
        Column("place", _("Place"), lambda row: words.place(row.province, row.city) or NOTHING, width=110, stretch=2,
               tone="second"),
        Column("product", _("Product"), lambda row: short_title(row.product) or NOTHING, width=130, stretch=4,
               tone="second", tooltip=lambda row: row.product),
        Column("carrier", _("Carrier"), lambda row: row.carrier or NOTHING, width=84, stretch=1, tone="second"),
        Column("parcel", _("Parcel number"), lambda row: row.tracking_number or NOTHING, width=140, stretch=1),
        Column("order", _("Order"), lambda row: f"…{row.number[-6:]}", width=78, tone="second",
               tooltip=lambda row: row.number),
        Column("sent", _("Sent"), sent, width=76, tone="second"),
        Column("heard", _("Last heard"), heard, width=100, tone="second"),
    )  # fmt: skip


def transit_columns() -> tuple[Column, ...]:
    """The columns of how long parcels take."""

    def place(row: Line) -> str:
        province, carrier = row.where
        if province is not None:
            return words.place(province, None) or province
        return _("Whole shop") if carrier is None else _("All places")

    def days(count: int) -> str:
        return n_("{n} day", "{n} days", count).format(n=count)

    return (
        Column("place", _("Place"), place, width=140, stretch=2, bold=True),
        Column("carrier", _("Carrier"), lambda row: row.where[1] or _("All carriers"), width=140, stretch=2),
        Column("parcels", _("Number of parcels"), lambda row: f"{row.told.parcels:,}", width=90, stretch=1, right=True),
        Column("median", _("Half of them within"), lambda row: days(row.told.median), width=120, stretch=1, right=True),
        Column("expected", _("Expected"), lambda row: days(row.expected.days), width=100, stretch=1, right=True,
               bold=True),
        Column("by", _("Known by"), lambda row: by_words(row.expected.by), width=150, stretch=2, tone="second"),
    )  # fmt: skip
