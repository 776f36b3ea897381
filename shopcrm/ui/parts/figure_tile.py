"""A figure on top of a page: what it is called, its value, how it moved, of how many; a button that opens its rows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.popover import Popover
from shopcrm.ui.kit.text import Elided, Text


class FigureTile(Card):
    """`clicked` by mouse, Enter and Space; the small button beside its name says how it is counted."""

    def __init__(self, parent: QWidget | None = None, *, key: str, label: str, rule: str) -> None:
        super().__init__(parent, padding=0, gap=2, clickable=True, name=f"{names.INSIGHT_TILE}_{key}")
        self._label, self._rule = label, rule
        self._figure = Text("", self, size=theme.TITLE, bold=True, name=f"{names.INSIGHT_TILE}_{key}_figure")
        self._moved = Text("", self, size=theme.SMALL, bold=True)
        self._remark = Elided("", self, size=theme.SMALL, tone="second")
        self._why = Button(
            "", self, kind="ghost", icon="info", size="tiny", name=f"{names.INSIGHT_WHY}_{key}",
            label=_("{figure}: how is this counted?").format(figure=label),
        )  # fmt: skip
        self._why.clicked.connect(self.explain)
        head, middle = QHBoxLayout(), QHBoxLayout()
        head.addWidget(Elided(label, self, tone="second"), 1)
        head.addWidget(self._why)
        middle.setSpacing(7)
        middle.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBottom)
        middle.addWidget(self._moved, 0, Qt.AlignmentFlag.AlignBottom)
        middle.addStretch(1)
        self._moved.setContentsMargins(0, 0, 0, 3)
        self.body.setContentsMargins(16, 10, 10, 12)
        self.body.addLayout(head)
        self.body.addLayout(middle)
        self.body.addWidget(self._remark)

    @property
    def remark(self) -> str:
        """What is said below the figure."""
        return self._remark.text()

    def show_figure(self, figure: str, *, remark: str, moved: str = "", tone: str = "second") -> None:
        """Show a value, how it moved (with its tone) and of how many it is made."""
        self._figure.setText(figure)
        self._moved.setText(moved)
        self._moved.setVisible(bool(moved))
        self._moved.set_tone(tone)
        self._remark.set_text(remark)
        self.setAccessibleName("; ".join(part for part in (self._label, figure, moved, remark) if part))

    def explain(self) -> None:
        """How it is counted, in words."""
        Popover(self._label, self._rule, self, name=names.FIGURE_RULE).show_below(self._why)
