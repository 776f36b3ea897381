"""What was noted at the desk of the demo shop: follow-ups, wishes, consents, troubles, and what sells by which words.

Told in `resources/demo/desk.toml` and `goods.toml`: of the front row one by one, of the others by chance. Written
through the functions that the window calls, after the list was worked: what was agreed for today is still to do.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import msgspec

from shopcrm.act import list_views, script_uses, scripts
from shopcrm.act.list_views import ListView
from shopcrm.act.scripts import Audience
from shopcrm.base.resources import resource
from shopcrm.collect import (
    attachments,
    consents,
    follow_ups,
    manual,
    notes,
    people_data,
    product_answers,
    products,
    saved_views,
    troubles,
    who_is_who,
    wishes,
)
from shopcrm.collect.follow_ups import FollowUp
from shopcrm.collect.product_answers import AnswerDraft
from shopcrm.jobs import demo_reviews
from shopcrm.jobs.demo_history import catalogue
from shopcrm.jobs.demo_people import Person, on_day
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

_LANGUAGES: Final = frozenset(("zh_CN", "zh_TW", "en"))
_BANDS: Final = ("18-24", "25-29", "25-29", "30-34", "30-34", "30-34", "35-39")
_REGULAR: Final = 3  # orders
_SILVER, _GOLD = 5, 9  # orders
_OUTCOMES: Final = ("bought", "answered", "no", None)
_FOLLOWED: Final = ("store", "store", "wechat", "weibo")
_ASKED_WITHIN: Final = range(4, 15)  # days after the order: a first-time buyer is asked how it went


def write(tx: Tx, columns: Columns, known: Sequence[Person], *, language: str) -> None:
    """Tell the shop what its owner has noted of these customers, her goods and her scripts."""
    told = _told("desk.toml", language)
    _tell_of_goods(tx, columns, _told("goods.toml", language))
    front = {person.buyer.nick: person.id for person in known if person.star}
    _tell_of_the_front_row(tx, told, front, titles=_titles(language))
    demo_reviews.write(tx, _told("reviews.toml", language)["review"], but=set(front.values()))
    _tell_of_others(tx, told["strewn"], [person for person in known if not person.star])
    _tell_of_scripts(tx, told["script"], front, [person.id for person in known if person.orders >= _REGULAR])
    for view in told["view"]:
        kept = list_views.written(msgspec.convert({"conditions": view["conditions"]}, ListView))
        saved_views.save(tx, page=list_views.PAGE, name=view["name"], view=kept)


def _told(name: str, language: str) -> dict[str, Any]:
    """A file of the demo, each text in this language."""
    found: dict[str, Any] = _in(language, tomllib.loads(resource("demo", name).read_text(encoding="utf-8")))
    return found


def _in(language: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_in(language, each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == _LANGUAGES:
        return value[language]
    return {key: _in(language, each) for key, each in value.items()}


def _titles(language: str) -> dict[str, str]:
    return {entry["code"]: entry["said"][language][0] for entry in catalogue()["product"]}


# Goods and words


def _tell_of_goods(tx: Tx, columns: Columns, told: Mapping[str, Any]) -> None:
    kept: dict[str, dict[str, products.Value]] = {}
    for one in told["product"]:
        stages = one.get("stages", [None] * len(one["codes"]))
        for code, stage in zip(one["codes"], stages, strict=True):
            kept[code] = {
                "category": one["category"],
                "days_per_unit": one.get("days_per_unit"),
                "pairs_with": tuple(one.get("pairs_with", ())),
                "stage": stage,
                "fit": one.get("fit"),
            }
    sold = products.listed(tx, columns)
    products.put(tx, [(product, kept[product.code]) for product in sold if product.code in kept])
    for answer in told["answer"]:
        product_answers.add(tx, AnswerDraft(answer["code"], answer["question"], answer["answer"]))


def _tell_of_scripts(
    tx: Tx, told: Sequence[Mapping[str, Any]], front: Mapping[str, int], regulars: Sequence[int]
) -> None:
    """Whom the first script of a situation suits, by what it is found, and what came of its uses."""
    known = sorted(scripts.listing(tx), key=lambda script: script.id)
    for one in told:
        rng = random.Random(one["situation"])  # noqa: S311  # no secret
        script = next(script for script in known if script.situation == one["situation"])
        audience = Audience(tuple(one.get("groups", ())), tuple(one.get("levels", ())))
        draft = replace(script.draft(), audience=audience, keywords=one.get("keywords", script.keywords or ""))
        scripts.edit(tx, script.id, draft)
        outcomes = [outcome for outcome, n in zip(_OUTCOMES, one["used"], strict=True) for _ in range(n)]
        rng.shuffle(outcomes)
        for place, outcome in enumerate(outcomes):
            then = _ago(tx, 1 + len(outcomes) - place)
            use = script_uses.note(then, script.id, rng.choice(regulars) if regulars else None)
            if outcome is not None:
                script_uses.tell(then, use, outcome)
        if "for" in one:  # and nobody has said yet what came of it
            script_uses.note(_ago(tx, 1), script.id, front[one["for"]])


# The front row


def _tell_of_the_front_row(
    tx: Tx, told: Mapping[str, Any], front: Mapping[str, int], *, titles: Mapping[str, str]
) -> None:
    """What is told of somebody by name, one entry after the other."""
    for one in told["made_one"]:
        other = manual.add_customer(tx, manual.Person(one["name"], wechat=one["wechat"], email=one["email"]))
        who_is_who.merge_customers(tx, keep=front[one["who"]], gone=other.id)
    people_data.put(
        tx, {front[one["who"]]: {key: one[key] for key in people_data.FIELDS if key in one} for one in told["person"]}
    )
    tellers: Mapping[str, Callable[[Tx, int, Mapping[str, Any]], object]] = {
        "person": _address,
        "consent": _consent,
        "opt_out": lambda tx, who, one: consents.opt_out(tx, who, one["channel"], source=one["source"]),
        "follow": lambda tx, who, one: consents.follow(tx, who, one["channel"], follows_us=True, since=tx.as_of),
        "follow_up": _follow_up,
        "wish": lambda tx, who, one: _wish(tx, who, one, titles),
        "trouble": _trouble,
        "pin": _pin,
    }
    for kind, tell in tellers.items():
        for one in told[kind]:
            tell(_ago(tx, one.get("ago", 0)), front[one["who"]], one)


def _address(tx: Tx, who: int, one: Mapping[str, Any]) -> None:
    if "address" in one:
        people_data.add_address(tx, who, text=one["address"])


def _consent(tx: Tx, who: int, one: Mapping[str, Any]) -> None:
    consents.say(tx, who, one["channel"], given=one["given"], source=one["source"], wording=one["wording"])


def _follow_up(tx: Tx, who: int, one: Mapping[str, Any]) -> None:
    told = FollowUp(
        channel=one["channel"],
        outcome=one.get("outcome", "reached"),
        rating=one.get("rating"),
        text=one["text"],
        order=follow_ups.last_delivered(tx, who),
        next_on=(tx.as_of + timedelta(days=one["ago"] + one["in"])).isoformat() if "in" in one else "",
        answers=one.get("answers", {}),
    )
    follow_ups.add(tx, who, told)


def _wish(tx: Tx, who: int, one: Mapping[str, Any], titles: Mapping[str, str]) -> None:
    article = one.get("article")
    wishes.add(tx, who, title=one.get("title") or titles[one["article"]], article=article, reason=one["reason"])


def _trouble(tx: Tx, who: int, one: Mapping[str, Any]) -> None:
    troubles.mark(tx, who, reason=one["reason"], until=tx.as_of + timedelta(days=one["in"]) if "in" in one else None)


def _pin(tx: Tx, who: int, one: Mapping[str, Any]) -> None:
    newest = notes.of_customer(tx, who)[0].id
    notes.pin(tx, newest, pinned=True)
    notes.attach(tx, newest, [attachments.File(one["file"], one["text"].encode())])


# The others


def _tell_of_others(tx: Tx, told: Mapping[str, Any], known: Sequence[Person]) -> None:
    """Of regulars more is known than of passers-by. Each by her own chance: the same shop is told the same."""
    fields = {}
    for person in known:
        rng = random.Random(f"{person.buyer.nick} desk")  # noqa: S311  # no secret
        if rng.random() < min(0.025 * person.orders, 0.3):
            fields[person.id] = _fields(rng, person, told)
        if person.orders >= _REGULAR and rng.random() < 0.12:
            channel, source, wording = rng.choice(told["consents"])
            said = {"channel": channel, "given": rng.random() < 0.9, "source": source, "wording": wording}
            _consent(_ago(tx, rng.randint(5, 300)), person.id, said)
        if rng.random() < 0.008 * min(person.orders, 8):
            follows_since = tx.as_of - timedelta(days=rng.randint(1, 400))
            consents.follow(tx, person.id, rng.choice(_FOLLOWED), follows_us=True, since=follows_since)
        if rng.random() < 0.004 * person.orders:
            channel = rng.choice((consents.ALL, "sms"))
            consents.opt_out(_ago(tx, rng.randint(1, 90)), person.id, channel, source=told["opted_out"])
        _ask(tx, rng, person, told)
        _want(tx, rng, person)
    people_data.put(tx, fields)


def _fields(rng: random.Random, person: Person, told: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "gender": "female" if rng.random() < 0.93 else "male",
        "age_band": rng.choice(_BANDS),
        "occupation": rng.choice(told["occupations"]) if rng.random() < 0.6 else None,
        "source": rng.choice(told["sources"]),
        "member_level": told["levels"][(person.orders >= _SILVER) + (person.orders >= _GOLD)] or None,
    }


def _ask(tx: Tx, rng: random.Random, person: Person, told: Mapping[str, Any]) -> None:
    """How a small first order went was asked; of the latest ones some are to be asked again these days."""
    days = (tx.as_of - person.newest).days
    if person.buyer.habit.key != "once_small" or days < _ASKED_WITHIN.start:
        return
    one = {"channel": rng.choice(("chat", "phone")), "rating": rng.choice((3, 4, 4, 5, 5))}
    if days in _ASKED_WITHIN:
        if rng.random() < 0.2:
            again = rng.randint(0, 6)
            _follow_up(_ago(tx, 2), person.id, {**one, "text": rng.choice(told["ask_again"]), "ago": 2, "in": again})
    elif rng.random() < 0.015:
        _follow_up(_ago(tx, days - 3), person.id, {**one, "text": rng.choice(told["follow_ups"])})


def _want(tx: Tx, rng: random.Random, person: Person) -> None:
    """What she bought last was wanted before by some, and by some others something else."""
    reason, days = rng.choice(list(wishes.REASONS)), (tx.as_of - person.newest).days
    if person.orders > 1 and rng.random() < 0.02:
        product = person.last.lines[0].product
        wishes.add(
            _ago(tx, days + rng.randint(5, 25)), person.id, title=product.title, article=product.code, reason=reason
        )
    elif rng.random() < 0.008:
        product = rng.choice(person.last.lines).product
        wishes.add(_ago(tx, max(days - 1, 0)), person.id, title=product.title, article=product.code, reason=reason)


def _ago(tx: Tx, days: int) -> Tx:
    return on_day(tx, tx.as_of - timedelta(days=days))
