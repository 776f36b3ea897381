"""The scripts over the desk's card (U2): `/`, two or three letters, Enter, and the words are on the clipboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QInputMethodEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from shiboken6 import isValid

from shopcrm.act.scripts import Wording
from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, Line
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.passage import Passage
from shopcrm.ui.kit.text import Elided, Text
from shopcrm.ui.parts import script_words
from shopcrm.ui.parts.script_finder import Found, ScriptFinder

WIDTH, HEIGHT = 560, 520
SLASHES = ("/", "、")  # the second is what a Chinese input method makes of the key


class ScriptPicker(QWidget):
    """Lies over the window until Enter, Escape or a click beside it; then the keyboard goes back where it was."""

    taken = Signal()  # a script was copied

    def __init__(self, ctx: Context, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName(names.SCRIPT_PICKER)
        self.setAccessibleName(_("Find a script and copy it"))
        self._ctx, self._over = ctx, over
        self._before = QApplication.focusWidget()
        self._build()
        self._wire()
        over.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        self._finder.box.setFocus()
        self._finder.look()

    def _build(self) -> None:
        self._card = Card(self, padding=16, gap=10)
        self._for = Elided("", self._card, tone="second", name="script_picker_for")
        self._close = Button(
            "", self._card, kind="ghost", icon="x", name=f"{names.SCRIPT_PICKER}_close", label=_("Close (Esc)")
        )
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(_("Scripts"), self._card, size=theme.LEAD, bold=True))
        head.addWidget(self._for, 1)
        head.addWidget(self._close)
        self._finder = ScriptFinder(self._ctx, self._card, name=names.SCRIPT_PICKER, fitting_first=True)
        lines = 4 if theme.current().text_percent < 150 else 2
        self._preview = Passage(self._card, lines=lines, name="script_picker_preview")
        self._preview.setFixedHeight(self._preview.height_of(lines))
        self._missing = Text("", self._card, tone="warn", wrap=True)
        self._start = Button(
            _("Write scripts or take ready-made ones"),
            self._card,
            kind="primary",
            icon="message-square-text",
            size="medium",
            name=f"{names.SCRIPT_PICKER}_start",
        )
        self._copy = Button(
            _("Copy"),
            self._card,
            kind="primary",
            icon="copy",
            keys="Return",
            size="medium",
            name=f"{names.SCRIPT_PICKER}_copy",
        )
        foot = QHBoxLayout()
        foot.addWidget(self._missing, 1)
        foot.addWidget(self._start)
        foot.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignBottom)
        self._card.body.addLayout(head)
        self._card.body.addWidget(self._finder, 1)
        self._card.body.addWidget(Line(self._card))
        self._card.body.addWidget(self._preview)
        self._card.body.addLayout(foot)
        self._start.hide()

    def _wire(self) -> None:
        self._finder.found.connect(self._found)
        self._finder.current_changed.connect(self._show)
        self._finder.taken.connect(self._take)
        self._finder.escaped.connect(self.close)
        self._close.clicked.connect(self.close)
        self._copy.clicked.connect(self._finder.take)
        self._start.clicked.connect(self._to_page)

    def _found(self, found: Found) -> None:
        self._for.set_text(_("for {name}").format(name=found.who.name) if found.who else _("nobody's card is open"))
        self._start.setVisible(not found.total)
        self._copy.setVisible(bool(found.total))

    def _show(self, script: Wording | None) -> None:
        self._copy.setEnabled(script is not None)
        self._preview.setVisible(script is not None)
        self._missing.setText("")
        if script is not None:
            filled = script_words.filled(script, self._finder.answer.who)
            self._preview.show_stretches(script_words.stretches(filled))
            self._missing.setText(script_words.missing_words(filled))

    def _take(self, script: Wording) -> None:
        script_words.copy_script(self._ctx, self._ctx, script, self._finder.answer.who)
        self.taken.emit()
        self.close()

    def _to_page(self) -> None:
        self.close()
        self._ctx.go_to("scripts")

    def close(self) -> bool:
        """Go, and give the keyboard back."""
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.deleteLater()
        return True

    def _place(self) -> None:
        look = theme.current()
        self.setGeometry(self._over.rect())
        width = min(look.px(WIDTH), self.width() - 48)
        height = min(look.px(HEIGHT), self.height() - 96)
        self._card.setGeometry((self.width() - width) // 2, 64, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 60))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(QPoint(event.position().toPoint())):
            self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001  # Qt's name; Tab stays inside
        places = [self._finder.box.edit, self._finder.list, self._start, self._copy, self._close]
        seen = [place for place in places if place.isVisible() and place.isEnabled()]
        if not seen:  # Qt asks once more when it is being hidden
            return False
        focused = QApplication.focusWidget()
        at = seen.index(focused) if focused in seen else -1
        seen[(at + (1 if next else -1)) % len(seen)].setFocus(
            Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        )
        return True


class SlashKey(QObject):
    """Hears the slash in a search box while a card is open, and in its note box while that is empty.

    Nobody is found by one and no note begins with one, so it may mean the scripts.
    """

    pressed = Signal()

    def __init__(self, page: QWidget, *, wanted: Callable[[], bool], edit: LineEdit | None = None) -> None:
        """In the search box of the window, or in `edit`."""
        super().__init__(page)
        self._page, self._wanted = page, wanted
        self._edit = edit
        (page if edit is None else edit).installEventFilter(self)

    def _listen(self) -> None:
        found = self._page.window().findChild(LineEdit, names.SEARCH)
        if found is not self._edit and found is not None:
            self._edit = found
            found.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isValid(self._page):
            return False  # the window is going
        if watched is self._page:
            if event.type() == QEvent.Type.Show:
                self._listen()
            return False
        if self._edit is None or not self._page.isVisible() or not self._wanted():
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            slash = event.text() in SLASHES and not self._edit.composing
        elif isinstance(event, QInputMethodEvent):
            slash = event.commitString() in SLASHES and not self._edit.composing
        else:
            return False
        if slash:
            self.pressed.emit()
        return slash
