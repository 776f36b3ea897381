from __future__ import annotations

from shopcrm.base import i18n
from shopcrm.collect import problems
from shopcrm.collect.foreign import Code


def test_every_problem_has_its_words_in_every_language() -> None:
    assert set(problems.WORDS) == set(Code)
    try:
        for language in i18n.LANGUAGES:
            i18n.set_language(language)
            told = [problems.explain(code, column="订单编号", value="1.93E+15") for code in Code]
            assert len(set(told)) == len(Code)
            assert "1.93E+15" in problems.explain("shortened_number", value="1.93E+15")
    finally:
        i18n.set_language("en")
