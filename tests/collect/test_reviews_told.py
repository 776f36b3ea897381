"""Reviews in files: told per order, known again, taken back as a whole; a table of nothing else makes no orders."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.base.paths import Home
from shopcrm.collect import guessing, mapping, mapping_draft, rejects, review_words, reviews_told
from shopcrm.collect.fields import CellError
from shopcrm.collect.foreign import Code, ForeignOrder, ForeignReview
from shopcrm.collect.imports import FileReport
from shopcrm.collect.reviews_told import Told
from tests.builders import TODAY, content, given_orders, new_shop, order, stage

DAY: Final = date(2026, 6, 1)
ORDERS: Final = [order("1001", "lin_a", DAY), order("1002", "lin_b", DAY), order("1003", None, DAY)]
TABLE: Final = """
platform = "pingjia"
label = "评价"
[columns]
number = "订单号"
review_stars = "评分"
review_text = "评价内容"
review_at = "评价时间"
review_more = "追评"
review_reply = "商家回复"
title = "商品"
"""
HEADER: Final = "订单号|商品|评分|评价内容|评价时间|追评|商家回复"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def told(text: str, stars: int | None = 5, **more: Any) -> ForeignReview:
    return ForeignReview(**{"row": 2, "text": text, "stars": stars, **more})


def stored(shop: Shop) -> list[tuple[str, int | None, str, str | None, str | None]]:
    """Number, stars, text, product and reply of every review."""
    with shop.read() as tx:
        rows = tx.connection.exec_driver_sql(
            """SELECT o.number, r.stars, r.text, r.product, r.reply FROM reviews r JOIN orders o ON o.id = r.order_id
                ORDER BY r.id"""
        )
        return [tuple(row) for row in rows]


def table(folder: Path, *lines: str, header: str = HEADER, name: str = "评价.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Sheet", 0)
    for line in (header, *lines):
        sheet.append(line.split("|"))
    book.save(folder / name)
    return folder / name


def take(shop: Shop, path: Path, text: str = TABLE) -> FileReport:
    toml = path.with_suffix(".toml")
    toml.write_text(text, "utf-8")
    staged = shop.stage([path], mapping=toml)
    try:
        preview = shop.preview(staged).files[0]
        done = shop.import_staged(staged).files[0]
    finally:
        staged.close()
    assert preview == done  # said before it is done
    return done


@pytest.mark.parametrize(
    ("cell", "stars"),
    [("5", 5), (" 4.0 ", 4), ("3/5", 3), ("２星", 2), ("1分", 1), ("★★★☆☆", 3), ("4 stars", 4), ("好评", 5),
     ("中评", 3), ("差评", 1), ("Neutral", 3), ("", None), ("-", None)],
)  # fmt: skip
def test_words_for_stars(cell: str, stars: int | None) -> None:
    assert review_words.stars(cell) == stars


@pytest.mark.parametrize("cell", ["6", "0", "4.5", "很好看", "55", "2026-03-01", "★★★★★★"])
def test_what_is_no_stars(cell: str) -> None:
    with pytest.raises(CellError):
        review_words.stars(cell)


def test_a_table_of_reviews_alone_is_of_orders_that_are_known_and_changes_none(shop: Shop, tmp_path: Path) -> None:
    given_orders(shop, ORDERS)
    before = content(shop)
    lines = (
        "1001|木马|好评|很好看，孩子喜欢|2026-06-11 20:15:00|用了一个月还是很好|谢谢喜欢",
        "1002|积木|2|少了一块|2026/6/12||",
        "9999|积木|5|没有这个订单|2026-06-12||",
    )
    file = take(shop, table(tmp_path, *lines))
    assert (file.report, file.orders_new, file.orders_changed, file.orders_same) == ("review", 0, 0, 2)
    assert (file.reviews_new, file.reviews_changed, file.rejected) == (3, 0, 1)
    assert [(one.code, one.value, one.row) for one in file.problems] == [(Code.UNKNOWN_REVIEWED, "9999", 4)]
    assert stored(shop) == [
        ("1001", 5, "很好看，孩子喜欢", "木马", "谢谢喜欢"),
        ("1001", None, "用了一个月还是很好", "木马", None),
        ("1002", 2, "少了一块", "积木", None),
    ]
    after = content(shop)
    assert {name for name in after if after[name] != before.get(name)} == {"reviews"}
    with shop.read() as tx:
        days = tx.connection.exec_driver_sql("SELECT at, plain FROM reviews ORDER BY id").all()
    evening = clock.plain_seconds(date(2026, 6, 11)) + 12 * 3600 + 15 * 60  # 20:15 in Shanghai
    assert days == [(evening, 0), (None, 0), (clock.plain_seconds(date(2026, 6, 12)), 1)]
    again = take(shop, table(tmp_path, *lines))
    assert (again.reviews_new, again.reviews_changed) == (0, 0)
    assert content(shop) == after
    assert shop.check() == []
    for _import in range(2):
        shop.undo_import()
    assert content(shop) == before


def test_rows_of_unknown_orders_come_back_and_are_taken_when_the_order_is_there(shop: Shop, tmp_path: Path) -> None:
    path = table(tmp_path, "1001|木马|5|好|2026-06-11||", "1002|木马|5|很好|2026-06-11||")
    toml = tmp_path / "评价.toml"
    toml.write_text(TABLE, "utf-8")
    staged = shop.stage([path], mapping=toml)
    for _ in range(2):  # a plan that is made anew says it once
        assert shop.preview(staged).files[0].rejected == 2
        with shop.write() as tx:
            tx.begin_change("note")
    (again,) = rejects.write(staged.file, tmp_path / "again.xlsx")
    staged.close()
    assert stored(shop) == []
    given_orders(shop, ORDERS)
    assert take(shop, again).reviews_new == 2


def test_cells_that_cannot_be_read_are_told_and_the_review_is_taken_without_them(shop: Shop, tmp_path: Path) -> None:
    given_orders(shop, ORDERS)
    file = take(shop, table(tmp_path, "1001|木马|九分|好|昨天||"))
    assert {(one.code, one.column, one.rejected) for one in file.problems} == {
        (Code.BAD_STARS, "评分", False), (Code.BAD_DATE, "评价时间", False),
    }  # fmt: skip
    assert stored(shop) == [("1001", None, "好", "木马", None)]


def test_a_number_that_two_platforms_have_is_of_the_one_the_file_is_named_for(shop: Shop, tmp_path: Path) -> None:
    given_orders(shop, [order("1001", "lin_a", DAY)])
    given_orders(shop, [order("1001", "pdd_a", DAY, platform="pdd")], platform="pdd")
    assert take(shop, table(tmp_path, "1001|木马|5|哪一个|2026-06-11||")).rejected == 1
    named = TABLE.replace('"pingjia"', '"pdd"')
    assert take(shop, table(tmp_path, "1001|木马|5|这一个|2026-06-11||"), named).reviews_new == 1
    with shop.read() as tx:
        platform = (
            "SELECT t.platform FROM reviews r JOIN orders o ON o.id = r.order_id JOIN stores t ON t.id = o.store_id"
        )
        assert tx.connection.exec_driver_sql(platform).scalars().all() == ["pdd"]


def test_a_table_of_orders_tells_the_reviews_of_its_lines(shop: Shop, tmp_path: Path) -> None:
    header = "订单号|买家会员名|下单时间|商品|数量|金额|评分|评价内容|评价时间|追评|商家回复"
    text = TABLE.replace("[columns]", '[columns]\nbuyer_id = "买家会员名"\ncreated_at = "下单时间"\nquantity = "数量"\n'
                         'line_total = "金额"')  # fmt: skip
    path = table(
        tmp_path, "2001|lin_a|2026-06-01|木马|1|30|5|很好|2026-06-11||",
        "2001|lin_a|2026-06-01|积木|1|20|1|缺块|2026-06-12||",
        "2002|lin_b|2026-06-02|木马|1|30|||||", header=header,
    )  # fmt: skip
    file = take(shop, path, text)
    assert (file.report, file.orders_new, file.reviews_new) == ("table", 2, 2)
    assert stored(shop) == [("2001", 5, "很好", "木马", None), ("2001", 1, "缺块", "积木", None)]
    shop.undo_import()
    assert content(shop)["reviews"] == content(shop)["orders"] == []


def test_a_review_is_what_the_standing_imports_told_of_it_in_whatever_order_they_are_undone(shop: Shop) -> None:
    def reviewed(*those: ForeignReview) -> FileReport:
        return given_orders(shop, [order("1001", "lin_a", DAY, reviews=those)]).files[0]

    assert reviewed(told("好")).reviews_new == 1
    file = reviewed(told("好", 3, reply="谢谢", product="木马"))
    assert (file.reviews_new, file.reviews_changed) == (0, 1)
    assert reviewed(told("好", None), told("追加：掉漆", None)).reviews_new == 1
    assert stored(shop) == [("1001", 3, "好", "木马", "谢谢"), ("1001", None, "追加：掉漆", None, None)]
    assert shop.check() == []
    shop.undo_import(1)
    assert stored(shop)[0] == ("1001", 3, "好", "木马", "谢谢")
    shop.undo_import(2)
    assert stored(shop) == [("1001", None, "好", None, None), ("1001", None, "追加：掉漆", None, None)]
    assert shop.check() == []
    shop.undo_import(3)
    assert stored(shop) == []


def test_another_line_another_day_and_other_words_are_other_reviews() -> None:
    zone = clock.zone("Asia/Shanghai")
    first = Told("木马", "A1", 5, "好 看", clock.plain_seconds(DAY), True, None)

    def same(**other: Any) -> bool:
        values = dict(zip(("product", "article", "stars", "text", "at", "plain", "reply"), first.values(), strict=True))
        return first.is_same(Told(**{**values, **other}), tz=zone)

    assert same()
    assert same(product=None, at=None, stars=1)
    assert same(at=clock.plain_seconds(DAY) - 3600, plain=False)  # 7 in the morning of that day in Shanghai
    assert not same(product="积木", article=None)
    assert not same(product=None, article="A2")
    assert same(product="木马 2026 款")  # the same article
    assert not same(text="好看!!")
    assert not same(at=clock.plain_seconds(DAY) + 86_400)


_REVIEW: Final = st.builds(
    told,
    st.sampled_from(["", "好", "很好", "差"]),
    st.sampled_from([None, 1, 5]),
    product=st.sampled_from([None, "木马", "积木"]),
    at=st.sampled_from([None, clock.plain_seconds(DAY), clock.plain_seconds(DAY) + 86_400]),
    plain=st.just(True),
    reply=st.sampled_from([None, "谢谢"]),
).filter(lambda one: bool(one.text) or one.stars is not None)
_ORDER: Final = st.builds(
    lambda number, reviews: order(number, f"nick_{number}", DAY, reviews=tuple(reviews)),
    st.sampled_from(["1", "2"]),
    st.lists(_REVIEW, max_size=3),
)
_BATCHES: Final = st.lists(
    st.tuples(st.booleans(), st.lists(_ORDER, min_size=1, max_size=2, unique_by=lambda one: one.number)), max_size=4
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reviews") / "shop"
    new_shop(folder).close()
    return folder


def _import(shop: Shop, batch: tuple[bool, Sequence[ForeignOrder]]) -> FileReport:
    alone, those = batch
    staged = stage(shop, those, report="review" if alone else "order")
    return shop.import_staged(staged).files[0]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches=_BATCHES, turn=st.randoms(use_true_random=False))
def test_told_again_nothing_changes_and_undone_in_whatever_order_nothing_is_left(
    empty: Path, batches: Sequence[tuple[bool, Sequence[ForeignOrder]]], turn: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(empty, folder, dirs_exist_ok=True)
        shop = Shop.open(Home(Path(folder)), as_of=TODAY)
        states, numbers = [content(shop)], []
        for batch in batches:
            _import(shop, batch)
            states.append(content(shop))
            assert shop.check() == []
            again = _import(shop, batch)
            assert (again.reviews_new, again.reviews_changed) == (0, 0)
            assert content(shop) == states[-1]
            shop.undo_import()
            assert content(shop) == states[-1]
        with shop.read() as tx:
            numbers = list(
                tx.connection.exec_driver_sql("SELECT id FROM import_batches WHERE undone_at IS NULL").scalars()
            )
        if turn.random() < 0.5:
            for before in reversed(states[:-1]):
                shop.undo_import()
                assert content(shop) == before
        else:
            turn.shuffle(numbers)
            for number in numbers:
                shop.undo_import(number)
                assert shop.check() == []
            assert content(shop) == states[0]
        shop.close()


@pytest.mark.parametrize(
    ("header", "row", "fields"),
    [
        ("订单编号|评价|评价时间|追评", "2611150930004821|好评|2026-06-11|掉漆了",
         "number review_stars review_at review_more"),
        ("订单编号|评价|评分", "2611150930004821|很好看|5星", "number review_text review_stars"),
        ("Order ID|Rating|Review|Review date|Seller reply", "1049-22|4|Lovely mug|2026-06-11|Thanks!",
         "number review_stars review_text review_at review_reply"),
        ("订单号|评价人|评价内容|评价时间", "2611150930004821|小满妈|很好看|2026-06-11",
         "number - review_text review_at"),
    ],
)  # fmt: skip
def test_columns_of_reviews_are_guessed_by_name_and_by_what_is_in_them(header: str, row: str, fields: str) -> None:
    draft = mapping_draft.guessed(header.split("|"), [row.split("|")] * 3, file_name="评价.xlsx", currency="CNY")
    assert draft.kind == "orders"
    assert [draft.fields.get(place, "-") for place in range(len(fields.split()))] == fields.split()
    assert draft.missing() == ()
    assert mapping.TableAdapter(draft.mapping()).report == "review"
    assert guessing.guess(header.split("|"), [row.split("|")] * 3).fields == draft.fields


def test_what_was_told_differently_of_a_review_is_a_fault(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", DAY, reviews=(told("好"),))])
    with shop.write() as tx:
        tx.connection.exec_driver_sql("UPDATE reviews SET stars = 1")
        assert list(reviews_told.differing(tx.connection)) == [1]
    assert [(fault.kind, fault.table) for fault in shop.check()] == [("sum", "reviews")]
