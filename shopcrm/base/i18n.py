"""One mechanism for the words of window, exports and command line: gettext catalogues, without Qt.

Mark at declaration with `N_`, translate at use with `_` or `n_`. English is written in the code.
"""

from __future__ import annotations

import gettext as _gettext
from typing import Final

from shopcrm.base import machine
from shopcrm.base.resources import resource

DOMAIN: Final = "shopcrm"
LANGUAGES: Final = ("zh_CN", "zh_TW", "en")

_language = "en"
_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()


def N_(text: str) -> str:  # noqa: N802  # gettext's name
    """Mark a text for translation where it is declared; it is translated where it is shown."""
    return text


def _(text: str) -> str:
    """The text in the current language."""
    return _catalogue.gettext(text) if text else ""


def n_(one: str, many: str, n: int, /) -> str:
    """The singular or plural form for `n`, in the current language. Fill `{n}` with `.format`."""
    return _catalogue.ngettext(one, many, n)


def p_(context: str, text: str) -> str:
    """The text in the current language where one English word has several translations."""
    return _catalogue.pgettext(context, text)


def sentences(*parts: str) -> str:
    """Whole sentences one after the other: Chinese sets no gap after its full stop."""
    return ("" if language().startswith("zh") else " ").join(part for part in parts if part)


def in_every_language(text: str) -> frozenset[str]:
    """The text in each of `LANGUAGES`: a file may have been written in another one than the current."""
    folder = resource("locale")
    others = (_gettext.translation(DOMAIN, folder, [code], fallback=True) for code in LANGUAGES if code != "en")
    return frozenset({text, *(catalogue.gettext(text) for catalogue in others)})


def language() -> str:
    """The current language, one of `LANGUAGES`."""
    return _language


def set_language(code: str) -> None:
    """Switch all later translations. An unknown code falls back to English."""
    global _language, _catalogue  # noqa: PLW0603  # the language is the one thing that is global to a process
    _language = code if code in LANGUAGES else "en"
    _catalogue = (
        _gettext.NullTranslations()
        if _language == "en"
        else _gettext.translation(DOMAIN, resource("locale"), [_language], fallback=True)
    )


def match_language(wanted: str | None) -> str:
    """The language of ours nearest to a locale name such as `zh-Hant-HK`, `zh_CN.UTF-8` or `de_DE`."""
    name = (wanted or "").replace("-", "_").split(".", 1)[0].lower()
    if not name.startswith("zh"):
        return "en"
    traditional = ("hant", "tw", "hk", "mo")
    return "zh_TW" if any(part in traditional for part in name.split("_")) else "zh_CN"


def system_language() -> str:
    """The language the machine speaks; simplified Chinese when it does not say."""
    name = machine.locale_name()
    return match_language(name) if name else "zh_CN"
