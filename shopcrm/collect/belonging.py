"""Whose each planned order is (C4): counted out in SQL; only where people share a phone `identities.resolve` decides.

A *party* is whoever an order is of as far as its own word goes: the customer it has, else the one who is known by its
deciding identity, else that identity itself (negative). Where no phone has two parties and no identity either, there is
nothing to decide: each party is one customer. All orders of the other parties go through `resolve` together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from shopcrm.base.progress import Progress
from shopcrm.collect.identities import Claim, Holder, IdentityKey, Known, first_deciding, resolve

_SORTED_AT_ONCE: Final = 200_000  # rows
TABLES: Final = ("claims", "held", "known", "newcomers", "joins", "merges")

_TABLES: Final = (
    "CREATE TABLE staging.claims (plan INTEGER PRIMARY KEY, customer INTEGER, person INTEGER, party INTEGER)",
    # Who of the people is known to the shop, as an identity of whom; and who of them decides.
    "CREATE TABLE staging.held (person INTEGER, customer INTEGER, identity INTEGER)",
    "CREATE TABLE staging.known (person INTEGER PRIMARY KEY, customer INTEGER)",
    "CREATE TABLE staging.newcomers (id INTEGER PRIMARY KEY, person INTEGER UNIQUE)",
    "CREATE TABLE staging.joins (customer INTEGER, kind TEXT, platform TEXT, value TEXT, evidence TEXT)",
    "CREATE TABLE staging.merges (keep INTEGER, gone INTEGER, evidence TEXT)",
)
_NAMED: Final = """staging.matched m CROSS JOIN staging.claims c ON c.plan = m.plan
                   CROSS JOIN staging.named n ON n.order_id = m.staged CROSS JOIN staging.people e ON e.id = n.person"""


def give_to_customers(connection: Connection, *, progress: Progress) -> None:
    """Say of each planned order whose it is; new customers are negative references, `-id` of `staging.newcomers`."""
    run = connection.exec_driver_sql
    for statement in _TABLES:
        run(statement)
    _claim(connection)
    progress.check()
    _find_tangled(connection)
    run(
        """INSERT INTO staging.newcomers (person)
           SELECT -party FROM staging.claims WHERE party < 0 AND party NOT IN (SELECT party FROM temp.tangled)
            GROUP BY party ORDER BY min(plan)"""
    )
    _resolve_tangled(connection)
    run("DROP TABLE temp.tangled")
    run(
        """UPDATE staging.plan AS p SET customer = x.customer,
                  status = CASE p.status WHEN 'same' THEN 'changed' ELSE p.status END
             FROM (SELECT c.plan, CASE WHEN c.party > 0 THEN c.party ELSE -n.id END AS customer
                     FROM staging.claims c LEFT JOIN staging.newcomers n ON n.person = -c.party) x
            WHERE p.id = x.plan AND p.customer IS NOT x.customer"""
    )
    run(
        "UPDATE staging.matched SET status = 'changed' WHERE status = 'same' AND plan IN"
        " (SELECT id FROM staging.plan WHERE status = 'changed')"
    )


def _claim(connection: Connection) -> None:
    """Every order's deciding identity and party.

    The shop is asked in the order of its indexes, which hold all that is asked: so each of their pages is read once.
    """
    run = connection.exec_driver_sql
    deciding = """staging.matched m CROSS JOIN staging.named n ON n.order_id = m.staged AND n.deciding
                  CROSS JOIN staging.plan p ON p.id = m.plan"""
    claimed = run(
        f"""INSERT OR IGNORE INTO staging.claims (plan, customer, person)
            SELECT p.id, p.customer, n.person FROM {deciding}"""
    ).rowcount
    several: dict[int, list[tuple[int, IdentityKey]]] = defaultdict(list)
    # Where each of them made a claim, no order is of two.
    once = run("SELECT count(*) FROM staging.named WHERE deciding").scalar_one() == claimed
    for plan, person, *key in (
        ()
        if once
        else run(
            f"""SELECT DISTINCT p.id, e.id, e.kind, e.platform, e.value FROM {deciding}
              CROSS JOIN staging.people e ON e.id = n.person
             WHERE p.id IN (SELECT p.id FROM {deciding} CROSS JOIN staging.claims c ON c.plan = p.id
                             WHERE c.person != n.person)"""
        )
    ):
        several[plan].append((person, IdentityKey(*key)))
    if several:
        first = {plan: first_deciding((key, True) for _, key in named) for plan, named in several.items()}
        run(
            "UPDATE staging.claims SET person = ? WHERE plan = ?",
            [(person, plan) for plan, named in several.items() for person, key in named if key == first[plan]],
        )
    for turn in slices(connection, "staging.people"):
        run(
            """INSERT INTO staging.held SELECT e.id, i.customer_id, i.id FROM
                 (SELECT id, kind, platform, value FROM staging.people WHERE id BETWEEN ? AND ?
                   ORDER BY kind, platform, value LIMIT -1) e
                 CROSS JOIN main.identities i ON i.kind = e.kind AND i.platform = e.platform AND i.value = e.value""",
            turn,
        )
    run(
        """INSERT INTO staging.known SELECT e.id, h.customer FROM staging.held h
            CROSS JOIN staging.people e ON e.id = h.person
            CROSS JOIN main.identities i INDEXED BY uq_identities_deciding
               ON i.kind = e.kind AND i.platform = e.platform AND i.value = e.value AND i.deciding = 1
                  AND i.id = h.identity
            WHERE e.id IN (SELECT person FROM staging.claims)"""
    )
    run(
        """UPDATE staging.claims AS c SET party = coalesce(c.customer,
             (SELECT k.customer FROM staging.known k WHERE k.person = c.person), -c.person)"""
    )


def _find_tangled(connection: Connection) -> None:
    """Gather the parties who share a phone or an identity with another one."""
    run = connection.exec_driver_sql
    run("CREATE TEMP TABLE holders (value TEXT, party INTEGER)")
    run(f"INSERT INTO temp.holders SELECT e.value, c.party FROM {_NAMED} WHERE e.kind = 'phone'")
    run(
        """INSERT INTO temp.holders SELECT e.value, h.customer FROM staging.held h
            CROSS JOIN staging.people e ON e.id = h.person WHERE e.kind = 'phone'"""
    )
    for platform in _platforms(connection):
        run(
            """INSERT INTO temp.holders SELECT e.value, i.customer_id FROM
                 (SELECT value FROM staging.people WHERE kind = 'phone' AND platform != :platform
                   ORDER BY value LIMIT -1) e
                CROSS JOIN main.identities i ON i.kind = 'phone' AND i.platform = :platform AND i.value = e.value""",
            {"platform": platform},
        )
    run("CREATE TEMP TABLE tangled (party INTEGER PRIMARY KEY)")
    run("CREATE TEMP TABLE shared (value TEXT PRIMARY KEY) WITHOUT ROWID")
    run("INSERT INTO temp.shared SELECT value FROM temp.holders GROUP BY value HAVING min(party) < max(party)")
    run("INSERT OR IGNORE INTO temp.tangled SELECT h.party FROM temp.holders h JOIN temp.shared s ON s.value = h.value")
    run(
        """INSERT OR IGNORE INTO temp.tangled SELECT party FROM staging.claims WHERE person IN
             (SELECT person FROM staging.claims GROUP BY person HAVING min(party) < max(party))"""
    )
    run("DROP TABLE temp.shared")
    run("DROP TABLE temp.holders")


def slices(connection: Connection, table: str) -> Iterator[tuple[int, int]]:
    """The ids of a staged table by turns, each of so many rows as may be sorted in memory."""
    last: int = connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {table}").scalar_one()
    for first in range(1, last + 1, _SORTED_AT_ONCE):
        yield first, first + _SORTED_AT_ONCE - 1


def _platforms(connection: Connection) -> list[str]:
    """The platforms of the shop's phones, each found by one look into the index."""
    found: list[str] = []
    while True:
        row = connection.exec_driver_sql(
            "SELECT min(platform) FROM main.identities WHERE kind = 'phone' AND platform > ?",
            (found[-1] if found else "",),
        ).scalar()
        if row is None:
            return found
        found.append(row)


def _resolve_tangled(connection: Connection) -> None:
    """Let `resolve` say whose the orders of tangled parties are."""
    run = connection.exec_driver_sql
    named: dict[int, list[IdentityKey]] = defaultdict(list)
    for plan, *key in run(
        f"SELECT DISTINCT c.plan, e.kind, e.platform, e.value FROM {_NAMED}"
        " WHERE c.party IN (SELECT party FROM temp.tangled)"
    ):
        named[plan].append(IdentityKey(*key))
    claims, people = [], {}
    for plan, customer, person, *key in run(
        """SELECT c.plan, c.customer, c.person, e.kind, e.platform, e.value
             FROM staging.claims c JOIN staging.people e ON e.id = c.person JOIN staging.plan p ON p.id = c.plan
            WHERE c.party IN (SELECT party FROM temp.tangled) ORDER BY p.turn, p.id"""
    ):
        deciding = IdentityKey(*key)
        claims.append(Claim(plan, customer, deciding, tuple(each for each in named[plan] if each != deciding)))
        people[plan] = person
    if not claims:
        return
    assignment = resolve(claims, _known(connection))
    parties: dict[int, int] = {}  # of a new customer the identity by which it came
    changes = []
    for claim in claims:
        customer = assignment.customers[claim.order]
        if customer is not None and customer < 0:
            customer = parties.setdefault(customer, -people[claim.order])
        changes.append((customer, claim.order))
    if parties:
        run("INSERT INTO staging.newcomers (person) VALUES (?)", [(-party,) for party in parties.values()])
    run("UPDATE staging.claims SET party = ? WHERE plan = ?", changes)
    refs = {
        new: -run("SELECT id FROM staging.newcomers WHERE person = ?", (-party,)).scalar_one()
        for new, party in parties.items()
    }
    if assignment.joins:
        run(
            "INSERT INTO staging.joins VALUES (?, ?, ?, ?, ?)",
            [
                (refs.get(join.customer, join.customer), *join.identity, join.evidence.value)
                for join in assignment.joins
            ],
        )
    if assignment.merges:
        run(
            "INSERT INTO staging.merges VALUES (?, ?, ?)",
            [(refs.get(merge.keep, merge.keep), merge.gone, merge.evidence.value) for merge in assignment.merges],
        )


def _known(connection: Connection) -> Known:
    """What the shop knows of the identities that tangled orders name."""
    run = connection.exec_driver_sql
    known = Known()
    of_tangled = f"SELECT DISTINCT e.id FROM {_NAMED} WHERE c.party IN (SELECT party FROM temp.tangled)"
    for *key, customer in run(
        f"""SELECT e.kind, e.platform, e.value, k.customer FROM ({of_tangled}) x
             CROSS JOIN staging.known k ON k.person = x.id CROSS JOIN staging.people e ON e.id = k.person"""
    ):
        known.deciding[IdentityKey(*key)] = customer
    phones = f"SELECT DISTINCT e.value FROM ({of_tangled}) x JOIN staging.people e ON e.id = x.id AND e.kind = 'phone'"
    holders: set[int] = set()
    for platform in _platforms(connection):
        for value, customer in run(
            f"""SELECT x.value, i.customer_id FROM ({phones}) x CROSS JOIN main.identities i
                 ON i.kind = 'phone' AND i.platform = ? AND i.value = x.value""",
            (platform,),
        ):
            known.phone_holders[value].add(Holder(customer, platform))
            holders.add(customer)
    run("CREATE TEMP TABLE holding (customer INTEGER PRIMARY KEY)")
    run("INSERT INTO temp.holding VALUES (?)", [(customer,) for customer in holders] or [(0,)])
    # The plus keeps the engine from looking through all buyer ids for each customer.
    for customer, platform in run(
        """SELECT DISTINCT b.customer_id, b.platform FROM temp.holding h
             CROSS JOIN main.identities b ON b.customer_id = h.customer WHERE +b.kind = 'buyer_id'"""
    ):
        known.buyer_platforms[customer].add(platform)
    for one in ("first_id", "second_id"):
        known.distinct |= {
            (first, second)
            for first, second in run(
                f"""SELECT d.first_id, d.second_id FROM temp.holding h
                     CROSS JOIN main.distinct_customers d ON d.{one} = h.customer"""
            )
        }
    run("DROP TABLE temp.holding")
    return known
