"""Any other table as orders, by a mapping that the user writes once as a TOML file (C2).

```toml
platform = "corner_shop"              # stored with every order; small letters, digits and _
label = "Till of the corner shop"     # what people call it
currency = "GBP"                      # else the shop's
store = "High Street"                 # else a column; what the import says stands over both

[columns]                             # field = "header", or ["header", "another name for it"]
number = "InvoiceNo"                  # the one that must be there: rows of one number are one order
buyer_id = "CustomerID"
created_at = "InvoiceDate"
title = "Description"
quantity = "Quantity"
price = "UnitPrice"

[amounts]
rule = "lines"                        # lines | repeated | first_row, see below
decimal = "."                         # or ","

[dates]
formats = ["%d/%m/%Y %H:%M"]          # where the usual ways to write a date don't do

[states]
default = "finished"                  # of orders without a word
words = { "Done" = "finished", "Void" = "closed" }

[lines]
ignore_price_at_most = 0              # lines that are not sales
ignore_articles = ["POST"]

[returns]                             # which documents are returns of their own
number_prefix = "C"
negative_quantity = true

[clean]
whole_numbers = ["buyer_id"]          # 17850.0 means 17850
```

Fields: `number`, `line_number`, `buyer_id`, `buyer_name`, `recipient_name`, `phone`, `email`, `created_at`, `paid_at`,
`shipped_at`, `signed_at`, `finished_at`, `quantity`, `price` (of one), `line_total`, `order_total`, `refunded`,
`article`, `title`, `variant`, `province`, `city`, `country` (stands in for the province), `address`, `state`, `store`,
`buyer_message`, `seller_note`, `closed_reason`. Every column that is named must be there.

Amounts. `lines`: an order is the sum of its lines, each `line_total` or quantity × price; `repeated`: every row repeats
`order_total`; `first_row`: it stands on the first row. `refunded` is told the same way.

Buyer: `buyer_id` decides who it is; without one the e-mail, then the phone. Dates, names and address are those of the
first row of an order. Lines that stand twice are counted twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from sys import intern
from typing import Final, NamedTuple

from shopcrm.base import emails, phone, region
from shopcrm.base.money import to_minor
from shopcrm.base.text import fold, is_masked
from shopcrm.collect import mapping_file
from shopcrm.collect.fields import Cells, Columns, fold_header
from shopcrm.collect.foreign import Code, ForeignIdentity, ForeignItem, ForeignOrder, Kind, OrderState
from shopcrm.collect.lines import OrderLines, Times, state_of_lines, times
from shopcrm.collect.mapping_file import MappingFile
from shopcrm.collect.platforms.adapter import Found, Header, ReadSettings, Rows

_ITEM_FIELDS: Final = ("title", "article", "variant", "price", "line_total")
_NEEDED: Final = (
    "number", "created_at", "paid_at", "quantity", "price", "line_total", "order_total", "refunded", "state"
)  # fmt: skip
_IDENTIFIERS: Final = ("number", "line_number", "buyer_id", "phone", "article")
_WHOLE: Final = re.compile(r"([0-9]+)\.0+")
_NOT_PAID: Final = (OrderState.UNPAID, OrderState.CLOSED)


def load(path: Path) -> TableAdapter:
    """The adapter that a mapping file describes.

    Raises:
        UserFailure: it cannot be read, or says something that does not fit; with the line or the key.
    """
    return TableAdapter(mapping_file.read(path))


class _Line(NamedTuple):
    total: Decimal | None
    refunded: Decimal | None
    item: ForeignItem


class _Head(NamedTuple):
    """What the rows of an order say about it as a whole: its first row, or the first that names the buyer."""

    times: Times
    order_total: Decimal | None
    store: str | None
    buyer_name: str | None
    recipient_name: str | None
    phone: str | None
    address: str | None
    province: str | None
    city: str | None
    buyer_message: str | None
    seller_note: str | None
    closed_reason: str | None
    identities: tuple[ForeignIdentity, ...]


@dataclass(frozen=True)
class TableAdapter:
    """A table read as its mapping says."""

    mapping: MappingFile
    report: str = "table"

    @property
    def key(self) -> str:
        """The platform, as stored."""
        return self.mapping.platform

    @property
    def label(self) -> str:
        """What its user calls it."""
        return self.mapping.label or self.mapping.platform

    @property
    def number_columns(self) -> tuple[str, ...]:
        """Columns to be read digit by digit."""
        names = self.mapping.names()
        return tuple(fold_header(name) for field in _IDENTIFIERS for name in names.get(field, ()))

    def matches(self, header: Header) -> int:
        """How many of the mapping's columns a header has, 0 without the order number and one more."""
        columns = Columns(header, self.mapping.names())
        return len(columns) if "number" in columns and len(columns) > 1 else 0

    def missing(self, header: Header) -> tuple[str, ...]:
        """The columns that the mapping names and a header has not."""
        names = self.mapping.names()
        columns = Columns(header, names)
        return tuple(" / ".join(names[field]) for field in names if field not in columns)

    def snapshot_at(self, file_name: str, settings: ReadSettings) -> int | None:  # noqa: ARG002  # the shape of Adapter
        """Not known of any other table."""
        return None

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[Found]:
        """The orders of a table and what is wrong with its cells."""
        yield from _Reader(self.mapping, Columns(header, self.mapping.names()), settings).read(rows)


class _Reader:
    """One pass over one table."""

    def __init__(self, mapping: MappingFile, columns: Columns, settings: ReadSettings) -> None:
        self._mapping = mapping
        self._columns = columns
        self._settings = settings
        self._zone = settings.zone
        self._currency = mapping.currency or settings.currency
        floor = mapping.lines.ignore_price_at_most
        self._floor = None if floor is None else Decimal(str(floor))
        self._ignored_articles = frozenset(map(fold, mapping.lines.ignore_articles))
        self._words = {fold(word): state for word, state in mapping.states.words.items()}
        self._has_items = any(field in columns for field in _ITEM_FIELDS)
        self._lines: OrderLines[_Line] = OrderLines(columns.name("number"))
        self._heads: dict[str, _Head] = {}

    def read(self, rows: Rows) -> Iterator[Found]:
        formats, decimal = self._mapping.dates.formats, self._mapping.amounts.decimal
        needed = self._columns.last(_NEEDED)
        for row, texts in rows:
            cells = Cells(
                row, texts, columns=self._columns, currency=self._currency, zone=self._zone,
                formats=formats, decimal=decimal,
            )  # fmt: skip
            number = None if cells.ends_before(needed) else self._number(cells)
            line = self._line(cells) if number else None
            if number is not None and line is not None:
                head = self._heads.get(number)
                if head is None or not head.identities:
                    self._take_head(number, cells, known=head)
                if cells.rejected:
                    self._lines.refuse(number)
                else:
                    self._lines.add(number, row=row, line=line)
            if cells.problems:
                yield from cells.problems
        yield from self._lines.refused()
        for number, row, lines in self._lines.orders():
            yield self._order(number, row, lines)

    def _number(self, cells: Cells) -> str | None:
        number = self._identifier(cells, "number")
        if number is None and not cells.problems:
            cells.note("number", Code.MISSING_NUMBER)
        return number

    def _identifier(self, cells: Cells, field: str, *, rejected: bool = True) -> str | None:
        text = cells.number(field, rejected=rejected)
        if text is None or field not in self._mapping.clean.whole_numbers:
            return text
        whole = _WHOLE.fullmatch(text)
        return whole[1] if whole else text

    def _line(self, cells: Cells) -> _Line | None:
        """The line of a row, None for one that the mapping ignores."""
        price = cells.decimals("price")
        article = cells.text("article")
        if price is not None and self._floor is not None and price <= self._floor:
            return None
        if article is not None and self._ignored_articles and fold(article) in self._ignored_articles:
            return None
        quantity = cells.quantity("quantity")
        count = 1 if quantity is None else quantity
        total = cells.decimals("line_total")
        if total is None and price is not None:
            total = price * count
        refunded = cells.decimals("refunded")
        refunded = None if refunded is None else abs(refunded)
        by_lines = self._mapping.amounts.rule == "lines"
        item = ForeignItem(
            title=intern(cells.text("title") or ""),
            quantity=count,
            row=cells.row,
            line_number=self._identifier(cells, "line_number"),
            article=intern(article) if article else None,
            variant=cells.text("variant"),
            price=self._minor(price),
            paid=self._minor(total),
            refunded=(self._minor(refunded) or 0) if by_lines else 0,
            state=self._state(cells, paid=bool(total)),
        )
        return _Line(total, refunded, item)

    def _state(self, cells: Cells, *, paid: bool) -> OrderState | None:
        word = cells.text("state")
        state = self._words.get(fold(word)) if word else None
        if word and state is None:
            cells.note("state", Code.UNKNOWN_STATE, rejected=False)
            return OrderState.PAID if paid else None
        return state

    def _take_head(self, number: str, cells: Cells, *, known: _Head | None) -> None:
        identities = tuple(self._identities(cells))
        if known is not None:
            if identities:
                self._heads[number] = known._replace(identities=identities)
            return
        address = cells.text("address")
        where = region.parse(address or "")
        province = region.province_name(cells.text("province") or cells.text("country") or "") or where.province
        city = region.city_name(cells.text("city") or "", province=province) or where.city
        when = times(
            created=cells.moment("created_at"), paid=cells.moment("paid_at"),
            shipped=cells.moment("shipped_at", rejected=False), signed=cells.moment("signed_at", rejected=False),
            finished=cells.moment("finished_at", rejected=False),
        )  # fmt: skip
        if when.day is None and not cells.rejected:
            cells.note("created_at", Code.NO_DATE, rejected=False)
        self._heads[number] = _Head(
            when, cells.decimals("order_total"), cells.text("store"), cells.text("buyer_name"),
            cells.text("recipient_name"), cells.text("phone"), address, province, city,
            cells.text("buyer_message"), cells.text("seller_note"), cells.text("closed_reason"), identities,
        )  # fmt: skip

    def _identities(self, cells: Cells) -> Iterator[ForeignIdentity]:
        """Whoever the row names, the first of them deciding."""
        deciding = True
        buyer = self._identifier(cells, "buyer_id", rejected=False)
        if buyer and not is_masked(buyer):
            yield ForeignIdentity("buyer_id", self._mapping.platform, intern(fold(buyer)), intern(buyer), deciding)
            deciding = False
        email = cells.text("email")
        address = emails.normalise(email) if email else None
        if address is not None:
            yield ForeignIdentity("email", self._mapping.platform, address, email or address, deciding)
            deciding = False
        written = self._identifier(cells, "phone", rejected=False)
        number = phone.normalise(written, region=self._settings.region) if written else None
        if number is not None:
            yield ForeignIdentity("phone", self._mapping.platform, number, written or number, deciding)

    def _order(self, number: str, row: int, lines: Sequence[_Line]) -> ForeignOrder:
        head = self._heads.pop(number)
        total, refunded = self._amounts(head, lines)
        kind = self._kind(number, lines)
        state = state_of_lines([line.item.state for line in lines]) or self._mapping.states.default
        if state is None:
            paid_for = head.times.paid_at is not None or bool(total)
            state = OrderState.PAID if paid_for else None
        if state in _NOT_PAID:
            total = Decimal(0)
        if kind is Kind.RETURN and total is not None:
            total = -abs(total)
        if state is OrderState.REFUNDED and not refunded:
            refunded = total
        when = head.times
        return ForeignOrder(
            number=number,
            row=row,
            kind=kind,
            store=self._settings.store or self._mapping.store or head.store,
            state=state,
            currency=self._currency,
            created_at=when.created_at,
            paid_at=when.paid_at,
            shipped_at=when.shipped_at,
            signed_at=when.signed_at,
            finished_at=when.finished_at,
            plain_dates=when.plain_dates,
            day=when.day,
            paid=self._minor(total),
            refunded=self._minor(refunded),
            amounts_from_items=self._mapping.amounts.rule == "lines",
            units=sum(line.item.quantity for line in lines) if "quantity" in self._columns else None,
            buyer_name=head.buyer_name,
            recipient_name=head.recipient_name,
            recipient_phone=head.phone,
            address=head.address,
            province=head.province,
            city=head.city,
            buyer_message=head.buyer_message,
            seller_note=head.seller_note,
            closed_reason=head.closed_reason,
            identities=head.identities,
            items=tuple(line.item for line in lines) if self._has_items else (),
        )

    def _amounts(self, head: _Head, lines: Sequence[_Line]) -> tuple[Decimal | None, Decimal | None]:
        """Paid and refunded, exactly: rounded once, as an order."""
        refunds = [line.refunded for line in lines if line.refunded is not None]
        if self._mapping.amounts.rule == "lines":
            totals = [line.total for line in lines if line.total is not None]
            return (sum(totals, Decimal(0)) if totals else None, sum(refunds, Decimal(0)) if refunds else None)
        return head.order_total, refunds[0] if refunds else None

    def _kind(self, number: str, lines: Sequence[_Line]) -> Kind:
        rule = self._mapping.returns
        if rule.number_prefix is not None and number.startswith(rule.number_prefix):
            return Kind.RETURN
        if rule.negative_quantity and all(line.item.quantity < 0 for line in lines):
            return Kind.RETURN
        return Kind.ORDER

    def _minor(self, amount: Decimal | None) -> int | None:
        return None if amount is None else to_minor(amount, currency=self._currency)
