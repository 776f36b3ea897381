"""Finding a script or an answer (U2): a box to type in, the list below, Enter copies. On the page and over the card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from shopcrm.act import blanks, scripts
from shopcrm.act.blanks import Person
from shopcrm.act.scripts import Folder, Script, Wording
from shopcrm.base.i18n import _
from shopcrm.base.text import fold
from shopcrm.collect import product_answers
from shopcrm.collect.customers import NoSuchCustomer
from shopcrm.store.columns import Columns
from shopcrm.ui.context import Context
from shopcrm.ui.kit.edits import SearchBox
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import script_words
from shopcrm.ui.parts.hit_list import Entry, HitList

_CODE_SHOWN: Final = 12
_SURE: Final = 3  # what suits best, before the answers about products that are under way
ANSWERS: Final = "\0answers"  # stands for a folder, and no folder is called so


@dataclass(frozen=True)
class Found:
    """What was found: scripts and answers, filled for whom, and how many there are in which folders."""

    query: str
    folder: str | None
    who: Person | None
    wordings: tuple[Wording, ...]
    lines: tuple[str, ...]  # their texts, filled, in one line each
    folders: tuple[Folder, ...]
    answers: int = 0  # about products

    @property
    def scripts(self) -> int:
        """All scripts of the shop."""
        return sum(folder.scripts for folder in self.folders)

    @property
    def total(self) -> int:
        """All scripts and answers of the shop."""
        return self.scripts + self.answers


class ScriptList(HitList):
    """The found ones. A click shows one, Enter or a double click takes it."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str) -> None:
        super().__init__(parent, tall=True, label=label, name=name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.indexAt(event.position().toPoint()).isValid():
            self.entered.emit()

    def keyboardSearch(self, search: str) -> None:
        """Letters are for the search box and for actions."""

    def sizeHint(self) -> QSize:
        return QSize(260, 200)


class ScriptFinder(QWidget):
    """Reads by itself when a letter is typed; what has changed otherwise its owner knows."""

    found = Signal(object)  # Found
    current_changed = Signal(object)  # Script, Answer or None
    taken = Signal(object)  # Script or Answer, by Enter or a double click
    escaped = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None, *, name: str, fitting_first: bool = False) -> None:
        """With `fitting_first` what suits the customer now stands on top until something is typed."""
        super().__init__(parent)
        self._ctx, self._fitting_first = ctx, fitting_first
        self._folder: str | None = None
        self._answer = Found("", None, None, (), (), ())
        self._wanted: int | None = None
        self._after: Callable[[], None] | None = None  # Enter was faster than the answer
        self.box = SearchBox(
            self,
            placeholder=_("Words, product code or pinyin initials"),
            label=_("Search the scripts"),
            clear_label=_("Clear the search"),
            name=f"{name}_search",
        )
        self.list = ScriptList(self, label=_("Scripts"), name=f"{name}_list")
        self._nothing = Text("", self, tone="second", wrap=True, name=f"{name}_nothing")
        self._nothing.setContentsMargins(10, 8, 10, 8)
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.box)
        column.addWidget(self._nothing)
        column.addWidget(self.list, 1)
        self._wire()

    def _wire(self) -> None:
        self.box.query_changed.connect(self._typed)
        self.box.moved.connect(self.list.move_by)
        self.box.submitted.connect(lambda _text: self.take())
        self.box.escaped.connect(self.escaped)
        self.list.moved.connect(lambda _script: self._tell())
        self.list.chosen.connect(lambda _script: self._tell())
        self.list.entered.connect(self.take)

    @property
    def answer(self) -> Found:
        """What is listed."""
        return self._answer

    @property
    def current(self) -> Wording | None:
        """The script or answer the cursor is on."""
        wanted = self.list.current
        return next((one for one in self._answer.wordings if one.place == wanted), None)

    def set_folder(self, folder: str | None) -> None:
        """Only the scripts of a folder, or `ANSWERS` (None: all)."""
        if folder != self._folder:
            self._folder = folder
            self.look()

    def _typed(self, _text: str) -> None:
        self._after = None  # an Enter before this letter was for other words
        self.look()

    def look(self, *, wanted: int | None = None) -> None:
        """Ask anew; the cursor goes to `wanted`, stays where it is, or comes to the best hit of another search."""
        query, folder, customer = self.box.query().strip(), self._folder, self._ctx.customer
        shop, before, fitting_first = self._ctx.shop, self._answer, self._fitting_first
        self._wanted = wanted if wanted is not None else self._wanted

        def question(tx: Any) -> Found:
            try:
                who = None if customer is None else blanks.person(tx, shop.columns(), customer)
            except NoSuchCustomer:
                who = None
            listed = _listed(tx, shop.columns(), folder, query)
            if fitting_first and who is not None and not query:
                best: list[Wording] = [*scripts.suggested(tx, who, limit=len(listed))]
                asked = [one for one in listed if not isinstance(one, Script) and fold(one.code) in _folded(who)]
                best[_SURE:_SURE] = asked
                listed = [*best, *(one for one in listed if one not in best)]
            lines = tuple(" ".join(script_words.filled(one, who).text.split()) for one in listed)
            return Found(
                query, folder, who, tuple(listed), lines, tuple(scripts.folders(tx)), product_answers.count(tx)
            )  # fmt: skip

        def answered(now: Found) -> None:
            self._show(now, searched=(now.query, now.folder) != (before.query, before.folder))

        self._ctx.read(self, question, done=answered, latest="scripts")

    def _show(self, now: Found, *, searched: bool) -> None:
        kept = self._wanted if self._wanted is not None else None if searched else self.list.current
        self._answer, self._wanted = now, None
        self.list.show_entries(
            [
                Entry(one.place, one.title, right=_right(one), second=line)
                for one, line in zip(now.wordings, now.lines, strict=True)
            ]
        )
        self.list.select_customer(kept)
        if self.list.current is None and now.wordings:
            self.list.go_to(0)
        self.list.scrollTo(self.list.currentIndex())
        if now.query:
            nothing = _("No script fits “{text}”").format(text=now.query)
        elif now.folder == ANSWERS:
            nothing = _("What buyers ask about a product stands here, with the one answer of the shop.")
        else:
            nothing = _("Nothing here")
        self._nothing.setText(nothing)
        self._nothing.setVisible(not now.wordings)
        self.list.setVisible(bool(now.wordings))
        self.found.emit(now)
        self._tell()
        if self._after is not None:
            after, self._after = self._after, None
            after()

    def take(self) -> None:
        """Take the script the cursor is on; once the answer to what was typed is here."""
        if self._answer.query != self.box.query().strip():
            self._after = self.take
        elif self.current is not None:
            self.taken.emit(self.current)

    def _tell(self) -> None:
        self.list.scrollTo(self.list.currentIndex())
        self.current_changed.emit(self.current)


def _listed(tx: Any, columns: Columns, folder: str | None, query: str) -> list[Wording]:
    if folder == ANSWERS:
        return [*scripts.answers(tx, text=query, columns=columns)]
    return scripts.wordings_of(tx, folder=folder, text=query, columns=columns)


def _folded(who: Person) -> set[str]:
    return {fold(code) for code in who.codes}


def _right(wording: Wording) -> str:
    """What stands at the right of a line: how often a script was used, which product an answer is about."""
    if isinstance(wording, Script):
        return script_words.used(wording.uses)
    return wording.code if len(wording.code) <= _CODE_SHOWN else f"{wording.code[:_CODE_SHOWN]}…"
