"""In the head of the card: by what a customer is reached, copied by a click and edited in place (C5).

Who else has what is being typed is said while it is typed: her card can be opened (F3), or both are made one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from shopcrm.act.desk import SHARERS_READ, IdentityLine
from shopcrm.act.desk import Card as CustomerData
from shopcrm.base import platforms, region_words
from shopcrm.base.i18n import _, n_
from shopcrm.base.text import is_masked
from shopcrm.collect import history, person_identities, who_is_who
from shopcrm.collect.person_identities import KINDS, HeldByAnother, Sharer
from shopcrm.collect.typed import NO_PHONE, PLATFORM
from shopcrm.mine.duplicates import Evidence, Suggestion
from shopcrm.ui import names, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button, copy_button
from shopcrm.ui.kit.cards import Banner
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.text import Text, plain_tooltip
from shopcrm.ui.parts.in_place import Editing, InPlace

SHOWN: Final = 8
_LONGEST_NAME: Final = 12  # letters of somebody else's name on a button
NEW: Final = "new"
_ACCOUNTS: Final = ("buyer_id", "nick")
_EVIDENCE: Final = ("phone", "email")  # that have words of their own


class CardIdentities(QWidget):
    """Edits by itself; the card reads anew when the shop has changed. While a field is open nothing moves."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._lines: dict[str, InPlace] = {}
        self._keyboard_to = ""
        self._held: HeldByAnother | None = None
        self._flow = FlowLayout(gap=14, line_gap=2)
        self._add = Button(
            "", self, kind="ghost", icon="plus", size="tiny", label=_("Add a phone, WeChat, e-mail or account"),
            name=f"{names.CARD_IDENTITY}_add",
        )  # fmt: skip
        self._add.clicked.connect(self._offer)
        self._banner = Banner("", self, tone="warn", icon="users")
        self._build_banner()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._flow)
        column.addWidget(self._banner)
        self._banner.hide()

    def _build_banner(self) -> None:
        answers = FlowLayout(gap=6, line_gap=4)
        holder = QWidget(self._banner)
        holder.setLayout(answers)
        self._open = Button(_("Open her card"), holder, keys="F3", name=f"{names.CARD_HELD}_open")
        self._one = Button(_("They are one person"), holder, name=f"{names.CARD_HELD}_one")
        self._compare = Button(_("Compare them"), holder, name=f"{names.CARD_HELD}_compare")
        self._both = Button(_("Both have it"), holder, name=f"{names.CARD_HELD}_both")
        self._open.clicked.connect(self._open_holder)
        self._one.clicked.connect(self._make_one)
        self._compare.clicked.connect(self._compare_them)
        self._both.clicked.connect(self._share)
        for button in (self._open, self._compare, self._one, self._both):
            answers.addWidget(button)
        self._banner.words.addWidget(holder)

    # Shown

    def show_data(self, data: CustomerData) -> None:
        """Show a customer; another one closes the field that is open."""
        if self._data is None or self._data.id != data.id:
            self._keyboard_to = ""
            self._say_held(None)
            self._lines = {}
        elif any(line.is_open for line in self._lines.values()):
            self._data = data
            return
        self._data = data
        self._fill()

    def _fill(self, *, new: tuple[str, str] | None = None) -> None:
        data = self._data
        if data is None:
            return
        wanted = self._keyboard_to or next((key for key, line in self._lines.items() if line.has_keyboard()), "")
        had_add = self._add.hasFocus()
        self._keyboard_to = ""
        self._flow.removeWidget(self._add)
        self._flow.clear()
        self._lines = {}
        for line in shown_of(data):
            self._flow.addWidget(self._identity(line))
        if new is not None:
            self._flow.addWidget(self._new(*new))
        self._flow.addWidget(self._add)
        where = words.place(data.province, data.city)
        if where:
            place = " ".join(filter(None, (where, region_words.shown(data.person.district or ""))))
            self._flow.addWidget(Text(place, self, tone="second", name="card_place"))
        self._flow.invalidate()
        self.updateGeometry()
        if wanted in self._lines:
            self._lines[wanted].value.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif wanted or had_add:
            self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _identity(self, line: IdentityLine) -> QWidget:
        number = line.id
        phone = line.kind == "phone"
        shown = words.phone(line.value) if phone else line.display or line.value
        what = Editing(
            key=str(number),
            label=words.identity(line.kind),
            shown=shown,
            typed=line.value if phone else line.display or line.value,
            save=lambda tx, text: person_identities.edit_identity(tx, number, text=text),
            forget=lambda tx: person_identities.remove_identity(tx, number),
            past=lambda tx: history.of_identity(tx, number),
            tone="warn" if line.kind == NO_PHONE else "text",
            tooltip=_("This is not a phone number. It is kept as it was typed.") if line.kind == NO_PHONE else "",
        )
        value = self._in_place(what, kind=line.kind, platform=line.platform)
        kind = words.platform(line.platform) if line.kind in _ACCOUNTS and line.platform else ""
        holder = _beside(self, kind or words.identity(line.kind), value)
        if line.kind == NO_PHONE:
            holder.row.addWidget(Badge(_("not a number"), holder, tone="warn"))
        elif not is_masked(shown):
            label = _("Copy {what}").format(what=words.identity(line.kind))
            button = copy_button(holder, name=f"{names.CARD_COPY}_{line.kind}_{len(self._lines) - 1}", label=label)
            button.clicked.connect(lambda: copy_identity(self._ctx, line))
            holder.row.addWidget(button)
        sharers = () if self._data is None else self._data.sharers.get((line.kind, line.value), ())
        if sharers:
            holder.row.addWidget(self._shared_with(line, sharers, holder))
        return holder

    def _shared_with(self, line: IdentityLine, sharers: Sequence[Sharer], parent: QWidget) -> Button:
        """Says who else has it; she is opened by it, or where they are several, one of them."""
        names_ = [other.name for other in sharers]
        count, most = len(names_), len(names_) >= SHARERS_READ
        told = _("Shared with {name}") if count == 1 else n_("Shared with {n} other", "Shared with {n} others", count)
        shown = names_[0] if len(names_[0]) <= _LONGEST_NAME else f"{names_[0][: _LONGEST_NAME - 1]}…"
        told = told.format(name=shown, n=f"{count}+" if most else count)
        everybody = _(", ").join(names_)
        label = _("{what} shared with {names}: open the card").format(what=words.identity(line.kind), names=everybody)
        button = Button(told, parent, kind="ghost", icon="users", size="tiny", label=label,
                        name=f"{names.CARD_SHARED}_{line.id}")  # fmt: skip
        button.setToolTip(plain_tooltip(label))
        button.clicked.connect(lambda: self._open_sharer(sharers, button))
        return button

    def _open_sharer(self, sharers: Sequence[Sharer], anchor: QWidget) -> None:
        if len(sharers) == 1:
            self._ctx.open_customer(sharers[0].id)
            return
        menu = QMenu(self)
        menu.setObjectName(f"{names.CARD_SHARED}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for other in sharers:
            action = menu.addAction(other.name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, one=other.id: self._ctx.open_customer(one))
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _new(self, kind: str, platform: str) -> QWidget:
        what = Editing(
            key=NEW, label=words.identity(kind), shown="", typed="",
            save=lambda tx, text: person_identities.add_identity(tx, self._id, kind=kind, text=text, platform=platform),
        )  # fmt: skip
        value = self._in_place(what, kind=kind, platform=platform)
        label = words.platform(platform) if kind in _ACCOUNTS else words.identity(kind)
        return _beside(self, label, value)

    def _in_place(self, what: Editing, *, kind: str, platform: str) -> InPlace:
        name = self._data.name if self._data is not None else ""
        value = InPlace(self._ctx, what, self, name=names.CARD_IDENTITY, in_line=True, whose=name)
        value.left.connect(self._left)
        value.refused.connect(self._refused)
        value.typed.connect(partial(self._look, kind, platform))
        value.value.opened.connect(lambda: self._watch(value))
        self._lines[what.key] = value
        return value

    @property
    def _id(self) -> int:
        return self._data.id if self._data is not None else 0

    # Changed

    def take_keyboard(self) -> None:
        """Go to the first that can be edited, a phone before others; without one offer to add it."""
        data = self._data
        if data is None:
            return
        phones = [str(line.id) for line in shown_of(data) if line.kind == "phone"]
        first = next((key for key in (*phones, *self._lines) if key in self._lines), "")
        if first:
            self._lines[first].value.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._offer()

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{names.CARD_IDENTITY}_add_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in KINDS[:3]:
            action = menu.addAction(words.identity(kind))
            action.setObjectName(f"{names.CARD_IDENTITY}_add_{kind}")
            action.triggered.connect(lambda _checked=False, kind=kind: self.add(kind))
        menu.addSeparator()
        for key in platforms.NAMES:
            if key not in (PLATFORM, "table"):
                action = menu.addAction(_("Account: {platform}").format(platform=platforms.name(key)))
                action.triggered.connect(lambda _checked=False, key=key: self.add("buyer_id", platform=key))
        one = self._id
        self._ctx.read(self, lambda tx: history.removed_identities(tx, one), done=partial(self._offer_removed, menu))
        menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _offer_removed(self, menu: QMenu, removed: tuple[history.Past, ...]) -> None:
        """What was taken away can be put back from here too."""
        if not removed or not menu.isVisible():
            return
        menu.addSeparator()
        for past in removed[:5]:
            old = str(past.before)
            told = _("Put back: {value}").format(value=old).replace("&", "&&")
            action = menu.addAction(told)
            action.triggered.connect(partial(self._put_back, past.kind, old))

    def add(self, kind: str, *, platform: str = PLATFORM) -> None:
        """Open an empty field for one more."""
        self._fill(new=(kind, platform))
        line = self._lines[NEW]
        line.open()
        self._watch(line)

    def _watch(self, line: InPlace) -> None:
        """F3 in its field is for the banner."""
        if line.field is not None:
            line.field.installEventFilter(self)

    def _put_back(self, kind: str, text: str, _checked: object = None) -> None:
        one = self._id
        self._ctx.write_undoable(
            self,
            lambda tx: person_identities.add_identity(tx, one, kind=kind, text=text),
            said=_("{label} of {name} saved").format(
                label=words.identity(kind), name=self._data.name if self._data else ""
            ),
        )

    def _left(self, key: str) -> None:
        self._say_held(None)
        line = self._lines.get(key)
        self._keyboard_to = key if line is not None and line.has_keyboard() else ""
        self._fill()

    # Who has it already

    def _look(self, kind: str, platform: str, text: str) -> None:
        one = self._id
        of = platform if kind in _ACCOUNTS else PLATFORM
        self._ctx.read(
            self,
            lambda tx: person_identities.seen(tx, one, kind=kind, text=text, platform=of),
            done=self._say_held,
            latest="held",
        )

    def _refused(self, error: object) -> None:
        if isinstance(error, HeldByAnother):
            self._say_held(error)

    def _say_held(self, held: HeldByAnother | None) -> None:
        if held is not None and not any(line.is_open for line in self._lines.values()):
            held = None  # the answer came after the field was closed
        self._held = held
        self._banner.setVisible(held is not None)
        if held is not None:
            told = _("This is {name}’s {what}.").format(name=held.name, what=words.identity(held.kind))
            self._banner.text.setText(told)
            self._both.setVisible(held.kind != "buyer_id")
        self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
            and event.key() == Qt.Key.Key_F3
            and self._held is not None
        ):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._open_holder()
            return True
        return super().eventFilter(watched, event)

    def _open_line(self) -> InPlace | None:
        return next((line for line in self._lines.values() if line.is_open), None)

    def _open_holder(self) -> None:
        held, line = self._held, self._open_line()
        if held is None:
            return
        if line is not None:
            line.close_field(keyboard=False)
        self._ctx.open_customer(held.customer)

    def _compare_them(self) -> None:
        """Side by side, field by field; whose card is open would stay."""
        held, line, data = self._held, self._open_line(), self._data
        if held is None or data is None:
            return
        value = line.field.text() if line is not None and line.field is not None else ""
        shared = (Evidence(held.kind, value),) if held.kind in _EVIDENCE else ()
        if line is not None:
            line.close_field(keyboard=False)
        self._ctx.go_to("who", Suggestion(data.id, held.customer, 0, shared))

    def _make_one(self) -> None:
        """The one whose card is open stays."""
        held, line, data = self._held, self._open_line(), self._data
        if held is None or data is None:
            return
        value = line.field.text() if line is not None and line.field is not None else ""
        evidence = [{"kind": held.kind, "value": value}] if held.kind in _EVIDENCE else who_is_who.BY_HAND
        if line is not None:
            line.close_field(keyboard=True)
        keep, gone = data.id, held.customer
        self._ctx.write_undoable(
            self,
            lambda tx: who_is_who.merge_customers(tx, keep=keep, gone=gone, evidence=evidence),
            said=_("{first} and {second} are one now").format(first=data.name, second=held.name),
        )

    def _share(self) -> None:
        line = self._open_line()
        if line is None or line.field is None:
            return
        text, key, one = line.field.text(), line.what.key, self._id
        kind = self._held.kind if self._held is not None else "phone"

        def change(tx: Any) -> int:
            if key == NEW:
                return person_identities.add_identity(tx, one, kind=kind, text=text, shared=True)
            return person_identities.edit_identity(tx, int(key), text=text, shared=True)

        name = self._data.name if self._data is not None else ""
        self._ctx.write_undoable(
            self,
            change,
            said=_("{label} of {name} saved").format(label=line.what.label, name=name),
            done=lambda _set: line.close_field(keyboard=True),
        )


class _Beside(QWidget):
    """What kind, and the value."""

    row: QHBoxLayout


def _beside(parent: QWidget, label: str, value: QWidget) -> _Beside:
    holder = _Beside(parent)
    holder.row = QHBoxLayout(holder)
    holder.row.setContentsMargins(0, 0, 0, 0)
    holder.row.setSpacing(2)
    holder.row.addWidget(Text(label, holder, tone="second"))
    holder.row.addWidget(value)
    return holder


def shown_of(data: CustomerData) -> list[IdentityLine]:
    """The identities that the head shows: the same phone on two marketplaces is one phone."""
    shown = [line for line in data.identities if line.kind != "alipay" or len(data.identities) < 4]
    first = {line.value if line.kind == "phone" else line: line for line in reversed(shown)}
    return list(first.values())[::-1][:SHOWN]


def copy_identity(ctx: Context, line: IdentityLine) -> None:
    """Copy an identity exactly: a phone as its number, a name as it was written."""
    phone = line.kind == "phone"
    said = _("{what} copied").format(what=words.identity(line.kind))
    ctx.copy(line.value if phone else line.display or line.value, said=said, private=phone)
