"""What to say first (U1): a greeting from name and last purchase, or nothing where nothing true can be said."""

from __future__ import annotations

from shopcrm.act.blanks import UNDER_WAY_DAYS
from shopcrm.act.desk import Card
from shopcrm.base import names
from shopcrm.base.i18n import _
from shopcrm.base.titles import spoken
from shopcrm.collect.orders import OrderLine

LONG_AGO_DAYS = 90


def greeting(card: Card, *, today: int) -> str:
    """The greeting, or "" when there is no valid purchase to speak of. `today`: day number."""
    order = next((line for line in card.orders if line.valid and line.kind == "order" and line.items), None)
    if order is None or order.day is None:
        return ""
    name = called(card.name)
    product = spoken(order.items[0].title)
    text = _sentence(order, days=today - order.day, bands=card.due.band if card.due else "")
    return text.format(name=name, product=product)


def _sentence(order: OrderLine, *, days: int, bands: str) -> str:
    if order.state == "paid" and days <= UNDER_WAY_DAYS:
        return _("Hi {name}, we have your order of {product} and are getting it ready.")
    if order.state in ("shipped", "arrived") and days <= UNDER_WAY_DAYS:
        return _("Hi {name}, your {product} is on its way. Anything you need, just ask me.")
    soon = bands in ("due", "overdue") and days < LONG_AGO_DAYS
    if order.refunded and soon:  # something was wrong with it: no word of the product
        return _("Hi {name}, running low at home? Tell me what you need and I will get it ready.")
    if order.refunded:
        return _("Hi {name}, good to see you again. What can I do for you?")
    if soon:
        return _("Hi {name}, how is the {product} going? It may be about time for the next one.")
    if days >= LONG_AGO_DAYS:
        return _("Hi {name}, it has been a while! How did you like the {product}?")
    return _("Hi {name}, how are you getting on with the {product}?")


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
