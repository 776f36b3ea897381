"""Writing a script (U2): title, folder, product code, when it is the one to say, and the words with their blanks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QCompleter, QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from shopcrm.act.blanks import SITUATIONS, Person
from shopcrm.act.scripts import Draft, Script, ScriptEmpty
from shopcrm.base import i18n, templates
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import ScrollArea
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit, TextEdit
from shopcrm.ui.kit.text import Icon, Text
from shopcrm.ui.parts.script_preview import Filling

_BODY_LINES = 5


class ScriptEditor(QWidget):
    """Enter in a line or Ctrl+Enter keeps it, Esc leaves it. What is wrong stands below the words as they are typed."""

    saved = Signal(object)  # Draft
    left = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._who: Person | None = None
        self._begun = Draft("", "")
        self._heading = Text("", self, size=theme.LEAD, bold=True)
        self._title = LineEdit(
            self, placeholder=_("What you will look for"), label=_("Title"), name=names.SCRIPT_TITLE_EDIT
        )
        self._folder = LineEdit(self, placeholder=_("No folder"), label=_("Folder"), name=names.SCRIPT_FOLDER_EDIT)
        self._article = LineEdit(
            self, placeholder=_("Of the product it is about"), label=_("Product code"), name=names.SCRIPT_ARTICLE_EDIT
        )
        self._situation = Choice(self, label=_("When it is offered"), name=names.SCRIPT_SITUATION)
        self._body = TextEdit(self, label=_("Words"), name=names.SCRIPT_BODY_EDIT)
        self._blank = Button(_("Insert a blank"), self, icon="braces", name=names.SCRIPT_BLANK)
        friendly = _("there")
        example = f"{{{templates.word('called')}|{friendly}}}"
        self._hint = Text(
            _("Behind | stands what is said when nothing is known: {example}").format(example=example),
            self,
            size=theme.SMALL,
            tone="second",
            wrap=True,
        )
        self._icon = Icon("circle-alert", self, tone="bad", size=16)
        self._wrong = Text("", self, tone="bad", wrap=True, name="script_wrong")
        self._filling = Filling(ctx, self, name="script_edit_preview")
        self._save = Button(
            _("Keep"), self, kind="primary", icon="check", keys="Ctrl+Return", size="medium", name=names.SCRIPT_SAVE
        )
        self._cancel = Button(_("Leave"), self, keys="Esc", size="medium", name=names.SCRIPT_CANCEL)
        self._known = QStringListModel(self)
        self._build()
        self._lay_out()
        self._wire()

    def _build(self) -> None:
        situations = [(key, _(label)) for key, label in SITUATIONS.items()]
        self._situation.set_choices([("", _("Any time")), *situations], chosen="")
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := completer.popup()) is not None:
            popup.setObjectName("completions")
        self._folder.setCompleter(completer)
        self._body.setMinimumHeight(round(theme.current().metrics().lineSpacing() * _BODY_LINES) + 16)

    def _lay_out(self) -> None:
        area = self._area = ScrollArea(self, margin=(16, 14, 16, 4), gap=8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        fields = (
            (_("Title"), self._title),
            (_("Folder"), self._folder),
            (_("Product code"), self._article),
            (_("When it is offered"), self._situation),
        )
        for number, (label, field) in enumerate(fields):
            grid.addWidget(Text(label, self, tone="second"), number, 0)
            grid.addWidget(field, number, 1)
        above = QHBoxLayout()
        above.addWidget(Text(_("Words"), self, tone="second"))
        above.addStretch(1)
        above.addWidget(self._blank)
        wrong = QHBoxLayout()
        wrong.setSpacing(6)
        wrong.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        wrong.addWidget(self._wrong, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._save)
        buttons.addWidget(self._cancel)
        buttons.addStretch(1)
        area.body.addWidget(self._heading)
        area.body.addLayout(grid)
        area.body.addLayout(above)
        area.body.addWidget(self._body, 1)
        area.body.addWidget(self._hint)
        area.body.addLayout(wrong)
        area.body.addWidget(self._filling)
        buttons.setContentsMargins(16, 4, 16, 14)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area, 1)
        column.addLayout(buttons)
        for earlier, later in (
            (self._title, self._folder), (self._folder, self._article), (self._article, self._situation),
            (self._situation, self._blank), (self._blank, self._body), (self._body, self._save),
            (self._save, self._cancel),
        ):  # fmt: skip
            QWidget.setTabOrder(earlier, later)

    def _wire(self) -> None:
        for line in (self._title, self._folder, self._article):
            line.submitted.connect(lambda _text: self.save())
            line.escaped.connect(self.left)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda: None if self._body.composing else self.save())
        self._body.escaped.connect(self.left)
        self._body.textChanged.connect(self._check)
        self._title.textChanged.connect(self._check)
        self._folder.textChanged.connect(self._check)
        self._blank.clicked.connect(self._open_blanks)
        self._save.clicked.connect(self.save)
        self._cancel.clicked.connect(self.left)

    def begin(self, draft: Draft, *, new: bool, who: Person | None, folders: Sequence[str]) -> None:
        """Write a new script or change one."""
        self._who = who
        self._heading.setText(_("New script") if new else _("Change the script"))
        self._known.setStringList([folder for folder in folders if folder])
        self._fill_in(draft)
        self._begun = self.draft()
        self._check()
        first = self._title if new else self._body
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(first)

    def take_up(self, draft: Draft) -> None:
        """What was half written when the window was built anew."""
        self._fill_in(draft)
        self._check()

    def _fill_in(self, draft: Draft) -> None:
        self._title.setText(draft.title)
        self._folder.setText(draft.folder)
        self._article.setText(draft.article)
        self._situation.set_key(draft.situation)
        self._body.setPlainText(draft.body)
        self._body.moveCursor(QTextCursor.MoveOperation.End)

    def show_person(self, who: Person | None) -> None:
        """Another card is open: the preview is filled from it."""
        self._who = who
        self._check()

    def draft(self) -> Draft:
        """What stands in the fields."""
        return Draft(
            title=self._title.text(),
            body=self._body.toPlainText(),
            folder=self._folder.text(),
            article=self._article.text(),
            situation=self._situation.key(),
        )

    @property
    def changed(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self.draft() != self._begun

    def save(self) -> None:
        """Keep it, unless something is wrong with it."""
        if self._check(saving=True):
            self.saved.emit(self.draft())

    def _check(self, *, saving: bool = False) -> bool:
        """Look at what is written, show it filled or what is wrong with it. Whether it can be kept."""
        wrong = ""
        try:
            self.draft().values()
        except ScriptEmpty as failure:
            wrong = failure.message if saving else ""
        except UserFailure as failure:
            wrong = failure.message
        self._wrong.setText(wrong)
        for widget in (self._icon, self._wrong):
            widget.setVisible(bool(wrong))
        if not wrong:
            self._filling.show_body(self._body.toPlainText(), self._who)
        self._filling.setVisible(not wrong and bool(self._body.toPlainText().strip()))
        self._hint.setVisible(not wrong)
        if wrong and saving:
            self._body.setFocus(Qt.FocusReason.OtherFocusReason)
        return not wrong

    def _open_blanks(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{names.SCRIPT_BLANK}_menu")
        known = templates.examples(i18n.language())
        for kind in templates.BLANKS:
            blank = f"{{{templates.word(kind.key)}}}"
            action = menu.addAction(f"{blank}\t{known[kind.key]}".replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, blank=blank: self._insert(blank))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._blank.mapToGlobal(self._blank.rect().bottomLeft()))

    def _insert(self, blank: str) -> None:
        self._body.insertPlainText(blank)
        self._body.setFocus(Qt.FocusReason.OtherFocusReason)


def draft_of(script: Script) -> Draft:
    """A script as it is written."""
    return Draft(script.title, script.body, script.folder, script.article or "", script.situation or "")
