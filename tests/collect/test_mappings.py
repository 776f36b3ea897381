from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.collect import mapping_draft, mapping_file, mappings, trial
from shopcrm.collect.foreign import Code, OrderState
from shopcrm.collect.mapping_file import (
    FIELDS,
    Amounts,
    Clean,
    Dates,
    Lines,
    MappingFile,
    Returns,
    States,
    fingerprint,
)
from shopcrm.collect.refusals import UnknownLayout
from tests.builders import content, new_shop

HEADER = ["Bestellung", "Kunde", "Betrag", "Tag", "Stand"]
ROWS = [
    ["B-0001", "anna_invented", "12,50", "02/03/2026", "erledigt"],
    ["B-0002", "ben_invented", "1.212,50", "13/03/2026", "unklar"],
    ["", "cem_invented", "7,00", "14/03/2026", "storniert"],
]
texts = st.text(st.characters(codec="utf-8"), max_size=12)
mapping_files = st.builds(
    MappingFile,
    platform=st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True),
    columns=st.dictionaries(
        st.sampled_from(FIELDS), texts | st.lists(texts, min_size=1, max_size=3).map(tuple), max_size=6
    ).map(lambda columns: {"number": "No", "line_total": "Sum", **columns}),
    label=texts,
    currency=st.none() | st.sampled_from(["CNY", "JPY"]),
    store=st.none() | texts.filter(bool),
    amounts=st.builds(Amounts, decimal=st.sampled_from([".", ","])),
    dates=st.builds(Dates, formats=st.lists(texts, max_size=2).map(tuple)),
    states=st.builds(
        States, default=st.none() | st.sampled_from(OrderState),
        words=st.dictionaries(texts, st.sampled_from(OrderState), max_size=3),
    ),
    lines=st.builds(Lines, ignore_price_at_most=st.none() | st.floats(-1, 9, allow_nan=False)),
    returns=st.builds(Returns, number_prefix=st.none() | texts.filter(bool), negative_quantity=st.booleans()),
    clean=st.builds(Clean, whole_numbers=st.lists(st.sampled_from(FIELDS), max_size=2).map(tuple)),
)  # fmt: skip


def write(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    path.write_text("\n".join(";".join(row) for row in [header, *rows]), "utf-8")
    return path


@given(mapping_files)
def test_a_mapping_written_as_toml_is_read_as_the_same(mapping: MappingFile) -> None:
    assert mapping_file.parse(mapping_file.as_toml(mapping), name="m") == mapping


@given(st.permutations(HEADER), st.sampled_from(["", " ", "\ufeff", "　"]))
def test_a_header_is_known_again_in_any_order_and_writing(header: list[str], mark: str) -> None:
    assert fingerprint([f"{mark}{name.upper()} " for name in header]) == fingerprint(HEADER)
    assert fingerprint([*header, "Neu"]) != fingerprint(HEADER)


def test_what_was_said_is_remembered_changed_forgotten_and_undone(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    before = content(shop)
    one = MappingFile(platform="till", label="Till", columns={"number": "Bestellung", "price": "Betrag"})
    other = MappingFile(platform="till", label="Kasse", columns={"number": "Bestellung", "line_total": "Betrag"})
    with shop.write() as tx:
        first = mappings.remember(tx, HEADER, one)
    with shop.write() as tx:
        second = mappings.remember(tx, HEADER[::-1], other)
        (known,) = mappings.remembered(tx)
        assert (known.label, known.mapping) == ("Kasse", other)
    with shop.write() as tx:
        tx.undo(second)
        found = mappings.find(tx, HEADER)
        assert found is not None
        assert found.mapping == one
        assert mappings.find(tx, HEADER[1:]) is None
    with shop.write() as tx:
        gone = mappings.forget(tx, known.id)
        assert mappings.texts(tx) == {}
    with shop.write() as tx:
        tx.undo(gone)
        assert list(mappings.texts(tx)) == [fingerprint(HEADER)]
        tx.undo(first)
    assert content(shop) == before
    shop.close()


def test_a_table_is_unknown_until_somebody_says_what_it_is_and_then_comes_in_by_itself(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    path = write(tmp_path / "Kasse 2026-03.csv", ROWS)
    with pytest.raises(UnknownLayout):
        shop.stage([path])
    peeked = shop.stage([path], peek=True)
    (file,) = peeked.files()
    rows = [row.cells for row in trial.rows(peeked.file)]
    peeked.close()
    assert (list(file.header), [list(cells) for cells in rows]) == (HEADER, ROWS)

    draft = mapping_draft.guessed(file.header, rows, file_name=path.name, currency="CNY")
    assert draft.fields == {0: "number", 1: "buyer_name", 2: "order_total", 3: "created_at", 4: "state"}
    assert (draft.rule, draft.decimal, draft.dates, draft.label) == ("repeated", ",", "day_first", "Kasse")
    assert draft.states == {"erledigt": OrderState.FINISHED, "unklar": None, "storniert": OrderState.CLOSED}
    assert draft.missing() == ()
    said = draft.with_field(1, "buyer_id")
    with shop.write() as tx:
        mappings.remember(tx, file.header, said.mapping())

    report = shop.import_staged(shop.stage([path]))
    assert (report.files[0].platform, report.orders.new, report.files[0].rejected) == ("kasse", 2, 1)
    with shop.read() as tx:
        found = tx.connection.exec_driver_sql("SELECT number, state, paid, day FROM orders ORDER BY number").all()
    assert [tuple(row) for row in found] == [
        ("B-0001", "finished", 1_250, 20_514), ("B-0002", "paid", 121_250, 20_525)
    ]  # fmt: skip
    assert [customer.tolist() for customer in (shop.columns().ids,)] == [[1, 2]]
    shop.close()


def test_what_was_said_stands_over_what_the_program_knows_and_over_nothing_else(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    header = ["订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单付款时间"]
    path = write(tmp_path / "a.csv", [["19306798581706", "a", "5.00", "交易成功", "2026-03-01"]], header)
    mapping = MappingFile(platform="till", columns={"number": header[0], "line_total": header[2]})
    with shop.write() as tx:
        mappings.remember(tx, header, mapping)

    def platform(**choices: Any) -> str:
        staged = shop.stage([path], **choices)
        try:
            return staged.files()[0].platform
        finally:
            staged.close()

    assert platform() == "till"
    assert platform(platform="taobao") == "taobao"
    with shop.write() as tx:
        mappings.forget(tx, 1)
    assert platform() == "taobao"
    shop.close()


def test_the_first_rows_are_shown_as_they_would_be_stored_with_what_is_wrong(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    path = write(tmp_path / "t.csv", [*ROWS, *[[f"B-1{n:03d}", "d", "1,00", "15/03/2026", ""] for n in range(90)]])
    draft = mapping_draft.guessed(HEADER, ROWS, file_name=path.name, currency="EUR").with_field(1, "buyer_id")
    text = mapping_file.as_toml(draft.mapping())
    staged = shop.stage([path], remembered={fingerprint(HEADER): text}, rows_at_most=trial.ROWS)
    found = trial.read(staged.file)
    staged.close()
    assert (found.rows, found.orders, found.refused, found.unidentified) == (50, 49, 1, 0)
    first, second, third = found.lines[:3]
    assert first.order is not None
    assert (first.order.number, first.order.buyer, first.order.paid, first.order.currency) == (
        "B-0001", "anna_invented", 1_250, "EUR"
    )  # fmt: skip
    assert [(one.column, one.code) for one in second.problems] == [("Stand", Code.UNKNOWN_STATE)]
    assert third.order is None
    assert (third.row, third.cells[1]) == (4, "cem_invented")
    assert [one.code for one in third.problems] == [Code.MISSING_NUMBER]
    shop.close()


def test_said_once_it_is_taken_up_as_it_was_and_its_other_settings_stay() -> None:
    mapping = mapping_file.parse(
        'platform = "till"\nlabel = "Till"\nstore = "Mitte"\n[columns]\nnumber = ["Nr", "Bestellung"]\n'
        'order_total = "Betrag"\ncreated_at = "Tag"\nstate = "Stand"\n[amounts]\nrule = "first_row"\ndecimal = ","\n'
        '[dates]\nformats = ["%m/%d/%Y"]\n[states]\ndefault = "finished"\nwords = { "erledigt" = "paid", '
        '"neu" = "unpaid" }\n'
        '[returns]\nnumber_prefix = "R"\n',
        name="m",
    )
    draft = mapping_draft.said(HEADER, ROWS, mapping, currency="CNY")
    assert draft.fields == {0: "number", 2: "order_total", 3: "created_at", 4: "state"}
    assert (draft.rule, draft.store, draft.readings[draft.dates]) == ("first_row", "Mitte", ("%m/%d/%Y",))
    assert draft.states == {"erledigt": OrderState.PAID, "unklar": None, "storniert": OrderState.CLOSED}
    again = replace(draft, states={**draft.states, "unklar": OrderState.CLOSED}).mapping()
    assert (again.platform, again.returns, again.states.default) == ("till", mapping.returns, OrderState.FINISHED)
    assert again.states.words == {
        "erledigt": OrderState.PAID, "neu": OrderState.UNPAID, "unklar": OrderState.CLOSED,
        "storniert": OrderState.CLOSED,
    }  # fmt: skip


def test_a_field_is_one_columns_and_what_is_needed_is_named() -> None:
    draft = mapping_draft.guessed(["a", "b"], [["x y", "1"]], file_name="t.csv", currency="CNY")
    assert draft.missing() == ("number", "amount")
    draft = draft.with_field(0, "number").with_field(1, "number")
    assert draft.fields == {1: "number"}
    assert draft.with_field(0, "price").missing() == ()
    assert replace(draft, rule="repeated").with_field(0, "price").missing() == ("amount",)
    assert draft.with_field(1, "").missing() == ("number", "amount")


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Corner shop", "corner_shop"), ("门店收银", "men_dian_shou_yin"), ("Shopify", "shopify"), ("2026 till",
        "table_2026_till"),
        ("", "table"), ("By hand", "by_hand"), ("Pinduoduo", "pdd"), ("x" * 60, "x" * 32),
    ],
)  # fmt: skip
def test_the_key_of_a_label_is_one_and_the_same(label: str, key: str) -> None:
    assert mapping_draft.platform_key(label) == key
    MappingFile(platform=key, columns={})
    mapping_file.parse(f'platform = "{key}"\n[columns]\nnumber = "n"\nprice = "p"', name="m")


def test_columns_that_a_mapping_cannot_name() -> None:
    assert mapping_draft.usable(["a", " A", "", "b"]) == (True, False, False, True)


@pytest.mark.parametrize(
    ("file", "label"),
    [
        ("sales.csv", "sales"),
        ("收银 2026年3月1日至31日(2).xlsx", "收银"),
        ("2026-03.csv", "2026-03"),
        ("Kasse_03.xls", "Kasse"),
    ],
)
def test_a_table_is_called_as_its_file_without_the_dates(file: str, label: str) -> None:
    assert mapping_draft.label_of(file) == label
