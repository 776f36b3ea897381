from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.measure.insights import MONTHS
from shopcrm.mine.activity import STATES
from shopcrm.ui import names, theme
from shopcrm.ui.charts.chart import Chart
from shopcrm.ui.kit.popover import Popover
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.insights import InsightsPage
from shopcrm.ui.parts import insight_words as say
from shopcrm.ui.parts.figure_table import FigureTable
from shopcrm.ui.parts.figure_tile import FigureTile
from shopcrm.ui.parts.purchase_list import PurchaseList
from tests.builders import TODAY, given_orders, new_shop, order
from tests.ui.conftest import Stage, make_stage
from tests.ui.people import Counting, dialogs_of_qt, regulars

PROVINCES = ("浙江省", "广东省", "", "Ontario")


def with_history(shop: Shop) -> None:
    """Two years of thirty people: some once, some often, from four places, one order in another currency."""
    given = [
        order(
            f"28{who:04d}{n:010d}",
            f"buyer_{who:02d}",
            TODAY - timedelta(days=(31 + 5 * (who % 4)) * n + 19 * who),
            4_000 + 700 * who + 90 * n,
            province=PROVINCES[who % 4],
            currency="USD" if (who, n) == (5, 1) else "CNY",
        )
        for who in range(30)
        for n in range(1 + who % 6)
    ]
    given_orders(shop, given + regulars())


@pytest.fixture
def page(stage: Stage) -> Iterator[InsightsPage]:
    with_history(stage.shop)
    yield opened(stage)
    QApplication.closeAllWindows()


def opened(stage: Stage) -> InsightsPage:
    stage.window.go_to("insights")
    stage.settle()
    found = stage.window.frame.page("insights")
    assert isinstance(found, InsightsPage)
    return found


def chart(stage: Stage, key: str) -> Chart:
    return stage.find(Chart, f"{names.CHART}_{key}")


def tile(stage: Stage, key: str) -> FigureTile:
    return stage.find(FigureTile, f"{names.INSIGHT_TILE}_{key}")


def listed(stage: Stage) -> int:
    """How many the customers page lists now; then back."""
    stage.settle()
    current = stage.window.frame.current
    assert current is not None
    assert current.key == "customers"
    count = len(stage.find(TableView, names.CUSTOMER_TABLE).paged.ids)
    (chip,) = [one for one in stage.window.findChildren(QPushButton) if one.isChecked() and one.isVisible()
               and one.objectName().startswith(names.CUSTOMER_VIEWS)]  # fmt: skip
    assert chip.text().endswith(f" {count:,}")
    stage.window.go_to("insights")
    stage.settle()
    return count


def purchases(stage: Stage) -> dict[str, int]:
    """How many purchases each list of the open dialog holds; then it is closed."""
    stage.settle()
    (dialog,) = [one for one in stage.window.findChildren(PurchaseList) if one.isVisible()]
    found = {}
    table = dialog.findChild(TableView, names.PURCHASE_TABLE)
    assert table is not None
    for key in dialog._views:
        dialog._choose(key)
        found[key] = len(table.paged.ids)
        assert dialog._found[key].sums.purchases == found[key]
        words = dialog.findChild(Text, "purchase_sums")
        assert words is not None
        assert stage.window.ctx.money(dialog._found[key].sums.net) in words.text()
    dismiss(stage, dialog)
    return found


def dismiss(stage: Stage, dialog: QDialog) -> None:
    dialog.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # Without a screen no window manager gives the keyboard back.
    stage.window.activateWindow()
    stage.bot.waitUntil(lambda: QApplication.activeWindow() is stage.window)
    stage.settle()


@pytest.mark.parametrize("months", MONTHS)
def test_every_number_is_the_length_of_the_list_it_opens(stage: Stage, page: InsightsPage, months: int) -> None:
    hands = Counting(stage)
    page.show_months(months)
    stage.settle()
    answer = page._answer
    assert answer is not None
    found = answer.found
    assert found.new.purchases
    assert found.returning.purchases

    # Tiles: the number on the tile, then Enter.
    def enter(key: str) -> None:
        tile(stage, key).setFocus()
        hands.key(Qt.Key.Key_Return)

    rate = found.headline.now
    if rate.whole:
        assert say.of_customers(rate) in tile(stage, "rate").accessibleName()
    enter("rate")
    assert listed(stage) == rate.part
    assert say.people(answer.due.customers) in tile(stage, "due").accessibleName()
    enter("due")
    assert listed(stage) == answer.due.customers > 0
    orders = found.orders.now
    assert say.of_purchases(orders) in tile(stage, "orders").accessibleName()
    for key in ("orders", "revenue", "basket"):
        enter(key)
        assert purchases(stage) == {"returning": orders.part, "new": orders.whole - orders.part}
    assert found.revenue.now == (found.returning.net, found.new.net + found.returning.net)

    # Charts: every mark that opens.
    expected: dict[str, dict[object, int]] = {
        "cohorts": {
            (line.month, later): count for line in found.triangle for later, count in enumerate((line.size, *line.back))
        },
        "regions": {line.name: line.buyers for line in found.regions},
        "rates": {
            **{("cohort", days): one.part for days, one in found.cohorts.items()},
            ("period", 0): found.period.part,
            **{("step", n): one.part for n, one in enumerate(found.steps, 1)},
        },
        "states": dict(zip(STATES, found.states, strict=True)),
        "churn": {line.month: line.rate.part for line in found.churn},
    }
    expected["regions"]["elsewhere"] = expected["regions"].pop("Ontario", 0)
    assert sum(expected["regions"].values()) == found.period.whole
    for key, counts in expected.items():
        marks = [mark for mark in chart(stage, key).marks if mark.opens]
        assert marks
        for mark in marks[:: 1 + len(marks) // 5]:
            chart(stage, key).opened.emit(mark.key)
            assert listed(stage) == counts[mark.key] > 0, (key, mark)
    by_month = {
        (line.month, kind): sums.purchases
        for line in found.by_month
        for kind, sums in (("new", line.new), ("returning", line.returning))
    }
    assert sum(by_month.values()) == orders.whole
    counts_of: dict[str, dict[object, int]] = {
        "months": dict(by_month.items()),
        "nth": {number: sums.purchases for number, sums in enumerate(found.nth, 1)},
        "curve": {point.days: point.purchases for point in found.curve},
    }
    for key, counts in counts_of.items():
        marks = [mark for mark in chart(stage, key).marks if mark.opens]
        assert marks
        for mark in marks[:: 1 + len(marks) // 4]:
            chart(stage, key).opened.emit(mark.key)
            assert purchases(stage) == {"all": counts[mark.key]}, (key, mark)


def test_repurchase_of_a_province_lists_those_who_came_twice(stage: Stage, page: InsightsPage) -> None:
    Counting(stage).click(f"{names.INSIGHT_REGION}_again")
    answer = page._answer
    assert answer is not None
    wanted = {line.name: line.again.part for line in answer.found.regions}
    assert wanted["浙江"] < next(line.buyers for line in answer.found.regions if line.name == "浙江")
    chart(stage, "regions").opened.emit("浙江")
    assert listed(stage) == wanted["浙江"]
    assert page.remember() == {"months": 12, "by": "again"}


def test_arrows_go_over_a_chart_say_each_value_and_enter_opens(stage: Stage, page: InsightsPage) -> None:
    assert page.isVisible()
    hands, bars = Counting(stage), chart(stage, "months")
    bars.setFocus(Qt.FocusReason.TabFocusReason)
    hands.key(Qt.Key.Key_End)
    last = bars.current
    assert last is not None
    assert last.text in bars.accessibleName()
    hands.key(Qt.Key.Key_Left)
    before = bars.current
    assert before is not None
    assert before.key == (last.key[0] - 1, "new")  # type: ignore[index]  # (month, kind)
    hands.key(Qt.Key.Key_Down)
    below = bars.current
    assert below is not None
    assert below.key == (last.key[0] - 1, "returning")  # type: ignore[index]
    hands.key(Qt.Key.Key_Return)
    assert sum(purchases(stage).values()) > 0


def test_the_mouse_opens_what_it_points_at(stage: Stage, page: InsightsPage) -> None:
    assert page.isVisible()
    strip = chart(stage, "states")
    at = strip.rect_of("lost").center().toPoint()
    QTest.mouseMove(strip, at + QPoint(1, 0))
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at)
    answer = page._answer
    assert answer is not None
    assert listed(stage) == answer.found.states[2]


def test_a_purchase_opens_its_customer_and_the_list_follows_the_shop(stage: Stage, page: InsightsPage) -> None:
    hands = Counting(stage)
    page.open_figure("orders")
    stage.settle()
    (dialog,) = stage.window.findChildren(PurchaseList)
    table = dialog.findChild(TableView, names.PURCHASE_TABLE)
    assert table is not None
    before = len(table.paged.ids)
    given_orders(stage.shop, [order("2899000000000001", "regular_00", TODAY, 100)])
    stage.bot.waitUntil(lambda: len(table.paged.ids) == before + 1)
    dialog.grab()
    stage.settle()
    row = table.paged.row(0)
    assert (row.day, row.number, row.net) == (TODAY, 5, 100) if row else False
    wanted: list[tuple[str, object]] = []
    stage.window.ctx.page_wanted.connect(lambda key, target: wanted.append((key, target)))
    table.go_to(0)
    table.setFocus()
    hands.key(Qt.Key.Key_Return)
    assert row is not None
    assert wanted == [("desk", row.customer)]


def test_each_figure_says_how_it_is_counted(stage: Stage, page: InsightsPage) -> None:
    hands = Counting(stage)
    hands.click(f"{names.INSIGHT_WHY}_rate")
    (note,) = [one for one in stage.window.findChildren(Popover) if one.isVisible()]
    assert "180" in note.accessibleName()
    QTest.keyClick(note, Qt.Key.Key_Escape)
    assert not note.isVisible()
    assert page.isVisible()


def test_table_picture_and_workbook_hold_the_numbers(stage: Stage, page: InsightsPage, tmp_path: Path) -> None:
    hands, answer = Counting(stage), page._answer
    assert answer is not None
    card = page._charts.cards["months"]
    card.show_table()
    stage.settle()
    (dialog,) = stage.window.findChildren(FigureTable)
    table = dialog.findChild(TableView, names.FIGURE_ROWS)
    assert table is not None
    assert len(table.paged.ids) == 12
    assert [column.text(table.paged.row(11)) for column in table.paged.columns][:2] == [
        "2026-11", f"{answer.found.by_month[-1].new.purchases}",
    ]  # fmt: skip
    dismiss(stage, dialog)
    assert card.picture().width() == card.width() * 2
    with dialogs_of_qt():
        card.save_picture()
        hands.save(tmp_path / "months.png")
        stage.window.activateWindow()
        stage.bot.waitUntil(lambda: QApplication.activeWindow() is stage.window)
        tile(stage, "rate").setFocus()
        hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        hands.save(tmp_path / "all.xlsx")
    assert (tmp_path / "months.png").read_bytes().startswith(b"\x89PNG")
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    assert len(book.worksheets) == 9
    months = book.worksheets[1]
    assert months["A1"].value == i18n._("Purchases of new and returning customers")
    assert [row[0] for row in months.iter_rows(min_row=5, values_only=True)][-1] == "2026-11"
    assert months["D5"].number_format == "0.0%"
    new = sum(int(str(row[1])) for row in months.iter_rows(min_row=5, values_only=True))
    assert new == answer.found.new.purchases


def test_the_months_chosen_survive_a_change_of_language(stage: Stage, page: InsightsPage) -> None:
    hands = Counting(stage)
    page.show_months(3)
    stage.settle()
    assert hands.keys == 0
    assert len(chart(stage, "months").marks) == 6
    page.show_months(24)
    page.restore({"months": 3, "by": "revenue"})
    stage.settle()
    assert page.remember() == {"months": 3, "by": "revenue"}


def test_an_empty_shop_offers_to_fill_it(qtbot: QtBot, dressed: theme.Theme, tmp_path: Path) -> None:
    assert dressed.name == "light"
    shop = new_shop(tmp_path / "empty")
    stage = make_stage(qtbot, shop)
    page = opened(stage)
    assert stage.find(QWidget, names.EMPTY_IMPORT).isVisible()
    first = page.first_focus()
    assert first is not None
    assert first.objectName() == names.EMPTY_IMPORT
    stage.end()
    shop.close()


def test_little_history_says_so(stage: Stage) -> None:
    page = opened(stage)
    assert "180" in tile(stage, "rate").remark
    assert page._answer is not None
    assert page._answer.found.headline.now.whole == 0


def test_the_window_stands_without_the_chart_library() -> None:
    program = "import sys, shopcrm.ui.window, shopcrm.ui.pages.insights\nassert 'pyqtgraph' not in sys.modules\n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
