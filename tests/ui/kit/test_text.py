from __future__ import annotations

import pytest
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import QApplication

from shopcrm.ui import theme
from shopcrm.ui.kit.text import numbers_held, together

pytestmark = pytest.mark.usefixtures("dressed")


def lines(text: str, *, room: str) -> list[str]:
    """The lines into which a text falls where there is room for `room`."""
    look = theme.current()
    layout = QTextLayout(text, look.font())
    layout.beginLayout()
    found = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(look.metrics().horizontalAdvance(room))
        found.append(text[line.textStart() : line.textStart() + line.textLength()])
    layout.endLayout()
    return found


def test_a_number_stays_beside_its_unit(qapp: QApplication) -> None:
    assert qapp is not None
    for told, room, whole in (
        ("03-27（农历二月二十），满 33 岁", "03-27（农历二月二十），满 33", "33 岁"),
        ("2025-12-18 (Lunar 10-29), 11 months", "2025-12-18 (Lunar 10-29), 11 m", "11 months"),
    ):
        assert lines(told, room=room)[-1] == whole.split()[-1]
        assert lines(numbers_held(told), room=room)[-1].replace("\u00a0", " ") == whole


def test_whatever_is_typed_can_still_be_broken_into_lines(qapp: QApplication) -> None:
    assert qapp is not None
    for told in ("180 170 160 " * 9, "a1 a1 a1 " * 9, "2 段 3 罐 4 包 " * 9, "M1 90 kg 12.5 % " * 9):
        assert max(map(len, lines(numbers_held(told), room="M" * 12))) < len(told) / 2


def test_words_that_belong_together_are_not_parted(qapp: QApplication) -> None:
    assert qapp is not None
    for told, room in (
        (["13 位到期", "1 个回访"], "13 位到期、1 个"),
        (["14 come due", "2 follow-ups"], "14 come due, 2 follow-"),
    ):
        parted = "、".join(told)
        assert lines(parted, room=room)[-1] != told[-1]
        held = lines("、".join(map(together, told)), room=room)
        assert held[-1].replace("\u2060", "").replace("\u00a0", " ") == told[-1]
