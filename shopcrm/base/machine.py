"""What this computer says of itself, on each system: language, country, how the program is started; and a last word.

Linux answers by its environment, Windows by its kernel, macOS by the settings of the user: a program that is started
from the Finder or the start menu has no environment that names a language.
"""

from __future__ import annotations

import ctypes
import locale
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

_SILENT = ("C", "POSIX", "C.UTF-8")
_ANSWER_S = 2.0


def locale_name() -> str:
    """The language and country of the user as the system writes them (`zh_CN.UTF-8`, `en-GB`); blank if unknown."""
    for key in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(key)
        if value and value not in _SILENT:
            return value
    if sys.platform == "win32":
        return _windows_language()
    if sys.platform == "darwin":
        return _mac_setting("AppleLanguages")
    return ""


def territory() -> str:
    """The country of the user in two letters (`GB`); blank if unknown."""
    if sys.platform == "win32":
        return _windows_country()
    if sys.platform == "darwin":
        found = re.search(r"[_-]([A-Z]{2})\b", _mac_setting("AppleLocale"))
        return found.group(1) if found else ""
    return (locale.getlocale()[0] or "").partition("_")[2][:2]


def program() -> list[str]:
    """How this program is started once more, without a terminal of its own."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    python = Path(sys.executable)
    # python.exe would open a black window beside ours.
    silent = python.with_name("pythonw.exe")
    return [str(silent if sys.platform == "win32" and silent.exists() else python), "-m", "shopcrm"]


def say(text: str) -> None:
    """A last word where there is no window of ours: to the terminal; from a Windows program without one in a box."""
    if sys.stderr is not None:
        print(text, file=sys.stderr)  # noqa: T201
    elif sys.platform == "win32":
        _library("user32").MessageBoxW(None, text, "ShopCRM", 0x30)


def on_terminal() -> bool:
    """Whether somebody reads along on a terminal. A windowed program on Windows has none, not even a stream."""
    return sys.stderr is not None and sys.stderr.isatty()


def no_screen() -> bool:
    """Whether there is no screen to open a window on."""
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform not in ("win32", "darwin") and not has_display


def _library(name: str) -> Any:
    return getattr(ctypes, "WinDLL")(name)  # noqa: B009  # only there on Windows


def _windows_language() -> str:
    language = int(_library("kernel32").GetUserDefaultUILanguage())
    return locale.windows_locale.get(language, "")


def _windows_country() -> str:
    letters = ctypes.create_unicode_buffer(8)
    _library("kernel32").GetUserDefaultGeoName(letters, len(letters))
    return letters.value if re.fullmatch("[A-Z]{2}", letters.value) else ""


def _mac_setting(name: str) -> str:
    """A setting of the user; of a list its first."""
    try:
        told = subprocess.run(  # noqa: S603
            ["/usr/bin/defaults", "read", "-g", name],
            capture_output=True, text=True, encoding="utf-8", timeout=_ANSWER_S, check=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return ""
    found = re.search(r"[A-Za-z]{2}[\w-]*", told)
    return found.group(0) if found else ""
