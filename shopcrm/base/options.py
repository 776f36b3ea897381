"""Settings, each declared once: key, type, default, scope, label."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from shopcrm.base import trades
from shopcrm.base.i18n import N_

T = TypeVar("T")


class Scope(Enum):
    """Where a setting lives."""

    SEAT = "seat"
    SHOP = "shop"


@dataclass(frozen=True)
class Option(Generic[T]):
    """One setting. `choices` or `low`/`high` bound it."""

    key: str
    default: T
    scope: Scope
    label: str
    choices: tuple[T, ...] = ()
    low: int | None = None
    high: int | None = None

    def takes(self, value: object) -> bool:
        """Whether a value is of the option's type and within its bounds."""
        if type(value) is not type(self.default) or (self.choices and value not in self.choices):
            return False
        return not isinstance(value, int) or (self.low or value) <= value <= (self.high or value)


LANGUAGE: Final = Option("language", "", Scope.SEAT, N_("Language"), choices=("", "zh_CN", "zh_TW", "en"))
THEME: Final = Option("theme", "system", Scope.SEAT, N_("Theme"), choices=("system", "light", "dark"))
TEXT_SIZE: Final = Option("text_size", 100, Scope.SEAT, N_("Text size"), low=100, high=200)

TRADE: Final = Option("shop.trade", "", Scope.SHOP, N_("Trade"), choices=("", *trades.NAMES))
RFM_WINDOW_DAYS: Final = Option(
    "rfm.window_days", 365, Scope.SHOP, N_("Days counted for frequency and money (0: all)"), low=0
)
RFM_MONEY: Final = Option(
    "rfm.money", "per_order", Scope.SHOP, N_("What money means"), choices=("per_order", "per_occasion", "total")
)
RFM_R_RULE: Final = Option(
    "rfm.r_rule", "cycle", Scope.SHOP, N_("When a purchase is near"), choices=("cycle", "mean", "median", "fixed")
)
RFM_F_RULE: Final = Option(
    "rfm.f_rule", "mean", Scope.SHOP, N_("When frequency is high"), choices=("mean", "median", "fixed")
)
RFM_M_RULE: Final = Option(
    "rfm.m_rule", "mean", Scope.SHOP, N_("When money is high"), choices=("mean", "median", "fixed")
)
RFM_R_FIXED: Final = Option("rfm.r_fixed", 90, Scope.SHOP, N_("Near: at most this many days"), low=1)
RFM_F_FIXED: Final = Option("rfm.f_fixed", 2, Scope.SHOP, N_("High frequency: at least this many purchases"), low=1)
RFM_M_FIXED: Final = Option("rfm.m_fixed", 0, Scope.SHOP, N_("High money: at least this much (minor units)"), low=0)
CYCLE_DAYS: Final = Option("cycle.days", 90, Scope.SHOP, N_("Repurchase cycle while history is short (days)"), low=1)

SHOP_OPTIONS: Final = (
    TRADE,
    RFM_WINDOW_DAYS, RFM_MONEY, RFM_R_RULE, RFM_F_RULE, RFM_M_RULE, RFM_R_FIXED, RFM_F_FIXED, RFM_M_FIXED, CYCLE_DAYS,
)  # fmt: skip
