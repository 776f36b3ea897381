"""Scripts (U2): standard wordings in folders, found by words, product code or pinyin initials, filled, counted.

The answers to questions about products (`collect.product_answers`) are found with them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar, Final, TypeAlias, TypeVar

from sqlalchemy import func, select

from shopcrm.act import blanks, script_uses
from shopcrm.act.blanks import SITUATIONS, Person
from shopcrm.act.script_uses import Tally
from shopcrm.base import names, templates, wordings
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.sheet_marks import pieces
from shopcrm.base.templates import Filled
from shopcrm.base.text import fold
from shopcrm.base.wordings import fitting, one_line
from shopcrm.collect import product_answers
from shopcrm.collect.product_answers import Answer, AnswerDraft
from shopcrm.mine import rfm
from shopcrm.store.columns import Columns
from shopcrm.store.tables.customers import customers
from shopcrm.store.tables.orders import order_items
from shopcrm.store.tables.scripts import script_uses as uses_table
from shopcrm.store.tables.scripts import scripts
from shopcrm.store.tx import Tx

LONGEST_TITLE: Final = 120
LONGEST_FOLDER: Final = 64
LONGEST_CODES: Final = 200
LONGEST_KEYWORDS: Final = 400
LEVELS_OFFERED: Final = 40
_TITLE_FROM_BODY: Final = 24
_BETWEEN: Final = ", "
_LINES_LOOKED_AT: Final = 200_000  # the newest lines of orders
_NO_MATCH: Final = 99


@dataclass(eq=False)
class NoSuchScript(UserFailure):
    """The script was removed meanwhile."""

    text: ClassVar[str] = N_("This script is no longer there.")


@dataclass(eq=False)
class ScriptEmpty(UserFailure):
    """A script without a word."""

    text: ClassVar[str] = N_("Write the words of the script first.")


@dataclass(frozen=True)
class Audience:
    """Whom a script suits: customers of these groups, and those with these member levels. Neither: everybody."""

    groups: tuple[str, ...] = ()  # keys of mine.rfm
    levels: tuple[str, ...] = ()  # as lists of people name them

    def __bool__(self) -> bool:
        return bool(self.groups or self.levels)

    def holds(self, who: Person) -> bool:
        """Whether a customer is one of those it names; one of them is enough."""
        level = fold(who.level or "")
        return who.group in self.groups or bool(level and level in map(fold, self.levels))


EVERYBODY: Final = Audience()
_NEVER_USED: Final = Tally()


@dataclass(frozen=True)
class Script:
    """One wording and how often it was used."""

    id: int
    folder: str  # "": in none
    title: str
    body: str
    article: str | None = None  # the codes of the products it is about
    situation: str | None = None  # one of blanks.SITUATIONS; None: any time
    keywords: str | None = None  # what it is found by, too
    audience: Audience = EVERYBODY
    tally: Tally = _NEVER_USED

    @property
    def uses(self) -> int:
        """How often it was copied."""
        return self.tally.uses

    @property
    def codes(self) -> tuple[str, ...]:
        """The products it is about."""
        return _parts(self.article)

    @property
    def place(self) -> int:
        """Its number in lists that hold answers too."""
        return self.id

    def draft(self) -> Draft:
        """The script as it is written."""
        return Draft(
            self.title, self.body, self.folder, self.article or "", self.situation or "", self.keywords or "",
            self.audience,
        )  # fmt: skip


Wording: TypeAlias = Script | Answer
_W = TypeVar("_W", Script, Answer, Wording)


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
    article: str = ""  # one code or several, with a comma between
    situation: str = ""
    keywords: str = ""  # likewise
    audience: Audience = EVERYBODY

    def values(self, *, own: Collection[str] = ()) -> dict[str, Any]:
        """What is kept of it. `own`: what the shop calls its attributes (`blanks.own_words`).

        Raises:
            ScriptEmpty, PartTooLong, TemplateFailure: it cannot be kept as it is.
        """
        body = wordings.body(self.body, N_("Words"))
        if not body:
            raise ScriptEmpty
        templates.check(body, own=own)
        title = one_line(self.title) or _title_of(body)
        found = {
            "title": fitting(title, LONGEST_TITLE, N_("Title")),
            "folder": fitting(one_line(self.folder), LONGEST_FOLDER, N_("Folder")),
            "article": fitting(_BETWEEN.join(pieces(self.article)), LONGEST_CODES, N_("Product code")) or None,
            "body": body,
            "situation": self.situation or None,
            "keywords": fitting(_BETWEEN.join(pieces(self.keywords)), LONGEST_KEYWORDS, N_("Search words")) or None,
            "audience": _stored(self.audience),
        }
        if found["situation"] not in (None, *SITUATIONS):
            raise ValueError(f"no such situation: {self.situation}")
        return found


def _title_of(body: str) -> str:
    line = body.partition("\n")[0]
    return line if len(line) <= _TITLE_FROM_BODY else f"{line[:_TITLE_FROM_BODY]}…"


@lru_cache(maxsize=8_192)
def _parts(text: str | None) -> tuple[str, ...]:
    return pieces(text) if text else ()


def _stored(audience: Audience) -> str | None:
    if not audience:
        return None
    told = {"groups": [one for one in rfm.GROUP_KEYS if one in audience.groups], "levels": list(audience.levels)}
    return json.dumps(told, ensure_ascii=False)


def _audience(stored: str | None) -> Audience:
    if not stored:
        return EVERYBODY
    told = json.loads(stored)
    return Audience(tuple(told.get("groups", ())), tuple(told.get("levels", ())))


# Reading


def listing(tx: Tx, *, folder: str | None = None, text: str = "") -> list[Script]:
    """The scripts of a folder (None: of all) that a text finds: most and last used first, then as they stand."""
    found = [script for script in _all(tx) if folder is None or script.folder == folder]
    if not text.strip():
        return found
    return [script for _rank, script in _ranked(found, text)]


def search(tx: Tx, text: str, *, limit: int = 20) -> list[Wording]:
    """The scripts and answers that a text finds, best first; none for an empty text. For the search box."""
    return wordings_of(tx, text=text)[:limit] if text.strip() else []


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
    """What to say to a customer now.

    First what is written for her group or member level, then what is about a product of an order under way; of these
    the most pressing of her situations, then what is used most. A script whose blanks nothing fills comes last, of one
    situation its most used script comes first, and what is written for others is not there at all.
    """
    places = {key: place for place, key in enumerate(who.situations)}
    open_codes = set(map(fold, who.codes))
    seen: dict[tuple[bool, str], int] = {}
    ranked: list[tuple[tuple[int, ...], Script]] = []
    for order, script in enumerate(_all(tx)):
        if script.situation is not None and script.situation not in places:
            continue
        if script.audience and not script.audience.holds(who):
            continue
        nth, special = 0, bool(script.audience)
        if script.situation is not None:
            nth = seen[special, script.situation] = seen.get((special, script.situation), -1) + 1
        about = 1 if not script.codes else 0 if open_codes.intersection(map(fold, script.codes)) else 2
        place = places.get(script.situation or "", len(SITUATIONS) - bool(script.uses))
        missing = bool(who.fill(script.body).missing)
        ranked.append(((missing, not special, about, nth, place, order), script))
    return [script for _rank, script in sorted(ranked, key=lambda pair: pair[0])[:limit]]


def levels(tx: Tx) -> list[str]:
    """The member levels that customers have, those of most customers first."""
    count = func.count()
    found = tx.connection.execute(
        select(customers.c.member_level)
        .where(customers.c.member_level.is_not(None))
        .group_by(customers.c.member_level)
        .order_by(count.desc(), customers.c.member_level)
        .limit(LEVELS_OFFERED)
    )
    return [level for level in found.scalars() if level]


def _all(tx: Tx) -> list[Script]:
    """Every script: most used first, among equals the last used, then by folder and place in it."""
    told = script_uses.tallies()
    first = select(scripts.c.folder, func.min(scripts.c.id).label("first")).group_by(scripts.c.folder).subquery()
    count = func.coalesce(told.c.uses, 0)
    counts = (func.coalesce(column, 0) for column in (told.c.answered, told.c.bought, told.c.vain))
    rows = tx.connection.execute(
        select(
            scripts.c.id, scripts.c.folder, scripts.c.title, scripts.c.body, scripts.c.article, scripts.c.situation,
            scripts.c.keywords, scripts.c.audience, count, told.c.used_at, *counts,
        )
        .outerjoin(told, told.c.script_id == scripts.c.id)
        .join(first, first.c.folder == scripts.c.folder)
        .order_by(count.desc(), told.c.used_at.desc(), first.c.first, scripts.c.position, scripts.c.id)
    )  # fmt: skip
    return [Script(*row[:7], _audience(row[7]), Tally(*row[8:])) for row in rows]


# Answers to questions about products, which are found with them


def answers(
    tx: Tx, *, text: str = "", codes: Sequence[str] | None = None, columns: Columns | None = None
) -> list[Answer]:
    """The answers that a text finds (blank: all), of these products; with `columns` the products' titles too."""
    found = product_answers.listing(tx, codes=codes)
    if columns is not None and found:
        known = product_titles(tx, columns, (one.code for one in found))
        found = [replace(one, product=known.get(fold(one.code), "")) for one in found]
    return found if not text.strip() else [one for _rank, one in _ranked(found, text)]


def wordings_of(tx: Tx, *, folder: str | None = None, text: str = "", columns: Columns | None = None) -> list[Wording]:
    """The scripts of a folder; of all, and the answers with them, best first when a text is looked for."""
    found: list[Wording] = [*listing(tx, folder=folder)]
    if folder is None:
        found += answers(tx, columns=columns)
    return found if not text.strip() else [one for _rank, one in _ranked(found, text)]


def product_titles(tx: Tx, columns: Columns, codes: Iterable[str]) -> Mapping[str, str]:
    """The titles of products by their folded codes, as they were called last; remembered with the columns.

    What was not sold for long is not looked for: of millions of lines nobody waits for the end of a search.
    """
    wanted = tuple(sorted(set(codes)))
    memory: dict[str, str] = columns.derived(("product titles", wanted), dict)
    if not memory and wanted:
        lines, newest = order_items, select(func.max(order_items.c.id)).scalar_subquery()
        sold = select(lines.c.article, lines.c.title, func.max(lines.c.id)).where(
            lines.c.id > newest - _LINES_LOOKED_AT, lines.c.article.in_(wanted)
        )
        found = {fold(code): title for code, title, _last in tx.connection.execute(sold.group_by(lines.c.article))}
        # At once: another thread that reads meanwhile finds nothing or all. "" says that it was looked for.
        memory |= {"": ""} | found
    return memory


# Finding


def _ranked(found: Iterable[_W], text: str) -> list[tuple[int, _W]]:
    words = fold(text).split()
    ranked: list[tuple[int, _W]] = []
    for one in found:
        ranks = [_rank(one, word) for word in words]
        if max(ranks, default=0) < _NO_MATCH:
            ranked.append((sum(ranks), one))
    return sorted(ranked, key=lambda pair: pair[0])


def _rank(wording: Wording, word: str) -> int:
    """How well one word of the search fits a script or an answer: 0 is best."""
    return next((place for place, fit in enumerate(_fits(wording, word)) if fit), _NO_MATCH)


def _fits(wording: Wording, word: str) -> Iterator[bool]:
    """Whether a word is found, place after place, the best place first."""
    if isinstance(wording, Script):
        codes, keywords, around = wording.codes, _parts(wording.keywords), wording.folder
    else:
        codes, keywords, around = (wording.code,), (), wording.product
    folded, sounds = [_folded(code) for code in codes], _sounds(wording.title)
    title = _folded(wording.title)
    yield word in folded
    yield title.startswith(word)
    yield any(_folded(keyword).startswith(word) for keyword in keywords)
    yield any(sound.startswith(word) for sound in sounds)
    yield any(sound.startswith(word) for keyword in keywords for sound in _sounds(keyword))
    yield word in title
    yield any(word in sound for sound in sounds)
    yield any(word in code for code in folded)
    yield any(word in _folded(keyword) for keyword in keywords)
    yield word in _folded(around)
    yield any(sound.startswith(word) for sound in _sounds(around))
    yield word in _folded(wording.body)


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
    write_new(tx, values)
    return change_set


def edit(tx: Tx, script_id: int, draft: Draft) -> int:
    """Change a script. Returns the change set, empty when nothing differs."""
    values = draft.values(own=blanks.own_words(tx))
    get(tx, script_id)
    change_set = tx.begin_change("script_edit", script=script_id)
    write(tx, script_id, values)
    return change_set


def move(tx: Tx, script_id: int, *, folder: str) -> int:
    """Put a script into another folder, at its end. Returns the change set."""
    get(tx, script_id)
    change_set = tx.begin_change("script_edit", script=script_id)
    write(tx, script_id, {"folder": fitting(one_line(folder), LONGEST_FOLDER, N_("Folder"))})
    return change_set


def duplicate(tx: Tx, script_id: int) -> int:
    """Keep a second one of a script, to be changed. Returns the change set."""
    before = get(tx, script_id)
    title = _("{title} (copy)").format(title=before.title)
    return add(tx, replace(before.draft(), title=title[:LONGEST_TITLE]))


def remove(tx: Tx, script_id: int) -> int:
    """Remove a script and its uses; undo brings both back. Returns the change set."""
    get(tx, script_id)
    change_set = tx.begin_change("script_remove", script=script_id)
    used = tx.connection.execute(select(uses_table.c.id).where(uses_table.c.script_id == script_id)).scalars()
    for one in used.all():
        tx.remove(uses_table, {"id": one})
    tx.remove(scripts, {"id": script_id})
    return change_set


def use(tx: Tx, script_id: int, customer_id: int | None) -> int:
    """Note that a script was copied, with whose card open. Returns the use, see `act.script_uses`."""
    get(tx, script_id)
    return script_uses.note(tx, script_id, customer_id)


def keep(tx: Tx, draft: Draft | AnswerDraft) -> int:
    """Keep a new script or answer. Returns the change set."""
    return add(tx, draft) if isinstance(draft, Draft) else product_answers.add(tx, draft)


def change(tx: Tx, place: int, draft: Draft | AnswerDraft) -> int:
    """Change the script or answer of a place. Returns the change set."""
    return edit(tx, place, draft) if isinstance(draft, Draft) else product_answers.edit(tx, -place, draft)


def added(tx: Tx) -> int | None:
    """The script that was kept last."""
    newest: int | None = tx.connection.execute(select(func.max(scripts.c.id))).scalar()
    return newest


def write_new(tx: Tx, values: Mapping[str, Any]) -> int:
    """As `add`, within a change set that was begun."""
    at = tx.now_seconds
    place = _end_of(tx, values["folder"])
    return tx.add(scripts, {**values, "position": place, "created_at": at, "edited_at": at})


def write(tx: Tx, script_id: int, values: Mapping[str, Any]) -> None:
    """As `edit`, within a change set that was begun."""
    before = tx.connection.execute(select(scripts).where(scripts.c.id == script_id)).mappings().one()
    told = {key: value for key, value in values.items() if before[key] != value}
    if "folder" in told:
        told["position"] = _end_of(tx, told["folder"])
    if told:
        tx.edit(scripts, {"id": script_id}, {**told, "edited_at": tx.now_seconds})


def _end_of(tx: Tx, folder: str) -> int:
    last = tx.connection.execute(select(func.max(scripts.c.position)).where(scripts.c.folder == folder)).scalar()
    return 0 if last is None else last + 1
