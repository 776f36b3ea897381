"""The box for the next note: always ready, Enter saves; files are attached by button, drop and paste."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.collect import notes
from shopcrm.collect.attachments import File
from shopcrm.ui import names
from shopcrm.ui.context import Context, Draft
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.parts import note_files


class NoteEdit(LineEdit):
    """Pasted files and pictures are attached; pasted words stay words."""

    pasted = Signal(QMimeData)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            mime = QApplication.clipboard().mimeData()
            paths, picture = note_files.told(mime)
            if paths or picture is not None:
                self.pasted.emit(mime)
                event.accept()
                return
        super().keyPressEvent(event)


class NoteBox(QWidget):
    """Keeps what is half written with the customer it was written for."""

    noted = Signal()

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._customer: int | None = None
        self._files: list[File] = []
        self.edit = NoteEdit(
            self, placeholder=_("Write a note, Enter saves it"), label=_("New note"), name=names.CARD_NOTE_EDIT
        )
        self._attach = Button(
            "", self, kind="ghost", icon="paperclip", name=names.CARD_ATTACH, label=_("Attach a file, up to 20 MB")
        )
        self._chips = QWidget(self)
        self._flow = FlowLayout(self._chips, gap=6)
        self._chips.hide()
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.edit, 1)
        row.addWidget(self._attach)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._chips)
        self.edit.submitted.connect(self.save)
        self.edit.textChanged.connect(lambda _text: self._keep())
        self.edit.pasted.connect(self.take)
        self._attach.clicked.connect(self.choose)
        self._ctx.draft_changed.connect(self._changed_elsewhere)

    def show_customer(self, customer: int) -> None:
        """Write for this customer from now on."""
        if customer == self._customer:
            return
        self._customer = customer
        self._show(self._ctx.draft(customer))

    def _show(self, draft: Draft) -> None:
        self._show_files(draft.files)
        self.edit.setText(draft.text)

    def _keep(self) -> None:
        if self._customer is not None:
            self._ctx.keep_draft(self._customer, Draft(self.edit.text(), tuple(self._files)))

    def _changed_elsewhere(self, customer: int, draft: Draft) -> None:
        if customer == self._customer and draft != Draft(self.edit.text(), tuple(self._files)):
            self._show(draft)

    def choose(self) -> None:
        """Ask for files to attach to the next note."""
        customer = self._customer
        note_files.choose(self._ctx, self.window(), taken=lambda files: self._take(customer, files))

    def take(self, mime: QMimeData) -> bool:
        """Attach what was dropped or pasted to the next note; whether it was anything."""
        customer = self._customer
        return note_files.take(self._ctx, mime, taken=lambda files: self._take(customer, files))

    def expect(self, *, dragged: bool) -> None:
        """Say what letting go does while something is dragged over the card."""
        words = _("Let go to attach it to a note") if dragged else _("Write a note, Enter saves it")
        self.edit.setPlaceholderText(words)

    def _take(self, customer: int | None, files: list[File]) -> None:
        if customer == self._customer:
            self._show_files([*self._files, *files])
            self._keep()
            self.edit.setFocus()
        elif customer is not None:  # somebody else's card is open by now
            draft = self._ctx.draft(customer)
            self._ctx.keep_draft(customer, Draft(draft.text, (*draft.files, *files)))

    def _show_files(self, files: Sequence[File]) -> None:
        self._files = list(files)
        self._flow.clear()
        for place, file in enumerate(files):
            chip = Button(file.name, self._chips, icon="paperclip", name=f"{names.CARD_FILE}_{place}")
            chip.setAccessibleName(_("{file} will be attached; press to leave it out").format(file=file.name))
            chip.setToolTip(_("Press to leave it out"))
            chip.clicked.connect(lambda _checked=False, place=place: self._leave_out(place))
            self._flow.addWidget(chip)
        self._chips.setVisible(bool(files))

    def _leave_out(self, place: int) -> None:
        self._show_files([file for number, file in enumerate(self._files) if number != place])
        self._keep()
        self.edit.setFocus()

    def save(self, text: str) -> None:
        """Write the note."""
        customer, files = self._customer, self._files
        if customer is None or not (text.strip() or files):
            return
        # Also forgets the field's own undo, so that Ctrl+Z takes back the note and not the emptying.
        self._show(Draft())
        self._ctx.write_undoable(
            self,
            lambda tx: notes.add(tx, customer, text=text, files=files),
            said=_("Note saved"),
            done=lambda _set: self.noted.emit(),
            failed=lambda error: self._give_back(customer, Draft(text, tuple(files)), error),
        )

    def _give_back(self, customer: int, draft: Draft, error: BaseException) -> None:
        """A note that could not be saved is not lost."""
        if self._ctx.draft(customer) == Draft():
            self._ctx.keep_draft(customer, draft)
        self._ctx.messages.failure(error)
