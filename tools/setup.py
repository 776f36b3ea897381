"""Make a bare machine ready for ShopCRM, and run it: `python3 tools/setup.py run` (or `dev`, for the tests).

Standard library only, since it runs before anything is installed. As root on Debian or Ubuntu it installs the missing
system packages; without root it uses what is there and names what is missing. A second run finds all in place, asks
no network and starts at once.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
OUTPUT = ROOT / "build" / "run"
BUILD_REQUIREMENTS = ROOT / "requirements-build.txt"
SOURCE_ONLY = "lunar-python"

# What Qt loads from the system, and the Debian package that brings it.
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
CJK_FONT = "fonts-noto-cjk"
CJK_FONT_MARKS = ("cjk", "wqy", "sourcehan", "droidsansfallback", "uming", "ukai", "simsun", "msyh", "pingfang")


class SetupError(Exception):
    """Something the person at the machine has to do, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Set up for `run` or `dev`; `run` also starts the program."""
    parser = argparse.ArgumentParser(description="Make this machine ready for ShopCRM.")
    parser.add_argument("purpose", choices=("run", "dev"), help="run: set up and start; dev: set up for the tests")
    purpose = parser.parse_args(arguments).purpose
    try:
        screen = has_screen(os.environ)
        if sys.platform.startswith("linux"):
            provide_system_packages(window=screen and purpose == "run")
        provide_environment(ROOT / ("requirements.txt" if purpose == "run" else "requirements-dev.txt"))
        if purpose == "run":
            return open_window() if screen else run_without_screen()
    except SetupError as failure:
        print(f"ShopCRM: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # the program has been told too
        return 130
    return 0


def has_screen(environment: os._Environ[str] | dict[str, str]) -> bool:
    """Whether a window can be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    if environment.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


# --- the system


def loads(library: str) -> bool:
    """Whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_cjk_font() -> bool:
    """Whether any font with Chinese characters lies where fontconfig looks."""
    home = Path.home()
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts"]
    return any(
        mark in name.lower().replace("-", "").replace("_", "")
        for folder in folders
        for _path, _folders, names in os.walk(folder, followlinks=True)
        for name in names
        for mark in CJK_FONT_MARKS
    )


def missing_packages(*, window: bool) -> list[str]:
    """The Debian packages of what the program needs from the system and does not find."""
    wanted = LIBRARIES | (WINDOW_LIBRARIES if window else {})
    missing = [package for library, package in wanted.items() if not loads(library)]
    importlib.invalidate_caches()
    if not environment_is_usable() and importlib.util.find_spec("ensurepip") is None:
        missing.insert(0, "python3-venv")
    return missing


def provide_system_packages(*, window: bool) -> None:
    """Install what is missing as root, else name it."""
    missing = missing_packages(window=window)
    font = not has_cjk_font()
    if (missing or font) and os.geteuid() == 0 and shutil.which("apt-get"):
        # pip on Debian trusts the system's certificates, and a minimal system has none.
        certificates = [] if Path("/etc/ssl/certs/ca-certificates.crt").exists() else ["ca-certificates"]
        install_packages([*missing, *certificates, *([CJK_FONT] if font else [])], needed=bool(missing))
        missing, font = missing_packages(window=window), not has_cjk_font()
    if font:
        print(f"ShopCRM: no Chinese font was found, Chinese may show as boxes (Debian package {CJK_FONT}).")
    if missing:
        names = " ".join(missing)
        raise SetupError(f"the Debian packages {names} are missing. Install them: sudo apt-get install {names}")


def install_packages(packages: list[str], *, needed: bool) -> None:
    """Install Debian packages, quietly. When it fails and they are `needed`, its log is shown and the set-up ends."""
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "--quiet=2", *command],  # noqa: S607  # the system's own, wherever it lies
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False,
        )  # fmt: skip
        if done.returncode and not needed:
            return
        if done.returncode:
            print(done.stdout, file=sys.stderr)
            raise SetupError(f"apt-get could not install {' '.join(packages)}; what it said stands above.")


# --- the Python environment


def provide_environment(requirements: Path) -> None:
    """Make `.venv` and install the pinned packages, unless this very list is in it already."""
    if not environment_is_usable():
        print("Making a Python environment in .venv", flush=True)
        call([sys.executable, "-m", "venv", "--clear", str(VENV)], failure="the Python environment could not be made")
    # The stamp lies in the environment, so that both go together.
    stamp = VENV / f".{requirements.name}.installed"
    wanted = hashlib.sha256(BUILD_REQUIREMENTS.read_bytes() + requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing the packages of {requirements.name} (once; about 150 MB)", flush=True)
    # Hashes bind every byte. Wheels only, but for one that comes as source: it is built by a pinned setuptools, since
    # pip's own choice of one would be bound by nothing.
    install(BUILD_REQUIREMENTS)
    install(requirements, "--no-binary", SOURCE_ONLY, "--no-build-isolation", "--use-pep517")
    stamp.write_text(wanted)


def install(requirements: Path, *options: str) -> None:
    """Install a pinned list."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-qq", "install", "--progress-bar", "off"]
    call(
        [*pip, "--require-hashes", "--only-binary", ":all:", *options, "--requirement", str(requirements)],
        failure="the Python packages could not be installed; is there a connection to the internet?",
    )


def environment_is_usable() -> bool:
    """Whether `.venv` is whole and was made for this folder (its scripts hold the path they were made with)."""
    settings = VENV / "pyvenv.cfg"
    if not (PYTHON.exists() and settings.exists()):
        return False
    made = [line for line in settings.read_text(encoding="utf-8").splitlines() if line.startswith("command")]
    whole = not made or made[0].rstrip().endswith(str(VENV))
    return whole and (VENV / ("Scripts/pip.exe" if sys.platform == "win32" else "bin/pip")).exists()


def call(command: list[str], *, failure: str) -> None:
    """Run a step of the set-up; its own words go to the screen."""
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SetupError(failure)


# --- the program


def open_window() -> int:
    """Open the window on the demo shop."""
    return subprocess.run([str(PYTHON), "-m", "shopcrm", "demo"], cwd=ROOT, check=False).returncode


def run_without_screen() -> int:
    """Make the demo shop, write the lists and save the pictures, as the window would."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    home, due, contacts, pictures = (OUTPUT / name for name in ("shop", "due.xlsx", "contacts.xlsx", "pictures"))
    for path in (due, contacts):
        path.unlink(missing_ok=True)  # an export never writes over a file by itself
    print("There is no screen here, so ShopCRM does its work without a window:", flush=True)
    demo = shopcrm(home, "demo", "--no-window")
    tell("demo shop", home, f"{demo['customers']} invented customers, {demo['orders']} orders")
    listed = shopcrm(home, "today", "--xlsx", str(due))
    tell("due today", due, f"{len(listed)} customers to write to")
    exported = shopcrm(home, "export", str(contacts))
    tell("contact list", contacts, f"{exported['rows']} customers")
    shopcrm(home, "gallery", str(pictures))
    tell("pictures", pictures, f"{len(list(pictures.rglob('*.png')))} pictures of the pages")
    print("With a screen, the same command opens the window on the demo shop.")
    return 0


def tell(what: str, path: Path, content: str) -> None:
    """Say what was made and where."""
    print(f"  {what:<14}{path.relative_to(ROOT)!s:<26}{content}", flush=True)


def shopcrm(home: Path, *arguments: str) -> Any:
    """Run one command of the program and take its JSON."""
    done = subprocess.run(
        [str(PYTHON), "-m", "shopcrm", "--home", str(home), *arguments, "--json"],
        cwd=ROOT, env={"LANG": "C.UTF-8", **os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        raise SetupError(f"`shopcrm {' '.join(arguments)}` stopped; what it said stands above.")
    return json.loads(done.stdout or "null")


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036  # this file is what says so
        sys.exit(f"ShopCRM: Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    sys.exit(main())
