"""Every preset is whole: what is added to one of them later is looked at here."""

from __future__ import annotations

import pytest

from shopcrm.act.fields import FIELDS
from shopcrm.base import i18n, templates, trade_presets, trades
from shopcrm.base.i18n import in_every_language
from shopcrm.base.text import fold
from shopcrm.base.trade_presets import FOLLOWING, AttributeTold

EVERY = [told for trade in trades.NAMES for told in trade_presets.preset(trade).attribute]


@pytest.mark.parametrize("trade", trades.NAMES)
def test_every_preset_is_whole_in_three_languages(trade: str) -> None:
    preset = trade_presets.preset(trade)
    keys = [told.key for told in preset.attribute]
    assert keys
    assert len(set(keys)) == len(keys)
    assert set(preset.title) <= set(keys)
    for place, told in enumerate(preset.attribute):
        assert told.label.keys() == set(i18n.LANGUAGES), told.key
        assert all(told.label.values()), told.key
        assert all(choice.label.keys() in ({*i18n.LANGUAGES}, set()) for choice in told.choices), told.key
        assert bool(told.choices) == (told.kind in ("choice", "choices")), told.key
        assert trade_presets.known()[told.key].kind == told.kind, "two trades keep it in one place"
        assert told.after in ("", *keys[:place]), told.key
        assert told.kind == "number" or (told.unit, told.low, told.high, told.whole) == ("", None, None, False)
        if told.kind in FOLLOWING:
            assert trade_presets.known()[told.of].age, told.key
            assert keys.index(told.of) < place
        if told.kind == "stage":
            assert sorted(told.months) == list(told.months) != []
            assert told.words.keys() == set(i18n.LANGUAGES)
        if told.learnt is not None:
            assert (
                told.kind in {"size": ("choice", "number"), "fit": ("choice",), "most": ("choices",)}[told.learnt.how]
            )


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_two_things_are_called_the_same(language: str) -> None:
    """A column, a blank and a line of the card are known by their name, also when two trades' values meet."""
    called: dict[str, str] = {}
    for told in EVERY:
        assert called.setdefault(fold(told.label[language]), told.key) == told.key
    of_all = {fold(word) for field in FIELDS for word in in_every_language(field.label)}
    assert not called.keys() & of_all
    assert not {told.key for told in EVERY} & {field.key for field in FIELDS}


@pytest.mark.parametrize("told", EVERY, ids=lambda told: told.key)
def test_a_word_for_a_choice_means_one(told: AttributeTold) -> None:
    meant: dict[str, str] = {}
    for choice in told.choices:
        for word in (choice.key, *choice.label.values(), *choice.words):
            assert meant.setdefault(fold(word), choice.key) == choice.key, word


@pytest.mark.parametrize("told", EVERY, ids=lambda told: told.key)
def test_a_script_may_name_it_in_every_language_and_by_its_key(told: AttributeTold) -> None:
    offered = (templates.word(told.key, language=language) for language in i18n.LANGUAGES)
    for word in (told.key, *told.label.values(), *offered):
        (blank,) = templates.parse(f"{{{word}}}")
        assert isinstance(blank, templates.Blank)
        assert blank.key == told.key


def test_every_attribute_is_found_by_what_it_is_called() -> None:
    assert trade_presets.key_of_label(" 宝宝小名 ") == "baby_name"
    assert trade_presets.key_of_label("SIZE, TOP") == "top_size"
    assert trade_presets.key_of_label("top_size") == "top_size"
    assert trade_presets.key_of_label("星座") is None
    assert trade_presets.preset("nothing").attribute == ()
