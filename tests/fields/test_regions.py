"""Receptive fields and input regions: figures worked out by hand, and what really moves."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import filterlab as fl
from filterlab.errors import NeedsSizeError
from filterlab.fields.regions import Region


def conv(kernel, stride=1, padding=0, dilation=1, channels=(1, 1)):
    size = (kernel, kernel) if isinstance(kernel, int) else kernel
    return fl.Conv2d(np.ones((*channels, *size)), stride=stride, padding=padding, dilation=dilation)


def test_a_single_convolution():
    field = fl.Pipeline([("a", conv((5, 3), stride=(2, 1), padding=(2, 0)))]).receptive_field("a")
    assert (field.size, field.stride, field.padding) == ((5, 3), (2, 1), (2, 0))


def test_vgg16_at_its_last_pooling():
    layers = []
    for block, count in enumerate((2, 2, 3, 3, 3), start=1):
        layers += [(f"conv{block}_{i}", conv(3, padding=1)) for i in range(1, count + 1)]
        layers.append((f"pool{block}", fl.MaxPool2d(2)))
    field = fl.Pipeline(layers).receptive_field("pool5")
    assert (field.size, field.stride) == ((212, 212), (32, 32))


def test_the_field_in_an_earlier_node():
    pipe = fl.Pipeline([("a", conv(3)), ("b", conv(3, stride=2)), ("c", conv(3))])
    assert pipe.receptive_field("c", of="a").size == (7, 7)
    assert pipe.receptive_field("c", of="c").size == (1, 1)
    assert pipe.input_region("c", 1, 2, of="b") == fl.pipeline.Region(1, 2, 4, 5)


def test_a_later_node_leads_nowhere():
    pipe = fl.Pipeline([("a", conv(3)), ("b", conv(3))])
    with pytest.raises(fl.FilterLabError, match="does not lead to 'a'"):
        pipe.receptive_field("a", of="b")


def test_regions_are_not_clipped():
    pipe = fl.Pipeline([("a", conv(3, padding=1)), ("b", conv(5, padding=2))])
    region = pipe.input_region("b", 0, 0)
    assert region == fl.pipeline.Region(-3, -3, 4, 4)
    assert region.clipped((8, 2)) == fl.pipeline.Region(0, 0, 4, 2)


def test_branches_off_centre_give_the_union():
    nodes = [
        fl.Node("left", conv(3, padding=((0, 0), (2, 0)))),
        fl.Node("right", conv(3, padding=((0, 0), (0, 2))), inputs=("image",)),
        fl.Node("sum", fl.Add(), inputs=("left", "right")),
    ]
    field = fl.Pipeline(nodes).receptive_field("sum")
    assert (field.size, field.padding) == ((3, 5), (0, 2))


def test_unequal_strides_have_no_field_but_regions():
    nodes = [
        fl.Node("fine", conv(3)),
        fl.Node("coarse", conv(3, stride=2), inputs=("image",)),
        fl.Node("cat", fl.Concat(), inputs=("fine", "coarse")),
    ]
    pipe = fl.Pipeline(nodes)
    with pytest.raises(fl.FilterLabError, match="'fine' with 1, 'coarse' with 2") as caught:
        pipe.receptive_field("cat")
    assert caught.value.node == "cat"
    assert pipe.input_region("cat", 2, 2) == fl.pipeline.Region(2, 2, 7, 7)


@pytest.mark.parametrize(
    "layer", [conv(3, stride=2, padding="same"), fl.AdaptiveAvgPool2d(2), fl.GlobalAvgPool2d()]
)
def test_size_is_asked_for_only_where_it_matters(layer):
    pipe = fl.Pipeline([("first", conv(3)), ("second", layer), ("third", fl.ReLU())])
    assert pipe.receptive_field("first").size == (3, 3)
    with pytest.raises(NeedsSizeError, match="size"):
        pipe.receptive_field("third")
    assert pipe.receptive_field("third", size=(14, 10)).size[0] >= 3


def test_same_padding_with_a_stride_depends_on_the_size():
    pipe = fl.Pipeline([("a", conv(3, stride=2, padding="same"))])
    assert pipe.receptive_field("a", size=(8, 7)).padding == (0, 1)


def test_a_vector_sees_the_whole_picture():
    pipe = fl.Pipeline([conv(3), fl.Flatten(), ("fc", fl.Linear(np.ones((2, 36))))])
    assert pipe.input_region("fc", 0, 0, size=(8, 8)) == fl.pipeline.Region(0, 0, 8, 8)


def test_upsampling_has_a_stride_below_one():
    pipe = fl.Pipeline([("up", fl.Upsample(2, "nearest")), ("conv", conv(3, padding=1))])
    field = pipe.receptive_field("conv")
    assert (field.size, field.stride) == ((2, 2), (0.5, 0.5))
    assert pipe.input_region("conv", 2, 3) == fl.pipeline.Region(0, 1, 2, 3)


def test_positions_outside_are_refused():
    pipe = fl.Pipeline([("a", conv(3))])
    with pytest.raises(fl.FilterLabError, match="no row -1"):
        pipe.input_region("a", -1, 0)
    with pytest.raises(fl.FilterLabError, match="no row 0.5"):
        pipe.input_region("a", 0.5, 0)
    with pytest.raises(fl.FilterLabError, match=r"no column 6 .*0 to 5"):
        pipe.input_region("a", 0, 6, size=(8, 8))


# -- what really moves --------------------------------------------------------------------------------------

_ints = st.integers


@st.composite
def layers(draw):
    """A local layer with positive weights, so that no influence cancels."""
    kind = draw(st.sampled_from(["conv", "avg", "transposed", "up", "pad", "crop"]))
    if kind == "conv":
        kernel = draw(st.tuples(_ints(1, 3), _ints(1, 3)))
        padding = draw(st.one_of(st.just("same"), st.tuples(*[st.tuples(_ints(0, 2), _ints(0, 2))] * 2)))
        return conv(kernel, draw(st.tuples(_ints(1, 2), _ints(1, 2))), padding, draw(_ints(1, 2)))
    if kind == "avg":
        return fl.AvgPool2d(draw(_ints(1, 3)), stride=draw(_ints(1, 2)), padding=draw(_ints(0, 1)))
    if kind == "transposed":
        return fl.ConvTranspose2d(np.ones((1, 1, 3, 2)), stride=draw(_ints(1, 2)), padding=draw(_ints(0, 1)))
    if kind == "up":
        return fl.Upsample(draw(_ints(2, 3)), draw(st.sampled_from(["nearest", "bilinear"])))
    if kind == "pad":
        return fl.Pad(
            draw(st.tuples(st.tuples(_ints(0, 2), _ints(0, 2)), st.tuples(_ints(0, 2), _ints(0, 2))))
        )
    return fl.Crop(((1, 0), (0, 1)))


@settings(max_examples=60, deadline=None)
@given(chain=st.lists(layers(), min_size=1, max_size=3), branch=st.booleans(), data=st.data())
def test_the_region_is_what_moves_the_value(chain, branch, data):
    nodes = [fl.Node(f"n{i}", layer) for i, layer in enumerate(chain)]
    last = nodes[-1].name
    if branch:
        nodes += [fl.Node("side", conv((1, 3), padding="same"), inputs=(last,))]
        nodes += [fl.Node("sum", fl.Add(), inputs=(last, "side"))]
        last = "sum"
    pipe = fl.Pipeline(nodes)
    image = np.zeros((1, 9, 8))
    try:
        rest = pipe.run(image, [last])[last]
    except fl.FilterLabError:
        return  # a window larger than what is left of the picture
    row, col = (data.draw(_ints(0, n - 1)) for n in rest.shape[1:])
    moves = np.zeros(image.shape[1:], bool)
    for i, j in np.ndindex(moves.shape):
        touched = image.copy()
        touched[0, i, j] = 1
        moves[i, j] = pipe.run(touched, [last])[last][0, row, col] != rest[0, row, col]
    region = pipe.input_region(last, row, col, size=(9, 8)).clipped((9, 8))
    inside = np.zeros_like(moves)
    inside[region.top : region.bottom, region.left : region.right] = True
    assert not (moves & ~inside).any()
    # The hull of what moves; gaps of dilation and stride stay inside it. Padding on the way is a gap too.
    sizes = {"image": (9, 8), **{name: m.shape[1:] for name, m in pipe.run(image).items()}}
    seen = {name: pipe.input_region(last, row, col, of=name, size=(9, 8)) for name in sizes if name != "side"}
    no_padding = all(found == found.clipped(sizes[name]) for name, found in seen.items())
    if no_padding and not any(isinstance(layer, fl.ConvTranspose2d | fl.Upsample) for layer in chain):
        rows, cols = np.flatnonzero(moves.any(1)), np.flatnonzero(moves.any(0))
        assert (rows[0], rows[-1] + 1, cols[0], cols[-1] + 1) == (
            region.top,
            region.bottom,
            region.left,
            region.right,
        )


def test_a_resampling_window_cut_short_by_a_weight_of_0_hides_nothing():
    """Output 5 of 5 -> 11 lies on cell 2, where the antialiased cubic is 0 at all others; output 4 sees cell 3."""
    pipe = fl.Pipeline([("up", fl.Resize((1, 11), "bicubic", antialias=True)), ("conv", conv((1, 3)))])
    image = np.random.default_rng(0).random((1, 1, 5))
    moved = image.copy()
    moved[0, 0, 3] += 1
    assert pipe.run(image)["conv"][0, 0, 3] != pipe.run(moved)["conv"][0, 0, 3]
    assert pipe.input_region("conv", 0, 3, size=(1, 5)).right == 4


# -- single channels ---------------------------------------------------------------------------------------


@pytest.fixture
def flattened():
    ones = np.ones((2, 3, 3, 3))
    nodes = [("a", fl.Conv2d(ones, padding=1)), ("flat", fl.Flatten()), ("fc", fl.Linear(np.ones((4, 60))))]
    return fl.Pipeline(nodes)


def test_a_position_of_a_vector_is_a_cell_of_its_map(flattened):
    shape = (3, 5, 6)
    for channel in range(60):
        row, col = channel // 6 % 5, channel % 6
        found = flattened.input_region("flat", 0, 0, size=shape, channel=channel)
        assert found == flattened.input_region("a", row, col, size=shape)
    everything = flattened.input_region("fc", 0, 0, size=shape)
    assert flattened.input_region("fc", 0, 0, size=shape, channel=3) == everything
    assert flattened.input_region("flat", 0, 0, size=shape) == everything


def test_a_channel_has_nothing_to_do_with_the_other_branch():
    nodes = [fl.Node(name, fl.ReLU(), ("image",)) for name in "ab"]
    pipe = fl.Pipeline([*nodes, fl.Node("cat", fl.Concat(), ("a", "b"))])
    regions = [pipe.input_region("cat", 1, 2, of="b", size=(1, 4, 4), channel=c) for c in (0, 1)]
    assert regions == [Region(0, 0, 0, 0), Region(1, 2, 2, 3)]


@pytest.mark.parametrize(
    ("arguments", "size", "message"),
    [
        (("flat", 0, 0), None, "the shape of the picture"),
        (("flat", 0, 0), (5, 6), "the shape of the picture"),
        (("flat", 0, 0), (3, 5, 7), "60"),
        (("flat", 1, 0), (3, 5, 6), "no row 1"),
        (("a", 0, 0, "fc"), (3, 5, 6), "'fc' does not lead to 'a'"),
        (("a", 0, 0, "nothing"), (3, 5, 6), "no node 'nothing'"),
    ],
)
def test_channels_asked_for_wrongly(flattened, arguments, size, message):
    with pytest.raises(fl.FilterLabError, match=message):
        flattened.input_region(*arguments, size=size, channel=0)


def test_channels_that_do_not_exist_are_refused(flattened):
    with pytest.raises(fl.FilterLabError, match="no channel 60"):
        flattened.input_region("flat", 0, 0, size=(3, 5, 6), channel=60)


def test_fields_of_dilated_transposed_windows_hold_no_gaps_at_their_ends():
    """Stride 2, dilation 2, 2 taps: even outputs see two cells, odd ones nothing."""
    pipe = fl.Pipeline([("a", fl.ConvTranspose2d(np.ones((1, 1, 2, 2)), stride=2, dilation=2))])
    regions = [pipe.input_region("a", row, 4) for row in range(6)]
    assert [(r.top, r.bottom) for r in regions] == [(-1, 1), (0, 0), (0, 2), (0, 0), (1, 3), (0, 0)]
    assert pipe.receptive_field("a").size == (2, 2)
