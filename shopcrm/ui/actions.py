"""Actions listed as data: id, words, keys, icon, where and when. Shortcuts, palette and key list derive from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from shopcrm.base.i18n import N_


@dataclass(frozen=True)
class Action:
    """Something that can be done. `page` is where it works (`""`: everywhere), `when` what it needs besides."""

    key: str
    text: str
    keys: str = ""
    page: str = ""
    icon: str = ""
    # A condition by name; whoever installs the action answers it.
    when: str = ""
    # Its key is caught by the widget that has the focus, or by the page; it is listed here to be shown and found.
    shown_only: bool = False
    # Moving in a list is nothing that one looks for.
    findable: bool = True
    # Other keys that do the same, known from other programs; not shown.
    also: tuple[str, ...] = ()


ACTIONS: Final = (
    Action("search", N_("Go to the search box"), "Ctrl+K", icon="search", findable=False),
    Action("undo", N_("Undo what was just done"), "Ctrl+Z", icon="undo-2", when="undo"),
    Action("redo", N_("Do again what was undone"), "Ctrl+Shift+Z", icon="redo-2", when="redo", also=("Ctrl+Y",)),
    Action("import", N_("Import a file"), "Ctrl+O", icon="upload"),
    Action("rule", N_("Change the rule of the groups"), "Ctrl+Shift+R", icon="sliders-horizontal"),
    Action("settings", N_("Open the settings"), "Ctrl+,", icon="settings"),
    Action("backups", N_("Backups: look, make, restore"), "Ctrl+Shift+B", icon="history"),
    Action("new_order", N_("New order"), "Ctrl+Shift+O", icon="plus"),
    Action("new_customer", N_("New customer"), "Ctrl+Shift+U", icon="plus"),
    Action("products", N_("Products: what is sold, and what is kept of it"), icon="package"),
    Action("who", N_("Who is who: make two customers one, orders without a buyer"), icon="users"),
    Action("tags", N_("Tags: colours, groups, rename, merge"), icon="tags"),
    Action("parcels", N_("Parcels: late, stuck, not sent, and how long they take"), icon="package"),
    Action("reviews", N_("Reviews: read them, choose good ones for display"), icon="star"),
    Action("keys", N_("Show this list of keys"), "F1", icon="keyboard"),
    Action("page", N_("Open a page"), "Ctrl+1", icon="layout-grid", shown_only=True, findable=False),
    Action("panel", N_("Side panel beside a chat"), "Ctrl+Shift+P", icon="panel-right", when="shop"),
    Action("back_up", N_("Back up now"), icon="database-backup", when="idle"),
    Action("theme", N_("Switch between light and dark"), "Ctrl+Shift+L", icon="moon"),
    Action("larger", N_("Larger text"), "Ctrl+=", icon="a-large-small", also=("Ctrl++",)),
    Action("smaller", N_("Smaller text"), "Ctrl+-", icon="a-large-small"),
    Action("own_shop", N_("Open my own shop"), icon="store", when="demo"),
    Action("demo_shop", N_("Open the demo shop"), icon="store", when="own"),
    Action("delete_demo", N_("Delete the demo shop"), icon="trash-2", when="demo"),
    Action("move", N_("Choose in the list while typing"), "Up+Down", page="desk", shown_only=True, findable=False),
    Action("greeting", N_("Copy the greeting"), "Ctrl+Return", page="desk", icon="copy", when="card"),
    Action("note", N_("Write a note"), "Ctrl+N", page="desk", icon="notebook-pen", when="card"),
    Action("follow_up", N_("Note a follow-up"), "Ctrl+Shift+F", page="desk", icon="phone", when="card"),
    Action("wish", N_("Note what she wanted and did not buy"), "Ctrl+Shift+W", page="desk", icon="heart", when="card"),
    Action("attach", N_("Attach a file to a note"), "Ctrl+Shift+A", page="desk", icon="paperclip", when="card"),
    Action("history", N_("Show the next kind of the history"), "Ctrl+H", page="desk", icon="history", when="card"),
    Action("tag", N_("Add a tag"), "Ctrl+T", page="desk", icon="tag", when="card"),
    Action("phone", N_("Copy the phone number"), "Ctrl+P", page="desk", icon="phone", when="card"),
    Action("rename", N_("Change the name"), "F2", page="desk", icon="pencil", when="card"),
    Action("particulars", N_("Note what is good to know"), "Ctrl+I", page="desk", icon="user", when="card"),
    Action("trouble", N_("Mark as trouble"), "Ctrl+M", page="desk", icon="triangle-alert", when="card"),
    Action("reach", N_("Change phone, WeChat or e-mail"), "Ctrl+Shift+E", page="desk", icon="at-sign", when="card"),
    Action("address", N_("Add an address"), "Ctrl+Shift+D", page="desk", icon="map-pin", when="card"),
    Action("person", N_("Note who she is: gender, age, work"), page="desk", icon="user", when="card"),
    Action("consent", N_("Note what she agreed to"), "Ctrl+Shift+Y", page="desk", icon="bell-off", when="card"),
    Action("scripts", N_("Find a script and copy it"), "/", page="desk", icon="message-square-text", when="card"),
    Action(
        "script_answered", N_("The script was answered"), "F6", page="desk", icon="message-square-text", when="copied"
    ),
    Action(
        "script_bought",
        N_("After the script something was bought"),
        "F7",
        page="desk",
        icon="message-square-text",
        when="copied",
    ),
    Action("script_no", N_("Nothing came of the script"), "F8", page="desk", icon="message-square-text", when="copied"),
    Action("copy", N_("Copy the greeting"), "C", page="today", icon="copy", shown_only=True),
    Action("done", N_("Done"), "E", page="today", icon="check", shown_only=True),
    Action("snooze", N_("Some days later"), "S", page="today", icon="clock", shown_only=True),
    Action("skip", N_("Skip"), "K", page="today", icon="x", shown_only=True),
    Action("jot", N_("Write a note"), "N", page="today", icon="notebook-pen", shown_only=True),
    Action("reasons", N_("Show only one reason"), "F", page="today", icon="funnel", shown_only=True),
    Action("export_due", N_("Export the list"), "Ctrl+E", page="today", icon="download", shown_only=True),
    Action("choose_group", N_("Choose a group"), "Left+Right", page="segments", shown_only=True, findable=False),
    Action("inspect", N_("Open the customer"), "Return", page="segments", shown_only=True, findable=False),
    Action("to_desk", N_("Open at the desk"), "Ctrl+Return", page="segments", shown_only=True, findable=False),
    Action("export_group", N_("Export the list"), "Ctrl+E", page="segments", icon="download", shown_only=True),
    Action(
        "sms_group",
        N_("Text messages for the list"),
        "Ctrl+Shift+E",
        page="segments",
        icon="message-square-text",
        shown_only=True,
    ),
    Action("mark", N_("Check or uncheck the row"), "Space", page="customers", shown_only=True, findable=False),
    Action("open", N_("Open the customer"), "Return", page="customers", shown_only=True, findable=False),
    Action("find", N_("Find in the list: just type"), "Ctrl+F", page="customers", shown_only=True, findable=False),
    Action("filter", N_("Add a filter"), "Ctrl+Shift+F", page="customers", icon="funnel", shown_only=True),
    Action("views", N_("Choose a view; Alt with a digit at once"), "Alt+0", page="customers", shown_only=True),
    Action("save_view", N_("Save what is shown as a view"), "Ctrl+S", page="customers", shown_only=True),
    Action("columns", N_("Choose the columns"), "Ctrl+Shift+K", page="customers", icon="columns-3", shown_only=True),
    Action("sort", N_("Sort by another column"), "Shift+Left+Right", page="customers", shown_only=True, findable=False),
    Action("turn", N_("Turn the order around"), "Shift+Up+Down", page="customers", shown_only=True, findable=False),
    Action("level", N_("Sort within it by one more"), "Shift+Space", page="customers", shown_only=True, findable=False),
    Action("fewer", N_("Sort by one less"), "Shift+Backspace", page="customers", shown_only=True, findable=False),
    Action("check_all", N_("Check all"), "Ctrl+A", page="customers", shown_only=True, findable=False),
    Action("check_none", N_("Uncheck all"), "Ctrl+Shift+A", page="customers", shown_only=True, findable=False),
    Action("invert", N_("Check what is not, uncheck what is"), "Ctrl+I", page="customers", shown_only=True),
    Action("tag_checked", N_("Put a tag on the checked"), "Ctrl+T", page="customers", shown_only=True, findable=False),
    Action("untag_checked", N_("Take a tag off the checked"), "Ctrl+Shift+T", page="customers", shown_only=True),
    Action("set_field", N_("Set a field of the checked"), "Ctrl+D", page="customers", shown_only=True),
    Action("copy_rows", N_("Copy the checked, for Excel"), "Ctrl+C", page="customers", shown_only=True),
    Action("export", N_("Export the list"), "Ctrl+E", page="customers", icon="download", shown_only=True),
    Action(
        "sms",
        N_("Text messages for the list"),
        "Ctrl+Shift+E",
        page="customers",
        icon="message-square-text",
        shown_only=True,
    ),
    Action("rename_tag", N_("Rename the tag"), "F2", page="tags", icon="pencil", shown_only=True),
    Action("paint_tag", N_("Give the tag a colour"), "Ctrl+L", page="tags", shown_only=True),
    Action("group_tag", N_("Put the tag under a group"), "Ctrl+G", page="tags", shown_only=True),
    Action("merge_tag", N_("Merge the tag into another"), "Ctrl+M", page="tags", shown_only=True),
    Action("remove_tag", N_("Remove the tag"), "Delete", page="tags", icon="trash-2", shown_only=True),
    Action("new_tag", N_("New tag"), "Ctrl+N", page="tags", icon="plus", shown_only=True),
    Action("parcel_words", N_("Copy the apology"), "C", page="parcels", icon="copy", shown_only=True),
    Action("parcel_numbers", N_("Copy the parcel numbers"), "Ctrl+C", page="parcels", icon="copy", shown_only=True),
    Action("export", N_("Export the list"), "Ctrl+E", page="parcels", icon="download", shown_only=True),
    Action("sms", N_("Text messages"), "Ctrl+Shift+E", page="parcels", icon="message-square-text", shown_only=True),
    Action("open_review", N_("Open the customer"), "Return", page="reviews", shown_only=True, findable=False),
    Action("pick_review", N_("Choose the review for display, or no longer"), "P", page="reviews", shown_only=True),
    Action("copy_reviews", N_("Copy the texts chosen for display"), "Ctrl+C", page="reviews", shown_only=True),
    Action("export_reviews", N_("Export the list"), "Ctrl+E", page="reviews", icon="download", shown_only=True),
    Action("find_review", N_("Find in the reviews"), "Ctrl+F", page="reviews", shown_only=True, findable=False),
    Action("change_review", N_("Change the review"), "F2", page="reviews", icon="pencil", shown_only=True),
    Action("merge", N_("Make one of them"), "M", page="who", icon="users", shown_only=True),
    Action("two", N_("These are two people"), "N", page="who", icon="user", shown_only=True),
    Action("skip", N_("Skip"), "S", page="who", icon="x", shown_only=True),
    Action("take_back", N_("Undo what was just done"), "U", page="who", shown_only=True, findable=False),
    Action("walk", N_("Go over the values of a chart"), "Left+Right", page="insights", shown_only=True, findable=False),
    Action("rows", N_("Open what a value stands for"), "Return", page="insights", shown_only=True, findable=False),
    Action("figures", N_("Save all figures as Excel"), "Ctrl+E", page="insights", icon="download", shown_only=True),
    Action("copy_script", N_("Copy the script, filled"), "Return", page="scripts", shown_only=True, findable=False),
    Action("new_script", N_("New script"), "Ctrl+N", page="scripts", icon="plus"),
    Action("edit_script", N_("Change the script"), "F2", page="scripts", icon="pencil"),
    Action("double_script", N_("Duplicate the script"), "Ctrl+D", page="scripts", icon="copy-plus"),
    Action("remove_script", N_("Remove the script"), "Delete", page="scripts", shown_only=True, findable=False),
    Action(
        "script_answered",
        N_("The script was answered"),
        "F6",
        page="scripts",
        icon="message-square-text",
        when="copied",
    ),
    Action(
        "script_bought",
        N_("After the script something was bought"),
        "F7",
        page="scripts",
        icon="message-square-text",
        when="copied",
    ),
    Action(
        "script_no", N_("Nothing came of the script"), "F8", page="scripts", icon="message-square-text", when="copied"
    ),
    Action("save_script", N_("Keep the changes"), "Ctrl+Return", page="scripts", shown_only=True, findable=False),
)


def keys_of(key: str, *, page: str = "") -> str:
    """The keys of an action."""
    return next(action.keys for action in ACTIONS if (action.key, action.page) == (key, page))


class Doing(QAction):
    """An action in the hands of the window or a page: its shortcut, what it does, and whether it can be done now."""

    def __init__(
        self, action: Action, owner: QWidget, handler: Callable[[], None], able: Callable[[], bool] | None
    ) -> None:
        super().__init__(owner)
        self.action = action
        self._able = able
        self.setObjectName(f"action_{action.page or 'window'}_{action.key}")
        self.setShortcuts([QKeySequence(keys) for keys in (action.keys, *action.also) if keys])
        # Of a page: only while the page is seen, wherever the focus is (it stays in the search box).
        self.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.triggered.connect(lambda: handler())  # noqa: PLW0108  # Qt would pass on whether it is checked
        owner.addAction(self)

    def able(self) -> bool:
        """Whether it can be done now."""
        return self._able is None or self._able()


def install(
    owner: QWidget,
    handlers: Mapping[str, Callable[[], None]],
    *,
    page: str = "",
    able: Mapping[str, Callable[[], bool]] | None = None,
) -> None:
    """Give the actions of a page (or of the whole window) to a widget. `able` answers their conditions."""
    for action in ACTIONS:
        if not action.shown_only and action.page == page and action.key in handlers:
            Doing(action, owner, handlers[action.key], (able or {}).get(action.when))
