"""Small pictures and pipelines for batches."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl


@pytest.fixture(autouse=True)
def disk(patient_disk):
    """Folders are free again when a run is over."""


@pytest.fixture
def pictures(tmp_path, rng):
    """Three RGB pictures in a folder."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.png", "b.png", "c.png"):
        fl.write_image(folder / name, rng.random((3, 6, 8)).astype(np.float32), range=(0, 1))
    return folder


@pytest.fixture
def pipeline():
    """A picture node, a node of feature maps and a vector, in that order."""
    return fl.Pipeline(
        [
            ("blur", fl.Filter2d(fl.kernels.box(3))),
            ("maps", fl.Conv2d(np.float32([[[[1]], [[-1]], [[0]]], [[[0]], [[1]], [[1]]]]))),
            ("flat", fl.GlobalAvgPool2d()),
            ("sum", fl.Flatten()),
            ("scores", fl.Softmax(labels=("cat", "dog"))),
        ]
    )
