"""Cells that a model repeats or lays side by side: for arithmetic that would do it itself, and in larger maps."""

from __future__ import annotations

import numpy as np
import pytest

from filterlab.interop.importing import import_onnx
from filterlab.pipeline import Pipeline
from tests.interop.models import compared, constant, model, node, saved


@pytest.mark.parametrize("kind", ["Sub", "Mul", "Div"])
@pytest.mark.parametrize("axes", [[2, 3], [1]])
def test_a_map_that_is_expanded_for_arithmetic_alone_has_no_node(tmp_path, kind, axes):
    nodes = [
        node("Abs", "x", "a"),
        node("ReduceMean", "a", "m", axes=axes),
        node("Expand", "m shape", "e"),
        node(kind, "x e", "y"),
    ]
    found = compared(model(nodes, constants=[constant("shape", [1, 6, 8, 10], np.int64)]), tmp_path)
    assert ([n.name for n in found.pipeline.nodes], found.merged) == (["a", "m", "y"], {"e": "m"})


def test_a_map_that_is_expanded_for_others_as_well_is_enlarged(tmp_path):
    nodes = [
        node("ReduceMean", "x", "m", axes=[2, 3]),
        node("Expand", "m shape", "e"),
        node("Concat", "x e", "c", axis=1),
        node("Mul", "e x", "y"),
    ]
    found = compared(model(nodes, "c y", [constant("shape", [1, 1, 8, 10], np.int64)]), tmp_path)
    assert ("e", "e") in found.nodes
    assert found.outputs == ["c", "y"]


def test_an_expanded_map_is_not_merged_into_arithmetic_that_would_stay_small(tmp_path):
    nodes = [
        node("ReduceMean", "x", "m", axes=[2, 3]),
        node("Expand", "m shape", "e"),
        node("Add", "e m", "y"),
    ]
    found = compared(model(nodes, constants=[constant("shape", [1, 6, 8, 10], np.int64)]), tmp_path)
    assert found.pipeline.run(np.ones((6, 8, 10), np.float32))["y"].shape == (6, 8, 10)


def test_a_vector_is_divided_by_its_length(tmp_path):
    nodes = [
        node("Flatten", "x", "f"),
        node("ReduceL2", "f", "n", axes=[1]),
        node("Clip", "n least", "c"),
        node("Shape", "f", "shape"),
        node("Expand", "c shape", "e"),
        node("Div", "f e", "y"),
        node("LpNormalization", "f", "z", axis=1),
    ]
    found = compared(model(nodes, "y z", [constant("least", 1e-12)]), tmp_path)
    assert found.outputs == ["y", "z"]


@pytest.mark.parametrize("factors", [(2, 2), (3, 1)])
def test_cells_that_are_repeated_by_hand_are_a_larger_map(tmp_path, factors):
    rows, cols = factors
    numbers = [
        constant("six", [1, 6, 8, 1, 10, 1], np.int64),
        constant("expanded", [1, 1, 1, rows, 1, cols], np.int64),
        constant("last", [0, 6, 8 * rows, 10 * cols], np.int64),
    ]
    for kind in ("Expand", "Tile"):
        nodes = [node("Reshape", "x six", "r"), node(kind, "r expanded", "e"), node("Reshape", "e last", "y")]
        found = compared(model(nodes, constants=numbers), tmp_path)
        assert [type(n.layer).__name__ for n in found.pipeline.nodes] == ["Resize"]
        assert found.merged == {"r": "y", "e": "y"}


@pytest.mark.parametrize("size", [(16, 20), (12, 15), (13, 23), (4, 5)])
def test_the_nearest_cell_as_it_is_exported_by_places(tmp_path, size):
    """What PyTorch's newer exporter makes of "nearest-exact"."""
    places = [np.floor((np.arange(n) + 0.5) * old / n) for n, old in zip(size, (8, 10), strict=True)]
    index = np.stack(np.meshgrid(*places, indexing="ij"), -1)
    nodes = [
        node("Transpose", "x", "t", perm=[2, 3, 0, 1]),
        node("GatherND", "t places", "g"),
        node("Transpose", "g", "y", perm=[2, 3, 0, 1]),
    ]
    found = compared(model(nodes, constants=[constant("places", index, np.int64)]), tmp_path)
    assert [type(n.layer).__name__ for n in found.pipeline.nodes] == ["Resize"]


@pytest.mark.parametrize("kind", ["Expand", "Tile", "GatherND"])
def test_what_would_be_repeated_to_any_size_is_cut(tmp_path, kind):
    sizes = {"Expand": [1 << 20, 6, 8, 10], "Tile": [1, 1, 1 << 20, 1], "GatherND": np.zeros((1 << 15, 1))}
    nodes = [node("Relu", "x", "r"), node(kind, "r k", "y")]
    path = saved(model(nodes, "r y", [constant("k", sizes[kind], np.int64)]), tmp_path)
    (left,) = import_onnx(path, kind=Pipeline).left_out
    assert (left.tensor, str(left.reason).startswith("a map of ")) == ("y", True)


@pytest.mark.parametrize("axis", [2, 3, -1])
def test_maps_are_joined_side_by_side(tmp_path, axis):
    nodes = [
        node("Relu", "x", "r"),
        node("MaxPool", "x", "p", kernel_shape=[1, 2] if axis != 2 else [2, 1]),
        node("Concat", "r p x", "y", axis=axis),
    ]
    assert not compared(model(nodes), tmp_path).left_out


def test_maps_are_not_joined_to_one_that_fills_the_memory(tmp_path):
    nodes = [node("Relu", "x", "r"), node("Concat", " ".join(["r"] * 3000), "y", axis=2)]
    path = saved(model(nodes, "r y", shape=(1, 6, 80, 100)), tmp_path)
    (left,) = import_onnx(path, kind=Pipeline).left_out
    assert str(left.reason) == "it joins 3000 large maps along H"
