"""Collect the texts of the code, update the catalogues of every language with them, and compile these: `make locale`.

Babel's own `update` forgets a translation whose text was away for a moment; here it comes back with its text. What is
not translated yet is listed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = "shopcrm"
LANGUAGES = ("zh_CN", "zh_TW")
KEYWORDS = {**DEFAULT_KEYWORDS, "n_": (1, 2), "p_": ((1, "c"), 2)}
# Written into every file, so that nothing but the texts makes a difference.
DATE = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> int:
    """Update and compile all catalogues; says what is left to translate."""
    template = collect()
    for language in LANGUAGES:
        path = ROOT / "resources" / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        catalogue = updated(path, template, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_output=True)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
        left = [message for message in catalogue if message.id and not is_translated(message)]
        print(f"{language}: {len(catalogue)} texts, {len(left)} to translate")
        for message in left[:20]:
            print(f"  {message.id if isinstance(message.id, str) else message.id[0]!r}")
    return 0


def collect() -> Catalog:
    """All texts marked in the code."""
    template = Catalog(project="ShopCRM", version="", fuzzy=False)
    for _file, _line, text, _comments, context in extract_from_dir(str(ROOT / DOMAIN), keywords=KEYWORDS):
        template.add(text, context=context)
    return template


def updated(path: Path, template: Catalog, language: str) -> Catalog:
    """The catalogue of a language with the template's texts; what it knew of them stays."""
    if path.exists():
        with path.open("rb") as file:
            before = read_po(file, locale=language)
    else:
        before = Catalog(locale=language)
    known = {
        (message.context, message.id): message for message in [*before.obsolete.values(), *before] if message.string
    }
    after = Catalog(
        locale=language, project="ShopCRM", version="1", fuzzy=False, header_comment=f"# ShopCRM in {language}.",
        creation_date=DATE, revision_date=DATE, last_translator="ShopCRM", language_team="ShopCRM",
        msgid_bugs_address="none",
    )  # fmt: skip
    for message in template:
        if message.id:
            old = known.pop((message.context, message.id), None)
            after.add(message.id, old.string if old else None, context=message.context)
    for (context, text), message in known.items():
        if text:
            after.obsolete[f"{context} {text}"] = message
    return after


def is_translated(message: Message) -> bool:
    """Whether all forms of a text are given."""
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings)


if __name__ == "__main__":
    sys.exit(main())
