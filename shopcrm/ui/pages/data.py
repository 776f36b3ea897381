"""Data: files in (dropped, looked at, imported, undone) and contact lists out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from shopcrm.act import round_trip, script_sheet
from shopcrm.act.round_trip import SheetDifferences
from shopcrm.base import clock
from shopcrm.base.changes import Changes
from shopcrm.base.errors import Cancelled, Failure
from shopcrm.base.i18n import N_, _, n_
from shopcrm.base.progress import Progress
from shopcrm.collect import imports, mappings
from shopcrm.collect.fixes import Fix
from shopcrm.collect.imports import Batch
from shopcrm.collect.mapping_file import fingerprint
from shopcrm.collect.refusals import NeededMissing, PasswordProtected, UnknownLayout, WrongPassword
from shopcrm.collect.staged import Staged, StagedFile
from shopcrm.collect.undoing import UndoReport
from shopcrm.ui import names, theme, words
from shopcrm.ui.dialogs import order as order_form
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner, ScrollArea
from shopcrm.ui.kit.text import plain_tooltip
from shopcrm.ui.pages.page import Page, PageHead, page_column
from shopcrm.ui.parts import cell_differences, import_words, password_question
from shopcrm.ui.parts.cell_differences import CellDifferences
from shopcrm.ui.parts.drop_zone import READABLE, DropZone
from shopcrm.ui.parts.export_panel import ExportPanel
from shopcrm.ui.parts.import_history import ImportHistory
from shopcrm.ui.parts.import_preview import ImportPreview, Looked
from shopcrm.ui.parts.import_result import ImportResult, Result, rejected_rows
from shopcrm.ui.parts.mapping_editor import MappingEditor, Peeked, peek
from shopcrm.ui.parts.product_list import ProductList
from shopcrm.ui.parts.saving import ask_files

SIDE_WIDTH = 348
_HOME, _PREVIEW, _EDITOR, _EDITED, _PRODUCTS = range(5)


class DataPage(Page):
    """The drop zone with the history and the export, or the preview of what was dropped."""

    key = "data"
    title = N_("Data")
    icon = "database"
    reads = Changes.IMPORTS | Changes.PRODUCTS

    # Making it

    def _build(self) -> None:
        self._paths: list[Path] = []
        self._mapping: Path | None = None
        self._passwords: tuple[str, ...] = ()  # of the files that are looked at
        self._result: Result | None = None
        self._focus_history = False
        self.head = PageHead(_(self.title), self)
        self._order = Button(_("New order"), self, icon="plus", name=names.DATA_ORDER_NEW)
        self._order.setToolTip(plain_tooltip(_("Type in an order from WeChat, the counter or the telephone.")))
        self._goods = Button(_("Products"), self, icon="package", name=names.PRODUCTS_OPEN)
        self.head.buttons.addWidget(self._goods)
        self.head.open_those_under(self.key, self.ctx)
        self.head.buttons.addWidget(self._order)
        self._zone = DropZone(self)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        self._history = ImportHistory(self.ctx, self)
        self._export = ExportPanel(self.ctx, self)
        self._preview = ImportPreview(self)
        self._preview_notices = QVBoxLayout()
        self._preview_notices.setSpacing(8)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._home())
        preview = QWidget(self)
        column = QVBoxLayout(preview)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._preview_notices)
        column.addWidget(self._preview, 1)
        self._stack.addWidget(preview)
        self._editor = MappingEditor(self.ctx, self)
        self._edited = CellDifferences(self.ctx, self)
        self._products = ProductList(self.ctx, self)
        for part in (self._editor, self._edited, self._products):
            self._stack.addWidget(part)
        page_column(self).addWidget(self._stack)

    def _home(self) -> QWidget:
        home = QWidget(self)
        column = QVBoxLayout(home)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.head)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._zone)
        left.addLayout(self._notices)
        left.addWidget(self._history, 1)
        look = theme.current()
        if look.text_percent >= 150:
            area = ScrollArea(home)
            area.body.addLayout(left)
            area.body.addWidget(self._export)
            self._export.setMinimumHeight(look.px(260))
            column.addWidget(area, 1)
        else:
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addLayout(left, 1)
            row.addWidget(self._export)
            self._export.setFixedWidth(look.px(SIDE_WIDTH))
            column.addLayout(row, 1)
        return home

    def _wire(self) -> None:
        self._zone.choose_wanted.connect(self.choose)
        self._order.clicked.connect(lambda: order_form.ask(self.ctx, self.window()))
        self._preview.cancelled.connect(self.put_aside)
        self._preview.import_wanted.connect(self.start)
        self._preview.mapping_wanted.connect(self._say_columns_of_shown)
        self._preview.fix_wanted.connect(self._fix)
        self._preview.fix_dropped.connect(self._drop_fix)
        self._edited.left.connect(self._go_home)
        self._products.left.connect(self._go_home)
        self._products.import_wanted.connect(self.choose)
        self._goods.clicked.connect(self.show_products)
        self._editor.accepted.connect(lambda: self.look_at(self._paths, passwords=self._passwords))
        self._editor.forgotten.connect(lambda: self.look_at(self._paths, passwords=self._passwords))
        self._editor.cancelled.connect(self._leave_editor)
        self._editor.file_wanted.connect(self.choose_mapping)
        self._history.undo_wanted.connect(self.undo)

    # Reading

    def refresh(self) -> None:
        """Ask for the history anew."""

        def answered(batches: list[Batch]) -> None:
            self._history.show_batches(batches)
            standing = [batch for batch in batches if batch.undone_at is None]
            self.head.state.set_text(
                n_("{n} import", "{n} imports", len(standing)).format(n=f"{len(standing):,}")
                if standing
                else _("Nothing has been imported yet")
            )
            if self._focus_history and batches:
                self._focus_history = False
                self._history.setFocus()
            if self._result is not None and self._result.report.batch not in {batch.id for batch in standing}:
                self._clear(self._notices)
                self._result = None

        self.ctx.read(self, imports.history, done=answered, latest="history")
        if self._stack.currentIndex() == _PRODUCTS:
            self._products.refresh()

    # Looking at files

    def open_target(self, target: object) -> None:
        """Files that were dropped; an empty list asks for some; "products" opens their list."""
        if target == "products":
            self.show_products()
        if isinstance(target, list):
            if target:
                self.look_at([Path(path) for path in target])
            else:
                self.choose()

    def show_products(self) -> None:
        """Open the list of products."""
        self._stack.setCurrentIndex(_PRODUCTS)
        self._products.refresh()
        self._products.first_focus().setFocus()

    def _go_home(self) -> None:
        self._stack.setCurrentIndex(_HOME)
        self._zone.setFocus()

    def choose(self) -> None:
        """Ask for files."""
        # Outside of the f-string, where those who collect texts do not look.
        tables, every = _("Tables"), _("All files")
        ask_files(self, title=_("Choose files"), kinds=f"{tables} ({READABLE});;{every} (*)", chosen=self.look_at)

    def choose_mapping(self) -> None:
        """Ask for the mapping file by which the same files are read again."""

        def chosen(paths: list[Path]) -> None:
            self.look_at(self._paths, mapping=paths[0], passwords=self._passwords)

        mappings = _("Mappings")
        ask_files(self, title=_("Choose a mapping"), kinds=f"{mappings} (*.toml)", chosen=chosen)

    def say_columns(self, path: Path) -> None:
        """Let the user say what the columns of a file are."""

        def peeked(found: Peeked) -> None:
            self._editor.show_peeked(found)
            self._stack.setCurrentIndex(_EDITOR)
            self._editor.first_focus().setFocus()

        passwords = self._passwords
        self.ctx.operations.run(
            self, lambda: peek(self.ctx, path, passwords=passwords), done=peeked, failed=self._not_read, latest="peek"
        )

    def _say_columns_of_shown(self) -> None:
        looked = self._preview.looked
        if looked is not None:
            self.say_columns(self._path_of(looked.files[self._preview.current_file() - 1].name))

    def _path_of(self, name: str) -> Path:
        """The file that a table stands in: `book.xlsx › Sheet2` stands in `book.xlsx`."""
        return next((path for path in self._paths if f"{name} ›".startswith(f"{path.name} ›")), self._paths[0])

    def _leave_editor(self) -> None:
        previewed = self._preview.looked is not None
        self._stack.setCurrentIndex(_PREVIEW if previewed else _HOME)
        first = self.first_focus()
        if first is not None:
            first.setFocus()

    def look_at(self, paths: Sequence[Path], *, mapping: Path | None = None, passwords: tuple[str, ...] = ()) -> None:
        """Read files and show what an import of them would do. `passwords`: of those that are locked."""
        self._paths, self._mapping, self._passwords = list(paths), mapping, passwords
        choices: dict[str, object] = {"mapping": mapping, "passwords": passwords}
        old = self._preview.looked

        def work(progress: Progress) -> Looked | SheetDifferences | Path:
            if old is not None:
                old.staged.close()
            staged = self.ctx.shop.stage(paths, progress=progress, mapping=mapping, passwords=passwords)
            return self._look(staged, choices, (), progress)

        name = paths[0].name if len(paths) == 1 else n_("{n} file", "{n} files", len(paths)).format(n=len(paths))
        title = _("Looking at {file}").format(file=name)
        if not self.ctx.jobs.run(self, work, title, done=self._looked_at, failed=self._not_read):
            return
        self._preview.forget()
        self._stack.setCurrentIndex(_HOME)
        self._clear(self._notices)
        self._clear(self._preview_notices)
        self._zone.show_reading(name)

    def _look(
        self, staged: Staged, choices: Mapping[str, object], fixes: tuple[Fix, ...], progress: Progress
    ) -> Looked | SheetDifferences | Path:
        """What an import of files that were read would do, or what an edited list says; off the GUI thread.

        A sheet of scripts is for their page: its path.
        """
        shop = self.ctx.shop
        try:
            if round_trip.list_of(staged) == script_sheet.LIST:
                staged.close()
                return self._paths[0]
            if (edited := cell_differences.differences(shop, staged)) is not None:
                staged.close()
                return edited
            report = shop.preview(staged, progress=progress)
            files = tuple(staged.files())
            rows = {file.file: staged.rows(file=file.file) for file in files}
            said = {} if choices.get("mapping") else self._said(files)
            groups = {file.file: staged.groups(file=file.file) for file in files}
            return Looked(staged, report, files, rows, said, groups, fixes, choices)
        except BaseException:
            staged.close()
            raise

    def fix(self, *fixes: Fix) -> None:
        """Read the files again with these fixes and no others; what is seen stays until that is done."""
        old = self._preview.looked
        if old is None:
            return

        def work(progress: Progress) -> Looked:
            staged = self.ctx.shop.stage(self._paths, progress=progress, fixes=fixes, **old.choices)
            looked = self._look(staged, old.choices, fixes, progress)
            assert isinstance(looked, Looked)  # noqa: S101  # an edited list has no fixes
            old.staged.close()
            return looked

        def looked_at(looked: Looked) -> None:
            self._preview.set_busy(busy=False)
            self._preview.show_looked(looked, file=shown)
            self._preview.start_button().setFocus()

        shown = self._preview.current_file()
        self._clear(self._preview_notices)
        if self.ctx.jobs.run(self, work, _("Reading again"), done=looked_at, failed=self._not_imported):
            self._preview.set_busy(busy=True)

    def _fix(self, fix: Fix) -> None:
        if (looked := self._preview.looked) is not None:
            self.fix(*looked.fixes, fix)

    def _drop_fix(self, fix: Fix) -> None:
        if (looked := self._preview.looked) is not None:
            self.fix(*(one for one in looked.fixes if one != fix))

    def _said(self, files: Sequence[StagedFile]) -> dict[int, str]:
        """Of the files that are read as somebody once said: on which day."""
        with self.ctx.shop.read() as tx:
            known = {one.fingerprint: one.said_at for one in mappings.remembered(tx)}
        days = {file.file: known.get(fingerprint(file.header)) for file in files if file.report in ("table", "people")}
        return {
            file: words.day(clock.instant(at).astimezone(self.ctx.zone).date(), today=self.ctx.today)
            for file, at in days.items()
            if at is not None
        }

    def _looked_at(self, looked: Looked | SheetDifferences | Path) -> None:
        self._zone.show_ready()
        if isinstance(looked, Path):
            self.ctx.go_to("scripts", looked)
            return
        if isinstance(looked, SheetDifferences):
            self._edited.show_differences(looked)
            self._stack.setCurrentIndex(_EDITED)
            self._edited.first_focus().setFocus()
            return
        self._preview.show_looked(looked)
        self._stack.setCurrentIndex(_PREVIEW)
        self._preview.start_button().setFocus()

    def _has_focus(self) -> bool:
        """Whether the keyboard is here or nowhere: then it may be led on."""
        focused = QApplication.focusWidget()
        return focused is None or self.isAncestorOf(focused)

    def _not_read(self, error: BaseException) -> None:
        led = self._has_focus()
        self._zone.show_ready()
        if led and (choose := self._zone.findChild(Button)) is not None:
            choose.setFocus()
        if not isinstance(error, Failure):
            self.ctx.messages.failure(error)
            return
        if isinstance(error, Cancelled):
            return
        banner = self._notice(self._notices, error.message, tone="bad", icon="file-warning")
        if isinstance(error, PasswordProtected | WrongPassword):
            password_question.ask(banner, self._open_with, focused=led)
        if isinstance(error, UnknownLayout | NeededMissing):
            path = self._path_of(error.name)
            say = Button(_("Say what the columns are"), banner, kind="primary", icon="columns-3", name=names.IMPORT_SAY)
            say.clicked.connect(lambda: self.say_columns(path))
            mapping = Button(_("Use a mapping file"), banner, name=names.IMPORT_MAPPING)
            mapping.clicked.connect(self.choose_mapping)
            banner.remark.setText(_("Say it once; the next file of that kind is read by itself."))
            banner.remark.show()
            banner.body.addWidget(say)
            banner.body.addWidget(mapping)
            if led:
                say.setFocus()
        self._add_close(banner)

    def _open_with(self, password: str) -> None:
        self._zone.setFocus()  # the field goes with its banner
        self.look_at(self._paths, mapping=self._mapping, passwords=(*self._passwords, password))

    def put_aside(self) -> None:
        """Leave the preview; nothing was written."""
        looked = self._preview.looked
        if looked is None or self.ctx.jobs.running:
            return
        self._preview.forget()
        self.ctx.operations.run(self, looked.staged.close)
        self._stack.setCurrentIndex(_HOME)
        self._zone.setFocus()

    # Importing

    def start(self) -> None:
        """Import what is previewed."""
        looked, shop = self._preview.looked, self.ctx.shop
        if looked is None:
            return
        rejected = sum(file.rejected for file in looked.report.files)

        def work(progress: Progress) -> Result:
            # Before the import, which deletes the staging file; kept in memory, since nobody may want it on the disk.
            kept = rejected_rows(looked.staged, shop.home.staging) if rejected else b""
            return Result(shop.import_staged(looked.staged, progress=progress), kept)

        self._clear(self._preview_notices)
        if self.ctx.jobs.run(self, work, _("Importing"), done=self._imported, failed=self._not_imported):
            self._preview.set_busy(busy=True)

    def _imported(self, result: Result) -> None:
        self._focus_history = self._has_focus()  # where U undoes it
        self._preview.set_busy(busy=False)
        self._preview.forget()
        self._stack.setCurrentIndex(_HOME)
        self._show_result(result)
        batch = result.report.batch
        if batch is not None:
            told = import_words.imported(result.report.files, result.report.orders)
            self.ctx.messages.toast(told, undo=lambda: self.undo(batch))
        self.refresh()

    def _show_result(self, result: Result) -> None:
        self._result = result
        self._clear(self._notices)
        banner = ImportResult(self.ctx, result, self)
        banner.undo_wanted.connect(self.undo)
        self._notices.addWidget(banner)
        self._add_close(banner)

    def _not_imported(self, error: BaseException) -> None:
        self._preview.set_busy(busy=False)
        if isinstance(error, Failure):
            tone = "info" if isinstance(error, Cancelled) else "bad"
            self._add_close(self._notice(self._preview_notices, error.message, tone=tone, icon="circle-alert"))
        else:
            self.ctx.messages.failure(error)

    def undo(self, batch: int | None) -> None:
        """Take back an import as a whole."""
        shop = self.ctx.shop

        def done(report: UndoReport) -> None:
            self.ctx.messages.toast(import_words.taken_back(report), icon="undo-2")
            self.refresh()

        self.ctx.jobs.run(
            self, lambda progress: shop.undo_import(batch, progress=progress), _("Undoing the import"), done=done
        )

    # Notices

    def _notice(self, place: QVBoxLayout, text: str, *, tone: str, icon: str) -> Banner:
        banner = Banner(text, self, tone=tone, icon=icon)
        place.addWidget(banner)
        return banner

    def _add_close(self, banner: Banner) -> None:
        close = Button("", banner, kind="ghost", icon="x", label=_("Close"), name=names.IMPORT_RESULT_CLOSE)
        close.clicked.connect(banner.deleteLater)
        close.clicked.connect(banner.hide)
        banner.body.addWidget(close)

    def _clear(self, place: QVBoxLayout) -> None:
        while (item := place.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    # The frame

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The key on the button, also while another button has the keyboard, as when the page has just been opened.
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() == Qt.Key.Key_U and self._stack.currentIndex() == _HOME and not self.ctx.jobs.running:
            self._history.undo_current()
        else:
            super().keyPressEvent(event)

    def first_focus(self) -> QWidget | None:
        """The button that goes on from here."""
        if self._stack.currentIndex() == _PREVIEW:
            return self._preview.start_button()
        seen = self._stack.currentWidget()
        for part in (self._editor, self._edited, self._products):
            if seen is part:
                return part.first_focus()
        return self._zone.findChild(Button)

    def remember(self) -> dict[str, object]:
        """The preview, the result of the last import, and what is being said of a table."""
        editing = (self._editor.peeked, self._editor.draft) if self._stack.currentIndex() == _EDITOR else None
        return {
            "paths": self._paths, "looked": self._preview.looked or self._edited.shown, "result": self._result,
            "editing": editing, "products": self._stack.currentIndex() == _PRODUCTS,
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        self._paths = state.get("paths", [])
        if state.get("looked") is not None:
            self._looked_at(state["looked"])
        if state.get("result") is not None:
            self._show_result(state["result"])
        if state.get("editing") is not None:
            self._editor.show_peeked(*state["editing"])
            self._stack.setCurrentIndex(_EDITOR)
        if state.get("products"):
            self.show_products()
