"""Scripts (U2): what is said again and again, in folders; found by a few letters, filled from the open card, copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from shopcrm.act import script_presets, script_uses, scripts
from shopcrm.act.script_reading import ScriptSheet
from shopcrm.act.scripts import Draft, NoSuchScript, Script, Wording
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_
from shopcrm.collect import product_answers
from shopcrm.collect.product_answers import AnswerDraft, NoSuchAnswer
from shopcrm.ui import actions, names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts import script_words
from shopcrm.ui.parts.hit_list import Entry, HitList
from shopcrm.ui.parts.script_editor import ScriptEditor
from shopcrm.ui.parts.script_finder import ANSWERS, Found, ScriptFinder
from shopcrm.ui.parts.script_import import ScriptImport
from shopcrm.ui.parts.script_preview import ScriptPreview
from shopcrm.ui.parts.script_shelf import PresetButton, SheetButton

FOLDERS_WIDTH, FINDER_WIDTH = 184, 380
ALL, OF_PRODUCTS = -1, -2  # the entries above and below the folders
_SCRIPTS, _EMPTY, _SHEET = range(3)
_PREVIEW, _EDITOR, _NOTHING = range(3)


class ScriptsPage(Page):
    """Folders at the left, the found ones in the middle, the words at the right; the search box has the keyboard."""

    key: ClassVar[str] = "scripts"
    title: ClassVar[str] = N_("Scripts")
    icon: ClassVar[str] = "message-square-text"
    reads: ClassVar[Changes] = (
        Changes.SCRIPTS | Changes.CUSTOMERS | Changes.ORDERS | Changes.STATISTICS | Changes.OPTIONS
    )  # fmt: skip

    # Making it

    def _build(self) -> None:
        self._folder: str | None = None
        self._folders: tuple[str, ...] = ()
        self._edited: int | None = None  # the place of what is in the editor; None: it is new
        self.head = PageHead(_(self.title), self)
        self._presets = PresetButton(self.ctx, self)
        self._sheets = SheetButton(self.ctx, self)
        self._new = Button(_("New script"), self, icon="plus", keys="Ctrl+N", name=names.SCRIPT_NEW)
        self.head.buttons.addWidget(self._presets)
        self.head.buttons.addWidget(self._sheets)
        self.head.buttons.addWidget(self._new)
        self._wide = theme.current().text_percent >= 150
        self.list = HitList(self, tall=False, label=_("Folders"), name=names.SCRIPT_FOLDERS)
        self._box = QComboBox(self)
        self.finder = ScriptFinder(self.ctx, self, name="script")
        self.preview = ScriptPreview(self.ctx, self)
        self.editor = ScriptEditor(self.ctx, self)
        self._right = QStackedWidget(self)
        for widget in (self.preview, self.editor, QWidget(self)):
            self._right.addWidget(widget)
        self._right.setCurrentIndex(_NOTHING)
        self._lay_out()

    def _lay_out(self) -> None:
        self._middle = QWidget(self)
        middle = QVBoxLayout(self._middle)
        middle.setContentsMargins(8, 8, 8, 8)
        middle.setSpacing(8)
        self._box.setObjectName(f"{names.SCRIPT_FOLDERS}_box")
        self._box.setAccessibleName(_("Folders"))
        middle.addWidget(self._box)
        middle.addWidget(self.finder, 1)
        self._left = Card(self, padding=8)
        self._left.body.addWidget(self.list)
        self._left.body.addStretch(1)
        self._left.setVisible(not self._wide)
        self._box.setVisible(self._wide)
        left, right = self._left, Card(self, padding=1)
        found = Card(self, padding=0)
        found.body.addWidget(self._middle)
        right.body.addWidget(self._right)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._columns = (left, found)
        row.addWidget(left)
        row.addWidget(found)
        row.addWidget(right, 1)
        shown = QWidget(self)
        shown.setLayout(row)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(shown)
        self._stack.addWidget(self._empty_state())
        self._sheet = ScriptImport(self.ctx, self)
        self._stack.addWidget(self._sheet)
        column = page_column(self)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)

    def _empty_state(self) -> QWidget:
        card = Card(self, padding=0, name=names.SCRIPT_EMPTY)
        take = Button(
            _("Take the ready-made scripts"),
            card,
            kind="primary",
            icon="sparkles",
            size="medium",
            name=f"{names.SCRIPT_PRESETS}_take",
        )
        take.clicked.connect(lambda: self.take_presets(None))
        write = Button(_("Write one"), card, icon="pencil", size="medium", name=f"{names.SCRIPT_NEW}_first")
        write.clicked.connect(self.write)
        card.body.addWidget(
            EmptyState(
                card,
                icon="message-square-text",
                title=_("What you say again and again, at one key"),
                text=_("Each script fills in the customer's name and purchases by itself. Everybody answers alike."),
                action=take,
                second=write,
            )
        )
        return card

    def _wire(self) -> None:
        self._new.clicked.connect(self.write)
        self._presets.wanted.connect(self.take_presets)
        self._sheets.read.connect(self._show_sheet)
        self._sheet.left.connect(self._leave_sheet)
        for signal in (self.list.chosen, self.list.moved):
            signal.connect(self._choose)
        self._box.activated.connect(lambda row: self._choose(self.list.entries[row].customer))
        self.finder.found.connect(self._found)
        self.finder.current_changed.connect(self._show)
        self.finder.taken.connect(self._copy)
        self.finder.box.deleted.connect(self.remove)
        self.finder.escaped.connect(self._escape)
        self.preview.copy_wanted.connect(self.finder.take)
        self.preview.edit_wanted.connect(self.change)
        self.preview.double_wanted.connect(self.double)
        self.preview.remove_wanted.connect(self.remove)
        self.preview.move_wanted.connect(self._move)
        self.preview.customer_wanted.connect(self._to_card)
        self.editor.saved.connect(self._save)
        self.editor.left.connect(self._leave)
        self.ctx.customer_changed.connect(self._card_changed)
        handlers = {
            "new_script": self.write, "edit_script": self.change, "double_script": self.double,
            **self.preview.outcome.handlers(),
        }  # fmt: skip
        asked = {"copied": lambda: self.preview.isVisible() and self.preview.outcome.use is not None}
        actions.install(self, handlers, page="scripts", able=asked)
        for keys, owner, do in (
            ("N", self.finder.list, self.write),
            ("Delete", self.finder.list, self.remove),
            ("Escape", self, self._escape),
        ):
            shortcut = QShortcut(QKeySequence(keys), owner)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Reading

    def refresh(self) -> None:
        """Ask anew, with the same words and the same script."""
        self.finder.look()

    def _card_changed(self) -> None:
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def _found(self, found: Found) -> None:
        self._folders = tuple(folder.name for folder in found.folders)
        if self._folder not in (None, ANSWERS, *self._folders):
            self._folder = None
            self.finder.set_folder(None)
        self._show_folders(found)
        self._new.setVisible(bool(found.total))
        self._new.set_text(_("New answer") if self._folder == ANSWERS else _("New script"))
        self._sheets.can_save = bool(found.total)
        self.head.state.set_text(
            n_("{n} in all, most used first", "{n} in all, most used first", found.total).format(n=f"{found.total:,}")
            if found.total
            else ""
        )
        writing = self._right.currentIndex() == _EDITOR
        if self._stack.currentIndex() != _SHEET:
            self._stack.setCurrentIndex(_SCRIPTS if found.total or writing else _EMPTY)
        if writing:
            self.editor.show_person(found.who)

    def _show_folders(self, found: Found) -> None:
        entries = [Entry(ALL, _("All"), right=f"{found.total:,}")]
        entries += [
            Entry(place, script_words.folder(folder.name), right=f"{folder.scripts:,}")
            for place, folder in enumerate(found.folders)
        ]
        entries.append(Entry(OF_PRODUCTS, _("Product answers"), right=f"{found.answers:,}"))
        chosen = ALL if self._folder is None else OF_PRODUCTS
        if self._folder in self._folders:
            chosen = self._folders.index(self._folder)
        self.list.show_entries(entries)
        self.list.select_customer(chosen)
        self._box.clear()
        self._box.addItems([f"{entry.name} ({entry.right})" for entry in entries])
        self._box.setCurrentIndex(self.list.currentIndex().row())

    def _choose(self, place: int) -> None:
        self._folder = {ALL: None, OF_PRODUCTS: ANSWERS}.get(place) if place < 0 else self._folders[place]
        self.finder.set_folder(self._folder)

    def _show(self, script: Wording | None) -> None:
        focused = QApplication.focusWidget()
        begun = self.editor.changed or (focused is not None and self.editor.isAncestorOf(focused))
        if self._right.currentIndex() == _EDITOR and begun:
            return  # what is written is left by Esc only
        if script is None:
            self._right.setCurrentIndex(_NOTHING)
            return
        if self._right.currentIndex() == _EDITOR and self._edited == script.place:
            return
        self.preview.show_script(script, self.finder.answer.who, folders=self._folders)
        self._right.setCurrentIndex(_PREVIEW)
        if isinstance(script, Script):
            one = script.id
            self.ctx.read(
                self,
                lambda tx: script_uses.last_of(tx, one),
                done=lambda use: self.preview.show_use(one, use),
                latest="use",
            )

    # Doing

    def _copy(self, script: Wording) -> None:
        script_words.copy_script(self.ctx, self, script, self.finder.answer.who)

    def write(self) -> None:
        """Begin a new script in the folder that is open, or a new answer."""
        if self._stack.currentIndex() == _SHEET or not self._left_alone():
            return
        self._edited = None
        if self._folder == ANSWERS:
            self._begin(AnswerDraft(code=self._code_in_sight()), new=True)
        else:
            self._begin(Draft("", "", self._folder or ""), new=True)

    def _code_in_sight(self) -> str:
        """The product whose answers alone are listed: the next question is about it."""
        codes = {one.code for one in self.finder.answer.wordings if not isinstance(one, Script)}
        return codes.pop() if self.finder.answer.query and len(codes) == 1 else ""

    def change(self) -> None:
        """Open the script or answer for writing, in place."""
        script = self.finder.current
        if script is not None and self._stack.currentIndex() == _SCRIPTS and self._left_alone():
            self._edited = script.place
            self._begin(script.draft(), new=False)

    def _left_alone(self) -> bool:
        """Whether nothing half written would be lost."""
        if self._right.currentIndex() != _EDITOR or not self.editor.changed:
            return True
        self.ctx.messages.toast(_("Keep what you are writing first, or leave it with Esc."), icon="info")
        return False

    def _begin(self, draft: Draft | AnswerDraft, *, new: bool) -> None:
        self._stack.setCurrentIndex(_SCRIPTS)
        self._right.setCurrentIndex(_EDITOR)
        self.editor.begin(draft, new=new, who=self.finder.answer.who, folders=self._folders)

    def _save(self, draft: Draft | AnswerDraft) -> None:
        edited, answer = self._edited, isinstance(draft, AnswerDraft)

        def failed(error: BaseException) -> None:
            # What was written is not lost; of a script that is gone it is a new one.
            self._take_up(draft, None if isinstance(error, NoSuchScript | NoSuchAnswer) else edited)
            self.ctx.messages.failure(error)

        if edited is None:
            kept = _("Answer kept") if answer else _("Script kept")
            self._write_new(lambda tx: scripts.keep(tx, draft), said=kept, answer=answer, failed=failed)
        else:
            changed = _("Answer changed") if answer else _("Script changed")
            self._write(lambda tx: scripts.change(tx, edited, draft), said=changed, wanted=edited, failed=failed)
        self._close_editor()

    def double(self) -> None:
        """A second one of the script, to be changed."""
        script = self.finder.current
        if isinstance(script, Script) and self._left_alone():
            one = script.id
            self._write_new(
                lambda tx: scripts.duplicate(tx, one), said=_("“{title}” duplicated").format(title=script.title)
            )

    def remove(self) -> None:
        """Remove the script or answer."""
        script = self.finder.current
        if script is not None:
            one, remove = script.id, scripts.remove if isinstance(script, Script) else product_answers.remove
            self._write(
                lambda tx: remove(tx, one), said=_("“{title}” removed").format(title=script.title), wanted=None
            )  # fmt: skip

    def _move(self, folder: str) -> None:
        script = self.finder.current
        if isinstance(script, Script):
            one, where = script.id, script_words.folder(folder)
            self._write(
                lambda tx: scripts.move(tx, one, folder=folder),
                said=_("“{title}” is in “{folder}” now").format(title=script.title, folder=where),
                wanted=one,
            )

    def take_presets(self, folders: Sequence[str] | None) -> None:
        """Take ready-made scripts that are not here yet: of these folders, or (None) all for the shop's trade."""

        def change(tx: Any) -> tuple[int, int]:
            before = sum(folder.scripts for folder in scripts.folders(tx))
            change_set = script_presets.take(tx, language=self.ctx.language, folders=folders)
            return change_set, sum(folder.scripts for folder in scripts.folders(tx)) - before

        def written(taken: tuple[int, int]) -> None:
            change_set, count = taken
            if not count:
                self.ctx.messages.toast(_("All ready-made scripts are here already."), icon="info")
                return
            said = n_("{n} ready-made script taken", "{n} ready-made scripts taken", count).format(n=count)
            self.ctx.messages.toast(said, undo=lambda: self.ctx.undo(change_set))
            self._stack.setCurrentIndex(_SCRIPTS)
            self.finder.box.setFocus()

        self.ctx.write(self, change, done=written)

    def _show_sheet(self, found: ScriptSheet) -> None:
        if not self._left_alone():
            return
        self._sheet.show_sheet(found)
        self.head.hide()
        self._stack.setCurrentIndex(_SHEET)
        self._sheet.first_focus().setFocus()

    def _leave_sheet(self) -> None:
        self.head.show()
        self._stack.setCurrentIndex(_SCRIPTS if self.finder.answer.total else _EMPTY)
        self.finder.look()
        focus = self.first_focus()
        if focus is not None:
            focus.setFocus()

    def _write(
        self,
        change: Callable[[Any], int],
        *,
        said: str,
        wanted: int | None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        self.ctx.write_undoable(
            self, change, said=said, done=lambda _change_set: self.finder.look(wanted=wanted), failed=failed
        )

    def _write_new(
        self,
        change: Callable[[Any], int],
        *,
        said: str,
        answer: bool = False,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        made: list[int] = []

        def adding(tx: Any) -> int:
            change_set = change(tx)
            made.append(-(product_answers.added(tx) or 0) if answer else scripts.added(tx) or 0)
            return change_set

        def written(_change_set: int) -> None:
            self.finder.look(wanted=made[0])

        self.ctx.write_undoable(self, adding, said=said, done=written, failed=failed)

    def _leave(self) -> None:
        if self.editor.changed:
            draft, edited = self.editor.draft(), self._edited
            self.ctx.messages.toast(_("Left without keeping it."), undo=lambda: self._take_up(draft, edited))
        self._close_editor()
        self._show(self.finder.current)
        if not self.finder.answer.total:
            self._stack.setCurrentIndex(_EMPTY)

    def _take_up(self, draft: Draft | AnswerDraft, edited: int | None) -> None:
        """Go on with what was half written."""
        self._edited = edited
        self._begin(AnswerDraft() if isinstance(draft, AnswerDraft) else Draft("", ""), new=edited is None)
        self.editor.take_up(draft)

    def _close_editor(self) -> None:
        self._right.setCurrentIndex(_PREVIEW if self.finder.current is not None else _NOTHING)
        self._show(self.finder.current)
        self.finder.box.setFocus()

    def _escape(self) -> None:
        focused = QApplication.focusWidget()
        if self._stack.currentIndex() == _SHEET:
            self._sheet.put_aside()
        elif self._right.currentIndex() == _EDITOR:
            self._leave()
        elif isinstance(focused, LineEdit) and focused.text():
            focused.clear()
        elif self.finder.box.edit.text():
            self.finder.box.clear()
        elif self.ctx.customer is not None:
            self._to_card()

    def _to_card(self) -> None:
        self.ctx.go_to("desk", self.ctx.customer)

    # The frame

    def open_target(self, target: object) -> None:
        """The place of a script or answer, the code of a product (its answers), the path of a sheet to take in."""
        if isinstance(target, int):
            self._choose(ALL)
            self.finder.box.edit.clear()
            self.finder.look(wanted=target)
        elif isinstance(target, Path):
            self._sheets.take(target)
        elif isinstance(target, str):
            self._open_product(target)

    def _open_product(self, code: str) -> None:
        """Show the answers about a product; the first one is begun."""
        self._choose(OF_PRODUCTS)
        self.finder.box.edit.setText(code)

        def counted(count: int) -> None:
            if not count and self._left_alone():
                self._edited = None
                self._begin(AnswerDraft(code=code), new=True)

        self.ctx.read(self, lambda tx: len(product_answers.listing(tx, codes=[code])), done=counted, latest="product")

    def first_focus(self) -> QWidget | None:
        """The search box; on an empty page the button that fills it."""
        return self.finder.box.edit if self._stack.currentIndex() == _SCRIPTS else button_of(self._stack)

    def remember(self) -> dict[str, object]:
        """Folder, search, script, and what is half written."""
        current = self.finder.current
        writing = self._right.currentIndex() == _EDITOR
        return {
            "folder": self._folder,
            "query": self.finder.box.edit.text(),
            "script": current.place if current else None,
            "draft": self.editor.draft() if writing else None,
            "edited": self._edited,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        self._folder = state.get("folder")
        self.finder.set_folder(self._folder)
        self.finder.box.edit.setText(state.get("query") or "")
        if state.get("script") is not None:
            self.finder.look(wanted=state["script"])
        if state.get("draft") is not None:
            self._take_up(state["draft"], state.get("edited"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look, room = theme.current(), self.width()
        left, found = self._columns
        left.setFixedWidth(min(look.px(FOLDERS_WIDTH), room * 2 // 10))
        found.setFixedWidth(min(look.px(FINDER_WIDTH), room * (45 if self._wide else 36) // 100))
