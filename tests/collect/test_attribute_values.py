from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import i18n, trade_presets
from shopcrm.base.errors import UserFailure
from shopcrm.collect.attribute_values import (
    LONGEST,
    Attribute,
    Stage,
    Value,
    following,
    month_later,
    of_preset,
    stage_on,
    understand,
    whole_months,
)

BORN = date(2025, 11, 2)
MONTHS = (0, 6, 12, 36)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (BORN - timedelta(days=1), None),
        (BORN, Stage(1, date(2026, 5, 2))),
        (date(2026, 5, 1), Stage(1, date(2026, 5, 2))),
        (date(2026, 5, 2), Stage(2, date(2026, 11, 2))),
        (date(2026, 11, 2), Stage(3, date(2028, 11, 2))),
        (date(2028, 11, 2), Stage(4, None)),
    ],
)
def test_the_formula_stage_follows_from_the_birth(day: date, stage: Stage | None) -> None:
    assert stage_on(BORN, day, months=MONTHS) == stage


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31)), st.integers(0, 60))
def test_a_month_is_over_on_the_day_that_says_so(born: date, months: int) -> None:
    day = month_later(born, months)
    assert whole_months(born, day) == months
    assert whole_months(born, day - timedelta(days=1)) == months - 1


def test_what_follows_from_a_date() -> None:
    age, stage = Attribute("m", "m", "age", of="b"), Attribute("s", "s", "stage", of="b", months=MONTHS)
    assert following(age, BORN, day=date(2026, 11, 22)) == 12
    assert following(age, BORN, day=BORN - timedelta(days=1)) is None
    assert following(stage, BORN, day=BORN) == Stage(1, date(2026, 5, 2))
    assert following(stage, None, day=BORN) is None


NUMBER, DATE = Attribute("n", "n", "number"), Attribute("d", "d", "date")
HEIGHT = Attribute("h", "h", "number", unit="cm", low=40, high=250)
WEIGHT = Attribute("w", "w", "number", unit="kg", low=2, high=300)
YEAR = Attribute("y", "y", "number", whole=True, low=1950, high=2100)
YES_NO, TEXT = Attribute("y", "y", "yes_no"), Attribute("t", "t", "text")
CHOICES = (("mild", "清淡"), ("not_milky", "怕奶腥"))
CHOICE, SEVERAL = Attribute("c", "c", "choice", CHOICES), Attribute("s", "s", "choices", CHOICES)


@pytest.mark.parametrize(
    ("attribute", "typed", "value"),
    [
        (NUMBER, "１６８", 168), (NUMBER, "52.5", 52.5), (NUMBER, "1,000", 1000), (NUMBER, " ", None),
        (NUMBER, "-3", -3), (HEIGHT, "168 cm", 168), (HEIGHT, "168厘米", 168), (HEIGHT, "1.68 m", 168),
        (WEIGHT, "110斤", 55), (WEIGHT, "52.5公斤", 52.5), (YEAR, "2023", 2023),
        (DATE, "2025-11-2", BORN), (DATE, "2025年11月2日", BORN), (DATE, "2025-11-02 00:00:00", BORN),
        (DATE, "2025 农历九月十三", BORN),
        (YES_NO, "是", True), (YES_NO, "No", False), (TEXT, "  团团 ", "团团"),
        (CHOICE, "清淡", "mild"), (CHOICE, "MILD", "mild"), (SEVERAL, "清淡、怕奶腥，清淡", ("mild", "not_milky")),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_a_value_of_the_kind(attribute: Attribute, typed: str, value: Value | None) -> None:
    assert understand(attribute, typed) == value


@pytest.mark.parametrize(
    ("attribute", "typed"),
    [(HEIGHT, "168 kg"), (HEIGHT, "12"), (HEIGHT, "251"), (YEAR, "2023.5"), (TEXT, "x" * (LONGEST + 1)),
     (NUMBER, "九" * 100_000), (NUMBER, "1e999"), (DATE, "2025-02-30"), (NUMBER, "👶"), (CHOICE, "\u202e清\u202c淡吗"),
     (NUMBER, "tall"), (NUMBER, "nan"), (NUMBER, "inf"), (DATE, "11-2"), (DATE, "soon"), (YES_NO, "perhaps"),
     (CHOICE, "辣"), (SEVERAL, "清淡、辣")],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_one_sentence(attribute: Attribute, typed: str) -> None:
    with pytest.raises(UserFailure) as refused:
        understand(attribute, typed)
    assert "{" not in refused.value.message
    assert len(refused.value.message) < 160


def test_a_text_is_kept_as_it_was_typed_but_for_what_nobody_sees() -> None:
    assert understand(TEXT, "团团👶🏽 שלום\u202e") == "团团👶🏽 שלום"
    assert understand(TEXT, "x" * LONGEST) == "x" * LONGEST


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_choice_may_be_said_in_any_language_and_by_its_other_words(language: str) -> None:
    top = of_preset(trade_presets.known()["top_size"], language=language)
    assert understand(top, "2xl") == "XXL"
    colours = of_preset(trade_presets.known()["colours"], language=language)
    assert understand(colours, "藏青、pink，灰") == ("blue", "pink", "grey")
    sex = of_preset(trade_presets.known()["baby_sex"], language=language)
    assert [understand(sex, word) for word in ("女", "girl", "boy")] == ["girl", "girl", "boy"]


@pytest.mark.parametrize("told", trade_presets.known().values(), ids=lambda told: told.key)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_is_shown_can_be_typed_again(told: trade_presets.AttributeTold, language: str) -> None:
    before = i18n.language()
    i18n.set_language(language)
    try:
        attribute = of_preset(told, language=language, own=("40+",) if told.choices else ())
        keys = [key for key, _shown in attribute.choices]
        values: dict[str, list[Value]] = {
            "choice": [*keys], "choices": [*((key,) for key in keys), tuple(keys)], "yes_no": [True, False],
            "date": [BORN], "number": [attribute.low or 7, attribute.high or 7.5], "text": ["团团, 圆圆"],
        }  # fmt: skip
        for value in values.get(told.kind, ()):
            assert understand(attribute, attribute.shown(value)) == value
    finally:
        i18n.set_language(before)
