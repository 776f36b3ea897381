"""Words and tools that know no shop: money, clock, text, errors, languages."""
