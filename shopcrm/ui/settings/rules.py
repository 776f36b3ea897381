"""The rules behind the numbers (M1, M3): what decides the groups, what the cycle is, and the owner's own values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import N_, _, n_, sentences
from shopcrm.base.options import CYCLE_ACTIVE_DAYS, CYCLE_DAYS, CYCLE_DORMANT_DAYS, CYCLE_SOURCE, Option
from shopcrm.collect import settings
from shopcrm.mine import cycles, rfm
from shopcrm.mine.cycles import ENOUGH_GAPS, ShopCycle
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import rule_words
from shopcrm.ui.parts.rule_words import Counted
from shopcrm.ui.settings.section import Section

CYCLE_OPTIONS: Final[tuple[Option[Any], ...]] = (CYCLE_SOURCE, CYCLE_DAYS, CYCLE_ACTIVE_DAYS, CYCLE_DORMANT_DAYS)


class RulesSection(Section):
    """The rule of the groups is changed where its effect is seen; options of the shop here."""

    key = "rules"
    title = N_("Rules")
    icon = "list"

    def _build(self) -> None:
        card = self.card(_("The eight groups"), _("When a customer counts as near, as frequent, as spending much."))
        self._rule = Text("", card, wrap=True, name="settings_rule")
        change = Button(
            _("Change the rule"), card, icon="layout-grid", size="medium", name=f"{names.SETTINGS}_rule_change"
        )
        change.clicked.connect(lambda: self.ctx.go_to("segments", "rule"))
        row = QHBoxLayout()
        row.addWidget(change)
        row.addStretch(1)
        card.body.addWidget(self._rule)
        card.body.addLayout(row)
        self._change = change
        card = self.card(
            _("Repurchase cycle"),
            _("How long customers usually take to come back; reminders and the groups follow it."),
        )
        self._cycle = Text("", card, wrap=True, name="settings_cycle")
        card.body.addWidget(self._cycle)
        self._fields = [OptionField(self.ctx, option, card) for option in CYCLE_OPTIONS]
        for field in self._fields:
            card.line(_(field.option.label), field, text=field.bounds())

    def refresh(self) -> None:
        """Read rule, cycle and options."""
        shop = self.ctx.shop

        def question(tx: Any) -> tuple[Counted, ShopCycle, list[Any]]:
            columns = shop.columns()
            values = [tx.option(field.option) for field in self._fields]
            return rule_words.counted(rfm.scores(tx, columns)), cycles.of_shop(tx, columns), values

        self.ctx.read(self, question, done=self._show, latest="rules")

    def _show(self, found: tuple[Counted, ShopCycle, list[Any]]) -> None:
        rule, cycle, values = found
        said = rule_words.rule_sentences(rule.thresholds, rule.rule, money=self.ctx.money, high_from=rule.high_from)
        self._rule.setText("\n".join(said) or _("There is nobody to count yet."))
        self._cycle.setText(cycle_words(cycle))
        for field, value in zip(self._fields, values, strict=True):
            field.show_value(value)

    def first_control(self) -> QWidget | None:
        """The way to the rule."""
        return self._change


def cycle_words(cycle: ShopCycle) -> str:
    """What was found, or that it is too little yet."""
    gaps = n_("{n} time that somebody came back", "{n} times that somebody came back", cycle.gaps)
    gaps = gaps.format(n=f"{cycle.gaps:,}")
    if cycle.by_choice:
        return _("Your own value counts, {days} days; the purchases hold {gaps}.").format(days=cycle.p80, gaps=gaps)
    if cycle.p25 is None or cycle.p50 is None:
        return _("Not enough history yet ({gaps}; {enough} are needed): your own value counts, {days} days.").format(
            gaps=gaps, enough=ENOUGH_GAPS, days=cycle.p80
        )
    return sentences(
        _("Of those who come back, a quarter does within {p25} days, half within {p50}, four in five within {p80}.")
        .format(p25=cycle.p25, p50=cycle.p50, p80=cycle.p80),
        _("Seen in {gaps}.").format(gaps=gaps),
    )  # fmt: skip


class OptionField(QWidget):
    """One option of the shop, by its declaration: choices drop down, a number is typed; checked where it stands."""

    def __init__(self, ctx: Context, option: Option[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx, self.option = ctx, option
        self._value: Any = option.default
        name = f"{names.SETTINGS}_{option.key.replace('.', '_')}"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._show: Callable[[Any], None]
        if option.choices:
            self._drop_down(name, column)
        else:
            self._line(name, column)
        self._wrong = Text("", self, tone="bad", wrap=True, name=f"{name}_wrong")
        self._wrong.hide()
        column.addWidget(self._wrong)
        self.setFixedWidth(theme.current().px(220))

    def _drop_down(self, name: str, column: QVBoxLayout) -> None:
        drop = Choice(self, label=_(self.option.label), name=name, letters=18)
        choices = [(choice, rule_words.choice(self.option, choice)) for choice in self.option.choices]
        drop.set_choices(choices, chosen=self.option.default)
        drop.picked.connect(self._take)
        self._show = drop.set_key
        column.addWidget(drop)

    def _line(self, name: str, column: QVBoxLayout) -> None:
        edit = LineEdit(self, label=_(self.option.label), name=name)

        def show(value: object) -> None:
            if not edit.hasFocus() or not edit.isModified():
                edit.setText(str(value))

        def submit() -> None:
            edit.setModified(False)
            self._typed(edit.text())

        def restore() -> None:
            edit.setText(str(self._value))
            self._say_wrong("")

        edit.submitted.connect(submit)
        edit.editingFinished.connect(lambda: submit() if edit.isModified() else None)
        edit.escaped.connect(restore)
        self._show = show
        column.addWidget(edit)

    def bounds(self) -> str:
        """What it takes, in words."""
        low, high = self.option.low, self.option.high
        if low is not None and high is not None:
            return _("{low} to {high}").format(low=f"{low:,}", high=f"{high:,}")
        return _("At least {low}").format(low=low) if low is not None else ""

    def show_value(self, value: Any) -> None:
        """Show what the shop has."""
        self._value = value
        self._show(value)
        self._say_wrong("")

    def _typed(self, text: str) -> None:
        value: Any = text.strip()
        if isinstance(self.option.default, int):
            try:
                value = int(value)
            except ValueError:
                self._say_wrong(_("A whole number, please."))
                return
        self._take(value)

    def _take(self, value: Any) -> None:
        if not self.option.takes(value):
            self._say_wrong(self.bounds() or _("That cannot be."))
            return
        self._say_wrong("")
        if value == self._value:
            return
        option = self.option
        said = _("{label}: {value}").format(
            label=_(option.label), value=rule_words.choice(option, value) if option.choices else value
        )
        self._ctx.write_undoable(self, lambda tx: settings.choose(tx, {option: value}), said=said)

    def _say_wrong(self, text: str) -> None:
        self._wrong.setText(text)
        self._wrong.setVisible(bool(text))
