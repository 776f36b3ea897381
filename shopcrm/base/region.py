"""Province, city and district of a Chinese address, spaced (`浙江省 杭州市 西湖区 文三路1号(310012)`) or not.

Names are given short and in simplified characters (浙江, 杭州), the way sellers say them, in whichever they are
written: one place has one name. Addresses of other countries are left alone.

Of Hong Kong and Macau, where people say the area and hardly ever the district, the area stands for it: 旺角 is in
油尖旺区. Their map and that of Taiwan, with the names that shops abroad have for them, is `outside.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Final

from shopcrm.base.characters import has_traditional, simplified
from shopcrm.base.resources import resource
from shopcrm.base.text import clean, is_blank

OUTSIDE: Final = ("香港", "澳门", "台湾")
"""The provinces outside the mainland, where people write addresses in another way."""
_POSTCODE: Final = re.compile(r"[(（]\s*([0-9]{5,6})\s*[)）]\s*$")
_NO_POSTCODE: Final = frozenset({"000000", "00000"})
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_STREET_AHEAD: Final = re.compile(
    r"[东西南北中]?[一二三四五六七八九十]?(?:路|街|道|巷|弄|大厦|大学|大道|小区|广场|花园)"
)
_SOMEWHERE: Final = "1"  # what stands for the street where only the names count
_FILLER: Final = re.compile(r"(?:省|自治区)直辖县级行政区划|市辖区")
# Districts that maps have since lost (江干区, 下城区) stand in older orders.
_OLD_DISTRICT: Final = re.compile(r"[\u4e00-\u9fff]{1,5}?(?<![小社园校厂景库地])[区县旗](?!域)")
_COUNTRY: Final = re.compile("(?:中国|中华人民共和国|中华民国)[ ,，]*")
_CODE_AHEAD: Final = re.compile(r"[(（\[]?([0-9]{3,6})[)）\]]? ?(?=[\u3400-\u9fff])")  # 110台北市
_BETWEEN: Final = re.compile(r" ?[,，、·] ?")
_LOOSE: Final = re.compile(r"^[0-9(（\[中]|[,，、·]")
_OLD_CITY: Final = re.compile(r"([\u4e00-\u9fff]{2,5})[市州盟]$")


@dataclass(frozen=True, slots=True)
class Region:
    """Where an address is. None: it does not say, or it is not in China."""

    province: str | None = None
    city: str | None = None
    district: str | None = None
    street: str | None = None
    postcode: str | None = None


@dataclass(frozen=True)
class _City:
    name: str
    short: str
    districts: tuple[str, ...]


@dataclass(frozen=True)
class _Province:
    name: str
    short: str
    cities: tuple[_City, ...] = field(repr=False)  # longest short name first
    areas: Mapping[str, str] = field(repr=False)  # what people say for a district, each with its district


@dataclass(frozen=True)
class _Map:
    provinces: Mapping[str, _Province]  # by name and by short name
    cities: Mapping[str, tuple[_Province, _City]]  # by names that stand once in the country
    districts: Mapping[str, tuple[_Province, _City]]  # likewise
    alone: Mapping[str, _Province]  # areas that say where they are by themselves


def composed(said: Mapping[str, str]) -> str:
    """An address in one piece; empty where nothing is said.

    `said`: address (all of it, or what is behind the names), province, city, district, street, zip, country. In Chinese
    the largest part comes first, else the smallest.
    """
    full = said.get("address", "")
    parts = [part for name in ("province", "city", "district", "street") if (part := said.get(name))]
    if not parts or (full and full.startswith(parts[0])):
        return full
    if _HAN.search("".join((*parts, full))):
        return " ".join(filter(None, (*dict.fromkeys(parts), full)))
    town = " ".join(part for name in ("zip", "city") if (part := said.get(name)))
    around = (full, said.get("street"), said.get("district"), town, said.get("province"), said.get("country"))
    return ", ".join(filter(None, around))


def parse(address: str) -> Region:
    """The parts of an address as far as it names them."""
    text = clean(address).replace("臺", "台")
    if not _HAN.search(text):
        return Region()
    found = _parse(text)
    if (
        found.district is not None
        and found.province not in OUTSIDE
        and not has_traditional(f"{found.city or ''}{found.district}")
    ):
        return found  # nearly every one of the mainland
    plain = _plain(text)
    if plain is not text:
        found = _parse(plain)
    if found.district is None and _LOOSE.search(plain) and (loose := _loosened(plain)) != plain:
        again = _parse(loose)
        if again.province in OUTSIDE and _says_more(again, found):
            code = _CODE_AHEAD.match(_COUNTRY.sub("", plain, count=1))
            found = replace(again, postcode=again.postcode or (code[1] if code else None))
    return found if plain is text else replace(found, street=_as_written(found.street, plain, text))


def _plain(text: str) -> str:
    """A text in simplified characters, one for one; 乾县 and 乾安县 keep theirs."""
    if not has_traditional(text):
        return text
    plain = simplified(text)
    return (
        "".join("乾" if one == "乾" else other for one, other in zip(text, plain, strict=True))
        if "乾" in text
        else plain
    )


def _loosened(text: str) -> str:
    """Without the country and the postcode in front, and with blanks for commas."""
    return _BETWEEN.sub(" ", _CODE_AHEAD.sub("", _COUNTRY.sub("", text, count=1), count=1))


def _says_more(one: Region, other: Region) -> bool:
    def told(region: Region) -> int:
        return sum(part is not None for part in (region.province, region.city, region.district))

    return told(one) > told(other)


def _as_written(part: str | None, plain: str, text: str) -> str | None:
    at = -1 if part is None else plain.rfind(part)
    return part if part is None or at < 0 else text[at : at + len(part)]


def _parse(text: str) -> Region:
    found = _POSTCODE.search(text)
    postcode = found[1] if found and found[1] not in _NO_POSTCODE else None
    rest = " ".join((text[: found.start()] if found else text).split()).removeprefix("中国").lstrip()
    # Of `浙江省 杭州市 西湖区 文三路1号` the three names decide, and many streets have the same ones.
    *names, behind = rest.split(" ", 3)
    if len(names) == 3 and "辖" not in behind:
        where = _where(" ".join(names))
        if where.district:
            street = f"{where.street} {behind}" if where.street else behind
            return Region(where.province, where.city, where.district, street, postcode)
    where = _where(rest)
    return Region(where.province, where.city, where.district, where.street, postcode if where.province else None)


def town(address: str) -> tuple[str | None, str | None]:
    """City and district of an address, as `parse` tells them: of those in one district the names are read once."""
    *names, behind = address.split(" ", 3)
    if len(names) == 3 and "辖" not in behind:
        found = _town(" ".join((*names, _SOMEWHERE)))
        if found[1] is not None:
            return found
    where = parse(address)
    return where.city, where.district


@lru_cache(maxsize=8_192)
def _town(address: str) -> tuple[str | None, str | None]:
    where = parse(address)
    return where.city, where.district


@lru_cache(maxsize=8_192)
def _where(rest: str) -> Region:
    spaced = rest.count(" ") >= 2
    whole = rest
    province, rest = _take_province(rest)
    city: _City | None = None
    if province is None:
        province, city, rest = _take_lone_city(rest)
        if province is None:
            alone = _map().alone
            return next((_of_areas(alone[whole[:end]], whole) for end in (3, 2) if whole[:end] in alone), Region())
        if province.areas:
            return _of_areas(province, whole)
    elif province.areas:
        return _of_areas(province, rest)
    else:
        city, rest = _take_city(province, rest)
    city_name = city.short if city else None
    if city is None and spaced:
        word, _, behind = rest.partition(" ")
        old = _OLD_CITY.fullmatch(word)
        if old:
            city_name, rest = old[1], behind
    district, rest = _take_district(province, city, rest, spaced=spaced)
    if city_name is None and district is not None:
        holders = [city for city in province.cities if district in city.districts]
        city_name = holders[0].short if len(holders) == 1 else None
    return Region(province.short, city_name, district, rest.strip() or None)


def _of_areas(province: _Province, rest: str) -> Region:
    """Where in Hong Kong or Macau."""
    district, behind = _named_area(province, rest)  # 九龙湾 is an area, 九龙 a city
    city: _City | None = None
    if district is None:
        city, rest = _take_city(province, rest.removeprefix("港岛") if rest.startswith("港岛") else rest)
        district, behind = _named_area(province, rest)
    holder = next((each for each in province.cities if district in each.districts), city)
    return Region(province.short, holder.short if holder else None, district, behind.strip() or None)


def _named_area(province: _Province, text: str) -> tuple[str | None, str]:
    """The district that a text begins with, or in which the area is that it begins with; and what stands behind."""
    districts = (name for city in province.cities for name in city.districts if text.startswith(name))
    if district := max(districts, key=len, default=""):
        return district, text[len(district) :].lstrip()
    area = max((name for name in province.areas if text.startswith(name)), key=len, default="")
    if not area or _STREET_AHEAD.match(text[len(area) :]):
        return None, text
    return province.areas[area], text


def province_name(text: str) -> str | None:
    """A province by its short name; anything else (another country's) as it is."""
    text = clean(text).replace("臺", "台")
    if is_blank(text):
        return None
    provinces = _map().provinces
    province = provinces.get(text) or provinces.get(_plain(text))
    return province.short if province else text


def city_name(text: str, *, province: str | None = None) -> str | None:
    """A city by its short name, looked up in a province where its name is known; anything else as it is."""
    text = clean(text).replace("臺", "台")
    if is_blank(text):
        return None
    country = _map()
    held_by = country.provinces.get(province or "")
    cities: Iterable[_City] = held_by.cities if held_by else (city for _, city in country.cities.values())
    if held_by and (text in ("市辖区", "县") or text in (held_by.name, held_by.short)) and len(held_by.cities) == 1:
        return held_by.short
    plain = _plain(text)
    written = (text,) if plain == text else (plain, text)
    found = next((city.short for city in cities if city.name in written), None)
    if found is None and plain != text:
        found = next((city.short for city in cities if city.short == plain), None)
    return found or text


def _take_province(text: str) -> tuple[_Province | None, str]:
    provinces = _map().provinces
    for length in range(min(8, len(text)), 1, -1):
        province = provinces.get(text[:length])
        if province is None:
            continue
        behind = text[length:]
        if length == len(province.name):
            return province, behind.lstrip()
        if province.areas and behind.startswith(tuple(province.areas)):
            return province, behind  # 澳门路环 is no street
        if behind.startswith(("岛", "半岛")) and text.startswith(tuple(city.name for city in province.cities)):
            return None, text  # 香港岛, 澳门半岛
        # 吉林市 is a city of 吉林省, 海南藏族自治州 one of 青海省, 上海路 a street anywhere.
        if behind.startswith(("市", "藏族")) or _STREET_AHEAD.match(behind):
            return None, text
        return province, behind.lstrip()
    return None, text


def _take_city(province: _Province, text: str) -> tuple[_City | None, str]:
    text = _FILLER.sub("", text, count=1).lstrip() if _FILLER.match(text) else text
    for city in province.cities:
        if text.startswith(city.name):
            return city, _FILLER.sub("", text[len(city.name) :].lstrip(), count=1).lstrip()
    for city in province.cities:
        behind = text[len(city.short) :]
        if (
            text.startswith(city.short)
            and not _STREET_AHEAD.match(behind)
            and not any(text.startswith(district) for district in city.districts)
            and not behind.startswith(("区", "县", "镇", "乡", "旗"))
        ):
            return city, behind.lstrip()
    if len(province.cities) == 1:
        return province.cities[0], text
    return None, text


def _take_lone_city(text: str) -> tuple[_Province | None, _City | None, str]:
    country = _map()
    for length in range(min(12, len(text)), 1, -1):
        name, behind = text[:length], text[length:].lstrip()
        if name in country.cities:
            province, city = country.cities[name]
            if name == city.name or behind.startswith(city.districts):
                return province, city, behind
        if name in country.districts:
            province, city = country.districts[name]
            return province, city, text
    return None, None, text


def _take_district(province: _Province, city: _City | None, text: str, *, spaced: bool) -> tuple[str | None, str]:
    known = city.districts if city else tuple(name for each in province.cities for name in each.districts)
    found = max((name for name in known if text.startswith(name)), key=len, default="")
    if not found:
        word = text.partition(" ")[0] if spaced else text
        old = _OLD_DISTRICT.match(word)
        found = old[0] if old else ""
    return (found, text[len(found) :].lstrip()) if found else (None, text)


@cache
def _map() -> _Map:
    data = json.loads(resource("regions", "china.json").read_text("utf-8"))
    provinces: dict[str, _Province] = {}
    cities: dict[str, list[tuple[_Province, _City]]] = {}
    districts: dict[str, list[tuple[_Province, _City]]] = {}
    outside = json.loads(resource("regions", "outside.json").read_text("utf-8"))
    for name, short, inside in data["provinces"]:
        held = [_City(city, brief, tuple(parts)) for city, brief, parts in inside]
        areas = {area: where for where, told in outside["areas"].get(short, {}).items() for area in told}
        held.sort(key=lambda city: (-len(city.short), -len(city.name)))
        province = _Province(name, short, tuple(held), areas)
        provinces[name] = provinces[short] = province
        for city in province.cities:
            for spelling in {city.name, city.short}:
                cities.setdefault(spelling, []).append((province, city))
            for district in city.districts:
                districts.setdefault(district, []).append((province, city))
    return _Map(
        provinces,
        {spelling: holders[0] for spelling, holders in cities.items() if len(holders) == 1},
        {district: holders[0] for district, holders in districts.items() if len(holders) == 1},
        {area: province for province in provinces.values() for area in outside["alone"] if area in province.areas},
    )


def place(province: str | None, city: str | None) -> str:
    """A region in few characters: 浙江 杭州."""
    short = []
    for part in (province, city):
        if part:
            for ending in ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"):
                if part.endswith(ending) and len(part) > len(ending) + 1:
                    part = part.removesuffix(ending)
                    break
            short.append(part)
    return " ".join(dict.fromkeys(short))
