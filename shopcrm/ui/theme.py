"""How the window looks: colours, type and sizes from one token file, as palette, style sheet and painter's tools."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from shopcrm.base.resources import resource
from shopcrm.ui.stylesheet import style_sheet

SMALL: Final = 12
BODY: Final = 13
LEAD: Final = 15
TITLE: Final = 20
DISPLAY: Final = 28

RADIUS: Final = 6
ROW_HEIGHT: Final = 36

# CJK first in the shapes of the language in use, else a Japanese or mainland face draws the characters.
_FAMILIES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "win32": {
        "zh_CN": ("Microsoft YaHei UI", "Microsoft YaHei", "Segoe UI"),
        "zh_TW": ("Microsoft JhengHei UI", "Microsoft JhengHei", "Segoe UI"),
        "en": ("Segoe UI", "Microsoft YaHei UI"),
    },
    "darwin": {
        "zh_CN": ("PingFang SC", "Helvetica Neue"),
        "zh_TW": ("PingFang TC", "Helvetica Neue"),
        "en": ("Helvetica Neue", "PingFang SC"),
    },
    "linux": {
        "zh_CN": ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "Noto Sans", "DejaVu Sans"),
        "zh_TW": ("Noto Sans CJK TC", "Source Han Sans TC", "WenQuanYi Micro Hei", "Noto Sans", "DejaVu Sans"),
        "en": ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans", "DejaVu Sans"),
    },
}


@dataclass(frozen=True)
class Theme:
    """Everything a painter needs. `text_percent` scales type and what holds it, not the gaps between."""

    name: str  # light | dark
    colours: Mapping[str, str]
    groups: Mapping[str, tuple[str, str]]
    tags: Mapping[str, tuple[str, str]]
    text_percent: int
    language: str

    @property
    def dark(self) -> bool:
        """Whether light text stands on dark ground."""
        return self.name == "dark"

    def colour(self, token: str) -> QColor:
        """A token's colour."""
        return QColor(_colour(self.colours[token]))

    def hue(self, group: str) -> QColor:
        """The colour of a group's bars, edges and dots."""
        return QColor(self.groups[group][0])

    def badge_text(self, group: str) -> QColor:
        """The text colour on a group's badge."""
        return QColor(self.groups[group][1])

    def badge_ground(self, group: str) -> QColor:
        """The ground of a group's badge: the hue at 14 % on the surface."""
        return blend(self.hue(group), self.colour("surface"), 0.14)

    def tag(self, colour: str) -> tuple[QColor, QColor, QColor]:
        """(text, ground, hue) of a tag's chip; a colour that is none of the tokens is grey."""
        if colour not in self.tags:
            return self.colour("second"), self.colour("raised"), self.colour("third")
        hue = QColor(self.tags[colour][0])
        return QColor(self.tags[colour][1]), blend(hue, self.colour("surface"), 0.14), hue

    def px(self, size: float) -> int:
        """A size that holds text, in pixels at the chosen text size."""
        return round(size * self.text_percent / 100)

    def font(self, size: int = BODY, *, bold: bool = False, tabular: bool = False) -> QFont:
        """The interface's font. `tabular`: all figures equally wide, for columns."""
        return _font(self.language, self.px(size), bold, tabular)

    def metrics(self, size: int = BODY, *, bold: bool = False, tabular: bool = False) -> QFontMetricsF:
        """What text of that font measures."""
        return _metrics(self.language, self.px(size), bold, tabular)


@cache
def _font(language: str, pixels: int, bold: bool, tabular: bool) -> QFont:  # noqa: FBT001  # a cache key
    font = QFont()
    font.setFamilies(list(families(language)))
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def _metrics(language: str, pixels: int, bold: bool, tabular: bool) -> QFontMetricsF:  # noqa: FBT001
    return QFontMetricsF(_font(language, pixels, bold, tabular))


@cache
def _colour(code: str) -> QColor:
    return QColor(code)


def families(language: str, *, platform: str = sys.platform) -> tuple[str, ...]:
    """Font families for a language on a system, best first."""
    known = _FAMILIES.get(platform, _FAMILIES["linux"])
    return known.get(language, known["en"])


def blend(over: QColor, under: QColor, share: float) -> QColor:
    """`over` at `share` (0–1) on `under`, opaque."""

    def mixed(top: float, ground: float) -> float:
        return top * share + ground * (1 - share)

    return QColor.fromRgbF(
        mixed(over.redF(), under.redF()), mixed(over.greenF(), under.greenF()), mixed(over.blueF(), under.blueF())
    )


@cache
def tokens() -> Mapping[str, Mapping[str, object]]:
    """The token file as it stands."""
    return cast(
        "Mapping[str, Mapping[str, object]]", tomllib.loads(resource("themes", "shopcrm.toml").read_text("utf-8"))
    )


def make(name: str, *, text_percent: int = 100, language: str = "zh_CN") -> Theme:
    """The theme of that name (`light` or `dark`)."""
    groups, tags = (cast("Mapping[str, Mapping[str, list[str]]]", tokens()[part]) for part in ("groups", "tags"))
    return Theme(
        name=name,
        colours=cast("Mapping[str, str]", tokens()[name]),
        groups={key: (pair[name][0], pair[name][1]) for key, pair in groups.items()},
        tags={key: (pair[name][0], pair[name][1]) for key, pair in tags.items()},
        text_percent=text_percent,
        language=language,
    )


_current: Theme | None = None


def current() -> Theme:
    """The theme in use; painters ask at every paint, so that switching needs no new widgets."""
    global _current  # noqa: PLW0603  # one look a process, as Qt has one palette a process
    if _current is None:
        _current = make("light")
    return _current


def resolve(wanted: str) -> str:
    """`system` as what the desktop says now; `light` and `dark` as they are."""
    if wanted in ("light", "dark"):
        return wanted
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


def use(app: QApplication, *, name: str, text_percent: int, language: str) -> Theme:
    """Dress the whole application: style, palette, font and style sheet. Returns the theme."""
    global _current  # noqa: PLW0603
    theme = make(resolve(name), text_percent=text_percent, language=language)
    _current = theme
    # An empty name comes from a style sheet's proxy style, which wraps Fusion once it has been set.
    if app.style().objectName().lower() != "fusion" and not app.styleSheet():
        app.setStyle("Fusion")
    app.setPalette(palette(theme))
    if app.font() != theme.font():
        app.setFont(theme.font())
    app.setStyleSheet(style_sheet(theme.colours, theme.px, theme.name))
    return theme


def palette(theme: Theme) -> QPalette:
    """Qt's palette from the tokens, disabled roles included."""
    result = QPalette()
    role = QPalette.ColorRole
    for target, token in {
        role.Window: "background",
        role.Base: "surface",
        role.AlternateBase: "raised",
        role.Button: "surface",
        role.WindowText: "text",
        role.Text: "text",
        role.ButtonText: "text",
        role.PlaceholderText: "third",
        role.BrightText: "bad",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Accent: "accent",
        role.Link: "accent",
        role.LinkVisited: "accent_strong",
        role.ToolTipBase: "float",
        role.ToolTipText: "on_float",
        role.Light: "surface",
        role.Midlight: "raised",
        role.Mid: "border",
        role.Dark: "border",
        role.Shadow: "border",
    }.items():
        result.setColor(target, theme.colour(token))
    for target in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, target, theme.colour("third"))
    return result
