from __future__ import annotations

import csv
import time
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QDir, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from shopcrm.base.options import TRADE
from shopcrm.base.progress import Progress
from shopcrm.collect import attribute_list, attributes, mapping_file, settings
from shopcrm.collect.attribute_list import Draft
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner, StatTile
from shopcrm.ui.kit.choice import KEY, Choice
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.data import DataPage
from tests.builders import content
from tests.ui.conftest import Stage
from tests.ui.people import Counting, dialogs_of_qt, shown

HEADER = ["订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单创建时间", "订单付款时间", "宝贝标题"]
SHORTENED = "1.93068E+15"


def line(number: str, nick: str, *, paid: str = "168.00", state: str = "交易成功") -> list[str]:
    return [number, nick, paid, state, "2026-11-15 09:30:12", "2026-11-15 09:31:00", "虚构小木马"]


MAPPING = """
platform = "corner_shop"
label = "Corner shop"

[columns]
number = "Bestellung"
buyer_id = "Kunde"
order_total = "Betrag"
created_at = "Tag"

[amounts]
rule = "repeated"

[states]
default = "finished"
"""
ROWS = [
    line('="2611150930004821"', "qing_zhou"),
    line("2611151002007730", "yinuo_invented"),
    line(SHORTENED, "wutong_invented"),
    line("2611151744009012", "=cmd|' /C calc'!A0"),
]


def write(path: Path, rows: list[list[str]], *, header: list[str] = HEADER) -> Path:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return write(tmp_path / "ExportOrderList202611221015.csv", ROWS)


@pytest.fixture
def page(stage: Stage) -> DataPage:
    stage.window.go_to("data")
    stage.settle()
    found = stage.window.frame.page("data")
    assert isinstance(found, DataPage)
    return found


def drop(stage: Stage, *paths: Path) -> None:
    """Let files fall on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    about = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(stage.window, QDragEnterEvent(QPointF(200, 200).toPoint(), *about))
    QApplication.sendEvent(stage.window, QDropEvent(QPointF(200, 200), *about))
    stage.settle()


def counters(stage: Stage) -> list[int]:
    """The figures of the preview: new, changed, same, with a problem."""
    told = ("import_new", "import_changed", "import_same", "import_problems")
    return [int(stage.find(StatTile, name).accessibleName().split()[1]) for name in told]


def notices(stage: Stage) -> list[str]:
    return [banner.text.text() for banner in stage.window.findChildren(Banner) if banner.isVisible()]


def test_a_known_file_is_in_after_a_drop_and_one_click_and_out_after_another(stage: Stage, orders: Path) -> None:
    before, hands = content(stage.shop), Counting(stage)
    drop(stage, orders)
    assert counters(stage) == [3, 0, 0, 1]
    hands.click(names.IMPORT_START)
    assert hands.clicks == 1
    assert hands.keys == 0
    assert len(stage.shop.columns()) == 44  # qing_zhou was there
    assert shown(stage, names.IMPORT_RESULT)
    hands.click(names.TOAST_UNDO)
    assert content(stage.shop) == before
    assert not shown(stage, names.IMPORT_RESULT)


def test_u_takes_the_import_back_from_the_button_the_page_opens_on(stage: Stage, page: DataPage, orders: Path) -> None:
    before, hands = content(stage.shop), Counting(stage)
    drop(stage, orders)
    hands.click(names.IMPORT_START)
    stage.window.go_to("desk")
    stage.window.go_to("data")
    stage.settle()
    first = page.first_focus()
    assert first is not None
    first.setFocus()
    hands.key(Qt.Key.Key_U)
    assert content(stage.shop) == before


def test_the_preview_writes_nothing_and_escape_leaves_nothing_behind(
    stage: Stage, page: DataPage, orders: Path
) -> None:
    before, hands = content(stage.shop), Counting(stage)
    drop(stage, orders)
    assert stage.find(Button, names.IMPORT_START).text() == "导入 3 行"
    assert list(stage.shop.home.staging.iterdir())
    hands.key(Qt.Key.Key_Escape)
    assert content(stage.shop) == before
    assert not list(stage.shop.home.staging.iterdir())
    assert shown(stage, names.IMPORT_DROP)
    assert page.remember()["looked"] is None


def test_problem_rows_are_told_in_words_shown_and_saved_as_a_file(
    stage: Stage, page: DataPage, orders: Path, tmp_path: Path
) -> None:
    hands = Counting(stage)
    drop(stage, orders)
    (told,) = notices(stage)
    assert SHORTENED in told
    hands.click(f"{names.IMPORT_PROBLEM_ROWS}_shortened_number")
    view = stage.find(TableView, names.IMPORT_TABLE)
    (row,) = (view.paged.row(place) for place in range(view.paged.rowCount()))
    assert row is not None
    assert (row.row, row.status, row.problem_columns) == (4, "problem", ("订单编号",))
    number = next(column for column in view.paged.columns if column.title == "订单编号")
    assert number.ground is not None
    assert (number.ground(row), number.text(row)) == ("bad_soft", SHORTENED)
    hands.key(Qt.Key.Key_Return)
    assert "3" in notices(stage)[0]
    with dialogs_of_qt():
        hands.click(names.IMPORT_REJECTS)
        hands.save(tmp_path / "rejects.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "rejects.xlsx").worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["wutong_invented"]
    assert SHORTENED in str(rows[1][-1])
    assert page.isVisible()


def test_a_counter_opens_to_its_rows(stage: Stage, page: DataPage, orders: Path) -> None:
    hands, view = Counting(stage), stage.find(TableView, names.IMPORT_TABLE)
    drop(stage, orders)
    for name, status, count in (("import_new", "new", 3), ("import_problems", "problem", 1)):
        card = stage.find(QWidget, f"{name}_card")
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
        rows = [view.paged.row(place) for place in range(view.paged.rowCount())]
        assert [row.status for row in rows if row is not None] == [status] * count
        card.setFocus()
        hands.key(Qt.Key.Key_Return)  # closes it again
        assert view.paged.rowCount() == 4
    assert page.isVisible()


def test_enter_on_another_button_does_not_import(stage: Stage, page: DataPage, orders: Path) -> None:
    before, hands = content(stage.shop), Counting(stage)
    drop(stage, orders)
    (show,) = shown(stage, f"{names.IMPORT_PROBLEM_ROWS}_shortened_number")
    show.setFocus()
    hands.key(Qt.Key.Key_Return)
    assert stage.find(TableView, names.IMPORT_TABLE).paged.rowCount() == 1
    stage.find(Button, names.IMPORT_CANCEL).setFocus()
    hands.key(Qt.Key.Key_Return)
    assert content(stage.shop) == before
    assert shown(stage, names.IMPORT_DROP)
    assert page.isVisible()


def test_each_kind_of_problem_opens_and_closes_and_the_keyboard_goes_on(
    stage: Stage, page: DataPage, tmp_path: Path
) -> None:
    rows = [*ROWS, line("2611151744009013", "lele_invented", paid="九十块"), line("2611151744009014", "mei_invented")]
    rows[-1][4] = "昨天"
    before, hands = content(stage.shop), Counting(stage)
    drop(stage, write(tmp_path / "orders.csv", rows))
    view = stage.find(TableView, names.IMPORT_TABLE)
    for code in ("shortened_number", "bad_amount", "bad_date"):
        name = f"{names.IMPORT_PROBLEM_ROWS}_{code}"
        words = stage.find(Button, name).text()
        hands.click(name)
        assert view.paged.rowCount() == 1
        assert stage.find(Button, name).text() != words
        hands.click(name)
        assert (view.paged.rowCount(), stage.find(Button, name).text()) == (len(rows), words)
    hands.key(Qt.Key.Key_Return)
    assert content(stage.shop) != before
    assert QApplication.focusWidget() is stage.find(QWidget, names.IMPORT_HISTORY)
    hands.key(Qt.Key.Key_U)
    assert content(stage.shop) == before
    assert page.isVisible()


def test_a_file_imported_again_is_all_the_same(stage: Stage, orders: Path) -> None:
    hands = Counting(stage)
    for _ in range(2):
        drop(stage, orders)
        hands.key(Qt.Key.Key_Return)
    drop(stage, orders)
    assert counters(stage) == [0, 0, 3, 1]


def test_several_files_are_one_batch_with_a_tab_each_and_one_undo(
    stage: Stage, page: DataPage, orders: Path, tmp_path: Path
) -> None:
    before, hands = content(stage.shop), Counting(stage)
    second = write(tmp_path / "ExportOrderList202611221200.csv", [line("2611160930001111", "he_invented")])
    drop(stage, orders, second)
    hands.click(f"{names.IMPORT_FILES}_1")
    assert counters(stage) == [1, 0, 0, 0]
    hands.click(names.IMPORT_START)
    assert len(stage.shop.columns()) == 45
    history = stage.find(TableView, names.IMPORT_HISTORY)
    assert history.paged.rowCount() == 2
    history.setFocus()
    hands.key(Qt.Key.Key_U)
    assert content(stage.shop) == before
    newest = history.paged.row(0)
    assert newest is not None
    assert newest.undone_at is not None
    assert not stage.find(Button, names.IMPORT_HISTORY_UNDO).isEnabled()
    assert page.isVisible()


TILL = ["Bestellung", "Kunde", "Betrag", "Tag", "Stand"]


def test_an_unknown_layout_names_its_headers_and_comes_in_by_a_mapping_file(
    stage: Stage, page: DataPage, tmp_path: Path
) -> None:
    file = write(tmp_path / "sales.csv", [["A1", "anna_invented", "12.50", "2026-11-02"]], header=TILL[:4])
    mapping = tmp_path / "sales.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    hands, before = Counting(stage), len(stage.shop.columns())
    drop(stage, file)
    (told,) = notices(stage)
    assert "sales.csv" in told
    assert "Bestellung" in told
    assert QApplication.focusWidget() in shown(stage, names.IMPORT_SAY)
    with dialogs_of_qt():
        hands.click(names.IMPORT_MAPPING)
        dialog = stage.find(QFileDialog, names.OPEN_DIALOG)
        dialog.filesSelected.emit([str(mapping)])
        dialog.reject()
        stage.window.activateWindow()
        stage.settle()
    assert counters(stage) == [1, 0, 0, 0]
    hands.click(names.IMPORT_START)
    assert len(stage.shop.columns()) == before + 1
    assert page.isVisible()


def choose(hands: Counting, stage: Stage, name: str, key: str) -> None:
    """Choose in a field as a hand does: a click opens it, another takes the line."""
    field = stage.find(Choice, name)
    field.showPopup()
    place = field.findData(key, KEY)
    assert place >= 0, key
    view = field.view()
    view.scrollTo(view.model().index(place, 0))
    at = view.visualRect(view.model().index(place, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    hands.clicks += 2
    stage.settle()
    assert field.key() == key


def trial_lines(stage: Stage) -> list[list[str]]:
    """What the preview of the editor shows: number, day, buyer, paid, state."""
    view = stage.find(TableView, names.MAPPING_TABLE)
    shown = [column for column in view.paged.columns if column.key in ("number", "day", "buyer", "paid", "state")]
    return [[column.text(view.paged.row(place)) for column in shown] for place in range(view.paged.rowCount())]


def test_an_unknown_table_is_in_after_ten_clicks_and_the_next_after_one(
    stage: Stage, page: DataPage, tmp_path: Path
) -> None:
    rows = [
        ["A-001", "anna_invented", "12,50", "02/03/2026", "erledigt"],
        ["A-002", "ben_invented", "1.007,00", "03/03/2026", "Abholung"],
        ["A-003", "=cem_invented", "9,00", "99/03/2026", "erledigt"],
    ]
    file = write(tmp_path / "Kasse 2026-03.csv", rows, header=TILL)
    hands, before = Counting(stage), content(stage.shop)
    drop(stage, file)
    hands.click(names.IMPORT_SAY)
    # Guessed; the words under the table's name, the dates and the cents as well.
    assert trial_lines(stage) == [
        ["A-001", "2026-03-02", "anna_invented", "¥12.50", "已完成"],
        ["A-002", "2026-03-03", "ben_invented", "¥1,007.00", "已付款"],
        ["A-003", "99/03/2026", "=cem_invented", "9,00", "erledigt"],
    ]
    choose(hands, stage, f"{names.MAPPING_FIELD}_1", "buyer_id")
    choose(hands, stage, f"{names.MAPPING_STATE}_1", "finished")
    choose(hands, stage, names.MAPPING_DATES, "month_first")
    assert [line[1] for line in trial_lines(stage)] == ["2026-02-03", "2026-03-03", "99/03/2026"]
    assert content(stage.shop) == before
    hands.click(names.MAPPING_DONE)
    assert counters(stage) == [2, 0, 0, 1]
    hands.click(names.IMPORT_START)
    assert (hands.clicks, hands.keys) == (9, 0)
    assert len(stage.shop.columns()) == 44
    with stage.shop.read() as tx:
        states = tx.connection.exec_driver_sql("SELECT number, state FROM orders WHERE number LIKE 'A-%'").all()
    assert sorted(map(tuple, states)) == [("A-001", "finished"), ("A-002", "finished")]

    again = Counting(stage)
    drop(
        stage,
        write(
            tmp_path / "Kasse 2026-04.csv", [rows[0], ["A-004", "anna_invented", "1,00", "02/04/2026", ""]], header=TILL
        ),
    )
    assert counters(stage) == [1, 0, 1, 0]
    (change,) = (one for one in stage.window.findChildren(Button, names.IMPORT_MAPPING) if one.isVisible())
    assert "按你" in change.text()
    assert stage.find(QWidget, "import_platform").accessibleName().startswith("Kasse")
    again.click(names.IMPORT_START)
    assert (again.clicks, again.keys) == (1, 0)
    assert page.isVisible()


def test_what_was_said_is_changed_or_forgotten_from_the_preview(stage: Stage, page: DataPage, tmp_path: Path) -> None:
    file = write(tmp_path / "Kasse.csv", [["A-1", "anna", "12,50", "2026-11-02", ""]], header=TILL)
    hands = Counting(stage)
    drop(stage, file)
    hands.click(names.IMPORT_SAY)
    hands.key(Qt.Key.Key_Return)  # the button that goes on has the keyboard
    hands.click(names.IMPORT_MAPPING)
    assert stage.find(LineEdit, names.MAPPING_LABEL).text() == "Kasse"
    hands.key(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is stage.find(QWidget, names.IMPORT_START)
    visible = next(one for one in stage.window.findChildren(Button, names.IMPORT_MAPPING) if one.isVisible())
    visible.click()
    stage.settle()
    hands.click(names.MAPPING_FORGET)
    assert shown(stage, names.IMPORT_SAY)
    hands.click(names.TOAST_UNDO)
    drop(stage, file)
    assert counters(stage) == [1, 0, 0, 0]
    assert page.isVisible()


def test_what_is_missing_is_asked_and_a_mapping_is_saved_for_the_command_line(
    stage: Stage, page: DataPage, tmp_path: Path
) -> None:
    file = write(tmp_path / "t.csv", [["x y", "5"], ["x z", "6"]], header=["Alpha", "Beta"])
    hands = Counting(stage)
    drop(stage, file)
    hands.click(names.IMPORT_SAY)
    done = stage.find(Button, names.MAPPING_DONE)
    assert not done.isEnabled()
    asked = stage.find(Text, "mapping_ask")
    assert asked.text() == "哪一列是订单编号？"
    assert QApplication.focusWidget() is stage.find(Choice, f"{names.MAPPING_FIELD}_0")
    choose(hands, stage, f"{names.MAPPING_FIELD}_0", "number")
    assert asked.text() == "哪一列是单价或单行金额？"
    choose(hands, stage, f"{names.MAPPING_FIELD}_1", "order_total")
    assert asked.text() == ""
    assert trial_lines(stage)[0][3] == "¥5.00"
    currency = stage.find(LineEdit, names.MAPPING_CURRENCY)
    currency.setText("XQZ")
    assert not done.isEnabled()
    currency.setText("jpy")
    with dialogs_of_qt():
        hands.click(names.MAPPING_SAVE)
        hands.save(tmp_path / "t.toml")
    mapping = mapping_file.read(tmp_path / "t.toml")
    assert (mapping.currency, mapping.amounts.rule, mapping.columns) == (
        "JPY", "repeated", {"number": "Alpha", "order_total": "Beta"}
    )  # fmt: skip
    assert page.isVisible()


def test_a_table_being_named_survives_another_language(stage: Stage, tmp_path: Path) -> None:
    file = write(tmp_path / "t.csv", [["x y", "5"]], header=["Alpha", "Beta"])
    hands = Counting(stage)
    drop(stage, file)
    hands.click(names.IMPORT_SAY)
    choose(hands, stage, f"{names.MAPPING_FIELD}_0", "number")
    stage.window.rebuild()
    stage.settle()
    assert stage.find(Choice, f"{names.MAPPING_FIELD}_0").key() == "number"
    hands.click(names.MAPPING_CANCEL)
    assert shown(stage, names.IMPORT_DROP)


@pytest.mark.parametrize("name", ["missing.csv", "noise.xlsx"])
def test_a_file_that_cannot_be_read_is_a_sentence_at_the_drop_zone(stage: Stage, tmp_path: Path, name: str) -> None:
    if name == "noise.xlsx":
        (tmp_path / name).write_bytes(bytes(range(256)) * 8)
    drop(stage, tmp_path / name)
    (told,) = notices(stage)
    assert name in told
    assert shown(stage, names.IMPORT_DROP)
    assert stage.find(Button, names.IMPORT_CHOOSE).isEnabled()


@pytest.mark.parametrize("by", ["a click", "Esc"])
def test_reading_is_cancelled_at_once(
    stage: Stage, page: DataPage, orders: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    def endless(_paths: object, *, progress: Progress, **_choices: object) -> None:
        while True:
            progress.report("reading", done=1, total=2)
            time.sleep(0.005)

    monkeypatch.setattr(stage.shop, "stage", endless)
    stage.window.go_to("data", [orders])
    hands = Counting(stage)
    assert stage.window.ctx.jobs.running
    assert not stage.find(Button, names.IMPORT_CHOOSE).isEnabled()
    if by == "Esc":
        hands.key(Qt.Key.Key_Escape)
    else:
        hands.click(names.PROGRESS_CANCEL)
    assert stage.find(Button, names.IMPORT_CHOOSE).isEnabled()
    assert not notices(stage)
    assert page.isVisible()


def test_the_preview_survives_another_language(stage: Stage, orders: Path) -> None:
    drop(stage, orders)
    stage.window.rebuild()
    stage.settle()
    assert counters(stage) == [3, 0, 0, 1]
    Counting(stage).click(names.IMPORT_START)
    assert len(stage.shop.columns()) == 44


def test_what_the_trade_keeps_are_columns_to_choose_at_once(stage: Stage, page: DataPage, tmp_path: Path) -> None:
    with stage.shop.write() as tx:
        settings.choose(tx, {TRADE: "clothing"})
        attributes.put(tx, {1: {"top_size": "M", "height_cm": 168}})
        own = attribute_list.add(tx, Draft("星座"))
    stage.window.go_to("desk")
    stage.window.go_to("data")
    stage.settle()
    hands = Counting(stage)
    chips = {chip.objectName().removeprefix(f"{names.EXPORT_FIELD}_"): chip for chip in page.findChildren(Button)}
    assert (chips["height_cm"].text(), chips[own].text()) == ("身高（cm）", "星座")
    for key in ("top_size", "height_cm"):
        chips[key].click()
    with dialogs_of_qt():
        hands.click(names.EXPORT_START)
        hands.save(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[-3:-1] == ["身高（cm）", "上装尺码"]
    assert ["168", "M"] in [row[-3:-1] for row in rows]


def test_a_contact_list_has_the_columns_chosen_and_they_are_remembered(
    stage: Stage, page: DataPage, tmp_path: Path
) -> None:
    hands = Counting(stage)
    for chip in page.findChildren(Button):
        key = chip.objectName().removeprefix(f"{names.EXPORT_FIELD}_")
        if chip.objectName() != key and chip.isChecked() != (key in {"name", "net_total"}):
            chip.click()
    with dialogs_of_qt():
        hands.click(names.EXPORT_START)
        hands.save(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 43
    assert rows[1][:-1] == ["林小满", "1340.00"]
    assert stage.seat.text("export_fields") == "name,net_total"


def test_what_came_from_outside_is_plain_text(stage: Stage, tmp_path: Path) -> None:
    drop(stage, write(tmp_path / "<b>bold<.csv", [line("2611150930004821", "<img src=x>")]))
    labels = stage.window.findChildren(Text)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert stage.find(QWidget, "import_file_name").accessibleName() == "<b>bold<.csv"


def test_the_dialog_for_files_speaks_the_language_throughout(stage: Stage, page: DataPage) -> None:
    with dialogs_of_qt():
        page.choose()
        dialog = stage.find(QFileDialog, names.OPEN_DIALOG)
        told = [dialog.labelText(QFileDialog.DialogLabel.LookIn), dialog.labelText(QFileDialog.DialogLabel.FileType)]
        told += dialog.nameFilters()
        assert dialog.directory() != QDir.current()
        dialog.reject()
    assert len(told) == 4
    assert not [text for text in told if text.isascii()]


def test_what_was_done_last_is_not_said_on_top_of_the_figures_of_the_work_that_runs(stage: Stage) -> None:
    stage.window.ctx.messages.toast("Undone.")
    toast, strip = stage.window.toasts.toast, stage.window.frame.strip
    assert toast is not None
    low = toast.geometry().bottom()
    strip.begin("Importing")
    stage.settle()
    assert toast.mapToGlobal(toast.rect().bottomLeft()).y() < strip.mapToGlobal(strip.rect().topLeft()).y()
    strip.end()
    stage.settle()
    assert toast.geometry().bottom() == low


def test_a_locked_workbook_asks_for_its_password_where_it_was_dropped(stage: Stage, page: DataPage) -> None:
    locked = Path(__file__).parents[2] / "data" / "locked" / "agile.xlsx"
    hands, before = Counting(stage), len(stage.shop.columns())
    drop(stage, locked)
    for typed, asked_again in (("", True), ("wrong", True), ("打开 Sesame", False)):
        (field,) = shown(stage, names.IMPORT_LOCKED)
        assert isinstance(field, LineEdit)
        assert QApplication.focusWidget() is field
        assert field.echoMode() is LineEdit.EchoMode.Password
        field.setText(typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        stage.settle()
        assert bool(shown(stage, names.IMPORT_LOCKED)) is asked_again
    assert counters(stage) == [59, 0, 0, 1]  # one number ends as if Excel had cut it
    hands.click(names.IMPORT_START)
    assert len(stage.shop.columns()) == before + 59
    assert page.isVisible()
