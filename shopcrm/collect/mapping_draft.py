"""What a user says of a table's columns, while it is being said: from a guess or from a mapping, and into one (C2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast

from shopcrm.base import platforms
from shopcrm.base.money import UnknownCurrency, minor_digits
from shopcrm.base.text import clean, fold
from shopcrm.collect import guessing
from shopcrm.collect.fields import Columns, fold_header
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.guessing import USUAL, Rows
from shopcrm.collect.mapping_file import Amounts, Clean, Dates, MappingFile, States

RULES: Final = ("repeated", "first_row", "lines")
_WORD: Final = re.compile(r"[a-z0-9]+")
_LONGEST_KEY: Final = 32
_DATED: Final = re.compile(r"[\d\s._()\-年月日至到~]+")


@dataclass(frozen=True)
class Draft:
    """What is said so far. `fields` by the place of a column; `dates` one of the keys of `readings`."""

    header: tuple[str, ...]
    fields: Mapping[int, str]
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
        """What has to be said before rows can be read: `number`, `amount`, `header`."""
        told = set(self.fields.values())
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


def said(header: Sequence[str], rows: Rows, mapping: MappingFile, *, currency: str) -> Draft:
    """What was said of a table before, to be changed."""
    columns = Columns(header, mapping.names())
    draft = with_samples(
        Draft(
            header=tuple(header),
            fields=dict(sorted((place, name) for name, place in columns.where.items())),
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
    again = guessing.look(draft.fields, draft.header, rows)
    words = {} if draft.base is None else {fold(word): state for word, state in draft.base.states.words.items()}
    states = {
        word: draft.states.get(word, words.get(fold(word), guess)) for word, guess in again.states.items()
    }  # fmt: skip
    dates = draft.dates if draft.dates in again.dates else next(iter(again.dates))
    return replace(draft, readings=again.dates, dates=dates, states=states, whole_numbers=again.whole_numbers)


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
