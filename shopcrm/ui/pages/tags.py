"""Tags in one place: how many wear each, its colour and group; renamed, merged, removed, each with undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QKeySequence, QPainter, QPixmap, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget

from shopcrm.act import filters
from shopcrm.act.filters import Condition, Test
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_, p_
from shopcrm.base.matching import rank
from shopcrm.collect import tags
from shopcrm.collect.tags import COLOURS, Tag
from shopcrm.ui import names, theme
from shopcrm.ui.context import Listing
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.edits import SearchBox
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts.name_dialog import NameDialog

_NO_GROUP: Final = "—"


class TagsPage(Page):
    """Opened from the customers: one line a tag, by group and then by how many wear it."""

    key = "tags"
    title = N_("Tags")
    icon = "tags"
    reads = Changes.TAGS | Changes.CUSTOMERS

    def _build(self) -> None:
        self._tags: dict[int, Tag] = {}
        self.head = PageHead(_(self.title), self)
        self._back = Button(_("Customers"), self, kind="ghost", icon="users", name=f"{names.TAGS}_back")
        self._new = Button(_("New tag"), self, kind="primary", icon="plus", name=f"{names.TAGS}_new")
        self.head.buttons.addWidget(self._back)
        self.head.buttons.addWidget(self._new)
        self._find = SearchBox(
            self, placeholder=_("Find a tag"), label=_("Find a tag"), height=32, name=f"{names.TAGS}_find"
        )
        self._find.setMaximumWidth(theme.current().px(260))
        self._deeds = [
            self._button(_("Open the list"), "users", "open", self._open),
            self._button(_("Rename"), "pencil", "rename", self._rename),
            self._button(_("Colour"), "palette", "colour", self._colour),
            self._button(p_("of tags", "Group"), "layout-grid", "group", self._group),
            self._button(_("Merge"), "copy-plus", "merge", self._merge),
            self._button(_("Remove"), "trash-2", "remove", self._remove),
        ]
        self._model = PagedTableModel(self._columns(), self)
        self._table = TableView(self._model, self, label=_("Tags"), name=f"{names.TAGS}_table")
        self._lay_out()

    def _button(self, words: str, icon: str, key: str, do: Callable[[], None]) -> Button:
        brief = theme.current().text_percent >= 150
        button = Button("" if brief else words, self, icon=icon, name=f"{names.TAGS}_{key}", label=words)
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addWidget(self.head)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._find, 1)
        row.addStretch(1)
        for button in self._deeds:
            row.addWidget(button)
        column.addLayout(row)
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._table)
        empty = Card(self, padding=0)
        first = Button(_("New tag"), empty, kind="primary", size="medium", name=f"{names.TAGS}_first")
        first.clicked.connect(self._ask_new)
        empty.body.addWidget(
            EmptyState(
                empty,
                icon="tags",
                title=_("The tags of your customers will stand here"),
                text=_("Put one on a card with Ctrl+T, or on many customers at once in the list of customers."),
                action=first,
            )
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(card)
        self._stack.addWidget(empty)
        column.addWidget(self._stack, 1)

    @staticmethod
    def _columns() -> tuple[Column, ...]:
        def chip(painter: QPainter, rect: QRectF, tag: Tag) -> None:
            paint.chip(painter, rect, tag.name, colour=tag.colour or "")

        return (
            Column("name", _("Tag"), lambda tag: tag.name, width=190, stretch=3, paint=chip),
            Column(
                "group", p_("of tags", "Group"), lambda tag: tag.group or _NO_GROUP, width=110, stretch=2, tone="second"
            ),
            Column("colour", _("Colour"), lambda tag: colour_word(tag.colour), width=80, stretch=1, tone="second"),
            Column("customers", _("Customers"), lambda tag: f"{tag.customers:,}", width=90, stretch=1, right=True),
        )

    def _wire(self) -> None:
        self._back.clicked.connect(lambda: self.ctx.go_to("customers"))
        self._new.clicked.connect(self._ask_new)
        self._find.query_changed.connect(lambda _text: self._narrow())
        self._find.moved.connect(self._table.move_by)
        self._find.submitted.connect(lambda _text: self._table.setFocus())
        self._find.escaped.connect(self._leave_search)
        self._table.opened.connect(lambda _tag: self._open())
        self._table.current_changed.connect(lambda _tag: self._enable())
        for keys, do in (
            ("F2", self._rename),
            ("Delete", self._remove),
            ("Ctrl+N", self._ask_new),
            ("Ctrl+M", self._merge),
            ("Ctrl+G", self._group),
            ("Ctrl+L", self._colour),
            ("Ctrl+F", self._find.select),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Read and shown

    def refresh(self) -> None:
        """Read the tags anew."""
        self.ctx.read(self, tags.all_tags, done=self._show, latest="tags")

    def _show(self, found: list[Tag]) -> None:
        # Those of a group together, those of none last; the most worn of each first.
        found.sort(key=lambda tag: (tag.group is None, tag.group or "", -tag.customers, tag.name))
        self._tags = {tag.id: tag for tag in found}
        said = n_("{n} tag", "{n} tags", len(found)).format(n=f"{len(found):,}")
        self.head.state.set_text(said if found else "")
        self._stack.setCurrentIndex(0 if found else 1)
        for widget in (self._find, self._new, *self._deeds):
            widget.setVisible(bool(found))
        self._narrow()

    def _narrow(self) -> None:
        typed = self._find.query()
        shown = {
            one: tag
            for one, tag in self._tags.items()
            if not typed.strip() or rank(typed, tag.name, tag.group or "") is not None
        }
        at = self._table.current_id
        self._model.set_rows(shown)
        if at not in shown and shown:
            self._table.go_to(0)
        self._enable()

    def _enable(self) -> None:
        for button in self._deeds:
            button.setEnabled(self._tag() is not None)

    def _leave_search(self) -> None:
        self._find.edit.clear()
        self._table.setFocus()

    def _tag(self) -> Tag | None:
        chosen = self._table.current_id
        return None if chosen is None else self._tags.get(chosen)

    # Done with one

    def _open(self) -> None:
        tag = self._tag()
        if tag is not None:
            condition = Condition("tags", Test.ANY, (tag.name,))

            def wearing(tx: Any, columns: Any) -> Any:
                return columns.ids[np.flatnonzero(filters.mask(tx, columns, condition))]

            self.ctx.go_to("customers", Listing(tag.name, wearing))

    def _ask_new(self) -> None:
        def make(name: str) -> None:
            said = _("Tag “{tag}” made").format(tag=tags.name_of(name))
            self.ctx.write_undoable(self, lambda tx: tags.make(tx, name=name), said=said)

        NameDialog(self.window(), title=_("New tag"), wrong=self._wrong_name, wanted=make).open()

    def _rename(self) -> None:
        tag = self._tag()
        if tag is None:
            return

        def rename(name: str) -> None:
            said = _("“{tag}” is “{name}” now").format(tag=tag.name, name=tags.name_of(name))
            self.ctx.write_undoable(self, lambda tx: tags.rename(tx, tag.id, name=name), said=said)

        NameDialog(
            self.window(),
            title=_("Rename the tag"),
            text=tag.name,
            wrong=lambda name: self._wrong_name(name, but=tag.name),
            wanted=rename,
        ).open()

    def _wrong_name(self, typed: str, *, but: str = "") -> str:
        """Why a tag cannot be called so."""
        name = " ".join(typed.split())
        if len(name) > tags.LONGEST:
            return tags.TagTooLong(f"{len(name):,}").message
        taken = name != but and name in {tag.name for tag in self._tags.values()}
        return tags.TagTaken(name).message if taken else ""

    def _colour(self) -> None:
        tag = self._tag()
        if tag is None:
            return
        menu = QMenu(self)
        menu.setObjectName(f"{names.TAGS}_colour_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for colour in (None, *COLOURS):
            action = menu.addAction(_spot(theme.current().tag(colour or "")[2]), colour_word(colour))
            action.setCheckable(True)
            action.setChecked(tag.colour == colour)
            action.triggered.connect(lambda _checked=False, colour=colour: self._paint(tag, colour))
        anchor = self._deeds[2]
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _paint(self, tag: Tag, colour: str | None) -> None:
        if colour != tag.colour:
            said = _("“{tag}” is {colour} now").format(tag=tag.name, colour=colour_word(colour))
            self.ctx.write_undoable(self, lambda tx: tags.paint(tx, tag.id, colour=colour), said=said)

    def _group(self) -> None:
        tag = self._tag()
        if tag is None:
            return

        def group(name: str) -> None:
            said = _("“{tag}” stands under “{group}”").format(tag=tag.name, group=tags.name_of(name))
            if not name.strip():
                said = _("“{tag}” stands under no group").format(tag=tag.name)
            self.ctx.write_undoable(self, lambda tx: tags.group_under(tx, tag.id, group=name), said=said)

        known = sorted({one.group for one in self._tags.values() if one.group})
        NameDialog(
            self.window(), title=_("Group of “{tag}”").format(tag=tag.name), text=tag.group or "", known=known,
            remark=_("Nothing typed takes it out of its group."), blank=True, wanted=group,
        ).open()  # fmt: skip

    def _merge(self) -> None:
        tag = self._tag()
        others = {one.name: one.id for one in self._tags.values() if tag is not None and one.id != tag.id}
        if tag is None or not others:
            return

        def merge(name: str) -> None:
            into = others[tags.name_of(name)]
            said = _("Who wore “{tag}” wears “{name}” now").format(tag=tag.name, name=tags.name_of(name))
            self.ctx.write_undoable(self, lambda tx: tags.merge(tx, tag.id, into=into), said=said)

        said = n_("{n} customer gets the other tag.", "{n} customers get the other tag.", tag.customers)
        NameDialog(
            self.window(), title=_("Merge “{tag}” into").format(tag=tag.name), known=sorted(others),
            remark=said.format(n=f"{tag.customers:,}"), verb=_("Merge"), wanted=merge,
            wrong=lambda name: "" if tags.name_of(name) in others else _("There is no tag “{tag}”.").format(tag=name),
        ).open()  # fmt: skip

    def _remove(self) -> None:
        tag = self._tag()
        if tag is not None:
            said = n_("“{tag}” removed, from {n} customer", "“{tag}” removed, from {n} customers", tag.customers)
            told = said.format(tag=tag.name, n=f"{tag.customers:,}")
            self.ctx.write_undoable(self, lambda tx: tags.remove(tx, tag.id), said=told)

    # The frame

    def first_focus(self) -> Any:
        """The table; on an empty page the button that makes the first."""
        return self._table if self._stack.currentIndex() == 0 else button_of(self._stack)


def colour_word(colour: str | None) -> str:
    """A colour by its name."""
    return _(COLOURS[colour]) if colour in COLOURS else _("Grey")


def _spot(colour: QColor) -> QIcon:
    side = theme.current().px(12)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint.ground(painter, QRectF(0, 0, side, side), fill=colour, radius=side / 2)
    painter.end()
    return QIcon(picture)
