"""A script as it will be said (U2): filled from the open card, what is missing marked, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from shopcrm.act.blanks import Person
from shopcrm.act.script_uses import Use
from shopcrm.act.scripts import Script, Wording
from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, ScrollArea
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.passage import Passage
from shopcrm.ui.kit.text import Icon, Text
from shopcrm.ui.parts import script_words
from shopcrm.ui.parts.script_outcome import ScriptOutcome


class Filling(Card):
    """Whose name and purchases stand in the blanks, the text, and which blanks nothing fills."""

    def __init__(self, ctx: Context, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__(parent, padding=16, gap=8, tone="accent_soft", bordered=False, name=name)
        self._ctx = ctx
        self._who: Person | None = None
        self._for = Text("", self, size=theme.SMALL, bold=True, tone="accent_strong", wrap=True, name=f"{name}_for")
        size = theme.LEAD if theme.current().text_percent < 150 else theme.BODY
        self._text = Passage(self, size=size, name=f"{name}_text")
        self._icon = Icon("triangle-alert", self, tone="warn", size=16)
        self._missing = Text("", self, tone="warn", bold=True, wrap=True, name=f"{name}_missing")
        warning = QHBoxLayout()
        warning.setSpacing(6)
        warning.addWidget(self._icon)
        warning.addWidget(self._missing, 1)
        self.body.addWidget(self._for)
        self.body.addWidget(self._text)
        self.body.addLayout(warning)

    def text(self) -> str:
        """What would be copied."""
        return self._text.text()

    def show_body(self, body: str, who: Person | None) -> None:
        """Show a text filled.

        Raises:
            TemplateFailure: it has a blank that does not exist.
        """
        filled = script_words.filled_text(body, who)
        self._text.show_stretches(script_words.stretches(filled))
        missing = script_words.missing_words(filled) if who is not None else ""
        self._missing.setText(missing)
        for widget in (self._icon, self._missing):
            widget.setVisible(bool(missing))
        if who is not None:
            self._for.setText(_("Filled for {name}").format(name=who.name))
        elif filled.missing:
            self._for.setText(_("Nobody's card is open: the blanks stay as they are"))
        else:
            self._for.setText(_("The same for everybody"))


class ScriptPreview(QWidget):
    """The script or answer the cursor is on."""

    copy_wanted = Signal()
    edit_wanted = Signal()
    double_wanted = Signal()
    remove_wanted = Signal()
    move_wanted = Signal(str)  # folder
    customer_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folders: tuple[str, ...] = ()
        self._folder = ""
        self._shown: Wording | None = None
        self._title = Text("", self, size=theme.LEAD, bold=True, wrap=True, name="script_title")
        self._situation = Badge("", self, tone="accent", name="script_when")
        self._about = Text("", self, tone="second", wrap=True, name="script_about")
        self._for = Text("", self, size=theme.SMALL, tone="second", wrap=True, name="script_for")
        self.filling = Filling(ctx, self, name=names.SCRIPT_PREVIEW)
        self._length = Text("", self, size=theme.SMALL, tone="third", wrap=True, name="script_length")
        self.outcome = ScriptOutcome(ctx, self, name="script")
        self._copy = Button(
            _("Copy"), self, kind="primary", icon="copy", keys="Return", size="medium", name=names.SCRIPT_COPY
        )
        self._customer = Button(_("To the card"), self, icon="headset", size="medium", name=names.SCRIPT_CUSTOMER)
        self._edit = Button(_("Change"), self, icon="pencil", keys="F2", name=names.SCRIPT_EDIT)
        self._double = Button(_("Duplicate"), self, icon="copy-plus", name=names.SCRIPT_DOUBLE)
        self._move = Button(_("Move to"), self, icon="folder-input", name=names.SCRIPT_MOVE)
        self._remove = Button(_("Remove"), self, icon="trash-2", name=names.SCRIPT_REMOVE)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        area = ScrollArea(self, margin=(16, 14, 16, 14), gap=10)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._situation)
        area.body.addLayout(head)
        area.body.addWidget(self._about)
        area.body.addWidget(self._for)
        area.body.addWidget(self.filling)
        area.body.addWidget(self._length)
        say, change = QWidget(self), QWidget(self)
        for line, buttons in (
            (say, (self._copy, self._customer)),
            (change, (self._edit, self._double, self._move, self._remove)),
        ):
            flow = FlowLayout(line, gap=8, line_gap=8)
            for button in buttons:
                flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area, 1)
        if theme.current().text_percent >= 150:  # large text: the copy stays in sight
            below = QVBoxLayout()
            below.setContentsMargins(16, 4, 16, 12)
            below.addWidget(say)
            column.addLayout(below)
        else:
            area.body.addWidget(say)
        area.body.addWidget(self.outcome)
        area.body.addWidget(change)
        area.body.addStretch(1)

    def _wire(self) -> None:
        self._copy.clicked.connect(self.copy_wanted)
        self._customer.clicked.connect(self.customer_wanted)
        self._edit.clicked.connect(self.edit_wanted)
        self._double.clicked.connect(self.double_wanted)
        self._remove.clicked.connect(self.remove_wanted)
        self._move.clicked.connect(self._open_folders)

    def show_script(self, script: Wording, who: Person | None, *, folders: Sequence[str]) -> None:
        """Show a script or an answer, filled. What came of its last copy is told by `show_use`."""
        if self._shown is None or self._shown.place != script.place:
            self.outcome.show_use(None, titled=False)
        self._shown, self._folders = script, tuple(folders)
        own = isinstance(script, Script)
        self._folder = script.folder if isinstance(script, Script) else ""
        self._title.setText(script.title)
        self._situation.show_as(
            script_words.situation(script.situation) if isinstance(script, Script) else "", tone="accent"
        )
        self._about.setText(script_words.about(script))
        whom = script_words.audience(script.audience) if isinstance(script, Script) else ""
        self._for.setText(_("For {whom}").format(whom=whom))
        self._for.setVisible(bool(whom))
        self.filling.show_body(script.body, who)
        self._length.setText(script_words.length(self.filling.text()))
        self._customer.set_text(_("To the card") if who is not None else _("Choose a customer"))
        for button in (self._double, self._move):
            button.setVisible(own)

    def show_use(self, script: int, use: Use | None) -> None:
        """Ask what came of the last copy of the script that is shown."""
        if self._shown is not None and self._shown.place == script:
            self.outcome.show_use(use, titled=False)

    def _open_folders(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{names.SCRIPT_MOVE}_menu")
        for folder in self._folders:
            action = menu.addAction(script_words.folder(folder).replace("&", "&&"))
            action.setEnabled(folder != self._folder)
            action.triggered.connect(lambda _checked=False, folder=folder: self.move_wanted.emit(folder))
        menu.addSeparator()
        menu.addAction(_("Another folder …")).triggered.connect(self.edit_wanted)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._move.mapToGlobal(self._move.rect().bottomLeft()))
