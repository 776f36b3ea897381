from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from shopcrm.ui import theme
from shopcrm.ui.kit.passage import Passage, Stretch

pytestmark = pytest.mark.usefixtures("dressed")
LONG = [Stretch("小满", "strong"), Stretch("，先一顿新的两顿旧的，三天后对半，一周左右换完。" * 8)]


def passage(bot: QtBot, stretches: list[Stretch], *, lines: int = 0, width: int = 240) -> Passage:
    made = Passage(lines=lines)
    bot.addWidget(made)
    made.show_stretches(stretches)
    made.resize(width, made.heightForWidth(width))
    return made


def inks(widget: QWidget) -> set[str]:
    shot: QImage = widget.grab().toImage()
    return {shot.pixelColor(x, y).name() for x in range(shot.width()) for y in range(shot.height())}


def test_it_is_as_high_as_its_lines_and_says_all_of_them(qtbot: QtBot) -> None:
    whole, short = passage(qtbot, LONG), passage(qtbot, LONG, lines=2)
    assert whole.height() > short.height()
    assert abs(short.height() - short.height_of(2)) <= 2
    assert short.text() == short.accessibleName() == "".join(stretch.text for stretch in LONG)
    assert short.text() in short.toolTip()
    assert passage(qtbot, LONG, width=480).height() < whole.height()
    assert passage(qtbot, [Stretch("a\nb\nc")]).height() > passage(qtbot, [Stretch("a b c")]).height()


def test_what_is_missing_is_marked_and_tags_are_characters(qtbot: QtBot) -> None:
    missing = QColor(theme.current().colour("warn_soft")).name()
    assert missing in inks(passage(qtbot, [Stretch("Hi "), Stretch("{nick}", "missing")]))
    plain = passage(qtbot, [Stretch("<b>Hi</b> 👩‍👧 "), Stretch("x", "strong")])
    assert missing not in inks(plain)
    assert plain.text().startswith("<b>Hi</b>")


def test_very_long_words_wrap_and_nothing_is_one_line(qtbot: QtBot) -> None:
    assert passage(qtbot, [Stretch("x" * 500)]).height() > passage(qtbot, [Stretch("x")]).height()
    assert passage(qtbot, [], lines=2).text() == ""
