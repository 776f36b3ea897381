from __future__ import annotations

from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from shopcrm.collect.foreign import (
    Code,
    ForeignConsent,
    ForeignIdentity,
    ForeignItem,
    ForeignOrder,
    ForeignReview,
    Kind,
    OrderState,
    Problem,
    Way,
)
from shopcrm.collect.scribe import Scribe, ScribeStopped
from shopcrm.collect.staging import BLOCK, StagingFile, StagingWriter, sweep
from shopcrm.store import driver

ITEM = ForeignItem(
    title="样品", quantity=2, row=8, line_number="L1", article="A1", variant="红", price=500, paid=900, refunded=100,
    state=OrderState.PAID,
)  # fmt: skip
IDENTITY = ForeignIdentity("phone", "taobao", "+8613800000000", "138 0000 0000", deciding=True)
CONSENT = ForeignConsent("email", True, "Accepts Marketing")
REVIEW = ForeignReview(
    row=8, stars=5, text="好", at=9, plain=True, product="样品", article="A1", reply="谢谢"
)  # fmt: skip
ORDER = ForeignOrder(
    number="1930679858170647123", row=7, kind=Kind.RETURN, store="演示店", state=OrderState.SIGNED, currency="CNY",
    created_at=1, paid_at=2, shipped_at=3, signed_at=4, finished_at=5, plain_dates=3, day=6, paid=-7, refunded=8,
    amounts_from_items=True, title="标题", units=9, buyer_name="买家", recipient_name="收件人", recipient_phone="电话",
    address="地址", province="省", city="市", buyer_message="留言", seller_note="备注", closed_reason="原因",
    identities=(IDENTITY,), items=(ITEM, ITEM), consents=(CONSENT,), reviews=(REVIEW,),
)  # fmt: skip


def named(staging: StagingFile, table: str) -> list[dict[str, Any]]:
    with closing(driver.connect(staging.path, staging.key)) as connection:
        found = connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]


def plain(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


@pytest.mark.parametrize("beside", [False, True])
def test_every_field_lands_in_its_column(tmp_path: Path, beside: bool) -> None:
    with StagingFile.fresh(tmp_path) as staging:
        writer = StagingWriter(staging, beside=beside)
        writer.add_order(4, ORDER)
        writer.add_problem(4, Problem(7, "金额", Code.BAD_AMOUNT, "x"))
        writer.close()
        expected = plain(ORDER)
        del expected["identities"], expected["items"], expected["consents"], expected["reviews"]
        assert named(staging, "orders") == [{"id": 1, "file": 4, **expected}]
        assert named(staging, "items") == [{"order_id": 1, "position": at, **plain(ITEM)} for at in (0, 1)]
        assert named(staging, "told_consents") == [{"listed": None, "order_id": 1, **plain(CONSENT)}]
        assert named(staging, "told_reviews") == [{"order_id": 1, **plain(REVIEW)}]
        person = plain(IDENTITY)
        assert named(staging, "named") == [{"order_id": 1, "person": 1, "deciding": person.pop("deciding")}]
        assert named(staging, "people") == [{"id": 1, **person}]
        assert named(staging, "problems") == [{"file": 4, **plain(Problem(7, "金额", Code.BAD_AMOUNT, "x"))}]


def test_rows_are_left_out_by_the_process_beside_too(tmp_path: Path) -> None:
    with StagingFile.fresh(tmp_path) as staging:
        writer = StagingWriter(staging, beside=True)
        for row in (7, 7, 8):
            writer.add_problem(4, Problem(row, "金额", Code.BAD_AMOUNT, "x", way=Way.LEAVE_OUT if row == 7 else None))
        assert writer.leave_out(4) == 1
        writer.close()
        assert [each["rejected"] for each in named(staging, "problems")] == [0, 0, 1]


def test_who_writes_for_a_reader_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    staging = StagingFile.fresh(tmp_path)
    writer = Scribe(staging.path, staging.key)
    writer.insert("rows", {"file": 1, "row": [2], "cells": ["[]"]})
    assert writer._process.stdin is not None
    assert writer._process.stdout is not None
    writer._process.stdin.close()  # as when its owner is ended
    assert writer._process.stdout.read() == b""
    assert writer._end() == 1
    assert list(tmp_path.iterdir()) == []


def test_why_the_process_beside_stopped_is_told(tmp_path: Path) -> None:
    writer = Scribe(tmp_path / "nowhere" / "x.staging", bytes(32))
    with pytest.raises(ScribeStopped) as caught:
        writer.leave_out(1, "")
    assert caught.value.cause == "SQLITE_CANTOPEN"
    writer = Scribe(tmp_path / "x.staging", bytes(32))
    writer._process.kill()
    with pytest.raises(ScribeStopped, match="gone"):
        writer.leave_out(1, "")


def test_blocks_lose_nothing(tmp_path: Path) -> None:
    with StagingFile.fresh(tmp_path) as staging:
        writer = StagingWriter(staging)
        for _ in range(BLOCK + 1):
            writer.add_order(1, ORDER)
        writer.close()
        assert len(named(staging, "orders")) == BLOCK + 1
        assert len(named(staging, "items")) == 2 * (BLOCK + 1)
    assert not staging.path.exists()
    staging.delete()  # a second time does nothing


def test_without_its_key_the_file_is_noise(tmp_path: Path) -> None:
    with StagingFile.fresh(tmp_path) as staging:
        writer = StagingWriter(staging)
        writer.add_order(1, ORDER)
        writer.close()
        with pytest.raises(driver.dbapi.DatabaseError):
            named(StagingFile(staging.path, bytes(32)), "orders")


def test_a_file_that_a_scanner_holds_fails_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows. It is swept away another day; without its key nobody reads it."""
    staging = StagingFile.fresh(tmp_path)
    staging.path.write_bytes(b"held")

    def refuse(path: Path) -> None:
        raise PermissionError(13, "in use", str(path))

    with monkeypatch.context() as held:
        held.setattr("shopcrm.collect.staging.remove", refuse)
        staging.delete()
    assert staging.path.exists()
    sweep(tmp_path, older_than_s=0, now_s=staging.path.stat().st_mtime + 1)
    assert not staging.path.exists()
