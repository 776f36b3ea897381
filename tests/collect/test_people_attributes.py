"""Lists of people tell trade attributes: by a mapping, filled where nothing is known, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.errors import UserFailure
from shopcrm.base.options import TRADE
from shopcrm.collect import attribute_list, attributes, customers, mapping_file, problems, settings
from shopcrm.collect.attribute_list import Draft
from shopcrm.collect.attribute_values import Value
from shopcrm.collect.foreign import Code
from tests.builders import TODAY, content, given_orders, new_shop, order

MAPPING = """platform = "paper"
kind = "people"
[columns]
name = "姓名"
phone = "手机"
baby_born = "宝宝生日"
clothing_size = "尺码"
taste = "口味"
own_1 = "星座"
"""
ROWS = (
    ("姓名", "手机", "宝宝生日", "尺码", "口味", "星座"),
    ("林小满", "13800130001", "2025-11-02", "80码?", "清淡、怕奶腥", "金牛"),
    ("周晴", "13800130002", "2025/3/5", "73", "", "水瓶"),
    ("林小满", "13800130001", "2020-01-01", "90", "", ""),
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order("1", "tao_zi", TODAY, phone="13800130002")])
    with opened.write() as tx:
        settings.choose(tx, {TRADE: "mother_baby"})
        assert attribute_list.add(tx, Draft("星座", "choice", "金牛、双子")) == "own_1"
    yield opened
    opened.close()


def given(shop: Shop, tmp_path: Path, rows: tuple[tuple[str, ...], ...] = ROWS, name: str = "list") -> int:
    path, mapping = tmp_path / f"{name}.csv", tmp_path / "paper.toml"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    batch = shop.import_staged(shop.stage([path], mapping=mapping)).batch
    assert batch is not None
    return batch


def known(shop: Shop) -> dict[str, dict[str, Value]]:
    with shop.read() as tx:
        names = customers.first_identities(tx)
        told = attributes.of_customers(tx, list(names))
    return {names[customer]: values for customer, values in told.items()}


def test_cells_become_values_of_their_kind_and_what_does_not_fit_is_a_problem_at_its_cell(
    shop: Shop, tmp_path: Path
) -> None:  # fmt: skip
    path, mapping = tmp_path / "list.csv", tmp_path / "paper.toml"
    path.write_text("\n".join(",".join(row) for row in ROWS), encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    staged = shop.stage([path], mapping=mapping)
    for _twice in range(2):  # a plan that is made anew tells no problem twice
        preview = shop.preview(staged)
    assert sum(file.people_new for file in preview.files) == 1
    found = [(row.row, row.problem_columns) for row in staged.rows(file=1, problems_only=True)]
    assert found == [(2, ("尺码",)), (3, ("星座",))]
    assert "水瓶" in problems.explain(Code.BAD_ATTRIBUTE, column="星座", value="水瓶")
    shop.import_staged(staged)
    kept = known(shop)
    assert kept["13800130001"] == {
        "baby_born": date(2025, 11, 2), "taste": ("mild", "not_milky"), "own_1": "金牛", "clothing_size": "90",
    }  # fmt: skip
    assert kept["tao_zi"] == {"baby_born": date(2025, 3, 5), "clothing_size": "73"}


def test_what_is_known_is_left_and_the_undo_takes_back_only_what_came(shop: Shop, tmp_path: Path) -> None:
    with shop.write() as tx:
        (zhou,) = customers.first_identities(tx)
        attributes.put(tx, {zhou: {"clothing_size": "80"}})
    before = content(shop)["customer_attributes"]
    batch = given(shop, tmp_path)
    assert known(shop)["tao_zi"] == {"baby_born": date(2025, 3, 5), "clothing_size": "80"}
    with shop.write() as tx:
        attributes.put(tx, {zhou: {"taste": ("mild",)}})
    shop.undo_import(batch)
    assert known(shop) == {"tao_zi": {"clothing_size": "80", "taste": ("mild",)}}
    assert [row for row in content(shop)["customer_attributes"] if row in before] == list(before)


def test_a_value_that_was_edited_since_stays_with_its_customer(shop: Shop, tmp_path: Path) -> None:
    batch = given(shop, tmp_path)
    with shop.write() as tx:
        lin = next(one for one, value in customers.first_identities(tx).items() if value == "13800130001")
        attributes.put(tx, {lin: {"baby_born": date(2025, 12, 24)}})
    report = shop.undo_import(batch)
    assert report.customers_removed == 0
    with shop.read() as tx:
        assert attributes.of_customers(tx, [lin]) == {lin: {"baby_born": date(2025, 12, 24)}}


@pytest.mark.parametrize("field", ["formula_stage", "baby_months", "own_0", "own_x", "nothing"])
def test_a_mapping_names_only_what_somebody_tells(field: str) -> None:
    text = f'platform = "x"\nkind = "people"\n[columns]\nname = "A"\n{field} = "B"\n'
    with pytest.raises(UserFailure):
        mapping_file.parse(text, name="x.toml")
    orders = 'platform = "x"\n[columns]\nnumber = "A"\nprice = "P"\ntop_size = "B"\n'
    with pytest.raises(UserFailure):
        mapping_file.parse(orders, name="x.toml")
