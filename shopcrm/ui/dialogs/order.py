"""An order typed in by hand (C1): WeChat, the counter, the telephone; and such an order changed."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import ClassVar

from PySide6.QtCore import QStringListModel, Qt, QTimer
from PySide6.QtWidgets import QCompleter, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act import desk
from shopcrm.base import phone
from shopcrm.base.i18n import _, n_
from shopcrm.base.money import decimal_text, to_minor
from shopcrm.collect import fields, manual
from shopcrm.collect.fields import CellError
from shopcrm.collect.foreign import Code, OrderState
from shopcrm.collect.manual import Invalid, Item, Order, Person, Product, Written
from shopcrm.collect.problems import explain
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context, Unsaved
from shopcrm.ui.dialogs.form import Form
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.day_edit import DayEdit
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text

MOST_LINES = 40
OFFERED = 8


class OrderForm(Form):
    """A new order, or one that was typed in before (`order_id`)."""

    prefix: ClassVar[str] = names.ORDER
    wide: ClassVar[int] = 560

    def __init__(
        self,
        ctx: Context,
        parent: QWidget,
        *,
        customer: tuple[int, str] | None = None,
        order: tuple[int, Order] | None = None,
    ) -> None:
        self._customer = customer  # id and name, once somebody is chosen
        self._order = order
        self._offered: dict[str, tuple[int, str]] = {}
        self._products: dict[str, Product] = {}
        self._lines: list[_Line] = []
        window = parent.window()
        super().__init__(
            ctx,
            parent,
            title=_("New order") if order is None else _("Change the order"),
            again=lambda: OrderForm(ctx, window, customer=customer, order=order),
        )
        ctx.read(self, lambda tx: (manual.products(tx), manual.store_names(tx)), done=self._know)

    # Making it

    def _build(self) -> None:
        self._who = self.edit("customer", _("Customer"), placeholder=_("Name, phone, nick, or a new name"))
        self._hint = Text("", self, tone="second", size=theme.SMALL, wrap=True, name="order_customer_hint")
        self._hint.hide()
        self._hits = _completer(self._who, filtered=False)
        self._hits.activated.connect(self._clicked)
        self._who.submitted.connect(lambda _text: self._take_marked())  # before Enter goes on
        self.add_field("customer", _("Customer"), self._who)
        self.rows.addWidget(self._hint)
        self._day = DayEdit(self, today=self._ctx.today, label=_("Day"), name=f"{self.prefix}_day")
        self.add_field("day", _("Day"), self._day)
        self.rows.addWidget(self._goods())
        self._paid = self.edit("paid", _("Paid"))
        self._refunded = self.edit("refunded", _("Refunded"), placeholder="0")
        self._state = Choice(self, label=_("State"), name=f"{self.prefix}_state")
        self._state.set_choices(
            [(state.value, words.state(state)[0]) for state in manual.STATES], chosen=OrderState.FINISHED
        )
        self._store = self.edit("store", _("Channel"), placeholder=_("WeChat, counter …"))
        self._stores = _completer(self._store, filtered=True)
        self._note = self.edit("note", _("Note"))
        pairs = QGridLayout()
        pairs.setSpacing(10)
        columns = 1 if theme.current().text_percent >= 150 else 2
        for at, (key, label, field) in enumerate(
            (
                ("paid", _("Paid"), self._paid),
                ("state", _("State"), self._state),
                ("refunded", _("Refunded"), self._refunded),
                ("store", _("Channel"), self._store),
            )
        ):
            pairs.addWidget(self._part(key, label, field), at // columns, at % columns)
        self.rows.addLayout(pairs)
        self.add_field("note", _("Note"), self._note)
        self._who.query_changed.connect(self._search)
        if self._order is not None:
            remove = Button(_("Remove the order"), self, kind="ghost", icon="trash-2", name=f"{self.prefix}_remove")
            remove.clicked.connect(self.remove)
            self.foot.insertWidget(0, remove)
            self._show_order(self._order[1])
        else:
            self._add_line()
        if self._customer is not None:
            self._show_customer()
            self._lines[0].title.setFocus()
        else:
            self._who.setFocus()
        self._add_up()

    def _part(self, key: str, label: str, field: QWidget) -> QWidget:
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Text(label, part, tone="second", size=theme.SMALL))
        column.addWidget(field)
        column.addWidget(self.error_of(key, part))
        column.addStretch(1)
        self.know(key, field)
        return part

    def _goods(self) -> QWidget:
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(_("Goods"), part, tone="second", size=theme.SMALL), 1)
        for told, width in ((_("Pieces"), _PIECES), (_("Price of one"), _PRICE)):
            label = Text(told, part, tone="second", size=theme.SMALL)
            label.setFixedWidth(theme.current().px(width))
            head.addWidget(label)
        column.addLayout(head)
        self._goods_column = QVBoxLayout()
        self._goods_column.setSpacing(4)
        column.addLayout(self._goods_column)
        column.addWidget(self.error_of("items", part))
        return part

    def _add_line(self, item: Item | None = None) -> None:
        line = _Line(self, len(self._lines))
        self._lines.append(line)
        self._goods_column.addWidget(line)
        for key, field in (("title", line.title), ("pieces", line.pieces), ("price", line.price)):
            self.know(f"{key}_{line.place}", field)
        line.title.textChanged.connect(lambda _text: self._line_typed(line))
        line.pieces.textChanged.connect(lambda _text: self._add_up())
        line.price.textChanged.connect(lambda _text: self._add_up())
        line.title.editingFinished.connect(lambda: self._take_product(line, line.title.text()))
        if self._products:
            line.titles.setStringList(list(self._products))
        if item is not None:
            line.show_item(item, currency=self._ctx.currency)
        self._set_tab_order()

    def _set_tab_order(self) -> None:
        """As one reads it: the lines stand between the day and the money."""
        lines = [field for line in self._lines for field in (line.title, line.pieces, line.price)]
        chain = [self._who, self._day, *lines, self._paid, self._state, self._refunded, self._store, self._note]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _line_typed(self, line: _Line) -> None:
        self.show_error("items", "")
        if line is self._lines[-1] and line.title.text().strip() and len(self._lines) < MOST_LINES:
            self._add_line()
            QTimer.singleShot(0, self, self.fit)
        self._add_up()

    # What is known

    def _know(self, found: tuple[list[Product], list[str]]) -> None:
        products, stores = found
        self._products = {product.title: product for product in products}
        for line in self._lines:
            line.titles.setStringList(list(self._products))
        model = self._stores.model()
        if isinstance(model, QStringListModel):
            model.setStringList(stores)

    def _take_product(self, line: _Line, title: str) -> None:
        product = self._products.get(title)
        if product is not None and product.price is not None and not line.price.text():
            line.price.setText(decimal_text(product.price, currency=self._ctx.currency))

    def _show_order(self, order: Order) -> None:
        currency = self._ctx.currency
        self._day.set_day(order.day)
        for item in order.items:
            self._add_line(item)
        self._add_line()
        self._paid.setText(decimal_text(order.paid, currency=currency))
        self._refunded.setText(decimal_text(order.refunded, currency=currency) if order.refunded else "")
        self._state.set_key(order.state.value)
        self._store.setText(order.store)
        self._note.setText(order.note)

    # Who

    def _search(self, text: str) -> None:
        if self._customer is not None and text == self._customer[1]:
            return
        self._customer = None
        self._say_who()
        if text.strip():
            self._ctx.read(
                self,
                lambda tx: desk.find(tx, text, limit=OFFERED, columns=self._ctx.shop.columns_at_hand()),
                done=lambda hits: self._offer(text, hits),
                latest="who",
            )

    def _offer(self, text: str, hits: list[desk.Hit]) -> None:
        if text != self._who.query():
            return  # the field was emptied, or somebody chosen, meanwhile
        self._offered = {}
        for hit in hits:
            shown = " · ".join(part for part in (hit.name, hit.phone_tail, hit.buyer) if part and part != hit.name)
            self._offered[f"{hit.name} · {shown}" if shown else hit.name] = (hit.id, hit.name)
        model = self._hits.model()
        if isinstance(model, QStringListModel):
            model.setStringList(list(self._offered))
        self._say_who()
        if self._offered and self._who.hasFocus() and self._customer is None:
            self._hits.complete()
        elif (popup := self._hits.popup()) is not None:
            popup.hide()  # an empty list would lie over the fields below

    def _take_marked(self) -> None:
        """Enter on a line of the list below the field."""
        popup = self._hits.popup()
        if popup is not None and popup.isVisible() and popup.currentIndex().isValid():
            shown = str(popup.currentIndex().data())
            popup.hide()
            self._choose(shown)

    def _clicked(self, shown: str) -> None:
        self._choose(shown)
        self._day.setFocus()

    def _choose(self, shown: str) -> None:
        if shown in self._offered:
            self._customer = self._offered[shown]
            self._show_customer()

    def _show_customer(self) -> None:
        if self._customer is not None:
            self._who.setText(self._customer[1])
            self._say_who()

    def _say_who(self) -> None:
        text = self._who.text().strip()
        if self._customer is not None or not text:
            told = ""
        elif self._offered:
            count = len(self._offered)
            told = n_(
                "{n} customer fits; choose her with the arrow keys, or it is a new one.",
                "{n} customers fit; choose with the arrow keys, or it is a new one.",
                count,
            ).format(n=count)
        else:
            told = _("A new customer.")
        self._hint.setText(told)
        self._hint.setVisible(bool(told))

    def _buyer(self) -> int | Person:
        if self._customer is not None:
            return self._customer[0]
        text = self._who.text().strip()
        return Person(phone=text) if phone.normalise(text) else Person(name=text)

    # What was typed and is not saved

    @property
    def draft_key(self) -> str:
        """A new order, or the one that is changed."""
        return self.prefix if self._order is None else f"{self.prefix}_{self._order[0]}"

    def draft(self) -> Unsaved | None:
        """With who is chosen."""
        draft = super().draft()
        return None if draft is None else replace(draft, customer=self._customer)

    def take_up(self, draft: Unsaved) -> None:
        """First who it is, else she would be searched for anew; then as many lines as it had."""
        self._customer = draft.customer
        self._offered = {}
        while f"title_{len(self._lines)}" in draft.texts:
            self._add_line()
        super().take_up(draft)
        self._say_who()

    # Reading what is typed

    def _amount(self, key: str, field: LineEdit) -> int | None:
        """An amount in minor units; None where nothing is typed. Raises `_Wrong` with the field."""
        try:
            found = fields.amount(field.text())
        except CellError as bad:
            raise _Wrong(key, explain(bad.code, value=field.text())) from bad
        if found is not None and found < 0:
            raise _Wrong(key, _("Less than nothing."))
        return None if found is None else to_minor(found, currency=self._ctx.currency)

    def _items(self) -> tuple[Item, ...]:
        items = []
        for line in self._lines:
            title = line.title.text().strip()
            price = self._amount(f"price_{line.place}", line.price)
            try:
                count = fields.quantity(line.pieces.text())
            except CellError as bad:
                raise _Wrong(f"pieces_{line.place}", explain(bad.code, value=line.pieces.text())) from bad
            if count is not None and count < 1:
                raise _Wrong(f"pieces_{line.place}", _("At least one piece."))
            if not title and price is not None:
                raise _Wrong(f"title_{line.place}", _("What is it?"))
            product = self._products.get(title)
            kept = line.item.article if line.item is not None and line.item.title == title else None
            if title:
                items.append(Item(title, count or 1, price, product.article if product else kept))
        return tuple(items)

    def _add_up(self) -> None:
        """What the lines come to: taken as paid while nothing else is typed."""
        if not hasattr(self, "_paid"):
            return
        try:
            total = sum((item.price or 0) * item.quantity for item in self._items())
        except _Wrong:
            return
        self._paid.setPlaceholderText(decimal_text(total, currency=self._ctx.currency) if total else "0")

    def _typed(self) -> Order:
        day = self._day.day()
        if day is None:
            raise _Wrong("day", explain(Code.BAD_DATE, value=self._day.text()))
        items = self._items()
        total = sum((item.price or 0) * item.quantity for item in items)
        paid = self._amount("paid", self._paid)
        return Order(
            customer=self._buyer(),
            day=day,
            items=items,
            paid=total if paid is None else paid,
            refunded=self._amount("refunded", self._refunded) or 0,
            state=OrderState(self._state.key()),
            store=self._store.text(),
            note=self._note.text(),
        )

    # Saving

    def save(self) -> None:
        """Write the order."""
        self.clear_errors()
        try:
            typed = self._typed()
        except _Wrong as wrong:
            self._say_wrong(wrong.field, wrong.text)
            return
        self.set_busy(busy=True)
        before = self._order

        def write(tx: object) -> Written:
            if before is None:
                return manual.add_order(tx, typed)  # type: ignore[arg-type]  # a Tx
            return manual.edit_order(tx, before[0], typed)  # type: ignore[arg-type]

        self._ctx.write(self, write, done=self._written, failed=self._failed)

    def remove(self) -> None:
        """Take the order out again."""
        if self._order is not None:
            order = self._order[0]
            self._ctx.write_undoable(
                self,
                lambda tx: manual.remove_order(tx, order),
                said=_("Order removed"),
                done=lambda _change_set: self.accept(),
            )

    def _written(self, written: Written) -> None:
        ctx = self._ctx
        ctx.messages.toast(_("Order saved"), undo=lambda: ctx.undo(written.change_set))
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.set_busy(busy=False)
        if isinstance(error, Invalid):
            # What is wrong with a new customer stands at the field she was typed in.
            self._say_wrong("customer" if error.field in ("name", "phone") else error.field, error.message)
        else:
            self._ctx.messages.failure(error)

    def _say_wrong(self, key: str, text: str) -> None:
        kind, _sign, place = key.partition("_")
        if kind in ("title", "pieces", "price") and place.isdecimal():
            self.show_error(key, text)  # marks the field; the words stand below the lines
            self.show_error("items", text)
            self._fields[key].setFocus()
        elif key == "items":
            self.show_error(key, text)
            self._lines[0].title.setFocus()
        else:
            self.show_error(key, text)


_PIECES, _PRICE = 64, 96


class _Line(QWidget):
    """What was bought, how many, at what price."""

    def __init__(self, form: OrderForm, place: int) -> None:
        super().__init__(form)
        self.place = place
        self.item: Item | None = None
        look = theme.current()
        number = place + 1
        self.title = form.edit(f"title_{place}", _("Product {n}").format(n=number))
        self.pieces = form.edit(f"pieces_{place}", _("Pieces of product {n}").format(n=number), placeholder="1")
        self.price = form.edit(f"price_{place}", _("Price of product {n}").format(n=number))
        self.pieces.setFixedWidth(look.px(_PIECES))
        self.price.setFixedWidth(look.px(_PRICE))
        self.completer = _completer(self.title, filtered=True)
        model = self.completer.model()
        self.titles = model if isinstance(model, QStringListModel) else QStringListModel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.title, 1)
        row.addWidget(self.pieces)
        row.addWidget(self.price)

    def show_item(self, item: Item, *, currency: str) -> None:
        """Show a line that was typed before."""
        self.item = item
        for field, text in (
            (self.title, item.title),
            (self.pieces, str(item.quantity)),
            (self.price, "" if item.price is None else decimal_text(item.price, currency=currency)),
        ):
            field.blockSignals(True)  # noqa: FBT003  # Qt takes no keywords
            field.setText(text)
            field.setCursorPosition(0)
            field.blockSignals(False)  # noqa: FBT003


class _Wrong(Exception):
    """A field that cannot be read."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field, self.text = field, text


def _completer(edit: LineEdit, *, filtered: bool) -> QCompleter:
    """Offers texts below a field; unfiltered: those that somebody else has found."""
    completer = QCompleter(QStringListModel(edit), edit)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setMaxVisibleItems(OFFERED)
    popup = completer.popup()
    if popup is not None:
        popup.setObjectName("completions")
    if filtered:
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        edit.setCompleter(completer)
    else:
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setWidget(edit)
    return completer


def ask(ctx: Context, parent: QWidget, *, customer: tuple[int, str] | None = None) -> OrderForm:
    """Open the form for a new order."""
    form = OrderForm(ctx, parent, customer=customer)
    form.open()
    return form


def ask_about(ctx: Context, parent: QWidget, *, order: int, customer: str) -> None:
    """Open the form on an order that was typed in; `customer` is her name."""

    def known(typed: Order) -> None:
        who = (typed.customer, customer) if isinstance(typed.customer, int) else None
        OrderForm(ctx, parent, customer=who, order=(order, typed)).open()

    ctx.read(parent, lambda tx: manual.typed_order(tx, order), done=known, latest="typed order")
