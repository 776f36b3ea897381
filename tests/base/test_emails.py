from __future__ import annotations

import pytest

from shopcrm.base import emails


@pytest.mark.parametrize(
    ("written", "known"),
    [
        (" Amy.Invented@Example.COM ", "amy.invented@example.com"),
        ("ａmy＠example.com", "amy@example.com"),
        ("no-reply@example.com", None),
        ("no.email+17@shop.example.com", None),
        ("amy@none.com", None),
        ("amy@noemail.example", None),
        ("nonesuch@example.com", "nonesuch@example.com"),
        ("a**@example.com", None),
        ("amy@example", None),
        ("amy at example.com", None),
        ("", None),
    ],
)
def test_an_address_is_written_one_way_and_stand_ins_are_nobodys(written: str, known: str | None) -> None:
    assert emails.normalise(written) == known
