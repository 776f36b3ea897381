"""The metadata all tables share, and the column types of the shop."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Key = Integer  # SQLite's rowid; PostgreSQL's identity
Seconds = BigInteger  # UTC seconds since 1970; a plain date is its midnight in UTC
Day = Integer  # days since 1970-01-01, in the shop's zone
Minor = BigInteger  # minor units of a currency
