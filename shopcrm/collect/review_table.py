"""The reviews in the rows of a table of orders (C10): stars, words, when, what was added later, what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shopcrm.base.text import fold
from shopcrm.collect import review_words
from shopcrm.collect.blocks import Block
from shopcrm.collect.foreign import ForeignItem, ForeignReview


class ReviewsOfRows:
    """What the rows of a block tell of reviews. A cell that cannot be read is told, and its row taken without it."""

    def __init__(self, block: Block) -> None:
        self._rows = block.rows
        self._stars = block.read("review_stars", review_words.stars, rejected=False)
        self._texts = block.texts("review_text")
        self._more = block.texts("review_more")
        self._times = block.moments("review_at", rejected=False)
        self._replies = block.texts("review_reply")

    def at(self, place: int, item: ForeignItem) -> list[ForeignReview]:
        """The reviews of a row: of what its line is of, and what was added to it later."""
        stars, text, more = self._stars[place], self._texts[place], self._more[place]
        row, product = self._rows[place], item.title or None
        found = []
        if stars is not None or text:
            when = self._times[place]
            found.append(
                ForeignReview(
                    row=row,
                    product=product,
                    article=item.article,
                    stars=stars,
                    text=text or "",
                    at=None if when is None else when.seconds,
                    plain=when is not None and when.plain,
                    reply=self._replies[place],
                )
            )
        if more and more != text:
            found.append(ForeignReview(row=row, product=product, article=item.article, text=more))
        return found


def tells(fields: Iterable[str]) -> bool:
    """Whether one of these fields tells of reviews."""
    return not set(fields).isdisjoint(review_words.FIELDS)


def distinct(told: Sequence[ForeignReview]) -> tuple[ForeignReview, ...]:
    """The reviews of an order, each once: one of the whole order is repeated in each of its rows."""
    found: dict[tuple[object, ...], ForeignReview] = {}
    for one in told:
        about = () if one.text else (one.product, one.article)
        found.setdefault((fold(one.text), one.stars, one.at, *about), one)
    return tuple(found.values())
