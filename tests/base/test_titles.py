from __future__ import annotations

from shopcrm.base.titles import spoken


def test_products_are_named_without_their_sizes() -> None:
    assert spoken("软软云 纸尿裤 L 50 片") == "软软云 纸尿裤"
    assert spoken("【买二送一】启悦 2 段奶粉 800g 罐装【包邮】") == "启悦 2 段奶粉"
    assert spoken("【清仓】") == "清仓"
    assert spoken("L") == "L"
    assert spoken("CLASSIC CHROME BICYCLE BELL 12") == "CLASSIC CHROME BICYCLE BELL"
    assert len(spoken("长" * 200)) <= 40
