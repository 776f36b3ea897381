"""Who was copied (U1): one line out of a chat or an order list that is exactly somebody's nick, phone or number.

What fits nobody is forgotten here: it is neither stored nor logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shopcrm.base import emails, labels, phone
from shopcrm.base.text import clean, fold
from shopcrm.collect import customers
from shopcrm.store.tx import Tx

LONGEST: Final = 64  # characters; what is longer is a text and nobody's name
MOST: Final = 12  # of those who share what was copied
_SHORTEST: Final = 2
_QUOTES: Final = "\"'“”‘’「」『』【】《》<>()（）[]"  # as they are copied along
_ACCOUNTS: Final = ("cntaobao", "cnalichn", "cnhhupan", "enaliint")  # how Wangwang writes whose nick it is


@dataclass(frozen=True)
class Match:
    """A customer whom something copied names exactly, and by what."""

    id: int
    name: str
    kind: str  # the kind of an identity, or order
    value: str  # as the file wrote it


def copied(text: str) -> tuple[str, ...]:
    """What may name somebody in a text that was copied, as it stands first, then without label, quotes and prefix.

    None of it for several lines, for more than `LONGEST` characters and for a single one.
    """
    if len(text) > 4 * LONGEST or len(text.splitlines()) > 1:
        return ()
    whole = " ".join(clean(text).split())
    rest, surely = labels.unlabelled(whole.strip(_QUOTES))
    bare = rest.strip(_QUOTES + " ").removeprefix("#") if surely else whole.strip(_QUOTES)
    tries = [whole, bare]
    tries += [bare[len(one) :] for one in _ACCOUNTS if bare.lower().startswith(one)]
    return tuple(dict.fromkeys(one for one in tries if _SHORTEST <= len(one) <= LONGEST))


def exactly(tx: Tx, text: str) -> tuple[Match, ...]:
    """Who is named exactly by what was copied; whoever spent most stands first, at most `MOST`."""
    for one in copied(text):
        found = {**_by_order(tx, one), **_by_identity(tx, one)}
        if found:
            return _named(tx, found)
    return ()


def _by_identity(tx: Tx, text: str) -> dict[int, tuple[str, str]]:
    number, address = phone.normalise(text), emails.normalise(text)
    sorts = customers.kinds(tx.connection)
    others = [(kind, platform, fold(text)) for kind, platform in sorts if kind not in ("phone", "email")]
    reached = [
        (kind, platform, number if kind == "phone" else address)
        for kind, platform in sorts
        if (kind == "phone" and number) or (kind == "email" and address)
    ]
    found: dict[int, tuple[str, str]] = {}
    question = "SELECT customer_id, display FROM identities WHERE kind = ? AND platform = ? AND value = ?"
    for sort in (*others, *reached):
        for customer, display in tx.connection.exec_driver_sql(question, sort):
            found.setdefault(int(customer), (sort[0], str(display)))
    return found


def _by_order(tx: Tx, text: str) -> dict[int, tuple[str, str]]:
    number = text.replace(" ", "")
    rows = tx.connection.exec_driver_sql(
        """SELECT o.customer_id, o.number FROM stores s CROSS JOIN orders o
            WHERE o.store_id = s.id AND o.number IN (:number, '#' || :number) AND o.customer_id IS NOT NULL
           UNION ALL
           SELECT o.customer_id, o.tracking_number FROM orders o
            WHERE o.tracking_number = :number AND o.customer_id IS NOT NULL""",
        {"number": number},
    )
    return {int(customer): ("order", str(told)) for customer, told in rows}


def _named(tx: Tx, found: dict[int, tuple[str, str]]) -> tuple[Match, ...]:
    rows = tx.connection.exec_driver_sql(
        f"""SELECT c.id, c.name FROM customers c LEFT JOIN customer_statistics s ON s.customer_id = c.id
             WHERE c.id IN ({",".join(map(str, found))}) ORDER BY coalesce(s.net_total, 0) DESC, c.id LIMIT {MOST}"""
    )
    return tuple(Match(one, name, *found[one]) for one, name in rows)
