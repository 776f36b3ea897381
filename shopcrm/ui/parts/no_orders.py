"""What a page shows before there are orders: what will stand there, and the two ways to get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import EmptyState

if TYPE_CHECKING:
    from shopcrm.ui.context import Context


def no_orders(
    ctx: Context, parent: QWidget, *, icon: str, title: str, text: str, demo_wanted: SignalInstance
) -> EmptyState:
    """The empty state of a page that lives on orders: import some, or try the demo shop (`demo_wanted`)."""
    choose = Button(_("Import orders"), parent, kind="primary", icon="upload", size="medium", name=names.EMPTY_IMPORT)
    choose.clicked.connect(lambda: ctx.go_to("data"))
    demo = Button(_("Try the demo shop"), parent, size="medium", name=names.EMPTY_DEMO)
    demo.clicked.connect(demo_wanted)
    demo.setVisible(not ctx.shop.info.is_demo)
    return EmptyState(parent, icon=icon, title=title, text=text, action=choose, second=demo)
