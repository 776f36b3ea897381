from __future__ import annotations

from pathlib import Path

from shopcrm.act import copied
from shopcrm.collect import customers
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
