"""Scripts in the window (U2): how a filled one is shown, what is said of it, the copy that counts."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from shopcrm.act import script_sheet, scripts
from shopcrm.act.blanks import SITUATIONS, Person
from shopcrm.act.script_uses import Tally
from shopcrm.act.scripts import Audience, Script, Wording
from shopcrm.base import templates
from shopcrm.base.channels import chat_text, sms_length
from shopcrm.base.i18n import _, n_
from shopcrm.base.templates import Filled
from shopcrm.base.text import fold
from shopcrm.ui.context import Context
from shopcrm.ui.kit.passage import Stretch

SHOWN: Final = 5_000  # characters; nobody reads on in a preview, and laying out more would be felt while typing
_MARKS: Final = {"value": "strong", "missing": "missing"}


def filled(wording: Wording, who: Person | None) -> Filled:
    """A script or an answer filled for a customer; for nobody every blank is missing."""
    return filled_text(wording.body, who)


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


def length(text: str) -> str:
    """How long a text is, and how many SMS it would be; blank where nobody would send one."""
    if not text.strip() or len(text) > SHOWN:
        return ""
    told = sms_length(text)
    characters = n_("{n} character", "{n} characters", told.units).format(n=f"{told.units:,}")
    sms = n_("as an SMS {n} part of {room}", "as an SMS {n} parts of {room}", told.parts)
    return f"{characters} · {sms.format(n=f'{told.parts:,}', room=told.room)}"


def situation(key: str | None) -> str:
    """When a script is the one to say."""
    return _(SITUATIONS[key]) if key is not None and key in SITUATIONS else ""


def audience(whom: Audience) -> str:
    """Whom a script is written for; blank for everybody."""
    groups = (_(script_sheet.GROUP_LABELS[one]) for one in whom.groups if one in script_sheet.GROUP_LABELS)
    return _(", ").join((*groups, *whom.levels))


def suits(whom: Audience, who: Person) -> str:
    """Why a script suits a customer: her member level or her group; blank where it is for everybody."""
    level = who.level if who.level and fold(who.level) in map(fold, whom.levels) else ""
    return level or (_(script_sheet.GROUP_LABELS[who.group]) if who.group in whom.groups else "")


def used(uses: int) -> str:
    """How often a script was used; blank for never."""
    return n_("used {n} time", "used {n} times", uses).format(n=f"{uses:,}") if uses else ""


def helped(tally: Tally) -> str:
    """How often a script was used and what came of it; a share only where there are enough to say."""
    share = tally.bought_share
    told = "" if share is None else f"{share * 100:.0f} %"
    if share is None:
        came = n_("{n} bought", "{n} bought", tally.bought).format(n=f"{tally.bought:,}") if tally.bought else ""
    elif tally.told == tally.uses:
        came = _("{share} bought").format(share=told)
    else:
        came = _("{share} of {told} bought").format(share=told, told=f"{tally.told:,}")
    return " · ".join(part for part in (used(tally.uses), came) if part)


def folder(name: str) -> str:
    """A folder's name."""
    return name or _("No folder")


def about(wording: Wording) -> str:
    """What stands below a script or an answer: where it is kept, what it is about, how it did."""
    if isinstance(wording, Script):
        parts = [folder(wording.folder), _(", ").join(wording.codes), helped(wording.tally)]
    else:
        parts = [_("Product answer"), wording.code, wording.product if wording.product != wording.code else ""]
    return " · ".join(part for part in parts if part)


def copy_script(ctx: Context, owner: QObject, wording: Wording, who: Person | None) -> None:
    """Put the filled text on the clipboard as a chat wants it, say so, and count the use of a script."""
    found = filled(wording, who)
    missing = missing_words(found)
    if missing and who is not None:
        said = _("“{title}” copied. {missing}: fill it in by hand.").format(title=wording.title, missing=missing)
    elif who is not None:
        said = _("“{title}” copied for {name}").format(title=wording.title, name=who.name)
    else:
        said = _("“{title}” copied").format(title=wording.title)
    ctx.copy(chat_text(found.text), said=said)
    if isinstance(wording, Script):
        script, customer = wording.id, None if who is None else who.id
        ctx.write(owner, lambda tx: scripts.use(tx, script, customer))
