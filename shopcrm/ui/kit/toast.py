"""What was just done, said in one line at the bottom, with Undo while it can still be wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from shopcrm.ui import icons, theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Text

SHOWN_MS = 8_000


class Toast(QWidget):
    """One line on the dark bar. It goes by itself, but not while the mouse is on it."""

    gone = Signal()

    def __init__(
        self,
        text: str,
        parent: QWidget,
        *,
        icon: str = "circle-check",
        action: str = "",
        on_action: Callable[[], None] | None = None,
        action_icon: str = "undo-2",
        keys: str = "",
        close_label: str = "",
    ) -> None:
        """`keys` press the button from anywhere while the toast is there."""
        super().__init__(parent)
        self.setObjectName("toast")
        self._icon, self._keys = icon, QKeySequence(keys)
        self._on_action = on_action
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self.text = Text(text, self, tone="on_float", wrap=False, name="toast_text")
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 6, 8, 6)
        row.setSpacing(12)
        row.addWidget(self.text)
        self.button: Button | None = None
        if on_action is not None:
            self.button = Button(
                action, self, kind="float", icon=action_icon, keys=keys, size="small", name="toast_undo"
            )
            row.addWidget(self.button)
            self.button.clicked.connect(self._act)
        close = Button("", self, kind="float", icon="x", label=close_label, name="toast_close")
        close.clicked.connect(self.leave)
        row.addWidget(close)
        self._timer.timeout.connect(self.leave)
        self._timer.start()
        self.setAccessibleName(text)
        self.setMinimumHeight(theme.current().px(40))

    def takes(self, event: QKeyEvent) -> bool:
        """Whether this key presses the button, which was not pressed yet."""
        return self._on_action is not None and QKeySequence(event.keyCombination()) == self._keys

    def act(self) -> bool:
        """Do what the button does. Whether there was something to do."""
        if self._on_action is None:
            return False
        self._act()
        return True

    def _act(self) -> None:
        action, self._on_action = self._on_action, None
        self.leave()
        if action is not None:
            action()

    def leave(self) -> None:
        """Go now."""
        self._timer.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        paint.ground(painter, rect, fill=look.colour("float"), radius=8)
        icons.paint(painter, self._icon, QRectF(14, 0, 18, rect.height()), colour="float_accent")

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)


class ToastPlace(QObject):
    """Keeps the newest toast at the bottom centre of a widget."""

    def __init__(self, over: QWidget, *, bottom: int = 40) -> None:
        super().__init__(over)
        self._over, self._bottom = over, bottom
        self._toast: Toast | None = None
        self._clear: QWidget | None = None
        over.installEventFilter(self)

    def keep_clear(self, strip: QWidget) -> None:
        """Stand above this strip while it is shown, instead of on its figures."""
        self._clear = strip
        strip.destroyed.connect(partial(self._cleared, strip))
        strip.installEventFilter(self)
        self._place()

    def _cleared(self, strip: QWidget, _object: object = None) -> None:
        if self._clear is strip:
            self._clear = None

    @property
    def toast(self) -> Toast | None:
        """The toast that is shown."""
        return self._toast

    def show(
        self,
        text: str,
        *,
        icon: str = "circle-check",
        action: str = "",
        on_action: Callable[[], None] | None = None,
        action_icon: str = "undo-2",
        keys: str = "",
        close_label: str = "",
    ) -> None:
        """Show a new one instead of the old."""
        if self._toast is not None:
            self._toast.leave()
        toast = Toast(
            text, self._over, icon=icon, action=action, on_action=on_action, action_icon=action_icon, keys=keys,
            close_label=close_label,
        )  # fmt: skip
        toast.gone.connect(partial(self._forget, toast))
        self._toast = toast
        self._place()
        toast.show()
        toast.raise_()
        if keys and (app := QApplication.instance()) is not None:
            # Its keys are for the toast while it is there, even from a field that has an undo of its own.
            app.installEventFilter(self)
        QAccessible.updateAccessibility(QAccessibleEvent(toast, QAccessible.Event.Alert))

    def _forget(self, toast: Toast) -> None:
        if self._toast is toast:
            self._toast = None
            if (app := QApplication.instance()) is not None:
                app.removeEventFilter(self)

    def _place(self) -> None:
        if self._toast is None:
            return
        room = self._over.width() - 32
        if self._toast.sizeHint().width() > room:
            self._toast.text.setWordWrap(True)
            self._toast.setFixedWidth(room)
        self._toast.adjustSize()
        size = self._toast.size()
        bottom = self._bottom
        if self._clear is not None and self._clear.isVisible():
            bottom += self._clear.sizeHint().height()
        self._toast.move((self._over.width() - size.width()) // 2, self._over.height() - size.height() - bottom)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        moved = watched is self._clear and kind in (QEvent.Type.Show, QEvent.Type.Hide)
        if moved or (watched is self._over and kind == QEvent.Type.Resize):
            self._place()
        elif watched is self._over and kind == QEvent.Type.Hide and not event.spontaneous():
            # Put away by the program, and maybe for good: its keys are not listened for any more.
            if self._toast is not None:
                self._toast.leave()
        elif kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(watched, QWidget):
            return self._key(event)
        return False

    def _key(self, event: QEvent) -> bool:
        toast = self._toast
        if toast is None or not isinstance(event, QKeyEvent) or not toast.takes(event):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return toast.act()
