"""On the card: what she wanted and did not buy, and why (C7). Not there when there is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.base.i18n import _
from shopcrm.collect import manual, wishes
from shopcrm.collect.manual import Product
from shopcrm.collect.wishes import WishLine
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.card_block import CardBlock

SHOWN = 12


class CardWishes(CardBlock):
    """Each wish is closed by one button; another one is typed with completion from what the shop sells."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Wanted, not bought"), parent, name=names.CARD_WISHES)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._products: dict[str, Product] = {}
        self._new = Button(
            "", self, kind="ghost", icon="plus", name=names.CARD_WISH_NEW,
            label=_("Note what she wanted and did not buy"),
        )  # fmt: skip
        self.add_button(self._new)
        self._build_form()
        self._new.clicked.connect(self.add)
        self.hide()

    def _build_form(self) -> None:
        self._form = QWidget(self)
        self._edit = LineEdit(
            self._form, placeholder=_("Product, then Enter"), label=_("What she wanted"), name=names.CARD_WISH_EDIT
        )
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._edit.setCompleter(completer)
        self._reason = Choice(self._form, label=_("Why not"), name=names.CARD_WISH_REASON)
        self._reason.set_choices(
            [("", _("Why not?")), *((key, _(words)) for key, words in wishes.REASONS.items())], chosen=""
        )
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        # The reason stands first: with Enter behind the product it is noted.
        column.addWidget(self._reason)
        column.addWidget(self._edit)
        self._form.hide()
        self.put(self._form)
        self._edit.submitted.connect(self._save)
        self._edit.escaped.connect(self._leave)

    def show_data(self, data: CustomerData) -> None:
        """Show a customer."""
        if self._data is None or self._data.id != data.id:
            self._form.hide()
            self._edit.setText("")
            self._reason.set_key("")
        self._data = data
        column = QVBoxLayout(self.refill())
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(6)
        for wish in data.history.wishes[:SHOWN]:
            column.addLayout(self._line(wish))
        self._show()

    def _show(self) -> None:
        wanted = self._data is not None and bool(self._data.history.wishes)
        self.setVisible(wanted or not self._form.isHidden())
        self._new.setVisible(self._form.isHidden())

    def _line(self, wish: WishLine) -> QHBoxLayout:
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addWidget(Text(wish.title, self, wrap=True))
        if wish.because:
            lines.addWidget(Text(wish.because, self, tone="second", size=theme.SMALL, wrap=True))
        close = Button(
            "", self, kind="ghost", icon="x", name=f"{names.WISH_CLOSE}_{wish.id}",
            label=_("No longer wanted: {title}").format(title=wish.title),
        )  # fmt: skip
        close.clicked.connect(
            lambda: self._ctx.write_undoable(self, lambda tx: wishes.close(tx, wish.id), said=_("No longer wanted"))
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(lines, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return row

    # Another one

    def add(self) -> None:
        """Open the field for another wish."""
        if self._data is None:
            return
        self._form.show()
        self._show()
        self._edit.setFocus()
        self._ctx.read(self, manual.products, done=self._know, latest="products")

    def _know(self, products: Sequence[Product]) -> None:
        self._products = {product.title: product for product in products}
        self._known.setStringList(list(self._products))

    def _save(self, text: str) -> None:
        data, title = self._data, " ".join(text.split())
        if data is None or not title:
            self._leave()
            return
        product, reason = self._products.get(title), self._reason.key()
        article = None if product is None else product.article or product.title

        def failed(error: BaseException) -> None:
            self._ctx.messages.failure(error)
            if self._data is not None and self._data.id == data.id:  # what was typed is not lost
                self.add()
                self._edit.setText(text)

        self._ctx.write_undoable(
            self,
            lambda tx: wishes.add(tx, data.id, title=title, article=article, reason=reason),
            said=_("Noted: wants {title}").format(title=title),
            failed=failed,
        )
        self._edit.setText("")
        self._reason.set_key("")
        self._leave()

    def _leave(self) -> None:
        had_focus = self._edit.hasFocus()
        self._form.hide()
        self._show()
        if had_focus and self._new.isVisible():
            self._new.setFocus()
