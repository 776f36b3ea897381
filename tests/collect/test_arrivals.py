from __future__ import annotations

import os
from pathlib import Path

import pytest

from shopcrm.collect import arrivals
from shopcrm.collect.arrivals import SETTLED_S, Settling


def test_only_whole_tables_of_the_folder_itself_are_seen(tmp_path: Path) -> None:
    for name in ("b.csv", "a.XLSX", "~$a.xlsx", "c.csv.crdownload", "d.csv.part", "e.tmp", ".f.csv", "photo.png"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "g.csv").write_text("x", encoding="utf-8")
    assert [arrived.path.name for arrived in arrivals.listed(tmp_path)] == ["a.XLSX", "b.csv"]
    with pytest.raises(OSError, match="gone"):
        arrivals.listed(tmp_path / "gone")


def test_a_file_is_complete_when_it_stood_still(tmp_path: Path) -> None:
    file, settling = tmp_path / "a.csv", Settling()
    file.write_text("x", encoding="utf-8")
    first = arrivals.listed(tmp_path)
    assert settling.take(first, now_s=100.0) == []
    file.write_text("xy", encoding="utf-8")
    grown = arrivals.listed(tmp_path)
    assert settling.take(grown, now_s=100.0 + SETTLED_S) == []
    assert settling.take(grown, now_s=100.0 + 2 * SETTLED_S) == grown
    assert settling.take([], now_s=200.0) == []
    assert settling.take(grown, now_s=200.0) == []  # gone meanwhile: it begins anew


def test_another_size_or_time_is_another_file_and_its_mark_does_not_tell_the_name(tmp_path: Path) -> None:
    file = tmp_path / "customer-anna.csv"
    marks = set()
    for text, at in (("x", 1), ("x", 2), ("xy", 2)):
        file.write_text(text, encoding="utf-8")
        os.utime(file, (at, at))
        marks.add(arrivals.listed(tmp_path)[0].mark)
    assert len(marks) == 3
    assert not any("anna" in mark for mark in marks)
