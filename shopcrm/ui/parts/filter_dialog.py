"""One condition of the customer list, asked by keyboard: which field, what of it, and the values its kind takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from shopcrm.act import filters
from shopcrm.act.fields import GENDERS, Field, Kind
from shopcrm.act.filters import DUE, Condition, Test, Told
from shopcrm.base.i18n import _
from shopcrm.base.matching import rank
from shopcrm.base.money import decimal_text, to_minor
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.check_list import CheckList
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.combo import Combo
from shopcrm.ui.kit.day_edit import read_day
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import filter_words

KEY: Final = Qt.ItemDataRole.UserRole
_COUNTED: Final = (Test.LAST_DAYS, Test.OLDER, Test.NEXT_DAYS)
_FIRST: Final = "tags"


class FilterDialog(QDialog):
    """Enter takes it over, Esc leaves everything as it is."""

    wide: ClassVar[int] = 420

    def __init__(
        self,
        ctx: Context,
        parent: QWidget,
        *,
        fields: Mapping[str, Field],
        given: Condition | None,
        chosen: Callable[[Condition], None],
    ) -> None:
        """`given` is changed; None adds one."""
        super().__init__(parent)
        self._ctx, self._fields, self._chosen = ctx, fields, chosen
        self._given = given
        self.setObjectName(names.FILTER)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = _("Filter the list") if given is None else _("Change the filter")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._field = Combo(self, label=_("Field"), name=names.FILTER_FIELD, searchable=True, width=240)
        self._field.setMaximumWidth(self.maximumWidth())  # as wide as what stands below it
        self._test = Choice(self, label=_("What is asked"), name=names.FILTER_TEST)
        self._text = LineEdit(self, label=_("Words"), name=names.FILTER_TEXT)
        self._low = LineEdit(self, placeholder=_("from"), label=_("From"), name=names.FILTER_LOW)
        self._high = LineEdit(self, placeholder=_("to"), label=_("To"), name=names.FILTER_HIGH)
        self._find = LineEdit(self, placeholder=_("Find a word"), label=_("Find a word"), name=names.FILTER_FIND)
        self._list = CheckList(self, label=_("Words to choose from"), name=names.FILTER_CHOICES, height=180)
        self._error = Text("", self, tone="bad", size=theme.SMALL, wrap=True, name=f"{names.FILTER}_error")
        self._build(title)
        self._wire()
        self._field.set_choices(
            [(key, field.heading) for key, field in fields.items()], chosen=given.field if given else _FIRST
        )
        self._show_tests()
        if given is not None:
            self._fill(given)
        self._field.setFocus()

    def _build(self, title: str) -> None:
        self._list.setUniformItemSizes(True)
        self._error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(Text(title, self, size=theme.LEAD, bold=True))
        column.addWidget(self._field)
        column.addWidget(self._test)
        column.addWidget(self._text)
        ends = QHBoxLayout()
        ends.setSpacing(8)
        ends.addWidget(self._low)
        ends.addWidget(self._high)
        column.addLayout(ends)
        column.addWidget(self._find)
        column.addWidget(self._list, 1)
        column.addWidget(self._error)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        leave = Button(_("Cancel"), self, size="medium", name=names.FILTER_CANCEL)
        leave.clicked.connect(self.reject)
        self._take = Button(
            _("Filter"), self, kind="primary", size="medium", keys="Ctrl+Return", name=names.FILTER_TAKE
        )
        row.addWidget(leave)
        row.addWidget(self._take)
        column.addLayout(row)
        self.setMinimumWidth(min(theme.current().px(self.wide), 1100))

    def _wire(self) -> None:
        self._field.picked.connect(lambda _key: self._show_tests())
        self._test.picked.connect(lambda _key: self._show_values())
        for edit in (self._text, self._low, self._high, self._find):
            edit.submitted.connect(lambda _text: self.take())
            edit.escaped.connect(self.reject)
            edit.textChanged.connect(lambda _text: self._error.hide())
        self._find.textChanged.connect(self._narrow)
        self._list.itemActivated.connect(self._toggle)
        self._take.clicked.connect(self.take)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        else:
            super().keyPressEvent(event)

    # What can be asked

    def _told(self) -> Field:
        return self._fields.get(self._field.key(), self._fields[_FIRST])

    def _show_tests(self) -> None:
        told = self._told()
        asked = filters.tests(told)
        self._test.set_choices([(one.value, filter_words.test(told, one)) for one in asked], chosen=asked[0].value)
        self._show_values()
        self._show_choices()

    def _show_values(self) -> None:
        told, asked = self._told(), Test(self._test.key())
        listed = asked in (Test.ANY, Test.NONE)
        ends = asked is Test.BETWEEN
        self._text.setVisible(asked in (Test.CONTAINS, Test.LACKS, Test.IS, *_COUNTED))
        self._text.setPlaceholderText(_("Days") if asked in _COUNTED else "")
        self._low.setVisible(ends)
        self._high.setVisible(ends)
        self._find.setVisible(listed and told.kind is not Kind.BIRTHDAY)
        self._list.setVisible(listed)
        self._error.hide()
        self.adjustSize()

    def _show_choices(self) -> None:
        told = self._told()
        self._list.clear()
        self._find.clear()
        if Test.ANY not in filters.tests(told):
            return
        fixed: dict[Kind, list[tuple[Any, str]]] = {
            Kind.BIRTHDAY: [(number, filter_words.month(number)) for number in range(1, 13)],
            Kind.GROUP: [(key, words.group(key)) for key in words.GROUPS],
            Kind.GENDER: [(key, _(label)) for key, label in GENDERS.items()],
        }
        if told.kind in fixed:
            self._offer(fixed[told.kind])
            return
        ctx, key = self._ctx, told.key

        def found(counted: list[tuple[str, int]]) -> None:
            if key == self._told().key:
                # What many share is looked for most.
                most = sorted(counted, key=lambda one: -one[1])
                self._offer([(word, f"{filter_words.value(told, word)}  {count:,}") for word, count in most])

        ctx.read(self, lambda tx: filters.choices(tx, ctx.shop.columns(), key), done=found, latest="choices")

    def _offer(self, choices: list[tuple[Any, str]]) -> None:
        given = self._given if self._given is not None and self._given.field == self._told().key else None
        checked = set(given.values) if given is not None else set()
        for key, said in choices:
            item = QListWidgetItem(said, self._list)
            item.setData(KEY, key)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in checked else Qt.CheckState.Unchecked)
        if self._list.count():
            self._list.setCurrentRow(0)

    def _narrow(self, typed: str) -> None:
        first = None
        for row in range(self._list.count()):
            item = self._list.item(row)
            met = not typed.strip() or rank(typed, item.text()) is not None
            item.setHidden(not met)
            first = row if met and first is None else first
        if first is not None:
            self._list.setCurrentRow(first)

    def _toggle(self, item: QListWidgetItem) -> None:
        on = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _fill(self, given: Condition) -> None:
        self._test.set_key(given.test.value)
        self._show_values()
        told = self._told()
        if given.test is Test.BETWEEN:
            low, high = (*given.values, None, None)[:2]
            self._low.setText(self._written(told, low))
            self._high.setText(self._written(told, high))
        elif given.values and given.test not in (Test.ANY, Test.NONE):
            self._text.setText(str(given.values[0]))

    def _written(self, told: Field, value: Told) -> str:
        if value is None:
            return ""
        if told.kind is Kind.MONEY:
            return decimal_text(int(value), currency=self._ctx.currency)
        return value if isinstance(value, str) else f"{value:g}"

    # Taken over

    def take(self) -> None:
        """Hand over the condition, or say what is missing."""
        told, asked = self._told(), Test(self._test.key())
        try:
            values = self._values(told, asked)
        except ValueError as wrong:
            self._error.setText(str(wrong))
            self._error.show()
            self.adjustSize()
            return
        self.accept()
        self._chosen(Condition(told.key, asked, values))

    def _values(self, told: Field, asked: Test) -> tuple[Told, ...]:
        if told.key == DUE or asked in (Test.FILLED, Test.EMPTY, Test.THIS_MONTH):
            return ()
        if asked in (Test.ANY, Test.NONE):
            items = [self._list.item(row) for row in range(self._list.count())]
            checked = [item for item in items if item.checkState() == Qt.CheckState.Checked]
            # One word found and Enter is meant as much as one that was checked.
            if not checked and self._list.currentRow() >= 0 and not self._list.currentItem().isHidden():
                checked = [self._list.currentItem()]
            if not checked:
                raise ValueError(_("Choose at least one."))
            return tuple(item.data(KEY) for item in checked)
        if asked is Test.BETWEEN:
            low, high = self._end(told, self._low.text()), self._end(told, self._high.text())
            if low is None and high is None:
                self._low.setFocus()
                raise ValueError(_("Type a number or a day on one of the two sides."))
            return low, high
        typed = self._text.text().strip()
        if asked in _COUNTED:
            if not typed.isdecimal() or not 0 < int(typed) < 100_000:
                self._text.setFocus()
                raise ValueError(_("Type how many days."))
            return (int(typed),)
        if not typed:
            self._text.setFocus()
            raise ValueError(_("Type what is looked for."))
        return (typed,)

    def _end(self, told: Field, typed: str) -> Told:
        typed = typed.strip()
        if not typed:
            return None
        if told.kind is Kind.DATE:
            day = read_day(typed, today=self._ctx.today)
            if day is None:
                raise ValueError(_("“{typed}” is no day. Type it like 2026-11-22.").format(typed=typed))
            return day.isoformat()
        try:
            number = Decimal(typed.replace(",", "").replace("，", ""))
            if not number.is_finite() or abs(number) >= 10**12:
                raise InvalidOperation
        except InvalidOperation:
            raise ValueError(_("“{typed}” is no number.").format(typed=typed)) from None
        if told.kind is Kind.MONEY:
            return to_minor(number, currency=self._ctx.currency)
        return int(number) if number == int(number) else float(number)
