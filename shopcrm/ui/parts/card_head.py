"""The head of the card: who, group, tags, identities to copy, and the figures."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCompleter, QGridLayout, QSizePolicy, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.base.i18n import _, n_, p_
from shopcrm.collect import customers, history, tags
from shopcrm.collect.consents import CHANNELS
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, Line, StatTile
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.marks import Avatar, Badge, TagChip
from shopcrm.ui.kit.values import PAST_KEY, ElidedValue
from shopcrm.ui.parts import past_menu
from shopcrm.ui.parts.card_identities import CardIdentities, copy_identity

COMPACT_BELOW = 460
_CYCLE_TONES = {"due": "warn", "overdue": "warn", "at_risk": "bad", "gone": "third"}


class CardHead(Card):
    """Edits the name (F2, a click) and the tags by itself; the card reads anew when the shop has changed."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=20, gap=14)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._chips: list[TagChip] = []
        self._compact = False
        self._build()
        self._wire()

    def _build(self) -> None:
        self.body.setContentsMargins(20, 16, 20, 16)
        self._avatar = Avatar(self)
        self._name = ElidedValue("", self, size=theme.TITLE, bold=True, name=names.CARD_NAME)
        self._name_edit = LineEdit(self, label=_("Name"), name=names.CARD_NAME_EDIT)
        self._name_edit.setFixedWidth(theme.current().px(200))
        self._name_edit.hide()
        self._out = Badge("", self, name=names.CARD_OUT)
        self._group = Badge("", self, name=names.CARD_GROUP)
        self._tag_add = Button(
            "", self, kind="chip", icon="plus", size="small", name=names.CARD_TAG_ADD, label=_("Add a tag")
        )
        self._tag_add.setCheckable(False)
        self._tag_edit = LineEdit(self, placeholder=_("Tag, then Enter"), label=_("Tag"), name=names.CARD_TAG_EDIT)
        self._tag_edit.setFixedWidth(theme.current().px(130))
        self._tag_edit.hide()
        self._known_tags = QStringListModel(self)
        completer = QCompleter(self._known_tags, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := completer.popup()) is not None:
            popup.setObjectName("completions")
        self._tag_edit.setCompleter(completer)
        self._marks = FlowLayout(gap=8)
        self.identities = CardIdentities(self._ctx, self)
        self._who = QGridLayout()
        self._who.setHorizontalSpacing(12)
        self._who.setVerticalSpacing(6)
        self._who.setColumnStretch(1, 1)
        self._who.addLayout(self._marks, 0, 1)
        self._place_who()
        self.body.addLayout(self._who)
        self.body.addWidget(Line(self))
        self.body.addWidget(self._build_stats())
        for widget in (self._name, self._name_edit, self._out, self._group):
            self._marks.addWidget(widget)

    def _build_stats(self) -> QWidget:
        self._bought = StatTile(_("Bought"), self, beside=True)
        self._total = StatTile(_("Total spent"), self, beside=True)
        self._since = StatTile(_("Since the last"), self, beside=True)
        self._cycle = StatTile(_("Own cycle"), self, beside=True)
        self._refunds = StatTile(_("Refund rate"), self, beside=True)
        stats = QWidget(self)
        stats.setObjectName(names.CARD_STATS)
        stats.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._figures = FlowLayout(stats, gap=20, line_gap=10)
        for tile in self._tiles():
            tile.setMinimumWidth(theme.current().px(84))
            self._figures.addWidget(tile)
        return stats

    def _tiles(self) -> tuple[StatTile, ...]:
        return self._bought, self._total, self._since, self._cycle, self._refunds

    def _place_who(self) -> None:
        """The identities beside the disc, or below it over the whole width."""
        for widget in (self._avatar, self.identities):
            self._who.removeWidget(widget)
        top = Qt.AlignmentFlag.AlignTop
        self._who.addWidget(self._avatar, 0, 0, 1 if self._compact else 2, 1, top)
        self._who.addWidget(self.identities, 1, 0 if self._compact else 1, 1, 2 if self._compact else 1)

    def _make_compact(self, *, compact: bool) -> None:
        """In a narrow card: small figures in one row, with short words, and the name beside a smaller disc."""
        self._compact = compact
        self.body.setContentsMargins(*((14, 12, 14, 12) if compact else (20, 16, 20, 16)))
        self.body.setSpacing(10 if compact else 14)
        self._avatar.set_side(32 if compact else 44)
        self._name.set_size(theme.LEAD if compact else theme.TITLE)
        self._place_who()
        self._figures.set_gap(12 if compact else 20, spread=compact)
        labels = (
            (_("Bought"), p_("figure", "Total"), p_("figure", "Since last"), p_("figure", "Cycle"), _("Refund rate"))
            if compact
            else (_("Bought"), _("Total spent"), _("Since the last"), _("Own cycle"), _("Refund rate"))
        )
        for tile, label in zip(self._tiles(), labels, strict=True):
            tile.set_label(label)
            tile.set_size(theme.LEAD if compact else theme.TITLE)
            tile.setMinimumWidth(0 if compact else theme.current().px(84))
        if self._data is not None:
            self._show_stats(self._data)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = self.width() < theme.current().px(COMPACT_BELOW)
        if compact != self._compact:
            self._make_compact(compact=compact)

    def _wire(self) -> None:
        self._tag_add.clicked.connect(self.add_tag)
        self._tag_edit.submitted.connect(self._put_tag)
        self._tag_edit.escaped.connect(self._leave_tag)
        self._name.opened.connect(self.edit_name)
        self._name.asked.connect(self._ask_past)
        self._name_edit.installEventFilter(self)
        self._name_edit.submitted.connect(self._rename)
        self._name_edit.escaped.connect(self._leave_name)

    # Shown

    def show_data(self, data: CustomerData) -> None:
        """Show a customer."""
        changed = self._data is None or self._data.id != data.id
        self._data = data
        if changed:
            self._leave_name()
            self._leave_tag(focus=False)
        self._avatar.set_name(data.name)
        self._name.set_text(data.name)
        self._out.show_as(_opted_out(data), tone="bad")
        self._group.show_as(words.group(data.group), tone=data.group or "neutral")
        self._show_tags(data.tags, data.tag_colours)
        self.identities.show_data(data)
        self._show_stats(data)

    def _show_tags(self, shown: tuple[str, ...], colours: Mapping[str, str]) -> None:
        focused = next((place for place, chip in enumerate(self._chips) if chip.hasFocus()), None)
        for chip in self._chips:
            self._marks.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for widget in (self._tag_edit, self._tag_add):
            self._marks.removeWidget(widget)
        self._chips = []
        for tag in shown:
            label = _("Tag {tag}, Delete removes it").format(tag=tag)
            chip = TagChip(tag, self, removable=True, label=label, colour=colours.get(tag, ""))
            self._chips.append(chip)
            chip.setObjectName(f"{names.CARD_TAGS}_{tag}")
            chip.removed.connect(self._take_tag)
            self._marks.addWidget(chip)
            chip.show()
        for widget in (self._tag_edit, self._tag_add):
            self._marks.addWidget(widget)
        if focused is not None:
            # Whoever takes one off with Delete may go on with the next.
            (self._chips[min(focused, len(self._chips) - 1)] if self._chips else self._tag_add).setFocus()

    def _show_stats(self, data: CustomerData) -> None:
        figures = data.statistics
        times = n_("{n} time", "{n} times", figures.occasions).format(n=figures.occasions)
        self._bought.set_value(times)
        self._total.set_value(self._ctx.money(figures.net_total))
        if figures.last_at is None:
            self._since.set_value("—")
        else:
            days = (self._ctx.today - figures.last_at).days
            self._since.set_value(n_("{n} day", "{n} days", days).format(n=days))
        self._since.setToolTip(figures.last_at.isoformat() if figures.last_at else "")
        due = data.due
        if due is None:
            self._cycle.set_value("—")
        else:
            cycle = round(due.cycle_days)
            words_now = {
                "due": _("due now"),
                "overdue": _("overdue"),
                "at_risk": _("at risk"),
                "gone": _("gone"),
            }
            self._cycle.set_value(
                n_("{n} day", "{n} days", cycle).format(n=cycle),
                remark="" if self._compact else words_now.get(due.band, ""),
                remark_tone=_CYCLE_TONES.get(due.band, "second"),
            )
            self._cycle.setToolTip(words_now.get(due.band, ""))
        rate = figures.refund_rate
        self._refunds.set_value("—" if rate is None else f"{rate * 100:.0f} %")
        # In one row of four there is no room for "nothing came back".
        self._refunds.setVisible(not self._compact or bool(rate and round(rate * 100)))

    # Tags

    def add_tag(self) -> None:
        """Open the field for a tag."""
        if self._data is None:
            return
        self._tag_edit.setText("")
        self._tag_edit.show()
        self._tag_add.hide()
        self._marks.invalidate()
        self._tag_edit.setFocus()
        self._ctx.read(self, tags.all_tags, done=self._know_tags, latest="tags")

    def _know_tags(self, known: list[tags.Tag]) -> None:
        # What the customer wears is not offered again.
        worn = self._data.tags if self._data is not None else ()
        self._known_tags.setStringList([tag.name for tag in known if tag.name not in worn])

    def _put_tag(self, text: str) -> None:
        name, data = " ".join(text.split()), self._data
        if data is None or not name:
            self._leave_tag()
            return
        if name not in data.tags:
            self._ctx.write_undoable(
                self, lambda tx: tags.put(tx, [data.id], name=name), said=_("Tagged “{tag}”").format(tag=name)
            )
        self._leave_tag()

    def _leave_tag(self, *, focus: bool = True) -> None:
        had_focus = self._tag_edit.hasFocus()
        self._tag_edit.hide()
        self._tag_edit.setText("")
        self._tag_add.show()
        if focus and had_focus:
            self._tag_add.setFocus()

    def _take_tag(self, name: str) -> None:
        data = self._data
        if data is not None:
            self._ctx.write_undoable(
                self, lambda tx: tags.take(tx, [data.id], name=name), said=_("Tag “{tag}” removed").format(tag=name)
            )

    # Name

    def edit_name(self) -> None:
        """Open the name for editing, in place."""
        if self._data is None:
            return
        self._name_edit.setText(self._data.name)
        self._name.hide()
        self._name_edit.show()
        self._name_edit.setFocus()
        self._name_edit.selectAll()

    def _rename(self, text: str) -> None:
        data, name = self._data, text.strip()
        if data is not None and name and name != data.name:

            def failed(error: BaseException) -> None:
                self._ctx.messages.failure(error)
                if self._data is not None and self._data.id == data.id:  # what was typed is not lost
                    self.edit_name()
                    self._name_edit.setText(text)

            self._ctx.write_undoable(
                self, lambda tx: customers.rename(tx, data.id, name=name), said=_("Name changed"), failed=failed
            )
        self._leave_name()

    def _leave_name(self) -> None:
        had_keyboard = self._name_edit.hasFocus()
        self._name_edit.hide()
        self._name.show()
        if had_keyboard:
            self._name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """F4 in the open field tells of the name too."""
        keys = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if isinstance(event, QKeyEvent) and event.type() in keys and event.key() == PAST_KEY:
            event.accept()
            if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self._ask_past()
            return True
        return super().eventFilter(watched, event)

    def _ask_past(self) -> None:
        """Show what she was called before."""
        data = self._data
        if data is not None:
            self._ctx.read(
                self, lambda tx: history.of_field(tx, data.id, history.NAME), done=self._show_past, latest="past"
            )

    def _show_past(self, found: tuple[history.Past, ...]) -> None:
        anchor = self._name_edit if self._name_edit.isVisible() else self._name
        past_menu.show(
            self._ctx, anchor, label=_("Name"), found=found,
            put_back=lambda past: self._rename(past_menu.as_words(past.before)),
        )  # fmt: skip

    # Copies

    def copy_phone(self) -> None:
        """Copy the first phone."""
        phones = [line for line in self._data.identities if line.kind == "phone"] if self._data else []
        if phones:
            copy_identity(self._ctx, phones[0])


def _opted_out(data: CustomerData) -> str:
    """What she does not want to be written to by, in a word or two; "" for nothing."""
    if data.contact.opted_out:
        return _("Opted out")
    out = [_(CHANNELS[one.channel]) for one in data.contact.channels if one.state == "opted_out"]
    return _("Opted out: {channels}").format(channels=_(", ").join(out)) if out else ""
