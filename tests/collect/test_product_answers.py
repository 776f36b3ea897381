from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.errors import UserFailure
from shopcrm.base.templates import UnknownBlank
from shopcrm.base.wordings import PartTooLong
from shopcrm.collect import edits, product_answers
from shopcrm.collect.product_answers import Answer, AnswerDraft, AnswerUnfinished, NoSuchAnswer
from shopcrm.store.tx import Tx
from tests.builders import content, new_shop

STAGE = AnswerDraft("NF-800", "适合多大？", "6 个月以上。 \r\n{称呼|亲}可以看罐底。\n")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def kept(shop: Shop) -> list[Answer]:
    with shop.read() as tx:
        return product_answers.listing(tx)


def test_an_answer_is_kept_changed_and_removed_each_with_undo(shop: Shop) -> None:
    states = [content(shop)]
    changes = []
    with shop.write() as tx:
        changes.append(product_answers.add(tx, STAGE))
        one = product_answers.added(tx) or 0
    assert kept(shop) == [Answer(one, "NF-800", "适合多大？", "6 个月以上。\n{称呼|亲}可以看罐底。")]
    steps: tuple[Callable[[Tx], int], ...] = (
        lambda tx: product_answers.edit(tx, one, AnswerDraft("NF-900", "适合多大", "一岁以上")),
        lambda tx: product_answers.remove(tx, one),
    )
    for change in steps:
        states.append(content(shop))
        with shop.write() as tx:
            changes.append(change(tx))
    assert kept(shop) == []
    with pytest.raises(NoSuchAnswer), shop.write() as tx:
        product_answers.remove(tx, one)
    for change_set, before in zip(reversed(changes), reversed(states), strict=True):
        with shop.write() as tx:
            edits.undo(tx, change_set)
        assert content(shop) == before


def test_answers_stand_by_product_and_are_found_by_its_code(shop: Shop) -> None:
    with shop.write() as tx:
        for code, question in (("NF-800", "a"), ("PF-86", "b"), ("NF-800", "c")):
            product_answers.add(tx, AnswerDraft(code, question, "x"))
    assert [(one.code, one.question) for one in kept(shop)] == [("NF-800", "a"), ("NF-800", "c"), ("PF-86", "b")]
    with shop.read() as tx:
        assert [one.question for one in product_answers.listing(tx, codes=["ｎｆ-800"])] == ["a", "c"]
        assert product_answers.listing(tx, codes=[]) == []
        assert product_answers.count(tx) == 3


@pytest.mark.parametrize(
    ("draft", "failure"),
    [
        (AnswerDraft("", "q", "a"), AnswerUnfinished),
        (AnswerDraft("c", " ", "a"), AnswerUnfinished),
        (AnswerDraft("c", "q", "\u200b\n "), AnswerUnfinished),
        (AnswerDraft("c", "q" * 201, "a"), PartTooLong),
        (AnswerDraft("c" * 201, "q", "a"), PartTooLong),
        (AnswerDraft("c", "q", "a" * 100_001), PartTooLong),
        (AnswerDraft("c", "q", "{nikc}"), UnknownBlank),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_written(
    shop: Shop, draft: AnswerDraft, failure: type[UserFailure]
) -> None:
    before = content(shop)
    with pytest.raises(failure), shop.write() as tx:
        product_answers.add(tx, draft)
    assert content(shop) == before


def test_an_answer_is_text_and_nothing_else(shop: Shop) -> None:
    with shop.write() as tx:
        product_answers.add(tx, AnswerDraft("C", "<b>大？</b>", "👨‍👩‍👧 مرحبا <script>{{x}}</script>"))
    (one,) = kept(shop)
    assert (one.question, one.body) == ("<b>大？</b>", "👨‍👩‍👧 مرحبا <script>{{x}}</script>")
