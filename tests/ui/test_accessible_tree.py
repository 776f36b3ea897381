"""What a screen reader finds: every control of every page, of the card and of the panel has a name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from shopcrm.ui.pages.registry import EVERY
from tests.ui.conftest import Stage

CONTROLS = {
    QAccessible.Role.PushButton, QAccessible.Role.ButtonMenu, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton,
    QAccessible.Role.EditableText, QAccessible.Role.ComboBox, QAccessible.Role.List, QAccessible.Role.Table,
    QAccessible.Role.Slider, QAccessible.Role.SpinBox, QAccessible.Role.PageTab, QAccessible.Role.Link,
    QAccessible.Role.MenuItem, QAccessible.Role.HotkeyField, QAccessible.Role.Tree,
}  # fmt: skip


def _walk(interface: QAccessibleInterface | None, path: str = "") -> Iterator[tuple[str, QAccessibleInterface]]:
    """Every interface of a tree that is seen, with the names of those around it."""
    if interface is None or not interface.isValid() or interface.state().invisible:
        return
    widget: QObject | None = interface.object()
    here = f"{path}/{widget.objectName() or type(widget).__name__}" if widget is not None else path
    yield here, interface
    table = interface.role() in (QAccessible.Role.Table, QAccessible.Role.List, QAccessible.Role.Tree)
    for number in range(0 if table else interface.childCount()):  # cells have tests of their own
        yield from _walk(interface.child(number), here)


def _controls(widget: QWidget) -> list[tuple[str, str]]:
    found = []
    for path, interface in _walk(QAccessible.queryAccessibleInterface(widget)):
        reached = isinstance(interface.object(), QWidget) and bool(interface.state().focusable)
        if interface.role() in CONTROLS or reached:
            found.append((path, interface.text(QAccessible.Text.Name)))
    return found


@pytest.mark.parametrize("page", [page.key for page in EVERY])
def test_every_control_of_a_page_has_a_name(stage: Stage, page: str) -> None:
    stage.window.go_to(page, 1 if page == "desk" else None)
    stage.settle()
    controls = _controls(stage.window)
    assert len(controls) > 12, "the frame alone has as many"
    assert [path for path, name in controls if not name.strip()] == []


def test_every_control_of_the_side_panel_has_a_name(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    controls = _controls(panel)
    assert len(controls) > 8
    assert [path for path, name in controls if not name.strip()] == []
