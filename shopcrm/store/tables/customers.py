"""Customers, the identities by which they are recognised, and the joins of identities that were made."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, Text, UniqueConstraint, text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Day, Key, Seconds, metadata

customers = Table(
    "customers", metadata,
    Column("id", Key, primary_key=True),
    # What lists and the card show. Derived from the orders by collect.statistics unless edited by hand.
    Column("name", String(200), nullable=False),
    Column("name_by_hand", Boolean, nullable=False, default=False),
    Column("province", String(64)),
    Column("city", String(64)),
    Column("created_at", Seconds, nullable=False),
    Column("batch_id", Key),  # the import that made the row; None: by hand
    # The birthday as it is told: solar | lunar. Without a year it is month and day only; None: not known.
    Column("birth_calendar", String(5)),
    Column("birth_year", SmallInteger),
    Column("birth_month", SmallInteger),
    Column("birth_day", SmallInteger),
    Column("birth_leap", Boolean),  # in a leap month of the lunar calendar
    Column("listed_name", String(200)),  # as a list of people calls her; orders and the hand stand over it
    # What address books and platforms say of a person; an import fills what is blank and overwrites nothing.
    Column("gender", String(6)),  # female | male | other
    Column("company", String(200)),
    Column("occupation", String(120)),
    Column("source", String(120)),  # where she came from
    Column("member_level", String(64)),  # the platform's own, beside the shop's
    Column("age_band", String(8)),  # told where no year of birth is: one of base.ages.AGE_BANDS
    Column("entry_offer", String(200)),  # by what she came: the first coupon, the bait article
    Column("district", String(64)),  # as province and city, with which it goes
    Column("trouble", Text),  # why the owner has marked her; None: she is no trouble
    Column("trouble_until", Day),  # the last day of the mark; None: until it is taken off
    # Holds the birthday as a whole: today's list asks for those of eleven days and nothing else.
    Index(
        "ix_customers_birthday", "birth_month", "birth_day", "birth_calendar", "birth_leap", "birth_year",
        sqlite_where=text("birth_month IS NOT NULL"),
    ),
    info={"changes": Changes.CUSTOMERS},
    sqlite_autoincrement=True,
)  # fmt: skip

identities = Table(
    "identities", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),  # buyer_id nick phone email alipay wechat
    Column("platform", String(32), nullable=False),
    Column("value", String(200), nullable=False),  # normalised
    Column("display", String(200), nullable=False),  # as the file wrote it
    # Recognises a buyer by itself. A recipient's phone beside a buyer id does not: two buyers may share it.
    Column("deciding", Boolean, nullable=False),
    Column("batch_id", Key, index=True),
    UniqueConstraint("kind", "platform", "value", "customer_id"),
    Index("uq_identities_deciding", "kind", "platform", "value", unique=True, sqlite_where=Column("deciding") == 1),
    info={"changes": Changes.CUSTOMERS},
)  # fmt: skip

# Where somebody lives, told by other than orders: an address book, a platform's list of customers, by hand.
addresses = Table(
    "addresses", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("recipient", String(200)),
    Column("phone", String(64)),
    Column("province", String(64)),
    Column("city", String(64)),
    Column("district", String(64)),
    Column("address", Text, nullable=False),  # in one piece, as it is written
    Column("batch_id", Key, index=True),
    info={"changes": Changes.CUSTOMERS},
    sqlite_autoincrement=True,
)  # fmt: skip

# What somebody agreed to or refused, channel by channel; the newest line of a channel counts.
consents = Table(
    "consents", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel", String(16), nullable=False),  # one of collect.consents.CHANNELS
    Column("given", Boolean, nullable=False),
    Column("day", Day, nullable=False),  # on which she said so
    Column("source", String(120), nullable=False),  # where: a chat, a form, a card in the parcel
    Column("wording", Text, nullable=False),  # what she agreed to, word for word
    Column("actor", String(64), nullable=False),
    Column("at", Seconds, nullable=False),  # when it was written down
    Column("batch_id", Key, index=True),
    info={"changes": Changes.CONSENTS},
    sqlite_autoincrement=True,
)  # fmt: skip

# "Do not write to me": wins over every consent, and outlives merge, import and deletion by the hash of what she is
# reached by.
opt_outs = Table(
    "opt_outs", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="SET NULL"), index=True),
    Column("channel", String(16), nullable=False),  # one of collect.consents.CHANNELS, or "all"
    # HMAC-SHA256 of what she is reached by (kind, value, of accounts the platform); None: she has no identity.
    Column("identity_hash", String(64), index=True),
    Column("day", Day, nullable=False),
    Column("source", String(120), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("at", Seconds, nullable=False),
    info={"changes": Changes.CONSENTS},
    sqlite_autoincrement=True,
)  # fmt: skip

# Where somebody follows the shop or is a friend of it.
follows = Table(
    "follows", metadata,
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", String(16), primary_key=True),  # one of collect.consents.FOLLOWED
    Column("since_day", Day),
    Column("at", Seconds, nullable=False),
    info={"changes": Changes.CONSENTS},
    sqlite_with_rowid=False,
)  # fmt: skip

# "These are two people": the seller has said it, and they are not suggested to be one again.
distinct_customers = Table(
    "distinct_customers", metadata,
    Column("first_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),  # the smaller id
    Column("second_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", Seconds, nullable=False),
    Column("actor", String(64), nullable=False),
    info={"changes": Changes.CUSTOMERS},
    sqlite_with_rowid=False,
)  # fmt: skip

# An identity that was given to a customer known from elsewhere.
merges = Table(
    "merges", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("identity_id", Key, ForeignKey("identities.id", ondelete="CASCADE"), nullable=False),
    Column("evidence", Text, nullable=False),  # JSON: {"kind": "phone", "value": ...}
    Column("at", Seconds, nullable=False),
    Column("batch_id", Key, index=True),
    info={"changes": Changes.CUSTOMERS},
)  # fmt: skip

# Customers who were made one, and can be made two again: what went along stands in the journal of the change set.
customer_merges = Table(
    "customer_merges", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("gone_id", Key, nullable=False, index=True),
    Column("change_set_id", Key, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON list of {"kind": "phone", "value": ...}
    Column("choices", Text, nullable=False),  # JSON list of the fields that were taken from the one who left
    Column("at", Seconds, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("batch_id", Key, index=True),  # the import that found it out; None: by hand
    info={"changes": Changes.CUSTOMERS},
    sqlite_autoincrement=True,
)  # fmt: skip
