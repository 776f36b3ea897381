"""The password of a locked file, typed where it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner
from shopcrm.ui.kit.edits import LineEdit


def ask(banner: Banner, answered: Callable[[str], None], *, focused: bool) -> None:
    """Let the password be typed in a banner that says which file wants it."""
    edit = LineEdit(banner, placeholder=_("Password"), name=names.IMPORT_LOCKED)
    edit.setEchoMode(LineEdit.EchoMode.Password)
    edit.setMinimumWidth(theme.current().px(160))
    again = Button(_("Open with it"), banner, kind="primary", icon="lock-open", name=names.IMPORT_UNLOCK)

    def submit() -> None:
        if edit.text():
            answered(edit.text())

    edit.submitted.connect(lambda _text: submit())
    again.clicked.connect(submit)
    banner.body.addWidget(edit)
    banner.body.addWidget(again)
    if focused:
        edit.setFocus()
