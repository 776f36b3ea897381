"""What the blanks of a text say of a customer (U2, U16), and in which situations she is; read once from her card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shopcrm.act import desk
from shopcrm.act.desk import UNPAID_DAYS, Profile
from shopcrm.act.reminders import AHEAD_DAYS
from shopcrm.base import clock, names, region, region_words, templates, trade_presets
from shopcrm.base.dates import format_day
from shopcrm.base.i18n import N_
from shopcrm.base.money import format_money
from shopcrm.base.templates import Filled, Template
from shopcrm.base.text import is_masked
from shopcrm.base.titles import spoken
from shopcrm.collect import attribute_values, attributes
from shopcrm.collect.attribute_values import Attribute, Particular, Stage
from shopcrm.collect.orders import OrderLine
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

UNDER_WAY_DAYS: Final = 15  # marketplaces confirm by themselves after ten; an older state was only not exported again

# When a wording is the one to say, most pressing first.
SITUATIONS: Final[Mapping[str, str]] = {
    "unpaid": N_("Order not paid"),
    "birthday": N_("Birthday near"),
    "to_ship": N_("To be shipped"),
    "on_the_way": N_("On its way"),
    "received": N_("Just received"),
    "due": N_("Due again"),
    "dormant": N_("Silent for long"),
    "returning": N_("Bought before"),
    "new": N_("First purchase"),
}

_YES_NO: Final = {True: {True: "是", False: "否"}, False: {True: "yes", False: "no"}}  # Chinese or not, yes or no


@dataclass(frozen=True)
class Person:
    """A customer as texts speak of her. Filling needs no shop any more, so that a preview follows every letter."""

    id: int
    name: str
    values: Mapping[str, Mapping[str, str]]  # language → key of a blank → what stands there
    situations: tuple[str, ...]
    group: str | None = None  # of mine.rfm
    level: str | None = None  # as a member
    codes: tuple[str, ...] = ()  # of the products in orders under way, an article or else a title

    def fill(self, text: str) -> Filled:
        """A text filled for her, dates and amounts in the text's own language.

        Raises:
            TemplateFailure: the text has a blank without an end.
        """
        template = templates.parse(text, own=None)
        return templates.filled(template, self.values[language_of(template, tuple(self.values))])


def language_of(template: Template, languages: tuple[str, ...]) -> str:
    """The language of a text's words among two: Chinese where a Chinese character stands in them."""
    words = "".join(part for part in template if isinstance(part, str))
    if not any(letter.isalpha() for letter in words):
        return languages[0]
    chinese = any("\u3400" <= letter <= "\u9fff" for letter in words)
    return next(each for each in languages if each.startswith("zh") is chinese)


def person(tx: Tx, columns: Columns, customer_id: int) -> Person:
    """A customer's values and situations, as of `tx.as_of`.

    Raises:
        NoSuchCustomer: the id is nobody's.
    """
    return of_profile(tx, desk.profile(tx, columns, customer_id))


def of_profile(tx: Tx, profile: Profile) -> Person:
    """The same from a profile that was read already."""
    chinese = tx.language if tx.language.startswith("zh") else "zh_CN"
    languages = (chinese, "en") if tx.language == chinese else ("en", chinese)
    return Person(
        id=profile.id,
        name=profile.name,
        values={language: values(profile, today=tx.as_of, currency=tx.shop.currency, language=language)
                for language in languages},
        situations=tuple(
            sorted(_situations(tx, profile, today=tx.today_number), key=list(SITUATIONS).index)
        ),
        group=profile.group,
        level=profile.person.fields.get("member_level"),
        codes=_open_codes(profile, today=tx.today_number),
    )  # fmt: skip


def values(profile: Profile, *, today: date, currency: str, language: str) -> dict[str, str]:
    """By key what each blank says of a customer; what cannot be said truly is left out.

    A mask, a nick or a company is nobody's name. Sums are in the shop's currency, an unpaid order's in its own.
    """
    bought = next((line for line in profile.orders if line.valid and line.kind == "order"), None)
    unpaid = _unpaid(profile, today=clock.day_number(today))
    newest = next((line for line in profile.orders if line.kind == "order"), None)
    figures, called = profile.statistics, names.called(profile.name)
    nick = next((line.display for line in profile.identities if line.kind in ("buyer_id", "nick")), "")
    found = {
        "called": called,
        "name": profile.name.strip() if called else "",
        "nick": "" if is_masked(nick) else nick,
        "city": region_words.shown(region.place(None, profile.city)),
        "last_product": _product(bought),
        "order_tail": newest.number[-4:] if newest is not None else "",
        "shop": next((line.store for line in profile.orders if line.store), ""),
        "unpaid_product": _product(unpaid),
        "company": profile.person.fields.get("company") or "",
        "occupation": profile.person.fields.get("occupation") or "",
    }
    if figures.last_at is not None:
        found["last_date"] = format_day(figures.last_at, today=today, language=language)
        found["days_since"] = str((today - figures.last_at).days)
        found["times"] = str(figures.occasions)
        found["total"] = format_money(figures.net_total, currency=currency, language=language)
    if profile.due is not None and profile.due.band != "gone":
        found["due_date"] = format_day(profile.due.due_on, today=today, language=language)
    if profile.birthday is not None:
        found["birthday"] = format_day(profile.birthday.on, today=today, language=language)
    if unpaid is not None and unpaid.asked:
        found["unpaid_amount"] = format_money(unpaid.asked, currency=unpaid.currency, language=language)
    found |= _attributes(profile.attributes, today=today, language=language)
    return {key: value for key, value in found.items() if value}


def own_words(tx: Tx) -> tuple[str, ...]:
    """What a text of this shop may call its attributes beside the words of the presets: for `templates.check`."""
    found = attributes.defined(tx, hidden=True)
    return (*(one.label for one in found), *(one.key for one in found if one.own))


def _attributes(lines: Sequence[Particular], *, today: date, language: str) -> dict[str, str]:
    """By key, and by what the owner calls it, what is said of each trade attribute."""
    found: dict[str, str] = {}
    for line in lines:
        if line.value is not None:
            attribute = _in_language(line.attribute, language)
            said = _said(Particular(attribute, line.value), today=today, language=language)
            found |= {line.attribute.key: said, templates.own_key(line.attribute.label): said}
    return found


def _in_language(attribute: Attribute, language: str) -> Attribute:
    """The attribute with the words of another language than the window's."""
    told = trade_presets.known().get(attribute.key)
    return attribute if told is None else attribute_values.of_preset(told, language=language)


def _said(line: Particular, *, today: date, language: str) -> str:
    value, chinese = line.value, language.startswith("zh")
    match value:
        case None:
            return ""
        case bool():
            return _YES_NO[chinese][value]
        case Stage():
            return line.attribute.shown(value)
        case tuple():
            return ("、" if chinese else ", ").join(line.attribute.choice(str(each)) for each in value)
        case date():
            return format_day(value, today=today, language=language)
        case _:
            return line.attribute.shown(value)


def _product(order: OrderLine | None) -> str:
    return spoken(order.items[0].title) if order is not None and order.items else ""


def _open_codes(profile: Profile, *, today: int) -> tuple[str, ...]:
    """What the customer may be asking about: the products of orders that are not finished and not old."""
    found = [
        item.article or item.title
        for line in profile.orders
        if line.state in ("unpaid", "paid", "shipped", "arrived", "signed")
        and _recent(line, today, UNPAID_DAYS if line.state == "unpaid" else UNDER_WAY_DAYS)
        for item in line.items
    ]
    return tuple(dict.fromkeys(found))


def _unpaid(profile: Profile, *, today: int) -> OrderLine | None:
    """The newest order that still waits to be paid."""
    return next((line for line in profile.orders if line.state == "unpaid" and _recent(line, today, UNPAID_DAYS)), None)


def _recent(order: OrderLine, today: int, days: int) -> bool:
    return order.kind == "order" and order.day is not None and today - order.day <= days


def _situations(tx: Tx, profile: Profile, *, today: int) -> Iterator[str]:
    """With whom something is wrong, only what is under way is spoken of: no word that is glad, or sells."""
    well = profile.trouble is None and profile.went_badly is None
    if _unpaid(profile, today=today) is not None:
        yield "unpaid"
    if well and profile.birthday is not None and (profile.birthday.on - tx.as_of).days <= AHEAD_DAYS:
        yield "birthday"
    last = next((line for line in profile.orders if line.valid and line.kind == "order"), None)
    if last is not None and _recent(last, today, UNDER_WAY_DAYS):
        if last.state == "paid":
            yield "to_ship"
        elif last.state in ("shipped", "arrived"):
            yield "on_the_way"
        elif well and not last.refunded:
            yield "received"
    if not well:
        return
    if profile.due is not None and profile.due.band in ("due", "overdue"):
        yield "due"
    if profile.due is not None and profile.due.band in ("at_risk", "gone"):
        yield "dormant"
    yield "returning" if profile.statistics.occasions > 1 else "new"
