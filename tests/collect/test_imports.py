"""Imports are previewed, idempotent, taken back as a whole, and agree with every kept figure."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.base.birthdays import LUNAR, Birthday
from shopcrm.base.errors import Cancelled
from shopcrm.base.options import TRADE
from shopcrm.base.progress import Progress, Step
from shopcrm.collect import attributes, birthdays, imports, notes, tags
from shopcrm.collect import settings as settings_of_shop
from shopcrm.collect.foreign import ForeignItem, ForeignOrder, Kind, OrderState
from shopcrm.collect.imports import Totals
from shopcrm.collect.staged import Staged
from shopcrm.collect.undoing import NoSuchBatch
from shopcrm.store import driver
from tests.builders import TODAY, content, given_orders, new_shop, order, stage
from tests.proving import examples

D1, D2, D3 = date(2026, 6, 1), date(2026, 7, 2), date(2026, 8, 3)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def _card(shop: Shop, text: str) -> desk.Card:
    with shop.read() as tx:
        (hit, *_) = desk.find(tx, text)
        return desk.card(tx, shop.columns(), hit.id)


def test_preview_says_what_the_import_then_does_and_changes_nothing(shop: Shop) -> None:
    orders = [
        order("1001", "lin_a", D1),
        order("1002", "lin_a", D2),
        order("1003", None, D2),
        order("1004", "zhou_b", D3),
    ]
    before = content(shop)
    staged = stage(shop, orders)
    preview = shop.preview(staged)
    assert content(shop) == before
    done = shop.import_staged(staged)
    assert done.batch == 1
    assert done.files == preview.files
    (file,) = done.files
    assert (file.orders_new, file.orders_changed, file.orders_same) == (4, 0, 0)
    assert (file.customers_new, file.unidentified_orders) == (2, 1)
    assert not staged.file.path.exists()


def test_the_same_file_again_changes_nothing(shop: Shop) -> None:
    items = [ForeignItem("启悦 2 段奶粉", 2, 2, line_number="1", paid=10_000)]
    orders = [order("1001", "lin_a", D1, items=items), order("1002", "lin_a", D2, phone="13800130001")]
    given_orders(shop, orders)
    before = content(shop)
    (file,) = given_orders(shop, orders).files
    assert (file.orders_new, file.orders_changed, file.orders_same) == (0, 0, 2)
    assert content(shop) == before


def test_undone_the_content_is_as_before(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1), order("1002", "zhou_b", D2, state=OrderState.UNPAID, paid_at=None)])
    before = content(shop)
    later = [
        order("1002", "zhou_b", D3, phone="13800130002", items=[ForeignItem("纸尿裤 L", 3, 2, paid=10_000)]),
        order("1003", "chen_c", D3, recipient_name="陈一诺", store="二店"),
        order("1001", "lin_a", D1, refunded=10_000, state=OrderState.REFUNDED),
    ]
    (file,) = given_orders(shop, later).files
    assert (file.orders_new, file.orders_changed, file.customers_changed) == (1, 2, 2)
    assert content(shop) != before
    report = shop.undo_import()
    assert (report.orders_removed, report.customers_removed, report.orders_restored) == (1, 1, 2)
    assert report.kept == ()
    assert content(shop) == before
    assert shop.check() == []


def test_returns_are_counted_apart_by_import_and_undo(shop: Shop) -> None:
    told = given_orders(shop, [order("1001", "lin_a", D1), order("R1001", "lin_a", D2, kind=Kind.RETURN, paid=-10_000)])
    assert told.orders == Totals(new=1, returns=1)
    undone = shop.undo_import()
    assert (undone.orders_removed, undone.returns_removed) == (told.orders.new, told.orders.returns)


def test_undo_of_a_leaves_b_and_the_note_whole(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1), order("1002", "zhou_b", D1)])
    given_orders(shop, [order("1002", "zhou_b", D1), order("1003", "lin_a", D2)])
    with shop.write() as tx:
        (hit,) = desk.find(tx, "lin_a")
        notes.add(tx, hit.id, text="婆婆收货，电话打她的")
    report = shop.undo_import(1)
    assert report.orders_removed == 1
    assert [(left.number, left.because) for left in report.kept] == [("1002", "later_import")]
    lin = _card(shop, "lin_a")
    assert [line.number for line in lin.orders] == ["1003"]
    assert [note.text for note in lin.notes] == ["婆婆收货，电话打她的"]
    assert [line.number for line in _card(shop, "zhou_b").orders] == ["1002"]
    assert shop.check() == []
    shop.undo_import(2)
    assert _card(shop, "lin_a").notes  # a note keeps its customer findable
    assert shop.check() == []


def test_undo_of_a_keeps_an_order_that_b_changed_and_lists_it(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1, state=OrderState.PAID)])
    given_orders(shop, [order("1001", "lin_a", D1, state=OrderState.SHIPPED)])
    given_orders(shop, [order("1001", "lin_a", D1, state=OrderState.FINISHED)])
    report = shop.undo_import(2)
    assert [(left.number, left.because) for left in report.kept] == [("1001", "edited_since")]
    assert _card(shop, "lin_a").orders[0].state == "finished"


def test_nothing_to_undo_is_said(shop: Shop) -> None:
    with pytest.raises(NoSuchBatch):
        shop.undo_import()
    given_orders(shop, [order("1001", "lin_a", D1)])
    shop.undo_import(1)
    with pytest.raises(NoSuchBatch):
        shop.undo_import(1)


def test_order_and_item_report_in_one_batch_make_one_order_in_any_order(tmp_path: Path) -> None:
    def lines(number: str) -> ForeignOrder:
        items = [
            ForeignItem("启悦 2 段奶粉", 2, 2, line_number="11", paid=7_000),
            ForeignItem("湿巾", 1, 3, paid=3_000),
        ]
        return order(number, None, D1, items=items, amounts_from_items=True, store=None, buyer_name=None, paid=9_999)

    seen = []
    for turn in (0, 1, 2):
        shop = new_shop(tmp_path / str(turn))
        report = [order("1001", "lin_a", D1, store="一店", title="启悦 2 段奶粉等", units=3)]
        if turn == 2:
            given_orders(shop, [lines("1001")], report="item")
            assert given_orders(shop, report).files[0].orders_changed == 1
        else:
            given_orders(shop, report)
            given_orders(shop, [lines("1001")], report="item")
        card = _card(shop, "lin_a")
        (line,) = card.orders
        assert (line.store, line.paid, len(line.items)) == ("一店", 10_000, 2)
        assert card.statistics.orders == 1
        assert shop.check() == []
        seen.append([(item.title, item.quantity, item.paid) for item in line.items])
        shop.close()
    assert seen[0] == seen[1] == seen[2]


def test_the_same_number_in_two_stores_is_two_orders(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1, store="一店"), order("1001", "lin_a", D2, store="二店")])
    assert _card(shop, "lin_a").statistics.orders == 2


def test_a_store_told_later_names_the_order_that_came_without(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1, store=None)])
    (file,) = given_orders(shop, [order("1001", "lin_a", D1, store="一店")]).files
    assert (file.orders_new, file.orders_changed) == (0, 1)
    (file,) = given_orders(shop, [order("1001", "lin_a", D1, store=None)]).files
    assert file.orders_same == 1


def test_a_known_older_file_does_not_turn_back_and_a_newer_one_corrects(shop: Shop) -> None:
    def told(state: OrderState, refunded: int, at: int) -> None:
        given_orders(shop, [order("1001", "lin_a", D1, state=state, refunded=refunded)], snapshots=[at])

    told(OrderState.SHIPPED, 500, 2_000)
    told(OrderState.UNPAID, 0, 1_000)
    assert (_card(shop, "lin_a").orders[0].state, _card(shop, "lin_a").orders[0].refunded) == ("shipped", 500)
    told(OrderState.PAID, 0, 3_000)
    assert (_card(shop, "lin_a").orders[0].state, _card(shop, "lin_a").orders[0].refunded) == ("paid", 0)


def test_a_return_makes_no_occasion_and_does_not_lower_the_orders(shop: Shop) -> None:
    back = order("C1", "lin_a", D2, -4_000, kind=Kind.RETURN)
    (file,) = given_orders(shop, [order("1001", "lin_a", D1), back]).files
    assert file.returns == 1
    figures = _card(shop, "lin_a").statistics
    assert (figures.occasions, figures.orders, figures.net_total, figures.returned_total) == (1, 1, 10_000, 4_000)


def _cancelling(stop: int) -> Progress:
    """Cancels at its `stop`-th report."""
    seen: list[Step] = []

    def look(step: Step) -> None:
        seen.append(step)
        if len(seen) == stop:
            progress.cancel()

    progress = Progress(look)
    return progress


def test_cancelled_at_any_step_nothing_is_changed(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1)])
    before = content(shop)
    orders = [order(str(2000 + n), f"nick_{n}", D2) for n in range(50)]
    steps: list[Step] = []
    staged = stage(shop, orders)
    shop.preview(staged, progress=Progress(steps.append))
    shop.import_staged(staged, progress=Progress(steps.append))
    shop.undo_import()
    for stop in range(1, len(steps)):
        progress = _cancelling(stop)
        staged = stage(shop, orders)
        try:
            shop.preview(staged, progress=progress)
            shop.import_staged(staged, progress=progress)
        except Cancelled:
            assert content(shop) == before
        else:
            shop.undo_import()
        staged.close()
    assert shop.check() == []


class _Looking(Progress):
    """Cancels when it is looked at for the `stop`-th time, in the midst of a statement too."""

    def __init__(self, stop: int) -> None:
        super().__init__()
        self._stop = stop
        self.looks = 0

    @property
    def cancelled(self) -> bool:
        self.looks += 1
        if self.looks == self._stop:
            self.cancel()
        return super().cancelled


def _all_of_it(shop: Shop, staged: Staged, progress: Progress) -> None:
    shop.preview(staged, progress=progress)
    shop.import_staged(staged, progress=progress)


def test_cancelled_in_the_midst_of_a_statement_nothing_is_changed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "STEPS_BETWEEN_LOOKS", 200)
    given_orders(shop, [order("1001", "lin_a", D1)])
    before = content(shop)
    orders = [order(str(2000 + n), f"nick_{n}", D2, phone=f"1380013{n:04}") for n in range(60)]
    through = _Looking(0)
    staged = stage(shop, orders)
    shop.preview(staged, progress=through)
    planned = through.looks
    shop.import_staged(staged, progress=through)
    shop.undo_import()
    assert planned > 20
    assert through.looks - planned > 100  # no long part of the work goes by without a look
    for stop in range(1, through.looks, through.looks // 12):
        staged, progress = stage(shop, orders), _Looking(stop)
        with pytest.raises(Cancelled):
            _all_of_it(shop, staged, progress)
        assert content(shop) == before
        assert progress.looks - stop < 100  # nor goes anything on for long
        staged.close()
    assert shop.check() == []


def test_what_the_hand_wrote_stays(shop: Shop) -> None:
    from shopcrm.collect import customers

    given_orders(shop, [order("1001", "lin_a", D1, recipient_name="林小满")])
    with shop.write() as tx:
        customers.rename(tx, 1, name="小满妈")
        tags.put(tx, [1], name="宝妈群")
    given_orders(shop, [order("1002", "lin_a", D2, recipient_name="林大满")])
    card = _card(shop, "小满妈")
    assert (card.name, card.tags) == ("小满妈", ("宝妈群",))


def test_history_lists_batches_with_their_counts(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1)])
    given_orders(shop, [order("1002", "lin_a", D2)])
    shop.undo_import(2)
    with shop.read() as tx:
        newest, oldest = imports.history(tx)
    assert (newest.id, newest.undone_at is not None, oldest.undone_at) == (2, True, None)
    assert (oldest.files[0].orders_new, oldest.orders) == (1, Totals(new=1))


def test_two_customers_become_one_by_a_phone_and_two_again(shop: Shop) -> None:
    def wechat(number: str, day: date) -> ForeignOrder:
        return order(number, "wx_lin", day, platform="wechat", phone="13800130001")

    given_orders(shop, [order("1001", "lin_a", D1, recipient_name="林小满")])
    given_orders(shop, [wechat("9001", D2)], platform="wechat")
    with shop.write() as tx:
        tags.put(tx, [1, 2], name="宝妈群")
        tags.put(tx, [2], name="怕奶腥")
        notes.add(tx, 2, text="微信上聊过")
        settings_of_shop.choose(tx, {TRADE: "mother_baby"})
        attributes.put(tx, {1: {"baby_name": "团团"}, 2: {"baby_name": "圆圆", "baby_sex": "girl"}})
        birthdays.put(tx, {2: Birthday(LUNAR, 8, 15)})
    before = content(shop)
    (file,) = given_orders(shop, [order("1002", "lin_a", D3, phone="13800130001")]).files
    assert file.customers_new == 0
    card = _card(shop, "wx_lin")
    assert (card.id, card.statistics.orders, set(card.tags)) == (1, 3, {"宝妈群", "怕奶腥"})
    assert [note.text for note in card.notes] == ["微信上聊过"]
    # What the one who stays knows stands; the rest comes along.
    assert [line.value for line in card.attributes][:2] == ["团团", "girl"]
    assert card.birthday is not None
    assert card.birthday.birthday == Birthday(LUNAR, 8, 15)
    assert shop.check() == []
    given_orders(shop, [wechat("9002", D3)], platform="wechat")
    assert _card(shop, "wx_lin").statistics.orders == 4
    shop.undo_import(3)
    assert [line.number for line in _card(shop, "lin_a").orders] == ["1001"]
    assert [line.number for line in _card(shop, "wx_lin").orders] == ["9002", "9001"]
    assert shop.check() == []
    shop.undo_import(4)
    assert content(shop) == before


def test_an_order_that_an_import_changed_goes_back_though_its_phone_made_two_customers_one(shop: Shop) -> None:
    given_orders(shop, [order("1001", None, D1, phone="13800130001")])
    given_orders(shop, [order("9001", "wu_d", D2, platform="pdd")], platform="pdd")
    before = content(shop)
    given_orders(shop, [order("9001", None, D2, 100, platform="pdd", phone="13800130001")], platform="pdd")
    assert len(content(shop)["customers"]) == 1
    report = shop.undo_import()
    assert (report.orders_restored, report.kept) == (1, ())
    assert content(shop) == before


def test_what_one_of_two_got_while_they_were_two_does_not_stay_beside_the_others(shop: Shop) -> None:
    given_orders(shop, [order("0001", None, D1, phone="13800130002")])
    for number, nick, phone in (("0002", "chen_c", "13800130001"), ("0002", None, "13800130002")):
        given_orders(shop, [order(number, nick, D2, platform="jd", phone=phone)], platform="jd")
    later = [order("0007", None, D3, platform="jd", phone="13800130001")]
    given_orders(shop, later, platform="jd")
    before = content(shop)
    assert len(before["customers"]) == 1
    given_orders(shop, later, platform="jd")
    shop.undo_import()
    assert content(shop) == before


_NICKS = st.sampled_from([None, "lin_a", "zhou_b", "chen_c", "wu_d"])
_PHONES = st.sampled_from([None, None, "13800130001", "13800130002"])
_ITEMS = st.lists(st.builds(ForeignItem, st.sampled_from(["奶粉", "湿巾"]), st.integers(1, 3), st.just(2)), max_size=2)


@st.composite
def _orders(draw: st.DrawFn, platform: str) -> ForeignOrder:
    state = draw(st.sampled_from(list(OrderState)))
    paid = draw(st.integers(0, 50_000))
    return order(
        draw(st.sampled_from([f"{n:04d}" for n in range(12)])),
        draw(_NICKS),
        TODAY - timedelta(days=draw(st.integers(0, 400))),
        paid,
        phone=draw(_PHONES),
        refunded=draw(st.sampled_from([0, 0, paid // 2, paid])),
        state=state,
        platform=platform,
        store=draw(st.sampled_from([None, "一店"])),
        recipient_name=draw(st.sampled_from([None, "林小满", "周*"])),
        items=draw(_ITEMS),
    )


Batch = tuple[str, Sequence[ForeignOrder], str]
_PLATFORMS = st.sampled_from(["taobao", "pdd", "jd"])
_BATCHES = st.lists(
    _PLATFORMS.flatmap(
        lambda platform: st.tuples(
            st.just(platform),
            st.lists(_orders(platform), min_size=1, max_size=6),
            st.sampled_from(["order", "item"]),
        )
    ),
    max_size=4,
)
_ANY = settings(max_examples=examples(20, many=2_000), suppress_health_check=list(HealthCheck))


@_ANY
@given(batches=_BATCHES)
def test_any_imports_undone_in_reverse_leave_what_was(
    batches: Sequence[Batch],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = new_shop(Path(folder) / "shop")
        stood = []
        for platform, orders, report in batches:
            stood.append(content(shop))
            given_orders(shop, orders, platform=platform, report=report)
            assert shop.check() == []
            again = content(shop)
            given_orders(shop, orders, platform=platform, report=report)
            assert content(shop) == again
            shop.undo_import()
            assert content(shop) == again
        for before in reversed(stood):
            shop.undo_import()
            assert content(shop) == before
        shop.close()


@_ANY
@given(batches=_BATCHES, data=st.data())
def test_any_imports_undone_in_any_order_leave_an_empty_shop_in_order(
    batches: Sequence[Batch], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = new_shop(Path(folder) / "shop")
        empty = content(shop)
        standing = [
            given_orders(shop, orders, platform=platform, report=report).batch for platform, orders, report in batches
        ]
        while standing:
            batch = data.draw(st.sampled_from(standing))
            standing.remove(batch)
            shop.undo_import(batch)
            assert shop.check() == []
        assert content(shop) == empty
        shop.close()
