"""One `Tx` a block, carrying all that a use case may depend on. Functions never open or commit; so they compose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Table, select

from shopcrm.base import clock
from shopcrm.base.options import Option
from shopcrm.store import journal, search_index
from shopcrm.store.tables.customers import customers
from shopcrm.store.tables.shop import options, shop
from shopcrm.store.touched import touch

T = TypeVar("T")


@dataclass(frozen=True)
class ShopInfo:
    """What a shop is; currency and zone are changed by `collect.recount` only."""

    uuid: str
    currency: str
    timezone: str
    is_demo: bool


def read_shop(connection: Connection) -> ShopInfo:
    """The sentinel row."""
    row = connection.execute(select(shop.c.uuid, shop.c.currency, shop.c.timezone, shop.c.is_demo)).one()
    return ShopInfo(row.uuid, row.currency, row.timezone, row.is_demo)


@dataclass
class Tx:
    """A transaction on the shop: the connection, the instant and the date it counts by, who acts, the options."""

    connection: Connection
    now: datetime
    as_of: date
    actor: str
    shop: ShopInfo
    language: str = "en"
    change_set: int | None = None
    _options: dict[str, Any] | None = field(default=None, repr=False)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return clock.zone(self.shop.timezone)

    @property
    def today_number(self) -> int:
        """`as_of` as a day number."""
        return clock.day_number(self.as_of)

    @property
    def now_seconds(self) -> int:
        """`now` as stored seconds."""
        return clock.seconds(self.now)

    def option(self, option: Option[T]) -> T:
        """The shop's value of an option, or its default."""
        if self._options is None:
            rows = self.connection.execute(select(options.c.key, options.c.value))
            self._options = {row.key: msgspec.json.decode(row.value) for row in rows}
        value: T = self._options.get(option.key, option.default)
        return value

    def move_to(self, info: ShopInfo) -> None:
        """The shop counts in another currency or zone from here on: this transaction has changed it."""
        self.shop = info
        self.__dict__.pop("zone", None)

    def forget_options(self) -> None:
        """Read the options anew when they are next asked for: they were changed in this transaction."""
        self._options = None

    def begin_change(self, kind: str, **summary: object) -> int:
        """Begin a set of changes that is undone as a whole; later writes of this transaction belong to it."""
        self.change_set = journal.begin(
            self.connection, kind=kind, actor=self.actor, at=self.now_seconds, summary=summary
        )
        return self.change_set

    def _set(self) -> int:
        if self.change_set is None:
            raise RuntimeError("begin_change first: every edit belongs to a change set")
        return self.change_set

    def add(self, table: Table, values: Mapping[str, Any]) -> int:
        """Insert one row, recorded in the journal. Returns its integer key (0 where the key is composed)."""
        return journal.add(self.connection, self._set(), table, values)

    def edit(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        """Change one row, recorded in the journal. False when it is not there or nothing differs."""
        return journal.edit(self.connection, self._set(), table, key, values)

    def remove(self, table: Table, key: Mapping[str, Any]) -> bool:
        """Delete one row, recorded in the journal. Its dependants must have been removed before."""
        return journal.remove(self.connection, self._set(), table, key)

    def undo(self, change_set: int) -> journal.Undone:
        """Take back a change set; its result names a change set that redoes it."""
        undone = journal.undo(self.connection, change_set, actor=self.actor, at=self.now_seconds)
        # Of very many customers edited at once only what was set is recorded, and nothing of it is searched.
        named = [row for rows in journal.touched(self.connection, change_set, customers) for row in rows if row]
        searched = {row["id"] for row in named if "name" in row}
        if searched:
            touch(self.connection, searched)
            search_index.refresh(self.connection)
        return undone
