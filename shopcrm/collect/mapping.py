"""Any other table as orders, by a mapping that the user writes once as a TOML file (C2).

```toml
platform = "corner_shop"              # stored with every order; small letters, digits and _
label = "Till of the corner shop"     # what people call it
kind = "orders"                       # or "people", see below
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
`buyer_message`, `seller_note`, `closed_reason`, `tracking_number`, `carrier`, and of what the buyer wrote of the line
`review_stars`, `review_text`, `review_at`, `review_more` (added later), `review_reply`. Every column that is named must
be there.

A table with the order number and reviews and no amount is of orders that other files tell: it makes none and changes
none, and is asked for them by their number, whatever its platform is called.

A list of people says `kind = "people"` and has no order number; at least one column must tell who somebody is. Its
fields: `name`, `first_name`, `last_name`, `nickname`, `buyer_id`, `phone`, `email`, `wechat`, `birthday`, `gender`,
`age_band`, `company`, `occupation`, `source`, `entry_offer`, `member_level`, `tags`, `note`, `address`, `province`,
`city`, `district`, `agrees_email`, `agrees_sms` (to be written to: yes or no). Of the sections only `columns` and
`dates` (of birthdays) hold for it. See `collect.people_table`.
A trade attribute is a field by its key, as `fields` lists it: `top_size = "Size"`.

Amounts. `lines`: an order is the sum of its lines, each `line_total` or quantity × price; `repeated`: every row repeats
`order_total`; `first_row`: it stands on the first row. `refunded` is told the same way.

Buyer: `buyer_id` decides who it is; without one the e-mail, then the phone. Dates, names and address are those of the
first row of an order. Lines that stand twice are counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from shopcrm.base.text import fold
from shopcrm.collect import mapping_file
from shopcrm.collect.fields import Columns, fold_header
from shopcrm.collect.mapping_file import TELLING, MappingFile
from shopcrm.collect.order_table import OrderTable, Where, word
from shopcrm.collect.people_table import PeopleTable
from shopcrm.collect.platforms.adapter import REVIEW, Found, Header, ReadSettings, Rows

_IDENTIFIERS: Final = ("number", "line_number", "buyer_id", "phone", "article")
_PLACE: Final = ("address", "province", "city", "district")


def load(path: Path) -> TableAdapter:
    """The adapter that a mapping file describes.

    Raises:
        UserFailure: it cannot be read, or says something that does not fit; with the line or the key.
    """
    return TableAdapter(mapping_file.read(path))


@dataclass(frozen=True)
class TableAdapter:
    """A table read as its mapping says."""

    mapping: MappingFile

    @property
    def report(self) -> str:
        """What its rows are."""
        if self.mapping.only_reviews:
            return REVIEW
        return "people" if self.mapping.kind == "people" else "table"

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
        """How many of the mapping's columns a header has, 0 without the order number and one more.

        Of a list of people one that tells who somebody is is enough.
        """
        columns = Columns(header, self.mapping.names())
        if self.mapping.kind == "people":
            return len(columns) if any(field in columns for field in TELLING) else 0
        return len(columns) if "number" in columns and len(columns) > 1 else 0

    def lacks(self, header: Header) -> tuple[str, ...]:  # noqa: ARG002  # the shape of Adapter
        """Nothing: what a mapping names is `missing`, and told otherwise."""
        return ()

    def missing(self, header: Header) -> tuple[str, ...]:
        """The columns that the mapping names and a header has not."""
        names = self.mapping.names()
        columns = Columns(header, names)
        return tuple(" / ".join(names[field]) for field in names if field not in columns)

    def snapshot_at(self, file_name: str, settings: ReadSettings) -> int | None:  # noqa: ARG002  # the shape of Adapter
        """Not known of any other table."""
        return None

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[Found]:
        """The orders or people of a table and what is wrong with its cells."""
        if self.mapping.kind == "people":
            people = _people(self.mapping)
            yield from people.read(people.columns(header), rows, settings)
            return
        table = _table(self.mapping)
        yield from table.read(Columns(header, table.names), rows, settings)


def _people(mapping: MappingFile) -> PeopleTable:
    """What the mapping of a list of people declares."""
    names = mapping.names()
    place: dict[str, tuple[str, ...]] = {field: names.pop(field) for field in _PLACE if field in names}
    return PeopleTable(
        platform=mapping.platform, names=names, addresses=(place,) if place else (), formats=mapping.dates.formats
    )


def _table(mapping: MappingFile) -> OrderTable:
    """What a mapping declares."""
    floor = mapping.lines.ignore_price_at_most
    where: Where = "lines" if mapping.amounts.rule == "lines" else "order"
    return OrderTable(
        platform=mapping.platform,
        names=mapping.names(),
        currency=mapping.currency,
        store=mapping.store,
        total=where,
        refund=where,
        decimal=mapping.amounts.decimal,
        formats=mapping.dates.formats,
        states={word(said): state for said, state in mapping.states.words.items()},
        default=mapping.states.default,
        ignore_price_at_most=None if floor is None else Decimal(str(floor)),
        ignore_articles=frozenset(map(fold, mapping.lines.ignore_articles)),
        return_prefix=mapping.returns.number_prefix,
        returns_are_negative=mapping.returns.negative_quantity,
        whole_numbers=mapping.clean.whole_numbers,
        undated=mapping.only_reviews,
    )
