"""The numbers of a chart as a table, and figures saved as a workbook or a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.export import CannotSave
from shopcrm.act.workbook import Number, Sheet, Unit, export_figures
from shopcrm.base.i18n import N_, _, n_
from shopcrm.base.progress import Progress
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.group_grid import percent
from shopcrm.ui.parts.saving import XLSX, ask_where, dated

NOTHING: Final = "—"
PNG: Final = (".png", N_("Picture"))


class FigureTable(QDialog):
    """A chart's numbers, each as it is written in the workbook too."""

    def __init__(self, ctx: Context, sheet: Sheet, parent: QWidget) -> None:
        super().__init__(parent)
        self._ctx, self._sheet = ctx, sheet
        self.setObjectName(names.FIGURE_TABLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(sheet.title)
        self.setAccessibleName(sheet.title)
        model = PagedTableModel([self._column(place) for place in range(len(sheet.heads))], self)
        table = TableView(model, self, label=sheet.title, name=names.FIGURE_ROWS)
        model.set_rows(dict(enumerate(sheet.rows)))
        save = Button(_("Save as Excel"), self, icon="download", size="medium", name=names.FIGURE_SAVE)
        save.clicked.connect(lambda: save_figures(ctx, parent, name=sheet.title, sheets=lambda _tx: [sheet]))
        close = Button(_("Close"), self, size="medium", name=names.FIGURE_CLOSE)
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(save)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(Text(sheet.title, self, size=theme.LEAD, bold=True, wrap=True))
        column.addWidget(Text(sheet.rule, self, tone="second", wrap=True))
        column.addWidget(table, 1)
        column.addLayout(buttons)
        look, room = theme.current(), parent.window().size()
        wide = look.px(sum(one.width for one in model.columns)) + 60
        high = look.px(theme.ROW_HEIGHT) * (len(sheet.rows) + 1) + look.px(190)
        self.resize(min(max(wide, look.px(420)), room.width() - 60), min(high, room.height() - 60))
        table.go_to(0)
        table.setFocus()

    def _column(self, place: int) -> Column:
        head, unit = self._sheet.heads[place]

        def text(row: tuple[Number, ...]) -> str:
            return shown(row[place], unit, money=self._ctx.money)

        values = [head, *(text(row) for row in self._sheet.rows)]
        metrics = theme.current().metrics(theme.BODY, bold=True)
        widest = max(metrics.horizontalAdvance(value) for value in values)
        width = round(min(widest * 100 / theme.current().text_percent, 320)) + 26
        right = unit is not Unit.TEXT
        return Column(str(place), head, text, width=width, stretch=1, right=right, bold=place == 0)


def shown(value: Number, unit: Unit, *, money: Callable[[int], str]) -> str:
    """A value of a sheet as it is read on the screen."""
    if value is None:
        return NOTHING
    if unit is Unit.SHARE and isinstance(value, int | float):
        return percent(value)
    if unit is Unit.MONEY and isinstance(value, int):
        return money(value)
    if unit is Unit.COUNT and isinstance(value, int):
        return f"{value:,}"
    return str(value)


def save_figures(
    ctx: Context, owner: QWidget, *, name: str, sheets: Callable[[Any], Sequence[Sheet]], said: str = ""
) -> None:
    """Ask where, then save sheets as a workbook; they are made in the job, where the shop may be asked."""

    def write(path: Path) -> None:
        def work(progress: Progress) -> int:
            progress.report("writing")
            with ctx.shop.write() as tx:
                # The dialog has asked before an older file is replaced.
                return export_figures(tx, path, sheets(tx), overwrite=True, progress=progress)

        def done(count: int) -> None:
            words = said or n_("{n} figure saved to {file}", "{n} figures saved to {file}", count)
            ctx.messages.toast(words.format(n=f"{count:,}", file=path.name), icon="file-spreadsheet")

        ctx.jobs.run(owner, work, _("Saving the figures"), done=done)

    ask_where(owner, folder=ctx.exports_folder(), name=dated(ctx, name), formats=(XLSX,), chosen=write)


def save_picture(ctx: Context, owner: QWidget, *, name: str, image: QImage) -> None:
    """Ask where, then save a picture."""

    def write(path: Path) -> None:
        def work(progress: Progress) -> None:
            progress.report("writing")
            if not image.save(str(path)):
                raise CannotSave(path.name, _("the system did not say why"))

        words = _("Picture saved to {file}").format(file=path.name)
        ctx.jobs.run(
            owner, work, _("Saving the picture"), done=lambda _done: ctx.messages.toast(words, icon="image-down")
        )

    ask_where(owner, folder=ctx.exports_folder(), name=dated(ctx, name), formats=(PNG,), chosen=write)
