"""Where a shop's files lie. One folder, the home, holds everything of one shop."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path


@dataclass(frozen=True)
class Home:
    """The folder of one shop."""

    folder: Path

    @property
    def database(self) -> Path:
        """The shop file."""
        return self.folder / "shop.db"

    @property
    def key_file(self) -> Path:
        """The envelope of a password-protected shop (absent for the integrity-only key)."""
        return self.folder / "shop.key"

    @property
    def backups(self) -> Path:
        """Verified copies, newest last by name."""
        return self.folder / "backups"

    @property
    def staging(self) -> Path:
        """Files being read; emptied at every start."""
        return self.folder / "staging"

    @property
    def opened(self) -> Path:
        """Attached files that other programs were handed; emptied when a window opens and closes."""
        return self.folder / "opened"

    @property
    def exports(self) -> Path:
        """Where lists are offered to be saved."""
        return self.folder / "exports"

    @property
    def logs(self) -> Path:
        """Logs and crash reports, without personal data."""
        return self.folder / "logs"

    @property
    def window_lock(self) -> Path:
        """Locked by the one window of this shop."""
        return self.folder / "window.lock"

    @property
    def seat_file(self) -> Path:
        """Settings of this PC: language, theme, window place."""
        return self.folder / "seat.toml"


def chosen_home() -> Home | None:
    """The folder that `SHOPCRM_HOME` names, if it does."""
    chosen = os.environ.get("SHOPCRM_HOME")
    return Home(Path(chosen).expanduser().resolve()) if chosen else None


def default_home() -> Home:
    """`SHOPCRM_HOME`, else the user's data folder of this system."""
    return chosen_home() or Home(user_data_path("ShopCRM", appauthor=False) / "shop")


def demo_home() -> Home:
    """The demo shop's own folder, beside the real one and never mixed with it."""
    return Home(user_data_path("ShopCRM", appauthor=False) / "demo-shop")
