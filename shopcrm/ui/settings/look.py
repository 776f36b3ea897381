"""How the window looks on this PC (K4): language, theme, size of text. All of it works at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from shopcrm.base.i18n import N_, _
from shopcrm.base.options import LANGUAGE, TEXT_SIZE, THEME
from shopcrm.ui import names, theme, words
from shopcrm.ui.appearance import LANGUAGE_NAMES, TEXT_SIZES, THEMES
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.text import Text
from shopcrm.ui.settings.section import Section


class LookSection(Section):
    """Says what was chosen; the application does it."""

    key = "look"
    title = N_("Appearance")
    icon = "languages"  # whoever got lost in a foreign one looks for it

    def _build(self) -> None:
        seat = self.ctx.seat
        card = self.card(_("Appearance"), _("For this computer; it works at once."))
        self._language = self._choices(card, LANGUAGE.key)
        self._language.set_choices(LANGUAGE_NAMES, chosen=self.ctx.language)
        self._language.chosen.connect(lambda code: self.option_chosen.emit(LANGUAGE.key, code))
        card.line(_("Language"), self._language)
        themes = self._choices(card, THEME.key)
        themes.set_choices([(code, _(name)) for code, name in THEMES], chosen=seat.get(THEME))
        themes.chosen.connect(lambda code: self.option_chosen.emit(THEME.key, code))
        card.line(_("Theme"), themes, text=_("Ctrl+Shift+L switches between light and dark."))
        self._themes = themes
        sizes = self._choices(card, TEXT_SIZE.key)
        sizes.set_choices([(str(size), f"{size}%") for size in TEXT_SIZES], chosen=str(theme.current().text_percent))
        sizes.chosen.connect(lambda size: self.option_chosen.emit(TEXT_SIZE.key, int(size)))
        card.line(_("Text size"), sizes, text=_("Ctrl+= and Ctrl+- do it from anywhere."))
        card.body.addWidget(self._sample(card))

    def _choices(self, card: QWidget, key: str) -> Choices:
        return Choices(card, kind="view", name=f"{names.SETTINGS}_{key}")

    def _sample(self, card: QWidget) -> QWidget:
        """How a customer reads in this size and language."""
        ctx = self.ctx
        sample = Card(card, padding=16, gap=4, tone="background")
        sample.body.addWidget(Text("林小满 · Emma", sample, size=theme.TITLE, bold=True))
        line = _("{n} purchases · {total} · last bought {when}").format(
            n=6, total=ctx.money(428_650), when=words.days_ago(3)
        )
        sample.body.addWidget(Text(line, sample, wrap=True))
        sample.body.addWidget(Text(words.long_day(ctx.today), sample, size=theme.SMALL, tone="second"))
        return sample

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """The theme may have been switched elsewhere."""
        self._themes.set_choices([(code, _(name)) for code, name in THEMES], chosen=self.ctx.seat.get(THEME))

    def first_control(self) -> QWidget | None:
        """The language in use."""
        return self._language.findChild(Button, f"{names.SETTINGS}_{LANGUAGE.key}_{self.ctx.language}")
