"""Every text of the code is in every catalogue, translated, with the same blanks; and translated only when used."""

from __future__ import annotations

import ast
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from shopcrm.base import i18n
from tools import catalogues

ROOT = Path(__file__).parents[2]
CALLS = {"_", "N_", "n_", "p_"}


def _texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _messages(language: str) -> Iterator[Message]:
    path = ROOT / "resources" / "locale" / language / "LC_MESSAGES" / "shopcrm.po"
    with path.open("rb") as file:
        yield from (message for message in read_po(file) if message.id)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_catalogue_holds_every_text_translated_with_the_same_blanks(language: str) -> None:
    catalogue = {(_texts(message.id), message.context): message for message in _messages(language)}
    wanted = {(_texts(message.id), message.context) for message in catalogues.collect() if message.id}
    assert wanted - set(catalogue) == set(), "run make locale"
    for key in wanted:
        message = catalogue[key]
        told = _texts(message.string)
        assert told, message.id
        assert all(told), message.id
        assert not message.fuzzy, message.id
        for text in told:
            assert _blanks(text) == _blanks(_texts(message.id)[-1]), message.id


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    i18n.set_language(language)
    try:
        for message in _messages(language):
            if isinstance(message.id, str) and not message.context:
                assert i18n._(message.id) == message.string, "run make locale"
    finally:
        i18n.set_language("en")


def test_no_text_is_put_together_before_it_is_translated() -> None:
    for path in sorted((ROOT / "shopcrm").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS - {"N_"}
            if called and isinstance(node, ast.Call):
                first = node.args[0]
                assert not isinstance(first, ast.JoinedStr | ast.BinOp), f"{path}:{node.lineno}"


def test_no_text_stands_inside_an_f_string_where_it_is_not_collected() -> None:
    for path in sorted((ROOT / "shopcrm").rglob("*.py")):
        everything = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        for whole in (node for node in everything if isinstance(node, ast.JoinedStr)):
            for node in ast.walk(whole):
                called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS
                if called and isinstance(node, ast.Call):
                    assert not isinstance(node.args[0], ast.Constant), f"{path}:{whole.lineno}"


def test_nothing_is_translated_when_modules_are_loaded() -> None:
    program = (
        "import pkgutil, importlib, shopcrm.base.i18n as i\n"
        "def no(*_a): raise SystemExit('translated at import')\n"
        "i._ = i.n_ = i.p_ = no\n"
        "import shopcrm\n"
        "for m in pkgutil.walk_packages(shopcrm.__path__, 'shopcrm.'):\n"
        "    if 'migrations' not in m.name and not m.name.endswith('__main__'): importlib.import_module(m.name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("zh_CN.UTF-8", "zh_CN"), ("zh-Hant-HK", "zh_TW"), ("zh_TW", "zh_TW"), ("zh", "zh_CN"), ("de_DE", "en"),
        (None, "en"),
    ],
)  # fmt: skip
def test_the_nearest_language_is_taken(asked: str | None, language: str) -> None:
    assert i18n.match_language(asked) == language


@pytest.mark.parametrize(
    ("language", "said"), [("en", "One. Two."), ("zh_CN", "一。二。"), ("zh_TW", "一。二。")]
)  # fmt: skip
def test_sentences_stand_one_after_the_other_as_the_language_sets_them(language: str, said: str) -> None:
    i18n.set_language(language)
    try:
        assert i18n.sentences(*(("One.", "", "Two.") if language == "en" else ("一。", "", "二。"))) == said
    finally:
        i18n.set_language("en")
