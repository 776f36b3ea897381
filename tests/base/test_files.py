"""Small files are written whole or not at all; names are taken by every system."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import crash, files


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


def test_a_crash_report_says_where_and_never_what() -> None:
    def inner(phone: str) -> None:
        raise ValueError(f"bad phone {phone}")

    try:
        inner("13800135678")
    except ValueError as error:
        report = crash.report(error)
    assert "builtins.ValueError" in report
    assert "inner" in report
    assert "13800135678" not in report
