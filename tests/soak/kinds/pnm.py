"""PNM, PAM and PFM: their headers are words."""

from __future__ import annotations

import re
from random import Random

import numpy as np

from tests.soak import pictures
from tests.soak.hostile import Kind
from tests.soak.mutations import MANY
from tests.soak.pictures import Whole, whole

_READER = "tests.soak.readers:picture"
_NUMBERS = (
    "0",
    "-1",
    "1",
    "255",
    "256",
    "65535",
    "65536",
    "30000",
    "2147483648",
    "99999999999999999999",
    "9" * 5000,
    "1.5",
    "x",
    "",
)


def change_header(rng: Random, data: bytes) -> bytes:
    """Another size or greatest value."""
    found = list(re.finditer(rb"\d+", data[2:40]))[:3]
    match = rng.choice(found)
    return data[: 2 + match.start()] + rng.choice(_NUMBERS).encode() + data[2 + match.end() :]


def change_magic(rng: Random, data: bytes) -> bytes:
    """Another kind in front of the same rest."""
    return (
        rng.choice((b"P0", b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"P7", b"P8", b"Pf", b"PF", b"P5P5"))
        + data[2:]
    )


def add_comment(rng: Random, data: bytes) -> bytes:
    """A comment where one may stand, or may not: short, endless, or with digits in it."""
    comment = rng.choice(
        (b"# words\n", b"#" * 100_000, b"# 12 12 255\r", b"#\n" * 20_000, b"#\xff\xfe\n", b" " * 100_000)
    )
    place = rng.choice((2, 3, 6, 9, 12))
    return data[:place] + comment + data[place:]


def many_in_one(rng: Random, data: bytes) -> bytes:
    """Several pictures in a row, as the format allows, or far too many of them."""
    small = rng.choice(
        (b"P4 1 1 \0", b"P5 1 1 255\n\5", b"P5 0 1 255\n", b"P1 1 1 1\n", b"Pf 1 1 -1 \0\0\0\0", b"P6")
    )
    return rng.choice(
        (data * 2, data * 3, data * 1500, data + small * rng.choice(MANY), small * rng.choice(MANY))
    )


def bases() -> list[Whole]:
    """P1 to P7 and both PF, with comments, line ends of Windows, and depths that are no whole bytes."""
    rgb, grey, wide = pictures.rgb(), pictures.grey(), pictures.wide().astype(">u2")
    height, width = grey.shape
    size = f"{width} {height}".encode()
    text = b"\n".join(b" ".join(str(v).encode() for v in row) for row in grey % 200)
    floats = (grey[::-1] / np.float32(255)).astype("<f4")
    bits = b"\n".join(b" ".join(b"1" if v > 99 else b"0" for v in row) for row in grey)
    colours = b" ".join(str(v).encode() for v in rgb.ravel())
    pam = b"P7\nWIDTH %d\nHEIGHT %d\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n" % (width, height)
    low = np.minimum(grey, 239)
    colour_floats = (rgb[::-1] / np.float32(255)).astype(">f4")
    return [
        whole(b"P1\n# bits\n" + size + b"\n" + bits + b"\n", grey <= 99),
        whole(b"P2 " + size + b" 199\n" + text + b"\n", grey % 200 / 199),
        whole(b"P3\n" + size + b"\n255\n" + colours + b"\n", rgb),
        whole(b"P4\n" + size + b"\n" + np.packbits(grey > 99, axis=1).tobytes(), grey <= 99),
        whole(b"P5\n" + size + b"\n255\n" + grey.tobytes(), grey),
        whole(b"P5\n" + size + b"\n65535\n" + wide.tobytes(), pictures.wide()),
        whole(b"P5\n" + size + b"\n239\n" + low.tobytes(), low / 239),
        whole(b"P6\n#c\n" + size + b"\n255\n" + rgb.tobytes(), rgb),
        whole(pam + pictures.rgba().tobytes(), pictures.rgba()),
        whole(b"Pf\n" + size + b"\n-1.0\n" + floats.tobytes(), grey / 255),
        whole(b"Pf\r\n" + size + b"\r\n-1.0\r\n" + floats.tobytes(), grey / 255),
        whole(b"PF\r\n" + size + b"\r\n1.0\r\n" + colour_floats.tobytes(), rgb / 255),
        whole(b"P5\r\n" + size + b"\r\n255\r\n" + grey.tobytes(), grey),
    ]


def _packed() -> list[Whole]:
    return [base for base in bases() if base.data[:2] not in (b"P1", b"P2", b"P3")]


def _plain() -> list[Whole]:
    return [base for base in bases() if base.data[:2] in (b"P1", b"P2", b"P3")]


_EDITS = (change_header, change_header, change_magic, add_comment, many_in_one)
# The last number of a text may lose its last digit, and nobody can tell.
KINDS = (
    Kind("pnm", "files", _READER, ".pnm", _packed, _EDITS),
    Kind("pnmtext", "files", _READER, ".ppm", _plain, _EDITS, tells_cuts=False),
)
