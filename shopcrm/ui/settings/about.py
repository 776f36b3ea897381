"""About the program (K4): version, where the data lie, what it is made with, and what to tell somebody who helps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QWidget

from shopcrm import __version__
from shopcrm.base import diagnosis, licences
from shopcrm.base.i18n import N_, _, sentences
from shopcrm.base.licences import Component
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import Text
from shopcrm.ui.settings.section import Section


class AboutSection(Section):
    """Nothing here is sent anywhere: what is to be told is put on the clipboard."""

    key = "about"
    title = N_("About")
    icon = "info"

    def _build(self) -> None:
        card = self.card(_("ShopCRM {version}").format(version=__version__), _("That more buyers come back."))
        privacy = sentences(
            _("All data stay in one folder on this computer."), _("The program opens no network connection.")
        )
        card.body.addWidget(Text(privacy, card, wrap=True))
        folder = Text(str(self.ctx.home.folder), card, tone="second", wrap=True, name="settings_folder_path")
        folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.body.addWidget(folder)
        self._open = Button(_("Open the folder"), card, icon="external-link", size="medium", name=_named("folder"))
        self._open.clicked.connect(lambda: _show(str(self.ctx.home.folder)))
        copy = Button(_("Copy details for support"), card, icon="copy", size="medium", name=_named("diagnosis"))
        copy.clicked.connect(self.copy_diagnosis)
        card.body.addWidget(_flow(card, (self._open, copy)))
        remark = _("The details hold versions and counts, nothing about any customer.")
        card.body.addWidget(Text(remark, card, size=theme.SMALL, tone="second", wrap=True))
        self._licences()

    def _licences(self) -> None:
        card = self.card(_("Made with"), _("These libraries of others are part of the program."))
        card.body.addWidget(_grid(card, licences.COMPONENTS))
        notice = _(
            "Qt and Qt for Python are used unmodified under the LGPL, version 3. You may put another build of them in "
            "their place: install it over the package PySide6-Essentials, or replace the files in the folder PySide6 "
            "of the program."
        )
        card.body.addWidget(Text(notice, card, tone="second", wrap=True))
        texts = Button(_("Read the licences"), card, icon="external-link", size="medium", name=_named("licences"))
        texts.clicked.connect(lambda: _show(str(licences.folder())))
        card.body.addWidget(_flow(card, (texts,)))

    def copy_diagnosis(self) -> None:
        """Put what helps on the clipboard."""
        ctx, screen = self.ctx, self.screen()
        look = {
            "language": ctx.language,
            "theme": theme.current().name,
            "text": f"{theme.current().text_percent} %",
            "screen": f"{screen.size().width()}x{screen.size().height()} at {screen.devicePixelRatio():g}",
        }

        def gather() -> str:
            counts = ctx.shop.counts()
            return diagnosis.report(
                ctx.home, counts={"customers": counts.customers, "orders": counts.orders}, look=look
            )

        ctx.operations.look(
            self, gather, done=lambda text: ctx.copy(text, said=_("Copied. Nothing about any customer is in it."))
        )

    def first_control(self) -> QWidget | None:
        """The way to the folder."""
        return self._open


def _named(what: str) -> str:
    return f"{names.SETTINGS}_{what}"


def _show(folder: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(folder))


def _flow(parent: QWidget, buttons: Sequence[Button]) -> QWidget:
    inner = QWidget(parent)
    flow = FlowLayout(inner, gap=8, line_gap=8)
    for button in buttons:
        flow.addWidget(button)
    return inner


def _grid(parent: QWidget, components: Sequence[Component]) -> QWidget:
    inner = QWidget(parent)
    grid = QGridLayout(inner)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(4)
    for row, each in enumerate(components):
        grid.addWidget(Text(each.name, inner, wrap=True), row, 0)
        grid.addWidget(Text(each.version, inner, tone="second"), row, 1)
        grid.addWidget(Text(each.licence, inner, tone="second", wrap=True), row, 2)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(2, 2)
    return inner
