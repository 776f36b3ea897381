"""The two contentless FTS5 tables of the search index. Created by the first migration, written by `search_index`."""

from __future__ import annotations

from typing import Final

TOKENS: Final = (
    "CREATE VIRTUAL TABLE search_tokens USING fts5(tokens, content='', contentless_delete=1, detail=none,"
    " tokenize=\"ascii tokenchars '_-.@+'\")"
)
TRIGRAMS: Final = (
    "CREATE VIRTUAL TABLE search_trigrams USING fts5(text, content='', contentless_delete=1, detail=none,"
    " tokenize='trigram')"
)
