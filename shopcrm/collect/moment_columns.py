"""Columns of dates read at once (C1): nearly all cells are written in the usual way, the odd ones are read singly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from shopcrm.collect import fields
from shopcrm.collect.fields import Moment
from shopcrm.collect.purchases import CREATED_PLAIN, PAID_PLAIN

_DAY_S: Final = 86_400


class MomentColumn(NamedTuple):
    """By place when it was; None in both lists where the cell says nothing. `plain`: places without a time of day."""

    seconds: list[int | None]  # UTC; of a plain date its midnight in UTC
    days: list[int | None]  # in the shop's zone
    plain: frozenset[int]


class TimeColumns(NamedTuple):
    """The times of many orders as they are stored, by the names of `Orders`."""

    created_at: list[int | None] | None
    paid_at: list[int | None] | None
    shipped_at: list[int | None] | None
    signed_at: list[int | None] | None
    finished_at: list[int | None] | None
    plain_dates: list[int] | int
    day: list[int | None] | None


class MomentReader:
    """Reads columns of one file, and keeps which days and times of day it has met."""

    def __init__(self, zone: ZoneInfo, *, usual: bool = True) -> None:
        """`usual`: dates are written in the usual way, not by a format of their own."""
        self._usual = usual
        self._days = _Days(zone)
        self._clocks = _Clocks()

    def read(self, cells: Sequence[str], odd: Callable[[int], Moment | None]) -> MomentColumn:
        """What a column says. `odd` reads the cell in a place that is not written in the usual way."""
        told = cells if self._usual else [""] * len(cells)
        days = list(map(self._days.__getitem__, [cell[:10] for cell in told]))
        clocks = list(map(self._clocks.__getitem__, [cell[10:] for cell in told]))
        seconds = [
            None if day is None or clock is None else day[0] + clock for day, clock in zip(days, clocks, strict=True)
        ]
        numbers = [None if day is None else day[1] for day in days]
        plain = []
        for place in [at for at, second in enumerate(seconds) if second is None and cells[at]]:
            moment = odd(place)
            seconds[place], numbers[place] = (moment.seconds, moment.day) if moment else (None, None)
            if moment and moment.plain:
                plain.append(place)
        return MomentColumn(seconds, numbers, frozenset(plain))


class _Days(dict[str, "tuple[int, int] | None"]):
    """Midnight and number of the days met so far. What is no day is asked again."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self[""] = None

    def __missing__(self, text: str) -> tuple[int, int] | None:
        found = fields.even_day(text, self._zone)
        if found is not None:
            self[text] = found
        return found


class _Clocks(dict[str, "int | None"]):
    """Seconds since midnight of the times met so far. What is no time is asked again."""

    def __init__(self) -> None:
        self[""] = None

    def __missing__(self, text: str) -> int | None:
        found = fields.usual_clock(text)
        if found is not None:
            self[text] = found
        return found


def stored(created: MomentColumn | None, later: Sequence[MomentColumn | None]) -> TimeColumns:
    """What is stored of orders' times, as `lines.times` does it for one. `later`: paid, shipped, signed, finished."""
    plain_later = frozenset[int]().union(*[column.plain for column in later if column])
    paid_at, shipped_at, signed_at, finished_at = [column and _evenly(column, plain_later) for column in later]
    counted = created.days if created else None
    if later[0] is not None:
        paid = later[0].days
        counted = paid if counted is None else [a if a is not None else b for a, b in zip(paid, counted, strict=True)]
    plain: list[int] | int = 0
    if plain_later or (created and created.plain):
        plain = [0] * max(len(column.days) for column in (created, *later) if column)
        for place in created.plain if created else ():
            plain[place] = CREATED_PLAIN
        for place in plain_later:
            plain[place] |= PAID_PLAIN
    return TimeColumns(
        created.seconds if created else None, paid_at, shipped_at, signed_at, finished_at, plain, counted
    )


def _evenly(column: MomentColumn, plain: frozenset[int]) -> list[int | None]:
    """The seconds, in some places of the day only."""
    if not plain:
        return column.seconds
    seconds = list(column.seconds)
    for place in plain:
        day = column.days[place]
        seconds[place] = None if day is None else day * _DAY_S
    return seconds
