"""Any lists and orders, people sharing numbers crosswise: told again nothing changes, undone nothing is left (C4)."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.app import Shop
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday
from shopcrm.base.paths import Home
from shopcrm.collect.foreign import ForeignAddress, ForeignConsent, ForeignOrder, ForeignPerson
from shopcrm.collect.imports import ImportReport
from tests.builders import TODAY, content, given_orders, given_people, new_shop, order, person
from tests.proving import examples

_ANY: Final = settings(
    max_examples=examples(20, many=3_000),
    suppress_health_check=list(HealthCheck),
)
_PHONES: Final = st.sampled_from([None, "13800130001", "13800130002", "13800130003"])
_EMAILS: Final = st.sampled_from([None, "lin@example.com", "zhou@example.com"])
_CONSENTS: Final = st.lists(
    st.builds(
        ForeignConsent, st.sampled_from(["email", "sms"]), st.booleans(), st.sampled_from(["newsletter", "短信"])
    ),
    max_size=2,
).map(tuple)
_PERSON: Final = st.builds(
    person,
    st.sampled_from(["林小满", "周阿姨", "陈一诺", None]),
    phone=_PHONES,
    email=_EMAILS,
    buyer_id=st.sampled_from([None, None, "lin_a", "zhou_b"]),
    platform=st.sampled_from(["contacts", "taobao"]),
    gender=st.sampled_from([None, "female", "male"]),
    company=st.sampled_from([None, "虚构花店"]),
    birthday=st.sampled_from([None, Birthday(SOLAR, 3, 5), Birthday(LUNAR, 8, 15)]),
    note=st.sampled_from([None, "喜欢小礼物", "爱砍价"]),
    consents=_CONSENTS,
    tags=st.lists(st.sampled_from(["宝妈群", "老客"]), unique=True, max_size=2).map(tuple),
    addresses=st.sampled_from([(), (ForeignAddress("浙江省杭州市虚构路1号", "浙江", "杭州"),)]),
).filter(lambda told: bool(told.name or told.identities))
_ORDER: Final = st.builds(
    order,
    st.sampled_from([f"{n:04d}" for n in range(6)]),
    st.sampled_from(["lin_a", "zhou_b", None]),
    st.integers(0, 300).map(lambda days: TODAY - timedelta(days=days)),
    phone=_PHONES,
    recipient_name=st.sampled_from([None, "林满", "周*"]),
    consents=_CONSENTS,
)
_LIST: Final = st.lists(_PERSON, min_size=1, max_size=6)
_BATCHES: Final = st.lists(st.one_of(_LIST, _LIST, st.lists(_ORDER, min_size=1, max_size=4)), max_size=4)
Batch = Sequence[ForeignPerson] | Sequence[ForeignOrder]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people") / "shop"
    new_shop(folder).close()
    return folder


@contextmanager
def _shop(empty: Path) -> Iterator[Shop]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(empty, folder, dirs_exist_ok=True)
        shop = Shop.open(Home(Path(folder)), as_of=TODAY)
        try:
            yield shop
        finally:
            shop.close()


def _import(shop: Shop, batch: Batch) -> ImportReport:
    people = [one for one in batch if isinstance(one, ForeignPerson)]
    orders = [one for one in batch if isinstance(one, ForeignOrder)]
    return given_people(shop, people) if people else given_orders(shop, orders)


@_ANY
@given(batches=_BATCHES)
def test_told_again_nothing_changes_and_undone_it_is_what_it_was(empty: Path, batches: Sequence[Batch]) -> None:
    with _shop(empty) as shop:
        states = [content(shop)]
        for batch in batches:
            _import(shop, batch)
            states.append(content(shop))
            assert shop.check() == []
            again = _import(shop, batch).files[0]
            assert (again.people_new, again.people_changed, again.customers_new, again.orders_new) == (0, 0, 0, 0)
            assert (again.agreed, again.withdrawn) == (0, 0)
            if isinstance(batch[0], ForeignPerson):
                assert content(shop) == states[-1]
            shop.undo_import()
            assert content(shop) == states[-1]
        for before in reversed(states[:-1]):
            shop.undo_import()
            assert content(shop) == before
            assert shop.check() == []


@_ANY
@given(batches=_BATCHES, turn=st.randoms(use_true_random=False))
def test_undone_in_whatever_order_nothing_is_left(empty: Path, batches: Sequence[Batch], turn: random.Random) -> None:
    with _shop(empty) as shop:
        nothing = content(shop)
        numbers = [_import(shop, batch).batch for batch in batches for _again in range(turn.choice((1, 1, 2)))]
        turn.shuffle(numbers)
        for number in numbers:
            shop.undo_import(number)
            assert shop.check() == []
        assert content(shop) == nothing


@_ANY
@given(before=_BATCHES, people=_LIST)
def test_nothing_that_a_list_tells_of_anybody_is_lost(
    empty: Path, before: Sequence[Batch], people: Sequence[ForeignPerson]
) -> None:
    people = [replace(one, row=row, note=f"row {row}") for row, one in enumerate(people, 2)]
    names: dict[tuple[str, str, str], set[str | None]] = {}
    for one in people:
        for who in one.identities:
            names.setdefault((who.kind, who.platform, who.value), set()).add(one.name)
    with _shop(empty) as shop:
        for batch in before:
            _import(shop, batch)
        had = _held(shop)
        given_people(shop, people)
        held = _held(shop)
        with shop.read() as tx:
            rows = tx.connection.exec_driver_sql("SELECT text, customer_id FROM notes WHERE text LIKE 'row %'")
            owner: dict[str, int] = dict(rows.fetchall())
        assert owner.keys() == {one.note for one in people}
        for one in people:
            for who in one.identities:
                if who.kind == "buyer_id" or len(names[who.kind, who.platform, who.value] - {None}) < 3:
                    assert (who.kind, who.platform, who.value) in held[owner[str(one.note)]]
        for customer, identities in held.items():
            known = [platform for kind, platform, _ in had[customer] if kind == "buyer_id"]
            bought = [platform for kind, platform, _ in identities - had[customer] if kind == "buyer_id"]
            assert len({*bought} - {*known}) == len(bought), "two buyer ids are two customers"


def _held(shop: Shop) -> dict[int, set[tuple[str, str, str]]]:
    found: dict[int, set[tuple[str, str, str]]] = defaultdict(set)
    with shop.read() as tx:
        for customer, *key in tx.connection.exec_driver_sql(
            "SELECT customer_id, kind, platform, value FROM identities"
        ):
            found[customer].add(tuple(key))
    return found
