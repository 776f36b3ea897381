"""How the lines of the timeline read: the day, what happened, how much, who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from shopcrm.act.reminders import REASONS as DUE_REASONS
from shopcrm.act.timeline import (
    ImportTold,
    Kind,
    Line,
    MergeTold,
    Place,
    ReminderDone,
    ScriptUse,
    TagChange,
    What,
)
from shopcrm.base import clock
from shopcrm.base.i18n import N_, _, n_, p_
from shopcrm.collect import follow_ups
from shopcrm.collect.attribute_values import Attribute, Value
from shopcrm.collect.follow_ups import FollowUpLine
from shopcrm.collect.notes import NoteLine
from shopcrm.collect.orders import OrderLine
from shopcrm.collect.wishes import WishLine
from shopcrm.ui import words
from shopcrm.ui.context import Context
from shopcrm.ui.parts import review_words

COUNTED: Final = ("orders", "notes", "follow_ups")
OUTCOME_TONES: Final = {"reached": "good", "problem": "bad", "refused": "warn"}
SCRIPT_OUTCOMES: Final = {"answered": N_("answered"), "bought": N_("bought"), "no": N_("no")}


@dataclass(frozen=True)
class Event:
    """One line as it is painted."""

    kind: Kind
    what: What
    place: Place | None  # None: it stands above all others
    day: str
    exact: str
    icon: str
    text: str
    amount: str = ""
    badge: str = ""
    tone: str = "neutral"
    who: str = ""
    pinned: bool = False
    files: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from every other line."""
        return type(self.what).__name__, self.what.id


def title(kind: str) -> str:
    """What a kind of lines is called; `all` too."""
    return {
        "all": _("All"),
        "orders": _("Orders"),
        "notes": p_("history", "Notes"),
        "follow_ups": _("Follow-ups"),
        "tags": _("Tags"),
        "contacts": p_("history", "Contacts"),
        "imports": _("Imports"),
    }[kind]


def event(ctx: Context, line: Line) -> Event:
    """A line of the timeline."""
    return _event(ctx, line.kind, line.what, line.place, when=_day(ctx, line))


def pinned(ctx: Context, note: NoteLine) -> Event:
    """A note that stands above all others."""
    return _event(ctx, "notes", note, None, when=instant_words(ctx, note.created_at))


def instant_words(ctx: Context, at: int) -> tuple[str, str]:
    """An instant as people say it, and exactly."""
    local = clock.instant(at).astimezone(ctx.zone)
    return words.moment(local, today=ctx.today), f"{local:%Y-%m-%d %H:%M}"


def actor(name: str) -> str:
    """Who did it."""
    return _("Owner") if name == "owner" else name


def answer(asked: Attribute, value: Value) -> str:
    """An answer as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value.isoformat() if isinstance(value, date) else asked.shown(value)


def _day(ctx: Context, line: Line) -> tuple[str, str]:
    if line.place.day < 0:
        return "", ""
    if line.plain:
        day = clock.day_date(line.place.day)
        return words.day(day, today=ctx.today), day.isoformat()
    return instant_words(ctx, line.place.at)


def _event(ctx: Context, kind: Kind, what: What, place: Place | None, *, when: tuple[str, str]) -> Event:
    def made(icon: str, text: str, **more: str) -> Event:
        held = isinstance(what, NoteLine) and bool(what.files)
        above = isinstance(what, NoteLine) and what.pinned
        return Event(kind, what, place, *when, icon, _one_line(text), pinned=above, files=held, **more)

    match what:
        case OrderLine():
            badge, tone = _order_badge(what)
            worth = what.asked if what.state == "unpaid" else what.paid
            amount = ctx.money(worth, currency=what.currency) if worth else ""
            return made(
                "package", review_words.around_goods(_goods(what), what.reviews), amount=amount, badge=badge, tone=tone
            )
        case NoteLine():
            return made("pin" if what.pinned else "message-square-text", what.text, who=actor(what.actor))
        case FollowUpLine():
            return made(
                "phone", follow_up_text(what), badge=_(follow_ups.OUTCOMES[what.outcome]),
                tone=OUTCOME_TONES.get(what.outcome, "neutral"), who=actor(what.actor),
            )  # fmt: skip
        case TagChange():
            told = _("Tag “{tag}” put on") if what.put else _("Tag “{tag}” taken off")
            return made("tag", told.format(tag=what.name), who=_("Import") if what.by_import else actor(what.actor))
        case ScriptUse():
            badge = _(SCRIPT_OUTCOMES[what.outcome]) if what.outcome in SCRIPT_OUTCOMES else ""
            told = _("Script “{title}” copied").format(title=what.title)
            return made("copy", told, badge=badge, tone="good" if what.outcome == "bought" else "neutral",
                        who=actor(what.actor))  # fmt: skip
        case ReminderDone():
            told = _("Reminder done: {reason}") if what.outcome == "done" else _("Reminder skipped: {reason}")
            return made("calendar-check", told.format(reason=_reason(what.reason)))
        case WishLine():
            return made("heart", _wish(what), badge=wish_badge(what), who=actor(what.actor))
        case ImportTold():
            return made("file-up", _imported(what), who=actor(what.actor))
        case MergeTold():
            return made("users", _("Made one with {name}").format(name=what.name or "—"), who=actor(what.actor))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _goods(order: OrderLine) -> str:
    goods = _(", ").join(
        f"{words.short_title(item.title)} ×{item.quantity}" if item.quantity != 1 else words.short_title(item.title)
        for item in order.items[:3]
    )
    if len(order.items) > 3:
        goods = n_("{goods} and {n} more", "{goods} and {n} more", len(order.items) - 3).format(
            goods=goods, n=len(order.items) - 3
        )
    return goods or _("Order {number}").format(number=order.number)


def _order_badge(order: OrderLine) -> tuple[str, str]:
    if order.kind == "order" and 0 < order.refunded < order.paid:
        return _("Partly refunded"), "warn"
    return (_("Return"), "bad") if order.kind == "return" else words.state(order.state)


def follow_up_text(line: FollowUpLine) -> str:
    """What a follow-up says in one line: its words and answers, and how content she is."""
    told = [line.text] if line.text else []
    told += [answer(each.asked, each.value) for each in line.answers]
    said = _("; ").join(told)
    if line.rating is not None:
        rating = _("content {n}/5").format(n=line.rating)
        said = _("{said}; {rating}").format(said=said, rating=rating) if said else rating
    return _("Follow-up: {said}").format(said=said) if said else _("Follow-up")


def _reason(key: str) -> str:
    return {"cycle": _("due by the own cycle"), "birthday": _("Birthday"), "follow_up": _("Follow up as agreed")}.get(
        key, _(DUE_REASONS[key]) if key in DUE_REASONS else key
    )


def _wish(wish: WishLine) -> str:
    told = _("Wanted: {title}").format(title=wish.title)
    return _("{said} ({because})").format(said=told, because=wish.because) if wish.because else told


def wish_badge(wish: WishLine) -> str:
    """What became of a wish; blank while it is open."""
    if wish.bought_on is not None:
        return _("Bought since")
    return _("No longer") if wish.closed_at is not None else ""


def _imported(told: ImportTold) -> str:
    files = told.files[0] if told.files else ""
    if len(told.files) > 1:
        more = len(told.files) - 1
        files = n_("{file} and {n} more", "{file} and {n} more", more).format(file=files, n=more)
    parts = []
    if told.new:
        parts.append(n_("{n} new order", "{n} new orders", told.new).format(n=f"{told.new:,}"))
    if told.changed:
        parts.append(n_("{n} changed", "{n} changed", told.changed).format(n=f"{told.changed:,}"))
    said = _(", ").join(parts) or _("told of her")
    return _("Import {file}: {said}").format(file=files, said=said)
