"""A list of people in the window: its columns said, its people previewed, the card shows what the list says."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.collect.foreign import ForeignAddress
from shopcrm.ui import names, theme
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.text import Elided, Text
from shopcrm.ui.pages.data import DataPage
from shopcrm.ui.parts.trial_table import TrialTable
from tests.builders import given_people, person
from tests.collect.test_people import FULL
from tests.ui.conftest import Stage, make_stage
from tests.ui.test_window import clipped

ROWS = (
    "宝妈,手机号,生日,性别,来源,标签,备注,地址\n"
    "林小满,138 0013 0001,农历八月十五,女,朋友圈,老客、宝妈群,喜欢小礼物,浙江省杭州市虚构路1号\n"
    "周阿姨,13800130002,3月5日,,,,,\n"
)


def edited(stage: Stage, folder: Path) -> DataPage:
    path = folder / "去年的客户.csv"
    path.write_text(ROWS, "utf-8")
    stage.window.go_to("data")
    page = stage.window.frame.page("data")
    assert isinstance(page, DataPage)
    page.say_columns(path)
    stage.settle()
    stage.window.grab()
    stage.settle()
    return page


@pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_a_list_of_people_is_said_without_a_clipped_word(
    qtbot: QtBot, qapp: QApplication, shop: Shop, tmp_path: Path, language: str, *, percent: int
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    page = edited(stage, tmp_path)
    kind = page.findChild(Choice, names.MAPPING_KIND)
    table = page.findChild(TrialTable, names.MAPPING_TABLE)
    assert kind is not None
    assert table is not None
    assert kind.key() == "people"
    assert table.model().rowCount() == 2
    label = page.findChild(QWidget, names.MAPPING_CURRENCY)
    assert label is not None
    assert not label.isVisible()  # what only orders have is not asked for
    assert clipped(stage.window) == []
    stage.end()


@pytest.mark.usefixtures("dressed")
def test_the_card_shows_what_a_list_says(qtbot: QtBot, shop: Shop) -> None:
    (file,) = given_people(shop, [FULL]).files
    assert file.people_new == 1
    stage = make_stage(qtbot, shop, size=(1280, 720))
    stage.window.ctx.open_customer(int(shop.columns().ids[-1]))
    stage.settle()
    block = stage.window.findChild(QWidget, names.CARD_PERSON)
    assert block is not None
    said = {label.text() for label in block.findChildren(Text) if label.isVisible()}
    assert {FULL.company, FULL.occupation, FULL.source, FULL.member_level} <= said
    assert FULL.addresses[0].address in said
    stage.end()


@pytest.mark.usefixtures("dressed")
def test_the_preview_says_what_a_list_brings_of_consents(qtbot: QtBot, shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "customers_export.csv"
    rows = "".join(f"{one},ada{one}@example.com,{said},1\n" for one, said in enumerate(("yes", "yes", "no")))
    path.write_text(f"Customer ID,Email,Accepts Email Marketing,Total Orders\n{rows}", "utf-8")
    stage = make_stage(qtbot, shop, size=(1280, 720))
    stage.window.go_to("data")
    page = stage.window.frame.page("data")
    assert isinstance(page, DataPage)
    page.look_at([path])
    stage.settle()
    facts = page.findChild(Elided, "import_facts")
    assert facts is not None
    assert facts.text().endswith("2 条接收同意")
    stage.end()


@pytest.mark.parametrize("language", ["zh_TW"], indirect=True)
@pytest.mark.usefixtures("dressed", "language")
def test_a_place_is_read_in_the_characters_of_the_language(qtbot: QtBot, shop: Shop) -> None:
    where = ForeignAddress("臺北市信義區虛構路7號", "台湾", "台北", district="信义区")
    given_people(shop, [person("林小滿", phone="13800130077", addresses=(where,))])
    stage = make_stage(qtbot, shop, size=(1280, 720))
    stage.window.ctx.open_customer(int(shop.columns().ids[-1]))
    stage.settle()
    place = stage.window.findChild(Text, "card_place")
    assert place is not None
    assert place.text() == "台灣 台北 信義區"
    stage.end()
