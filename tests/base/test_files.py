"""Small files are written whole or not at all; names are taken by every system."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import files


def test_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    files.atomic_write(path, b"one")
    files.atomic_write(path, b"two")
    assert path.read_bytes() == b"two"
    assert [found.name for found in tmp_path.iterdir()] == ["settings.toml"]


def test_what_cannot_be_moved_leaves_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    files.atomic_write(path, b"one")

    def refuse(*_paths: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        files.atomic_write(path, b"two")
    assert path.read_bytes() == b"one"
    assert [found.name for found in tmp_path.iterdir()] == ["settings.toml"]


@given(st.text())
def test_any_text_makes_a_name(text: str) -> None:
    name = files.safe_name(text)
    assert name
    assert not set(name) & set('<>:"/\\|?*\0\n')
    assert name not in (".", "..")
    assert name.split(".", 1)[0].lower() not in ("con", "nul", "com1")


def test_deleting_waits_for_who_has_the_file_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where a virus scanner holds a file for a moment."""
    path, refusals, waits = tmp_path / "shop.db", [PermissionError(), PermissionError()], list[float]()
    path.touch()
    unlink = Path.unlink

    def refuse(self: Path, *, missing_ok: bool = False) -> None:
        if refusals:
            raise refusals.pop()
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(time, "sleep", waits.append)
    files.remove(path)
    assert not path.exists()
    assert len(waits) == 2
    files.remove(path)
    refusals += [PermissionError()] * 9
    with pytest.raises(PermissionError):
        files.remove(path)
