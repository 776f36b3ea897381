"""Where the program's own files are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


def package_folder() -> Path:
    """The folder of the package `shopcrm`."""
    return Path(__file__).resolve().parents[1]


@cache
def _root() -> Path:
    package = package_folder()
    bundled = getattr(sys, "_MEIPASS", None)
    candidates = [package / "_resources", package.parent / "resources"]
    if bundled:
        candidates.insert(0, Path(bundled) / "resources")
    return next(path for path in candidates if path.is_dir())


def resource(*parts: str) -> Path:
    """The path of a file or folder under `resources/`."""
    return _root().joinpath(*parts)
