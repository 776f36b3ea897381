"""How files write how content somebody is: stars, points out of five, or a word (C10). Pure.

| cell | stars |
| --- | --- |
| 5, 5.0, 5星, 4分, 3/5, ★★★★★, 5 stars | as many |
| 好评, 满意, good, positive … | 5 |
| 中评, 一般, neutral … | 3 |
| 差评, 不满意, bad, negative … | 1 |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from shopcrm.base.text import fold
from shopcrm.collect.fields import CellError, value
from shopcrm.collect.foreign import Code

MOST: Final = 5
STARS: Final = (1, 2, 3, 4, 5)
FIELDS: Final = ("review_stars", "review_text", "review_at", "review_more", "review_reply")
"""The fields of a table of orders that tell of reviews."""
GOOD: Final = 4  # stars, and more
POOR: Final = 2  # stars, and fewer
_NUMBER: Final = re.compile(r"([1-5])(?:\.0+)?(?:/5)?(?:星级?|顆星|颗星|分|stars?)?")
_DRAWN: Final = re.compile(r"([★⭐]{1,5})☆{0,4}")
_MEANS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("好评", "好評", "满意", "滿意", "非常满意", "推荐", "good", "positive", "great", "excellent"), 5),
    **dict.fromkeys(("中评", "中評", "一般", "普通", "neutral", "average", "ok"), 3),
    **dict.fromkeys(("差评", "差評", "不满意", "不滿意", "bad", "negative", "poor"), 1),
}


def stars(text: str) -> int | None:
    """How many stars a cell gives; None where it is empty.

    Raises:
        CellError: it gives none.
    """
    if not value(text):
        return None
    said = fold(text).replace(" ", "").replace("\ufe0f", "")
    if said in _MEANS:
        return _MEANS[said]
    if found := _NUMBER.fullmatch(said):
        return int(found[1])
    if found := _DRAWN.fullmatch(said):
        return len(found[1])
    raise CellError(Code.BAD_STARS)


def is_stars(text: str) -> bool:
    """Whether `stars` understands a cell."""
    try:
        return stars(text) is not None
    except CellError:
        return False
