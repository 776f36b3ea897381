"""Instants, plain dates and the shop's zone. Stored: UTC seconds since 1970, and day numbers since 1970-01-01."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_

EPOCH: Final = date(1970, 1, 1)
Clock = Callable[[], datetime]


@dataclass(eq=False)
class UnknownTimeZone(UserFailure):
    """A time zone name that the system's list does not hold."""

    text: ClassVar[str] = N_("There is no time zone “{name}”. Write it like Asia/Shanghai.")
    name: str


def now() -> datetime:
    """The present instant, in UTC. The one place that reads the machine's clock."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The zone of that name, or `UnknownTimeZone`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZone(name) from error


def local_zone() -> str:
    """The name of the machine's zone; Asia/Shanghai when it does not say."""
    from babel.dates import get_timezone

    name = str(getattr(get_timezone(), "key", ""))
    try:
        return zone(name).key
    except UnknownTimeZone:
        return "Asia/Shanghai"


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_date(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(number))


def seconds(instant: datetime) -> int:
    """UTC seconds since 1970 of an aware datetime."""
    return int(instant.timestamp())


def instant(value: int) -> datetime:
    """The aware UTC datetime of stored seconds."""
    return datetime.fromtimestamp(value, UTC)


def day_of(value: int, *, tz: ZoneInfo, plain: bool = False) -> int:
    """The day number on which stored seconds fall in a zone; those of a plain date (`plain_seconds`) in none."""
    return value // 86_400 if plain else day_number(datetime.fromtimestamp(value, tz).date())


def day_begins(number: int, *, tz: ZoneInfo) -> int:
    """The stored seconds at which a day begins in a zone."""
    return seconds(datetime.combine(day_date(number), datetime.min.time(), tz))


def plain_seconds(day: date) -> int:
    """How a plain date (no time of day known) is stored in a column of seconds: its midnight in UTC."""
    return day_number(day) * 86_400
