"""On the card: who she is (C5): gender, age, work, where from, addresses; each changed in place, with its history."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.act.fields import BY_KEY
from shopcrm.base.ages import AGE_BANDS
from shopcrm.base.i18n import _
from shopcrm.base.text import is_masked
from shopcrm.collect import history, people_data
from shopcrm.collect.history import Value as PastValue
from shopcrm.collect.people_data import GENDERS, Address
from shopcrm.ui import names
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button, copy_button
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.card_block import CardBlock
from shopcrm.ui.parts.in_place import Editing, InPlace

ADDRESSES_SHOWN: Final = 6
ADDRESS: Final = "address"
NEW: Final = "address_new"


class CardPerson(CardBlock):
    """Edits by itself; the card reads anew when the shop has changed. While a field is open nothing moves."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Person"), parent, name=names.CARD_PERSON)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._lines: dict[str, InPlace] = {}
        self._keyboard_to = ""
        self._awaited: frozenset[str] | None = None  # the lines there were when an address was added
        self._add = Button(
            "", self, kind="chip", icon="plus", size="small", label=_("Note something of the person"),
            name=f"{names.CARD_PERSON}_add",
        )  # fmt: skip
        self._add.setCheckable(False)
        self._add.clicked.connect(self._offer)
        self.add_button(self._add)

    # Shown

    def show_data(self, data: CustomerData) -> None:
        """Show a customer; another one closes the field that is open."""
        if self._data is None or self._data.id != data.id:
            self._keyboard_to, self._lines, self._awaited = "", {}, None
        elif any(line.is_open for line in self._lines.values()):
            self._data = data
            return
        self._data = data
        self._fill()

    def _fill(self, *, opened: str = "") -> None:
        """What is known, and the line that is being opened."""
        data = self._data
        if data is None:
            return
        held = next((key for key, line in self._lines.items() if line.has_keyboard()), "")
        wanted, self._keyboard_to = self._keyboard_to or held, ""
        at_add = self._add.hasFocus()
        if held:  # hidden with the keyboard, it would hand it on, and the card would scroll to whoever gets it
            self._lines[held].value.clearFocus()
        inner = self.refill()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self._lines = {}
        for row, what in enumerate(self._known(data, opened)):
            label = Text(what.label, inner, tone="second")
            label.setContentsMargins(0, 1, 0, 1)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._value(what, data, inner), row, 1)
        if not self._lines:
            grid.addWidget(Text(_("Nothing noted yet."), inner, tone="third"), 0, 0, 1, 2)
        fresh = next((key for key in self._lines if self._awaited is not None and key not in self._awaited), "")
        if fresh and not opened:
            self._awaited = None
            wanted = fresh if at_add else wanted
        if wanted in self._lines:
            self._lines[wanted].value.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif wanted and not opened:
            self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if opened in self._lines:
            self._lines[opened].open()

    def _value(self, what: Editing, data: CustomerData, parent: QWidget) -> QWidget:
        value = InPlace(self._ctx, what, parent, name=names.CARD_PERSON, whose=data.name)
        value.left.connect(self._left)
        self._lines[what.key] = value
        address = next((one for one in data.person.addresses if f"{ADDRESS}_{one.id}" == what.key), None)
        if address is None or is_masked(address.address):
            return value
        holder = QWidget(parent)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(value, 1)
        copy = copy_button(holder, name=f"{names.CARD_COPY}_{what.key}", label=_("Copy the address"))
        copy.clicked.connect(
            lambda: self._ctx.copy(address.address, said=_("Address copied"), private=True)
        )  # fmt: skip
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        return holder

    def _known(self, data: CustomerData, opened: str) -> Iterator[Editing]:
        for key in people_data.FIELDS:
            what = self._field(key, data)
            if what.shown or key == opened:
                yield what
        for address in data.person.addresses[:ADDRESSES_SHOWN]:
            yield self._address(address)
        if opened == NEW:
            one = data.id
            yield Editing(
                key=NEW, label=_("Address"), shown="", typed="", hint=_("Province, city, district, street"),
                save=lambda tx, text: people_data.add_address(tx, one, text=text),
            )  # fmt: skip

    def _field(self, key: str, data: CustomerData) -> Editing:
        one, stored = data.id, data.person.fields.get(key) or ""
        derived = key == "age_band" and data.person.age_is_derived
        band = data.person.age_band or ""
        shown = _age(band) if key == "age_band" else _shown(key, stored)
        return Editing(
            key=key,
            label=_(BY_KEY[key].label),
            shown=shown,
            typed=shown if key == "gender" else stored,
            save=partial(_save, one, key),
            forget=(lambda tx: people_data.put(tx, {one: {key: None}})) if stored else None,
            past=lambda tx: history.of_field(tx, one, key),
            said=partial(_said, key),
            choices=_choices(key),
            tooltip=_("Worked out from the year of birth, which stands over what is noted here.") if derived else "",
        )

    def _address(self, address: Address) -> Editing:
        number = address.id
        return Editing(
            key=f"{ADDRESS}_{number}",
            label=_("Address"),
            shown=address.address,
            typed=address.address,
            save=lambda tx, text: people_data.edit_address(tx, number, text=text),
            forget=lambda tx: people_data.remove_address(tx, number),
            past=lambda tx: history.of_address(tx, number),
        )

    # Changed

    def take_keyboard(self) -> None:
        """Open what can be noted; the last line of it is an address."""
        self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._offer()

    def _offer(self) -> None:
        """What is not known yet, and one more address."""
        data = self._data
        if data is None:
            return
        menu = QMenu(self)
        menu.setObjectName(f"{names.CARD_PERSON}_add_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        missing = [key for key in people_data.FIELDS if key not in self._lines]
        for key, label in (*((key, _(BY_KEY[key].label)) for key in missing), (NEW, _("Address"))):
            action = menu.addAction(label)
            action.setObjectName(f"{names.CARD_PERSON}_add_{key}")
            action.triggered.connect(lambda _checked=False, key=key: self.add(key))
        menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def add(self, key: str) -> None:
        """Open a field that is not known yet."""
        self._fill(opened=key)

    def _left(self, key: str) -> None:
        line = self._lines.get(key)
        self._keyboard_to = key if line is not None and line.has_keyboard() else ""
        self._awaited = frozenset(self._lines) - {NEW} if key == NEW else None
        self._fill()


def _save(customer: int, key: str, tx: Any, text: str) -> int:
    return people_data.put(tx, {customer: {key: people_data.understand(key, text)}})


def _shown(key: str, stored: str) -> str:
    return _(GENDERS[stored]) if key == "gender" and stored in GENDERS else stored


def _said(key: str, value: PastValue) -> str:
    return _age(str(value or "")) if key == "age_band" else _shown(key, str(value or ""))


def _age(band: str) -> str:
    return _("{band} years").format(band=band.replace("-", "–")) if band else ""


def _choices(key: str) -> tuple[tuple[str, str], ...]:
    if key == "gender":
        return tuple((gender, _(label)) for gender, label in GENDERS.items())
    return tuple((band, _age(band)) for band in AGE_BANDS) if key == "age_band" else ()
