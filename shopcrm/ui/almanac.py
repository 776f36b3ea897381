"""The Chinese calendar of a day in words: lunar date, solar term, festival."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shopcrm.base import lunar
from shopcrm.base.i18n import N_, _
from shopcrm.base.lunar import LunarDate

# By their Chinese names, as the calendar library gives them.
SOLAR_TERMS: Final[Mapping[str, str]] = {
    "立春": N_("Start of Spring"),
    "雨水": N_("Rain Water"),
    "惊蛰": N_("Awakening of Insects"),
    "春分": N_("Spring Equinox"),
    "清明": N_("Qingming"),
    "谷雨": N_("Grain Rain"),
    "立夏": N_("Start of Summer"),
    "小满": N_("Grain Buds"),
    "芒种": N_("Grain in Ear"),
    "夏至": N_("Summer Solstice"),
    "小暑": N_("Minor Heat"),
    "大暑": N_("Major Heat"),
    "立秋": N_("Start of Autumn"),
    "处暑": N_("End of Heat"),
    "白露": N_("White Dew"),
    "秋分": N_("Autumn Equinox"),
    "寒露": N_("Cold Dew"),
    "霜降": N_("Frost Descent"),
    "立冬": N_("Start of Winter"),
    "小雪": N_("Minor Snow"),
    "大雪": N_("Major Snow"),
    "冬至": N_("Winter Solstice"),
    "小寒": N_("Minor Cold"),
    "大寒": N_("Major Cold"),
}
FESTIVALS: Final[Mapping[str, str]] = {
    "春节": N_("Spring Festival"),
    "元宵节": N_("Lantern Festival"),
    "端午节": N_("Dragon Boat Festival"),
    "七夕节": N_("Qixi"),
    "中秋节": N_("Mid-Autumn Festival"),
    "重阳节": N_("Double Ninth"),
    "腊八节": N_("Laba"),
    "除夕": N_("New Year's Eve (lunar)"),
}


@dataclass(frozen=True)
class LunarDay:
    """A day of the Chinese calendar."""

    date: LunarDate
    names: tuple[str, ...]  # solar terms and festivals, in Chinese


def lunar_day(day: date) -> LunarDay:
    """The lunar date of a day. Imports the calendar library, so not for the GUI thread."""
    from lunar_python import Solar

    told = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    names = [name for name in (told.getJieQi(), *told.getFestivals()) if name in SOLAR_TERMS or name in FESTIVALS]
    return LunarDay(lunar.of_day(day), tuple(names))


def words(day: LunarDay) -> str:
    """`农历十月十四 · 小雪`, `Lunar 10-14 · Minor Snow`."""
    known = {**SOLAR_TERMS, **FESTIVALS}
    return " · ".join([lunar.words(day.date), *(_(known[name]) for name in day.names)])
