"""Activations that a model writes out in several operators, which become one layer."""

from __future__ import annotations

import pytest

from tests.interop.models import compared, constant, model, node

PATTERNS = [
    ([node("Sigmoid", "r", "s"), node("Mul", "r s", "y")], "SiLU"),
    ([node("HardSigmoid", "r", "s", alpha=1 / 6, beta=0.5), node("Mul", "s r", "y")], "Hardswish"),
    (
        [
            node("Add", "r three", "a"),
            node("Clip", "a zero six", "c"),
            node("Mul", "r c", "m"),
            node("Div", "m six", "y"),
        ],
        "Hardswish",
    ),
    (
        [node("Add", "r three", "a"), node("Clip", "a zero six", "c"), node("Div", "c six", "y")],
        "Hardsigmoid",
    ),
    (
        [
            node("Div", "r root", "d"),
            node("Erf", "d", "e"),
            node("Add", "e one", "p"),
            node("Mul", "r p", "m"),
            node("Mul", "m half", "y"),
        ],
        "GELU",
    ),
    (
        [
            node("Mul", "r inverse", "d"),
            node("Erf", "d", "e"),
            node("Add", "one e", "p"),
            node("Mul", "half r", "h"),
            node("Mul", "h p", "y"),
        ],
        "GELU",
    ),
    ([node("Softplus", "r", "p"), node("Tanh", "p", "t"), node("Mul", "r t", "y")], "Mish"),
]
NUMBERS = {"three": 3, "zero": 0, "six": 6, "one": 1, "half": 0.5, "root": 2**0.5, "inverse": 0.5**0.5}


@pytest.mark.parametrize(("nodes", "layer"), PATTERNS)
def test_activations_written_out(tmp_path, nodes, layer):
    constants = [constant(name, value) for name, value in NUMBERS.items()]
    made = model([node("Neg", "x", "r"), *nodes], constants=constants)
    found = compared(made, tmp_path)
    assert [type(n.layer).__name__ for n in found.pipeline.nodes] == ["Function", layer]
    assert set(found.merged) == {name for n in nodes for name in n.output} - {"y"}


def test_a_pattern_whose_inner_tensor_is_read_elsewhere_stays_written_out(tmp_path):
    nodes = [node("Sigmoid", "x", "s"), node("Mul", "x s", "y"), node("Relu", "s", "z")]
    found = compared(model(nodes, "y z"), tmp_path)
    assert [type(n.layer).__name__ for n in found.pipeline.nodes] == ["Sigmoid", "Multiply", "ReLU"]
    assert not found.merged
