"""Settings that work at once: language, theme, size of text; and the way to the other shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from shopcrm.base.i18n import N_, _
from shopcrm.base.options import LANGUAGE, TEXT_SIZE, THEME
from shopcrm.ui import icons, names
from shopcrm.ui.seat import Seat

# Every language in its own words: whoever got lost in a foreign one finds the way back.
LANGUAGE_NAMES: Final = (("zh_CN", "简体中文"), ("zh_TW", "繁體中文"), ("en", "English"))
THEMES: Final = (("system", N_("As the system")), ("light", N_("Light")), ("dark", N_("Dark")))
TEXT_SIZES: Final = (100, 115, 130, 150, 175, 200)


class SettingsMenu(QMenu):
    """Says what was chosen; the application does it."""

    chosen = Signal(str, object)  # option key, value
    shop_wanted = Signal(bool)  # the demo shop (True) or the own one

    def __init__(self, seat: Seat, parent: QWidget, *, language: str, demo: bool) -> None:
        super().__init__(parent)
        self.setObjectName(f"{names.SETTINGS}_menu")
        self._choice(_("Language"), "languages", LANGUAGE.key, LANGUAGE_NAMES, language)
        themes = [(code, _(name)) for code, name in THEMES]
        self._choice(_("Theme"), "sun", THEME.key, themes, seat.get(THEME))
        sizes = [(size, f"{size} %") for size in TEXT_SIZES]
        self._choice(_("Text size"), "a-large-small", TEXT_SIZE.key, sizes, seat.get(TEXT_SIZE))
        self.addSeparator()
        words = _("Open my own shop") if demo else _("Open the demo shop")
        other = self.addAction(icons.icon("store"), words)
        other.setObjectName(f"{names.SETTINGS}_other_shop")
        other.triggered.connect(lambda: self.shop_wanted.emit(not demo))

    def _choice(self, title: str, icon: str, key: str, values: Sequence[tuple[object, str]], current: object) -> None:
        menu = QMenu(title, self)
        menu.setIcon(icons.icon(icon))
        menu.setObjectName(f"{names.SETTINGS}_{key}")
        group = QActionGroup(menu)
        for value, words in values:
            action = QAction(words, menu, checkable=True)
            action.setObjectName(f"{names.SETTINGS}_{key}_{value}")
            action.setChecked(value == current)
            action.triggered.connect(lambda _checked=False, value=value: self.chosen.emit(key, value))
            group.addAction(action)
            menu.addAction(action)
        self.addMenu(menu)
