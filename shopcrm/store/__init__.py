"""The shop's database: engine, transactions, tables, search index, journal, backup."""
