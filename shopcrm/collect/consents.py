"""What somebody agreed to, and whether she may be written to (C8): consent by channel, opt-out, whom she follows.

An opt-out wins over every consent. Beside her row it keeps a keyed hash of each thing she is reached by, so that it
outlives her row: whoever comes to the shop with the same phone later, by import, by hand or by an undo, is opted out
from the first moment (`relink`). The key is the shop's own and never leaves its file.

| state of a channel | what it means | may be written to |
| --- | --- | --- |
| opted_out | she said "do not write to me", on this channel or on all | no |
| refused | she was asked and said no | no |
| agreed | she said yes: when, where and to which words is kept | yes |
| unknown | nobody asked | yes, unless the shop writes only to those who agreed (`CONTACT_AGREED`) |
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

import msgspec
from sqlalchemy import insert, select

from shopcrm.base import clock
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.lengths import fitting
from shopcrm.base.options import CONTACT_AGREED
from shopcrm.base.text import clean
from shopcrm.collect import customers
from shopcrm.store.tables.customers import consents, follows, identities, opt_outs
from shopcrm.store.tables.shop import options
from shopcrm.store.tx import Tx

CHANNELS: Final[Mapping[str, str]] = {
    "sms": N_("Text message"),
    "phone": N_("Phone call"),
    "wechat": N_("WeChat"),
    "email": N_("E-mail"),
    "platform": N_("Chat of the marketplace"),
}
ALL: Final = "all"
FOLLOWED: Final[Mapping[str, str]] = {"wechat": N_("WeChat"), "weibo": N_("Weibo"), "store": N_("The store")}
REACHED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "phone": ("sms", "phone"),
    "wechat": ("wechat",),
    "email": ("email",),
    "buyer_id": ("platform",),
    "nick": ("platform",),
}
"""By kind of identity the channels that it opens."""
OPTED_OUT: Final = "opted_out"
NO_CONSENT: Final = "no_consent"
HELD_BACK: Final[Mapping[str, str]] = {OPTED_OUT: N_("opted out"), NO_CONSENT: N_("did not agree")}
"""Why somebody is left out of a list, in words."""
LONGEST_SOURCE: Final = 120
_KEY: Final = "opt_outs.key"
_BLOCK: Final = 2_000


@dataclass(eq=False)
class NotYet(UserFailure):
    """A consent of a day that is still to come."""

    text: ClassVar[str] = N_("The day has not come yet.")


@dataclass(frozen=True)
class ChannelState:
    """How it stands with one channel. `source` and `wording` are those of the line that counts."""

    channel: str
    state: str  # opted_out | refused | agreed | unknown
    reachable: bool  # something is known by which she is reached on it
    day: date | None = None
    source: str = ""
    wording: str = ""


@dataclass(frozen=True)
class Follow:
    """Where she follows the shop, and since when it is known."""

    channel: str
    since: date | None


@dataclass(frozen=True)
class Contact:
    """All of it, for the card. `opted_out`: of every channel."""

    channels: tuple[ChannelState, ...] = ()
    opted_out: bool = False
    day: date | None = None  # of that opt-out
    source: str = ""
    follows: tuple[Follow, ...] = ()


# Asked


def of_customer(tx: Tx, customer_id: int) -> Contact:
    """How it stands with each channel."""
    kinds = set(
        tx.connection.execute(select(identities.c.kind).where(identities.c.customer_id == customer_id)).scalars()
    )
    reached = {channel for kind in kinds for channel in REACHED_BY.get(kind, ())}
    said = _newest(tx, [customer_id]).get(customer_id, {})
    out = {
        row.channel: row
        for row in tx.connection.execute(
            select(opt_outs.c.channel, opt_outs.c.day, opt_outs.c.source)
            .where(opt_outs.c.customer_id == customer_id)
            .order_by(opt_outs.c.id.desc())
        )
    }
    every = out.get(ALL)
    channels = []
    for channel in CHANNELS:
        row = every or out.get(channel)
        told = said.get(channel)
        if row is not None:
            state, told = OPTED_OUT, row
        else:
            state = "unknown" if told is None else "agreed" if told.given else "refused"
        channels.append(
            ChannelState(
                channel,
                state,
                channel in reached,
                None if told is None else clock.day_date(told.day),
                "" if told is None else told.source,
                "" if told is None or row is not None else told.wording,
            )
        )
    followed = tx.connection.execute(
        select(follows.c.channel, follows.c.since_day).where(follows.c.customer_id == customer_id)
    )
    since = {row.channel: row.since_day for row in followed}
    return Contact(
        tuple(channels),
        every is not None,
        None if every is None else clock.day_date(every.day),
        "" if every is None else every.source,
        tuple(
            Follow(channel, None if since[channel] is None else clock.day_date(since[channel]))
            for channel in FOLLOWED
            if channel in since
        ),
    )


def held_back(tx: Tx, customer_ids: Iterable[int], channel: str) -> dict[int, str]:
    """Of some customers those who may not be written to by a channel, each with the reason (`HELD_BACK`).

    This is the one place that says so: every list that leaves the program to contact people asks here.

    Args:
        tx: The shop.
        customer_ids: Whom one wants to write to.
        channel: One of `CHANNELS`; `ALL` asks only who does not want to hear of the shop at all.
    """
    wanted = dict.fromkeys(int(one) for one in customer_ids)
    out = every_opted_out(tx, channel)
    found = {one: OPTED_OUT for one in wanted if one in out}
    if channel != ALL:
        said = _answers(tx, channel)
        strict = tx.option(CONTACT_AGREED)
        found |= {one: NO_CONSENT for one in wanted if one not in out and not said.get(one, not strict)}
    return found


def every_opted_out(tx: Tx, channel: str = ALL) -> set[int]:
    """Everybody who opted out of a channel, or of all."""
    rows = tx.connection.execute(
        select(opt_outs.c.customer_id).where(
            opt_outs.c.customer_id.is_not(None), opt_outs.c.channel.in_({channel, ALL})
        )
    )
    return set(rows.scalars())


def by_customer(tx: Tx, customer_ids: Iterable[int]) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Of some customers (channels agreed to, channels opted out of), as lists and exports tell them."""
    found: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for block in _blocks(customer_ids):
        said = _newest(tx, block)
        out: dict[int, set[str]] = {}
        for customer, channel in tx.connection.execute(
            select(opt_outs.c.customer_id, opt_outs.c.channel).where(opt_outs.c.customer_id.in_(block))
        ):
            out.setdefault(customer, set()).update(CHANNELS if channel == ALL else (channel,))
        for one in said.keys() | out.keys():
            left = out.get(one, set())
            agreed = {channel for channel, row in said.get(one, {}).items() if row.given} - left
            found[one] = (
                tuple(channel for channel in CHANNELS if channel in agreed),
                tuple(channel for channel in CHANNELS if channel in left),
            )
    return found


def followed(tx: Tx, customer_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Of some customers where they follow the shop."""
    found: dict[int, list[str]] = {}
    for block in _blocks(customer_ids):
        for customer, channel in tx.connection.execute(
            select(follows.c.customer_id, follows.c.channel).where(follows.c.customer_id.in_(block))
        ):
            found.setdefault(customer, []).append(channel)
    return {one: tuple(channel for channel in FOLLOWED if channel in told) for one, told in found.items()}


def counted(reasons: Mapping[int, str]) -> dict[str, int]:
    """How many are held back for each reason."""
    return dict(Counter(reasons.values()))


# Said


def say(
    tx: Tx,
    customer_id: int,
    channel: str,
    *,
    given: bool,
    source: str = "",
    wording: str = "",
    day: date | None = None,
) -> int:
    """Write down that she agreed to a channel, or refused it. An opt-out stands nevertheless. The change set.

    Raises:
        NoSuchCustomer: the id is nobody's.
        NotYet: the day is still to come.
        TooLong: where she said so does not fit.
        KeyError: there is no such channel.
    """
    customers.require(tx, customer_id)
    on = _day(tx, day)
    CHANNELS[channel]
    change_set = tx.begin_change("consent", customer=customer_id, channel=channel, given=given)
    tx.add(
        consents,
        {
            "customer_id": customer_id, "channel": channel, "given": given, "day": on, "source": _source(source),
            "wording": clean(wording), "actor": tx.actor, "at": tx.now_seconds, "batch_id": None,
        },
    )  # fmt: skip
    return change_set


def opt_out(tx: Tx, customer_id: int, channel: str = ALL, *, source: str = "", day: date | None = None) -> int:
    """She does not want to be written to any more, on a channel or at all. The change set.

    Who shares the phone, e-mail or account with her is meant too: it is what would be written to.

    Raises:
        NoSuchCustomer: the id is nobody's.
        NotYet: the day is still to come.
        TooLong: where she said so does not fit.
        KeyError: there is no such channel.
    """
    customers.require(tx, customer_id)
    on = _day(tx, day)
    if channel != ALL:
        CHANNELS[channel]
    change_set = tx.begin_change("opt_out", customer=customer_id, channel=channel)
    for customer, print_ in _holders(tx, customer_id, channel):
        tx.add(
            opt_outs,
            {
                "customer_id": customer, "channel": channel, "identity_hash": print_, "day": on,
                "source": _source(source), "actor": tx.actor, "at": tx.now_seconds,
            },
        )  # fmt: skip
    return change_set


def opt_in(tx: Tx, customer_id: int, channel: str = ALL) -> int:
    """She wants to be written to again: takes back the opt-out of a channel. The change set.

    Raises:
        NoSuchCustomer: the id is nobody's.
    """
    customers.require(tx, customer_id)
    change_set = tx.begin_change("opt_in", customer=customer_id, channel=channel)
    made = _Prints(tx)
    prints = [made.of(*key) for key in _keys(tx, customer_id)]
    hers = opt_outs.c.customer_id == customer_id
    rows = select(opt_outs.c.id).where((hers | opt_outs.c.identity_hash.in_(prints)), opt_outs.c.channel == channel)
    for number in tx.connection.execute(rows).scalars().all():
        tx.remove(opt_outs, {"id": number})
    return change_set


def follow(tx: Tx, customer_id: int, channel: str, *, follows_us: bool, since: date | None = None) -> int:
    """Write down that she follows the shop somewhere, or does not. The change set.

    Raises:
        NoSuchCustomer: the id is nobody's.
        NotYet: the day is still to come.
        KeyError: one cannot follow there.
    """
    customers.require(tx, customer_id)
    FOLLOWED[channel]
    since_day = None if since is None else _day(tx, since)
    change_set = tx.begin_change("follow", customer=customer_id, channel=channel)
    key = {"customer_id": customer_id, "channel": channel}
    if not follows_us:
        tx.remove(follows, key)
    elif not tx.edit(follows, key, {"since_day": since_day}):
        there = select(follows.c.at).where(follows.c.customer_id == customer_id, follows.c.channel == channel)
        if tx.connection.execute(there).first() is None:
            tx.add(follows, {**key, "since_day": since_day, "at": tx.now_seconds})
    return change_set


# Kept, whatever becomes of her row


def relink(tx: Tx, *, identities_of: str, arguments: tuple[object, ...] = ()) -> int:
    """Let opt-outs that are kept by their hash be those of whoever has come with the same phone, e-mail or account.

    Args:
        tx: A writing transaction.
        identities_of: The condition of SQL on the table `identities` that says which are looked at.
        arguments: Of the condition.

    Returns:
        How many customers are opted out by it.
    """
    run = tx.connection.exec_driver_sql
    kept: dict[str, list[Any]] = {}
    for row in run(
        """SELECT DISTINCT identity_hash, channel, day, source, actor, at FROM opt_outs
            WHERE identity_hash IS NOT NULL"""
    ):
        kept.setdefault(row.identity_hash, []).append(row)
    if not kept:
        return 0
    linked: set[int] = set()
    prints = _Prints(tx)
    for customer, *key in run(
        f"SELECT customer_id, kind, platform, value FROM identities WHERE {identities_of}", arguments
    ).fetchall():
        for row in kept.get(prints.of(*key), ()):
            if _link(tx, customer, row):
                linked.add(customer)
    return len(linked)


def relink_customers(tx: Tx, customer_ids: Iterable[int]) -> None:
    """`relink` for all that some customers are reached by."""
    for block in _blocks(customer_ids):
        relink(tx, identities_of=f"customer_id IN ({','.join(map(str, block))})")


def seal(tx: Tx, customer_ids: Iterable[int]) -> None:
    """Keep the hash of all that those of some customers who opted out are reached by now.

    Asked before they, or what they are reached by, leave; and after something has come.
    """
    for block in _blocks(customer_ids):
        rows = tx.connection.execute(select(opt_outs).where(opt_outs.c.customer_id.in_(block))).mappings().all()
        made = _Prints(tx) if rows else None
        for customer in sorted({row["customer_id"] for row in rows}):
            prints = {made.of(*key) for key in _keys(tx, customer)} if made is not None else set()
            hers = [row for row in rows if row["customer_id"] == customer]
            for told in {row["channel"]: row for row in hers}.values():
                known = {row["identity_hash"] for row in hers if row["channel"] == told["channel"]}
                for missing in sorted(prints - known):
                    values = {name: value for name, value in told.items() if name != "id"}
                    values["identity_hash"] = missing
                    if tx.change_set is None:  # an import is being undone: what it removes is not journalled either
                        tx.connection.execute(insert(opt_outs).values(**values))
                    else:
                        tx.add(opt_outs, values)


# Its own


def _link(tx: Tx, customer: int, kept: Any) -> bool:
    """Give an opt-out to a customer: the line that lost its own, else one more."""
    run = tx.connection.exec_driver_sql
    hers = "SELECT 1 FROM opt_outs WHERE customer_id = ? AND channel = ? AND identity_hash = ?"
    if run(hers, (customer, kept.channel, kept.identity_hash)).first() is not None:
        return False
    orphan = "SELECT min(id) FROM opt_outs WHERE customer_id IS NULL AND channel = ? AND identity_hash = ?"
    number = run(orphan, (kept.channel, kept.identity_hash)).scalar()
    if number is not None:
        run("UPDATE opt_outs SET customer_id = ? WHERE id = ?", (customer, number))
        return True
    values = {**kept._asdict(), "customer_id": customer}
    tx.connection.execute(insert(opt_outs).values(**values))
    return True


def _holders(tx: Tx, customer_id: int, channel: str) -> Iterator[tuple[int, str | None]]:
    """(customer, hash) of what is to be written down: her own lines, and those of who shares what she is reached by."""
    keys = [key for key in _keys(tx, customer_id) if channel == ALL or channel in REACHED_BY[key[0]]]
    if not keys:
        yield customer_id, None
    prints = _Prints(tx)
    for kind, platform, value in keys:
        print_ = prints.of(kind, platform, value)
        yield customer_id, print_
        asked = select(identities.c.customer_id).where(
            identities.c.kind == kind, identities.c.value == value, identities.c.customer_id != customer_id
        )
        if platform:
            asked = asked.where(identities.c.platform == platform)
        else:
            # Named, they are found by the index, in a shop of a million too.
            asked = asked.where(identities.c.platform.in_(platforms_of(tx, kind)))
        for other in sorted(set(tx.connection.execute(asked).scalars())):
            yield other, print_


def platforms_of(tx: Tx, kind: str) -> list[str]:
    """The platforms of the identities of a kind, each found by one look into the index."""
    found: list[str] = []
    asked = "SELECT min(platform) FROM identities WHERE kind = ? AND platform > ?"
    while (name := tx.connection.exec_driver_sql(asked, (kind, found[-1] if found else "")).scalar()) is not None:
        found.append(str(name))
    return found


def _keys(tx: Tx, customer_id: int) -> list[tuple[str, str, str]]:
    """(kind, platform, value) of what she is reached by; a phone is the same on every platform."""
    rows = tx.connection.execute(
        select(identities.c.kind, identities.c.platform, identities.c.value)
        .where(identities.c.customer_id == customer_id, identities.c.kind.in_(REACHED_BY))
        .order_by(identities.c.id)
    )
    return list(dict.fromkeys((kind, _of(kind, platform), value) for kind, platform, value in rows))


def _of(kind: str, platform: str) -> str:
    return platform if kind in ("buyer_id", "nick") else ""


class _Prints:
    """Makes the hashes, with the shop's own key.

    The key is made when it is first needed. It does not stand in the journal: an undo must not lose it.
    """

    def __init__(self, tx: Tx) -> None:
        told = tx.connection.execute(select(options.c.value).where(options.c.key == _KEY)).scalar()
        if told is None:
            told = msgspec.json.encode(secrets.token_hex(32)).decode()
            tx.connection.execute(insert(options).values(key=_KEY, value=told))
        self._key = bytes.fromhex(msgspec.json.decode(told))

    def of(self, kind: str, platform: str, value: str) -> str:
        """The hash of what somebody is reached by."""
        return hmac.digest(self._key, "\0".join((kind, _of(kind, platform), value)).encode(), "sha256").hex()


def _newest(tx: Tx, customer_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """By customer and channel the line that counts."""
    of = consents.c
    asked = select(of.customer_id, of.channel, of.given, of.day, of.source, of.wording)
    asked = asked.where(of.customer_id.in_(customer_ids)).order_by(of.day, of.id)
    found: dict[int, dict[str, Any]] = {}
    for row in tx.connection.execute(asked):
        found.setdefault(row.customer_id, {})[row.channel] = row
    return found


def _answers(tx: Tx, channel: str) -> dict[int, bool]:
    """Who agreed to a channel and who refused it, by the line that counts."""
    of = consents.c
    asked = select(of.customer_id, of.given).where(of.channel == channel).order_by(of.day, of.id)
    return {customer: bool(given) for customer, given in tx.connection.execute(asked)}


def _blocks(customer_ids: Iterable[int]) -> Iterator[list[int]]:
    ids = [int(one) for one in customer_ids]
    for start in range(0, len(ids), _BLOCK):
        yield ids[start : start + _BLOCK]


def _day(tx: Tx, day: date | None) -> int:
    on = tx.today_number if day is None else clock.day_number(day)
    if on > tx.today_number:
        raise NotYet
    return on


def _source(text: str) -> str:
    return fitting(" ".join(clean(text).split()), LONGEST_SOURCE)
