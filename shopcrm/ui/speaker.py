"""Shows what is said to the user in a window: toasts with Undo and Redo, and failures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from shopcrm.base.i18n import _
from shopcrm.ui import actions
from shopcrm.ui.history import History
from shopcrm.ui.kit.toast import ToastPlace
from shopcrm.ui.messages import Failed, Messages, Offer, Said

if TYPE_CHECKING:
    from shopcrm.ui.panel import Panel
    from shopcrm.ui.parts.failure_dialog import FailureDialog


class Speaker(QObject):
    """One a window."""

    def __init__(self, window: QWidget, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._failure: FailureDialog | None = None
        self.history = History()
        self.toasts = ToastPlace(window, bottom=40)
        self._beside: tuple[QWidget, ToastPlace] | None = None
        messages.said.connect(self.say)
        messages.failed.connect(self.fail)

    def also_in(self, panel: Panel) -> None:
        """Speak there instead while somebody works in it, above its note box."""
        self._beside = panel, ToastPlace(panel, bottom=20)
        self._beside[1].keep_clear(panel.box)
        panel.destroyed.connect(self._beside_gone)

    def _beside_gone(self) -> None:
        if self._beside is not None and not isValid(self._beside[0]):
            self._beside = None

    def _place(self) -> ToastPlace:
        if self._beside is not None and isValid(self._beside[0]) and self._beside[0].isActiveWindow():
            return self._beside[1]
        return self.toasts

    def forget(self) -> None:
        """Another shop: nothing of this one is undone any more."""
        self.history = History()
        if self.toasts.toast is not None:
            self.toasts.toast.leave()

    def say(self, said: Said) -> None:
        """Show a toast; what it can take back is remembered longer than it is seen."""
        offer = said.offer
        if said.undo is not None:
            self.history.done(said.undo, again=said.again)
            offer = self._step(_("Undo"), said.undo, "undo-2", "undo")
        elif said.redo is not None:
            self.history.undone(said.redo)
            offer = self._step(_("Redo"), said.redo, "redo-2", "redo")
        self._place().show(
            said.text,
            icon=said.icon,
            action=offer.words if offer else "",
            on_action=offer.act if offer else None,
            action_icon=offer.icon if offer else "",
            keys=offer.keys if offer else "",
            close_label=_("Close this message"),
        )

    def _step(self, words: str, step: Callable[[], None], icon: str, action: str) -> Offer:
        def take() -> None:
            self.history.take(step)
            step()

        return Offer(words, take, icon, actions.keys_of(action))

    def undo(self) -> None:
        """Ctrl+Z: the last change, also when its toast has gone or made room for another."""
        if not self.history.undo():
            self.say(Said(_("Nothing to undo here."), icon="info"))

    def redo(self) -> None:
        """Ctrl+Shift+Z, Ctrl+Y: what was undone last, unless something was changed since."""
        if not self.history.redo():
            self.say(Said(_("Nothing to do again here."), icon="info"))

    def fail(self, failed: Failed) -> None:
        """Show a failure, instead of one that is still shown."""
        from shopcrm.ui.parts.failure_dialog import FailureDialog

        if self._failure is not None:
            if failed.report and failed.report == self._failure.failed.report:
                return  # a bug in painting comes back with every frame
            self._failure.close()
        dialog = self._failure = FailureDialog(failed, self._window)
        dialog.destroyed.connect(partial(self._gone, dialog))
        dialog.open()

    def _gone(self, dialog: FailureDialog, _object: object = None) -> None:
        if self._failure is dialog:
            self._failure = None
