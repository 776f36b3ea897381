"""A form to be filled by keyboard: Enter goes on to the next field, Ctrl+Enter saves, errors stand at their field.

Left without saving, what was typed is kept for the session: Undo brings it back, and it is offered in the next form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import theme
from shopcrm.ui.context import Context, Unsaved
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner, ScrollArea
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.reading_order import lead_tab, stops
from shopcrm.ui.kit.text import Text

_TOLD: Final = 3  # so many of its texts say which draft is meant
_TOLD_OF_EACH: Final = 60  # characters


class Form(QDialog):
    """A subclass adds its fields in `_build` and writes in `save`."""

    prefix: ClassVar[str]
    wide: ClassVar[int] = 460

    def __init__(self, ctx: Context, parent: QWidget, *, title: str, again: Callable[[], Form]) -> None:
        """`again` makes the same form once more, for a draft to be taken up."""
        super().__init__(parent)
        self._ctx, self._again = ctx, again
        self._errors: dict[str, Text] = {}
        self._fields: dict[str, QWidget] = {}
        self._first: dict[str, str] = {}  # what the fields held when it was opened
        self._busy = False
        self.setObjectName(f"{self.prefix}_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._area = ScrollArea(self, margin=(24, 4, 24, 8), gap=10)
        self.rows = self._area.body
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 20, 0, 16)
        column.setSpacing(8)
        head = Text(title, self, size=theme.TITLE, bold=True, name="dialog_title")
        head.setContentsMargins(24, 0, 24, 0)
        column.addWidget(head)
        column.addWidget(self._area, 1)
        column.addLayout(self._foot())
        self._earlier = self._offer_of_earlier()
        self._build()
        self.rows.addStretch(1)
        lead_tab(stops(self))
        self._first = self._texts()
        self._show_earlier()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        self.fit()

    # For the subclass

    def _build(self) -> None:
        """Add the fields."""

    def save(self) -> None:
        """Write what is typed."""

    def add_field(self, key: str, label: str, field: QWidget, *, beside: QWidget | None = None) -> None:
        """A field under its label, with room for what is wrong with it."""
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Text(label, part, tone="second", size=theme.SMALL))
        if beside is None:
            column.addWidget(field)
        else:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(beside)
            row.addWidget(field, 1)
            column.addLayout(row)
        column.addWidget(self.error_of(key, part))
        self.rows.addWidget(part)
        self.know(key, field)

    def error_of(self, key: str, parent: QWidget) -> Text:
        """Where it stands what is wrong with a field."""
        error = Text("", parent, tone="bad", size=theme.SMALL, wrap=True, name=f"{self.prefix}_{key}_error")
        error.hide()
        self._errors[key] = error
        return error

    def error_label(self, key: str) -> Text:
        """The words below a field."""
        return self._errors[key]

    def know(self, key: str, field: QWidget) -> None:
        """A field that stands somewhere: Enter goes on, Esc leaves, typing takes its error away."""
        self._fields[key] = field
        if isinstance(field, LineEdit):
            field.submitted.connect(lambda _text: self.focusNextChild())
            field.escaped.connect(self.reject)
            field.textChanged.connect(lambda _text: self.show_error(key, ""))

    def edit(self, key: str, label: str, *, placeholder: str = "") -> LineEdit:
        """A line to type in."""
        return LineEdit(self, placeholder=placeholder, label=label, name=f"{self.prefix}_{key}")

    def show_error(self, key: str, text: str) -> None:
        """Say at a field what is wrong with it; "" takes it away."""
        field = self._fields.get(key)
        error = self._errors.get(key)
        if error is not None:
            error.setText(text)
            error.setVisible(bool(text))
            if text:
                QTimer.singleShot(0, self, self.fit)
        if isinstance(field, QLineEdit) and (field.property("bad") == "true") != bool(text):
            field.setProperty("bad", "true" if text else "false")
            field.style().unpolish(field)
            field.style().polish(field)
        if text and field is not None:
            field.setFocus()
            self._area.ensureWidgetVisible(field)

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        for key in self._errors:
            self.show_error(key, "")

    def set_busy(self, *, busy: bool) -> None:
        """While it is being written nothing is pressed twice; if it fails, a form that was left comes back."""
        self._busy = busy
        self.save_button.setEnabled(not busy)
        if not busy and self.isHidden():
            self.open()

    # What was typed and is not saved

    @property
    def draft_key(self) -> str:
        """Under which its drafts are kept."""
        return self.prefix

    def draft(self) -> Unsaved | None:
        """What is typed; None while the form is as it was opened."""
        texts = self._texts()
        return None if texts == self._first else Unsaved(texts)

    def take_up(self, draft: Unsaved) -> None:
        """Show what was typed before in place of what is typed now."""
        for key in [*draft.texts, *(key for key in self._fields if key not in draft.texts)]:
            field, text = self._fields.get(key), draft.texts.get(key, "")
            if isinstance(field, Choice):
                field.set_key(text)
            elif isinstance(field, QLineEdit):
                field.setText(text)
        next(iter(self._fields.values())).setFocus()

    def done(self, result: int) -> None:
        """Close; the keyboard goes back to the window it came from, not to the main one beside a side panel."""
        parent = self.parentWidget()
        window = parent.window() if parent is not None and self.isActiveWindow() else None
        super().done(result)
        if window is not None and window.isVisible():
            window.activateWindow()

    def reject(self) -> None:
        """Leave without saving. What is just being written is only put out of sight."""
        if self._busy:
            self.hide()
            return
        draft = self.draft()
        if draft is not None:
            self._keep(draft)
        super().reject()

    def _keep(self, draft: Unsaved) -> None:
        ctx, drafts, again = self._ctx, self._drafts, self._again

        def take_up() -> None:
            if draft not in drafts:
                ctx.messages.toast(_("Nothing to undo here."), icon="info")
                return
            drafts.remove(draft)
            form = again()
            form.take_up(draft)
            form.open()

        drafts.append(draft)
        ctx.messages.toast(_("Closed without saving. What you typed is kept."), undo=take_up, icon="pencil")

    @property
    def _drafts(self) -> list[Unsaved]:
        return self._ctx.unsaved.setdefault(self.draft_key, [])

    def _texts(self) -> dict[str, str]:
        return {
            key: field.key() if isinstance(field, Choice) else field.text()
            for key, field in self._fields.items()
            if isinstance(field, Choice | QLineEdit)
        }

    def _offer_of_earlier(self) -> Banner:
        banner = Banner("", self, icon="pencil")
        take = Button(_("Go on with it"), banner, name=f"{self.prefix}_draft_take")
        drop = Button(
            "", banner, kind="ghost", icon="trash-2", label=_("Throw it away"), name=f"{self.prefix}_draft_drop"
        )
        take.clicked.connect(self._take_earlier)
        drop.clicked.connect(self._drop_earlier)
        banner.body.addWidget(take)
        banner.body.addWidget(drop)
        self.rows.addWidget(banner)
        return banner

    def _show_earlier(self) -> None:
        drafts = self._drafts
        self._earlier.setVisible(bool(drafts))
        if drafts:
            told = [_beginning(text) for key, text in drafts[-1].texts.items() if text and text != self._first.get(key)]
            self._earlier.text.setText(_("Typed before and not saved: {text}").format(text=", ".join(told[:_TOLD])))
        QTimer.singleShot(0, self, self.fit)

    def _take_earlier(self) -> None:
        """What is typed by now is kept in its place."""
        now, earlier = self.draft(), self._drafts.pop()
        if now is not None:
            self._drafts.append(now)
        self.take_up(earlier)
        self._show_earlier()

    def _drop_earlier(self) -> None:
        self._drafts.pop()
        self._show_earlier()
        next(iter(self._fields.values())).setFocus()

    # Its own

    def _foot(self) -> QHBoxLayout:
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(24, 0, 24, 0)
        self.foot.setSpacing(8)
        self.foot.addStretch(1)
        cancel = Button(_("Cancel"), self, size="medium", name=f"{self.prefix}_cancel")
        cancel.clicked.connect(self.reject)
        self.save_button = Button(
            _("Save"), self, kind="primary", size="medium", keys="Ctrl+Return", name=f"{self.prefix}_save"
        )
        self.save_button.clicked.connect(self.save)
        self.foot.addWidget(cancel)
        self.foot.addWidget(self.save_button)
        return self.foot

    def fit(self) -> None:
        """As high as its fields want, at most as its window; it never shrinks under the hand."""
        look, parent = theme.current(), self.parentWidget()
        room = parent.window().size() if parent is not None else self.screen().availableSize()
        inner = self._area.widget()
        wanted = look.px(130)
        if inner is not None and (column := inner.layout()) is not None:
            column.activate()
            wide = min(look.px(self.wide), room.width() - 40)
            wanted += max(column.totalHeightForWidth(wide - 12), column.totalSizeHint().height())
        height = min(max(wanted, self.height() if self.isVisible() else 0), room.height() - 40)
        self.resize(min(look.px(self.wide), room.width() - 40), height)


def _beginning(text: str) -> str:
    """As much of a text as tells it from others: a label that holds all of it is laid out for seconds."""
    return text if len(text) <= _TOLD_OF_EACH else f"{text[:_TOLD_OF_EACH]}…"
