"""The first run: what a shop is begun with, guessed and shown, and the place to drop the first export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QRunnable, Qt, QThreadPool, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base import clock, guesses, trades
from shopcrm.base.i18n import _
from shopcrm.base.paths import Home
from shopcrm.ui import icons, names, theme
from shopcrm.ui.appearance import LANGUAGE_NAMES
from shopcrm.ui.beginning import Beginning
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import ScrollArea
from shopcrm.ui.kit.combo import Combo
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import Icon, Text
from shopcrm.ui.parts.drop_zone import READABLE
from shopcrm.ui.parts.saving import ask_files

WIDTH = 760


class _Reading(QObject):
    """Makes the two long lists off the GUI thread: their names take longer than a window may stand still.

    Nobody's child: it is there as long as the thread works, and whom it tells may go meanwhile.
    """

    ready = Signal(object)  # guesses.Lists

    def start(self, language: str) -> None:
        def work() -> None:
            self.ready.emit(guesses.lists(language, at=clock.now()))

        QThreadPool.globalInstance().start(QRunnable.create(work))


class _Zone(QWidget):
    """The large dashed frame; files can be dropped anywhere on the window."""

    choose_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(names.IMPORT_DROP)
        self.setAccessibleName(_("Drop your first export here"))
        title = Text(_("Drop your first export here"), self, size=theme.TITLE, bold=True, wrap=True)
        words = Text(
            _(
                "The export of your marketplace as it is: csv, xlsx or xls. "
                "You see what it does before anything is written."
            ),
            self,
            tone="second",
            wrap=True,
        )
        self.choose = Button(
            _("Choose files"), self, kind="primary", icon="file-up", size="large", keys="Ctrl+O",
            name=names.IMPORT_CHOOSE,
        )  # fmt: skip
        self.choose.clicked.connect(self.choose_wanted)
        # With large text the ways below must still be seen without scrolling.
        large = theme.current().text_percent >= 150
        column = QVBoxLayout(self)
        edge = 14 if large else 28
        column.setContentsMargins(24, edge, 24, edge)
        column.setSpacing(6)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(Icon("file-spreadsheet", self, tone="accent", size=24 if large else 44), 0, middle)
        column.addSpacing(4)
        for text in (title, words):
            text.setAlignment(middle)
            column.addWidget(text)
        column.addSpacing(10)
        column.addWidget(self.choose, 0, middle)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = look.colour("accent")
        painter.setPen(QPen(theme.blend(accent, look.colour("border"), 0.5), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(theme.blend(look.colour("accent_soft"), look.colour("surface"), 0.4))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)


class _Logo(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(48, 48)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look = theme.current()
        mark = icons.logo(48, look.colours["accent"], look.colours["on_accent"], self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, mark)


class FirstRun(QWidget):
    """Nothing is made until the user drops a file, asks for the demo, or wants to begin empty."""

    begin_wanted = Signal(object)  # Beginning
    demo_wanted = Signal()
    language_chosen = Signal(str)

    def __init__(self, beginning: Beginning, home: Home, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.home = home
        self._beginning = beginning
        self.setObjectName(names.FIRST_RUN)
        self._build()
        self._wire()

    # Making it

    def _build(self) -> None:
        area = ScrollArea(self, margin=(24, 16, 24, 16), gap=0)
        inner = QWidget(area)
        inner.setMaximumWidth(theme.current().px(WIDTH))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12 if theme.current().text_percent >= 150 else 16)
        column.addLayout(self._head(inner))
        self._zone = _Zone(inner)
        column.addWidget(self._zone)
        column.addWidget(self._choices(inner))
        column.addLayout(self._ways(inner))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)
        area.body.addStretch(2)
        area.body.addLayout(row)
        area.body.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _head(self, parent: QWidget) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(_("Welcome to ShopCRM"), parent, size=theme.TITLE, bold=True, wrap=True))
        said = _("Who bought, who is due, what to say: from the orders you already have. They stay on this computer.")
        words.addWidget(Text(said, parent, tone="second", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(_Logo(parent), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        return row

    def _choices(self, parent: QWidget) -> QWidget:
        frame = QWidget(parent)
        flow = FlowLayout(frame, gap=12, line_gap=10)
        self._language = Combo(frame, label=_("Language"), name=names.FIRST_LANGUAGE, width=130)
        self._trade = Combo(frame, label=_("Trade"), name=names.FIRST_TRADE, width=170)
        self._currency = Combo(frame, label=_("Currency"), name=names.FIRST_CURRENCY, searchable=True, width=190)
        self._zone_of = Combo(frame, label=_("Time zone"), name=names.FIRST_ZONE, searchable=True, width=234)
        begun = self._beginning
        self._language.set_choices(LANGUAGE_NAMES, chosen=begun.language)
        kinds = [("", _("Not said")), *((key, trades.name(key)) for key in trades.NAMES)]
        self._trade.set_choices(kinds, chosen=begun.trade)
        for combo, code in ((self._currency, begun.currency), (self._zone_of, begun.timezone)):
            combo.set_choices([(code, code)], chosen=code)
        for combo in (self._language, self._trade, self._currency, self._zone_of):
            cell = QWidget(frame)
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(3)
            column.addWidget(Text(combo.accessibleName(), cell, size=theme.SMALL, tone="second"))
            column.addWidget(combo)
            flow.addWidget(cell)
        return frame

    def _ways(self, parent: QWidget) -> QHBoxLayout:
        self._demo = Button(_("Try the demo shop"), parent, icon="sparkles", size="large", name=names.FIRST_DEMO)
        self._empty = Button(_("Start empty"), parent, kind="ghost", size="large", name=names.FIRST_EMPTY)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._demo)
        row.addStretch(1)
        row.addWidget(self._empty)
        return row

    def _wire(self) -> None:
        self._zone.choose_wanted.connect(self.choose_files)
        self._demo.clicked.connect(self.demo_wanted)
        self._empty.clicked.connect(lambda: self.begin(()))
        self._language.picked.connect(self.language_chosen)
        self._trade.picked.connect(lambda code: self._set("trade", code))
        self._currency.picked.connect(lambda code: self._set("currency", code))
        self._zone_of.picked.connect(lambda code: self._set("timezone", code))
        self._reading = _Reading()
        self._reading.ready.connect(self._show_lists)
        self._reading.start(self._beginning.language)

    def _set(self, name: str, code: str) -> None:
        by_hand = self._beginning.by_hand | {name}
        self._beginning = replace(self._beginning, by_hand=by_hand, **{name: code})  # type: ignore[arg-type]

    def _show_lists(self, lists: guesses.Lists) -> None:
        for combo, choices, code in (
            (self._currency, lists.currencies, self._beginning.currency),
            (self._zone_of, lists.zones, self._beginning.timezone),
        ):
            combo.set_choices(guesses.offered(choices, code), chosen=code)

    # What was decided

    def beginning(self) -> Beginning:
        """What is shown now, in the language that is spoken now."""
        return self._beginning

    def first_focus(self) -> QWidget:
        """The way most go."""
        return self._zone.choose

    def begin(self, files: Sequence[Path]) -> None:
        """Make the shop with what is shown, and look at the files."""
        self.begin_wanted.emit(replace(self._beginning, files=tuple(files)))

    def choose_files(self) -> None:
        """Ask for the files to begin with."""
        tables, every = _("Tables"), _("All files")
        chosen: Callable[[list[Path]], None] = self.begin
        ask_files(self, title=_("Choose files"), kinds=f"{tables} ({READABLE});;{every} (*)", chosen=chosen)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(self.rect(), theme.current().colour("background"))
