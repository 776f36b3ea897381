"""A contact list as a file: of whom, with which columns (remembered on this PC)."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from shopcrm.act import fields, scripts
from shopcrm.act.contacts import Style
from shopcrm.act.fields import FIELDS, Field
from shopcrm.act.scripts import Script
from shopcrm.base.i18n import _, n_
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, ScrollArea
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.saving import save_contacts, save_customers, save_sms

REMEMBERED = "export_fields"
TABLE, SMS = "table", "sms"


class ExportPanel(Card):
    """The columns are chips in the order of the file."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=16, gap=10)
        self._ctx = ctx
        self._who = QComboBox(self)
        self._who.setObjectName(names.EXPORT_WHO)
        self._who.setAccessibleName(_("Whose list"))
        self._who.addItem(_("All customers"), "")
        for key in words.GROUPS:
            self._who.addItem(words.group(key), key)
        self._kind = Choice(self, label=_("As what"), name=names.EXPORT_KIND)
        self._kind.set_choices(
            [
                (TABLE, _("Table, xlsx or csv")),
                (Style.VCARD.value, _("Contact cards for a phone (vCard 3.0)")),
                (Style.VCARD_21.value, _("Contact cards for an old phone (vCard 2.1)")),
                (Style.VCARD_40.value, _("Contact cards, newest form (vCard 4.0)")),
                (Style.GOOGLE.value, _("Google contacts (csv)")),
                (Style.TEXTS.value, _("Mobile numbers for text messages (csv)")),
                (SMS, _("Text messages with words, for a vendor (xlsx)")),
            ],
            chosen=TABLE,
        )
        self._script = Choice(self, label=_("Which words"), name=names.EXPORT_SCRIPT)
        self._script.hide()
        self._words = Text("", self, tone="second", wrap=True, name=names.EXPORT_WORDS)
        self._filler = QWidget(self)  # where there are no columns to choose
        self._said = Text("", self, size=theme.SMALL, wrap=True, name=names.EXPORT_SAID)
        self._said.hide()
        self._bodies: dict[str, str] = {}  # of the scripts, by id
        self._count = Text("", self, size=theme.SMALL, tone="second", wrap=True)
        self._chips: dict[str, Button] = {}
        self._save = Button(_("Save as a file"), self, icon="download", size="medium", name=names.EXPORT_START)
        self._build()

    def _build(self) -> None:
        chosen = self._ctx.seat.text(REMEMBERED).split(",")
        self._known = [key for key in chosen if key]
        # A bare widget, so that the chips wrap to the width of the panel.
        inner = QWidget(self)
        inner.setObjectName("scroll_body")
        self._inner = inner
        self._flow = FlowLayout(inner, gap=4, line_gap=4)
        for field in FIELDS:
            self._add_chip(field)
        area = ScrollArea(self)
        area.body.addWidget(inner)
        area.body.addStretch(1)
        area.setMinimumHeight(theme.current().px(60))
        self.body.addWidget(Text(_("Export a contact list"), self, size=theme.LEAD, bold=True))
        self.body.addWidget(self._who)
        self.body.addWidget(self._kind)
        self.body.addWidget(self._script)
        self.body.addWidget(self._words)
        self._area = area
        self.body.addWidget(area, 1)
        self.body.addWidget(self._filler, 1)
        self.body.addWidget(self._count)
        row = QHBoxLayout()
        row.addWidget(self._save)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self._said)
        self._save.clicked.connect(self.save)
        self._kind.picked.connect(lambda _kind: self._tell())
        self._script.picked.connect(lambda _script: self._tell())
        for anew in (self._who.currentIndexChanged, self._kind.picked, self._script.picked):
            anew.connect(lambda _chosen: self._said.hide())  # it was told of another list
        self._tell()

    def _add_chip(self, field: Field) -> None:
        chip = Button(field.heading, self._inner, kind="view", name=f"{names.EXPORT_FIELD}_{field.key}")
        chip.setChecked(field.key in self._known if self._known else field.usual)
        chip.toggled.connect(self._changed)
        self._chips[field.key] = chip
        self._flow.addWidget(chip)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ctx.read(self, fields.of_shop, done=self._show_fields, latest="fields")
        self._ctx.read(self, scripts.listing, done=self._show_scripts, latest="scripts")

    def _show_fields(self, found: tuple[Field, ...]) -> None:
        """What the shop's trade keeps stands behind the fields of every shop."""
        known = {field.key: field.heading for field in found}
        for key in [key for key in self._chips if key not in known]:
            chip = self._chips.pop(key)
            self._flow.removeWidget(chip)
            chip.deleteLater()
        for field in found:
            if field.key not in self._chips:
                self._add_chip(field)
            elif self._chips[field.key].text() != field.heading:
                self._chips[field.key].set_text(field.heading)
        self._tell()

    def _show_scripts(self, found: list[Script]) -> None:
        self._bodies = {str(one.id): one.body for one in found}
        chosen = self._script.key() if self._script.key() in self._bodies else next(iter(self._bodies), "")
        self._script.set_choices([(str(one.id), one.title) for one in found], chosen=chosen)
        self._tell()

    def chosen_keys(self) -> list[str]:
        """The columns, in the file's order."""
        return [key for key, chip in self._chips.items() if chip.isChecked()]

    def _changed(self) -> None:
        # One that is not there now, of another trade, stays chosen.
        elsewhere = [key for key in self._known if key not in self._chips]
        self._known = [*self.chosen_keys(), *elsewhere]
        self._ctx.seat.put(REMEMBERED, ",".join(self._known))
        self._tell()

    def _tell(self) -> None:
        count, kind = len(self.chosen_keys()), self._kind.key()
        self._area.setVisible(kind == TABLE)  # contacts have their own columns
        self._filler.setVisible(kind != TABLE)
        self._script.setVisible(kind == SMS and bool(self._bodies))
        self._words.setText(self._bodies.get(self._script.key(), "") if kind == SMS else "")
        self._words.setVisible(bool(self._words.text()))
        if kind == TABLE:
            self._count.setText(n_("{n} column, xlsx or csv", "{n} columns, xlsx or csv", count).format(n=count))
        elif kind == SMS and not self._bodies:
            self._count.setText(_("Write a script first: its words are filled for each customer."))
        elif kind == SMS:
            self._count.setText(_("Number, name, the words filled, how many SMS; without those whose words have a gap"))
        elif kind == Style.TEXTS.value:
            self._count.setText(_("Number and name; without hidden, virtual and foreign numbers"))
        else:
            self._count.setText(_("Names, phones, e-mail, WeChat, birthdays, tags and addresses; notes stay here"))
        self._save.setEnabled(count > 0 if kind == TABLE else kind != SMS or bool(self._bodies))

    def save(self) -> None:
        """Ask where, and write it."""
        group = self._who.currentData() or None
        name = words.group(group) if group else _("Customers")
        if self._kind.key() == TABLE:
            save_customers(self._ctx, self, name=name, group=group, keys=self.chosen_keys(), told=self._told)
        elif self._kind.key() == SMS:
            body = self._bodies[self._script.key()]
            save_sms(self._ctx, self, name=name, body=body, group=group, told=self._told)
        else:
            style = Style(self._kind.key())
            save_contacts(self._ctx, self, name=name, group=group, style=style, told=self._told)

    def _told(self, said: str) -> None:
        """Keep in sight who was left out: the message is gone when one looks again after long work."""
        self._said.setText(said)
        self._said.show()
