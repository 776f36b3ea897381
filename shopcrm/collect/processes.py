"""The program's own processes: itself once more, with a hidden command (C1)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import shopcrm
from shopcrm.collect import limits


def command(name: str) -> list[str]:
    """The command line of a hidden command."""
    return [sys.executable, name] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "shopcrm", name]


def start(arguments: list[str], **choices: Any) -> subprocess.Popen[Any]:
    """Begin a process that is talked to through pipes. `choices`: further ones of `Popen`."""
    root = str(Path(shopcrm.__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(  # noqa: S603  # our own program
        arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a dying parser may print what it holds
        env=os.environ | limits.ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        **choices,
    )
