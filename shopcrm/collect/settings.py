"""The shop's own settings (M1, M3): options set by hand, each change undoable like any other edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from sqlalchemy import select

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.options import Option, Scope
from shopcrm.store.tables.shop import options
from shopcrm.store.tx import Tx


@dataclass(eq=False)
class OutOfBounds(UserFailure):
    """A value that the setting does not take."""

    text: ClassVar[str] = N_("“{label}” cannot be {value}.")
    label: str
    value: str

    @property
    def message(self) -> str:
        """The sentence in the current language."""
        return _(self.text).format(label=_(self.label), value=self.value)


def choose(tx: Tx, values: Mapping[Option[Any], Any]) -> int:
    """Set options of the shop; one at its default is forgotten, so that a later default reaches it.

    Returns:
        The change set; it is empty when nothing differs.

    Raises:
        OutOfBounds: a value is not of the option's type or outside its bounds; nothing is set.
        ValueError: the option is not one of the shop.
    """
    for option, value in values.items():
        if option.scope is not Scope.SHOP:
            raise ValueError(f"{option.key} is not a setting of the shop")
        if not option.takes(value):
            raise OutOfBounds(option.label, str(value))
    change_set = tx.begin_change("settings", keys=[option.key for option in values])
    for option, value in values.items():
        key, told = {"key": option.key}, {"value": msgspec.json.encode(value).decode()}
        if value == option.default:
            tx.remove(options, key)
        elif tx.connection.execute(select(options.c.key).where(options.c.key == option.key)).first() is None:
            tx.add(options, {**key, **told})
        else:
            tx.edit(options, key, told)
    tx.forget_options()
    return change_set
