"""Scripts (U2): standard wordings in folders, found by words, product code or pinyin initials, filled, counted."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

from sqlalchemy import func, insert, select

from shopcrm.act import blanks
from shopcrm.act.blanks import SITUATIONS, Person
from shopcrm.base import i18n, names, options, templates
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.resources import resource
from shopcrm.base.templates import Filled
from shopcrm.base.text import clean, fold
from shopcrm.store.columns import Columns
from shopcrm.store.tables.customers import customers
from shopcrm.store.tables.scripts import script_uses, scripts
from shopcrm.store.tx import Tx

LONGEST_TITLE: Final = 120
LONGEST_FOLDER: Final = 64
LONGEST_BODY: Final = 100_000
_TITLE_FROM_BODY: Final = 24
_NO_MATCH: Final = 99


@dataclass(eq=False)
class NoSuchScript(UserFailure):
    """The script was removed meanwhile."""

    text: ClassVar[str] = N_("This script is no longer there.")


@dataclass(eq=False)
class ScriptEmpty(UserFailure):
    """A script without a word."""

    text: ClassVar[str] = N_("Write the words of the script first.")


@dataclass(eq=False)
class ScriptTooLong(UserFailure):
    """A part of a script that is longer than it may be."""

    text: ClassVar[str] = N_("“{label}” takes at most {most} characters; these are {length}.")
    label: str
    most: int
    length: int

    @property
    def message(self) -> str:
        """The sentence in the current language."""
        return _(self.text).format(label=_(self.label), most=f"{self.most:,}", length=f"{self.length:,}")


@dataclass(frozen=True)
class Script:
    """One wording and how often it was used."""

    id: int
    folder: str  # "": in none
    title: str
    body: str
    article: str | None  # the code of the product it is about
    situation: str | None  # one of blanks.SITUATIONS; None: any time
    uses: int
    used_at: int | None  # seconds


@dataclass(frozen=True)
class Folder:
    """A folder and how many scripts are in it."""

    name: str
    scripts: int


@dataclass(frozen=True)
class Draft:
    """What somebody has written of a script."""

    title: str
    body: str
    folder: str = ""
    article: str = ""
    situation: str = ""

    def values(self, *, own: Collection[str] = ()) -> dict[str, Any]:
        """What is kept of it. `own`: what the shop calls its attributes (`blanks.own_words`).

        Raises:
            ScriptEmpty, ScriptTooLong, TemplateFailure: it cannot be kept as it is.
        """
        body = "\n".join(line.rstrip() for line in self.body.splitlines()).strip()
        if not clean(body):
            raise ScriptEmpty
        templates.check(body, own=own)
        title = " ".join(clean(self.title).split()) or _title_of(body)
        found = {
            "title": _fitting(title, LONGEST_TITLE, N_("Title")),
            "folder": _fitting(" ".join(clean(self.folder).split()), LONGEST_FOLDER, N_("Folder")),
            "article": _fitting(clean(self.article), 200, N_("Product code")) or None,
            "body": _fitting(body, LONGEST_BODY, N_("Words")),
            "situation": self.situation or None,
        }
        if found["situation"] not in (None, *SITUATIONS):
            raise ValueError(f"no such situation: {self.situation}")
        return found


def _fitting(text: str, most: int, label: str) -> str:
    if len(text) > most:
        raise ScriptTooLong(label, most, len(text))
    return text


def _title_of(body: str) -> str:
    line = body.partition("\n")[0]
    return line if len(line) <= _TITLE_FROM_BODY else f"{line[:_TITLE_FROM_BODY]}…"


# Reading


def listing(tx: Tx, *, folder: str | None = None, text: str = "") -> list[Script]:
    """The scripts of a folder (None: of all) that a text finds: most and last used first, then as they stand."""
    found = [script for script in _all(tx) if folder is None or script.folder == folder]
    if not text.strip():
        return found
    return [script for _rank, script in _ranked(found, text)]


def search(tx: Tx, text: str, *, limit: int = 20) -> list[Script]:
    """The scripts that a text finds, best first; none for an empty text. For the search box."""
    return listing(tx, text=text)[:limit] if text.strip() else []


def folders(tx: Tx) -> list[Folder]:
    """The folders by the order in which they were made, with their counts."""
    rows = tx.connection.execute(
        select(scripts.c.folder, func.count()).group_by(scripts.c.folder).order_by(func.min(scripts.c.id))
    )
    return [Folder(name, count) for name, count in rows]


def get(tx: Tx, script_id: int) -> Script:
    """One script.

    Raises:
        NoSuchScript: it is not there.
    """
    found = next((script for script in _all(tx) if script.id == script_id), None)
    if found is None:
        raise NoSuchScript
    return found


def fill(tx: Tx, columns: Columns, script_id: int, customer_id: int | None) -> Filled:
    """A script filled from a customer's card (None: nobody's card is open, every blank is missing).

    Raises:
        NoSuchScript, NoSuchCustomer: one of them is not there.
    """
    body = get(tx, script_id).body
    return templates.fill(body, {}) if customer_id is None else blanks.person(tx, columns, customer_id).fill(body)


def suggested(tx: Tx, who: Person, *, limit: int = 3) -> list[Script]:
    """What to say to a customer now: by her situations, the most pressing first; then what is used most.

    A script whose blanks nothing fills comes last, and of one situation its most used script comes first.
    """
    places = {key: place for place, key in enumerate(who.situations)}
    seen: dict[str, int] = {}
    ranked: list[tuple[tuple[int, ...], Script]] = []
    for order, script in enumerate(_all(tx)):
        if script.situation is not None and script.situation not in places:
            continue
        nth = 0
        if script.situation is not None:
            nth = seen[script.situation] = seen.get(script.situation, -1) + 1
        place = places.get(script.situation or "", len(SITUATIONS) - bool(script.uses))
        missing = bool(who.fill(script.body).missing)
        ranked.append(((missing, nth, place, order), script))
    return [script for _rank, script in sorted(ranked, key=lambda pair: pair[0])[:limit]]


def _all(tx: Tx) -> list[Script]:
    """Every script: most used first, among equals the last used, then by folder and place in it."""
    uses = (
        select(script_uses.c.script_id, func.count().label("uses"), func.max(script_uses.c.at).label("used_at"))
        .group_by(script_uses.c.script_id)
        .subquery()
    )
    first = select(scripts.c.folder, func.min(scripts.c.id).label("first")).group_by(scripts.c.folder).subquery()
    count = func.coalesce(uses.c.uses, 0)
    rows = tx.connection.execute(
        select(
            scripts.c.id, scripts.c.folder, scripts.c.title, scripts.c.body, scripts.c.article, scripts.c.situation,
            count, uses.c.used_at,
        )
        .outerjoin(uses, uses.c.script_id == scripts.c.id)
        .join(first, first.c.folder == scripts.c.folder)
        .order_by(count.desc(), uses.c.used_at.desc(), first.c.first, scripts.c.position, scripts.c.id)
    )  # fmt: skip
    return [Script(*row) for row in rows]


# Finding


def _ranked(found: list[Script], text: str) -> list[tuple[int, Script]]:
    words = fold(text).split()
    ranked = []
    for script in found:
        ranks = [_rank(script, word) for word in words]
        if max(ranks) < _NO_MATCH:
            ranked.append((sum(ranks), script))
    return sorted(ranked, key=lambda pair: pair[0])


def _rank(script: Script, word: str) -> int:
    """How well one word of the search fits a script: 0 is best."""
    return next((place for place, fit in enumerate(_fits(script, word)) if fit), _NO_MATCH)


def _fits(script: Script, word: str) -> Iterator[bool]:
    """Whether a word is found, place after place, the best place first."""
    article, title, sounds = _folded(script.article or ""), _folded(script.title), _sounds(script.title)
    yield word == article
    yield title.startswith(word)
    yield any(sound.startswith(word) for sound in sounds)
    yield word in title
    yield any(word in sound for sound in sounds)
    yield word in article
    yield word in _folded(script.folder)
    yield any(sound.startswith(word) for sound in _sounds(script.folder))
    yield word in _folded(script.body)


@lru_cache(maxsize=8_192)
def _folded(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=8_192)
def _sounds(title: str) -> tuple[str, ...]:
    """A title's pinyin initials and spellings; blank where nothing is Chinese."""
    return (*sorted(names.initials(title)), *sorted(names.pinyin(title)))


# Writing: each returns its change set


def add(tx: Tx, draft: Draft) -> int:
    """Keep a new script, at the end of its folder. Returns the change set; see `added`."""
    values = draft.values(own=blanks.own_words(tx))
    change_set = tx.begin_change("script_add")
    _add(tx, values)
    return change_set


def edit(tx: Tx, script_id: int, draft: Draft) -> int:
    """Change a script. Returns the change set, empty when nothing differs."""
    before, values = get(tx, script_id), draft.values(own=blanks.own_words(tx))
    change_set = tx.begin_change("script_edit", script=script_id)
    if values["folder"] != before.folder:
        values["position"] = _end_of(tx, values["folder"])
    if any(getattr(before, key, None) != value for key, value in values.items()):
        tx.edit(scripts, {"id": script_id}, {**values, "edited_at": tx.now_seconds})
    return change_set


def move(tx: Tx, script_id: int, *, folder: str) -> int:
    """Put a script into another folder, at its end. Returns the change set."""
    before = get(tx, script_id)
    return edit(
        tx, script_id, Draft(before.title, before.body, folder, before.article or "", before.situation or "")
    )  # fmt: skip


def duplicate(tx: Tx, script_id: int) -> int:
    """Keep a second one of a script, to be changed. Returns the change set."""
    before = get(tx, script_id)
    title = _("{title} (copy)").format(title=before.title)
    draft = Draft(title[:LONGEST_TITLE], before.body, before.folder, before.article or "", before.situation or "")
    return add(tx, draft)


def remove(tx: Tx, script_id: int) -> int:
    """Remove a script and its uses; undo brings both back. Returns the change set."""
    get(tx, script_id)
    change_set = tx.begin_change("script_remove", script=script_id)
    used = tx.connection.execute(select(script_uses.c.id).where(script_uses.c.script_id == script_id)).scalars()
    for one in used.all():
        tx.remove(script_uses, {"id": one})
    tx.remove(scripts, {"id": script_id})
    return change_set


def use(tx: Tx, script_id: int, customer_id: int | None) -> None:
    """Note that a script was copied, with whose card open. Not an edit: there is nothing to undo."""
    get(tx, script_id)
    if customer_id is not None:
        held = select(customers.c.id).where(customers.c.id == customer_id)
        customer_id = tx.connection.execute(held).scalar()  # gone meanwhile, when an import was undone
    values = {"script_id": script_id, "customer_id": customer_id, "at": tx.now_seconds, "actor": tx.actor}
    tx.connection.execute(insert(script_uses).values(values))


def added(tx: Tx) -> int | None:
    """The script that was kept last."""
    newest: int | None = tx.connection.execute(select(func.max(scripts.c.id))).scalar()
    return newest


def _add(tx: Tx, values: Mapping[str, Any]) -> int:
    at = tx.now_seconds
    place = _end_of(tx, values["folder"])
    return tx.add(scripts, {**values, "position": place, "created_at": at, "edited_at": at})


def _end_of(tx: Tx, folder: str) -> int:
    last = tx.connection.execute(select(func.max(scripts.c.position)).where(scripts.c.folder == folder)).scalar()
    return 0 if last is None else last + 1


# Ready-made ones


def take_presets(tx: Tx, *, language: str = "", trade: str | None = None) -> int:
    """Take the ready-made scripts for every trade and for one (None: the shop's). Returns the change set.

    A script whose folder and title are there already is left as it is, so that taking them twice adds nothing.
    """
    wanted = presets(language or i18n.language(), trade=tx.option(options.TRADE) if trade is None else trade)
    known = {(script.folder, script.title) for script in _all(tx)}
    fresh = [values for draft in wanted if (draft.folder, draft.title) not in known for values in [draft.values()]]
    change_set = tx.begin_change("script_presets", count=len(fresh))
    for values in fresh:
        _add(tx, values)
    return change_set


def presets(language: str, *, trade: str = "") -> list[Draft]:
    """The ready-made scripts of a language: those for every trade, then those for one."""
    told = tomllib.loads(resource("presets", "scripts", f"{language}.toml").read_text(encoding="utf-8"))
    return [
        Draft(one["title"], one["body"], folder["name"], situation=one.get("situation", ""))
        for folder in told["folder"]
        if folder.get("trade", trade) == trade
        for one in folder["script"]
    ]
