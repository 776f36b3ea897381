"""Where scripts come from and go to (U2): ready-made folders taken one by one, sheets saved and read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from shopcrm.act.script_presets import PresetFolder
from shopcrm.act.script_reading import ScriptSheet
from shopcrm.act.script_sheet import Exported
from shopcrm.base import options, trades
from shopcrm.base.i18n import _, n_, sentences
from shopcrm.base.progress import Progress
from shopcrm.ui import names
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.parts.saving import XLSX, ask_files, ask_where, dated


class PresetButton(Button):
    """Opens the ready-made folders: those for every shop and of the own trade, the other trades' behind them."""

    wanted = Signal(object)  # names of folders; None: all for this shop

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Ready-made scripts"), parent, icon="sparkles", name=names.SCRIPT_PRESETS)
        self._ctx = ctx
        self.clicked.connect(self._ask)

    def _ask(self) -> None:
        from shopcrm.act import script_presets

        language = self._ctx.language
        self._ctx.read(
            self,
            lambda tx: (script_presets.offered(tx, language=language), str(tx.option(options.TRADE))),
            done=lambda found: self._open(*found),
            latest="presets",
        )

    def _open(self, found: Sequence[PresetFolder], trade: str) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{names.SCRIPT_PRESETS}_menu")
        own = [folder for folder in found if folder.trade in ("", trade)]
        missing = sum(folder.fresh for folder in own)
        everything = menu.addAction(_("All that are missing ({n})").format(n=f"{missing:,}"))
        everything.setEnabled(missing > 0)
        everything.triggered.connect(lambda: self.wanted.emit(None))
        menu.addSeparator()
        for folder in own:
            self._add(menu, folder)
        others = menu.addMenu(_("Other trades"))
        others.setObjectName(f"{names.SCRIPT_PRESETS}_others")
        for folder in found:
            if folder not in own:
                self._add(others, folder, of=trades.name(folder.trade))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _add(self, menu: QMenu, folder: PresetFolder, *, of: str = "") -> None:
        name = folder.name if of in ("", folder.name) else f"{folder.name} · {of}"
        count = f"{folder.fresh:,}" if folder.fresh else _("all here")
        action = menu.addAction(f"{name}\t{count}".replace("&", "&&"))
        action.setEnabled(folder.fresh > 0)
        action.triggered.connect(lambda: self.wanted.emit([folder.name]))


class SheetButton(Button):
    """Saves all scripts and answers as an Excel sheet, and reads one."""

    read = Signal(object)  # ScriptSheet

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Excel"), parent, icon="file-spreadsheet", name=names.SCRIPT_SHEETS)
        self._ctx = ctx
        self.can_save = True  # there is something to save
        self.clicked.connect(self._open)

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{names.SCRIPT_SHEETS}_menu")
        save = menu.addAction(_("Save all to edit in Excel …"))
        save.setEnabled(self.can_save)
        save.triggered.connect(self.save)
        menu.addAction(_("Take in an Excel sheet …")).triggered.connect(self.choose)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def save(self) -> None:
        """Ask where and save them."""
        ctx = self._ctx

        def write(path: Path) -> None:
            def work(progress: Progress) -> Exported:
                from shopcrm.act import script_sheet

                with ctx.shop.write() as tx:
                    # The dialog has asked before an older file is replaced.
                    return script_sheet.export_scripts(tx, path, overwrite=True, progress=progress)

            ctx.jobs.run(self, work, _("Saving the list"), done=lambda done: said(path, done))

        def said(path: Path, done: Exported) -> None:
            words = _("Saved to {file}. Edit it in Excel and drop it here again.").format(file=path.name)
            left = n_(
                "{n} is longer than a cell takes and was left out.",
                "{n} are longer than a cell takes and were left out.",
                done.left_out,
            )
            rest = left.format(n=f"{done.left_out:,}") if done.left_out else ""
            ctx.messages.toast(sentences(words, rest), icon="file-spreadsheet")

        ask_where(self, folder=ctx.exports_folder(), name=dated(ctx, _("Scripts")), formats=(XLSX,), chosen=write)

    def choose(self) -> None:
        """Ask for a sheet and read it."""
        ask_files(
            self,
            title=_("Take in an Excel sheet …"),
            kinds=_("Tables") + " (*.xlsx *.xls *.csv)",
            chosen=lambda paths: self.take(paths[0]),
        )

    def take(self, path: Path) -> None:
        """Read a sheet in the child process, and say what it holds."""
        shop = self._ctx.shop

        def work(progress: Progress) -> ScriptSheet:
            from shopcrm.act import script_reading

            staged = shop.stage([path], progress=progress, peek=True, rows_at_most=script_reading.MOST_ROWS + 1)
            try:
                with shop.read() as tx:
                    return script_reading.compare(tx, staged)
            finally:
                staged.close()

        self._ctx.jobs.run(self, work, _("Reading the sheet"), done=self.read.emit)
