"""Customers as contacts (C5, U17): vCard 2.1, 3.0 or 4.0, Google's csv, and a list of mobile numbers for texts.

Every number is a real one: hidden and virtual numbers are nobody's identity. Notes stay in the shop: they were written
for it. A birthday in the Chinese calendar, for which the formats have no form, stands as words in the note.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Final

from shopcrm.act import contactable, customer_list, fields
from shopcrm.act.contactable import Withheld
from shopcrm.act.export import UnknownGroup, saving, told_held
from shopcrm.base import birthdays, names
from shopcrm.base.birthdays import SOLAR, Birthday
from shopcrm.base.cells import harmless
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.phone import MOBILE
from shopcrm.base.progress import SILENT, Progress
from shopcrm.mine.rfm import GROUP_KEYS
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx

TEXTS_AT_ONCE: Final = 50_000  # rows that the strictest sender of text messages takes in a file
LINE: Final = 75  # octets of a line of a card
_BLOCK: Final = 2_000
_KEYS: Final = (
    "name", "all_phones", "all_emails", "all_wechats", "company", "occupation", "gender", "birthday", "tags",
    "addresses", "address",
)  # fmt: skip
_HAN: Final = re.compile("[\u3400-\u9fff]+")
_UNTOLD_YEAR: Final = 1604  # what Apple's address book writes, and reads, for none
_GENDERS: Final = {"female": ("F", "Female"), "male": ("M", "Male"), "other": ("O", "Other")}


class Style(StrEnum):
    """What kind of file."""

    VCARD_21 = "vcard-2.1"
    VCARD = "vcard"  # 3.0, which every phone reads
    VCARD_40 = "vcard-4.0"
    GOOGLE = "google"
    TEXTS = "texts"


SUFFIXES: Final = {style: ".vcf" if style.startswith("vcard") else ".csv" for style in Style}


@dataclass(eq=False)
class OtherEnding(UserFailure):
    """A file name that does not end as its kind does."""

    text: ClassVar[str] = N_("{file}: this kind of list is saved as {suffix}. Choose a name that ends so.")
    file: str
    suffix: str


@dataclass(frozen=True)
class Written:
    """How many customers are in the file, and how many had to be left out: without a mobile number for texts.

    `held_back`: how many more may not be written to, by reason (`consents.HELD_BACK`).
    """

    rows: int
    left_out: int
    files: tuple[Path, ...]
    held_back: Mapping[str, int] = field(default_factory=dict)
    incomplete: int = 0  # left out besides: their words have a blank that nothing fills


@dataclass(frozen=True)
class Contact:
    """A customer as an address book knows people."""

    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    wechats: tuple[str, ...] = ()
    company: str | None = None
    occupation: str | None = None
    gender: str | None = None
    birthday: Birthday | None = None
    tags: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """What the contact is called by, whatever is known."""
        return next(filter(None, (self.name, *self.phones, *self.emails, *self.wechats)), "")

    @property
    def parts(self) -> tuple[str, str]:
        """Family and given name."""
        if _HAN.fullmatch(self.name) and 2 <= len(self.name) <= 4:
            length = 2 if self.name[:2] in names.COMPOUND_SURNAMES and len(self.name) > 2 else 1
            return self.name[:length], self.name[length:]
        if _HAN.search(self.name) or " " not in self.name:
            return "", self.shown
        given, _, family = self.name.rpartition(" ")
        return family, given

    @property
    def note(self) -> str:
        """What has no place of its own: a birthday in the Chinese calendar."""
        lunar = self.birthday is not None and self.birthday.calendar != SOLAR
        return _("Birthday: {day}").format(day=birthdays.words(self.birthday)) if lunar and self.birthday else ""


def export_contacts(
    tx: Tx,
    columns: Columns,
    path: Path,
    *,
    style: Style = Style.VCARD,
    ids: Ints | None = None,
    group: str | None = None,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Written:
    """Write customers as contacts. A list for texts of more than `TEXTS_AT_ONCE` becomes several files.

    Who may not be written to is left out (`contactable`): by text messages, or by any way at all.

    Args:
        tx: A writing transaction: the export is a line of the journal.
        columns: The shop's columns.
        path: The file; its folder must be there.
        style: What kind of file.
        ids: The customers, in order. None: all of `group`, else all, by what they spent.
        group: One of the eight groups.
        overwrite: The user agreed to replace the file.
        progress: Told the rows written, stage "writing".

    Raises:
        FileExists, OtherEnding, UnknownGroup, CannotSave, Cancelled: nothing was written.
    """
    if path.suffix.lower() != SUFFIXES[style]:
        raise OtherEnding(path.name, SUFFIXES[style])
    if group is not None and group not in GROUP_KEYS:
        raise UnknownGroup(group, ", ".join(GROUP_KEYS))
    if ids is None:
        ids = customer_list.ids(tx, columns, group=group)
    held = (
        contactable.withheld_of(tx, ids, "sms") if style is Style.TEXTS else contactable.withheld(tx, ids, keys=_KEYS)
    )
    ids = held.kept(ids)
    told = contacts(tx, columns, ids, held=held, progress=progress)
    if style is Style.TEXTS:
        return _write_texts(tx, path, list(_numbers(told)), of=len(ids), held=held, overwrite=overwrite)
    tx.begin_change(
        "export", list="contacts", rows=len(ids), format=style.value, group=group or "", **told_held(held.counted)
    )
    write = _write_google if style is Style.GOOGLE else _writer_of(style)
    rows = 0
    with saving(path, overwrite=overwrite) as temporary:
        rows = write(temporary, (one for one in told if one.shown))
    return Written(rows, len(ids) - rows, (path,), held.counted)


def contacts(
    tx: Tx, columns: Columns, ids: Ints, *, held: Withheld | None = None, progress: Progress = SILENT
) -> Iterator[Contact]:
    """Customers as contacts, in the order of `ids`, without what must not be told."""
    held = held or Withheld()
    for start in range(0, len(ids), _BLOCK):
        progress.report("writing", done=start, total=len(ids), unit="rows")
        some = ids[start : start + _BLOCK]
        read: list[Any] = held.told(some.tolist(), fields.read(tx, columns, some, keys=_KEYS), _KEYS)
        for name, *ways, company, occupation, gender, birthday, tags, listed, last in read:
            phones, emails, wechats = ways
            addresses = tuple(dict.fromkeys(address for address in (*listed, last) if address))
            yield Contact(
                name or "", phones, emails, wechats, company, occupation, gender, birthday, tags, addresses
            )  # fmt: skip
    progress.report("writing", done=len(ids), total=len(ids), unit="rows")


# Cards


def card(contact: Contact, *, version: str = "3.0") -> bytes:
    """One customer as a card: lines that end in CR LF, none longer than 75 octets, no character cut."""
    return b"".join(_line(version, *each) for each in _lines(contact, version))


def _lines(contact: Contact, version: str) -> Iterator[tuple[str, str]]:
    """(name with parameters, value with its escapes) of each line."""
    old, new = version == "2.1", version == "4.0"

    def escaped(text: str) -> str:
        text = text.replace("\\", "\\\\").replace(";", "\\;") if not old else text.replace(";", "\\;")
        return text if old else text.replace(",", "\\,").replace("\r\n", "\n").replace("\n", "\\n")

    def typed(name: str, kind: str) -> str:
        return f"{name};{kind}" if old else f"{name};TYPE={kind.lower() if new else kind}"

    yield "BEGIN", "VCARD"
    yield "VERSION", version
    yield "N", ";".join([*map(escaped, contact.parts), "", "", ""])
    yield "FN", escaped(contact.shown)
    for number in contact.phones:
        yield typed("TEL", "CELL" if MOBILE.fullmatch(number) else "VOICE"), escaped(number)
    for address in contact.emails:
        yield typed("EMAIL", "INTERNET") if not new else "EMAIL", escaped(address)
    for account in contact.wechats:
        yield "X-WECHAT", escaped(account)
    if contact.company:
        yield "ORG", escaped(contact.company)
    if contact.occupation:
        yield "TITLE", escaped(contact.occupation)
    if contact.gender:
        yield ("GENDER", _GENDERS[contact.gender][0]) if new else ("X-GENDER", _GENDERS[contact.gender][1])
    if contact.birthday is not None and contact.birthday.calendar == SOLAR:
        yield _birthday(contact.birthday, new=new)
    for address in contact.addresses:
        yield typed("ADR", "HOME"), f";;{escaped(address)};;;;"
    if contact.tags:
        yield "CATEGORIES", ",".join(map(escaped, contact.tags))
    if contact.note:
        yield "NOTE", escaped(contact.note)
    yield "END", "VCARD"


def _birthday(born: Birthday, *, new: bool) -> tuple[str, str]:
    day = f"{born.month:02}-{born.day:02}"
    if born.year is not None:
        return "BDAY", f"{born.year}{born.month:02}{born.day:02}" if new else f"{born.year}-{day}"
    if new:
        return "BDAY", f"--{born.month:02}{born.day:02}"
    return f"BDAY;X-APPLE-OMIT-YEAR={_UNTOLD_YEAR}", f"{_UNTOLD_YEAR}-{day}"


def _line(version: str, name: str, value: str) -> bytes:
    if version == "2.1" and not (value.isascii() and value.isprintable()):
        return _quoted(f"{name};CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:", value)
    return _folded(f"{name}:{value}")


def _folded(text: str) -> bytes:
    """A line, folded where it would be too long, between characters."""
    parts, length, room = [bytearray()], 0, LINE
    for sign in text:
        written = sign.encode()
        if length + len(written) > room:
            parts.append(bytearray())
            length, room = 0, LINE - 1  # the blank of a fold counts
        parts[-1] += written
        length += len(written)
    return b"\r\n ".join(parts) + b"\r\n"


def _quoted(head: str, value: str) -> bytes:
    """A line in quoted-printable with soft breaks, between characters."""
    parts, length = [bytearray(head.encode())], len(head)
    for sign in value:
        plain = sign.isascii() and sign.isprintable() and sign != "="
        written = sign.encode() if plain else "".join(f"={octet:02X}" for octet in sign.encode()).encode()
        if length + len(written) > LINE - 1:  # the sign of a soft break counts
            parts.append(bytearray())
            length = 0
        parts[-1] += written
        length += len(written)
    return b"=\r\n".join(parts) + b"\r\n"


def _writer_of(style: Style) -> Callable[[Path, Iterator[Contact]], int]:
    version = {Style.VCARD_21: "2.1", Style.VCARD_40: "4.0"}.get(style, "3.0")

    def write(path: Path, told: Iterator[Contact]) -> int:
        rows = 0
        with path.open("wb") as file:
            for contact in told:
                file.write(card(contact, version=version))
                rows += 1
        return rows

    return write


# Tables

_GOOGLE: Final = (
    "First Name", "Last Name", "Organization Name", "Organization Title", "Birthday", "Notes", "Labels",
    "E-mail 1 - Label", "E-mail 1 - Value", "Phone 1 - Label", "Phone 1 - Value", "Address 1 - Label",
    "Address 1 - Formatted", "Custom Field 1 - Label", "Custom Field 1 - Value",
)  # fmt: skip
_SEVERAL: Final = " ::: "


def _write_google(path: Path, told: Iterator[Contact]) -> int:
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(_GOOGLE)
        for contact in told:
            rows += 1
            family, given = contact.parts
            born = contact.birthday
            day = "" if born is None or born.calendar != SOLAR else birthdays.words(born)
            row = (
                given, family, contact.company, contact.occupation,
                f" --{day}" if born is not None and born.year is None and day else day, contact.note,
                _SEVERAL.join((*contact.tags, "* myContacts")), "* Other" if contact.emails else "",
                _SEVERAL.join(contact.emails), "Mobile" if contact.phones else "",
                _SEVERAL.join(map(_dialled, contact.phones)), "Home" if contact.addresses else "",
                _SEVERAL.join(contact.addresses), "WeChat" if contact.wechats else "", _SEVERAL.join(contact.wechats),
            )  # fmt: skip
            # A number is dialled as it stands: `+86 …` is no formula to an address book.
            out.writerow(
                [cell if cell and _DIALLED.fullmatch(cell) else harmless(cell or "", csv=True) for cell in row]
            )
    return rows


_DIALLED: Final = re.compile(r"\+?[0-9][0-9 x]*(?: ::: \+?[0-9][0-9 x]*)*")


def _dialled(number: str) -> str:
    return f"+86 {number}" if MOBILE.fullmatch(number) else number


def first_mobile(phones: Iterable[str], seen: Container[str]) -> str | None:
    """Of a customer's numbers the first that a text can be sent to, and that is nobody's who was seen before."""
    return next((one for one in phones if MOBILE.fullmatch(one) and one not in seen), None)


def _numbers(told: Iterator[Contact]) -> Iterator[tuple[str, str]]:
    """(mobile number, name), each number once: of a customer the first that a text can be sent to."""
    seen: set[str] = set()
    for contact in told:
        number = first_mobile(contact.phones, seen)
        if number is not None:
            seen.add(number)
            yield number, contact.name


def _write_texts(
    tx: Tx, path: Path, rows: Sequence[tuple[str, str]], *, of: int, held: Withheld, overwrite: bool
) -> Written:
    """Number and name, with a header, in files that a sender of text messages takes."""
    tx.begin_change("export", list="texts", rows=len(rows), format="csv", **told_held(held.counted))
    written: list[Path] = []
    for number, start in enumerate(range(0, max(len(rows), 1), TEXTS_AT_ONCE), 1):
        target = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        with (
            saving(target, overwrite=overwrite) as temporary,
            temporary.open("w", encoding="utf-8-sig", newline="") as file,
        ):
            out = csv.writer(file)
            out.writerow((_("Mobile number"), _("Name")))
            part = rows[start : start + TEXTS_AT_ONCE]
            out.writerows((mobile, harmless(name, csv=True)) for mobile, name in part)
        written.append(target)
    return Written(len(rows), of - len(rows), tuple(written), held.counted)
