"""A customer's rhythm drawn: each gap between purchases as long as it was, and the one that is open now."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopcrm.base.i18n import _, n_
from shopcrm.ui import theme
from shopcrm.ui.kit import paint

SHOWN_GAPS: Final = 6
_DOT: Final = 7.0


def gaps_sentence(gaps: tuple[int, ...]) -> str:
    """The gaps behind a cycle in words: 5 gaps: 28, 31, 30, 33, 29 days."""
    if not gaps:
        return ""
    listed = _(", ").join(str(gap) for gap in gaps[-SHOWN_GAPS:])
    if len(gaps) > SHOWN_GAPS:
        listed = "… " + listed
    return n_("{n} gap: {gaps} days", "{n} gaps: {gaps} days", len(gaps)).format(n=len(gaps), gaps=listed)


class GapStrip(QWidget):
    """Dots are purchases, lines the days between; the dashed line runs from the last purchase to today."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gaps: tuple[int, ...] = ()
        self._open, self._tone = 0, "warn"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_gaps(self, gaps: tuple[int, ...], *, since: int, tone: str) -> None:
        """Show the newest gaps and the open one of `since` days."""
        self._gaps, self._open, self._tone = gaps[-SHOWN_GAPS:], since, tone
        self.setAccessibleName(gaps_sentence(gaps))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, theme.current().px(30))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spans = [*self._gaps, max(self._open, 1)]
        least = look.px(26)
        room = self.width() - _DOT - least * len(spans)
        total = sum(spans)
        y = self.height() - look.px(7)
        x = _DOT / 2
        for place, days in enumerate(spans):
            width = least + max(0.0, room) * days / total
            now = place == len(spans) - 1
            ink = look.colour(self._tone if now else "third")
            line = look.colour(self._tone) if now else look.colour("border")
            painter.setPen(QPen(line, 2, Qt.PenStyle.DashLine if now else Qt.PenStyle.SolidLine))
            painter.drawLine(int(x), int(y), int(x + width), int(y))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("second"))
            painter.drawEllipse(QRectF(x - _DOT / 2, y - _DOT / 2, _DOT, _DOT))
            painter.setPen(ink)
            painter.setFont(look.font(theme.SMALL, bold=now, tabular=True))
            label = _("{n} d").format(n=days)
            painter.drawText(QRectF(x, 0, width, y - 3), Qt.AlignmentFlag.AlignCenter, label)
            x += width
        paint.ground(
            painter,
            QRectF(x - _DOT / 2, y - _DOT / 2, _DOT, _DOT),
            fill=look.colour("surface"),
            border=look.colour(self._tone),
            radius=_DOT / 2,
        )
