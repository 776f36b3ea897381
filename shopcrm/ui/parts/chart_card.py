"""The card around a chart: title, one sentence, legend, and a menu with its table, its rule, picture and Excel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from shopcrm.act.workbook import Sheet
from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.charts.chart import Chart, tone_colour
from shopcrm.ui.context import Context
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.popover import Popover
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.figure_table import FigureTable, save_figures, save_picture

_PICTURE_SCALE = 2


class _Legend(QWidget):
    """A square in a tone and what it stands for."""

    def __init__(self, text: str, tone: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(round(look.metrics(theme.SMALL).horizontalAdvance(self._text)) + look.px(10) + 9, look.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        side = look.px(10)
        square = QRectF(0, (rect.height() - side) / 2, side, side)
        paint.ground(painter, square, fill=tone_colour(self._tone), radius=2)
        rest = rect.adjusted(side + 7, 0, 0, 0)
        paint.text(painter, rest, self._text, ink=look.colour("second"), size=theme.SMALL)


class ChartCard(Card):
    """`place` is where the chart goes; `show_sheet` gives what table and Excel show."""

    def __init__(
        self,
        ctx: Context,
        parent: QWidget | None = None,
        *,
        key: str,
        title: str,
        rule: str,
        legend: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(parent, gap=6, name=f"{names.CHART_CARD}_{key}")
        self._ctx, self._title, self._rule = ctx, title, rule
        self._sheet: Sheet | None = None
        self._state = Text("", self, tone="second", wrap=True)
        self._state.hide()
        self.tools = QHBoxLayout()
        self.tools.setSpacing(12)
        self._menu = Button(
            "", self, kind="ghost", icon="ellipsis", name=f"{names.CHART_MENU}_{key}",
            label=_("{chart}: table, rule, save").format(chart=title),
        )  # fmt: skip
        head, words = QHBoxLayout(), QVBoxLayout()
        head.setSpacing(10)
        words.setSpacing(2)
        head.addWidget(Text(title, self, size=theme.LEAD, bold=True, wrap=True), 1)
        for text, tone in legend:
            self.tools.addWidget(_Legend(text, tone, self))
        head.addLayout(self.tools)
        head.addWidget(self._menu)
        words.addLayout(head)
        words.addWidget(self._state)
        self.body.setContentsMargins(16, 12, 12, 14)
        self.body.addLayout(words)
        self.place = QVBoxLayout()
        self.place.setContentsMargins(0, 4, 4, 0)
        self.body.addLayout(self.place, 1)
        self._menu.clicked.connect(self._open_menu)

    def put(self, chart: Chart) -> None:
        """The chart stands in the card."""
        if chart.sizePolicy().verticalPolicy() == QSizePolicy.Policy.Expanding:
            self.place.addWidget(chart, 1)
        else:
            self.place.addWidget(chart)
            self.place.addStretch(1)

    def set_state(self, text: str) -> None:
        """The sentence below the title."""
        self._state.setText(text)
        self._state.setVisible(bool(text))

    def show_sheet(self, sheet: Sheet) -> None:
        """What table and Excel show."""
        self._sheet = sheet

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, do in (
            (_("Show as a table"), self.show_table),
            (_("How is this counted?"), self.explain),
            (_("Save as picture"), self.save_picture),
            (_("Save as Excel"), self.save_sheet),
        ):
            menu.addAction(text).triggered.connect(lambda _checked=False, do=do: do())
        menu.popup(self._menu.mapToGlobal(self._menu.rect().bottomLeft()))

    def show_table(self) -> None:
        """Its numbers in a window of their own."""
        if self._sheet is not None:
            FigureTable(self._ctx, self._sheet, self).open()

    def explain(self) -> None:
        """How it is counted."""
        Popover(self._title, self._rule, self, name=names.FIGURE_RULE).show_below(self._menu)

    def picture(self) -> QImage:
        """The card, twice as fine as on the screen."""
        image = QImage(self.size() * _PICTURE_SCALE, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(_PICTURE_SCALE)
        image.fill(QColor(theme.current().colour("background")))
        self.render(image)
        return image

    def save_picture(self) -> None:
        """Save it as a picture."""
        save_picture(self._ctx, self, name=self._title, image=self.picture())

    def save_sheet(self) -> None:
        """Save its numbers as a workbook."""
        sheet = self._sheet
        if sheet is not None:
            save_figures(self._ctx, self, name=self._title, sheets=lambda _tx: [sheet])
