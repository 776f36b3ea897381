"""Makes the demo shop: invented orders as marketplace files, read by the real importer, then a few notes and tags."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from shopcrm.act import desk
from shopcrm.base.progress import SILENT, Progress
from shopcrm.base.resources import resource
from shopcrm.collect import notes, tags
from shopcrm.collect.imports import ImportReport
from shopcrm.jobs.demo_history import CURRENCY, invent
from shopcrm.jobs.demo_reports import write_reports
from shopcrm.store.shop_file import NewShop
from shopcrm.store.tx import Tx

NEW_SHOP = NewShop(currency=CURRENCY, timezone="Asia/Shanghai", is_demo=True)


class OpenShop(Protocol):
    """What this job needs of an open shop; the shop itself is put together a room above."""

    def stage(self, paths: Sequence[Path], *, progress: Progress) -> Any:
        """Read files into a staging file."""

    def import_staged(self, staged: Any, *, progress: Progress) -> ImportReport:
        """Write a staged batch."""

    def write(self) -> AbstractContextManager[Tx]:
        """A writing transaction."""


def fill(shop: OpenShop, *, as_of: date, language: str, progress: Progress = SILENT) -> None:
    """Fill an empty shop with the demo's customers, orders, notes and tags.

    All dates are relative to `as_of`; notes and tags are in `language`.
    """
    with tempfile.TemporaryDirectory(prefix="shopcrm-demo-") as folder:
        reports = write_reports(Path(folder), invent(as_of=as_of), as_of=as_of)
        shop.import_staged(shop.stage(reports, progress=progress), progress=progress)
    with shop.write() as tx:
        _write_words(tx, language)


def _write_words(tx: Tx, language: str) -> None:
    words = tomllib.loads(resource("demo", "words.toml").read_text(encoding="utf-8"))[language]
    known: dict[str, int] = {}
    for nick in {*words["notes"], *(nick for nicks in words["tags"].values() for nick in nicks)}:
        known.update((nick, hit.id) for hit in desk.find(tx, nick, limit=1))
    for nick, texts in words["notes"].items():
        for text in texts:
            notes.add(tx, known[nick], text=text)
    for name, nicks in words["tags"].items():
        tags.put(tx, [known[nick] for nick in nicks], name=name)
