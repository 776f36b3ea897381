"""How backups are told: from when, why made, what they hold, how large; the same on the page and the rescue screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from shopcrm.base.i18n import N_, _, n_
from shopcrm.ui import words

if TYPE_CHECKING:
    from shopcrm.store.backup import Held

REASONS: Final[Mapping[str, str]] = {
    "auto": N_("by itself, every 30 minutes"),
    "exit": N_("when the window closed"),
    "import": N_("before an import"),
    "undo": N_("before an import was undone"),
    "hand": N_("made by hand"),
    "recount": N_("before currency or time zone changed"),
    "migration": N_("before an update of ShopCRM"),
    "restore": N_("before a restore"),
}


def reason(key: str) -> str:
    """Why a backup was made."""
    return _(REASONS[key]) if key in REASONS else key


def exactly(at: datetime) -> str:
    """The moment to the minute."""
    return f"{at:%Y-%m-%d %H:%M}"


def ago(at: datetime, *, now: datetime) -> str:
    """How long ago it was made."""
    return words.since((now - at).total_seconds())


def orders(count: int) -> str:
    """So many orders."""
    return n_("{n} order", "{n} orders", count).format(n=f"{count:,}")


def held(what: Held) -> str:
    """What a copy holds."""
    words = n_("{n} customer with {orders}", "{n} customers with {orders}", what.customers)
    return words.format(n=f"{what.customers:,}", orders=orders(what.orders))


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1_000_000:,.1f} MB" if count < 1_000_000_000 else f"{count / 1_000_000_000:,.1f} GB"
