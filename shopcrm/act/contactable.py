"""Who may stand in a list that leaves the program (C8, U9), and with which ways to be reached.

Whoever may be written to by none of the ways that a list tells is left out of it, and counted with the reason; of one
who may be written to by some, only those are told. A list that tells no way to reach anybody leaves nobody out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from shopcrm.base.i18n import _, n_
from shopcrm.collect import consents
from shopcrm.store.columns import Ints
from shopcrm.store.tx import Tx

WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "phone": ("sms", "phone"), "all_phones": ("sms", "phone"), "shown_phone": ("sms", "phone"),
    "email": ("email",), "all_emails": ("email",),
    "wechat": ("wechat",), "all_wechats": ("wechat",),
    "buyer_ids": ("platform",),
}  # fmt: skip
"""By field of a customer the channels that it opens."""


@dataclass(frozen=True)
class Withheld:
    """What a list must not tell."""

    left_out: Mapping[int, str] = field(default_factory=dict)  # customer → one of consents.HELD_BACK
    blank: Mapping[str, frozenset[int]] = field(default_factory=dict)  # field → of whom it stays empty

    @property
    def counted(self) -> dict[str, int]:
        """How many are left out for each reason."""
        return consents.counted(self.left_out)

    def kept(self, ids: Ints) -> Ints:
        """Those who stand in the list."""
        return ids[~np.isin(ids, np.fromiter(self.left_out, np.int64, len(self.left_out)))] if self.left_out else ids

    def told(self, ids: Iterable[int], rows: Iterable[Sequence[Any]], keys: Sequence[str]) -> list[tuple[Any, ...]]:
        """The rows of a list without what must not be told."""
        places = [(place, self.blank[key]) for place, key in enumerate(keys) if self.blank.get(key)]
        if not places:
            return [tuple(row) for row in rows]
        found = []
        for one, row in zip(ids, rows, strict=True):
            cells = list(row)
            for place, whose in places:
                if one in whose:
                    cells[place] = () if isinstance(cells[place], tuple) else None
            found.append(tuple(cells))
        return found


def withheld(tx: Tx, ids: Ints, *, keys: Iterable[str]) -> Withheld:
    """What a list of these customers with these fields must not tell."""
    ways = {key: WAYS[key] for key in keys if key in WAYS}
    if not ways or not len(ids):
        return Withheld()
    asked = dict.fromkeys(channel for channels in ways.values() for channel in channels)
    held = {channel: consents.held_back(tx, ids.tolist(), channel) for channel in asked}
    blank = {
        key: frozenset(set.intersection(*(set(held[channel]) for channel in channels)))
        for key, channels in ways.items()
    }
    none = frozenset.intersection(*blank.values())
    first = next(iter(asked))
    return Withheld({one: held[first][one] for one in sorted(none)}, blank)


def withheld_of(tx: Tx, ids: Ints, channel: str) -> Withheld:
    """What a list for one channel must not tell: whoever may not be written to by it is left out."""
    return Withheld(consents.held_back(tx, ids.tolist(), channel))


def held_back_words(held: Mapping[str, int]) -> list[str]:
    """How many were left out and why, a phrase for each reason."""
    return [
        n_("{n} left out: {reason}", "{n} left out: {reason}", count).format(
            n=f"{count:,}", reason=_(consents.HELD_BACK[reason])
        )
        for reason, count in held.items()
    ]
