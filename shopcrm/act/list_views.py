"""Views of the customer list (U2): what is asked, in which order, with which columns; ready, or saved under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from shopcrm.act.customer_list import USUAL, Order
from shopcrm.act.field_columns import REGION
from shopcrm.act.fields import Field
from shopcrm.act.filters import DUE, Condition, Test, known
from shopcrm.base.i18n import N_

PAGE: Final = "customers"
QUIET_DAYS: Final = 90
USUAL_COLUMNS: Final = ("name", "group", "sources", "phone", REGION, "occasions", "net_total", "last_day", "tags")


@dataclass(frozen=True)
class ColumnWidth:
    """A column, and how wide somebody drew it at 100 % text; 0 is as wide as usual."""

    key: str
    width: int = 0


@dataclass(frozen=True)
class ListView:
    """All that makes a list. `columns` blank: those that this seat shows."""

    conditions: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = USUAL
    columns: tuple[ColumnWidth, ...] = ()


@dataclass(frozen=True)
class Ready:
    """A view that every shop has."""

    key: str
    name: str
    view: ListView


READY: Final = (
    Ready("all", N_("All"), ListView()),
    Ready("due", N_("Due"), ListView((Condition(DUE, Test.FILLED),))),
    Ready(
        "new", N_("New this month"), ListView((Condition("first_day", Test.THIS_MONTH),), (Order("first_day"),))
    ),
    Ready("quiet", N_("Quiet for 90 days"), ListView((Condition("last_day", Test.OLDER, (QUIET_DAYS,)),))),
    Ready(
        "twice", N_("Bought again"), ListView((Condition("occasions", Test.BETWEEN, (2, None)),), (Order("occasions"),))
    ),
    Ready("untagged", N_("Without a tag"), ListView((Condition("tags", Test.EMPTY),))),
)  # fmt: skip


def of_group(key: str) -> ListView:
    """The list of one of the eight groups."""
    return ListView((Condition("group", Test.ANY, (key,)),))


def written(view: ListView) -> str:
    """A view as it is kept."""
    return msgspec.json.encode(view).decode()


@dataclass(frozen=True)
class Read:
    """A view that was kept, without what the shop no longer has: the keys of `gone`."""

    view: ListView
    gone: tuple[str, ...] = ()


def read(text: str, those: Mapping[str, Field]) -> Read:
    """A kept view, as far as the fields there are allow. What cannot be read at all is the list of all."""
    try:
        told = msgspec.json.decode(text, type=ListView)
    except msgspec.MsgspecError:
        return Read(ListView(), gone=("",))
    gone: dict[str, Any] = {}
    gone |= {one.field: None for one in told.conditions if not known(one, those)}
    keys = (*(one.key for one in told.order), *(one.key for one in told.columns))
    gone |= {key: None for key in keys if key not in those}
    return Read(
        ListView(
            tuple(one for one in told.conditions if known(one, those)),
            tuple(one for one in told.order if one.key in those) or USUAL,
            tuple(one for one in told.columns if one.key in those),
        ),
        tuple(gone),
    )
