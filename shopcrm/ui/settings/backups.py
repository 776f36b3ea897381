"""Backups (K2): what there is and what it holds, one more now, a second folder, and the way back to any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shopcrm.base import clock
from shopcrm.base.i18n import N_, _, sentences
from shopcrm.base.progress import Progress
from shopcrm.store.backup import Backup, Held
from shopcrm.ui import names, theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.question import Question
from shopcrm.ui.parts.saving import ask_files, ask_folder, ask_where
from shopcrm.ui.settings import backup_words
from shopcrm.ui.settings.section import LARGE_TEXT, Section

SHOP_FILE = (".db", N_("ShopCRM backup"))
ROWS_SEEN = 6


@dataclass(frozen=True)
class _Found:
    backups: tuple[Backup, ...]  # newest first
    now: Held
    at: datetime


class BackupsSection(Section):
    """A row is restored by the word at its end, by the button, or by Enter; asked once."""

    key = "backups"
    title = N_("Backups")
    icon = "history"

    def _build(self) -> None:
        self._rows: Mapping[int, Backup] = {}
        self._found: _Found | None = None
        self.body.addWidget(self._list())
        self.body.addWidget(self._moving())
        self._second_folder()
        self._wire()

    def _list(self) -> QWidget:
        card = Card(self, padding=0, gap=0)
        self._state = Text("", card, tone="second", wrap=True, name="backup_state")
        now = self._now = Button(
            _("Back up now"), card, kind="primary", icon="plus", size="medium", name=f"{names.BACKUP}_now"
        )
        head = QHBoxLayout()
        head.setContentsMargins(16, 14, 12, 10)
        head.setSpacing(12)
        words = Text(_("Backups"), card, size=theme.LEAD, bold=True)
        head.addWidget(words)
        head.addWidget(self._state, 1)
        head.addWidget(now)
        self._model = PagedTableModel(self._columns(), self)
        self._table = TableView(self._model, card, label=_("Backups"), name=f"{names.BACKUP}_table")
        look = theme.current()
        self._table.setMinimumHeight(look.px(34) + ROWS_SEEN * look.px(theme.ROW_HEIGHT) // (look.text_percent // 100))
        foot = FlowLayout(gap=8, line_gap=8)
        inner = QWidget(card)
        inner.setLayout(foot)
        self._restore = Button(_("Restore this one"), inner, icon="undo-2", name=f"{names.BACKUP}_restore")
        self._copy = Button(_("Save a copy of it"), inner, icon="download", name=f"{names.BACKUP}_copy")
        foot.addWidget(self._restore)
        foot.addWidget(self._copy)
        below = QHBoxLayout()
        below.setContentsMargins(16, 10, 12, 12)
        below.addWidget(inner)
        card.body.setContentsMargins(1, 1, 1, 1)
        card.body.addLayout(head)
        card.body.addWidget(self._table)
        card.body.addLayout(below)
        return card

    def _moving(self) -> QWidget:
        lines = self.card(
            _("To or from another computer"),
            _(
                "A shop moves by a backup: save a copy on a stick, and restore it there from the file. "
                "What stands here is kept."
            ),
        )
        self._from_file = Button(
            _("Restore from a file"), lines, icon="file-up", size="medium", name=f"{names.BACKUP}_from_file"
        )
        row = QHBoxLayout()
        row.addWidget(self._from_file)
        row.addStretch(1)
        lines.body.addLayout(row)
        return lines

    def _second_folder(self) -> None:
        lines = self.card(
            _("A second place"),
            _("On another disk or in the folder of a cloud: every new backup is copied there too."),
        )
        self._folder = Text("", lines, wrap=True, name="backup_folder")
        flow = FlowLayout(gap=8, line_gap=8)
        inner = QWidget(lines)
        inner.setLayout(flow)
        self._choose = Button(_("Choose a folder"), inner, size="medium", name=f"{names.BACKUP}_folder_choose")
        self._forget = Button(
            _("No second copy"), inner, kind="ghost", size="medium", name=f"{names.BACKUP}_folder_forget"
        )
        flow.addWidget(self._choose)
        flow.addWidget(self._forget)
        lines.body.addWidget(self._folder)
        lines.body.addWidget(inner)

    def _columns(self) -> tuple[Column, ...]:
        zone = self.ctx.zone

        def when(each: Backup) -> str:
            return backup_words.exactly(each.at.astimezone(zone))

        def ago(each: Backup) -> str:
            return backup_words.ago(each.at, now=clock.now())

        columns = (
            Column("ago", _("Made"), ago, width=126, tooltip=when),
            Column("at", _("When"), when, width=140, tone="second"),
            Column("reason", _("Why"), lambda each: backup_words.reason(each.reason), width=100, stretch=1,
                   tooltip=lambda each: backup_words.reason(each.reason)),
            Column("customers", _("Customers"), lambda each: f"{each.held.customers:,}", width=84, right=True),
            Column("orders", _("Orders"), lambda each: f"{each.held.orders:,}", width=84, right=True),
            Column("size", _("Size"), lambda each: backup_words.size(each.size), width=84, right=True, tone="second"),
            Column("restore", "", lambda _each: _("Restore"), width=100, paint=_paint_restore),
        )  # fmt: skip
        # Large text leaves no room for what the tooltip says too.
        spared = ("at", "customers", "size") if theme.current().text_percent >= LARGE_TEXT else ()
        return tuple(column for column in columns if column.key not in spared)

    def _wire(self) -> None:
        self._now.clicked.connect(self.back_up)
        self._restore.clicked.connect(self._ask_current)
        self._copy.clicked.connect(self._save_copy)
        self._table.clicked.connect(self._clicked)
        self._table.opened.connect(lambda _identifier: self._ask_current())
        self._from_file.clicked.connect(self._ask_file)
        self._choose.clicked.connect(self._ask_folder)
        self._forget.clicked.connect(lambda: self._use_folder(None))
        self.ctx.backups.made.connect(self.refresh)

    # Reading

    def refresh(self) -> None:
        """Look at the folder of backups, and what the shop holds now."""
        from shopcrm.app import restorable

        shop = self.ctx.shop
        self.ctx.operations.look(
            self,
            lambda: _Found(tuple(restorable(shop.home)), shop.held(), clock.now()),
            done=self._show,
            latest="backups",
        )
        self._show_folder()

    def _show(self, found: _Found) -> None:
        chosen = self._rows.get(self._table.current_id or 0)
        self._found = found
        self._rows = dict(enumerate(found.backups, 1))
        self._model.set_rows(self._rows)
        verified = next((each for each in found.backups if each.reason != "restore"), None)
        if verified is None:
            self._state.setText(_("No backup yet. One is made before every import and when the window closes."))
        else:
            self._state.setText(
                sentences(
                    _("The newest is verified and was made {ago}.").format(
                        ago=backup_words.ago(verified.at, now=found.at)
                    ),
                    _("All of it is in there.")
                    if verified.held == found.now
                    else _("Newer changes are not in it yet."),
                )
            )
        for button in (self._restore, self._copy):
            button.setEnabled(bool(self._rows))
        if self._rows:
            place = next((number for number, each in self._rows.items() if each == chosen), 1)
            self._table.go_to(place - 1)

    def _show_folder(self) -> None:
        folder = self.ctx.backups.folder
        self._folder.setText(str(folder) if folder else _("None chosen: backups lie beside the shop only."))
        self._folder.set_tone("text" if folder else "second")
        self._forget.setVisible(folder is not None)

    # Doing

    def back_up(self) -> None:
        """Make one now, unless the newest holds everything."""
        before = self._found.backups[0].path if self._found and self._found.backups else None

        def said(made: Backup) -> str:
            if made.path == before:
                return _("Nothing has changed since the newest backup")
            return _("Backed up and verified: {held}").format(held=backup_words.held(made.held))

        self.ctx.backups.by_hand(said=said)

    def _clicked(self, index: QModelIndex) -> None:
        column = self._model.column(index.column())
        if column is not None and column.key == "restore":
            self._ask_current()

    def _ask_current(self) -> None:
        chosen = self._rows.get(self._table.current_id or 0)
        if chosen is not None:
            when = backup_words.exactly(chosen.at.astimezone(self.ctx.zone))
            self._ask(chosen.path, chosen.held, _("Go back to {when}?").format(when=when))

    def _ask(self, path: Path, held: Held, title: str) -> None:
        if self.ctx.jobs.running:
            self.ctx.jobs.refused.emit()
            return
        now = self._found.now if self._found is not None else held
        lines = (
            _("It holds {then}; now there are {now}.").format(then=backup_words.held(held), now=backup_words.held(now)),
            _("The shop as it is now is kept beside it, so that this can be taken back."),
        )
        verb = _("Restore {orders}").format(orders=backup_words.orders(held.orders))
        Question(
            self.window(), title=title, lines=lines, verb=verb, wanted=lambda: self.restore_wanted.emit(path)
        ).open()

    def _ask_file(self) -> None:
        ask_files(
            self,
            title=_("Choose a backup"),
            kinds=f"{_(SHOP_FILE[1])} (*{SHOP_FILE[0]})",
            chosen=lambda paths: self.look_into(paths[0]),
        )

    def look_into(self, path: Path) -> None:
        """Look whether a file is a sound backup; then ask."""
        shop = self.ctx.shop

        def work(progress: Progress) -> Held:
            return shop.look_into(path, progress=progress)

        def done(held: Held) -> None:
            self._ask(path, held, _("Let the shop be what {file} holds?").format(file=path.name))

        self.ctx.jobs.run(self, work, _("Looking through the backup"), done=done)

    def _save_copy(self) -> None:
        chosen = self._rows.get(self._table.current_id or 0)
        if chosen is None:
            return
        day = f"{chosen.at.astimezone(self.ctx.zone):%Y-%m-%d}"

        def save(path: Path) -> None:
            self.ctx.jobs.run(
                self,
                lambda progress: self.ctx.shop.copy_backup(chosen, path, overwrite=True, progress=progress),
                _("Copying the backup"),
                done=lambda _none: self.ctx.messages.toast(_("Saved as {file}").format(file=path.name)),
            )

        ask_where(
            self,
            folder=self.ctx.exports_folder(),
            name=_("ShopCRM backup {day}").format(day=day),
            formats=(SHOP_FILE,),
            chosen=save,
        )

    def _ask_folder(self) -> None:
        ask_folder(self, title=_("A second folder for backups"), chosen=self._use_folder)

    def _use_folder(self, folder: Path | None) -> None:
        self.ctx.backups.choose_folder(folder)
        self._show_folder()

    def first_control(self) -> QWidget | None:
        """The list, where the arrows move."""
        return self._table if self._rows else self._now


def _paint_restore(painter: QPainter, rect: QRectF, _row: Backup) -> None:
    paint.verb(painter, rect, _("Restore"), icon="undo-2")
