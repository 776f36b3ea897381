"""In the card: a trade attribute of the owner's own is named, or one that there is changed (C6)."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import _
from shopcrm.collect.attribute_list import KINDS, Draft
from shopcrm.collect.attribute_values import Attribute, understand
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text

_NUMBER: Final = Attribute("bound", "", "number")


class AttributeForm(QWidget):
    """Enter keeps it, Esc leaves it. What does not fit its kind is not there."""

    saved = Signal(object)  # a Draft
    left = Signal()

    def __init__(self, draft: Draft, parent: QWidget, *, new: bool, preset: bool = False) -> None:
        """`preset`: one of a trade, that takes a word and further choices only."""
        super().__init__(parent)
        self.setObjectName(names.ATTRIBUTE_FORM)
        self._draft, self._preset = draft, preset
        self._label = self._line(_("What it is called"), draft.label, "label")
        self._kind = Choice(self, label=_("What kind it is"), name=f"{names.ATTRIBUTE_FORM}_kind")
        self._kind.set_choices([(key, _(label)) for key, label in KINDS], chosen=draft.kind)
        self._kind.setVisible(new)
        self._choices = self._line(_("Choices, with a comma between"), draft.choices, "choices")
        self._unit = self._line(_("Unit"), draft.unit, "unit")
        self._low = self._line(_("At least"), _told(draft.low), "low")
        self._high = self._line(_("At most"), _told(draft.high), "high")
        self._wrong = Text("", self, tone="bad", size=theme.SMALL, wrap=True, name=f"{names.ATTRIBUTE_FORM}_wrong")
        self._wrong.hide()
        self._save = Button(_("Keep"), self, kind="primary", name=f"{names.ATTRIBUTE_FORM}_save")
        self._leave = Button(_("Leave"), self, name=f"{names.ATTRIBUTE_FORM}_leave")
        self._lay_out()
        self._kind.picked.connect(lambda _key: self._fit())
        self._save.clicked.connect(self.save)
        self._leave.clicked.connect(self.left)
        self._fit()

    def _line(self, label: str, text: str, name: str) -> LineEdit:
        field = LineEdit(self, placeholder=label, label=label, name=f"{names.ATTRIBUTE_FORM}_{name}")
        field.setText(text)
        field.submitted.connect(lambda _text: self.save())
        field.escaped.connect(self.left)
        field.textEdited.connect(lambda _text: self._wrong.hide())
        return field

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(6)
        column.addWidget(self._label)
        column.addWidget(self._kind)
        column.addWidget(self._choices)
        bounds = QGridLayout()
        bounds.setContentsMargins(0, 0, 0, 0)
        bounds.setSpacing(6)
        for place, field in enumerate((self._unit, self._low, self._high)):
            bounds.addWidget(field, 0, place)
        column.addLayout(bounds)
        column.addWidget(self._wrong)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self._save)
        buttons.addWidget(self._leave)
        buttons.addStretch(1)
        column.addLayout(buttons)

    def _fit(self) -> None:
        """Show what the kind needs."""
        kind = self._kind.key() or self._draft.kind
        self._choices.setVisible(kind in ("choice", "choices"))
        for field in (self._unit, self._low, self._high):
            field.setVisible(kind == "number" and not self._preset)

    def take_keyboard(self) -> None:
        """Begin with the name."""
        self._label.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._label.selectAll()

    def save(self) -> None:
        """Hand on what is typed, unless a bound is no number."""
        try:
            low, high = (understand(_NUMBER, field.text()) for field in (self._low, self._high))
        except UserFailure as failure:
            self.show_wrong(failure.message)
            return
        kind = self._kind.key() or self._draft.kind
        self.saved.emit(
            Draft(
                self._label.text(),
                kind,  # type: ignore[arg-type]  # one of KINDS
                self._choices.text() if kind in ("choice", "choices") else "",
                self._unit.text(),
                None if low is None else float(low),  # type: ignore[arg-type]  # a number
                None if high is None else float(high),  # type: ignore[arg-type]  # a number
            )
        )

    def show_wrong(self, message: str) -> None:
        """Say at the form what cannot be kept; what was typed stays."""
        self._wrong.setText(message)
        self._wrong.show()
        self._label.setFocus(Qt.FocusReason.OtherFocusReason)


def _told(bound: float | None) -> str:
    return "" if bound is None else f"{bound:.12g}"
