from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.errors import Failure
from shopcrm.base.paths import Home
from shopcrm.collect import attachments, notes
from shopcrm.collect.attachments import LIMIT, File
from shopcrm.collect.notes import NoteLine
from shopcrm.store.tx import Tx
from tests.builders import TODAY, content, given_orders, given_people, new_shop, order, person


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order("1001", "lin_a", date(2026, 6, 1))])
    yield opened
    opened.close()


def lines(shop: Shop) -> tuple[NoteLine, ...]:
    with shop.read() as tx:
        return notes.of_customer(tx, 1)


def contents(shop: Shop) -> int:
    return len(content(shop)["attachment_contents"])


def test_a_file_comes_back_as_it_went_in_and_the_same_content_is_kept_once(shop: Shop, tmp_path: Path) -> None:
    told = os.urandom(50_000)
    (tmp_path / "聊天 截图.png").write_bytes(told)
    (tmp_path / "again.png").write_bytes(told)
    files = [attachments.read(tmp_path / name) for name in ("聊天 截图.png", "again.png")]
    with shop.write() as tx:
        notes.add(tx, 1, text="", files=files)
    (note,) = lines(shop)
    assert (note.text, [file.name for file in note.files]) == (
        "聊天 截图.png\nagain.png",
        ["聊天 截图.png", "again.png"],
    )
    assert contents(shop) == 1
    with shop.read() as tx:
        assert attachments.content(tx, note.files[0].id) == File("聊天 截图.png", told)
    assert told not in shop.home.database.read_bytes(), "it lies in the shop file as everything else: encrypted"
    assert shop.check() == []


def test_what_was_removed_comes_back_by_undo_and_is_swept_when_the_window_closes(shop: Shop) -> None:
    with shop.write() as tx:
        notes.add(tx, 1, text="发票", files=[File("a.pdf", b"1"), File("b.pdf", b"2")])
    before = content(shop)
    (note,) = lines(shop)
    with shop.write() as tx:
        one = attachments.remove(tx, note.files[0].id)
    with shop.write() as tx:
        whole = notes.remove(tx, note.id)
    assert lines(shop) == ()
    with shop.write() as tx:
        tx.undo(whole)
    assert [file.name for file in lines(shop)[0].files] == ["b.pdf"]
    with shop.write() as tx:
        tx.undo(one)
    assert content(shop) == before
    with shop.write() as tx:
        attachments.remove(tx, note.files[0].id)
    assert contents(shop) == 2, "it can still be taken back"
    home = shop.home
    shop.close(back_up=True)
    again = Shop.open(Home(home.folder), as_of=TODAY)
    assert contents(again) == 1
    assert again.check() == []
    again.close()


def test_a_content_that_is_missing_is_told_by_check(shop: Shop) -> None:
    with shop.write() as tx:
        notes.add(tx, 1, text="x", files=[File("a.pdf", b"1")])
        tx.connection.exec_driver_sql("DELETE FROM attachment_contents")
    assert [(fault.kind, fault.table) for fault in shop.check()] == [("orphan", "attachments")]


def test_files_that_cannot_be_taken_get_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    large = tmp_path / "film.mp4"
    with large.open("wb") as handle:
        handle.truncate(LIMIT + 1)
    os.mkfifo(tmp_path / "pipe")
    said = {}
    for name in ("folder", "film.mp4", "gone.png", "pipe"):
        with pytest.raises(Failure) as failure:
            attachments.read(tmp_path / name)
        said[name] = failure.value.message
    assert said == {
        "folder": "“folder” is a folder. Attach the files in it.",
        "film.mp4": "“film.mp4” has 20.1 MB. A file may have 20 MB; attach a smaller one.",
        "gone.png": "“gone.png” is not there any more. Choose it again.",
        "pipe": "“pipe” cannot be read. Close the program that has it open, and try again.",
    }
    with large.open("wb") as handle:
        handle.truncate(LIMIT)
    assert len(attachments.read(large).content) == LIMIT


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lin\\photo.jpg", "photo.jpg"),
        ("..", "file"),
        ("a\u202egpj.exe", "a_gpj.exe"),
        ("CON.txt", "_CON.txt"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_name_loses_its_folders_and_what_systems_refuse(given: str, kept: str) -> None:
    assert attachments.bare_name(given) == kept


def test_nothing_is_half_attached(shop: Shop) -> None:
    before = content(shop)
    attempts: tuple[Callable[[Tx], int], ...] = (
        lambda tx: notes.attach(tx, 99, [File("a", b"1")]),
        lambda tx: notes.add(tx, 1, text="x", files=[File("a", b"1"), File("b", bytes(LIMIT + 1))]),
    )
    for attempt in attempts:
        with pytest.raises(Failure), shop.write() as tx:
            attempt(tx)
    assert content(shop) == before


def test_a_note_of_a_list_that_got_a_file_or_a_pin_outlives_the_undo_of_the_list(shop: Shop) -> None:
    people = [person(f"王{n}", phone=f"1380013100{n}", note="VIP") for n in range(3)]
    given_people(shop, people)
    with shop.write() as tx:
        with_file, pinned, plain = tx.connection.exec_driver_sql("SELECT id FROM notes ORDER BY id").scalars().all()
        notes.attach(tx, with_file, [File("a.pdf", b"1")])
        notes.pin(tx, pinned, pinned=True)
    shop.undo_import()
    with shop.read() as tx:
        left = tx.connection.exec_driver_sql("SELECT id FROM notes ORDER BY id").scalars().all()
    assert left == [with_file, pinned]
    assert plain not in left
    assert shop.check() == []
