"""The pages, listed as data. Their modules are imported when they are first opened."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from shopcrm.base.i18n import N_

if TYPE_CHECKING:
    from shopcrm.ui.pages.page import Page


@dataclass(frozen=True)
class PageEntry:
    """One page: its key is also its module's name, and `class_name` the class in it."""

    key: str
    title: str
    icon: str
    class_name: str
    under: str = ""  # the page of the rail to which it belongs, where it has no place there itself

    def load(self) -> type[Page]:
        """The page's class."""
        page: type[Page] = getattr(import_module(f"shopcrm.ui.pages.{self.key}"), self.class_name)
        return page


PAGES: Final = (
    PageEntry("desk", N_("Desk"), "headset", "DeskPage"),
    PageEntry("today", N_("Today"), "calendar-check", "TodayPage"),
    PageEntry("customers", N_("Customers"), "users", "CustomersPage"),
    PageEntry("segments", N_("Segments"), "layout-grid", "SegmentsPage"),
    PageEntry("insights", N_("Insights"), "chart-column", "InsightsPage"),
    PageEntry("scripts", N_("Scripts"), "message-square-text", "ScriptsPage"),
    PageEntry("data", N_("Data"), "database", "DataPage"),
)
SETTINGS: Final = PageEntry("settings", N_("Settings"), "settings", "SettingsPage")  # apart, at the foot of the rail
WHO: Final = PageEntry("who", N_("Who is who"), "users", "WhoPage", under="customers")
TAGS: Final = PageEntry("tags", N_("Tags"), "tags", "TagsPage", under="customers")
PARCELS: Final = PageEntry("parcels", N_("Parcels"), "package", "ParcelsPage", under="data")
EVERY: Final = (*PAGES, SETTINGS, WHO, TAGS, PARCELS)
