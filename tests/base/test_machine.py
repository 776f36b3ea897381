"""Each system answers in its own way; the others are played."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shopcrm.base import guesses, i18n, machine


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A program started from the start menu or the Finder: no environment names a language."""
    for key in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(key, raising=False)
    return monkeypatch


def windows(monkeypatch: pytest.MonkeyPatch, *, language: int, country: str) -> list[tuple[Any, ...]]:
    said: list[tuple[Any, ...]] = []

    def geo(letters: Any, _size: int) -> int:
        letters.value = country
        return len(country)

    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: language, GetUserDefaultGeoName=geo)
    user = SimpleNamespace(MessageBoxW=lambda *words: said.append(words))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(machine, "_library", {"kernel32": kernel, "user32": user}.__getitem__)
    return said


@pytest.mark.parametrize(
    ("language", "country", "spoken", "money"),
    [
        (0x0804, "CN", "zh_CN", "CNY"),
        (0x0404, "TW", "zh_TW", "TWD"),
        (0x0809, "GB", "en", "GBP"),
        (0x0407, "826", "en", "USD"),
    ],
)
def test_windows_is_asked_for_language_and_country(
    silent: pytest.MonkeyPatch, language: int, country: str, spoken: str, money: str
) -> None:
    windows(silent, language=language, country=country)
    assert i18n.system_language() == spoken
    assert guesses.currency(spoken) == money


def mac(monkeypatch: pytest.MonkeyPatch, answers: dict[str, str]) -> None:
    def run(command: list[str], **_how: Any) -> SimpleNamespace:
        if command[-1] not in answers:
            raise subprocess.CalledProcessError(1, command)
        return SimpleNamespace(stdout=answers[command[-1]])

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", run)


@pytest.mark.parametrize(
    ("languages", "locale", "spoken", "money"),
    [
        ('(\n    "zh-Hans-CN",\n    "en-CN"\n)\n', "zh-Hans_CN\n", "zh_CN", "CNY"),
        ('(\n    "zh-Hant-TW"\n)\n', "zh-Hant_TW\n", "zh_TW", "TWD"),
        ('(\n    "en-GB"\n)\n', "en_GB@currency=GBP\n", "en", "GBP"),
    ],
)
def test_macos_is_asked_for_the_settings_of_the_user(
    silent: pytest.MonkeyPatch, languages: str, locale: str, spoken: str, money: str
) -> None:
    mac(silent, {"AppleLanguages": languages, "AppleLocale": locale})
    assert i18n.system_language() == spoken
    assert guesses.currency(spoken) == money


def test_a_system_that_does_not_say_speaks_chinese_and_counts_in_dollars(silent: pytest.MonkeyPatch) -> None:
    mac(silent, {})
    assert i18n.system_language() == "zh_CN"
    assert guesses.currency("en") == "USD"


def test_the_environment_goes_before_the_system(silent: pytest.MonkeyPatch) -> None:
    windows(silent, language=0x0804, country="CN")
    silent.setenv("LANG", "en_GB.UTF-8")
    assert i18n.system_language() == "en"


def test_a_windowed_program_without_streams_speaks_in_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    said = windows(monkeypatch, language=0x0809, country="GB")
    monkeypatch.setattr(sys, "stderr", None)
    machine.say("The folder cannot be written to.")
    assert said == [(None, "The folder cannot be written to.", "ShopCRM", 0x30)]
    assert not machine.on_terminal()


def test_the_program_starts_itself_without_a_black_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python.exe"
    monkeypatch.setattr(sys, "executable", str(python))
    assert machine.program() == [str(python), "-m", "shopcrm"]
    (tmp_path / "pythonw.exe").touch()
    assert machine.program() == [str(python), "-m", "shopcrm"]
    monkeypatch.setattr(sys, "platform", "win32")
    assert machine.program() == [str(tmp_path / "pythonw.exe"), "-m", "shopcrm"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert machine.program() == [str(python)]
