"""How far a long piece of work is: bar, count, rate, time left, Cancel."""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopcrm.base.i18n import _, n_
from shopcrm.ui import theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Text

_IN_MINUTES = 90  # seconds


class Bar(QWidget):
    """A thin bar; without a known end it is a quarter full."""

    def __init__(self, parent: QWidget | None = None, *, height: int = 4, tone: str = "accent") -> None:
        super().__init__(parent)
        self._share: float | None = 0.0
        self._tone, self._height = tone, height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float | None) -> None:
        """How full, 0–1; None while the end is not known."""
        self._share = share
        self.update()

    def set_tone(self, tone: str) -> None:
        """A colour token, or a group's key for its hue."""
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        radius = rect.height() / 2
        paint.ground(painter, rect, fill=look.colour("raised"), radius=radius)
        share = 0.25 if self._share is None else max(0.0, min(1.0, self._share))
        fill = look.hue(self._tone) if self._tone in look.groups else look.colour(self._tone)
        if share > 0:
            full = QRectF(rect.left(), rect.top(), max(rect.height(), rect.width() * share), rect.height())
            paint.ground(painter, full, fill=fill, radius=radius)


class ProgressStrip(QWidget):
    """Title, bar, figures and Cancel, in one strip."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress_strip")
        self._stage, self._began, self._from = "", 0.0, 0
        self._stopping = False
        self._title = Text("", self, bold=True, name="progress_title")
        self._figures = Text("", self, tone="second", size=theme.SMALL, name="progress_figures")
        self._bar = Bar(self)
        self._cancel = Button(_("Cancel"), self, keys="Esc", name="progress_cancel")
        words = QHBoxLayout()
        words.addWidget(self._title)
        words.addSpacing(12)
        words.addWidget(self._figures, 1)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(words)
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(16)
        row.addLayout(column, 1)
        row.addWidget(self._cancel)
        self._cancel.clicked.connect(self.stop)

    def begin(self, title: str) -> None:
        """A new piece of work."""
        self._stage, self._began, self._from = "", time.monotonic(), 0
        self._stopping = False
        self._title.setText(title)
        self._figures.setText("")
        self._bar.set_share(None)
        self._cancel.setEnabled(True)
        self.show()

    def step(self, stage: str, *, done: int, total: int | None, unit: str = "") -> None:
        """Where it stands. `stage` is the words of this part, `unit` what is counted (bytes, rows)."""
        if self._stopping:
            return  # what was on its way when Cancel was pressed is no news
        if stage != self._stage:
            self._stage, self._began, self._from = stage, time.monotonic(), done
        took = time.monotonic() - self._began
        self._bar.set_share(done / total if total else None)
        parts = [stage] if stage else []
        if unit and done:
            parts.append(
                _("{done} of {total}").format(done=_amount(done, unit), total=_amount(total, unit))
                if total
                else _amount(done, unit)
            )
        rate = (done - self._from) / took if took > 1 else 0
        if unit and rate > 0:
            parts.append(_("{rate} a second").format(rate=_amount(round(rate), unit)))
            if total:
                parts.append(_left((total - done) / rate))
        self._figures.setText(" · ".join(parts))

    def end(self) -> None:
        """The work is over."""
        self.hide()

    def stop(self) -> None:
        """Ask for the end of the work; once is enough."""
        if self._stopping:
            return
        self._stopping = True
        self._cancel.setEnabled(False)
        self._figures.setText(_("Stopping …"))
        self.cancelled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look, rect = theme.current(), QRectF(self.rect())
        painter = QPainter(self)
        painter.fillRect(rect, look.colour("surface"))
        painter.fillRect(QRectF(0, 0, rect.width(), 1), look.colour("border"))


def _amount(count: int, unit: str) -> str:
    return f"{count / 1_000_000:,.1f} MB" if unit == "bytes" else f"{count:,}"


def _left(seconds: float) -> str:
    count = max(1, round(seconds))
    if count < _IN_MINUTES:
        return n_("about {n} second left", "about {n} seconds left", count).format(n=count)
    minutes = round(seconds / 60)
    return n_("about {n} minute left", "about {n} minutes left", minutes).format(n=minutes)
