"""What files tell of reviews (C10): known again, planned, written and taken back.

Every telling is kept with its batch, and a review is what its tellings come to: of each thing what the newest file says
of it. So whichever import is undone, what the others told stays.

| a file tells a review | it is |
| --- | --- |
| of the same order, in the same words, and neither of another line nor of another day | the one that is known |
| without words: with the same stars | the same |
| any other | a new one, such as what was added later |

What somebody typed or changed stands over every file. One that was removed by hand is not brought back by the next
file that tells it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shopcrm.base import clock
from shopcrm.base.text import fold
from shopcrm.collect.foreign import Code
from shopcrm.store.tx import Tx

TABLES: Final = ("telling", "reviewed")

_COLUMNS: Final = ("product", "article", "stars", "text", "at", "plain", "reply")
_LISTED: Final = ", ".join(_COLUMNS)
_TABLES: Final = (
    # What the batch tells, by the place of its order in the plan; a new review has a number below 0.
    f"CREATE TABLE staging.telling (plan INTEGER, review INTEGER, file INTEGER, {_LISTED})",
    # What becomes of the reviews that are new or change, and by which file first.
    f"CREATE TABLE staging.reviewed (review INTEGER PRIMARY KEY, plan INTEGER, file INTEGER, {_LISTED})",
)
_OF_FILES: Final = f"""SELECT p.id AS plan, p.order_id, m.file, {", ".join(f"t.{name}" for name in _COLUMNS)}
                         FROM staging.told_reviews t CROSS JOIN staging.matched m ON m.staged = t.order_id
                         JOIN staging.plan p ON p.id = m.plan JOIN staging.files f ON f.file = m.file
                        ORDER BY coalesce(f.snapshot_at, 0), m.file, t.rowid"""


@dataclass(frozen=True)
class Told:
    """A review as a file tells it, or as it stands."""

    product: str | None
    article: str | None
    stars: int | None
    text: str
    at: int | None
    plain: bool
    reply: str | None

    @classmethod
    def of(cls, row: Any) -> Told:
        """A row that has the columns of one."""
        return cls(row.product, row.article, row.stars, row.text, row.at, bool(row.plain), row.reply)

    def values(self) -> tuple[Any, ...]:
        """As they are stored."""
        return self.product, self.article, self.stars, self.text, self.at, int(self.plain), self.reply

    def is_same(self, other: Told, *, tz: ZoneInfo) -> bool:
        """Whether two tell the same review of an order."""
        if fold(self.text) != fold(other.text) or (not self.text and self.stars != other.stars):
            return False
        if self.at is not None and other.at is not None and self._day(tz) != other._day(tz):
            return False
        pairs = ((self.article, other.article), (self.product, other.product))
        told = [first == second for first, second in pairs if first and second]
        return not told or any(told)

    def _day(self, tz: ZoneInfo) -> int:
        return clock.day_of(self.at or 0, tz=tz, plain=self.plain)


@dataclass
class _Known:
    """A review that is known so far. `stands`: it is there, and files may fill it."""

    id: int
    told: list[Told] = field(default_factory=list)
    stands: bool = True
    is_new: bool = False
    file: int | None = None  # that told it last: what it tells twice is two


def folded(told: Sequence[Told]) -> Told:
    """What tellings of one review come to, the newest last."""
    newest = told[::-1]

    def said(name: str) -> Any:
        return next((value for one in newest if (value := getattr(one, name)) is not None), None)

    dated = next((one for one in newest if one.at is not None), newest[0])
    return Told(said("product"), said("article"), said("stars"), newest[0].text, dated.at, dated.plain, said("reply"))


# Planned


def plan(tx: Tx) -> None:
    """Plan what the attached staging file tells of reviews, after its orders."""
    run = tx.connection.exec_driver_sql
    for statement in _TABLES:
        run(statement)
    if run("SELECT 1 FROM staging.told_reviews LIMIT 1").first() is None:
        return
    rows = run(_OF_FILES).all()
    known = _known(tx.connection)
    telling: list[tuple[Any, ...]] = []
    reviewed: dict[int, tuple[Any, ...]] = {}
    new = 0
    for row in rows:
        one = Told.of(row)
        of_order = known[row.plan]
        review = next(
            (each for each in of_order
             if each.file != row.file and any(one.is_same(told, tz=tx.zone) for told in each.told)),
            None,
        )  # fmt: skip
        if review is None:
            new += 1
            review = _Known(-new, is_new=True)
            of_order.append(review)
        before = folded(review.told) if review.told else None
        review.told.append(one)
        review.file = row.file
        telling.append((row.plan, review.id, row.file, *one.values()))
        after = folded(review.told)
        if review.stands and after != before:
            first = reviewed[review.id][2] if review.id in reviewed else row.file
            reviewed[review.id] = (review.id, row.plan, first, *after.values())
    marks = f"?, ?, ?{', ?' * len(_COLUMNS)}"
    if telling:
        run(f"INSERT INTO staging.telling VALUES ({marks})", telling)
    if reviewed:
        run(f"INSERT INTO staging.reviewed VALUES ({marks})", list(reviewed.values()))


def _known(connection: Connection) -> defaultdict[int, list[_Known]]:
    """The reviews of the orders that are told again, by the order's place in the plan."""
    run = connection.exec_driver_sql
    asked = """SELECT DISTINCT p.id AS plan, p.order_id FROM staging.told_reviews t
                 CROSS JOIN staging.matched m ON m.staged = t.order_id JOIN staging.plan p ON p.id = m.plan
                WHERE p.order_id IS NOT NULL"""
    found: dict[tuple[int, int], _Known] = {}
    for row in run(
        f"""SELECT a.plan, h.review_id, {", ".join(f"h.{name}" for name in _COLUMNS)} FROM ({asked}) a
             CROSS JOIN main.batch_reviews h ON h.order_id = a.order_id ORDER BY h.id"""
    ):
        found.setdefault((row.plan, row.review_id), _Known(row.review_id, stands=False)).told.append(Told.of(row))
    for row in run(
        f"""SELECT a.plan, r.id, r.batch_id, r.edited_at, {", ".join(f"r.{name}" for name in _COLUMNS)}
              FROM ({asked}) a CROSS JOIN main.reviews r ON r.order_id = a.order_id ORDER BY r.id"""
    ):
        one = found.setdefault((row.plan, row.id), _Known(row.id, stands=False))
        if row.batch_id is not None and row.edited_at is None:
            one.stands = True
        else:
            one.told.append(Told.of(row))
    known: defaultdict[int, list[_Known]] = defaultdict(list)
    for (place, _review), one in found.items():
        known[place].append(one)
    return known


def counted(connection: Connection) -> dict[int, tuple[int, int]]:
    """By file of the plan how many reviews it brings, and how many it changes."""
    rows = connection.exec_driver_sql(
        "SELECT file, sum(review < 0), sum(review > 0) FROM staging.reviewed GROUP BY file"
    )
    return {file: (new, changed) for file, new, changed in rows}


def refuse_unknown(connection: Connection, values: Mapping[str, Any]) -> None:
    """Refuse the reviews of orders that nobody knows: each of their rows, so that they can be given again."""
    connection.exec_driver_sql(
        """INSERT INTO staging.problems (file, row, "column", code, value, rejected)
           SELECT DISTINCT s.file, t.row, '', :code, s.number, 1
             FROM staging.orders s JOIN staging.told_reviews t ON t.order_id = s.id
            WHERE s.file = :file AND s.id NOT IN (SELECT staged FROM staging.matched) ORDER BY t.row""",
        {**values, "code": Code.UNKNOWN_REVIEWED.value},
    )


# Written and taken back


def write(tx: Tx, batch: int) -> None:
    """Write what was planned, after the orders have their ids."""
    run = tx.connection.exec_driver_sql
    base: int = run("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'reviews'), 0)").scalar_one()
    told = {"base": base, "actor": tx.actor, "now": tx.now_seconds, "batch": batch}
    run(
        f"""INSERT INTO reviews (id, order_id, {_LISTED}, picked, actor, created_at, batch_id)
            SELECT :base - w.review, p.order_id, {", ".join(f"w.{name}" for name in _COLUMNS)}, 0, :actor, :now, :batch
              FROM staging.reviewed w JOIN staging.plan p ON p.id = w.plan WHERE w.review < 0 ORDER BY w.review DESC""",
        told,
    )
    run(
        f"""UPDATE reviews SET ({_LISTED}) = ({", ".join(f"w.{name}" for name in _COLUMNS)})
              FROM staging.reviewed w WHERE w.review = reviews.id"""
    )
    run(
        f"""INSERT INTO batch_reviews (batch_id, order_id, review_id, {_LISTED})
            SELECT :batch, p.order_id, iif(t.review < 0, :base - t.review, t.review),
                   {", ".join(f"t.{name}" for name in _COLUMNS)}
              FROM staging.telling t JOIN staging.plan p ON p.id = t.plan ORDER BY t.rowid""",
        told,
    )


def revert(tx: Tx, batch: int) -> None:
    """Take back what a batch told: reviews are what the other imports told of them, or are gone."""
    run = tx.connection.exec_driver_sql
    concerned = sorted(run("SELECT DISTINCT review_id FROM batch_reviews WHERE batch_id = ?", (batch,)).scalars())
    if not concerned:
        return
    run("DELETE FROM batch_reviews WHERE batch_id = ?", (batch,))
    run("CREATE TEMP TABLE reviewed (id INTEGER PRIMARY KEY)")
    run("INSERT INTO temp.reviewed VALUES (?)", [(review,) for review in concerned])
    by_files = "id IN (SELECT id FROM temp.reviewed) AND batch_id IS NOT NULL AND edited_at IS NULL"
    run(f"DELETE FROM reviews WHERE {by_files} AND id NOT IN (SELECT review_id FROM batch_reviews)")
    left = _standing(tx.connection, "WHERE review_id IN (SELECT id FROM temp.reviewed)")
    if left:
        run(
            f"""UPDATE reviews SET batch_id = ?, ({_LISTED}) = (?{", ?" * (len(_COLUMNS) - 1)})
                 WHERE id = ? AND batch_id IS NOT NULL AND edited_at IS NULL""",
            [(first, *told.values(), review) for review, (first, told) in left.items()],
        )
    run("DROP TABLE temp.reviewed")


HELD_BY_HAND: Final = """SELECT 1 FROM reviews r WHERE r.order_id = {order}
                           AND (r.batch_id IS NULL OR r.edited_at IS NOT NULL)"""
"""SQL: whether an order has a review that somebody typed or changed, and which goes with no import."""


def differing(connection: Connection) -> Iterable[int]:
    """The reviews that are not what the imports told of them, though nobody changed them."""
    kept = {
        row.id: (row.batch_id, Told.of(row))
        for row in connection.exec_driver_sql(
            f"SELECT id, batch_id, {_LISTED} FROM reviews WHERE batch_id IS NOT NULL AND edited_at IS NULL"
        )
    }
    worked_out = _standing(connection, "")
    # One that was removed, and put back after its import was undone, is told by none.
    return sorted(review for review, told in kept.items() if worked_out.get(review, told) != told)


def _standing(connection: Connection, which: str) -> dict[int, tuple[int, Told]]:
    """By review the first import that tells it, and what they all come to."""
    told: dict[int, list[Any]] = defaultdict(list)
    for row in connection.exec_driver_sql(
        f"SELECT review_id, batch_id, {_LISTED} FROM batch_reviews {which} ORDER BY review_id, id"
    ):
        told[row.review_id].append(row)
    return {review: (rows[0].batch_id, folded([Told.of(row) for row in rows])) for review, rows in told.items()}
