"""Invents the people of the demo shop and what they bought in two years, in two stores, on WeChat and over the counter.

Pure: the same seed and date make the same shop; the language only decides what its goods are called.

What is sold, how people buy and who stands in the front row is told in `resources/demo/*.toml`.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Final

from shopcrm.base.money import to_minor
from shopcrm.base.resources import resource

DAYS: Final = 730  # two years
CUSTOMERS: Final = 3_000
CURRENCY: Final = "CNY"
_MONTH_DAYS: Final = 30.44
_BUSY_DAYS: Final = ((6, 18), (11, 11), (12, 12))
_HOURS: Final = (8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 19, 20, 20, 21, 21, 21, 22, 22, 23)
_DISCOUNTS: Final = (0, 0, 0, 0, 500, 1000, 2000)


class Fate(StrEnum):
    """What became of an order."""

    UNPAID = "unpaid"
    CLOSED = "closed"  # never paid
    WAITING = "waiting"  # paid, to be shipped
    SHIPPED = "shipped"
    ARRIVED = "arrived"  # at the parcel shop
    SIGNED = "signed"
    DONE = "done"
    SENT_BACK = "sent_back"  # fully refunded


@dataclass(frozen=True)
class Product:
    """An article, for babies of `first_month` ≤ age < `end_month`."""

    kind: str
    code: str
    title: str
    variant: str
    price: int
    first_month: int
    end_month: int


@dataclass(frozen=True)
class Wish:
    """One entry of a basket."""

    kind: str
    least: int
    most: int
    chance: float


@dataclass(frozen=True)
class Habit:
    """A way of buying. `times` None: goes on until she stops."""

    key: str
    share: int
    cycle: tuple[int, int]
    times: tuple[int, int] | None
    loyal: float
    basket: tuple[Wish, ...]


@dataclass(frozen=True)
class Buyer:
    """A customer as the marketplace knows her, and as it shows her to the seller."""

    nick: str
    recipient: str
    phone: str
    province: str
    city: str
    district: str
    street: str
    postcode: str
    habit: Habit
    born: date  # the baby
    tail: int  # the last digits of all her order numbers
    channel: str  # where she buys
    moves_to: str = ""  # where she buys later on, or now and then
    other_nick: str = ""  # what she is called there, on WeChat
    star: bool = False


@dataclass(frozen=True)
class Line:
    """One article of an order."""

    product: Product
    quantity: int
    paid: int
    refunded: int


@dataclass(frozen=True)
class Purchase:
    """One order."""

    number: str
    channel: str
    buyer: Buyer
    nick: str  # as the report shows it
    fate: Fate
    created: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    signed_at: datetime | None
    finished_at: datetime | None
    lines: tuple[Line, ...]
    postage: int
    message: str
    seller_note: str

    @property
    def payable(self) -> int:
        """Goods at their prices and postage."""
        return sum(line.product.price * line.quantity for line in self.lines) + self.postage

    @property
    def paid(self) -> int:
        """What the buyer paid, or would have."""
        return sum(line.paid for line in self.lines) + self.postage

    @property
    def refunded(self) -> int:
        """What she got back."""
        return self.paid if self.fate is Fate.SENT_BACK else sum(line.refunded for line in self.lines)


@cache
def catalogue() -> Mapping[str, Any]:
    """`resources/demo/catalogue.toml`."""
    return tomllib.loads(resource("demo", "catalogue.toml").read_text(encoding="utf-8"))


@cache
def people() -> Mapping[str, Any]:
    """`resources/demo/people.toml`."""
    return tomllib.loads(resource("demo", "people.toml").read_text(encoding="utf-8"))


def invent(*, as_of: date, customers: int = CUSTOMERS, seed: int = 1, language: str = "zh_CN") -> list[Purchase]:
    """All orders of the demo shop up to the evening before `as_of`, oldest first."""
    rng = random.Random(seed)  # noqa: S311  # invented people, no secret
    made = _Inventor(rng, as_of, language).purchases(customers)
    return sorted(
        (_on_its_way(purchase, as_of) for purchase in made), key=lambda purchase: (purchase.created, purchase.number)
    )


class _Inventor:
    def __init__(self, rng: random.Random, as_of: date, language: str) -> None:
        self.rng = rng
        self.as_of = as_of
        self.habits = {habit.key: habit for habit in map(_habit, catalogue()["habit"])}
        self.products = [_product(entry, language) for entry in catalogue()["product"]]
        self.channels = {entry["key"]: entry for entry in catalogue()["channel"]}
        self.messages = people()["messages"][language]
        self.seller_notes = people()["seller_notes"][language]
        self.places = people()["places"].strip().splitlines()
        self.used = {star[key] for star in people()["star"] for key in ("nick", "phone")}
        self.count = 0

    def purchases(self, customers: int) -> Iterator[Purchase]:
        stars = people()["star"]
        for star in stars:
            yield from self._of_star(star)
        share = sum(habit.share for habit in self.habits.values())
        rest = customers - len(stars)
        for habit in self.habits.values():
            for _ in range(round(rest * habit.share / share)):
                days_ago = self._days_ago(habit)
                age = self.rng.uniform(0, 9) + days_ago[0] / _MONTH_DAYS
                yield from self._history(self._buyer(habit, age=age), days_ago)

    # people

    def _buyer(self, habit: Habit, *, age: float) -> Buyer:
        rng = self.rng
        surname = rng.choice(people()["surnames"].split())
        given = rng.choice(people()["given"].split())
        # Since 2021 the marketplace hides most names and phones from the seller.
        channel = rng.choices([*self.channels], [each["share"] for each in self.channels.values()])[0]
        open_names = {"weixin": 0.7, "manual": 1.0}.get(channel, 0.4)
        recipient = surname + given if rng.random() < open_names else surname + "*" * len(given)
        place = self.places[min(int(rng.triangular(0, len(self.places), 0)), len(self.places) - 1)]
        phone = self._phone(plain=channel in ("weixin", "manual"))
        buyer = self._settled(self._nick(), recipient, phone=phone, place=place, habit=habit, age=age, channel=channel)
        moves_to = self._moves(buyer)
        return replace(buyer, moves_to=moves_to, other_nick=self._nick() if moves_to == "weixin" else "")

    def _moves(self, buyer: Buyer) -> str:
        """Another store on the same marketplace, or WeChat, by whose phone she is known again."""
        if buyer.habit.times is not None or buyer.channel not in ("taobao", "tmall"):
            return ""
        known = buyer.phone.isdigit()
        for key, channel in self.channels.items():
            if key != buyer.channel and (known or key != "weixin") and self.rng.random() < channel["moves"]:
                return str(key)
        return ""

    def _settled(
        self, nick: str, recipient: str, *, phone: str, place: str, habit: Habit, age: float, channel: str
    ) -> Buyer:
        province, city, district, postcode = place.split()
        street = f"{self.rng.choice(people()['streets'])}{self.rng.randint(1, 180)}号{self.rng.randint(1, 30)}幢"
        born = self.as_of - timedelta(days=round(age * _MONTH_DAYS))
        tail = int(phone[-4:])
        return Buyer(nick, recipient, phone, province, city, district, street, postcode, habit, born, tail, channel)

    def _phone(self, *, plain: bool) -> str:
        """One of an invented block, a marketplace's stand-in with an extension, or masked."""
        tail = self.rng.randint(1000, 9999)
        kind = self.rng.choices(("plain", "stand-in", "masked"), (3, 2, 7))[0]
        number = f"1380013{tail}"
        if (plain or kind == "plain") and number not in self.used:
            self.used.add(number)
            return number
        if plain:
            return self._phone(plain=True)
        return f"184{self.rng.randint(10_000_000, 99_999_999)}-{tail}" if kind == "stand-in" else f"*******{tail}"

    def _nick(self) -> str:
        while True:
            word, tail = self.rng.choice(people()["nicks"].split()), self.rng.choice(people()["nick_tails"])
            nick = self.rng.choice((f"{word}_{tail}", f"{word}{tail}", f"{tail}_{word}", f"{word}.{tail}"))
            nick += self.rng.choice(("", str(self.rng.randint(2, 99))))
            if nick not in self.used:
                self.used.add(nick)
                return nick

    # when they buy

    def _days_ago(self, habit: Habit) -> list[int]:
        rng = self.rng
        cycle = rng.uniform(*habit.cycle)
        if habit.times is not None:
            return self._a_few_days(rng.randint(*habit.times), cycle)
        days = self._rhythm(45 + round((DAYS - 45) * rng.random() ** 1.35), cycle)
        if rng.random() >= habit.loyal and len(days) > 2:
            return days[: rng.randint(2, max(2, len(days) - 4))]  # she stopped
        return days[:-1] if rng.random() < 0.15 and len(days) > 2 else days  # late this time

    def _a_few_days(self, times: int, cycle: float) -> list[int]:
        first = round(DAYS * self.rng.random() ** 1.3)
        if self.rng.random() < 0.25:
            first = self.rng.choice(_busy_days_ago(self.as_of)) - self.rng.randint(0, 1)
        return [day for day in (round(first - cycle * n) for n in range(times)) if day >= 1] or [max(first, 1)]

    def _rhythm(self, first: int, cycle: float) -> list[int]:
        days, day = [], float(first)
        while day >= 1:
            days.append(round(day))
            day -= max(cycle * 0.6, self.rng.gauss(cycle, cycle * 0.1))
        return days

    # what they buy

    def _of_star(self, star: Mapping[str, Any]) -> Iterator[Purchase]:
        habit = self.habits[star["habit"]]
        buyer = self._settled(
            star["nick"], star["name"], phone=star["phone"], place=star["place"], habit=habit, age=star["age"],
            channel="taobao",
        )  # fmt: skip
        buyer = replace(buyer, star=True, moves_to=star.get("moves_to", ""), other_nick=star.get("other_nick", ""))
        days = [star["since"] + star["cycle"] * n + (n % 3 - 1) * bool(n) for n in range(star["times"])][::-1]
        refund = star["times"] - 2 if star.get("open") == "refund" else None
        for n, day in enumerate(days):
            yield self._purchase(
                buyer, self._evening(day), self._fate_by_age(day), partly_refunded=n == refund,
                channel=buyer.moves_to if buyer.moves_to and n == 2 else "",
            )  # fmt: skip
        if star.get("open") == "unpaid":
            yield self._purchase(buyer, self._evening(1), Fate.UNPAID)

    def _history(self, buyer: Buyer, days_ago: Sequence[int]) -> Iterator[Purchase]:
        rng = self.rng
        moved_at = rng.randint(1, max(1, len(days_ago) - 1))
        for n, day in enumerate(days_ago):
            created = self._evening(day)
            channel = buyer.moves_to if n >= moved_at and rng.random() < 0.7 else ""
            if buyer.habit.key == "never":
                fate = Fate.UNPAID if day <= 1 else rng.choice((Fate.CLOSED, Fate.SENT_BACK))
                yield self._purchase(buyer, created, fate)
                continue
            if rng.random() < 0.04:  # ordered twice, paid once
                yield self._purchase(buyer, created - timedelta(minutes=rng.randint(5, 90)), Fate.CLOSED)
            fate = Fate.SENT_BACK if rng.random() < 0.02 and day > 8 else self._fate_by_age(day)
            yield self._purchase(buyer, created, fate, partly_refunded=rng.random() < 0.04, channel=channel)
        if buyer.habit.times is None and rng.random() < 0.05:
            yield self._purchase(buyer, self._evening(1), Fate.UNPAID)

    def _evening(self, days_ago: int) -> datetime:
        at = time(self.rng.choice(_HOURS), self.rng.randint(0, 49), self.rng.randint(0, 59))
        return datetime.combine(self.as_of - timedelta(days=days_ago), at)

    def _fate_by_age(self, days_ago: int) -> Fate:
        for fate, days in ((Fate.WAITING, 1), (Fate.SHIPPED, 2), (Fate.ARRIVED, 6), (Fate.SIGNED, 9)):
            if days_ago <= days:
                return fate
        return Fate.DONE

    def _purchase(
        self, buyer: Buyer, created: datetime, fate: Fate, *, partly_refunded: bool = False, channel: str = ""
    ) -> Purchase:
        rng = self.rng
        self.count += 1
        channel = channel or buyer.channel
        if fate is Fate.ARRIVED and channel in ("taobao", "tmall"):
            fate = Fate.SHIPPED  # their reports know no such state
        lines = self._lines(buyer, created.date())
        goods = sum(line.paid for line in lines)
        if fate is Fate.DONE and partly_refunded:
            last = lines[-1]
            back = last.paid if len(lines) > 1 else max(last.paid // 10, 1)
            lines[-1] = Line(last.product, last.quantity, last.paid, back)
        paid_at = None if fate in (Fate.UNPAID, Fate.CLOSED) else created + timedelta(seconds=rng.randint(15, 540))
        shipped_at = paid_at + timedelta(hours=rng.randint(3, 14)) if paid_at and fate is not Fate.WAITING else None
        under_way = fate in (Fate.SHIPPED, Fate.ARRIVED)
        signed_at = shipped_at + timedelta(hours=rng.randint(30, 60)) if shipped_at and not under_way else None
        finished_at = signed_at + timedelta(hours=rng.randint(30, 90)) if signed_at and fate is Fate.DONE else None
        nick = buyer.other_nick if channel != buyer.channel and buyer.other_nick else buyer.nick
        # Of a few buyers the report hides even the account: nobody can tell who that was.
        hidden = buyer.habit.key.startswith("once") and rng.random() < 0.06 and buyer.recipient.endswith("*")
        return Purchase(
            number=f"{created:%y%m%d%H%M%S}{self.count % 1000:03d}{buyer.tail:04d}",
            channel=channel,
            buyer=buyer,
            nick=f"{buyer.nick[0]}**" if hidden else nick,
            fate=fate,
            created=created,
            paid_at=paid_at,
            shipped_at=shipped_at,
            signed_at=signed_at,
            finished_at=finished_at,
            lines=tuple(lines),
            postage=0 if goods >= 4_900 else 800,
            message=rng.choice(self.messages),
            seller_note=rng.choice(self.seller_notes),
        )

    def _lines(self, buyer: Buyer, day: date) -> list[Line]:
        rng = self.rng
        age = (day - buyer.born).days / _MONTH_DAYS
        wanted = [wish for wish in buyer.habit.basket if rng.random() < wish.chance] or [buyer.habit.basket[0]]
        chosen = [(self._product(wish.kind, age), rng.randint(wish.least, wish.most)) for wish in wanted]
        discount = rng.choice(_DISCOUNTS) if sum(product.price * pieces for product, pieces in chosen) > 10_000 else 0
        lines = [Line(product, pieces, product.price * pieces, 0) for product, pieces in chosen]
        lines[0] = Line(lines[0].product, lines[0].quantity, lines[0].paid - discount, 0)
        return lines

    def _product(self, kind: str, age: float) -> Product:
        of_kind = [product for product in self.products if product.kind == kind]
        fitting = [product for product in of_kind if product.first_month <= age < product.end_month]
        return self.rng.choice(fitting) if fitting else min(of_kind, key=lambda product: abs(product.first_month - age))


def _on_its_way(purchase: Purchase, as_of: date) -> Purchase:
    """The same with what became of its parcel: of those on their way most arrive, a few are late, or never left."""
    luck = int(purchase.number[-7:-4])  # counted up from order to order
    since = (as_of - purchase.created.date()).days
    if purchase.buyer.star or purchase.shipped_at is None or purchase.fate is Fate.SENT_BACK:
        return purchase
    if purchase.fate is Fate.SHIPPED and since >= 2 and luck % 6 == 0:
        if since > 3:
            return purchase  # late
        return replace(purchase, fate=Fate.WAITING, shipped_at=None)
    if purchase.fate is Fate.SHIPPED and since >= 4:
        return replace(purchase, fate=Fate.SIGNED, signed_at=purchase.shipped_at + timedelta(hours=36 + luck % 24))
    if 7 <= since <= 13 and luck % 24 == 0:
        return replace(purchase, fate=Fate.SHIPPED, signed_at=None, finished_at=None)  # nobody knows where it is
    if since > 13 and purchase.signed_at and purchase.finished_at:  # the second carrier is the slower one
        slower = timedelta(days=(purchase.buyer.tail % 3 == 0) + (luck % 5 == 0))
        return replace(purchase, signed_at=purchase.signed_at + slower, finished_at=purchase.finished_at + slower)
    return purchase


def _busy_days_ago(as_of: date) -> list[int]:
    days = [(as_of - date(year, month, day)).days for year in (as_of.year - 1, as_of.year) for month, day in _BUSY_DAYS]
    return [day for day in days if 3 <= day <= DAYS]


def _product(entry: Mapping[str, Any], language: str) -> Product:
    price = to_minor(Decimal(entry["price"]), currency=CURRENCY)
    title, variant = entry["said"][language]
    return Product(entry["kind"], entry["code"], title, variant, price, entry.get("from", 0), entry.get("to", 99))


def _habit(entry: Mapping[str, Any]) -> Habit:
    times = (entry["times"][0], entry["times"][1]) if "times" in entry else None
    return Habit(
        key=entry["key"],
        share=entry["share"],
        cycle=(entry["cycle"][0], entry["cycle"][1]),
        times=times,
        loyal=entry.get("loyal", 0.0),
        basket=tuple(Wish(*wish) for wish in entry["basket"]),
    )
