"""Maps are the caller's own, whatever a layer passes on."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.run import evaluate

# Layers that give back what they are given, or a view of it.
PASSING = {
    "dropout": lambda: fl.Dropout(),
    "pad": lambda: fl.Pad(padding=0),
    "crop": lambda: fl.Crop(margin=0),
    "flatten": lambda: fl.Flatten(),
}


def chain(kind):
    return fl.Pipeline(
        [fl.Node("first", kind()), fl.Node("middle", fl.Dropout()), fl.Node("last", fl.Dropout())]
    )


@pytest.mark.parametrize("outputs", [None, ["last"], ["first", "last"]])
@pytest.mark.parametrize("batched", [False, True])
@pytest.mark.parametrize("name", PASSING)
def test_writing_into_a_map_changes_neither_the_picture_nor_another_map(rng, name, batched, outputs):
    picture = rng.random((3, 6, 6)).astype(np.float32)
    picture = picture[None] if batched else picture
    before, shown = picture.copy(), []
    maps = evaluate.run(chain(PASSING[name]), picture, outputs, ready=lambda _, array: shown.append(array))
    assert {id(array) for array in maps.values()} == {id(array) for array in shown}
    arrays = list(maps.values())
    for number, array in enumerate(arrays):
        assert not np.shares_memory(array, picture)
        assert not any(np.shares_memory(array, other) for other in arrays[:number])
        array[...] = 7
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize("name", PASSING)
def test_maps_that_an_evaluator_remembers_cannot_be_written_into(rng, name):
    """They may share the picture's memory: it must not change meanwhile, and through them it cannot."""
    picture = rng.random((3, 6, 6)).astype(np.float32)
    evaluator = fl.Evaluator()
    maps = evaluator.run(chain(PASSING[name]), picture)
    assert not any(array.flags.writeable for array in maps.values())
    assert picture.flags.writeable
