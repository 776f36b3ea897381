"""Widgets that take a context."""
