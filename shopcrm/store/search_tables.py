"""The two contentless FTS5 tables of the search index. Created by the first migration, written by `search_index`."""

from __future__ import annotations

from typing import Final

# The prefixes are the field's letter and the first four characters typed: without them the engine would put together
# the customers of every token that begins so, a million for the first digit of a phone.
TOKENS: Final = (
    "CREATE VIRTUAL TABLE search_tokens USING fts5(tokens, content='', contentless_delete=1, detail=none,"
    " prefix='2 3 4 5', tokenize=\"ascii tokenchars '_-.@+'\")"
)
TRIGRAMS: Final = (
    "CREATE VIRTUAL TABLE search_trigrams USING fts5(text, content='', contentless_delete=1, detail=none,"
    " tokenize='trigram')"
)
