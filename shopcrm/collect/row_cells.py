"""One row of a file, read by field, where an adapter goes through a table row by row (C1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from shopcrm.base.money import to_minor
from shopcrm.collect import fields, fixes
from shopcrm.collect.fields import CellError, Columns, Moment
from shopcrm.collect.fixes import Ways
from shopcrm.collect.foreign import Code, Problem, Way

T = TypeVar("T")


class Cells:
    """One row, read by field; what cannot be read is noted in `problems` and counts as not said."""

    __slots__ = ("_columns", "_currency", "_told", "_ways", "_width", "_zone", "problems", "row")

    def __init__(
        self,
        row: int,
        cells: Sequence[str],
        *,
        columns: Columns,
        currency: str,
        zone: ZoneInfo,
        ways: Ways,
    ) -> None:
        self.row = row
        self.problems: list[Problem] = []
        self._width = len(cells)
        self._columns = columns
        self._told = columns.by_field(cells)
        self._currency = currency
        self._zone = zone
        self._ways = ways

    @property
    def rejected(self) -> bool:
        """Whether a problem keeps the row out."""
        return bool(self.problems) and any(problem.rejected for problem in self.problems)

    def ends_before(self, position: int) -> bool:
        """Whether the row is too short to reach a column, noted as a problem: it was cut off."""
        if self._width > position:
            return False
        self.problems.append(Problem(self.row, "", Code.TOO_FEW_CELLS))
        return True

    def raw(self, field: str) -> str:
        """The cell as the file wrote it."""
        return self._told.get(field, "")

    def text(self, field: str) -> str | None:
        """The cell's text."""
        raw = self._told.get(field)
        return (fields.value(raw) or None) if raw else None

    def decimals(self, field: str) -> Decimal | None:
        """An amount, exactly."""
        return self.read(field, fields.amount)

    def amount(self, field: str) -> int | None:
        """An amount in minor units."""
        found = self.decimals(field)
        return None if found is None else to_minor(found, currency=self._currency)

    def quantity(self, field: str, *, rejected: bool = True) -> int | None:
        """A number of pieces."""
        return self.read(field, fields.quantity, rejected=rejected)

    def moment(self, field: str, *, rejected: bool = True) -> Moment | None:
        """A date, with its time where the file has one."""
        return self.read(field, partial(fields.moment, zone=self._zone), rejected=rejected)

    def read(self, field: str, parse: Callable[[str], T | None], *, rejected: bool = True) -> T | None:
        """What a cell means by `parse`, which is not asked about an empty one."""
        raw = self._told.get(field)
        try:
            return parse(raw) if raw else None
        except CellError as bad:
            mended = fixes.read(raw or "", bad.code, self._ways.get((self._columns.name(field), bad.code), ()), parse)
            if mended is None:
                self.note(field, bad.code, rejected=rejected)
                return None
            self.note(field, bad.code, rejected=False, way=mended.way, became=mended.became)
            return mended.found

    def number(self, field: str, *, rejected: bool = True) -> str | None:
        """An identifier, refused when Excel has shortened it."""
        text = self.text(field)
        if text is not None and fields.is_shortened(text):
            self.note(field, Code.SHORTENED_NUMBER, rejected=rejected)
            return None
        return text

    def note(self, field: str, code: Code, *, rejected: bool = True, way: Way | None = None, became: str = "") -> None:
        """Remember what is wrong with a cell."""
        shown = fields.unescape(self.raw(field))
        name = self._columns.name(field)
        self.problems.append(Problem(self.row, name, code, shown, rejected=rejected, way=way, became=became))
