"""The dark bar that floats over a list while rows of it are checked: what can be done with all of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QWidget

from shopcrm.base.i18n import _, n_
from shopcrm.ui import names, theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text

ABOVE_TOAST = 66


class SelectionBar(QWidget):
    """Floats at the bottom centre of its parent; hidden while nothing is checked."""

    tag_wanted = Signal(str)
    untag_wanted = Signal(str)
    worn_wanted = Signal()  # which tags can be taken off
    edit_wanted = Signal()
    export_wanted = Signal()
    sms_wanted = Signal()
    copy_wanted = Signal()
    cleared = Signal()
    edit_left = Signal()  # the keyboard has nowhere to be in the bar

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(names.SELECTION)
        self._over = parent
        self._known = QStringListModel(self)
        self._count = Text("", self, tone="on_float", bold=True, name=names.SELECTION_COUNT)
        # With large text the words would not fit: icons then, with the words where the mouse rests.
        brief = theme.current().text_percent >= 150

        def button(words: str, *, icon: str, name: str) -> Button:
            shown = "" if brief else words
            return Button(shown, self, kind="float", icon=icon, size="medium", name=name, label=words)

        self._tag = button(_("Add a tag"), icon="tag", name=names.SELECTION_TAG)
        self._untag = button(_("Take a tag off"), icon="tags", name=names.SELECTION_UNTAG)
        self._field = button(_("Set a field"), icon="pencil", name=names.SELECTION_FIELD)
        self._edit = LineEdit(self, placeholder=_("Tag, then Enter"), label=_("Tag"), name=names.SELECTION_TAG_EDIT)
        self._taking = False
        self._all_tags: Sequence[str] = ()
        self._export = button(_("Export"), icon="download", name=names.SELECTION_EXPORT)
        self._sms = button(_("Text messages"), icon="message-square-text", name=names.SELECTION_SMS)
        self._copy = button(_("Copy"), icon="copy", name=names.SELECTION_COPY)
        self._clear = Button(
            "Esc", self, kind="float", size="medium", name=names.SELECTION_CLEAR, label=_("Uncheck all")
        )
        self._build()
        self._wire()

    def _build(self) -> None:
        self._edit.hide()
        self._edit.setFixedWidth(theme.current().px(180))
        completer = self._completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := completer.popup()) is not None:
            popup.setObjectName("completions")
        self._edit.setCompleter(completer)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 6, 4)
        row.setSpacing(4)
        row.addWidget(self._count)
        row.addSpacing(6)
        for widget in (
            self._tag,
            self._untag,
            self._edit,
            self._field,
            self._export,
            self._sms,
            self._copy,
            self._clear,
        ):
            row.addWidget(widget)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()

    def _wire(self) -> None:
        self._over.installEventFilter(self)
        self._tag.clicked.connect(self.ask_tag)
        self._untag.clicked.connect(self.ask_untag)
        self._field.clicked.connect(self.edit_wanted)
        self._edit.submitted.connect(self._tagged)
        self._edit.escaped.connect(self._close_edit)
        self._export.clicked.connect(self.export_wanted)
        self._sms.clicked.connect(self.sms_wanted)
        self._copy.clicked.connect(self.copy_wanted)
        self._clear.clicked.connect(self.cleared)

    def show_count(self, count: int) -> None:
        """Show how many are checked; none hides the bar."""
        self._count.setText(n_("{n} checked", "{n} checked", count).format(n=f"{count:,}"))
        self.setAccessibleName(self._count.text())
        if not count:
            self._close_edit()
        self.setVisible(count > 0)
        self._place()

    def set_tags(self, tags: Sequence[str]) -> None:
        """The tags there are, to choose from while typing."""
        self._all_tags = tags
        if not self._taking:
            self._known.setStringList(list(tags))

    def set_worn(self, tags: Sequence[str]) -> None:
        """The tags that the checked wear, to be taken off."""
        if self._taking:
            self._known.setStringList(list(tags))
            if not self._edit.text():
                self._completer.setCompletionPrefix("")
                self._completer.complete()

    def ask_tag(self) -> None:
        """Open the field for a tag."""
        self._ask(taking=False, placeholder=_("Tag, then Enter"))
        self._known.setStringList(list(self._all_tags))

    def ask_untag(self) -> None:
        """Open the field for a tag that is taken off."""
        self._ask(taking=True, placeholder=_("Tag to take off"))
        self._known.setStringList([])
        self.worn_wanted.emit()

    def _ask(self, *, taking: bool, placeholder: str) -> None:
        self._taking = taking
        self._tag.hide()
        self._untag.hide()
        self._edit.setPlaceholderText(placeholder)
        self._edit.setAccessibleName(placeholder)
        self._edit.show()
        self._edit.setFocus()
        self._place()

    def _tagged(self, text: str) -> None:
        if text.strip():
            (self.untag_wanted if self._taking else self.tag_wanted).emit(text)
        self._close_edit()

    def _close_edit(self) -> None:
        had_focus = self._edit.hasFocus()
        self._taking = False
        self._edit.clear()
        self._edit.hide()
        self._tag.show()
        self._untag.show()
        if had_focus:
            self.edit_left.emit()
        self._place()

    def _place(self) -> None:
        self._row.activate()
        self.adjustSize()
        size = self.size()
        self.move((self._over.width() - size.width()) // 2, self._over.height() - size.height() - ABOVE_TOAST)
        self.raise_()

    def minimumSizeHint(self) -> QSize:
        # It floats: the page need not be wider for it.
        return self.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, rect = QPainter(self), QRectF(self.rect())
        paint.ground(painter, rect, fill=theme.current().colour("float"), radius=8)
