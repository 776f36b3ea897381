"""The rule of the eight groups: changed with a preview of their sizes, saved as one change that can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _, p_
from shopcrm.base.options import (
    CYCLE_DAYS,
    CYCLE_SOURCE,
    RFM_F_CUTS,
    RFM_F_FIXED,
    RFM_F_RULE,
    RFM_M_CUTS,
    RFM_M_FIXED,
    RFM_M_RULE,
    RFM_MONEY,
    RFM_OPTIONS,
    RFM_R_CUTS,
    RFM_R_FIXED,
    RFM_R_RULE,
    RFM_WINDOW_DAYS,
    Option,
)
from shopcrm.collect import settings
from shopcrm.mine import cycles, rfm
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Line, ScrollArea
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.rule_fields import (
    ChoiceField,
    Field,
    TextField,
    amount_field,
    cuts_field,
    days_field,
    times_field,
)
from shopcrm.ui.parts.rule_preview import RulePreview
from shopcrm.ui.parts.rule_words import Counted, counted

EDITED: Final[tuple[Option[Any], ...]] = (*RFM_OPTIONS, CYCLE_SOURCE, CYCLE_DAYS)
_USUAL: Final = QSize(900, 660)
_EDGE: Final = 40  # of the window that stays in sight around the dialog
_ONE_COLUMN_FROM: Final = 150  # percent of text


@dataclass(frozen=True)
class RuleInUse:
    """What the editor begins with."""

    values: Mapping[Option[Any], Any]
    sizes: dict[str, int]


@dataclass(frozen=True)
class _Tried:
    counted: Counted
    cycle: cycles.ShopCycle


def rule_in_use(tx: Any, columns: Any) -> RuleInUse:
    """The settings of the shop and the sizes they make."""
    return RuleInUse({option: tx.option(option) for option in EDITED}, counted(rfm.scores(tx, columns)).sizes)


class RuleEditor(QDialog):
    """What is counted and where near, many and high begin; the preview follows every key."""

    def __init__(self, ctx: Context, owner: QWidget, *, begun: RuleInUse) -> None:
        super().__init__(owner.window())
        self._ctx, self._owner, self._begun = ctx, owner, begun
        self._filling = False
        self.setObjectName(names.RULE_EDITOR)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("The rule of the groups"))
        self.setAccessibleName(_("The rule of the groups"))
        self._fields = {field.option: field for field in self._make_fields()}
        self._preview = RulePreview(self, money=ctx.money)
        self._state = Text("", self, tone="second", wrap=True, name=f"{names.RULE_EDITOR}_state")
        self._reset = Button(_("Back to the defaults"), self, kind="ghost", icon="rotate-ccw", name=names.RULE_RESET)
        self._cancel = Button(_("Cancel"), self, size="medium", name=names.RULE_CANCEL)
        self._save = Button(
            _("Save the rule"), self, kind="primary", size="medium", keys="Ctrl+Return", name=names.RULE_SAVE
        )
        self._lay_out()
        self._wire()
        self._fill(begun.values)

    # Making it

    def _make_fields(self) -> list[Field]:
        currency = self._ctx.currency
        return [
            days_field(RFM_WINDOW_DAYS, self, label=_("Count the last"), bold=True, hint=_("0: everything there is")),
            ChoiceField(RFM_MONEY, self, label=_("Money is")),
            ChoiceField(RFM_R_RULE, self, label=_("Near: where it ends")),
            days_field(RFM_R_FIXED, self, label=_("Bought within")),
            cuts_field(RFM_R_CUTS, self, unit=p_("unit", "days"), example="30, 60, 90, 180"),
            ChoiceField(RFM_F_RULE, self, label=_("Many: where it begins")),
            times_field(RFM_F_FIXED, self, label=_("Bought at least")),
            cuts_field(RFM_F_CUTS, self, unit=p_("unit", "times"), example="1, 2, 3, 5"),
            ChoiceField(RFM_M_RULE, self, label=_("High: where it begins")),
            amount_field(RFM_M_FIXED, self, label=_("At least"), currency=currency),
            cuts_field(RFM_M_CUTS, self, unit=currency, example="50, 100, 200, 400", currency=currency),
            ChoiceField(CYCLE_SOURCE, self, label=_("Repurchase cycle")),
            days_field(CYCLE_DAYS, self, label=_("Buys again after"), hint=_("Also used while history is short.")),
        ]

    def _lay_out(self) -> None:
        one_column = theme.current().text_percent >= _ONE_COLUMN_FROM
        form = ScrollArea(self, margin=(24, 20, 24, 20), gap=10)
        form.body.addWidget(Text(self.windowTitle(), self, size=theme.TITLE, bold=True, wrap=True))
        for option, field in self._fields.items():
            if option in (RFM_R_RULE, RFM_F_RULE, RFM_M_RULE, CYCLE_SOURCE):
                form.body.addSpacing(6)
            form.body.addWidget(field)
        preview = form.body if one_column else QVBoxLayout()
        heading = Text(_("What it makes of the groups"), self, size=theme.LEAD, bold=True, wrap=True)
        if one_column:
            form.body.addSpacing(12)
        preview.addWidget(heading)
        preview.addWidget(self._preview)
        preview.addStretch(1)
        form.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if one_column:
            column.addWidget(form, 1)
        else:
            beside = ScrollArea(self, margin=(24, 24, 24, 20), gap=14)
            beside.body.addLayout(preview)
            row = QHBoxLayout()
            row.setSpacing(0)
            row.addWidget(form, 9)
            row.addWidget(Line(self, vertical=True))
            row.addWidget(beside, 11)
            column.addLayout(row, 1)
        column.addWidget(Line(self))
        column.addLayout(self._foot(one_column=one_column))
        room = self._owner.window().size() - QSize(_EDGE, _EDGE)
        look = theme.current()
        self.resize(QSize(look.px(_USUAL.width()), look.px(_USUAL.height())).boundedTo(room))

    def _foot(self, *, one_column: bool) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 12, 24, 14)
        foot.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._reset)
        if one_column:
            foot.addWidget(self._state)
            row.addStretch(1)
        else:
            row.addWidget(self._state, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._save)
        foot.addLayout(row)
        return foot

    def _wire(self) -> None:
        for field in self._fields.values():
            field.changed.connect(self._changed)
            field.submitted.connect(self.save)
            field.escaped.connect(self.reject)
        self._reset.clicked.connect(lambda: self._fill({option: option.default for option in EDITED}))
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self.save)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)

    # Editing

    def _fill(self, values: Mapping[Option[Any], Any]) -> None:
        self._filling = True
        for option, field in self._fields.items():
            field.show_value(values[option])
        self._filling = False
        self._changed()

    def values(self) -> dict[Option[Any], Any] | None:
        """What is set in the form; None while something in it does not fit."""
        found = {option: field.value() for option, field in self._fields.items()}
        return None if any(value is None for value in found.values()) else found

    def _changed(self) -> None:
        if self._filling:
            return
        for rule, fixed, cuts in (
            (RFM_R_RULE, RFM_R_FIXED, RFM_R_CUTS),
            (RFM_F_RULE, RFM_F_FIXED, RFM_F_CUTS),
            (RFM_M_RULE, RFM_M_FIXED, RFM_M_CUTS),
        ):
            by = self._fields[rule].value()
            self._fields[fixed].setVisible(by == "fixed")
            self._fields[cuts].setVisible(by == "scores")
        values = self.values()
        if values is None:
            self._say(_("Something does not fit yet; the preview waits."), tone="bad")
            return
        if values == dict(self._begun.values):
            self._say(_("This is the rule in use."))
        else:
            self._say(_("Not saved yet."))
        shop = self._ctx.shop

        def question(tx: Any) -> _Tried:
            found, cycle = rfm.preview(tx, shop.columns(), values)
            return _Tried(counted(found), cycle)

        self._ctx.read(self, question, done=self._show, latest="preview")

    def _show(self, tried: _Tried) -> None:
        self._preview.show_sizes(tried.counted, self._begun.sizes)
        for key, option in (("r", RFM_R_CUTS), ("f", RFM_F_CUTS), ("m", RFM_M_CUTS)):
            field = self._fields[option]
            if isinstance(field, TextField):
                field.show_instead(",".join(map(str, tried.counted.cuts.get(key, ()))))
        # Where the cycle is counted, the owner's days play no part.
        self._fields[CYCLE_DAYS].setVisible(tried.cycle.source == "owner")

    def _say(self, text: str, *, tone: str = "second") -> None:
        self._state.setText(text)
        self._state.set_tone(tone)

    def save(self) -> None:
        """Write what was changed; with something that does not fit go there instead."""
        values = self.values()
        if values is None:
            next(field for field in self._fields.values() if field.value() is None).focus()
            return
        changed = {option: value for option, value in values.items() if value != self._begun.values[option]}
        if not changed:
            self.accept()
            return
        self._save.setEnabled(False)
        self._ctx.write_undoable(
            self._owner,
            lambda tx: settings.choose(tx, changed),
            said=_("The rule of the groups is changed."),
            done=lambda _change_set: self._done(),
            failed=self._failed,
        )

    def _done(self) -> None:
        if shiboken6.isValid(self):
            self.accept()

    def _failed(self, error: BaseException) -> None:
        if shiboken6.isValid(self):
            self._save.setEnabled(True)
        self._ctx.messages.failure(error)
