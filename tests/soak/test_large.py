"""Pictures of gigabytes in the window: what they take of memory by the system's figure, and that their values are true.

The files are sparse, so that they take no room on the disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import tifffile

pytestmark = pytest.mark.soak

BUDGET = 512  # MiB that maps may take
PLACES = [(0, 0), (12_345, 23_456), (29_990, 29_990), (29_999, 3)]


def tiff(path):
    """A grey TIFF of 900 million pixels in one strip each row, with some noise around the places."""
    pixels = tifffile.memmap(
        path, shape=(30_000, 30_000), dtype=np.uint8, photometric="minisblack", bigtiff=True
    )
    _scatter(pixels)
    pixels.flush()


def npy(path):
    """A .npy file of 8 GB."""
    pixels = np.lib.format.open_memmap(path, "w+", np.float64, (30_000, 34_000))
    _scatter(pixels)
    pixels.flush()


def _scatter(pixels):
    rng = np.random.default_rng(1)
    for row, col in PLACES:
        at = np.s_[max(row - 40, 0) : row + 40, max(col - 40, 0) : col + 40]
        pixels[at] = rng.integers(0, 256, pixels[at].shape)


@pytest.mark.parametrize("write", [tiff, npy])
def test_a_window_on_gigabytes_stays_within_its_memory_and_shows_true_values(write, tmp_path):
    import filterlab as fl
    from filterlab.images.parts.reading import PictureParts

    path = tmp_path / ("large.tif" if write is tiff else "large.npy")
    write(path)
    pipeline = fl.Pipeline(
        [
            fl.Node("blur", fl.Filter2d(fl.kernels.gaussian(5)), ("image",)),
            fl.Node("sobel", fl.Filter2d(fl.kernels.sobel(3)), ("blur",)),
            fl.Node("edges", fl.ReLU(), ("sobel",)),
        ]
    )
    pipeline.save(tmp_path / "p.json")
    arguments = [path, tmp_path / "p.json", tmp_path / "home", BUDGET, json.dumps(PLACES)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.looking", *map(str, arguments)],
        timeout=600,
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert not done.returncode, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["texts"] == []
    assert found["peak"] - found["before"] <= BUDGET, found
    with PictureParts(path) as parts:
        _, height, width = parts.shape
        for (row, col), value in zip(PLACES, found["values"], strict=True):
            # So much that the borders of the crop do not matter to the value, unless they are the picture's own.
            top, left = max(row - 10, 0) // 2 * 2, max(col - 10, 0) // 2 * 2
            around = parts.read((top, min(row + 11, height)), (left, min(col + 11, width)))
            assert value == pipeline.run(around)["edges"][0, row - top, col - left]
