"""What a buyer wrote of an order (C10): stars, words, the day; typed, or changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from shopcrm.base import clock
from shopcrm.base.i18n import _
from shopcrm.collect import orders, reviews
from shopcrm.collect.reviews import Review, ReviewLine, ReviewRefused
from shopcrm.ui import names
from shopcrm.ui.context import Context
from shopcrm.ui.dialogs.form import Form
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.day_edit import DayEdit
from shopcrm.ui.parts import review_words


@dataclass(frozen=True)
class Asked:
    """What the form has to know before it is shown."""

    order: int
    number: str
    products: tuple[str, ...]
    line: ReviewLine | None = None  # the review being changed


class ReviewForm(Form):
    """Saves, and says so with Undo."""

    prefix: ClassVar[str] = names.REVIEW
    wide: ClassVar[int] = 480

    def __init__(self, ctx: Context, parent: QWidget, asked: Asked) -> None:
        self._asked = asked
        window = parent.window()
        title = _("Review of order {number}") if asked.line is None else _("Change the review of order {number}")
        super().__init__(
            ctx, parent, title=title.format(number=asked.number), again=lambda: ReviewForm(ctx, window, asked)
        )

    @property
    def draft_key(self) -> str:
        return f"{self.prefix}_{self._asked.order}_{self._asked.line.id if self._asked.line else 0}"

    def _build(self) -> None:
        line = self._asked.line
        self._stars = Choice(self, label=_("Stars"), name=f"{self.prefix}_stars", letters=10)
        self._stars.set_choices(review_words.choices(), chosen="5")
        self._text = self.edit("text", _("In her words"), placeholder=_("What she wrote"))
        self._product = Choice(self, label=_("Product"), name=f"{self.prefix}_product", letters=18)
        named = dict.fromkeys((*self._asked.products, *([line.product] if line is not None and line.product else [])))
        self._product.set_choices(
            [("", _("The whole order")), *((title, title) for title in named)],
            chosen=line.product if line is not None else "",
        )
        self._day = DayEdit(self, today=self._ctx.today, label=_("Day"), name=f"{self.prefix}_day")
        self._reply = self.edit("reply", _("Your reply"))
        self.add_field("stars", _("Stars"), self._stars)
        self.add_field("text", _("In her words"), self._text)
        if named:
            self.add_field("product", _("Product"), self._product)
        else:
            self._product.hide()
        self.add_field("day", _("Day"), self._day)
        self.add_field("reply", _("Your reply"), self._reply)
        if line is not None:
            self._stars.set_key("" if line.stars is None else str(line.stars))
            self._text.setText(_in_one_line(line.text))
            self._reply.setText(_in_one_line(line.reply))
            if line.told_day is None:
                self._day.setText("")
            else:
                self._day.set_day(clock.day_date(line.told_day))
        self._stars.setFocus()

    def _typed(self) -> Review:
        line, stars = self._asked.line, self._stars.key()
        return Review(
            stars=int(stars) if stars else None,
            text=_as_before(self._text.text(), line.text if line is not None else ""),
            day=self._day.text() if self._day.day() is None else str(self._day.day()),
            product=self._product.key(),
            reply=_as_before(self._reply.text(), line.reply if line is not None else ""),
        )

    def save(self) -> None:
        """Write it."""
        told, asked = self._typed(), self._asked
        self.clear_errors()
        self.set_busy(busy=True)
        line = asked.line
        self._ctx.write_undoable(
            self,
            (lambda tx: reviews.add(tx, asked.order, told))
            if line is None
            else (lambda tx: reviews.edit(tx, line.id, told)),
            said=_("Review noted") if line is None else _("Review changed"),
            done=lambda _set: self.accept(),
            failed=self._failed,
        )

    def _failed(self, error: BaseException) -> None:
        self.set_busy(busy=False)
        if isinstance(error, ReviewRefused):
            self.show_error(error.field, error.because)
        else:
            self._ctx.messages.failure(error)


def ask(ctx: Context, parent: QWidget, *, order: int) -> None:
    """Open the form for a new review of an order."""
    ctx.read(parent, lambda tx: _asked(tx, order), done=lambda asked: ReviewForm(ctx, parent, asked).open(),
             latest="review")  # fmt: skip


def ask_about(ctx: Context, parent: QWidget, *, review: int) -> None:
    """Open the form on a review that is there."""

    def question(tx: Any) -> Asked:
        line = reviews.get(tx, review)
        return _asked(tx, line.order, line)

    ctx.read(parent, question, done=lambda asked: ReviewForm(ctx, parent, asked).open(), latest="review")


def _asked(tx: Any, order: int, line: ReviewLine | None = None) -> Asked:
    found = orders.of_ids(tx, [order])
    if not found:
        raise reviews.OrderGone
    products = tuple(dict.fromkeys(item.title for item in found[0].items if item.title))
    return Asked(order, found[0].number, products if len(products) > 1 else (), line)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _as_before(typed: str, before: str) -> str:
    """What was typed; the lines of a text that was left as it was stay."""
    return before if typed == _in_one_line(before) else typed
