"""What is kept of a bug says where it happened and never whom it was about."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import crash
from shopcrm.base.crash import HardStop, LibraryFault

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=8)
PHONES = st.from_regex(r"1380013[0-9]{4}", fullmatch=True)


class Stranger(Exception):
    """An error of another library, with everything in it."""


def fall(words: str) -> BaseException:
    """A chain of errors that carry a person in messages, arguments, notes, and as a key."""

    def inner(name: str) -> None:
        try:
            raise KeyError(name)
        except KeyError as missing:
            missing.add_note(f"for {name}")
            raise Stranger(f"no such customer {name}", name) from missing

    try:
        try:
            inner(words)
        except Stranger:
            raise ValueError(words)  # noqa: B904  # the context, not the cause
    except ValueError as error:
        fallen = error
    return fallen


@given(NAMES, PHONES)
def test_no_value_is_in_a_report(name: str, phone: str) -> None:
    said = crash.report(fall(f"{name} {phone}"))
    assert name not in said
    assert phone not in said
    assert said.isascii()
    assert "tests.base.test_crash.Stranger" in said
    assert "builtins.KeyError" in said
    assert "test_crash.py" in said
    assert "inner" in said


@given(NAMES, PHONES)
def test_of_what_qt_tells_only_its_own_names_are_taken(name: str, phone: str) -> None:
    told = f"QPainter::begin: {name} {phone} “{name}”, Qiu QIU Zhou; QObject::connect(QTimer)"
    said = crash.report(LibraryFault(told))
    assert "\nQPainter::begin\nQObject::connect\nQTimer\n" in said
    for word in (name, phone, "Qiu", "QIU", "Zhou"):
        assert word not in said


def test_of_a_hard_fall_the_frames_are_taken_and_of_paths_what_is_ours() -> None:
    told = (
        "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n"
        '  File "C:\\Users\\王小明\\ShopCRM\\shopcrm\\ui\\kit\\paint.py", line 12 in ground\n'
        '  File "/home/wang/site-packages/sqlalchemy/engine/base.py", line 7 in <module>\n'
        '  File "/home/wang/notes.py", line 3 in main\n'
        "Extension modules: numpy, 13800135678\n"
    )
    said = crash.report(HardStop(told)).splitlines()
    assert said[2:] == [
        "shopcrm.base.crash.HardStop",
        "Segmentation fault",
        "  shopcrm/ui/kit/paint.py:12 ground",
        "  site-packages/sqlalchemy/engine/base.py:7 <module>",
        "  notes.py:3 main",
    ]


def test_reports_of_one_second_do_not_overwrite_each_other_and_the_oldest_go(tmp_path: Path) -> None:
    for number in range(crash.KEPT + 5):
        path = crash.keep(tmp_path, ValueError(), at=AT.replace(minute=number))
        assert path is not None
    first = crash.keep(tmp_path, ValueError(), at=AT.replace(hour=5))
    second = crash.keep(tmp_path, KeyError(), at=AT.replace(hour=5))
    assert first is not None
    assert second is not None
    assert "KeyError" in second.read_text()
    assert "ValueError" in first.read_text()
    kept = sorted(path.name for path in tmp_path.glob("*.txt"))
    assert len(kept) == crash.KEPT
    assert kept[-1] == second.name


def test_a_disk_that_refuses_is_no_second_bug(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "logs"
    blocked.write_text("a file where the folder should be")
    assert crash.keep(blocked, ValueError(), at=AT) is None
    assert "could not be written" in capsys.readouterr().err
