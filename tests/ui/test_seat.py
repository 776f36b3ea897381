from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base.options import LANGUAGE, TEXT_SIZE, THEME
from shopcrm.ui.seat import Seat


@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n") | st.just('"'), max_size=40))
def test_what_is_put_comes_back(tmp_path_factory: object, text: str) -> None:
    path = tmp_path_factory.mktemp("seat") / "seat.toml"  # type: ignore[attr-defined]
    seat = Seat(path)
    seat.put("words", text)
    seat.set(TEXT_SIZE, 150)
    again = Seat(path)
    assert again.text("words") == text
    assert again.get(TEXT_SIZE) == 150


def test_a_damaged_file_or_value_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "seat.toml"
    path.write_text("language = [", encoding="utf-8")
    assert Seat(path).get(LANGUAGE) == ""
    path.write_text('theme = "pink"\ntext_size = 900\nlanguage = 7\n', encoding="utf-8")
    seat = Seat(path)
    assert (seat.get(THEME), seat.get(TEXT_SIZE), seat.get(LANGUAGE)) == ("system", 100, "")
