"""What is kept of a bug: where it happened, never the values. No name, phone or address can be in it."""

from __future__ import annotations

import platform
import sys
import traceback
from datetime import datetime
from pathlib import Path

from shopcrm import __version__
from shopcrm.base.files import atomic_write


def report(error: BaseException) -> str:
    """The report: versions, the kinds of the errors in the chain, and their frames; messages may hold data."""
    lines = [f"ShopCRM {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}", ""]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        for frame in traceback.extract_tb(seen.__traceback__):
            name = Path(frame.filename)
            lines.append(f"  {'/'.join(name.parts[-3:])}:{frame.lineno} {frame.name}")
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines) + "\n"


def keep(folder: Path, error: BaseException, *, at: datetime) -> Path | None:
    """Write the report into a folder; its path, or None when the disk refuses."""
    path = folder / f"crash-{at:%Y%m%dT%H%M%SZ}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write(path, report(error).encode())
    except OSError:
        print("ShopCRM: the crash report could not be written", file=sys.stderr)  # noqa: T201  # nowhere else to say it
        return None
    return path
