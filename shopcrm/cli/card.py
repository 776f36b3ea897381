"""`card`: everything about one customer."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shopcrm.act import desk
from shopcrm.act.desk import Card
from shopcrm.base import clock
from shopcrm.base.i18n import N_
from shopcrm.cli.command import Command, Context, amount, shown_money
from shopcrm.collect import notes, orders
from shopcrm.collect.attribute_values import Stage, Value
from shopcrm.collect.orders import Moment, OrderLine


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", type=int, metavar="ID")


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop, shop.read() as tx:
        card = desk.card(tx, shop.columns(), given.id)
        card = replace(card, orders=orders.of_customer(tx, given.id), notes=notes.of_customer(tx, given.id))  # all
        zone, currency = tx.zone, tx.shop.currency
    context.answer(as_data(card, currency=currency, zone=zone), _text(card, currency=currency, zone=zone))
    return 0


def as_data(card: Card, *, currency: str, zone: ZoneInfo) -> dict[str, Any]:
    """The card as the command's JSON."""
    figures, due = card.statistics, card.due
    return {
        "id": card.id,
        "name": card.name,
        "identities": [{"kind": line.kind, "platform": line.platform, "value": line.value} for line in card.identities],
        "statistics": {
            "first_at": figures.first_at and figures.first_at.isoformat(),
            "last_at": figures.last_at and figures.last_at.isoformat(),
            "occasions": figures.occasions,
            "orders": figures.orders,
            "net_total": amount(figures.net_total, currency),
            "returned_total": amount(figures.returned_total, currency),
            "refund_rate": figures.refund_rate,
            "aov": amount(figures.aov, currency),
            "mean_gap": figures.mean_gap,
        },
        "group": card.group,
        "due": due
        and {
            "due_on": due.due_on.isoformat(),
            "overdue_ratio": round(due.overdue_ratio, 4),
            "band": due.band,
            "cycle_days": due.cycle_days,
            "days_since": due.days_since,
            "gaps": list(due.gaps),
        },
        "orders": [_order(line, zone=zone) for line in card.orders if line.kind == "order"],
        "returns": [_order(line, zone=zone) for line in card.orders if line.kind == "return"],
        "notes": [
            {"id": note.id, "text": note.text, "actor": note.actor, "at": _instant(note.created_at, zone=zone)}
            for note in card.notes
        ],
        "tags": list(card.tags),
        "birthday": card.birthday
        and {
            "calendar": card.birthday.birthday.calendar,
            "year": card.birthday.birthday.year,
            "month": card.birthday.birthday.month,
            "day": card.birthday.birthday.day,
            "leap": card.birthday.birthday.leap,
            "next_on": card.birthday.on.isoformat(),
        },
        "person": {
            **card.person.fields,
            "age_band": card.person.age_band,
            "province": card.person.province,
            "city": card.person.city,
            "district": card.person.district,
            "addresses": [one.address for one in card.person.addresses],
        },
        "contact": {
            "opted_out": card.contact.opted_out,
            "channels": {
                one.channel: {
                    "state": one.state,
                    "day": one.day and one.day.isoformat(),
                    "source": one.source,
                    "wording": one.wording,
                }
                for one in card.contact.channels
            },
            "follows": [one.channel for one in card.contact.follows],
        },
        "attributes": {line.attribute.key: _neutral(line.value) for line in card.attributes if line.value is not None},
    }


def _neutral(value: Value) -> object:
    """The value of an attribute in JSON; a stage is its number."""
    if isinstance(value, Stage):
        return value.number
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _order(line: OrderLine, *, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "platform": line.platform,
        "store": line.store,
        "number": line.number,
        "state": line.state,
        "created_at": moment(line.created_at, zone=zone),
        "paid_at": moment(line.paid_at, zone=zone),
        "paid": amount(line.paid, line.currency),
        "refunded": amount(line.refunded, line.currency),
        "currency": line.currency,
        "items": [
            {
                "title": item.title,
                "variant": item.variant,
                "article": item.article,
                "quantity": item.quantity,
                "price": amount(item.price, line.currency),
                "paid": amount(item.paid, line.currency),
                "refunded": amount(item.refunded, line.currency),
            }
            for item in line.items
        ],
    }


def moment(at: Moment | None, *, zone: ZoneInfo) -> str | None:
    """A time as the file told it: with the shop's zone, or a plain date."""
    if at is None:
        return None
    return clock.day_date(at.seconds // 86_400).isoformat() if at.plain else _instant(at.seconds, zone=zone)


def _instant(seconds: int, *, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(seconds, zone).isoformat()


def _text(card: Card, *, currency: str, zone: ZoneInfo) -> str:
    figures = card.statistics
    lines = [
        f"{card.id}  {card.name}  {card.group or '–'}  {'  '.join(card.tags)}".rstrip(),
        "  ".join(f"{line.kind} {line.display}" for line in card.identities),
        f"{figures.occasions} × {shown_money(figures.net_total, currency)}",
        f"{figures.first_at or '–'} … {figures.last_at or '–'}",
    ]
    lines += [
        f"{moment(line.paid_at or line.created_at, zone=zone) or '–'}  {line.number}  {line.state}  "
        f"{shown_money(line.paid, line.currency)}  "
        + ", ".join(f"{item.title} × {item.quantity}" for item in line.items)
        for line in card.orders
    ]
    return "\n".join([*lines, *(f"{_instant(note.created_at, zone=zone)}  {note.text}" for note in card.notes)])


COMMAND = Command("card", N_("show a customer's card"), _arguments, _run)
