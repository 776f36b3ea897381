"""Writing a script or an answer about a product (U2): what it is found by, whom it is for, words with blanks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QCompleter, QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from shopcrm.act import scripts
from shopcrm.act.blanks import SITUATIONS, Person
from shopcrm.act.scripts import Draft, ScriptEmpty
from shopcrm.base import i18n, templates
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import _
from shopcrm.base.templates import TemplateFailure
from shopcrm.collect.product_answers import AnswerDraft, AnswerUnfinished
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import ScrollArea
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit, TextEdit
from shopcrm.ui.kit.text import Icon, Text
from shopcrm.ui.parts import product_codes, script_words
from shopcrm.ui.parts.product_codes import CodeCompleter
from shopcrm.ui.parts.script_audience import AudienceButton
from shopcrm.ui.parts.script_preview import Filling

_BODY_LINES = 4


class _Body(TextEdit):
    """A few lines, and as high as there is room: the preview below is seen without scrolling where it can be."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        lines = round(theme.current().metrics().lineSpacing() * _BODY_LINES)
        return QSize(super().minimumSizeHint().width(), lines + 16)


class ScriptEditor(QWidget):
    """Enter in a line or Ctrl+Enter keeps it, Esc leaves it. What is wrong stands below the words as they are typed."""

    saved = Signal(object)  # Draft or AnswerDraft
    left = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._who: Person | None = None
        self._answering = False  # an answer about a product is written, no script
        self._begun: Draft | AnswerDraft = Draft("", "")
        self._heading = Text("", self, size=theme.LEAD, bold=True)
        self._title = LineEdit(
            self, placeholder=_("What you will look for"), label=_("Title"), name=names.SCRIPT_TITLE_EDIT
        )
        self._folder = LineEdit(self, placeholder=_("No folder"), label=_("Folder"), name=names.SCRIPT_FOLDER_EDIT)
        self._article = LineEdit(
            self, placeholder=_("Of the product it is about"), label=_("Product code"), name=names.SCRIPT_ARTICLE_EDIT
        )
        self._codes = CodeCompleter(self._article)
        self._keywords = LineEdit(
            self, placeholder=_("Other words you may look for, comma between"), label=_("Search words"),
            name=names.SCRIPT_KEYWORDS_EDIT,
        )  # fmt: skip
        self._audience = AudienceButton(self)
        self._situation = Choice(self, label=_("When it is offered"), name=names.SCRIPT_SITUATION)
        self._body = _Body(self, label=_("Words"), name=names.SCRIPT_BODY_EDIT)
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
        self._length = Text("", self, size=theme.SMALL, tone="second", wrap=True, name="script_edit_length")
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

    def _lay_out(self) -> None:
        area = self._area = ScrollArea(self, margin=(16, 14, 16, 4), gap=8)
        grid = self._lay_out_fields()
        above = QHBoxLayout()
        self._words = Text(_("Words"), self, tone="second")
        above.addWidget(self._words)
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
        area.body.addWidget(self._length)
        buttons.setContentsMargins(16, 4, 16, 14)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area, 1)
        column.addLayout(buttons)

    def _lay_out_fields(self) -> QGridLayout:
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        for number, share in ((1, 3), (3, 7)):
            self._grid.setColumnStretch(number, share)
        labels = {
            self._title: _("Title"), self._folder: _("Folder"), self._article: _("Product code"),
            self._keywords: _("Search words"), self._situation: _("When it is offered"),
            self._audience: _("Whom it is for"),
        }  # fmt: skip
        self._labels: dict[QWidget, Text] = {
            field: Text(label, self, tone="second") for field, label in labels.items()
        }  # fmt: skip
        self._place_fields()
        return self._grid

    def _place_fields(self) -> None:
        """Two in a line where there is room; those of an answer below each other."""
        beside = theme.current().text_percent < 150 and not self._answering
        fields: tuple[tuple[QWidget, ...], ...] = (
            (self._title,), (self._folder, self._article), (self._keywords,), (self._situation, self._audience),
        )  # fmt: skip
        for row, line in enumerate(fields):
            for place, field in enumerate(line):
                at, first = (2 * row, 2 * place) if beside else (2 * row + place, 0)
                self._grid.addWidget(self._labels[field], at, first)
                self._grid.addWidget(field, at, first + 1, 1, 1 if beside and len(line) > 1 else 3)

    def _wire(self) -> None:
        for line in (self._title, self._folder, self._keywords, self._article):
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
        self._keywords.textChanged.connect(self._check)
        self._article.textChanged.connect(self._check)
        self._blank.clicked.connect(self._open_blanks)
        self._save.clicked.connect(self.save)
        self._cancel.clicked.connect(self.left)

    def begin(
        self, draft: Draft | AnswerDraft, *, new: bool, who: Person | None, folders: Sequence[str]
    ) -> None:  # fmt: skip
        """Write a new script or answer, or change one."""
        self._who, self._answering = who, isinstance(draft, AnswerDraft)
        if self._answering:
            heading = _("New answer") if new else _("Change the answer")
        else:
            heading = _("New script") if new else _("Change the script")
        self._heading.setText(heading)
        for field in (self._folder, self._keywords, self._situation, self._audience):
            field.setVisible(not self._answering)
            self._labels[field].setVisible(not self._answering)
        self._place_fields()
        self._name(self._title, _("Question") if self._answering else _("Title"))
        self._title.setPlaceholderText(_("As buyers ask it") if self._answering else _("What you will look for"))
        about = _("A piece of its code or title") if self._answering else _("Of the product it is about")
        self._article.setPlaceholderText(about)
        words = _("Answer") if self._answering else _("Words")
        self._words.setText(words)
        self._body.setAccessibleName(words)
        self._known.setStringList([folder for folder in folders if folder])
        self._fill_in(draft)
        self._begun = self.draft()
        self._check()
        self._read()
        first = self._title if new else self._body
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(first))  # once it is laid out

    def _name(self, field: QWidget, words: str) -> None:
        self._labels[field].setText(words)
        field.setAccessibleName(words)

    def _read(self) -> None:
        """What can be chosen: products and member levels."""
        shop = self._ctx.shop

        def question(tx: Any) -> tuple[list[tuple[str, str]], list[str]]:
            return product_codes.read(tx, shop.columns()), scripts.levels(tx)

        def answered(found: tuple[list[tuple[str, str]], list[str]]) -> None:
            self._codes.set_products(found[0])
            self._audience.set_levels(found[1])

        self._ctx.read(self, question, done=answered, latest="choices")

    def take_up(self, draft: Draft | AnswerDraft) -> None:
        """What was half written when the window was built anew."""
        self._fill_in(draft)
        self._check()

    def _fill_in(self, draft: Draft | AnswerDraft) -> None:
        if isinstance(draft, AnswerDraft):
            self._title.setText(draft.question)
            self._article.setText(draft.code)
        else:
            self._title.setText(draft.title)
            self._folder.setText(draft.folder)
            self._article.setText(draft.article)
            self._keywords.setText(draft.keywords)
            self._situation.set_key(draft.situation)
            self._audience.set_audience(draft.audience)
        self._body.setPlainText(draft.body)
        self._body.moveCursor(QTextCursor.MoveOperation.End)

    def show_person(self, who: Person | None) -> None:
        """Another card is open: the preview is filled from it."""
        self._who = who
        self._check()

    def draft(self) -> Draft | AnswerDraft:
        """What stands in the fields."""
        if self._answering:
            return AnswerDraft(self._article.text(), self._title.text(), self._body.toPlainText())
        return Draft(
            title=self._title.text(),
            body=self._body.toPlainText(),
            folder=self._folder.text(),
            article=self._article.text(),
            situation=self._situation.key(),
            keywords=self._keywords.text(),
            audience=self._audience.audience,
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
        wrong, at = "", -1
        try:
            self.draft().values()
        except (ScriptEmpty, AnswerUnfinished) as failure:
            wrong = failure.message if saving else ""
        except TemplateFailure as failure:
            wrong, at = failure.message, failure.at
        except UserFailure as failure:
            wrong = failure.message
        self._wrong.setText(wrong)
        for widget in (self._icon, self._wrong):
            widget.setVisible(bool(wrong))
        body = self._body.toPlainText()
        ready = not wrong and bool(body.strip()) and at < 0
        if ready:
            self._filling.show_body(body, self._who)
        said = script_words.length(self._said(body)) if ready else ""
        self._length.setText(said)
        self._length.setVisible(bool(said))
        self._filling.setVisible(ready)
        self._hint.setVisible(not wrong)
        if wrong and saving:
            self._show_wrong(body, at)
        return not wrong

    def _said(self, body: str) -> str:
        """The words as they may be said: filled for her whose card is open, else with examples."""
        if self._who is not None:
            return self._who.fill(body).text
        return templates.fill(body, templates.examples(i18n.language())).text

    def _show_wrong(self, body: str, at: int) -> None:
        """Put the keyboard where something is missing or wrong."""
        if at >= 0:
            end = body.find("}", at) + 1 or len(body)
            first, last = (len(body[:place].encode("utf-16-le")) // 2 for place in (at, end))  # as Qt counts
            cursor = self._body.textCursor()
            if not first <= cursor.position() <= last:
                cursor.setPosition(first)
                self._body.setTextCursor(cursor)
        blank = [field for field in (self._article, self._title) if not field.text().strip()]
        wrong = blank[0] if self._answering and blank else self._body
        wrong.setFocus(Qt.FocusReason.OtherFocusReason)

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
