"""What a mapping says: the TOML file described in `collect.mapping`, checked (C2)."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.money import UnknownCurrency, minor_digits
from shopcrm.base.trade_presets import is_attribute
from shopcrm.collect import consent_words, review_words
from shopcrm.collect.fields import fold_header
from shopcrm.collect.foreign import OrderState

FIELDS: Final = (
    "number", "line_number", "buyer_id", "buyer_name", "recipient_name", "phone", "email", "created_at", "paid_at",
    "shipped_at", "signed_at", "finished_at", "quantity", "price", "line_total", "order_total", "refunded", "article",
    "title", "variant", "province", "city", "country", "address", "state", "store", "buyer_message", "seller_note",
    "closed_reason", "tracking_number", "carrier", *review_words.FIELDS,
)  # fmt: skip
PEOPLE_FIELDS: Final = (
    "name", "first_name", "last_name", "nickname", "buyer_id", "phone", "email", "wechat", "birthday", "gender",
    "age_band", "company", "occupation", "source", "entry_offer", "member_level", "tags", "note", "address",
    "province", "city", "district", *consent_words.FIELDS,
)  # fmt: skip
TELLING: Final = ("name", "first_name", "last_name", "nickname", "phone", "email", "wechat", "buyer_id")
AMOUNTS: Final = ("line_total", "price", "order_total")
_AMOUNT_FIELDS: Final = {
    "lines": ("line_total", "price"),
    "repeated": ("order_total",),
    "first_row": ("order_total",),
}

_AT_LINE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
_UNKNOWN: Final = re.compile(r".*unknown field `(.+?)`(?: - at `\$\.?(.*)`)?")
_MISSING: Final = re.compile(r".*missing required field `(.+?)`(?: - at `\$\.?(.*)`)?")
_WRONG: Final = re.compile(r".* - at `(?:key in )?\$?\.?(.*)`")


@dataclass(eq=False)
class NoMapping(UserFailure):
    """The mapping file is not there or no text."""

    text: ClassVar[str] = N_("The mapping “{file}” cannot be read.")
    file: str


@dataclass(eq=False)
class NotToml(UserFailure):
    """The mapping is no TOML file."""

    text: ClassVar[str] = N_("The mapping “{file}” is not valid TOML at line {line}, column {column}.")
    file: str
    line: str
    column: str


@dataclass(eq=False)
class BrokenToml(UserFailure):
    """The mapping is no TOML file, and ends in the middle."""

    text: ClassVar[str] = N_("The mapping “{file}” is not valid TOML: something is not closed at its end.")
    file: str


@dataclass(eq=False)
class UnknownSetting(UserFailure):
    """A key that a mapping does not have."""

    text: ClassVar[str] = N_("The mapping “{file}” sets “{key}”, which there is not. Possible here: {known}.")
    file: str
    key: str
    known: str


@dataclass(eq=False)
class MissingSetting(UserFailure):
    """A key that a mapping must have."""

    text: ClassVar[str] = N_("The mapping “{file}” does not set “{key}”, which is needed.")
    file: str
    key: str


@dataclass(eq=False)
class WrongSetting(UserFailure):
    """A value that does not fit its key."""

    text: ClassVar[str] = N_("In the mapping “{file}” the value of “{key}” does not fit. Possible: {possible}.")
    file: str
    key: str
    possible: str  # marked for translation

    @property
    def message(self) -> str:
        """The sentence in the current language."""
        return _(self.text).format(file=self.file, key=self.key, possible=_(self.possible))


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the TOML file; a key it does not know is a mistake."""


class Amounts(_Section, frozen=True):
    """How amounts are told."""

    rule: Literal["lines", "repeated", "first_row"] = "lines"
    decimal: Literal[".", ","] = "."


class Dates(_Section, frozen=True):
    """How dates are written."""

    formats: tuple[str, ...] = ()


class States(_Section, frozen=True):
    """The words for how far an order is."""

    default: OrderState | None = None
    words: dict[str, OrderState] = msgspec.field(default_factory=dict)


class Lines(_Section, frozen=True):
    """Which lines are no sales."""

    ignore_price_at_most: float | None = None
    ignore_articles: tuple[str, ...] = ()


class Returns(_Section, frozen=True):
    """Which documents are returns of their own."""

    number_prefix: Annotated[str, msgspec.Meta(min_length=1)] | None = None
    negative_quantity: bool = False


class Clean(_Section, frozen=True):
    """What is mended before it is read."""

    whole_numbers: tuple[str, ...] = ()


class MappingFile(_Section, frozen=True):
    """The file as a whole."""

    platform: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,31}$")]
    columns: dict[str, str | tuple[str, ...]]
    kind: Literal["orders", "people"] = "orders"
    label: str = ""
    currency: str | None = None
    store: str | None = None
    amounts: Amounts = Amounts()
    dates: Dates = Dates()
    states: States = States()
    lines: Lines = Lines()
    returns: Returns = Returns()
    clean: Clean = Clean()

    @property
    def only_reviews(self) -> bool:
        """Whether it tells what was written of orders that other files tell."""
        told = self.columns.keys()
        return self.kind == "orders" and told.isdisjoint(AMOUNTS) and not told.isdisjoint(review_words.FIELDS)

    def names(self) -> dict[str, tuple[str, ...]]:
        """By field the headers it goes by."""
        return {field: (said,) if isinstance(said, str) else said for field, said in self.columns.items()}


def read(path: Path) -> MappingFile:
    """What a mapping file says.

    Raises:
        UserFailure: it cannot be read, or says something that does not fit; with the line or the key.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NoMapping(path.name) from error
    return parse(text, name=path.name)


def parse(text: str, *, name: str) -> MappingFile:
    """What the text of a mapping says. `name` is what messages call it.

    Raises:
        UserFailure: it says something that does not fit; with the line or the key.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        raise (NotToml(name, at[1], at[2]) if at else BrokenToml(name)) from error
    try:
        mapping = msgspec.convert(data, MappingFile)
    except msgspec.ValidationError as error:
        raise _failure(name, str(error)) from error
    _check(name, mapping)
    return mapping


def as_toml(mapping: MappingFile) -> str:
    """The text of a mapping: what `parse` reads as the same. What is as usual is left out."""
    plain, sections = [], []
    for key, value in _unusual(mapping):
        if isinstance(value, _Section) or key == "columns":
            settings = list(value.items()) if isinstance(value, dict) else _unusual(value)
            sections += ["", f"[{key}]", *(f"{name} = {_value(inner)}" for name, inner in settings)]
        else:
            plain.append(f"{key} = {_value(value)}")
    return "\n".join([*plain, *sections, ""])


def _unusual(section: _Section) -> list[tuple[str, Any]]:
    """The settings of a section that are not at their defaults."""
    result = []
    for info in msgspec.structs.fields(section):
        value = getattr(section, info.name)
        usual = {} if info.default_factory is dict else info.default
        if value != usual:
            result.append((info.name, value))
    return result


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_value(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    # JSON's texts, numbers and truth values are TOML's, but for one control character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def fingerprint(header: Sequence[str]) -> str:
    """By what a table is known again: the names of its columns, in whatever order and whatever writing."""
    names = sorted(name for name in map(fold_header, header) if name)
    return hashlib.sha256("\n".join(names).encode("utf-8", errors="replace")).hexdigest()


def _failure(file: str, told: str) -> UserFailure:
    """The failure behind msgspec's `Object contains unknown field `x` - at `$.amounts``."""
    if unknown := _UNKNOWN.fullmatch(told):
        inside = MappingFile if not unknown[2] else _SECTIONS.get(unknown[2], MappingFile)
        return UnknownSetting(file, _path(unknown[2], unknown[1]), ", ".join(inside.__struct_fields__))
    if missing := _MISSING.fullmatch(told):
        return MissingSetting(file, _path(missing[2], missing[1]))
    wrong = _WRONG.fullmatch(told)
    key = wrong[1].replace("[...]", "") if wrong else ""
    return WrongSetting(file, key, _POSSIBLE.get(key, N_("a text in quotation marks")))


_SECTIONS: Final[dict[str, type[_Section]]] = {
    "amounts": Amounts, "dates": Dates, "states": States, "lines": Lines, "returns": Returns, "clean": Clean,
}  # fmt: skip
_LIST: Final = N_("a list of texts in quotation marks")
_POSSIBLE: Final = {
    "kind": "orders, people",
    "platform": N_("small letters, digits and _, a letter first, at most 32"),
    "columns": N_("the name of a column in quotation marks, or a list of them"),
    "amounts.rule": "lines, repeated, first_row",
    "amounts.decimal": '".", ","',
    "dates.formats": _LIST,
    "states.default": ", ".join(OrderState),
    "states.words": ", ".join(OrderState),
    "lines.ignore_price_at_most": N_("a number"),
    "lines.ignore_articles": _LIST,
    "returns.negative_quantity": "true, false",
    "clean.whole_numbers": _LIST,
}


def _path(inside: str | None, key: str) -> str:
    return f"{inside}.{key}" if inside else key


def _check(file: str, mapping: MappingFile) -> None:
    """What the types alone don't say."""
    people = mapping.kind == "people"
    known = PEOPLE_FIELDS if people else FIELDS
    for section, fields in (("columns", mapping.columns), ("clean.whole_numbers", mapping.clean.whole_numbers)):
        for field in fields:
            if field not in known and not (people and is_attribute(field)):
                raise UnknownSetting(file, f"{section}.{field}", ", ".join(known))
    if mapping.kind == "people":
        if not any(field in mapping.columns for field in TELLING):
            raise MissingSetting(file, "columns.name")
        return
    if "number" not in mapping.columns:
        raise MissingSetting(file, "columns.number")
    if mapping.only_reviews:
        return
    needed = _AMOUNT_FIELDS[mapping.amounts.rule]
    if not any(field in mapping.columns for field in needed):
        raise MissingSetting(file, f"columns.{needed[0]}")
    if mapping.currency is not None:
        try:
            minor_digits(mapping.currency)
        except UnknownCurrency as error:
            raise WrongSetting(file, "currency", N_("the three letters of a currency, like CNY")) from error
