"""A picture of some hundred rows that counts as larger than memory."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QCoreApplication

from filterlab.gui.bench.work import Picture
from filterlab.gui.files.reading import levels_of
from filterlab.images.parts import levels

RNG = np.random.default_rng(3)
VALUES = RNG.integers(0, 256, (600, 800), np.uint8)
BUDGET = 2 << 20  # bytes; the picture alone takes as many
NEAR = (200.0, 300.0, 60.0, 80.0)  # the part of the picture that is looked at


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Pictures of some hundred rows count as large."""
    monkeypatch.setattr(levels, "SMALLEST", 128)
    monkeypatch.setattr(levels, "_BLOCK", 32)
    monkeypatch.setattr(levels, "HELD", 1 << 13)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "large.tif"
    tifffile.imwrite(file, VALUES, photometric="minisblack", tile=(64, 64), compression="zlib")
    return file


@pytest.fixture
def opening(bench, path, settle, qtbot):
    """Open the picture and a pipeline, and wait until all is computed that needs no zooming: `opening(pipeline)`."""

    def make(pipeline):
        bench.results.budget = BUDGET
        picture = Picture("large", levels_of(path, BUDGET), path)
        bench.document.open_pipeline("Open", pipeline, None)
        bench.document.show_picture("Open", picture)
        settle(bench)
        qtbot.waitUntil(lambda: picture.pixels.complete)
        return bench

    return make


@pytest.fixture
def large(opening, pipeline):
    """A workbench with the picture and a pipeline, everything computed that needs no zooming."""
    return opening(pipeline)


@pytest.fixture
def calm(qtbot, settle):
    """Wait until a wall has all tiles that it has asked for: `calm(wall)`."""

    def wait(wall):
        settle(wall.bench)
        for _ in range(3):  # what has come is painted, which may ask for more
            wall.grab()
            QCoreApplication.processEvents()
            qtbot.waitUntil(lambda: not wall.bench.results.tiles.busy)
        wall.grab()

    return wait


def whole(pipeline):
    picture = (VALUES / np.float32(255))[None]
    return {"image": picture, **pipeline.run(picture)}
