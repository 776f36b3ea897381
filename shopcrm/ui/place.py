"""Where a window stands: at first, and when the screen it stood on is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize

LEAST: Final = QSize(960, 600)
USUAL: Final = QSize(1280, 800)
SYSTEM_FRAME: Final = QSize(2, 40)  # title and edges, at most
GRIP: Final = QSize(160, 24)  # as much of the title as a hand needs to move the window


def first_size(room: QSize) -> QSize:
    """How large a window is the first time: it fits on the screen with the frame that the system puts round it."""
    return USUAL.boundedTo(room - SYSTEM_FRAME).expandedTo(LEAST)


def reachable(frame: QRect, screens: Sequence[QRect]) -> QRect:
    """Where a window may stand that is to stand at `frame`. `screens`: the free room of each, the main one first.

    It stays where its title can be taken hold of; else it comes to the middle of the main screen, no larger than that.
    """
    title = QRect(frame.topLeft(), QSize(frame.width(), GRIP.height()))
    for screen in screens:
        seen = title & screen
        if seen.width() >= min(GRIP.width(), frame.width()) and seen.height() == title.height():
            return frame
    if not screens:
        return frame
    main = screens[0]
    size = frame.size().boundedTo(main.size())
    rest = main.size() - size
    return QRect(main.topLeft() + QPoint(rest.width() // 2, rest.height() // 2), size)
