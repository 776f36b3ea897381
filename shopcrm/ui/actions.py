"""Actions listed as data: id, words, keys, icon. Menus, shortcuts and the key list derive from this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from shopcrm.base.i18n import N_, _


@dataclass(frozen=True)
class Action:
    """Something that can be done by a key. `page` is where it works (`""`: everywhere)."""

    key: str
    text: str
    keys: str
    page: str = ""
    icon: str = ""
    # A one-key action is caught by the widget that has the focus; it is listed here only to be shown.
    shown_only: bool = False


ACTIONS: Final = (
    Action("search", N_("Go to the search box"), "Ctrl+K", icon="search"),
    Action("undo", N_("Undo what was just done"), "Ctrl+Z", icon="undo-2"),
    Action("theme", N_("Switch between light and dark"), "Ctrl+Shift+L", icon="moon"),
    Action("larger", N_("Larger text"), "Ctrl+=", icon="a-large-small"),
    Action("smaller", N_("Smaller text"), "Ctrl+-", icon="a-large-small"),
    Action("import", N_("Import a file"), "Ctrl+O", icon="upload"),
    Action("rule", N_("Change the rule of the groups"), "Ctrl+Shift+R", icon="sliders-horizontal"),
    Action("settings", N_("Open the settings"), "Ctrl+,", icon="settings"),
    Action("backups", N_("Backups: look, make, restore"), "Ctrl+Shift+B", icon="history"),
    Action("keys", N_("Show this list of keys"), "F1", icon="keyboard"),
    Action("page", N_("Open a page"), "Ctrl+1", icon="layout-grid", shown_only=True),
    Action("move", N_("Choose in the list while typing"), "Up+Down", page="desk", shown_only=True),
    Action("greeting", N_("Copy the greeting"), "Ctrl+Return", page="desk", icon="copy"),
    Action("note", N_("Write a note"), "Ctrl+N", page="desk", icon="notebook-pen"),
    Action("tag", N_("Add a tag"), "Ctrl+T", page="desk", icon="tag"),
    Action("phone", N_("Copy the phone number"), "Ctrl+P", page="desk", icon="phone"),
    Action("rename", N_("Change the name"), "F2", page="desk", icon="pencil"),
    Action("copy", N_("Copy the greeting"), "C", page="today", shown_only=True),
    Action("done", N_("Done"), "E", page="today", shown_only=True),
    Action("snooze", N_("Some days later"), "S", page="today", shown_only=True),
    Action("skip", N_("Skip"), "K", page="today", shown_only=True),
    Action("jot", N_("Write a note"), "N", page="today", shown_only=True),
    Action("reasons", N_("Show only one reason"), "F", page="today", shown_only=True),
    Action("export_due", N_("Export the list"), "Ctrl+E", page="today", shown_only=True),
    Action("choose_group", N_("Choose a group"), "Left+Right", page="segments", shown_only=True),
    Action("inspect", N_("Open the customer"), "Return", page="segments", shown_only=True),
    Action("to_desk", N_("Open at the desk"), "Ctrl+Return", page="segments", shown_only=True),
    Action("export_group", N_("Export the list"), "Ctrl+E", page="segments", shown_only=True),
    Action("mark", N_("Check or uncheck the row"), "Space", page="customers", shown_only=True),
    Action("open", N_("Open the customer"), "Return", page="customers", shown_only=True),
    Action("export", N_("Export the list"), "Ctrl+E", page="customers", shown_only=True),
    Action("scripts", N_("Find a script and copy it"), "/", page="desk", icon="message-square-text"),
    Action("copy_script", N_("Copy the script, filled"), "Return", page="scripts", shown_only=True),
    Action("new_script", N_("New script"), "Ctrl+N", page="scripts", icon="plus"),
    Action("edit_script", N_("Change the script"), "F2", page="scripts", icon="pencil"),
    Action("double_script", N_("Duplicate the script"), "Ctrl+D", page="scripts", icon="copy-plus"),
    Action("remove_script", N_("Remove the script"), "Delete", page="scripts", shown_only=True),
    Action("save_script", N_("Keep the changes"), "Ctrl+Return", page="scripts", shown_only=True),
)


def matching(text: str) -> list[Action]:
    """The actions that can be done anywhere and whose words hold the text: the search box runs them too."""
    wanted = text.casefold().strip()
    if len(wanted) < 2 and wanted.isascii():
        return []
    offered = (action for action in ACTIONS if not action.shown_only and not action.page and action.key != "search")
    return [action for action in offered if wanted in _(action.text).casefold()]


def install(owner: QWidget, handlers: dict[str, Callable[[], None]], *, page: str = "") -> list[QObject]:
    """Give the actions of a page (or of the whole window) to a widget, as shortcuts."""
    shortcuts: list[QObject] = []
    for action in ACTIONS:
        if action.shown_only or action.page != page or action.key not in handlers:
            continue
        shortcut = QShortcut(QKeySequence(action.keys), owner)
        # Of a page: only while the page is seen, wherever the focus is (it stays in the search box).
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(handlers[action.key])
        shortcuts.append(shortcut)
    return shortcuts
