"""The line above the customer table: what is typed to find somebody, and the conditions that hold, each a chip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from shopcrm.act.filters import Condition
from shopcrm.base.i18n import _, n_
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.edits import SearchBox
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.marks import TagChip
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import filter_words
from shopcrm.ui.parts.customer_columns import CustomerColumns

_AFTER_MS = 120  # the last key: the list is asked for when the hand rests


class FilterBar(QWidget):
    """Tells what is wanted; the page asks. `beside` takes what the page has to say of the same list."""

    text_changed = Signal(str)
    moved = Signal(int)
    left = Signal()  # Enter or Esc in the box: back to the table
    add_wanted = Signal()
    edit_wanted = Signal(int)  # which condition
    removed = Signal(int)
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = SearchBox(
            self,
            placeholder=_("Name, phone tail, tag"),
            label=_("Find in this list: words are looked for in names, numbers and tags"),
            clear_label=_("Show all of this list"),
            height=32,
            name=names.CUSTOMER_FIND,
        )
        self.box.setFixedWidth(min(theme.current().px(220), 360))
        self._add = Button(_("Filter"), self, kind="ghost", icon="funnel", name=names.FILTER_ADD)
        self._save = Button(_("Save as a view"), self, kind="ghost", icon="bookmark-plus", name=names.VIEW_SAVE)
        self._count = Text("", self, tone="second", size=theme.SMALL, name=names.FILTER_COUNT)
        self._chips = QWidget(self)
        self._flow = FlowLayout(self._chips, gap=6)
        self._chips.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self.beside = QHBoxLayout()
        self.beside.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.box)
        row.addWidget(self._add)
        row.addWidget(self._chips, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._save)
        row.addLayout(self.beside)
        row.addWidget(self._count)
        self._wire()

    def _wire(self) -> None:
        self.box.query_changed.connect(lambda _text: self._timer.start())
        self._timer.timeout.connect(lambda: self.text_changed.emit(self.box.query()))
        self.box.moved.connect(self.moved)
        self.box.submitted.connect(lambda _text: self._leave())
        self.box.escaped.connect(self._escape)
        self._add.clicked.connect(self.add_wanted)
        self._save.clicked.connect(self.save_wanted)

    def text(self) -> str:
        """What is typed."""
        return self.box.query()

    def set_text(self, text: str) -> None:
        """Type for the user: what was remembered."""
        if text != self.box.query():
            self.box.edit.setText(text)
        self._timer.stop()

    def begin(self, text: str) -> None:
        """Go on typing here: a letter was pressed in the table."""
        self.box.edit.setFocus()
        self.box.edit.setText(text)

    def show_conditions(self, conditions: Sequence[Condition], columns: CustomerColumns) -> None:
        """Show a chip for each."""
        inside = any(chip.hasFocus() for chip in self._chips.findChildren(TagChip))
        self._flow.clear()
        for place, condition in enumerate(conditions):
            words = filter_words.chip(condition, columns)
            label = _("{filter}: Enter changes it, Delete removes it").format(filter=words)
            chip = TagChip(words, self._chips, removable=True, label=label)
            chip.setObjectName(f"{names.FILTER_CHIP}_{place}")
            chip.removed.connect(lambda _text, place=place: self.removed.emit(place))
            chip.activated.connect(lambda place=place: self.edit_wanted.emit(place))
            self._flow.addWidget(chip)
            chip.show()
        if inside:
            # Whoever removes one with Delete may go on with the next.
            last = self._flow.itemAt(self._flow.count() - 1) if conditions else None
            widget = last.widget() if last is not None else self._add
            if widget is not None:
                widget.setFocus()
        self._flow.invalidate()
        self._chips.updateGeometry()

    def show_state(self, *, listed: int, total: int, changed: bool) -> None:
        """How many are listed, and whether what is asked is a view of its own by now."""
        said = n_("{n} customer", "{n} customers", listed).format(n=f"{listed:,}")
        if listed != total:
            said = _("{n} of {total}").format(n=f"{listed:,}", total=f"{total:,}")
        self._count.setText(said)
        self._save.setVisible(changed)

    def _leave(self) -> None:
        self._timer.stop()
        self.text_changed.emit(self.box.query())
        self.left.emit()

    def _escape(self) -> None:
        if self.box.query():
            self.box.clear()
            self._leave()
        else:
            self.left.emit()
