"""How it is said that two customers may be one: the evidence, and what each tells of herself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shopcrm.act import desk
from shopcrm.act.desk import Card
from shopcrm.base.i18n import N_, _, n_
from shopcrm.collect import who_is_who
from shopcrm.collect.attribute_values import Stage
from shopcrm.collect.customer_merges import ATTRIBUTE
from shopcrm.mine.duplicates import Evidence
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx
from shopcrm.ui import words
from shopcrm.ui.context import Context

_EVIDENCE: Final[Mapping[str, str]] = {
    "address": N_("Same name and address"),
    "phone": N_("Same phone"),
    "email": N_("Same e-mail"),
    "masked_phone": N_("Same digits of the phone, name and city"),
    "nick": N_("Nicks alike"),
    "hand": N_("By hand"),
}
_FIELDS: Final[Mapping[str, str]] = {
    "gender": N_("Gender"),
    "company": N_("Company"),
    "occupation": N_("Occupation"),
    "source": N_("Where from"),
    "entry_offer": N_("Entry offer"),
    "age_band": N_("Age band"),
    "member_level": N_("Platform's member level"),
    "trouble": N_("Trouble"),
}
_GENDERS: Final[Mapping[str, str]] = {"female": N_("Female"), "male": N_("Male"), "other": N_("Other")}
_SHOWN: Final = 4  # identities and addresses of a kind


@dataclass(frozen=True)
class Pair:
    """Two customers as they stand side by side; the first stays."""

    cards: tuple[Card, Card]
    told: tuple[dict[str, str], dict[str, str]]


@dataclass(frozen=True)
class Row:
    """One thing that is compared. `key`: the field that can be chosen; "" where both are kept."""

    label: str
    values: tuple[str, str]
    key: str = ""
    chosen: int = 0

    @property
    def differs(self) -> bool:
        """Whether they tell it differently."""
        return self.values[0] != self.values[1]

    @property
    def can_be_chosen(self) -> bool:
        """Whether one of the two has to give way."""
        return bool(self.key) and self.differs and all(self.values)


def evidence(one: Evidence | Mapping[str, str]) -> str:
    """What speaks for it (or against) in a few words, as a chip says it."""
    kind, value = (one.kind, one.value) if isinstance(one, Evidence) else (one.get("kind", ""), one.get("value", ""))
    if kind == "two_accounts":
        return _("Two accounts on {platform}").format(platform=words.platform(value))
    return _(_EVIDENCE[kind]) if kind in _EVIDENCE else kind


def what_is_shared(one: Evidence) -> str:
    """The evidence with its value."""
    if one.kind == "two_accounts":
        return evidence(one)
    value = words.phone(one.value) if one.kind == "phone" else one.value
    return f"{evidence(one)}: {value} = {one.other}" if one.other else f"{evidence(one)}: {value}"


def read(tx: Tx, columns: Columns, first: int, second: int) -> Pair:
    """What is compared of two customers."""
    cards = (desk.card(tx, columns, first), desk.card(tx, columns, second))
    return Pair(cards, (who_is_who.told(tx, first), who_is_who.told(tx, second)))


def rows(ctx: Context, pair: Pair) -> list[Row]:
    """Everything that one of the two tells."""
    found = [
        _row(_("Name"), pair, lambda card: card.name, key="name", chosen=_named_by(pair)),
        *(
            _row(words.identity(kind), pair, lambda card, kind=kind: _identities(card, kind))
            for kind in ("buyer_id", "nick", "phone", "email", "wechat", "alipay")
        ),
        _row(_("Recipient"), pair, _recipient),
        _row(_("Address"), pair, lambda card: card.address or ""),
        _row(_("Birthday"), pair, _birthday, key="birthday"),
        *(Row(_(label), (_told(pair.told[0], key), _told(pair.told[1], key)), key) for key, label in _FIELDS.items()),
        *_attributes(pair),
        _row(_("Tags"), pair, lambda card: _(", ").join(card.tags)),
        _row(_("Orders"), pair, lambda card: _orders(ctx, card)),
        _row(_("Last purchase"), pair, lambda card: _last(ctx, card)),
        _row(_("Notes"), pair, lambda card: f"{card.history.counts['notes']:,}" if card.notes else ""),
    ]
    return [row for row in found if any(row.values)]


def _row(label: str, pair: Pair, value: Any, *, key: str = "", chosen: int = 0) -> Row:
    return Row(label, (value(pair.cards[0]), value(pair.cards[1])), key, chosen)


def _named_by(pair: Pair) -> int:
    """Whose name the one they become has by itself: one given by hand, else that of the last order."""
    first, second = pair.cards
    if first.name_by_hand or second.name_by_hand:
        return 0 if first.name_by_hand else 1
    days = [card.statistics.last_at.toordinal() if card.statistics.last_at else 0 for card in pair.cards]
    return int(days[1] > days[0])


def _identities(card: Card, kind: str) -> str:
    lines = [
        words.phone(line.display)
        if kind == "phone"
        else _("{text} ({where})").format(text=line.display, where=words.platform(line.platform))
        for line in card.identities
        if line.kind == kind
    ]
    return "\n".join(dict.fromkeys(lines[:_SHOWN]))


def _birthday(card: Card) -> str:
    born = card.birthday
    if born is None:
        return ""
    told = born.birthday
    day = f"{told.month}-{told.day}" if told.year is None else f"{told.year}-{told.month}-{told.day}"
    return day if told.calendar == "solar" else _("{day}, lunar").format(day=day)


def _told(told: Mapping[str, str], key: str) -> str:
    value = told.get(key, "")
    return _(_GENDERS[value]) if key == "gender" and value in _GENDERS else value


def _attributes(pair: Pair) -> list[Row]:
    found = []
    for first, second in zip(pair.cards[0].attributes, pair.cards[1].attributes, strict=False):
        values = ["" if line.value is None or isinstance(line.value, Stage) else line.attribute.shown(line.value)
                  for line in (first, second)]  # fmt: skip
        found.append(Row(first.attribute.label, (values[0], values[1]), f"{ATTRIBUTE}{first.attribute.key}"))
    return found


def _orders(ctx: Context, card: Card) -> str:
    count = card.sums.orders
    if not count:
        return ""
    told = n_("{n} order", "{n} orders", count).format(n=f"{count:,}")
    return _("{orders}, {total}").format(orders=told, total=ctx.money(card.statistics.net_total))


def _last(ctx: Context, card: Card) -> str:
    last = card.statistics.last_at
    return "" if last is None else words.day(last, today=ctx.today)


def _recipient(card: Card) -> str:
    phone = words.phone(card.recipient_phone) if card.recipient_phone else ""
    return " ".join(filter(None, (card.recipient_name, phone)))
