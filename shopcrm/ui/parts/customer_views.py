"""The views of the customer list: chips for the usual and the saved, a menu for all and for what is done with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from shopcrm.act import list_views
from shopcrm.act.list_views import PAGE, READY, ListView, Read
from shopcrm.base.i18n import _
from shopcrm.collect import saved_views
from shopcrm.collect.saved_views import SavedView
from shopcrm.ui import names, words
from shopcrm.ui.context import Context, Listing
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.parts.name_dialog import NameDialog

ALL: Final = "all"
DUE: Final = "due"
LISTING: Final = "listing"  # what another page's number stands for
SAVED: Final = "saved"  # then its number
ALWAYS_SHOWN: Final = "to_win_back"  # the group that is worth a look every day
_CHIPS: Final = 2  # of saved views: beside "all" and "due" a small window has room for no more
_LETTERS: Final = 14
_NUMBERED: Final = 9  # by Alt and a digit


@dataclass(frozen=True)
class Known:
    """A view that can be chosen."""

    key: str
    name: str
    view: ListView
    saved: SavedView | None = None
    gone: tuple[str, ...] = ()


class CustomerViews(QObject):
    """Holds which views there are and which is chosen; draws chips and menu."""

    chosen = Signal(str)

    def __init__(self, ctx: Context, owner: QWidget) -> None:
        super().__init__(owner)
        self._ctx, self._owner = ctx, owner
        self.chips = Choices(owner, kind="view", name=names.CUSTOMER_VIEWS)
        self.more = Button(_("Views"), owner, kind="ghost", icon="chevron-down", name=names.CUSTOMER_GROUPS)
        self.key = ALL
        self.listing: Listing | None = None
        self._saved: tuple[Known, ...] = ()
        self._counts: Mapping[str, int] = {}
        self.now: Callable[[], ListView] = ListView  # what is asked and shown, for saving
        self.chips.chosen.connect(self.chosen)
        self.more.clicked.connect(self.open_menu)

    # What there is

    def know(self, saved: Sequence[tuple[SavedView, Read]]) -> None:
        """The saved views as they are read with the fields there are."""
        self._saved = tuple(Known(f"{SAVED}_{one.id}", one.name, read.view, one, read.gone) for one, read in saved)

    def all(self) -> list[Known]:
        """Every view, as the menu lists them."""
        ready = [Known(one.key, _(one.name), one.view) for one in READY]
        groups = [Known(key, words.group(key), list_views.of_group(key)) for key in words.GROUPS]
        return [*ready, *self._saved, *groups]

    def view(self, key: str) -> Known | None:
        """A view by its key; of a listing it is the list of all."""
        if key == LISTING and self.listing is not None:
            return Known(LISTING, self.listing.title, ListView())
        return next((one for one in self.all() if one.key == key), None)

    @property
    def current(self) -> Known:
        """The view that is chosen; one that is gone is the list of all."""
        return self.view(self.key) or Known(ALL, _("All"), ListView())

    def count(self, counts: Mapping[str, int]) -> None:
        """How many each has, as far as it is known."""
        self._counts = {**self._counts, **counts}
        self.show()

    # Shown

    def _shown(self) -> list[Known]:
        """The views that are chips: all, due, what was saved first, else the group worth a look, and the chosen one."""
        keys = [ALL, DUE, *(one.key for one in self._saved[:_CHIPS])]
        keys += [] if self._saved else [ALWAYS_SHOWN]
        keys += [] if self.key in keys or self.key == LISTING else [self.key]
        keys += [LISTING] if self.listing is not None else []
        return [one for key in keys if (one := self.view(key)) is not None]

    def show(self) -> None:
        """Draw the chips."""
        shown = []
        for one in self._shown():
            name = one.name if len(one.name) <= _LETTERS else f"{one.name[: _LETTERS - 1]}…"
            name = one.name if one.key == LISTING else name
            count = self._counts.get(one.key)
            shown.append((one.key, name if count is None else f"{name} {count:,}"))
        self.chips.set_choices(shown, chosen=self.current.key)

    def open_menu(self) -> None:
        """All views, and what is done with the chosen one."""
        menu = QMenu(self._owner)
        menu.setObjectName(f"{names.CUSTOMER_GROUPS}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, one in enumerate(self.all()):
            if place in (len(READY), len(READY) + len(self._saved)) and menu.actions():
                menu.addSeparator()
            count = self._counts.get(one.key)
            text = one.name.replace("&", "&&") + ("" if count is None else f"  {count:,}")
            action = menu.addAction(f"{text}\tAlt+{place + 1}" if place < _NUMBERED else text)
            action.setCheckable(True)
            action.setChecked(one.key == self.key)
            action.triggered.connect(lambda _checked=False, key=one.key: self.chosen.emit(key))
        menu.addSeparator()
        menu.addAction(_("Save what is shown as a view…"), self.ask_save)
        if (saved := self.current.saved) is not None:
            name = saved.name.replace("&", "&&")
            menu.addAction(_("Let “{name}” be what is shown").format(name=name), lambda: self._overwrite(saved))
            menu.addAction(_("Rename “{name}”…").format(name=name), lambda: self._ask_rename(saved))
            menu.addAction(_("Remove “{name}”").format(name=name), lambda: self._remove(saved))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def choose_nth(self, number: int) -> None:
        """Choose a view by its place in the menu."""
        every = self.all()
        if number < len(every):
            self.chosen.emit(every[number].key)

    # Saved, renamed, removed

    def ask_save(self) -> None:
        """Ask for a name and keep what is shown under it."""
        NameDialog(
            self._owner.window(),
            title=_("Save this view as"),
            remark=_("Filters, order and columns as they are shown now."),
            wrong=self._wrong_name,
            wanted=self._save,
        ).open()

    def _wrong_name(self, typed: str, *, but: str = "") -> str:
        """Why a view cannot be called so."""
        name = " ".join(typed.split())
        if len(name) > saved_views.LONGEST:
            return saved_views.ViewTooLong(f"{len(name):,}").message
        taken = name != but and name in {one.name for one in self._saved}
        return saved_views.ViewTaken(name).message if taken else ""

    def _save(self, name: str) -> None:
        text = list_views.written(self.now())
        told = " ".join(name.split())

        def saved(_change_set: int) -> None:
            self._choose_named(told)

        self._ctx.write_undoable(
            self._owner,
            lambda tx: saved_views.save(tx, page=PAGE, name=name, view=text),
            said=_("View “{name}” saved").format(name=told),
            done=saved,
        )

    def _choose_named(self, name: str) -> None:
        """Choose the view that was just saved."""

        def found(views: list[SavedView]) -> None:
            one = next((view for view in views if view.name == name), None)
            if one is not None:
                self.know([*((each.saved, Read(each.view, each.gone)) for each in self._saved if each.saved),
                           *([] if self.view(f"{SAVED}_{one.id}") else [(one, Read(self.now()))])])  # fmt: skip
                self.chosen.emit(f"{SAVED}_{one.id}")

        self._ctx.read(self._owner, lambda tx: saved_views.listed(tx, page=PAGE), done=found)

    def _overwrite(self, saved: SavedView) -> None:
        text = list_views.written(self.now())
        self._ctx.write_undoable(
            self._owner,
            lambda tx: saved_views.overwrite(tx, saved.id, view=text),
            said=_("View “{name}” is what is shown now").format(name=saved.name),
        )

    def _ask_rename(self, saved: SavedView) -> None:
        def rename(name: str) -> None:
            self._ctx.write_undoable(
                self._owner, lambda tx: saved_views.rename(tx, saved.id, name=name), said=_("View renamed")
            )

        NameDialog(
            self._owner.window(),
            title=_("Rename the view"),
            text=saved.name,
            wrong=lambda name: self._wrong_name(name, but=saved.name),
            wanted=rename,
        ).open()

    def _remove(self, saved: SavedView) -> None:
        self._ctx.write_undoable(
            self._owner,
            lambda tx: saved_views.remove(tx, saved.id),
            said=_("View “{name}” removed").format(name=saved.name),
        )
        self.chosen.emit(ALL)

    def remember(self) -> dict[str, Any]:
        """What must survive a change of language."""
        return {"view": self.key, "listing": self.listing}
