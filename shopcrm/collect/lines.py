"""What a file tells in several places, gathered into orders: lines, their states, times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from shopcrm.collect.fields import Moment
from shopcrm.collect.foreign import STATE_RANK, Code, OrderState, Problem
from shopcrm.collect.purchases import CREATED_PLAIN, PAID_PLAIN

Line = TypeVar("Line")


class OrderLines(Generic[Line]):
    """Lines by order number. An order of which one line was refused waits as a whole: a part would count wrongly."""

    def __init__(self, number_column: str) -> None:
        self._number_column = number_column
        self._lines: dict[str, list[tuple[int, Line]]] = {}
        self._refused: set[str] = set()

    def add(self, number: str, *, row: int, line: Line) -> None:
        """Keep a line."""
        self._lines.setdefault(number, []).append((row, line))

    def forget(self, number: str) -> None:
        """Leave out the lines kept of an order: another tells it better."""
        self._lines.pop(number, None)

    def refuse(self, number: str) -> None:
        """Note that a line of this order could not be taken."""
        self._refused.add(number)

    def refused(self) -> Iterator[Problem]:
        """The good lines of orders that wait, as problems."""
        for number in self._refused:
            for row, _line in self._lines.pop(number, []):
                yield Problem(row, self._number_column, Code.INCOMPLETE_ORDER, number)

    def orders(self) -> Iterator[tuple[str, int, list[Line]]]:
        """Every whole order: number, row of its first line, lines. Forgets each as it goes, to spare memory."""
        for number in list(self._lines):
            lines = self._lines.pop(number)
            if number not in self._refused:
                yield number, lines[0][0], [line for _, line in lines]


def state_of_lines(states: Sequence[OrderState | None]) -> OrderState | None:
    """An order is as far as the last of its lines that are still alive; with none alive it is refunded or closed."""
    dead = (OrderState.CLOSED, OrderState.REFUNDED)
    alive = [state for state in states if state is not None and state not in dead]
    if alive:
        return min(alive, key=STATE_RANK.__getitem__)
    if OrderState.REFUNDED in states:
        return OrderState.REFUNDED
    return OrderState.CLOSED if OrderState.CLOSED in states else None


class Times(NamedTuple):
    """The times of an order as it is stored."""

    created_at: int | None
    paid_at: int | None
    shipped_at: int | None
    signed_at: int | None
    finished_at: int | None
    plain_dates: int
    day: int | None


def times(
    *,
    created: Moment | None = None,
    paid: Moment | None = None,
    shipped: Moment | None = None,
    signed: Moment | None = None,
    finished: Moment | None = None,
) -> Times:
    """What is stored of an order's times. One plain date among those after `created` makes all of them plain."""
    later = (paid, shipped, signed, finished)
    plain_later = any([moment.plain for moment in later if moment])  # noqa: C419  # a list is faster for so few
    paid_at, shipped_at, signed_at, finished_at = [
        (moment.day * 86_400 if plain_later else moment.seconds) if moment else None for moment in later
    ]
    plain = (CREATED_PLAIN if created and created.plain else 0) | (PAID_PLAIN if plain_later else 0)
    counted = paid or created
    return Times(
        created.seconds if created else None, paid_at, shipped_at, signed_at, finished_at,
        plain, counted.day if counted else None,
    )  # fmt: skip
