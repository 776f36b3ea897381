"""The set-up names what a machine lacks, and takes a stamped environment as it is."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "setup.py"


@pytest.fixture
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("shopcrm_setup", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system packages are a matter of Linux")
def test_without_root_the_missing_packages_are_named_in_one_sentence(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(setup, "has_cjk_font", lambda: True)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    assert setup.main(["dev"]) == 1
    said = capsys.readouterr().err.strip()
    assert "libegl1" in said
    assert "\n" not in said


def test_an_environment_made_for_another_folder_is_made_anew(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").touch()
    (binaries / "pip").touch()
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", binaries / "python")
    monkeypatch.setattr(setup.sys, "platform", "linux")
    settings = tmp_path / ".venv" / "pyvenv.cfg"
    settings.write_text(f"command = python3 -m venv {tmp_path / '.venv'}\n")
    assert setup.environment_is_usable()
    settings.write_text("command = python3 -m venv /somewhere/else/.venv\n")
    assert not setup.environment_is_usable()


def test_the_pinned_lists_bind_every_package_by_hash_and_hold_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-build.txt"):
        text = (SCRIPT.parents[1] / name).read_text()
        entries = [
            entry for entry in text.replace("\\\n", " ").splitlines() if entry and not entry.lstrip().startswith("#")
        ]
        assert entries
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
        assert "://" not in text
        assert not [
            line
            for line in text.splitlines()
            if line.lstrip().startswith(("-f", "--find-links", "--index", "--extra", "-i "))
        ]


def test_a_screen_is_seen_by_its_variables(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.sys, "platform", "linux")
    assert setup.has_screen({"DISPLAY": ":0"})
    assert setup.has_screen({"WAYLAND_DISPLAY": "wayland-0"})
    assert not setup.has_screen({})
    assert not setup.has_screen({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"})
