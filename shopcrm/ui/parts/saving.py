"""Files and folders asked for; lists saved as files: asks where, writes them as a job, says what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDir, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QTreeView, QWidget

from shopcrm.act.contactable import held_back_words
from shopcrm.act.contacts import SUFFIXES, Style
from shopcrm.base.files import safe_name
from shopcrm.base.i18n import N_, _, n_
from shopcrm.base.progress import Progress
from shopcrm.ui import names

if TYPE_CHECKING:
    from shopcrm.act.contacts import Written
    from shopcrm.act.export import Exported
    from shopcrm.store.columns import Ints
    from shopcrm.ui.context import Context

XLSX: Final = (".xlsx", N_("Excel workbook"))
CSV: Final = (".csv", N_("CSV table"))
BOTH: Final = (XLSX, CSV)
VCF: Final = (".vcf", N_("Contact cards"))
Told = Callable[[str], None]
_TYPE: Final = 2  # the column of Qt's own dialog


def ask_where(
    parent: QWidget,
    *,
    folder: Path,
    name: str,
    formats: Sequence[tuple[str, str]],
    chosen: Callable[[Path], None],
) -> None:
    """Ask for a place in the system's own dialog, which also asks before a file is replaced.

    `formats` are (suffix, words) with the first as the usual one; `chosen` gets a path with one of the suffixes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    filters = {f"{_(words)} (*{suffix})": suffix for suffix, words in formats}
    dialog = QFileDialog(parent, _("Save as"))
    dialog.setObjectName(names.SAVE_DIALOG)
    _speak(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters))
    dialog.setDefaultSuffix(formats[0][0].removeprefix("."))
    dialog.setDirectory(str(folder))
    dialog.selectFile(name + formats[0][0])
    dialog.filterSelected.connect(
        lambda wanted: dialog.setDefaultSuffix(filters.get(wanted, formats[0][0]).removeprefix("."))
    )

    def taken(file: str) -> None:
        path = Path(file)
        if path.suffix.lower() not in filters.values():
            path = path.with_name(path.name + filters.get(dialog.selectedNameFilter(), formats[0][0]))
        chosen(path)

    dialog.fileSelected.connect(taken)
    dialog.open()


def ask_files(parent: QWidget, *, title: str, kinds: str, chosen: Callable[[list[Path]], None]) -> None:
    """Ask for files to read in the system's own dialog. `kinds` is a filter like `Tables (*.csv *.xlsx)`."""
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(names.OPEN_DIALOG)
    _speak(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    if dialog.directory() == QDir.current():
        # Nowhere been yet (Qt remembers): a browser puts what a marketplace exports into the downloads.
        downloads = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        dialog.setDirectory(downloads if Path(downloads).is_dir() else QDir.homePath())
    dialog.setNameFilter(kinds)
    dialog.filesSelected.connect(lambda files: chosen([Path(file) for file in files]))
    dialog.open()


def ask_folder(parent: QWidget, *, title: str, chosen: Callable[[Path], None]) -> None:
    """Ask for a folder in the system's own dialog."""
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(names.OPEN_DIALOG)
    _speak(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda folder: chosen(Path(folder)))
    dialog.open()


def _speak(dialog: QFileDialog) -> None:
    """The words that Qt's own Chinese leaves out, where the system has no dialog of its own."""
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, _("Folder:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, _("Kind of file:"))
    details = dialog.findChild(QTreeView, "treeView")
    if details is not None:
        # "Folder", "File" and the like, in no language but English; icon and ending say the same.
        details.hideColumn(_TYPE)
        # Qt remembers the columns for the dialogs of all programs.
        dialog.finished.connect(lambda _how: details.showColumn(_TYPE))


def save_customers(
    ctx: Context,
    owner: QWidget,
    *,
    name: str,
    ids: Ints | None = None,
    group: str | None = None,
    keys: Sequence[str] | None = None,
    told: Told | None = None,
) -> None:
    """Save a contact list: these customers, or a whole group, or all; as a table, or as contact cards for a phone.

    `told` gets what the message says: how many, and who was left out.
    """

    def write(path: Path) -> None:
        if path.suffix.lower() == VCF[0]:
            _write_contacts(ctx, owner, path, ids=ids, group=group, told=told)
            return

        def work(progress: Progress) -> Exported:
            from shopcrm.act import export

            with ctx.shop.write() as tx:
                # The dialog has asked before an older file is replaced.
                return export.export_customers(
                    tx, ctx.shop.columns(), path, ids=ids, group=group, keys=keys, overwrite=True, progress=progress
                )

        ctx.jobs.run(
            owner, work, _("Saving the list"),
            done=lambda made: _said(ctx, made.rows, path, held=made.held_back, told=told),
        )  # fmt: skip

    ask_where(owner, folder=ctx.exports_folder(), name=dated(ctx, name), formats=(*BOTH, VCF), chosen=write)


def save_contacts(
    ctx: Context, owner: QWidget, *, name: str, style: Style, ids: Ints | None = None, group: str | None = None,
    told: Told | None = None,
) -> None:  # fmt: skip
    """Save customers as contacts: cards, Google's table, or numbers for text messages."""
    formats = (VCF if SUFFIXES[style] == VCF[0] else CSV,)

    def write(path: Path) -> None:
        _write_contacts(ctx, owner, path, style=style, ids=ids, group=group, told=told)

    ask_where(owner, folder=ctx.exports_folder(), name=dated(ctx, name), formats=formats, chosen=write)


def save_sms(
    ctx: Context, owner: QWidget, *, name: str, body: str, ids: Ints | None = None, group: str | None = None,
    told: Told | None = None,
) -> None:  # fmt: skip
    """Save an SMS for each of these customers, a group or all, words filled, as a sheet for a vendor."""

    def write(path: Path) -> None:
        def work(progress: Progress) -> Written:
            from shopcrm.act import sms_list

            shop = ctx.shop
            with shop.read() as tx:
                filled = sms_list.fill(tx, shop.columns(), body, ids=ids, group=group, progress=progress)
            with shop.write() as tx:
                return sms_list.export_sms(tx, filled, path, overwrite=True)

        def done(written: Written) -> None:
            _said(
                ctx, written.rows, path, left_out=written.left_out, held=written.held_back,
                incomplete=written.incomplete, told=told,
            )  # fmt: skip

        ctx.jobs.run(owner, work, _("Saving the list"), done=done)

    ask_where(owner, folder=ctx.exports_folder(), name=dated(ctx, name), formats=(XLSX,), chosen=write)


def _write_contacts(
    ctx: Context,
    owner: QWidget,
    path: Path,
    *,
    style: Style = Style.VCARD,
    ids: Ints | None = None,
    group: str | None = None,
    told: Told | None = None,
) -> None:
    def work(progress: Progress) -> Written:
        from shopcrm.act import contacts

        with ctx.shop.write() as tx:
            # The dialog has asked before an older file is replaced.
            return contacts.export_contacts(
                tx, ctx.shop.columns(), path, style=style, ids=ids, group=group, overwrite=True, progress=progress
            )

    def done(written: Written) -> None:
        _said(ctx, written.rows, path, left_out=written.left_out, held=written.held_back, told=told)

    ctx.jobs.run(owner, work, _("Saving the list"), done=done)


def save_due(ctx: Context, owner: QWidget, *, kinds: Sequence[str] | None = None) -> None:
    """Save today's list as a sheet to work from; `kinds`: only these reasons."""

    def write(path: Path) -> None:
        def work(progress: Progress) -> Exported:
            from shopcrm.act import export

            progress.report("writing")
            with ctx.shop.write() as tx:
                return export.export_due(tx, ctx.shop.columns(), path, kinds=kinds, overwrite=True)

        ctx.jobs.run(
            owner, work, _("Saving the list"), done=lambda made: _said(ctx, made.rows, path, held=made.held_back)
        )

    ask_where(owner, folder=ctx.exports_folder(), name=dated(ctx, _("Today")), formats=(XLSX,), chosen=write)


def dated(ctx: Context, name: str) -> str:
    """The name a file is offered under: what it holds and the day, without what a system refuses."""
    return f"{safe_name(name)} {ctx.today.isoformat()}"


def _said(
    ctx: Context,
    rows: int,
    path: Path,
    *,
    left_out: int = 0,
    held: Mapping[str, int] | None = None,
    incomplete: int = 0,
    told: Told | None = None,
) -> None:
    words = n_("{n} customer saved to {file}", "{n} customers saved to {file}", rows)
    parts = [words.format(n=f"{rows:,}", file=path.name)]
    if left_out:
        left = n_("{n} left out: no number to write to", "{n} left out: no number to write to", left_out)
        parts.append(left.format(n=f"{left_out:,}"))
    if incomplete:
        left = n_("{n} left out: the words have a gap", "{n} left out: the words have a gap", incomplete)
        parts.append(left.format(n=f"{incomplete:,}"))
    parts += held_back_words(held or {})
    said = " · ".join(parts)
    ctx.messages.toast(said, icon="file-spreadsheet")
    if told is not None:
        told(said)
