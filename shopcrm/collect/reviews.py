"""What buyers wrote of their orders (C10): by hand typed, changed and removed, chosen for display; each with undo.

A review is of an order, and where that is told of one of its lines. What files tell of it `reviews_told` writes.

| stars | is |
| --- | --- |
| 5, 4 | good |
| 3 | neutral |
| 2, 1 | bad |
| none told | none of them |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from shopcrm.base import clock
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.text import clean, fold
from shopcrm.collect import attribute_values
from shopcrm.collect.attribute_values import Attribute
from shopcrm.collect.review_words import GOOD, POOR, STARS
from shopcrm.store.tables.reviews import reviews
from shopcrm.store.tx import Tx

KINDS: Final = ("good", "neutral", "bad", "picked")
_FIELDS: Final = """r.id, r.order_id, o.number, o.customer_id, c.name, r.product, r.article, r.stars, r.text, r.at,
  r.plain, r.reply, r.picked, r.batch_id, r.edited_at, o.day"""
_FROM: Final = "reviews r JOIN orders o ON o.id = r.order_id LEFT JOIN customers c ON c.id = o.customer_id"


@dataclass(eq=False)
class ReviewRefused(UserFailure):
    """A field of the form does not take what was typed. `field`: `text` or `day`."""

    text: ClassVar[str] = "{because}"  # already in the language in use
    field: str
    because: str


@dataclass(eq=False)
class OrderGone(UserFailure):
    """The order was removed meanwhile."""

    text: ClassVar[str] = N_("This order is no longer there.")


@dataclass(eq=False)
class NoSuchReview(UserFailure):
    """It was removed meanwhile."""

    text: ClassVar[str] = N_("This review was removed.")


@dataclass(frozen=True)
class Review:
    """A review as it is typed."""

    stars: int | None = None
    text: str = ""
    day: str = ""  # blank: nobody knows when
    product: str = ""
    reply: str = ""


@dataclass(frozen=True)
class ReviewLine:
    """A review as lists and the card show it. `told_day` is its own day, `day` stands in where none is told."""

    id: int
    order: int
    number: str
    customer: int | None
    name: str
    product: str
    article: str | None
    stars: int | None
    text: str
    told_day: int | None
    day: int
    reply: str
    picked: bool
    from_file: bool
    edited_at: int | None

    @property
    def kind(self) -> str:
        """`good`, `neutral` or `bad`; "" where no stars are told."""
        if self.stars is None:
            return ""
        return "good" if self.stars >= GOOD else "bad" if self.stars <= POOR else "neutral"


# Written


def add(tx: Tx, order_id: int, told: Review) -> int:
    """Write down what a buyer wrote of an order. Returns the change set.

    Raises:
        OrderGone, ReviewRefused: nothing is written.
    """
    if tx.connection.exec_driver_sql("SELECT 1 FROM orders WHERE id = ?", (order_id,)).first() is None:
        raise OrderGone
    row = _row(tx, told)
    change_set = tx.begin_change("review_add", order=order_id)
    tx.add(
        reviews, {"order_id": order_id, **row, "picked": False, "actor": tx.actor, "created_at": tx.now_seconds}
    )  # fmt: skip
    return change_set


def edit(tx: Tx, review_id: int, told: Review) -> int:
    """Change a review; from then on no file changes it. Returns the change set.

    Raises:
        NoSuchReview, ReviewRefused: nothing is written.
    """
    before, row = get(tx, review_id), _row(tx, told)
    if row["at"] is not None and before.told_day == row["at"] // 86_400:  # its time of day stays
        del row["at"], row["plain"]
    change_set = tx.begin_change("review_edit", review=review_id)
    tx.edit(reviews, {"id": review_id}, {**row, "edited_at": tx.now_seconds})
    return change_set


def remove(tx: Tx, review_id: int) -> int:
    """Remove a review; the next file that tells it does not bring it back. Returns the change set."""
    change_set = tx.begin_change("review_remove", review=review_id)
    tx.remove(reviews, {"id": review_id})
    return change_set


def remove_of_order(tx: Tx, order_id: int) -> None:
    """Remove the reviews of an order that is being removed, in its change set."""
    for review in tx.connection.exec_driver_sql("SELECT id FROM reviews WHERE order_id = ?", (order_id,)).scalars():
        tx.remove(reviews, {"id": review})


def pick(tx: Tx, review_ids: Sequence[int], *, picked: bool) -> int:
    """Choose reviews for display, or no longer. Returns the change set."""
    change_set = tx.begin_change("review_pick", reviews=len(review_ids), picked=picked)
    for review in review_ids:
        tx.edit(reviews, {"id": review}, {"picked": picked})
    return change_set


def _row(tx: Tx, told: Review) -> dict[str, Any]:
    text, reply = _lines(told.text), _lines(told.reply)
    if told.stars is not None and told.stars not in STARS:
        raise ReviewRefused("stars", _("Choose one."))
    if not text and told.stars is None:
        raise ReviewRefused("text", _("Give stars, or write what she wrote."))
    day = _day(told.day)
    if day is not None and day > tx.as_of:
        raise ReviewRefused("day", _("This day is still to come."))
    return {
        "stars": told.stars,
        "text": text,
        "at": None if day is None else clock.plain_seconds(day),
        "plain": day is not None,
        "product": clean(told.product) or None,
        "reply": reply or None,
    }


def _lines(text: str) -> str:
    return "\n".join(clean(line) for line in text.splitlines()).strip()


def _day(typed: str) -> date | None:
    try:
        value = attribute_values.understand(Attribute("day", "day", "date"), typed)
    except UserFailure as failure:
        raise ReviewRefused("day", failure.message) from failure
    return value if isinstance(value, date) else None


# Read


def get(tx: Tx, review_id: int) -> ReviewLine:
    """One review.

    Raises:
        NoSuchReview: it is not there any more.
    """
    found = _read(tx, "r.id = ?", (review_id,))
    if not found:
        raise NoSuchReview
    return found[0]


def of_orders(tx: Tx, order_ids: Iterable[int]) -> Mapping[int, tuple[ReviewLine, ...]]:
    """By order its reviews, in the order in which they were written."""
    listed = ",".join(str(int(one)) for one in order_ids)
    found: dict[int, list[ReviewLine]] = defaultdict(list)
    for line in _read(tx, f"r.order_id IN ({listed})"):
        found[line.order].append(line)
    return {order: tuple(sorted(lines, key=lambda one: (one.day, one.id))) for order, lines in found.items()}


def listed(tx: Tx, *, kind: str = "", product: str = "", query: str = "") -> list[ReviewLine]:
    """The reviews of a kind (one of `KINDS`), of a product, with all words of a query; the newest first."""
    return narrowed(_read(tx, "1"), kind=kind, product=product, query=query)


def narrowed(
    found: Sequence[ReviewLine], *, kind: str = "", product: str = "", query: str = ""
) -> list[ReviewLine]:  # fmt: skip
    """Those of some reviews that are of a kind, of a product, and have all words of a query."""
    wanted = fold(query).split()
    return [
        one
        for one in found
        if is_of(one, kind)
        and (not product or one.product == product)
        and all(word in fold(one.text) for word in wanted)
    ]


def is_of(line: ReviewLine, kind: str) -> bool:
    """Whether a review is of a kind; "" are all."""
    return not kind or (line.picked if kind == "picked" else line.kind == kind)


def newest_poor(tx: Tx, customer_id: int) -> ReviewLine | None:
    """A customer's newest review of `POOR` stars or fewer, up to `as_of`."""
    found = _read(tx, "o.customer_id = ? AND r.stars <= ?", (customer_id, POOR))
    return next((one for one in found if one.day <= tx.today_number), None)


def _read(tx: Tx, which: str, arguments: tuple[object, ...] = ()) -> list[ReviewLine]:
    """What is asked for, the newest first. A review without a product is of the order's only one, or of its goods."""
    rows = tx.connection.exec_driver_sql(
        f"""SELECT {_FIELDS}, (SELECT CASE WHEN count(DISTINCT i.title) = 1 THEN min(i.title) END
                                 FROM order_items i WHERE i.order_id = o.id) AS goods, o.title
              FROM {_FROM} WHERE {which}""",
        arguments,
    ).all()
    lines = []
    for row in rows:
        told = None if row.at is None else clock.day_of(row.at, tz=tx.zone, plain=bool(row.plain))
        lines.append(
            ReviewLine(
                row.id, row.order_id, row.number, row.customer_id, row.name or "",
                row.product or row.goods or row.title or "", row.article, row.stars, row.text, told,
                told if told is not None else row.day or 0, row.reply or "", bool(row.picked),
                row.batch_id is not None, row.edited_at,
            )
        )  # fmt: skip
    return sorted(lines, key=lambda one: (one.day, one.id), reverse=True)
