from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import i18n, templates
from shopcrm.base.templates import BLANKS, Blank, TemplateFailure, UnclosedBlank, UnknownBlank, fill, parse

WORDS = [(word, kind.key) for kind in BLANKS for words in kind.words.values() for word in words]
BRACED = st.text(st.sampled_from("{}|昵称ab \n"), max_size=40)


def test_blanks_and_defaults_are_all_there_is() -> None:
    assert parse("{昵称}，在吗？{ 上次商品 | 宝贝 }用着好吗") == (
        Blank("nick", "{昵称}", None), "，在吗？", Blank("last_product", "{上次商品}", " 宝贝 "), "用着好吗",
    )  # fmt: skip
    assert parse("no blanks") == ("no blanks",)
    assert parse("") == ()
    with pytest.raises(UnknownBlank):
        parse("{nick.__class__}")
    with pytest.raises(UnknownBlank):
        parse("{}")


@pytest.mark.parametrize(("word", "key"), WORDS)
def test_every_languages_word_works(word: str, key: str) -> None:
    assert fill(f"{{{word.upper()}}}", {key: "here"}).text == "here"


def test_a_word_means_one_blank_and_every_language_has_one() -> None:
    assert len({(word, key) for word, key in WORDS}) == len({*(word for word, _key in WORDS)})
    for kind in BLANKS:
        assert set(kind.words) == set(kind.example) == set(i18n.LANGUAGES)
        assert all(kind.words.values())


def test_braces_are_written_twice() -> None:
    assert fill("{{昵称}} } {{{nick}}}", {"nick": "Ada"}).text == "{昵称} } {Ada}"
    with pytest.raises(UnclosedBlank) as unclosed:
        parse("hello {nick, are you there")
    assert "{nick, are you there" in unclosed.value.message
    with pytest.raises(UnclosedBlank):
        parse("{nick {name}")


def test_what_is_missing_stays_as_it_was_written_and_is_named() -> None:
    filled = fill("{昵称|亲}，{到期日}、{到期日}、{due_date}该补货了", {"nick": ""})
    assert filled.text == "亲，{到期日}、{到期日}、{due_date}该补货了"
    assert filled.missing == ("due_date",)
    assert [run.source for run in filled.runs][:3] == ["default", "words", "missing"]
    assert fill("{name|}!", {}).text == "!"


def test_an_unknown_blank_is_named_with_those_there_are() -> None:
    before = i18n.language()
    i18n.set_language("en")
    with pytest.raises(UnknownBlank) as unknown:
        templates.check("Hi {nikc}")
    assert "{nikc}" in unknown.value.message
    assert "last_product" in unknown.value.message
    i18n.set_language("zh_CN")
    assert "上次商品" in unknown.value.message
    i18n.set_language(before)


@given(st.text() | BRACED)
def test_no_text_does_worse_than_the_declared_failure(text: str) -> None:
    with suppress(TemplateFailure):
        filled = fill(text, {"nick": text})
        assert "".join(run.text for run in filled.runs) == filled.text


@given(st.text() | BRACED)
def test_values_are_not_read_again(value: str) -> None:
    expected = value or "{nick}"
    assert fill("[{nick}]", {"nick": value}).text == f"[{expected}]"


@given(st.text() | BRACED)
def test_doubled_braces_say_exactly_themselves(text: str) -> None:
    assert fill(text.replace("{", "{{").replace("}", "}}"), {}).text == text


@pytest.mark.parametrize("piece", ["{", "}", "{nick}", "{nick|x}", "{a", "字", "{{", "{nick|" + "x" * 500 + "} "])
def test_long_texts_are_read_in_one_pass(piece: str) -> None:
    """A reading that looks back from every brace would take minutes here."""
    text = piece * (1_000_000 // len(piece))
    try:
        filled = fill(text, {})
    except TemplateFailure:
        assert piece in ("{", "{a")
    else:
        assert filled.runs


def test_what_is_wrong_is_said_with_its_line_and_place() -> None:
    with pytest.raises(UnknownBlank) as unknown:
        templates.check("Hi {nick},\n\nsee {nikc}")
    assert (unknown.value.line, unknown.value.at) == (3, 16)
    assert unknown.value.message.startswith("Line 3: ")
    with pytest.raises(UnclosedBlank) as unclosed:
        templates.check("one\n{nick")
    assert unclosed.value.message.startswith("Line 2: ")
    with pytest.raises(UnknownBlank) as alone:
        templates.check("{nikc}")
    assert (alone.value.line, alone.value.at) == (0, 0)
    assert "Line" not in alone.value.message
