"""Ready-made scripts (U2): of each trade and language, taken all at once or folder by folder, nothing twice."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from shopcrm.act import scripts
from shopcrm.act.scripts import Draft
from shopcrm.base import i18n, options
from shopcrm.base.resources import resource
from shopcrm.store.tx import Tx


@dataclass(frozen=True)
class PresetFolder:
    """A folder of ready-made scripts. `fresh`: how many of them the shop has not got."""

    name: str
    trade: str  # "": for every shop
    drafts: tuple[Draft, ...]
    fresh: int


def presets(language: str, *, trade: str = "") -> list[Draft]:
    """The ready-made scripts of a language: those for every trade, then those for one."""
    return [draft for of, _name, drafts in _told(language) if of in ("", trade) for draft in drafts]


def offered(tx: Tx, *, language: str = "") -> list[PresetFolder]:
    """All folders there are: those for every shop, those of the shop's trade, then those of the others."""
    own, known = tx.option(options.TRADE), _known(tx)
    found = [
        PresetFolder(name, trade, drafts, sum((draft.folder, draft.title) not in known for draft in drafts))
        for trade, name, drafts in _told(language or i18n.language())
    ]
    return sorted(found, key=lambda folder: (bool(folder.trade), folder.trade != own))


def take(tx: Tx, *, language: str = "", trade: str | None = None, folders: Sequence[str] | None = None) -> int:
    """Take ready-made scripts. Returns the change set.

    A script whose folder and title are there already is left as it is, so that taking them twice adds nothing.

    Args:
        tx: A writing transaction.
        language: Of the scripts; by default the one in use.
        trade: Whose scripts to take besides those for every trade; by default the shop's.
        folders: Only these, of any trade.
    """
    language = language or i18n.language()
    if folders is None:
        wanted = presets(language, trade=tx.option(options.TRADE) if trade is None else trade)
    else:
        wanted = [draft for _trade, name, drafts in _told(language) if name in folders for draft in drafts]
    known = _known(tx)
    fresh = [draft.values() for draft in wanted if (draft.folder, draft.title) not in known]
    change_set = tx.begin_change("script_presets", count=len(fresh))
    for values in fresh:
        scripts.write_new(tx, values)
    return change_set


def _known(tx: Tx) -> set[tuple[str, str]]:
    return {(script.folder, script.title) for script in scripts.listing(tx)}


def _told(language: str) -> list[tuple[str, str, tuple[Draft, ...]]]:
    """Trade, name and scripts of each folder."""
    told = tomllib.loads(resource("presets", "scripts", f"{language}.toml").read_text(encoding="utf-8"))
    return [
        (
            folder.get("trade", ""),
            folder["name"],
            tuple(
                Draft(
                    one["title"], one["body"], folder["name"], situation=one.get("situation", ""),
                    keywords=one.get("keywords", ""),
                )
                for one in folder["script"]
            ),
        )
        for folder in told["folder"]
    ]  # fmt: skip
