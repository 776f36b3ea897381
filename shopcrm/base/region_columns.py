"""Province and city told in columns of their own, as shops abroad name them: `GD`, `Kowloon`, `Taipei City`.

A place has one name, whichever file tells it: the short one of `region`. What is no place of China stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from shopcrm.base import region
from shopcrm.base.resources import resource
from shopcrm.base.text import fold

_MAINLAND: Final = "中国"
_ENDINGS: Final = (" city", " county", " province")


@dataclass(frozen=True)
class _Names:
    countries: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]  # by country; of the mainland provinces, of Hong Kong its parts
    cities: Mapping[str, tuple[str, str]]  # by name, each with its province


@lru_cache(maxsize=8_192)
def placed(
    province: str, city: str, country: str = "", *, written: str | None = None, country_stands_in: bool = True
) -> tuple[str | None, str | None]:
    """Province and city of an address by its columns, each empty where there is none.

    Args:
        province: Province, state or zone.
        city: City or town.
        country: Its name or its two letters.
        written: The province that the address itself names, for where the columns name none.
        country_stands_in: Whether the country is told where no province is.
    """
    land = _names().countries.get(fold(country))
    found = None
    if land is not None or not country:
        found = _named(province, land) or _named(city, land)
    told = found[0] if found else land if land in region.OUTSIDE else region.province_name(province)
    if told is None and land == _MAINLAND:
        told = written
    if told is None and country_stands_in:
        told = region.province_name(country)
    told = told or written
    town = found[1] if found else None
    return told, town or region.city_name(city, province=told)


def _named(text: str, land: str | None) -> tuple[str, str | None] | None:
    """What a name that only shops abroad use is, or a part of Hong Kong that stands for a province."""
    word = fold(text)
    code = _names().codes.get(land or "", {}).get(word)
    if code is not None:
        return (code, None) if land == _MAINLAND else (land or "", code)
    for ending in _ENDINGS:
        word = word.removesuffix(ending)
    if word in _names().cities:
        return _names().cities[word]
    where = region.parse(text)
    return (where.province, where.city) if where.province in region.OUTSIDE and where.city else None


@cache
def _names() -> _Names:
    data = json.loads(resource("regions", "outside.json").read_text("utf-8"))
    return _Names(
        {**data["countries"], **{name: name for name in (*region.OUTSIDE, _MAINLAND)}},
        data["codes"],
        {name: (province, city) for province, told in data["cities"].items() for name, city in told.items()},
    )
