"""A customer typed in by hand (C5): who is there already is shown while one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act import desk
from shopcrm.base import phone, platforms
from shopcrm.base.i18n import _
from shopcrm.collect import manual
from shopcrm.collect.manual import Invalid, Known, Person, Written
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.dialogs.form import Form
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner
from shopcrm.ui.kit.choice import Choice

_NO_ACCOUNTS: Final = ("manual", "table")
SHORTEST_PHONE: Final = 11  # digits; before, somebody is still typing


class CustomerForm(Form):
    """Saves, says so with Undo, and opens the card."""

    prefix: ClassVar[str] = names.PERSON

    def __init__(
        self,
        ctx: Context,
        parent: QWidget,
        *,
        show: Callable[[int], None] | None = None,
        known: Person | None = None,
    ) -> None:
        """`known`: what is filled in already. `show` opens a card; else it is the desk's."""
        self._show_card, self._filled = show or ctx.open_customer, known
        window = parent.window()
        super().__init__(ctx, parent, title=_("New customer"), again=lambda: CustomerForm(ctx, window, show=show))

    def _build(self) -> None:
        self._name = self.edit("name", _("Name"))
        self._phone = self.edit("phone", _("Phone"))
        self._wechat = self.edit("wechat", _("WeChat"))
        self._email = self.edit("email", _("E-mail"))
        self._platform = Choice(self, label=_("Marketplace"), name=f"{self.prefix}_platform")
        self._platform.set_choices(
            [(key, platforms.name(key)) for key in platforms.NAMES if key not in _NO_ACCOUNTS], chosen="taobao"
        )
        self._platform.setFixedWidth(theme.current().px(120))
        self._account = self.edit("account", _("Account on a marketplace"))
        self._note = self.edit("note", _("Note"))
        self.add_field("name", _("Name"), self._name)
        self.add_field("phone", _("Phone"), self._phone)
        self.add_field("wechat", _("WeChat"), self._wechat)
        self.add_field("email", _("E-mail"), self._email)
        self.add_field("account", _("Account on a marketplace"), self._account, beside=self._platform)
        self.know("platform", self._platform)
        self.add_field("note", _("Note"), self._note)
        self._known = QWidget(self)
        self._known_column = QVBoxLayout(self._known)
        self._known_column.setContentsMargins(0, 0, 0, 0)
        self._known_column.setSpacing(6)
        self._known.hide()
        self.rows.addWidget(self._known)
        self._first_known: int | None = None
        for edit in (self._name, self._phone, self._wechat, self._email, self._account):
            edit.textChanged.connect(lambda _text: self._look())
        QShortcut(QKeySequence("F3"), self).activated.connect(self._open_known)
        self._platform.picked.connect(lambda _key: self._look())
        if self._filled is not None:
            self._fill(self._filled)
        next((edit for edit in (self._name, self._phone) if not edit.text()), self._name).setFocus()

    def _fill(self, known: Person) -> None:
        edits = (self._name, self._phone, self._wechat, self._email, self._account)
        for edit, text in zip(edits, (known.name, known.phone, known.wechat, known.email, known.account), strict=True):
            edit.setText(text)
        self._platform.set_key(known.platform)

    def _person(self) -> Person:
        return Person(
            name=self._name.text(),
            phone=self._phone.text(),
            wechat=self._wechat.text(),
            email=self._email.text(),
            account=self._account.text(),
            platform=self._platform.key(),
            note=self._note.text(),
        )

    def _look(self) -> None:
        person = self._person()
        self._flag_phone(person.phone)
        self._ctx.read(self, lambda tx: _known(tx, person), done=self._show_known, latest="known")

    def _flag_phone(self, text: str) -> None:
        """A phone that is none is kept as it is typed, once there are enough digits for one, or none at all."""
        digits = sum(letter.isdigit() for letter in text)
        finished = digits >= SHORTEST_PHONE or (bool(text.strip()) and not digits)
        error = self.error_label("phone")
        error.setText(_("This is no phone number. It is kept as it is typed."))
        error.setVisible(finished and phone.normalise(text) is None)
        QTimer.singleShot(0, self, self.fit)

    def _open_known(self) -> None:
        if self._first_known is not None:
            self._open(self._first_known)

    def _show_known(self, found: Sequence[Known]) -> None:
        self._first_known = found[0].customer if found else None
        while (item := self._known_column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, one in enumerate(found):
            told = _("{name} has this already: {what} {value}").format(
                name=one.name, what=words.match(one.kind), value=one.value
            )
            banner = Banner(told, self._known, tone="warn", icon="users")
            button = Button(
                _("Open the card"), banner, keys="" if place else "F3", name=f"{names.PERSON_KNOWN}_{one.customer}"
            )
            button.clicked.connect(lambda _checked=False, customer=one.customer: self._open(customer))
            row = QHBoxLayout()
            row.addWidget(button)
            banner.body.addLayout(row)
            self._known_column.addWidget(banner)
        self._known.setVisible(bool(found))
        self.save_button.set_text(_("Save all the same") if found else _("Save"))
        QTimer.singleShot(0, self, self.fit)

    def _open(self, customer: int) -> None:
        self.reject()  # what was typed besides is kept
        self._show_card(customer)

    def save(self) -> None:
        """Write the customer."""
        person = self._person()
        self.clear_errors()
        self.set_busy(busy=True)
        self._ctx.write(self, lambda tx: manual.add_customer(tx, person), done=self._written, failed=self._failed)

    def _written(self, written: Written) -> None:
        ctx = self._ctx
        ctx.messages.toast(_("Customer saved"), undo=lambda: ctx.undo(written.change_set))
        self.accept()
        self._show_card(written.id)

    def _failed(self, error: BaseException) -> None:
        self.set_busy(busy=False)
        if isinstance(error, Invalid):
            self.show_error(error.field, error.message)
        else:
            self._ctx.messages.failure(error)


def _known(tx: Any, person: Person) -> tuple[Known, ...]:
    """Who has one of the identities; else who is called so."""
    found = {one.customer: one for one in manual.known(tx, person)}
    for hit in desk.namesakes(tx, person.name):
        found.setdefault(hit.id, Known(hit.id, hit.name, hit.matched, hit.value))
    return tuple(found.values())


def ask(
    ctx: Context, parent: QWidget, *, known: Person | None = None, show: Callable[[int], None] | None = None
) -> CustomerForm:
    """Open the form, with what is known filled in."""
    form = CustomerForm(ctx, parent, known=known, show=show)
    form.open()
    return form
