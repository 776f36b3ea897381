"""What the columns of an unknown table are (C2): guessed, said by hand, seen as it will be stored, remembered."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopcrm.base import platforms
from shopcrm.base.errors import Failure
from shopcrm.base.files import atomic_write, safe_name
from shopcrm.base.i18n import N_, _, n_
from shopcrm.collect import attributes, mapping_draft, mapping_file, mappings, trial
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.mapping_draft import Draft
from shopcrm.collect.staged import StagedFile
from shopcrm.collect.trial import Trial
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, ScrollArea
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Elided, Icon, Text
from shopcrm.ui.parts import mapping_words
from shopcrm.ui.parts.mapping_columns import MappingColumns, samples_of
from shopcrm.ui.parts.saving import ask_where
from shopcrm.ui.parts.trial_table import TrialTable

SIDE_WIDTH = 300
LARGE_TEXT = 150
TOML = (".toml", N_("Mapping"))


@dataclass(frozen=True)
class Peeked:
    """A table before anybody knows what it means, and what was said of it before."""

    path: Path
    file: StagedFile
    rows: tuple[tuple[str, ...], ...]
    said: mappings.Remembered | None
    passwords: tuple[str, ...] = field(default=(), repr=False)
    attributes: tuple[tuple[str, str], ...] = ()  # key and name of what the shop keeps of its customers


def peek(ctx: Context, path: Path, *, passwords: tuple[str, ...] = ()) -> Peeked:
    """Look at the first rows of a file, in the child process."""
    staged = ctx.shop.stage([path], peek=True, passwords=passwords)
    try:
        (file,) = staged.files()
        rows = tuple(row.cells for row in trial.rows(staged.file))
    finally:
        staged.close()
    with ctx.shop.read() as tx:
        kept = tuple((one.key, one.label) for one in attributes.defined(tx) if one.typed)
        return Peeked(path, file, rows, mappings.find(tx, file.header), passwords, kept)


class MappingEditor(QWidget):
    """Columns at the left, how they are written at the right, the first rows as they will be stored below."""

    accepted = Signal()  # said and remembered: the file can be read
    cancelled = Signal()
    forgotten = Signal()
    file_wanted = Signal()  # a mapping that stands in a file

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._peeked: Peeked | None = None
        self._draft: Draft | None = None
        self._states: list[Choice] = []
        self.setObjectName(names.MAPPING)
        self._build()
        self._wire()

    # Making it

    def _build(self) -> None:
        look = theme.current()
        self._name = Elided("", self, tone="second", name="mapping_file_name")
        self._facts = Elided("", self, tone="second", name="mapping_facts")
        self._name.setMaximumWidth(look.px(260))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(_("What are the columns?"), self, size=theme.TITLE, bold=True, name="page_title"))
        head.addWidget(Icon("file-spreadsheet", self, size=16))
        head.addWidget(self._name)
        head.addWidget(self._facts, 1)
        self._columns = MappingColumns(self)
        self._side = self._options()
        self._table = TrialTable(self._ctx, self)
        self._outcome = Elided("", self, tone="second", name="mapping_outcome")
        preview = Card(self, padding=0, gap=0)
        preview.body.setContentsMargins(1, 1, 1, 3)
        title = QHBoxLayout()
        title.setContentsMargins(16, 10, 16, 6)
        title.setSpacing(12)
        title.addWidget(Text(_("As it will be stored"), self, size=theme.LEAD, bold=True))
        title.addWidget(self._outcome, 1)
        preview.body.addLayout(title)
        preview.body.addWidget(self._table, 1)
        self._table.setMinimumHeight(look.px(34) + 3 * look.px(theme.ROW_HEIGHT))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        if look.text_percent >= LARGE_TEXT:
            area = ScrollArea(self)
            area.body.addWidget(self._columns)
            area.body.addWidget(self._side)
            area.body.addWidget(preview)
            self._columns.setMinimumHeight(look.px(230))
            column.addWidget(area, 1)
        else:
            middle = QHBoxLayout()
            middle.setSpacing(12)
            middle.addWidget(self._columns, 1)
            middle.addWidget(self._side)
            self._side.setFixedWidth(look.px(SIDE_WIDTH))
            column.addLayout(middle, 3)
            column.addWidget(preview, 2)
        column.addLayout(self._foot())

    def _options(self) -> QWidget:
        look = theme.current()
        card = Card(self, padding=0, gap=0)
        area = ScrollArea(card, margin=(16, 12, 16, 12), gap=10)
        card.body.addWidget(area)
        self._label = LineEdit(self, label=_("What to call this table"), name=names.MAPPING_LABEL)
        self._kind = Choice(self, label=_("What its rows are"), name=names.MAPPING_KIND)
        self._rule = Choice(self, label=_("How amounts are told"), name=names.MAPPING_RULE)
        self._decimal = Choice(self, label=_("How amounts are written"), name=names.MAPPING_DECIMAL)
        self._dates = Choice(self, label=_("How dates are written"), name=names.MAPPING_DATES)
        self._store = LineEdit(self, placeholder=_("none"), label=_("Store"), name=names.MAPPING_STORE)
        self._currency = LineEdit(self, label=_("Currency"), name=names.MAPPING_CURRENCY)
        self._date_part = _labelled(_("Dates"), self._dates, self)
        # What only orders have.
        self._of_orders = [
            _labelled(_("Amounts"), self._rule, self),
            _labelled(_("Cents after"), self._decimal, self),
            _labelled(_("Currency"), self._currency, self),
            _labelled(_("Store"), self._store, self),
        ]
        amounts, *others = self._of_orders
        for widget in (
            _labelled(_("What to call it"), self._label, self),
            _labelled(_("Each row is"), self._kind, self),
            amounts,
            self._date_part,
        ):
            area.body.addWidget(widget)
        self._states_part = QWidget(self)
        self._states_column = QVBoxLayout(self._states_part)
        self._states_column.setContentsMargins(0, 0, 0, 0)
        self._states_column.setSpacing(4)
        area.body.addWidget(self._states_part)
        for widget in others:
            area.body.addWidget(widget)
        area.body.addStretch(1)
        if look.text_percent < LARGE_TEXT:
            area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        return card

    def _foot(self) -> QVBoxLayout:
        self._ask = Text("", self, bold=True, tone="warn", wrap=True, name="mapping_ask")
        self._save = Button(_("Save as a file"), self, kind="ghost", icon="download", name=names.MAPPING_SAVE)
        self._file = Button(_("Use a mapping file"), self, kind="ghost", icon="columns-3", name=names.MAPPING_FILE)
        self._forget = Button(_("Forget"), self, kind="ghost", icon="trash-2", name=names.MAPPING_FORGET)
        self._cancel = Button(_("Cancel"), self, size="large", name=names.MAPPING_CANCEL)
        self._done = Button(
            _("Go on"), self, kind="primary", size="large", keys="Ctrl+Return", name=names.MAPPING_DONE
        )  # fmt: skip
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._save, self._file, self._forget):
            buttons.addWidget(button)
        foot = QVBoxLayout()
        foot.setSpacing(8)
        if theme.current().text_percent >= LARGE_TEXT:
            foot.addWidget(self._ask)
            buttons.addStretch(1)
            foot.addLayout(buttons)
            buttons = QHBoxLayout()
            buttons.setSpacing(8)
            buttons.addStretch(1)
        else:
            buttons.addWidget(self._ask, 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._done)
        foot.addLayout(buttons)
        return foot

    def _wire(self) -> None:
        self._columns.picked.connect(self._say_field)
        self._kind.picked.connect(self._say_kind)
        self._rule.picked.connect(lambda key: self._say(rule=key))
        self._decimal.picked.connect(lambda key: self._say(decimal=key))
        self._dates.picked.connect(lambda key: self._say(dates=key))
        self._label.textChanged.connect(lambda text: self._note(label=text.strip()))
        self._store.textChanged.connect(lambda text: self._note(store=text.strip()))
        self._currency.textChanged.connect(lambda text: self._note(currency=text.strip()))
        self._currency.editingFinished.connect(self._try)
        self._save.clicked.connect(self.save_file)
        self._file.clicked.connect(self.file_wanted)
        self._forget.clicked.connect(self.forget)
        self._cancel.clicked.connect(self.cancelled)
        self._done.clicked.connect(self.finish)
        for edit in (self._label, self._store, self._currency):
            edit.escaped.connect(self.cancelled)
            edit.submitted.connect(lambda _text: self._done.setFocus())
        for keys, do in (("Ctrl+Return", self.finish), ("Ctrl+Enter", self.finish), ("Escape", self.cancelled.emit)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(do)

    # For the page

    @property
    def peeked(self) -> Peeked | None:
        """The table it is about."""
        return self._peeked

    @property
    def draft(self) -> Draft | None:
        """What is said so far."""
        return self._draft

    def show_peeked(self, peeked: Peeked, draft: Draft | None = None) -> None:
        """Begin with what was said of the table before, else with a guess."""
        self._peeked = peeked
        currency = self._ctx.currency
        if draft is None and peeked.said is not None:
            draft = mapping_draft.said(peeked.file.header, peeked.rows, peeked.said.mapping, currency=currency)
        if draft is None:
            draft = mapping_draft.guessed(
                peeked.file.header, peeked.rows, file_name=peeked.file.name, currency=currency
            )  # fmt: skip
        self._draft = draft
        self._name.set_text(peeked.file.name)
        count = len(peeked.file.header)
        self._facts.set_text(
            f"{peeked.file.encoding.upper()} · " + n_("{n} column", "{n} columns", count).format(n=f"{count:,}")
        )
        self._forget.setVisible(peeked.said is not None)
        self._columns.set_attributes(peeked.attributes)
        self._columns.show_table(draft, peeked.rows)
        for edit, text in ((self._label, draft.label), (self._store, draft.store), (self._currency, draft.currency)):
            edit.blockSignals(True)  # noqa: FBT003  # Qt takes no keywords
            edit.setText(text)
            edit.setCursorPosition(0)
            edit.blockSignals(False)  # noqa: FBT003
        self._show_options()
        self._try()

    def first_focus(self) -> QWidget:
        """Where the keyboard belongs: the button that goes on, or the columns while something is missing."""
        missing = self._draft is not None and self._draft.missing()
        return (self._columns.first() or self._done) if missing else self._done

    # Saying

    def _say_field(self, place: int, wanted: str) -> None:
        if self._draft is None or self._peeked is None:
            return
        draft = self._draft.with_field(place, wanted)
        told = set(draft.fields.values())
        if draft.rule == "lines" and "order_total" in told and not told & {"line_total", "price"}:
            draft = replace(draft, rule="repeated")
        elif draft.rule != "lines" and "order_total" not in told and told & {"line_total", "price"}:
            draft = replace(draft, rule="lines")
        self._draft = mapping_draft.with_samples(draft, self._peeked.rows)
        self._columns.show_fields(self._draft)
        self._show_options()
        self._try()

    def _say_kind(self, kind: str) -> None:
        if self._draft is None or self._peeked is None:
            return
        self._draft = mapping_draft.of_kind(self._draft, kind, self._peeked.rows)
        self._columns.show_table(self._draft, self._peeked.rows)
        self._show_options()
        self._try()

    def _note(self, **said: str) -> None:
        if self._draft is not None:
            self._draft = replace(self._draft, **said)  # type: ignore[arg-type]  # texts
            self._show_missing()

    def _say(self, **said: str) -> None:
        self._note(**said)
        self._try()

    def _say_state(self, word: str, key: str) -> None:
        if self._draft is not None:
            states = {**self._draft.states, word: OrderState(key) if key else None}
            self._draft = replace(self._draft, states=states)
            self._try()

    def _show_options(self) -> None:
        draft, peeked = self._draft, self._peeked
        if draft is None or peeked is None:
            return
        self._kind.set_choices(mapping_words.kinds(), chosen=draft.kind)
        for part in self._of_orders:
            part.setVisible(draft.kind == "orders")
        self._rule.set_choices(mapping_words.rules(), chosen=draft.rule)
        self._decimal.set_choices(mapping_words.decimals(), chosen=draft.decimal)
        places = [
            place for name in ("paid_at", "created_at", "birthday") if (place := draft.place_of(name)) is not None
        ]
        sample = next((text for place in places for text in samples_of(peeked.rows, place)), "")
        self._dates.set_choices(mapping_words.readings(list(draft.readings), sample), chosen=draft.dates)
        self._date_part.setVisible(list(draft.readings) != ["usual"])
        self._show_states(draft)

    def _show_states(self, draft: Draft) -> None:
        while (item := self._states_column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._states = []
        self._states_part.setVisible(bool(draft.states))
        if not draft.states:
            return
        self._states_column.addWidget(Text(_("What its words mean"), self, tone="second", size=theme.SMALL))
        for place, (word, state) in enumerate(draft.states.items()):
            line = QWidget(self)
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            row.addWidget(Elided(word, line), 1)
            name = f"{names.MAPPING_STATE}_{place}"
            choice = Choice(line, label=_("What “{word}” means").format(word=word), name=name)
            choice.set_choices(mapping_words.states(), chosen=state.value if state is not None else "")
            choice.setFixedWidth(theme.current().px(140))
            choice.picked.connect(lambda key, word=word: self._say_state(word, key))
            row.addWidget(choice)
            self._states_column.addWidget(line)
            self._states.append(choice)

    def _show_missing(self) -> str:
        draft = self._draft
        ask = "" if draft is None else mapping_words.needed(draft.missing(), rule=draft.rule)
        if draft is not None and not ask and draft.kind == "orders" and not draft.is_currency():
            ask = _("“{value}” is not a currency. Write its three letters, like CNY, GBP or USD.").format(
                value=draft.currency
            )
        self._ask.setText(ask)
        self._ask.setVisible(bool(ask) or theme.current().text_percent < LARGE_TEXT)
        for button in (self._done, self._save):
            button.setEnabled(draft is not None and not ask)
        return ask

    def _try(self) -> None:
        """Read the first rows with what is said so far, in the child process."""
        draft, peeked, shop = self._draft, self._peeked, self._ctx.shop
        if draft is None or peeked is None:
            return
        if self._show_missing():
            self._table.show_trial(None, draft)
            self._outcome.set_text("")
            return
        text = mapping_file.as_toml(draft.mapping())

        def work() -> Trial:
            said = {mapping_file.fingerprint(peeked.file.header): text}
            staged = shop.stage([peeked.path], remembered=said, rows_at_most=trial.ROWS, passwords=peeked.passwords)
            try:
                return trial.read(staged.file)
            finally:
                staged.close()

        def tried(found: Trial) -> None:
            self._table.show_trial(found, draft)
            self._outcome.set_text(mapping_words.outcome(found))

        def failed(error: BaseException) -> None:
            self._table.show_trial(None, draft)
            if isinstance(error, Failure):
                self._outcome.set_text(error.message)
            else:
                self._ctx.messages.failure(error)

        self._ctx.operations.run(self, work, done=tried, failed=failed, latest="trial")

    # Done

    def finish(self) -> None:
        """Remember what was said and read the file by it."""
        draft, peeked = self._draft, self._peeked
        if draft is None or peeked is None or not self._done.isEnabled():
            return
        mapping = draft.mapping()
        self._ctx.write(
            self,
            lambda tx: mappings.remember(tx, peeked.file.header, mapping),
            done=lambda _change_set: self._remembered(mapping.platform, mapping.label),
        )

    def _remembered(self, platform: str, label: str) -> None:
        platforms.learn({platform: label})
        self.accepted.emit()

    def forget(self) -> None:
        """Read such tables as if nothing had been said."""
        said = None if self._peeked is None else self._peeked.said
        if said is not None:
            self._ctx.write_undoable(
                self,
                lambda tx: mappings.forget(tx, said.id),
                said=_("“{name}” forgotten").format(name=said.label),
                done=lambda _change_set: self.forgotten.emit(),
            )

    def save_file(self) -> None:
        """Save the mapping for the command line and for other computers."""
        if self._draft is None:
            return
        text = mapping_file.as_toml(self._draft.mapping())

        def save(path: Path) -> None:
            self._ctx.operations.run(
                self,
                lambda: atomic_write(path, text.encode()),
                done=lambda _none: self._ctx.messages.toast(_("Saved to {file}").format(file=path.name)),
            )

        name = safe_name(self._draft.label, fallback=_("Mapping"))
        ask_where(self, folder=self._ctx.exports_folder(), name=name, formats=(TOML,), chosen=save)


def _labelled(words: str, field: QWidget, parent: QWidget) -> QWidget:
    part = QWidget(parent)
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3)
    column.addWidget(Text(words, part, tone="second", size=theme.SMALL))
    column.addWidget(field)
    return part
