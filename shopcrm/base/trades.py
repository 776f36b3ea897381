"""The trades that ShopCRM knows what to keep of their customers (C6); a shop names one, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shopcrm.base.i18n import N_, _

NAMES: Final[Mapping[str, str]] = {
    "mother_baby": N_("Mother and baby"),
    "clothing": N_("Clothing and shoes"),
    "food": N_("Food"),
    "cosmetics": N_("Cosmetics"),
    "pets": N_("Pets"),
    "cars": N_("Car accessories"),
    "other": N_("Something else"),
}


def name(key: str) -> str:
    """A trade's name in the current language; blank for none."""
    return _(NAMES[key]) if key in NAMES else ""
