"""Who is who: customers who may be one person, orders without a buyer, and what too many share to say anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QWidget

from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_
from shopcrm.collect import who_is_who
from shopcrm.collect.customers import NoSuchCustomer
from shopcrm.mine import duplicates
from shopcrm.mine.duplicates import MOST_HOLDERS, Found, Shared, Suggestion
from shopcrm.ui import names, theme, words
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts import doubles, twin_words
from shopcrm.ui.parts.loose_orders import LooseOrders
from shopcrm.ui.parts.no_orders import no_orders
from shopcrm.ui.parts.twin_compare import TwinCompare
from shopcrm.ui.parts.twin_list import TwinList
from shopcrm.ui.parts.twin_words import Pair

SUGGESTIONS: Final = "suggestions"
LOOSE: Final = "loose"
SHARED: Final = "shared"
_VIEWS: Final = (SUGGESTIONS, LOOSE, SHARED)


@dataclass(frozen=True)
class _Standing:
    """What the page stands on; `found` None: nobody has looked yet, for there are many."""

    found: Found | None
    names: Mapping[int, str]
    loose: int
    customers: int
    brought: Suggestion | None  # who was asked for with it


class WhoPage(Page):
    """Opened from the customers; three views of who is who."""

    key = "who"
    title = N_("Who is who")
    icon = "users"
    demo_wanted = Signal()

    reads = Changes.CUSTOMERS | Changes.ORDERS | Changes.IMPORTS

    # Making it

    def _build(self) -> None:
        self._view = SUGGESTIONS
        self._found: Found | None = None
        self._skipped: set[tuple[int, int]] = set()
        self._brought: Suggestion | None = None  # from a card: two whom somebody wants to compare
        self._to_brought = False  # the cursor has yet to go there
        self._standing: _Standing | None = None
        self.head = PageHead(_(self.title), self)
        back = Button(_("Customers"), self, kind="ghost", icon="users", name=f"{names.WHO}_back")
        back.clicked.connect(lambda: self.ctx.go_to("customers"))
        self._again = Button(_("Look again"), self, icon="search", name=f"{names.WHO}_again")
        self._again.clicked.connect(self.look)
        self.head.buttons.addWidget(back)
        self.head.buttons.addWidget(self._again)
        self._views = Choices(self, kind="view", name=f"{names.WHO}_view")
        self._list = TwinList(self)
        self._compare = TwinCompare(self.ctx, self)
        self._loose = LooseOrders(self.ctx, self)
        self._shared_model = PagedTableModel(_shared_columns(), self)
        self._shared = TableView(
            self._shared_model, self, label=_("Shared by many"), name=names.SHARED_TABLE
        )  # fmt: skip
        self._lay_out()

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addWidget(self.head)
        views = QHBoxLayout()
        views.addWidget(self._views)
        views.addStretch(1)
        column.addLayout(views)
        self._stack = QStackedWidget(self)
        for widget in (self._pairs(), self._nobody(), self._unseen(), self._no_customers(), self._loose,
                       self._shared_card(), self._nothing_shared()):  # fmt: skip
            self._stack.addWidget(widget)
        column.addWidget(self._stack, 1)

    def _pairs(self) -> QWidget:
        large = theme.current().text_percent >= 150
        whole = QWidget(self)
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight, whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        card = Card(whole, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._list)
        row.addWidget(card, 2)
        row.addWidget(self._compare, 3)
        return whole

    def _nobody(self) -> QWidget:
        card = Card(self, padding=0)
        card.body.addWidget(
            EmptyState(
                card,
                icon="circle-check",
                title=_("Nobody stands twice"),
                text=_("Customers with the same name and address, the same phone or nicks alike would stand here."),
            )
        )
        return card

    def _unseen(self) -> QWidget:
        card = Card(self, padding=0)
        look = Button(_("Look for them"), card, kind="primary", icon="search", size="medium", name=f"{names.WHO}_look")
        look.clicked.connect(self.look)
        card.body.addWidget(
            EmptyState(
                card,
                icon="users",
                title=_("Who stands twice?"),
                text=_("Addresses, phones and nicks of all customers are compared. Nothing is merged by it."),
                action=look,
            )
        )
        return card

    def _no_customers(self) -> QWidget:
        card = Card(self, padding=0)
        card.body.addWidget(
            no_orders(
                self.ctx,
                card,
                icon="users",
                title=_("One person, one card"),
                text=_("Customers who may be one person will stand here as soon as there are orders."),
                demo_wanted=self.demo_wanted,
            )
        )
        return card

    def _shared_card(self) -> QWidget:
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._shared)
        return card

    def _nothing_shared(self) -> QWidget:
        card = Card(self, padding=0)
        text = _(
            "A phone, e-mail or address of more than {n} customers would stand here: it says nothing about anybody."
        )
        card.body.addWidget(
            EmptyState(
                card, icon="circle-check", title=_("Nothing is shared by many"), text=text.format(n=MOST_HOLDERS)
            )
        )
        return card

    def _wire(self) -> None:
        self._views.chosen.connect(self.show_view)
        self._list.chosen.connect(self._read_pair)
        self._compare.merge_wanted.connect(self.merge)
        self._compare.two_wanted.connect(self.two_people)
        self._compare.skip_wanted.connect(self.skip)
        for keys, do in (("M", self.merge), ("N", self.two_people), ("S", self.skip), ("U", self.take_back)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Reading

    def refresh(self) -> None:
        """Ask anew: among few customers who may be one, among many what is left of it."""
        shop, found, brought = self.ctx.shop, self._found, self._brought

        def question(tx: Any) -> _Standing:
            few = doubles.are_few(shop)
            now = doubles.look(shop, tx) if few else (None if found is None else duplicates.standing(tx, found))
            return _standing(tx, now, customers=len(shop.columns()), brought=brought)

        self.ctx.read(self, question, done=self._show, latest="standing")
        self._loose.refresh()

    def look(self) -> None:
        """Compare all customers, with progress."""
        shop, brought = self.ctx.shop, self._brought

        def work(progress: Any) -> _Standing:
            with shop.read() as tx:
                found = duplicates.find(tx, progress=progress)
                return _standing(tx, found, customers=len(shop.columns()), brought=brought)

        self._skipped.clear()
        self.ctx.jobs.run(self, work, _("Looking for who stands twice"), done=self._show)

    def _show(self, found: _Standing) -> None:
        self._standing, self._found = found, found.found
        if (
            self._brought is not None
            and found.brought == self._brought
            and not _both(self._brought) <= found.names.keys()
        ):
            self._brought = None  # they are one meanwhile, or one is gone
        pairs = self._left()
        self._list.show_pairs(pairs, found.names)
        if self._to_brought and self._brought is not None:
            wanted = _both(self._brought)
            self._list.go_to(next(row for row, one in enumerate(pairs) if _both(one) == wanted))
            self._to_brought = False
        shared = () if found.found is None else found.found.shared
        self._shared_model.set_ids(np.arange(len(shared), dtype=np.int64), keep_rows=False)
        self._shared_model.put(dict(enumerate(shared)))
        self._show_views()

    def _left(self) -> list[Suggestion]:
        found = () if self._found is None else self._found.suggestions
        left = [one for one in found if (one.first, one.second) not in self._skipped]
        brought = self._brought
        return left if brought is None or any(_both(one) == _both(brought) for one in left) else [brought, *left]

    def _show_views(self) -> None:
        standing = self._standing
        if standing is None:
            return
        left = self._left()
        count = 0 if self._found is None else max(self._found.total - len(self._skipped), 0)
        count += self._brought is not None and left[:1] == [self._brought]
        shared = 0 if self._found is None else len(self._found.shared)
        self._views.set_choices(
            [
                (SUGGESTIONS, _("May be one {n}").format(n=f"{count:,}")),
                (LOOSE, _("Orders without a buyer {n}").format(n=f"{standing.loose:,}")),
                (SHARED, _("Shared by many {n}").format(n=f"{shared:,}")),
            ],
            chosen=self._view,
        )
        self._views.setVisible(standing.customers > 0 or standing.loose > 0)
        self._again.setVisible(standing.customers > 0 and self._found is not None)
        place = {LOOSE: 4, SHARED: 5 if shared else 6}.get(self._view, 0)
        if not standing.customers and not standing.loose:
            place = 3
        elif self._view == SUGGESTIONS and not left:
            place = 2 if self._found is None else 1
        self._stack.setCurrentIndex(place)
        state = ""
        if self._found is not None and self._found.total > len(self._found.suggestions):
            state = _("The {n} strongest are shown").format(n=f"{len(self._found.suggestions):,}")
        self.head.state.set_text(state)

    def _read_pair(self, one: Suggestion | None) -> None:
        if one is None:
            self._compare.show_pair(None, None)
            return
        shop = self.ctx.shop
        self.ctx.read(
            self,
            lambda tx: twin_words.read(tx, shop.columns(), one.first, one.second),
            done=lambda pair: self._show_pair(one, pair),
            latest="pair",
            failed=self._no_pair,
        )

    def _no_pair(self, error: BaseException) -> None:
        # Somebody of the pair has just become somebody else: the list that knows is on its way.
        if not isinstance(error, NoSuchCustomer):
            self.ctx.messages.failure(error)

    def _show_pair(self, one: Suggestion, pair: Pair) -> None:
        if one == self._list.current:
            self._compare.show_pair(one, pair)

    # Doing

    def show_view(self, view: str) -> None:
        """Show the suggestions, the orders without a buyer, or what is shared by many."""
        self._view = view if view in _VIEWS else SUGGESTIONS
        self._show_views()
        if (first := self.first_focus()) is not None:
            first.setFocus()

    def _seen_pair(self) -> Suggestion | None:
        """The pair that is seen beside the list; None while another one is on its way."""
        one, pair = self._list.current, self._compare.pair
        if self._view != SUGGESTIONS or one is None or pair is None:
            return None
        return one if (one.first, one.second) == (pair.cards[0].id, pair.cards[1].id) else None

    def merge(self) -> None:
        """Make one of the pair that is compared."""
        one, pair = self._seen_pair(), self._compare.pair
        if one is None or pair is None:
            return
        evidence = [{"kind": each.kind, "value": each.value} for each in one.evidence if each.kind != "two_accounts"]
        choices = self._compare.choices()
        self._done(
            lambda tx: who_is_who.merge_customers(
                tx, keep=one.first, gone=one.second, evidence=evidence or who_is_who.BY_HAND, choices=choices
            ),
            _("{first} and {second} are one customer now").format(first=pair.cards[0].name, second=pair.cards[1].name),
        )

    def two_people(self) -> None:
        """The pair are two people, and are not suggested again."""
        one, pair = self._seen_pair(), self._compare.pair
        if one is None or pair is None:
            return
        self._done(
            lambda tx: who_is_who.two_people(tx, one.first, one.second),
            _("{first} and {second} stay two").format(first=pair.cards[0].name, second=pair.cards[1].name),
        )

    def _done(self, change: Any, said: str) -> None:
        self._leave_brought()
        if self._compare.isAncestorOf(self.window().focusWidget()):
            self._list.setFocus()  # what was pressed goes with the pair
        self._compare.show_pair(None, None)  # nothing is done twice while it is written
        self.ctx.write_undoable(self, change, said=said)

    def skip(self) -> None:
        """Leave the pair for another time."""
        one = self._list.current
        if self._view == SUGGESTIONS and one is not None and self._standing is not None:
            self._skipped.add((one.first, one.second))
            self._leave_brought()
            self._list.show_pairs(self._left(), self._standing.names)
            self._show_views()

    def _leave_brought(self) -> None:
        one = self._list.current
        if one is not None and self._brought is not None and _both(one) == _both(self._brought):
            self._brought = None

    def take_back(self) -> None:
        """Undo what was just done, as Ctrl+Z does."""
        self.ctx.commands.run("window/undo")

    # The frame

    def open_target(self, target: object) -> None:
        """One of the views, or two to compare: a `Suggestion`."""
        if isinstance(target, Suggestion):
            self._skipped -= {(target.first, target.second), (target.second, target.first)}
            self._brought, self._to_brought, self._view = target, True, SUGGESTIONS
            self.refresh()
        elif isinstance(target, str):
            self.show_view(target)

    def first_focus(self) -> QWidget | None:
        """The list of the view; on an empty page the button that fills it."""
        place = self._stack.currentIndex()
        if place == 4:
            return self._loose.first_focus()
        return {0: self._list, 5: self._shared}.get(place) or button_of(self._stack)

    def remember(self) -> dict[str, object]:
        """The view, and what was found."""
        return {"view": self._view, "found": self._found}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        self._view, self._found = state.get("view", self._view), state.get("found")
        self.refresh()


def _both(one: Suggestion) -> set[int]:
    return {one.first, one.second}


def _standing(tx: Any, found: Found | None, *, customers: int, brought: Suggestion | None) -> _Standing:
    concerned = set() if brought is None else _both(brought)
    concerned |= set() if found is None else {one for pair in found.suggestions for one in (pair.first, pair.second)}
    return _Standing(found, who_is_who.names_of(tx, concerned), who_is_who.loose_count(tx), customers, brought)


def _shared_columns() -> tuple[Column, ...]:
    def value(row: Shared) -> str:
        return words.phone(row.value) if row.kind == "phone" else row.value

    def kind(row: Shared) -> str:
        return {"address": _("Name and address"), "masked_phone": _("Name and digits of the phone")}.get(
            row.kind, words.identity(row.kind)
        )

    def customers(row: Shared) -> str:
        return n_("{n} customer", "{n} customers", row.customers).format(n=f"{row.customers:,}")

    return (
        Column("kind", _("What"), kind, width=140, stretch=1),
        Column("value", _("Shared by many"), value, width=240, stretch=4, bold=True),
        Column("customers", _("Customers"), customers, width=120, stretch=1, right=True),
    )
