"""Today: whom to write to, by their own cycle or birthday; one key each, and the next opens by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QWidget

from shopcrm.act import desk, reminders
from shopcrm.act.reminders import REASONS, DaySummary, DueItem, Outcome
from shopcrm.base import clock
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_, sentences
from shopcrm.collect import notes
from shopcrm.mine import cycles
from shopcrm.mine.cycles import ShopCycle
from shopcrm.ui import almanac, names, theme, words
from shopcrm.ui.almanac import LunarDay
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts.day_side import DaySide
from shopcrm.ui.parts.due_card import SNOOZE_DAYS
from shopcrm.ui.parts.due_list import DueList
from shopcrm.ui.parts.greeting import greeting, wish
from shopcrm.ui.parts.no_orders import no_orders
from shopcrm.ui.parts.saving import save_due

SIDE_WIDTH = 280
LISTED: Final = 300  # more come up as these are dealt with
_LIST, _DONE, _NOBODY, _NO_SHOP, _NOT_THIS = range(5)


@dataclass(frozen=True)
class _Day:
    items: tuple[DueItem, ...]
    summary: DaySummary
    shop: ShopCycle
    lunar: LunarDay
    customers: int


@dataclass(frozen=True)
class _Words:
    """What the open item's buttons copy."""

    greeting: str
    phone: str
    nick: str


class TodayPage(Page):
    """The work list of the day."""

    key = "today"
    title = N_("Today")
    icon = "calendar-check"
    demo_wanted = Signal()

    reads = Changes.CUSTOMERS | Changes.STATISTICS | Changes.REMINDERS | Changes.OPTIONS | Changes.NOTES

    # Making it

    def _build(self) -> None:
        self._words: _Words | None = None
        self._copy_when_here: Callable[[], None] | None = None  # the key was faster than the words
        self._wanted: int | None = None
        self._still = 0
        self._acted: list[tuple[int, int]] = []  # (change set, customer), for U
        # Dealt with here, not yet written: an answer that was under way must not bring them back.
        self._going: set[tuple[int, str, int]] = set()
        self._kind = ""  # the one reason that is shown; blank: all
        self._kinds: dict[str, int] = {}
        self.head = PageHead(_(self.title), self)
        self.head.state.set_text(_("worth most in front"))
        self._reasons = Button(_("All reasons"), self, icon="funnel", keys="F", name=names.TODAY_REASONS)
        self.head.buttons.addWidget(self._reasons)
        self._export = Button(_("Export the list"), self, icon="download", keys="Ctrl+E", name=names.TODAY_EXPORT)
        self.head.buttons.addWidget(self._export)
        self._list = DueList(last_words=self._last_words, parent=self)
        self._list.setAccessibleName(_("Due today"))
        self._stack = QStackedWidget(self)
        wide = theme.current().text_percent >= 150
        self._side = DaySide(self, wide=wide)
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._list)
        self._stack.addWidget(card)
        self._done_text = EmptyState(self, icon="sparkles", title=_("All done for today"), name="today_all_done")
        for state in (self._done_text, self._nobody(), self._no_shop(), self._not_this()):
            frame = Card(self, padding=0)
            frame.body.addWidget(state)
            self._stack.addWidget(frame)
        column = page_column(self)
        column.addWidget(self.head)
        if wide:
            column.addWidget(self._side)
            column.addWidget(self._stack, 1)
        else:
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(self._stack, 1)
            row.addWidget(self._side)
            self._side.setFixedWidth(theme.current().px(SIDE_WIDTH))
            column.addLayout(row, 1)

    def _nobody(self) -> QWidget:
        return EmptyState(
            self,
            icon="calendar-check",
            title=_("Nobody is due today"),
            text=_("Who comes near the end of her own cycle or has a birthday stands here, with the words to say."),
            name=names.TODAY_EMPTY,
        )

    def _not_this(self) -> QWidget:
        everything = Button(_("Show all reasons"), self, kind="primary", size="medium", name=names.TODAY_SHOW_ALL)
        everything.clicked.connect(lambda: self.show_kind(""))
        return EmptyState(
            self,
            icon="calendar-check",
            title=_("Nobody is left for this reason"),
            text=_("Others are still waiting today."),
            action=everything,
            name="today_not_this",
        )

    def _no_shop(self) -> QWidget:
        return no_orders(
            self.ctx,
            self,
            icon="calendar-check",
            title=_("Every morning: whom to write to, and why"),
            text=_("ShopCRM learns from the orders how often each customer buys. Import them first."),
            demo_wanted=self.demo_wanted,
        )

    def _wire(self) -> None:
        card = self._list.card
        self._export.clicked.connect(self.export)
        self._reasons.clicked.connect(self._choose_reason)
        self._list.opened_item.connect(self._read_words)
        self._list.doubleClicked.connect(lambda _index: self.open_card())
        self._list.entered.connect(self.open_card)
        card.done.connect(lambda: self.act("done"))
        card.skipped.connect(lambda: self.act("skipped"))
        card.snoozed.connect(self.snooze)
        card.copied.connect(self.copy_greeting)
        card.reached.connect(self.copy_reach)
        card.opened.connect(self.open_card)
        card.noted.connect(self._note)
        card.note.escaped.connect(self._list.setFocus)
        for keys, do in {
            "E": lambda: self.act("done"),
            "K": lambda: self.act("skipped"),
            "S": lambda: self.snooze(SNOOZE_DAYS[0]),
            "1": lambda: self.snooze(1),
            "3": lambda: self.snooze(3),
            "7": lambda: self.snooze(7),
            "C": self.copy_greeting,
            "P": self.copy_reach,
            "N": self._write_note,
            "W": self._explain,
            "?": self._explain,
            "U": self.undo,
            "F": self._choose_reason,
            "Ctrl+E": self.export,
        }.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(keys in ("E", "K"))
            shortcut.activated.connect(do)

    # Reading

    def refresh(self) -> None:
        """Ask for the list anew."""
        shop, kinds = self.ctx.shop, self._chosen()

        def question(tx: Any) -> _Day:
            columns = shop.columns()
            words.long_day(tx.as_of)  # loads the calendar's words here and not on the GUI thread
            return _Day(
                items=tuple(reminders.due_list(tx, columns, kinds=kinds, limit=LISTED)),
                summary=reminders.day_summary(tx, columns),
                shop=cycles.of_shop(tx, columns),
                lunar=almanac.lunar_day(tx.as_of),
                customers=len(columns),
            )

        self.ctx.read(self, question, done=self._show, latest="day")

    def _chosen(self) -> tuple[str, ...] | None:
        return (self._kind,) if self._kind else None

    def _show(self, day: _Day) -> None:
        items = [item for item in day.items if item.key not in self._going]
        current = self._list.current
        wanted = current.customer if current else None
        if any(item.customer == self._wanted for item in items):
            wanted, self._wanted = self._wanted, None
        self._still, self._kinds = day.summary.still, day.summary.kinds
        self._list.due.today = day.summary.day
        self._list.shop_cycle = day.shop
        unchanged = [self._list.due.item(row) for row in range(self._list.due.rowCount())] == items
        if not unchanged or current is None or wanted != current.customer:
            self._list.show_items(items, wanted=wanted, row=max(0, self._list.open_row))
        self._side.show_day(day.summary, day.lunar)
        self._export.setEnabled(bool(items))
        self._reasons.set_text(_(REASONS[self._kind]) if self._kind else _("All reasons"))
        self._reasons.setEnabled(bool(day.customers))
        self._show_state(day, left=len(items))

    def _show_state(self, day: _Day, *, left: int) -> None:
        if left:
            self._stack.setCurrentIndex(_LIST)
        elif not day.customers:
            self._stack.setCurrentIndex(_NO_SHOP)
        elif self._kind and day.summary.still:
            self._stack.setCurrentIndex(_NOT_THIS)
        elif day.summary.done or day.summary.snoozed or day.summary.skipped:
            tomorrow = day.summary.coming[0].customers if day.summary.coming else 0
            self._done_text.set_text(
                sentences(
                    n_("{n} reached today.", "{n} reached today.", day.summary.done).format(n=day.summary.done),
                    n_("Tomorrow {n} comes due.", "Tomorrow {n} come due.", tomorrow).format(n=tomorrow)
                    if tomorrow
                    else _("Nobody comes due tomorrow."),
                )
            )
            self._stack.setCurrentIndex(_DONE)
        else:
            self._stack.setCurrentIndex(_NOBODY)

    def _last_words(self, item: DueItem) -> str:
        return _("last {amount}").format(amount=self.ctx.money(item.last_net)) if item.last_day else ""

    def _read_words(self, item: DueItem | None) -> None:
        self._words = self._copy_when_here = None
        if item is None:
            return
        shop, customer = self.ctx.shop, item.customer
        today = clock.day_number(self.ctx.today)
        born = None if item.birthday is None else (item.due_on - self.ctx.today).days

        def question(tx: Any) -> _Words:
            card = desk.card(tx, shop.columns(), customer)
            phone = next((line.value for line in card.identities if line.kind == "phone"), "")
            nick = next((line.display for line in card.identities if line.kind in ("buyer_id", "nick")), "")
            out = {one.channel for one in card.contact.channels if one.state == "opted_out"}
            phone = "" if out >= {"sms", "phone"} else phone
            nick = "" if "platform" in out else nick
            return _Words(greeting(card, today=today) if born is None else wish(card.name, days=born), phone, nick)

        def answered(found: _Words) -> None:
            self._words = found
            self._list.card.show_greeting(
                found.greeting, reach="phone" if found.phone else "nick" if found.nick else ""
            )
            if self._copy_when_here is not None:
                self._copy_when_here()

        self.ctx.read(self, question, done=answered, latest="words")

    # One key each

    def act(self, outcome: Outcome, *, until_day: int | None = None) -> None:
        """Close or put off the open item; the next one opens at once, the shop hears of it meanwhile."""
        item = self._list.current
        if item is None:
            return
        key = item.key
        days = (until_day or 0) - clock.day_number(self.ctx.today)
        said = {
            "done": _("{name}: done"),
            "skipped": _("{name}: skipped"),
            "snoozed": n_("{name}: again in {n} day", "{name}: again in {n} days", days),
        }[outcome].format(name=item.name, n=days)
        self._going.add(key)
        self._list.take_current()

        def change(tx: Any) -> int:
            return reminders.act(
                tx, item.customer, reason=item.reason, anchor_day=item.anchor_day, outcome=outcome, until_day=until_day
            )

        def written(change_set: int) -> None:
            self._going.discard(key)
            self._acted.append((change_set, item.customer))

        def failed(error: BaseException) -> None:
            self._going.discard(key)
            self.ctx.messages.failure(error)
            self.refresh()

        self.ctx.write_undoable(self, change, said=said, done=written, failed=failed)

    def snooze(self, days: int) -> None:
        """Put the open item off; a birthday no further than to its day."""
        item, today = self._list.current, clock.day_number(self.ctx.today)
        if item is not None:
            self.act("snoozed", until_day=reminders.snoozed_until(item, today=today, days=days))

    def undo(self) -> None:
        """Take back the last thing done here."""
        if not self._acted:
            self.ctx.messages.toast(_("Nothing to undo here."), icon="info")
            return
        change_set, self._wanted = self._acted.pop()
        self.ctx.undo(change_set)

    def copy_greeting(self) -> None:
        """The greeting, exactly; without one the phone or nick."""
        if self._words is None:
            self._copy_when_here = self.copy_greeting
        elif self._words.greeting:
            self.ctx.copy(self._words.greeting, said=_("Greeting copied"))
        else:
            self.copy_reach()

    def copy_reach(self) -> None:
        """The phone, else the nick, exactly."""
        if self._words is None:
            self._copy_when_here = self.copy_reach
        elif self._words.phone:
            self.ctx.copy(self._words.phone, said=_("Phone copied"), private=True)
        elif self._words.nick:
            self.ctx.copy(self._words.nick, said=_("Nick copied"))

    def open_card(self) -> None:
        """The open item's card, at the desk."""
        if self._list.current is not None:
            self.ctx.open_customer(self._list.current.customer)

    def export(self) -> None:
        """Save the list as a sheet."""
        if self._list.current is not None:
            save_due(self.ctx, self, kinds=self._chosen())

    # One reason

    def _choose_reason(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{names.TODAY_REASONS}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for kind, text in {"": N_("All reasons"), **REASONS}.items():
            count = self._kinds.get(kind, 0) if kind else self._still
            action = menu.addAction(f"{_(text)}  {count:,}")
            action.setObjectName(f"{names.TODAY_REASONS}_{kind or 'all'}")
            action.setCheckable(True)
            action.setChecked(kind == self._kind)
            action.triggered.connect(lambda _checked=False, kind=kind: self.show_kind(kind))
            group.addAction(action)
        menu.popup(self._reasons.mapToGlobal(self._reasons.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def show_kind(self, kind: str) -> None:
        """Show only the items of one reason (`reminders.KINDS`), or all again."""
        self._kind = kind
        self.refresh()
        self._list.setFocus()

    def _write_note(self) -> None:
        if self._list.current is not None:
            self._list.card.write_note()

    def _explain(self) -> None:
        if self._list.current is not None:
            self._list.card.explain()

    def _note(self, text: str) -> None:
        item = self._list.current
        self._list.setFocus()
        if item is not None:
            customer, said = item.customer, _("Note on {name} saved").format(name=item.name)
            self.ctx.write_undoable(
                self,
                lambda tx: notes.add(tx, customer, text=text),
                said=said,
                done=lambda change_set: self._acted.append((change_set, customer)),
            )

    # The frame

    def badge(self) -> int:
        """How many are still to do."""
        return self._still

    def first_focus(self) -> QWidget | None:
        """The list; on an empty page the button that fills it."""
        return self._list if self._stack.currentIndex() == _LIST else button_of(self._stack)

    def remember(self) -> dict[str, object]:
        """Who is open, and what U takes back."""
        current = self._list.current
        open_one = current.customer if current else None
        return {"customer": open_one, "acted": list(self._acted), "kind": self._kind}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        self._wanted = state.get("customer")
        self._acted = list(state.get("acted", ()))
        self._kind = str(state.get("kind", ""))
