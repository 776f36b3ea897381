"""The sheet for an SMS vendor: words filled, parts counted, nobody in it who must not be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from shopcrm.act import sms_list
from shopcrm.act.contacts import OtherEnding
from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.base.templates import UnknownBlank
from shopcrm.collect import consents
from shopcrm.collect.foreign import ForeignItem
from tests.builders import TODAY, given_orders, new_shop, order

MILK = ForeignItem("启悦 2 段奶粉 800g", 1, 2)


def _shop(tmp_path: Path) -> Shop:
    shop = new_shop(tmp_path / "shop")
    day = TODAY - timedelta(days=9)
    given_orders(
        shop,
        [
            order("1", "lin", day, 900, phone="13800130001", recipient_name="林小满", items=[MILK]),
            order("2", "zhou", day, 800, phone="13800130002", recipient_name="周晴", items=[MILK]),
            order("3", "masked", day, 700, recipient_name="王*", items=[MILK]),
            order("4", "nameless_77", day, 600, phone="13800130004", items=[MILK]),
        ],
    )
    with shop.write() as tx:
        consents.opt_out(tx, 2, channel="sms", source="聊天里说的")
    return shop


def test_words_are_filled_and_nobody_is_in_it_who_must_not_be(tmp_path: Path) -> None:
    i18n.set_language("zh_CN")
    shop = _shop(tmp_path)
    path = tmp_path / "sms.xlsx"
    with shop.read() as tx:
        filled = sms_list.fill(tx, shop.columns(), "{称呼}，您的{上次商品}\n还够吗？" + "回T退订" * 20)
    with shop.write() as tx:
        made = sms_list.export_sms(tx, filled, path)
    assert (made.rows, made.left_out, sum(made.held_back.values()), made.incomplete) == (1, 1, 1, 1)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    (number, name, words, parts), *rest = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rest == []
    assert (number, name, parts) == ("13800130001", "林小满", 2)
    assert str(words).startswith("小满，您的启悦 2 段奶粉 还够吗？回T退订"), "one line, as vendors want it"
    shop.close()


def test_a_list_of_its_own_keeps_its_order_and_only_its_people(tmp_path: Path) -> None:
    i18n.set_language("zh_CN")
    shop = _shop(tmp_path)
    with shop.read() as tx:
        filled = sms_list.fill(tx, shop.columns(), "您好", ids=np.array([4, 2, 1], np.int64))
    assert list(filled.rows) == [4, 1], "who opted out is left out of it too"
    assert filled.asked.tolist() == [4, 2, 1]
    shop.close()


def test_who_opts_out_while_the_words_are_filled_is_not_in_it(tmp_path: Path) -> None:
    shop = _shop(tmp_path)
    path = tmp_path / "sms.xlsx"
    with shop.read() as tx:
        filled = sms_list.fill(tx, shop.columns(), "您好")
    with shop.write() as tx:
        consents.opt_out(tx, 1, channel="sms", source="刚刚说的")
    with shop.write() as tx:
        made = sms_list.export_sms(tx, filled, path)
    assert (made.rows, made.left_out, sum(made.held_back.values()), made.incomplete) == (1, 1, 2, 0)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["13800130004"]
    shop.close()


def test_what_cannot_be_written_is_said_before_anything_is(tmp_path: Path) -> None:
    shop = _shop(tmp_path)
    with shop.read() as tx, pytest.raises(UnknownBlank):
        sms_list.fill(tx, shop.columns(), "{nothing_such}")
    with shop.read() as tx:
        filled = sms_list.fill(tx, shop.columns(), "您好")
    with shop.write() as tx, pytest.raises(OtherEnding):
        sms_list.export_sms(tx, filled, tmp_path / "sms.csv")
    assert not list(tmp_path.glob("sms.*"))
    shop.close()
