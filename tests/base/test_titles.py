from __future__ import annotations

from shopcrm.base.titles import spoken


def test_products_are_named_without_their_sizes() -> None:
    assert spoken("软软云 纸尿裤 L 50 片") == "软软云 纸尿裤"
    assert spoken("L") == "L"
    assert spoken("CLASSIC CHROME BICYCLE BELL 12") == "CLASSIC CHROME BICYCLE BELL"
    assert len(spoken("长" * 200)) <= 40
