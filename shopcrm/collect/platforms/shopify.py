"""Shopify: the order export (`orders_export.csv`), all layouts since 2012 (C1).

One row a line of an order. What is true of the order as a whole stands on its first row only; the rows after it repeat
the order's name, or leave even that blank. Columns are matched by name in any order; layouts differ in which there are.

| column | becomes |
| --- | --- |
| Name | number, as it is written: `#1001`, `D-17`, `EN1001-A` |
| Customer ID (where an app adds it) | identity `buyer_id`, deciding |
| Email | identity `email`, deciding where the row has no customer id; placeholders (`noemail@…`) are nobody's |
| Phone, else Shipping Phone, else Billing Phone | recipient_phone; each real one an identity `phone`, the first \
deciding where there is neither id nor e-mail; read as of Shipping Country |
| Billing Name; Shipping Name | buyer_name; recipient_name |
| Currency | currency, else the shop's |
| Total | paid: of a partly paid order less Outstanding Balance; 0 for unpaid and closed ones. Without that column the \
lines are added up |
| Refunded Amount | refunded; of a `refunded` order without an amount all of it |
| Financial Status, Fulfillment Status, Cancelled at | state, see below |
| Created at, Paid at, Fulfilled at | created_at, paid_at, shipped_at; with their own offset |
| Shipping Street, else Address1 and 2, City, Zip, Province Name, else Province, Country | address; province, city |
| Accepts Marketing | consent to e-mail, as of the order's day: `collect.consents_told` |
| Notes | buyer_message (what was typed at the checkout) |
| Tracking Number, Tracking Company (where an app adds them) | tracking_number, carrier |
| Lineitem name, sku, quantity, price, discount | a line: title, article, quantity, price of one; paid is price × \
quantity − discount |

State: `refunded`, or an amount refunded that reaches what was paid → refunded; `voided`, `expired`, and whatever was
cancelled before it was paid → closed; `pending`, `authorized` → unpaid, whatever has been sent (cash on delivery is no
purchase until it is paid); else paid, or shipped once it is `fulfilled`. A cancelled order of which nothing went back
stays paid: the money is there. An order of 0 (a gift, a free sample) is kept and counts nowhere; one paid with a gift
card is paid.

An order that stands twice in a file, with its totals each time: the first is taken, the other noted, not rejected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from sys import intern
from typing import Final, NamedTuple

from shopcrm.base import emails, phone, region_columns
from shopcrm.base.i18n import N_
from shopcrm.base.money import to_minor
from shopcrm.base.text import fold
from shopcrm.collect import consent_words
from shopcrm.collect.fields import Columns, fold_header
from shopcrm.collect.foreign import Code, ForeignConsent, ForeignIdentity, ForeignItem, ForeignOrder, Kind, OrderState
from shopcrm.collect.lines import OrderLines, Times, times
from shopcrm.collect.order_heads import currency
from shopcrm.collect.platforms.adapter import Found, Header, ReadSettings, Rows
from shopcrm.collect.row_cells import Cells

KEY: Final = "shopify"

NAMES: Final[Mapping[str, Sequence[str]]] = {
    "number": ("Name",),
    "buyer_id": ("Customer ID", "Customer: ID"),
    "email": ("Email", "Contact Email"),
    "financial": ("Financial Status",),
    "fulfilment": ("Fulfillment Status",),
    "cancelled": ("Cancelled at",),
    "created": ("Created at",),
    "paid_at": ("Paid at",),
    "shipped": ("Fulfilled at",),
    "currency": ("Currency",),
    "total": ("Total",),
    "outstanding": ("Outstanding Balance",),
    "refunded": ("Refunded Amount",),
    "title": ("Lineitem name",),
    "article": ("Lineitem sku",),
    "quantity": ("Lineitem quantity",),
    "price": ("Lineitem price",),
    "discount": ("Lineitem discount",),
    "buyer": ("Billing Name",),
    "recipient": ("Shipping Name",),
    "phone": ("Phone",),
    "shipping_phone": ("Shipping Phone",),
    "billing_phone": ("Billing Phone",),
    "street": ("Shipping Street",),
    "address1": ("Shipping Address1",),
    "address2": ("Shipping Address2",),
    "city": ("Shipping City",),
    "zip": ("Shipping Zip",),
    "province": ("Shipping Province Name", "Shipping Province"),
    "country": ("Shipping Country",),
    "accepts": ("Accepts Marketing",),
    "message": ("Notes",),
    "tracking_number": ("Tracking Number", "Tracking Numbers"),
    "carrier": ("Tracking Company", "Shipping Carrier"),
}
# A file of ours has its number and at least one of these; the other names are everybody's.
OWN: Final = (
    "Lineitem name", "Lineitem quantity", "Lineitem price", "Lineitem sku", "Financial Status", "Fulfillment Status",
)  # fmt: skip

_UNPAID: Final = ("pending", "authorized")
_CLOSED: Final = ("voided", "expired")
_PAID: Final = ("paid", "partially_paid", "partially_refunded", "refunded")
_NEEDED: Final = (
    "number", "financial", "total", "currency", "created", "paid_at", "refunded", "cancelled", "quantity", "title",
    "price",
)  # fmt: skip
_OF_THE_ORDER: Final = ("financial", "total", "created")  # blank on all rows of an order but its first


class OrderExport:
    """The rows of `orders_export.csv`."""

    key: Final = KEY
    report: Final = "complete"  # amounts, buyer and lines in one file
    label: Final = N_("Shopify order export")
    number_columns: Final = tuple(
        map(
            fold_header,
            (*NAMES["number"], *NAMES["buyer_id"], *NAMES["article"], "Phone", "Shipping Phone", "Billing Phone", "Id"),
        )
    )

    def matches(self, header: Header) -> int:
        """How many names of a header it knows, 0 when the file is not its own."""
        columns = Columns(header, NAMES)
        return len(columns) if "number" in columns and _is_own(header) else 0

    def lacks(self, header: Header) -> tuple[str, ...]:
        """The columns that are missing of a header that would be its own with them."""
        missing = _is_own(header) and "number" not in Columns(header, NAMES)
        return (NAMES["number"][0],) if missing else ()

    def snapshot_at(self, file_name: str, settings: ReadSettings) -> int | None:  # noqa: ARG002  # the shape of Adapter
        """Its name never says."""
        return None

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[Found]:
        """The orders of a file and what is wrong with its cells."""
        yield from _Reader(Columns(header, NAMES), settings).read(rows)


def _is_own(header: Header) -> bool:
    return not set(map(fold_header, header)).isdisjoint(map(fold_header, OWN))


class _Line(NamedTuple):
    """What a row adds to its order; amounts stay exact until the order's currency is known."""

    title: str
    article: str | None
    quantity: int
    price: Decimal | None
    paid: Decimal | None
    row: int


class _Head(NamedTuple):
    """What the first row says of the order as a whole."""

    currency: str
    total: Decimal | None
    refunded: Decimal | None
    outstanding: Decimal | None
    financial: str
    was_paid: bool | None  # None: the file does not say
    fulfilled: bool
    cancelled: bool
    when: Times
    buyer: str | None
    recipient: str | None
    phone: str | None
    address: str | None
    province: str | None
    city: str | None
    message: str | None
    tracking_number: str | None
    carrier: str | None
    identities: tuple[ForeignIdentity, ...]
    consents: tuple[ForeignConsent, ...]


class _Reader:
    """One pass over one file."""

    def __init__(self, columns: Columns, settings: ReadSettings) -> None:
        self._columns = columns
        self._settings = settings
        self._zone = settings.zone
        self._heads: dict[str, _Head] = {}
        self._lines: OrderLines[_Line | None] = OrderLines(columns.name("number"))

    def read(self, rows: Rows) -> Iterator[Found]:
        needed = self._columns.last(_NEEDED)
        number: str | None = None
        skipping = False  # in the rows of an order that came before
        for row, texts in rows:
            if not any(texts):
                continue
            cells = Cells(
                row, texts, columns=self._columns, currency=self._settings.currency, zone=self._zone,
                ways=self._settings.ways,
            )  # fmt: skip
            if cells.ends_before(needed):
                told = cells.text("number")
                if told is not None:
                    self._lines.refuse(told)
                yield from cells.problems
                continue
            before, number = number, cells.number("number") or (None if self._is_first(cells) else number)
            if number is None:
                if not cells.problems:
                    cells.note("number", Code.MISSING_NUMBER)
                yield from cells.problems
                continue
            if number != before:
                skipping = number in self._heads and self._is_first(cells)
                if skipping:
                    cells.note("number", Code.DUPLICATE, rejected=False)
            if not skipping:
                self._take(number, cells)
            if cells.problems:
                yield from cells.problems
        yield from self._lines.refused()
        for number, row, lines in self._lines.orders():
            yield self._order(number, row, [line for line in lines if line is not None])

    def _is_first(self, cells: Cells) -> bool:
        """Whether a row says what only the first one of an order says."""
        return any(cells.raw(field) for field in _OF_THE_ORDER)

    def _take(self, number: str, cells: Cells) -> None:
        if number not in self._heads:
            self._heads[number] = self._head(cells)
        line = self._line(cells)
        if cells.rejected:
            self._lines.refuse(number)
        else:
            self._lines.add(number, row=cells.row, line=line)

    def _line(self, cells: Cells) -> _Line | None:
        title, article, price = cells.text("title"), cells.number("article", rejected=False), cells.decimals("price")
        quantity = cells.quantity("quantity")
        if title is None and article is None and price is None and quantity is None:
            return None
        count = 1 if quantity is None else quantity
        paid = None if price is None else price * count - (cells.decimals("discount") or 0)
        return _Line(
            intern(title or ""), intern(article) if article else None, count, price, paid, cells.row
        )  # fmt: skip

    def _head(self, cells: Cells) -> _Head:
        created, paid = cells.moment("created"), cells.moment("paid_at")
        dated = "created" in self._columns or "paid_at" in self._columns
        if created is None and paid is None and dated and not cells.rejected:
            cells.note("created", Code.NO_DATE, rejected=False)
        country = (cells.text("country") or "").upper()
        numbers = [text for field in ("phone", "shipping_phone", "billing_phone") if (text := cells.text(field))]
        province, city = region_columns.placed(cells.text("province") or "", cells.text("city") or "", country)
        financial = self._financial(cells)
        was_paid: bool | None = financial in _PAID
        if not financial:
            was_paid = paid is not None if "paid_at" in self._columns else None
        return _Head(
            currency=self._currency(cells),
            total=cells.decimals("total"),
            refunded=cells.decimals("refunded"),
            outstanding=cells.decimals("outstanding"),
            financial=financial,
            was_paid=was_paid,
            fulfilled=fold(cells.raw("fulfilment")) == "fulfilled",
            cancelled=cells.text("cancelled") is not None,
            when=times(created=created, paid=paid, shipped=cells.moment("shipped", rejected=False)),
            buyer=cells.text("buyer"),
            recipient=cells.text("recipient"),
            phone=numbers[0] if numbers else None,
            address=_address(cells),
            province=province,
            city=city,
            message=cells.text("message"),
            tracking_number=cells.number("tracking_number", rejected=False),
            carrier=cells.text("carrier"),
            identities=tuple(self._identities(cells, numbers, country=country)),
            consents=self._consents(cells),
        )

    def _currency(self, cells: Cells) -> str:
        return cells.read("currency", currency) or self._settings.currency

    def _financial(self, cells: Cells) -> str:
        word = fold(cells.raw("financial")).replace(" ", "_") if cells.text("financial") else ""
        if word and word not in (*_UNPAID, *_CLOSED, *_PAID):
            cells.note("financial", Code.UNKNOWN_STATE, rejected=False)
            return ""
        return word

    def _consents(self, cells: Cells) -> tuple[ForeignConsent, ...]:
        text = cells.text("accepts")
        try:
            given = consent_words.answer(text) if text else None
        except consent_words.NoAnswer:
            cells.note("accepts", Code.BAD_CONSENT, rejected=False)
            return ()
        return () if given is None else (ForeignConsent("email", given, self._columns.name("accepts")),)

    def _identities(self, cells: Cells, numbers: Sequence[str], *, country: str) -> Iterator[ForeignIdentity]:
        """Whoever the row names, the first of them deciding."""
        deciding = True
        buyer = cells.number("buyer_id", rejected=False)
        if buyer is not None:
            yield ForeignIdentity("buyer_id", KEY, buyer, buyer, deciding)
            deciding = False
        written = cells.text("email")
        address = emails.normalise(written) if written else None
        if address is not None:
            yield ForeignIdentity("email", KEY, address, written or address, deciding)
            deciding = False
        home = country if len(country) == 2 and country.isascii() else self._settings.region
        known: set[str] = set()
        for text in numbers:
            number = phone.normalise(text, region=home)
            if number is not None and number not in known:
                known.add(number)
                yield ForeignIdentity("phone", KEY, number, text, deciding)
                deciding = False

    def _order(self, number: str, row: int, lines: Sequence[_Line]) -> ForeignOrder:
        head = self._heads.pop(number)
        priced = [line.paid for line in lines if line.paid is not None]
        from_lines = head.total is None and bool(priced)
        total = sum(priced, Decimal(0)) if from_lines else head.total
        state = _state(head, total)
        if state in (OrderState.UNPAID, OrderState.CLOSED):
            paid: Decimal | None = Decimal(0)
        elif total is not None and head.financial == "partially_paid":
            paid = total - (head.outstanding or 0)
        else:
            paid = total
        refunded = head.refunded
        if state is OrderState.REFUNDED and not refunded:
            refunded = paid

        def minor(amount: Decimal | None) -> int | None:
            return None if amount is None else to_minor(amount, currency=head.currency)

        when = head.when
        bought = state not in (OrderState.UNPAID, OrderState.CLOSED)
        return ForeignOrder(
            number=number,
            row=row,
            kind=Kind.ORDER,
            store=self._settings.store,
            state=state,
            currency=head.currency,
            created_at=when.created_at,
            paid_at=when.paid_at,
            shipped_at=when.shipped_at,
            plain_dates=when.plain_dates,
            day=when.day,
            paid=minor(paid),
            refunded=minor(refunded),
            amounts_from_items=from_lines,
            units=sum(line.quantity for line in lines) if lines else None,
            buyer_name=head.buyer,
            recipient_name=head.recipient,
            recipient_phone=head.phone,
            address=head.address,
            province=head.province,
            city=head.city,
            buyer_message=head.message,
            tracking_number=head.tracking_number,
            carrier=head.carrier,
            identities=head.identities,
            consents=head.consents,
            items=tuple(
                ForeignItem(
                    title=line.title,
                    quantity=line.quantity,
                    row=line.row,
                    article=line.article,
                    price=minor(line.price),
                    paid=minor(line.paid) if bought else 0,
                    refunded=(minor(line.paid) or 0) if state is OrderState.REFUNDED else 0,
                )
                for line in lines
            ),
        )


def _state(head: _Head, total: Decimal | None) -> OrderState | None:
    """How far an order is; None where the file has neither a word nor a payment."""
    if head.financial == "refunded" or (head.was_paid and total and head.refunded and head.refunded >= total):
        return OrderState.REFUNDED
    if head.financial in _CLOSED or (head.cancelled and not head.was_paid):
        return OrderState.CLOSED
    if head.was_paid is False:
        return OrderState.UNPAID
    if head.fulfilled:
        return OrderState.SHIPPED
    return OrderState.PAID if head.was_paid else None


def _address(cells: Cells) -> str | None:
    street = cells.text("street") or ", ".join(filter(None, (cells.text("address1"), cells.text("address2"))))
    town = " ".join(filter(None, (cells.text("zip"), cells.text("city"))))
    parts = (street, town, cells.text("province"), cells.text("country"))
    return ", ".join(filter(None, parts)) or None
