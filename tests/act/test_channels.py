from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcrm.act import channels, desk
from shopcrm.app import Shop
from shopcrm.base.templates import UnknownBlank
from shopcrm.collect.customers import NoSuchCustomer
from tests.builders import TODAY, given_orders, new_shop, order


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(
        opened,
        [
            order("2611000000000001", "ada", TODAY, recipient_name="林小满", city="杭州市", province="浙江省"),
            order("2611000000000002", "bea", TODAY, recipient_name="周*"),
        ],
    )
    yield opened
    opened.close()


def test_each_gets_the_words_filled_in_one_line_with_their_length(shop: Shop) -> None:
    with shop.read() as tx:
        ada, bea = (desk.find(tx, nick)[0].id for nick in ("ada", "bea"))
        body = "【小店】{称呼|亲}，{城市}的快递\r\n今天到。 " + "亲" * 50
        first, second = channels.written(tx, shop.columns(), body, [bea, ada])
    assert (first.customer, second.customer) == (bea, ada)
    assert second.text == "【小店】小满，杭州的快递 今天到。 " + "亲" * 50
    assert (second.length.units, second.length.parts, second.missing) == (68, 1, ())
    assert first.text.startswith("【小店】亲，{城市}的快递")
    assert first.missing == ("city",)


def test_what_cannot_be_said_is_told_before_anybody_is_read(shop: Shop) -> None:
    with shop.read() as tx:
        with pytest.raises(UnknownBlank):
            next(channels.written(tx, shop.columns(), "{nikc}", [999]))
        with pytest.raises(NoSuchCustomer):
            next(channels.written(tx, shop.columns(), "hi", [999]))
