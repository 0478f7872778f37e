"""Readers that do what none of ours may, for the tests of those who watch over readers.

They import nothing but what each of them uses: a worker imports this file within the patience for a first answer.
"""

from __future__ import annotations

from pathlib import Path


def hang(path: Path):
    """Never answer."""
    while True:
        pass


def sleep(path: Path):
    """Never answer, and do nothing."""
    import time

    time.sleep(1e6)


def die(path: Path):
    """End the process as a broken library would."""
    import ctypes

    ctypes.string_at(0)


def print_below(path: Path):
    """Print as a C library does, past Python."""
    import os

    os.write(2, b"libx warning: something\n")
    return {"shape": [1], "digest": "", "remarks": [], "bytes": 0}


def take_memory(path: Path):
    """Fill 64 MiB and give nothing for it."""
    import numpy as np

    np.ones(64 << 17)
    return {"shape": [1], "digest": "", "remarks": [], "bytes": 0}


def raise_another(path: Path):
    """Let an exception of Python through."""
    raise KeyError("what")


def refuse(path: Path):
    """Refuse as promised."""
    from filterlab.errors import ImageError

    raise ImageError("it is broken", "a file", "export it again")
