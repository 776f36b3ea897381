"""Scripts in the window (U2): how a filled one is shown, what is said of its missing blanks, the copy that counts."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from shopcrm.act import scripts
from shopcrm.act.blanks import SITUATIONS, Person
from shopcrm.act.scripts import Script
from shopcrm.base import templates
from shopcrm.base.i18n import _, n_
from shopcrm.base.templates import Filled
from shopcrm.ui.context import Context
from shopcrm.ui.kit.passage import Stretch

SHOWN: Final = 5_000  # characters; nobody reads on in a preview, and laying out more would be felt while typing
_MARKS: Final = {"value": "strong", "missing": "missing"}


def filled(script: Script, who: Person | None) -> Filled:
    """A script filled for a customer; for nobody every blank is missing."""
    return filled_text(script.body, who)


def filled_text(body: str, who: Person | None) -> Filled:
    """A text filled for a customer; for nobody every blank is missing."""
    return templates.fill(body, {}) if who is None else who.fill(body)


def stretches(found: Filled) -> list[Stretch]:
    """A filled text as it is shown: what was filled in is bold, what is missing is marked."""
    shown, left = [], SHOWN
    for run in found.runs:
        shown.append(Stretch(run.text[:left], _MARKS.get(run.source, "")))
        left -= len(run.text)
        if left <= 0:
            shown.append(Stretch("…"))
            break
    return shown


def missing_words(found: Filled) -> str:
    """Which blanks nothing fills, in a sentence; blank when all are filled."""
    if not found.missing:
        return ""
    blanks = _(", ").join(f"{{{templates.word(key)}}}" for key in found.missing)
    return n_("Nothing known for {blanks}", "Nothing known for {blanks}", len(found.missing)).format(blanks=blanks)


def situation(key: str | None) -> str:
    """When a script is the one to say."""
    return _(SITUATIONS[key]) if key is not None and key in SITUATIONS else ""


def used(uses: int) -> str:
    """How often a script was used; blank for never."""
    return n_("used {n} time", "used {n} times", uses).format(n=f"{uses:,}") if uses else ""


def folder(name: str) -> str:
    """A folder's name."""
    return name or _("No folder")


def copy_script(ctx: Context, owner: QObject, script: Script, who: Person | None) -> None:
    """Put exactly the filled text on the clipboard, say so, and count the use."""
    found = filled(script, who)
    missing = missing_words(found)
    if missing and who is not None:
        said = _("“{title}” copied. {missing}: fill it in by hand.").format(title=script.title, missing=missing)
    elif who is not None:
        said = _("“{title}” copied for {name}").format(title=script.title, name=who.name)
    else:
        said = _("“{title}” copied").format(title=script.title)
    ctx.copy(found.text, said=said)
    customer = None if who is None else who.id
    ctx.write(owner, lambda tx: scripts.use(tx, script.id, customer))
