"""Product codes completed while they are typed (U2): by a piece of the code or of the product's title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit

_BETWEEN: Final = re.compile("[,，、;；]")
_CODE: Final = Qt.ItemDataRole.UserRole
_SHOWN: Final = 60  # characters of a line
MOST: Final = 2_000


def read(tx: Any, columns: Any) -> list[tuple[str, str]]:
    """Code and title of the products that sell most."""
    from shopcrm.collect import products

    found: dict[str, str] = {}
    for product in products.listed(tx, columns):
        found.setdefault(product.code, product.title)
        if len(found) >= MOST:
            break
    return list(found.items())


class CodeCompleter(QCompleter):
    """What is before the last comma stays as it is."""

    def __init__(self, edit: QLineEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._codes = QStandardItemModel(self)
        self.setModel(self._codes)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := self.popup()) is not None:
            popup.setObjectName("completions")
        edit.setCompleter(self)

    def set_products(self, products: Sequence[tuple[str, str]]) -> None:
        """The products to choose from, as code and title."""
        self._codes.clear()
        for code, title in products:
            line = code if code == title else f"{code}  {title}"
            item = QStandardItem(line[:_SHOWN])
            item.setData(code, _CODE)
            self._codes.appendRow(item)

    def splitPath(self, path: str) -> list[str]:
        return [_BETWEEN.split(path)[-1].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        text = self._edit.text()
        ends = [found.end() for found in _BETWEEN.finditer(text)]
        return (f"{text[: ends[-1]].rstrip()} " if ends else "") + str(index.data(_CODE))
