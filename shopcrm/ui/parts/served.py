"""Who was served today (U1), the newest last; only ids and times are kept on the seat, names come from the shop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from shopcrm.collect import customers
from shopcrm.collect.customers import NoSuchCustomer
from shopcrm.ui.context import Context

MOST: Final = 12
KEY: Final = "served"


class Served(QObject):
    """Written to the seat as somebody is served."""

    changed = Signal()

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._known: dict[int, tuple[str, str]] = {}  # customer: name, time
        self._load()

    def __contains__(self, customer: object) -> bool:
        return customer in self._known

    def newest_first(self) -> Iterator[tuple[int, str, str]]:
        """Customer, name and time of day."""
        for customer, (name, time) in reversed(self._known.items()):
            yield customer, name, time

    def add(self, customer: int) -> None:
        """Somebody was served just now."""
        self._ctx.read(
            self, lambda tx: customers.name_of(tx, customer), done=lambda name: self._added(customer, name),
            failed=lambda _error: self.forget(customer),
        )  # fmt: skip

    def rename(self, customer: int, name: str) -> None:
        """Somebody may be called otherwise now."""
        if customer in self._known and self._known[customer][0] != name:
            self._known[customer] = (name, self._known[customer][1])
            self.changed.emit()

    def forget(self, customer: int | None = None) -> None:
        """Somebody is no more (None: nobody is)."""
        if customer is None:
            self._known.clear()
        else:
            self._known.pop(customer, None)
        self.changed.emit()

    def _added(self, customer: int, name: str) -> None:
        self._known.pop(customer, None)
        self._known[customer] = (name, f"{datetime.now(self._ctx.zone):%H:%M}")
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        lines = [f"{one} {time}" for one, (_name, time) in self._known.items()]
        self._ctx.seat.put(KEY, "\n".join([self._ctx.today.isoformat(), *lines]))
        self.changed.emit()

    def _load(self) -> None:
        day, *lines = self._ctx.seat.text(KEY).split("\n")
        if day != self._ctx.today.isoformat():
            return
        kept = [(int(one), time) for one, _gap, time in (line.partition(" ") for line in lines) if one.isdigit()]

        def names_of(tx: Any) -> dict[int, tuple[str, str]]:
            found = {}
            for customer, time in kept:
                try:
                    found[customer] = (customers.name_of(tx, customer), time)
                except NoSuchCustomer:
                    continue
            return found

        def known(found: dict[int, tuple[str, str]]) -> None:
            self._known = {**found, **self._known}
            self.changed.emit()

        if kept:
            self._ctx.read(self, names_of, done=known)
