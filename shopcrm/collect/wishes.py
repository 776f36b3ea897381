"""What somebody wanted and did not buy (C7): noted with the reason, closed by hand, or by itself when she buys it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.lengths import fitting
from shopcrm.base.text import clean
from shopcrm.collect import customers
from shopcrm.collect.purchases import PAID_PLAIN
from shopcrm.store.tables.notes import wishes
from shopcrm.store.tx import Tx

REASONS: Final[Mapping[str, str]] = {
    "price": N_("Too expensive"),
    "sale": N_("Waits for a sale"),
    "no_size": N_("Not in her size"),
    "sold_out": N_("Sold out"),
    "unsure": N_("Still thinking"),
}
"""Why it was not bought. Another reason is kept as it is typed."""
LONGEST: Final = 500


@dataclass(eq=False)
class WishEmpty(UserFailure):
    """A wish for nothing."""

    text: ClassVar[str] = N_("Type what she wanted.")


@dataclass(frozen=True)
class WishLine:
    """A wish. `bought_on`: the day on which it came true, which closes it."""

    id: int
    article: str | None
    title: str
    reason: str  # a key of `REASONS`, or words; blank: not told
    actor: str
    created_at: int
    closed_at: int | None
    bought_on: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether she may still want it."""
        return self.closed_at is None and self.bought_on is None

    @property
    def because(self) -> str:
        """The reason in the language in use."""
        return _(REASONS[self.reason]) if self.reason in REASONS else self.reason


def add(tx: Tx, customer_id: int, *, title: str, article: str | None = None, reason: str = "") -> int:
    """Note what a customer wants. `article`: the code of one of the shop's products. Returns the change set.

    Raises:
        NoSuchCustomer, WishEmpty, TooLong: nothing is written.
    """
    customers.require(tx, customer_id)
    title = fitting(" ".join(clean(title).split()), LONGEST)
    if not title:
        raise WishEmpty
    change_set = tx.begin_change("wish_add", customer=customer_id)
    values = {"customer_id": customer_id, "article": article, "title": title, "reason": fitting(clean(reason), LONGEST)}
    tx.add(wishes, {**values, "actor": tx.actor, "created_at": tx.now_seconds})
    return change_set


def close(tx: Tx, wish_id: int) -> int:
    """She no longer wants it, or has it from elsewhere. Returns the change set."""
    change_set = tx.begin_change("wish_close", wish=wish_id)
    tx.edit(wishes, {"id": wish_id}, {"closed_at": tx.now_seconds})
    return change_set


def open_again(tx: Tx, wish_id: int) -> int:
    """She wants it after all. Returns the change set."""
    change_set = tx.begin_change("wish_open", wish=wish_id)
    tx.edit(wishes, {"id": wish_id}, {"closed_at": None})
    return change_set


def remove(tx: Tx, wish_id: int) -> int:
    """Remove a wish that was noted by mistake. Returns the change set."""
    change_set = tx.begin_change("wish_remove", wish=wish_id)
    tx.remove(wishes, {"id": wish_id})
    return change_set


# On that day or later, and after the wish: a plain date counts from its day on, as it tells no time.
_BOUGHT: Final = f"""(SELECT min(o.day) FROM orders o JOIN order_items i ON i.order_id = o.id
   WHERE o.customer_id = w.customer_id AND o.valid AND o.kind = 'order'
     AND o.day BETWEEN w.created_at / 86400 - 1 AND :today
     AND CASE WHEN o.plain_dates & {PAID_PLAIN} OR o.paid_at IS NULL
              THEN o.day * 86400 + 86399 >= w.created_at + :offset ELSE o.paid_at >= w.created_at END
     AND CASE WHEN w.article IS NULL THEN i.title = w.title
              ELSE CASE WHEN coalesce(i.article, '') = '' THEN i.title ELSE i.article END = w.article END)"""
_COLUMNS: Final = "w.id, w.article, w.title, w.reason, w.actor, w.created_at, w.closed_at"


def of_customer(tx: Tx, customer_id: int) -> tuple[WishLine, ...]:
    """A customer's open wishes, newest first."""
    return tuple(line for line in found(tx, "w.customer_id = :customer", customer=customer_id) if line.is_open)


def found(tx: Tx, which: str, *, limit: int = -1, **told: int) -> tuple[WishLine, ...]:
    """The wishes `w` that a condition picks, newest first; at most `limit` of them."""
    rows = tx.connection.exec_driver_sql(
        f"SELECT {_COLUMNS}, {_BOUGHT} FROM wishes w WHERE {which} ORDER BY w.created_at DESC, w.id DESC LIMIT :limit",
        {**told, "limit": limit, **_arguments(tx)},
    )
    return tuple(WishLine(*row) for row in rows)


def open_titles(tx: Tx, customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """What each of some customers still wants, newest first."""
    listed = ",".join(str(int(one)) for one in customer_ids)
    rows = tx.connection.exec_driver_sql(
        f"""SELECT w.customer_id, w.title FROM wishes w WHERE w.customer_id IN ({listed}) AND w.closed_at IS NULL
               AND {_BOUGHT} IS NULL ORDER BY w.created_at DESC, w.id DESC""",
        _arguments(tx),
    )
    told: dict[int, list[str]] = defaultdict(list)
    for customer, title in rows:
        told[customer].append(title)
    return told


def _arguments(tx: Tx) -> dict[str, int]:
    offset = tx.now.astimezone(tx.zone).utcoffset()
    return {"today": tx.today_number, "offset": int(offset.total_seconds()) if offset else 0}
