"""The fields of a rule: a choice, a number in the shop's units, cut points; each says what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _, p_
from shopcrm.base.money import minor_digits, to_decimal
from shopcrm.base.options import CUTS, Option
from shopcrm.ui import names, theme
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import rule_words

_AMOUNT: Final = re.compile(r"\d{1,15}(\.\d{1,6})?")
_BETWEEN: Final = re.compile(r"[,;/、\s]+")


def _typed(text: str) -> str:
    """Full-width digits and signs as plain ones."""
    return unicodedata.normalize("NFKC", text).strip().strip("¥ ")


def whole_number(text: str) -> int | None:
    """A whole number as people type it; None when it is not one."""
    plain = _typed(text).replace(",", "")
    return int(plain) if plain.isdecimal() and len(plain) < 16 else None


def minor_units(text: str, *, currency: str) -> int | None:
    """An amount of the currency in minor units; None when it is not one, or finer than the currency."""
    plain = _typed(text).replace(",", "")
    if not _AMOUNT.fullmatch(plain):
        return None
    minor = Decimal(plain).scaleb(minor_digits(currency))
    return int(minor) if minor == int(minor) else None


def plain_amount(minor: int, *, currency: str) -> str:
    """An amount as it is typed: 168, 199.5."""
    return f"{to_decimal(minor, currency=currency).normalize():f}"


class _Field(QWidget):
    """One setting with its words above it."""

    changed = Signal()
    submitted = Signal()
    escaped = Signal()

    def __init__(self, option: Option[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.option = option
        self.setObjectName(f"{names.RULE_FIELD}_{option.key}")


class ChoiceField(_Field):
    """One of the option's choices."""

    def __init__(self, option: Option[str], parent: QWidget | None = None, *, label: str) -> None:
        super().__init__(option, parent)
        self._combo = Choice(self, label=label, name=f"{names.RULE_CHOICE}_{option.key}")
        self._combo.set_choices(
            [(key, rule_words.choice(option, key)) for key in option.choices], chosen=option.default
        )
        self._combo.currentIndexChanged.connect(lambda _place: self.changed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(label, self, bold=True, wrap=True))
        column.addWidget(self._combo)

    def show_value(self, value: Any) -> None:
        """Choose a value."""
        self._combo.set_key(value)

    def value(self) -> Any | None:
        """The chosen key."""
        return self._combo.key()

    def focus(self) -> None:
        """Put the keyboard here."""
        self._combo.setFocus(Qt.FocusReason.OtherFocusReason)


class TextField(_Field):
    """A line to type in, with its unit behind it and, below, what is wrong."""

    def __init__(
        self,
        option: Option[Any],
        parent: QWidget | None = None,
        *,
        label: str,
        unit: str,
        wrong: str,
        read: Callable[[str], Any | None],
        shown: Callable[[Any], str],
        wide: bool = False,
        bold: bool = False,
        hint: str = "",
    ) -> None:
        super().__init__(option, parent)
        self._read, self._shown = read, shown
        self._good: Any = option.default
        self._edit = LineEdit(self, label=label, name=f"{names.RULE_EDIT}_{option.key}")
        self._wrong = Text(wrong, self, tone="bad", size=theme.SMALL, wrap=True, name=f"{names.RULE_EDIT}_wrong")
        self._wrong.hide()
        self._hint = Text(hint, self, tone="third", size=theme.SMALL, wrap=True)
        self._edit.setAccessibleDescription(hint)
        if not wide:
            self._edit.setFixedWidth(theme.current().px(112))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._edit, int(wide))
        row.addWidget(Text(unit, self, tone="second"))
        if not wide:
            row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(label, self, tone="text" if bold else "second", bold=bold, wrap=True))
        column.addLayout(row)
        column.addWidget(self._wrong)
        column.addWidget(self._hint)
        self._edit.textChanged.connect(self._typed)
        self._edit.submitted.connect(lambda _text: self.submitted.emit())
        self._edit.escaped.connect(self.escaped)

    def _typed(self) -> None:
        value = self._parsed()
        if value is not None:
            self._good = value
        self._wrong.setVisible(value is None)
        self._hint.setVisible(value is not None and bool(self._hint.text()))
        self._edit.setProperty("bad", "true" if value is None else "false")
        self._edit.style().unpolish(self._edit)
        self._edit.style().polish(self._edit)
        self.changed.emit()

    def _parsed(self) -> Any | None:
        value = self._read(self._edit.text())
        return value if value is not None and self.option.takes(value) else None

    def show_value(self, value: Any) -> None:
        """Put a value into the line."""
        self._good = value
        self._edit.setText(self._shown(value))
        self._typed()

    def show_instead(self, value: Any) -> None:
        """What counts while the line is empty, in pale letters."""
        self._edit.setPlaceholderText(self._shown(value))

    def value(self) -> Any | None:
        """What is typed, in the option's unit; None while it does not fit. Hidden: the last one that fitted."""
        return self._good if self.isHidden() else self._parsed()

    def focus(self) -> None:
        """Put the keyboard here."""
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edit.selectAll()


Field = ChoiceField | TextField


def days_field(
    option: Option[int], parent: QWidget | None = None, *, label: str, bold: bool = False, hint: str = ""
) -> TextField:
    """Whole days."""
    wrong = (
        _("Write a whole number of days; 0 counts everything.")
        if option.low == 0
        else _("Write a whole number of days, 1 or more.")
    )
    return TextField(
        option,
        parent,
        label=label,
        unit=p_("unit", "days"),
        wrong=wrong,
        read=whole_number,
        shown=str,
        bold=bold,
        hint=hint,
    )


def times_field(option: Option[int], parent: QWidget | None = None, *, label: str) -> TextField:
    """Whole purchases."""
    wrong = _("Write a whole number of purchases, 1 or more.")
    return TextField(option, parent, label=label, unit=p_("unit", "times"), wrong=wrong, read=whole_number, shown=str)


def amount_field(option: Option[int], parent: QWidget | None = None, *, label: str, currency: str) -> TextField:
    """Money, in major units."""
    return TextField(
        option,
        parent,
        label=label,
        unit=currency,
        wrong=_("Write an amount in {currency}, like 199.").format(currency=currency),
        read=lambda text: minor_units(text, currency=currency),
        shown=lambda minor: plain_amount(minor, currency=currency),
    )


def cuts_field(
    option: Option[str], parent: QWidget | None = None, *, unit: str, example: str, currency: str = ""
) -> TextField:
    """Four rising cut points, money in major units; empty for five equal parts."""

    def one(text: str) -> int | None:
        return minor_units(text, currency=currency) if currency else whole_number(text)

    def read(text: str) -> str | None:
        parts = [part for part in _BETWEEN.split(_typed(text)) if part]
        found = [number for number in map(one, parts) if number is not None]
        if not parts:
            return ""
        if len(found) != len(parts) or len(found) != CUTS or any(low >= high for low, high in pairwise(found)):
            return None
        return ",".join(map(str, found))

    def shown(text: str) -> str:
        cuts = [int(part) for part in text.split(",") if part]
        return ", ".join(plain_amount(cut, currency=currency) if currency else str(cut) for cut in cuts)

    return TextField(
        option,
        parent,
        label=_("Cut points"),
        unit=unit,
        wrong=_("Write four rising numbers, like {example}, or nothing for five equal parts.").format(example=example),
        read=read,
        shown=shown,
        wide=True,
        hint=_("Each is the last value of its step, like {example}. Empty: five equal parts.").format(example=example),
    )
