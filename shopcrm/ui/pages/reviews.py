"""Reviews (C10): what buyers wrote, newest first; good ones are picked, and their texts copied for display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_
from shopcrm.base.progress import Progress
from shopcrm.collect import reviews
from shopcrm.collect.reviews import KINDS, ReviewLine
from shopcrm.ui import names, theme
from shopcrm.ui.dialogs import review as review_form
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import SearchBox
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts import review_words as say
from shopcrm.ui.parts.saving import XLSX, ask_where, dated

_ALL: Final = "all"
_PRODUCT_LETTERS: Final = 14


@dataclass(frozen=True)
class _Found:
    """What is shown, and how much there is of each kind."""

    lines: list[ReviewLine]
    counts: dict[str, int]
    products: list[str]


class ReviewsPage(Page):
    """Opened from the data: one line a review."""

    key = "reviews"
    title = N_("Reviews")
    icon = "star"
    reads = Changes.NOTES | Changes.ORDERS | Changes.CUSTOMERS | Changes.IMPORTS

    def _build(self) -> None:
        self._kind, self._of_product = "", ""
        self._shown: dict[int, ReviewLine] = {}
        self.head = PageHead(_(self.title), self)
        back = Button(_("Data"), self, kind="ghost", icon="database", name=f"{names.REVIEWS}_back")
        back.clicked.connect(lambda: self.ctx.go_to("data"))
        self._save = self._button(_("Export"), "file-spreadsheet", "export", self.export)
        self._copy = self._button(_("Copy the picked"), "copy", "copy", self.copy_picked)
        for button in (back, self._save, self._copy):
            self.head.buttons.addWidget(button)
        self._kinds = Choices(self, name=f"{names.REVIEWS}_kind")
        self._find = SearchBox(
            self, placeholder=_("Words in the review"), label=_("Find in the reviews"), height=32,
            clear_label=_("Clear the search"), name=f"{names.REVIEWS}_find",
        )  # fmt: skip
        self._find.setFixedWidth(min(theme.current().px(220), 400))
        self._product = Choice(self, label=_("Product"), name=f"{names.REVIEWS}_product", letters=_PRODUCT_LETTERS)
        self._pick = self._button(_("Pick for display"), "star", "pick", self.pick)
        self._model = PagedTableModel(self._columns(), self)
        self._table = TableView(self._model, self, label=_("Reviews"), name=f"{names.REVIEWS}_table")
        self._lay_out()

    def _button(self, words: str, icon: str, key: str, do: Callable[[], None]) -> Button:
        brief = theme.current().text_percent >= 150
        button = Button("" if brief else words, self, icon=icon, name=f"{names.REVIEWS}_{key}", label=words)
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addWidget(self.head)
        self._filters = QWidget(self)
        row = FlowLayout(self._filters, gap=8)
        for widget in (self._kinds, self._find, self._product, self._pick):
            row.addWidget(widget)
        column.addWidget(self._filters)
        self._stack = QStackedWidget(self)
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._table)
        for shown in (card, self._none_yet(), self._none_here()):
            self._stack.addWidget(shown)
        column.addWidget(self._stack, 1)

    def _none_yet(self) -> Card:
        card = Card(self, padding=0)
        fill = Button(_("Import a file"), card, kind="primary", icon="upload", size="medium",
                      name=f"{names.REVIEWS}_import")  # fmt: skip
        fill.clicked.connect(lambda: self.ctx.commands.run("window/import"))
        card.body.addWidget(
            EmptyState(
                card,
                icon="star",
                title=_("What buyers wrote will stand here"),
                text=_(
                    "Import a table with the order number, the stars and the text of reviews; "
                    "or open an order in a customer's history and add one there."
                ),
                action=fill,
            )
        )
        return card

    def _none_here(self) -> Card:
        card = Card(self, padding=0)
        every = Button(_("Show all reviews"), card, size="medium", name=f"{names.REVIEWS}_every")
        every.clicked.connect(self.show_all)
        card.body.addWidget(
            EmptyState(
                card, icon="star", title=_("No review like that"), text=_("Other words, or another kind?"), action=every
            )
        )
        return card

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("stars", _("Stars"), lambda one: say.stars(one.stars), width=92,
                   row_tone=lambda one: say.TONES[one.kind]),
            Column("text", _("Review text"), lambda one: " ".join(one.text.split()), width=220, stretch=5,
                   tooltip=lambda one: one.text),
            Column("product", _("Product"), lambda one: one.product, width=130, stretch=2, tone="second",
                   tooltip=lambda one: one.product),
            Column("day", _("Day"), lambda one: say.day(self.ctx, one), width=92, tone="second"),
            Column("customer", _("Customer"), lambda one: one.name or one.number, width=96, stretch=1),
            Column("picked", _("Picked"), lambda one: "✓" if one.picked else "", width=64, tone="accent"),
        )  # fmt: skip

    def _wire(self) -> None:
        self._kinds.chosen.connect(self.choose_kind)
        self._product.picked.connect(self.choose_product)
        self._find.query_changed.connect(lambda _text: self.refresh())
        self._find.moved.connect(self._table.move_by)
        self._find.submitted.connect(lambda _text: self._table.setFocus())
        self._find.escaped.connect(self._leave_search)
        self._table.opened.connect(self._open)
        self._table.current_changed.connect(lambda _review: self._tell())
        self._table.key_pressed.connect(self._key)
        for keys, do in (("Ctrl+C", self.copy_picked), ("Ctrl+E", self.export), ("Ctrl+F", self._find.select)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Read and shown

    def refresh(self) -> None:
        """Ask for the reviews anew."""
        kind, product, query = self._kind, self._of_product, self._find.query()

        def asked(tx: Any) -> _Found:
            every = reviews.listed(tx)
            narrow = reviews.narrowed(every, kind=kind, product=product, query=query)
            counts = {each: sum(reviews.is_of(one, each) for one in every) for each in ("", *KINDS)}
            return _Found(narrow, counts, sorted({one.product for one in every if one.product}))

        self.ctx.read(self, asked, done=self._show, latest="reviews")

    def _show(self, found: _Found) -> None:
        self._shown = {one.id: one for one in found.lines}
        at = self._table.current_id
        self._model.set_rows(self._shown)
        if self._shown and at not in self._shown:
            self._table.go_to(0)
        choices = [(kind or _ALL, f"{say.kind_name(kind)} {count:,}") for kind, count in found.counts.items()]
        self._kinds.set_choices(choices, chosen=self._kind or _ALL)
        self._product.set_choices(
            [("", _("All products")), *((title, title) for title in found.products)], chosen=self._of_product
        )
        count = found.counts[""]
        self._filters.setVisible(count > 0)
        self._save.setVisible(count > 0)
        self._copy.setVisible(count > 0)
        self._copy.setEnabled(found.counts["picked"] > 0)
        self._stack.setCurrentIndex(1 if not count else 0 if self._shown else 2)
        self.head.state.set_text(n_("{n} review", "{n} reviews", count).format(n=f"{count:,}") if count else "")
        self._tell()

    def _tell(self) -> None:
        one = self._current()
        words = _("No longer picked") if one is not None and one.picked else _("Pick for display")
        if theme.current().text_percent < 150:
            self._pick.set_text(words)
        self._pick.setAccessibleName(words)
        self._pick.setEnabled(one is not None)

    def _current(self) -> ReviewLine | None:
        chosen = self._table.current_id
        return None if chosen is None else self._shown.get(chosen)

    def choose_kind(self, key: str) -> None:
        """Show the good, the neutral, the bad or the picked ones, or all."""
        self._kind = "" if key == _ALL else key
        self.refresh()

    def choose_product(self, title: str) -> None:
        """Show the reviews of one product, or of all."""
        self._of_product = title
        self.refresh()

    def show_all(self) -> None:
        """Show all of them again."""
        self._kind = self._of_product = ""
        self._find.edit.clear()
        self.refresh()
        self._table.setFocus()

    def _leave_search(self) -> None:
        self._find.edit.clear()
        self._table.setFocus()

    # Done

    def _key(self, key: int) -> None:
        one = self._current()
        if key == Qt.Key.Key_P:
            self.pick()
        elif key == Qt.Key.Key_F2 and one is not None:
            review_form.ask_about(self.ctx, self.window(), review=one.id)

    def _open(self, review: int) -> None:
        one = self._shown.get(review)
        if one is not None and one.customer is not None:
            self.ctx.go_to("desk", one.customer)
        elif one is not None:
            self.ctx.messages.toast(_("Nobody knows who placed this order."), icon="info")

    def pick(self) -> None:
        """Choose the review for display, or no longer."""
        one = self._current()
        if one is not None:
            said = _("No longer picked") if one.picked else _("Picked for display")
            self.ctx.write_undoable(self, lambda tx: reviews.pick(tx, [one.id], picked=not one.picked), said=said)

    def copy_picked(self) -> None:
        """Copy the texts of all that are shown and picked, without who wrote them."""

        def asked(tx: Any) -> list[str]:
            from shopcrm.act import review_list

            return review_list.texts_for_display(tx, list(shown))

        def copied(texts: list[str]) -> None:
            if not texts:
                self.ctx.messages.toast(_("None of these is picked. P picks the review under the cursor."), icon="info")
                return
            said = n_("{n} review copied, without names", "{n} reviews copied, without names", len(texts))
            self.ctx.copy("\n\n".join(texts), said=said.format(n=f"{len(texts):,}"))

        shown = tuple(self._shown.values())
        self.ctx.read(self, asked, done=copied, latest="copied")

    def export(self) -> None:
        """Save what is shown as a sheet."""
        ctx, shown = self.ctx, list(self._shown.values())
        if not shown:
            return

        def write(path: Path) -> None:
            def work(progress: Progress) -> int:
                from shopcrm.act import review_list

                with ctx.shop.write() as tx:
                    # The dialog has asked before an older file is replaced.
                    return review_list.export_reviews(tx, shown, path, overwrite=True, progress=progress)

            ctx.jobs.run(self, work, _("Saving the list"), done=lambda rows: said(rows, path))

        def said(rows: int, path: Path) -> None:
            words = n_("{n} review saved to {file}", "{n} reviews saved to {file}", rows)
            ctx.messages.toast(words.format(n=f"{rows:,}", file=path.name), icon="file-spreadsheet")

        ask_where(self, folder=ctx.exports_folder(), name=dated(ctx, _("Reviews")), formats=(XLSX,), chosen=write)

    # The frame

    def first_focus(self) -> QWidget | None:
        """The table; on an empty page the button that fills it."""
        return self._table if self._stack.currentIndex() == 0 else button_of(self._stack)

    def remember(self) -> dict[str, object]:
        """What is looked at."""
        return {"kind": self._kind, "product": self._of_product, "words": self._find.query()}

    def restore(self, state: dict[str, object]) -> None:
        """Look at it again."""
        self._kind, self._of_product = str(state["kind"]), str(state["product"])
        self._find.edit.setText(str(state["words"]))
