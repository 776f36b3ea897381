"""What is said to whom waits for a parcel (U2): the shop's own words, else the ready-made ones, filled for her."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shopcrm.act import blanks, script_presets, scripts
from shopcrm.act.blanks import Person
from shopcrm.act.scripts import Draft, Script
from shopcrm.mine import parcels
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

# As the ready-made scripts are called, in each language: a shop keeps those it took under these names.
_LATE: Final = ("快递慢了，先道歉", "物流延誤，先道歉", "Sorry, it is late")
_NOT_SENT: Final = ("还没发出，先道歉", "尚未出貨，先道歉", "Sorry, it has not left yet")
TITLES: Final = {parcels.STUCK: _LATE, parcels.LATE: _LATE, parcels.NOT_SENT: _NOT_SENT}


@dataclass(frozen=True)
class Apology:
    """The words, and for whom they are filled; None: nobody knows whose parcel it is."""

    words: Script | Draft
    who: Person | None


def of_parcel(tx: Tx, columns: Columns, *, kind: str, customer: int | None) -> Apology:
    """What is said of a parcel of that kind (`parcels.KINDS`).

    Raises:
        NoSuchCustomer: the id is nobody's.
    """
    titles = TITLES[kind]
    who = None if customer is None else blanks.person(tx, columns, customer)
    own = next((script for script in scripts.listing(tx) if script.title in titles), None)
    words = own or next(draft for draft in script_presets.presets(tx.language) if draft.title in titles)
    return Apology(words, who)
