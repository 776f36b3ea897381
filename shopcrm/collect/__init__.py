"""Collect (C): files in, identities, customers, notes, tags, orders, statistics."""
