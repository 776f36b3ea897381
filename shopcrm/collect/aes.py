"""AES backwards, for files that come with a password: many blocks at once, by numpy (C1).

What is opened here is the user's own file with the user's own password, on the user's own machine: nothing is kept
secret by this module, so it need not take the same time for every key.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 16
_AT_ONCE: Final = 1 << 15  # blocks
_POLYNOMIAL: Final = 0x11B

Words: TypeAlias = NDArray[np.uint32]


class _Tables(NamedTuple):
    """What a byte becomes. `rounds`: of an inner round backwards, for each place in a word."""

    forwards: tuple[int, ...]
    backwards: Words
    rounds: tuple[Words, Words, Words, Words]


def decrypted(data: bytes, key: bytes, *, previous: bytes | None = None) -> bytes:
    """Whole blocks as they were before they were encrypted.

    Args:
        data: The blocks.
        key: 16, 24 or 32 bytes.
        previous: As long as the data: what was added to each block, in CBC the encrypted block before it.

    Raises:
        ValueError: no whole blocks, or a key of another length.
    """
    if len(data) % BLOCK or len(key) not in (16, 24, 32):
        raise ValueError(len(data), len(key))
    keys = _backwards(_expanded(key))
    words = np.frombuffer(data, ">u4").astype(np.uint32).reshape(-1, 4)
    parts = [_blocks(words[at : at + _AT_ONCE], keys) for at in range(0, len(words), _AT_ONCE)]
    plain = np.concatenate(parts) if parts else words
    if previous is not None:
        plain = plain ^ np.frombuffer(previous, ">u4").astype(np.uint32).reshape(-1, 4)
    return plain.astype(">u4").tobytes()


def _blocks(words: Words, keys: list[list[int]]) -> Words:
    tables = _tables()
    state = [words[:, place] ^ np.uint32(keys[0][place]) for place in range(4)]
    for key in keys[1:-1]:
        state = [
            tables.rounds[0][state[place] >> 24]
            ^ tables.rounds[1][state[place - 1] >> 16 & 255]
            ^ tables.rounds[2][state[place - 2] >> 8 & 255]
            ^ tables.rounds[3][state[place - 3] & 255]
            ^ np.uint32(key[place])
            for place in range(4)
        ]
    last = tables.backwards
    return np.stack(
        [
            last[state[place] >> 24] << 24
            ^ last[state[place - 1] >> 16 & 255] << 16
            ^ last[state[place - 2] >> 8 & 255] << 8
            ^ last[state[place - 3] & 255]
            ^ np.uint32(keys[-1][place])
            for place in range(4)
        ],
        axis=1,
    )


def _expanded(key: bytes) -> list[list[int]]:
    """The round keys, four words each."""
    size = len(key) // 4
    words = [int.from_bytes(key[at : at + 4]) for at in range(0, len(key), 4)]
    forwards = _tables().forwards
    constant = 1
    for at in range(size, 4 * (size + 7)):
        word = words[-1]
        if at % size == 0:
            word = _substituted((word << 8 | word >> 24) & 0xFFFFFFFF, forwards) ^ constant << 24
            constant = _times(constant, 2)
        elif size == 8 and at % size == 4:
            word = _substituted(word, forwards)
        words.append(words[at - size] ^ word)
    return [words[at : at + 4] for at in range(0, len(words), 4)]


def _backwards(keys: list[list[int]]) -> list[list[int]]:
    """The round keys as they are added on the way back."""
    mixed = [[_mixed(word) for word in key] for key in keys[-2:0:-1]]
    return [keys[-1], *mixed, keys[0]]


def _substituted(word: int, forwards: tuple[int, ...]) -> int:
    return int.from_bytes(bytes(forwards[byte] for byte in word.to_bytes(4)))


def _mixed(word: int) -> int:
    """A column unmixed."""
    return _column(word >> 24) ^ _turned(word >> 16 & 255, 8) ^ _turned(word >> 8 & 255, 16) ^ _turned(word & 255, 24)


def _column(byte: int) -> int:
    return _times(byte, 14) << 24 | _times(byte, 9) << 16 | _times(byte, 13) << 8 | _times(byte, 11)


def _turned(byte: int, by: int) -> int:
    column = _column(byte)
    return (column >> by | column << 32 - by) & 0xFFFFFFFF


def _times(one: int, other: int) -> int:
    """Two bytes multiplied as polynomials."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 0x100:
            one ^= _POLYNOMIAL
        other >>= 1
    return product


@cache
def _tables() -> _Tables:
    powers = [1]
    while len(powers) < 255:
        powers.append(_times(powers[-1], 3))
    inverse = {power: powers[-at % 255] for at, power in enumerate(powers)} | {0: 0}
    forwards = []
    for byte in range(256):
        word = inverse[byte] * 0x0101  # turned to the left by 1 to 4, all added
        turned = [word >> 8 - by & 255 for by in range(5)]
        forwards.append(turned[0] ^ turned[1] ^ turned[2] ^ turned[3] ^ turned[4] ^ 0x63)
    backwards = [forwards.index(byte) for byte in range(256)]
    first, second, third, fourth = (
        np.array([_turned(backwards[byte], by) for byte in range(256)], np.uint32) for by in (0, 8, 16, 24)
    )
    return _Tables(tuple(forwards), np.array(backwards, np.uint32), (first, second, third, fourth))
