"""By what a customer is reached (C5): phone, WeChat, e-mail, accounts, each added, changed and taken away by hand.

A phone that is none is kept as it was typed, as a kind of its own (`NO_PHONE`): it can be read and mended, and nobody
is found or called by it. What somebody else is known by is never taken over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import select

from shopcrm.base import emails, phone
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.lengths import fitting
from shopcrm.base.text import clean, fold, is_masked
from shopcrm.collect import consents, customers, edits
from shopcrm.collect.people_data import Gone, NothingTyped
from shopcrm.collect.typed import LONGEST, NO_PHONE, PLATFORM
from shopcrm.store.tables.customers import customers as customer_rows
from shopcrm.store.tables.customers import identities, merges
from shopcrm.store.tables.orders import order_identities
from shopcrm.store.tx import Tx

KINDS: Final = ("phone", "wechat", "email", "buyer_id", "nick")
"""The kinds of identity that can be typed in."""


@dataclass(eq=False)
class NoEmail(UserFailure):
    """No address of an e-mail."""

    text: ClassVar[str] = N_("This is not an e-mail address.")


@dataclass(eq=False)
class Masked(UserFailure):
    """A value with its middle hidden: it says nothing."""

    text: ClassVar[str] = N_("The marketplace has hidden a part of this. Type it whole.")


@dataclass(eq=False)
class HeldByAnother(UserFailure):
    """Somebody else has it. `decides`: she is known by it alone, so it cannot be another one's too."""

    text: ClassVar[str] = N_("This is what {name} is known by.")
    name: str
    customer: int
    kind: str
    decides: bool


def identity_of(kind: str, text: str, *, country: str = "CN") -> tuple[str, str, str]:
    """(kind, value, display) of what is typed; a phone that is none becomes a `NO_PHONE`.

    Raises:
        NothingTyped, Masked, NoEmail, TooLong: it cannot be taken.
    """
    typed = fitting(" ".join(clean(text).split()), LONGEST)
    if not typed:
        raise NothingTyped
    if kind == "email":
        value = emails.normalise(typed)
        if value is None:
            raise NoEmail
        return kind, value, typed
    if is_masked(typed):
        raise Masked
    if kind in ("phone", NO_PHONE):
        number = phone.normalise(typed, region=country)
        return ("phone", number, typed) if number is not None else (NO_PHONE, fold(typed)[:LONGEST], typed)
    return kind, fold(typed)[:LONGEST], typed


def add_identity(
    tx: Tx, customer_id: int, *, kind: str, text: str, platform: str = PLATFORM, shared: bool = False
) -> int:
    """Add a phone, WeChat name, e-mail address or account. The change set.

    Args:
        tx: A writing transaction.
        customer_id: Whose it is.
        kind: One of `KINDS`.
        text: As it is typed.
        platform: Of accounts and nicks.
        shared: It is somebody else's too, and that is right: a mother's phone. Not of accounts.

    Raises:
        NoSuchCustomer: the id is nobody's.
        HeldByAnother: somebody else has it, and it is not `shared`.
        NothingTyped, Masked, NoEmail, TooLong: it cannot be taken.
    """
    customers.require(tx, customer_id)
    kind, value, display = identity_of(kind, text)
    platform = platform if kind in ("buyer_id", "nick") else PLATFORM
    held = _require_free(tx, customer_id, kind, platform, value, shared=shared)
    change_set = tx.begin_change("identity_add", customer=customer_id, what=kind)
    if not _has(tx, customer_id, kind, platform, value):
        tx.add(
            identities,
            {
                "id": _next_id(tx), "customer_id": customer_id, "kind": kind, "platform": platform, "value": value,
                "display": display, "deciding": not held and kind not in (NO_PHONE, "nick"), "batch_id": None,
            },
        )  # fmt: skip
        _refresh(tx, customer_id)
    return change_set


def edit_identity(tx: Tx, identity_id: int, *, text: str, shared: bool = False) -> int:
    """Change an identity; from then on it is one of the hand. The change set.

    Raises:
        Gone: it was removed meanwhile.
        HeldByAnother: somebody else has it, and it is not `shared`.
        NothingTyped, Masked, NoEmail, TooLong: it cannot be taken.
    """
    row = _identity(tx, identity_id)
    kind, value, display = identity_of(row["kind"], text)
    customer = int(row["customer_id"])
    held = _require_free(tx, customer, kind, row["platform"], value, shared=shared)
    change_set = tx.begin_change("identity_edit", customer=customer, what=kind)
    changed = (kind, value) != (row["kind"], row["value"])
    for twin in _twins(tx, row):
        if _has(tx, customer, kind, twin["platform"], value, but=twin["id"]):
            _remove(tx, twin["id"])  # she has it already: two became one
            continue
        values: dict[str, Any] = {"kind": kind, "value": value, "display": display}
        if changed:
            values |= {"deciding": not held and kind not in (NO_PHONE, "nick"), "batch_id": None}
        tx.edit(identities, {"id": twin["id"]}, values)
    _refresh(tx, customer)
    return change_set


def remove_identity(tx: Tx, identity_id: int) -> int:
    """Take an identity away from its customer; the orders that named it stay hers. The change set.

    Raises:
        Gone: it was removed meanwhile.
    """
    row = _identity(tx, identity_id)
    change_set = tx.begin_change("identity_remove", customer=row["customer_id"], what=row["kind"])
    consents.seal(tx, [row["customer_id"]])
    for twin in _twins(tx, row):
        _remove(tx, twin["id"])
    _refresh(tx, int(row["customer_id"]))
    return change_set


def holder(tx: Tx, customer_id: int, *, kind: str, platform: str, value: str) -> HeldByAnother | None:
    """Who else has an identity, if anybody: one who is known by it alone before others."""
    asked = (
        select(identities.c.customer_id, customer_rows.c.name, identities.c.deciding)
        .join(customer_rows, customer_rows.c.id == identities.c.customer_id)
        .where(identities.c.kind == kind, identities.c.value == value, identities.c.customer_id != customer_id)
        .order_by(identities.c.deciding.desc(), identities.c.customer_id)
        .limit(1)
    )
    if kind in ("buyer_id", "nick"):
        asked = asked.where(identities.c.platform == platform)
    else:
        asked = asked.where(identities.c.platform.in_(consents.platforms_of(tx, kind)))
    found = tx.connection.execute(asked).first()
    return None if found is None else HeldByAnother(found.name, int(found.customer_id), kind, bool(found.deciding))


@dataclass(frozen=True)
class Sharer:
    """Somebody else with the same phone, WeChat name or e-mail address."""

    id: int
    name: str


def sharers(tx: Tx, customer_id: int, *, limit: int) -> dict[tuple[str, str], tuple[Sharer, ...]]:
    """Who else has what a customer is reached by, by (kind, value): `limit` at most of each, the oldest first."""
    of = identities.c
    mine = select(of.kind, of.value).where(of.customer_id == customer_id, of.kind.in_(("phone", "wechat", "email")))
    found: dict[tuple[str, str], tuple[Sharer, ...]] = {}
    for kind, value in dict.fromkeys((row.kind, row.value) for row in tx.connection.execute(mine)):
        asked = (
            select(of.customer_id, customer_rows.c.name)
            .join(customer_rows, customer_rows.c.id == of.customer_id)
            .where(of.kind == kind, of.platform.in_(consents.platforms_of(tx, kind)), of.value == value)
            .where(of.customer_id != customer_id)
            .distinct()
            .order_by(of.customer_id)
            .limit(limit)
        )
        others = tuple(Sharer(int(row.customer_id), row.name) for row in tx.connection.execute(asked))
        if others:
            found[kind, value] = others
    return found


def seen(tx: Tx, customer_id: int, *, kind: str, text: str, platform: str = PLATFORM) -> HeldByAnother | None:
    """Who else has what is being typed; nobody as long as it cannot be read yet."""
    try:
        kind, value, _display = identity_of(kind, text)
    except UserFailure:
        return None
    if kind in (NO_PHONE, "nick"):
        return None
    return holder(tx, customer_id, kind=kind, platform=platform, value=value)


def _require_free(tx: Tx, customer_id: int, kind: str, platform: str, value: str, *, shared: bool) -> bool:
    """Whether somebody else has it too.

    Raises:
        HeldByAnother: see `add_identity`.
    """
    if kind in (NO_PHONE, "nick"):
        return False
    held = holder(tx, customer_id, kind=kind, platform=platform, value=value)
    if held is not None and (not shared or kind == "buyer_id"):
        raise held
    return held is not None


def _has(tx: Tx, customer_id: int, kind: str, platform: str, value: str, *, but: int = 0) -> bool:
    of = identities.c
    asked = select(of.id).where(
        of.customer_id == customer_id, of.kind == kind, of.platform == platform, of.value == value, of.id != but
    )
    return tx.connection.execute(asked).first() is not None


def _identity(tx: Tx, identity_id: int) -> Mapping[str, Any]:
    row = tx.connection.execute(select(identities).where(identities.c.id == identity_id)).mappings().first()
    if row is None:
        raise Gone
    return dict(row)


def _twins(tx: Tx, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A customer's rows that say the same as one: a phone told by two marketplaces is one phone, an account is not."""
    if row["kind"] in ("buyer_id", "nick"):
        return [row]
    of = identities.c
    asked = select(identities).where(
        of.customer_id == row["customer_id"], of.kind == row["kind"], of.value == row["value"]
    )
    return [dict(one) for one in tx.connection.execute(asked.order_by(of.id)).mappings()]


def _next_id(tx: Tx) -> int:
    """A number that no identity has or had: the table gives the last one out again, and an undo would miss its row."""
    return int(
        tx.connection.exec_driver_sql(
            """SELECT 1 + max((SELECT coalesce(max(id), 0) FROM identities),
                 (SELECT coalesce(max(CAST(json_extract(row_key, '$.id') AS INTEGER)), 0) FROM change_rows
                   WHERE table_name = 'identities'))"""
        ).scalar_one()
    )


def _remove(tx: Tx, identity_id: int) -> None:
    named = select(order_identities.c.order_id).where(order_identities.c.identity_id == identity_id)
    for order in tx.connection.execute(named).scalars().all():
        tx.remove(order_identities, {"order_id": order, "identity_id": identity_id})
    for join in tx.connection.execute(select(merges.c.id).where(merges.c.identity_id == identity_id)).scalars().all():
        tx.remove(merges, {"id": join})
    tx.remove(identities, {"id": identity_id})


def _refresh(tx: Tx, customer_id: int) -> None:
    consents.seal(tx, [customer_id])
    edits.refresh(tx, {customer_id})
