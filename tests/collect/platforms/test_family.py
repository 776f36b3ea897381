from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.collect.fields import fold_header
from shopcrm.collect.foreign import ForeignOrder, Problem
from shopcrm.collect.platforms import PLATFORMS, Adapter, recognise
from shopcrm.collect.platforms.layout import Layout
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.store import driver
from tests.builders import new_shop
from tests.collect.platforms.samples import Sample, all_samples

SAMPLES = all_samples()
OLDER = {"taobao order", "taobao item", "shopify complete"}  # with families of their own, beside this one

_PAID = (
    "order_total", "order_total_more", "line_total", "price", "quantity", "discount", "state", "after_sale", "paid_at",
    "gift", "refunded", "refunded_more", "adjusted_total", "shipping", "wrapping", "promotion", "promotion_more",
)  # fmt: skip
# By what must be found the fields it is made of; what is not named here is made of the field of its name.
MADE_OF: Mapping[str, Sequence[str]] = {
    "paid": _PAID, "refunded": _PAID, "state": (*_PAID, "shipped_at", "signed_at", "finished_at"),
    "line_paid": (*_PAID, "title"),
    "line_refunded": (*_PAID, "title"),
    "day": ("created_at", "paid_at"), "units": ("quantity",), "quantities": ("quantity", "title"),
    "titles": ("title",), "variants": ("variant", "title"), "articles": ("article", "title"), "title": ("goods",),
    "line_numbers": ("line_number", "title"), "province": ("address", "province", "city", "country"),
    "city": ("address", "province", "city"),
    "address": ("address", "province", "city", "district", "street", "zip", "country"),
    "phone": ("phone", "phone_else", "buyer_phone"), "recipient_phone": ("phone", "phone_else", "buyer_phone"),
    "buyer_name": ("buyer_name", "buyer_first", "buyer_last"),
    "recipient_name": ("recipient_name", "recipient_first", "recipient_last"),
    "deciding": ("buyer_id", "email", "wechat", "phone", "phone_else", "buyer_phone"),
    "created_at": ("created_at",), "paid_at": ("paid_at",), "plain_dates": ("created_at", "paid_at"),
}  # fmt: skip


def adapter_of(name: str) -> Adapter:
    return next(one for one in PLATFORMS if f"{one.key} {one.report}" == name)


def shown(order: ForeignOrder) -> dict[str, Any]:
    """What a golden record may name of an order."""
    by_kind = {identity.kind: identity.value for identity in order.identities}
    return {
        **{name: getattr(order, name) for name in ForeignOrder.__dataclass_fields__},
        **{kind: by_kind.get(kind) for kind in ("buyer_id", "email", "phone", "wechat")},
        "deciding": next((one.kind for one in order.identities if one.deciding), None),
        "titles": tuple(item.title for item in order.items),
        "variants": tuple(item.variant for item in order.items),
        "articles": tuple(item.article for item in order.items),
        "quantities": tuple(item.quantity for item in order.items),
        "line_numbers": tuple(item.line_number for item in order.items),
        "line_paid": tuple(item.paid for item in order.items),
        "line_refunded": tuple(item.refunded for item in order.items),
    }


def check(sample: Sample, header: Sequence[str]) -> None:
    """The orders of a sample with these columns are the golden ones, less what the missing columns told."""
    adapter = adapter_of(sample.adapter)
    found = list(adapter.read(header, iter(sample.cells(header)), sample.settings))
    orders = {one.number: one for one in found if isinstance(one, ForeignOrder)}
    told = {fold_header(name) for row in sample.rows for name in row}
    dropped = told - {fold_header(name) for name in header}
    untold = _fields_of(adapter, dropped)
    if "number" in untold or "line_number" in untold:
        return  # another column's number stands for it, and lines that stand twice are no longer known
    assert set(orders) == set(sample.golden) or untold & {"quantity", "price", "line_total", "order_total"}
    for number, golden in sample.golden.items():
        got = shown(orders[number])
        expected = {name: value for name, value in golden.items() if untold.isdisjoint(MADE_OF.get(name, (name,)))}
        assert {name: got[name] for name in expected} == expected, number
        assert sum(one.deciding for one in orders[number].identities) <= 1
    if set(map(fold_header, sample.header)) <= set(map(fold_header, header)):
        refused = {one.row: one.column for one in found if isinstance(one, Problem) and one.rejected}
        assert refused == sample.refused


def _fields_of(adapter: Adapter, dropped: Collection[str]) -> set[str]:
    assert isinstance(adapter, Layout)
    return {
        field for field, names in adapter.table.names.items() if not set(map(fold_header, names)).isdisjoint(dropped)
    }


def named(sample: Sample) -> str:
    return f"{sample.adapter} {sample.name} {len(sample.header)}"


def test_every_adapter_has_samples() -> None:
    assert {f"{one.key} {one.report}" for one in PLATFORMS} == {one.adapter for one in SAMPLES} | OLDER


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_a_sample_is_recognised_over_all_others_and_gives_its_golden_records(sample: Sample) -> None:
    scores = sorted((one.matches(sample.header), f"{one.key} {one.report}") for one in PLATFORMS)
    assert scores[-1][1] == sample.adapter
    assert scores[-1][0] > scores[-2][0]
    check(sample, sample.header)


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_without_any_one_column_the_rest_is_read_as_before(sample: Sample) -> None:
    for gone in sample.header:
        header = [name for name in sample.header if name != gone]
        adapter = recognise(header)
        assert adapter is None or f"{adapter.key} {adapter.report}" == sample.adapter, gone
        if adapter is not None:
            check(sample, header)
        else:
            ours = adapter_of(sample.adapter)
            assert isinstance(ours, Layout)
            needed = [name for field in ours.needs for name in ours.table.names[field]]
            was = needed if ours.lacks(header) else ours.own
            assert fold_header(gone) in map(fold_header, was), f"without {gone} nobody knows it"


@given(data=st.data(), sample=st.sampled_from(SAMPLES))
def test_columns_shuffled_and_unknown_ones_change_nothing(data: st.DataObject, sample: Sample) -> None:
    header = [*sample.header, data.draw(st.sampled_from(["自定义列", "自定义列 2", "note to self"]))]
    random.Random(data.draw(st.integers(0, 1 << 32))).shuffle(header)  # an order of columns
    adapter = recognise(header)
    assert adapter is not None
    assert f"{adapter.key} {adapter.report}" == sample.adapter
    check(sample, header)


def test_every_sample_comes_through_the_child_process_as_through_the_adapter(tmp_path: Path) -> None:
    files = {sample.write(tmp_path / f"{at}-{sample.name}"): sample for at, sample in enumerate(SAMPLES)}
    for path, sample in files.items():
        request = ReadRequest((path,), currency=sample.settings.currency, timezone=sample.settings.timezone)
        with (
            read_files(request, folder=tmp_path / "staging") as staging,
            closing(driver.connect(staging.path, staging.key)) as db,
        ):
            [[platform, report]] = db.execute("SELECT platform, report FROM files").fetchall()
            assert f"{platform} {report}" == sample.adapter, path.name
            rows = db.execute("SELECT number, state, paid, refunded, created_at FROM orders ORDER BY number").fetchall()
            assert {row[0] for row in rows} == set(sample.golden), path.name
            for number, state, paid, refunded, created_at in rows:
                got = {"state": state, "paid": paid, "refunded": refunded, "created_at": created_at}
                told = {name: value for name, value in sample.golden[number].items() if name in got}
                assert {name: got[name] for name in told} == told, path.name


def test_files_that_are_imported_again_change_nothing(tmp_path: Path) -> None:
    files = [sample.write(tmp_path / f"{at:02}-{sample.name}") for at, sample in enumerate(SAMPLES)]
    shop = new_shop(tmp_path / "shop")
    shop.import_staged(shop.stage(files))
    assert shop.check() == []
    again = shop.preview(shop.stage(files))
    shop.close()
    assert [(one.file, one.orders_new, one.orders_changed) for one in again.files] == [
        (file.name, 0, 0) for file in files
    ]
