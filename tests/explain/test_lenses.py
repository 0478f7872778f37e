"""Lenses on a value: sums that hold, structure that is asked for, and the check against shuffled weights."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled, ParameterError
from filterlab.explain.drawing.sights import KERNEL, OCCLUSION, sight
from filterlab.explain.lenses import LENSES, Occlusion, look, occlusion, sanity, shuffled
from filterlab.run.tiling.ends import ArraySource


@pytest.fixture
def picture(rng):
    return rng.random((1, 12, 14))


@pytest.fixture
def network(rng):
    """A class score behind a mean of each map; and `deep`, one behind two layers with a kink between."""
    return fl.Pipeline(
        [
            ("conv", fl.Conv2d(rng.standard_normal((4, 1, 3, 3)), bias=rng.standard_normal(4))),
            ("relu", fl.ReLU()),
            ("mean", fl.GlobalAvgPool2d()),
            ("flat", fl.Flatten()),
            ("score", fl.Linear(rng.standard_normal((3, 4)), rng.standard_normal(3))),
            ("kink", fl.ReLU()),
            ("deep", fl.Linear(rng.standard_normal((2, 3)))),
        ]
    )


@pytest.mark.parametrize("kind", [KERNEL, "gradient", OCCLUSION])
def test_a_value_that_sees_more_than_fits_into_memory_is_refused_before_anything_is_read(kind, network):
    class Huge:
        shape = (1, 300_000, 300_000)

        def read(self, rows, cols):
            raise AssertionError("the system would end the program")

    with pytest.raises(ParameterError, match="sees more of the picture than fits into memory"):
        sight(network, Huge(), "score", (1, 0, 0), kind)


def test_the_gradient_is_that_of_the_kernel_here(network, picture):
    seen = look(network, picture, "gradient", "score", (1, 0, 0))
    found = network.local_kernel(picture, "score", 1)
    top, left = found.region.top, found.region.left
    np.testing.assert_allclose(
        seen.values, found.kernel[:, -top or None :, -left or None :][:, :12, :14], atol=1e-15
    )
    assert (
        np.abs(seen.values).sum(axis=0) == look(network, picture, "field", "score", (1, 0, 0)).values
    ).all()


def test_gradient_times_input_adds_up_to_the_value_less_its_constants(network, picture):
    seen = look(network, picture, "product", "score", (2, 0, 0))
    found = network.local_kernel(picture, "score", 2)
    assert seen.exact
    assert seen.values.sum() == pytest.approx(found.value - sum(found.bias.values()), abs=1e-12)


def test_the_class_activation_map_adds_up_to_the_score(network, picture):
    seen = look(network, picture, "cam", "score", (1, 0, 0))
    maps = network.run(picture)
    assert (seen.over, seen.exact) == ("relu", True)
    weights = network["score"].weight[1] / maps["relu"][0].size
    np.testing.assert_allclose(seen.values, np.tensordot(weights, maps["relu"], 1), atol=1e-12)
    assert seen.values.sum() + network["score"].bias[1] == pytest.approx(maps["score"][1], abs=1e-12)


def test_grad_cam_is_the_positive_part_of_the_class_activation_map(network, picture):
    exact = look(network, picture, "cam", "score", (1, 0, 0)).values
    np.testing.assert_allclose(
        look(network, picture, "grad_cam", "score", (1, 0, 0)).values, np.maximum(exact, 0), atol=1e-12
    )


def test_a_class_activation_map_is_refused_where_the_head_bends(network, picture):
    with pytest.raises(fl.FilterLabError, match="more than a mean"):
        look(network, picture, "cam", "deep", (0, 0, 0))
    assert look(network, picture, "grad_cam", "deep", (0, 0, 0)).over == "relu"


def test_a_class_activation_map_is_refused_where_places_have_weights_of_their_own(rng, picture):
    layers = [("flat", fl.Flatten()), ("score", fl.Linear(rng.standard_normal((2, 12 * 14))))]
    pipe = fl.Pipeline([("relu", fl.ReLU()), *layers])
    with pytest.raises(fl.FilterLabError, match="more than a mean"):
        look(pipe, picture, "cam", "score", (0, 0, 0))


def test_a_value_of_a_map_has_no_class_activation_map(network, picture):
    for key in ("cam", "grad_cam"):
        with pytest.raises(fl.FilterLabError, match="not a score"):
            look(network, picture, key, "relu", (0, 3, 3))


def test_an_unknown_lens_is_named(network, picture):
    with pytest.raises(fl.FilterLabError, match="grad_cam"):
        look(network, picture, "xray", "score", (0, 0, 0))


def test_every_lens_says_its_formula_and_its_limits():
    assert all(lens.title and lens.formula and lens.limits.endswith(".") for lens in LENSES)


@pytest.mark.parametrize("fill", ["grey", "blur", "noise"])
def test_occlusion_is_what_the_value_loses(rng, picture, fill):
    pipe = fl.Pipeline([("sum", fl.Conv2d(np.ones((1, 1, 3, 3))))])
    seen = occlusion(pipe, picture, "sum", (0, 4, 5), Occlusion((1, 1), (1, 1), fill))
    outside = seen.values.copy()
    outside[4:7, 5:8] = 0
    assert not outside.any()
    if fill == "grey":
        np.testing.assert_allclose(seen.values[4:7, 5:8], picture[0, 4:7, 5:8] - picture.mean(), atol=1e-12)
    if fill == "blur":  # the mean of a single pixel is itself
        assert not seen.values.any()


def test_occlusion_covers_the_picture_to_its_end_and_reports(network, picture):
    steps = []
    seen = occlusion(
        network, picture, "score", (0, 0, 0), Occlusion((5, 5), (4, 4)), progress=lambda *at: steps.append(at)
    )
    assert (seen.values != 0).all()
    assert steps[-1] == (len(steps), len(steps))


def test_occlusion_can_be_stopped_and_refuses_other_fills(network, picture):
    with pytest.raises(Cancelled):
        occlusion(network, picture, "score", (0, 0, 0), Occlusion(), cancel=lambda: True)
    with pytest.raises(fl.FilterLabError, match="grey, blur, noise"):
        occlusion(network, picture, "score", (0, 0, 0), Occlusion(fill="white"))
    for patch, name in ((Occlusion((0, 4)), "size"), (Occlusion(stride=(4, 0)), "stride")):
        with pytest.raises(fl.FilterLabError, match=f"{name} is"):
            occlusion(network, picture, "score", (0, 0, 0), patch)


def test_shuffling_keeps_the_numbers_of_each_array(network):
    other = shuffled(network, 3)
    for node in network.nodes:
        for name, array in node.layer.trainable().items():
            np.testing.assert_array_equal(
                np.sort(array, None), np.sort(other[node.name].trainable()[name], None)
            )
    assert not np.array_equal(network["conv"].weight, other["conv"].weight)


def test_the_check_says_how_like_the_two_views_are(network, picture):
    seen = look(network, picture, "gradient", "score", (0, 0, 0))
    found = sanity(network, picture, "gradient", "score", (0, 0, 0), seen, seed=1)
    assert -1 <= found.likeness <= 1
    plain = fl.Pipeline([("abs", fl.Abs())])  # without weights there is nothing to shuffle
    same = sanity(plain, picture, "field", "abs", (0, 1, 1), look(plain, picture, "field", "abs", (0, 1, 1)))
    assert same.likeness == pytest.approx(1)


def test_a_view_with_negative_values_is_signed_although_one_is_not_a_number():
    image = np.full((1, 3, 3), -1, np.float32)
    image[0, 0, 0] = np.nan
    box = fl.Pipeline([("sum", fl.Filter2d(kernel=np.ones((3, 3)), padding=1))])
    assert sight(box, image, "sum", (0, 1, 1), "product").colormap == "BrBG"
    assert sight(box, -image, "sum", (0, 1, 1), "product").colormap == "viridis"


@pytest.fixture
def local(rng):
    return fl.Pipeline(
        [
            ("conv", fl.Conv2d(rng.standard_normal((3, 2, 5, 5)), padding=2, padding_mode="reflect")),
            ("relu", fl.ReLU()),
            ("pool", fl.MaxPool2d(2)),
        ]
    )


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 9, 11), (2, 19, 24)])
@pytest.mark.parametrize("kind", ["gradient", "product", "field"])
def test_a_picture_that_is_read_in_parts_is_seen_as_the_whole(kind, place, local, rng):
    image = rng.uniform(-1, 1, (2, 40, 50))
    whole, part = (sight(local, picture, "pool", place, kind) for picture in (image, ArraySource(image)))
    assert part.view.values.size < whole.view.values.size / 10
    assert (part.top, part.left, part.range, part.view.note) == (
        whole.top,
        whole.left,
        whole.range,
        whole.view.note,
    )
    for one, other in zip(part.planes, whole.planes, strict=True):
        np.testing.assert_array_equal(one.values, other.values)


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 9, 11), (2, 19, 24)])
def test_what_a_value_loses_is_found_in_the_part_that_it_sees(place, local, rng):
    image = rng.uniform(-1, 1, (2, 40, 50))
    region = local.input_region("pool", *place[1:]).clipped((40, 50))
    seen = image[:, region.top : region.bottom, region.left : region.right].copy()
    # Of one mean with what is seen of it, so that the patch is as grey.
    image[...] = seen.mean(axis=(1, 2), keepdims=True)
    image[:, region.top : region.bottom, region.left : region.right] = seen
    whole, part = (
        sight(local, picture, "pool", place, "occlusion") for picture in (image, ArraySource(image))
    )
    assert whole.planes[0].values.any()
    assert "what the value sees" in part.view.note
    assert (part.top, part.left) == (whole.top, whole.left)
    np.testing.assert_allclose(part.planes[0].values, whole.planes[0].values, rtol=1e-6, atol=1e-9)
