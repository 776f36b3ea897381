"""What is done with several customers of a list at once: tags, a field, copies, files. Many of them are a job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from shopcrm.act import bulk_edit, copied
from shopcrm.act.contactable import held_back_words
from shopcrm.act.copied import Copied
from shopcrm.base.i18n import _, n_
from shopcrm.base.progress import Progress
from shopcrm.collect import tags
from shopcrm.store.columns import Ints
from shopcrm.ui.context import Context
from shopcrm.ui.parts.bulk_dialog import BulkDialog
from shopcrm.ui.parts.customer_columns import CustomerColumns
from shopcrm.ui.parts.saving import save_customers
from shopcrm.ui.parts.sms_dialog import SmsDialog

A_JOB: Final = 20_000  # customers: from here on it shows that it is at work


class CustomerDeeds(QObject):
    """Does them for a page; `ids` are asked for when something is done."""

    worn = Signal(object)  # the names of the tags that the chosen wear

    def __init__(self, ctx: Context, owner: QWidget, *, ids: Callable[[], Ints], columns: CustomerColumns) -> None:
        super().__init__(owner)
        self._ctx, self._owner, self._ids, self._columns = ctx, owner, ids, columns

    # Tags

    def put_tag(self, name: str) -> None:
        """Put a tag on them, made when new."""
        ids = self._ids()
        said = n_("“{tag}” put on {n} customer", "“{tag}” put on {n} customers", len(ids))
        told = said.format(tag=" ".join(name.split()), n=f"{len(ids):,}")
        self._write(ids, lambda tx: tags.put(tx, ids.tolist(), name=name), said=told)

    def take_tag(self, name: str) -> None:
        """Take a tag off them."""
        ids, name = self._ids(), tags.name_of(name)
        said = n_("“{tag}” taken off {n} customer", "“{tag}” taken off {n} customers", len(ids))
        told = said.format(tag=name, n=f"{len(ids):,}")
        self._write(ids, lambda tx: tags.take(tx, ids.tolist(), name=name), said=told)

    def look_at_worn(self) -> None:
        """Find out which tags they wear."""
        ids = self._ids()
        self._ctx.read(
            self, lambda tx: [tag.name for tag in tags.worn_by(tx, ids.tolist())], done=self.worn.emit, latest="worn"
        )

    # A field

    def ask_field(self) -> None:
        """Ask which field is set to what."""
        ids = self._ids()
        if len(ids):
            BulkDialog(
                self._ctx,
                self._owner.window(),
                ids=ids,
                columns=self._columns,
                wanted=lambda key, typed, changed: self._set(ids, key, typed, changed),
            ).open()

    def _set(self, ids: Ints, key: str, typed: str, changed: int) -> None:
        said = n_("{field} set for {n} customer", "{field} set for {n} customers", changed)
        told = said.format(field=self._columns.fields[key].heading, n=f"{changed:,}")
        self._write(ids, lambda tx: bulk_edit.put(tx, ids, key=key, typed=typed), said=told)

    # Copies and files

    def copy(self, keys: Sequence[str]) -> None:
        """Put them on the clipboard with these columns, as text and as a table."""
        every, ctx = self._ids(), self._ctx
        ids = every[: copied.AT_MOST]

        def done(found: Copied) -> None:
            data = QMimeData()
            data.setText(found.text)
            data.setHtml(found.html)
            QApplication.clipboard().setMimeData(data)
            said = n_("{n} customer copied", "{n} customers copied", found.rows).format(n=f"{found.rows:,}")
            said = " · ".join([said, *held_back_words(found.held_back)])
            if len(every) > len(ids):
                said += " · " + _("More than that: export a file")
            ctx.messages.toast(said, icon="copy")

        if len(ids):
            ctx.read(self, lambda tx: copied.table(tx, ctx.shop.columns(), ids, keys=keys), done=done, latest="copy")

    def export(self, *, name: str, ids: Ints, keys: Sequence[str]) -> None:
        """Save a list as a file, with the columns that are shown."""
        save_customers(self._ctx, self._owner, name=name, ids=ids, keys=keys)

    def write_sms(self, *, name: str, ids: Ints) -> None:
        """Save an SMS for each as a sheet for a vendor."""
        if len(ids):
            SmsDialog(self._ctx, self._owner, name=name, ids=ids).open()

    # Written

    def _write(self, ids: Ints, change: Callable[[Any], int], *, said: str) -> None:
        if not len(ids):
            return
        if len(ids) < A_JOB:
            self._ctx.write_undoable(self._owner, change, said=said)
            return
        ctx = self._ctx

        def work(progress: Progress) -> int:
            progress.report("writing")
            with ctx.shop.write() as tx:
                return change(tx)

        def done(change_set: int) -> None:
            ctx.messages.toast(said, undo=lambda: ctx.undo(change_set))

        ctx.jobs.run(self._owner, work, _("Writing"), done=done)
