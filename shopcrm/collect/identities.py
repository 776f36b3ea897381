"""Who is who (C4): pure rules that say whose order each order is.

The same deciding identity on two orders is the same customer; two buyer ids on one platform are two customers,
whatever they share. An unmasked phone joins customers of different platforms when each side has exactly one holder.
Masked values never come here: adapters make no identity of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, NamedTuple

KIND_ORDER: Final = {kind: rank for rank, kind in enumerate(("buyer_id", "email", "wechat", "phone", "nick", "alipay"))}


class IdentityKey(NamedTuple):
    """What an identity is by."""

    kind: str
    platform: str
    value: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One order's word on who its buyer is. `customer`: whose the order is already, if it is."""

    order: int
    customer: int | None
    deciding: IdentityKey | None
    contacts: tuple[IdentityKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """A customer who holds a phone on a platform."""

    customer: int
    platform: str


@dataclass
class Known:
    """What the shop knows about the identities that occur in a batch."""

    deciding: dict[IdentityKey, int] = field(default_factory=dict)
    phone_holders: dict[str, set[Holder]] = field(default_factory=lambda: defaultdict(set))
    buyer_platforms: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Platforms on which a customer has a buyer id."""
    distinct: set[tuple[int, int]] = field(default_factory=set)
    """Who are two people, as the seller has said; the smaller id first."""


@dataclass(frozen=True, slots=True)
class Join:
    """A new identity was given to a customer known from elsewhere, and why."""

    customer: int
    identity: IdentityKey
    evidence: IdentityKey


@dataclass(frozen=True, slots=True)
class Merge:
    """Two customers of the shop who turn out to be one, and why."""

    keep: int
    gone: int
    evidence: IdentityKey


@dataclass(frozen=True)
class Assignment:
    """Whose each order is. New customers are negative references from −1 down."""

    customers: Mapping[int, int | None]
    joins: tuple[Join, ...]
    merges: tuple[Merge, ...]


def first_deciding(identities: Iterable[tuple[IdentityKey, bool]]) -> IdentityKey | None:
    """Of an order's identities the one that decides: buyer id before e-mail before phone."""
    deciding = [key for key, decides in identities if decides]
    return min(deciding, key=lambda key: (KIND_ORDER.get(key.kind, 99), key)) if deciding else None


def resolve(claims: Sequence[Claim], known: Known) -> Assignment:
    """Say of each order whose it is, in the order the claims stand. `known` is extended by what is found."""
    buyers_by_phone: dict[tuple[str, str], set[IdentityKey]] = defaultdict(set)
    for claim in claims:
        if claim.deciding is not None and claim.deciding.kind != "phone":
            for phone in _phones(claim):
                buyers_by_phone[phone.value, phone.platform].add(claim.deciding)
    customers: dict[int, int | None] = {}
    joins: list[Join] = []
    new = 0
    for claim in claims:
        deciding = claim.deciding
        customer = claim.customer
        if deciding is not None:
            if customer is None:
                customer = known.deciding.get(deciding)
            if customer is None:
                found = _holder(claim, deciding, known, buyers_by_phone)
                if found is not None:
                    customer = found[0]
                    joins.append(Join(customer, deciding, found[1]))
            if customer is None:
                new += 1
                customer = -new
            known.deciding.setdefault(deciding, customer)
            if deciding.kind == "buyer_id":
                known.buyer_platforms[customer].add(deciding.platform)
            for phone in _phones(claim):
                known.phone_holders[phone.value].add(Holder(customer, phone.platform))
        customers[claim.order] = customer
    became = _merged(claims, known)
    return Assignment(
        {order: None if one is None else became.get(one, (one, None))[0] for order, one in customers.items()},
        tuple(Join(became.get(join.customer, (join.customer,))[0], join.identity, join.evidence) for join in joins),
        tuple(Merge(keep, gone, phone) for gone, (keep, phone) in sorted(became.items()) if gone > 0),
    )


def _merged(claims: Sequence[Claim], known: Known) -> dict[int, tuple[int, IdentityKey]]:
    """Who becomes whom, and by which phone: one holder on each side, and no two buyer ids of one platform."""
    became: dict[int, tuple[int, IdentityKey]] = {}
    for phone in dict.fromkeys(phone for claim in claims for phone in _phones(claim)):
        by_platform: dict[str, set[int]] = defaultdict(set)
        for holder in known.phone_holders[phone.value]:
            by_platform[holder.platform].add(became.get(holder.customer, (holder.customer,))[0])
        sides = set().union(*by_platform.values())
        platforms = [platform for one in sides for platform in known.buyer_platforms.get(one, ())]
        if len(sides) < 2 or any(len(side) > 1 for side in by_platform.values()):
            continue
        if len(platforms) != len(set(platforms)) or any(
            pair in known.distinct for pair in combinations(sorted(sides), 2)
        ):
            continue
        # The oldest stays; a new one before its first order is in counts as the youngest.
        keep, *others = sorted(sides, key=lambda one: (one < 0, abs(one)))
        for gone in others:
            for one, (into, why) in list(became.items()):
                became[one] = (keep if into == gone else into, why)
            became[gone] = (keep, phone)
            known.buyer_platforms[keep] |= known.buyer_platforms.get(gone, set())
    return became


def _phones(claim: Claim) -> list[IdentityKey]:
    phones = [key for key in claim.contacts if key.kind == "phone"]
    if claim.deciding is not None and claim.deciding.kind == "phone":
        phones.append(claim.deciding)
    return phones


def _holder(
    claim: Claim, deciding: IdentityKey, known: Known, buyers_by_phone: Mapping[tuple[str, str], set[IdentityKey]]
) -> tuple[int, IdentityKey] | None:
    """The one customer who holds this order's phone, when each side has exactly one holder."""
    for phone in _phones(claim):
        holders = known.phone_holders.get(phone.value, set())
        here = {holder.customer for holder in holders if holder.platform == phone.platform}
        if len(buyers_by_phone[phone.value, phone.platform]) > 1:
            continue
        if deciding.kind == "phone" and len(here) == 1:
            return next(iter(here)), phone  # this platform's one buyer with that phone
        if here:
            # Held on this platform already: by one who was only known by it, or by another buyer.
            nameless = [one for one in here if phone.platform not in known.buyer_platforms.get(one, set())]
            if len(here) == 1 and nameless:
                return nameless[0], phone
            continue
        by_platform: dict[str, set[int]] = defaultdict(set)
        for holder in holders:
            by_platform[holder.platform].add(holder.customer)
        sides = set().union(*by_platform.values()) if by_platform else set()
        if (
            len(sides) == 1
            and all(len(side) == 1 for side in by_platform.values())
            and phone.platform not in known.buyer_platforms.get(next(iter(sides)), set())
        ):
            return next(iter(sides)), phone
    return None
