"""The rail at the left: pages with icon, word and count; settings at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import icons, names, theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.cards import ScrollArea
from shopcrm.ui.kit.text import plain_tooltip

WIDTH: Final = 76
TOP, FOOT, GAP, LOGO = 12, 8, 2, 50


class RailButton(QPushButton):
    """An icon with its word below and a count at its shoulder."""

    def __init__(self, text: str, icon: str, parent: QWidget, *, keys: str = "", name: str) -> None:
        super().__init__(text, parent)
        self._icon, self._count, self._ring = icon, 0, False
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setToolTip(plain_tooltip(paint.key_text(keys)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int) -> None:
        """The count at its shoulder; 0 hides it."""
        if count != self._count:
            self._count = count
            self.setAccessibleName(f"{self.text()} ({count})" if count else self.text())
            self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        words = look.metrics(theme.SMALL, bold=True).horizontalAdvance(self.text())
        return QSize(max(look.px(63), round(words) + 4), look.px(50) + 4)

    def least_height(self) -> int:
        """How low it may be: icon and word without air."""
        return theme.current().px(38)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        on = self.isChecked()
        if on:
            paint.ground(painter, rect, fill=look.colour("accent_soft"))
        elif self.underMouse() or self.isDown():
            paint.ground(painter, rect, fill=look.colour("raised"))
        side = look.px(20)
        ink = look.colour("accent_strong" if on else "second")
        top = (rect.height() - look.px(38)) / 2 - (1 if rect.height() > look.px(44) else 0)
        icon = QRectF((rect.width() - side) / 2, top, side, side)
        icons.paint(painter, self._icon, icon, colour=ink)
        painter.setFont(look.font(theme.SMALL, bold=on))
        painter.setPen(ink)
        words = QRectF(
            0, icon.bottom() + min(3.0, rect.height() - icon.bottom() - look.px(17)), rect.width(), look.px(18)
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        if self._count:
            self._paint_count(painter, icon)
        if self._ring and self.hasFocus():
            paint.focus_ring(painter, rect)

    def _paint_count(self, painter: QPainter, icon: QRectF) -> None:
        look = theme.current()
        text = str(self._count) if self._count < 1000 else "999+"
        height = look.px(15)
        width = max(height, look.metrics(10, bold=True).horizontalAdvance(text) + look.px(8))
        left = min(icon.right() - look.px(6), self.width() - width - 2)
        pill = QRectF(left, icon.top() - look.px(3), width, height)
        paint.ground(painter, pill.adjusted(-1.5, -1.5, 1.5, 1.5), fill=look.colour("surface"), radius=height / 2 + 1.5)
        paint.ground(painter, pill, fill=look.colour("bad"), radius=height / 2)
        painter.setPen(look.colour("on_bad"))
        painter.setFont(look.font(10, bold=True))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)


class _Logo(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(LOGO - 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look = theme.current()
        ratio = self.devicePixelRatioF()
        image = icons.logo(36, look.colours["accent"], look.colours["on_accent"], ratio)
        QPainter(self).drawPixmap((self.width() - 36) // 2, 0, image)


class Rail(QWidget):
    """Emits the key of the page that is wanted; the settings stand apart at its foot."""

    page_wanted = Signal(str)

    def __init__(self, pages: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """`pages`: key, title (translated), icon."""
        super().__init__(parent)
        self.setObjectName(names.RAIL)
        self._buttons: dict[str, RailButton] = {}
        area = ScrollArea(self, margin=(0, 0, 0, 0), gap=GAP)
        self._area = area
        # Only in a very low window: the wheel and Tab bring the rest.
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for number, (key, title, icon) in enumerate(pages, 1):
            button = RailButton(title, icon, self, keys=f"Ctrl+{number}", name=f"{names.RAIL}_{key}")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, key=key: self.page_wanted.emit(key))
            self._buttons[key] = button
            area.body.addWidget(button)
        area.body.addStretch(1)
        self.settings = RailButton(_("Settings"), "settings", self, keys="Ctrl+,", name=names.RAIL_SETTINGS)
        self.settings.setCheckable(True)
        self.settings.clicked.connect(lambda: self.page_wanted.emit("settings"))
        self._buttons["settings"] = self.settings
        column = QVBoxLayout(self)
        column.setContentsMargins(6, TOP, 7, FOOT)
        column.setSpacing(4)
        self._logo = _Logo(self)
        column.addWidget(self._logo)
        column.addWidget(area, 1)
        column.addWidget(self.settings)
        widest = max(button.sizeHint().width() for button in self._buttons.values())
        self.setFixedWidth(max(WIDTH, widest + 13))

    def set_current(self, key: str) -> None:
        """Which page is open."""
        # No button group: in an exclusive one Tab reaches only the checked button.
        for each, button in self._buttons.items():
            button.setChecked(each == key)
        if key in self._buttons and self._buttons[key] is not self.settings:
            self._area.ensureWidgetVisible(self._buttons[key], 0, 0)

    def set_count(self, key: str, count: int) -> None:
        """The count of a page."""
        if key in self._buttons:
            self._buttons[key].set_count(count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Every page is in reach: where it gets tight the mark goes first, then the air around the words."""
        super().resizeEvent(event)
        buttons = list(self._buttons.values())
        usual, least = buttons[0].sizeHint().height(), buttons[0].least_height()
        room = self.height() - TOP - FOOT - 4 - GAP * (len(buttons) - 2)
        tight = room - LOGO < usual * len(buttons)
        self._logo.setVisible(not tight)
        height = min(usual, max(least, (room if tight else room - LOGO) // len(buttons)))
        for button in buttons:
            button.setFixedHeight(height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), look.colour("border"))
