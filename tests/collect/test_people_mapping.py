"""A seller's own list of people: guessed, said, tried, written as TOML, read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday
from shopcrm.base.errors import UserFailure
from shopcrm.collect import mapping_draft, mapping_file, problems, trial
from shopcrm.collect.foreign import Code
from shopcrm.collect.mapping import TableAdapter
from shopcrm.collect.platforms import recognise
from tests.builders import new_shop

HEADER = ("序号", "宝妈", "手机号", "宝宝生日", "生日", "来源", "标签", "备注", "城市")
ROWS = (
    ("1", "林小满", "13800130001", "2026-01-05", "农历八月十五", "朋友圈", "老客,宝妈群", "喜欢小礼物", "杭州"),
    ("2", "周阿姨", "138-0013-0002", "2025-11-02", "3月5日", "", "", "", ""),
    ("3", "", "", "", "", "老乡", "", "", ""),
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "去年的客户.csv"
    file.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in (HEADER, *ROWS)), encoding="gb18030")
    return file


def test_a_list_of_people_is_guessed_as_one_and_read_as_said(shop: Shop, path: Path) -> None:
    assert recognise(HEADER) is None
    draft = mapping_draft.guessed(HEADER, ROWS, file_name=path.name, currency="CNY")
    assert (draft.kind, draft.missing()) == ("people", ())
    assert {HEADER[place]: field for place, field in draft.fields.items()} == {
        "宝妈": "name", "手机号": "phone", "生日": "birthday", "来源": "source", "标签": "tags", "备注": "note",
        "城市": "city", "宝宝生日": "baby_born",
    }  # fmt: skip
    text = mapping_file.as_toml(draft.mapping())
    assert mapping_file.parse(text, name="x") == draft.mapping()
    assert 'kind = "people"' in text
    said = {mapping_file.fingerprint(HEADER): text}
    staged = shop.stage([path], remembered=said, rows_at_most=trial.ROWS)
    tried = trial.read(staged.file)
    assert (tried.people, tried.orders, tried.refused) == (2, 0, 1)
    first, second = (line.person for line in tried.lines if line.person is not None)
    assert (first.name, first.birthday, first.tags) == ("林小满", Birthday(LUNAR, 8, 15), ("老客", "宝妈群"))
    assert second.birthday == Birthday(SOLAR, 3, 5)
    (file,) = shop.import_staged(staged).files
    assert (file.report, file.people_new, file.rejected) == ("people", 2, 1)


def test_a_list_is_said_to_be_of_orders_and_of_people_again(path: Path) -> None:
    draft = mapping_draft.guessed(HEADER, ROWS, file_name=path.name, currency="CNY")
    orders = mapping_draft.of_kind(draft, "orders", ROWS)
    assert "number" in orders.missing() or "amount" in orders.missing()
    assert mapping_draft.of_kind(orders, "people", ROWS) == draft
    again = mapping_draft.said(HEADER, ROWS, draft.mapping(), currency="CNY")
    assert (again.kind, again.fields, again.mapping()) == (draft.kind, draft.fields, draft.mapping())


def test_a_table_of_orders_is_not_taken_for_a_list_of_people() -> None:
    header = ("单号", "日期", "姓名", "手机", "商品", "金额")
    rows = [("A0001", "2026-05-01", "林小满", "13800130001", "奶粉", "120.00")]
    assert mapping_draft.guessed(header, rows, file_name="x.csv", currency="CNY").kind == "orders"


def test_birthdays_with_the_day_in_front_are_read_by_their_formula() -> None:
    header, rows = ("Name", "Birthday"), [("Ada", "25/12/1985"), ("Bob", "13/01/1994")]
    draft = mapping_draft.guessed(header, rows, file_name="x.csv", currency="GBP")
    assert (draft.kind, draft.dates) == ("people", "day_first")
    assert draft.mapping().dates.formats


@pytest.mark.parametrize(
    "columns",
    ['number = "No"', 'name = "Name"\nquantity = "Pieces"', 'birthday = "Birthday"'],
)
def test_a_mapping_of_people_that_does_not_fit_is_refused(columns: str) -> None:
    with pytest.raises(UserFailure):
        mapping_file.parse(f'platform = "x"\nkind = "people"\n[columns]\n{columns}\n', name="x.toml")


def test_whoever_is_in_one_column_alone_is_read() -> None:
    mapping = mapping_file.parse('platform = "x"\nkind = "people"\n[columns]\nphone = "Phone"\n', name="x.toml")
    assert TableAdapter(mapping).matches(["Phone"]) == 1


def test_columns_of_consent_are_guessed_by_their_words_and_become_consents(tmp_path: Path, shop: Shop) -> None:
    header = ["姓名", "手机号", "邮箱", "接受短信营销", "Newsletter"]
    rows = [
        ["林小满", "13800130001", "lin@example.com", "是", "Subscribed"],
        ["周晴", "13800130002", "zhou@example.com", "否", "never_subscribed"],
        ["陈未", "13800130003", "", "也许", "pending"],
    ]
    draft = mapping_draft.guessed(header, rows, file_name="x.csv", currency="CNY")
    assert draft.fields == dict(enumerate(("name", "phone", "email", "agrees_sms", "agrees_email")))
    assert mapping_draft.guessed(("姓名", "Newsletter"), [("林小满", "12")], file_name="x", currency="CNY").fields == {
        0: "name"
    }  # of something else it is no consent
    file = tmp_path / "x.csv"
    file.write_text("\n".join(",".join(row) for row in (header, *rows)), encoding="utf-8")
    said = {mapping_file.fingerprint(header): mapping_file.as_toml(draft.mapping())}
    (report,) = shop.import_staged(shop.stage([file], remembered=said)).files
    assert (report.agreed, report.withdrawn, report.rejected) == (2, 0, 0)
    assert [(one.row, one.column, one.value) for one in report.problems] == [(4, "接受短信营销", "也许")]
    assert problems.explain(Code.BAD_CONSENT, column="接受短信营销", value="也许")
    with shop.read() as tx:
        kept = tx.connection.exec_driver_sql(
            "SELECT customer_id, channel, given, source, wording FROM consents ORDER BY id"
        ).all()
    assert [tuple(row) for row in kept] == [
        (1, "email", 1, "x · x.csv", "Newsletter"), (1, "sms", 1, "x · x.csv", "接受短信营销"),
    ]  # fmt: skip


def test_age_band_entry_offer_and_district_of_a_list_are_read(tmp_path: Path, shop: Shop) -> None:
    header = ["姓名", "手机号", "年龄段", "首单优惠", "省份", "城市", "区县", "住址"]
    rows = [
        ["林小满", "13800130001", "25~29岁", "9.9 试用装", "浙江", "杭州", "西湖区", "虚构路1号"],
        ["周晴", "13800130002", "33", "", "", "", "", ""],
        ["陈未", "13800130003", "不说", "", "", "", "", ""],
    ]
    draft = mapping_draft.guessed(header, rows, file_name="x.csv", currency="CNY")
    assert draft.fields == dict(
        enumerate(("name", "phone", "age_band", "entry_offer", "province", "city", "district", "address"))
    )
    file = tmp_path / "x.csv"
    file.write_text("\n".join(",".join(row) for row in (header, *rows)), encoding="utf-8")
    said = {mapping_file.fingerprint(header): mapping_file.as_toml(draft.mapping())}
    shop.import_staged(shop.stage([file], remembered=said))
    with shop.read() as tx:
        kept = tx.connection.exec_driver_sql(
            "SELECT name, age_band, entry_offer, province, city, district FROM customers ORDER BY id"
        ).all()
    assert [tuple(row) for row in kept] == [
        ("林小满", "25-29", "9.9 试用装", "浙江", "杭州", "西湖区"),
        ("周晴", "30-34", None, None, None, None), ("陈未", None, None, None, None, None),
    ]  # fmt: skip
