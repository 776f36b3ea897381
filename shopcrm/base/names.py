"""Names of people: how one addresses them, and their pinyin for searching.

Every reading counts, because libraries guess surnames wrong (单 曾 解 仇 查 …).
"""

from __future__ import annotations

import os
import unicodedata
from functools import lru_cache
from itertools import islice, product
from typing import Final, NamedTuple

from shopcrm.base.text import clean, is_masked

LONGEST: Final = 12  # characters; behind them nobody types initials
MOST: Final = 48  # spellings of one name; a name of four characters with three readings each has 81

# How a character is read as a surname, best first, where its usual reading is another one.
SURNAMES: Final = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "盖": "ge gai",
    "朴": "piao", "员": "yun", "召": "shao", "种": "chong", "折": "she", "乐": "yue le", "缪": "miao",
    "翟": "zhai di", "尉": "wei yu", "洗": "xian", "冼": "xian", "覃": "qin tan", "隗": "wei kui",
    "黑": "he hei", "秘": "bi", "繁": "po", "卜": "bu", "柏": "bai bo", "谌": "chen shen", "会": "gui",
    "牟": "mu mou", "能": "nai", "祭": "zhai", "藏": "zang", "句": "gou", "都": "du", "薄": "bo",
    "费": "fei bi", "郗": "xi chi", "佴": "nai", "贠": "yun", "炅": "gui", "逄": "pang", "撒": "sa",
    "幺": "yao", "过": "guo", "哈": "ha", "宿": "su", "车": "che", "沈": "shen", "石": "shi", "贾": "jia",
    "俞": "yu", "余": "yu", "陆": "lu", "万": "wan", "谷": "gu yu", "那": "na nuo", "令": "ling",
    "干": "gan",
}  # fmt: skip
COMPOUND_SURNAMES: Final = {
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "令狐": "ling hu",
    "欧阳": "ou yang", "司马": "si ma", "诸葛": "zhu ge", "夏侯": "xia hou", "皇甫": "huang fu", "独孤": "du gu",
    "慕容": "mu rong", "鲜于": "xian yu", "宇文": "yu wen", "司徒": "si tu", "司空": "si kong", "公孙": "gong sun",
    "轩辕": "xuan yuan", "赫连": "he lian", "拓跋": "tuo ba", "呼延": "hu yan", "端木": "duan mu", "申屠": "shen tu",
    "濮阳": "pu yang", "淳于": "chun yu", "闻人": "wen ren", "钟离": "zhong li", "宗政": "zong zheng",
    "乐正": "yue zheng", "谷梁": "gu liang", "闾丘": "lv qiu", "漆雕": "qi diao", "壤驷": "rang si", "巫马": "wu ma",
    "羊舌": "yang she", "东方": "dong fang", "上官": "shang guan", "南宫": "nan gong", "东郭": "dong guo",
    "百里": "bai li", "第五": "di wu", "太史": "tai shi", "段干": "duan gan", "亓官": "qi guan", "仉督": "zhang du",
    "子车": "zi ju", "颛孙": "zhuan sun", "宰父": "zai fu", "公冶": "gong ye",
}  # fmt: skip


def heard_as(name: str) -> tuple[str, ...]:
    """How somebody is called aloud: by the whole name, and by the given name alone (小满 of 林小满)."""
    given = name[2 if name[:2] in COMPOUND_SURNAMES else 1 :]
    return (name, given) if len(given) > 1 else (name,)


def called(name: str) -> str:
    """How one addresses somebody: the given name of a full Chinese name. Blank for a mask, a nick, a company."""
    name = name.strip()
    if not name or is_masked(name):
        return ""
    if all("\u4e00" <= letter <= "\u9fff" for letter in name) and 2 <= len(name) <= 4:
        surname = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
        return name[surname:] if len(name) - surname >= 2 else name
    if " " in name and name.isascii() and name.replace(" ", "").isalpha():
        return name.split()[0]
    return ""


class Spellings(NamedTuple):
    """How a name is typed in Latin letters; nothing where nothing in it is Chinese."""

    initials: tuple[str, ...]
    pinyin: tuple[str, ...]


@lru_cache(maxsize=16_384)
def spellings(name: str) -> Spellings:
    """First letters and full spellings of every reading: `单雅琴` gives `syq`, `dyq` and `shanyaqin`, `danyaqin`."""
    found = readings(name)
    return Spellings(_spell(tuple(map(_firsts, found))), _spell(found))


def initials(name: str) -> set[str]:
    """First letters of every reading: `单雅琴` gives `syq`, `dyq`, `cyq`."""
    return set(spellings(name).initials)


def pinyin(name: str) -> set[str]:
    """Full spellings of every reading: `曾小雨` gives `zengxiaoyu`, `cengxiaoyu`."""
    return set(spellings(name).pinyin)


@lru_cache(maxsize=1_024)
def _firsts(sounds: tuple[str, ...]) -> tuple[str, ...]:
    """The first letters of the sounds of a character."""
    return tuple(dict.fromkeys([each[0] for each in sounds]))


def _spell(found: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Each once. Tuples of texts, which are remembered, cost the search for garbage nothing."""
    return tuple(dict.fromkeys(["".join(each) for each in islice(product(*found), MOST)])) if found else ()


@lru_cache(maxsize=1_024)
def readings(name: str) -> tuple[tuple[str, ...], ...]:
    """By character what it may sound like, the best first. Letters and digits are read as themselves."""
    text = unicodedata.normalize("NFKC", clean(name)).lower()
    letters = [letter for letter in text if is_han(letter) or (letter.isascii() and letter.isalnum())][:LONGEST]
    if not any(map(is_han, letters)):
        return ()
    found = [sounds(letter) for letter in letters]
    compound = COMPOUND_SURNAMES.get("".join(letters[:2]), "").split()
    surname = compound or [SURNAMES.get(letters[0], "")]
    for place, usual in enumerate(surname):
        found[place] = tuple(dict.fromkeys((*usual.split(), *found[place])))
    return tuple(found)


def is_han(letter: str) -> bool:
    """Whether a character is a Chinese one."""
    return "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003134f"


@lru_cache(maxsize=8_192)
def sounds(letter: str) -> tuple[str, ...]:
    """The pinyin of a character in all its readings, the usual one first; another letter sounds like itself."""
    if not is_han(letter):
        return (letter,)
    # Characters are asked one by one; its phrases would take a tenth of a second, in which nothing else gets a turn.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style
    from pypinyin import pinyin as pinyin_of

    found = [text for text in pinyin_of(letter, heteronym=True, style=Style.NORMAL)[0] if text.isascii()]
    return tuple(dict.fromkeys(found)) or (letter,)
