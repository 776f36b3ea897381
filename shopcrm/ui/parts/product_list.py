"""The products (C9): what was sold and what is kept of it; searched, sorted, filled in for one or many at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import _, n_
from shopcrm.base.progress import Progress
from shopcrm.base.text import fold
from shopcrm.collect import products
from shopcrm.collect.products import KEPT, Key, Product
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context, Listing
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit, SearchBox
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.page import PageHead
from shopcrm.ui.parts.cell_differences import CheckTable
from shopcrm.ui.parts.saving import XLSX, ask_where, dated

_NUMBERS: Final = ("orders", "units", "customers", "price", "band", "last_day", "days_per_unit")


class ProductList(QWidget):
    """A table; what is typed below it goes to the checked products, else to the one the cursor is on."""

    left = Signal()
    import_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._numbers: dict[Key, int] = {}  # a number for the table as long as the list is there
        self._found: dict[int, Product] = {}
        self.setObjectName(names.PRODUCTS)
        self._head = PageHead(_("Products"), self)
        self._back = Button(_("Data"), self, kind="ghost", icon="database", name=names.PRODUCTS_BACK)
        self._save = Button(_("Export to fill in"), self, icon="file-spreadsheet", name=names.PRODUCTS_EXPORT)
        self._answers = Button(
            _("Questions and answers"), self, icon="message-square-text", name=names.PRODUCTS_ANSWERS
        )  # fmt: skip
        self._search = SearchBox(
            self, placeholder=_("Code, title, category or tag"), label=_("Search the products"), height=32,
            clear_label=_("Clear the search"), name=names.PRODUCTS_SEARCH,
        )  # fmt: skip
        self._search.setFixedWidth(min(theme.current().px(260), 480))
        self._model = PagedTableModel(self._columns(), self, checkable=True)
        self._table = CheckTable(self._model, self, label=_("Products"), name=names.PRODUCTS_TABLE)
        self._field = Choice(self, label=_("What is kept"), name=names.PRODUCTS_FIELD)
        self._edit = LineEdit(self, label=_("What is kept"), name=names.PRODUCTS_EDIT)
        self._set = Button("", self, kind="primary", size="medium", name=names.PRODUCTS_SET)
        self._wrong = Text("", self, size=theme.SMALL, tone="bad", wrap=True)
        self._stack = QStackedWidget(self)
        self._build()
        self._wire()
        self._tell()

    def _build(self) -> None:
        self._head.buttons.addWidget(self._back)
        self._head.buttons.addWidget(self._save)
        self._head.buttons.addWidget(self._answers)
        self._field.set_choices([(field.key, _(field.label)) for field in KEPT], chosen=KEPT[0].key)
        self._wrong.hide()
        self._table.set_sort("units", descending=True)
        full, card = QWidget(self), Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._table)
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._search)
        column.addWidget(card, 1)
        column.addWidget(self._wrong)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field)
        row.addWidget(self._edit, 1)
        row.addWidget(self._set)
        column.addLayout(row)
        fill = Button(_("Import a file"), self, kind="primary", icon="upload", name=names.PRODUCTS_IMPORT)
        fill.clicked.connect(self.import_wanted)
        nothing = Card(self, padding=0)
        empty = EmptyState(
            nothing, icon="package", title=_("No products yet"),
            text=_("They come with the orders: import a file that says what was bought."), action=fill,
        )  # fmt: skip
        nothing.body.addWidget(empty)
        self._stack.addWidget(full)
        self._stack.addWidget(nothing)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self._head)
        whole.addWidget(self._stack, 1)

    def _wire(self) -> None:
        self._back.clicked.connect(self.left)
        self._save.clicked.connect(self.export)
        self._answers.clicked.connect(self.open_answers)
        self._search.query_changed.connect(lambda _text: self.refresh())
        self._search.moved.connect(self._table.move_by)
        self._search.submitted.connect(lambda _text: self._table.setFocus())
        self._search.escaped.connect(self.left)
        self._table.sort_wanted.connect(lambda _key, _descending: self.refresh())
        self._table.submitted.connect(lambda: self._open_buyers(self._table.current_id))
        self._table.opened.connect(self._open_buyers)
        self._table.key_pressed.connect(self._key)
        self._table.current_changed.connect(lambda _current: self._tell())
        self._model.checked_changed.connect(self._tell)
        self._field.currentIndexChanged.connect(lambda _place: self._tell())
        self._edit.submitted.connect(lambda _text: self.keep())
        self._edit.escaped.connect(self._table.setFocus)
        self._set.clicked.connect(self.keep)

    def _columns(self) -> tuple[Column, ...]:
        def column(key: str, title: str, text: Any, width: int, **how: Any) -> Column:
            return Column(key, title, text, width=width, sortable=True, right=key in _NUMBERS, **how)

        def price(one: Product) -> str:
            return "" if one.price is None else self._ctx.money(one.price)

        def last(one: Product) -> str:
            return "" if one.last_date is None else words.day(one.last_date, today=self._ctx.today)

        def kept(key: str) -> Any:
            return lambda one: one.words(key)

        return (
            column("title", _("Product"), lambda one: one.title, 210, stretch=3, bold=True,
                   tooltip=lambda one: one.title),
            column("variant", _("Specification"), lambda one: one.variant, 124, stretch=1),
            column("code", _("Product code"), lambda one: one.code if one.code != one.title else "", 104,
                   tone="second"),
            column("units", _("Pieces"), lambda one: f"{one.units:,}", 66),
            column("customers", _("Customers"), lambda one: f"{one.customers:,}", 76),
            column("price", _("Average price"), price, 92),
            column("band", _("Price band"), lambda one: str(one.band or ""), 84),
            column("last_day", _("Last sold"), last, 92),
            column("category", _("Category"), kept("category"), 84, stretch=1),
            column("tags", _("Tags"), kept("tags"), 72, stretch=1),
            column("days_per_unit", _("Days one lasts"), kept("days_per_unit"), 88),
            column("pairs_with", _("Pairs with"), kept("pairs_with"), 84),
            column("stage", _("Stage or age"), kept("stage"), 80),
            column("fit", _("Fit"), kept("fit"), 70),
        )  # fmt: skip

    # Reading

    def refresh(self) -> None:
        """Ask for the products anew."""
        shop, query = self._ctx.shop, self._search.edit.query()
        key, descending = self._table.sort_key, self._table.sort_descending

        def asked(tx: Any) -> tuple[int, list[Product]]:
            found = products.listed(tx, shop.columns())
            return len(found), _arranged(found, query=query, key=key, descending=descending)

        self._ctx.read(self, asked, done=self._show, latest="products")

    def _show(self, answer: tuple[int, list[Product]]) -> None:
        count, found = answer
        self._found = {self._numbers.setdefault(one.key, len(self._numbers)): one for one in found}
        self._model.set_rows(self._found)
        if self._table.current_id is None:
            self._table.go_to(0 if found else -1)
        self._stack.setCurrentIndex(0 if count else 1)
        self._save.setEnabled(count > 0)
        self._answers.setEnabled(count > 0)
        self._head.state.set_text(n_("{n} product", "{n} products", count).format(n=f"{count:,}"))
        self._tell()

    def _targets(self) -> list[Product]:
        """The checked products, else the one the cursor is on."""
        checked = [self._found[one] for one in self._model.checked_ids().tolist()]
        current = self._found.get(-1 if self._table.current_id is None else self._table.current_id)
        return checked or ([] if current is None else [current])

    def _tell(self) -> None:
        targets, key = self._targets(), self._field.key()
        count = len(targets)
        told = n_("Set for {n} product", "Set for {n} products", count).format(n=f"{count:,}")
        self._set.setText(told)
        self._set.setAccessibleName(told)
        self._set.setEnabled(count > 0)
        said = {one.words(key) for one in targets}
        if not self._edit.hasFocus():
            self._edit.setText(said.pop() if len(said) == 1 else "")
            self._wrong.hide()

    # Doing

    def keep(self) -> None:
        """Keep what is typed, of all that are checked."""
        targets, key = self._targets(), self._field.key()
        try:
            value = products.understand(key, self._edit.text())
        except UserFailure as failure:
            self._wrong.setText(failure.message)
            self._wrong.show()
            return
        if not targets:
            return
        self._wrong.hide()
        told: Mapping[str, products.Value] = {key: value}
        count = len(targets)
        self._ctx.write_undoable(
            self,
            lambda tx: products.put(tx, [(one, told) for one in targets]),
            said=n_("Kept for {n} product", "Kept for {n} products", count).format(n=f"{count:,}"),
        )
        self._table.setFocus()

    def _open_buyers(self, number: int | None) -> None:
        product = self._found.get(-1 if number is None else number)
        if product is not None:
            key = product.key
            title = _("Bought {product}").format(product=product.title)
            self._ctx.go_to("customers", Listing(title, lambda tx, _columns: products.buyers(tx, key)))

    def open_answers(self) -> None:
        """What is asked about the product, and what the shop answers."""
        number = self._table.current_id
        product = self._found.get(-1 if number is None else number)
        if product is not None:
            self._ctx.go_to("scripts", product.code)

    def export(self) -> None:
        """Save all products as a sheet to fill in."""
        ctx = self._ctx

        def write(path: Path) -> None:
            def work(progress: Progress) -> int:
                from shopcrm.act import product_sheet

                with ctx.shop.write() as tx:
                    # The dialog has asked before an older file is replaced.
                    return product_sheet.export_products(
                        tx, ctx.shop.columns(), path, overwrite=True, progress=progress
                    )

            ctx.jobs.run(self, work, _("Saving the list"), done=lambda _rows: said(path))

        def said(path: Path) -> None:
            words = _("Saved to {file}. Fill it in with Excel and drop it here again.").format(file=path.name)
            ctx.messages.toast(words, icon="file-spreadsheet")

        ask_where(self, folder=ctx.exports_folder(), name=dated(ctx, _("Products")), formats=(XLSX,), chosen=write)

    def first_focus(self) -> QWidget:
        """Where the keyboard begins."""
        return self._search.edit

    def _key(self, key: int) -> None:
        if key == Qt.Key.Key_F2:
            self._edit.setFocus()
            self._edit.selectAll()
        elif key == Qt.Key.Key_Slash:
            self._search.edit.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _arranged(found: list[Product], *, query: str, key: str, descending: bool) -> list[Product]:
    """The products that hold all words of a query, sorted; what has no value comes last either way."""
    wanted = fold(query).split()
    if wanted:
        found = [one for one in found if all(word in _searched(one) for word in wanted)]
    if key in _NUMBERS:
        by = "price" if key == "band" else key  # within a band too
        known = [one for one in found if getattr(one, by) is not None]
        known.sort(key=lambda one: getattr(one, by), reverse=descending)
    else:
        known = [one for one in found if _said(one, key)]
        known.sort(key=lambda one: fold(_said(one, key)), reverse=descending)
    kept = {one.key for one in known}
    return known + [one for one in found if one.key not in kept]


def _searched(product: Product) -> str:
    band = str(product.band or "").replace("–", "-")  # as it is typed
    return fold(" ".join((product.code, product.variant, product.title, product.category or "", band, *product.tags)))


def _said(product: Product, key: str) -> str:
    return product.words(key) if key in products.KEPT_KEYS else str(getattr(product, key))
