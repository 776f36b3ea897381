"""Files of notes: chosen, dropped or pasted, read off the GUI thread, opened, saved elsewhere and removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shopcrm.act.export import saving
from shopcrm.base import opened_files
from shopcrm.base.errors import Failure
from shopcrm.base.i18n import N_, _
from shopcrm.collect import attachments
from shopcrm.collect.attachments import Attachment, File
from shopcrm.ui import names, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.parts.drop_zone import READABLE
from shopcrm.ui.parts.saving import ask_files, ask_where

_TABLES: Final = frozenset(kind.removeprefix("*") for kind in READABLE.split())
Taken = Callable[[list[File]], None]


def told(mime: QMimeData) -> tuple[list[Path], QImage | None]:
    """The files, or else the picture, that a drag or the clipboard holds."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    picture = QImage(mime.imageData()) if not paths and mime.hasImage() and not mime.hasText() else None
    return paths, picture


def is_for_a_card(mime: QMimeData) -> bool:
    """Whether what is dragged over a card is attached there: not a table, which is imported wherever it falls."""
    paths, picture = told(mime)
    return picture is not None or (bool(paths) and not all(path.suffix.lower() in _TABLES for path in paths))


def take(ctx: Context, mime: QMimeData, *, taken: Taken) -> bool:
    """Read what a drag or the clipboard holds; whether there is anything to read."""
    paths, picture = told(mime)
    if paths:
        read(ctx, paths, taken=taken)
    elif picture is not None and not picture.isNull():
        name = _("Picture {time}").format(time=f"{datetime.now(ctx.zone):%Y-%m-%d %H.%M.%S}")
        _read(ctx, [partial(_as_png, picture, f"{name}.png")], taken=taken)
    return bool(paths) or picture is not None


def choose(ctx: Context, window: QWidget, *, taken: Taken) -> None:
    """Ask for files and read them."""
    ask_files(
        window, title=_("Attach files"), kinds=_("All files (*)"),
        chosen=lambda paths: read(ctx, paths, taken=taken),
    )  # fmt: skip


def read(ctx: Context, paths: Sequence[Path], *, taken: Taken) -> None:
    """Read files off the GUI thread; what cannot be read is said, the others are taken."""
    _read(ctx, [partial(attachments.read, path) for path in paths], taken=taken)


def _as_png(picture: QImage, name: str) -> File:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes and Qt a text
    return attachments.checked(File(name, bytes(buffer.data().data())))


def _read(ctx: Context, sources: Sequence[Callable[[], File]], *, taken: Taken) -> None:
    def work() -> tuple[list[File], list[Failure]]:
        found: list[File] = []
        failures: list[Failure] = []
        for source in sources:
            try:
                found.append(source())
            except Failure as failure:
                failures.append(failure)
        return found, failures

    def done(answer: tuple[list[File], list[Failure]]) -> None:
        found, failures = answer
        for failure in failures:
            ctx.messages.failure(failure)
        if found:
            taken(found)

    ctx.operations.look(ctx, work, done=done)


class FileRow(QWidget):
    """A file of a note: a click opens it; it is saved elsewhere and removed by the buttons behind it."""

    def __init__(self, ctx: Context, file: Attachment, parent: QWidget) -> None:
        super().__init__(parent)
        self._ctx, self._file = ctx, file
        name = f"{names.NOTE_FILE}_{file.id}"
        self._open = Button(
            f"{file.name}  {words.size(file.size)}", self, icon="paperclip", name=name,
            label=_("Open {file}").format(file=file.name),
        )  # fmt: skip
        save = Button(
            "", self, kind="ghost", icon="download", name=f"{name}_save",
            label=_("Save {file} elsewhere").format(file=file.name),
        )  # fmt: skip
        remove = Button(
            "", self, kind="ghost", icon="x", name=f"{name}_remove", label=_("Remove {file}").format(file=file.name)
        )
        self._open.clicked.connect(self.open)
        save.clicked.connect(self.save)
        remove.clicked.connect(self.remove)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._open)
        row.addWidget(save)
        row.addWidget(remove)
        row.addStretch(1)

    def open(self) -> None:
        """Show it in the program that the system has for it."""
        number, folder = self._file.id, self._ctx.home.opened

        def written(tx: Any) -> Path:
            attachments.require_harmless(self._file.name)
            file = attachments.content(tx, number)
            return opened_files.put(folder, name=file.name, content=file.content)

        def done(path: Path) -> None:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                self._ctx.messages.toast(_("No program opens this file. Save it elsewhere instead."), icon="info")

        self._ctx.read(self._ctx, written, done=done)

    def save(self) -> None:
        """Write it to a place of the user's choice."""
        number, path, ctx = self._file.id, Path(self._file.name), self._ctx

        def write(target: Path) -> None:
            def work(tx: Any) -> None:
                file = attachments.content(tx, number)
                with saving(target, overwrite=True) as temporary:  # the dialog has asked
                    temporary.write_bytes(file.content)

            said = _("Saved: {file}").format(file=target.name)
            ctx.read(ctx, work, done=lambda _none: ctx.messages.toast(said, icon="download"))

        formats = ((path.suffix.lower(), N_("File")),)
        # Not of this line, which may be shown anew while the dialog is open.
        ask_where(self.window(), folder=ctx.exports_folder(), name=path.stem, formats=formats, chosen=write)

    def remove(self) -> None:
        """Take it off its note."""
        number = self._file.id
        self._ctx.write_undoable(
            self, lambda tx: attachments.remove(tx, number), said=_("{file} removed").format(file=self._file.name)
        )
