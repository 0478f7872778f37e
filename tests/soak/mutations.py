"""Damage that any file can take: what disks, cables, editors and people who mean harm do to bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Mutation = Callable[[Random, bytes], bytes]

# Counts and sizes at which arithmetic turns over, or memory runs out.
WHOLE = (
    0,
    1,
    2,
    3,
    7,
    8,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    2**24,
    2**28,
    2**31 - 1,
    2**31,
    2**32 - 1,
)
MANY = (1_000, 10_000, 100_000)  # how often a legal element is repeated
_LONG = (*WHOLE, 2**40, 2**63 - 1, 2**63, 2**64 - 1)
_NUMERALS = (
    *(
        "0",
        "-1",
        "1",
        "255",
        "256",
        "65535",
        "65536",
        "99999",
        "2147483648",
        "4294967296",
        "99999999999999999999",
    ),
    *("1e9", "1e400", "-0", "0x10", "1_000", "٣", "NaN", "inf", "1.5", "9" * 400),
)


def _place(rng: Random, data: bytes) -> int:
    """Anywhere; half of the time near the start, where formats keep their counts."""
    return (
        rng.randrange(max(len(data), 1)) if rng.random() < 0.5 else rng.randrange(max(min(len(data), 256), 1))
    )


def flip_bits(rng: Random, data: bytes) -> bytes:
    """One to eight flipped bits."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 8))):
        if found:
            found[_place(rng, data)] ^= 1 << rng.randrange(8)
    return bytes(found)


def flip_late_bit(rng: Random, data: bytes) -> bytes:
    """One flipped bit in the second half, where most formats have pixels: damage that leaves their sizes alone."""
    found = bytearray(data)
    found[rng.randrange(len(data) // 2, len(data))] ^= 1 << rng.randrange(8)
    return bytes(found)


def set_byte(rng: Random, data: bytes) -> bytes:
    """One byte of another value."""
    place = _place(rng, data)
    value = rng.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, rng.randrange(256)))
    return data[:place] + bytes([value]) + data[place + 1 :]


def overwrite_run(rng: Random, data: bytes) -> bytes:
    """A run of zeros, of ones, or of noise in place of what was there."""
    place, length = _place(rng, data), rng.choice((2, 4, 16, 64, 512))
    run = rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length)))
    return (data[:place] + run + data[place + length :])[: len(data)]


def set_integer(rng: Random, data: bytes) -> bytes:
    """A whole number of two, four or eight bytes, of either order, in place of what was there."""
    size = rng.choice((2, 4, 4, 8))
    place = _place(rng, data) // 2 * 2
    value = rng.choice(_LONG) % (1 << 8 * size)
    return data[:place] + value.to_bytes(size, rng.choice(("little", "big"))) + data[place + size :]


def set_numeral(rng: Random, data: bytes) -> bytes:
    """Digits in place of other digits, where the file holds text; else as `set_integer`."""
    found = list(re.finditer(rb"\d+", data[: 1 << 16]))
    if not found:
        return set_integer(rng, data)
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(_NUMERALS).encode() + data[match.end() :]


def cut_end(rng: Random, data: bytes) -> bytes:
    """The start of the file alone."""
    return data[: rng.randrange(len(data))] if rng.random() < 0.5 else data[: -rng.randint(1, 32)]


def cut_start(rng: Random, data: bytes) -> bytes:
    """The file without its first bytes."""
    return data[rng.choice((1, 2, 4, 8, 32)) :]


def cut_middle(rng: Random, data: bytes) -> bytes:
    """The file without some bytes in between."""
    place = _place(rng, data)
    return data[:place] + data[place + rng.choice((1, 2, 4, 16, 128)) :]


def duplicate(rng: Random, data: bytes) -> bytes:
    """A block of the file twice, or some hundred times."""
    place, length = _place(rng, data), rng.choice((1, 4, 12, 100))
    block = data[place : place + length]
    return data[:place] + block * rng.choice((2, 2, 3, 300)) + data[place + length :]


def move_block(rng: Random, data: bytes) -> bytes:
    """A block of the file at another place."""
    one, length, other = _place(rng, data), rng.choice((4, 12, 64)), _place(rng, data)
    block, rest = data[one : one + length], data[:one] + data[one + length :]
    return rest[:other] + block + rest[other:]


def insert_noise(rng: Random, data: bytes) -> bytes:
    """Bytes that were not there."""
    place = _place(rng, data)
    return data[:place] + rng.randbytes(rng.choice((1, 2, 8, 100))) + data[place:]


def append(rng: Random, data: bytes) -> bytes:
    """Something behind the end: noise, zeros, the same file once more."""
    return data + rng.choice((rng.randbytes(50), bytes(1000), data))


MUTATIONS: tuple[Mutation, ...] = (
    *(
        flip_bits,
        flip_bits,
        flip_late_bit,
        flip_late_bit,
        set_byte,
        overwrite_run,
        set_integer,
        set_integer,
        set_numeral,
    ),
    *(cut_end, cut_end, cut_start, cut_middle, duplicate, move_block, insert_noise, append),
)


def splice(rng: Random, one: bytes, other: bytes) -> bytes:
    """The start of one file and the end of another."""
    share = rng.random()
    return one[: int(len(one) * share)] + other[int(len(other) * share) :]
