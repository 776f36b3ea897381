from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from shopcrm.ui.kit.buttons import Button

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.mark.parametrize("kind", ["primary", "danger", "plain", "ghost", "view"])
def test_the_keyboard_is_seen_on_every_kind_of_button(qtbot: QtBot, kind: str) -> None:
    button = Button("Save", kind=kind)
    qtbot.addWidget(button)
    with qtbot.waitExposed(button):
        button.show()
    button.activateWindow()
    qtbot.waitUntil(button.isActiveWindow)
    button.clearFocus()
    bare = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    focused = button.grab().toImage()
    # Along the middle, left of the words: the ring, at least two pixels of it that stand out.
    middle = bare.height() // 2
    pairs = [(bare.pixelColor(x, middle), focused.pixelColor(x, middle)) for x in range(6)]
    assert sum(abs(one.lightnessF() - other.lightnessF()) > 0.25 for one, other in pairs) >= 2
