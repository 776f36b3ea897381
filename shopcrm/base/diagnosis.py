"""What may help somebody to help: versions, the machine, sizes and counts. Never a name, phone, address or note."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from pathlib import Path

from shopcrm import __version__
from shopcrm.base.licences import COMPONENTS
from shopcrm.base.paths import Home

_TOLD = ("PySide6-Essentials", "sqlcipher3", "SQLAlchemy", "numpy", "pandas")


def report(home: Home, *, counts: Mapping[str, int], look: Mapping[str, object]) -> str:
    """The lines, in English so that whoever helps can read them.

    Args:
        home: Of the shop. Its path is left out: it may hold the user's name.
        counts: How much the shop holds, by noun.
        look: Language, theme, text size, screen.
    """
    backups, crashes = list(home.backups.glob("shop-*.db")), list(home.logs.glob("crash-*.txt"))
    lines = [
        f"ShopCRM {__version__}" + (" (program folder)" if getattr(sys, "frozen", False) else ""),
        f"{platform.system()} {platform.release()} {platform.machine()}, Python {platform.python_version()}",
        ", ".join(f"{each.package} {each.version or '?'}" for each in COMPONENTS if each.package in _TOLD),
        "shop: " + ", ".join(f"{count:,} {noun}" for noun, count in counts.items()),
        f"files: shop {_size(home.database)}, {len(backups)} backups, {len(crashes)} crash reports",
        "window: " + ", ".join(f"{name} {value}" for name, value in look.items()),
    ]
    return "\n".join(lines) + "\n"


def _size(path: Path) -> str:
    return f"{path.stat().st_size:,} bytes" if path.exists() else "none"
