"""What to say first (U1): a greeting for the hour, from name and last purchase, or nothing where nothing is true.

With whom there is trouble, or it went badly the last time, one says so first and thanks for nothing.
"""

from __future__ import annotations

from typing import Final

from shopcrm.act.blanks import UNDER_WAY_DAYS
from shopcrm.act.desk import Card
from shopcrm.base import clock, names
from shopcrm.base.i18n import _
from shopcrm.base.titles import spoken
from shopcrm.collect.orders import OrderLine
from shopcrm.collect.reviews import ReviewLine

LONG_AGO_DAYS: Final = 90
BIRTHDAY_DAYS: Final = 3  # so long before a birthday is spoken of
_FAITHFUL: Final = ("privileged", "valuable", "to_maintain")  # groups that are thanked


def greeting(card: Card, *, today: int, hour: int | None = None) -> str:
    """The greeting, or "" when there is neither trouble nor a valid purchase to speak of.

    Args:
        card: the customer's.
        today: day number.
        hour: of the day where it is said now; None for words that are read later.
    """
    order = next((line for line in card.orders if line.valid and line.kind == "order" and line.items), None)
    sorry = _sorry(card)
    if sorry:
        said, closing = sorry, _birthday(card, today=today)
    elif order is None or order.day is None:
        return ""
    else:
        back = _came_back(card, order)
        band = card.due.band if card.due else ""
        said = _sentence(order, days=today - order.day, band=band, first=card.statistics.occasions == 1, back=back)
        said = said.format(product=spoken(order.items[0].title))
        closing = _birthday(card, today=today) or ("" if back else _closing(card, order))
    return _join([_hello(hour).format(name=called(card.name)), said, closing])


def _join(parts: list[str]) -> str:
    text = ""
    for part in parts:
        text = _("{said} {more}").format(said=text, more=part) if text and part else text or part
    return text


def _hello(hour: int | None) -> str:
    if hour is None or not 5 <= hour < 23:
        return _("Hi {name}!")
    if hour < 11:
        return _("Good morning {name}!")
    if hour < 13:
        return _("Good day {name}!")
    return _("Good afternoon {name}!") if hour < 18 else _("Good evening {name}!")


def _sorry(card: Card) -> str:
    """What is said first where something is open or went wrong; "" where all is well."""
    if card.trouble is not None:
        return _("I am sorry for the trouble you had. How does it stand now? Tell me and I will see to it.")
    badly = card.went_badly
    if badly is None:
        return ""
    order = next((line for line in card.orders if line.id == badly.order and line.items), None)
    product = badly.product if isinstance(badly, ReviewLine) else ""  # of an order of several she wrote of one
    if order is not None and not product:
        product = order.items[0].title
    if not product:
        return _("Last time you were not happy with us, and I am sorry. Is it all right now? Tell me if it is not.")
    said = _("I am sorry that you were not happy with the {product}. Is it all right now? Tell me if it is not.")
    return said.format(product=spoken(product))


def _came_back(card: Card, order: OrderLine) -> bool:
    """Whether money was given back for the order, or for one since."""
    newer = card.orders[: card.orders.index(order) + 1]
    return any(line.returned > 0 for line in newer)


def _sentence(order: OrderLine, *, days: int, band: str, first: bool, back: bool) -> str:
    if order.state == "paid" and days <= UNDER_WAY_DAYS:
        return _("We have your order of {product} and are getting it ready.")
    if order.state in ("shipped", "arrived") and days <= UNDER_WAY_DAYS:
        return _("Your {product} is on its way. Anything you need, just ask me.")
    soon = band in ("due", "overdue") and days < LONG_AGO_DAYS
    if back and soon:  # something was wrong with it: no word of the product
        return _("Running low at home? Tell me what you need and I will get it ready.")
    if back:
        return _("Good to see you again. What can I do for you?")
    if soon:
        return _("How is the {product} going? It may be about time for the next one.")
    if days >= LONG_AGO_DAYS:
        return _("It has been a while! How did you like the {product}?")
    if first:
        return _("How do you like your {product}, your first one from us?")
    return _("How are you getting on with the {product}?")


def _birthday(card: Card, *, today: int) -> str:
    born = card.birthday
    ahead = None if born is None else clock.day_number(born.on) - today
    if ahead == 0:
        return _("And a happy birthday to you today!")
    if ahead == 1:
        return _("And a happy birthday to you for tomorrow!")
    if ahead is not None and 0 < ahead <= BIRTHDAY_DAYS:
        return _("And an early happy birthday to you!")
    return ""


def _closing(card: Card, order: OrderLine) -> str:
    """What else is true of her and good to hear, one thing at most."""
    if order.state in ("paid", "shipped", "arrived"):
        return ""
    level = card.person.fields.get("member_level")
    if level:
        return _("You are our {level}: whatever you need, just say so.").format(level=level)
    if card.group in _FAITHFUL and card.statistics.occasions > 1:
        return _("Thank you for coming to us again and again.")
    return ""


def wish(name: str, *, days: int) -> str:
    """What to say to somebody's birthday, so many days ahead (negative: it is over). No word of buying."""
    name = called(name)
    if days == 0:
        return _("Hi {name}, happy birthday! I wish you a lovely day and a good year.").format(name=name)
    if days == 1:
        text = _("Hi {name}, your birthday is tomorrow: all the best, and have a lovely day!")
    elif days > 1:
        text = _("Hi {name}, your birthday is coming up: all the best from me already now!")
    else:
        text = _("Hi {name}, belated but warm wishes for your birthday! I hope you had a lovely day.")
    return text.format(name=name)


def called(name: str) -> str:
    """How one addresses somebody; a friendly word where no name can be said."""
    return names.called(name) or _("there")
