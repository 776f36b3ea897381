"""xlsx that ask for a password: an encrypted workbook in an OLE file, ECMA-376 agile or standard (C1).

Excel since 2007, WPS and LibreOffice write the first or the second; what the marketplaces' services send is the first.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.parsers import expat

from shopcrm.collect import aes, compound
from shopcrm.collect.compound import PACKAGE
from shopcrm.collect.refusals import Damaged, PasswordProtected, TooLarge, WrongPassword
from shopcrm.collect.sheet_numbers import elements
from shopcrm.collect.sources import Source, in_memory

INFO: Final = "EncryptionInfo"
SIZE_LIMIT: Final = 64 << 20  # what stands in memory several times while it is decrypted
USUAL: Final = "VelvetSweatshop"  # of workbooks that are protected against changes only: Excel never asks for it
TURNS_LIMIT: Final = 2_000_000  # of hashing, a second or two; Excel writes 100,000
_XML_LIMIT: Final = 1 << 16
_SEGMENT: Final = 4_096
_TURNS_OF_STANDARD: Final = 50_000
_HASHES: Final = ("sha1", "sha256", "sha384", "sha512")
_VERIFIER: Final = bytes.fromhex("fea7d2763b4b9e79")
_VERIFIER_HASH: Final = bytes.fromhex("d7aa0f6d3061344e")
_KEY: Final = bytes.fromhex("146e0be7abacd0d6")

Hash = Callable[[bytes], bytes]


def unlocked(source: Source, passwords: Sequence[str]) -> Source:
    """The workbook inside, in memory: nothing of it is ever written in the clear.

    Raises:
        PasswordProtected: no password was given; WrongPassword: none of them is it.
        Damaged, TooLarge: see there.
    """
    try:
        streams = compound.whole(source, (INFO, PACKAGE))
        info, package = streams[INFO], streams[PACKAGE]
        if len(package) > SIZE_LIMIT:
            raise TooLarge(source.name)
        opened = _standard if info[2:4] == b"\2\0" else _agile
        for password in (USUAL, *passwords):
            if (data := opened(info, package, password)) is not None:
                return in_memory(source.name, data)
    except (expat.ExpatError, KeyError, ValueError, IndexError, struct.error, StopIteration) as error:
        raise Damaged(source.name) from error
    raise WrongPassword(source.name) if passwords else PasswordProtected(source.name)


def _agile(info: bytes, package: bytes, password: str) -> bytes | None:
    xml = info[8:]
    if len(xml) > _XML_LIMIT or b"<!" in xml:
        raise ValueError(len(xml))
    data = elements(xml, "keyData")[0]
    key = _key_inside(elements(xml, "encryptedKey")[0], password)
    if key is None:
        return None
    digest, salt = _hash(data["hashAlgorithm"]), base64.b64decode(data["saltValue"])
    encrypted = _whole_blocks(package[8:])
    starts = b"".join(
        _filled(digest(salt + struct.pack("<I", segment)), aes.BLOCK)
        for segment in range(-(-len(encrypted) // _SEGMENT))
    )
    return _sized(_chained(encrypted, key[: int(data["keyBits"]) // 8], starts=starts), package)


def _key_inside(key: Mapping[str, str], password: str) -> bytes | None:
    """The key of the package, which is locked with the password; None when that is wrong."""
    digest, salt, turns = _hash(key["hashAlgorithm"]), base64.b64decode(key["saltValue"]), int(key["spinCount"])
    if turns > TURNS_LIMIT:
        raise ValueError(turns)
    hashed = digest(salt + password.encode("utf-16-le"))
    for turn in range(turns):
        hashed = digest(struct.pack("<I", turn) + hashed)

    def told(name: str, purpose: bytes) -> bytes:
        own = _filled(digest(hashed + purpose), int(key["keyBits"]) // 8)
        return _chained(base64.b64decode(key[name]), own, starts=_filled(salt, aes.BLOCK))

    expected = told("encryptedVerifierHashValue", _VERIFIER_HASH)[: int(key["hashSize"])]
    verifier = told("encryptedVerifierHashInput", _VERIFIER)[: int(key["saltSize"])]
    return told("encryptedKeyValue", _KEY) if hmac.compare_digest(digest(verifier), expected) else None


def _filled(data: bytes, size: int) -> bytes:
    """Cut or filled to a size as the standard does it."""
    return data[: max(size, 0)].ljust(size, b"\x36")


def _standard(info: bytes, package: bytes, password: str) -> bytes | None:
    (header_size,) = struct.unpack_from("<I", info, 8)
    bits = struct.unpack_from("<I", info, 12 + 16)[0]
    rest = info[12 + header_size :]
    salt, verifier, expected = rest[4:20], rest[20:36], rest[40:72]
    hashed = _sha1(salt + password.encode("utf-16-le"))
    for turn in range(_TURNS_OF_STANDARD):
        hashed = _sha1(struct.pack("<I", turn) + hashed)
    hashed = _sha1(hashed + struct.pack("<I", 0))
    made = (_sha1(bytes(byte ^ pad for byte in hashed.ljust(64, b"\0"))) for pad in (0x36, 0x5C))
    key = b"".join(made)[: bits // 8]
    if not hmac.compare_digest(_sha1(aes.decrypted(verifier, key)), aes.decrypted(expected, key)[:20]):
        return None
    return _sized(aes.decrypted(_whole_blocks(package[8:]), key), package)


def _chained(data: bytes, key: bytes, *, starts: bytes) -> bytes:
    """Segments decrypted by CBC, each from its own start."""
    previous = bytearray(data[: -aes.BLOCK].rjust(len(data), b"\0"))
    for segment in range(len(starts) // aes.BLOCK):
        at = segment * _SEGMENT
        previous[at : at + aes.BLOCK] = starts[segment * aes.BLOCK : (segment + 1) * aes.BLOCK]
    return aes.decrypted(data, key, previous=bytes(previous))


def _whole_blocks(data: bytes) -> bytes:
    return data[: len(data) // aes.BLOCK * aes.BLOCK]


def _sized(data: bytes, package: bytes) -> bytes:
    """Without what fills the last block."""
    size = int.from_bytes(package[:8], "little")
    if size > len(data):
        raise ValueError(size)
    return data[:size]


def _hash(name: str) -> Hash:
    name = name.lower().replace("-", "")
    if name not in _HASHES:
        raise ValueError(name)
    make: Callable[[bytes], Any] = getattr(hashlib, name)
    return lambda data: bytes(make(data).digest())


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()
