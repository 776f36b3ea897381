"""What was changed in a list that was exported, edited and dropped again (C9): cell by cell, written when agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopcrm.act import round_trip
from shopcrm.act.round_trip import CellDifference, SheetDifferences, Written
from shopcrm.base import clock
from shopcrm.base.i18n import _, n_, sentences
from shopcrm.collect.staged import Staged
from shopcrm.ui import names
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.pages.page import PageHead
from shopcrm.ui.parts.not_taken import NotTaken

if TYPE_CHECKING:
    from shopcrm.app import Shop


def differences(shop: Shop, staged: Staged) -> SheetDifferences | None:
    """What an edited list says, on a worker thread; None: the files are something else."""
    if not round_trip.is_edited(staged):
        return None
    columns = shop.columns()
    with shop.read() as tx:
        return round_trip.compare(tx, columns, staged)


class CheckTable(TableView):
    """A table of check boxes: Space for one, Ctrl+A for all, Enter for what is done with them."""

    submitted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.paged.check_all(len(self.paged.checked_ids()) < len(self.paged.ids))
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
        else:
            super().keyPressEvent(event)


class CellDifferences(QWidget):
    """The changed cells with check boxes, those that the shop has changed too unchecked; below, what is not taken."""

    left = Signal()  # written or put aside

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self.shown: SheetDifferences | None = None
        self.setObjectName(names.DIFFERENCES)
        self._head = PageHead(_("Changes in the sheet"), self)
        self._cancel = Button(_("Put aside"), self, name=names.DIFFERENCES_CANCEL)
        self._write = Button(_("Write"), self, kind="primary", icon="check", name=names.DIFFERENCES_WRITE)
        self._conflicts = Banner("", self, tone="warn", icon="triangle-alert")
        self._fixed = Banner("", self, tone="info", icon="info")
        self._cells = PagedTableModel(_cell_columns(), self, checkable=True)
        self._table = CheckTable(self._cells, self, label=_("Changes in the sheet"), name=names.DIFFERENCES_TABLE)
        self._not_taken = NotTaken(self, name=names.DIFFERENCES_REFUSED)
        self._build()
        self._cancel.clicked.connect(self.put_aside)
        self._write.clicked.connect(self.write)
        self._table.submitted.connect(self.write)
        self._cells.checked_changed.connect(self._tell)

    def _build(self) -> None:
        self._head.buttons.addWidget(self._cancel)
        self._head.buttons.addWidget(self._write)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self._head, self._conflicts, self._fixed):
            column.addWidget(widget)
        column.addWidget(self._table, 1)
        column.addWidget(self._not_taken)

    def show_differences(self, found: SheetDifferences) -> None:
        """Show what an edited list says."""
        self.shown = found
        self._cells.set_rows({cell.place: cell for cell in found.cells})
        self._cells.check(cell.place for cell in found.safe)
        self._not_taken.show_places(found.refused)
        conflicts = found.conflicts
        words = n_(
            "{n} cell was changed in the shop too since the export. Check it to overwrite.",
            "{n} cells were changed in the shop too since the export. Check them to overwrite.",
            conflicts,
        )
        self._conflicts.text.setText(words.format(n=f"{conflicts:,}"))
        self._conflicts.setVisible(conflicts > 0)
        fixed = _(", ").join(f"{one.label} × {one.cells:,}" for one in found.fixed)
        self._fixed.text.setText(
            _("These cannot be edited in a sheet and stay as they are: {columns}").format(columns=fixed)
        )
        self._fixed.setVisible(bool(found.fixed))
        self._table.go_to(0)
        self._tell()

    def chosen(self) -> list[CellDifference]:
        """The cells that are checked."""
        if self.shown is None:
            return []
        return [self.shown.cells[place] for place in self._cells.checked_ids().tolist()]

    def _tell(self) -> None:
        found, count = self.shown, len(self._cells.checked_ids())
        if found is None:
            return
        told = n_("Write {n} change", "Write {n} changes", count).format(n=f"{count:,}")
        self._write.setText(told)
        self._write.setAccessibleName(told)
        self._write.setEnabled(count > 0)
        if not found.cells:
            self._head.state.set_text(_("{file}: nothing was changed").format(file=found.name))
            return
        exported = clock.instant(found.exported_at).astimezone(self._ctx.zone)
        self._head.state.set_text(
            _("{file}, exported {at}: {cells} changed, {checked} checked").format(
                file=found.name, at=f"{exported:%Y-%m-%d %H:%M}", cells=f"{len(found.cells):,}", checked=f"{count:,}"
            )
        )

    def first_focus(self) -> QWidget:
        """Where the keyboard begins."""
        return self._table if self.shown is not None and self.shown.cells else self._cancel

    def write(self) -> None:
        """Write what is checked."""
        found, chosen, shop = self.shown, self.chosen(), self._ctx.shop
        if found is None or not chosen or not self._write.isEnabled():
            return
        self._write.setEnabled(False)
        self._ctx.write(
            self,
            lambda tx: round_trip.write(tx, found, chosen, columns=shop.columns()),
            done=self._written,
            failed=self._not_written,
        )

    def _written(self, written: Written) -> None:
        told = n_("{n} cell written.", "{n} cells written.", written.cells).format(n=f"{written.cells:,}")
        if written.left:
            left = n_(
                "{n} was changed in the shop meanwhile and stays.",
                "{n} were changed in the shop meanwhile and stay.",
                written.left,
            )
            told = sentences(told, left.format(n=f"{written.left:,}"))
        undo = (lambda: self._ctx.undo(written.change_set)) if written.cells else None
        self._ctx.messages.toast(told, undo=undo)
        self._leave()

    def _not_written(self, error: BaseException) -> None:
        self._tell()
        self._ctx.messages.failure(error)

    def put_aside(self) -> None:
        """Leave it; nothing was written."""
        self._leave()

    def _leave(self) -> None:
        self.shown = None
        self._cells.set_rows({})
        self._not_taken.show_places(())
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_aside()
        else:
            super().keyPressEvent(event)


def _tone(cell: CellDifference) -> str:
    return "warn" if cell.conflict else "text"


def _blank(text: str) -> str:
    return text or _("(empty)")


def _cell_columns() -> tuple[Column, ...]:
    def soft(cell: Any) -> str:
        return "warn_soft" if cell.conflict else "good_soft"

    return (
        Column("row", _("Row"), lambda cell: f"{cell.row:,}", width=60, right=True, tone="third"),
        Column("whose", _("Of whom or what"), lambda cell: cell.told, width=160, stretch=2, bold=True),
        Column("column", _("Column"), lambda cell: cell.label, width=110),
        Column("before", _("In the shop"), lambda cell: _blank(cell.before), width=150, stretch=2, tone="second",
               tooltip=lambda cell: cell.before),
        Column("after", _("In the sheet"), lambda cell: _blank(cell.after), width=150, stretch=2, bold=True,
               ground=soft, tooltip=lambda cell: cell.after),
        Column("conflict", _("Remark"), lambda cell: _("Changed in the shop too") if cell.conflict else "", width=164,
               row_tone=_tone),
    )  # fmt: skip
