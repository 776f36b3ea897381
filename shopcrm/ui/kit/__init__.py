"""Widgets that know no shop."""
