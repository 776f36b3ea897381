"""What stood in a field before (C5), as a menu: when, by whom or which file; a line that is chosen is put back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QMenu, QWidget

from shopcrm.base import birthdays, clock
from shopcrm.base.birthdays import Birthday
from shopcrm.base.i18n import N_, _
from shopcrm.collect.history import Past, Value
from shopcrm.ui import names, words
from shopcrm.ui.context import Context
from shopcrm.ui.parts.timeline_words import actor

SHOWN: Final = 12
_LONGEST: Final = 40
_BY: Final = {
    "merge": N_("two made one"), "unmerge": N_("taken apart"), "sheet": N_("an edited list"), "undo": N_("redone"),
}  # fmt: skip


def told(past: Past, ctx: Context, *, shown: Callable[[Value], str]) -> str:
    """One change in a line: `11月3日 orders.csv: 138 0013 5678 → 139 0013 5678`."""
    at = clock.instant(past.at).astimezone(ctx.zone)
    who = past.file or (_(_BY[past.kind]) if past.kind in _BY else actor(past.actor))
    before, after = (_cut(shown(side)) if side is not None else "—" for side in (past.before, past.after))
    when = words.moment(at, today=ctx.today)
    return _("{when}, {who}: {before} → {after}").format(when=when, who=_cut(who), before=before, after=after)


def show(
    ctx: Context,
    anchor: QWidget,
    *,
    label: str,
    found: Sequence[Past],
    shown: Callable[[Value], str] | None = None,
    put_back: Callable[[Past], None],
) -> QMenu:
    """Open the menu below a widget. Only what can be put back can be chosen."""
    menu = QMenu(anchor.window())
    menu.setObjectName(names.PAST_MENU)
    menu.setAccessibleName(_("What stood here before: {label}").format(label=label))
    head = _("What stood here before: {label}") if found else _("{label} was never changed.")
    menu.addAction(_plain(head.format(label=label))).setEnabled(False)
    for number, past in enumerate(found[:SHOWN]):
        action = menu.addAction(_plain(told(past, ctx, shown=shown or as_words)))
        action.setObjectName(f"{names.PAST_MENU}_{number}")
        action.setEnabled(past.before is not None or past.after is None)
        if past.before is not None:
            action.setToolTip(_("Put “{value}” back").format(value=_cut((shown or as_words)(past.before))))
        action.triggered.connect(lambda _checked=False, past=past: put_back(past))
    menu.setToolTipsVisible(True)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))
    usable = [action for action in menu.actions() if action.isEnabled()]
    if usable:
        menu.setActiveAction(usable[0])
    return menu


def as_words(value: Value) -> str:
    """A value of a field as one reads it."""
    return birthdays.words(value) if isinstance(value, Birthday) else value or ""


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _plain(text: str) -> str:
    """A menu takes `&` for the sign of a key."""
    return text.replace("&", "&&")
