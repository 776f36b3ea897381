"""The desk (U1): a chat is open, somebody is waiting. What is typed into the search box is a card at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from shopcrm.act import desk, finding, reminders
from shopcrm.act.finding import Hit
from shopcrm.act.reminders import DueItem
from shopcrm.base import clock
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_
from shopcrm.ui import actions, names, palette, theme, words
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, EmptyState, Line
from shopcrm.ui.kit.text import Elided, Text
from shopcrm.ui.pages.page import Page
from shopcrm.ui.palette import Command
from shopcrm.ui.parts import due_words, hit_words, served
from shopcrm.ui.parts.card import CustomerCard
from shopcrm.ui.parts.hit_list import Entry, HitList
from shopcrm.ui.parts.nobody import Nobody
from shopcrm.ui.parts.palette_panel import line
from shopcrm.ui.parts.script_picker import SlashKey
from shopcrm.ui.parts.served import Served

LIST_WIDTH = 228
SERVED_AFTER_MS = 6_000  # a card looked at for so long was a customer served
DUE_MOST = 8
FEWEST_HITS, HIT_HEIGHT = 7, 54
AT_ONCE = 50  # who fit; more when the last of them comes into sight


class DeskPage(Page):
    """Results at the left, the card beside them."""

    key: ClassVar[str] = "desk"
    title: ClassVar[str] = N_("Desk")
    icon: ClassVar[str] = "headset"
    reads: ClassVar[Changes] = (
        Changes.CUSTOMERS | Changes.ORDERS | Changes.STATISTICS | Changes.TAGS | Changes.NOTES | Changes.REMINDERS
    )

    demo_wanted = Signal()

    def _build(self) -> None:
        self.setObjectName(names.DESK)
        self._query, self._asked = "", ""
        self._all_shown, self._entered = True, False  # of those who fit; Enter was pressed before they were known
        self._offered: list[Command] = []  # in the list of commands
        self._lines: dict[str, Sequence[palette.Line]] = {}  # by section
        self._due: tuple[DueItem, ...] = ()
        self._active: HitList | None = None  # the list that the cursor of the search box is in
        self.served = Served(self.ctx, self)
        self.results = HitList(self, tall=True, label=_("Customers found"), name=names.DESK_RESULTS)
        self._sections = [
            (section, Text(_(section.title), self, tone="second"), HitList(
                self, tall=False, label=_(section.title), name=f"{names.DESK_FOUND}_{section.key}"
            ))
            for section in palette.SECTIONS
        ]  # fmt: skip
        self.commands = HitList(self, tall=False, label=_("Commands"), name=names.DESK_COMMANDS)
        self.recent = HitList(self, tall=False, label=_("Served today"), name=names.DESK_RECENT)
        self.due = HitList(self, tall=False, label=_("Due today"), name=names.DESK_DUE)
        self.card = CustomerCard(self.ctx, self)
        if theme.current().text_percent < 150:  # large text needs the height
            self.card.pin_note()
        self._count = Elided("", self, tone="second", name="desk_count")
        self._commands_title = Text(_("Commands"), self, tone="second")
        self._served_title = Text(_("Served today"), self, tone="second")
        self._due_title = Text(_("Due today"), self, tone="second")
        self._line = Line(self)
        self._timer = QTimer(self, singleShot=True, interval=SERVED_AFTER_MS)
        self._left = Card(self, padding=8, gap=4)
        self._left.body.setContentsMargins(8, 12, 8, 8)
        titles = [title for _section, title, _found in self._sections]
        for label in (self._count, self._commands_title, self._served_title, self._due_title, *titles):
            label.setContentsMargins(8, 0, 8, 4)
        for widget in (
            self._count,
            self.results,
            *(part for _section, title, found in self._sections for part in (title, found)),
            self._line,
            self._served_title,
            self.recent,
            self._due_title,
            self.due,
            self._commands_title,
            self.commands,
        ):
            self._left.body.addWidget(widget)
        self._left.body.addStretch(1)
        self._stack = QStackedWidget(self)
        self._build_empty()
        for page in (self._hint, self.card, self._empty, self._nobody):
            self._stack.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self._left)
        row.addWidget(self._stack, 1)

    def _build_empty(self) -> None:
        self._import = Button(
            _("Import an order file"), self, kind="primary", icon="upload", size="large", name=names.DESK_IMPORT
        )
        self._demo = Button(_("Try the demo shop"), self, size="large", name=names.DESK_DEMO)
        self._demo.setVisible(not self.ctx.shop.info.is_demo)
        self._empty = EmptyState(
            self,
            icon="users",
            title=_("No customers yet"),
            text=_("Drop an order file from your shop anywhere on this window. Who bought what will stand here."),
            action=self._import,
            second=self._demo,
            name=names.DESK_EMPTY,
        )
        self._hint = EmptyState(
            self,
            icon="headset",
            title=_("Who is writing to you?"),
            text=_(
                "Type a nick, the tail of a phone, a name or its initials, an order number: the card is here at once."
            ),
            name="desk_hint",
        )

        self._nobody = Nobody(self.ctx, self)

    def _wire(self) -> None:
        self.results.moved.connect(self.card.show_customer)
        self.results.near_end.connect(self._ask_more)
        self.results.chosen.connect(self.open_customer)
        self.recent.chosen.connect(self.open_customer)
        self.due.chosen.connect(self.open_customer)
        self.commands.chosen.connect(self._run)
        for section, _title, found in self._sections:
            found.chosen.connect(partial(self._choose, section))
        self.card.shown.connect(self._card_shown)
        self.card.used.connect(self.served.add)
        self.card.gone.connect(self._card_gone)
        self.ctx.served.connect(self.served.add)
        self._timer.timeout.connect(self._looked_at)
        self._import.clicked.connect(lambda: self.ctx.go_to("data", []))
        self._demo.clicked.connect(self.demo_wanted)
        SlashKey(self, wanted=lambda: self.card.customer is not None).pressed.connect(self.card.find_script)
        actions.install(self, self.card.handlers(), page="desk", able=self.card.able())
        self.served.changed.connect(self._show_lists)

    # The search box

    def search(self, text: str) -> None:
        """What is in the search box has changed."""
        self._query = text.strip()
        self._active, self._entered = None, False
        self._offer(self.ctx.commands.beside(self._query) if self._query else ())
        if not self._query:
            self.results.show_entries(())
            for _section, _title, found in self._sections:
                found.show_entries(())
            self._asked = ""
            if self._stack.currentWidget() is self._nobody:
                self._stack.setCurrentWidget(self._hint)
            self._show_lists()
            return
        self._ask()
        for section, _title, found in self._sections:
            self._ask_section(section, found)

    def offer(self) -> None:
        """Nothing is typed yet: list what can be done."""
        self._offer(self.ctx.commands.useful())
        self._show_lists()

    def put_away(self) -> None:
        """The search box was left: what could be done is no longer asked for, unless the list was taken up."""
        if not self._query and self._offered and not self.commands.hasFocus():
            self._offer(())
            self._show_lists()

    def _offer(self, commands: Sequence[Command]) -> None:
        self._offered = list(commands)
        self.commands.show_entries([line(each, place) for place, each in enumerate(self._offered)])

    def _ask_section(self, section: palette.Section, found: HitList) -> None:
        text = self._query

        def answered(lines: Sequence[palette.Line]) -> None:
            if text != self._query:
                return  # the box was emptied meanwhile
            self._lines[section.key] = lines
            found.show_entries(
                [Entry(n, each.name, each.right, each.second, each.icon) for n, each in enumerate(lines)]
            )
            self._show_lists()

        self.ctx.read(self, lambda tx: section.find(tx, text), done=answered, latest=f"find_{section.key}")

    def _ask(self) -> None:
        text, shop = self._query, self.ctx.shop
        # What changes in the shop shows at once; so many as are listed are asked for again.
        limit = max(AT_ONCE, len(self.results.entries)) if text == self._asked else AT_ONCE
        self.ctx.read(
            self,
            lambda tx: finding.find(tx, text, limit=limit, columns=shop.columns_at_hand()),
            done=lambda hits: self._found(text, hits, asked=limit),
            latest="find",
        )

    def _ask_more(self) -> None:
        """The last of those who are listed comes into sight: fifty more."""
        text, shop = self._asked, self.ctx.shop
        if self._all_shown or text != self._query:
            return
        self._all_shown = True  # until the answer is there, nobody asks again
        had = {entry.customer for entry in self.results.entries}
        self.ctx.read(
            self,
            lambda tx: finding.find(tx, text, limit=AT_ONCE, columns=shop.columns_at_hand(), had=had),
            done=lambda hits: self._found_more(text, had, hits),
            latest="find_more",
        )

    def _found_more(self, text: str, had: set[int], hits: list[Hit]) -> None:
        if text != self._query or had != {entry.customer for entry in self.results.entries}:
            return  # something else is listed meanwhile
        self._all_shown = len(hits) < AT_ONCE
        today = clock.day_number(self.ctx.today)
        self.results.add_entries([hit_words.entry(hit, today=today) for hit in hits])
        self._say_count()

    def _say_count(self) -> None:
        n, text = len(self.results.entries), self._query
        if self._all_shown:
            self._count.set_text(n_("{n} fits “{text}”", "{n} fit “{text}”", n).format(n=n, text=text))
        else:
            self._count.set_text(_("More than {n} fit “{text}”").format(n=n, text=text))

    def _found(self, text: str, hits: list[Hit], *, asked: int) -> None:
        if text != self._query:
            return  # the box was emptied meanwhile
        again = text == self._asked
        before = self.results.current
        self._asked, self._all_shown = text, len(hits) < asked
        today = clock.day_number(self.ctx.today)
        self.results.show_entries([hit_words.entry(hit, today=today) for hit in hits])
        self._say_count()
        if again and before is not None:
            self.results.select_customer(before)
        elif hits:
            self.results.go_to(0)
            self._show_card(hits[0].id)
        elif self._stack.currentWidget() is not self._empty:
            # Somebody else's card beside "0 fit" would be taken for the answer.
            self.card.show_customer(None)
            self._nobody.offer(text)
            self._stack.setCurrentWidget(self._nobody)
        self._show_lists()
        if self._entered:
            self._entered = False
            self.accept()

    def step(self, steps: int) -> None:
        """An arrow was pressed in the search box: it moves through all lists as if they were one."""
        lists = [
            self.results,
            *(found for _section, _title, found in self._sections),
            self.recent,
            self.due,
            self.commands,
        ]
        if self._query:
            lists = [each for each in lists if each not in (self.recent, self.due)]
        rows = [(each, row) for each in lists for row in range(len(each.entries))]
        if not rows:
            return
        active = self._active or next((each for each in lists if each.current is not None), None)
        at = next((n for n, (each, row) in enumerate(rows) if each is active and row == each.currentIndex().row()), -1)
        to, row = rows[max(0, min(len(rows) - 1, at + steps))]
        for each in lists:
            if each is not to:
                each.go_to(-1)
        self._active = to
        to.show_line(row)
        if to in (self.results, self.recent, self.due) and to.current is not None:
            self._show_card(to.current)

    def accept(self) -> None:
        """Enter was pressed in the search box: this is the one."""
        if self._query and self._asked != self._query and self._active is None:
            self._entered = True  # the card that is seen is of an earlier letter
            return
        active = self._active
        section = next((section for section, _title, found in self._sections if found is active), None)
        if active is self.commands and active.current is not None:
            self._run(active.current)
        elif section is not None and active is not None and active.current is not None:
            self._choose(section, active.current)
        elif self._query and not self.results.entries and self._asked == self._query and self._beside():
            # Nobody is called so. What only sounds like it is done when it is pointed at.
            if self._offered and self.ctx.commands.surely(self._query, self._offered[0]):
                self._run(0)
            elif (first := next((one for one, _title, found in self._sections if found.entries), None)) is not None:
                self._choose(first, 0)
            else:
                self._nobody.begin()
        elif self._query and not self.results.entries and self._asked == self._query:
            self._nobody.begin()
        elif self.card.customer is not None:
            self.served.add(self.card.customer)
            self.card.write_note()

    def _beside(self) -> bool:
        """Whether something else than a customer was found."""
        return bool(self._offered) or any(found.entries for _section, _title, found in self._sections)

    def _run(self, place: int) -> None:
        command = self._offered[place]
        if command.able:
            self.ctx.commands.wanted.emit(command.key)

    def _choose(self, section: palette.Section, place: int) -> None:
        section.choose(self.ctx, self._lines[section.key][place])

    # Pages and cards

    def open_target(self, target: object) -> None:
        if isinstance(target, int):
            self.open_customer(target)

    def open_customer(self, customer: int) -> None:
        """Show a customer's card by hand."""
        self.results.select_customer(customer)
        self._show_card(customer)

    def refresh(self) -> None:
        shop = self.ctx.shop
        self.ctx.operations.look(self, lambda: len(shop.columns()), done=self._counted, latest="count")
        self.ctx.read(
            self,
            lambda tx: reminders.due_list(tx, shop.columns(), limit=DUE_MOST + served.MOST),
            done=self._show_due,
            latest="due",
        )
        if self._query:
            self._ask()

    def _counted(self, customers: int) -> None:
        if not customers:
            self.card.show_customer(None)
            self.served.forget()
            self._stack.setCurrentWidget(self._empty)
        elif self._stack.currentWidget() is self._empty:
            self._stack.setCurrentWidget(self._hint)
        self._show_lists()

    def _show_due(self, items: Sequence[DueItem]) -> None:
        self._due = tuple(items)
        self._show_lists()

    def _show_card(self, customer: int) -> None:
        self._stack.setCurrentWidget(self.card)
        self.card.show_customer(customer)

    def _card_shown(self, card: desk.Card) -> None:
        self.served.rename(card.id, card.name)
        self._timer.start()

    def _card_gone(self, customer: int) -> None:
        self.served.forget(customer)
        self._stack.setCurrentWidget(self._hint)
        self._show_lists()

    # Served today

    def _looked_at(self) -> None:
        if self.isVisible() and self.window().isActiveWindow() and self.card.customer is not None:
            self.served.add(self.card.customer)

    def _show_lists(self) -> None:
        entries = [Entry(one, name, right=time) for one, name, time in self.served.newest_first()]
        self.recent.show_entries(entries)
        searching = bool(self._query)
        due = [] if searching else [item for item in self._due if item.customer not in self.served][:DUE_MOST]
        self.due.show_entries([Entry(item.customer, item.name, right=_due_for(item)) for item in due])
        for each in (self.recent, self.due):
            each.select_customer(None if self.results.entries else self.card.customer)
        self._count.setVisible(searching)
        # While searching they follow what was found; else they come last.
        body = self._left.body
        for part in (self._commands_title, self.commands):
            body.removeWidget(part)
            body.insertWidget(body.indexOf(self._line) if searching else body.count() - 1, part)
            part.setVisible(bool(self.commands.entries))
        for _section, title, found in self._sections:
            title.setVisible(bool(found.entries))
            found.setVisible(bool(found.entries))
        self.results.setVisible(bool(self.results.entries))
        for widget in (self._served_title, self.recent):
            widget.setVisible(bool(entries))
        for widget in (self._due_title, self.due):
            widget.setVisible(bool(due))
        self._line.setVisible(bool(entries) and searching)
        self._left.setVisible(bool(entries) or bool(due) or bool(self._offered) or searching)
        self._give_room()

    def _give_room(self) -> None:
        """Who was found is seen without scrolling where the others leave room."""
        others = sum(
            part.sizeHint().height() + self._left.body.spacing()
            for part in self._left.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if part is not self.results and part.isVisibleTo(self._left)
        )
        margins = self._left.body.contentsMargins()
        room = self._left.height() - margins.top() - margins.bottom() - others
        self.results.set_most(max(FEWEST_HITS, room // theme.current().px(HIT_HEIGHT)))

    def remember(self) -> dict[str, object]:
        return {"customer": self.card.customer}

    def restore(self, state: dict[str, object]) -> None:
        customer = state.get("customer")
        if isinstance(customer, int):
            self._show_card(customer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setFixedWidth(min(theme.current().px(LIST_WIDTH), int(self.width() * 0.3)))
        QTimer.singleShot(0, self, self._give_room)  # once it is laid out


def _due_for(item: DueItem) -> str:
    return words.days_ago(item.days_since) if item.reason == reminders.CYCLE else due_words.badge(item)[0]
