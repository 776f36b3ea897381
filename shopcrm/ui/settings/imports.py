"""Imports (C1): the folder where new exports appear, to be offered."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from shopcrm.base.i18n import N_, _
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.saving import ask_folder
from shopcrm.ui.settings.section import Section


class ImportsSection(Section):
    """Nothing is watched unless somebody chooses a folder."""

    key = "imports"
    title = N_("Import")
    icon = "folder-input"

    def _build(self) -> None:
        lines = self.card(
            _("Watched folder"),
            _(
                "Where your browser saves exports: a new one that appears there is offered at the foot of the window. "
                "Nothing is imported by itself."
            ),
        )
        self._folder = Text("", lines, wrap=True, name=f"{names.WATCH}_folder")
        inner = QWidget(lines)
        flow = FlowLayout(inner, gap=8, line_gap=8)
        self._choose = Button(_("Choose a folder"), inner, size="medium", name=f"{names.WATCH}_choose")
        self._stop = Button(_("Watch no folder"), inner, kind="ghost", size="medium", name=f"{names.WATCH}_stop")
        flow.addWidget(self._choose)
        flow.addWidget(self._stop)
        lines.body.addWidget(self._folder)
        lines.body.addWidget(inner)
        arrivals = self.ctx.arrivals
        self._choose.clicked.connect(self._ask_folder)
        self._stop.clicked.connect(lambda: arrivals.choose_folder(None))
        arrivals.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show which folder is watched."""
        arrivals = self.ctx.arrivals
        folder = arrivals.folder
        words = _("None chosen.") if folder is None else str(folder)
        if arrivals.missing:
            words = _("The folder that is watched is not there: {folder}").format(folder=folder)
        self._folder.setText(words)
        self._folder.set_tone("bad" if arrivals.missing else "text" if folder else "second")
        self._stop.setVisible(folder is not None)

    def _ask_folder(self) -> None:
        ask_folder(self, title=_("Where exports appear"), chosen=self.ctx.arrivals.choose_folder)

    def first_control(self) -> QWidget | None:
        """The button that chooses."""
        return self._choose
