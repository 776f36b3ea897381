from __future__ import annotations

import json
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import region
from shopcrm.base.characters import simplified
from shopcrm.base.region import Region
from shopcrm.base.resources import resource

PROVINCES = json.loads(resource("regions", "china.json").read_text("utf-8"))["provinces"]
PLACES = [
    (province, city, district)
    for province in PROVINCES
    for city in province[2]
    for district in (city[2] or [""])
]  # fmt: skip
TRADITIONAL: dict[str, list[str]] = defaultdict(list)
"""By simplified character those that become it; 乾 stays what it is in names of places."""
for character in map(chr, range(0x4E00, 0x9FA6)):
    if (plain := simplified(character)) != character != "乾":
        TRADITIONAL[plain].append(character)


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
    data=st.data(),
    place=st.sampled_from(PLACES),
    blank=st.sampled_from(["", " "]),
    named=st.sampled_from([slice(0, 3), slice(1, 3), slice(0, 2)]),
    ahead=st.sampled_from(["", "中國", "中國 "]),
)
def test_every_place_has_one_name_in_whichever_characters_it_is_written(
    data: st.DataObject, place: tuple[list[str], list[str], str], blank: str, named: slice, ahead: str
) -> None:
    province, city, district = place
    address = blank.join([*[province[0], city[0], district][named], "虚构路9号"])
    written = "".join(data.draw(st.sampled_from([one, *TRADITIONAL[one]])) for one in address)
    found, told = region.parse(ahead + written), region.parse(address)
    assert (found.province, found.city, found.district) == (told.province, told.city, told.district)
    assert len(found.street or "") == len(told.street or "")
    assert (found.street or "") in written  # the street as it is written
    assert region.town(ahead + written) == (found.city, found.district)


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
        ("台北市 信義區 虛構路五段7號", "台湾", "台北", "信义区"),
        ("110臺北市信義區虛構路", "台湾", "台北", "信义区"),
        ("臺灣新北市板橋區虛構路", "台湾", "新北", "板桥区"),
        ("中華民國臺南市安平區", "台湾", "台南", "安平区"),
        ("高雄市", "台湾", "高雄", None),
        ("新竹縣竹北市虛構路", "台湾", "新竹", "竹北市"),
        ("香港九龍油尖旺區虛構道1號", "香港", "九龙", "油尖旺区"),
        ("香港 九龍 旺角 虛構道1號", "香港", "九龙", "油尖旺区"),
        ("香港，九龍，旺角", "香港", "九龙", "油尖旺区"),
        ("旺角虛構道1號", "香港", "九龙", "油尖旺区"),
        ("九龍灣虛構道", "香港", "九龙", "观塘区"),  # more than 九龍
        ("香港九龍城", "香港", "九龙", "九龙城区"),
        ("新界沙田", "香港", "新界", "沙田区"),
        ("香港新界沙田區沙田正街", "香港", "新界", "沙田区"),
        ("中國香港特別行政區香港島中環虛構道", "香港", "香港岛", "中西区"),
        ("香港港島銅鑼灣", "香港", "香港岛", "湾仔区"),
        ("香港香港仔", "香港", "香港岛", "南区"),
        ("香港太子道西", "香港", None, None),  # it leads through several districts
        ("澳門半島大堂區虛構街", "澳门", "澳门半岛", "大堂区"),
        ("澳門氹仔虛構街", "澳门", "澳门外岛", "嘉模堂区"),
        ("氹仔", "澳门", "澳门外岛", "嘉模堂区"),
        ("澳门路环", "澳门", "澳门外岛", "圣方济各堂区"),
        ("香港路1号", None, None, None),
        ("澳门路1号", None, None, None),
        ("廣東省深圳市南山區虛構路", "广东", "深圳", "南山区"),
        ("廣東省 深圳市 南山區 虛構路(518000)", "广东", "深圳", "南山区"),
        ("陝西省咸陽市乾縣", "陕西", "咸阳", "乾县"),
        ("廣州市", "广东", "广州", None),
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


def test_the_postcode_in_front_of_an_address_is_told() -> None:
    assert region.parse("11049 台北市信義區虛構路7號") == Region("台湾", "台北", "信义区", "虛構路7號", "11049")
    assert region.parse("310012 浙江省杭州市") == Region()  # as of the mainland it never was


@given(
    st.text(
        alphabet="省市区县路街 浙江杭州北京上海吉林海南朝阳中国(310012)ab區廣東臺香港澳門半島九龍灣旺角，", max_size=20
    )
)
def test_any_text_has_a_region_or_none(text: str) -> None:
    found = region.parse(text)
    assert found.province is not None or found == Region()


def test_names_of_columns_are_shortened_and_other_countries_left_alone() -> None:
    assert region.province_name("内蒙古自治区") == "内蒙古"
    assert region.province_name("United Kingdom") == "United Kingdom"
    assert region.province_name("-") is None
    assert region.city_name("杭州市") == "杭州"
    assert [region.province_name(name) for name in ("廣東省", "臺灣", "澳門特別行政區")] == ["广东", "台湾", "澳门"]
    assert [region.city_name(name, province="广东") for name in ("廣州市", "廣州", "深圳")] == ["广州", "广州", "深圳"]
    assert region.city_name("市辖区", province="北京") == "北京"
    assert region.city_name("恩施土家族苗族自治州", province="湖北") == "恩施"
    assert region.city_name("London", province="England") == "London"
