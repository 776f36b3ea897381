"""The imports that were made, newest first, each with its Undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from shopcrm.base import clock
from shopcrm.base.i18n import _, n_
from shopcrm.collect.imports import Batch
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import import_words


class ImportHistory(Card):
    """A table; Undo by the word at the end of a row, by the button, or by the key U."""

    undo_wanted = Signal(int)  # batch

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, gap=0)
        self._ctx = ctx
        self._batches: dict[int, Batch] = {}
        self._model = PagedTableModel(self._columns(), self)
        self._table = TableView(self._model, self, label=_("Imports so far"), name=names.IMPORT_HISTORY)
        self._undo = Button(_("Undo this import"), self, icon="undo-2", keys="U", name=names.IMPORT_HISTORY_UNDO)
        self._none = Text(_("No import yet."), self, tone="second")
        self._build()
        self._wire()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 8)
        head.addWidget(Text(_("Imports so far"), self, size=theme.LEAD, bold=True), 1)
        head.addWidget(self._undo)
        self._stack = QStackedWidget(self)
        empty = QWidget(self)
        row = QHBoxLayout(empty)
        row.setContentsMargins(16, 0, 16, 16)
        row.addWidget(self._none, 0, Qt.AlignmentFlag.AlignTop)
        self._stack.addWidget(self._table)
        self._stack.addWidget(empty)
        self.body.setContentsMargins(1, 1, 1, 3)
        self.body.addLayout(head)
        self.body.addWidget(self._stack, 1)
        self._table.setMinimumHeight(theme.current().px(34) + 2 * theme.current().px(theme.ROW_HEIGHT))

    def _columns(self) -> tuple[Column, ...]:
        def when(batch: Batch) -> str:
            at = clock.instant(batch.at).astimezone(self._ctx.zone)
            return words.moment(at, today=self._ctx.today)

        def exactly(batch: Batch) -> str:
            at = f"{clock.instant(batch.at).astimezone(self._ctx.zone):%Y-%m-%d %H:%M:%S}"
            lines = [_("{time}, by {who}").format(time=at, who=_("Owner") if batch.actor == "owner" else batch.actor)]
            if batch.undone_at is not None:
                undone = f"{clock.instant(batch.undone_at).astimezone(self._ctx.zone):%Y-%m-%d %H:%M:%S}"
                lines.append(_("Undone on {time}").format(time=undone))
            return "\n".join(lines)

        def files(batch: Batch) -> str:
            first = batch.files[0].file if batch.files else "—"
            more = len(batch.files) - 1
            if more < 1:
                return first
            return n_("{file} and {n} more", "{file} and {n} more", more).format(file=first, n=more)

        def source(batch: Batch) -> str:
            kinds = dict.fromkeys(words.platform(file.platform) for file in batch.files)
            return _(", ").join(kinds)

        def total(name: str) -> Any:
            return lambda batch: f"{sum(getattr(file, name) for file in batch.files):,}"

        def tone(batch: Batch) -> str:
            return "third" if batch.undone_at is not None else "text"

        return (
            Column("at", _("When"), when, width=116, tooltip=exactly, row_tone=tone),
            Column("files", _("Files"), files, width=150, stretch=1, row_tone=tone,
                   tooltip=lambda batch: "\n".join(map(import_words.of_file, batch.files))),
            Column("source", _("From"), source, width=100, row_tone=tone),
            Column("rows", _("Rows"), total("rows"), width=62, right=True, row_tone=tone),
            Column("new", _("New"), lambda batch: f"{batch.orders.new:,}", width=58, right=True, row_tone=tone),
            Column("changed", _("Changed"), lambda batch: f"{batch.orders.changed:,}", width=72, right=True,
                   row_tone=tone),
            Column("rejected", _("Not taken"), total("rejected"), width=78, right=True, row_tone=tone),
            Column("undo", "", self._undo_words, width=82, paint=self._paint_undo),
        )  # fmt: skip

    def _undo_words(self, batch: Batch) -> str:
        return _("undone") if batch.undone_at is not None else _("Undo")

    def _paint_undo(self, painter: QPainter, rect: QRectF, batch: Batch) -> None:
        look, told = theme.current(), self._undo_words(batch)
        if batch.undone_at is not None:
            paint.text(painter, rect, told, ink=look.colour("third"), right=True)
            return
        paint.verb(painter, rect, told, icon="undo-2")

    def _wire(self) -> None:
        self.setFocusProxy(self._table)
        self._table.clicked.connect(self._clicked)
        self._table.key_pressed.connect(self._pressed)
        self._table.current_changed.connect(self._tell)
        self._undo.clicked.connect(self.undo_current)

    def show_batches(self, batches: Sequence[Batch]) -> None:
        """Show the imports."""
        newest = next(iter(self._batches), None)
        self._batches = {batch.id: batch for batch in batches}
        self._model.set_rows(self._batches)
        self._stack.setCurrentIndex(0 if batches else 1)
        self._undo.setVisible(bool(batches))
        if batches and (self._table.current_id is None or batches[0].id != newest):
            self._table.go_to(0)
        self._tell(self._table.current_id)

    def _tell(self, batch: int | None) -> None:
        found = self._batches.get(batch) if batch is not None else None
        self._undo.setEnabled(found is not None and found.undone_at is None)
        self._undo.setToolTip("" if found is None else import_words.imported(found.files, found.orders))

    def _clicked(self, index: QModelIndex) -> None:
        column = self._model.column(index.column())
        if column is not None and column.key == "undo":
            self.undo_current()

    def _pressed(self, key: int) -> None:
        if key == Qt.Key.Key_U:
            self.undo_current()

    def undo_current(self) -> None:
        """Undo the import the cursor is on."""
        batch = self._batches.get(self._table.current_id or 0)
        if batch is not None and batch.undone_at is None:
            self.undo_wanted.emit(batch.id)
