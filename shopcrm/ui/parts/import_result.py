"""What an import did, in a line: with the rows it did not take as a workbook, and the way back (C3)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from shopcrm.base.files import atomic_write
from shopcrm.base.i18n import _, n_
from shopcrm.collect import rejects
from shopcrm.collect.imports import ImportReport
from shopcrm.collect.staged import Staged
from shopcrm.ui import names
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner
from shopcrm.ui.parts import import_words
from shopcrm.ui.parts.saving import BOTH, ask_where


@dataclass(frozen=True)
class Result:
    """What an import did, and the workbook with the rows it did not take."""

    report: ImportReport
    rejects: bytes


def rejected_rows(staged: Staged, folder: Path) -> bytes:
    """The workbook with the rows that an import will not take."""
    with tempfile.TemporaryDirectory(prefix="rejects-", dir=folder) as place:
        path = Path(place, "rows.xlsx")
        rejects.write(staged.file, path)
        return path.read_bytes()


class ImportResult(Banner):
    """A banner with Save and Undo."""

    undo_wanted = Signal(object)  # batch

    def __init__(self, ctx: Context, result: Result, parent: QWidget | None = None) -> None:
        files = result.report.files
        super().__init__(
            import_words.imported(files, result.report.orders), parent, tone="good", icon="circle-check"
        )  # fmt: skip
        self._ctx, self._result = ctx, result
        self.setObjectName(names.IMPORT_RESULT)
        told = import_words.unidentified(files)
        self.remark.setText(told)
        self.remark.setVisible(bool(told))
        if result.rejects:
            count = sum(file.rejected for file in files)
            words = n_("Save the {n} row not taken", "Save the {n} rows not taken", count).format(n=f"{count:,}")
            save = Button(words, self, icon="file-warning", name=names.IMPORT_REJECTS)
            save.clicked.connect(self.save_rejects)
            self.body.addWidget(save)
        undo = Button(_("Undo"), self, icon="undo-2", name=names.IMPORT_UNDO)
        undo.clicked.connect(lambda: self.undo_wanted.emit(result.report.batch))
        self.body.addWidget(undo)

    def save_rejects(self) -> None:
        """Save the rows that were not taken, to be corrected and dropped again."""
        ctx, rows = self._ctx, self._result.rejects

        def save(path: Path) -> None:
            def saved(_none: object) -> None:
                ctx.messages.toast(_("Saved to {file}").format(file=path.name), icon="file-spreadsheet")

            ctx.operations.run(self, lambda: atomic_write(path, rows), done=saved)

        name = _("Rows not taken") + f" {ctx.today.isoformat()}"
        ask_where(self, folder=ctx.exports_folder(), name=name, formats=BOTH[:1], chosen=save)
