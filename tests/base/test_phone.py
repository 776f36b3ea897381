from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import phone

MOBILES = st.from_regex(r"1[3-9][0-9]{8}[1-9]", fullmatch=True)


@given(number=MOBILES, prefix=st.sampled_from(["", "+86", "+86 ", "86-", "0086", "0", "'", "\t"]), data=st.data())
def test_a_chinese_mobile_is_its_eleven_digits_however_written(number: str, prefix: str, data: st.DataObject) -> None:
    between = data.draw(st.sampled_from(["", " ", "-"]))
    written = prefix + between.join((number[:3], number[3:7], number[7:]))
    full = written.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    for text in (written, f"{full} \u200b"):
        assert phone.normalise(text) == number
    assert phone.display(number).replace(" ", "") == number
    assert phone.normalise(phone.display(number)) == number
    assert phone.tail(written) == number[-4:]


@given(number=MOBILES, extension=st.from_regex(r"[0-9]{3,4}", fullmatch=True), hidden=st.integers(0, 7))
def test_masked_and_virtual_numbers_are_nobodys(number: str, extension: str, hidden: int) -> None:
    for sign in "-转,#":
        assert phone.is_virtual(f"{number}{sign}{extension}")
        assert phone.normalise(f"{number}{sign}{extension}") is None
    masked = number[:hidden] + "****" + number[hidden + 4 :]
    assert phone.normalise(masked) is None
    assert phone.tail(f"*******{number[-4:]}") == number[-4:]


@pytest.mark.parametrize(
    ("written", "region", "expected"),
    [
        ("0571-88886666", "CN", "+8657188886666"),
        ("(0571) 8888 6666", "CN", "+8657188886666"),
        ("0571-88886666-801", "CN", "+8657188886666x801"),
        ("+44 20 7946 0958", "CN", "+442079460958"),
        ("0044 7911 123456", "CN", "+447911123456"),
        ("07911 123456", "GB", "+447911123456"),
        ("13800135678", "GB", None),
        ("+86 138 0013 5678", "GB", "13800135678"),
        ("+852 9123 4567", "CN", "+85291234567"),
        ("0912-345-678", "TW", "+886912345678"),
        ("400-820-8820", "CN", None),  # a hotline
        ("95588", "CN", None),
        ("88886666", "CN", None),  # of which town?
        ("13800138000", "CN", None),  # what people type to be left alone
        ("1.38001E+10", "CN", None),
        ("##F3a9", "CN", None),
        ("无", "CN", None),
        ("", "CN", None),
    ],
)
def test_other_numbers_and_what_is_none(written: str, region: str, expected: str | None) -> None:
    assert phone.normalise(written, region=region) == expected


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800135678", "138 0013 5678"),
        ("+442079460958", "+44 20 7946 0958"),
        ("+8657188886666x801", "+86 571 8888 6666 x801"),
        ("no number", "no number"),
    ],
)
def test_numbers_are_shown_as_people_read_them(number: str, shown: str) -> None:
    assert phone.display(number) == shown


@given(st.text(max_size=30))
def test_any_text_gives_a_number_or_none_and_a_number_stays_itself(text: str) -> None:
    number = phone.normalise(text)
    if number is not None:
        assert phone.normalise(number) == number
        assert phone.display(number)
    phone.tail(text)
