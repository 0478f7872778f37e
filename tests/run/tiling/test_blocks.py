"""Arrays of Dask in, arrays of Dask out."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl

da = pytest.importorskip("dask.array")

LAYERS = [
    ("blur", fl.Filter2d(kernel={"preset": "gaussian", "size": 5, "sigma": 1.0}, padding_mode="reflect")),
    ("maps", fl.Conv2d(np.linspace(-1, 1, 4 * 2 * 9).reshape(4, 2, 3, 3), stride=2, padding="same")),
    ("wide", fl.Upsample(3, mode="bilinear")),
]


def test_blocks_are_the_whole_and_nothing_is_computed_before_it_is_asked_for():
    image = np.random.default_rng(0).uniform(-1, 1, (2, 90, 70)).astype(np.float32)
    asked = []

    def loaded(block):
        asked.append(block.shape)
        return block

    lazy = da.from_array(image, chunks=(2, 32, 30)).map_blocks(
        loaded, dtype=np.float32, meta=np.empty((0,) * 3, "f4")
    )
    pipeline = fl.Pipeline(LAYERS)
    found = fl.map_blocks(pipeline, lazy)
    assert not asked
    assert found.shape == (4, 135, 105)
    assert len(found.chunks[1]) == 3, "blocks follow those of the picture"
    with_threads = found.compute(scheduler="threads", num_workers=2)
    np.testing.assert_array_equal(with_threads, pipeline.run(image)["wide"])


def test_a_part_of_the_result_reads_a_part_of_the_picture():
    asked = []

    def loaded(block, block_info=None):
        asked.append(block_info[0]["chunk-location"])
        return block

    image = da.zeros((2, 400, 400), chunks=(2, 100, 100), dtype=np.float32)
    image = image.map_blocks(loaded, dtype=np.float32, meta=np.empty((0,) * 3, "f4"))
    found = fl.map_blocks(fl.Pipeline(LAYERS), image, "blur")
    found[:, 10:60, 10:60].compute(scheduler="sync")
    assert {place[1:] for place in asked} <= {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_block_at_a_circular_border_reads_the_blocks_at_both_ends():
    asked = []

    def loaded(block, block_info=None):
        asked.append(block_info[0]["chunk-location"])
        return block

    values = np.random.default_rng(1).uniform(-1, 1, (1, 100, 120)).astype(np.float32)
    image = da.from_array(values, chunks=(1, 20, 20))
    image = image.map_blocks(loaded, dtype=np.float32, meta=np.empty((0,) * 3, "f4"))
    pipeline = fl.Pipeline([("pad", fl.Pad(2, mode="circular")), ("abs", fl.Abs())])
    found = fl.map_blocks(pipeline, image)
    np.testing.assert_array_equal(
        found[:, :10, :10].compute(scheduler="sync"), pipeline.run(values)["abs"][:, :10, :10]
    )
    assert {place[1:] for place in asked} == {(0, 0), (0, 5), (4, 0), (4, 5)}


def test_whole_numbers_become_float32():
    image = np.arange(600, dtype=np.uint8).reshape(1, 20, 30)
    pipeline = fl.Pipeline([fl.Abs()])
    found = fl.map_blocks(pipeline, da.from_array(image, chunks=(1, 7, 8)))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found.compute(scheduler="sync"), image.astype(np.float32))


def test_what_needs_a_whole_map_is_refused_by_name():
    image = da.zeros((1, 60, 60), chunks=(1, 20, 20))
    with pytest.raises(fl.FilterLabError, match="node 'norm'"):
        fl.map_blocks(fl.Pipeline([("norm", fl.InstanceNorm2d())]), image)
    with pytest.raises(fl.FilterLabError, match="array of Dask"):
        fl.map_blocks(fl.Pipeline([fl.Abs()]), np.zeros((1, 8, 8)))


def test_blocks_of_unknown_size_are_refused():
    image = da.zeros((1, 60, 60), chunks=(1, 20, 20))
    with pytest.raises(fl.FilterLabError, match="compute_chunk_sizes"):
        fl.map_blocks(fl.Pipeline([fl.Abs()]), image[:, image[0, :, 0] == 0])
