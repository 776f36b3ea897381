"""What is seen on every page, as it is painted: enough contrast in both themes, and no English between the Chinese."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.ui import theme
from shopcrm.ui.kit.marks import Badge, TagChip
from shopcrm.ui.kit.text import Elided, Text
from shopcrm.ui.pages.registry import PAGES
from tests.ui.conftest import Stage, make_stage
from tests.ui.test_theme import contrast

KEYS = [page.key for page in PAGES]
ENOUGH, ENOUGH_FOR_LARGE = 4.5, 3.0
ROUNDING = 0.15  # antialiased strokes never quite reach their ink
# Names, codes and units that Chinese sellers write so too.
LATIN_KEPT = {
    "shopcrm", "excel", "rfm", "csv", "xlsx", "xls", "pdf", "png", "sql", "id", "ctrl", "esc", "tab", "enter", "shift",
    "alt", "del", "toml", "utc", "gmt", "p25", "p50", "p80", "vip", "sku", "ok", "qt", "lgpl", "mit", "bsd", "isc",
    "english", "win", "mac", "linux", "f1", "f2",
}  # fmt: skip


def _show(stage: Stage, key: str) -> QWidget:
    stage.window.go_to(key)
    stage.settle()
    if key == "desk":
        stage.window.frame.header.search.edit.setText("lxm")
        stage.settle()
    stage.window.grab()
    stage.settle()
    return stage.window.frame.page(key)


def _ink_on_ground(image: QImage, rect: QRect) -> float:
    """The contrast of what is written in a rectangle: its commonest colour against the one farthest from it."""
    seen: dict[int, int] = {}
    for y in range(max(rect.top(), 0), min(rect.bottom() + 1, image.height())):
        for x in range(max(rect.left(), 0), min(rect.right() + 1, image.width())):
            pixel = image.pixel(x, y)
            seen[pixel] = seen.get(pixel, 0) + 1
    ground = QColor(max(seen, key=lambda pixel: seen[pixel]))
    return max(contrast(QColor(pixel), ground) for pixel in seen)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("key", KEYS)
def test_words_stand_out_as_they_are_painted(
    qtbot: QtBot, qapp: QApplication, shop: Shop, language: str, *, name: str, key: str
) -> None:
    theme.use(qapp, name=name, text_percent=100, language=language)
    stage = make_stage(qtbot, shop)
    _show(stage, key)
    window = stage.window
    image = window.grab().toImage()
    scale = image.devicePixelRatio()
    assert scale == 1
    pale = []
    for widget in window.findChildren(QWidget):
        words = _words(widget)
        painted = isinstance(widget, Text | Elided | Badge | TagChip | QAbstractButton)
        # A lone dash is thinner than its ink.
        if not re.search(r"\w", words) or not painted or not widget.isEnabled() or widget.visibleRegion().isEmpty():
            continue
        rect = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()) & _seen(widget, window)
        if rect.width() < 6 or rect.height() < 8:
            continue
        large = isinstance(widget, QLabel) and int(widget.property("type") or 0) >= theme.TITLE
        found = _ink_on_ground(image, rect)
        if found < (ENOUGH_FOR_LARGE if large else ENOUGH) - ROUNDING:
            pale.append(f"{widget.objectName() or type(widget).__name__} “{words[:20]}”: {found:.2f}")
    stage.end()
    assert pale == []


def _seen(widget: QWidget, window: QWidget) -> QRect:
    """The part of a widget that no scroll area hides, in the window's coordinates."""
    region = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(window, region.topLeft()), region.size())


def _words(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton | Elided | Badge | TagChip):
        return widget.text()
    return ""


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"], indirect=True)
@pytest.mark.parametrize("key", KEYS)
def test_no_english_stands_between_the_chinese(
    qtbot: QtBot, qapp: QApplication, shop: Shop, language: str, *, key: str
) -> None:
    theme.use(qapp, name="light", text_percent=100, language=language)
    stage = make_stage(qtbot, shop)
    _show(stage, key)
    foreign = []
    for widget in stage.window.findChildren(QWidget):
        if widget.objectName().startswith("qt_") or not widget.isVisible():
            continue
        said = [_words(widget), widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        if isinstance(widget, QLineEdit):
            said.append(widget.placeholderText())
        if isinstance(widget, QComboBox):
            said += [widget.itemText(place) for place in range(widget.count())]
        if isinstance(widget, QTableView) and widget.model() is not None:
            model = widget.model()
            heads = (model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount()))
            said += [str(head) for head in heads if head]
        foreign += [f"{widget.objectName()}: {text}" for text in said if _is_english(text)]
    stage.end()
    assert foreign == []


def _is_english(text: str) -> bool:
    """Whether a text holds two English words in a row, or is one: data (nicks, codes, file names) is neither."""
    plain = re.sub(r"<[^>]*>|&\w+;", " ", text)
    words = re.findall(r"(?<![\w.…@-])[A-Za-z]{2,}(?![\w.…@-])", plain)
    unknown = [word for word in words if word.lower() not in LATIN_KEPT]
    return len(unknown) > 1 or unknown == [plain.strip()]
