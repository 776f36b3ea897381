"""The command palette: everything that the search box finds beside customers, and the doing of it.

Commands derive from the lists of actions, pages and settings. What else is found is a `Section`: one entry in
`SECTIONS` and the search box lists it, moves in it and opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from shopcrm.base import i18n, matching
from shopcrm.base.i18n import N_, _
from shopcrm.base.options import LANGUAGE, TEXT_SIZE, THEME, Option
from shopcrm.ui.actions import ACTIONS, Action, Doing
from shopcrm.ui.appearance import LANGUAGE_NAMES, TEXT_SIZES, THEMES
from shopcrm.ui.pages.registry import PAGES

if TYPE_CHECKING:
    from shopcrm.ui.context import Context
    from shopcrm.ui.pages.page import Page

# A Chinese input method writes its own marks for the key with >.
ONLY_COMMANDS: Final = (">", "＞", "》")
MOST_BESIDE: Final = 6
MOST_USEFUL: Final = 7


@dataclass(frozen=True)
class Line:
    """One thing a section found."""

    id: int
    name: str
    right: str = ""
    second: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Section:
    """A kind of thing found beside customers, in its order: `find` runs off the GUI thread."""

    key: str
    title: str
    find: Callable[[Any, str], Sequence[Line]]  # (tx, text)
    choose: Callable[[Context, Line], None]


def _find_scripts(tx: Any, text: str) -> list[Line]:
    from shopcrm.act import scripts

    found = scripts.search(tx, text, limit=MOST_BESIDE)
    return [
        Line(one.place, one.title, right=one.folder, icon="message-square-text")
        if isinstance(one, scripts.Script)
        else Line(one.place, one.title, right=one.code, icon="package")
        for one in found
    ]


SECTIONS: tuple[Section, ...] = (
    Section("scripts", N_("Scripts"), _find_scripts, lambda ctx, line: ctx.go_to("scripts", line.id)),
)


@dataclass(frozen=True)
class Command:
    """One line of the palette: its words in the language in use and in English, and whether it can be done now."""

    key: str
    text: str
    english: str
    icon: str
    keys: str = ""
    place: str = ""  # the page where it works
    able: bool = True


def only_commands(typed: str) -> str | None:
    """What was typed behind the mark that asks for commands only; None without it."""
    text = typed.lstrip()
    return text[1:].strip() if text.startswith(ONLY_COMMANDS) else None


class Commands(QObject):
    """What can be done in a window: found by words, done by key."""

    wanted = Signal(str)  # a command's key, chosen in a list
    option_chosen = Signal(str, object)

    def __init__(self, window: QWidget, *, open_page: Callable[[str], Page | None], seen: Callable[[], str]) -> None:
        """`open_page` shows a page and gives it; `seen` is the key of the page that is seen."""
        super().__init__(window)
        self._window, self._open_page, self._seen = window, open_page, seen
        self._recent: list[str] = []

    # Finding

    def all(self) -> list[Command]:
        """Every command, those of the page that is seen first."""
        seen = self._seen()
        found = [*self._of_actions(), *self._of_pages(), *_of_options()]
        return sorted(found, key=lambda command: command.key.partition("/")[0] != seen)

    def find(self, typed: str) -> list[Command]:
        """The commands that fit, best first; what can be done now comes before what cannot."""
        ranked = []
        for command in self.all():
            place = matching.rank(typed, command.text, command.english)
            if place is not None:
                ranked.append((not command.able, place, command))
        return [command for _off, _place, command in sorted(ranked, key=lambda each: each[:2])]

    def beside(self, typed: str) -> list[Command]:
        """The few that are listed beside customers. One letter is a customer's."""
        if len(typed) < 2 and typed.isascii():
            return []
        return self.find(typed)[:MOST_BESIDE]

    def surely(self, typed: str, command: Command) -> bool:
        """Whether Enter may do it at once: by its words, not only by how it sounds."""
        place = matching.rank(typed, command.text, command.english)
        return place is not None and place < matching.SOUNDS

    def useful(self) -> list[Command]:
        """What was done lately, then what the page can do, then what works everywhere."""
        known = {command.key: command for command in self.all() if command.able}
        plain = [key for key in known if "/" in key and not key.startswith(("page/", "option/"))]
        keys = dict.fromkeys([*(key for key in self._recent if key in known), *plain])
        return [known[key] for key in keys][:MOST_USEFUL]

    def _of_actions(self) -> Iterator[Command]:
        doings = self._doings()
        seen = self._seen()
        titles = {page.key: _(page.title) for page in PAGES}
        for action in ACTIONS:
            doing = doings.get(action)
            # A key that only its own list catches is offered where that list is seen.
            if not action.findable or not (doing is not None or (action.shown_only and action.page == seen)):
                continue
            if doing is not None and not doing.isVisible():
                continue
            yield Command(
                f"{action.page or 'window'}/{action.key}",
                _(action.text),
                action.text,
                action.icon,
                action.keys,
                titles.get(action.page, ""),
                doing is None or doing.able(),
            )

    def _of_pages(self) -> Iterator[Command]:
        pattern = N_("Open {page}")
        for number, page in enumerate(PAGES, 1):
            yield Command(
                f"page/{page.key}",
                _(pattern).format(page=_(page.title)),
                pattern.format(page=page.title),
                page.icon,
                f"Ctrl+{number}" if number < 10 else "",
            )

    def _doings(self) -> dict[Action, Doing]:
        return {doing.action: doing for doing in self._window.findChildren(Doing)}

    # Doing

    def run(self, key: str) -> None:
        """Do it, on its page."""
        kind, _slash, rest = key.partition("/")
        self._recent = [key, *(each for each in self._recent if each != key)][:MOST_USEFUL]
        if kind == "page":
            self._open_page(rest)
        elif kind == "option":
            option, _equals, code = rest.partition("=")
            value: object = int(code) if option == TEXT_SIZE.key else code
            self.option_chosen.emit(option, value)
        else:
            action = next(each for each in ACTIONS if (each.page or "window", each.key) == (kind, rest))
            if action.page and action.page != self._seen():
                self._open_page(kind)
                # A page that has just been opened is asked once it stands.
                QTimer.singleShot(0, self, lambda: self._do(action))
            else:
                self._do(action)

    def _do(self, action: Action) -> None:
        doing = self._doings().get(action)
        if doing is not None:
            doing.trigger()
            return
        page = self._open_page(action.page)
        if page is None:
            return
        keys = QKeySequence(action.keys)
        for shortcut in page.findChildren(QShortcut):
            if shortcut.key() == keys:
                shortcut.activated.emit()
                return
        listed = page.first_focus()
        if listed is not None:
            # The key that the list itself catches, as if pressed in it.
            key = keys[0].key()  # type: ignore[index]  # a sequence; the stubs do not say so
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                letter = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, action.keys.lower())
                QCoreApplication.sendEvent(listed, letter)


def _of_options() -> Iterator[Command]:
    """What a setting of this PC can be set to. A language is named by itself, so that the lost find the way back."""
    pattern = N_("{setting}: {value}")
    choices: list[tuple[Option[Any], str, object, str]] = [
        *((THEME, "sun", code, name) for code, name in THEMES),
        *((LANGUAGE, "languages", code, name) for code, name in LANGUAGE_NAMES),
        *((TEXT_SIZE, "a-large-small", size, f"{size} %") for size in TEXT_SIZES),
    ]
    for option, icon, value, name in choices:
        own = option is THEME
        yield Command(
            f"option/{option.key}={value}",
            _(pattern).format(setting=_(option.label), value=_(name) if own else name),
            pattern.format(setting=option.label, value=name),
            icon,
        )


def warm() -> None:
    """Load what the first search by pinyin needs: off the GUI thread."""
    if i18n.language().startswith("zh"):
        matching.rank("warm", *(_(action.text) for action in ACTIONS))
