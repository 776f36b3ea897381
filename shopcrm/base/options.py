"""Settings, each declared once: key, type, default, scope, label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
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
    """One setting. `choices`, `low`/`high` or `form` (whether a text is well formed) bound it."""

    key: str
    default: T
    scope: Scope
    label: str
    choices: tuple[T, ...] = ()
    low: int | None = None
    high: int | None = None
    form: Callable[[T], bool] | None = None

    def takes(self, value: object) -> bool:
        """Whether a value is of the option's type and within its bounds."""
        if type(value) is not type(self.default) or (self.choices and value not in self.choices):
            return False
        if self.form is not None and not self.form(value):
            return False
        return not isinstance(value, int) or (self.low or value) <= value <= (self.high or value)


CUTS: Final = 4  # so many cut points make five scores
MOST_DAYS: Final = 36_500
MOST: Final = 10**13  # minor units, purchases: far beyond any shop, and well inside what sums are exact to


def cut_points(text: str) -> tuple[int, ...]:
    """The cut points in a text like `30,60,90,180`; none in an empty one.

    Raises:
        ValueError: they are not four rising whole numbers.
    """
    if not text:
        return ()
    found = tuple(int(part) if part.isdecimal() else -1 for part in text.split(","))
    if len(found) != CUTS or found[0] < 0 or found[-1] > MOST or any(low >= high for low, high in pairwise(found)):
        raise ValueError(f"not {CUTS} rising whole numbers: {text}")
    return found


def _are_cut_points(text: str) -> bool:
    try:
        cut_points(text)
    except ValueError:
        return False
    return True


LANGUAGE: Final = Option("language", "", Scope.SEAT, N_("Language"), choices=("", "zh_CN", "zh_TW", "en"))
THEME: Final = Option("theme", "system", Scope.SEAT, N_("Theme"), choices=("system", "light", "dark"))
TEXT_SIZE: Final = Option("text_size", 100, Scope.SEAT, N_("Text size"), low=100, high=200)
BACKUP_FOLDER: Final = Option("backup_folder", "", Scope.SEAT, N_("Second folder for backups"))
IMPORT_FOLDER: Final = Option("import_folder", "", Scope.SEAT, N_("Watched folder"))
CLIPBOARD_WATCH: Final = Option("clipboard_watch", 0, Scope.SEAT, N_("Watch the clipboard"), low=0, high=1)
PANEL_OPEN: Final = Option("panel_open", 0, Scope.SEAT, N_("Side panel"), low=0, high=1)
HOT_KEY: Final = Option("hot_key", "", Scope.SEAT, N_("Key that works in every program"))

TRADE: Final = Option("shop.trade", "", Scope.SHOP, N_("Trade"), choices=("", *trades.NAMES))
RFM_WINDOW_DAYS: Final = Option(
    "rfm.window_days", 365, Scope.SHOP, N_("Days counted for frequency and money (0: all)"), low=0, high=MOST_DAYS
)
RFM_MONEY: Final = Option(
    "rfm.money", "per_order", Scope.SHOP, N_("What money means"), choices=("per_order", "per_occasion", "total")
)
RFM_R_RULE: Final = Option(
    "rfm.r_rule", "cycle", Scope.SHOP, N_("When a purchase is near"),
    choices=("cycle", "mean", "median", "fixed", "scores"),
)  # fmt: skip
RFM_F_RULE: Final = Option(
    "rfm.f_rule", "mean", Scope.SHOP, N_("When frequency is high"), choices=("mean", "median", "fixed", "scores")
)
RFM_M_RULE: Final = Option(
    "rfm.m_rule", "mean", Scope.SHOP, N_("When money is high"), choices=("mean", "median", "fixed", "scores")
)
RFM_R_FIXED: Final = Option("rfm.r_fixed", 90, Scope.SHOP, N_("Near: at most this many days"), low=1, high=MOST_DAYS)
RFM_F_FIXED: Final = Option(
    "rfm.f_fixed", 2, Scope.SHOP, N_("High frequency: at least this many purchases"), low=1, high=MOST
)
RFM_M_FIXED: Final = Option(
    "rfm.m_fixed", 0, Scope.SHOP, N_("High money: at least this much (minor units)"), low=0, high=MOST
)
RFM_R_CUTS: Final = Option(
    "rfm.r_cuts", "", Scope.SHOP, N_("Cut points of the scores for days (empty: five equal parts)"),
    form=_are_cut_points,
)  # fmt: skip
RFM_F_CUTS: Final = Option(
    "rfm.f_cuts", "", Scope.SHOP, N_("Cut points of the scores for purchases (empty: five equal parts)"),
    form=_are_cut_points,
)  # fmt: skip
RFM_M_CUTS: Final = Option(
    "rfm.m_cuts", "", Scope.SHOP, N_("Cut points of the scores for money, minor units (empty: five equal parts)"),
    form=_are_cut_points,
)  # fmt: skip
CYCLE_SOURCE: Final = Option(
    "cycle.source", "history", Scope.SHOP, N_("Where the repurchase cycle comes from"), choices=("history", "owner")
)
CYCLE_DAYS: Final = Option(
    "cycle.days", 90, Scope.SHOP, N_("Repurchase cycle set by hand, or while history is short (days)"),
    low=1, high=MOST_DAYS,
)  # fmt: skip
CYCLE_ACTIVE_DAYS: Final = Option(
    "cycle.active_days", 0, Scope.SHOP, N_("Active: last bought within this many days (0: the cycle's P80)"),
    low=0, high=MOST_DAYS,
)  # fmt: skip
CYCLE_DORMANT_DAYS: Final = Option(
    "cycle.dormant_days", 0, Scope.SHOP, N_("Dormant: last bought within this many days (0: twice the P80)"),
    low=0, high=MOST_DAYS,
)  # fmt: skip
CONTACT_AGREED: Final = Option(
    "contact.agreed", default=False, scope=Scope.SHOP, label=N_("Write only to customers who agreed to it")
)
# Of a demo shop only: the day, language and edition it was made for, and the last line of its journal then.
DEMO: Final = Option("demo.made", "", Scope.SHOP, N_("Demo shop made for"))

RFM_OPTIONS: Final = (
    RFM_WINDOW_DAYS, RFM_MONEY, RFM_R_RULE, RFM_F_RULE, RFM_M_RULE, RFM_R_FIXED, RFM_F_FIXED, RFM_M_FIXED,
    RFM_R_CUTS, RFM_F_CUTS, RFM_M_CUTS,
)  # fmt: skip
SHOP_OPTIONS: Final = (
    TRADE, *RFM_OPTIONS, CYCLE_SOURCE, CYCLE_DAYS, CYCLE_ACTIVE_DAYS, CYCLE_DORMANT_DAYS, CONTACT_AGREED,
)  # fmt: skip
