"""Pinyin is parted as people type it, and heard in a name in any mixture."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import names, syllables

NAMES = ("林小满", "单雅琴", "欧阳娜娜", "安安", "王尔鹅", "吕绿", "曾小雨")


def test_each_character_may_be_a_letter_begun_or_whole() -> None:
    ways = syllables.parted("linxm")
    assert ("lxm", "lin") in {(each.initials, each.first) for each in ways}
    assert not any(each.plain for each in ways)
    assert [each.initials for each in syllables.parted("lxm")] == ["lxm"]
    assert {"xa", "xg"} <= {each.initials for each in syllables.parted("xiangan")}
    assert syllables.parted("iu") == ()
    assert syllables.parted("") == ()
    assert syllables.parted("a" * 200) == ()


@given(st.sampled_from(NAMES), st.data())
def test_whatever_mixture_is_typed_is_heard_and_parted(name: str, data: st.DataObject) -> None:
    typed = ""
    count = data.draw(st.integers(1, len(name)))
    readings = names.readings(name)
    for each in readings[:count]:
        reading = data.draw(st.sampled_from(each))
        typed += reading[: data.draw(st.integers(1, len(reading)))]
    heard = syllables.heard(typed, readings)
    assert heard is not None
    assert heard <= count
    assert any(len(each.initials) <= count for each in syllables.parted(typed))
    assert syllables.heard(typed + "q9", readings) is None


def test_every_reading_of_a_common_character_is_known() -> None:
    strange = {
        reading
        for letter in map(chr, range(0x4E00, 0x9FA6))
        for reading in names.sounds(letter)
        if reading.isascii() and len(syllables.parted(reading)) == 0
    }
    assert strange <= {"ng", "hng", "hm", "fiao"}, "what nobody is called"
