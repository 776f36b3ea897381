"""What becomes of an order that is told again."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from shopcrm.collect.foreign import STATE_RANK, OrderState
from shopcrm.collect.merging import TEXTS, TIMES, differs, filled_items, merged

TZ = ZoneInfo("Asia/Shanghai")
TOLD = st.sampled_from([None, "", "林小满", "林*", "138****0001", "13800130001"])


def _row(**values: Any) -> dict[str, Any]:
    blank = dict.fromkeys((*TIMES, *TEXTS, "snapshot_at", "units", "paid", "refunded", "state"))
    return {
        **blank, "number": "1", "kind": "order", "store": "", "currency": "CNY", "plain_dates": 0, "day": None,
        "amounts_from_items": False, **values,
    }  # fmt: skip


def _existing(draw: st.DrawFn) -> dict[str, Any]:
    paid = draw(st.integers(0, 1_000))
    return _row(
        state=draw(st.sampled_from(OrderState)).value, paid=paid, refunded=draw(st.integers(0, paid)),
        snapshot_at=draw(st.sampled_from([None, 100, 200])), recipient_name=draw(TOLD),
        created_at=draw(st.sampled_from([None, 1_000])), amounts_from_items=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    state = draw(st.sampled_from([None, *OrderState]))
    incoming = _row(
        state=None if state is None else state.value, paid=draw(st.sampled_from([None, 0, 500])),
        refunded=draw(st.sampled_from([None, 0, 200, 500])), snapshot_at=draw(st.sampled_from([None, 100, 200])),
        recipient_name=draw(TOLD), recipient_phone=draw(TOLD), paid_at=draw(st.sampled_from([None, 2_000])),
        amounts_from_items=draw(st.booleans()), units=draw(st.sampled_from([None, 3])),
    )  # fmt: skip
    return _existing(draw), incoming


@example(
    (
        _row(state="paid", paid=0, refunded=0, snapshot_at=100),
        _row(state="unpaid", paid=500, snapshot_at=200, amounts_from_items=True),
    )
)
@given(pairs())
def test_told_again_nothing_changes(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    existing, incoming = pair
    after = merged(existing, incoming, tz=TZ)
    assert not differs(after, merged(after, incoming, tz=TZ))


@given(pairs())
def test_unless_the_file_is_newer_states_go_forward_and_refunds_grow(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    existing, incoming = pair
    after = merged(existing, incoming, tz=TZ)
    newer = None not in (existing["snapshot_at"], incoming["snapshot_at"]) and (
        incoming["snapshot_at"] > existing["snapshot_at"]
    )
    if newer:
        all_back = incoming["paid"] is None and incoming["refunded"] is not None
        all_back = all_back and after["refunded"] >= after["paid"] > 0
        told = "refunded" if all_back else incoming["state"]
        assert incoming["state"] is None or after["state"] == told
    else:
        assert STATE_RANK[after["state"]] >= STATE_RANK[existing["state"]]
        assert after["refunded"] >= existing["refunded"]


@given(pairs())
def test_blank_and_masked_never_overwrite_the_real(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    existing, incoming = pair
    after = merged(existing, incoming, tz=TZ)
    for name in ("recipient_name", "recipient_phone"):
        known, said = existing[name], incoming[name]
        if known and "*" not in known and (not said or "*" in said):
            assert after[name] == known
        if not known and said:
            assert after[name] == said
    for name in TIMES:
        assert after[name] is not None or (existing[name] is None and incoming[name] is None)


def test_lines_do_not_correct_the_order_report_and_the_order_report_corrects_lines() -> None:
    from_lines = _row(state="finished", paid=900, refunded=0, amounts_from_items=True)
    from_report = _row(state="finished", paid=1_000, refunded=0)
    assert merged(from_report, from_lines, tz=TZ)["paid"] == 1_000
    assert merged(from_lines, from_report, tz=TZ)["paid"] == 1_000


def test_refunded_without_an_amount_is_the_whole_order() -> None:
    after = merged(_row(state="paid", paid=1_000, refunded=0), _row(state="refunded"), tz=TZ)
    assert (after["state"], after["refunded"]) == ("refunded", 1_000)


def test_an_order_of_which_all_was_given_back_is_refunded() -> None:
    known = _row(state="finished", paid=1_000, refunded=400, snapshot_at=100)
    assert merged(known, _row(refunded=999, snapshot_at=200), tz=TZ)["state"] == "finished"
    assert merged(known, _row(refunded=1_000, snapshot_at=200), tz=TZ)["state"] == "refunded"
    assert merged(_row(state="unpaid", paid=0, refunded=0), _row(refunded=0), tz=TZ)["state"] == "unpaid"
    back = _row(state="finished", paid=-1_000, refunded=0, kind="return")
    assert merged(back, _row(refunded=0), tz=TZ)["state"] == "finished"


def test_a_day_begins_in_the_shop_s_zone() -> None:
    late = 1_792_946_400  # 2026-10-25 16:00 UTC: past midnight in Shanghai
    before = _row(state="unpaid", paid=0, refunded=0)
    assert merged(before, _row(state="paid", paid=5, paid_at=late), tz=TZ)["day"] == late // 86_400 + 1
    assert merged(before, _row(state="paid", paid=5, paid_at=late, plain_dates=2), tz=TZ)["day"] == late // 86_400


def test_a_line_report_that_says_less_keeps_what_was_known() -> None:
    known = [("11", "A1", "奶粉", "800g", 2, 5_000, 10_000, 0, "finished")]
    told = [(None, None, "奶粉", "800g", 2, None, None, 300, None)]
    assert filled_items(known, told) == [("11", "A1", "奶粉", "800g", 2, 5_000, 10_000, 300, "finished")]
    assert filled_items([], told) == told
