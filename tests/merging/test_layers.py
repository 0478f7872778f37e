"""Merged layers give the numbers of those that they stand for, but for the cells at the border that are told."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.errors import FilterLabError, NeedsSizeError, ParameterError
from filterlab.functional.geometry import PADDING_MODES
from filterlab.graph import Graph
from filterlab.merging.layers import merge_branches, merge_next
from filterlab.merging.whole import merge_all, merge_named

CHANNELS = 4
SIZE = (33, 30)
OPERATIONS = st.sampled_from(["cross-correlation", "convolution"])
MODES = st.sampled_from(PADDING_MODES)
SIDES = st.integers(1, 3)


@st.composite
def geometries(draw):
    kernel = draw(SIDES), draw(SIDES)
    return kernel, {
        "stride": (draw(st.integers(1, 3)), draw(st.integers(1, 2))),
        "dilation": (draw(st.integers(1, 2)), draw(st.integers(1, 3))),
        "padding": ((draw(st.integers(0, 2)), draw(st.integers(0, 2))), (draw(st.integers(0, 2)), 1)),
        "padding_mode": draw(MODES),
        "value": 0.5,
        "operation": draw(OPERATIONS),
    }


@st.composite
def layers(draw, dtype=np.float64, channels=CHANNELS):
    """A layer that is a weighted sum, for maps of four channels, which it keeps."""
    rng = np.random.default_rng(draw(st.integers(0, 1 << 16)))

    def numbers(*shape):
        return rng.normal(size=shape).astype(dtype)

    kind = draw(st.sampled_from(["conv", "filter", "mean", "norm", "scale", "constant", "pad", "one"]))
    if kind == "norm":
        variance = rng.uniform(0.5, 2, channels).astype(dtype)
        return fl.BatchNorm2d(running_mean=numbers(channels), running_var=variance, bias=numbers(channels))
    if kind == "scale":
        return fl.ScaleShift(weight=numbers(channels))
    if kind == "constant":
        return fl.ConstantArithmetic(operation="subtract from", operand=numbers(1, 1, 1))
    if kind == "pad":
        return fl.Pad(((1, 0), (2, 1)), mode=draw(MODES), value=-0.5)
    if kind == "mean":
        return fl.AvgPool2d((2, 3), stride=draw(SIDES), padding=draw(st.integers(0, 1)))
    kernel, options = draw(geometries())
    if kind == "filter":
        return fl.Filter2d(kernel=numbers(*kernel), divisor=3, offset=0.25, **options)
    groups = draw(st.sampled_from([1, 2, 4]))
    if kind == "one":
        kernel, options = (1, 1), {"operation": "convolution"}
    weight = numbers(channels, channels // groups, *kernel)
    bias = numbers(channels) if draw(st.booleans()) else None
    return fl.Conv2d(weight=weight, bias=bias, groups=groups, **options)


def inside(one, other, differs):
    """The largest difference of two maps inside the frame, over the range of the first; 0 where there is no inside."""
    height, width = one.shape[1:]
    cut = np.s_[:, differs.top : height - differs.bottom, differs.left : width - differs.right]
    return float(np.abs(one[cut] - other[cut]).max(initial=0)) / max(float(np.ptp(one)), 1e-30)


def frame(shape, differs):
    height, width = shape[1:]
    made = np.ones((height, width), bool)
    made[differs.top : height - differs.bottom, differs.left : width - differs.right] = False
    return made


def compared(pipe, found, dtype=np.float64, size=SIZE, tolerance=1e-12):
    rng = np.random.default_rng(5)
    image = rng.uniform(-1, 1, (CHANNELS, *size)).astype(dtype)
    one, other = pipe.run(image)[found.name], found.pipeline.run(image)[found.name]
    assert one.shape == other.shape
    assert other.dtype == dtype
    assert inside(one, other, found.differs) < tolerance
    return one, other


@settings(max_examples=25, deadline=None)
@given(first=layers(), second=layers(), known=st.booleans())
def test_two_layers_become_one_with_the_same_numbers_inside(first, second, known):
    pipe = fl.Pipeline([("first", first), ("second", second), ("relu", fl.ReLU())])
    try:
        pipe.output_shapes((CHANNELS, *SIZE))
    except FilterLabError:
        assume(False)
    found = merge_next(pipe, "first", (CHANNELS, *SIZE) if known else None)
    assert isinstance(found.pipeline, fl.Pipeline)
    assert [node.name for node in found.pipeline] == ["second", "relu"]
    assert found.gone == ("first",)
    compared(pipe, found)


@settings(max_examples=12, deadline=None)
@given(first=layers(np.float32), second=layers(np.float32))
def test_float32_stays_float32_and_agrees_to_its_round_off(first, second):
    pipe = fl.Pipeline([("first", first), ("second", second)])
    try:
        pipe.output_shapes((CHANNELS, *SIZE))
    except FilterLabError:
        assume(False)
    found = merge_next(pipe, "first")
    compared(pipe, found, np.float32, tolerance=1e-5)


@settings(max_examples=8, deadline=None)
@given(stack=st.lists(layers(), min_size=3, max_size=5))
def test_stacks_become_one_layer_whose_frame_is_that_of_the_last_merge(stack):
    pipe = fl.Pipeline([(f"l{i}", layer) for i, layer in enumerate(stack)])
    try:
        pipe.output_shapes((CHANNELS, *SIZE))
    except FilterLabError:
        assume(False)
    graph, picture = pipe, (CHANNELS, *SIZE)
    for above, _ in pairwise([node.name for node in pipe]):
        found = merge_next(graph, above, picture)
        compared(graph, found)
        graph = found.pipeline
    assert len(graph) == 1


@settings(max_examples=15, deadline=None)
@given(first=geometries(), second=geometries(), seed=st.integers(0, 99))
def test_cells_that_are_said_to_differ_do(first, second, seed):
    rng = np.random.default_rng(seed)
    made = [
        fl.Conv2d(
            weight=rng.normal(size=(CHANNELS, CHANNELS, *kernel)), bias=rng.normal(size=CHANNELS), **options
        )
        for kernel, options in (first, second)
    ]
    pipe = fl.Pipeline([("first", made[0]), ("second", made[1])])
    try:
        pipe.output_shapes((CHANNELS, *SIZE))
    except FilterLabError:
        assume(False)
    found = merge_next(pipe, "first", (CHANNELS, *SIZE))
    one, other = compared(pipe, found)
    apart = (np.abs(one - other) > 1e-9).any(axis=0)
    told = found.differs
    # Each side that is named has a cell that differs in its innermost row or column.
    lines = {
        "top": apart[told.top - 1],
        "bottom": apart[-told.bottom],
        "left": apart[:, told.left - 1],
        "right": apart[:, -told.right],
    }
    for side, line in lines.items():
        assert not getattr(told, side) or line.any()
    assert found.exact == (not apart.any())
    assert bool(found.why) == (not found.exact)


def conv(rng, outputs=CHANNELS, inputs=CHANNELS, size=3, **options):
    return fl.Conv2d(weight=rng.normal(size=(outputs, inputs, size, size)), **options)


def test_zeros_between_two_convolutions_change_the_outer_cells_and_the_reason_is_told(rng):
    pipe = fl.Pipeline([("a", conv(rng, padding=1)), ("b", conv(rng, size=5, padding=2))])
    found = merge_next(pipe, "a")
    assert found.differs == (2, 2, 2, 2)
    assert "'b' pads the map of 'a', and the merged layer can pad only what 'a' reads" in found.words()
    assert "2 rows at the top" in found.words()
    assert found.pipeline["b"].kernel_size == (7, 7)
    assert found.pipeline["b"].params()["padding"] == "same"


def test_without_padding_between_them_two_convolutions_merge_exactly(rng):
    for mode in PADDING_MODES:
        first = conv(rng, padding=2, padding_mode=mode, value=0.5, bias=rng.normal(size=CHANNELS))
        found = merge_next(fl.Pipeline([("a", first), ("b", conv(rng))]), "a")
        assert found.exact
        assert found.pipeline["b"].padding_mode == mode


def test_circular_convolutions_of_the_same_size_merge_exactly(rng):
    options = {"padding": "same", "padding_mode": "circular"}
    found = merge_next(fl.Pipeline([("a", conv(rng, **options)), ("b", conv(rng, size=5, **options))]), "a")
    assert found.exact
    assert found.words() == "'a' merged into 'b': the same numbers everywhere"


def test_without_a_size_the_border_is_the_worst_of_all_sizes():
    # Only of pictures whose width leaves a certain remainder does the last window of the second see its padding.
    pool = fl.AvgPool2d((2, 3), stride=3, padding=1)
    pipe = fl.Pipeline([("a", pool), ("b", pool)])
    found = merge_next(pipe, "a")
    assert not found.exact
    for size in range(20, 30):
        compared(pipe, found, size=(size, size))
    known = [merge_next(pipe, "a", (CHANNELS, size, size)) for size in range(20, 30)]
    assert any(one.exact for one in known)
    for one in known:
        assert one.sized == (one.differs != found.differs)
        assert ("in pictures of other sizes, other cells may differ" in one.words()) == one.sized


def test_a_padding_that_follows_the_size_is_told_to_hold_for_this_one_alone(rng):
    pipe = fl.Pipeline([("a", conv(rng, stride=2, padding="same")), ("b", conv(rng))])
    assert merge_next(pipe, "a", (CHANNELS, 31, 32)).sized
    plain = fl.Pipeline([("a", conv(rng, padding="same")), ("b", conv(rng))])
    assert not merge_next(plain, "a", (CHANNELS, 9, 9)).sized


def test_symmetric_kernels_merge_exactly_where_the_border_reflects():
    blur = fl.Filter2d(kernel={"preset": "gaussian", "size": 5}, padding_mode="reflect")
    found = merge_next(fl.Pipeline([("a", blur), ("b", blur)]), "a")
    assert found.exact
    assert type(found.pipeline["b"]) is fl.Filter2d


def test_a_shift_before_zeros_becomes_the_constant_of_which_it_makes_them(rng):
    shift = fl.ConstantArithmetic(operation="subtract", operand=[[[0.5]]])
    pipe = fl.Pipeline([("shift", shift), ("conv", conv(rng, padding=1))])
    found = merge_next(pipe, "shift")
    assert found.exact
    layer = found.pipeline["conv"]
    assert (layer.padding_mode, layer.value) == ("constant", pytest.approx(0.5))
    compared(pipe, found)


def test_filters_stay_filters_for_any_number_of_channels():
    pipe = fl.Pipeline([("a", fl.Filter2d(kernel={"preset": "gaussian"})), ("b", fl.AvgPool2d(2))])
    found = merge_next(pipe, "a")
    layer = found.pipeline["b"]
    assert type(layer) is fl.Filter2d
    assert (layer.kernel_size, layer.stride) == ((6, 6), (2, 2))


def test_depthwise_and_pointwise_merge_into_a_convolution_and_their_costs_are_told(rng):
    pipe = fl.Pipeline(
        [("dw", conv(rng, inputs=1, groups=CHANNELS, padding=1)), ("pw", conv(rng, outputs=8, size=1))]
    )
    found = merge_next(pipe, "dw", (CHANNELS, 10, 10))
    assert found.exact
    assert found.macs == (100 * (36 + 32), 100 * 8 * 36)
    compared(pipe, found)


def test_fully_connected_layers_merge(rng):
    pipe = fl.Pipeline(
        [
            ("flat", fl.Flatten()),
            ("a", fl.Linear(weight=rng.normal(size=(5, 24)), bias=rng.normal(size=5))),
            ("b", fl.Linear(weight=rng.normal(size=(3, 5)))),
            ("c", fl.ScaleShift(weight=rng.normal(size=3))),
        ]
    )
    found = merge_all(pipe, (1, 4, 6), dearer=True)
    assert [node.name for node in found.pipeline] == ["flat", "c"]
    image = rng.normal(size=(1, 4, 6))
    np.testing.assert_allclose(found.pipeline.run(image)["c"], pipe.run(image)["c"], rtol=1e-12, atol=1e-12)


def test_a_norm_behind_a_transposed_convolution_goes_into_it(rng):
    deconv = fl.ConvTranspose2d(weight=rng.normal(size=(CHANNELS, CHANNELS, 2, 2)), stride=2)
    pipe = fl.Pipeline([("up", deconv), ("norm", fl.ScaleShift(bias=rng.normal(size=CHANNELS)))])
    found = merge_next(pipe, "up")
    assert found.exact
    compared(pipe, found)


@settings(max_examples=15, deadline=None)
@given(
    stride=st.integers(2, 3),
    side=st.integers(1, 4),
    dilation=st.integers(1, 2),
    padding=st.integers(0, 1),
    more=st.integers(0, 1),
    groups=st.sampled_from([1, 2, 4]),
    other=geometries(),
    before=st.booleans(),
    seed=st.integers(0, 99),
)
def test_transposed_convolutions_merge_with_what_stands_before_and_behind(
    stride, side, dilation, padding, more, groups, other, before, seed
):
    rng = np.random.default_rng(seed)
    weight = rng.normal(size=(CHANNELS, CHANNELS // groups, side, side))
    options = {"stride": stride, "dilation": dilation, "output_padding": more, "groups": groups}
    bias = rng.normal(size=CHANNELS)
    deconv = fl.ConvTranspose2d(weight=weight, bias=bias, padding=padding, **options)
    kernel, geometry = other
    layer = fl.Conv2d(weight=rng.normal(size=(CHANNELS, 2, *kernel)), groups=2, **{**geometry, "stride": 1})
    pair = (layer, deconv) if before else (deconv, layer)
    pipe = fl.Pipeline([("first", pair[0]), ("second", pair[1])])
    try:
        pipe.output_shapes((CHANNELS, *SIZE))
        found = merge_next(pipe, "first")
    except FilterLabError as error:
        assume("transposed convolution reaches" not in str(error) and "padding" not in str(error))
        raise
    assert found.pipeline["second"].key == "conv_transpose2d"
    compared(pipe, found)


@pytest.mark.parametrize(
    "layer", [fl.ChannelSlice(step=-1), fl.ChannelShuffle(groups=2), fl.PixelUnshuffle(r=2), fl.Dropout()]
)
def test_layers_that_only_rearrange_merge_exactly_once_the_picture_is_known(rng, layer):
    outputs = 4 * CHANNELS if layer.key == "pixel_unshuffle" else CHANNELS
    pipe = fl.Pipeline([("a", layer), ("b", conv(rng, inputs=outputs, size=1))])
    if layer.key != "dropout":
        with pytest.raises(NeedsSizeError, match="number of channels depends on the picture"):
            merge_next(pipe, "a")
    found = merge_next(pipe, "a", (CHANNELS, 12, 14))
    assert found.exact
    compared(pipe, found, size=(12, 14))


def test_what_is_enlarged_and_then_skipped_is_no_single_layer(rng):
    deconv = fl.ConvTranspose2d(weight=rng.normal(size=(CHANNELS, CHANNELS, 2, 2)), stride=2)
    with pytest.raises(ParameterError, match="takes cells of it by a stride"):
        merge_next(fl.Pipeline([("up", deconv), ("down", conv(rng, stride=2))]), "up")
    shifted = conv(rng, bias=rng.normal(size=CHANNELS))
    with pytest.raises(ParameterError, match="to which the first adds constants"):
        merge_next(fl.Pipeline([("conv", shifted), ("up", deconv)]), "conv")


def test_what_cannot_be_merged_says_why(rng):
    def refused(nodes, name, words, kind=ParameterError, of=merge_next):
        with pytest.raises(kind, match=words):
            of(fl.Pipeline(nodes), name)

    a, b = ("a", conv(rng)), ("b", conv(rng))
    refused([a, b], "b", "no layer reads 'b'")
    refused([a, b, fl.Node("c", fl.ReLU(), ("a",))], "a", "'a' is read by 'b' and 'c'")
    refused([a, ("relu", fl.ReLU())], "a", "ReLU is not a weighted sum with the same weights at every place")
    refused([a, fl.Node("b", conv(rng), enabled=False)], "a", "'b' is switched off")
    refused([("a", fl.Crop(3)), ("b", conv(rng, padding=1))], "a", "more would be cut off")
    refused([a, ("b", conv(rng, inputs=3))], "a", "makes 4 channels, the second reads 3")
    refused([("a", conv(rng, stride=2, padding="same")), b], "a", "size of the picture", NeedsSizeError)
    refused([a, fl.Node("sum", fl.Add(), ("a", "image"))], "a", "'sum' reads several maps")
    refused([a, b], "a", "does not sum or concatenate", of=merge_branches)


def branched(rng, merge, *branches):
    """Branches from one map that meet, each a list of layers."""
    nodes, ends = [fl.Node("in", fl.ReLU(), ("image",))], []
    for number, branch in enumerate(branches):
        above = "in"
        for place, layer in enumerate(branch):
            nodes.append(fl.Node(f"n{number}{place}", layer, (above,)))
            above = nodes[-1].name
        ends.append(above)
    return fl.Pipeline([*nodes, fl.Node("out", merge, tuple(ends))])


@settings(max_examples=15, deadline=None)
@given(
    kind=st.sampled_from([fl.Add, fl.Subtract, fl.Mean, fl.Concat]),
    sides=st.lists(st.sampled_from([1, 3, 5]), min_size=2, max_size=2),
    dilations=st.lists(st.integers(1, 2), min_size=2, max_size=2),
    stride=st.integers(1, 2),
    groups=st.sampled_from([1, 2, 4]),
    modes=st.lists(MODES, min_size=2, max_size=2),
    seed=st.integers(0, 99),
)
def test_branches_become_one_convolution(kind, sides, dilations, stride, groups, modes, seed):
    rng = np.random.default_rng(seed)
    made = []
    for side, dilation, mode, parts in zip(sides, dilations, modes, (1, groups), strict=True):
        padding = dilation * (side - 1) // 2
        options = {"padding": padding, "dilation": dilation, "padding_mode": mode, "stride": stride}
        made.append(
            conv(
                rng,
                inputs=CHANNELS // parts,
                size=side,
                groups=parts,
                bias=rng.normal(size=CHANNELS),
                **options,
            )
        )
    pipe = branched(rng, kind(), [made[0]], [made[1], fl.ScaleShift(weight=rng.normal(size=CHANNELS))])
    found = merge_branches(pipe, "out", (CHANNELS, *SIZE))
    assert [node.name for node in found.pipeline] == ["in", "out"]
    compared(pipe, found)
    if modes[0] == modes[1]:
        assert found.exact


def test_a_skip_connection_is_the_identity(rng):
    pipe = branched(rng, fl.Add(), [], [conv(rng, padding=1)])
    found = merge_branches(pipe, "out")
    assert found.exact
    compared(pipe, found)


def test_filters_that_are_subtracted_become_one_filter():
    pipe = branched(None, fl.Subtract(), [], [fl.Filter2d(kernel={"preset": "gaussian", "size": 5})])
    layer = merge_branches(pipe, "out").pipeline["out"]
    assert type(layer) is fl.Filter2d
    blur = fl.kernels.gaussian(5)
    np.testing.assert_allclose(layer.kernel, fl.kernels.identity(5) - blur, atol=1e-7)


def test_concatenated_filters_need_the_number_of_channels():
    blur = fl.Filter2d(kernel={"preset": "gaussian", "size": 5})
    pipe = branched(None, fl.Concat(), [blur], [])
    with pytest.raises(NeedsSizeError, match="number of channels depends on the picture"):
        merge_branches(pipe, "out")
    found = merge_branches(pipe, "out", (CHANNELS, *SIZE))
    assert found.pipeline["out"].out_channels == 2 * CHANNELS
    compared(pipe, found, np.float32, tolerance=1e-6)


def test_branches_that_do_not_meet_in_one_map_are_refused(rng):
    def refused(pipe, words):
        with pytest.raises(ParameterError, match=words):
            merge_branches(pipe, "out")

    refused(
        branched(rng, fl.Add(), [conv(rng, padding=1), fl.ReLU()], [conv(rng, padding=1)]),
        "come from 'n01' and 'in'",
    )
    refused(branched(rng, fl.Add(), [conv(rng, padding=1)], [conv(rng)]), "maps of different sizes")
    refused(branched(rng, fl.Add(), [conv(rng, stride=2)], [conv(rng)]), "different strides")
    refused(branched(rng, fl.Add(), [], []), "there are no branches")


def test_the_class_of_a_graph_is_kept(rng):
    graph = Graph([("a", conv(rng)), ("b", conv(rng))])
    assert type(merge_next(graph, "a").pipeline) is Graph


# -- a whole graph ----------------------------------------------------------------------------------------------


def network(rng):
    return fl.Pipeline(
        [
            ("stem", conv(rng, padding=1)),
            (
                "norm",
                fl.BatchNorm2d(running_mean=rng.normal(size=CHANNELS), running_var=np.full(CHANNELS, 0.5)),
            ),
            ("relu", fl.ReLU()),
            ("a", conv(rng, padding=1)),
            ("b", conv(rng, padding=1)),
            ("relu2", fl.ReLU()),
            ("squeeze", conv(rng, size=1, outputs=2)),
            ("expand", conv(rng, size=1, inputs=2, outputs=16)),
        ]
    )


def test_all_that_is_exact_and_no_dearer_is_merged_and_the_rest_says_why(rng):
    pipe = network(rng)
    found = merge_all(pipe, (CHANNELS, *SIZE))
    assert [node.name for node in found.pipeline] == ["norm", "relu", "a", "b", "relu2", "squeeze", "expand"]
    assert "border would change" in str(found.kept["a"])
    assert "63,360 multiply-adds instead of 39,600" in str(found.kept["squeeze"])
    assert found.to_dict()["merged"][0]["merged"] == ["stem"]
    more = merge_all(pipe, (CHANNELS, *SIZE), borders=True, dearer=True)
    assert [node.name for node in more.pipeline] == ["norm", "relu", "b", "relu2", "expand"]
    assert not more.kept


def test_what_is_exact_for_one_size_alone_stays_unless_borders_may_change(rng):
    norm = fl.ScaleShift(weight=rng.normal(size=CHANNELS))
    pipe = fl.Pipeline([("a", conv(rng, stride=2, padding="same")), ("norm", norm)])
    found = merge_all(pipe, (CHANNELS, *SIZE))
    assert found.pipeline == pipe
    assert found.kept == {"a": "the numbers at the border may change in pictures of other sizes"}
    (merged,) = merge_all(pipe, (CHANNELS, *SIZE), borders=True).merged
    assert merged.exact
    assert merged.sized


def test_named_nodes_are_merged_each_with_the_next(rng):
    found = merge_named(network(rng), ["a", "stem"])
    assert [node.name for node in found.pipeline] == ["norm", "relu", "b", "relu2", "squeeze", "expand"]
    assert [one.name for one in found.merged] == ["norm", "b"]
    with pytest.raises(ParameterError, match="there is no node 'nowhere'"):
        merge_named(network(rng), ["nowhere"])
