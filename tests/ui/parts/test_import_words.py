from __future__ import annotations

import pytest

from shopcrm.base import i18n
from shopcrm.collect.foreign import Code
from shopcrm.collect.staged import ProblemGroup
from shopcrm.ui.parts import import_words


@pytest.mark.parametrize("code", Code)
def test_everything_that_can_be_wrong_has_its_sentence(code: Code) -> None:
    i18n.set_language("en")
    group = ProblemGroup("Column", code, None, 3, False, False, ("odd", "odder"), "", (), ())
    assert import_words.summary(group).startswith("3 ")
    assert "{" not in import_words.summary(group) + import_words.advice(group)
