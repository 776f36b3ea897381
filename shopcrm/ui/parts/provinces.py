"""The provinces of China as tiles: where each lies in a grid of 8 by 8, its name, and its short name on the tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shopcrm.base.i18n import N_, p_


@dataclass(frozen=True)
class Province:
    """One tile. `stored` is the name as customers have it (`base.region`)."""

    stored: str
    name: str
    code: str  # two letters (GB/T 2260); its translation is the character on number plates
    row: int
    column: int

    def sign(self) -> str:
        """What stands on the tile."""
        return _sign(self.code)


PROVINCES: Final = (
    Province("黑龙江", N_("Heilongjiang"), "HL", 0, 7),
    Province("新疆", N_("Xinjiang"), "XJ", 1, 0),
    Province("内蒙古", N_("Inner Mongolia"), "NM", 1, 5),
    Province("吉林", N_("Jilin"), "JL", 1, 7),
    Province("甘肃", N_("Gansu"), "GS", 2, 2),
    Province("宁夏", N_("Ningxia"), "NX", 2, 3),
    Province("河北", N_("Hebei"), "HE", 2, 5),
    Province("北京", N_("Beijing"), "BJ", 2, 6),
    Province("辽宁", N_("Liaoning"), "LN", 2, 7),
    Province("西藏", N_("Tibet"), "XZ", 3, 0),
    Province("青海", N_("Qinghai"), "QH", 3, 1),
    Province("陕西", N_("Shaanxi"), "SN", 3, 3),
    Province("山西", N_("Shanxi"), "SX", 3, 4),
    Province("河南", N_("Henan"), "HA", 3, 5),
    Province("山东", N_("Shandong"), "SD", 3, 6),
    Province("天津", N_("Tianjin"), "TJ", 3, 7),
    Province("四川", N_("Sichuan"), "SC", 4, 2),
    Province("重庆", N_("Chongqing"), "CQ", 4, 3),
    Province("湖北", N_("Hubei"), "HB", 4, 4),
    Province("安徽", N_("Anhui"), "AH", 4, 5),
    Province("江苏", N_("Jiangsu"), "JS", 4, 6),
    Province("上海", N_("Shanghai"), "SH", 4, 7),
    Province("云南", N_("Yunnan"), "YN", 5, 2),
    Province("贵州", N_("Guizhou"), "GZ", 5, 3),
    Province("湖南", N_("Hunan"), "HN", 5, 4),
    Province("江西", N_("Jiangxi"), "JX", 5, 5),
    Province("浙江", N_("Zhejiang"), "ZJ", 5, 6),
    Province("福建", N_("Fujian"), "FJ", 5, 7),
    Province("广西", N_("Guangxi"), "GX", 6, 3),
    Province("广东", N_("Guangdong"), "GD", 6, 4),
    Province("台湾", N_("Taiwan"), "TW", 6, 6),
    Province("海南", N_("Hainan"), "HI", 7, 3),
    Province("香港", N_("Hong Kong"), "HK", 7, 4),
    Province("澳门", N_("Macao"), "MO", 7, 5),
)


def _sign(code: str) -> str:
    signs = {
        "HL": p_("province", "HL"), "XJ": p_("province", "XJ"), "NM": p_("province", "NM"),
        "JL": p_("province", "JL"), "GS": p_("province", "GS"), "NX": p_("province", "NX"),
        "HE": p_("province", "HE"), "BJ": p_("province", "BJ"), "LN": p_("province", "LN"),
        "XZ": p_("province", "XZ"), "QH": p_("province", "QH"), "SN": p_("province", "SN"),
        "SX": p_("province", "SX"), "HA": p_("province", "HA"), "SD": p_("province", "SD"),
        "TJ": p_("province", "TJ"), "SC": p_("province", "SC"), "CQ": p_("province", "CQ"),
        "HB": p_("province", "HB"), "AH": p_("province", "AH"), "JS": p_("province", "JS"),
        "SH": p_("province", "SH"), "YN": p_("province", "YN"), "GZ": p_("province", "GZ"),
        "HN": p_("province", "HN"), "JX": p_("province", "JX"), "ZJ": p_("province", "ZJ"),
        "FJ": p_("province", "FJ"), "GX": p_("province", "GX"), "GD": p_("province", "GD"),
        "TW": p_("province", "TW"), "HI": p_("province", "HI"), "HK": p_("province", "HK"),
        "MO": p_("province", "MO"),
    }  # fmt: skip
    return signs[code]
