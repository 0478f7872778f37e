"""Learning from a part of a picture: what is compared has the values of the whole."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.learning.parts import part_to_learn, read_part, taught_part

RNG = np.random.default_rng(5)
PICTURE = RNG.random((1, 61, 82)).astype(np.float32)
PLENTY = 1e9


def weight(*shape):
    return RNG.standard_normal(shape)


PIPELINES = {
    "same": [("a", fl.Filter2d(fl.kernels.box(5), padding_mode="reflect")), ("b", fl.Filter2d(weight(3, 3)))],
    "even": [
        ("a", fl.Conv2d(weight(2, 1, 4, 2), padding="same")),
        ("b", fl.Conv2d(weight(1, 2, 3, 3), padding=3)),
    ],
    "beside": [("a", fl.Conv2d(weight(1, 1, 3, 3), padding=((0, 2), (3, 1))))],
    "strides": [
        ("a", fl.Conv2d(weight(2, 1, 3, 3), stride=2, padding="same")),
        ("b", fl.MaxPool2d(2)),
        ("c", fl.Conv2d(weight(1, 2, 3, 3), padding=2, dilation=2)),
    ],
    "residual": [
        fl.Node("a", fl.Conv2d(weight(1, 1, 5, 5), padding=2), ("image",)),
        fl.Node("b", fl.Add(), ("image", "a")),
    ],
    "back": [
        ("a", fl.Conv2d(weight(2, 1, 2, 2), stride=2)),
        ("b", fl.ConvTranspose2d(weight(2, 1, 2, 2), stride=2)),
        ("c", fl.AvgPool2d(4)),
    ],
}


@pytest.mark.parametrize("seen", [(0, 0, 20, 20), (30.5, 40.2, 12.0, 20.0), (41, 50, 20, 32), (0, 0, 61, 82)])
@pytest.mark.parametrize("name", PIPELINES)
def test_what_is_compared_has_the_values_of_the_whole(name, seen):
    pipeline = fl.Pipeline(PIPELINES[name])
    output = pipeline.steps[-1].name
    part = part_to_learn(pipeline, output, PICTURE.shape, seen, PLENTY)
    cut, compared = part.with_cut(pipeline, output)
    found = cut.run(read_part(PICTURE, part.rows, part.cols), [compared])[compared]
    (top, bottom), (left, right) = part.at
    expected = pipeline.run(PICTURE, [output])[output][:, top:bottom, left:right]
    assert expected.size
    np.testing.assert_array_equal(found, expected)
    taught = taught_part(pipeline, output, PICTURE, part.at, 1 << 24, lambda: False)
    np.testing.assert_array_equal(taught, expected)


def test_all_that_is_seen_is_compared_where_there_is_room():
    pipeline = fl.Pipeline(PIPELINES["same"])
    part = part_to_learn(pipeline, "b", PICTURE.shape, (20, 30, 10, 12), PLENTY)
    assert part.at == ((20, 30), (30, 42))
    assert (part.rows, part.cols) == ((17, 33), (27, 45)), "with the pixels that their windows reach"
    assert part.complete
    # A view may reach beyond the picture.
    assert part_to_learn(pipeline, "b", PICTURE.shape, (-9, 30, 80, 12), PLENTY).complete


def test_the_middle_of_what_is_seen_is_learned_from_where_memory_is_short():
    pipeline = fl.Pipeline(PIPELINES["same"])
    part = part_to_learn(pipeline, "b", (1, 30_000, 40_000), (0, 0, 30_000, 40_000), PLENTY)
    assert part.rows == (13_976, 16_024)
    assert part.cols == (18_976, 21_024)
    assert not part.complete
    # A step holds three maps of four bytes, and their gradients.
    short = part_to_learn(pipeline, "b", (1, 30_000, 40_000), (0, 0, 30_000, 40_000), 100 * 100 * 36)
    assert short.rows == (14_950, 15_050)


@pytest.mark.parametrize("seen", [(0, 0, 3, 3), (296.5, 396.5, 3, 3), (0, 200, 3, 3), (-5, 380, 9, 40)])
@pytest.mark.parametrize("name", ["wide", "valid", "strides"])
def test_in_a_corner_the_nearest_windows_within_the_picture_are_learned_from(name, seen):
    wide = {"wide": "same", "valid": "valid"}
    nodes = (
        PIPELINES[name] if name not in wide else [("x", fl.Filter2d(np.ones((31, 31)), padding=wide[name]))]
    )
    pipeline = fl.Pipeline(nodes)
    output = pipeline.steps[-1].name
    part = part_to_learn(pipeline, output, (1, 300, 400), seen, PLENTY)
    for span, start, length, n in zip((part.rows, part.cols), seen[:2], seen[2:], (300, 400), strict=True):
        assert span[0] <= max(start, 0)
        assert span[1] >= min(start + length, n)
        assert span[1] - span[0] < 60
    assert part.complete


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (fl.InstanceNorm2d(), "each value of x sees all of the picture"),
        (fl.GlobalAvgPool2d(), "each value of x sees all of the picture"),
        (fl.Flatten(), "each value of x sees all of the picture"),
        (fl.Upsample(2), "the output is finer than the picture"),
        (fl.Filter2d(fl.kernels.box(31)), "is too small"),
    ],
)
def test_outputs_that_no_part_can_give_are_refused_with_advice(layer, words):
    pipeline = fl.Pipeline([("x", layer)])
    with pytest.raises(fl.FilterLabError, match=words) as refused:
        part_to_learn(pipeline, "x", (1, 300, 400), (0, 0, 300, 400), 20 * 20 * 24)
    assert refused.value.hint == (
        "the picture is larger than memory: compare a node that sees a part of it, or use a smaller one"
    )


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (fl.Resize((150, 200)), "a part of the whole picture's output"),
        (fl.Crop(size=(150, 200)), "branches of unequal stride meet"),
    ],
)
def test_branches_that_meet_in_the_whole_picture_alone_are_refused_with_advice(layer, words):
    nodes = [
        fl.Node("half", fl.MaxPool2d(2), ("image",)),
        fl.Node("other", layer, ("image",)),
        fl.Node("x", fl.Concat(), ("half", "other")),
    ]
    with pytest.raises(fl.FilterLabError, match=words) as refused:
        part_to_learn(fl.Pipeline(nodes), "x", (1, 300, 400), (0, 0, 30, 40), PLENTY)
    assert "larger than memory" in refused.value.hint


def test_a_branch_beside_what_is_compared_need_not_fit_the_part():
    nodes = [
        fl.Node("a", fl.Filter2d(np.zeros((3, 3))), ("image",)),
        fl.Node("beside", fl.Crop(size=(60, 80)), ("image",)),
    ]
    pipeline = fl.Pipeline(nodes)
    part = part_to_learn(pipeline, "a", PICTURE.shape, (20, 30, 10, 12), PLENTY)
    cut, compared = part.with_cut(pipeline, "a")
    picture = read_part(PICTURE, part.rows, part.cols)
    *_, last = fl.learn(
        cut, [(picture, picture[:, 1:-1, 1:-1])], output=compared, optimizer="lbfgs", steps=30
    )
    np.testing.assert_allclose(last.pipeline["a"].kernel, fl.kernels.identity(3), atol=1e-3)
