"""Blocks of a graph: what they must hold for any graph, and what they are for the networks that people know."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.graph.blocks import MOST_DEEP, find_blocks
from filterlab.graph.nodes import IMAGE

CONV = fl.Conv2d(np.zeros((1, 1, 1, 1), np.float32))
BN = fl.BatchNorm2d(np.zeros(1, np.float32), np.ones(1, np.float32))


class Builder:
    """Nodes one after the other, each reading the last one unless it names what it reads."""

    def __init__(self):
        self.nodes = []
        self.last = IMAGE

    def add(self, layer, *inputs, name=""):
        name = name or f"n{len(self.nodes)}"
        self.nodes.append(fl.Node(name, layer, inputs or (self.last,)))
        self.last = name
        return name

    def residual(self, *, projection=False):
        entry = self.last
        for layer in (CONV, BN, fl.ReLU(), CONV, BN):
            self.add(layer)
        body = skip = self.last
        if projection:
            self.add(CONV, entry)
            skip = self.add(BN)
        self.add(fl.Add(), body, skip if projection else entry)
        self.add(fl.ReLU())

    def dense(self):
        entry = self.last
        for layer in (BN, fl.ReLU(), CONV):
            self.add(layer)
        self.add(fl.Concat(), entry, self.last)

    @property
    def graph(self):
        return fl.Pipeline(self.nodes)


def outline(blocks, depth=2):
    return [(str(b.name), len(b), outline(b.blocks, depth - 1)) if depth > 1 else str(b.name) for b in blocks]


def tops(graph):
    return [(str(block.name), len(block)) for block in find_blocks(graph)]


# -- what holds for every graph ---------------------------------------------------------------------------

_LAYERS = [CONV, BN, fl.ReLU(), fl.MaxPool2d(2), fl.Concat(), fl.Add()]


# Of each node its layer, and how many nodes above it reads: mostly few.
_PLACES = st.tuples(st.sampled_from(_LAYERS), st.sampled_from([1, 1, 1, 1, 2, 3, 5, 40]), st.integers(1, 12))
_PREFIXES = ["", "a/", "a/a.0/", "a/a.1/", "b/", "b.0."]


def graph_of(places, names):
    """A graph of (layer, distance of its input, distance of a second one), with names that may be paths."""
    nodes = []
    for place, (layer, *distances) in enumerate(places):
        count = 2 if isinstance(layer, fl.Concat | fl.Add) else 1
        reads = [max(place - distance, -1) for distance in distances[:count]]
        inputs = tuple(nodes[read].name if read >= 0 else IMAGE for read in reads)
        nodes.append(fl.Node(f"{names[place // 5 % len(names)]}n{place}", layer, inputs))
    return fl.Pipeline(nodes)


graphs = st.builds(
    graph_of,
    st.lists(_PLACES, min_size=1, max_size=90),
    st.lists(st.sampled_from(_PREFIXES), min_size=1, max_size=8),
)


def check(blocks, start, stop, depth):
    for block in blocks:
        assert start <= block.start < block.stop <= stop, "blocks lie apart, inside the one that holds them"
        assert len(block) > 1
        assert depth <= MOST_DEEP
        start = block.stop
        check(block.blocks, block.start, block.stop, depth + 1)


@settings(max_examples=40, deadline=None)
@given(graphs)
def test_blocks_are_disjoint_or_nested_and_have_names_of_their_own(graph):
    blocks = find_blocks(graph)
    check(blocks, 0, len(graph), 1)
    names = [str(inner.name) for block in blocks for inner in block.walk()]
    assert len(names) == len(set(names))
    assert all(name.strip() for name in names)


@settings(max_examples=40, deadline=None)
@given(graphs)
def test_no_path_leaves_a_block_and_comes_back(graph):
    names = [step.name for step in graph.steps]
    for block in (inner for outer in find_blocks(graph) for inner in outer.walk()):
        inside = set(names[block.start : block.stop])
        below = set()  # the nodes outside that depend on one inside
        for step in graph.steps:
            reached = below.intersection(step.inputs)
            assert not (step.name in inside and reached), f"{reached} lead back into {block.name}"
            if step.name not in inside and (inside | below).intersection(step.inputs):
                below.add(step.name)


def test_a_graph_without_nodes_has_no_blocks():
    assert find_blocks(fl.Pipeline()) == ()


# -- networks that people know ----------------------------------------------------------------------------


def test_residual_stages_begin_at_their_projections():
    net = Builder()
    for layer in (CONV, BN, fl.ReLU(), fl.MaxPool2d(2)):
        net.add(layer)
    for _stage in range(3):
        net.residual(projection=True)
        net.residual()
        net.residual()
    net.add(fl.GlobalAvgPool2d())
    assert tops(net.graph) == [
        ("conv + bn + relu", 3),
        ("residual stage 1", 23),
        ("residual stage 2", 23),
        ("residual stage 3", 23),
    ]
    inner = find_blocks(net.graph)[2].blocks
    assert [str(block.name) for block in inner] == [f"residual block 2.{k}" for k in (1, 2, 3)]
    assert sum(map(len, inner)) == 23, "the last activation belongs to the block that it follows"


def test_dense_blocks_end_at_their_transitions():
    net = Builder()
    net.add(CONV)
    for count in (4, 3):
        for _layer in range(count):
            net.dense()
        for layer in (BN, fl.ReLU(), CONV, fl.AvgPool2d(2)):
            net.add(layer)
    assert tops(net.graph) == [
        ("dense block 1", 16),
        ("bn + relu + conv", 3),
        ("dense block 2", 12),
        ("bn + relu + conv (2)", 3),
    ]
    assert [len(block) for block in find_blocks(net.graph)[0].blocks] == [4] * 4


def test_a_chain_is_told_by_what_repeats():
    net = Builder()
    for _ in range(16):
        for layer in (CONV, BN, fl.ReLU()):
            net.add(layer)
    net.add(fl.MaxPool2d(2))
    net.add(fl.GlobalAvgPool2d())
    assert tops(net.graph) == [("conv + bn + relu ×16", 48)]


def test_pooling_divides_a_chain():
    net = Builder()
    for count in (2, 3):
        for _ in range(count):
            net.add(CONV)
            net.add(fl.ReLU())
        net.add(fl.MaxPool2d(2))
    assert tops(net.graph) == [("conv + relu ×2", 4), ("conv + relu ×3", 6)]


def test_stages_are_found_below_skips_over_the_whole_network():
    net = Builder()
    first = net.add(CONV)
    for _stage in range(2):
        net.residual(projection=True)
        for _ in range(4):
            net.residual()
    net.add(fl.Concat(), first, net.last)
    assert [name for name, _ in tops(net.graph)][:2] == ["residual stage 1", "residual stage 2"]


@pytest.mark.parametrize("pattern", ["layer{s}/layer{s}.{b}/conv{k}/Conv", "layer{s}.{b}.conv{k}"])
def test_names_that_are_paths_name_the_blocks(pattern):
    net = Builder()
    net.add(CONV, name="stem")
    for s in (1, 2):
        for b in (0, 1):
            for k in (1, 2, 3):
                net.add(CONV, name=pattern.format(s=s, b=b, k=k))
    assert outline(find_blocks(net.graph)) == [
        ("layer1", 6, ["layer1.0", "layer1.1"]),
        ("layer2", 6, ["layer2.0", "layer2.1"]),
    ]


def test_a_name_over_nearly_everything_is_passed_over():
    net = Builder()
    for b in range(4):
        for k in range(3):
            net.add(CONV, name=f"features/features.{b}/{k}/Conv")
    assert [name for name, _ in tops(net.graph)] == [f"features.{b}" for b in range(4)]


def test_a_name_that_comes_and_goes_is_none_of_a_block():
    net = Builder()
    for k in range(12):
        net.add(CONV, name=f"p2o.add.{k}a")
        net.add(BN, name=f"p2o.add.{k}b")
        net.add(fl.ReLU(), name=f"relu{k}")
    assert tops(net.graph) == [("conv + bn + relu ×12", 36)]
