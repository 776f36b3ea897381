"""The places of a sheet that are not taken, each with the reason: below what is taken of it (C9, U2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopcrm.base.i18n import _, n_
from shopcrm.ui import theme
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Text

_ROWS = 4  # seen at once; fewer where the text is large


class Place(Protocol):
    """Where in a sheet, and why it is not taken."""

    @property
    def row(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def reason(self) -> str: ...


class NotTaken(QWidget):
    """Not there while all is taken."""

    def __init__(self, parent: QWidget | None = None, *, name: str) -> None:
        """`name` is the table's."""
        super().__init__(parent)
        self._rows = PagedTableModel(_columns(), self)
        self._told = Text("", self, size=theme.SMALL, tone="bad", wrap=True)
        self._table = TableView(self._rows, self, label=_("Not taken"), name=name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._told)
        column.addWidget(self._table)
        self.hide()

    def show_places(self, places: Sequence[Place]) -> None:
        """Show these."""
        self._rows.set_rows(dict(enumerate(places)))
        count = len(places)
        told = n_("{n} place is not taken:", "{n} places are not taken:", count)
        self._told.setText(told.format(n=f"{count:,}"))
        look = theme.current()
        rows = min(count, _ROWS if look.text_percent < 150 else 1)
        head = self._table.horizontalHeader().height()
        self._table.setFixedHeight(head + rows * look.px(theme.ROW_HEIGHT) + 2)
        self.setVisible(count > 0)


def _columns() -> tuple[Column, ...]:
    def reason(one: Place) -> str:
        return one.reason

    return (
        Column("row", _("Row"), lambda one: f"{one.row:,}", width=60, right=True, tone="third"),
        Column("column", _("Column"), lambda one: one.label or "—", width=140),
        Column("reason", _("Why it is not taken"), reason, width=300, stretch=1, tone="bad", tooltip=reason),
    )
