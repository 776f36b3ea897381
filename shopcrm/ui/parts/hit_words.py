"""One customer who was found, as a line of the list: who she is, and why she fits."""

from __future__ import annotations

from shopcrm.act import finding
from shopcrm.act.finding import Hit
from shopcrm.ui import words
from shopcrm.ui.parts.hit_list import Entry


def entry(hit: Hit, *, today: int) -> Entry:
    """The name, the tail of the phone and, below, what she was found by; what was typed is marked in them."""
    if hit.matched in ("name", "pinyin"):
        second = hit.buyer or ""
    elif hit.matched == "phone":
        second = words.phone(hit.value)
    else:
        second = f"{words.match(hit.matched)} {hit.value}"
    if second in ("", hit.name) and hit.last_day is not None:
        second = words.days_ago(today - hit.last_day)
    right = f"…{hit.phone_tail}" if hit.phone_tail else ""
    name, tail, other = (finding.marks(shown, hit.terms) for shown in (hit.name, right, second))
    return Entry(hit.id, hit.name, right=right, second=second, marks=(name, tail, other))
