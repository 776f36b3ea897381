"""What the columns of an unknown table are, guessed from their names and from what stands in them (C2). Pure.

A name that is known counts most, then one that holds a known name, then the content alone. A guess by name is given
up where the content speaks against it: a column called 时间 that holds "in the morning" is no date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from shopcrm.base.text import fold, is_masked
from shopcrm.collect import fields
from shopcrm.collect.column_names import FIELDS_BY_NAME, NAMES, OF_PEOPLE, STATE_WORDS
from shopcrm.collect.fields import CellError, fold_header
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.review_words import is_stars

LOOKED_AT: Final = 200  # rows
STATES_ASKED: Final = 12  # distinct words of a state column that are asked about
_ENOUGH: Final = 0.8  # of the filled cells
_SOME: Final = 0.6

Rows = Sequence[Sequence[str]]

MOBILE: Final = re.compile(r"(?:\+?86|0086)?[ -]?1[3-9][0-9]{9}(?:\.0+)?")
PHONE: Final = re.compile(r"[+(]?[0-9*][0-9*()\s./-]{5,18}[0-9*](?:[-xX转][0-9]{1,6})?")
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")
_NUMBER: Final = re.compile(r"[#A-Za-z]{0,6}[-_]?[0-9][0-9A-Za-z_-]{3,}")
_MONEY: Final = re.compile(r"[¥￥$€£]?\s?-?[0-9.,]*[0-9][.,][0-9]{1,2}\s?[元€]?|[¥￥$€£]\s?[0-9]+|[0-9]+元")
_COMMA: Final = re.compile(r"[^0-9]*-?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+),[0-9]{1,2}[^0-9]*")
_POINT: Final = re.compile(r"[^0-9]*-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\.[0-9]{1,2}[^0-9]*")
_LIKE_A_DATE: Final = re.compile(
    r"[0-9]{1,2}[./\- ][0-9A-Za-z]{1,9}[./\- ][0-9]{2}|[A-Z][a-z]{2,8} [0-9]{1,2}, [0-9]{4}"
)
_WHOLE: Final = re.compile(r"[0-9]+\.0+")
_BRACKETS: Final = re.compile(r"\(.*?\)$")
_NO_SALE: Final = re.compile(r"优惠|折扣|运费|邮费|服务费|手续费|税|折讓|運費|discount|coupon|shipping|tax|fee|fees")
_OTHERS: Final = re.compile(
    r"评价人|评论人|评价者|評價者|reviewer|review (?:id|url|link|title)"
    r"|配送员|达人|带货|主播|导购|推荐人|仓库|退货地址|退货联系人|courier|warehouse|referr"
)  # no buyers
_FOLDED: Final = {wanted: tuple(map(fold_header, names)) for wanted, names in NAMES.items()}
_ANY_ZONE: Final = ZoneInfo("UTC")

_TIMES: Final = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S")
DAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "day_first": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d %b %Y", "%d-%b-%Y"),
    "month_first": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y", "%b %d, %Y", "%B %d, %Y"),
}
USUAL: Final = "usual"  # the ways that are read without being told


@dataclass(frozen=True)
class Guess:
    """What a table seems to say. `fields` by the place of a column."""

    fields: Mapping[int, str]
    rule: str  # as `mapping_file.Amounts.rule`
    decimal: str
    dates: Mapping[str, tuple[str, ...]]  # the ways in which its dates can be read, the likeliest first: formats
    states: Mapping[str, OrderState | None]  # by word, as written; None: not known
    whole_numbers: tuple[str, ...] = field(default=())  # fields whose 17850.0 means 17850


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a row names columns: two that are known, or most of its cells."""
    return sum(fold_header(cell) in FIELDS_BY_NAME or fold_header(cell) in OF_PEOPLE for cell in cells) >= 2


def guess(header: Sequence[str], rows: Rows) -> Guess:
    """What a table with this header and these first rows says."""
    columns = [_Column(name, place, rows) for place, name in enumerate(header)]
    found = _assigned(columns)
    rule = _rule(found, {name: place for place, name in found.items()}, columns)
    return replace(look(found, header, rows), rule=rule)


def look(found: Mapping[int, str], header: Sequence[str], rows: Rows) -> Guess:
    """What the columns of these fields hold: how their dates, amounts, states and identifiers are written."""
    columns = [_Column(name, place, rows) for place, name in enumerate(header)]
    by_field = {name: place for place, name in found.items()}
    moments = [value for name in DATE_FIELDS if name in by_field for value in columns[by_field[name]].filled]
    state = columns[by_field["state"]].filled if "state" in by_field else []
    return Guess(
        fields=found,
        rule="lines",
        decimal=_decimal([columns[place] for place, name in found.items() if name in AMOUNT_FIELDS]),
        dates=date_readings(moments),
        states={word: STATE_WORDS.get(fold(word)) for word in list(dict.fromkeys(state))[:STATES_ASKED]},
        whole_numbers=whole_numbers(found, rows),
    )


DATE_FIELDS: Final = ("created_at", "paid_at", "shipped_at", "signed_at", "finished_at", "review_at")
AMOUNT_FIELDS: Final = ("price", "line_total", "order_total", "refunded")


def date_readings(cells: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The ways in which these dates can be read, by `usual`, `day_first`, `month_first`; the likeliest first.

    Where the usual ways do, there is no other. Of two that do the day stands first, as in most of the world.
    """
    cells = [cell for cell in map(fields.value, cells) if cell]
    found: dict[str, tuple[str, ...]] = {USUAL: ()}
    for key, days in DAYS.items():
        every = (day + time for day in days for time in _TIMES)
        formats = tuple(wanted for wanted in every if any(_reads(cell, (wanted,)) for cell in cells))
        if formats:
            found[key] = formats
    shares = {key: sum(_reads(cell, formats) for cell in cells) for key, formats in found.items()}
    best = max(shares.values())
    return {USUAL: ()} if shares[USUAL] == best else {key: found[key] for key in found if shares[key] == best}


def whole_numbers(found: Mapping[int, str], rows: Rows) -> tuple[str, ...]:
    """The identifiers that a spreadsheet has turned into 17850.0."""
    wanted = [(place, name) for place, name in found.items() if name in ("number", "line_number", "buyer_id", "phone")]
    return tuple(
        name
        for place, name in wanted
        if (cells := [row[place] for row in rows if place < len(row) and row[place]])
        and all(_WHOLE.fullmatch(cell) for cell in cells)
    )


class _Column:
    """A column and what fills it."""

    def __init__(self, name: str, place: int, rows: Rows) -> None:
        self.place = place
        self.name = fold_header(name)
        self.cells = [fields.value(row[place]) if place < len(row) else "" for row in rows[:LOOKED_AT]]
        self.filled = [cell for cell in self.cells if cell]

    def share(self, test: Callable[[str], object]) -> float:
        """How many of the filled cells pass, 0 to 1."""
        return _share(self.filled, test)

    @property
    def distinct(self) -> float:
        """How many of the filled cells differ from each other, 0 to 1."""
        return len(set(self.filled)) / len(self.filled) if self.filled else 0.0


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0


def _assigned(columns: Sequence[_Column]) -> dict[int, str]:
    """Each field to the column that claims it best, each column to one field."""
    names = [column.name for column in columns]
    claims = [
        (score, column.place, wanted)
        for column in columns
        if column.name and names.index(column.name) == column.place  # of two of one name the first is read
        for score, wanted in _claims(column)
    ]
    found: dict[int, str] = {}
    for _score, place, wanted in sorted(claims, key=lambda claim: (-claim[0], claim[1])):
        if place not in found and wanted not in found.values():
            found[place] = wanted
    return dict(sorted(found.items()))


def _claims(column: _Column) -> list[tuple[float, str]]:
    """(how sure, field) of all that a column may be."""
    result: list[tuple[float, str]] = []
    exact = FIELDS_BY_NAME.get(column.name)
    if exact is not None and _fits(column, exact[0]):
        return [(100 - exact[1], exact[0])]
    for wanted, names in _FOLDED.items():
        if (wanted in AMOUNT_FIELDS and _NO_SALE.search(column.name)) or _OTHERS.search(column.name):
            continue
        held = [len(name) - rank / 100 for rank, name in enumerate(names) if _holds(column.name, name)]
        if held and _fits(column, wanted):
            result.append((20 + max(held), wanted))
    result += [(score, wanted) for wanted, score in _by_content(column).items()]
    return result


def _holds(name: str, known: str) -> bool:
    """Whether a header has a known name in it. In Chinese the last word says what it is: 收货人省份 is a province."""
    if known.isascii():
        return len(known) >= 4 and known in name
    return len(known) >= 2 and _BRACKETS.sub("", name).endswith(known)


def _by_content(column: _Column) -> dict[str, float]:
    if len(column.filled) < 2:
        return {}
    found: dict[str, float] = {}
    if column.share(MOBILE.fullmatch) >= _SOME:
        found["phone"] = 15
    elif column.share(EMAIL.fullmatch) >= _SOME:
        found["email"] = 15
    elif column.share(_is_date) >= _ENOUGH:
        found["created_at"] = 10
    elif column.share(lambda cell: fold(cell) in STATE_WORDS) >= _SOME:
        found["state"] = 10
    elif column.share(_MONEY.fullmatch) >= _ENOUGH:
        found["order_total"] = 5
    elif column.share(_NUMBER.fullmatch) >= _ENOUGH and column.distinct >= 0.3:
        found["number"] = 5 + column.distinct
    return found


def _fits(column: _Column, wanted: str) -> bool:
    """Whether what fills a column can be that; an empty one may be anything."""
    if not column.filled:
        return True
    if wanted in DATE_FIELDS:
        return column.share(_is_date) >= _SOME
    if wanted in AMOUNT_FIELDS:
        return column.share(_is_amount) >= _SOME
    if wanted == "quantity":
        return column.share(_is_quantity) >= _SOME
    if wanted == "phone":
        return column.share(PHONE.fullmatch) >= _SOME or column.share(is_masked) >= _SOME
    if wanted == "email":
        return column.share(lambda cell: "@" in cell) >= _SOME
    if wanted == "number":
        return column.share(lambda cell: any(letter.isdigit() for letter in cell) and " " not in cell) >= _SOME
    if wanted == "review_stars":
        return column.share(is_stars) >= _SOME
    if wanted in ("review_text", "review_more", "review_reply"):
        return column.share(is_stars) < _ENOUGH and column.share(_is_date) < _ENOUGH
    if wanted in ("buyer_name", "recipient_name", "title", "state"):
        return column.share(_is_amount) < _ENOUGH and column.share(_is_date) < _ENOUGH
    return True


def _rule(found: dict[int, str], by_field: Mapping[str, int], columns: Sequence[_Column]) -> str:
    """How amounts are told; a total that differs between the rows of an order is one of its lines."""
    if "order_total" not in by_field and "line_total" in by_field and "price" not in by_field:
        numbers = columns[by_field["number"]].filled if "number" in by_field else []
        if numbers and len(set(numbers)) == len(numbers):  # an order a row: its amount is the order's
            found[by_field["line_total"]] = "order_total"
            return "repeated"
    if "order_total" not in by_field:
        return "lines"
    if "number" not in by_field:
        return "repeated"
    totals: dict[str, list[str]] = defaultdict(list)
    for number, total in zip(
        columns[by_field["number"]].cells, columns[by_field["order_total"]].cells, strict=True
    ):  # fmt: skip
        totals[number].append(total)
    several = [told for number, told in totals.items() if number and len(told) > 1]
    if several and all(not any(told[1:]) for told in several):
        return "first_row"
    if any(len({total for total in told if total}) > 1 for told in several):
        if "line_total" not in by_field and "price" not in by_field:
            found[by_field["order_total"]] = "line_total"
        return "lines"
    return "repeated"


def _decimal(columns: Sequence[_Column]) -> str:
    cells = [cell for column in columns for cell in column.filled]
    commas = sum(_COMMA.fullmatch(cell) is not None for cell in cells)
    points = sum(_POINT.fullmatch(cell) is not None for cell in cells)
    return "," if commas > points else "."


def _is_usual_date(cell: str) -> bool:
    return _reads(cell, ())


@lru_cache(maxsize=4_096)
def _is_date(cell: str) -> bool:
    if cell.isdecimal() and len(cell) not in (8, 12, 14):
        return False  # a serial number of Excel is too like any other number
    if _is_usual_date(cell):
        return True
    return _LIKE_A_DATE.match(cell) is not None and any(
        _reads(cell, tuple(day + time for day in days for time in _TIMES)) for days in DAYS.values()
    )


def _reads(cell: str, formats: tuple[str, ...]) -> bool:
    if formats and _is_usual_date(cell):
        return False  # it needs none
    try:
        return fields.moment(cell, zone=_ANY_ZONE, formats=formats) is not None
    except CellError:
        return False


def _is_amount(cell: str) -> bool:
    for decimal in (".", ","):
        try:
            if fields.amount(cell, decimal=decimal) is not None:
                return True
        except CellError:
            continue
    return False


def _is_quantity(cell: str) -> bool:
    try:
        return fields.quantity(cell) is not None
    except CellError:
        return False
