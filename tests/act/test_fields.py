from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shopcrm.act import fields
from shopcrm.act.fields import FIELD_KEYS, FIELDS
from shopcrm.base import trade_presets
from shopcrm.base.birthdays import LUNAR, Birthday
from shopcrm.base.i18n import LANGUAGES, _, set_language
from shopcrm.base.options import TRADE
from shopcrm.collect import attribute_list, attribute_values, attributes, birthdays, consents, notes, settings, tags
from shopcrm.collect.attribute_list import Draft
from tests.builders import TODAY, given_orders, new_shop, order


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_fields_have_one_name(language: str) -> None:
    set_language(language)
    try:
        assert len({_(field.label) for field in FIELDS}) == len(FIELDS)
    finally:
        set_language("en")


def test_every_field_is_read_for_a_buyer_and_for_a_prospect(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    days = (TODAY - timedelta(days=ago) for ago in (80, 50, 20))
    address: dict[str, Any] = {"province": "浙江", "city": "杭州", "address": "桃花路 1 号"}
    given_orders(
        shop,
        [
            *(
                order(f"o{day}", "tao_zi", day, 10_001, phone="13912340001", recipient_name="桃子", units=2, **address)
                for day in days
            ),
            order("gift", "passer_by", TODAY, 0, refunded=0, recipient_phone="139****2210", address="桃**"),
        ],
    )
    with shop.write() as tx:
        columns = shop.columns()
        tags.put(tx, [int(columns.ids[0])], name="宝妈群")
        notes.add(tx, int(columns.ids[0]), text="爱安静")
        birthdays.put(tx, {int(columns.ids[0]): Birthday(LUNAR, 10, 16, 1990)})
        consents.say(tx, int(columns.ids[0]), "sms", given=True)
        consents.follow(tx, int(columns.ids[0]), "weibo", follows_us=True)
        consents.opt_out(tx, int(columns.ids[1]))
        read = fields.read(tx, columns, columns.ids, keys=FIELD_KEYS)
    shop.close()
    buyer, prospect = (dict(zip(FIELD_KEYS, values, strict=True)) for values in read)
    last = TODAY - timedelta(days=20)
    assert buyer == {
        "id": "1", "name": "桃子", "phone": "13912340001", "buyer_ids": ("tao_zi",), "email": None, "wechat": None,
        "sources": ("taobao",), **address, "tags": ("宝妈群",), "notes": 1,
        "next_follow_up": None, "wants": (),
        "group": "privileged", "occasions": 3, "orders": 3, "units": 6, "net_total": 30_003, "aov": 10_001,
        "paid_total": 30_003, "returned_total": 0, "frequency": 3, "monetary": 10_001,
        "first_day": TODAY - timedelta(days=80), "last_day": last, "days_since": 20, "mean_gap": 30.0,
        "cycle_days": 60.0, "due_on": last + timedelta(days=60), "overdue_ratio": 0.33,
        "birthday": Birthday(LUNAR, 10, 16, 1990), "next_birthday": TODAY + timedelta(days=2),
        **dict.fromkeys(("gender", "company", "occupation", "source", "entry_offer", "member_level")), "addresses": (),
        "district": None, "age_band": "35-39", "agreed": ("sms",), "opted_out": (), "follows": ("weibo",),
    }  # fmt: skip
    assert prospect == {
        **dict.fromkeys(FIELD_KEYS), "id": "2", "name": "passer_by", "buyer_ids": ("passer_by",),
        "sources": ("taobao",), "tags": (), "notes": 0, "wants": (), "addresses": (), "agreed": (), "follows": (),
        "opted_out": tuple(consents.CHANNELS),
        **dict.fromkeys(("occasions", "orders", "units", "net_total", "paid_total", "returned_total"), 0),
    }  # fmt: skip


def test_trade_attributes_are_fields_in_the_shops_order_and_words(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order("1", "tao_zi", TODAY), order("2", "a_yun", TODAY)])
    with shop.write() as tx:
        settings.choose(tx, {TRADE: "clothing"})
        own = attribute_list.add(tx, Draft("Phone", "number"))  # called as a field that there is
        told: dict[str, attribute_values.Value | None] = {
            "height_cm": 168.5, "top_size": "M", "colours": ("blue", "red"), "baby_born": date(2025, 11, 2), own: 3,
        }  # fmt: skip
        attributes.put(tx, {1: told})
        attribute_list.hide(tx, "cuffs")
    with shop.read() as tx:
        found = {field.key: field for field in fields.of_shop(tx)}
        assert tuple(found)[: len(FIELDS)] == fields.FIELD_KEYS
        assert len({field.heading for field in found.values()}) == len(found)
        assert "cuffs" not in found
        assert (found["height_cm"].kind, found["baby_months"].kind, found["colours"].kind) == (
            fields.Kind.NUMBER, fields.Kind.INT, fields.Kind.TEXTS,
        )  # fmt: skip
        columns = shop.columns()
        keys = ("height_cm", "top_size", "colours", "baby_born", "baby_months", "formula_stage", own, "style")
        known, unknown = fields.read(tx, columns, columns.ids, keys=keys)
        words = attribute_values.of_preset(trade_presets.known()["colours"], language=tx.language)
        assert known[:6] == (168.5, "M", (words.choice("blue"), words.choice("red")), date(2025, 11, 2), 12, known[5])
        assert "3" in str(known[5])
        assert known[6:] == (3, None)
        assert unknown == (None,) * len(keys)
        with pytest.raises(KeyError):
            fields.read(tx, columns, columns.ids, keys=("nothing",))
    shop.close()
