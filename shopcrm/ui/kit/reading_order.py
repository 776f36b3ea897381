"""Tab goes as one reads: parts of a page come and go, and Qt would put each new one behind all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

_WHOLE = (QAbstractButton, QAbstractScrollArea, QComboBox, QLineEdit)  # what is inside of them is theirs


def stops(root: QWidget) -> Iterator[QWidget]:
    """Where Tab stops inside of a widget, in the order of its layouts; what stands in none of them comes last."""
    if root.focusPolicy() & Qt.FocusPolicy.TabFocus and root.focusProxy() is None:
        yield root
    if isinstance(root, QScrollArea):
        if (inner := root.widget()) is not None:
            yield from stops(inner)
        return
    if isinstance(root, _WHOLE):
        return
    if isinstance(root, QStackedWidget):
        if (seen := root.currentWidget()) is not None:
            yield from stops(seen)
        return
    layout = root.layout()
    placed = [] if layout is None else list(_widgets(layout))
    for widget in placed:
        yield from stops(widget)
    known = set(placed)
    for child in root.children():
        if isinstance(child, QWidget) and child not in known and not child.isWindow():
            yield from stops(child)


def lead_tab(through: Iterable[QWidget]) -> None:
    """Let Tab go through these, one after the other."""
    for before, after in pairwise(through):
        QWidget.setTabOrder(before, after)


def _widgets(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            yield from _widgets(inner)
        elif widget is not None:
            yield widget
