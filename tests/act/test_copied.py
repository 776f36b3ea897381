from __future__ import annotations

from pathlib import Path

from shopcrm.act import copied
from shopcrm.collect import consents, customers
from tests.builders import TODAY, given_orders, new_shop, order


def test_nothing_becomes_a_formula_and_no_cell_two(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order("1001", "lin_a", TODAY, phone="13800130001")])
    with shop.write() as tx:
        customers.rename(tx, 1, name="=1+1\t<b>x</b>")
    with shop.read() as tx:
        found = copied.table(tx, shop.columns(), shop.columns().ids, keys=("name", "phone", "net_total"))
    assert found.rows == 1
    name, phone, total = found.text.split("\n")[1].split("\t")
    assert name.startswith("'=1+1")
    assert (phone, total.count(".")) == ("13800130001", 1)
    assert "&lt;b&gt;x&lt;/b&gt;" in found.html
    assert "<td style=\"mso-number-format:'\\@'\">13800130001</td>" in found.html
    shop.close()


def test_who_does_not_want_to_be_written_to_is_left_out_and_counted(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order(f"100{n}", None, TODAY, phone=f"1380013000{n}") for n in (1, 2)])
    with shop.write() as tx:
        consents.opt_out(tx, 1, channel=consents.ALL, source="聊天里说的")
    with shop.read() as tx:
        found = copied.table(tx, shop.columns(), shop.columns().ids, keys=("name", "phone"))
        named = copied.table(tx, shop.columns(), shop.columns().ids, keys=("name", "net_total"))
    assert (found.rows, sum(found.held_back.values())) == (1, 1)
    assert "13800130001" not in found.text + found.html
    assert named.rows == 2, "a list that tells no way to reach anybody leaves nobody out"
    shop.close()
