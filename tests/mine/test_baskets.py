"""What goes with what, and how long it lasts, against the plainest counting."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopcrm.app import Shop
from shopcrm.collect.foreign import ForeignItem
from shopcrm.mine import baskets
from shopcrm.mine.baskets import Baskets
from tests.builders import TODAY, given_orders, new_shop, order

Sold = list[tuple[str, int, str, int]]  # who, days ago, product, quantity


def _told(shop: Shop, sold: Sold) -> Baskets:
    given_orders(
        shop,
        [
            order(f"27{n:012d}", who, TODAY - timedelta(days=ago), 1_000,
                  items=[ForeignItem(f"虚构 {code}", quantity, 2, article=code, price=500, paid=500 * quantity)])
            for n, (who, ago, code, quantity) in enumerate(sold)
        ],
    )  # fmt: skip
    with shop.read() as tx:
        return baskets.baskets(tx, shop.columns())


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([f"who_{n}" for n in range(7)]),
            st.integers(0, 60),
            st.sampled_from("ABCDE"),
            st.integers(1, 3),
        ),
        min_size=1,
        max_size=50,
    )
)
def test_customers_are_counted_who_bought_both(tmp_path_factory: pytest.TempPathFactory, sold: Sold) -> None:
    shop = new_shop(tmp_path_factory.mktemp("shop") / "shop")
    found = _told(shop, sold)
    who: dict[str, set[str]] = defaultdict(set)
    for name, _ago, code, _quantity in sold:
        who[code].add(name)
    for code, buyers in who.items():
        together = found.beside([code], owned=[], most=9)
        assert {one.code: (one.buyers, one.also) for one in together} == {
            other: (len(buyers), len(buyers & others))
            for other, others in who.items()
            if other != code and len(buyers & others) >= baskets.FEWEST_ALSO
        }
        assert [one.strength for one in together] == sorted((one.strength for one in together), reverse=True)
    shop.close()


def test_a_duration_is_learnt_from_gaps_per_unit(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    # Each of five buys twice one unit after 20 + n days, then two units, which last 40 + n.
    sold: Sold = []
    for n in range(5):
        days = [100, 80 - n, 80 - n - 2 * (21 + n)]
        sold += [(f"who_{n}", days[0], "milk", 1), (f"who_{n}", days[1], "milk", 2), (f"who_{n}", days[2], "milk", 1)]
        sold += [(f"who_{n}", days[0], "toy", 1)]
    found = _told(shop, sold)
    gaps = [20 + n for n in range(5)] + [21 + n for n in range(5)]
    assert found.lasts("milk") == median(gaps)
    assert found.lasts("toy") is None
    assert found.lasts("nothing") is None
    shop.close()


def test_few_gaps_or_few_who_came_again_teach_nothing(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    sold: Sold = [("who_0", 10 * n, "dress", 1) for n in range(12)]
    sold += [(f"other_{n}", 5, "dress", 1) for n in range(9)]
    sold += [("who_0", 10 * n, "cup", 1) for n in range(baskets.FEWEST_GAPS)]
    found = _told(shop, sold)
    assert found.lasts("dress") is None, "one of ten comes again for it"
    assert found.lasts("cup") is None, "one gap too few"
    shop.close()


def test_an_empty_shop(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    with shop.read() as tx:
        found = baskets.baskets(tx, shop.columns())
    assert found.beside(["A"], owned=[], most=3) == []
    assert found.lasts("A") is None
    shop.close()
