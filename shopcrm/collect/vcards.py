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
from functools import lru_cache, partial
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
_IN_PARTS: Final = {
    "N": ("N family", "N given", "N middle"), "ORG": ("ORG",), "GENDER": ("GENDER",), "X-GENDER": ("GENDER",)
}  # fmt: skip
_NOT_CALLED: Final = {"FAX", "PAGER", "MODEM", "TELEX"}
_WECHAT: Final = re.compile(r"\s*(?:wechat|weixin|微信)\s*(?:[:：]/{0,2})?\s*(.*)", re.IGNORECASE)
_WECHAT_NAMES: Final = frozenset({"X-WECHAT", "X-WEIXIN", "X-WECHAT-ID", "X-MICROMSG"})
_MESSENGERS: Final = _WECHAT_NAMES | {"IMPP", "X-SOCIALPROFILE"}
_EXTENSION: Final = re.compile(r"ext=([0-9]+)")
_BOUNDS: Final = frozenset({"BEGIN", "END"})
_FOLDS: Final = frozenset({b" ", b"\t"})
_SEVERAL: Final = frozenset({"TEL", "EMAIL", "WECHAT", "CATEGORIES"})
_PLACES: Final = {name: place for place, name in enumerate(HEADER)}
_LONGEST_HEAD: Final = 256  # of one that is remembered: bytes


class _Head(NamedTuple):
    """What stands before the colon of a line: name and parameters."""

    group: str
    name: str
    types: frozenset[str]  # upper case
    preferred: bool
    calendar: str
    charset: str
    quoted: bool  # the value is quoted-printable


_Property = tuple[_Head, str]  # one line of a card, and its value


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
            name = found[0].name
            if name not in _BOUNDS:
                if card is not None:
                    card.append(found)
            elif found[1].strip().upper() == MARK:
                if card is not None:
                    yield began, _cells(card)
                card, began = [] if name == "BEGIN" else None, number
        if card is not None:
            yield began, _cells(card)


def _unfolded(file: IO[bytes], encoding: str) -> Iterator[tuple[int, bytes]]:
    """The lines with what was folded behind them, and at which line of the file each begins."""
    parts: list[bytes] = []
    length = began = 0
    soft = False  # the line before ends with a soft break of quoted-printable
    for number, raw in enumerate(_lines(file, encoding), 1):
        line = raw.rstrip(b"\r\n")
        if (soft or line[:1] in _FOLDS) and parts:
            more = line if soft else line[1:]
            # What is too long to be said by anybody is passed over, a picture as a whole.
            if length < _LONGEST_LINE and not parts[0].lstrip().upper().startswith(_BINARY):
                parts.append(more)
                length += len(more)
        else:
            if parts:
                yield began, parts[0] if len(parts) == 1 else b"".join(parts)
            parts, length, began = [line[:_LONGEST_LINE]], len(line), number
        soft = line[-1:] == b"=" and b"QUOTED-PRINTABLE" in parts[0].partition(b":")[0].upper()
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
    if line := file.readline(32 << 20):
        yield line.removeprefix(b"\xef\xbb\xbf")
    yield from iter(partial(file.readline, 32 << 20), b"")


def _property(line: bytes, encoding: str) -> _Property | None:
    """A line taken apart; None where it is none."""
    head, _, value = line.partition(b":")
    if b'"' in head:  # the colon may stand in quotation marks
        head, value = _parted(line)
    elif len(head) == len(line) and b";" not in head:  # neither value nor parameters
        return None
    found = _head(head) if len(head) < _LONGEST_HEAD else _head.__wrapped__(head)
    if found is None:
        return None
    if found.quoted:
        value = quopri.decodestring(value)
    return found, value.decode("ascii") if value.isascii() else _decoded(value, found.charset, encoding)


@lru_cache(maxsize=1024)
def _head(head: bytes) -> _Head | None:
    """What a line is, by what stands before its value: every card of a file says the same. None: it is passed over."""
    found = _NAME.match(head + b":")
    if found is None or found[2].upper() in _BINARY:
        return None
    said = [part.strip() for part in head.decode("ascii", "replace").split(";")[1:]]
    named = {
        name.strip().upper(): text.strip('" ') for name, sign, text in (part.partition("=") for part in said) if sign
    }
    bare = {part.upper() for part in said if "=" not in part}
    types = bare | {one.strip().upper() for part in said if part.upper().startswith("TYPE=")
                    for one in part[5:].strip('"').split(",")}  # fmt: skip
    if named.get("ENCODING", "").upper() in {"B", "BASE64"} or "BASE64" in bare:
        return None
    return _Head(
        (found[1] or b"").decode("ascii", "replace").lower(),
        found[2].decode("ascii").upper(),
        frozenset(types),
        "PREF" in types,
        named.get("CALSCALE", "").lower(),
        named.get("CHARSET", ""),
        named.get("ENCODING", "").upper() == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in bare,
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
    for name in (charset, "utf-8", codec(encoding), "gb18030"):
        try:
            if name:
                return value.decode(name)
        except (ValueError, LookupError):  # a charset may be any word, and no name of one at all
            continue
    return value.decode("utf-8", "replace")


def _cells(card: list[_Property]) -> list[str]:
    """The row of a card."""
    labels = {head.group: _plain(value) for head, value in card if head.group and head.name == "X-ABLABEL"}
    told: dict[str, list[str]] = defaultdict(list)
    addresses = 0
    if preferred := [one for one in card if one[0].preferred]:  # the preferred number is the first
        card = preferred + [one for one in card if not one[0].preferred]
    for head, value in card:
        name = head.name
        if column := _AS_IT_IS.get(name):
            told[column].append(_plain(value))
        elif name == "TEL":
            told["TEL"].append(_called(head, value))
        elif columns := _IN_PARTS.get(name):
            for column, part in zip(columns, _parts(value), strict=False):
                told[column].append(part)
        elif name == "ADR":
            parts = _parts(value)
            if addresses < ADDRESSES and any(part.strip() for part in parts):
                addresses += 1
                for column, part in zip(_PARTS, parts[1:], strict=False):
                    told[f"ADR {addresses} {column}"].append(" ".join(part.split()))
        elif name == "CATEGORIES":
            told["CATEGORIES"] += _parts(value, ",")
        elif name == "BDAY":
            told["BDAY"].append(f"lunar {value}" if head.calendar == "chinese" else _plain(value))
        elif name == "VERSION":
            told[MARK].append(value)
        else:
            told["WECHAT"].append(_wechat(head, value, labels))
    told.setdefault(MARK, ["?"])
    cells = [""] * len(HEADER)
    for name, texts in told.items():
        cells[_PLACES[name]] = _cell(name, texts)
    return cells


def _cell(name: str, texts: list[str]) -> str:
    """Of what a person has once the first that says anything, of the rest all."""
    if len(texts) == 1:
        return texts[0].strip()[:_LONGEST_CELL]
    said = list(dict.fromkeys(filter(None, map(str.strip, texts))))
    several = name in _SEVERAL
    return ((SEVERAL if several else "\n").join(said if several or name == "NOTE" else said[:1]))[:_LONGEST_CELL]


def _wechat(one: _Head, told: str, labels: dict[str, str]) -> str:
    """The WeChat account in a line of an extension or messenger, empty where there is none."""
    if one.name not in _MESSENGERS:
        return ""
    value = _plain(told)
    if one.name in _WECHAT_NAMES:
        return value
    if found := _WECHAT.fullmatch(value):
        return found[1]
    said = {*(word.lower() for word in one.types), labels.get(one.group, "").strip("_$!<> ").lower()}
    return value.removeprefix("x-apple:") if said & {"wechat", "weixin", "微信"} else ""


def _called(one: _Head, value: str) -> str:
    """A phone as it is dialled: `tel:+86-138…;ext=12` is an address of the web. Empty for a fax."""
    if one.types & _NOT_CALLED and not one.types & {"CELL", "VOICE"}:
        return ""
    number, _, more = _plain(value).partition(";")
    extension = _EXTENSION.search(more) if more else None
    return number.removeprefix("tel:") + (f" x{extension[1]}" if extension else "")


def _parts(value: str, sign: str = ";") -> list[str]:
    """The parts of a value, apart by a sign that is not escaped."""
    if "\\" not in value:
        return value.split(sign)
    return [_plain(part) for part in re.split(rf"(?<!\\){sign}", value)]


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value) if "\\" in value else value
