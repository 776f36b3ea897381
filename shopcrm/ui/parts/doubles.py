"""The suggestions as the customers page counts them and "Who is who" lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopcrm.base.progress import SILENT, Progress
from shopcrm.mine import duplicates
from shopcrm.mine.duplicates import Found
from shopcrm.store.tx import Tx

if TYPE_CHECKING:
    from shopcrm.app import Shop

AT_ONCE: Final = 20_000  # customers; among more of them one looks when it is asked for, with progress


def are_few(shop: Shop) -> bool:
    """Whether they are found while one reads: then they are looked for by themselves."""
    return len(shop.columns()) <= AT_ONCE


def look(shop: Shop, tx: Tx, *, progress: Progress = SILENT) -> Found:
    """Who may be one now; remembered while the customers and their orders stay as they are."""
    found = shop.columns().derived(("duplicates",), lambda: duplicates.find(tx, progress=progress))
    return duplicates.standing(tx, found)


def count(shop: Shop, tx: Tx) -> int | None:
    """How many pairs may be one; 0 where nobody has looked, None in an empty shop."""
    if not len(shop.columns()):
        return None
    return look(shop, tx).total if are_few(shop) else 0
