"""What a transaction touched, one flag per noun; screens decide whether it is theirs."""

from __future__ import annotations

from enum import Flag, auto


class Changes(Flag):
    """Added up by the engine while a transaction writes, told once after its commit."""

    NONE = 0
    SHOP = auto()
    OPTIONS = auto()
    CUSTOMERS = auto()
    ORDERS = auto()
    STATISTICS = auto()
    NOTES = auto()
    TAGS = auto()
    REMINDERS = auto()
    IMPORTS = auto()
    JOURNAL = auto()
    ATTRIBUTES = auto()
    SCRIPTS = auto()
    PRODUCTS = auto()
    CONSENTS = auto()
    VIEWS = auto()
    ALL = (
        SHOP | OPTIONS | CUSTOMERS | ORDERS | STATISTICS | NOTES | TAGS | REMINDERS | IMPORTS | JOURNAL
        | ATTRIBUTES | SCRIPTS | PRODUCTS | CONSENTS | VIEWS
    )  # fmt: skip
