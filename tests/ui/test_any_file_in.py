"""One file of each kind falls on the window, some are made one, and all of it is taken back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from shopcrm.ui.pages.data import DataPage
from shopcrm.ui.pages.who import WhoPage
from tests.builders import content
from tests.collect.platforms.samples import all_samples
from tests.ui.conftest import Stage
from tests.ui.pages.test_data import drop
from tests.ui.pages.test_who import pairs, with_doubles
from tests.ui.people import Counting

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:虚构小桃\r\nTEL;TYPE=CELL:13800131007\r\nEND:VCARD\r\n"


def test_a_file_of_each_kind_comes_in_at_once_and_goes_again(stage: Stage, tmp_path: Path) -> None:
    by_kind = {sample.adapter: sample for sample in all_samples()}
    files = [sample.write(tmp_path / f"{at:02}-{sample.name}") for at, sample in enumerate(by_kind.values())]
    (tmp_path / "contacts.vcf").write_text(CARD, "utf-8")
    with_doubles(stage)
    shop, hands = stage.shop, Counting(stage)
    before, people = content(shop), len(shop.columns())

    drop(stage, *files, tmp_path / "contacts.vcf")
    page = stage.window.frame.page("data")
    assert isinstance(page, DataPage)
    looked = page._preview.looked
    assert looked is not None
    assert [file.file for file in looked.report.files] == [*(file.name for file in files), "contacts.vcf"]
    assert looked.report.orders.new == 28
    assert content(shop) == before, "nothing is written before it was seen"
    hands.key(Qt.Key.Key_Return)
    assert len(shop.columns()) > people + 10
    assert shop.check() == []

    stage.window.go_to("who")
    stage.settle()
    assert isinstance(stage.window.frame.page("who"), WhoPage)
    count, suggested = len(shop.columns()), len(pairs(stage))
    assert suggested >= 3
    for made_one in range(1, 4):
        hands.key(Qt.Key.Key_M)
        assert len(shop.columns()) == count - made_one
    hands.key(Qt.Key.Key_U)
    assert len(shop.columns()) == count - 2
    assert shop.check() == []

    shop.undo_import()
    stage.settle()
    assert shop.check() == []
    stage.window.go_to("who")
    stage.settle()
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert content(shop) == before
