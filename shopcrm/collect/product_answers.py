"""Product questions and answers (U2): what buyers ask about a product, and the one answer the shop gives.

An answer belongs to a product's code, as `collect.products` knows it, and is filled like a script.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import func, select

from shopcrm.base import wordings
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.text import fold
from shopcrm.base.wordings import fitting, one_line
from shopcrm.store.tables.scripts import product_answers
from shopcrm.store.tx import Tx

LONGEST_QUESTION: Final = 200
LONGEST_CODE: Final = 200


@dataclass(eq=False)
class NoSuchAnswer(UserFailure):
    """The answer was removed meanwhile."""

    text: ClassVar[str] = N_("This answer is no longer there.")


@dataclass(eq=False)
class AnswerUnfinished(UserFailure):
    """A part without which an answer is none."""

    text: ClassVar[str] = N_("Write the product code, the question and the answer.")


@dataclass(frozen=True)
class Answer:
    """A question about a product, and the answer with its blanks."""

    id: int
    code: str
    question: str
    body: str
    product: str = ""  # the product's title, where it is known

    @property
    def title(self) -> str:
        """What it is found by."""
        return self.question

    @property
    def place(self) -> int:
        """Its number in lists that hold scripts too."""
        return -self.id

    def draft(self) -> AnswerDraft:
        """The answer as it is written."""
        return AnswerDraft(self.code, self.question, self.body)


@dataclass(frozen=True)
class AnswerDraft:
    """What somebody has written of an answer."""

    code: str = ""
    question: str = ""
    body: str = ""

    def values(self) -> dict[str, Any]:
        """What is kept of it.

        Raises:
            AnswerUnfinished, PartTooLong, TemplateFailure: it cannot be kept as it is.
        """
        found = {
            "code": fitting(one_line(self.code), LONGEST_CODE, N_("Product code")),
            "question": fitting(one_line(self.question), LONGEST_QUESTION, N_("Question")),
            "answer": wordings.body(self.body, N_("Answer")),
        }
        if not all(found.values()):
            raise AnswerUnfinished
        return found


def listing(tx: Tx, *, codes: Collection[str] | None = None) -> list[Answer]:
    """The answers about these products (None: about all), by product in the order in which they were made."""
    first = (
        select(product_answers.c.code, func.min(product_answers.c.id).label("first"))
        .group_by(product_answers.c.code)
        .subquery()
    )
    found = tx.connection.execute(
        select(
            product_answers.c.id, product_answers.c.code, product_answers.c.question, product_answers.c.answer
        )
        .join(first, first.c.code == product_answers.c.code)
        .order_by(first.c.first, product_answers.c.position, product_answers.c.id)
    )  # fmt: skip
    wanted = None if codes is None else {fold(code) for code in codes}
    return [Answer(*row) for row in found if wanted is None or fold(row.code) in wanted]


def count(tx: Tx) -> int:
    """How many there are."""
    return int(tx.connection.execute(select(func.count()).select_from(product_answers)).scalar_one())


def get(tx: Tx, answer_id: int) -> Answer:
    """One answer.

    Raises:
        NoSuchAnswer: it is not there.
    """
    row = tx.connection.execute(select(product_answers).where(product_answers.c.id == answer_id)).first()
    if row is None:
        raise NoSuchAnswer
    return Answer(row.id, row.code, row.question, row.answer)


# Writing: each returns its change set


def add(tx: Tx, draft: AnswerDraft) -> int:
    """Keep a new answer, the last of its product. Returns the change set; see `added`."""
    values = draft.values()
    change_set = tx.begin_change("answer_add")
    write_new(tx, values)
    return change_set


def edit(tx: Tx, answer_id: int, draft: AnswerDraft) -> int:
    """Change an answer. Returns the change set, empty when nothing differs.

    Raises:
        NoSuchAnswer: it is not there; and what `AnswerDraft.values` raises.
    """
    values = draft.values()
    get(tx, answer_id)
    change_set = tx.begin_change("answer_edit", answer=answer_id)
    write(tx, answer_id, values)
    return change_set


def remove(tx: Tx, answer_id: int) -> int:
    """Remove an answer. Returns the change set.

    Raises:
        NoSuchAnswer: it is not there.
    """
    get(tx, answer_id)
    change_set = tx.begin_change("answer_remove", answer=answer_id)
    tx.remove(product_answers, {"id": answer_id})
    return change_set


def added(tx: Tx) -> int | None:
    """The answer that was kept last."""
    newest: int | None = tx.connection.execute(select(func.max(product_answers.c.id))).scalar()
    return newest


def write_new(tx: Tx, values: dict[str, Any]) -> int:
    """As `add`, within a change set that was begun."""
    at = tx.now_seconds
    return tx.add(
        product_answers, {**values, "position": _end_of(tx, values["code"]), "created_at": at, "edited_at": at}
    )  # fmt: skip


def write(tx: Tx, answer_id: int, values: dict[str, Any]) -> None:
    """As `edit`, within a change set that was begun."""
    before = get(tx, answer_id)
    if (before.code, before.question, before.body) == (values["code"], values["question"], values["answer"]):
        return
    moved = {} if values["code"] == before.code else {"position": _end_of(tx, values["code"])}
    tx.edit(product_answers, {"id": answer_id}, {**values, **moved, "edited_at": tx.now_seconds})


def _end_of(tx: Tx, code: str) -> int:
    last = tx.connection.execute(
        select(func.max(product_answers.c.position)).where(product_answers.c.code == code)
    ).scalar()  # fmt: skip
    return 0 if last is None else last + 1
