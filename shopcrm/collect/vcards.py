"""vCard files, 2.1 to 4.0, as a table: a row a card, a column what it may say; streamed (C1, C5).

Lines are put together as bytes, as a fold may cut a character. Quoted-printable, charsets, groups (`item1.TEL`), bare
types (`TEL;CELL`) and escapes are undone; pictures and sounds are passed over. A card that is not closed is what it is
so far. Several values of a kind stand in one cell, apart by ` ::: `.
"""

from __future__ import annotations

import io
import quopri
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import IO, Final, NamedTuple

from shopcrm.collect.encodings import codec
from shopcrm.collect.raw_table import RawTable, Row
from shopcrm.collect.sources import Source

BEGINS: Final = re.compile(r"\s*BEGIN:VCARD", re.IGNORECASE)
ADDRESSES: Final = 2  # of a card that are taken
MARK: Final = "VCARD"
_PARTS: Final = ("extended", "street", "city", "region", "code", "country")  # of an address, behind its post box
_COLUMNS: Final = (
    MARK, "FN", "N family", "N given", "N middle", "NICKNAME", "ORG", "TITLE", "GENDER", "TEL", "EMAIL", "WECHAT",
    "BDAY", "CATEGORIES", "NOTE",
)  # fmt: skip
HEADER: Final = (*_COLUMNS, *(f"ADR {number} {part}" for number in range(1, ADDRESSES + 1) for part in _PARTS))
SEVERAL: Final = " ::: "
_LONGEST_LINE: Final = 1 << 16  # of one that is read at all: bytes
_LONGEST_CELL: Final = 8_000
_BINARY: Final = (b"PHOTO", b"LOGO", b"SOUND", b"KEY")
_NAME: Final = re.compile(rb"\s*(?:([\w\-]+)\.)?([A-Za-z0-9\-]+)[;:]")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_AS_IT_IS: Final = {
    "TITLE": "TITLE", "ROLE": "TITLE", "FN": "FN", "NICKNAME": "NICKNAME", "EMAIL": "EMAIL", "NOTE": "NOTE"
}  # fmt: skip
_NOT_CALLED: Final = {"FAX", "PAGER", "MODEM", "TELEX"}
_WECHAT: Final = re.compile(r"\s*(?:wechat|weixin|微信)\s*(?:[:：]/{0,2})?\s*(.*)", re.IGNORECASE)
_WECHAT_NAMES: Final = frozenset({"X-WECHAT", "X-WEIXIN", "X-WECHAT-ID", "X-MICROMSG"})


class _Property(NamedTuple):
    """One line of a card."""

    group: str
    name: str
    types: frozenset[str]  # upper case
    calendar: str
    value: str


def open_cards(source: Source, *, encoding: str) -> RawTable:
    """The cards of a file as a table. `encoding`: of what is neither UTF-8 nor says otherwise."""
    file = source.open()
    rows = _rows(file, encoding)
    return RawTable(encoding, list(HEADER), 0, rows, lambda: source.size if file.closed else file.tell())


def _rows(file: IO[bytes], encoding: str) -> Iterator[Row]:
    card: list[_Property] | None = None
    began = 0
    with file:
        for number, line in _unfolded(file, encoding):
            found = _property(line, encoding)
            if found is None:
                continue
            word = found.value.strip().upper()
            if found.name == "BEGIN" and word == "VCARD":
                if card is not None:
                    yield began, _cells(card)
                card, began = [], number
            elif found.name == "END" and word == "VCARD":
                if card is not None:
                    yield began, _cells(card)
                card = None
            elif card is not None:
                card.append(found)
        if card is not None:
            yield began, _cells(card)


def _unfolded(file: IO[bytes], encoding: str) -> Iterator[tuple[int, bytes]]:
    """The lines with what was folded behind them, and at which line of the file each begins."""
    parts: list[bytes] = []
    length = began = 0
    soft = False  # the line before ends with a soft break of quoted-printable
    for number, raw in enumerate(_lines(file, encoding), 1):
        line = raw.rstrip(b"\r\n")
        if parts and (soft or line[:1] in {b" ", b"\t"}):
            more = line if soft else line[1:]
            # What is too long to be said by anybody is passed over, a picture as a whole.
            if length < _LONGEST_LINE and not parts[0].lstrip().upper().startswith(_BINARY):
                parts.append(more)
                length += len(more)
        else:
            if parts:
                yield began, b"".join(parts)
            parts, length, began = [line[:_LONGEST_LINE]], len(line), number
        soft = line.endswith(b"=") and b"QUOTED-PRINTABLE" in parts[0].partition(b":")[0].upper()
        if soft and parts[-1].endswith(b"="):
            parts[-1] = parts[-1][:-1]
    if parts:
        yield began, b"".join(parts)


def _lines(file: IO[bytes], encoding: str) -> Iterator[bytes]:
    if encoding.startswith(("utf-16", "utf-32")):
        text = io.TextIOWrapper(file, encoding=codec(encoding), errors="replace")
        try:
            yield from (line.encode("utf-8", "replace") for line in text)
        finally:
            text.detach()  # whoever opened the file closes it
        return
    first = True
    while line := file.readline(32 << 20):
        yield line.removeprefix(b"\xef\xbb\xbf") if first else line
        first = False


def _property(line: bytes, encoding: str) -> _Property | None:
    """A line taken apart; None where it is none."""
    found = _NAME.match(line)
    if found is None or found[2].upper() in _BINARY:
        return None
    head, value = _parted(line)
    said = [part.strip() for part in head.decode("ascii", "replace").split(";")[1:]]
    named = {
        name.strip().upper(): text.strip('" ') for name, sign, text in (part.partition("=") for part in said) if sign
    }
    bare = {part.upper() for part in said if "=" not in part}
    types = bare | {one.strip().upper() for part in said if part.upper().startswith("TYPE=")
                    for one in part[5:].strip('"').split(",")}  # fmt: skip
    if named.get("ENCODING", "").upper() in {"B", "BASE64"} or "BASE64" in bare:
        return None
    if named.get("ENCODING", "").upper() == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in bare:
        value = quopri.decodestring(value)
    return _Property(
        (found[1] or b"").decode("ascii", "replace").lower(),
        found[2].decode("ascii").upper(),
        frozenset(types),
        named.get("CALSCALE", "").lower(),
        _decoded(value, named.get("CHARSET", ""), encoding),
    )


def _parted(line: bytes) -> tuple[bytes, bytes]:
    """Name with parameters, and value: apart at the first colon that stands in no quotation marks."""
    quoted = False
    for at, sign in enumerate(line):
        if sign == 0x22:
            quoted = not quoted
        elif sign == 0x3A and not quoted:
            return line[:at], line[at + 1 :]
    head, _, value = line.partition(b":")
    return head, value


def _decoded(value: bytes, charset: str, encoding: str) -> str:
    """The text of a value: what it says of itself is believed where it fits."""
    if value.isascii():
        return value.decode("ascii")
    for name in (charset, "utf-8", codec(encoding), "gb18030"):
        try:
            if name:
                return value.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return value.decode("utf-8", "replace")


def _cells(card: list[_Property]) -> list[str]:
    """The row of a card."""
    labels = {one.group: _plain(one.value) for one in card if one.name == "X-ABLABEL" and one.group}
    told: dict[str, list[str]] = defaultdict(list)
    addresses = 0
    # The preferred number is the first.
    for one in sorted(card, key=lambda one: "PREF" not in one.types):
        parts = [_plain(part) for part in _split(one.value, ";")]
        match one.name:
            case "N":
                for column, part in zip(("N family", "N given", "N middle"), parts, strict=False):
                    told[column].append(part)
            case "ORG":
                told["ORG"].append(parts[0])
            case "GENDER" | "X-GENDER":
                told["GENDER"].append(parts[0])
            case "ADR":
                if addresses < ADDRESSES and any(part.strip() for part in parts):
                    addresses += 1
                    for name, part in zip(_PARTS, parts[1:], strict=False):
                        told[f"ADR {addresses} {name}"].append(" ".join(part.split()))
            case "CATEGORIES":
                told["CATEGORIES"] += [_plain(part) for part in _split(one.value, ",")]
            case "BDAY":
                told["BDAY"].append(f"lunar {one.value}" if one.calendar == "chinese" else _plain(one.value))
            case _ if one.name in _AS_IT_IS:
                told[_AS_IT_IS[one.name]].append(_plain(one.value))
            case _:
                told["TEL"].append(_called(one))
                told["WECHAT"].append(_wechat(one, labels))
    told[MARK].append(next((one.value.strip() for one in card if one.name == "VERSION"), "?"))
    return [_cell(name, [text.strip() for text in told.get(name, ())]) for name in HEADER]


def _cell(name: str, texts: list[str]) -> str:
    """Of what a person has once the first that says anything, of the rest all."""
    said = list(dict.fromkeys(filter(None, texts)))
    several = name in {"TEL", "EMAIL", "WECHAT", "CATEGORIES"}
    return ((SEVERAL if several else "\n").join(said if several or name == "NOTE" else said[:1]))[:_LONGEST_CELL]


def _wechat(one: _Property, labels: dict[str, str]) -> str:
    """The WeChat account in a line of an extension or messenger, empty where there is none."""
    value = _plain(one.value)
    if one.name in _WECHAT_NAMES:
        return value
    if one.name not in {"IMPP", "X-SOCIALPROFILE"}:
        return ""
    if found := _WECHAT.fullmatch(value):
        return found[1]
    said = {*(word.lower() for word in one.types), labels.get(one.group, "").strip("_$!<> ").lower()}
    return value.removeprefix("x-apple:") if said & {"wechat", "weixin", "微信"} else ""


def _called(one: _Property) -> str:
    """A phone as it is dialled: `tel:+86-138…;ext=12` is an address of the web. Empty for all else, and for a fax."""
    if one.name != "TEL" or (one.types & _NOT_CALLED and not one.types & {"CELL", "VOICE"}):
        return ""
    number, _, more = _plain(one.value).partition(";")
    extension = re.search(r"ext=([0-9]+)", more)
    return number.removeprefix("tel:") + (f" x{extension[1]}" if extension else "")


def _split(value: str, sign: str) -> list[str]:
    """The parts of a value, apart by a sign that is not escaped."""
    return re.split(rf"(?<!\\){sign}", value)


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
