from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from shopcrm.collect.tags import COLOURS
from shopcrm.ui import theme

TEXTS = ("text", "second", "third", "accent", "accent_strong", "good", "warn", "bad", "info")
GROUNDS = ("background", "surface", "raised")
SOFT = ("good", "warn", "bad", "info")
PAIRS = [(ink, ground) for ink in ("text", "second", "third") for ground in GROUNDS]
PAIRS += [(ink, "surface") for ink in TEXTS]
PAIRS += [(tone, f"{tone}_soft") for tone in SOFT] + [("text", f"{tone}_soft") for tone in SOFT]
PAIRS += [("second", f"{tone}_soft") for tone in SOFT]
PAIRS += [("accent_strong", "accent_soft"), ("text", "accent_soft"), ("second", "accent_soft"), ("on_accent", "accent")]
PAIRS += [("on_accent", "accent_strong"), ("on_bad", "bad"), ("on_float", "float"), ("float_second", "float")]
PAIRS += [("float_accent", "float")]


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_is_readable_on_its_ground(name: str, ink: str, ground: str) -> None:
    look = theme.make(name)
    assert contrast(look.colour(ink), look.colour(ground)) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_group_has_a_readable_badge_and_the_focus_ring_stands_out(name: str) -> None:
    look = theme.make(name)
    for group in look.groups:
        assert contrast(look.badge_text(group), look.badge_ground(group)) >= 4.5, group
    for ground in GROUNDS:
        assert contrast(look.colour("accent"), look.colour(ground)) >= 3


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_tag_is_readable_in_each_of_its_colours_and_in_none(name: str) -> None:
    look = theme.make(name)
    assert set(look.tags) == set(COLOURS)
    for colour in (*COLOURS, "", "plaid"):
        text, ground, hue = look.tag(colour)
        assert contrast(text, ground) >= 4.5, colour
        assert contrast(hue, look.colour("surface")) >= 2.5, colour


def test_both_themes_hold_the_same_tokens_and_all_eight_groups() -> None:
    from shopcrm.mine.rfm import GROUP_KEYS

    assert theme.tokens()["light"].keys() == theme.tokens()["dark"].keys()
    assert set(theme.make("light").groups) == set(GROUP_KEYS)


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux", "freebsd14"])
def test_chinese_comes_first_in_the_shapes_of_the_language(platform: str) -> None:
    simplified, traditional = (theme.families(code, platform=platform) for code in ("zh_CN", "zh_TW"))
    assert simplified[0] != traditional[0]
    assert any("SC" in family or "YaHei" in family for family in simplified[:1])


def test_sizes_follow_the_text_size(dressed: theme.Theme) -> None:
    large = theme.make("light", text_percent=200)
    assert large.px(36) == 72
    assert large.font(13).pixelSize() == 2 * dressed.font(13).pixelSize()
