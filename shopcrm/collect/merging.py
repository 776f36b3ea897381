"""What becomes of an order that is told again (C1, C3): pure rules, one function.

State's rank decides and refunds only grow, unless the file is known to be newer; a list of refunds makes an order of
which all was given back a refunded one; a blank or masked value never overwrites a real one; amounts of an order report
correct those added up from lines, never the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from shopcrm.base.text import is_masked
from shopcrm.collect.foreign import STATE_RANK, OrderState
from shopcrm.collect.purchases import CREATED_PLAIN, PAID_PLAIN, day_of_order

Row = Mapping[str, Any]
Line = tuple[Any, ...]

TEXTS: Final = (
    "title", "buyer_name", "recipient_name", "recipient_phone", "address", "province", "city", "buyer_message",
    "seller_note", "closed_reason", "tracking_number", "carrier",
)  # fmt: skip
TIMES: Final = ("created_at", "paid_at", "shipped_at", "signed_at", "finished_at")
COMPARED: Final = (
    "store", "state", "paid", "refunded", "currency", "amounts_from_items", "units", "plain_dates", "day",
    *TIMES, *TEXTS,
)  # fmt: skip


def merged(existing: Row, incoming: Row, *, tz: ZoneInfo) -> dict[str, Any]:
    """The order after `incoming` (a foreign row, None where its file is silent) was told about `existing`."""
    before, after = existing["snapshot_at"], incoming["snapshot_at"]
    newer = before is not None and after is not None and after > before
    older = before is not None and after is not None and after < before
    row = dict(existing)

    rank, told = STATE_RANK[existing["state"]], incoming["state"]
    forward = told is not None and STATE_RANK[told] >= rank
    if told is not None and (newer or (forward and not (older and STATE_RANK[told] == rank))):
        row["state"] = told
    if incoming["refunded"] is not None and (newer or incoming["refunded"] > existing["refunded"]):
        row["refunded"] = incoming["refunded"]
    _take_paid(row, existing, incoming, newer=newer, forward=forward and not older)
    if incoming["paid"] is None and incoming["refunded"] is not None and row["refunded"] >= row["paid"] > 0:
        row["state"] = OrderState.REFUNDED  # a list of refunds; what tells both has said so itself

    for name, bit in (("created_at", CREATED_PLAIN), ("paid_at", PAID_PLAIN)):
        known, said = existing[name], incoming[name]
        sharper = known is not None and existing["plain_dates"] & bit and not incoming["plain_dates"] & bit
        if said is not None and (known is None or sharper):
            row[name] = said
            row["plain_dates"] = (row["plain_dates"] & ~bit) | (incoming["plain_dates"] & bit)
    for name in TIMES[2:]:
        if row[name] is None:
            row[name] = incoming[name]
    for name in TEXTS:
        row[name] = _text(existing[name], incoming[name], older=older)
    if row["units"] is None or (incoming["units"] is not None and not older and not incoming["amounts_from_items"]):
        row["units"] = incoming["units"]
    if not row["store"]:
        row["store"] = incoming["store"] or ""
    row["snapshot_at"] = max((at for at in (before, after) if at is not None), default=None)
    return _completed(row, tz=tz)


def filled_items(known: Sequence[Line], told: Sequence[Line]) -> list[Line]:
    """The lines a line report tells, with what it leaves open taken from the same line known before.

    A line is (line number, article, title, variant, quantity, price, paid, refunded, state).
    """
    by_number = {line[0]: line for line in known if line[0]}
    by_content: dict[Line, list[Line]] = {}
    for line in known:
        by_content.setdefault(line[2:5], []).append(line)
    result = []
    for line in told:
        same = by_number.get(line[0]) or next(iter(by_content.get(line[2:5], [])), None)
        if same is not None:
            if same in by_content.get(line[2:5], []):
                by_content[line[2:5]].remove(same)
            line = tuple(old if new is None else new for new, old in zip(line, same, strict=True))
        result.append(line)
    return result


def differs(existing: Row, after: Row) -> bool:
    """Whether a merge changed anything the shop would show."""
    return any(existing[name] != after[name] for name in COMPARED)


def _take_paid(row: dict[str, Any], existing: Row, incoming: Row, *, newer: bool, forward: bool) -> None:
    if incoming["paid"] is None:
        return
    from_items, were_from_items = bool(incoming["amounts_from_items"]), bool(existing["amounts_from_items"])
    if from_items and not were_from_items:
        # A line report may tell the amount of an order that had none, as when it was paid since.
        if existing["paid"] == 0 and (newer or forward):
            row["paid"], row["amounts_from_items"] = incoming["paid"], True
        return
    if were_from_items and not from_items:
        row["paid"], row["amounts_from_items"] = incoming["paid"], False
    elif newer or forward:
        row["paid"] = incoming["paid"]


def _text(known: str | None, said: str | None, *, older: bool) -> str | None:
    if not said:
        return known
    if not known:
        return said
    if is_masked(said):
        return known
    return known if older and not is_masked(known) else said


def _completed(row: dict[str, Any], *, tz: ZoneInfo) -> dict[str, Any]:
    if row["state"] == OrderState.REFUNDED and row["refunded"] == 0:
        row["refunded"] = row["paid"]  # "refund succeeded" without an amount: the whole order
    row["state"] = str(row["state"])
    row["plain_dates"] = int(row["plain_dates"] or 0)
    row["amounts_from_items"] = bool(row["amounts_from_items"])
    row["day"] = day_of_order(
        created_at=row["created_at"], paid_at=row["paid_at"], plain_dates=row["plain_dates"], tz=tz
    )
    return row
