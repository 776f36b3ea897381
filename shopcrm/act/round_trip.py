"""A list that was exported, edited and given back (C9): what differs cell by cell, and what is agreed to written.

Only cells that somebody changed in the sheet are offered (`base.sheet_marks` knows them). One that was changed in the
shop meanwhile too is a conflict, offered but not chosen. What cannot be edited here, and rows that cannot be read, are
told; nothing is dropped in silence, and everything that is written is one change set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, TypeAlias

import msgspec
import numpy as np

from shopcrm.act import export, fields, product_sheet
from shopcrm.base import birthdays as birthday_words
from shopcrm.base import sheet_marks, trade_presets
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _, in_every_language
from shopcrm.base.sheet_marks import RowMark, SheetMark, Sort
from shopcrm.base.text import clean
from shopcrm.collect import attribute_values, attributes, birthdays, people_data, products, tags
from shopcrm.collect.attribute_values import Attribute
from shopcrm.collect.customers import NameMissing
from shopcrm.collect.products import Product
from shopcrm.collect.staged import Staged
from shopcrm.collect.staging import EDITED
from shopcrm.store import driver, search_index
from shopcrm.store.columns import Columns
from shopcrm.store.tables.customers import customers
from shopcrm.store.touched import touch
from shopcrm.store.tx import Tx

Whose: TypeAlias = int | products.Key  # a customer's id, a product's code and specification

CUSTOMERS: Final = "customers"
PRODUCTS: Final = "products"
# Of a customer's fields.
EDITABLE: Final = ("name", "tags", "birthday", *people_data.FIELDS)
_BLOCK: Final = 2_000


@dataclass(eq=False)
class OtherShop(UserFailure):
    """A list of another shop: its numbers are other people here."""

    text: ClassVar[str] = N_("“{name}” was exported from another shop. Open that shop to read it.")
    name: str


@dataclass(eq=False)
class UnknownList(UserFailure):
    """A list of a kind that this version does not have."""

    text: ClassVar[str] = N_("“{name}” was exported by another version of ShopCRM. Export the list again.")
    name: str


@dataclass(eq=False)
class AgeFollows(UserFailure):
    """An age band was typed where the year of birth is known."""

    text: ClassVar[str] = N_("The age follows from the birthday.")


@dataclass(frozen=True)
class CellDifference:
    """A cell that was changed in the sheet. `conflict`: in the shop too, since the list was exported."""

    place: int
    row: int  # of the sheet
    whose: Whose
    told: str  # the customer's name, the product
    key: str
    label: str
    before: str  # as it stands in the shop
    after: str
    value: Any
    conflict: bool = False


@dataclass(frozen=True)
class Refused:
    """A cell or a row that cannot be taken, and why. `label` is blank for a whole row."""

    row: int
    label: str
    reason: str


@dataclass(frozen=True)
class Fixed:
    """A column that cannot be edited in a sheet, and how many of its cells were."""

    label: str
    cells: int


@dataclass(frozen=True)
class SheetDifferences:
    """All that an edited list says."""

    list: str  # CUSTOMERS | PRODUCTS
    name: str  # of the file
    rows: int
    exported_at: int
    cells: tuple[CellDifference, ...]
    refused: tuple[Refused, ...]
    fixed: tuple[Fixed, ...]

    @property
    def conflicts(self) -> int:
        """How many cells were changed on both sides."""
        return sum(cell.conflict for cell in self.cells)

    @property
    def safe(self) -> tuple[CellDifference, ...]:
        """What can be written without overwriting anybody's change."""
        return tuple(cell for cell in self.cells if not cell.conflict)


@dataclass(frozen=True)
class Written:
    """What was written of what was agreed to; `left`: cells that were changed in the shop while they were looked at."""

    change_set: int
    cells: int
    left: int


def is_edited(staged: Staged) -> bool:
    """Whether what was read is a list that this program wrote."""
    return any(file.report == EDITED for file in staged.files())


def list_of(staged: Staged) -> str | None:
    """Which of the program's lists was read; None for something else."""
    told = [sheet_marks.find(file.header) for file in staged.files() if file.report == EDITED]
    return next((found[1].list for found in told if found is not None), None)


def compare(tx: Tx, columns: Columns, staged: Staged) -> SheetDifferences:
    """What an edited list says otherwise than the shop.

    Raises:
        OtherShop, UnknownList: it is not one of this shop's.
    """
    (file,) = staged.files()
    found = sheet_marks.find(file.header)
    if found is None or found[1].list not in _LISTS:
        raise UnknownList(file.name)
    at, mark = found
    if mark.shop != sheet_marks.shop_part(tx.shop.uuid):
        raise OtherShop(file.name)
    reading = _Reading(_LISTS[mark.list](tx, columns), mark, at, file.header)
    for block in blocks(staged):
        reading.take(block)
    fixed = tuple(Fixed(label, cells) for label, cells in sorted(reading.fixed.items()))
    return SheetDifferences(
        mark.list, file.name, file.rows, mark.at, tuple(reading.cells), tuple(reading.refused), fixed
    )


def write(tx: Tx, differences: SheetDifferences, chosen: Sequence[CellDifference], *, columns: Columns) -> Written:
    """Write the cells that were agreed to, as one change set. One that the shop has changed meanwhile is left."""
    change_set = tx.begin_change("sheet", list=differences.list, cells=len(chosen))
    target = _LISTS[differences.list](tx, columns)
    now = target.current([cell.whose for cell in chosen])
    standing = [
        cell for cell in chosen if cell.whose in now and now[cell.whose].texts[cell.key] == cell.before
    ]  # fmt: skip
    target.write(standing, now, change_set)
    return Written(change_set, len(standing), len(chosen) - len(standing))


def blocks(staged: Staged) -> Iterator[list[tuple[int, tuple[str, ...]]]]:
    """The rows of the sheet, some at a time."""
    with closing(driver.connect(staged.file.path, staged.file.key)) as connection:
        cursor = connection.execute("SELECT row, cells FROM rows ORDER BY file, row")
        while rows := cursor.fetchmany(_BLOCK):
            yield [(row, tuple(msgspec.json.decode(cells))) for row, cells in rows]


@dataclass(frozen=True)
class _Now:
    """A row of the list as the shop has it: how it is called, its editable cells as they would be exported."""

    told: str
    texts: Mapping[str, str]
    tags: tuple[str, ...] = ()
    product: Product | None = None


@dataclass(frozen=True)
class _Head:
    """A column of a list, and what may stand above it."""

    label: str  # in the language in use
    sort: Sort
    editable: bool
    names: frozenset[str]


@dataclass
class _Reading:
    """Goes over the rows of a sheet."""

    target: _Customers | _Products
    mark: SheetMark
    mark_at: int
    header: Sequence[str]
    cells: list[CellDifference] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    fixed: Counter[str] = field(default_factory=Counter)
    seen: dict[Whose, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        heads = self.target.heads()
        self.heads = {key: heads[key] for key in self.mark.keys if key in heads}
        names = [" ".join(clean(name).split()) for name in self.header]
        self.places = {
            key: place for key, head in self.heads.items() for place, name in enumerate(names) if name in head.names
        }

    def take(self, block: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        """Compare some rows."""
        read: list[tuple[int, Whose, RowMark, dict[str, str]]] = []
        for row, cells in block:
            texts = {key: cells[place] if place < len(cells) else "" for key, place in self.places.items()}
            told = sheet_marks.parse_row_mark(cells[self.mark_at]) if self.mark_at < len(cells) else None
            whole = told is not None and len(told.seals) == len(self.mark.keys)
            whose = self.target.whose(told, texts) if told is not None and whole else None
            if told is None or whose is None:
                self.refused.append(Refused(row, "", self.target.unmarked()))
            elif whose in self.seen:
                reason = _("It is in the sheet twice: see row {row}.").format(row=f"{self.seen[whose]:,}")
                self.refused.append(Refused(row, "", reason))
            else:
                self.seen[whose] = row
                read.append((row, whose, told, texts))
        now = self.target.current([whose for _row, whose, _mark, _texts in read])
        for row, whose, told, texts in read:
            if whose in now:
                self._compare(row, whose, told, texts, now[whose])
            else:
                self.refused.append(Refused(row, "", self.target.unknown(whose)))

    def _compare(self, row: int, whose: Whose, told: RowMark, texts: Mapping[str, str], now: _Now) -> None:
        seals = dict(zip(self.mark.keys, told.seals, strict=True))
        for key, text in texts.items():
            head = self.heads[key]
            name = self.target.seal_name(whose, key)
            if sheet_marks.is_untouched(seals[key], name=name, sort=head.sort, text=text):
                continue
            label = head.label
            if not head.editable:
                self.fixed[label] += 1
                continue
            try:
                value, after = self.target.understand(key, text, now)
            except UserFailure as failure:
                self.refused.append(Refused(row, label, failure.message))
                continue
            before = now.texts[key]
            if sheet_marks.is_same(head.sort, before, after):
                continue
            conflict = not sheet_marks.is_untouched(seals[key], name=name, sort=head.sort, text=before)
            self.cells.append(
                CellDifference(len(self.cells), row, whose, now.told, key, label, before, after, value, conflict)
            )


class _Customers:
    """Contact lists."""

    def __init__(self, tx: Tx, columns: Columns) -> None:
        self._tx = tx
        self._columns = columns
        self._attributes = {one.key: one for one in attributes.defined(tx) if one.typed}

    def heads(self) -> Mapping[str, _Head]:
        editable = {*EDITABLE, *self._attributes}
        return {
            one.key: _Head(one.heading, export.sort_of(one.kind), one.key in editable, _names(one))
            for one in fields.of_shop(self._tx)
        }

    def whose(self, told: RowMark, _texts: Mapping[str, str]) -> Whose | None:
        return int(told.key[1:]) if told.key[:1] == "c" and told.key[1:] else None

    def seal_name(self, whose: Whose, key: str) -> str:
        return export.seal_name(int(whose), key)  # type: ignore[arg-type]  # a customer's

    def unmarked(self) -> str:
        return _("The last column of this row is missing or was changed, so nobody knows whose it is.")

    def unknown(self, _whose: Whose) -> str:
        return _("This customer is not in the shop any more.")

    def current(self, whose: Sequence[Whose]) -> dict[Whose, _Now]:
        ids = np.array(list(dict.fromkeys(whose)), dtype=np.int64)
        there = birthdays.of_customers(self._tx, ids.tolist())
        ids = ids[[one in there for one in ids.tolist()]] if len(ids) else ids
        found: dict[Whose, _Now] = {}
        keys = (*EDITABLE, *self._attributes)
        kinds = [self._kind(key) for key in keys]
        for one, row in zip(ids.tolist(), fields.read(self._tx, self._columns, ids, keys=keys), strict=True):
            values = zip(keys, kinds, row, strict=True)
            texts = {key: export.words(kind, value) for key, kind, value in values}
            found[one] = _Now(texts["name"], texts, tags=row[EDITABLE.index("tags")] or ())  # type: ignore[arg-type]  # texts
        return found

    def _kind(self, key: str) -> fields.Kind:
        return fields.kind_of(self._attributes[key]) if key in self._attributes else fields.BY_KEY[key].kind

    def understand(self, key: str, text: str, now: _Now) -> tuple[Any, str]:
        """The value of a cell, and how it will be shown."""
        if key in self._attributes:
            return _understood(self._attributes[key], text)
        if key == "tags":
            names = tuple(dict.fromkeys(map(tags.name_of, sheet_marks.pieces(text, known=now.tags))))
            return names, ", ".join(names)
        typed = " ".join(clean(sheet_marks.unshielded(text)).split())
        if key == "name":
            if not typed:
                raise NameMissing
            return typed[:200], typed[:200]
        if key in people_data.FIELDS:
            if key == "age_band" and _has_year(now.texts["birthday"]):
                raise AgeFollows
            value = people_data.understand(key, typed)
            return value, export.words(fields.BY_KEY[key].kind, value)
        if not typed:
            return None, ""
        told = birthday_words.parse(typed.removesuffix(" 00:00:00"))
        birthdays.require_born(self._tx, told)
        return told, birthday_words.words(told)

    def write(self, cells: Sequence[CellDifference], now: Mapping[Whose, _Now], change_set: int) -> None:
        put: dict[str, list[int]] = {}
        taken: dict[str, list[int]] = {}
        told: dict[int, dict[str, Any]] = {}
        for cell in cells:
            whose = int(cell.whose)  # type: ignore[arg-type]  # a customer's
            if cell.key in self._attributes:
                told.setdefault(whose, {})[cell.key] = cell.value
                continue
            if cell.key == "tags":
                before = now[cell.whose].tags
                for name in cell.value:
                    if name not in before:
                        put.setdefault(name, []).append(whose)
                for name in before:
                    if name not in cell.value:
                        taken.setdefault(name, []).append(whose)
                continue
            if cell.key in people_data.FIELDS:
                people_data.write(self._tx, whose, {cell.key: cell.value})
                continue
            named = {"name": cell.value, "name_by_hand": True}
            values = named if cell.key == "name" else birthdays.columns_of(cell.value)
            self._tx.edit(customers, {"id": whose}, values)
        attributes.write(self._tx, told, change_set=change_set)
        for name, ids in put.items():
            tags.wear(self._tx, ids, name=name, change_set=change_set)
        for name, ids in taken.items():
            tags.take_off(self._tx, ids, name=name, change_set=change_set)
        touch(self._tx.connection, {int(cell.whose) for cell in cells})  # type: ignore[arg-type]  # customers'
        search_index.refresh(self._tx.connection)


def _has_year(told: str) -> bool:
    return bool(told) and birthday_words.parse(told).year is not None


def _names(field: fields.Field) -> frozenset[str]:
    """What may stand above a column, in whatever language the list was exported."""
    if not field.own_words:
        return frozenset(in_every_language(field.label))
    told = trade_presets.known().get(field.key)
    return frozenset({field.heading, *(fields.headings(told) if told is not None else ())})


def _understood(attribute: Attribute, text: str) -> tuple[Any, str]:
    """The value of a cell of an attribute, and how it will be shown."""
    value = attribute_values.understand(attribute, sheet_marks.unshielded(text))
    return value, export.words(fields.kind_of(attribute), fields.of_attribute(attribute, value))


class _Products:
    """Lists of products."""

    def __init__(self, tx: Tx, columns: Columns) -> None:
        self._tx = tx
        # By code and specification as cells hold them.
        self._known = {product_sheet.cell_key(one): one for one in products.listed(tx, columns)}

    def heads(self) -> Mapping[str, _Head]:
        return {
            one.key: _Head(
                _(one.label), one.sort, one.key in products.KEPT_KEYS, frozenset(in_every_language(one.label))
            )
            for one in product_sheet.COLUMNS
        }

    def whose(self, _told: RowMark, texts: Mapping[str, str]) -> Whose | None:
        if "code" not in texts:
            return None
        return tuple(  # type: ignore[return-value]  # code and specification
            " ".join(clean(texts.get(key, "")).split()) for key in ("code", "variant")
        )

    def seal_name(self, whose: Whose, key: str) -> str:
        return product_sheet.seal_name(whose, key)  # type: ignore[arg-type]  # a product's

    def unmarked(self) -> str:
        return _("The last column of this row is missing or was changed, so nobody knows which product it is.")

    def unknown(self, whose: Whose) -> str:
        code, variant = whose  # type: ignore[misc]  # a product's
        return _("The shop has no product “{code}”.").format(code=" · ".join(filter(None, (code, variant))))

    def current(self, whose: Sequence[Whose]) -> dict[Whose, _Now]:
        found: dict[Whose, _Now] = {}
        for key in whose:
            product = self._known.get(key)  # type: ignore[arg-type]  # a product's
            if product is not None:
                told = product.title if not product.variant else f"{product.title} · {product.variant}"
                found[key] = _Now(told, {one: product.words(one) for one in products.KEPT_KEYS}, product=product)
        return found

    def understand(self, key: str, text: str, _now: _Now) -> tuple[Any, str]:
        value = products.understand(key, sheet_marks.unshielded(text))
        shown = _(products.FITS[str(value)]) if key == "fit" and value else value
        return value, ", ".join(shown) if isinstance(shown, tuple) else "" if shown is None else str(shown)

    def write(self, cells: Sequence[CellDifference], now: Mapping[Whose, _Now], _change_set: int) -> None:
        told: dict[Whose, dict[str, products.Value]] = {}
        for cell in cells:
            told.setdefault(cell.whose, {})[cell.key] = cell.value
        changes = [(product, values) for whose, values in told.items() if (product := now[whose].product) is not None]
        products.write(self._tx, changes)


_LISTS: Final[Mapping[str, Callable[[Tx, Columns], _Customers | _Products]]] = {
    CUSTOMERS: _Customers,
    PRODUCTS: _Products,
}
