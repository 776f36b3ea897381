"""zip files of tables, as Douyin and others send them: each file in them read where it stands (C1).

Nothing is unpacked to a name, so what the names say of folders does no harm.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from shopcrm.collect.refusals import Archive, Damaged, EmptyFile, PasswordProtected, TooLarge, WrongPassword
from shopcrm.collect.sources import Source, in_archive

MEMBERS_LIMIT: Final = 200
INFLATED_LIMIT: Final = 1 << 30
RATIO_LIMIT: Final = 400  # inflated to packed, of an archive beyond _RATIO_FROM
UNPACKED_LIMIT: Final = 128 << 20  # of a workbook in it, which is held in memory
_RATIO_FROM: Final = 64 << 20
_ENCRYPTED: Final = 1  # bits of a member's flags
_UTF_8: Final = 1 << 11
_LITTER: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Member:
    """A file in an archive. `packed`: how many bytes of the archive it takes."""

    source: Source
    packed: int


@contextmanager
def unpacked(source: Source, passwords: Sequence[str]) -> Iterator[list[Member]]:
    """The files in an archive, while it is open.

    Raises:
        EmptyFile: there is none.
        TooLarge: more of them, or more in them, than can be read safely.
        PasswordProtected, WrongPassword, Damaged: see there.
        Archive: packed or encrypted in a way that cannot be read here.
    """
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir() and not _is_litter(part.filename)]
            if not parts:
                raise EmptyFile(source.name)
            inflated = sum(part.file_size for part in parts)  # zipfile gives no more than what the directory declares
            too_dense = inflated > _RATIO_FROM and inflated > RATIO_LIMIT * max(source.size, 1)
            if len(parts) > MEMBERS_LIMIT or inflated > INFLATED_LIMIT or too_dense:
                raise TooLarge(source.name)
            password = _password(archive, parts, source, passwords)
            yield [
                Member(
                    in_archive(archive, part, name=f"{source.name} › {_name(part)}", password=password),
                    part.compress_size,
                )
                for part in parts
            ]
    except NotImplementedError as error:
        raise Archive(source.name, "zip") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError) as error:  # a name may be no UTF-8
        raise Damaged(source.name) from error


def _password(
    archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], source: Source, passwords: Sequence[str]
) -> bytes | None:
    """The password that opens the archive's encrypted files; None where there are none."""
    locked = min((part for part in parts if part.flag_bits & _ENCRYPTED), key=lambda part: part.file_size, default=None)
    if locked is None:
        return None
    for password in passwords:
        for encoded in dict.fromkeys((password.encode("utf-8"), password.encode("gb18030"))):
            if _opens(archive, locked, encoded):
                return encoded
    raise WrongPassword(source.name) if passwords else PasswordProtected(source.name)


def _opens(archive: zipfile.ZipFile, part: zipfile.ZipInfo, password: bytes) -> bool:
    """Whether it does: one in 256 wrong ones passes the first look, so all of the smallest file is read."""
    try:
        with archive.open(part, pwd=password) as file:
            while file.read(1 << 20):
                pass
    except (RuntimeError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        if isinstance(error, NotImplementedError):
            raise
        return False
    return True


def _is_litter(name: str) -> bool:
    """What systems put into archives by themselves."""
    return name.startswith(_LITTER) or name.endswith(_LITTER)


def _name(part: zipfile.ZipInfo) -> str:
    """A member's name: many programs write it as Windows in China does, and do not say so."""
    if part.flag_bits & _UTF_8:
        return part.filename
    raw = part.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename
