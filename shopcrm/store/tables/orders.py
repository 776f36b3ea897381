"""Orders and standalone returns, their lines, and the identities each of them named."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from shopcrm.base.changes import Changes
from shopcrm.store.search_tables import backwards
from shopcrm.store.tables.schema import Day, Key, Minor, Seconds, metadata

orders = Table(
    "orders", metadata,
    Column("id", Key, primary_key=True),
    Column("store_id", Key, ForeignKey("stores.id"), nullable=False),
    Column("number", String(64), nullable=False),
    Column("kind", String(8), nullable=False),  # order | return (a document of its own with negative amounts)
    Column("customer_id", Key, ForeignKey("customers.id")),  # None: no identifiable buyer
    Column("state", String(10), nullable=False),
    Column("created_at", Seconds),
    Column("paid_at", Seconds),
    Column("shipped_at", Seconds),
    Column("signed_at", Seconds),
    Column("finished_at", Seconds),
    Column("plain_dates", SmallInteger, nullable=False),  # bits: 1 created_at, 2 paid_at and later ones
    Column("day", Day),  # of paid_at, else created_at, in the shop's zone
    Column("currency", String(3), nullable=False),
    Column("paid", Minor, nullable=False),
    Column("refunded", Minor, nullable=False),
    Column("amounts_from_items", Boolean, nullable=False),  # added up from lines; an order report corrects them
    Column("valid", Boolean, nullable=False),  # by collect.purchases
    Column("title", Text),  # what the order report says of its goods
    Column("units", Key),
    Column("buyer_name", String(200)),
    Column("recipient_name", String(200)),
    Column("recipient_phone", String(64)),
    Column("address", Text),
    Column("province", String(64)),
    Column("city", String(64)),
    Column("buyer_message", Text),
    Column("seller_note", Text),
    Column("closed_reason", Text),
    Column("tracking_number", String(64)),
    Column("carrier", String(64)),
    Column("snapshot_at", Seconds),  # when the newest file that was read was exported, if its name says so
    UniqueConstraint("store_id", "number", "kind"),
    Index("ix_orders_customer_id_day", "customer_id", "day"),
    Index("ix_orders_number_backwards", text(backwards("number"))),
    Index("ix_orders_tracking_number", "tracking_number", sqlite_where=text("tracking_number IS NOT NULL")),
    Index(
        "ix_orders_tracking_number_backwards", text(backwards("tracking_number")),
        sqlite_where=text("tracking_number IS NOT NULL"),
    ),
    info={"changes": Changes.ORDERS},
    sqlite_autoincrement=True,
)  # fmt: skip

order_items = Table(
    "order_items", metadata,
    Column("id", Key, primary_key=True),
    Column("order_id", Key, ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Key, nullable=False),
    Column("line_number", String(64)),  # the platform's number of the line (子订单编号)
    Column("article", String(200)),  # the seller's code, else the platform's id
    Column("title", Text, nullable=False),
    Column("variant", Text),
    Column("quantity", Key, nullable=False),
    Column("price", Minor),  # of one
    Column("paid", Minor),  # of the line
    Column("refunded", Minor, nullable=False),
    Column("state", String(10)),
    info={"changes": Changes.ORDERS},
    sqlite_autoincrement=True,  # an undo puts lines back under their old ids
)  # fmt: skip

order_identities = Table(
    "order_identities", metadata,
    Column("order_id", Key, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True),
    Column("identity_id", Key, ForeignKey("identities.id", ondelete="CASCADE"), primary_key=True, index=True),
    info={"changes": Changes.ORDERS},
    sqlite_with_rowid=False,
)  # fmt: skip
