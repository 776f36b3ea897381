"""The contentless FTS5 table of the search index, and how orders are indexed by the tail of their numbers."""

from __future__ import annotations

from typing import Final

TOKENS: Final = (
    "CREATE VIRTUAL TABLE search_tokens USING fts5(tokens, content='', contentless_delete=1, detail=none,"
    " tokenize=\"ascii tokenchars '_-.@+'\")"
)

TAIL: Final = 6


def backwards(column: str) -> str:
    """SQL: the last six signs of a number, the last one first. Tails of one to six are ranges of an index on it."""
    return " || ".join(f"substr({column}, -{place}, 1)" for place in range(1, TAIL + 1))
