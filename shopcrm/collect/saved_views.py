"""Views of a list that were saved under a name (U2): kept as they are told, each edit with undo.

What a view asks and shows is known to those who list; here it is JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from sqlalchemy import func, select

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.text import clean
from shopcrm.store.tables.views import saved_views
from shopcrm.store.tx import Tx

LONGEST: Final = 64


@dataclass(eq=False)
class ViewUnnamed(UserFailure):
    """A view without a name."""

    text: ClassVar[str] = N_("Type a name for the view.")


@dataclass(eq=False)
class ViewTooLong(UserFailure):
    """A name that no chip could show."""

    text: ClassVar[str] = N_("The name of a view has at most {most} characters, this one has {length}.")
    length: str
    most: str = str(LONGEST)


@dataclass(eq=False)
class ViewTaken(UserFailure):
    """Another view of the list is called so."""

    text: ClassVar[str] = N_("There is a view “{name}” already. Choose another name.")
    name: str


@dataclass(eq=False)
class NoSuchView(UserFailure):
    """A view that was removed meanwhile."""

    text: ClassVar[str] = N_("This view is not there any more.")


@dataclass(frozen=True)
class SavedView:
    """A view of a list."""

    id: int
    name: str
    view: str  # JSON


def listed(tx: Tx, *, page: str) -> list[SavedView]:
    """The views of a page, in the user's order."""
    of = saved_views.c
    rows = tx.connection.execute(select(of.id, of.name, of.view).where(of.page == page).order_by(of.position, of.id))
    return [SavedView(*row) for row in rows]


def save(tx: Tx, *, page: str, name: str, view: str) -> int:
    """Keep a view as the last of its page. Returns the change set.

    Raises:
        ViewUnnamed, ViewTooLong, ViewTaken: nothing is kept.
    """
    name = _free(tx, page, name)
    last = tx.connection.execute(select(func.max(saved_views.c.position)).where(saved_views.c.page == page)).scalar()
    change_set = tx.begin_change("view_saved")
    place = 0 if last is None else int(last) + 1
    tx.add(saved_views, {"page": page, "name": name, "view": view, "position": place, "edited_at": tx.now_seconds})
    return change_set


def overwrite(tx: Tx, view_id: int, *, view: str) -> int:
    """Let a view tell something else. Returns the change set."""
    _require(tx, view_id)
    change_set = tx.begin_change("view_overwritten", view=view_id)
    tx.edit(saved_views, {"id": view_id}, {"view": view, "edited_at": tx.now_seconds})
    return change_set


def rename(tx: Tx, view_id: int, *, name: str) -> int:
    """Call a view otherwise. Returns the change set.

    Raises:
        NoSuchView, ViewUnnamed, ViewTooLong, ViewTaken: it keeps its name.
    """
    name = _free(tx, _require(tx, view_id), name, but=view_id)
    change_set = tx.begin_change("view_renamed", view=view_id)
    tx.edit(saved_views, {"id": view_id}, {"name": name, "edited_at": tx.now_seconds})
    return change_set


def remove(tx: Tx, view_id: int) -> int:
    """Remove a view. Returns the change set."""
    _require(tx, view_id)
    change_set = tx.begin_change("view_removed", view=view_id)
    tx.remove(saved_views, {"id": view_id})
    return change_set


def _free(tx: Tx, page: str, typed: str, *, but: int = 0) -> str:
    name = " ".join(clean(typed).split())
    if not name:
        raise ViewUnnamed
    if len(name) > LONGEST:
        raise ViewTooLong(f"{len(name):,}")
    of = saved_views.c
    if tx.connection.execute(select(of.id).where(of.page == page, of.name == name, of.id != but)).first() is not None:
        raise ViewTaken(name)
    return name


def _require(tx: Tx, view_id: int) -> str:
    """The page of a view that is there."""
    page = tx.connection.execute(select(saved_views.c.page).where(saved_views.c.id == view_id)).scalar()
    if page is None:
        raise NoSuchView
    return str(page)
