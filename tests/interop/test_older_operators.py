"""Operators in their older versions, whose inputs were attributes, or whose meaning was another."""

from __future__ import annotations

import numpy as np
import pytest

from filterlab.interop.importing import import_onnx
from filterlab.pipeline import Pipeline
from tests.interop.models import compared, constant, model, node, saved

SCALES = [1.0, 1.0, 2.0, 1.5]
STATISTICS = [constant(name, np.linspace(0.5, 1.5, 6)) for name in ("s", "b", "m", "v")]
# The version of the operators, the operators, and constants.
OLDER = {
    "Upsample-7": (7, [node("Upsample", "x", "y", scales=SCALES, mode="nearest")], []),
    "Upsample-7 linear": (7, [node("Upsample", "x", "y", scales=SCALES, mode="linear")], []),
    "Upsample-9": (9, [node("Upsample", "x k", "y")], [constant("k", SCALES)]),
    "Resize-10": (10, [node("Resize", "x k", "y")], [constant("k", [1, 1, 0.5, 2.3])]),
    "Resize-10 linear": (10, [node("Resize", "x k", "y", mode="linear")], [constant("k", SCALES)]),
    "Pad-2": (7, [node("Pad", "x", "y", pads=[0, 0, 1, 2, 0, 0, 3, 1], value=0.5)], []),
    "Pad-2 reflect": (10, [node("Pad", "x", "y", pads=[0, 0, 1, 2, 0, 0, 3, 1], mode="reflect")], []),
    "Pad-2 edge, cropping": (10, [node("Pad", "x", "y", pads=[0, 0, -1, 2, 0, 0, 3, -2], mode="edge")], []),
    "Slice-1": (9, [node("Slice", "x", "y", axes=[2, 3], starts=[1, -9], ends=[2**31 - 1, -1])], []),
    "Slice-1 without axes": (9, [node("Slice", "x", "y", starts=[0, 2], ends=[1, 5])], []),
    "BatchNormalization-7": (7, [node("BatchNormalization", "x s b m v", "y")], STATISTICS),
    "BatchNormalization-9": (9, [node("BatchNormalization", "x s b m v", "y", epsilon=1e-3)], STATISTICS),
    "Dropout-7": (7, [node("Dropout", "x", "d mask", ratio=0.4), node("Relu", "d", "y")], []),
    "Dropout-10": (10, [node("Dropout", "x", "d mask"), node("Relu", "d", "y")], []),
    "Clip-6": (7, [node("Clip", "x", "y", min=-0.5, max=0.25)], []),
    "Softmax-11 last axis": (11, [node("Softmax", "x", "y", axis=3)], []),
    "Softmax-11 of one cell": (
        11,
        [node("GlobalAveragePool", "x", "p"), node("Softmax", "p", "y", axis=1)],
        [],
    ),
    "LogSoftmax-11": (11, [node("Flatten", "x", "f"), node("LogSoftmax", "f", "y")], []),
    "ReduceMean-11": (11, [node("ReduceMean", "x", "y", axes=[2, 3])], []),
    "ReduceMean-18": (18, [node("ReduceMean", "x k", "y")], [constant("k", [-1, 2], np.int64)]),
    "Squeeze-1": (
        9,
        [node("GlobalMaxPool", "x", "p"), node("Squeeze", "p", "s", axes=[2, 3]), node("Relu", "s", "y")],
        [],
    ),
    "Split-2": (9, [node("Split", "x", "a b", axis=1, split=[2, 4]), node("Relu", "b", "y")], []),
    "Gemm-7": (
        7,
        [node("Flatten", "x", "f"), node("Gemm", "f w c", "y")],
        [constant("w", np.linspace(-1, 1, 1440).reshape(480, 3)), constant("c", [1.0, 2.0, 3.0])],
    ),
}


@pytest.mark.parametrize("name", OLDER)
def test_an_older_operator_gives_the_same_numbers(tmp_path, name):
    opset, nodes, constants = OLDER[name]
    found = compared(model(nodes, constants=constants, opset=opset), tmp_path)
    assert not found.left_out
    assert found.outputs == ["y"]


@pytest.mark.parametrize("kind", ["Softmax", "LogSoftmax"])
@pytest.mark.parametrize("axis", [1, 2])
def test_a_softmax_over_several_axes_at_once_is_cut_with_the_reason(tmp_path, kind, axis):
    """Before version 13 all axes from the given one on were taken as one."""
    made = model([node("Relu", "x", "r"), node(kind, "r", "y", axis=axis)], "r y", opset=11)
    (left,) = import_onnx(saved(made, tmp_path), kind=Pipeline).left_out
    assert left.tensor == "y"
    assert str(left.reason) == f"it takes the axes {'NCHW'[axis:]} together"
