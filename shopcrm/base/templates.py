"""Texts with blanks (U2, U16): `{name}` or `{name|default}`, names and defaults, nothing else.

The grammar, whole:

* `{name}` and `{name|what stands there when it is missing}` are blanks. A name is a word of the table below, in any of
  its languages, upper or lower case, or what a trade or the shop calls one of its attributes; the default is taken as
  it stands and holds no brace. A name that nobody knows is refused when the text is kept; later nothing fills it.
* `{{` and `}}` are the braces themselves. A single `}` outside a blank is itself; a `{` that no `}` ends is an error.
* What is filled in is never read again: braces in a customer's name are characters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final, Literal

from shopcrm.base import i18n, trade_presets
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.text import fold

_SHOWN: Final = 24  # characters of a blank that an error quotes
# `*+` gives nothing back, so that a brace which is never closed costs one look and not one for each letter after it.
_TOKEN: Final = re.compile(r"\{\{|\}\}|\{(?P<inside>[^{}]*+)\}|\{")


@dataclass(eq=False)
class TemplateFailure(UserFailure):
    """A text that cannot be taken as a template. The only failure of this module.

    `at` is the place of the blank in the text, `line` its line, 0 in a text of one line.
    """

    blank: str
    at: int = 0
    line: int = 0

    def _placed(self, what: str) -> str:
        """The sentence with the line before it, where there are several."""
        return _("Line {n}: {what}").format(n=f"{self.line:,}", what=what) if self.line else what


@dataclass(eq=False)
class UnknownBlank(TemplateFailure):
    """A blank that is in no language's table, and that no attribute is called."""

    text: ClassVar[str] = N_("There is no blank “{blank}”. There are: {known}.")

    @property
    def message(self) -> str:
        """The sentence in the current language."""
        known = _(", ").join(word(one.key) for one in BLANKS)
        return self._placed(_(self.text).format(blank=self.blank, known=known))

    def __str__(self) -> str:
        return self.text.format(blank=self.blank, known=", ".join(one.words["en"][0] for one in BLANKS))


@dataclass(eq=False)
class UnclosedBlank(TemplateFailure):
    """A `{` that no `}` ends."""

    text: ClassVar[str] = N_("The blank that begins at “{blank}” has no end. For the brace itself write it twice.")

    @property
    def message(self) -> str:
        """The sentence in the current language."""
        return self._placed(_(self.text).format(blank=self.blank))


@dataclass(frozen=True)
class BlankKind:
    """A blank one can write: its key, its words by language (the first is the one offered), an example by language."""

    key: str
    words: Mapping[str, tuple[str, ...]]
    example: Mapping[str, str]


def _kind(key: str, zh_cn: str, zh_tw: str, en: str, *examples: str) -> BlankKind:
    words = {"zh_CN": tuple(zh_cn.split()), "zh_TW": tuple(zh_tw.split()), "en": tuple(en.split())}
    return BlankKind(key, words, dict(zip(words, examples, strict=True)))


# Each blank once. Any language's word works in any language; the key does too.
BLANKS: Final = (
    _kind("called", "称呼", "稱呼", "called first_name", "小满", "小滿", "Ada"),
    _kind("name", "姓名 名字", "姓名 名字", "name full_name", "林小满", "林小滿", "Ada Smith"),
    _kind("nick", "昵称 旺旺", "暱稱", "nick nickname", "xiaoman_lin88", "xiaoman_lin88", "ada_smith"),
    _kind("city", "城市", "城市", "city", "杭州", "台北", "Leeds"),
    _kind("last_product", "上次商品 商品", "上次商品 商品", "last_product product",
          "启悦 2 段奶粉", "啟悅 2 號奶粉", "the oat cookies"),
    _kind("last_date", "上次日期", "上次日期", "last_date", "10月25日", "10月25日", "Oct 25"),
    _kind("days_since", "距上次天数", "距上次天數", "days_since", "27", "27", "27"),
    _kind("times", "第几次 购买次数", "第幾次 購買次數", "times", "9", "9", "9"),
    _kind("total", "累计 累计金额", "累計 累計金額", "total", "¥4,286.50", "NT$12,860.00", "£428.60"),
    _kind("due_date", "到期日", "到期日", "due_date", "11月24日", "11月24日", "Nov 24"),
    _kind("order_tail", "订单尾号", "訂單末碼", "order_tail", "6354", "6354", "6354"),
    _kind("unpaid_product", "待付商品", "待付商品", "unpaid_product", "格纹加绒爬服", "格紋加絨爬服", "the romper"),
    _kind("unpaid_amount", "待付金额", "待付金額", "unpaid_amount", "¥168.00", "NT$680.00", "£16.80"),
    _kind("birthday", "生日", "生日", "birthday", "11月24日", "11月24日", "Nov 24"),
    _kind("company", "公司 单位", "公司 單位", "company", "虚构花店", "虛構花店", "Little Flowers"),
    _kind("occupation", "职业", "職業", "occupation", "老师", "老師", "teacher"),
    _kind("shop", "店名", "店名", "shop", "小满母婴", "小滿母嬰", "Little Oak"),
)  # fmt: skip

_KEYS: Final = {
    fold(word): kind.key
    for kind in BLANKS
    for word in (kind.key, *(each for words in kind.words.values() for each in words))
}
_BY_KEY: Final = {kind.key: kind for kind in BLANKS}


@dataclass(frozen=True)
class Blank:
    """A blank in a text: its key, as it was written, and its default (None: it has none)."""

    key: str
    written: str
    default: str | None


Template = tuple[str | Blank, ...]


@dataclass(frozen=True)
class Run:
    """A stretch of a filled text, and where it came from."""

    text: str
    source: Literal["words", "value", "default", "missing"]
    key: str = ""  # of the blank


@dataclass(frozen=True)
class Filled:
    """A filled text in its stretches. A blank that is missing and has no default stands there as it was written."""

    runs: tuple[Run, ...]

    @cached_property
    def text(self) -> str:
        """All of it: what is copied."""
        return "".join(run.text for run in self.runs)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The keys of the blanks that nothing fills, each once."""
        return tuple(dict.fromkeys(run.key for run in self.runs if run.source == "missing"))


def parse(text: str, *, own: Collection[str] | None = ()) -> Template:
    """The words and blanks of a text.

    Args:
        text: It.
        own: What the shop calls its attributes. None: any name will do, and nothing fills one that nobody knows.

    Raises:
        UnknownBlank: a name that neither a language, nor a trade, nor the shop knows.
        UnclosedBlank: a `{` without its `}`.
    """
    parts: list[str | Blank] = []
    words: list[str] = []
    at = 0
    for found in _TOKEN.finditer(text):
        words.append(text[at : found.start()])
        at = found.end()
        brace, inside = found[0], found["inside"]
        if inside is not None:
            if before := "".join(words):
                parts.append(before)
            words = []
            if (blank := _blank(inside, own)) is None:
                raise UnknownBlank(_quoted(f"{{{inside.partition('|')[0].strip()}}}"), *_where(text, found.start()))
            parts.append(blank)
        elif brace == "{":
            quoted = _quoted(text[found.start() : found.start() + _SHOWN + 1])
            raise UnclosedBlank(quoted, *_where(text, found.start()))
        else:
            words.append(brace[0])
    words.append(text[at:])
    if after := "".join(words):
        parts.append(after)
    return tuple(parts)


def check(text: str, *, own: Collection[str] = ()) -> None:
    """Raise what `parse` raises; a text is checked before it is kept."""
    parse(text, own=own)


def own_key(name: str) -> str:
    """The key of a blank by what only the shop calls it."""
    return fold(name)


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """A text with its blanks filled from `values` (by key; an empty one counts as missing, as does an unknown name).

    Raises:
        UnclosedBlank: see `parse`.
    """
    return filled(parse(text, own=None), values)


def filled(template: Template, values: Mapping[str, str]) -> Filled:
    """The same of a text that was read already."""
    return Filled(tuple(_run(part, values) for part in template))


def _run(part: str | Blank, values: Mapping[str, str]) -> Run:
    if isinstance(part, str):
        return Run(part, "words")
    value = values.get(part.key, "")
    if value:
        return Run(value, "value", part.key)
    if part.default is not None:
        return Run(part.default, "default", part.key)
    return Run(part.written, "missing", part.key)


def word(key: str, *, language: str = "") -> str:
    """The word for a blank in a language, by default the one in use; a name that only the shop knows as it is."""
    language = language or i18n.language()
    if key in _BY_KEY:
        return _BY_KEY[key].words[language][0]
    told = trade_presets.known().get(key)
    return key if told is None else told.label[language]


def examples(language: str) -> dict[str, str]:
    """A value for every blank, to show what a text will look like."""
    return {kind.key: kind.example[language] for kind in BLANKS}


def _blank(inside: str, own: Collection[str] | None) -> Blank | None:
    """The blank; None where it is called as nothing is. `own` None: it may be called as anything."""
    name, bar, default = inside.partition("|")
    key = _KEYS.get(name) or _KEYS.get(fold(name)) or trade_presets.key_of_label(name)
    if key is None:
        key = own_key(name)
        if own is not None and key not in map(own_key, own):
            return None
    return Blank(key, f"{{{name.strip()}}}", default if bar else None)


def _where(text: str, at: int) -> tuple[int, int]:
    """A place and its line; 0 in a text of one line."""
    return at, text.count("\n", 0, at) + 1 if "\n" in text else 0


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
