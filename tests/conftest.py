"""What holds for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

from shopcrm.base import i18n

# A busy machine is no bug: examples have no time limit.
settings.register_profile("shopcrm", deadline=None)
settings.load_profile("shopcrm")

# What a test reads is English, whatever the machine speaks and the test before left.
os.environ.pop("LC_ALL", None)
os.environ["LC_MESSAGES"] = "en"


def pytest_runtest_setup() -> None:
    i18n.set_language("en")
