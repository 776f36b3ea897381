"""Buttons: primary (one a page), plain, ghost, and chips that filter; with an icon and the key that does the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from shopcrm.ui import icons, theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.text import plain_tooltip

_HEIGHTS: Final = {"tiny": 20, "small": 26, "medium": 32, "large": 36}
_KEYBOARD: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


@dataclass(frozen=True)
class _Colours:
    fill: QColor | None
    border: QColor | None
    ink: QColor
    key: QColor


class Button(QPushButton):
    """A button of the kit.

    kind: `primary`, `plain`, `ghost`, `danger`, `chip` (filter, grey when chosen), `view` (accent when chosen),
        `float` (on the dark bar).
    size: `tiny`, `small`, `medium`, `large`. `keys` is only shown; the shortcut itself is an action.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        kind: str = "plain",
        icon: str = "",
        keys: str = "",
        size: str = "small",
        name: str = "",
        label: str = "",
    ) -> None:
        super().__init__(text, parent)
        self._kind, self._icon, self._keys, self._size = kind, icon, keys, size
        self._ring = False
        self.setCheckable(kind in ("chip", "view"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setAccessibleName(label or text)
        if label and not text:
            self.setToolTip(plain_tooltip(f"{label}  {paint.key_text(keys)}" if keys else label))
        if name:
            self.setObjectName(name)

    def set_text(self, text: str) -> None:
        """Other words on it."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_keys(self, keys: str) -> None:
        """Another key shown on it; none where the key does something else."""
        self._keys = keys
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str) -> None:
        """Another icon on it."""
        self._icon = icon
        self.update()

    def _shows_keys(self) -> bool:
        return bool(self._keys) and bool(self.text())

    def _font_size(self) -> int:
        return theme.SMALL if self._size in ("tiny", "small") else theme.BODY

    def _bold(self) -> bool:
        return self._kind in ("primary", "danger")

    def _padding(self) -> int:
        return {"tiny": 6, "small": 8, "medium": 12, "large": 18}[self._size]

    def _icon_side(self) -> int:
        if not self.text():
            return theme.current().px({"tiny": 13, "small": 14, "medium": 18, "large": 20}[self._size])
        return theme.current().px(14 if self._size in ("tiny", "small") else 16)

    def _colours(self) -> _Colours:  # one line a kind
        look = theme.current()
        over, down, on = self.underMouse() and self.isEnabled(), self.isDown(), self.isChecked()
        surface, border = look.colour("surface"), look.colour("border")
        second, text = look.colour("second"), look.colour("text")
        raised = look.colour("raised")
        if not self.isEnabled() and self._kind in ("primary", "danger", "plain"):
            return _Colours(raised, border, look.colour("third"), look.colour("third"))
        if self._kind == "primary":
            accent = look.colour("accent")
            ink = look.colour("on_accent")
            fill = theme.blend(look.colour("text"), accent, 0.18) if down else accent
            if over and not down:
                fill = look.colour("accent_strong")
            return _Colours(fill, None, ink, theme.blend(ink, accent, 0.8))
        if self._kind == "danger":
            return _Colours(look.colour("bad"), None, look.colour("on_bad"), look.colour("on_bad"))
        if self._kind == "chip":
            chosen = raised if on or over or down else None
            return _Colours(chosen, None, text if on else second, second)
        if self._kind == "view":
            if on:
                return _Colours(look.colour("accent_soft"), None, look.colour("accent_strong"), second)
            return _Colours(border if over else raised, None, second, second)
        if self._kind == "float":
            floating = look.colour("float")
            over_fill = theme.blend(look.colour("on_float"), floating, 0.14) if over or down else None
            return _Colours(over_fill, None, look.colour("on_float"), look.colour("float_second"))
        if self._kind == "ghost":
            return _Colours(raised if over or down else None, None, text if over else second, second)
        return _Colours(raised if over or down else surface, border, text, second)

    def sizeHint(self) -> QSize:
        look = theme.current()
        height = look.px(_HEIGHTS[self._size])
        if not self.text():
            return QSize(height, height)
        metrics = look.metrics(self._font_size(), bold=self._bold())
        width = metrics.horizontalAdvance(self.text()) + 2 * self._padding()
        if self._icon:
            width += self._icon_side() + 6
        if self._shows_keys():
            width += paint.key_width(self._keys) + 6
        return QSize(round(width + 0.5), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def elided(self, text: str) -> str:
        """As much of a text as there is room for."""
        look, room = theme.current(), float(self.width() - 2 * self._padding())
        if self._icon:
            room -= self._icon_side() + 6
        if self._keys:
            room -= paint.key_width(self._keys) + 6
        metrics = look.metrics(self._font_size(), bold=self._bold())
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        colours = self._colours()
        rect = QRectF(self.rect())
        paint.ground(painter, rect, fill=colours.fill, border=colours.border)
        side = self._icon_side()
        if not self.text():
            box = QRectF((rect.width() - side) / 2, (rect.height() - side) / 2, side, side)
            icons.paint(painter, self._icon, box, colour=colours.ink)
        else:
            left = float(self._padding())
            if self._icon:
                icons.paint(
                    painter, self._icon, QRectF(left, (rect.height() - side) / 2, side, side), colour=colours.ink
                )
                left += side + 6
            right = rect.width() - self._padding()
            if self._shows_keys():
                right -= paint.key_width(self._keys) + 6
            box = QRectF(left, 0, right - left, rect.height())
            paint.text(painter, box, self.text(), ink=colours.ink, size=self._font_size(), bold=self._bold())
            if self._shows_keys():
                faint = theme.blend(colours.key, colours.fill or theme.current().colour("surface"), 0.5)
                cap = QRectF(right + 6, 0, paint.key_width(self._keys), rect.height())
                edge = theme.current().colour("border") if self._kind == "plain" else faint
                paint.key_cap(painter, cap, self._keys, ink=colours.key, border=edge)
        if self._ring and self.hasFocus():
            if self._bold() and colours.fill is not None and self.isEnabled():
                # Accent on accent would not be seen: here the ring has the colour of the words, off the edge.
                paint.focus_ring(painter, rect.adjusted(2, 2, -2, -2), radius=theme.RADIUS - 2, colour=colours.ink)
            else:
                ring = theme.current().colour("float_accent" if self._kind == "float" else "accent")
                paint.focus_ring(painter, rect, colour=ring)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Outside of dialogs Qt's button only takes the space bar.
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and not event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in _KEYBOARD
        super().focusInEvent(event)


def copy_button(parent: QWidget, *, name: str, label: str) -> Button:
    """The small button behind a value that copies it."""
    return Button("", parent, kind="ghost", icon="copy", size="tiny", name=name, label=label)


class Choices(QWidget):
    """A row of chips of which one is chosen."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, kind: str = "chip", name: str = "") -> None:
        super().__init__(parent)
        self._kind, self._name = kind, name
        self._buttons: dict[str, Button] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4 if kind == "chip" else 8)
        if name:
            self.setObjectName(name)

    def set_choices(self, choices: Sequence[tuple[str, str]], *, chosen: str) -> None:
        """Show these (key, words); the buttons are kept when only the words change."""
        if [key for key, _ in choices] != list(self._buttons):
            for button in self._buttons.values():
                button.deleteLater()
            self._buttons.clear()
            for key, words in choices:
                button = Button(words, self, kind=self._kind, name=f"{self._name}_{key}" if self._name else "")
                self._row.addWidget(button)
                self._buttons[key] = button
                button.clicked.connect(lambda _checked=False, key=key: self._choose(key))
        for key, words in choices:
            self._buttons[key].set_text(words)
            self._buttons[key].setChecked(key == chosen)

    def _choose(self, chosen: str) -> None:
        # No button group: in an exclusive one Tab reaches only the checked button.
        for key, button in self._buttons.items():
            button.setChecked(key == chosen)
        self.chosen.emit(chosen)

    def current(self) -> str:
        """The chosen key."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")
