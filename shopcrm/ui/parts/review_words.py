"""How reviews read: stars, of what and when, what is short enough for a line."""

from __future__ import annotations

from collections.abc import Sequence

from shopcrm.base import clock
from shopcrm.base.i18n import N_, _, p_
from shopcrm.collect.review_words import MOST, STARS
from shopcrm.collect.reviews import ReviewLine
from shopcrm.ui import words
from shopcrm.ui.context import Context

TONES = {"good": "good", "neutral": "warn", "bad": "bad", "": "second"}
KIND_NAMES = {"": N_("All"), "good": N_("Good"), "neutral": N_("Neutral"), "bad": N_("Bad"), "picked": N_("Picked")}


def stars(count: int | None) -> str:
    """Stars as they are drawn; "" where none are told."""
    return "" if count is None else "★" * count + "☆" * (MOST - count)


def choices() -> list[tuple[str, str]]:
    """The stars to choose from, the most first: a digit finds them."""
    return [("", _("No stars given")), *((str(one), f"{one}  {stars(one)}") for one in reversed(STARS))]


def kind_name(key: str) -> str:
    """What the reviews of a kind are called."""
    return p_("of reviews", "All") if not key else _(KIND_NAMES[key])


def day(ctx: Context, review: ReviewLine) -> str:
    """When it was written; "" where nobody said."""
    return "" if review.told_day is None else words.day(clock.day_date(review.told_day), today=ctx.today)


def lines(ctx: Context, review: ReviewLine) -> list[tuple[str, str]]:
    """A review with (words, tone) line by line, as it stands at its order."""
    head = " · ".join(part for part in (stars(review.stars), _("Review"), review.product, day(ctx, review)) if part)
    found = [(head, TONES[review.kind])]
    if review.text:
        found.append((review.text, "text"))
    if review.reply:
        found.append((_("Your reply: {text}").format(text=review.reply), "second"))
    return found


def around_goods(goods: str, reviews: Sequence[ReviewLine]) -> str:
    """The line of an order with its first review: the stars in front, where a long line is not cut off."""
    if not reviews:
        return goods
    first = reviews[0]
    return " · ".join(part for part in (stars(first.stars), goods, " ".join(first.text.split())) if part)
