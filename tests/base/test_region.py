from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import region
from shopcrm.base.region import Region
from shopcrm.base.resources import resource

PROVINCES = json.loads(resource("regions", "china.json").read_text("utf-8"))["provinces"]
PLACES = [
    (province, city, district)
    for province in PROVINCES
    for city in province[2]
    for district in (city[2] or [""])
]  # fmt: skip


def test_the_map_is_whole() -> None:
    assert len(PROVINCES) == 34
    assert len({short for _, short, _ in PROVINCES}) == 34
    assert sum(len(cities) for *_, cities in PROVINCES) > 360


@given(place=st.sampled_from(PLACES), spaced=st.booleans(), postcode=st.sampled_from(["", "(310012)", "(000000)"]))
def test_every_place_of_the_map_is_found_again(
    place: tuple[list[str], list[str], str], spaced: bool, postcode: str
) -> None:
    province, city, district = place
    parts = [province[0], city[0], district, f"虚构路9号{postcode}"]
    found = region.parse((" " if spaced else "").join(part for part in parts if part))
    assert (found.province, found.city) == (province[1], city[1])
    assert found.district == (district or None)
    assert found.street == "虚构路9号"
    assert found.postcode == ("310012" if postcode == "(310012)" else None)


@given(
    place=st.sampled_from(PLACES),
    blank=st.sampled_from([" ", "  ", "\u3000", ""]),
    ahead=st.sampled_from(["", "中国 ", "臺湾 "]),
    behind=st.sampled_from(["虚构路9号", "省直辖县级行政区划 虚构路9号", "虚构 路 9号(310012)", "江干区 虚构路", ""]),
    named=st.sampled_from([slice(0, 3), slice(1, 3), slice(0, 3, 2)]),
)
def test_town_and_district_of_many_addresses_are_those_of_each(
    place: tuple[list[str], list[str], str], blank: str, ahead: str, behind: str, named: slice
) -> None:
    province, city, district = place
    names = [province[0], city[0], district][named]
    address = ahead + blank.join([*names, behind])
    found = region.parse(address)
    assert region.town(address) == (found.city, found.district)


@pytest.mark.parametrize(
    ("address", "province", "city", "district"),
    [
        ("浙江杭州西湖区文三虚构路1号", "浙江", "杭州", "西湖区"),
        ("杭州西湖区文三虚构路1号", "浙江", "杭州", "西湖区"),
        ("北京 北京市 朝阳区 虚构路1号(100000)", "北京", "北京", "朝阳区"),
        ("北京市 市辖区 海淀区 虚构村", "北京", "北京", "海淀区"),
        ("吉林市船营区虚构街", "吉林", "吉林", "船营区"),
        ("海南藏族自治州共和县", "青海", "海南州", "共和县"),
        ("江苏省昆山市玉山镇", "江苏", "苏州", "昆山市"),  # the city left out
        ("余杭区仓前街道", "浙江", "杭州", "余杭区"),  # the district stands once in the country
        ("朝阳区虚构路", None, None, None),  # this one does not
        ("浙江省 杭州市 江干区 虚构路(310016)", "浙江", "杭州", "江干区"),  # a district of former days
        ("山东省 莱芜市 莱城区 虚构街(271100)", "山东", "莱芜", "莱城区"),  # a city of former days
        ("湖北省 省直辖县级行政区划 仙桃市 干河街道", "湖北", "仙桃", None),
        ("臺北市大安区", "台湾", "台北", "大安区"),
        ("上海南京路100号", "上海", "上海", None),
        ("上海路100号", None, None, None),  # streets named after towns
        ("北京西路1号", None, None, None),
        ("南京路1号", None, None, None),
        ("12 High Street, London", None, None, None),
        ("", None, None, None),
    ],
)
def test_addresses_as_people_write_them(
    address: str, province: str | None, city: str | None, district: str | None
) -> None:
    found = region.parse(address)
    assert (found.province, found.city, found.district) == (province, city, district)


@given(st.text(alphabet="省市区县路街 浙江杭州北京上海吉林海南朝阳中国(310012)ab", max_size=20))
def test_any_text_has_a_region_or_none(text: str) -> None:
    found = region.parse(text)
    assert found.province is not None or found == Region()


def test_names_of_columns_are_shortened_and_other_countries_left_alone() -> None:
    assert region.province_name("内蒙古自治区") == "内蒙古"
    assert region.province_name("United Kingdom") == "United Kingdom"
    assert region.province_name("-") is None
    assert region.city_name("杭州市") == "杭州"
    assert region.city_name("市辖区", province="北京") == "北京"
    assert region.city_name("恩施土家族苗族自治州", province="湖北") == "恩施"
    assert region.city_name("London", province="England") == "London"
