"""Where values come from, against brute force: pixels are changed, and what moves is looked at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.explain.explainer import Explainer
from filterlab.explain.provenance import Provenance
from filterlab.fields.regions import Region
from filterlab.layers.base.terms import Where
from tests.explain.random_pipelines import CHOOSING, LIVE, MERGES, branched, position


def moved_pictures(picture, by):
    """The picture, once for each (row, column), changed there in all channels: (H * W, C, H, W)."""
    _, height, width = picture.shape
    pictures = np.repeat(picture[None], height * width, axis=0)
    rows, cols = np.divmod(np.arange(height * width), width)
    pictures[np.arange(height * width), :, rows, cols] += by
    return pictures


def box(mask):
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return Region(0, 0, 0, 0)
    return Region(int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1)


def last(pipe):
    return pipe.nodes[-1].name


def changes(pipe, picture):
    """(H, W, C', H', W'): whether changing a pixel moves a value of the last map, by much more than round-off."""
    name = last(pipe)
    rest = pipe.run(picture, name)[name]
    seen = False
    for by in (0.7, -0.4):
        moved = pipe.run(moved_pictures(picture, by), name)[name]
        seen = seen | (np.abs(moved - rest) > 1e-12)
    return seen.reshape(*picture.shape[1:], *(*rest.shape, 1, 1)[:3])


@given(branched(LIVE, MERGES, low=0.3), st.integers(0, 99), st.data())
def test_regions_are_what_moves(built, seed, data):
    """With positive weights and nothing that chooses: exactly the box around the pixels that move the value."""
    pipe, shape = built
    picture = np.random.default_rng(seed).random(shape)
    moves = changes(pipe, picture)
    where = position(data.draw, moves.shape[2:])
    found = pipe.provenance(picture, last(pipe), *where)
    pixels = moves[:, :, where[0], where[1], where[2]]
    assert found.regions.get("image", Region(0, 0, 0, 0)) == box(pixels)


@given(branched(LIVE, MERGES, low=0.3), st.integers(0, 99), st.data())
def test_what_a_pixel_reaches_is_what_it_moves(built, seed, data):
    pipe, shape = built
    picture = np.random.default_rng(seed).random(shape)
    moves = changes(pipe, picture)
    row, col = position(data.draw, shape)[1:]
    found = pipe.output_region("image", row, col, of=last(pipe), size=shape)
    assert found == box(moves[row, col].any(axis=0))


@given(branched(), st.integers(0, 99), st.data())
def test_nothing_outside_the_region_moves_the_value(built, seed, data):
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape)
    moves = changes(pipe, picture)
    where = position(data.draw, moves.shape[2:])
    region = pipe.provenance(picture, last(pipe), *where).regions.get("image", Region(0, 0, 0, 0))
    outside = moves[:, :, where[0], where[1], where[2]]
    outside[region.top : region.bottom, region.left : region.right] = False
    assert not outside.any()


@given(branched(), st.integers(0, 99), st.data())
def test_the_effective_field_is_the_slope(built, seed, data):
    """Central differences; where the value has a kink within the step the two one-sided slopes differ."""
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape)
    name = last(pipe)
    size = pipe.output_shapes(shape)[name]
    where = position(data.draw, size)
    found = pipe.provenance(picture, name, *where)
    step, count = 1e-6, picture.size
    pictures = np.repeat(picture.reshape(1, -1), 2 * count + 1, axis=0)
    pictures[np.arange(count), np.arange(count)] += step
    pictures[count + np.arange(count), np.arange(count)] -= step
    values = pipe.run(pictures.reshape(-1, *shape), name)[name]
    values = values[(slice(None), *where[: len(size)])]
    up, down = (values[:count] - values[-1]) / step, (values[-1] - values[count:-1]) / step
    smooth = np.abs(up - down) < 1e-3 * (1 + np.abs(up))
    slope = ((up + down) / 2)[smooth]
    np.testing.assert_allclose(found.effective.reshape(-1)[smooth], slope, rtol=1e-4, atol=1e-4)
    assert found.effective.shape == shape
    assert found.influence.max() in (0, pytest.approx(1))


@given(branched(), st.sampled_from([np.float32, np.float64]), st.integers(0, 99), st.data())
def test_maps_that_are_known_already_change_nothing(built, dtype, seed, data):
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape).astype(dtype)
    maps = pipe.run(picture)
    name = last(pipe)
    where = position(data.draw, maps[name].shape)
    alone, helped = pipe.provenance(picture, name, *where), pipe.provenance(picture, name, *where, maps=maps)
    assert alone.regions == helped.regions
    tolerance = 1e-4 if dtype == np.float32 else 1e-10
    np.testing.assert_allclose(alone.effective, helped.effective, rtol=tolerance, atol=tolerance)
    assert alone.effective.dtype == dtype


@given(branched(CHOOSING, (fl.Maximum(), fl.Minimum())), st.integers(0, 99), st.data())
def test_winners_are_the_trail(built, seed, data):
    """Where nothing is summed, the path ends at the pixels (or border) whose values the value has."""
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape)
    maps = {"image": picture, **pipe.run(picture)}
    where = position(data.draw, maps[last(pipe)].shape)
    found = pipe.provenance(picture, last(pipe), *where).winners
    assert found[last(pipe)] == (where,)
    for place in Explainer(pipe, picture).trail(last(pipe), *where):
        inside = place.inside
        if inside is not None:
            assert (inside.channel, inside.row, inside.col) in found[inside.node]
    for node, cells in found.items():
        channels, height, width = maps[node].shape
        assert all(0 <= c < channels and 0 <= r < height and 0 <= s < width for c, r, s in cells)


def test_the_path_of_winners_through_two_poolings(rng):
    pipe = fl.Pipeline([fl.MaxPool2d(2), ("relu", fl.ReLU()), ("top", fl.MaxPool2d(2, stride=1))])
    picture = rng.random((2, 8, 8))
    found = pipe.provenance(picture, "top", 1, 1, 2).winners
    window = picture[1, 2:6, 4:8]
    row, col = np.unravel_index(window.argmax(), (4, 4))
    assert found["image"] == ((1, 2 + row, 4 + col),)
    assert found["pool1"] == found["relu"] == ((1, 1 + row // 2, 2 + col // 2),)


@given(branched(), st.integers(0, 99), st.data())
def test_the_trail_is_among_the_winners(built, seed, data):
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape)
    where = position(data.draw, pipe.output_shapes(shape)[last(pipe)])
    winners = pipe.provenance(picture, last(pipe), *where).winners
    for place in Explainer(pipe, picture).trail(last(pipe), *where):
        inside = place.inside
        if inside is not None:
            assert (inside.channel, inside.row, inside.col) in winners[inside.node]


def test_the_path_of_winners_goes_through_normalisations(rng):
    nodes = [("max", fl.MaxPool2d(2)), ("norm", fl.InstanceNorm2d()), ("group", fl.GroupNorm(1))]
    found = fl.Pipeline(nodes).provenance(rng.random((2, 6, 6)), "group", 1, 2, 0).winners
    assert found["norm"] == found["max"] == ((1, 2, 0),)
    assert len(found["image"]) == 1


def test_the_path_ends_where_a_window_is_summed(rng):
    pipe = fl.Pipeline(
        [("a", fl.Conv2d(rng.normal(size=(1, 1, 3, 3)))), fl.ReLU(), ("pool", fl.MaxPool2d(2))]
    )
    found = pipe.provenance(rng.random((1, 8, 8)), "pool", 0, 1, 1)
    assert set(found.winners) == {"pool", "relu1", "a"}


def test_regions_are_clipped_and_unclipped_ones_are_not(rng):
    pipe = fl.Pipeline([("a", fl.Conv2d(rng.normal(size=(1, 1, 5, 5)), padding=2))])
    found = pipe.provenance(rng.random((1, 9, 9)), "a", 0, 0, 8)
    assert found.regions["image"] == Region(0, 6, 3, 9)
    assert found.unclipped["image"] == Region(-2, 6, 3, 11)
    assert found.regions["a"] == Region(0, 8, 1, 9)


@pytest.mark.parametrize(
    ("mode", "rows"), [("zeros", (0, 3)), ("reflect", (0, 3)), ("symmetric", (0, 3)), ("circular", (0, 9))]
)
def test_regions_contain_what_border_modes_read(rng, mode, rows):
    pipe = fl.Pipeline([("a", fl.Conv2d(rng.normal(size=(1, 1, 5, 1)), padding=(2, 0), padding_mode=mode))])
    region = pipe.provenance(rng.random((1, 9, 9)), "a", 0, 0, 4).regions["image"]
    assert (region.top, region.bottom) == rows
    pipe = fl.Pipeline([("a", fl.Pad(2, mode="reflect"))])
    assert pipe.provenance(rng.random((1, 9, 9)), "a", 0, 0, 4).regions["image"] == Region(2, 2, 3, 3)


def test_a_flattened_value_is_one_cell_and_a_fully_connected_one_is_all(rng):
    pipe = fl.Pipeline(
        [
            ("a", fl.Conv2d(rng.normal(size=(2, 1, 3, 3)), padding=1)),
            ("flat", fl.Flatten()),
            ("drop", fl.Dropout()),
            ("fc", fl.Linear(rng.normal(size=(4, 2 * 6 * 7)))),
            ("soft", fl.Softmax()),
        ]
    )
    picture = rng.random((1, 6, 7))
    found = pipe.provenance(picture, "drop", 6 * 7 + 5 * 7 + 2)
    assert found.regions["a"] == found.unclipped["a"] == Region(5, 2, 6, 3)
    assert found.regions["image"] == Region(4, 1, 6, 4)
    assert found.unclipped["image"] == Region(4, 1, 7, 4)
    assert found.winners["a"] == ((1, 5, 2),)
    assert np.count_nonzero(found.effective) == 6
    found = pipe.provenance(picture, "soft", 1)
    assert found.regions["image"] == Region(0, 0, 6, 7)
    assert found.unclipped["image"] == Region(-1, -1, 7, 8)


def test_a_concatenated_channel_comes_from_one_branch(rng):
    nodes = [
        fl.Node("a", fl.Conv2d(rng.normal(size=(2, 1, 3, 3)), padding=1), ("image",)),
        fl.Node("b", fl.Conv2d(rng.normal(size=(3, 1, 5, 5)), padding=2), ("image",)),
        fl.Node("cat", fl.Concat(), ("a", "b")),
    ]
    pipe, picture = fl.Pipeline(nodes), rng.random((1, 9, 9))
    for channel, reach in ((1, 1), (2, 2)):
        found = pipe.provenance(picture, "cat", channel, 4, 4)
        assert found.regions["image"] == Region(4 - reach, 4 - reach, 5 + reach, 5 + reach)
        assert found.unclipped["image"] == found.regions["image"]
        assert ("a" in found.unclipped) == (found.regions["a"] != Region(0, 0, 0, 0)) == (channel < 2)


def test_channels_of_an_unshuffled_block_are_single_cells(rng):
    pipe = fl.Pipeline([("a", fl.PixelUnshuffle(2)), ("b", fl.PixelShuffle(2)), ("c", fl.PixelUnshuffle(2))])
    found = pipe.provenance(rng.random((1, 8, 8)), "c", 3, 1, 2).regions
    assert found["image"] == found["b"] == Region(3, 5, 4, 6)
    assert found["a"] == Region(1, 2, 2, 3)


def test_a_value_of_nothing_but_padding(rng):
    pipe = fl.Pipeline([("c", fl.Conv2d(rng.normal(size=(1, 1, 3, 3)))), ("a", fl.Pad(3)), ("b", fl.ReLU())])
    found = pipe.provenance(rng.random((1, 9, 9)), "b", 0, 0, 0)
    assert found.regions["image"] == found.regions["c"] == Region(0, 0, 0, 0)
    assert found.unclipped["c"] == Region(-3, -3, -2, -2)
    assert found.unclipped["image"] == Region(-3, -3, 0, 0)
    assert not found.effective.any()
    assert not found.influence.any()


def test_nan_slopes_do_not_come_from_beyond_the_region():
    """The other windows' sums of cubes are negative, and their roots NaN."""
    picture = -np.ones((1, 6, 6))
    picture[0, 2:4, 2:4] = 1
    found = fl.Pipeline([("a", fl.LPPool2d(3, 2))]).provenance(picture, "a", 0, 1, 1)
    lit = np.zeros((6, 6), bool)
    lit[2:4, 2:4] = True
    np.testing.assert_array_equal(found.effective[0] != 0, lit)
    assert np.isfinite(found.effective).all()


def test_nan_slopes_do_not_come_from_other_channels():
    picture = np.ones((2, 2, 2))
    picture[0] = -1
    found = fl.Pipeline([("a", fl.LPPool2d(3, 2)), ("b", fl.Flatten())]).provenance(picture, "b", 1)
    np.testing.assert_array_equal((found.effective != 0).all(axis=(1, 2)), [False, True])
    assert np.isfinite(found.effective).all()


def influence(effective):
    """Of a value with these slopes."""
    return Provenance(Where("a", 0, 0, 0), {}, {}, {}, np.array(effective, np.float32)).influence.tolist()


def test_influence_is_relative_to_the_greatest():
    assert influence([[[1.0, -4, 0]], [[1, 0, 0]]]) == [[0.5, 1, 0]]
    assert influence([[[0.0, 0]]]) == [[0, 0]]
    assert influence([[[3.0, -np.inf]]]) == [[0, 1]]
    first, second = influence([[[np.nan, 2.0]]])[0]
    assert (np.isnan(first), second) == (True, 1)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [np.inf, np.nan, 3e38, 1e-42])
def test_pictures_of_nan_and_infinities_are_traced(value):
    nodes = [
        fl.Node("a", fl.Filter2d(np.ones((3, 3))), ("image",)),
        fl.Node("b", fl.Divide(), ("image", "a")),
        fl.Node("c", fl.Magnitude(), ("a", "b")),
        fl.Node("d", fl.GlobalAvgPool2d(), ("c",)),
    ]
    picture = np.full((1, 5, 5), value, np.float32)
    picture[0, 2, 2] = -value
    for node in "abcd":
        found = fl.Pipeline(nodes).provenance(picture, node, 0)
        assert found.effective.dtype == np.float32
        assert found.influence.shape == (5, 5)


def test_a_batch_is_refused(rng):
    with pytest.raises(fl.FilterLabError, match="one picture"):
        fl.Pipeline([("a", fl.ReLU())]).provenance(rng.random((2, 1, 3, 3)), "a", 0)


def test_a_pixel_comes_from_itself(rng):
    picture = rng.random((3, 4, 5))
    found = fl.Pipeline([fl.ReLU()]).provenance(picture, "image", 2, 1, 3)
    assert found.regions == {"image": Region(1, 3, 2, 4)}
    assert found.effective.sum() == found.effective[2, 1, 3] == 1


class Counting(fl.ReLU):
    """Counts the cells it is given."""

    def forward(self, *xs):
        SEEN.append(xs[0].size)
        return super().forward(*xs)

    def backward(self, dy, xs, y):
        SEEN.append(dy.size)
        return super().backward(dy, xs, y)


SEEN = []


def test_only_the_part_that_matters_is_computed(rng):
    kernel = rng.normal(size=(4, 4, 3, 3)) / 6
    deep = [layer for _ in range(6) for layer in (fl.Conv2d(kernel, padding=1), Counting())]
    pipe = fl.Pipeline([fl.Conv2d(rng.normal(size=(4, 3, 3, 3)), padding=1), *deep])
    SEEN.clear()
    found = pipe.provenance(rng.random((3, 400, 400)), last(pipe), 1, 200, 300)
    assert found.regions["image"] == Region(193, 293, 208, 308)
    assert len(SEEN) > 6
    assert max(SEEN) <= 4 * 16 * 16


# -- asking wrongly ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("image", 0, 0, "nothing"), "there is no node 'nothing'"),
        (("b", 0, 0, "a"), "'b' does not lead to 'a'"),
        (("a", 9, 0, "b"), "there is no row 9"),
    ],
)
def test_output_regions_that_do_not_exist_are_refused(arguments, message):
    pipe = fl.Pipeline([("a", fl.ReLU()), ("b", fl.ReLU())])
    with pytest.raises(fl.FilterLabError, match=message):
        pipe.output_region(*arguments, size=(5, 5))


def test_an_output_region_needs_a_size():
    with pytest.raises(fl.FilterLabError, match="size of the picture"):
        fl.Pipeline([("a", fl.ReLU())]).output_region("image", 0, 0, "a")


def test_positions_outside_are_refused(rng):
    with pytest.raises(fl.FilterLabError, match="there is no column 7"):
        fl.Pipeline([("a", fl.ReLU())]).provenance(rng.random((1, 5, 5)), "a", 0, 0, 7)
