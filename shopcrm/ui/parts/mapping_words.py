"""How the editor of a mapping speaks: fields in plain words and groups, rules of amounts, ways to read dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from shopcrm.base.i18n import N_, _, n_, p_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.trial import Trial
from shopcrm.ui import words

GROUPS: Final = (
    (N_("Order"), ("number", "created_at", "paid_at", "shipped_at", "signed_at", "finished_at", "state", "store",
                   "line_number", "closed_reason")),
    (N_("Money"), ("order_total", "line_total", "price", "quantity", "refunded")),
    (N_("Goods"), ("title", "variant", "article")),
    (N_("Who"), ("buyer_id", "buyer_name", "recipient_name", "phone", "email")),
    (N_("Where"), ("address", "province", "city", "country", "tracking_number", "carrier")),
    (N_("Reviews"), ("review_stars", "review_text", "review_at", "review_more", "review_reply")),
    (N_("Remarks"), ("buyer_message", "seller_note")),
)  # fmt: skip
PEOPLE_GROUPS: Final = (
    (N_("Who"), ("name", "last_name", "first_name", "nickname", "phone", "email", "wechat", "buyer_id")),
    (N_("About her"), ("birthday", "gender", "age_band", "company", "occupation", "source", "entry_offer",
                      "member_level")),
    (N_("May be written to"), ("agrees_email", "agrees_sms")),
    (N_("Where"), ("address", "province", "city", "district")),
    (N_("Remarks"), ("tags", "note")),
)  # fmt: skip
PEOPLE_FIELDS: Final[Mapping[str, str]] = {
    "name": N_("Name"),
    "last_name": N_("Family name"),
    "first_name": N_("Given name"),
    "nickname": N_("Nick"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "wechat": N_("WeChat"),
    "buyer_id": N_("Member number or account"),
    "birthday": N_("Birthday"),
    "gender": N_("Gender"),
    "age_band": N_("Age band"),
    "company": N_("Company"),
    "occupation": N_("Occupation"),
    "source": N_("Came from"),
    "entry_offer": N_("Entry offer"),
    "member_level": N_("Member level"),
    "agrees_email": N_("Agreed to e-mail"),
    "agrees_sms": N_("Agreed to text messages"),
    "address": N_("Address"),
    "province": N_("Province"),
    "city": N_("City"),
    "district": N_("District"),
    "tags": N_("Tags"),
    "note": N_("Note"),
}
FIELDS: Final[Mapping[str, str]] = {
    "number": N_("Order number"),
    "line_number": N_("Number of the line"),
    "created_at": N_("Ordered on"),
    "paid_at": N_("Paid on"),
    "shipped_at": N_("Shipped on"),
    "signed_at": N_("Signed for on"),
    "finished_at": N_("Finished on"),
    "state": N_("State of the order"),
    "store": N_("Store"),
    "closed_reason": N_("Why it was closed"),
    "order_total": N_("Paid for the order"),
    "line_total": N_("Amount of the line"),
    "price": N_("Price of one"),
    "quantity": N_("Pieces"),
    "refunded": N_("Refunded amount"),
    "title": N_("Product"),
    "variant": N_("Specification"),
    "article": N_("Article code"),
    "buyer_id": N_("Buyer account"),
    "buyer_name": N_("Buyer name or nick"),
    "recipient_name": N_("Recipient"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "address": N_("Address"),
    "province": N_("Province"),
    "city": N_("City"),
    "country": N_("Country"),
    "tracking_number": N_("Tracking number"),
    "carrier": N_("Carrier"),
    "review_stars": N_("Stars"),
    "review_text": N_("Review text"),
    "review_at": N_("Reviewed on"),
    "review_more": N_("Review added later"),
    "review_reply": N_("Your reply to the review"),
    "buyer_message": N_("Buyer message"),
    "seller_note": N_("Your own note"),
}

# By field what its cells hold, and one as an example.
_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "number": (N_("Digits and letters, like {example}"), "2611150930004821"),
    "line_number": (N_("Digits and letters, like {example}"), "2611150930004822"),
    **dict.fromkeys(
        ("created_at", "paid_at", "shipped_at", "signed_at", "finished_at", "review_at"),
        (N_("A date, with its time or without, like {example}"), "2026-03-31 14:05:00"),
    ),
    "state": (N_("A word, like {example}"), "交易成功"),
    "store": (N_("Any text, like {example}"), "虚构小店"),
    "closed_reason": (N_("Any text, like {example}"), "买家取消"),
    **dict.fromkeys(
        ("order_total", "line_total", "price", "refunded"), (N_("An amount of money, like {example}"), "1,299.90")
    ),
    "quantity": (N_("A whole number, like {example}"), "2"),
    "title": (N_("Any text, like {example}"), "虚构小木马"),
    "variant": (N_("Any text, like {example}"), "L 50"),
    "article": (N_("Digits and letters, like {example}"), "A-1001"),
    "buyer_id": (N_("What recognises the buyer on the platform, like {example}"), "qing_zhou"),
    "buyer_name": (N_("Any text, like {example}"), "qing_zhou"),
    "recipient_name": (N_("A name, like {example}"), "林小满"),
    "phone": (N_("A telephone number, like {example}"), "13800130000"),
    "email": (N_("An e-mail address, like {example}"), "lin@example.com"),
    "address": (N_("An address in one piece, like {example}"), "浙江省杭州市虚构路 1 号"),
    "province": (N_("A place, like {example}"), "浙江省"),
    "city": (N_("A place, like {example}"), "杭州市"),
    "country": (N_("A place, like {example}"), "中国"),
    "review_stars": (N_("Stars, points out of five or a word, like {example}"), "好评"),
    "review_text": (N_("Any text, like {example}"), "很好看，孩子喜欢"),
    "review_more": (N_("Any text, like {example}"), "用了一个月，还是很好"),
    "review_reply": (N_("Any text, like {example}"), "谢谢喜欢"),
    "buyer_message": (N_("Any text, like {example}"), "请发圆通"),
    "seller_note": (N_("Any text, like {example}"), "送小样"),
    "tracking_number": (N_("Digits and letters, like {example}"), "VX1300000001"),
    "carrier": (N_("Any text, like {example}"), "虚构快递"),
}


def field_kinds() -> dict[str, str]:
    """By field what a column must hold to be it, with an example."""
    return {key: _(words).format(example=example) for key, (words, example) in _KINDS.items()}


def kinds() -> list[tuple[str, str]]:
    """What the rows of a table are."""
    return [("orders", _("Orders")), ("people", _("People, without orders"))]


def field_groups(
    kind: str = "orders", *, attributes: Sequence[tuple[str, str]] = ()
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields a column may hold, under their headings; first that it holds none."""
    told, names = (PEOPLE_GROUPS, PEOPLE_FIELDS) if kind == "people" else (GROUPS, FIELDS)
    groups = [(_(title), [(key, _(names[key])) for key in keys]) for title, keys in told]
    if kind == "people" and attributes:
        groups.append((_("What the trade keeps"), list(attributes)))
    return [("", [("", p_("column", "– not used –"))]), *groups]


def rules() -> list[tuple[str, str]]:
    """How amounts are told."""
    return [
        ("repeated", _("Each row has the order total")),
        ("first_row", _("Only its first row has the total")),
        ("lines", _("Its rows are added up")),
    ]


def decimals() -> list[tuple[str, str]]:
    """The sign before the cents."""
    return [(".", "1,234.50"), (",", "1.234,50")]


def readings(keys: Sequence[str], sample: str) -> list[tuple[str, str]]:
    """The ways in which a date of the file can be read."""
    named = {
        "usual": _("Year, month, day"),
        "day_first": _("{date}: the day first"),
        "month_first": _("{date}: the month first"),
        "said": _("As you said before"),
    }
    return [(key, named.get(key, key).format(date=sample)) for key in keys]


def states() -> list[tuple[str, str]]:
    """What a word of the file may mean."""
    return [("", _("By payment")), *((state.value, words.state(state)[0]) for state in OrderState)]


def needed(missing: Sequence[str], *, rule: str) -> str:
    """What has to be said first, as a question; empty when nothing is missing."""
    if "who" in missing:
        return _("Which column is the name, or the phone?")
    if "number" in missing:
        return _("Which column is the order number?")
    if "amount" in missing:
        lines = _("Which column is the price, or the amount of a line?")
        return lines if rule == "lines" else _("Which column is what was paid for the order?")
    return ""


def outcome(trial: Trial) -> str:
    """What becomes of the first rows."""
    parts = [
        n_("The first row", "The first {n} rows", trial.rows).format(n=f"{trial.rows:,}"),
        n_("{n} review", "{n} reviews", trial.reviews).format(n=f"{trial.reviews:,}")
        if trial.reviews
        else n_("{n} person", "{n} people", trial.people).format(n=f"{trial.people:,}")
        if trial.people
        else n_("{n} order", "{n} orders", trial.orders).format(n=f"{trial.orders:,}"),
    ]
    if trial.refused:
        parts.append(n_("{n} row not taken", "{n} rows not taken", trial.refused).format(n=f"{trial.refused:,}"))
    if trial.unidentified:
        parts.append(
            n_("{n} without a buyer", "{n} without a buyer", trial.unidentified).format(n=f"{trial.unidentified:,}")
        )
    return " · ".join(parts)
