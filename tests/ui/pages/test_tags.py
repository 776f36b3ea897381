from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu

from shopcrm.collect import tags
from shopcrm.ui import names
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.pages.tags import TagsPage
from tests.ui.conftest import Stage
from tests.ui.pages.test_customers import CTRL, field_in, press, type_in
from tests.ui.people import Counting, shown, to_front

TABLE = f"{names.TAGS}_table"


@pytest.fixture
def page(stage: Stage) -> TagsPage:
    with stage.shop.write() as tx:
        tags.put(tx, [1, 2, 3], name="<b>VIP</b> 😀")
        tags.put(tx, [2], name="团长")
    stage.window.go_to("tags")
    stage.settle()
    found = stage.window.frame.page("tags")
    assert isinstance(found, TagsPage)
    return found


def kept(stage: Stage) -> dict[str, tuple[int, str | None, str | None]]:
    with stage.shop.read() as tx:
        return {tag.name: (tag.customers, tag.colour, tag.group) for tag in tags.all_tags(tx)}


def choose(stage: Stage, name: str) -> None:
    view = stage.find(TableView, TABLE)
    with stage.shop.read() as tx:
        view.select_id(next(tag.id for tag in tags.all_tags(tx) if tag.name == name))
    view.setFocus()


def test_a_tag_is_renamed_grouped_merged_and_removed_by_keyboard_and_all_comes_back(
    stage: Stage, page: TagsPage
) -> None:
    hands = Counting(stage)
    before = kept(stage)
    choose(stage, "团长")
    hands.key(Qt.Key.Key_F2)
    type_in(stage, names.NAME, "宝妈群")
    press(stage, names.NAME, Qt.Key.Key_Return)
    edit, error = field_in(names.NAME, names.NAME_EDIT), field_in(names.NAME, f"{names.NAME}_error")
    assert isinstance(error, QLabel)
    assert error.isVisible()
    assert "宝妈群" in error.text()  # there is one that is called so
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    type_in(stage, names.NAME, "群主")
    press(stage, names.NAME, Qt.Key.Key_Return)
    assert kept(stage)["群主"] == (1, None, None)
    choose(stage, "群主")
    hands.key(Qt.Key.Key_G, CTRL)
    type_in(stage, names.NAME, "来路")
    press(stage, names.NAME, Qt.Key.Key_Return)
    assert kept(stage)["群主"] == (1, None, "来路")
    choose(stage, "群主")
    hands.key(Qt.Key.Key_M, CTRL)
    type_in(stage, names.NAME, "宝妈群")
    press(stage, names.NAME, Qt.Key.Key_Return)
    assert {name: count for name, (count, *_rest) in kept(stage).items()} == {"<b>VIP</b> 😀": 3, "宝妈群": 2}
    choose(stage, "宝妈群")
    hands.key(Qt.Key.Key_Delete)
    assert set(kept(stage)) == {"<b>VIP</b> 😀"}
    for _ in range(4):
        hands.key(Qt.Key.Key_Z, CTRL)
    assert kept(stage) == before
    assert page.isVisible()


def test_a_colour_is_chosen_by_its_name(stage: Stage, page: TagsPage) -> None:
    choose(stage, "团长")
    hands = Counting(stage)
    hands.key(Qt.Key.Key_L, CTRL)
    menu = page.findChild(QMenu, f"{names.TAGS}_colour_menu")
    assert menu is not None
    assert [action.text() for action in menu.actions()][:3] == ["灰", "红", "橙"]
    menu.actions()[1].trigger()
    menu.close()
    to_front(stage)
    stage.settle()
    assert kept(stage)["团长"] == (1, "red", None)


def test_how_many_wear_it_opens_the_list_of_them(stage: Stage, page: TagsPage) -> None:
    assert page.isVisible()
    choose(stage, "<b>VIP</b> 😀")
    hands = Counting(stage)
    hands.key(Qt.Key.Key_Return)
    assert sorted(stage.find(TableView, names.CUSTOMER_TABLE).paged.ids.tolist()) == [1, 2, 3]
    (chip,) = shown(stage, f"{names.CUSTOMER_VIEWS}_listing")
    assert chip.accessibleName() == "<b>VIP</b> 😀 3"


def test_without_a_tag_the_page_says_what_will_be_here(stage: Stage) -> None:
    with stage.shop.write() as tx:
        tags.remove(tx, 1)
    stage.window.go_to("tags")
    stage.settle()
    (button,) = shown(stage, f"{names.TAGS}_first")
    assert button is QApplication.focusWidget()
    Counting(stage).key(Qt.Key.Key_Return)
    type_in(stage, names.NAME, "新的")
    press(stage, names.NAME, Qt.Key.Key_Return)
    assert kept(stage) == {"新的": (0, None, None)}
