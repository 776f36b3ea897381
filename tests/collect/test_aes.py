"""AES backwards gives what the standard's own examples say."""

from __future__ import annotations

import pytest

from shopcrm.collect import aes


@pytest.mark.parametrize(
    ("size", "encrypted"),
    [
        (16, "69c4e0d86a7b0430d8cdb78070b4c55a"),
        (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
        (32, "8ea2b7ca516745bfeafc49904b496089"),
    ],
)
def test_the_examples_of_fips_197(size: int, encrypted: str) -> None:
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    one = bytes.fromhex(encrypted)
    assert aes.decrypted(one, bytes(range(size))) == plain
    many = (aes._AT_ONCE + 3) * one  # more than are done at once
    assert aes.decrypted(many, bytes(range(size))) == (aes._AT_ONCE + 3) * plain
    assert aes.decrypted(b"", bytes(size)) == b""


def test_a_chain_of_blocks_as_nist_sp_800_38a_has_it() -> None:
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    first = bytes(range(16))
    encrypted = bytes.fromhex("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2")
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
    assert aes.decrypted(encrypted, key, previous=first + encrypted[:16]) == plain


@pytest.mark.parametrize(("data", "key"), [(b"x" * 15, b"k" * 16), (b"x" * 16, b"k" * 15)])
def test_nothing_else_is_taken(data: bytes, key: bytes) -> None:
    with pytest.raises(ValueError, match=r"1[56]"):
        aes.decrypted(data, key)
