"""Whose each person of a list is (C2, C4): pure rules, over all people of a batch before any of them is settled.

A buyer id decides. Who was told before by the same name and the same numbers is who she was then. Else people who tell
the same e-mail, WeChat or phone are one, and the customer who alone holds it is her. What several customers hold
decides for none of them. Where that would make two customers one, or two buyer ids of a platform, each person is
settled by herself, in the order of the lists. Who tells nothing of the kind is only a name: never anybody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, NamedTuple, TypeVar

from shopcrm.collect.identities import IdentityKey

_IDENTIFYING: Final = ("email", "wechat", "phone")
_LOOK_EVERY: Final = 2_000  # people
_T = TypeVar("_T")


class Told(NamedTuple):
    """An identity of a person of a list: its row among the staged ones, and what it is by."""

    person: int
    key: IdentityKey


class Listed(NamedTuple):
    """A person of a list. `turn`: of those who are only a name the how manieth with this one."""

    id: int
    digest: str
    turn: int
    told: Sequence[Told]  # without what many share, the telling ones first

    @property
    def remembered_by(self) -> tuple[str, int]:
        """What the shop remembers her by, when she is told again."""
        return self.digest, self.turn


class Given(NamedTuple):
    """An identity that becomes a customer's. `deciding`: she is known by it alone."""

    customer: int
    person: int
    deciding: bool


def watched(those: Iterable[_T], look: Callable[[], None]) -> Iterator[_T]:
    """The same, with a look every so many."""
    for done, one in enumerate(those):
        if done % _LOOK_EVERY == 0:
            look()
        yield one


def digest(name: str | None, keys: Sequence[IdentityKey]) -> str:
    """A short word for a name and identities, the same whenever they are told."""
    told = "\x1e".join((name or "", *sorted("\x1f".join(key) for key in keys)))
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass
class Holders:
    """Who holds the identities that lists tell; extended as their people are taken in."""

    by_value: dict[tuple[str, str], dict[int, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    """By kind and value the customers, each with the platforms on which it is theirs."""
    deciding: dict[IdentityKey, int] = field(default_factory=dict)  # who is known by it alone
    buyer_platforms: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, key: IdentityKey, customer: int, *, deciding: bool) -> None:
        """Let a customer hold an identity."""
        self.by_value[key.kind, key.value].setdefault(customer, set()).add(key.platform)
        if deciding:
            self.deciding.setdefault(key, customer)
        if key.kind == "buyer_id":
            self.buyer_platforms[customer].add(key.platform)

    def lacks(self, key: IdentityKey, customer: int) -> bool:
        """Whether an identity is not a customer's yet."""
        return key.platform not in self._of(key).get(customer, ())

    def may_decide(self, key: IdentityKey) -> bool:
        """Whether a customer can be known by it from now on: nobody has it on this platform."""
        return key not in self.deciding and all(key.platform not in held for held in self._of(key).values())

    def buyer(self, keys: Sequence[IdentityKey]) -> int | None:
        """The customer who has one of these buyer ids."""
        found = (self.deciding.get(key) for key in keys if key.kind == "buyer_id")
        return next((customer for customer in found if customer is not None), None)

    def means(self, key: IdentityKey, *, bought_on: frozenset[str] = frozenset()) -> int | None:
        """The one customer whom an identity means; `bought_on`: not one who has another buyer id there."""
        if key.kind == "buyer_id":
            return self.deciding.get(key)
        if key.kind not in _IDENTIFYING:
            return None
        held = self._of(key)
        if not held:
            return None
        known = self.deciding.get(key)
        if known is not None and self.may_be(known, bought_on):
            here = [customer for customer, platforms in held.items() if key.platform in platforms]
            if here == [known]:
                return known
        possible = [customer for customer in held if self.may_be(customer, bought_on)]
        return possible[0] if len(possible) == 1 else None

    def may_be(self, customer: int, bought_on: frozenset[str]) -> bool:
        """Whether a customer can be one who has a buyer id, unknown so far, on some platforms."""
        return not bought_on or bought_on.isdisjoint(self.buyer_platforms.get(customer, ()))

    def label(self, key: IdentityKey) -> tuple[str, ...] | None:
        """What people who tell it have in common: they are one. None where it is of several customers."""
        if key.kind == "buyer_id":
            return key
        held = self._of(key)
        if key.kind not in _IDENTIFYING:
            return None
        if len(held) <= 1:
            return key.kind, key.value
        return key if sum(key.platform in platforms for platforms in held.values()) <= 1 else None

    def _of(self, key: IdentityKey) -> Mapping[int, set[str]]:
        return self.by_value.get((key.kind, key.value), {})


@dataclass(frozen=True)
class Match:
    """Whose each person is, new customers as negative references, and what they are given."""

    customers: Mapping[int, int]  # by the person's id
    given: Sequence[Given]


def match(
    people: Sequence[Listed],
    holders: Holders,
    remembered: Mapping[tuple[str, int], int],
    *,
    newcomer: Callable[[], int],
    look: Callable[[], None] = lambda: None,
) -> Match:
    """Say of each person, in the order of the lists, whose she is. `holders` is extended.

    Args:
        people: All of a batch.
        holders: Who holds in the shop what they tell.
        remembered: Who those were that were told before, by `Listed.remembered_by`.
        newcomer: Makes the reference of a new customer.
        look: Asked now and then whether to go on: it raises where not.
    """
    groups = _groups(people, holders, remembered, look=look)
    together = watched(_by_group(people, groups).items(), look)
    whole = {group: _whole(told, holders, remembered) for group, told in together}
    known = dict(remembered)
    made: dict[int, int] = {}  # by group of one customer
    customers: dict[int, int] = {}
    given: list[Given] = []
    for one in watched(people, look):
        group = groups[one.id]
        is_one, customer = whole[group]
        if is_one and customer is None:
            customer = made.get(group)
        elif not is_one:
            customer = _alone(one, holders, known)
        if customer is None:
            customer = newcomer()
        if is_one:
            made[group] = customer
        known[one.remembered_by] = customers[one.id] = customer
        given += _give(one, customer, holders)
    return Match(customers, given)


def _groups(
    people: Sequence[Listed], holders: Holders, remembered: Mapping[tuple[str, int], int], *, look: Callable[[], None]
) -> dict[int, int]:
    """By person the first of those with whom she is told to be one: by what they tell, or by whom it means."""
    first: dict[int, int] = {one.id: one.id for one in people}

    def root(one: int) -> int:
        while first[one] != one:
            first[one] = first[first[one]]
            one = first[one]
        return one

    by_label: dict[object, int] = {}
    for one in watched(people, look):
        labels: set[object] = {one.remembered_by, remembered.get(one.remembered_by)}
        for told in one.told:
            labels |= {holders.label(told.key), holders.means(told.key)}
        for label in labels - {None}:
            if (other := by_label.setdefault(label, one.id)) != one.id:
                a, b = root(other), root(one.id)
                first[max(a, b)] = min(a, b)
    return {one.id: root(one.id) for one in people}


def _by_group(people: Sequence[Listed], groups: Mapping[int, int]) -> dict[int, list[Listed]]:
    found: dict[int, list[Listed]] = defaultdict(list)
    for one in people:
        found[groups[one.id]].append(one)
    return found


def _whole(
    people: Sequence[Listed], holders: Holders, remembered: Mapping[tuple[str, int], int]
) -> tuple[bool, int | None]:
    """Whether those who are told to be one can be, and which customer that is if there is one."""
    keys = list(dict.fromkeys(told.key for one in people for told in one.told))
    meant = {holders.means(key) for key in keys} | {remembered.get(one.remembered_by) for one in people}
    meant.discard(None)
    buyer_ids = [key for key in keys if key.kind == "buyer_id"]
    if len(meant) > 1 or len({key.platform for key in buyer_ids}) < len(buyer_ids):
        return False, None
    customer = next(iter(meant), None)
    unknown = frozenset(key.platform for key in buyer_ids if key not in holders.deciding)
    return customer is None or holders.may_be(customer, unknown), customer


def _alone(one: Listed, holders: Holders, known: Mapping[tuple[str, int], int]) -> int | None:
    """The customer who a person is by herself."""
    keys = [told.key for told in one.told]
    customer = holders.buyer(keys)
    if customer is None:
        customer = known.get(one.remembered_by)
    bought_on = frozenset(key.platform for key in keys if key.kind == "buyer_id")
    for key in keys:
        if customer is None:
            customer = holders.means(key, bought_on=bought_on)
    return customer


def _give(one: Listed, customer: int, holders: Holders) -> list[Given]:
    """What a customer gets of what a person tells: all of it, deciding where nobody else has it."""
    given = []
    for person, key in one.told:
        if holders.lacks(key, customer):
            # As with orders, a phone beside a buyer id does not decide.
            decides = holders.may_decide(key) and (key.kind != "phone" or one.told[0].key.kind != "buyer_id")
            holders.add(key, customer, deciding=decides)
            given.append(Given(customer, person, decides))
    return given
