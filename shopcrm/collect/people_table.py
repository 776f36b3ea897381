"""What is declared of a table of people, read row by row (C1, C2): names, ways to reach them, addresses, birthdays.

| field | becomes |
| --- | --- |
| name, else first, middle and last name, else nickname, else company | name |
| buyer_id; email; wechat; phone (each of several columns, several in a cell) | identities |
| gender, age_band | fields; words for the gender are known in Chinese and English, an age is in its band |
| company, occupation, source, entry_offer, member_level | fields |
| birthday | birthday: solar or lunar, with a year or without |
| a trade attribute by its key | what the trade keeps (`people_attributes`) |
| agrees_email, agrees_sms | consents; the words that are known stand in `consent_words` |
| tags; note | tags, without the system's own; note, with numbers in it that cannot be called |
| address, street, district, city, province, zip, country | an address each set of them |

A row that says neither a name nor a way to reach anybody is refused. Hidden values are nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from shopcrm.base import ages, birthdays, emails, phone, region, region_columns
from shopcrm.base.birthdays import SOLAR, Birthday, NoBirthday
from shopcrm.base.text import clean, fold, is_masked
from shopcrm.base.trade_presets import is_attribute
from shopcrm.collect import consent_words, fields
from shopcrm.collect.fields import Columns, fold_header
from shopcrm.collect.foreign import Code, ForeignAddress, ForeignConsent, ForeignIdentity, ForeignPerson, Problem

if TYPE_CHECKING:  # the platforms, which are declared by this module
    from shopcrm.collect.platforms.adapter import Header, ReadSettings, Rows

LONGEST: Final = {
    "name": 200, "company": 200, "occupation": 120, "source": 120, "entry_offer": 200, "member_level": 64,
}  # fmt: skip
LONGEST_TAG: Final = 64
GENDERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("女", "女性", "女士", "小姐", "f", "female", "woman"), "female"),
    **dict.fromkeys(("男", "男性", "先生", "m", "male", "man"), "male"),
    **dict.fromkeys(("其他", "其它", "o", "other"), "other"),
}
_SEVERAL: Final = re.compile(r"\s*(?::::|[,，;；、\n|])\s*")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_NO_TIME: Final = re.compile(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?Z?$")
_NO_YEAR: Final = re.compile(r"--?([0-9]{2})-?([0-9]{2})")
_MONTH_FIRST: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_NO_DAY: Final = re.compile(r"0{1,4}[-/]0{1,2}[-/]0{1,4}")
_UNTOLD_YEAR: Final = 1604  # what Apple's address book writes where there is no year
_COUNTRY: Final = re.compile("[A-Z]{2}")
_PARTS: Final = ("province", "city", "district", "street", "zip", "country")
_NUMBERED: Final = re.compile("[0-9]+")
Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class PeopleTable:
    """Which columns hold what. Names are compared by `fold_header`; a `#` in one stands for a number."""

    platform: str
    names: Names
    addresses: Sequence[Names] = ()  # each set of columns is one address
    month_first: bool = False  # 3/5/1990 is the 5th of March
    own_tags: frozenset[str] = field(default_factory=frozenset)  # of the system, folded: no tags
    formats: tuple[str, ...] = ()  # of birthdays, where the usual ways to write one don't do

    def columns(self, header: Header) -> Columns:
        """Where the fields stand in a header, those of addresses as `address 0 city`."""
        return Columns(header, _numbered(self._all(), header))

    def _all(self) -> dict[str, Sequence[str]]:
        return {
            **self.names,
            **{
                f"address {place} {part}": names
                for place, told in enumerate(self.addresses)
                for part, names in told.items()
            },
        }

    def read(self, columns: Columns, rows: Rows, settings: ReadSettings) -> Iterator[ForeignPerson | Problem]:
        """The people of a table and what is wrong with its cells."""
        sets = sorted({name.rpartition(" ")[0] for name in columns.where if name.startswith("address ")})
        reader = _Reader(self, columns, settings, sets)
        for row, cells in rows:
            if any(map(fields.value, cells)):
                yield from reader.person(row, cells)


def _numbered(names: Mapping[str, Sequence[str]], header: Header) -> dict[str, Sequence[str]]:
    """The names with `#` as they stand in a header, in the order of their numbers."""
    found: dict[str, Sequence[str]] = {}
    for key, told in names.items():
        written: list[str] = []
        for name in told:
            if "#" not in name:
                written.append(name)
                continue
            wanted = re.compile(re.escape(fold_header(name)).replace(r"\#", "#").replace("#", "([0-9]+)"))
            matches = [(match, at) for at in header if (match := wanted.fullmatch(fold_header(at)))]
            written += [at for match, at in sorted(matches, key=lambda one: int(one[0][1]))]
        found[key] = written
    return found


class _Reader:
    """Reads rows of one table."""

    def __init__(self, table: PeopleTable, columns: Columns, settings: ReadSettings, sets: Sequence[str]) -> None:
        self._table = table
        self._columns = columns
        self._settings = settings
        self._sets = sets
        self._places = {name: (place, *columns.further.get(name, ())) for name, place in columns.where.items()}

    def person(self, row: int, cells: Sequence[str]) -> Iterator[ForeignPerson | Problem]:
        """The person of a row, or why there is none."""
        told = {
            name: texts
            for name, places in self._places.items()
            if (texts := [text for place in places if place < len(cells) and (text := fields.value(cells[place]))])
        }
        notes = [
            "\n".join(clean(line) for line in text.splitlines()).strip() for text in told.get("note", ())[:1]
        ]  # fmt: skip
        identities = tuple(self._identities(told, notes))
        name = _name(told)
        if name is None and not identities:
            yield Problem(row, "", Code.NOBODY)
            return
        birthday, bad = self._birthday(told)
        if bad:
            yield Problem(row, self._columns.name("birthday"), Code.BAD_BIRTHDAY, bad, rejected=False)
        consents = list(self._consents(row, told))
        yield from (each for each in consents if isinstance(each, Problem))
        said = {
            field: text[:longest] for field, longest in LONGEST.items() if (text := next(iter(told.get(field, ())), ""))
        }
        yield ForeignPerson(
            row=row,
            name=name,
            gender=GENDERS.get(fold(next(iter(told.get("gender", ())), ""))),
            company=said.get("company"),
            occupation=said.get("occupation"),
            source=said.get("source"),
            entry_offer=said.get("entry_offer"),
            age_band=ages.parse(next(iter(told.get("age_band", ())), "")),
            member_level=said.get("member_level"),
            birthday=birthday,
            note="\n".join(notes) or None,
            tags=tuple(self._tags(told)),
            addresses=tuple(self._addresses(told)),
            identities=identities,
            attributes=tuple(
                (field, texts[0], self._columns.name(field)) for field, texts in told.items() if is_attribute(field)
            ),
            consents=tuple(each for each in consents if isinstance(each, ForeignConsent)),
        )

    def _identities(self, told: Mapping[str, list[str]], notes: list[str]) -> Iterator[ForeignIdentity]:
        seen: set[tuple[str, str]] = set()
        for kind in ("buyer_id", "email", "wechat", "phone"):
            texts = told.get(kind, ())
            for text in texts if kind == "buyer_id" else (part for cell in texts for part in _SEVERAL.split(cell)):
                value = self._value(kind, text, told)
                if value is None:
                    if (
                        kind == "phone"
                        and _NUMBERED.search(text)
                        and not is_masked(text)
                        and not phone.is_virtual(text)
                    ):
                        notes.append(f"☎ {text}")  # nothing is lost: it may be a short or an inner number
                elif (kind, value) not in seen:
                    seen.add((kind, value))
                    yield ForeignIdentity(kind, self._table.platform, value[:200], text[:200], deciding=True)

    def _value(self, kind: str, text: str, told: Mapping[str, list[str]]) -> str | None:
        if kind == "phone":
            said = next(iter(told.get("country_code", ())), "").upper()
            return _phone(text, said if _COUNTRY.fullmatch(said) else self._settings.region)
        if kind == "email":
            return emails.normalise(text.removeprefix("mailto:"))
        return None if not text or is_masked(text) or fields.is_shortened(text) else fold(text)

    def _birthday(self, told: Mapping[str, list[str]]) -> tuple[Birthday | None, str]:
        """A birthday, and the text that is none."""
        text = next(iter(told.get("birthday", ())), "")
        if not text or is_masked(text):
            return None, ""
        try:
            return birthday_of(text, month_first=self._table.month_first, formats=self._table.formats), ""
        except NoBirthday:
            return None, text

    def _consents(self, row: int, told: Mapping[str, list[str]]) -> Iterator[ForeignConsent | Problem]:
        """What she agreed to, and the cells that say something else."""
        for name, channel in consent_words.FIELDS.items():
            text, column = next(iter(told.get(name, ())), ""), self._columns.name(name)
            try:
                if text and (given := consent_words.answer(text)) is not None:
                    yield ForeignConsent(channel, given, column)
            except consent_words.NoAnswer:
                yield Problem(row, column, Code.BAD_CONSENT, text, rejected=False)

    def _tags(self, told: Mapping[str, list[str]]) -> Iterator[str]:
        parts = (part for text in told.get("tags", ()) for part in _SEVERAL.split(text))
        for tag in dict.fromkeys(" ".join(clean(part.removeprefix("* ")).split())[:LONGEST_TAG] for part in parts):
            if tag and fold(tag) not in self._table.own_tags:
                yield tag

    def _addresses(self, told: Mapping[str, list[str]]) -> Iterator[ForeignAddress]:
        for prefix in self._sets:
            said = {
                part: " ".join(text.split()) for part in ("address", *_PARTS)
                for text in told.get(f"{prefix} {part}", ())[:1] if not is_masked(text)
            }  # fmt: skip
            if (found := address_of(said)) is not None:
                yield found


def _name(told: Mapping[str, list[str]]) -> str | None:
    def first(name: str) -> str:
        text = next(iter(told.get(name, ())), "")
        return "" if is_masked(text) else " ".join(text.split())

    for name in (
        first("name"), full_name(first("first_name"), first("middle_name"), first("last_name")), first("nickname"),
        first("company"),
    ):  # fmt: skip
        if name:
            return name[: LONGEST["name"]]
    return None


def full_name(first: str, middle: str, last: str) -> str:
    """A name in one piece, as people say it: the family name first where it is Chinese."""
    if _HAN.search(last + first) and not (first + last).isascii():
        return f"{last}{middle}{first}"
    return " ".join(filter(None, (first, middle, last)))


def address_of(said: Mapping[str, str]) -> ForeignAddress | None:
    """An address of its parts, or as it is written; None where there is none. A country alone is none."""
    written = said.get("address", "")
    if not written:
        if not said.keys() & {"street", "city", "province", "district"}:
            return None
        written = region.composed(said)
    where = region.parse(written)
    province, city = region_columns.placed(
        said.get("province", ""), said.get("city", ""), said.get("country", ""), written=where.province,
        country_stands_in=False,
    )  # fmt: skip
    city = city or where.city
    # One who tells the district tells it whole; the map may be older.
    district = said.get("district") if said.get("city") else where.district
    return ForeignAddress(
        written, province and province[:64], city and city[:64], district=district and district[:64]
    )  # fmt: skip


@lru_cache(maxsize=8_192)
def _phone(text: str, country: str) -> str | None:
    return phone.normalise(text.removeprefix("tel:"), region=country)


@lru_cache(maxsize=8_192)
def birthday_of(text: str, *, month_first: bool = False, formats: tuple[str, ...] = ()) -> Birthday | None:
    """A birthday as tables and address books write it; None where it stands for none.

    Raises:
        NoBirthday: it is none.
    """
    written = _NO_TIME.sub("", text.strip())
    if _NO_DAY.fullmatch(written):
        return None
    for wanted in formats:
        try:
            day = datetime.strptime(written, wanted)  # noqa: DTZ007  # a day, wherever it is
        except ValueError:
            continue
        return Birthday(SOLAR, day.month, day.day, day.year)
    if found := _NO_YEAR.fullmatch(written):
        written = f"{found[1]}-{found[2]}"
    elif month_first and (found := _MONTH_FIRST.fullmatch(written)):
        written = f"{found[3]}-{found[1]}-{found[2]}"
    elif written.startswith(f"{_UNTOLD_YEAR}-"):
        written = written.removeprefix(f"{_UNTOLD_YEAR}-")
    return birthdays.parse(written)
