"""Every library that is shipped is named with its licence, and the texts that must go with it are there."""

from __future__ import annotations

import re
from pathlib import Path

from shopcrm.base import licences

ROOT = Path(__file__).parents[2]


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_installed_with_the_program_is_named() -> None:
    text = (ROOT / "requirements.txt").read_text("utf-8")
    shipped = {_folded(name) for name in re.findall(r"^([A-Za-z][\w.-]*)==", text, re.MULTILINE)}
    assert shipped == {_folded(each.package) for each in licences.COMPONENTS if each.package}
    assert all(each.version for each in licences.COMPONENTS if each.package)


def test_the_texts_are_there_and_none_lies_about() -> None:
    named = {each.text_file for each in licences.COMPONENTS if each.text_file is not None}
    assert all(path.read_text("utf-8").strip() for path in named)
    lying = {path.name for path in licences.folder().iterdir()} - {path.name for path in named}
    assert lying == {"GPL-3.0.txt"}, "the LGPL is an addition to it"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (licences.folder() / "LGPL-3.0.txt").read_text("utf-8")
