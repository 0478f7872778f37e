"""Fields of all maps in one pass: the same as asking for the region of every position, in linear time."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import filterlab as fl
from filterlab.fields import spans
from filterlab.fields.maps import FieldMap
from filterlab.run.ledger import Row, survey


def conv(kernel=3, **options):
    return fl.Conv2d(np.ones((1, 1, kernel, kernel), np.float32), **options)


LAYERS = [
    conv(padding=1),
    conv(2, padding=((1, 0), (0, 1))),
    conv(3, stride=2, padding=1),
    conv(3, stride=3, padding="same"),
    conv(3, dilation=2, padding=2),
    fl.ReLU(),
    fl.Crop(((1, 0), (0, 1))),
    fl.Upsample(2),
    fl.Upsample(3, "bilinear"),
    fl.ConvTranspose2d(np.ones((1, 1, 3, 3), np.float32), stride=2, padding=1, output_padding=1),
    fl.AdaptiveAvgPool2d(3),
    fl.GlobalAvgPool2d(),
    fl.Resize((7, 8)),
    fl.InstanceNorm2d(),
]


@st.composite
def graphs(draw):
    """Nodes that read any earlier ones; those that do not fit are left out."""
    nodes = []
    for i in range(draw(st.integers(1, 8))):
        names = ["image", *(node.name for node in nodes)]
        pick = st.sampled_from(names[-4:])
        if draw(st.booleans()) or len(names) < 3:
            node = fl.Node(f"n{i}", draw(st.sampled_from(LAYERS)), (draw(pick),))
        else:
            node = fl.Node(f"n{i}", fl.Add(), (draw(pick), draw(pick)))
        try:
            fl.Pipeline([*nodes, node]).output_shapes((1, 12, 9))
        except fl.FilterLabError:
            continue
        nodes.append(node)
    return fl.Pipeline(nodes)


def _looked_up(fields, name, stride):
    """(sizes, paddings) of the field, and where cells of an inner map begin, by the regions of all positions."""
    found = []
    for axis in (0, 1):
        seen = {}
        for i in range(fields.sizes[name][axis]):
            region = fields.regions(name, *((i, 0) if axis == 0 else (0, i)))["image"]
            ends = (region.top, region.bottom) if axis == 0 else (region.left, region.right)
            if ends[0] < ends[1]:
                seen[i] = ends
        size = max((stop - start for start, stop in seen.values()), default=0)
        first = next(iter(seen), None)
        found.append((size, 0 if first is None else int(first * stride[axis] // 1 - seen[first][0])))
    return tuple(zip(*found, strict=True))


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_fields_are_those_of_all_positions(pipeline):
    fields = FieldMap(pipeline, (12, 9))
    for node in pipeline.nodes:
        try:
            field = fields.field(node.name)
        except fl.FilterLabError as error:
            with pytest.raises(type(error), match=error.what.partition(":")[0]):
                pipeline.receptive_field(node.name, size=(12, 9))
            continue
        assert field == pipeline.receptive_field(node.name, size=(12, 9))
        assert field.whole == pipeline.receptive_field(node.name, size=(12, 9)).whole
        rows, cols = fields.sizes[node.name]
        regions = [fields.regions(node.name, row, col)["image"] for row in range(rows) for col in range(cols)]
        all_of_it = all(region.clipped((12, 9)) == fl.pipeline.Region(0, 0, 12, 9) for region in regions)
        assert field.whole <= all_of_it
        assert field.whole or not all_of_it or (rows, cols) != (1, 1)
        sizes, paddings = _looked_up(fields, node.name, field.stride)
        # Fields of periodic maps count one whole period, of which a tiny map may not have all outputs.
        assert all(a >= b for a, b in zip(field.size, sizes, strict=True))
        if all(n >= 4 for n in fields.sizes[node.name]):
            assert field.padding == paddings


def test_the_largest_field_of_a_period_counts():
    pipeline = fl.Pipeline([("up", fl.Upsample(2)), ("conv", conv(4, stride=3)), ("again", conv(2))])
    fields = FieldMap(pipeline, (40, 40))
    for name in ("up", "conv", "again"):
        sizes, paddings = _looked_up(fields, name, fields.field(name).stride)
        assert (fields.field(name).size, fields.field(name).padding) == (sizes, paddings)


def test_outputs_that_see_nothing_are_passed_over():
    """Every third output of the transposed convolution lies between two kernels."""
    gaps = fl.ConvTranspose2d(np.ones((1, 1, 2, 2), np.float32), stride=3)
    pipeline = fl.Pipeline(
        [
            ("gaps", gaps),
            ("conv", conv(2)),
            ("far", conv(2, dilation=3)),
            ("third", conv(1, stride=3, padding=1)),
        ]
    )
    fields = FieldMap(pipeline, (8, 8))
    for name in ("gaps", "conv", "far", "third"):
        sizes, paddings = _looked_up(fields, name, fields.field(name).stride)
        assert (fields.field(name).size, fields.field(name).padding) == (sizes, paddings)
    nothing = fl.Pipeline([("gaps", gaps), ("none", conv(1, stride=3, padding=((1, 0), (1, 0))))])
    assert nothing.receptive_field("none", size=(8, 8)).size == (0, 0)


def test_nodes_behind_unequal_branches_have_the_error_of_the_first():
    nodes = [
        fl.Node("a", conv(padding=1)),
        fl.Node("b", conv(stride=2), ("image",)),
        fl.Node("c", conv(stride=3), ("image",)),
        fl.Node("two", fl.Concat(), ("a", "b")),
        fl.Node("three", fl.Concat(), ("a", "c")),
        fl.Node("both", fl.Concat(), ("three", "two")),
        fl.Node("end", fl.ReLU(), ("both",)),
    ]
    steps = [
        spans.AxisStep(
            n.name, tuple((name, n.layer.windows(None)[0][0]) for name in n.inputs or ("image",)), None
        )
        for n in fl.Pipeline(nodes).nodes
    ]
    found = spans.axis_fields("image", steps, {"a", "end"})
    assert found["a"].size == 3
    assert found["end"].node == "two"


def test_fields_that_repeat_too_late_are_refused():
    pipeline = fl.Pipeline([("up", fl.Upsample(2**23)), ("conv", conv())])
    with pytest.raises(fl.FilterLabError, match="too many to examine"):
        pipeline.receptive_field("conv")
    assert pipeline.input_region("conv", 2**23, 0) == fl.pipeline.Region(1, 0, 2, 1)


def test_a_map_of_one_cell_by_chance_is_seen_where_the_size_is_given():
    """Of a 3x3 picture the inner branch is one cell, which stands for all rows and columns of the other."""
    nodes = [
        fl.Node("inner", conv()),
        fl.Node("sum", fl.Add(), ("image", "inner")),
    ]
    pipeline = fl.Pipeline(nodes)
    assert pipeline.input_region("sum", 2, 2, size=(3, 3)) == fl.pipeline.Region(0, 0, 3, 3)
    image = np.zeros((1, 3, 3), np.float32)
    image[0, 0, 0] = 1
    assert pipeline.run(image)["sum"][0, 2, 2] == 1
    with pytest.raises(fl.FilterLabError, match="unequal stride"):
        pipeline.receptive_field("sum", size=(3, 3))


def residual(count):
    nodes = [fl.Node("in", conv(padding=1), ("image",))]
    while len(nodes) < count:
        i, last = len(nodes), nodes[-1].name
        nodes += [
            fl.Node(f"a{i}", conv(padding=1), (last,)),
            fl.Node(f"b{i}", fl.ReLU(), (f"a{i}",)),
            fl.Node(f"c{i}", fl.Add(), (f"b{i}", last)),
        ]
    return nodes


def test_the_work_of_a_survey_grows_with_the_number_of_nodes(monkeypatch):
    """Looking each field up by itself would ask for the windows of all nodes before it, again and again."""
    asked = []
    windows = fl.Conv2d.windows
    monkeypatch.setattr(fl.Conv2d, "windows", lambda *args: asked.append(1) or windows(*args))

    def count(nodes):
        asked.clear()
        survey(fl.Pipeline(nodes), (1, 64, 64))
        return len(asked)

    chain = [(f"n{i}", fl.ReLU() if i % 2 else conv(padding=1)) for i in range(200)]
    normed = [("norm", fl.InstanceNorm2d()), *chain]
    for few, many in ((residual(100), residual(199)), (chain[:100], chain), (normed[:101], normed)):
        assert 0 < count(many) <= 2 * count(few)


def test_a_deep_chain_behind_a_normalization_has_its_fields():
    rows = survey(fl.Pipeline([("norm", fl.InstanceNorm2d()), *residual(100)]), (1, 30, 20))
    assert all(isinstance(row, Row) for row in rows)
    after = [row.receptive_field for row in survey(fl.Pipeline([fl.GlobalAvgPool2d()]), (1, 30, 20))]
    assert after[0].size == (30, 20)
    assert rows[0].receptive_field.size == (30, 20)


def test_behind_a_global_branch_every_value_sees_the_whole_picture():
    gate = conv(1)
    pipeline = fl.Pipeline(
        [
            fl.Node("conv", conv(padding=1), ("image",)),
            fl.Node("pooled", fl.GlobalAvgPool2d(), ("conv",)),
            fl.Node("gate", gate, ("pooled",)),
            fl.Node("gated", fl.Multiply(), ("conv", "gate")),
            fl.Node("next", conv(stride=2, padding=1), ("gated",)),
            fl.Node("total", fl.Reduce("sum", "space"), ("conv",)),
            fl.Node("share", fl.Divide(), ("conv", "total")),  # as a softmax over space is written out
        ]
    )
    fields = {
        name: pipeline.receptive_field(name, size=(20, 30)) for name in pipeline.output_shapes((1, 20, 30))
    }
    assert [name for name, field in fields.items() if not field.whole] == ["conv"]
    assert (fields["gated"].size, fields["gated"].stride) == ((22, 32), (1, 1))
    assert pipeline.receptive_field("next", of="gate", size=(20, 30)).whole
    assert not pipeline.receptive_field("conv").whole


def test_a_large_field_of_a_small_picture_keeps_its_size():
    """Its windows are as large whatever the picture is; only the last map, of one cell, comes to all of it."""
    chain = [(f"conv{i}", conv(padding=1, stride=2)) for i in range(4)]
    pipeline = fl.Pipeline([*chain, ("gap", fl.GlobalAvgPool2d())])
    last = pipeline.receptive_field("conv3", size=(20, 20))
    assert (last.size, last.whole) == ((31, 31), False)
    assert pipeline.receptive_field("gap", size=(20, 20)).whole
