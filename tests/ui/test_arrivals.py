"""Exports that appear in the watched folder are offered, and imported by nobody but the user (C1)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from shopcrm.collect.arrivals import SETTLED_S
from shopcrm.ui import names
from shopcrm.ui.arrivals import Arrivals
from shopcrm.ui.kit.text import Text
from tests.builders import content
from tests.ui.conftest import Stage
from tests.ui.pages.test_data import counters, line, write
from tests.ui.people import Counting, shown


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "downloads"
    made.mkdir()
    write(made / "old.csv", [line("2611150930004820", "old_invented")])
    return made


@pytest.fixture
def clock(stage: Stage, folder: Path) -> Iterator[Clock]:
    """The window watches the folder, by this clock."""
    made, arrivals = Clock(), stage.window.ctx.arrivals
    arrivals._now_s = made
    arrivals.choose_folder(folder)
    stage.settle()
    yield made
    arrivals.stop()


def wait(stage: Stage, clock: Clock) -> Arrivals:
    """Let a look pass, and another when a file has stood still for long enough."""
    arrivals = stage.window.ctx.arrivals
    for _unused in range(2):
        stage.bot.waitUntil(lambda: not arrivals._looking)
        arrivals.look()
        stage.settle()
        clock.now_s += SETTLED_S
    return arrivals


def offers(stage: Stage) -> list[str]:
    return [button.text() for button in shown(stage, names.STATUS_ARRIVED) if isinstance(button, QPushButton)]


def test_a_new_export_is_offered_and_one_click_shows_it(stage: Stage, folder: Path, clock: Clock) -> None:
    before, hands = content(stage.shop), Counting(stage)
    write(folder / "orders_export.csv", [line("2611150930004821", "anna_invented")])
    wait(stage, clock)
    (told,) = offers(stage)
    assert "orders_export.csv" in told
    assert content(stage.shop) == before
    hands.click(names.STATUS_ARRIVED)
    assert counters(stage) == [1, 0, 0, 0]
    assert content(stage.shop) == before
    assert not offers(stage)
    wait(stage, clock)
    assert not offers(stage)


def test_the_system_tells_of_a_new_file_by_itself(stage: Stage, folder: Path, clock: Clock) -> None:
    clock.now_s = 10.0
    arrivals = stage.window.ctx.arrivals
    stage.bot.waitUntil(lambda: arrivals._watcher.directories() == [str(folder)])
    write(folder / "orders_export.csv", [line("2611150930004821", "anna_invented")])
    stage.bot.waitUntil(arrivals._soon.isActive)
    clock.now_s += SETTLED_S
    stage.bot.waitUntil(lambda: bool(arrivals.waiting), timeout=20_000)
    assert len(offers(stage)) == 1


def test_what_is_no_export_or_not_complete_is_not_offered(stage: Stage, folder: Path, clock: Clock) -> None:
    write(folder / "diary.csv", [["Monday", "rain"]], header=["Day", "Weather"])
    (folder / "noise.xlsx").write_bytes(bytes(range(256)) * 8)
    write(folder / "orders.csv.crdownload", [line("2611150930004821", "anna_invented")])
    wait(stage, clock)
    assert not offers(stage)
    (folder / "orders.csv.crdownload").rename(folder / "orders.csv")
    arrivals = stage.window.ctx.arrivals
    arrivals.look()
    stage.settle()
    assert not offers(stage)  # it may still grow
    wait(stage, clock)
    assert "orders.csv" in offers(stage)[0]


def test_what_was_offered_is_remembered_and_a_later_export_of_that_name_is_another(
    stage: Stage, folder: Path, clock: Clock
) -> None:
    hands, file = Counting(stage), folder / "orders.csv"
    write(file, [line("2611150930004821", "anna_invented")])
    wait(stage, clock)
    hands.click(f"{names.STATUS_ARRIVED}_close")
    assert not offers(stage)
    ctx = stage.window.ctx
    again = Arrivals(ctx.shop, stage.seat, ctx.operations, ctx.jobs, ctx.messages, now_s=clock, parent=ctx)
    again.start()
    for _unused in range(3):
        stage.settle()
        clock.now_s += SETTLED_S
        again.look()
    stage.settle()
    again.stop()
    assert again.waiting == ()
    write(file, [line("2611150930004821", "anna_invented"), line("2611150930004822", "ben_invented")])
    write(folder / "more.csv", [line("2611150930004823", "cem_invented")])
    assert wait(stage, clock).waiting == (folder / "more.csv", file)
    assert "2" in offers(stage)[0]
    stage.window.rebuild()
    stage.settle()
    assert "2" in offers(stage)[0]
    assert "anna" not in stage.seat.text("import_folder_seen")


def test_while_something_runs_the_offer_stays(stage: Stage, folder: Path, clock: Clock) -> None:
    write(folder / "orders.csv", [line("2611150930004821", "anna_invented")])
    wait(stage, clock)
    jobs = stage.window.ctx.jobs
    (button,) = shown(stage, names.STATUS_ARRIVED)
    with stage.bot.waitSignal(jobs.refused):
        jobs.run(stage.window, lambda progress: progress.check(), "Something else")
        button.click()  # type: ignore[attr-defined]  # a button
    stage.settle()
    assert offers(stage)


def test_a_folder_that_vanishes_is_said_once_and_watched_again_when_it_is_back(
    stage: Stage, folder: Path, clock: Clock
) -> None:
    stage.window.go_to("settings", "imports")
    stage.settle()
    told = stage.find(Text, f"{names.WATCH}_folder")
    assert told.text() == str(folder)
    said: list[str] = []
    stage.window.ctx.messages.said.connect(lambda one: said.append(one.text))
    away = folder.with_name("away")
    folder.rename(away)
    wait(stage, clock)
    assert len(said) == 1
    assert str(folder) in said[0]
    assert told.text() != str(folder)
    away.rename(folder)
    write(folder / "orders.csv", [line("2611150930004821", "anna_invented")])
    wait(stage, clock)
    assert told.text() == str(folder)
    assert offers(stage)
    Counting(stage).click(f"{names.WATCH}_stop")
    shutil.rmtree(folder)
    wait(stage, clock)
    assert len(said) == 1
    assert not offers(stage)
