"""The side panel (U1): the customer's card beside a chat, on top of other windows, without ever taking the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from shopcrm.act import desk
from shopcrm.act.desk import Hit
from shopcrm.act.recognise import Match
from shopcrm.base.i18n import _, n_
from shopcrm.base.options import PANEL_OPEN
from shopcrm.ui import actions, icons, names, place, theme, words
from shopcrm.ui.actions import Doing
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.edits import SearchBox
from shopcrm.ui.kit.text import Elided
from shopcrm.ui.parts.card import CustomerCard
from shopcrm.ui.parts.hit_list import Entry, HitList
from shopcrm.ui.parts.keys_overlay import KeysOverlay
from shopcrm.ui.parts.nobody import Nobody
from shopcrm.ui.parts.script_picker import SlashKey

NARROWEST, WIDEST = 340, 420
FIRST_HEIGHT: Final = 760
HITS: Final = 12
PLACE_KEY, FOLDED_KEY = "panel", "panel_folded"


class Panel(QWidget):
    """A window of its own. Whoever looks somebody up types into its box; what is copied elsewhere comes by itself."""

    closed = Signal()
    watch_wanted = Signal(bool)

    def __init__(self, ctx: Context) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self._ctx = ctx
        self._query, self._asked = "", ""
        self._entered = False  # Enter was pressed before it was known who fits
        self._folded = False
        self._height = 0  # before it was folded
        self.setObjectName(names.PANEL)
        self.setWindowTitle(_("Side panel – ShopCRM"))
        self.setWindowIcon(icons.window_icon())
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self._build()
        self._wire()
        look = theme.current()
        self.setMinimumWidth(look.px(NARROWEST))
        self.setMaximumWidth(look.px(WIDEST))
        self.show_watching(on=ctx.clipboard.watched)

    def _build(self) -> None:
        self.search = SearchBox(
            self, placeholder=_("Nick, phone tail, name, order"), label=_("Find a customer"),
            clear_label=_("Clear the search"), name=names.PANEL_SEARCH,
        )  # fmt: skip
        self._watch = Button(
            "",
            self,
            kind="view",
            icon="clipboard",
            name=names.PANEL_WATCH,
            label=_("Watch the clipboard"),
            size="medium",
        )
        self._fold = Button(
            "", self, kind="ghost", icon="chevron-up", name=names.PANEL_FOLD, label=_("Fold to a strip"), size="medium"
        )
        self._who = Elided("", self, bold=True, name="panel_who")
        self.hits = HitList(self, tall=True, label=_("Customers found"), name=names.PANEL_HITS)
        self.hits.set_most(4)
        self.card = CustomerCard(self._ctx, self)
        self._hint = EmptyState(
            self, icon="headset", title=_("Who is writing to you?"),
            text=_("Type a nick, the tail of a phone or an order number."), name="panel_hint",
        )  # fmt: skip
        self._stack = QStackedWidget(self)
        self._nobody = Nobody(self._ctx, self, show=self.show_customer)
        for page in (self._hint, self.card, self._nobody):
            self._stack.addWidget(page)
        self.box = self.card.timeline.box  # at the foot, always in sight
        self.note = self.box.edit
        self.note.setObjectName(names.PANEL_NOTE)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.search, 1)
        head.addWidget(self._who, 1)
        head.addWidget(self._watch)
        head.addWidget(self._fold)
        self._found = Card(self, padding=4)
        self._found.body.addWidget(self.hits)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._found)
        column.addWidget(self._stack, 1)
        column.addWidget(self.box)
        self._who.hide()
        self._found.hide()
        self.box.hide()

    def _wire(self) -> None:
        self.search.query_changed.connect(self._typed)
        self.search.moved.connect(self.hits.move_by)
        self.search.submitted.connect(lambda _text: self._accept())
        self.search.escaped.connect(self.search.clear)
        self.hits.moved.connect(self.show_customer)
        self.hits.chosen.connect(self._choose)
        self.card.shown.connect(self._shown)
        self.card.gone.connect(lambda _customer: self.show_customer(None))
        self.card.used.connect(self._ctx.served)
        self.note.escaped.connect(self.search.setFocus)
        self._watch.clicked.connect(lambda: self.watch_wanted.emit(self._watch.isChecked()))
        self._fold.clicked.connect(lambda: self.fold(on=not self._folded))
        actions.install(self, self.card.handlers(), page="desk", able=self.card.able())
        actions.install(self, {"search": self.search.select, "keys": self._show_keys})
        for key in ("undo", "redo", "panel", "theme", "larger", "smaller"):  # the window's own
            actions.install(self, {key: partial(self._ctx.commands.run, f"window/{key}")})
        slash = SlashKey(self, edit=self.search.edit, wanted=lambda: self.customer is not None)
        slash.pressed.connect(self.card.find_script)

    # For the owner

    @property
    def customer(self) -> int | None:
        """Whose card it shows."""
        return self.card.customer

    @property
    def folded(self) -> bool:
        """Whether it is only a strip."""
        return self._folded

    def show_customer(self, customer: int | None) -> None:
        """Show a customer's card (None: nobody's)."""
        self.card.show_customer(customer)
        self._stack.setCurrentWidget(self._hint if customer is None else self.card)
        self.box.setVisible(customer is not None and not self._folded)
        if customer is None:
            self._say(_("Side panel – ShopCRM"), "")

    def show_matches(self, matches: Sequence[Match]) -> None:
        """Somebody was copied elsewhere: her card, or a short list of those who share it. Nobody: all stays."""
        if not matches:
            return
        with_list = len(matches) > 1
        self._query = self._asked = ""
        self.search.edit.blockSignals(True)  # noqa: FBT003
        self.search.edit.setText(matches[0].value)
        self.search.edit.blockSignals(False)  # noqa: FBT003
        self._show_hits([Entry(one.id, one.name, second=_matched_by(one)) for one in matches])
        self._found.setVisible(with_list and not self._folded)
        if with_list:
            self._announce(n_("{n} customer fits", "{n} customers fit", len(matches)).format(n=len(matches)))
        self.hits.go_to(0)
        self.show_customer(matches[0].id)

    def show_watching(self, *, on: bool) -> None:
        """Say whether the clipboard is watched."""
        self._watch.setChecked(on)
        said = _("The clipboard is watched") if on else _("Watch the clipboard")
        self._watch.setAccessibleName(said)
        self._watch.setToolTip(said)
        self._say(self.windowTitle(), self._who.text())

    def fold(self, *, on: bool) -> None:
        """Become a strip that only says who it is, or the whole panel again."""
        if on == self._folded:
            return
        self._folded = on
        if on:
            self._height = self.height()
        self.search.setVisible(not on)
        self._who.setVisible(on)
        self._stack.setVisible(not on)
        self.box.setVisible(not on and self.customer is not None)
        self._found.setVisible(not on and len(self.hits.entries) > 1)
        self._fold.set_icon("chevron-down" if on else "chevron-up")
        said = _("Open the whole panel") if on else _("Fold to a strip")
        self._fold.setAccessibleName(said)
        self._fold.setToolTip(said)
        self.setMinimumHeight(0)
        self.setMaximumHeight(self.minimumSizeHint().height() if on else 16_777_215)
        self.resize(self.width(), self.maximumHeight() if on else max(self._height, self.sizeHint().height()))
        self._announce(_("Folded to a strip") if on else _("The whole panel"))

    def restore_place(self) -> None:
        """Stand where it stood last time, if that screen is still there; else at the right edge of the main one."""
        kept = self._ctx.seat.text(PLACE_KEY)
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        if kept and self.restoreGeometry(QByteArray.fromBase64(kept.encode())):
            self.setGeometry(place.reachable(self.geometry(), screens))
        else:
            room = QGuiApplication.primaryScreen().availableGeometry()
            look = theme.current()
            height = min(look.px(FIRST_HEIGHT), room.height() - place.SYSTEM_FRAME.height())
            self.resize(min(look.px(380), room.width()), height)
            self.move(room.right() - self.width() - 8, room.top() + (room.height() - height) // 2)
        if self._ctx.seat.text(FOLDED_KEY) == "yes":
            self.fold(on=True)

    def save_place(self) -> None:
        """Remember where it stands; folded, how high it was before."""
        self._ctx.seat.put(FOLDED_KEY, "yes" if self._folded else "no")
        if self._folded:
            self.fold(on=False)
        self._ctx.seat.put(PLACE_KEY, bytes(self.saveGeometry().toBase64().data()).decode())

    # Finding

    def _typed(self, text: str) -> None:
        self._query, self._entered = text.strip(), False
        if not self._query:
            self._asked = ""
            self._show_hits(())
            if self._stack.currentWidget() is self._nobody:
                self._stack.setCurrentWidget(self._hint)
            return
        query, shop = self._query, self._ctx.shop
        self._ctx.read(
            self,
            lambda tx: desk.find(tx, query, limit=HITS, columns=shop.columns_at_hand()),
            done=lambda hits: self._answered(query, hits),
            latest="find",
        )

    def _answered(self, query: str, hits: list[Hit]) -> None:
        if query != self._query:
            return
        self._asked = query
        self._show_hits([_entry(hit) for hit in hits])
        if hits:
            self.hits.go_to(0)
            self.show_customer(hits[0].id)
        else:
            self.show_customer(None)
            self._nobody.offer(query)
            self._stack.setCurrentWidget(self._nobody)
        if self._entered:
            self._accept()

    def _show_hits(self, entries: Sequence[Entry]) -> None:
        self.hits.show_entries(entries)
        self._found.setVisible(len(entries) > 1 and not self._folded)

    def _accept(self) -> None:
        self._entered = self._query != self._asked
        if self._entered:
            return  # the card that is seen is of an earlier letter
        if self._query and not self.hits.entries:
            self._nobody.begin()
        elif self.customer is not None:
            self._found.hide()
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, customer: int) -> None:
        self.show_customer(customer)
        self._found.hide()

    # The card

    def _shown(self, data: desk.Card) -> None:
        if data.name != self._who.text():
            self._announce(_("Card of {name}").format(name=data.name))
        self._say(_("{name} – ShopCRM").format(name=data.name), data.name)

    def _say(self, title: str, who: str) -> None:
        self.setWindowTitle(title)
        self._who.set_text(who)
        watching = _("the clipboard is watched") if self._watch.isChecked() else _("the clipboard is not watched")
        self.setAccessibleName(_("Side panel"))
        self.setAccessibleDescription(_(", ").join(part for part in (who, watching) if part))

    def _announce(self, said: str) -> None:
        """To screen readers, which do not see that another card is there."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _show_keys(self) -> None:
        if self.findChild(KeysOverlay) is None:
            KeysOverlay(self, listed={each.action for each in self.findChildren(Doing)})

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ctx.seat.set(PANEL_OPEN, 1)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_place()
        self._ctx.seat.set(PANEL_OPEN, 0)
        super().closeEvent(event)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.customer is not None:
            self._ctx.attend(self.customer)


def _matched_by(match: Match) -> str:
    return f"{words.match(match.kind)} {words.phone(match.value) if match.kind == 'phone' else match.value}"


def _entry(hit: Hit) -> Entry:
    second = words.phone(hit.value) if hit.matched == "phone" else hit.buyer or ""
    return Entry(hit.id, hit.name, right=f"…{hit.phone_tail}" if hit.phone_tail else "", second=second)
