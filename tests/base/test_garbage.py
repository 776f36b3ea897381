"""While many rows pass through, nobody looks for garbage; afterwards as before, whatever happened."""

from __future__ import annotations

import gc

import pytest

from shopcrm.base import garbage


def test_nobody_looks_for_garbage_meanwhile_and_afterwards_as_before() -> None:
    with pytest.raises(ZeroDivisionError):
        _fail()
    assert gc.isenabled()


def _fail() -> None:
    with garbage.left_alone():
        with garbage.left_alone():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise ZeroDivisionError
