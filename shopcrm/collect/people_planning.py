"""What an import will do with lists of people (C1, C2, C5): each person matched to a customer, what is blank filled.

Planned after the orders of the same batch, into the same staging file. Who is who `people_matching` says; what three
people of different names have is nobody's.

Nothing is overwritten: a field, the birthday and the name are filled where they are blank, tags, notes and addresses
are added once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection

from shopcrm.base.progress import Progress
from shopcrm.base.text import fold
from shopcrm.collect import customers
from shopcrm.collect.identities import KIND_ORDER, IdentityKey
from shopcrm.collect.people_matching import Holders, Listed, Told, digest, match, watched

TABLES: Final = ("listed_plan", "fills", "filled_tags", "filled_notes", "filled_addresses", "filled_identities")
FIELDS: Final = (
    "listed_name", "gender", "company", "occupation", "source", "entry_offer", "age_band", "member_level",
)  # fmt: skip
BIRTHDAY: Final = ("birth_calendar", "birth_year", "birth_month", "birth_day", "birth_leap")
ADDRESS: Final = ("recipient", "phone", "province", "city", "district", "address")
SHARED: Final = 3  # people of different names who have the same number: it is none

_TABLES: Final = (
    # What becomes of each person of a list; new customers are negative references, as those of orders.
    """CREATE TABLE staging.listed_plan (listed INTEGER PRIMARY KEY, file INTEGER, customer INTEGER, status TEXT,
                                         told TEXT, turn INTEGER)""",
    f"CREATE TABLE staging.fills (customer INTEGER PRIMARY KEY, {', '.join((*FIELDS, *BIRTHDAY))})",
    "CREATE TABLE staging.filled_tags (customer INTEGER, name TEXT)",
    "CREATE TABLE staging.filled_notes (customer INTEGER, text TEXT)",
    f"CREATE TABLE staging.filled_addresses (customer INTEGER, {', '.join(ADDRESS)})",
    "CREATE TABLE staging.filled_identities (customer INTEGER, person INTEGER, deciding INTEGER)",
)
_LOOK_EVERY: Final = 5_000  # people


@dataclass
class _State:
    """What is known of one customer beside orders, as far as lists tell it."""

    fields: list[Any] = field(default_factory=lambda: [None] * len(FIELDS))
    born: bool = False
    tags: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)


def plan(connection: Connection, *, progress: Progress) -> None:
    """Plan the people of the attached staging file; their new customers join those of orders in `newcomers`."""
    run = connection.exec_driver_sql
    for statement in _TABLES:
        run(statement)
    if run("SELECT 1 FROM staging.listed LIMIT 1").first() is None:
        return
    people = _people(connection, progress=progress)
    customers = _match(connection, people, progress=progress)
    _Filling(connection, people, customers).run(progress=progress)


def _told(connection: Connection) -> tuple[dict[int, list[Told]], set[int]]:
    """Of each person of a list the identities, the telling ones first; and those that many share."""
    run = connection.exec_driver_sql
    shared = {
        person
        for (person,) in run(
            """SELECT t.person FROM staging.told_by t JOIN staging.listed l ON l.id = t.listed
                JOIN staging.people e ON e.id = t.person WHERE e.kind != 'buyer_id'
               GROUP BY t.person HAVING count(DISTINCT l.name) >= ?""",
            (SHARED,),
        )
    }
    told: dict[int, list[Told]] = {}
    for listed, person, *key in run(
        """SELECT t.listed, e.id, e.kind, e.platform, e.value FROM staging.told_by t
            JOIN staging.people e ON e.id = t.person ORDER BY t.listed"""
    ):
        told.setdefault(listed, []).append(Told(person, IdentityKey(*key)))
    for identities in told.values():
        identities.sort(key=lambda one: (KIND_ORDER.get(one.key.kind, 99), one.person))
    return told, shared


def _people(connection: Connection, *, progress: Progress) -> list[Listed]:
    """The people of the lists in their order."""
    run = connection.exec_driver_sql
    told, shared = _told(connection)
    times: dict[str, int] = defaultdict(int)
    people = []
    rows = run(
        """SELECT l.id, l.name FROM staging.listed l JOIN staging.files f ON f.file = l.file
            ORDER BY f.snapshot_at, l.file, l.id"""
    )
    for listed, name in watched(rows, progress.check):
        said = told.get(listed, [])
        telling = [one for one in said if one.person not in shared]
        word = digest(name, [one.key for one in said])
        times[word] += not telling  # two people may have one name: the second is the second
        people.append(Listed(listed, word, 1 if telling else times[word], telling))
    return people


def _match(connection: Connection, people: Sequence[Listed], *, progress: Progress) -> dict[int, int]:
    """By person of a list her customer; writes the new customers, and the identities that become somebody's."""
    run = connection.exec_driver_sql
    became: dict[int, int] = dict(run("SELECT gone, keep FROM staging.merges").fetchall())
    holders = _holders(connection, became)
    remembered = _remembered(connection, people, became)
    progress.check()
    first = run("SELECT coalesce(max(id), 0) + 1 FROM staging.newcomers").scalar_one()
    references = count(first)
    matched = match(people, holders, remembered, newcomer=lambda: -next(references), look=progress.check)
    progress.check()
    new = [(one,) for one in range(first, next(references))]
    for statement, rows in (
        ("INSERT INTO staging.newcomers (id) VALUES (?)", new),
        ("INSERT INTO staging.filled_identities VALUES (?, ?, ?)", [tuple(map(int, one)) for one in matched.given]),
    ):
        if rows:
            run(statement, rows)
    return dict(matched.customers)


def _remembered(
    connection: Connection, people: Sequence[Listed], became: Mapping[int, int]
) -> dict[tuple[str, int], int]:
    """Who those were of whom earlier lists told the same; who was made one with another since is that one."""
    run = connection.exec_driver_sql
    run("CREATE TEMP TABLE asked (told TEXT PRIMARY KEY) WITHOUT ROWID")
    run("INSERT INTO temp.asked VALUES (?)", [(word,) for word in sorted({one.digest for one in people})])
    found = run(
        """SELECT r.told, r.turn, r.customer_id FROM temp.asked a CROSS JOIN main.batch_told r ON r.told = a.told
            ORDER BY r.batch_id"""
    ).fetchall()
    run("DROP TABLE temp.asked")
    since: dict[int, int] = dict(run("SELECT gone_id, customer_id FROM main.customer_merges").fetchall())
    known = {(word, turn): _final(became, _final(since, customer)) for word, turn, customer in found}
    wanted = json.dumps(sorted(set(known.values())))
    rows = run("SELECT id FROM main.customers WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
    there = {customer for (customer,) in rows}
    return {who: customer for who, customer in known.items() if customer in there}


def _holders(connection: Connection, became: Mapping[int, int]) -> Holders:
    """Who holds what the lists tell: in the shop, and by the plan of the batch's orders."""
    run = connection.exec_driver_sql
    holders = Holders()
    run("CREATE TEMP TABLE wanted (kind TEXT, value TEXT, PRIMARY KEY (kind, value)) WITHOUT ROWID")
    run(
        """INSERT OR IGNORE INTO temp.wanted SELECT e.kind, e.value FROM staging.told_by t
            JOIN staging.people e ON e.id = t.person ORDER BY 1, 2"""
    )
    for kind, platform in customers.kinds(connection):
        for value, customer, deciding in run(
            """SELECT i.value, i.customer_id, i.deciding FROM temp.wanted w CROSS JOIN main.identities i
                ON i.kind = w.kind AND i.platform = ? AND i.value = w.value WHERE w.kind = ?""",
            (platform, kind),
        ):
            holders.add(IdentityKey(kind, platform, value), _final(became, customer), deciding=bool(deciding))
    for kind, platform, value, customer, deciding in run(
        """SELECT DISTINCT e.kind, e.platform, e.value, p.customer, n.deciding FROM temp.wanted w
            JOIN staging.people e ON e.kind = w.kind AND e.value = w.value
            JOIN staging.named n ON n.person = e.id JOIN staging.matched m ON m.staged = n.order_id
            JOIN staging.plan p ON p.id = m.plan WHERE p.customer IS NOT NULL"""
    ):
        holders.add(IdentityKey(kind, platform, value), _final(became, customer), deciding=bool(deciding))
    _know_buyers(connection, holders, became)
    run("DROP TABLE temp.wanted")
    return holders


def _final(became: Mapping[int, int], customer: int) -> int:
    while customer in became:
        customer = became[customer]
    return customer


def _know_buyers(connection: Connection, holders: Holders, became: Mapping[int, int]) -> None:
    """On which platforms those who are meant have a buyer id, where a list tells buyer ids itself."""
    run = connection.exec_driver_sql
    if run("SELECT 1 FROM temp.wanted WHERE kind = 'buyer_id' LIMIT 1").first() is None:
        return
    meant = {customer for held in holders.by_value.values() for customer in held if customer > 0}
    run("CREATE TEMP TABLE meant (customer INTEGER PRIMARY KEY)")
    if meant:
        run("INSERT INTO temp.meant VALUES (?)", [(customer,) for customer in meant])
    for customer, platform in run(
        """SELECT DISTINCT b.customer_id, b.platform FROM temp.meant m
            CROSS JOIN main.identities b ON b.customer_id = m.customer WHERE +b.kind = 'buyer_id'"""
    ):
        holders.buyer_platforms[_final(became, customer)].add(platform)
    run("DROP TABLE temp.meant")
    for customer, platform in run(
        """SELECT DISTINCT p.customer, e.platform FROM staging.named n
            JOIN staging.people e ON e.id = n.person AND e.kind = 'buyer_id'
            JOIN staging.matched m ON m.staged = n.order_id JOIN staging.plan p ON p.id = m.plan
            WHERE p.customer IS NOT NULL"""
    ):
        holders.buyer_platforms[_final(became, customer)].add(platform)


class _Filling:
    """What the people of lists add to their customers, in the order of the lists."""

    def __init__(self, connection: Connection, people: Sequence[Listed], customers: Mapping[int, int]) -> None:
        self._run = connection.exec_driver_sql
        self._customers = customers
        self._gaining = set(map(tuple, self._run("SELECT customer, person FROM staging.filled_identities")))
        self._people = {one.id: one for one in people}
        self._states: dict[int, _State] = defaultdict(_State)
        self._fills: dict[int, dict[str, Any]] = defaultdict(dict)
        self._tags: list[tuple[int, str]] = []
        self._notes: list[tuple[int, str]] = []
        self._addresses: list[tuple[Any, ...]] = []

    def run(self, *, progress: Progress) -> None:
        """Plan it, and say of each person whether she is new, changes anything or is the same."""
        self._load()
        made: set[int] = set()
        plans = []
        # Those who are the same customer come one after the other: who was told first has the first word.
        for done, (listed, file, *values) in enumerate(
            self._run(
                f"""SELECT l.id, l.file, l.name, {", ".join(FIELDS[1:])}, {", ".join(BIRTHDAY)}, note, tags, addresses
                     FROM staging.listed l JOIN staging.files f ON f.file = l.file
                    ORDER BY f.snapshot_at, l.file, l.id"""
            )
        ):
            if done % _LOOK_EVERY == 0:
                progress.check()
            customer = self._customers[listed]
            changed = self._take(customer, values)
            one = self._people[listed]
            gained = [told.person for told in one.told if (customer, told.person) in self._gaining]
            self._gaining.difference_update((customer, person) for person in gained)
            if customer < 0 and customer not in made and self._is_own(customer):
                status = "new"
            else:
                status = "changed" if changed or gained else "same"
            made.add(customer)
            plans.append((listed, file, customer, status, *one.remembered_by))
        self._write(plans)

    def _is_own(self, customer: int) -> bool:
        """Whether a new customer comes by the list, not by an order of the same batch."""
        return customer not in self._of_orders

    def _load(self) -> None:
        run = self._run
        self._of_orders = {row[0] for row in run("SELECT DISTINCT customer FROM staging.plan WHERE customer < 0")}
        known = sorted({customer for customer in self._customers.values() if customer > 0})
        run("CREATE TEMP TABLE meant (customer INTEGER PRIMARY KEY)")
        if known:
            run("INSERT INTO temp.meant VALUES (?)", [(customer,) for customer in known])
        for customer, month, *fields in run(
            f"""SELECT c.id, c.birth_month, {", ".join(f"c.{name}" for name in FIELDS)}
                 FROM temp.meant m CROSS JOIN main.customers c ON c.id = m.customer"""
        ):
            self._states[customer] = _State(fields, born=month is not None)
        for kind, text_of, source in (
            (
                "tags",
                "t.name",
                "main.customer_tags r ON r.customer_id = m.customer JOIN main.tags t ON t.id = r.tag_id",
            ),
            ("notes", "r.text", "main.notes r ON r.customer_id = m.customer"),
            ("addresses", "r.address", "main.addresses r ON r.customer_id = m.customer"),
        ):
            for customer, text in run(f"SELECT m.customer, {text_of} FROM temp.meant m CROSS JOIN {source}"):
                known_texts: set[str] = getattr(self._states[customer], kind)
                known_texts.add(fold(text) if kind == "addresses" else text)
        run("DROP TABLE temp.meant")

    def _take(self, customer: int, values: Sequence[Any]) -> bool:
        """Fill what is blank of a customer by what a list says; whether there was anything."""
        state = self._states[customer]
        fields, birthday = values[: len(FIELDS)], values[len(FIELDS) : len(FIELDS) + len(BIRTHDAY)]
        note, tags, addresses = values[-3:]
        changed = False
        for place, value in enumerate(fields):
            if value and not state.fields[place]:
                state.fields[place] = self._fills[customer][FIELDS[place]] = value
                changed = True
        if birthday[2] is not None and not state.born:
            state.born = changed = True
            self._fills[customer].update(zip(BIRTHDAY, birthday, strict=True))
        for tag in json.loads(tags) if tags else ():
            if tag not in state.tags:
                state.tags.add(tag)
                self._tags.append((customer, tag))
                changed = True
        if note and note not in state.notes:
            state.notes.add(note)
            self._notes.append((customer, note))
            changed = True
        for address in json.loads(addresses) if addresses else ():
            if fold(address[-1]) not in state.addresses:
                state.addresses.add(fold(address[-1]))
                self._addresses.append((customer, *address))
                changed = True
        return changed

    def _write(self, plans: Collection[tuple[int, int, int, str, str, int]]) -> None:
        columns = (*FIELDS, *BIRTHDAY)
        fills = [(customer, *map(told.get, columns)) for customer, told in self._fills.items()]
        for table, rows in (
            ("listed_plan", plans), ("fills", fills), ("filled_tags", self._tags), ("filled_notes", self._notes),
            ("filled_addresses", self._addresses),
        ):  # fmt: skip
            if rows:
                self._run(f"INSERT INTO staging.{table} VALUES ({', '.join('?' * len(next(iter(rows))))})", list(rows))
