from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shopcrm.act import customer_list, typed_filters
from shopcrm.app import Shop
from shopcrm.base.errors import UserFailure
from shopcrm.base.options import TRADE
from shopcrm.collect import attributes, settings
from tests.builders import TODAY, given_orders, new_shop, order


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order(nick, nick, TODAY) for nick in ("anan", "bei", "chen", "dan")])
    with opened.write() as tx:
        settings.choose(tx, {TRADE: "mother_baby"})
        attributes.put(
            tx,
            {
                1: {
                    "baby_born": date(2025, 11, 2),
                    "top_size": "M",
                    "taste": ("mild", "salty"),
                    "allergies": "花生 Milk",
                },
                2: {"baby_born": date(2026, 5, 20), "top_size": "L", "height_cm": 168},
                3: {"baby_born": date(2026, 11, 20), "taste": ("salty",), "height_cm": 172.5},
            },
        )
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        (["top_size=M"], [1]), (["top_size = m"], [1]), (["top_size!=M"], [2, 3, 4]), (["baby_months=6..12"], [1, 2]),
        (["baby_months=..6"], [2, 3]), (["baby_months>=12"], [1]), (["formula_stage=1"], [3]),
        (["formula_stage=2"], [2]), (["baby_born=2026-01-01..2026-12-31"], [2, 3]), (["taste=清淡"], [1]),
        (["taste=咸口"], [1, 3]), (["taste=清淡、咸口"], [1]), (["allergies=milk"], [1]), (["allergies=*"], [1]),
        (["allergies="], [2, 3, 4]), (["allergies!=*"], [2, 3, 4]), (["height_cm>=170"], [3]),
        (["height_cm<=1.7m"], [2]),
        (["net_total=100"], [1, 2, 3, 4]), (["net_total>=100.01"], []), (["name=an"], [1, 4]), (["name!=an"], [2, 3]),
        (["sources=taobao"], [1, 2, 3, 4]), (["sources=Taobao"], [1, 2, 3, 4]), (["sources=shopify"], []),
        (["first_day=2026-11-22..2026-11-22"], [1, 2, 3, 4]), (["last_day=..2026-11-21"], []),
        (["tags="], [1, 2, 3, 4]),
        (["formula_stage=1..2"], [2, 3]), (["formula_stage>=2"], [1, 2]), (["region=*"], []),
        (["top_size=L", "height_cm=160..170"], [2]), (["top_size=L", "height_cm>=170"], []), ([], [1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_whom_a_condition_fits(shop: Shop, typed: list[str], who: list[int]) -> None:
    with shop.read() as tx:
        columns = shop.columns()
        conditions = [each for one in typed for each in typed_filters.parse(tx, columns, one)]
        assert sorted(customer_list.ids(tx, columns, conditions=conditions).tolist()) == who


@pytest.mark.parametrize(
    "typed",
    ["", "M", "top_size", "top_size>=M", "nothing=1", "height_cm=tall", "top_size=huge", "baby_born=soon"],
)
def test_what_is_no_condition_is_said_in_one_sentence(shop: Shop, typed: str) -> None:
    with shop.read() as tx, pytest.raises(UserFailure) as refused:
        typed_filters.parse(tx, shop.columns(), typed)
    assert "{" not in refused.value.message


def test_a_place_is_asked_for_in_whichever_characters(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    where = (("广东", "深圳"), ("台湾", "台北"), ("浙江", "杭州"))
    given_orders(
        shop,
        [order(f"{at}", f"nick_{at}", TODAY, province=place[0], city=place[1]) for at, place in enumerate(where)],
    )
    asked = {"province=廣東": [1], "province=广东": [1], "province!=廣東": [2, 3], "city=臺北": [2], "city=台北": [2],
             "region=廣東 深": [1], "region=臺灣": [2], "region=台灣": [2]}  # fmt: skip
    with shop.read() as tx:
        columns = shop.columns()
        for typed, who in asked.items():
            conditions = typed_filters.parse(tx, columns, typed)
            assert sorted(customer_list.ids(tx, columns, conditions=conditions).tolist()) == who, typed
    shop.close()
