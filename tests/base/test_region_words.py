from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from shopcrm.base import region, region_words
from shopcrm.base.i18n import set_language
from shopcrm.base.resources import resource

PROVINCES = json.loads(resource("regions", "china.json").read_text("utf-8"))["provinces"]


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("广东 广州", "廣東 廣州"), ("台湾 台北", "台灣 台北"), ("信义区", "信義區"), ("香港 九龙", "香港 九龍"),
        ("澳门", "澳門"), ("沈阳", "瀋陽"), ("沈丘县", "沈丘縣"),
        ("后里区", "后里區"), ("后龙镇", "後龍鎮"), ("乾县", "乾縣"),
        ("范县", "范縣"), ("仑背乡", "崙背鄉"), ("Leeds", "Leeds"), ("", ""),
    ],
)  # fmt: skip
def test_a_place_is_read_in_the_characters_of_the_language(stored: str, shown: str) -> None:
    set_language("zh_TW")
    assert region_words.shown(stored) == shown
    for other in ("zh_CN", "en"):
        set_language(other)
        assert region_words.shown(stored) == stored


def test_whatever_is_shown_is_read_as_the_place_that_it_is() -> None:
    set_language("zh_TW")
    for whole, short, cities in PROVINCES:
        assert region.province_name(region_words.shown(whole)) == short
        for city, brief, districts in cities:
            for district in districts or [""]:
                address = "".join(map(region_words.shown, (whole, city, district)))
                found = region.parse(f"{address}1號")
                assert (found.province, found.city, found.district) == (short, brief, district or None), address
