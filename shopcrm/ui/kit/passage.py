"""A wrapped text in stretches, some of them marked: what was filled in is bold, what is missing underlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopcrm.ui import theme
from shopcrm.ui.kit.text import plain_tooltip

_LINE_GAP = 3


@dataclass(frozen=True)
class Stretch:
    """A part of the text. `mark`: "" plain, `strong`, `missing`."""

    text: str
    mark: str = ""


class Passage(QWidget):
    """Always plain text. With `lines` it ends in … behind so many, and the whole text is its tooltip."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        size: int = theme.BODY,
        tone: str = "text",
        lines: int = 0,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._size, self._tone, self._lines = size, tone, lines
        self._stretches: tuple[Stretch, ...] = ()
        self._kept: tuple[tuple[int, theme.Theme], QTextLayout] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(1)
        if name:
            self.setObjectName(name)

    def text(self) -> str:
        """The whole text."""
        return "".join(stretch.text for stretch in self._stretches)

    def show_stretches(self, stretches: Sequence[Stretch]) -> None:
        """Show another text."""
        self._stretches = tuple(stretches)
        self._kept = None
        self.setAccessibleName(self.text())
        if self._lines:
            self.setToolTip(plain_tooltip(self.text()))
        self.updateGeometry()
        self.update()

    def height_of(self, lines: int) -> int:
        """How high so many lines are."""
        return round(lines * (theme.current().metrics(self._size).height() + _LINE_GAP) + 0.5)

    def _laid_out(self, width: int, stretches: Sequence[Stretch]) -> QTextLayout:
        look = theme.current()
        text = "".join(stretch.text for stretch in stretches).replace("\n", "\u2028")
        layout = QTextLayout(text, look.font(self._size))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(_ranges(stretches))
        layout.beginLayout()
        top = 0.0
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, top))
            top += line.height() + _LINE_GAP
        layout.endLayout()
        return layout

    def _fitted(self, width: int) -> QTextLayout:
        """Laid out for a width; kept, because a layout asks several times and a painter once more."""
        key = (width, theme.current())
        if self._kept is None or self._kept[0] != key:
            self._kept = key, self._shortened(width)
        return self._kept[1]

    def _shortened(self, width: int) -> QTextLayout:
        layout = self._laid_out(width, self._stretches)
        if not self._lines or layout.lineCount() <= self._lines:
            return layout
        last = layout.lineAt(self._lines - 1)
        kept = last.textStart() + last.textLength()
        while kept > 0:  # shorter until the … fits behind it
            kept -= 1
            layout = self._laid_out(width, (*_cut(self._stretches, kept), Stretch("…")))
            if layout.lineCount() <= self._lines:
                break
        return layout

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self._fitted(width)
        return round(sum(layout.lineAt(n).height() + _LINE_GAP for n in range(layout.lineCount())) + 0.5)

    def sizeHint(self) -> QSize:
        metrics = theme.current().metrics(self._size)
        width = min(int(metrics.horizontalAdvance(self.text())) + 2, theme.current().px(320))
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, round(theme.current().metrics(self._size).height()) + _LINE_GAP)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setPen(theme.current().colour(self._tone))
        self._fitted(self.width()).draw(painter, QPointF(0, 0))


def _cut(stretches: Sequence[Stretch], kept: int) -> list[Stretch]:
    found = []
    for stretch in stretches:
        if kept <= 0:
            break
        found.append(Stretch(stretch.text[:kept].rstrip("\n"), stretch.mark))
        kept -= len(stretch.text)
    return found


def _ranges(stretches: Sequence[Stretch]) -> list[QTextLayout.FormatRange]:
    look = theme.current()
    found, at = [], 0
    for stretch in stretches:
        length = len(stretch.text.encode("utf-16-le")) // 2  # Qt counts in UTF-16
        if stretch.mark:
            form = QTextCharFormat()
            form.setFontWeight(look.font(bold=True).weight())
            if stretch.mark == "missing":
                form.setForeground(look.colour("warn"))
                form.setBackground(look.colour("warn_soft"))
                form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
                form.setUnderlineColor(look.colour("warn"))
            part = QTextLayout.FormatRange()
            part.start, part.length, part.format = at, length, form
            found.append(part)
        at += length
    return found
