"""What is known of a customer as a person (C5): fields, ways to reach her, addresses, each edited by hand with undo.

What was typed by hand stands before what files told, and an import never writes over it. A phone that is none is kept
as it was typed, as a kind of its own (`NO_PHONE`): it can be read and mended, and nobody is found or called by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final

from sqlalchemy import select

from shopcrm.base import ages, emails, phone, region
from shopcrm.base.birthdays import Birthday
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _, in_every_language
from shopcrm.base.text import clean, fold, is_masked
from shopcrm.collect import consents, customers, edits
from shopcrm.collect.people_table import GENDERS as GENDER_WORDS
from shopcrm.collect.typed import NO_PHONE, PLATFORM
from shopcrm.store.tables.customers import addresses, identities, merges
from shopcrm.store.tables.customers import customers as customer_rows
from shopcrm.store.tables.orders import order_identities
from shopcrm.store.tx import Tx

GENDERS: Final[Mapping[str, str]] = {"female": N_("Female"), "male": N_("Male"), "other": N_("Other")}
FIELDS: Final[Mapping[str, int]] = {
    "gender": 6, "age_band": 8, "occupation": 120, "company": 200, "source": 120, "entry_offer": 200,
    "member_level": 64,
}  # fmt: skip
"""The fields that are edited as they stand, in the order in which they are shown, and how long each may be."""
KINDS: Final = ("phone", "wechat", "email", "buyer_id", "nick")
"""The kinds of identity that can be typed in."""
LONGEST: Final = 200
LONGEST_ADDRESS: Final = 500


@dataclass(eq=False)
class TooLong(UserFailure):
    """A text that no field holds: nothing of it is cut off in silence."""

    text: ClassVar[str] = N_("This is too long: {length} characters. At most {most} fit.")
    length: str
    most: str


@dataclass(eq=False)
class NothingTyped(UserFailure):
    """An identity or an address without a letter."""

    text: ClassVar[str] = N_("Type something first.")


@dataclass(eq=False)
class NoEmail(UserFailure):
    """No address of an e-mail."""

    text: ClassVar[str] = N_("This is not an e-mail address.")


@dataclass(eq=False)
class Masked(UserFailure):
    """A value with its middle hidden: it says nothing."""

    text: ClassVar[str] = N_("The marketplace has hidden a part of this. Type it whole.")


@dataclass(eq=False)
class NoGender(UserFailure):
    """A word that says no gender."""

    text: ClassVar[str] = N_("“{typed}” is no gender. Type female, male or other.")
    typed: str


@dataclass(eq=False)
class NoAgeBand(UserFailure):
    """A text that tells no age."""

    text: ClassVar[str] = N_("“{typed}” is no age band. There are: {known}.")
    typed: str
    known: str


@dataclass(eq=False)
class HeldByAnother(UserFailure):
    """Somebody else has it. `decides`: she is known by it alone, so it cannot be another one's too."""

    text: ClassVar[str] = N_("This is what {name} is known by.")
    name: str
    customer: int
    kind: str
    decides: bool


@dataclass(eq=False)
class Gone(UserFailure):
    """The identity or address was removed meanwhile."""

    text: ClassVar[str] = N_("This is not there any more.")


@dataclass(frozen=True)
class Address:
    """An address that was told by a list or by hand."""

    id: int
    address: str
    province: str | None
    city: str | None
    district: str | None
    by_hand: bool


@dataclass(frozen=True)
class PersonData:
    """A customer as a person, for the card."""

    fields: Mapping[str, str | None] = field(default_factory=dict)  # of FIELDS, as they are stored
    age_band: str | None = None  # told, or worked out from the year of birth
    age_is_derived: bool = False
    province: str | None = None
    city: str | None = None
    district: str | None = None
    addresses: tuple[Address, ...] = ()


# Pure rules


def band_of(told: str | None, birthday: Birthday | None, *, today: date) -> str | None:
    """The age band: worked out where a year of birth is known, else as it was told."""
    if birthday is None or birthday.year is None or birthday.year > today.year:
        return told
    return ages.band_of_age(max(0, (birthday.turns(birthday.on_or_after(today)) or 0) - _not_yet(birthday, today)))


def _not_yet(birthday: Birthday, today: date) -> int:
    """1 while this year's birthday is still to come."""
    return int(birthday.on_or_after(today) != today)


def understand(name: str, text: str) -> str | None:
    """What is typed into a field as it is stored; None where nothing is.

    Raises:
        NoGender, NoAgeBand, TooLong: it cannot be taken.
    """
    typed = " ".join(clean(text).split())
    if not typed:
        return None
    if name == "gender":
        return _gender(typed)
    if name == "age_band":
        return _band(typed)
    return _fitting(typed, FIELDS[name])


def _gender(typed: str) -> str:
    told = fold(typed)
    known = next((key for key, word in GENDERS.items() if told in map(fold, (key, *in_every_language(word)))), None)
    known = known or GENDER_WORDS.get(told)
    if known is None:
        raise NoGender(_short(typed))
    return known


def _band(typed: str) -> str:
    band = ages.parse(typed)
    if band is None:
        raise NoAgeBand(_short(typed), _(", ").join(ages.AGE_BANDS))
    return band


def _fitting(text: str, most: int) -> str:
    if len(text) > most:
        raise TooLong(f"{len(text):,}", f"{most:,}")
    return text


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def identity_of(kind: str, text: str, *, country: str = "CN") -> tuple[str, str, str]:
    """(kind, value, display) of what is typed; a phone that is none becomes a `NO_PHONE`.

    Raises:
        NothingTyped, Masked, NoEmail, TooLong: it cannot be taken.
    """
    typed = _fitting(" ".join(clean(text).split()), LONGEST)
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


# Read


def of_customer(
    tx: Tx, customer_id: int, *, birthday: Birthday | None = None, written_to: str | None = None
) -> PersonData:
    """What is known of a customer. `written_to`: the address of her last order, which tells the district too."""
    of = customer_rows.c
    asked = select(of.province, of.city, of.district, *(of[name] for name in FIELDS)).where(of.id == customer_id)
    row = tx.connection.execute(asked).mappings().one()
    band = band_of(row["age_band"], birthday, today=tx.as_of)
    return PersonData(
        fields={name: row[name] for name in FIELDS},
        age_band=band,
        age_is_derived=birthday is not None and birthday.year is not None,
        province=row["province"],
        city=row["city"],
        district=district_of(row["district"], row["city"], written_to),
        addresses=addresses_of(tx, customer_id),
    )


def district_of(kept: str | None, city: str | None, address: str | None) -> str | None:
    """The district: as it is kept, else (of rows from before it was) as the last address tells it."""
    if kept is not None or not address or is_masked(address):
        return kept
    where = region.parse(address)
    return where.district if where.city == city else None


def addresses_of(tx: Tx, customer_id: int) -> tuple[Address, ...]:
    """The addresses of lists and of the hand, those of the hand first."""
    of = addresses.c
    rows = tx.connection.execute(
        select(of.id, of.address, of.province, of.city, of.district, of.batch_id.is_(None).label("by_hand"))
        .where(of.customer_id == customer_id)
        .order_by(of.batch_id.is_not(None), of.id)
    )
    return tuple(Address(row.id, row.address, row.province, row.city, row.district, bool(row.by_hand)) for row in rows)


# Fields


def put(tx: Tx, told: Mapping[int, Mapping[str, str | None]]) -> int:
    """Set fields of some customers to what `understand` made of them; None forgets one. The change set.

    Raises:
        NoSuchCustomer: one of the ids is nobody's.
        KeyError: there is no such field.
    """
    change_set = tx.begin_change("person", customers=len(told))
    for customer, values in told.items():
        customers.require(tx, customer)
        write(tx, customer, values)
    return change_set


def write(tx: Tx, customer_id: int, values: Mapping[str, str | None]) -> None:
    """`put` for one customer, in the change set that the transaction is at."""
    for name in values:
        FIELDS[name]
    tx.edit(customer_rows, {"id": customer_id}, values)


# Ways to reach her


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


# Addresses


def add_address(tx: Tx, customer_id: int, *, text: str) -> int:
    """Add an address; it tells province, city and district. The change set.

    Raises:
        NoSuchCustomer: the id is nobody's.
        NothingTyped, TooLong: it cannot be taken.
    """
    customers.require(tx, customer_id)
    values = _address(text)
    change_set = tx.begin_change("address_add", customer=customer_id)
    tx.add(addresses, {"customer_id": customer_id, "recipient": None, "phone": None, **values, "batch_id": None})
    edits.refresh(tx, {customer_id})
    return change_set


def edit_address(tx: Tx, address_id: int, *, text: str) -> int:
    """Change an address; from then on it is one of the hand. The change set.

    Raises:
        Gone: it was removed meanwhile.
        NothingTyped, TooLong: it cannot be taken.
    """
    customer = _whose_address(tx, address_id)
    values = _address(text)
    change_set = tx.begin_change("address_edit", customer=customer)
    tx.edit(addresses, {"id": address_id}, {**values, "batch_id": None})
    edits.refresh(tx, {customer})
    return change_set


def remove_address(tx: Tx, address_id: int) -> int:
    """Take an address away. The change set.

    Raises:
        Gone: it was removed meanwhile.
    """
    customer = _whose_address(tx, address_id)
    change_set = tx.begin_change("address_remove", customer=customer)
    tx.remove(addresses, {"id": address_id})
    edits.refresh(tx, {customer})
    return change_set


def _whose_address(tx: Tx, address_id: int) -> int:
    found = tx.connection.execute(select(addresses.c.customer_id).where(addresses.c.id == address_id)).scalar()
    if found is None:
        raise Gone
    return int(found)


def _address(text: str) -> dict[str, str | None]:
    typed = _fitting(" ".join(clean(text).split()), LONGEST_ADDRESS)
    if not typed:
        raise NothingTyped
    where = region.parse(typed)
    return {
        "address": typed,
        "province": where.province,
        "city": where.city,
        "district": where.district and where.district[:64],
    }
