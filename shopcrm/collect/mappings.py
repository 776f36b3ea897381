"""How the tables of other programs are read, remembered by their headers (C2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from shopcrm.base.errors import UserFailure
from shopcrm.collect import mapping_file
from shopcrm.collect.mapping_file import MappingFile, fingerprint
from shopcrm.store.tables.imports import import_mappings
from shopcrm.store.tx import Tx


@dataclass(frozen=True)
class Remembered:
    """A mapping that was said once, and for which headers."""

    id: int
    fingerprint: str
    label: str
    said_at: int  # UTC seconds
    text: str  # TOML

    @property
    def mapping(self) -> MappingFile:
        """What it says."""
        return mapping_file.parse(self.text, name=self.label)


def remember(tx: Tx, header: Sequence[str], mapping: MappingFile) -> int:
    """Keep how tables with this header are read; said again it takes the place of what was said. The change set."""
    key = fingerprint(header)
    label = (mapping.label or mapping.platform)[:120]
    values = {"label": label, "mapping": mapping_file.as_toml(mapping), "used_at": tx.now_seconds}
    change_set = tx.begin_change("mapping", columns=len(header))
    known = tx.connection.execute(
        select(import_mappings.c.id).where(import_mappings.c.header_hash == key)
    ).scalar_one_or_none()
    if known is None:
        tx.add(import_mappings, {"header_hash": key, **values})
    else:
        tx.edit(import_mappings, {"id": known}, values)
    return change_set


def forget(tx: Tx, mapping_id: int) -> int:
    """Read tables of that header as if nothing had been said. The change set."""
    change_set = tx.begin_change("mapping_forget", mapping=mapping_id)
    tx.remove(import_mappings, {"id": mapping_id})
    return change_set


def find(tx: Tx, header: Sequence[str]) -> Remembered | None:
    """What was said of tables with this header."""
    key = fingerprint(header)
    return next((one for one in remembered(tx) if one.fingerprint == key), None)


def remembered(tx: Tx) -> tuple[Remembered, ...]:
    """Everything that was said, the newest first."""
    rows = tx.connection.execute(
        select(
            import_mappings.c.id,
            import_mappings.c.header_hash,
            import_mappings.c.label,
            import_mappings.c.used_at,
            import_mappings.c.mapping,
        ).order_by(import_mappings.c.used_at.desc(), import_mappings.c.id.desc())
    )
    return tuple(Remembered(*row) for row in rows)


def texts(tx: Tx) -> dict[str, str]:
    """By fingerprint of a header the TOML that was said of it, as far as this version can read it."""
    found = {}
    for one in remembered(tx):
        try:
            found[one.fingerprint] = mapping_file.as_toml(one.mapping)
        except UserFailure:  # a newer version wrote it
            continue
    return found


def labels(tx: Tx) -> dict[str, str]:
    """By platform what its tables are called."""
    found = {}
    for one in remembered(tx)[::-1]:
        try:
            found[one.mapping.platform] = one.label
        except UserFailure:
            continue
    return found
