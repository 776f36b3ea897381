"""The mark of the demo shop in the head of the window, with the ways out of it behind it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import icons, names, theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.text import plain_tooltip

HEIGHT = 28


class DemoMark(QPushButton):
    """Says that everybody here is invented; pressed, how to get rid of them."""

    wanted = Signal(str)  # the key of an action

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Demo shop"), parent)
        self.setObjectName(names.DEMO_MARK)
        self._ring = False
        said = _("Everybody in this shop is invented. Your own shop is another one.")
        self.setToolTip(plain_tooltip(said))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(said)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(names.DEMO_MENU)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, icon, words in (
            ("own_shop", "store", _("Open my own shop")),
            ("delete_demo", "trash-2", _("Delete the demo shop")),
        ):
            entry = menu.addAction(icons.icon(icon), words)
            entry.setObjectName(f"{names.DEMO_MENU}_{key}")
            entry.triggered.connect(lambda _checked=False, key=key: self.wanted.emit(key))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def sizeHint(self) -> QSize:
        look = theme.current()
        words = look.metrics(bold=True).horizontalAdvance(self.text())
        return QSize(round(words) + look.px(16 + 14) + 12 + 6 + 4 + 10, look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        warn, soft = look.colour("warn"), look.colour("warn_soft")
        over = self.underMouse() or self.isDown()
        fill = theme.blend(warn, soft, 0.12) if over else soft
        paint.ground(painter, rect, fill=fill, border=theme.blend(warn, soft, 0.4), radius=rect.height() / 2)
        side, tail = look.px(16), look.px(14)
        icons.paint(painter, "sparkles", QRectF(12, (rect.height() - side) / 2, side, side), colour="warn")
        words = QRectF(12 + side + 6, 0, rect.width() - side - tail - 12 - 6 - 10, rect.height())
        paint.text(painter, words, self.text(), ink=warn, bold=True)
        arrow = QRectF(rect.width() - 10 - tail, (rect.height() - tail) / 2 + 1, tail, tail)
        icons.paint(painter, "chevron-down", arrow, colour="warn")
        if self._ring and self.hasFocus():
            paint.focus_ring(painter, rect, radius=rect.height() / 2)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)
