"""Which encoding a text file is in: BOM, then UTF-16 by its zeros, strict UTF-8, GB18030 or Big5 by evidence.

Python's own names; "big5" is read as Taiwan's Windows writes it (cp950). charset-normalizer is asked only when neither
Chinese encoding gives a text of common characters.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from functools import cache
from typing import Final

from shopcrm.collect.sources import Source

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODECS: Final = {"big5": "cp950"}
_BLOCK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_ENOUGH: Final = 0.4  # share of common characters below which a text is not Chinese
_LIKELY: Final = 0.7  # above which it is no other text that was misread
_SURELY: Final = 0.9  # above which it is nothing else
_MISREAD: Final = (  # as what, and what it was: how Excel and others open a file without a mark
    ("gb18030", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gb18030"), ("cp1252", "gb18030"),
)  # fmt: skip
_LEAST: Final = 4  # Chinese characters that say so
_WESTERN: Final = ["cp1252", "cp1251", "shift_jis", "euc_jp", "cp949"]


def codec(encoding: str) -> str:
    """The codec that reads an encoding of ours."""
    return _CODECS.get(encoding, encoding)


def detect(source: Source) -> str:
    """Read a file once and tell its encoding.

    Raises:
        OSError: the file cannot be read.
    """
    with source.open() as file:
        found = _by_mark(file.read(_SAMPLE))
        if found is None:
            file.seek(0)
            found = _by_content(iter(lambda: file.read(_BLOCK), b""))
    return found


def is_garbled(text: str) -> bool:
    """Whether a text is Chinese that some program read in another encoding, and saved so: 璁㈠崟 for 订单."""
    if _share(text) >= _LIKELY:
        return False
    for wrong, right in _MISREAD:
        meant = text.encode(wrong, errors="ignore").decode(right, errors="ignore")
        if sum(not char.isascii() for char in meant) >= _LEAST and _share(meant) >= _SURELY:
            return True
    return False


def _share(text: str) -> float:
    """How many of the characters beyond ASCII are common Chinese ones, in the better of both scripts, 0 to 1."""
    foreign = [char for char in text if not char.isascii()]
    found = (sum(char in _common(name) for char in foreign) for name in ("gb18030", "big5"))
    return max(found) / max(len(foreign), 1)


def _by_mark(start: bytes) -> str | None:
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    # Without a mark, UTF-16 shows in the zeros of its commas, digits and line ends: all in every second byte.
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > len(start) // 40 and odd > 4 * even:
        return "utf-16-le"
    if even > len(start) // 40 and even > 4 * odd:
        return "utf-16-be"
    return None


def _by_content(blocks: Iterable[bytes]) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    sample = b""
    for block in blocks:
        if is_utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                is_utf8 = False
        if len(sample) < _SAMPLE and not block.isascii():
            # From the line of the first character in question on: that is where the evidence is.
            at = 0 if sample else _line_start(block)
            sample += block[at : at + _SAMPLE]
        if not is_utf8 and len(sample) >= _SAMPLE:
            break
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False  # the file ends inside a character
    return "utf-8" if is_utf8 or _is_spoilt_utf8(sample) else _by_evidence(sample)


def _line_start(block: bytes) -> int:
    first = next(i for i in range(0, len(block), 4096) if not block[i : i + 4096].isascii())
    return block.rfind(b"\n", 0, first) + 1


def _is_spoilt_utf8(sample: bytes) -> bool:
    """UTF-8 with a few broken characters: of another encoding hardly any sequence would fit."""
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(not char.isascii() for char in text) > 4 * broken


def _by_evidence(sample: bytes) -> str:
    shares = {name: _common_share(sample, name) for name in ("gb18030", "big5")}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= _ENOUGH:
        return best
    from charset_normalizer import from_bytes

    guess = from_bytes(sample, cp_isolation=_WESTERN).best()
    return guess.encoding if guess else "cp1252"


def _common_share(sample: bytes, encoding: str) -> float:
    """How many of the characters beyond ASCII are common ones of an encoding, 0 to 1."""
    foreign = [char for char in sample.decode(codec(encoding), errors="replace") if not char.isascii()]
    common = _common(encoding)
    return sum(char in common for char in foreign) / max(len(foreign), 1)


@cache
def _common(encoding: str) -> frozenset[str]:
    """Punctuation, full-width forms and the plane of frequently used characters of a double-byte set."""
    leads = (0xA1, 0xA3, *range(0xB0, 0xD8)) if encoding == "gb18030" else (0xA1, 0xA2, *range(0xA4, 0xC7))
    trails = range(0xA1, 0xFF) if encoding == "gb18030" else (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    pairs = (bytes((lead, trail)) for lead in leads for trail in trails)
    return frozenset(pair.decode(codec(encoding), errors="ignore") for pair in pairs)
