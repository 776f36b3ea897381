"""What holds for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

from shopcrm.base import i18n
from tests.proving import LONG

# A busy machine is no bug: examples have no time limit. A run twice says the same; the long proof looks for new ones.
settings.register_profile("shopcrm", deadline=None, derandomize=not LONG)
settings.load_profile("shopcrm")

# What a test reads is English, whatever the machine speaks and the test before left.
os.environ.pop("LC_ALL", None)
os.environ["LC_MESSAGES"] = "en"


def pytest_runtest_setup() -> None:
    i18n.set_language("en")
