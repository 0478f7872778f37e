"""Kernel texts and files that were damaged at random: a kernel comes, or one line of ours."""

from __future__ import annotations

import io
import random
import warnings
from collections import Counter

import numpy as np
import pytest

from filterlab.errors import FilterLabError
from filterlab.kernels import parse, read_kernel

TEXTS = [
    b"1,0,-1\n2,0,-2\n1,0,-1\n",
    b"-1,0;0,0;1,0\n-2,0;0,0;2,0\r\n-1,0;0,0;1,0\n",
    b"-1,0\t0,5\t1,0\n1\t2\t3\n",
    b"k = np.array([[1, 2], [3., 4e0]], dtype=np.float32) / 16  # Scharr\n",
    b"1/16 * [1 2 1; 2 4 2; 1 2 1]; % binomial\n",
    b"{{1.0f, 2.f}, {.5f, -3f}}",
    b"(1/4) * ((1, 2),\n (3, 4))",
    "1\xa0000\xa02\u202f5\n3 4 5\n".encode(),
    "1;0;−1\n".encode("utf-16"),
    b"1\xa02\xa03\n4 5 6\n",
    b'"1,5","2,5"\n"0","1"\n',
]
LETTERS = b"0123456789,;.-+eEfnaO[](){}*/=%#\"'\t\n\r \0\xff\xfe\xa0:<>|_"


def arrays():
    """Small .npy files."""
    for dtype in ("<f4", ">f8", "i1", "<u8", "?", "<f2", "<c8"):
        for version in ((1, 0), (2, 0)):
            stream = io.BytesIO()
            np.lib.format.write_array(stream, np.arange(6).reshape(2, 3).astype(dtype), version)
            yield stream.getvalue()


SEEDS = [*TEXTS, *arrays()]


def damaged(rng):
    """One of the seeds with bytes changed, put in, taken out, repeated, cut off, or taken from another."""
    data = bytearray(rng.choice(SEEDS))
    for _ in range(rng.choice((1, 1, 2, 3, 8, 20))):
        place, way = rng.randrange(len(data) + 1), rng.randrange(6)
        if way == 0 and data:
            data[place % len(data)] = rng.choice(LETTERS)
        elif way == 1:
            data.insert(place, rng.choice(LETTERS))
        elif way == 2:
            del data[place : place + rng.randrange(1, 5)]
        elif way == 3:
            piece = data[place : place + rng.randrange(1, 30)]
            data[place:place] = piece * rng.choice((1, 1, 1, 50, 2000))
        elif way == 4:
            del data[place + 1 :]
        else:
            data[place:place] = rng.choice(SEEDS)[rng.randrange(8) :][: rng.randrange(1, 40)]
    return bytes(data)


def outcome(read, source):
    """Kernel or the type of the refusal; both are checked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            kernel = read(source)
    except FilterLabError as error:
        message = str(error)
        assert len(message) < 300, message
        assert len(message.splitlines()) == 1, message
        return type(error).__name__
    assert kernel.ndim == 2
    assert 1 <= min(kernel.shape) <= max(kernel.shape) <= 255
    assert np.isfinite(kernel).all()
    return "kernel"


def run(folder, count, seed):
    rng = random.Random(seed)
    found = Counter()
    for _ in range(count):
        data = damaged(rng)
        path = folder / f"k{rng.choice(('.csv', '.txt', '.npy', '.m'))}"
        path.write_bytes(data)
        found[outcome(read_kernel, path)] += 1
        found[outcome(parse, data.decode("latin-1"))] += 1
    return found


@pytest.mark.parametrize("seed", range(3))
def test_damaged_kernels_are_read_or_refused_in_one_line(tmp_path, seed):
    assert run(tmp_path, 150, seed)["kernel"] > 3


@pytest.mark.soak
def test_ten_thousand_damaged_kernels(tmp_path):
    found = run(tmp_path, 10_000, 10)
    assert set(found) == {"kernel", "ParameterError", "FileError", "AmbiguousKernelError"}
