from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shopcrm.base import clock, guesses, money

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"])
def test_every_offered_currency_and_zone_can_be_taken(language: str) -> None:
    currencies, zones = guesses.currencies(language), guesses.zones(language, at=AT)
    for codes in ([each.code for each in currencies], [each.code for each in zones]):
        assert len(codes) == len(set(codes)) > 100
    for choice in currencies:
        money.minor_digits(choice.code)
        assert choice.words.startswith(choice.code)
    for choice in zones:
        clock.zone(choice.code)
    assert guesses.currency(language) in {choice.code for choice in currencies}


def test_places_are_found_by_their_name_in_the_language_and_in_english() -> None:
    words = {choice.code: choice.words for choice in guesses.zones("zh_CN", at=AT)}
    assert words["Asia/Shanghai"] == "上海 Shanghai (UTC+08:00)"
    assert words["Asia/Calcutta" if "Asia/Calcutta" in words else "Asia/Kolkata"].endswith("(UTC+05:30)")
    assert {choice.code: choice.words for choice in guesses.currencies("zh_CN")}["CNY"] == "CNY 人民币"
    assert words["America/New_York"] == "纽约 New York (UTC-05:00)"
