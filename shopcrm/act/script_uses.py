"""Uses of scripts (U2): each copy noted, what came of it told with one key, and how often it helped.

A share is of the uses whose outcome was told, and there is none while these are fewer than `ENOUGH`: of a dozen
uses it says nothing. Who bought has answered. Scripts are never ranked by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, case, func, insert, select
from sqlalchemy.sql.selectable import Subquery

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.store.tables.customers import customers
from shopcrm.store.tables.scripts import script_uses, scripts
from shopcrm.store.tx import Tx

OUTCOMES: Final = {"answered": N_("Answered"), "bought": N_("Sold"), "no": N_("Nothing came")}
ENOUGH: Final = 30
ASKED_DAYS: Final = 14  # for so long after a copy one is asked what came of it …
_CORRECTED_DAYS: Final = 1  # … and for so long what was told can be corrected at once
_DAY: Final = 86_400  # seconds


@dataclass(eq=False)
class NoSuchUse(UserFailure):
    """The script was removed meanwhile, and its uses with it."""

    text: ClassVar[str] = N_("This script is no longer there.")


@dataclass(frozen=True)
class Tally:
    """How often a script was used, and what came of it where that was told."""

    uses: int = 0
    used_at: int | None = None  # seconds
    answered: int = 0  # and bought nothing yet
    bought: int = 0
    nothing: int = 0

    @property
    def told(self) -> int:
        """The uses whose outcome was told."""
        return self.answered + self.bought + self.nothing

    @property
    def bought_share(self) -> float | None:
        """Of those the ones that bought; None while there are too few to say."""
        return self.bought / self.told if self.told >= ENOUGH else None

    @property
    def answered_share(self) -> float | None:
        """Of those the ones that answered or bought; None while there are too few to say."""
        return (self.answered + self.bought) / self.told if self.told >= ENOUGH else None


@dataclass(frozen=True)
class Use:
    """One copy of a script: of which, for whom, when, and what came of it."""

    id: int
    script: int
    title: str
    customer: int | None  # None: nobody's card was open
    name: str  # the customer's, blank for nobody
    at: int  # seconds
    outcome: str | None  # one of OUTCOMES; None: not told


def note(tx: Tx, script_id: int, customer_id: int | None) -> int:
    """Note that a script was copied, with whose card open. Not an edit: there is nothing to undo. Returns its id."""
    if customer_id is not None:
        held = select(customers.c.id).where(customers.c.id == customer_id)
        customer_id = tx.connection.execute(held).scalar()  # gone meanwhile, when an import was undone
    values = {"script_id": script_id, "customer_id": customer_id, "at": tx.now_seconds, "actor": tx.actor}
    made = tx.connection.execute(insert(script_uses).values(values).returning(script_uses.c.id)).scalar_one()
    return int(made)


def tell(tx: Tx, use_id: int, outcome: str | None) -> int:
    """Say what came of a use, or correct it; None takes it back. Returns the change set.

    Raises:
        NoSuchUse: it is no longer there.
    """
    if outcome is not None and outcome not in OUTCOMES:
        raise ValueError(f"no such outcome: {outcome}")
    before = tx.connection.execute(select(script_uses).where(script_uses.c.id == use_id)).mappings().first()
    if before is None:
        raise NoSuchUse
    change_set = tx.begin_change("script_outcome", script=before["script_id"])
    if before["outcome"] != outcome:
        tx.edit(script_uses, {"id": use_id}, {"outcome": outcome})
    return change_set


def last_for(tx: Tx, customer_id: int) -> Use | None:
    """The last script copied for a customer of which one may still be asked, or correct, what came of it."""
    return _last(tx, script_uses.c.customer_id == customer_id)


def last_of(tx: Tx, script_id: int) -> Use | None:
    """The last use of a script of which one may still be asked, or correct, what came of it."""
    return _last(tx, script_uses.c.script_id == script_id)


def _last(tx: Tx, condition: ColumnElement[bool]) -> Use | None:
    at, now = script_uses.c.at, tx.now_seconds
    untold = script_uses.c.outcome.is_(None) & (at > now - ASKED_DAYS * _DAY)
    row = tx.connection.execute(
        select(
            script_uses.c.id, script_uses.c.script_id, scripts.c.title, script_uses.c.customer_id,
            func.coalesce(customers.c.name, ""), script_uses.c.at, script_uses.c.outcome,
        )
        .join(scripts, scripts.c.id == script_uses.c.script_id)
        .outerjoin(customers, customers.c.id == script_uses.c.customer_id)
        .where(condition, untold | (at > now - _CORRECTED_DAYS * _DAY))
        .order_by(script_uses.c.at.desc(), script_uses.c.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    return None if row is None else Use(*row)


def tallies() -> Subquery:
    """By script what a `Tally` says, for queries that read scripts."""
    outcome = script_uses.c.outcome
    return (
        select(
            script_uses.c.script_id,
            func.count().label("uses"),
            func.max(script_uses.c.at).label("used_at"),
            _count(outcome == "answered").label("answered"),
            _count(outcome == "bought").label("bought"),
            _count(outcome == "no").label("vain"),
        )
        .group_by(script_uses.c.script_id)
        .subquery()
    )


def _count(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0))
