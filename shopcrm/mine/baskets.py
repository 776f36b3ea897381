"""Who bought what together with what, and how long one of a product lasts (U1): out of the newest orders, in memory.

A product is the code of a line, else its title. "Together" counts customers, not baskets: of those who bought the one,
how many bought the other as well, on whatever day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from shopcrm.store.columns import Columns, Floats, Ints
from shopcrm.store.tx import Tx

NEWEST: Final = 100_000  # orders looked at: what was bought long before says little of what is bought now
FEWEST_GAPS: Final = 8  # from which on a learnt duration is believed
FEWEST_ALSO: Final = 3  # customers, from which on two products are said to be bought together
SHRUNK: Final = 10  # so many customers who did not buy both are added: a pair of few is not believed like one of many
CONSUMED: Final = 0.2  # of the buyers came again for it: it is used up
_CODE: Final = "CASE WHEN i.article IS NULL OR i.article = '' THEN i.title ELSE i.article END"


@dataclass(frozen=True)
class Together:
    """A product that buyers of another one bought as well."""

    code: str
    title: str
    price: int | None  # paid for one of them last; minor units of the shop
    because: str  # the code of the other one
    buyers: int  # of the other one
    also: int  # of these bought it as well
    strength: float


@dataclass(frozen=True, eq=False)
class Baskets:
    """Products by number; who bought which, both ways, as starts and entries; customers by their place here."""

    numbers: dict[str, int]
    codes: tuple[str, ...]
    titles: tuple[str, ...]
    prices: tuple[int | None, ...]
    product_starts: Ints  # the products of customer c: products[product_starts[c]:product_starts[c + 1]]
    products: Ints
    buyer_starts: Ints
    buyers: Ints
    days_per_unit: Floats  # learnt; nan: not enough of it

    def lasts(self, code: str) -> float | None:
        """How many days one of a product lasts, learnt from those who bought it again; None: not enough gaps."""
        number = self.numbers.get(code)
        days = float("nan") if number is None else float(self.days_per_unit[number])
        return None if np.isnan(days) else days

    def beside(self, codes: Sequence[str], *, owned: Sequence[str], most: int) -> list[Together]:
        """What buyers of these products bought as well and the customer does not own, the strongest first."""
        count = np.diff(self.buyer_starts)
        best: dict[int, Together] = {}
        mine = {self.numbers[code] for code in (*owned, *codes) if code in self.numbers}
        for code in codes:
            number = self.numbers.get(code)
            if number is None:
                continue
            who = self.buyers[self.buyer_starts[number] : self.buyer_starts[number + 1]]
            found = np.bincount(_entries(self.product_starts, self.products, who), minlength=len(self.codes))
            found[list(mine)] = 0
            strength = found / np.sqrt(len(who) * np.maximum(count, 1)) * (found / (found + SHRUNK))
            for other in np.argsort(strength)[::-1][: most + 1].tolist():
                also = int(found[other])
                if also < FEWEST_ALSO or (other in best and best[other].strength >= strength[other]):
                    continue
                best[other] = Together(
                    self.codes[other], self.titles[other], self.prices[other], code, len(who), also,
                    float(strength[other]),
                )  # fmt: skip
        return sorted(best.values(), key=lambda one: -one.strength)[:most]


def baskets(tx: Tx, columns: Columns) -> Baskets:
    """The shop's, remembered with the columns."""
    memory: list[Baskets] = columns.derived(("baskets", tx.today_number), list)
    if not memory:  # not while `derived` makes others wait
        memory.append(_read(tx))
    return memory[0]


def _read(tx: Tx) -> Baskets:
    rows = tx.connection.exec_driver_sql(
        f"""SELECT o.customer_id, o.day, {_CODE}, i.title, i.quantity,
                   CASE WHEN o.currency = :currency THEN coalesce(i.price, i.paid / max(i.quantity, 1)) END
              FROM (SELECT id, customer_id, day, currency FROM orders
                     WHERE valid AND kind = 'order' AND customer_id IS NOT NULL AND day <= :today
                     ORDER BY id DESC LIMIT {NEWEST}) o
              CROSS JOIN order_items i ON i.order_id = o.id
             WHERE i.quantity > 0 AND i.refunded < coalesce(nullif(i.paid, 0), i.refunded + 1)""",
        {"currency": tx.shop.currency, "today": tx.today_number},
    )
    numbers: dict[str, int] = {}
    titles: list[str] = []
    prices: list[int | None] = []
    told: list[tuple[int, int, int, int]] = []
    for customer, day, code, title, quantity, price in rows:
        number = numbers.setdefault(code, len(numbers))
        if number == len(titles):
            titles.append(title)
            prices.append(price)
        elif prices[number] is None:
            prices[number] = price
        told.append((customer, number, day, quantity))
    table = np.array(told, np.int64).reshape(-1, 4)
    people, places = np.unique(table[:, 0], return_inverse=True)
    pairs = np.unique(np.stack([places, table[:, 1]], axis=1), axis=0)
    by_product = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
    return Baskets(
        numbers=numbers,
        codes=tuple(numbers),
        titles=tuple(titles),
        prices=tuple(prices),
        product_starts=_starts(pairs[:, 0], len(people)),
        products=pairs[:, 1],
        buyer_starts=_starts(by_product[:, 1], len(numbers)),
        buyers=by_product[:, 0],
        days_per_unit=_durations(places, table, products=len(numbers)),
    )


def _starts(sorted_numbers: Ints, count: int) -> Ints:
    return np.searchsorted(sorted_numbers, np.arange(count + 1))


def _entries(starts: Ints, entries: Ints, of: Ints) -> Ints:
    """The entries of several customers, one after the other."""
    lengths = starts[of + 1] - starts[of]
    ends = np.cumsum(lengths)
    at = np.arange(ends[-1] if len(ends) else 0)
    found: Ints = entries[at - np.repeat(ends - lengths, lengths) + np.repeat(starts[of], lengths)]
    return found


def _durations(places: Ints, table: Ints, *, products: int) -> Floats:
    """The median gap per unit of those who bought the same again; nan under `FEWEST_GAPS` or where few came again."""
    found = np.full(products, np.nan)
    if not len(table):
        return found
    order = np.lexsort((table[:, 2], places, table[:, 1]))
    product, person, day = table[order, 1], places[order], table[order, 2]
    # What was bought on one day is one purchase.
    first = np.concatenate(
        [[True], (product[1:] != product[:-1]) | (person[1:] != person[:-1]) | (day[1:] != day[:-1])]
    )
    units = np.add.reduceat(table[order, 3], np.flatnonzero(first))
    product, person, day = product[first], person[first], day[first]
    again = (product[1:] == product[:-1]) & (person[1:] == person[:-1])
    of, gaps = product[1:][again], (day[1:] - day[:-1])[again] / units[:-1][again]
    came = np.unique(np.stack([of, person[1:][again]], axis=1), axis=0)[:, 0] if len(of) else of
    buyers = np.bincount(np.unique(np.stack([product, person], axis=1), axis=0)[:, 0], minlength=products)
    share = np.bincount(came, minlength=products) / np.maximum(buyers, 1)
    count = np.bincount(of, minlength=products)
    for number in np.flatnonzero((count >= FEWEST_GAPS) & (share >= CONSUMED)).tolist():
        found[number] = np.median(gaps[of == number])
    return found
