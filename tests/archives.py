"""zip files written so that tests can make what no program here would: with a password, with names of Windows."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

_TABLE = [0] * 256
for _at in range(256):
    _sum = _at
    for _ in range(8):
        _sum = _sum >> 1 ^ (0xEDB88320 if _sum & 1 else 0)
    _TABLE[_at] = _sum


def zip_of(*members: tuple[str, bytes], packed: bool = True) -> bytes:
    """An archive of files by name."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return result.getvalue()


def zip_crypto(*members: tuple[str, bytes], password: bytes | None = None, names: str = "gb18030") -> bytes:
    """An archive as Windows in China writes it: names in the system's encoding, files locked with ZipCrypto."""
    local, central = b"", b""
    for name, data in members:
        raw, checksum = name.encode(names), zlib.crc32(data)
        squeezed = zlib.compress(data)[2:-4]
        body = squeezed if password is None else _locked(squeezed, password, checksum)
        fields = struct.pack(
            "<HHHHHIIIHH", 20, password is not None, 8, 0, 33, checksum, len(body), len(data), len(raw), 0
        )
        central += b"PK\1\2\x14\0" + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(local)) + raw
        local += b"PK\3\4" + fields + raw + body
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(central), len(local), 0)
    return local + central + b"PK\5\6" + end


def _locked(data: bytes, password: bytes, checksum: int) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]

    def turn(byte: int) -> None:
        keys[0] = keys[0] >> 8 ^ _TABLE[(keys[0] ^ byte) & 255]
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = keys[2] >> 8 ^ _TABLE[(keys[2] ^ keys[1] >> 24) & 255]

    for byte in password:
        turn(byte)
    result = bytearray()
    for byte in b"eleven byte" + bytes([checksum >> 24]) + data:
        word = keys[2] & 0xFFFF | 2
        result.append(byte ^ (word * (word ^ 1) >> 8 & 255))
        turn(byte)
    return bytes(result)
