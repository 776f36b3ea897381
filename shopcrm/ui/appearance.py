"""What can be chosen of the window's look, for the settings, the palette and the first run."""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_

# Every language in its own words: whoever got lost in a foreign one finds the way back.
LANGUAGE_NAMES: Final = (("zh_CN", "简体中文"), ("zh_TW", "繁體中文"), ("en", "English"))
THEMES: Final = (("system", N_("As the system")), ("light", N_("Light")), ("dark", N_("Dark")))
TEXT_SIZES: Final = (100, 115, 130, 150, 175, 200)
