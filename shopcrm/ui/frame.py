"""The frame around the pages: rail, header, the stack, the strip of a running job, the status line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.base.progress import Step
from shopcrm.ui import names, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.progress import ProgressStrip
from shopcrm.ui.kit.reading_order import lead_tab, stops
from shopcrm.ui.pages.page import Page
from shopcrm.ui.pages.registry import EVERY, PAGES
from shopcrm.ui.parts.header import Header
from shopcrm.ui.parts.rail import Rail
from shopcrm.ui.parts.status_line import StatusLine


class Frame(QWidget):
    """Built anew when language or text size change; pages are made when they are first opened."""

    opened = Signal(str)  # page key
    page_made = Signal(object)  # Page

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._pages: dict[str, Page] = {}
        self._build()
        self._wire()

    def _build(self) -> None:
        self.rail = Rail([(page.key, _(page.title), page.icon) for page in PAGES], self)
        self.header = Header(self, demo=self._ctx.shop.info.is_demo)
        self._stack = QStackedWidget(self)
        self._stack.setObjectName(names.PAGES)
        self.strip = ProgressStrip(self)
        self.strip.hide()
        self.status = StatusLine(self)
        right = QVBoxLayout()
        right.setSpacing(0)
        for widget, stretch in ((self.header, 0), (self._stack, 1), (self.strip, 0), (self.status, 0)):
            right.addWidget(widget, stretch)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)

    def _wire(self) -> None:
        self.rail.page_wanted.connect(self.open)
        jobs = self._ctx.jobs
        jobs.began.connect(self.strip.begin)
        jobs.stepped.connect(self._step)
        jobs.ended.connect(self.strip.end)
        self.strip.cancelled.connect(jobs.cancel)
        self._ctx.arrivals.changed.connect(self._show_arrived)
        self.status.import_wanted.connect(self._import_arrived)
        self.status.arrived_closed.connect(self._ctx.arrivals.take)
        self._show_arrived()

    def _step(self, step: Step) -> None:
        self.strip.step(words.stage(step.stage), done=step.done, total=step.total, unit=step.unit)

    def _show_arrived(self) -> None:
        self.status.show_arrived([path.name for path in self._ctx.arrivals.waiting])

    def _import_arrived(self) -> None:
        if self._ctx.jobs.running:
            self._ctx.jobs.refused.emit()  # what was offered stays
        elif paths := self._ctx.arrivals.take():
            self._ctx.go_to("data", paths)

    def page(self, key: str) -> Page:
        """A page, made when it is first asked for."""
        if key not in self._pages:
            entry = next(entry for entry in EVERY if entry.key == key)
            page = entry.load()(self._ctx, self._stack)
            self._pages[key] = page
            self._stack.addWidget(page)
            self.page_made.emit(page)
        return self._pages[key]

    @property
    def current(self) -> Page | None:
        """The page that is seen."""
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    def open(self, key: str) -> Page:
        """Show a page."""
        page = self.page(key)
        self._stack.setCurrentWidget(page)
        self.opened.emit(key)
        return page

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001  # as Qt calls it
        """Tab: from the search box through the page as one reads it, then to what stands around it."""
        search, page = self.header.search.edit, self.current
        around = (stop for part in (self.header, self.strip, self.status, self.rail) for stop in stops(part))
        lead_tab([search, *(() if page is None else stops(page)), *(stop for stop in around if stop is not search)])
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Nobody on the page had a use for Esc: it is for the work that runs.
        if event.key() == Qt.Key.Key_Escape and self.strip.isVisible():
            self.strip.stop()
        else:
            super().keyPressEvent(event)

    def set_quiet(self) -> None:
        """Only look on: the window is closing."""
        for widget in (self.rail, self.header, self._stack):
            widget.setEnabled(False)

    def remember(self) -> dict[str, dict[str, object]]:
        """What the pages want to keep when the frame is built anew."""
        return {key: page.remember() for key, page in self._pages.items()}

    def restore(self, states: dict[str, dict[str, object]]) -> None:
        """Give it back to the pages."""
        for key, state in states.items():
            self.page(key).restore(state)


def later(owner: QWidget, call: Callable[[], None]) -> None:
    """Once the event that is being handled is over (a menu must not delete itself)."""
    QTimer.singleShot(0, owner, call)
