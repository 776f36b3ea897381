"""A table's rows made into orders by what is declared of it: one reader for mappings and platforms (C1, C2).

`OrderTable` declares where the fields stand, what the words for states mean, and on which rows the amounts stand. What
is the same for all files stands here.

| field | what it is |
| --- | --- |
| number, line_number | of the order; of the line |
| buyer_id, email, wechat, buyer_phone | who bought: the first of them that is somebody decides |
| phone, phone_else | the recipient's: an identity, deciding where there is no other |
| buyer_name, recipient_name, or each as `_first` and `_last` | for display |
| created_at, paid_at, shipped_at, signed_at, finished_at | when |
| state, after_sale | words: how far the order or line is; what became of a complaint |
| order_total, order_total_more | paid for the order, the second added to the first (a balance of the buyer) |
| adjusted_total | what is left of it after refunds, where it was adjusted |
| line_total, or price × quantity less discount | paid for the line, |
| shipping, wrapping; promotion, promotion_more | and what is added to it; and taken off it |
| refunded, refunded_more | given back, of the line or the order |
| title, variant, article, quantity, price (of one), gift | the line |
| address, or its parts province, city, district, street, zip, country | where to; country stands in for the province |
| goods | what the order is of, where a file has no lines |
| review_stars, review_text, review_at, review_more, review_reply | reviews of the line: `review_table` |
| currency, store, buyer_message, seller_note, closed_reason, tracking_number, carrier | as they are called |

Dates, names and address of an order are those of its first row; the buyer is told by the first row that names one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from html import unescape
from sys import intern
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from shopcrm.base.money import to_minor
from shopcrm.base.text import fold
from shopcrm.collect import fields
from shopcrm.collect.blocks import Block, Blocks
from shopcrm.collect.fields import Columns, Moment
from shopcrm.collect.foreign import (
    STATE_RANK,
    Code,
    ForeignItem,
    ForeignOrder,
    ForeignReview,
    Kind,
    OrderState,
    Problem,
)
from shopcrm.collect.lines import OrderLines, Times, state_of_lines
from shopcrm.collect.order_heads import Head, HeadReader, whole
from shopcrm.collect.review_table import ReviewsOfRows, distinct, tells

if TYPE_CHECKING:  # the platforms, which are declared by this module
    from shopcrm.collect.platforms.adapter import ReadSettings, Rows

Where = Literal["lines", "order"]
Names = Mapping[str, Sequence[str]]

_ITEM_FIELDS: Final = ("title", "article", "variant", "price", "line_total")
_NEEDED: Final = (
    "number", "created_at", "paid_at", "quantity", "price", "line_total", "order_total", "refunded", "state"
)  # fmt: skip
_NOT_PAID: Final = (OrderState.UNPAID, OrderState.CLOSED)
_NOTHING: Final = Decimal(0)
_ADDED: Final = {"shipping": 1, "wrapping": 1, "promotion": -1, "promotion_more": -1}
_PARTS: Final = re.compile(r"[,;()]+")
_YES: Final = frozenset({"是", "yes", "y", "true", "1"})


def word(text: str) -> str:
    """A word for a state as it is compared: folded, without blanks."""
    return fold(text).replace(" ", "")


@dataclass(frozen=True)
class OrderTable:
    """What is known of one kind of table. Words are written as by `word`."""

    platform: str
    names: Names  # by field the headers it goes by, best first: where the first is blank the next one speaks
    currency: str | None = None  # of all amounts, unless a column says it; None: the shop's
    store: str | None = None
    total: Where = "lines"  # where the paid amount stands
    refund: Where = "lines"  # where `refunded` stands
    decimal: str = "."  # as `fields.amount` takes it
    formats: tuple[str, ...] = ()  # of dates, where the usual ways to write one don't do
    states: Mapping[str, OrderState] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()  # words for closed, paid before or not: the payment tells
    given_back: frozenset[str] = frozenset()  # words, in `state` or `after_sale`, for: all of it was refunded
    default: OrderState | None = None  # of orders without a word
    number: Callable[[str], str | None] = fields.number
    continued: bool = False  # rows without a number belong to the order above
    short_rows: bool = False  # blank cells at the end of a row may be missing
    joined: str = ""  # between the lines of an order that stand in one row; their amounts are told in one sum
    counted: frozenset[str] = frozenset()  # words in `after_sale`: of rows that count; none: all do
    dated_number: Callable[[str], date | None] | None = None  # the day in a number, where no column tells it
    undated: bool = False  # no date is told, and none is missed
    is_sale: Callable[[str], bool] | None = None  # by its number, where a file holds other documents too
    html: bool = False  # titles hold `&quot;` for a quotation mark
    only_refunds: bool = False  # rows are complaints about orders that other files tell
    one_row: bool = False  # an order is one row: of several the one that is furthest counts
    distinct_lines: bool = False  # a line number that comes again in an order is the same line again
    ignore_price_at_most: Decimal | None = None
    ignore_articles: frozenset[str] = frozenset()  # folded
    return_prefix: str | None = None  # of the numbers of returns
    returns_are_negative: bool = False
    whole_numbers: tuple[str, ...] = ()  # fields in which 17850.0 means 17850

    def read(self, columns: Columns, rows: Rows, settings: ReadSettings) -> Iterator[ForeignOrder | Problem]:
        """The orders of a file and what is wrong with its cells."""
        yield from _Reader(self, columns, settings).read(rows)


class _Line(NamedTuple):
    total: Decimal | None
    refunded: Decimal | None
    price: Decimal | None
    item: ForeignItem
    more: tuple[ForeignItem, ...] = ()  # further lines that stand in the same row


class _Said(NamedTuple):
    """What a word says of a state."""

    state: OrderState | None = None
    closed: bool = False
    given_back: bool = False
    known: bool = True
    counted: bool = False


class _Reader:
    """One pass over one table."""

    def __init__(self, table: OrderTable, columns: Columns, settings: ReadSettings) -> None:
        self._table = table
        self._columns = columns
        self._settings = settings
        self._currency = table.currency or settings.currency
        self._has_items = table.only_refunds or any(name in columns for name in _ITEM_FIELDS)
        self._lines: OrderLines[_Line] = OrderLines(columns.name("number"))
        self._heads: dict[str, Head] = {}
        self._ranks: dict[str, int] = {}  # of orders that are one row
        self._known_lines: set[tuple[str, str]] = set()
        self._tells_reviews = tells(columns.where)
        self._reviews: dict[str, list[ForeignReview]] = defaultdict(list)
        self._number: str | None = None  # of the row above
        self._head_reader = HeadReader(
            table.platform,
            settings,
            currency=self._currency,
            decimal=table.decimal,
            identifier=self._identifier,
            dated_number=table.dated_number,
            undated=table.undated,
        )

    def read(self, rows: Rows) -> Iterator[ForeignOrder | Problem]:
        needed = -1 if self._table.short_rows else self._columns.last(_NEEDED)
        blocks = Blocks(
            self._columns,
            currency=self._currency,
            zone=self._settings.zone,
            formats=self._table.formats,
            ways=self._settings.ways,
        )
        for block in blocks.of(rows):
            block.refuse_shorter_than(needed)
            self._take(block)
            for problems in map(block.problems.get, range(len(block))):
                if problems:
                    yield from problems
        yield from self._lines.refused()
        for number, row, lines in self._lines.orders():
            yield self._order(number, row, lines)

    def _take(self, block: Block) -> None:
        numbers = self._numbers(block)
        heads = self._head_reader.of(block)
        reviews = ReviewsOfRows(block) if self._tells_reviews else None
        for place, line in enumerate(self._lines_of(block, heads.payments)):
            number = numbers[place]
            if number is None or line is None or (self._table.is_sale and not self._table.is_sale(number)):
                continue
            if self._is_again(block, place, number, line):
                continue
            head = self._heads.get(number)
            if head is None:
                self._heads[number] = heads.at(place)
            elif not head.identities and (found := heads.identities(place)):
                self._heads[number] = head._replace(identities=found)
            if block.rejected(place):
                self._lines.refuse(number)
            else:
                self._lines.add(number, row=block.rows[place], line=line)
                if reviews is not None:
                    self._reviews[number] += reviews.at(place, line.item)

    def _identifier(self, name: str) -> Callable[[str], str | None]:
        if name in self._table.whole_numbers:
            return whole
        return self._table.number if name == "number" else fields.number

    def _numbers(self, block: Block) -> list[str | None]:
        """By row the number of its order; rows without one are refused."""
        table = self._table
        found = block.read("number", self._identifier("number"))
        cells = block.raw("number")
        for place, number in enumerate(found):
            if number is None and not block.rejected(place):
                if table.continued and self._number is not None and not fields.value(cells[place]):
                    found[place] = self._number
                    continue
                block.note(place, "number", Code.MISSING_NUMBER)
            self._number = number
        return found

    def _is_again(self, block: Block, place: int, number: str, line: _Line) -> bool:
        """Whether a row tells what an earlier one told already. Of orders that are one row the furthest state stays."""
        if self._table.distinct_lines and line.item.line_number is not None:
            key = (number, line.item.line_number)
            if key in self._known_lines:
                block.note(place, "line_number", Code.DUPLICATE_LINE, rejected=False)
                return True
            self._known_lines.add(key)
        if not self._table.one_row or block.rejected(place):
            return False
        rank = -1 if line.item.state is None else STATE_RANK[line.item.state]
        known = self._ranks.get(number)
        if known is None:
            self._ranks[number] = rank
            return False
        block.note(place, "number", Code.DUPLICATE, rejected=False)
        if rank <= known:
            return True
        self._ranks[number] = rank
        self._heads.pop(number, None)
        self._lines.forget(number)
        return False

    def _lines_of(self, block: Block, payments: Sequence[Moment | None]) -> Iterator[_Line | None]:
        """By row its line, None for one that is no sale."""
        table, columns, minor = self._table, block.columns, partial(to_minor, currency=self._currency)
        per_line = table.refund == "lines"
        read_amount = self._head_reader.amount
        added = self._added(block)
        more_back = block.read("refunded_more", read_amount)
        known_payment = "paid_at" in columns
        gifts = block.raw("gift") if "gift" in columns else None
        texts = (block.texts("title"), block.texts("variant"))
        articles = block.read("article", self._identifier("article"), rejected=False)
        line_numbers = block.read("line_number", self._identifier("line_number"))
        said, complaints = self._said(block, "state"), self._said(block, "after_sale")
        for place, (
            row, price, quantity, total, discount, given, article, line_number, title, variant, state_said,
            complaint, payment,
        ) in enumerate(zip(
            block.rows, block.read("price", read_amount), block.quantities("quantity"),
            block.read("line_total", read_amount), block.read("discount", read_amount),
            block.read("refunded", read_amount), articles, line_numbers, *texts, said, complaints, payments,
            strict=True,
        )):  # fmt: skip
            if price is not None and table.ignore_price_at_most is not None and price <= table.ignore_price_at_most:
                yield None
                continue
            if article is not None and table.ignore_articles and fold(article) in table.ignore_articles:
                yield None
                continue
            if table.counted and (complaint is None or not complaint.counted):
                yield None
                continue
            count = 1 if quantity is None else quantity
            if total is None and price is not None:
                total = price * count - abs(discount or _NOTHING)
            if added is not None and total is not None:
                total += added[place]
            if gifts is not None and fold(gifts[place]) in _YES:
                total = _NOTHING if total is not None else None
            more = more_back[place]
            refunded = None if given is None and more is None else abs(given or _NOTHING) + abs(more or _NOTHING)
            state = self._state(state_said, complaint, payment, refunded, total, known_payment=known_payment)
            if state_said is not None and not state_said.known:
                block.note(place, "state", Code.UNKNOWN_STATE, rejected=False)
            if state in _NOT_PAID and total is not None:
                total = _NOTHING
            if per_line and state is OrderState.REFUNDED and not refunded:
                refunded = total
            item = ForeignItem(
                title=intern(unescape(title) if table.html and title else title or ""),
                quantity=count,
                row=row,
                line_number=line_number,
                article=intern(article) if article else None,
                variant=variant,
                price=None if price is None else minor(price),
                paid=None if total is None else minor(total),
                refunded=minor(refunded) if per_line and refunded is not None else 0,
                state=state,
            )
            line = _Line(total, refunded, price, item)
            yield _taken_apart(line, table.joined) if table.joined and table.joined in item.title else line

    def _added(self, block: Block) -> list[Decimal] | None:
        """By row what further columns add to a line's amount and take off it; None where there are none."""
        told = [
            [abs(amount) * sign if amount else _NOTHING for amount in block.read(name, self._head_reader.amount)]
            for name, sign in _ADDED.items()
            if name in block.columns
        ]
        return [sum(each, _NOTHING) for each in zip(*told, strict=True)] if told else None

    def _said(self, block: Block, name: str) -> list[_Said | None]:
        if name not in block.columns:
            return [None] * len(block)
        return block.read(name, self._say)

    def _say(self, cell: str) -> _Said | None:
        """What a state's word says: `已发货,退款成功` and `(删除)等待出库` say two things."""
        if not fields.value(cell):
            return None
        table, whole = self._table, word(cell)
        known = {*table.states, *table.closed, *table.given_back}
        parts = [whole] if whole in known else _PARTS.split(whole)
        return _Said(
            next((table.states[part] for part in parts if part in table.states), None),
            not table.closed.isdisjoint(parts),
            not table.given_back.isdisjoint(parts),
            not known.isdisjoint(parts),
            not table.counted.isdisjoint(parts),
        )

    def _state(
        self, said: _Said | None, complaint: _Said | None, paid_at: Moment | None, refunded: Decimal | None,
        total: Decimal | None, *, known_payment: bool,
    ) -> OrderState | None:  # fmt: skip
        if (said is not None and said.given_back) or (complaint is not None and complaint.given_back):
            return OrderState.REFUNDED
        if said is None:
            return None
        if said.closed:
            was_paid = paid_at is not None if known_payment else bool(refunded)
            return OrderState.REFUNDED if was_paid else OrderState.CLOSED
        if not said.known:
            return OrderState.PAID if total else None
        return said.state

    def _order(self, number: str, row: int, lines: Sequence[_Line]) -> ForeignOrder:
        table, head = self._table, self._heads.pop(number)
        if head.currency != self._currency:
            lines = [line._replace(item=_in_currency(line, head.currency)) for line in lines]
        total, refunded = self._amounts(head, lines)
        kind = self._kind(number, lines)
        state = state_of_lines([line.item.state for line in lines]) or table.default
        if state is None:
            state = _state_by_times(head.times) or (OrderState.PAID if total else None)
        if state in _NOT_PAID:
            total = _NOTHING
        if kind is Kind.RETURN and total is not None:
            total = -abs(total)
        if state is OrderState.REFUNDED and not refunded:
            refunded = total
        elif kind is Kind.ORDER and total and refunded is not None and refunded >= total:
            state = OrderState.REFUNDED
        when, items = head.times, self._items(lines)
        return ForeignOrder(
            number=number,
            row=row,
            kind=kind,
            store=self._settings.store or table.store or head.store,
            state=state,
            currency=head.currency,
            created_at=when.created_at,
            paid_at=when.paid_at,
            shipped_at=when.shipped_at,
            signed_at=when.signed_at,
            finished_at=when.finished_at,
            plain_dates=when.plain_dates,
            day=when.day,
            paid=None if total is None else to_minor(total, currency=head.currency),
            refunded=None if refunded is None else to_minor(refunded, currency=head.currency),
            amounts_from_items=self._from_lines(head),
            units=self._units(lines, items),
            title=head.goods,
            buyer_name=head.buyer_name,
            recipient_name=head.recipient_name,
            recipient_phone=head.phone,
            address=head.address,
            province=head.province,
            city=head.city,
            buyer_message=head.buyer_message,
            seller_note=head.seller_note,
            closed_reason=head.closed_reason,
            tracking_number=head.tracking_number,
            carrier=head.carrier,
            identities=head.identities,
            items=items,
            reviews=distinct(self._reviews.pop(number, ())),
        )

    def _items(self, lines: Sequence[_Line]) -> tuple[ForeignItem, ...]:
        if not self._has_items:
            return ()
        items = tuple(item for line in lines for item in (line.item, *line.more))
        # Some files put a row that sums an order up over the rows of its lines.
        return tuple(item for item in items if item.title or item.article) or items

    def _units(self, lines: Sequence[_Line], items: Sequence[ForeignItem]) -> int | None:
        """How many pieces; of an order with lines as many as they tell, which is how it is asked for later."""
        if "quantity" not in self._columns:
            return None
        return sum(item.quantity for item in items) if items else sum(line.item.quantity for line in lines)

    def _amounts(self, head: Head, lines: Sequence[_Line]) -> tuple[Decimal | None, Decimal | None]:
        """Paid and refunded, exactly: rounded once, as an order."""
        totals = [line.total for line in lines if line.total is not None]
        refunds = [line.refunded for line in lines if line.refunded is not None]
        total = head.total
        if self._from_lines(head):
            total = sum(totals, _NOTHING) if totals else None
        if head.adjusted_total and total and head.adjusted_total < total:
            return total, total - head.adjusted_total
        if self._table.refund == "order":
            return total, refunds[0] if refunds else None
        return total, sum(refunds, _NOTHING) if refunds else None

    def _from_lines(self, head: Head) -> bool:
        """Whether what was paid is added up: also where a file that tells it of the order leaves it out."""
        return self._table.total == "lines" or head.total is None

    def _kind(self, number: str, lines: Sequence[_Line]) -> Kind:
        if self._table.return_prefix is not None and number.startswith(self._table.return_prefix):
            return Kind.RETURN
        if self._table.returns_are_negative and all(line.item.quantity < 0 for line in lines):
            return Kind.RETURN
        return Kind.ORDER


def _state_by_times(when: Times) -> OrderState | None:
    """How far an order is that no word tells of: as the last of its times says."""
    told = (
        (when.finished_at, OrderState.FINISHED), (when.signed_at, OrderState.SIGNED),
        (when.shipped_at, OrderState.SHIPPED), (when.paid_at, OrderState.PAID),
    )  # fmt: skip
    return next((state for at, state in told if at is not None), None)


def _taken_apart(line: _Line, sign: str) -> _Line:
    """A row that tells several lines in one: `奶粉;奶瓶` with one number of pieces and one amount for both."""
    whole = line.item
    titles = whole.title.split(sign)
    variants, articles, numbers = (
        parts if len(parts := (told or "").split(sign)) == len(titles) else [told] * len(titles)
        for told in (whole.variant, whole.article, whole.line_number)
    )
    # The first line has what the others leave of the pieces: how they are shared out is not told.
    pieces = [max(1, whole.quantity - len(titles) + 1), *[1] * (len(titles) - 1)]
    first, *more = (
        replace(
            whole, title=title, quantity=count, price=None, paid=None, variant=variant or None, article=article or None,
            line_number=number or None,
        )
        for title, variant, article, number, count in zip(titles, variants, articles, numbers, pieces, strict=True)
    )  # fmt: skip
    return line._replace(item=first, more=tuple(more))


def _in_currency(line: _Line, currency: str) -> ForeignItem:
    """The line's item with its amounts in minor units of its order's currency."""
    price, total, refunded = (
        None if amount is None else to_minor(amount, currency=currency)
        for amount in (line.price, line.total, line.refunded)
    )
    return replace(line.item, price=price, paid=total, refunded=refunded or 0)
