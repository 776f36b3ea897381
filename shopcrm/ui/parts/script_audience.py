"""Whom a script is written for (U2): groups and member levels checked in a menu, said on its button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from shopcrm.act.script_sheet import GROUP_LABELS
from shopcrm.act.scripts import EVERYBODY, Audience
from shopcrm.base.i18n import _
from shopcrm.base.text import fold
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import plain_tooltip
from shopcrm.ui.parts import script_words

_LEAST: Final = 120


class StayingMenu(QMenu):
    """A menu of check marks: it stays open until Escape, Enter or a click beside it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not _toggled(self.activeAction()):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        elif event.key() != Qt.Key.Key_Space or not _toggled(self.activeAction()):
            super().keyPressEvent(event)


def _toggled(action: QAction | None) -> bool:
    if action is None or not action.isCheckable() or not action.isEnabled():
        return False
    action.trigger()
    return True


class AudienceButton(Button):
    """Says whom a script is for; pressed it opens the menu. `changed` comes only from the user's hand."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, icon="users", name=names.SCRIPT_AUDIENCE)
        # As wide as its column: what does not fit is elided, the whole stands in the tooltip.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._audience = EVERYBODY
        self._levels: tuple[str, ...] = ()
        self.clicked.connect(self._open)
        self._tell()

    @property
    def audience(self) -> Audience:
        """Who is checked."""
        return self._audience

    def set_audience(self, audience: Audience) -> None:
        """Check these."""
        self._audience = audience
        self._tell()

    def set_levels(self, levels: Sequence[str]) -> None:
        """The member levels to choose from."""
        self._levels = tuple(levels)

    def _tell(self) -> None:
        whom = script_words.audience(self._audience) or _("Everybody")
        shown = self.elided(whom)
        self.setText(shown)
        self.setToolTip(plain_tooltip(whom) if shown != whom else "")
        self.setAccessibleName(_("Whom it is for: {whom}").format(whom=whom))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(_LEAST), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _open(self) -> None:
        menu = StayingMenu(self)
        menu.setObjectName(f"{names.SCRIPT_AUDIENCE}_menu")
        menu.addAction(_("Groups")).setEnabled(False)  # a heading; not every style shows a menu's sections
        for key, label in GROUP_LABELS.items():
            self._add(menu, _(label), checked=key in self._audience.groups, group=key)
        menu.addSeparator()
        menu.addAction(_("Member levels")).setEnabled(False)
        chosen = self._audience.levels
        known = {fold(level) for level in self._levels}
        offered = (*self._levels, *(level for level in chosen if fold(level) not in known))
        for level in offered:
            self._add(menu, level, checked=fold(level) in map(fold, chosen), level=level)
        if not offered:
            menu.addAction(_("No customer has one yet")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _add(self, menu: QMenu, words: str, *, checked: bool, group: str = "", level: str = "") -> None:
        action = menu.addAction(words.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(checked)
        action.toggled.connect(lambda on: self._check(group, level, on=on))

    def _check(self, group: str, level: str, *, on: bool) -> None:
        groups = [one for one in self._audience.groups if one != group] + [group] * (on and bool(group))
        levels = [one for one in self._audience.levels if fold(one) != fold(level) or not level]
        levels += [level] * (on and bool(level))
        ordered = tuple(key for key in GROUP_LABELS if key in groups)
        self._audience = Audience(ordered, tuple(levels))
        self._tell()
        self.changed.emit()
