"""Options of the shop are set, forgotten at their default, refused out of bounds, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base import options
from shopcrm.collect import settings
from shopcrm.collect.settings import OutOfBounds
from tests.builders import content, new_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def test_options_are_set_changed_and_undone(shop: Shop) -> None:
    before = content(shop)
    with shop.write() as tx:
        first = settings.choose(tx, {options.RFM_WINDOW_DAYS: 180, options.RFM_MONEY: "total"})
        assert (tx.option(options.RFM_WINDOW_DAYS), tx.option(options.RFM_MONEY)) == (180, "total")
    with shop.write() as tx:
        second = settings.choose(tx, {options.RFM_WINDOW_DAYS: 90})
    with shop.read() as tx:
        assert tx.option(options.RFM_WINDOW_DAYS) == 90
    with shop.write() as tx:
        tx.undo(second)
    with shop.read() as tx:
        assert tx.option(options.RFM_WINDOW_DAYS) == 180
    with shop.write() as tx:
        tx.undo(first)
    assert content(shop) == before


def test_a_default_is_not_kept(shop: Shop) -> None:
    before = content(shop)
    with shop.write() as tx:
        settings.choose(tx, {options.CYCLE_DAYS: 60})
        settings.choose(tx, {options.CYCLE_DAYS: options.CYCLE_DAYS.default})
    assert content(shop) == before


@pytest.mark.parametrize(("option", "value"), [
    (options.RFM_MONEY, "median"), (options.CYCLE_DAYS, 0), (options.CYCLE_DAYS, "90"), (options.RFM_WINDOW_DAYS, True),
])  # fmt: skip
def test_what_does_not_fit_is_refused_as_a_whole(shop: Shop, option: options.Option[object], value: object) -> None:
    before = content(shop)
    with shop.write() as tx, pytest.raises(OutOfBounds):
        settings.choose(tx, {options.RFM_F_FIXED: 3, option: value})
    assert content(shop) == before


def test_settings_of_the_pc_are_not_the_shops(shop: Shop) -> None:
    with shop.write() as tx, pytest.raises(ValueError, match="theme"):
        settings.choose(tx, {options.THEME: "dark"})
