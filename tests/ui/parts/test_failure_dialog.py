from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QPushButton

from shopcrm.base.errors import Cancelled
from shopcrm.ui import names
from shopcrm.ui.parts.failure_dialog import FailureDialog
from tests.ui.conftest import Stage


def fail(stage: Stage, error: Exception) -> FailureDialog:
    try:
        raise error
    except type(error) as caught:
        stage.window.ctx.messages.failure(caught)
    dialog = stage.find(FailureDialog, names.FAILURE)
    dialog.activateWindow()  # without a screen no window manager does
    stage.bot.waitUntil(lambda: QApplication.focusWidget() is not None and QApplication.activeWindow() is dialog)
    return dialog


def test_a_bugs_report_is_shown_and_copied_by_keys(stage: Stage) -> None:
    dialog = fail(stage, ValueError("林小满 13800130001"))
    shown = stage.find(QPlainTextEdit, names.FAILURE_REPORT)
    assert shown.isReadOnly()
    assert "ValueError" in shown.toPlainText()
    assert "林小满" not in shown.toPlainText()
    copy = stage.find(QPushButton, names.FAILURE_COPY)
    for _step in range(6):
        if copy.hasFocus():
            break
        QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Tab)
    assert copy.hasFocus()
    QTest.keyClick(copy, Qt.Key.Key_Return)
    (kept,) = stage.shop.home.logs.glob("crash-*.txt")
    assert QApplication.clipboard().text() == shown.toPlainText() == kept.read_text("utf-8")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_same_bug_again_does_not_flicker_and_another_one_is_shown(stage: Stage) -> None:
    errors = [ValueError(), KeyError()]
    for error in errors:
        try:
            raise error
        except (ValueError, KeyError):
            pass
    say = stage.window.ctx.messages.failure
    say(errors[0])
    first = stage.find(FailureDialog, names.FAILURE)
    say(errors[0])
    assert stage.window.findChildren(QDialog, names.FAILURE) == [first]
    say(errors[1])
    assert not first.isVisible()
    shown = [each for each in stage.window.findChildren(FailureDialog, names.FAILURE) if each.isVisible()]
    assert ["KeyError" in each.failed.report for each in shown] == [True]


def test_what_was_cancelled_is_no_failure(stage: Stage) -> None:
    stage.window.ctx.messages.failure(Cancelled())
    assert stage.window.findChild(QDialog, names.FAILURE) is None
    assert stage.window.toasts.toast is not None
