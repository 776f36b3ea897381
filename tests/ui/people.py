"""Shops for the pages of the office, and hands that count what they do. People are invented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from shopcrm.app import Shop
from shopcrm.collect.foreign import ForeignOrder
from shopcrm.ui import names
from tests.builders import TODAY, given_orders, order
from tests.ui.conftest import Stage

REGULARS = 24


def regulars(count: int = REGULARS) -> list[ForeignOrder]:
    """Customers who buy every 30 days and last did 30 to 40 days ago: all are due, the first spends most."""
    return [
        order(
            f"27{who:06d}{n:08d}",
            f"regular_{who:02d}",
            TODAY - timedelta(days=30 * n + 30 + who % 10),
            50_000 - 1_000 * who,
            phone=f"1380013{who:04d}",
        )
        for who in range(count)
        for n in range(4)
    ]


def with_regulars(shop: Shop) -> None:
    """Import them."""
    given_orders(shop, regulars())


class Counting(QObject):
    """Counts the keys and clicks that a hand makes (not those that Qt makes of them)."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self.keys = 0
        self.clicks = 0

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, to whoever has the focus; then everything that follows from it."""
        target = QApplication.focusWidget()
        assert target is not None, "nobody has the keyboard"
        QTest.keyClick(target, key, modifier)
        self.keys += 1
        self._stage.settle()

    def type(self, text: str) -> None:
        """Letters and digits by their keys, Chinese as an input method hands it over."""
        target = QApplication.focusWidget()
        assert target is not None
        if text.isascii():
            QTest.keyClicks(target, text)
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(target, event)
        self.keys += len(text)
        self._stage.settle()

    def click(self, name: str) -> None:
        """One click on a button."""
        button = next(found for found in self._stage.window.findChildren(QPushButton, name) if found.isVisible())
        assert button.isEnabled(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.clicks += 1
        self._stage.settle()

    def save(self, path: Path) -> None:
        """Press Save in the dialog that asks where. The name it offers is set for the test and not counted."""
        dialog = self._stage.find(QFileDialog, names.SAVE_DIALOG)
        dialog.setDirectory(str(path.parent))
        dialog.selectFile(str(path))
        dialog.accept()
        self.clicks += 1
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        # Without a screen no window manager gives the keyboard back.
        self._stage.window.activateWindow()
        self._stage.settle()


@contextmanager
def dialogs_of_qt() -> Iterator[None]:
    """Qt's own file dialogs instead of the system's, which no test can press."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, on=True)
    yield
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, on=False)


def shown(stage: Stage, name: str) -> list[QWidget]:
    """The visible widgets of a name."""
    return [widget for widget in stage.window.findChildren(QWidget, name) if widget.isVisible()]


def to_front(stage: Stage) -> None:
    """Give the window the keyboard back after a dialog or a menu, as a window manager does."""
    stage.window.activateWindow()
    stage.bot.waitUntil(stage.window.isActiveWindow)
