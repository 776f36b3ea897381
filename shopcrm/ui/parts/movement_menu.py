"""Who came into a group and who went out of it since the end of last month; each number opens to its customers."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from shopcrm.base import clock
from shopcrm.base.i18n import _
from shopcrm.mine import movement
from shopcrm.mine.movement import NOBODY, Movement
from shopcrm.ui import names, words
from shopcrm.ui.context import Context, Listing


def then_of(found: Movement) -> date:
    """The day that is compared with."""
    return clock.day_date(found.then_day)


def came_and_went(found: Movement, key: str) -> tuple[int, int]:
    """How many came into a group, and how many went."""
    return sum(found.came_from(key).values()), sum(found.went_to(key).values())


class MovementMenu(QMenu):
    """Those who came, together and by the group they were in; those who went, together and by where they are now."""

    def __init__(self, ctx: Context, found: Movement, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._ctx, self._key = ctx, key
        self._day = words.day(then_of(found), today=ctx.today)
        self.setObjectName(f"{names.SEGMENT_MOVEMENT}_menu")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        came, went = found.came_from(key), found.went_to(key)
        group = words.group(key)
        total = _("Came since {day}: {n}").format(day=self._day, n=f"{sum(came.values()):,}")
        title = _("Came to {group} since {day}").format(group=group, day=self._day)
        self._add(total, title, count=sum(came.values()), to=key)
        for other, count in _by_size(came):
            name = _("new customers") if other == NOBODY else words.group(other)
            text = _("from {group}: {n}").format(group=name, n=f"{count:,}")
            title = _("From {other} to {group} since {day}").format(other=name, group=group, day=self._day)
            self._add(f"    {text}", title, count=count, from_=other, to=key)
        self.addSeparator()
        total = _("Went since {day}: {n}").format(day=self._day, n=f"{sum(went.values()):,}")
        title = _("Went from {group} since {day}").format(group=group, day=self._day)
        self._add(total, title, count=sum(went.values()), from_=key)
        for other, count in _by_size(went):
            text = _("to {group}: {n}").format(group=words.group(other), n=f"{count:,}")
            title = _("From {other} to {group} since {day}").format(
                other=group, group=words.group(other), day=self._day
            )
            self._add(f"    {text}", title, count=count, from_=key, to=other)

    def _add(self, text: str, title: str, *, count: int, from_: str | None = None, to: str | None = None) -> None:
        action = self.addAction(text)
        action.setEnabled(count > 0)
        listing = Listing(title, lambda tx, columns: movement.movement(tx, columns).moved(from_=from_, to=to))
        action.triggered.connect(lambda _checked=False: self._ctx.go_to("customers", listing))


def _by_size(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: -pair[1])
