"""What the demo shop's owner knows of her customers: babies, sizes, birthdays, notes and tags, and a list worked daily.

Written through the functions that the window calls. The same shop, day and language make the same of it.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Any, Final

from shopcrm.act import reminders
from shopcrm.base import clock, lunar, phone
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday
from shopcrm.base.options import TRADE
from shopcrm.base.resources import resource
from shopcrm.base.text import fold
from shopcrm.collect import attributes, birthdays, customers, notes, settings, tags
from shopcrm.collect.attribute_values import Value, whole_months
from shopcrm.jobs.demo_history import Buyer, Purchase, people
from shopcrm.mine.cycles import DUE_FROM
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

TRADE_KEY: Final = "mother_baby"
_SIZES: Final = ((3, "59"), (6, "66"), (12, "73"), (20, "80"), (30, "90"), (999, "100"))
_NAPPIES: Final = ((2, "NB"), (5, "S"), (10, "M"), (20, "L"), (30, "XL"), (999, "XXL"))
_FEEDING: Final = ("formula", "formula", "mixed", "breast", "solid")
_TASTES: Final = (("mild",), ("mild",), ("fruity",), ("not_milky",), ("salty",), ("mild", "fruity"))


@dataclass(frozen=True)
class Person:
    """A customer of the shop and the buyer behind her."""

    id: int
    buyer: Buyer
    orders: int
    last: Purchase
    star: Mapping[str, Any] | None  # who stands in the front row

    @property
    def newest(self) -> date:
        """When she last ordered."""
        return self.last.created.date()


def write(tx: Tx, purchases: Sequence[Purchase], *, language: str) -> list[Person]:
    """Tell the shop what its owner knows of the buyers of these purchases. Returns those who are known."""
    words = tomllib.loads(resource("demo", "words.toml").read_text(encoding="utf-8"))[language]
    known = list(_persons(tx, purchases))
    settings.choose(tx, {TRADE: TRADE_KEY})
    facts: dict[int, dict[str, Value | None]] = {}
    born: dict[int, Birthday | None] = {}
    worn: dict[str, list[int]] = {}
    for person in known:
        rng = random.Random(person.buyer.nick)  # noqa: S311  # invented people, no secret
        if told := _facts(rng, person, words["babies"], today=tx.as_of):
            facts[person.id] = told
        if (birthday := _birthday(rng, person, today=tx.as_of)) is not None:
            born[person.id] = birthday
        if person.star is None and rng.random() < 0.025 * min(person.orders, 8):
            worn.setdefault(rng.choice(words["more_tags"]), []).append(person.id)
        if person.star is None and rng.random() < 0.02 * min(person.orders, 8):
            _note(tx, person.id, rng.choice(words["more_notes"]), on=person.newest)
    attributes.put(tx, facts)
    birthdays.put(tx, born)
    _tell_of_stars(tx, {person.buyer.nick: person for person in known if person.star}, words, worn)
    for name, ids in worn.items():
        tags.put(tx, ids, name=name)
    for tag in tags.all_tags(tx):
        colour, group = words["tag_looks"].get(tag.name, (None, ""))
        if colour is not None:
            tags.paint(tx, tag.id, colour=colour)
            tags.group_under(tx, tag.id, group=group)
    return known


def _tell_of_stars(tx: Tx, stars: Mapping[str, Person], words: Mapping[str, Any], worn: dict[str, list[int]]) -> None:
    for nick, texts in words["notes"].items():
        for place, text in enumerate(texts):
            _note(tx, stars[nick].id, text, on=stars[nick].newest - timedelta(days=20 * (len(texts) - place)))
    for name, nicks in words["tags"].items():
        worn.setdefault(name, []).extend(stars[nick].id for nick in nicks)


def work_through(tx: Tx, columns: Columns, *, but: Collection[int]) -> None:
    """Let the list have been worked, from its top as one does: most were written to, few were put aside or left.

    `but`: the front row, who are left. Who stood before them was dealt with, of who came on today this morning.
    """
    at_top = True
    for item in reminders.due_list(tx, columns):
        if item.customer in but:
            at_top = False
            continue
        rng = random.Random(f"{item.customer} {item.anchor_day}")  # noqa: S311  # no secret
        listed_from = item.anchor_day if item.birthday else item.anchor_day + ceil(item.cycle_days * DUE_FROM)
        day = min(listed_from + rng.choice((0, 0, 0, 1, 2)), tx.today_number - 1)
        if at_top:
            day = max(day, min(listed_from, tx.today_number)) if not item.birthday else tx.today_number
        elif day < listed_from or rng.random() >= (0.6 if item.birthday else 0.96):
            continue
        outcome: reminders.Outcome = "skipped" if rng.random() < 0.1 else "done"
        then = on_day(tx, clock.day_date(day))
        reminders.act(then, item.customer, reason=item.reason, anchor_day=item.anchor_day, outcome=outcome)


def _persons(tx: Tx, purchases: Sequence[Purchase]) -> Iterator[Person]:
    """The customers whose buyers are known, each once."""
    ids = {value: customer for customer, value in customers.first_identities(tx).items()}
    stars = {star["nick"]: star for star in people()["star"]}
    orders: dict[str, list[Purchase]] = {}
    for purchase in purchases:
        if purchase.nick == purchase.buyer.nick:
            orders.setdefault(purchase.nick, []).append(purchase)
    seen: set[int] = set()
    for nick, theirs in orders.items():
        buyer = theirs[0].buyer
        number = phone.normalise(buyer.phone)
        customer = ids.get(fold(nick)) or (ids.get(number) if number else None)
        if customer is not None and customer not in seen:
            seen.add(customer)
            yield Person(customer, buyer, len(theirs), theirs[-1], stars.get(nick))


def _facts(rng: random.Random, person: Person, babies: Sequence[str], *, today: date) -> dict[str, Value | None] | None:
    """Baby, sizes and taste: of regulars mostly known, of passers-by seldom."""
    star = person.star
    if star is not None:
        if "baby" not in star:
            return None
        name, sex = babies[star["baby"]], star["baby_sex"]
    elif rng.random() >= min(0.1 * person.orders, 0.6):
        return None
    else:
        name, sex = rng.choice(babies), rng.choice(("girl", "boy"))
    age = whole_months(person.buyer.born, today)
    found: dict[str, Value | None] = {"baby_name": name, "baby_sex": sex, "baby_born": person.buyer.born}
    if star is not None or rng.random() < 0.5:
        found["clothing_size"] = (star or {}).get("size", _by_age(_SIZES, age))
    if star is not None or rng.random() < 0.5:
        found["nappy_size"] = _by_age(_NAPPIES, age)
    if star is not None:
        found.update({"taste": tuple(star["taste"])} if "taste" in star else {})
        found.update({"feeding": star["feeding"]} if "feeding" in star else {})
    elif rng.random() < 0.3:
        found["taste"] = rng.choice(_TASTES)
    return found | _more_facts(person, babies, today=today)


def _more_facts(person: Person, babies: Sequence[str], *, today: date) -> dict[str, Value | None]:
    """How some babies are fed, and of some mothers a second child."""
    rng = random.Random(f"{person.buyer.nick} more")  # noqa: S311  # no secret
    second = person.star.get("second") if person.star else None
    if second is not None:
        name, sex, age = babies[second["baby"]], second["sex"], second["age"]
    elif person.star is not None:
        return {}
    else:
        name, sex, age = rng.choice(babies), rng.choice(("girl", "boy")), rng.uniform(0, 12)
    found: dict[str, Value | None] = {}
    if person.star is None and rng.random() < 0.3:
        found["feeding"] = rng.choice(_FEEDING)
    if second is not None or rng.random() < 0.1:
        found |= {"baby2_name": name, "baby2_sex": sex, "baby2_born": today - timedelta(days=round(age * 30.44))}
    return found


def _by_age(steps: Iterable[tuple[int, str]], months: int) -> str:
    return next(size for below, size in steps if months < below)


def _birthday(rng: random.Random, person: Person, *, today: date) -> Birthday | None:
    """The mother's own: some know only month and day, some keep the lunar one."""
    told = person.star.get("birthday") if person.star else None
    if told is not None:
        day = today + timedelta(days=told["in"])
        return _birthday_on(day, calendar=told["calendar"], year=told.get("year"))
    if person.star or rng.random() >= min(0.04 * person.orders, 0.3):
        return None
    day = date(today.year - rng.randint(24, 38), 1, 1) + timedelta(days=rng.randint(0, 364))
    year = day.year if rng.random() < 0.6 else None
    return _birthday_on(day, calendar=LUNAR if rng.random() < 0.3 else SOLAR, year=year)


def _birthday_on(day: date, *, calendar: str, year: int | None) -> Birthday:
    if calendar == SOLAR:
        return Birthday(SOLAR, day.month, day.day if (day.month, day.day) != (2, 29) else 28, year)
    on = lunar.of_day(day)
    # A leap month of today is none in the year of birth: the ordinary one is meant, and its last day is the 29th.
    return Birthday(LUNAR, on.month, min(on.day, 29), year)


def _note(tx: Tx, customer: int, text: str, *, on: date) -> None:
    notes.add(on_day(tx, min(on, tx.as_of)), customer, text=text)


def on_day(tx: Tx, day: date) -> Tx:
    """The transaction as it would have been on an earlier day."""
    return replace(tx, as_of=day, now=tx.now - timedelta(days=(tx.as_of - day).days), change_set=None)
