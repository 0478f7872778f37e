"""What every operation promises of its results: memory of their own, and an answer where there is nothing at all."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.errors import FilterLabError
from tests.functional.operations import FORWARD, OPERATIONS, OTHERS


def test_the_table_of_operations_has_them_all():
    public = {
        name for name, value in vars(F).items() if hasattr(value, "__wrapped__") or inspect.isfunction(value)
    }
    assert public == OPERATIONS.keys() | OTHERS


def arrays(result):
    """The arrays of a result, which may be a tuple of them and of None."""
    if isinstance(result, tuple):
        return [array for part in result for array in arrays(part)]
    return [result] if isinstance(result, np.ndarray) else []


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", OPERATIONS)
def test_results_share_no_memory_with_what_was_given_nor_with_each_other(rng, name, dtype):
    x = rng.random((2, 3, 5, 4)).astype(dtype) + 1
    for given in (x, x[:, ::-1], np.asfortranarray(x)):
        results = arrays(OPERATIONS[name](given))
        before = given.copy()
        for number, result in enumerate(results):
            assert not np.shares_memory(result, x)
            assert not np.shares_memory(result, given)
            assert not any(np.shares_memory(result, other) for other in results[:number])
            result[...] = 7  # nobody minds
        np.testing.assert_array_equal(given, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", FORWARD)
def test_digits_do_not_depend_on_how_a_map_lies_in_memory(rng, name, dtype):
    x = rng.normal(size=(2, 3, 37, 41)).astype(dtype)
    turned = np.ascontiguousarray(x.transpose(2, 3, 0, 1)).transpose(2, 3, 0, 1)
    for found, wanted in zip(arrays(FORWARD[name](turned)), arrays(FORWARD[name](x)), strict=True):
        np.testing.assert_array_equal(found, wanted)


def answer(operation, x):
    """The arrays of the result, or the error of ours that stands for them."""
    try:
        return arrays(operation(x)), ""
    except FilterLabError as error:
        return [], str(error)


@pytest.mark.parametrize("shape", [(0, 3, 5, 4), (2, 0, 5, 4), (2, 3, 0, 4), (2, 3, 5, 0), (0, 0, 0, 0)])
@pytest.mark.parametrize("name", OPERATIONS)
def test_maps_without_a_cell_give_an_empty_result_or_an_error_of_ours(name, shape):
    results, words = answer(OPERATIONS[name], np.zeros(shape, np.float32))
    assert len(words) < 300
    assert "\n" not in words
    if name in FORWARD:
        assert all(result.size == 0 for result in results)


@pytest.mark.parametrize("operation", [F.softmax, F.log_softmax])
@pytest.mark.parametrize("shape", [(0, 5, 5), (5, 0, 5), (5, 5, 0), (0,), (0, 0)])
def test_softmax_of_nothing_is_nothing(operation, shape):
    for axis in range(-len(shape), len(shape)):
        for dtype in (np.float32, np.float64):
            y = operation(np.zeros(shape, dtype), axis)
            assert (y.shape, y.dtype) == (shape, dtype)
