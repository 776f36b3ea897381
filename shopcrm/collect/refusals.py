"""Why a file cannot be read: one small class a reason, one sentence each: what, which file, what to do."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar, Final, TypeAlias

from shopcrm.base.errors import EnvironmentFailure, Failure, UserFailure
from shopcrm.base.i18n import N_, _

Json: TypeAlias = dict[str, object]


@dataclass(eq=False)
class NoSuchFile(UserFailure):
    """The path leads nowhere."""

    text: ClassVar[str] = N_("There is no file “{name}”. It may have been moved or renamed; choose it again.")
    name: str


@dataclass(eq=False)
class IsFolder(UserFailure):
    """A folder was dropped instead of its files."""

    text: ClassVar[str] = N_("“{name}” is a folder. Choose the files in it.")
    name: str


@dataclass(eq=False)
class Unreadable(EnvironmentFailure):
    """The system does not let us read it: permissions, another program's lock, a cloud placeholder."""

    text: ClassVar[str] = N_(
        "“{name}” cannot be opened ({reason}). Close it in other programs, or copy it to the desktop and try again."
    )
    name: str
    reason: str


@dataclass(eq=False)
class EmptyFile(UserFailure):
    """Nothing in it."""

    text: ClassVar[str] = N_("“{name}” is empty. Export it again.")
    name: str


@dataclass(eq=False)
class NoRows(UserFailure):
    """Headers and nothing below."""

    text: ClassVar[str] = N_(
        "“{name}” has headers but no rows. Export it again, for a time in which there were orders."
    )
    name: str


@dataclass(eq=False)
class Damaged(UserFailure):
    """Cut short, changed on the way, or such that the process reading it died."""

    text: ClassVar[str] = N_("“{name}” is damaged or incomplete. Export or download it again.")
    name: str


@dataclass(eq=False)
class TooLarge(UserFailure):
    """More than can be read within the limits on memory, time and inflated size."""

    text: ClassVar[str] = N_(
        "“{name}” is too large to be read safely. Export a shorter period, or save it as csv and import that."
    )
    name: str


@dataclass(eq=False)
class PasswordProtected(UserFailure):
    """An encrypted workbook or archive."""

    text: ClassVar[str] = N_(
        "“{name}” is protected by a password. Give the password, or save the file without it and import that."
    )
    name: str


@dataclass(eq=False)
class WrongPassword(UserFailure):
    """An encrypted workbook or archive, and none of the passwords that were given opens it."""

    text: ClassVar[str] = N_("That is not the password of “{name}”. Nothing was read; give it again.")
    name: str


@dataclass(eq=False)
class LockedOldExcel(UserFailure):
    """An encrypted xls, in ways older than can be opened here."""

    text: ClassVar[str] = N_(
        "“{name}” is an older xls protected by a password. Open it in Excel or WPS and save it as xlsx."
    )
    name: str


@dataclass(eq=False)
class OldExcel(UserFailure):
    """Excel 95 and older."""

    text: ClassVar[str] = N_(
        "“{name}” is in an Excel format from before 1997. Open it in Excel or WPS and save it as xlsx."
    )
    name: str


@dataclass(eq=False)
class OtherSpreadsheet(UserFailure):
    """ods, xlsb, Numbers, the XML format of 2003."""

    text: ClassVar[str] = N_(
        "“{name}” is a spreadsheet in another format ({kind}). Open it in the program that made it and save it as xlsx."
    )
    name: str
    kind: str


@dataclass(eq=False)
class WebPage(UserFailure):
    """HTML without a table that has a header and rows (those that have one are read), or a page saved as one file."""

    text: ClassVar[str] = N_("“{name}” is a web page, not a spreadsheet. Open it in Excel or WPS and save it as xlsx.")
    name: str


@dataclass(eq=False)
class Archive(UserFailure):
    """zip, rar, 7z, gz."""

    text: ClassVar[str] = N_("“{name}” is a packed archive ({kind}). Unpack it and choose the files in it.")
    name: str
    kind: str


@dataclass(eq=False)
class NotATable(UserFailure):
    """A picture, a document, a program, noise."""

    text: ClassVar[str] = N_("“{name}” is not a table. Choose a csv, xlsx or xls file.")
    name: str


@dataclass(eq=False)
class UnclosedQuote(UserFailure):
    """A quotation mark that swallows the rows after it."""

    text: ClassVar[str] = N_(
        'In row {row} of “{name}” a quotation mark (") is opened and not closed. '
        "Correct it there, or export the file again."
    )
    name: str
    row: int


@dataclass(eq=False)
class UnknownLayout(UserFailure):
    """No adapter knows the headers."""

    text: ClassVar[str] = N_(
        "The columns of “{name}” are not known: {headers}. Import it with a mapping of its columns."
    )
    name: str
    headers: str


@dataclass(eq=False)
class Garbled(UserFailure):
    """Its Chinese was opened in another encoding and saved so."""

    text: ClassVar[str] = N_(
        "“{name}” was opened and saved in a wrong encoding: its Chinese is garbled ({headers}). Export it again, and "
        "do not save it in Excel before."
    )
    name: str
    headers: str


@dataclass(eq=False)
class ColumnsMissing(UserFailure):
    """A table lacks columns that the user's mapping names."""

    text: ClassVar[str] = N_("“{name}” has no column {columns}. The mapping names it.")
    name: str
    columns: str


@dataclass(eq=False)
class NeededMissing(UserFailure):
    """A table would be a platform's file, but for columns without which nothing can be said."""

    text: ClassVar[str] = N_(
        "“{name}” looks like a {layout} but has no column {columns}. Export it again with that column, or say yourself "
        "what its columns are."
    )
    name: str
    columns: str
    layout: str  # marked for translation

    @property
    def message(self) -> str:
        """The sentence, with the layout's name in the current language."""
        return _(self.text).format(name=self.name, columns=self.columns, layout=_(self.layout))


@dataclass(eq=False)
class EditedAmongOthers(UserFailure):
    """A list of our own that was edited, dropped together with other files."""

    text: ClassVar[str] = N_(
        "“{name}” is a list that this program wrote. Choose it alone to see what was changed in it."
    )
    name: str


@dataclass(eq=False)
class NoRoomToRead(EnvironmentFailure):
    """The disk is full while a file is being read."""

    text: ClassVar[str] = N_(
        "The disk is too full to read “{name}”. Nothing was changed; free some space and try again."
    )
    name: str


REFUSALS: Final[tuple[type[Failure], ...]] = (
    NoSuchFile, IsFolder, Unreadable, EmptyFile, NoRows, Damaged, TooLarge, PasswordProtected, WrongPassword,
    LockedOldExcel, OldExcel,
    OtherSpreadsheet, WebPage, Archive, NotATable, UnclosedQuote, UnknownLayout, Garbled, ColumnsMissing,
    NeededMissing, EditedAmongOthers, NoRoomToRead,
)  # fmt: skip
_BY_NAME: Final = {refusal.__name__: refusal for refusal in REFUSALS}


def to_json(failure: Failure) -> Json | None:
    """A refusal as it crosses from the child process to the program; None for any other failure."""
    if type(failure) not in REFUSALS:
        return None
    arguments = {field.name: getattr(failure, field.name) for field in fields(failure)}  # type: ignore[arg-type]  # a dataclass
    return {"refusal": type(failure).__name__, **arguments}


def from_json(value: Json) -> Failure:
    """The refusal again."""
    arguments = dict(value)
    return _BY_NAME[str(arguments.pop("refusal"))](**arguments)
