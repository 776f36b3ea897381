"""A field of several customers set at once: before anything is written it says how many change, and from what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act import bulk_edit
from shopcrm.act.bulk_edit import Planned
from shopcrm.act.fields import Field, Kind
from shopcrm.base.errors import Failure
from shopcrm.base.i18n import _, n_
from shopcrm.store.columns import Ints
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import filter_words
from shopcrm.ui.parts.customer_columns import CustomerColumns

_AFTER_MS: Final = 150
Known = tuple[tuple[Field, tuple[tuple[str, str], ...]], ...]  # a field and what is chosen for it


class BulkDialog(QDialog):
    """Tells what is wanted: (field, what is typed, how many change)."""

    def __init__(
        self, ctx: Context, parent: QWidget, *, ids: Ints, columns: CustomerColumns,
        wanted: Callable[[str, str, int], None],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._ctx, self._ids, self._columns, self._wanted = ctx, ids, columns, wanted
        self._known: dict[str, tuple[Field, tuple[tuple[str, str], ...]]] = {}
        self._planned: Planned | None = None
        self.setObjectName(names.BULK)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        said = n_("Set a field of {n} customer", "Set a field of {n} customers", len(ids))
        title = said.format(n=f"{len(ids):,}")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._field = Choice(self, label=_("Field"), name=names.BULK_FIELD, letters=16)
        self._choice = Choice(self, label=_("Value"), name=names.BULK_CHOICE, letters=16)
        self._text = LineEdit(
            self, placeholder=_("Nothing typed clears the field"), label=_("Value"), name=names.BULK_TEXT
        )
        self._plan = Text("", self, tone="second", wrap=True, name=names.BULK_PLAN)
        self._error = Text("", self, tone="bad", size=theme.SMALL, wrap=True, name=f"{names.BULK}_error")
        self._take = Button(_("Set"), self, kind="primary", size="medium", keys="Ctrl+Return", name=names.BULK_TAKE)
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._build(title)
        self._wire()
        ctx.read(self, self._fields, done=self._know)

    @staticmethod
    def _fields(tx: Any) -> Known:
        return tuple((one, bulk_edit.choices(tx, one.key)) for one in bulk_edit.editable(tx))

    def _build(self, title: str) -> None:
        self._choice.hide()
        self._error.hide()
        self._take.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(Text(title, self, size=theme.LEAD, bold=True, wrap=True))
        for widget in (self._field, self._choice, self._text, self._error, self._plan):
            column.addWidget(widget)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        leave = Button(_("Cancel"), self, size="medium", name=names.BULK_CANCEL)
        leave.clicked.connect(self.reject)
        row.addWidget(leave)
        row.addWidget(self._take)
        column.addLayout(row)
        self.setMinimumWidth(min(theme.current().px(440), 1000))

    def _wire(self) -> None:
        self._field.picked.connect(lambda _key: self._show_value())
        self._choice.picked.connect(lambda _key: self._look())
        self._text.textChanged.connect(lambda _text: self._timer.start())
        self._text.submitted.connect(lambda _text: self._submit())
        self._text.escaped.connect(self.reject)
        self._timer.timeout.connect(self._look)
        self._take.clicked.connect(self._submit)

    def _know(self, known: Known) -> None:
        self._known = {field.key: (field, choices) for field, choices in known}
        shown = [(field.key, field.heading) for field, _choices in known]
        self._field.set_choices(shown, chosen=shown[0][0] if shown else "")
        self._field.setFocus()
        self._show_value()

    def _show_value(self) -> None:
        field, choices = self._known.get(self._field.key(), (None, ()))
        self._choice.setVisible(bool(choices))
        self._text.setVisible(not choices)
        if choices:
            self._choice.set_choices([("", _("nothing")), *choices], chosen=choices[0][0])
        self._text.clear()
        if field is not None:
            self._look()
        self.adjustSize()

    def _typed(self) -> str:
        return self._choice.key() if self._choice.isVisibleTo(self) else self._text.text()

    def _look(self) -> None:
        """Work out what would become of them."""
        self._timer.stop()
        self._planned = None
        self._take.setEnabled(False)
        ctx, ids, key, typed = self._ctx, self._ids, self._field.key(), self._typed()
        if not key:
            return
        ctx.read(
            self, lambda tx: bulk_edit.plan(tx, ctx.shop.columns(), ids, key=key, typed=typed),
            done=self._tell, failed=self._refuse, latest="plan",
        )  # fmt: skip

    def _tell(self, planned: Planned) -> None:
        self._planned = planned
        self._error.hide()
        said = n_("{n} of {total} changes", "{n} of {total} change", planned.changed)
        lines = [said.format(n=f"{planned.changed:,}", total=f"{planned.customers:,}")]
        told, nothing = planned.before, _("nothing")
        to = self._words(self._typed()) or nothing
        lines += [f"{self._words(value) or nothing} → {to}: {count:,}" for value, count in told]
        rest = planned.changed - sum(count for _value, count in told)
        if rest > 0:
            lines.append(_("other values → {value}: {n}").format(value=to, n=f"{rest:,}"))
        self._plan.setText("\n".join(lines))
        self._take.set_text(
            n_("Set for {n} customer", "Set for {n} customers", planned.changed).format(n=f"{planned.changed:,}")
        )
        self._take.setEnabled(planned.changed > 0)
        self.adjustSize()

    def _words(self, value: str) -> str:
        field, choices = self._known[self._field.key()]
        shown = dict(choices).get(value)
        return shown or (filter_words.value(field, value) if field.kind is not Kind.BIRTHDAY else value)

    def _refuse(self, failure: BaseException) -> None:
        if not isinstance(failure, Failure):
            raise failure
        self._plan.setText("")
        self._error.setText(failure.message)
        self._error.show()
        self.adjustSize()

    def _submit(self) -> None:
        """Once more and it is written; while the plan is on its way Enter waits for it."""
        if self._planned is None or not self._planned.changed:
            if self._timer.isActive():
                self._look()
            return
        key, typed, changed = self._field.key(), self._typed(), self._planned.changed
        self.accept()
        self._wanted(key, typed, changed)
