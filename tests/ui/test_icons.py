from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

import shopcrm.ui
from shopcrm.base.resources import resource
from shopcrm.ui import icons

SOURCES = Path(shopcrm.ui.__file__).parent
SHEET_ONLY = {"chevron-light", "chevron-dark"}  # drawn by the style sheet, which cannot tint


def test_every_icon_that_is_named_is_there_and_none_lies_about() -> None:
    there = {path.stem for path in resource("icons").glob("*.svg")} - SHEET_ONLY
    text = "\n".join(path.read_text("utf-8") for path in SOURCES.rglob("*.py"))
    named = set(re.findall(r'(?:icon="|Icon\(\s*"|set_icon\("|icons\.paint\(painter, ")([a-z0-9-]+)"', text))
    assert named <= there
    assert {icon for icon in there if f'"{icon}"' not in text} == set()
    assert resource("icons", "LICENSE").read_text("utf-8").startswith("ISC")


@pytest.mark.usefixtures("dressed")
def test_an_icon_takes_the_colour_and_is_sharp_on_a_fine_screen() -> None:
    image = icons.pixmap("search", colour=QColor("#B3372A"), size=20, ratio=2.0)
    assert image.width() == 40
    assert image.deviceIndependentSize().width() == 20
    shown = image.toImage()
    inks = {
        shown.pixelColor(x, y).name() for x in range(40) for y in range(40) if shown.pixelColor(x, y).alpha() == 255
    }
    assert inks == {"#b3372a"}
    assert icons.pixmap("search", colour=QColor("#B3372A"), size=20, ratio=2.0).cacheKey() == image.cacheKey()
