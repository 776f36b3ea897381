from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import region
from shopcrm.base.region_columns import placed
from shopcrm.base.resources import resource

OUTSIDE = json.loads(resource("regions", "outside.json").read_text("utf-8"))
MAP = {
    short: cities for _, short, cities in json.loads(resource("regions", "china.json").read_text("utf-8"))["provinces"]
}


@pytest.mark.parametrize(
    ("columns", "province", "city"),
    [
        (("KL", "Tsim Sha Tsui", "HK"), "香港", "九龙"),
        (("NT", "Sha Tin", "Hong Kong SAR"), "香港", "新界"),
        (("KOWLOON", "", ""), "香港", "九龙"),
        (("New Territories", "Sha Tin", "HK"), "香港", "新界"),
        (("", "Hong Kong Island", "HK"), "香港", "香港岛"),
        (("九龍", "旺角", ""), "香港", "九龙"),
        (("新界", "沙田", "HK"), "香港", "新界"),
        (("", "Taipei City", "TW"), "台湾", "台北"),
        (("New Taipei City", "Banqiao", "TW"), "台湾", "新北"),
        (("", "臺北市", "TW"), "台湾", "台北"),
        (("", "Taipa", "MO"), "澳门", "澳门外岛"),
        (("", "", "HK"), "香港", None),
        (("GD", "Shenzhen", "CN"), "广东", "Shenzhen"),
        (("Guangdong", "深圳市", "China"), "广东", "深圳"),
        (("廣東省", "廣州市", "中国"), "广东", "广州"),
        (("浙江省", "杭州市", ""), "浙江", "杭州"),
        (("HE", "Springfield", "US"), "HE", "Springfield"),  # a code of one country is none of another
        (("England", "Kowloon", "GB"), "England", "Kowloon"),
        (("", "Leeds", "United Kingdom"), "United Kingdom", "Leeds"),
        (("-", "", ""), None, None),
    ],
)  # fmt: skip
def test_columns_as_shops_give_them(columns: tuple[str, str, str], province: str | None, city: str | None) -> None:
    assert placed(*columns) == (province, city)


def test_what_the_address_says_stands_where_no_column_says_more() -> None:
    assert placed("", "", "CN", written="浙江") == ("浙江", None)
    assert placed("", "", "", written="浙江") == ("浙江", None)
    assert placed("江苏", "", "CN", written="浙江") == ("江苏", None)
    assert placed("", "", "France", country_stands_in=False) == (None, None)


def test_every_name_of_the_file_is_a_place_of_the_map() -> None:
    for province, areas in OUTSIDE["areas"].items():
        districts = {name for _, _, inside in MAP[province] for name in inside}
        assert districts.issuperset(areas)
        for district, told in areas.items():
            for area in told:
                found = region.parse(province + area)
                assert (found.province, found.district) == (province, district), area
    for province, told in OUTSIDE["cities"].items():
        assert {short for _, short, _ in MAP[province]}.issuperset(told.values())
    assert {short for _, short, _ in MAP["香港"]} == set(OUTSIDE["codes"]["香港"].values())
    assert set(OUTSIDE["codes"]["中国"].values()) == MAP.keys() - {"香港", "澳门", "台湾"}


@given(st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_whatever_stands_in_the_columns_nothing_is_lost(columns: list[str]) -> None:
    province, city = placed(*columns)
    for told, name in ((province, columns[0]), (city, columns[1])):
        assert told is not None or region.province_name(name) is None
