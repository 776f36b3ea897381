"""Whether the long versions of the promises are wanted (`make prove`). The suite takes few examples, the same ones."""

from __future__ import annotations

import os
from typing import Final

LONG: Final = "SHOPCRM_PROVE" in os.environ


def examples(few: int, *, many: int) -> int:
    """How many examples a property is tried on."""
    return many if LONG else few
