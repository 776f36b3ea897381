from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from shopcrm.act import blanks, desk, scripts
from shopcrm.act.scripts import Audience, Draft, NoSuchScript, Script, ScriptEmpty
from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.base.templates import UnknownBlank
from shopcrm.base.wordings import PartTooLong
from shopcrm.collect import edits, follow_ups, product_answers, troubles
from shopcrm.collect.follow_ups import FollowUp
from shopcrm.collect.foreign import ForeignItem, OrderState
from shopcrm.collect.product_answers import AnswerDraft
from shopcrm.store.tx import Tx
from tests.builders import TODAY, content, given_orders, given_people, new_shop, order, person

NAPPIES = ForeignItem("软软云 纸尿裤 L 50 片", 2, 2)
MILK = ForeignItem("【买二送一】启悦 2 段奶粉 800g 罐装", 1, 2, price=16_800)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """林小满 bought every 30 days, 27 days ago last, and has not paid today's order; 周* is a mask and bought once."""
    before = i18n.language()
    i18n.set_language("zh_CN")
    opened = new_shop(tmp_path / "shop")
    given_orders(
        opened,
        [
            *(
                order(f"26000000000{n}4821", "xiaoman_lin88", TODAY - timedelta(days=30 * n + 27), 26_850,
                      items=[NAPPIES], recipient_name="林小满", province="浙江省", city="杭州市", store="小满母婴")
                for n in range(5)
            ),
            order("2611000000002256", "xiaoman_lin88", TODAY, 0, state=OrderState.UNPAID, items=[MILK], paid_at=None,
                  recipient_name="林小满", province="浙江省", city="杭州市", store="小满母婴"),
            order("2611000000007730", "qing_zhou", TODAY - timedelta(days=3), 16_800, recipient_name="周*"),
            order("2611000000001111", "t***8", TODAY - timedelta(days=400), 9_900, recipient_name="Ada Smith"),
        ],
    )  # fmt: skip
    yield opened
    opened.close()
    i18n.set_language(before)


def customer(tx: Tx, text: str) -> int:
    return desk.find(tx, text)[0].id


def said(shop: Shop, who: str, body: str) -> str:
    with shop.read() as tx:
        return blanks.person(tx, shop.columns(), customer(tx, who)).fill(body).text


def written(shop: Shop, change: Callable[[Tx], Any]) -> Any:
    with shop.write() as tx:
        return change(tx)


def undone(shop: Shop, change_set: int) -> None:
    written(shop, lambda tx: tx.undo(change_set))


def used(shop: Shop, script: int, by: str) -> None:
    written(shop, lambda tx: scripts.use(tx, script, customer(tx, by)))


def keep(shop: Shop, *drafts: Draft) -> list[int]:
    def change(tx: Tx) -> list[int]:
        kept = []
        for draft in drafts:
            scripts.add(tx, draft)
            kept.append(scripts.added(tx) or 0)
        return kept

    ids: list[int] = written(shop, change)
    return ids


def titles(shop: Shop, **how: Any) -> list[str]:
    with shop.read() as tx:
        return [script.title for script in scripts.listing(tx, **how)]


def test_every_blank_is_filled_from_the_card_in_the_language_of_the_words(shop: Shop) -> None:
    assert said(
        shop, "xiaoman",
        "{称呼}（{姓名}，{昵称}，{城市}）第 {第几次} 次，累计 {累计}，{上次日期}买的{上次商品}，{距上次天数} 天了，"
        "{到期日}到期。"
        "尾号 {订单尾号} 的{待付商品} {待付金额} 还没付。{店名}",
    ) == (
        "小满（林小满，xiaoman_lin88，杭州）第 5 次，累计 ¥1,342.50，10月26日买的软软云 纸尿裤，27 天了，12月15日到期。"
        "尾号 2256 的启悦 2 段奶粉 ¥168.00 还没付。小满母婴"
    )  # fmt: skip
    assert said(shop, "xiaoman", "Hi {first_name}, on {last_date} you paid {total}") == (
        "Hi 小满, on Oct 26 you paid ¥1,342.50"
    )


def test_a_mask_is_nobodys_name_and_what_is_not_known_is_missing(shop: Shop) -> None:
    assert said(shop, "qing_zhou", "{称呼|亲}/{姓名|亲}/{昵称}/{城市|那边}/{待付金额|x}") == "亲/亲/qing_zhou/那边/x"
    assert said(shop, "Ada Smith", "Hi {called}, {nick|dear}, since {last_date}") == "Hi Ada, dear, since 2025-10-18"
    with shop.read() as tx:
        filled = blanks.person(tx, shop.columns(), customer(tx, "qing_zhou")).fill("{待付商品}和{称呼}")
    assert filled.text == "{待付商品}和{称呼}"
    assert filled.missing == ("unpaid_product", "called")


def test_situations_are_told_by_the_card_the_pressing_one_first(shop: Shop) -> None:
    def of(who: str) -> tuple[str, ...]:
        with shop.read() as tx:
            return blanks.person(tx, shop.columns(), customer(tx, who)).situations

    assert of("xiaoman") == ("unpaid", "returning")
    assert of("qing_zhou") == ("received", "new")
    assert of("Ada Smith") == ("dormant", "new")
    given_orders(shop, [order("2611000000007799", "qing_zhou", TODAY, 9_900, state=OrderState.PAID)])
    assert of("qing_zhou") == ("to_ship", "returning")
    with shop.write() as tx:
        tx.connection.exec_driver_sql(
            "UPDATE customers SET birth_calendar = 'solar', birth_month = 11, birth_day = 29 WHERE id = ?",
            (customer(tx, "qing_zhou"),),
        )
    assert "birthday" in of("qing_zhou")
    with shop.write() as tx:
        mark = troubles.mark(tx, customer(tx, "qing_zhou"), reason="在投诉")
        follow_ups.add(tx, customer(tx, "xiaoman"), FollowUp(rating=1))
    assert of("qing_zhou") == ("to_ship",), "with whom there is trouble, only what is under way is spoken of"
    assert of("xiaoman") == ("unpaid",)
    with shop.write() as tx:
        edits.undo(tx, mark)
    assert of("qing_zhou") == ("birthday", "to_ship", "returning")


def test_a_script_is_kept_changed_moved_doubled_and_removed_each_with_undo(shop: Shop) -> None:
    states = [content(shop)]
    changes = [written(shop, lambda tx: scripts.add(tx, Draft("催付", "{昵称}，还要吗？ \r\n在的", " 催付 ")))]
    with shop.read() as tx:
        (one,) = scripts.listing(tx)
    assert one == Script(one.id, "催付", "催付", "{昵称}，还要吗？\n在的")
    states.append(content(shop))
    draft = Draft("催付 2", "在吗", "催付", "NK-80", "unpaid")
    for change in (
        lambda tx: scripts.edit(tx, one.id, draft),
        lambda tx: scripts.move(tx, one.id, folder="售后"),
        lambda tx: scripts.duplicate(tx, one.id),
    ):
        changes.append(written(shop, change))
        states.append(content(shop))
    assert titles(shop) == ["催付 2", i18n._("{title} (copy)").format(title="催付 2")]
    with shop.read() as tx:
        assert [(folder.name, folder.scripts) for folder in scripts.folders(tx)] == [("售后", 2)]
        assert scripts.get(tx, one.id).article == "NK-80"
    written(shop, lambda tx: scripts.use(tx, one.id, None))
    states[-1] = content(shop)
    changes.append(written(shop, lambda tx: scripts.remove(tx, one.id)))
    with pytest.raises(NoSuchScript), shop.read() as tx:
        scripts.get(tx, one.id)
    undone(shop, changes.pop())
    assert content(shop) == states.pop()  # its use is back with it
    written(shop, lambda tx: tx.connection.exec_driver_sql("DELETE FROM script_uses"))
    for change_set, before in zip(reversed(changes), reversed(states), strict=True):
        undone(shop, change_set)
        assert content(shop) == before


def test_what_cannot_be_kept_is_said_and_nothing_is_written(shop: Shop) -> None:
    before = content(shop)
    for draft, failure in (
        (Draft("t", "{nikc}"), UnknownBlank),
        (Draft("t", " \n "), ScriptEmpty),
        (Draft("t" * 121, "b"), PartTooLong),
        (Draft("t", "b" * 100_001), PartTooLong),
    ):
        with pytest.raises(failure), shop.write() as tx:
            scripts.add(tx, draft)
    assert content(shop) == before
    keep(shop, Draft("", "第一行就是标题\n第二行" + "长" * 99_000))
    assert titles(shop) == ["第一行就是标题"]


def test_scripts_are_found_by_words_product_code_and_initials(shop: Shop) -> None:
    keep(
        shop,
        Draft("换段说明", "先一顿新的两顿旧的", "奶粉", "NF-800"),
        Draft("催付提醒", "库存不多了", "催付"),
        Draft("尺码 80 还是 86", "看身高", "衣服", "PF-86"),
        Draft("Size advice", "Tell me your height", "Clothes"),
    )
    for typed, found in {
        "hd": ["换段说明"], "hdsm": ["换段说明"], "huanduan": ["换段说明"], "cf": ["催付提醒"], "txing": [],
        "nf-800": ["换段说明"], "pf": ["尺码 80 还是 86"], "库存": ["催付提醒"], "cm 86": ["尺码 80 还是 86"],
        "SIZE": ["Size advice"], "nai fen": [], "naifen": ["换段说明"], "身高 hd": [], "": titles(shop),
    }.items():  # fmt: skip
        assert titles(shop, text=typed) == found, typed
    with shop.read() as tx:
        assert scripts.search(tx, "") == []
        assert len(scripts.search(tx, "a", limit=1)) <= 1
    assert titles(shop, folder="衣服") == ["尺码 80 还是 86"]
    assert titles(shop, folder="衣服", text="hd") == []


def test_what_is_used_most_comes_first_and_uses_are_counted(shop: Shop) -> None:
    first, second, third = keep(shop, *(Draft(f"script {n}", "words") for n in (1, 2, 3)))
    for one, times in ((third, 2), (second, 1)):
        for _time in range(times):
            used(shop, one, "xiaoman")
    assert titles(shop) == ["script 3", "script 2", "script 1"]
    with shop.read() as tx:
        assert [script.uses for script in scripts.listing(tx)] == [2, 1, 0]
        assert scripts.get(tx, third).tally.used_at == tx.now_seconds
        assert scripts.get(tx, first).tally.used_at is None
    with pytest.raises(NoSuchScript):
        written(shop, lambda tx: scripts.use(tx, 999, None))


def test_words_that_one_looks_for_and_each_of_several_codes_find_a_script(shop: Shop) -> None:
    keep(
        shop,
        Draft("换段说明", "先一顿新的两顿旧的", "奶粉", "NF-800， NF-900", keywords="转奶、怎么换；转奶"),
        Draft("转机", "在的"),
        Draft("别的", "转奶的时候在的"),
    )
    with shop.read() as tx:
        found = scripts.listing(tx, text="nf-900")[0]
    assert (found.codes, found.keywords) == (("NF-800", "NF-900"), "转奶, 怎么换")
    for typed, expected in {
        "转奶": ["换段说明", "别的"], "zn": ["换段说明"], "zenme": ["换段说明"], "nf-800": ["换段说明"],
        "nf": ["换段说明"], "800, NF": [], "zj": ["转机"], "zhuan": ["转机", "换段说明"],
    }.items():  # fmt: skip
        assert titles(shop, text=typed) == expected, typed
    with pytest.raises(PartTooLong):
        Draft("t", "b", keywords="x" * 401).values()
    with pytest.raises(PartTooLong):
        Draft("t", "b", article="x" * 201).values()


def test_a_script_for_her_group_or_level_stands_first_and_one_for_others_is_not_offered(shop: Shop) -> None:
    given_people(shop, [person("小满", buyer_id="xiaoman_lin88", platform="taobao", member_level="金卡")])
    keep(
        shop,
        Draft("unpaid", "{待付商品}还要吗", situation="unpaid"),
        Draft("gold", "金卡的您好", audience=Audience(levels=("金卡 ", "黑卡"))),
        Draft("black", "黑卡的您好", audience=Audience(levels=("黑卡",))),
        Draft("any time", "在的"),
    )
    with shop.read() as tx:
        who = blanks.person(tx, shop.columns(), customer(tx, "xiaoman"))
        other = blanks.person(tx, shop.columns(), customer(tx, "qing_zhou"))
        assert who.level == "金卡"
        assert who.group is not None
        assert [script.title for script in scripts.suggested(tx, who, limit=9)] == ["gold", "unpaid", "any time"]
        assert [script.title for script in scripts.suggested(tx, other, limit=9)] == ["any time"]
        assert scripts.levels(tx) == ["金卡"]
    (group,) = keep(shop, Draft("group", "您是老朋友", audience=Audience(groups=(who.group,))))
    with shop.read() as tx:
        assert "group" in [script.title for script in scripts.suggested(tx, who, limit=2)]
        assert ("group" in [one.title for one in scripts.suggested(tx, other)]) is (other.group == who.group)
        # Whoever looks for it finds it.
        assert [script.title for script in scripts.listing(tx, text="黑卡")] == ["black"]
    changed = written(shop, lambda tx: scripts.edit(tx, group, Draft("group", "您是老朋友")))
    with shop.read() as tx:
        assert scripts.get(tx, group).audience == Audience()
    undone(shop, changed)
    with shop.read() as tx:
        assert scripts.get(tx, group).audience == Audience(groups=(who.group,))


def test_what_is_about_a_product_on_its_way_comes_before_what_is_about_others(shop: Shop) -> None:
    boxed = replace(MILK, article="NF-800")
    given_orders(shop, [order("2611000000007799", "qing_zhou", TODAY, 9_900, state=OrderState.SHIPPED, items=[boxed])])
    keep(
        shop,
        Draft("other product", "看身高", article="PF-86"),
        Draft("any time", "在的"),
        Draft("milk", "先一顿新的两顿旧的", article="NF-900, nf-800"),
        Draft("on its way", "在路上", situation="on_the_way"),
    )
    with shop.read() as tx:
        who = blanks.person(tx, shop.columns(), customer(tx, "qing_zhou"))
        assert who.codes == ("NF-800",)
        found = [script.title for script in scripts.suggested(tx, who, limit=9)]
    assert found == ["milk", "on its way", "any time", "other product"]


def test_what_fits_the_customer_now_is_offered_first(shop: Shop) -> None:
    any_time, _again, _unpaid, _due, _missing = keep(
        shop,
        Draft("any time", "在的"),
        Draft("again", "又见到您", situation="returning"),
        Draft("unpaid", "{待付商品}还要吗", situation="unpaid"),
        Draft("due", "快用完了吧", situation="due"),
        Draft("cannot say", "{待付商品}", situation="new"),
    )

    def offered(who: str) -> list[str]:
        with shop.read() as tx:
            found = blanks.person(tx, shop.columns(), customer(tx, who))
            return [script.title for script in scripts.suggested(tx, found)]

    assert offered("xiaoman") == ["unpaid", "again", "any time"]
    assert offered("qing_zhou") == ["any time", "cannot say"]
    written(shop, lambda tx: scripts.use(tx, any_time, None))
    assert offered("xiaoman") == ["unpaid", "again", "any time"]


def test_a_removed_script_comes_back_when_a_customer_it_was_said_to_is_gone(shop: Shop) -> None:
    (one,) = keep(shop, Draft("thanks", "thank you"))
    given_orders(shop, [order("2611000000009999", "just_passing", TODAY, 9_900)])
    used(shop, one, "just_passing")
    used(shop, one, "xiaoman")
    removed = written(shop, lambda tx: scripts.remove(tx, one))
    shop.undo_import()
    undone(shop, removed)
    with shop.read() as tx:
        assert desk.find(tx, "just_passing") == []
        assert scripts.get(tx, one).uses == 2
        told = tx.connection.exec_driver_sql("SELECT customer_id FROM script_uses ORDER BY id").scalars().all()
        assert told == [None, customer(tx, "xiaoman")]
    assert shop.check() == []


def test_a_use_for_a_customer_who_is_gone_still_counts(shop: Shop) -> None:
    (one,) = keep(shop, Draft("thanks", "thank you"))
    written(shop, lambda tx: scripts.use(tx, one, 10_000))
    assert [script.uses for script in written(shop, scripts.listing)] == [1]


def test_who_reads_while_another_looks_for_the_titles_gets_all_of_them(shop: Shop) -> None:
    cup = ForeignItem("保温杯 500ml", 1, 1, article="CUP-5", price=5_000)
    given_orders(shop, [order("1", "a", TODAY, 5_000, items=[cup])])
    columns, inner = shop.columns(), []
    with shop.read() as tx:
        execute = tx.connection.execute

        class Slow:
            """A connection in whose question another reader comes."""

            def execute(self, question: Any) -> Any:
                inner.append(dict(scripts.product_titles(tx, columns, ["CUP-5"])))
                return execute(question)

        outer = dict(scripts.product_titles(cast("Tx", SimpleNamespace(connection=Slow())), columns, ["CUP-5"]))
    assert inner == [outer]
    assert "保温杯 500ml" in outer.values()


def test_answers_are_found_with_the_scripts_by_question_code_and_product(shop: Shop) -> None:
    keep(shop, Draft("换段说明", "先一顿新的两顿旧的", "奶粉", "NF-800"))
    boxed = replace(MILK, article="NF-800")
    given_orders(shop, [order("2611000000007799", "qing_zhou", TODAY, 9_900, items=[boxed])])
    with shop.write() as tx:
        product_answers.add(tx, AnswerDraft("NF-800", "适合多大的宝宝？", "{称呼|亲}，6 个月以上"))
        product_answers.add(tx, AnswerDraft(NAPPIES.title, "一包几片", "50 片"))
    with shop.read() as tx:

        def found(text: str, **how: Any) -> list[str]:
            return [one.title for one in scripts.wordings_of(tx, text=text, columns=shop.columns(), **how)]

        assert found("") == ["换段说明", "适合多大的宝宝？", "一包几片"]
        assert found("nf-800") == ["换段说明", "适合多大的宝宝？"]
        assert found("duoda") == ["适合多大的宝宝？"]
        assert found("软软云") == ["一包几片"]  # whose code is its title
        assert found("启悦") == ["适合多大的宝宝？"]  # by the product's title
        assert found("50") == ["一包几片"]
        assert found("", folder="奶粉") == ["换段说明"]
        assert [one.title for one in scripts.answers(tx, codes=["nf-800"])] == ["适合多大的宝宝？"]
        assert [one.title for one in scripts.answers(tx, text="几片")] == ["一包几片"]
