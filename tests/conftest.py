"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no bug: examples have no time limit.
settings.register_profile("shopcrm", deadline=None)
settings.load_profile("shopcrm")
