"""Kernels as text, in all the ways that people and their programs write a matrix."""

from __future__ import annotations

import re
from random import Random

from tests.soak.hostile import Kind

_CELLS = (
    *(
        "1/0",
        "1e400",
        "-",
        "--1",
        "1/1/1",
        "1e",
        ".",
        "1.2.3",
        "NaN",
        "inf",
        "0x1F",
        "1j",
        "½",
        "²",
        "٣",
        "−1",
        "1 000",
        "1,5",
    ),
    *(
        "9" * 5000,
        "1/3",
        "1e-400",
        "",
        "''",
        "None",
        "True",
        "pi",
        "sqrt(2)",
        "__import__('os')",
        "1\0",
        "\u00a01",
        "\u20091",
        "1_0",
    ),
)
_SEPARATORS = (
    " ",
    ",",
    ";",
    "\t",
    ", ",
    "; ",
    "|",
    "\u00a0",
    "\u2009",
    "\u202f",
    "  ",
    ",,",
    "\r",
    "\n",
    "\r\n",
    "\x0b",
    "\u2028",
    "\\",
)
_FRAMES = (
    "[%s]",
    "[[%s]]",
    "(%s)",
    "{%s}",
    "np.array(%s)",
    "np.array([%s], dtype=float)",
    "1/16 * [%s]",
    "%s / 0",
    "k = %s",
    "%s;",
)


def change_cell(rng: Random, data: bytes) -> bytes:
    """A cell that is another number, or none."""
    found = list(re.finditer(r"[\d.]+", text := data.decode("utf-8")))
    match = rng.choice(found)
    return (text[: match.start()] + rng.choice(_CELLS) + text[match.end() :]).encode()


def change_separators(rng: Random, data: bytes) -> bytes:
    """Other blanks, commas or line ends, everywhere or at one place."""
    text = data.decode("utf-8")
    old = rng.choice([mark for mark in _SEPARATORS if mark in text])
    return text.replace(old, rng.choice(_SEPARATORS), rng.choice((-1, 1, 2))).encode()


def change_frame(rng: Random, data: bytes) -> bytes:
    """Other brackets and factors around it, once or very often."""
    text = data.decode("utf-8")
    frame = rng.choice(_FRAMES)
    for _ in range(rng.choice((1, 1, 2, 2000))):
        text = frame.replace("%s", text) if len(text) < 100_000 else text
    return text.encode()


def change_size(rng: Random, data: bytes) -> bytes:
    """Very many rows, cells, brackets or blanks."""
    many = rng.choice((300, 5000, 200_000))
    return rng.choice(
        (
            data * (many // 50),
            b"1 " * many,
            b"1\n" * many,
            b"[" * many,
            b"]" * many,
            b" " * many,
            b"1/" * many,
            b"#" * many,
        )
    )


def change_encoding(rng: Random, data: bytes) -> bytes:
    """The same text in the bytes of another system."""
    text = data.decode("utf-8")
    return rng.choice(
        (
            text.encode("utf-16"),
            b"\xef\xbb\xbf" + data,
            text.encode("utf-32"),
            data + b"\xff",
            data + b"\x1a",
            data + bytes(9),
        )
    )


def bases() -> list[bytes]:
    """Plain rows, spreadsheets, Python, NumPy, MATLAB, with comments, fractions and factors."""
    texts = (
        *(
            "1 2 1\n0 0 0\n-1 -2 -1\n",
            "-1,0,1\n-2,0,2\n-1,0,1\n",
            "-1;0;1\r\n-2;0;2\r\n-1;0;1\r\n",
            "0,5\t1\n1\t0,5\n",
        ),
        *(
            "[[0, 1, 0], [1, -4, 1], [0, 1, 0]]",
            "np.array([[1, 2],\n          [3, 4.5]], dtype=np.float32)",
            "[1 2; 3 4]",
        ),
        *(
            "1/16 * [1 2 1; 2 4 2; 1 2 1]",
            "# a comment\n1 2\n3 4\n",
            "k = [1, 2, ...\n 3, 4]",
            "1/9 1/9 1/9\n1/9 1/9 1/9\n",
            "7",
        ),
        *(
            "[[1,1],[1,1]]/4",
            "1e-3 2E+2\n-.5 .25\n",
            "{ {1, 0}, {0, -1} }",
            "torch.tensor([[1., 0.], [0., -1.]])",
            "1\t2\t3\n4\t5\t6\n",
        ),
    )
    return [text.encode() for text in texts]


_EDITS = (
    change_cell,
    change_cell,
    change_separators,
    change_separators,
    change_frame,
    change_size,
    change_encoding,
)
_READER = "tests.soak.readers:kernel"
KINDS = (Kind("kerneltext", "files", _READER, ".txt", bases, _EDITS, tells_cuts=False, aware=0.6, share=1.5),)
