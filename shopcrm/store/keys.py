"""Which key opens a shop. Without a password: the published one. The envelope of a password has its place here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.paths import Home
from shopcrm.store.driver import INTEGRITY_KEY


@dataclass(eq=False)
class PasswordNeeded(UserFailure):
    """The shop has a key envelope, which this version cannot open."""

    text: ClassVar[str] = N_("The shop in {folder} is protected by a password. Open it with a newer ShopCRM.")
    folder: str


def data_key(home: Home) -> bytes:
    """The raw 32-byte key of the shop in `home`."""
    if home.key_file.exists():
        raise PasswordNeeded(str(home.folder))
    return INTEGRITY_KEY
