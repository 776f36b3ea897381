"""What an import would do, before anything is written: counters, problems in words, the rows with their marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from shopcrm.base.i18n import _, n_, p_, sentences
from shopcrm.collect.fields import unescape
from shopcrm.collect.fixes import Fix
from shopcrm.collect.imports import FileReport, ImportReport
from shopcrm.collect.platforms import REVIEW
from shopcrm.collect.staged import ProblemGroup, Staged, StagedFile, StagedRow
from shopcrm.ui import names, theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.kit.cards import Card, ScrollArea, StatTile
from shopcrm.ui.kit.marks import Badge, badge_colours
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Elided, Icon, Text, plain_tooltip
from shopcrm.ui.parts import import_words
from shopcrm.ui.parts.import_problems import ImportProblems

_TONES: Final = {"new": "good", "changed": "info", "same": "neutral", "problem": "bad", "left_out": "neutral"}
_AMOUNT: Final = re.compile(r"[-−]?[\d,]*\.\d{1,4}|0|[-−]?\d{1,7}")
LARGE_TEXT: Final = 150
_LOOKED_AT: Final = 60  # rows by which columns are measured


@dataclass(frozen=True)
class Looked:
    """Files that were read and compared with the shop, nothing written yet."""

    staged: Staged
    report: ImportReport
    files: tuple[StagedFile, ...]
    rows: Mapping[int, Sequence[StagedRow]]
    said: Mapping[int, str] = field(default_factory=dict)  # by file the day on which its columns were named by hand
    groups: Mapping[int, Sequence[ProblemGroup]] = field(default_factory=dict)  # by file what is wrong with it
    fixes: tuple[Fix, ...] = ()  # chosen so far
    choices: Mapping[str, Any] = field(default_factory=dict)  # how else the files were read: mapping and such


class _Cell:
    """How one column of the file reads in the table."""

    def __init__(self, header: str, place: int) -> None:
        self._header, self._place = header, place

    def text(self, row: StagedRow) -> str:
        mended = row.mended.get(self._header)
        return self._written(row) if mended is None else mended or "—"

    def tooltip(self, row: StagedRow) -> str:
        return f"{self._written(row)} → {self.text(row)}" if self._header in row.mended else self.text(row)

    def _written(self, row: StagedRow) -> str:
        return unescape(row.cells[self._place]) if self._place < len(row.cells) else ""

    def _marked(self, row: StagedRow) -> bool:
        return self._header in row.problem_columns

    def tone(self, row: StagedRow) -> str:
        if self._marked(row):
            return "bad" if row.status == "problem" else "warn"
        return "good" if self._header in row.mended else "second"

    def ground(self, row: StagedRow) -> str:
        if self._marked(row):
            return "bad_soft" if row.status == "problem" else "warn_soft"
        return "good_soft" if self._header in row.mended else ""


def status_word(status: str) -> str:
    """A row's fate in a word."""
    return {
        "new": p_("row", "new"),
        "changed": p_("row", "changed"),
        "same": p_("row", "same"),
        "problem": p_("row", "problem"),
        "left_out": p_("row", "left out"),
    }.get(status, "")


def _paint_status(painter: QPainter, rect: QRectF, row: Any) -> None:
    if row.status:
        ink, fill = badge_colours(_TONES[row.status])
        paint.badge(painter, rect, status_word(row.status), ink=ink, fill=fill)


def file_columns(header: Sequence[str], rows: Sequence[StagedRow]) -> list[Column]:
    """The row's number, its fate, and the file's columns that hold anything, as wide as what is in them."""
    metrics, look = theme.current().metrics(), theme.current()
    scale = look.text_percent / 100
    widest = max(metrics.horizontalAdvance(word) for word in (_("Row"), "00,000"))
    fates = max(paint.badge_width(status_word(status)) for status in _TONES)
    columns = [
        Column("row", _("Row"), lambda row: f"{row.row:,}", width=int(widest / scale) + 24, right=True, tone="third"),
        Column(
            "status", "", lambda row: status_word(row.status), width=int(fates / scale) + 24, paint=_paint_status
        ),
    ]  # fmt: skip
    sample = rows[:_LOOKED_AT]
    for place, title in enumerate(header):
        cell = _Cell(title, place)
        values = [cell.text(row) for row in sample]
        marked = any(title in row.problem_columns for row in rows)
        if not marked and not any(values):
            continue
        width = max(metrics.horizontalAdvance(words) for words in (title.strip(), *values)) / scale + 28
        filled = [value for value in values if value]
        columns.append(
            Column(
                f"c{place}",
                title.strip(),
                cell.text,
                width=int(min(max(width, 72), 240)),
                right=bool(filled) and all(_AMOUNT.fullmatch(value) for value in filled),
                row_tone=cell.tone,
                ground=cell.ground,
                tooltip=cell.tooltip,
            )
        )
    return columns


class _Counter(Card):
    """A figure of the preview; it opens to its rows."""

    def __init__(self, label: str, parent: QWidget, *, tone: str, name: str) -> None:
        super().__init__(parent, padding=0, clickable=True, name=f"{name}_card")
        self.body.setContentsMargins(16, 12, 16, 10)
        self._ink = tone
        self._tile = StatTile(label, self, size=theme.DISPLAY, name=name)
        self.body.addWidget(self._tile)

    def name_it(self, label: str) -> None:
        """Say what it counts."""
        self._tile.set_label(label)

    def show_figure(self, figure: int, remark: str) -> None:
        """Show it; nothing at all is quiet."""
        tone = self._ink if figure else "third"
        large = theme.current().text_percent >= LARGE_TEXT
        self._tile.set_value(f"{figure:,}", remark="" if large else remark, tone=tone)
        self.setAccessibleName(self._tile.accessibleName())
        self._tile.setToolTip(plain_tooltip(remark))


class ImportPreview(QWidget):
    """Shown instead of the drop zone until the import is started or put aside."""

    import_wanted = Signal()
    cancelled = Signal()
    mapping_wanted = Signal()
    fix_wanted = Signal(object)  # Fix
    fix_dropped = Signal(object)  # Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(names.IMPORT_PREVIEW)
        self._looked: Looked | None = None
        self._file = 0
        self._only: ProblemGroup | None = None
        self._status = ""  # only rows of this fate, "" for all
        self._model = PagedTableModel((), self)
        self._table = TableView(self._model, self, label=_("Rows of the file"), name=names.IMPORT_TABLE)
        self._build()
        self._wire()

    # Making it

    def _build(self) -> None:
        self._title = Text(_("Import"), self, size=theme.TITLE, bold=True, name="page_title")
        self._files = Choices(self, kind="view", name=names.IMPORT_FILES)
        self._name = Elided("", self, size=theme.SMALL, tone="second", name="import_file_name")
        self._platform = Badge("", self, name="import_platform")
        self._facts = Elided("", self, tone="second", name="import_facts")
        self._mapping = Button(_("Other columns?"), self, kind="ghost", name=names.IMPORT_MAPPING)
        self._mapping.setToolTip(plain_tooltip(_("Say yourself what the columns of this file are.")))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(Icon("file-spreadsheet", self, size=16))
        head.addWidget(self._name)
        head.addWidget(self._platform)
        head.addWidget(self._facts, 1)
        head.addWidget(self._mapping)
        self._name.setMaximumWidth(theme.current().px(240))
        self._counters = {
            "new": _Counter(_("New orders"), self, tone="good", name="import_new"),
            "changed": _Counter(_("Changed"), self, tone="info", name="import_changed"),
            "same": _Counter(_("Same"), self, tone="second", name="import_same"),
            "problem": _Counter(_("With a problem"), self, tone="bad", name="import_problems"),
        }
        counters = QHBoxLayout()
        counters.setSpacing(12)
        for status, counter in self._counters.items():
            counters.addWidget(counter, 1)
            counter.clicked.connect(lambda status=status: self._show_status(status))
        self._problems = ImportProblems(self)
        self._rest = Text("", self, tone="second", size=theme.SMALL, wrap=True, name="import_rest")
        card = Card(self, padding=0, gap=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._table, 1)
        rest = QHBoxLayout()
        rest.setContentsMargins(12, 6, 12, 6)
        rest.addWidget(self._rest)
        card.body.addLayout(rest)
        tabs = QHBoxLayout()
        tabs.addWidget(self._files)
        tabs.addStretch(1)
        look = theme.current()
        self._table.setMinimumHeight(look.px(34) + 2 * look.px(theme.ROW_HEIGHT))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        middle = column
        if look.text_percent >= LARGE_TEXT:
            # Between head and foot it scrolls.
            area = ScrollArea(self)
            column.addWidget(area, 1)
            middle = area.body
        middle.addLayout(tabs)
        middle.addLayout(counters)
        middle.addWidget(self._problems)
        middle.addWidget(card, 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self._promise = Text(
            _("The whole import can be undone at any time; a backup is made first"), self, tone="second", wrap=True
        )
        self._cancel = Button(_("Cancel"), self, size="large", name=names.IMPORT_CANCEL)
        self._start = Button("", self, kind="primary", size="large", keys="Return", name=names.IMPORT_START)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(Icon("undo-2", self, size=16))
        foot.addWidget(self._promise, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._start)
        return foot

    def _wire(self) -> None:
        self._files.chosen.connect(lambda key: self._show_file(int(key)))
        self._mapping.clicked.connect(self.mapping_wanted)
        self._cancel.clicked.connect(self.cancelled)
        self._start.clicked.connect(self.import_wanted)
        self._problems.rows_wanted.connect(self._show_only)
        self._problems.fix_wanted.connect(self.fix_wanted)
        self._problems.fix_dropped.connect(self.fix_dropped)
        for keys, do in (("Return", self._submit), ("Enter", self._submit), ("Escape", self.cancelled.emit)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # For the page

    @property
    def looked(self) -> Looked | None:
        """What is previewed."""
        return self._looked

    def show_looked(self, looked: Looked, *, file: int = 1) -> None:
        """Show what an import of these files would do; of several first the one with this number."""
        self._looked = looked
        several = len(looked.files) > 1
        self._files.setVisible(several)
        self._name.setVisible(not several)
        if several:
            choices = [(str(place), file.name) for place, file in enumerate(looked.files)]
            self._files.set_choices(choices, chosen=str(file - 1))
        rows = import_words.taken_rows(looked.report.files)
        self._start.set_text(n_("Import {n} row", "Import {n} rows", rows).format(n=f"{rows:,}"))
        self._start.setEnabled(rows > 0)
        self._show_file(file - 1)

    def forget(self) -> None:
        """Nothing is previewed any more."""
        self._looked = None
        self._model.set_rows({})

    def set_busy(self, *, busy: bool) -> None:
        """While the import runs nothing can be started."""
        if busy:
            # A button that is disabled hands the focus to whatever comes next, out of the page.
            self._table.setFocus()
        for widget in (self._start, self._cancel, self._mapping, self._problems, self._files):
            widget.setEnabled(not busy)

    def current_file(self) -> int:
        """The number of the file that is shown, from 1."""
        return 1 if self._looked is None else self._looked.files[self._file].file

    def start_button(self) -> QWidget:
        """Where the keyboard belongs."""
        return self._start

    # Its own

    def _submit(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton) and focused is not self._start:
            focused.click()
        elif isinstance(focused, _Counter):
            focused.clicked.emit()
        elif self._start.isEnabled() and self._looked is not None:
            self.import_wanted.emit()

    def _show_file(self, place: int) -> None:
        if self._looked is None:
            return
        self._file, self._only, self._status = place, None, ""
        file, report = self._looked.files[place], self._looked.report.files[place]
        self._name.set_text(file.name)
        self._platform.show_as(import_words.report_name(report), tone="accent")
        self._facts.set_text(
            " · ".join(
                [
                    report.encoding.upper(),
                    n_("{n} row", "{n} rows", report.rows).format(n=f"{report.rows:,}"),
                    n_("{n} column", "{n} columns", report.columns).format(n=f"{report.columns:,}"),
                    *import_words.consents([report]),
                    *([] if report.report == REVIEW else import_words.reviews([report])),
                ]
            )
        )
        said = self._looked.said.get(file.file)
        self._mapping.set_text(
            _("Other columns?") if said is None else _("Read as you said on {day}. Change?").format(day=said)
        )
        self._count(report)
        groups = self._looked.groups.get(file.file, ())
        self._problems.show_groups(groups, self._looked.fixes, file=file.file)
        rows = self._looked.rows[file.file]
        self._model.set_columns(file_columns(file.header, rows))
        self._show_rows()

    def _count(self, report: FileReport) -> None:
        people = report.customers_new
        known = report.customers_changed
        titles = {"people": _("New customers"), REVIEW: _("New reviews")}
        self._counters["new"].name_it(titles.get(report.report, _("New orders")))
        if report.report == "people":
            self._count_people(report)
            return
        if report.report == REVIEW:
            self._count_reviews(report)
            return
        self._counters["new"].show_figure(
            report.orders_new, n_("{n} new customer", "{n} new customers", people).format(n=f"{people:,}")
        )
        self._counters["changed"].show_figure(
            report.orders_changed,
            n_("{n} known customer", "{n} known customers", known).format(n=f"{known:,}") if known else _("none"),
        )
        self._counters["same"].show_figure(report.orders_same, _("stay as they are"))
        self._show_rejected(report)

    def _count_people(self, report: FileReport) -> None:
        self._counters["new"].show_figure(report.people_new, _("become customers"))
        self._counters["changed"].show_figure(report.people_changed, _("get what was blank"))
        self._counters["same"].show_figure(report.people_same, _("stay as they are"))
        self._show_rejected(report)

    def _count_reviews(self, report: FileReport) -> None:
        orders = n_("{n} order", "{n} orders", report.orders_same).format(n=f"{report.orders_same:,}")
        self._counters["new"].show_figure(report.reviews_new, _("of {orders}").format(orders=orders))
        self._counters["changed"].show_figure(report.reviews_changed, _("get what was blank"))
        self._counters["same"].show_figure(report.orders_same, _("orders stay as they are"))
        self._show_rejected(report)

    def _show_rejected(self, report: FileReport) -> None:
        self._counters["problem"].show_figure(
            report.rejected, _("saved as a file for you afterwards") if report.rejected else _("everything can be read")
        )

    def _show_only(self, group: ProblemGroup) -> None:
        self._only, self._status = (None if self._only == group else group), ""
        self._show_rows()
        # From the table Enter imports, as the button below says.
        self._table.setFocus()
        if self._only is None:
            return
        for place, column in enumerate(self._model.columns):
            if column.title == group.column.strip():
                self._table.scrollTo(self._model.index(0, place))

    def _show_status(self, status: str) -> None:
        self._only, self._status = None, ("" if self._status == status else status)
        self._show_rows()

    def _show_rows(self) -> None:
        if self._looked is None:
            return
        file, report = self._looked.files[self._file], self._looked.report.files[self._file]
        rows = self._looked.rows[file.file]
        if self._only is not None:
            wanted = set(self._only.rows)
            rows = [row for row in rows if row.row in wanted]
        elif self._status:
            rows = [row for row in rows if row.status == self._status]
        for status, counter in self._counters.items():
            counter.set_chosen(status == self._status)
        self._problems.set_only(self._only)
        self._model.set_rows({row.row: row for row in rows})
        self._table.go_to(0 if rows else -1)
        self._table.horizontalScrollBar().setValue(0)
        parts = []
        if self._only is not None:
            told = n_("Only the row with this problem.", "Only the {n} rows with this problem.", len(rows))
            if len(rows) < self._only.count:
                told = _("Only the first {n} of {all} rows with this problem.")
            parts.append(told.format(n=f"{len(rows):,}", all=f"{self._only.count:,}"))
        elif self._status:
            some = n_(
                "Only “{status}”: {n} of the rows read for this look.",
                "Only “{status}”: {n} of the rows read for this look.",
                len(rows),
            )
            parts.append(some.format(status=status_word(self._status), n=f"{len(rows):,}"))
        elif (left := report.rows - len(rows)) > 0:
            parts.append(n_("… and {n} more row.", "… and {n} more rows.", left).format(n=f"{left:,}"))
        parts.append(_("Masked names and phones (张**, 138****1234) are only shown; nobody is recognised by them."))
        self._rest.setText(sentences(*parts))
