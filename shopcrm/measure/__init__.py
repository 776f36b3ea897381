"""Measure: did it work (rows E). Rules over the shop's columns, told the date."""
