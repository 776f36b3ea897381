"""Words for many customers (U16): an SMS for each, filled and in one line, with the parts that a vendor charges.

Who may be written to is decided elsewhere: whoever asks leaves out those who do not want it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shopcrm.act import blanks
from shopcrm.base import templates
from shopcrm.base.channels import SmsLength, sms_length, sms_text
from shopcrm.base.progress import SILENT, Progress
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

_TELL_EVERY: Final = 100  # customers


@dataclass(frozen=True)
class Sms:
    """What one customer gets. `missing`: the blanks that nothing fills; they stand in the text as they were written."""

    customer: int
    text: str
    length: SmsLength
    missing: tuple[str, ...]


def written(
    tx: Tx, columns: Columns, body: str, ids: Sequence[int], *, progress: Progress = SILENT
) -> Iterator[Sms]:  # fmt: skip
    """The words for these customers, in their order.

    Raises:
        TemplateFailure: the words have a blank that does not exist; before anybody is read.
        NoSuchCustomer: an id is nobody's.
        Cancelled: it was stopped.
    """
    templates.check(body)
    for done, customer in enumerate(ids):
        if done % _TELL_EVERY == 0:
            progress.report("writing", done=done, total=len(ids), unit="customers")
        filled = blanks.person(tx, columns, customer).fill(body)
        text = sms_text(filled.text)
        yield Sms(customer, text, sms_length(text), filled.missing)
