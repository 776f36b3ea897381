"""How the window says things: groups, platforms, states, kinds of identity, days and times as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from shopcrm.base import i18n, platforms, titles
from shopcrm.base.dates import format_day
from shopcrm.base.i18n import N_, _, n_
from shopcrm.base.money import format_money

# In the grid's order; what they are called stands in `mine.rfm`.
GROUPS: Final = (
    "privileged", "valuable", "to_maintain", "to_develop", "to_win_back", "to_revive", "ordinary", "low_value"
)  # fmt: skip

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "unpaid": (N_("Unpaid"), "warn"),
    "paid": (N_("Paid"), "info"),
    "shipped": (N_("Shipped"), "info"),
    "arrived": (N_("Arrived"), "info"),
    "signed": (N_("Signed for"), "good"),
    "finished": (N_("Finished"), "good"),
    "closed": (N_("Closed"), "neutral"),
    "refunded": (N_("Refunded"), "bad"),
}

IDENTITIES: Final[Mapping[str, str]] = {
    "buyer_id": N_("Buyer id"),
    "nick": N_("Nick"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "alipay": N_("Alipay"),
    "wechat": N_("WeChat"),
    "no_phone": N_("Phone"),
}

MATCHES: Final[Mapping[str, str]] = {
    **IDENTITIES,
    "name": N_("Name"),
    "pinyin": N_("Name"),
    "order": N_("Order"),
    "parcel": N_("Parcel"),
    "note": N_("Note"),
    "tag": N_("Tag"),
    "region": N_("Region"),
}

STAGES: Final[Mapping[str, str]] = {
    "reading": N_("reading"),
    "matching": N_("matching"),
    "writing": N_("writing"),
    "statistics": N_("counting"),
    "backup": N_("backing up"),
    "upgrading": N_("changing the tables"),
    "indexing": N_("making the search ready"),
    "undoing": N_("taking back"),
    "recounting": N_("working out the days"),
    "restoring": N_("copying"),
    "copying": N_("copying"),
    "checking": N_("checking"),
    "deliveries": N_("comparing deliveries"),
    "nicks": N_("comparing nicks"),
}


def stage(key: str) -> str:
    """What a job is at."""
    return _(STAGES[key]) if key in STAGES else ""


def group(key: str | None) -> str:
    """A group's name."""
    from shopcrm.mine import rfm

    return next((_(one.label) for one in rfm.GROUPS if one.key == key), "")


def platform(key: str) -> str:
    """A marketplace's name; a key from somebody's own mapping stays as it is."""
    return platforms.name(key)


def state(key: str) -> tuple[str, str]:
    """An order state's word and the tone of its badge."""
    word, tone = STATES.get(key, (key, "neutral"))
    return _(word), tone


def identity(kind: str) -> str:
    """What kind of identity it is."""
    return _(IDENTITIES[kind]) if kind in IDENTITIES else kind


def match(kind: str) -> str:
    """What a search has hit."""
    return _(MATCHES[kind]) if kind in MATCHES else kind


def days_ago(days: int) -> str:
    """Whole days in the past."""
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return n_("{n} day ago", "{n} days ago", days).format(n=days)


def day(value: date, *, today: date) -> str:
    """A date as a person writes it this year: 10月25日; with the year when it is another one."""
    return format_day(value, today=today, language=i18n.language())


def long_day(value: date) -> str:
    """A date with its weekday: 11月22日 周日, Sun, Nov 22."""
    from babel.dates import format_date, format_skeleton

    locale = i18n.language()
    if not locale.startswith("zh"):
        return format_skeleton("MMMEd", value, locale=locale)
    # CLDR writes 11月22日周日; a blank between the two is read faster.
    return f"{format_skeleton('MMMd', value, locale=locale)} {format_date(value, 'EEE', locale=locale)}"


def moment(value: datetime, *, today: date) -> str:
    """A time, in the shop's zone, as people say it: 今天 14:05, 昨天 09:10, 10月25日."""
    days = (today - value.date()).days
    clock = f"{value:%H:%M}"
    if days == 0:
        return _("today {time}").format(time=clock)
    if days == 1:
        return _("yesterday {time}").format(time=clock)
    return day(value.date(), today=today)


def since(seconds: float) -> str:
    """How long ago, roughly."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return n_("{n} minute ago", "{n} minutes ago", minutes).format(n=minutes)
    hours = minutes // 60
    if hours < 24:
        return n_("{n} hour ago", "{n} hours ago", hours).format(n=hours)
    return n_("{n} day ago", "{n} days ago", hours // 24).format(n=hours // 24)


def size(count: int) -> str:
    """How large a file is."""
    return f"{count / 1_000_000:,.1f} MB" if count >= 100_000 else f"{-(-count // 1_000):,} KB"


def phone(value: str) -> str:
    """A mainland mobile in groups of 3-4-4, anything else as it is. Only for the eye: copies are exact."""
    digits = value.removeprefix("+86")
    if len(digits) == 11 and digits.isdigit() and digits.startswith("1"):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return value


def place(province: str | None, city: str | None) -> str:
    """A region in few characters: 浙江 杭州."""
    from shopcrm.base import region, region_words

    return region_words.shown(region.place(province, city))


short_title = titles.short_title


def warm() -> None:
    """Load what the first date and amount need (the calendar data of the language): off the GUI thread."""
    day(date(2026, 1, 1), today=date(2026, 1, 2))
    format_money(100, currency="CNY", language=i18n.language())
