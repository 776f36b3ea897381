"""What is known of a customer as a person (C5): fields and addresses, each edited by hand with undo.

What was typed by hand stands before what files told, and an import never writes over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final

from sqlalchemy import select

from shopcrm.base import ages, region
from shopcrm.base.birthdays import Birthday
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _, in_every_language
from shopcrm.base.lengths import fitting
from shopcrm.base.text import clean, fold, is_masked
from shopcrm.collect import customers, edits
from shopcrm.collect.people_table import GENDERS as GENDER_WORDS
from shopcrm.store.tables.customers import addresses
from shopcrm.store.tables.customers import customers as customer_rows
from shopcrm.store.tx import Tx

GENDERS: Final[Mapping[str, str]] = {"female": N_("Female"), "male": N_("Male"), "other": N_("Other")}
FIELDS: Final[Mapping[str, int]] = {
    "gender": 6, "age_band": 8, "occupation": 120, "company": 200, "source": 120, "entry_offer": 200,
    "member_level": 64,
}  # fmt: skip
"""The fields that are edited as they stand, in the order in which they are shown, and how long each may be."""
LONGEST_ADDRESS: Final = 500


@dataclass(eq=False)
class NothingTyped(UserFailure):
    """An identity or an address without a letter."""

    text: ClassVar[str] = N_("Type something first.")


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
    return fitting(typed, FIELDS[name])


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


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


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
    town, district = region.town(address)
    return district if town == city else None


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
    typed = fitting(" ".join(clean(text).split()), LONGEST_ADDRESS)
    if not typed:
        raise NothingTyped
    where = region.parse(typed)
    return {
        "address": typed,
        "province": where.province,
        "city": where.city,
        "district": where.district and where.district[:64],
    }
