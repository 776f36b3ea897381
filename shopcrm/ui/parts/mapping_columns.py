"""The columns of an unknown table, one a line: its name, what stands in it, and the field it holds (C2)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.collect import mapping_draft
from shopcrm.collect.fields import unescape
from shopcrm.collect.mapping_draft import Draft
from shopcrm.ui import names, theme
from shopcrm.ui.kit.cards import Card, ScrollArea
from shopcrm.ui.kit.choice import Choice, Headed
from shopcrm.ui.kit.text import Elided, plain_tooltip
from shopcrm.ui.parts import mapping_words

SAMPLES = 3
_WIDE = 196


class MappingColumns(Card):
    """`picked` tells (place, field)."""

    picked = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, gap=0)
        self._told = mapping_words.field_kinds()
        self._models = {
            kind: Headed(mapping_words.field_groups(kind), self, told=self._told) for kind in ("orders", "people")
        }
        self._choices: dict[int, Choice] = {}
        look = theme.current()
        self._large = look.text_percent >= 150
        head = self._head = QHBoxLayout()
        head.setSpacing(12)
        for words, stretch in ((_("Column of the file"), 2), (_("For example"), 3)):
            head.addWidget(Elided(words, self, tone="second"), stretch)
        last = Elided(_("What it is"), self, tone="second")
        last.setFixedWidth(look.px(_WIDE))
        head.addWidget(last)
        self.body.addLayout(head)
        self._area = ScrollArea(self, margin=(16, 2, 16, 10), gap=0)
        self.body.addWidget(self._area, 1)
        self._area.verticalScrollBar().rangeChanged.connect(self._stand_over)
        self._stand_over(0, 0)
        self.setMinimumHeight(look.px(140))

    def _stand_over(self, _least: int, most: int) -> None:
        """The heads stand over their columns, with a scroll bar beside these as without."""
        bar = self._area.verticalScrollBar().sizeHint().width() if most else 0
        self._head.setContentsMargins(16, 10, 16 + bar, 6)

    def set_attributes(self, attributes: Sequence[tuple[str, str]]) -> None:
        """What the shop keeps of its customers, by key and name: fields of people too."""
        groups = mapping_words.field_groups("people", attributes=attributes)
        self._models["people"] = Headed(groups, self, told=self._told)

    def show_table(self, draft: Draft, rows: Sequence[Sequence[str]]) -> None:
        """Show a table's columns; those that hold nothing at all stand last."""
        while (item := self._area.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._choices.clear()
        lines = QWidget(self)
        grid = QGridLayout(lines)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        samples = [samples_of(rows, place) for place in range(len(draft.header))]
        usable = mapping_draft.usable(draft.header)
        order = sorted(range(len(draft.header)), key=lambda place: not samples[place])
        for at, place in enumerate(order):
            self._add(grid, at, place, draft, samples=samples[place], usable=usable[place])
        self._area.body.addWidget(lines)
        self._area.body.addStretch(1)
        self.show_fields(draft)

    def _add(
        self, grid: QGridLayout, at: int, place: int, draft: Draft, *, samples: Sequence[str], usable: bool
    ) -> None:
        title = draft.header[place].strip()
        told = " · ".join(samples) if samples else _("empty")
        grid.addWidget(Elided(title or "—", self, bold=True), at, 0)
        grid.addWidget(Elided(told, self, tone="second" if samples else "third"), at, 1)
        if not usable:
            words = _("has no name") if not title else _("named as one before")
            note = Elided(words, self, tone="third")
            grid.addWidget(note, at, 2, Qt.AlignmentFlag.AlignVCenter)
            return
        choice = Choice(
            self, label=_("What “{column}” is").format(column=title), name=f"{names.MAPPING_FIELD}_{place}"
        )  # fmt: skip
        choice.setModel(self._models[draft.kind])
        choice.setFixedWidth(theme.current().px(_WIDE))
        choice.picked.connect(lambda wanted, place=place: self.picked.emit(place, wanted))
        grid.addWidget(choice, at, 2)
        self._choices[place] = choice

    def show_fields(self, draft: Draft) -> None:
        """Show which column holds what."""
        for place, choice in self._choices.items():
            choice.set_key(draft.fields.get(place, ""))
            choice.setToolTip(plain_tooltip(self._told.get(choice.key(), "")))

    def first(self) -> QWidget | None:
        """Where the keyboard begins: the first column that holds nothing yet, else the first."""
        free = [choice for choice in self._choices.values() if not choice.key()]
        return next(iter([*free, *self._choices.values()]), None)


def samples_of(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    """The first cells of a column that differ and say something."""
    filled = (unescape(row[place]) for row in rows if place < len(row))
    return list(dict.fromkeys(cell for cell in filled if cell))[:SAMPLES]
