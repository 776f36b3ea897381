"""What a user says of a table's columns, while it is being said: from a guess or from a mapping, and into one (C2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast

from shopcrm.base import platforms
from shopcrm.base.money import UnknownCurrency, minor_digits
from shopcrm.base.text import clean, fold
from shopcrm.base.trade_presets import is_attribute
from shopcrm.collect import guessing, people_guessing, review_table
from shopcrm.collect.fields import Columns, fold_header
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.guessing import USUAL, Rows
from shopcrm.collect.mapping_file import AMOUNTS, TELLING, Amounts, Clean, Dates, MappingFile, States

RULES: Final = ("repeated", "first_row", "lines")
_WORD: Final = re.compile(r"[a-z0-9]+")
_LONGEST_KEY: Final = 32
_DATED: Final = re.compile(r"(?:[\d\s._()\-~]|(?<=[\d年月日])[年月日至到])+")  # 去年 is no date


@dataclass(frozen=True)
class Draft:
    """What is said so far. `fields` by the place of a column; `dates` one of the keys of `readings`."""

    header: tuple[str, ...]
    fields: Mapping[int, str]
    kind: str = "orders"  # or "people"
    rule: str = "lines"
    decimal: str = "."
    dates: str = USUAL
    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    states: Mapping[str, OrderState | None] = field(default_factory=dict)  # by word; None: by the payment
    label: str = ""
    store: str = ""
    currency: str = ""
    whole_numbers: tuple[str, ...] = ()
    base: MappingFile | None = None  # what it was before: its other settings stay

    def place_of(self, wanted: str) -> int | None:
        """Which column holds a field."""
        return next((place for place, name in self.fields.items() if name == wanted), None)

    def with_field(self, place: int, wanted: str) -> Draft:
        """A column said to hold a field ("": none); the column that held it before holds none then."""
        fields = {at: name for at, name in self.fields.items() if at != place and name != wanted}
        return replace(self, fields=dict(sorted((fields | ({place: wanted} if wanted else {})).items())))

    def missing(self) -> tuple[str, ...]:
        """What has to be said before rows can be read: `number` and `amount`, or `who` of a list of people."""
        told = set(self.fields.values())
        if self.kind == "people":
            return () if told.intersection(TELLING) else ("who",)
        if told.isdisjoint(AMOUNTS) and review_table.tells(told):  # of orders that are known
            return () if "number" in told else ("number",)
        needed = {"line_total", "price"} if self.rule == "lines" else {"order_total"}
        return tuple(
            name for name, is_missing in (("number", "number" not in told), ("amount", not needed & told)) if is_missing
        )

    def is_currency(self) -> bool:
        """Whether the currency is one."""
        try:
            minor_digits(self.currency.upper())
        except UnknownCurrency:
            return False
        return True

    def mapping(self) -> MappingFile:
        """It as a mapping. Only when nothing is missing."""
        base = self.base or MappingFile(platform="table", columns={})
        if self.kind == "people":
            return MappingFile(
                platform=platform_key(self.label) if self.label != base.label or not self.base else base.platform,
                kind="people",
                label=self.label,
                columns={name: self.header[place] for place, name in self.fields.items()},
                dates=Dates(formats=self.readings.get(self.dates, ())),
            )
        words = {word: state for word, state in self.states.items() if state is not None}
        known = dict(base.states.words)
        return MappingFile(
            platform=platform_key(self.label) if self.label != base.label or not self.base else base.platform,
            label=self.label,
            currency=self.currency.upper() or None,
            store=self.store or None,
            columns={name: self.header[place] for place, name in self.fields.items()},
            amounts=Amounts(
                rule=cast("Literal['lines', 'repeated', 'first_row']", self.rule),
                decimal=cast("Literal['.', ',']", self.decimal),
            ),
            dates=Dates(formats=self.readings.get(self.dates, ())),
            states=States(
                default=base.states.default,
                words={word: state for word, state in known.items() if word not in self.states} | words,
            ),
            lines=base.lines,
            returns=base.returns,
            clean=Clean(whole_numbers=tuple(name for name in self.whole_numbers if name in self.fields.values())),
        )


def guessed(header: Sequence[str], rows: Rows, *, file_name: str, currency: str) -> Draft:
    """What a table that nobody knows seems to say."""
    found = guessing.guess(header, rows)
    people = people_guessing.guess(header, rows)
    if _is_of_people(found.fields, people):
        draft = Draft(tuple(header), people, kind="people", label=label_of(file_name), currency=currency)
        return with_samples(draft, rows)
    return Draft(
        header=tuple(header),
        fields=found.fields,
        rule=found.rule,
        decimal=found.decimal,
        dates=next(iter(found.dates)),
        readings=found.dates,
        states=found.states,
        label=label_of(file_name),
        currency=currency,
        whole_numbers=found.whole_numbers,
    )


def _is_of_people(orders: Mapping[int, str], people: Mapping[int, str]) -> bool:
    """Whether a table is rather a list of people: it tells who they are, and neither a sum nor a day of an order."""
    told = set(orders.values())
    if review_table.tells(told) or told & {"order_total", "line_total", "price", "quantity", "title", "state"}:
        return False
    who = [field for field in people.values() if not is_attribute(field)]
    return bool(set(who).intersection(TELLING)) and len(who) >= len(told - {"created_at"})


def of_kind(draft: Draft, kind: str, rows: Rows) -> Draft:
    """The same table said to be of orders, or of people: its columns are guessed anew."""
    if kind == draft.kind:
        return draft
    if kind == "people":
        again = replace(draft, kind=kind, fields=people_guessing.guess(draft.header, rows), states={})
        return with_samples(again, rows)
    found = guessing.guess(draft.header, rows)
    return replace(
        draft, kind=kind, fields=found.fields, rule=found.rule, decimal=found.decimal, dates=next(iter(found.dates)),
        readings=found.dates, states=found.states, whole_numbers=found.whole_numbers,
    )  # fmt: skip


def said(header: Sequence[str], rows: Rows, mapping: MappingFile, *, currency: str) -> Draft:
    """What was said of a table before, to be changed."""
    columns = Columns(header, mapping.names())
    draft = with_samples(
        Draft(
            header=tuple(header),
            fields=dict(sorted((place, name) for name, place in columns.where.items())),
            kind=mapping.kind,
            rule=mapping.amounts.rule,
            decimal=mapping.amounts.decimal,
            label=mapping.label or mapping.platform,
            store=mapping.store or "",
            currency=mapping.currency or currency,
            base=mapping,
        ),
        rows,
    )
    if mapping.dates.formats:
        readings = {**draft.readings, "said": mapping.dates.formats}
        same = next((key for key, formats in draft.readings.items() if formats == mapping.dates.formats), "said")
        draft = replace(draft, readings=draft.readings if same != "said" else readings, dates=same)
    return draft


def with_samples(draft: Draft, rows: Rows) -> Draft:
    """The draft with what its columns hold looked at anew: dates, states, identifiers that became 17850.0."""
    if draft.kind == "people":
        return _with_birthdays(draft, rows)
    again = guessing.look(draft.fields, draft.header, rows)
    words = {} if draft.base is None else {fold(word): state for word, state in draft.base.states.words.items()}
    states = {
        word: draft.states.get(word, words.get(fold(word), guess)) for word, guess in again.states.items()
    }  # fmt: skip
    dates = draft.dates if draft.dates in again.dates else next(iter(again.dates))
    return replace(draft, readings=again.dates, dates=dates, states=states, whole_numbers=again.whole_numbers)


def _with_birthdays(draft: Draft, rows: Rows) -> Draft:
    """The ways in which the birthdays of a list can be read: a formula only where the usual ones don't do."""
    place = draft.place_of("birthday")
    cells = [row[place] for row in rows if place is not None and place < len(row) and row[place]]
    readings = people_guessing.birthday_readings(cells)
    dates = draft.dates if draft.dates in readings else next(iter(readings))
    return replace(draft, readings=readings, dates=dates)


def usable(header: Sequence[str]) -> tuple[bool, ...]:
    """By column whether a mapping can name it: it has a name, and no column before has the same."""
    names = [fold_header(name) for name in header]
    return tuple(bool(name) and names.index(name) == place for place, name in enumerate(names))


def label_of(file_name: str) -> str:
    """What to call a table: its file's name without dates and counts."""
    stem = clean(file_name).rpartition(".")[0] or clean(file_name)
    return " ".join(_DATED.sub(" ", stem).split())[:60] or stem[:60]


def platform_key(label: str) -> str:
    """The key under which orders of that label are stored: a marketplace's own, else made of the label's sounds."""
    wanted = fold(label)
    for key in platforms.NAMES:
        if key != "manual" and wanted in (fold(platforms.NAMES[key]), fold(platforms.name(key))):
            return key
    from pypinyin import lazy_pinyin

    words = _WORD.findall("_".join(lazy_pinyin(wanted)).replace("'", ""))
    key = "_".join(words)[:_LONGEST_KEY].strip("_")
    return key if key[:1].isalpha() else f"table_{key}"[:_LONGEST_KEY].strip("_")
