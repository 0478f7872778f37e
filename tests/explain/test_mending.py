"""Edits that mend a node: each is tried on a graph that needs it, and the node is computed afterwards."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.mending import GREY, first_cause, quick_fixes
from filterlab.run.ledger import survey


def ones(*shape):
    return np.ones(shape, np.float32)


MISFITS = {
    "a colour picture for a grey kernel": (fl.Conv2d(ones(4, 1, 3, 3)), (3, 20, 20), {"grey", "channels"}),
    "a grey picture for a kernel of three channels": (
        fl.Conv2d(ones(4, 3, 3, 3)),
        (1, 20, 20),
        {"rgb", "channels"},
    ),
    "a colour picture for kernels of 17 channels": (
        fl.Conv2d(ones(4, 17, 3, 3)),
        (3, 20, 20),
        {"channels"},
    ),
    "a colour picture for a transposed kernel": (
        fl.ConvTranspose2d(ones(1, 2, 3, 3)),
        (3, 20, 20),
        {"grey", "channels"},
    ),
    "a grey picture for statistics of three": (fl.Normalize([0, 0, 0], [1, 1, 1]), (1, 9, 9), {"rgb"}),
    "a kernel larger than the picture": (fl.Conv2d(ones(4, 1, 7, 7)), (1, 5, 9), {"crop", "resize"}),
    "a filter larger than the picture": (fl.Filter2d(ones(9, 9), padding=0), (1, 5, 5), {"crop", "resize"}),
    "a window larger than the picture": (fl.MaxPool2d(7), (1, 5, 5), {"crop", "resize"}),
}


@pytest.mark.parametrize("misfit", MISFITS.values(), ids=list(MISFITS))
def test_each_misfit_is_mended(misfit):
    layer, shape, kinds = misfit
    graph = fl.Pipeline([("odd", layer), ("behind", fl.ReLU())])
    assert first_cause(survey(graph, shape)).name == "odd"
    fixes = quick_fixes(graph, "odd", shape)
    assert {fix.kind for fix in fixes} == kinds
    for fix in fixes:
        assert type(fix.graph) is fl.Pipeline
        assert first_cause(survey(fix.graph, shape)) is None
        fix.graph.run(np.zeros(shape, np.float32))


def test_as_little_of_a_kernel_is_cropped_as_possible():
    kernel = np.arange(49, dtype=np.float32).reshape(1, 1, 7, 7)
    fixes = quick_fixes(fl.Pipeline([("odd", fl.Conv2d(kernel))]), "odd", (1, 5, 9))
    (crop,) = (fix for fix in fixes if fix.kind == "crop")
    assert crop.size == (5, 7)
    np.testing.assert_array_equal(crop.graph["odd"].weight, kernel[:, :, 1:6])


def test_a_picture_of_another_size_is_resized_to_that_of_the_network():
    graph = fl.Pipeline(
        [
            ("conv", fl.Conv2d(ones(2, 1, 3, 3), padding=1)),
            ("flat", fl.Flatten()),
            ("fc", fl.Linear(ones(10, 2 * 28 * 28))),
        ]
    )
    (fix,) = quick_fixes(graph, "fc", (1, 30, 40))
    assert (fix.kind, fix.size) == ("resize", (28, 28))
    assert fix.graph.step("conv").inputs == (fix.graph.nodes[0].name,)
    assert first_cause(survey(fix.graph, (1, 30, 40))) is None


def test_maps_that_meet_are_resized_to_the_larger():
    nodes = [fl.Node("small", fl.MaxPool2d(2), ("image",)), fl.Node("sum", fl.Add(), ("image", "small"))]
    (fix,) = quick_fixes(fl.Pipeline(nodes), "sum", (3, 30, 40))
    assert (fix.kind, fix.size) == ("resize", (30, 40))
    assert fix.graph.output_shapes((3, 30, 40))["sum"] == (3, 30, 40)


def test_all_readers_that_do_not_fit_get_the_grey_picture_and_the_others_keep_theirs():
    grey = fl.Conv2d(ones(4, 1, 3, 3))
    nodes = [fl.Node(name, grey, ("image",)) for name in ("a", "b")]
    graph = fl.Pipeline([*nodes, fl.Node("colour", fl.ReLU(), ("image",))])
    fix, _ = quick_fixes(graph, "a", (3, 9, 9))
    inputs = {step.name: step.inputs for step in fix.graph.steps}
    assert inputs == {"grey": ("image",), "a": ("grey",), "b": ("grey",), "colour": ("image",)}
    pixel = np.array([0.25, 0.5, 1.0], np.float32).reshape(3, 1, 1)
    assert fix.graph.run(np.broadcast_to(pixel, (3, 9, 9)))["grey"][0, 0, 0] == pytest.approx(
        np.dot(GREY, pixel.ravel())
    )


def test_weights_of_channels_that_stay_are_kept():
    weight = np.arange(2 * 9, dtype=np.float32).reshape(2, 1, 3, 3)
    grouped = fl.Conv2d(np.ones((4, 1, 3, 3), np.float32), groups=2)
    for layer, kept in (
        (fl.Conv2d(weight), weight),
        (fl.Conv2d(np.repeat(weight, 5, 1)), np.repeat(weight, 3, 1)),
    ):
        found = quick_fixes(fl.Pipeline([("odd", layer)]), "odd", (3, 9, 9))
        (fix,) = (fix for fix in found if fix.kind == "channels")
        assert fix.channels == fix.graph["odd"].in_channels == 3
        np.testing.assert_array_equal(fix.graph["odd"].weight[:, : kept.shape[1]], kept)
    found = quick_fixes(fl.Pipeline([("odd", grouped)]), "odd", (3, 9, 9))
    assert found == [], "three channels cannot be shared by two groups"


def test_what_nothing_mends_has_no_fix():
    graph = fl.Pipeline([("odd", fl.BatchNorm2d([0] * 17, [1] * 17))])
    assert quick_fixes(graph, "odd", (3, 20, 20)) == []
    assert first_cause(survey(fl.Pipeline([("fine", fl.ReLU())]), (3, 20, 20))) is None


def test_of_two_faults_one_is_mended_after_the_other():
    shape = (3, 20, 20)
    graph = fl.Pipeline([("odd", fl.Conv2d(ones(4, 1, 31, 31)))])
    (crop,) = (fix for fix in quick_fixes(graph, "odd", shape) if fix.kind == "crop")
    assert first_cause(survey(crop.graph, shape)) is not None
    grey, _ = quick_fixes(crop.graph, "odd", shape)
    assert (grey.kind, first_cause(survey(grey.graph, shape))) == ("grey", None)
