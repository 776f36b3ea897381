"""Beside a chat (U1): the side panel, whether the clipboard is watched, and the key that calls the panel up."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QKeySequenceEdit, QWidget

from shopcrm.base.i18n import N_, _
from shopcrm.base.options import HOT_KEY
from shopcrm.ui import hot_key, names, theme
from shopcrm.ui.clipboard import watchable
from shopcrm.ui.hot_key import HotKey
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.kit.text import Text
from shopcrm.ui.settings.section import Section

COMMAND = "shopcrm panel"


class BesideSection(Section):
    """Nothing is watched and no key taken unless somebody wants it."""

    key = "beside"
    title = N_("Side panel")
    icon = "panel-right"

    def _build(self) -> None:
        beside = self.ctx.beside
        card = self.card(
            _("Side panel"),
            _("The customer's card as a narrow window beside the chat. It stays on top and never takes the keyboard."),
        )
        self._open = Button("", card, size="medium", name=f"{names.PANEL}_settings_open")
        self._open.clicked.connect(beside.toggle)
        row = QHBoxLayout()
        row.addWidget(self._open)
        row.addStretch(1)
        card.body.addLayout(row)
        self._watch = Choices(card, kind="view", name=f"{names.PANEL}_settings_watch")
        self._watch.chosen.connect(lambda chosen: self.ctx.clipboard.watch(chosen == "1"))
        card.line(
            _("Watch the clipboard"),
            self._watch,
            text=_(
                "A nick, phone or order number that you copy in another program shows its customer. What fits nobody "
                "is forgotten at once, and what a password manager copies is not read."
            )
            if watchable()
            else _("This desktop (Wayland) shows no program what is copied in others. Use a key instead, below."),
        )
        inner = QWidget(card)
        self._edit = QKeySequenceEdit(inner)
        self._edit.setMaximumSequenceLength(1)
        self._edit.setObjectName(f"{names.PANEL}_settings_key")
        self._edit.setAccessibleName(_("Key that works in every program"))
        self._edit.setFixedWidth(theme.current().px(150))
        self._none = Button(_("No key"), inner, kind="ghost", size="medium", name=f"{names.PANEL}_settings_no_key")
        keys = QHBoxLayout(inner)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setSpacing(8)
        keys.addWidget(self._edit)
        keys.addWidget(self._none)
        possible = HotKey.possible()
        inner.setVisible(possible)
        told = _("Brings the panel to the front, on whoever you have just copied.")
        if not possible:
            told = _(
                "This system gives no key to a program. Bind one to the command “{command}” in the settings of its "
                "keyboard: it brings the panel to the front, on whoever you have just copied."
            ).format(command=COMMAND)
        card.line(_("Key that works in every program"), inner, text=told)
        self._wrong = Text("", card, tone="bad", wrap=True, name=f"{names.PANEL}_settings_wrong")
        self._wrong.hide()
        card.body.addWidget(self._wrong)
        self._edit.editingFinished.connect(self._choose_key)
        self._none.clicked.connect(self._give_back)
        beside.changed.connect(self.refresh)
        self.refresh()
        self._watch.setEnabled(watchable())

    def refresh(self) -> None:
        """Show what holds."""
        is_open = self.ctx.beside.panel is not None
        self._open.set_text(_("Close the side panel") if is_open else _("Open the side panel"))
        watched = str(int(self.ctx.clipboard.watched))
        self._watch.set_choices([("0", _("Off")), ("1", _("On"))], chosen=watched)
        if not self._edit.hasFocus():
            self._edit.setKeySequence(QKeySequence(self.ctx.seat.get(HOT_KEY)))
        self._none.setVisible(bool(self.ctx.seat.get(HOT_KEY)))

    def _choose_key(self) -> None:
        keys = self._edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if keys == self.ctx.seat.get(HOT_KEY):
            self._say("")
        elif keys and not hot_key.usable(keys):
            self._say(_("Choose a letter, digit or function key together with Ctrl, Alt or the system's key."))
        elif self.ctx.beside.choose_key(keys):
            self._say("")
        else:
            self._say(_("{keys} belongs to another program. Choose another one.").format(keys=keys))
        if self._wrong.text():
            self._edit.setKeySequence(QKeySequence(self.ctx.seat.get(HOT_KEY)))

    def _give_back(self) -> None:
        self.ctx.beside.choose_key("")
        self._edit.clear()
        self._say("")
        self.refresh()

    def _say(self, wrong: str) -> None:
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))

    def first_control(self) -> QWidget | None:
        """The button that opens it."""
        return self._open
