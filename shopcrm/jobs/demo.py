"""Makes the demo shop: invented orders as a seller has them, read by the real importer, then what the owner knows.

All its days are relative to the day it is made for. So it is made anew when it is opened on another day or in another
language, as long as nobody has changed anything in it; a demo shop that somebody worked in stays as it is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from shopcrm.act import script_presets
from shopcrm.base.options import DEMO
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import settings
from shopcrm.collect.imports import ImportReport
from shopcrm.jobs import demo_desk, demo_people
from shopcrm.jobs.demo_history import CURRENCY, invent
from shopcrm.jobs.demo_reports import write_all
from shopcrm.store import journal, shop_file
from shopcrm.store.columns import Columns
from shopcrm.store.shop_file import NewShop
from shopcrm.store.tx import Tx

NEW_SHOP = NewShop(currency=CURRENCY, timezone="Asia/Shanghai", is_demo=True)
EDITION: Final = 5  # raised when the demo is told differently: an older one is made anew


class OpenShop(Protocol):
    """What this job needs of an open shop; the shop itself is put together a room above."""

    def stage(self, paths: Sequence[Path], *, progress: Progress, **choices: Any) -> Any:
        """Read files into a staging file."""

    def import_staged(self, staged: Any, *, progress: Progress) -> ImportReport:
        """Write a staged batch."""

    def write(self) -> AbstractContextManager[Tx]:
        """A writing transaction."""

    def columns(self) -> Columns:
        """The statistics in memory."""


@dataclass(frozen=True)
class Made:
    """What a demo shop was made for, and the last line of its journal then."""

    day: date
    language: str
    edition: int
    change_set: int


def made(tx: Tx) -> Made | None:
    """What the demo shop was made for; None where it is not whole."""
    parts = tx.option(DEMO).split()
    if len(parts) != 4:
        return None
    return Made(date.fromisoformat(parts[0]), parts[1], int(parts[2]), int(parts[3]))


def is_stale(tx: Tx, *, day: date, language: str) -> bool:
    """Whether it was made for another day or language, or half, and nobody has changed anything in it since."""
    known = made(tx)
    if known is None:
        return True
    wanted = (day, language, EDITION)
    # A list that was saved as a file is a line of the journal too, and changes nothing.
    untouched = journal.newest(tx.connection, but=("export",)) <= known.change_set
    return (known.day, known.language, known.edition) != wanted and untouched


def empty(tx: Tx) -> None:
    """Take everything out of the demo shop, so that it can be made anew."""
    shop_file.empty(tx.connection)


def fill(shop: OpenShop, *, as_of: date, language: str, progress: Progress = SILENT) -> None:
    """Fill an empty shop with the demo's customers and orders, and with what the owner knows of them.

    All dates are relative to `as_of`; goods, notes, tags, attributes and scripts are in `language`.
    """
    purchases = invent(as_of=as_of, language=language)
    with tempfile.TemporaryDirectory(prefix="shopcrm-demo-") as folder:
        for delivery in write_all(Path(folder), purchases, as_of=as_of, language=language):
            staged = shop.stage(delivery.paths, progress=progress, mapping=delivery.mapping)
            shop.import_staged(staged, progress=progress)
    with shop.write() as tx:
        known = demo_people.write(tx, purchases, language=language)
        script_presets.take(tx, language=language)
    columns = shop.columns()
    with shop.write() as tx:
        demo_people.work_through(tx, columns, but={person.id for person in known if person.star})
        demo_desk.write(tx, columns, known, language=language)
        last = journal.newest(tx.connection) + 1  # which is this line itself
        settings.choose(tx, {DEMO: f"{as_of.isoformat()} {language} {EDITION} {last}"})
