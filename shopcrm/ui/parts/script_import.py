"""A sheet of scripts before it is taken (U2): what it adds and changes with check boxes, and what is wrong in it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopcrm.act import script_reading
from shopcrm.act.script_reading import RowChange, ScriptSheet, Taken
from shopcrm.base.i18n import _, n_, sentences
from shopcrm.ui import names
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.pages.page import PageHead
from shopcrm.ui.parts.cell_differences import CheckTable
from shopcrm.ui.parts.not_taken import NotTaken

_SHOWN = 200  # characters of a cell


class ScriptImport(QWidget):
    """Each row that is new or changed, what nobody can be sure of unchecked; below, what is not taken."""

    left = Signal()  # taken or put aside

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self.shown: ScriptSheet | None = None
        self.setObjectName(names.SCRIPT_IMPORT)
        self._head = PageHead(_("Scripts in the sheet"), self)
        self._cancel = Button(_("Put aside"), self, name=f"{names.SCRIPT_IMPORT}_cancel")
        self._write = Button("", self, kind="primary", icon="check", name=f"{names.SCRIPT_IMPORT}_write")
        self._unsure = Banner("", self, tone="warn", icon="triangle-alert")
        self._changes = PagedTableModel(_change_columns(), self, checkable=True)
        self._table = CheckTable(
            self._changes, self, label=_("Scripts in the sheet"), name=f"{names.SCRIPT_IMPORT}_table"
        )  # fmt: skip
        self._not_taken = NotTaken(self, name=f"{names.SCRIPT_IMPORT}_problems")
        self._head.buttons.addWidget(self._cancel)
        self._head.buttons.addWidget(self._write)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._head)
        column.addWidget(self._unsure)
        column.addWidget(self._table, 1)
        column.addWidget(self._not_taken)
        self._cancel.clicked.connect(self.put_aside)
        self._write.clicked.connect(self.write)
        self._table.submitted.connect(self.write)
        self._changes.checked_changed.connect(self._tell)

    def show_sheet(self, found: ScriptSheet) -> None:
        """Show what a sheet says."""
        self.shown = found
        self._changes.set_rows({change.place: change for change in found.changes})
        self._changes.check(change.place for change in found.changes if change.sure and not change.conflict)
        self._not_taken.show_places(found.problems)
        unsure = sum(change.conflict or not change.sure for change in found.changes)
        words = n_(
            "{n} row would replace words of the shop. Check it to take it.",
            "{n} rows would replace words of the shop. Check them to take them.",
            unsure,
        )
        self._unsure.text.setText(words.format(n=f"{unsure:,}"))
        self._unsure.setVisible(unsure > 0)
        self._table.go_to(0)
        self._tell()

    def chosen(self) -> list[RowChange]:
        """The rows that are checked."""
        if self.shown is None:
            return []
        return [self.shown.changes[place] for place in self._changes.checked_ids().tolist()]

    def _tell(self) -> None:
        found, count = self.shown, len(self._changes.checked_ids())
        if found is None:
            return
        self._write.set_text(n_("Take {n} row", "Take {n} rows", count).format(n=f"{count:,}"))
        self._write.setEnabled(count > 0)
        same = n_("{n} row is as in the shop", "{n} rows are as in the shop", found.same).format(n=f"{found.same:,}")
        new = sum(change.before is None for change in found.changes)
        told = _("{file}: {new} new, {changed} changed, {same}").format(
            file=found.name, new=f"{new:,}", changed=f"{len(found.changes) - new:,}", same=same
        )
        nothing = _("{file}: nothing new").format(file=found.name)
        self._head.state.set_text(told if found.changes else nothing)

    def first_focus(self) -> QWidget:
        """Where the keyboard begins."""
        return self._table if self.shown is not None and self.shown.changes else self._cancel

    def write(self) -> None:
        """Take what is checked."""
        chosen = self.chosen()
        if not chosen or not self._write.isEnabled():
            return
        self._write.setEnabled(False)
        self._ctx.write(
            self, lambda tx: script_reading.write(tx, chosen), done=self._written, failed=self._not_written
        )  # fmt: skip

    def _written(self, taken: Taken) -> None:
        parts = []
        if taken.added:
            parts.append(n_("{n} added.", "{n} added.", taken.added).format(n=f"{taken.added:,}"))
        if taken.changed:
            parts.append(n_("{n} changed.", "{n} changed.", taken.changed).format(n=f"{taken.changed:,}"))
        if taken.left:
            left = n_(
                "{n} was changed in the shop meanwhile and stays.",
                "{n} were changed in the shop meanwhile and stay.",
                taken.left,
            )
            parts.append(left.format(n=f"{taken.left:,}"))
        undo = (lambda: self._ctx.undo(taken.change_set)) if taken.added or taken.changed else None
        self._ctx.messages.toast(sentences(*parts), undo=undo)
        self.put_aside()

    def _not_written(self, error: BaseException) -> None:
        self._tell()
        self._ctx.messages.failure(error)

    def put_aside(self) -> None:
        """Leave it."""
        self.shown = None
        self._changes.set_rows({})
        self._not_taken.show_places(())
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_aside()
        else:
            super().keyPressEvent(event)


def _change_columns() -> tuple[Column, ...]:
    def what(change: RowChange) -> str:
        return _("a new one") if change.before is None else _(", ").join(cell.label for cell in change.cells)

    def differs(change: RowChange, side: str) -> str:
        """The cells that differ; of a new row its words."""
        if change.before is None:
            return change.draft.body[:_SHOWN] if side == "after" else ""
        return " · ".join(getattr(cell, side)[:_SHOWN] or _("(empty)") for cell in change.cells)

    def before(change: RowChange) -> str:
        return _plain(differs(change, "before"))

    def after(change: RowChange) -> str:
        return _plain(differs(change, "after"))

    def remark(change: RowChange) -> str:
        if change.conflict:
            return _("Changed in the shop too")
        return "" if change.sure else _("The shop has one called so")

    def soft(change: Any) -> str:
        return "good_soft" if change.sure and not change.conflict else "warn_soft"

    return (
        Column("row", _("Row"), lambda change: f"{change.row:,}", width=60, right=True, tone="third"),
        Column("title", _("Title or question"), lambda change: change.title, width=160, stretch=1, bold=True),
        Column("what", _("What is new"), what, width=110, tooltip=what),
        Column("before", _("In the shop"), before, width=130, stretch=1, tone="second",
               tooltip=lambda change: differs(change, "before")),
        Column("after", _("In the sheet"), after, width=150, stretch=2, ground=soft,
               tooltip=lambda change: differs(change, "after")),
        Column("remark", _("Remark"), remark, width=150),
    )  # fmt: skip


def _plain(text: str) -> str:
    """In one line, as a table shows it."""
    return " ".join(text.split())
