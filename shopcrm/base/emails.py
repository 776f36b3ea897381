"""E-mail addresses as identities: written one way, and those that stand for "none" recognised as nobody's."""

from __future__ import annotations

import re
from typing import Final

from shopcrm.base.text import fold, is_masked

_ADDRESS: Final = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
_SIGNS: Final = re.compile(r"[._+-]")
# What tills and shops put where a customer gave none.
_NOBODY: Final = frozenset({
    "none", "na", "noemail", "nomail", "noreply", "donotreply", "nobody", "unknown", "placeholder", "null", "guest",
    "anonymous", "walkin", "customer", "pos",
})  # fmt: skip
_NOWHERE: Final = re.compile(r"(?:.*\.)?(?:noemail|nomail|no-email|none)(?:\.[a-z.]+)?")


def is_placeholder(address: str) -> bool:
    """Whether a folded address stands for "none": `noemail@…`, `no-reply@…`, `…@none.com`."""
    name, _, domain = address.rpartition("@")
    return _SIGNS.sub("", name.partition("+")[0]) in _NOBODY or _NOWHERE.fullmatch(domain) is not None


def normalise(text: str) -> str | None:
    """The one way to write an address; None for masked, impossible and placeholder ones, which identify nobody."""
    if is_masked(text):
        return None
    address = fold(text)
    return address if _ADDRESS.fullmatch(address) and not is_placeholder(address) else None
