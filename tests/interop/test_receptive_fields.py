"""Receptive fields of published networks that are read from ONNX files.

The recurrence is that of Araujo, Norris and Sim (Computing receptive fields of convolutional neural networks, Distill
2019): along the widest way, the field grows by (kernel - 1) times the product of the strides before. Figures depend on
neither widths nor weights, so that the networks written here are narrow.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from filterlab.errors import FilterLabError
from filterlab.interop.importing import import_onnx
from filterlab.pipeline import Pipeline
from tests.interop.models import constant, model, node, saved

LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
WIDTH = 2


def recurrence(windows):
    """The field of (kernel, stride) one after another, from the picture on."""
    size = jump = 1
    for kernel, stride in windows:
        size, jump = size + (kernel - 1) * jump, jump * stride
    return size, jump


class Written:
    """An ONNX graph that is written operator by operator."""

    def __init__(self):
        self.nodes, self.constants, self.last = [], [], "x"

    def add(self, kind, inputs=None, **attributes):
        name = f"t{len(self.nodes)}"
        self.nodes.append(node(kind, inputs or self.last, name, **attributes))
        self.last = name
        return name

    def conv(self, kernel=1, stride=1, groups=1):
        given = 3 if self.last == "x" else WIDTH
        name = f"w{len(self.nodes)}"
        self.constants.append(constant(name, np.ones((WIDTH, given // groups, kernel, kernel))))
        side = kernel // 2
        options = {"strides": [stride] * 2, "pads": [side] * 4, "group": groups}
        return self.add("Conv", f"{self.last} {name}", **options)

    def pipeline(self, folder, side=224):
        made = model(self.nodes, self.last, self.constants, (1, 3, side, side))
        found = import_onnx(saved(made, folder), kind=Pipeline)
        assert not found.left_out
        return found.pipeline


def test_vgg16(tmp_path):
    net = Written()
    for count in (2, 2, 3, 3, 3):
        for _ in range(count):
            net.conv(3)
            net.add("Relu")
        net.add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    field = net.pipeline(tmp_path).receptive_field(net.last)
    assert (field.size, field.stride, field.padding) == ((212, 212), (32, 32), (90, 90))


MOBILENET_V2 = [(1, 1, 1), (6, 2, 2), (6, 3, 2), (6, 4, 2), (6, 3, 1), (6, 3, 2), (6, 1, 1)]


def test_mobilenet_v2(tmp_path):
    net, windows = Written(), [(3, 2)]
    net.conv(3, 2)
    for expansion, count, first in MOBILENET_V2:
        for i in range(count):
            before, stride = net.last, 1 if i else first
            if expansion > 1:
                net.conv()
            net.conv(3, stride, WIDTH)
            net.conv()
            windows.append((3, stride))
            if i:
                net.add("Add", f"{before} {net.last}")
    field = net.pipeline(tmp_path).receptive_field(net.last)
    assert recurrence(windows) == (491, 32)
    assert (field.size, field.stride) == ((491, 491), (32, 32))


def resnet_windows(blocks, bottleneck):
    windows = [(7, 2), (3, 2)]
    for stage, count in enumerate(blocks):
        for i in range(count):
            stride = 2 if stage and not i else 1
            # The stride stands in the first convolution of 3x3.
            windows += [(3, stride)] if bottleneck else [(3, stride), (3, 1)]
    return windows


@pytest.mark.parametrize(
    ("blocks", "bottleneck", "want"), [((2, 2, 2, 2), False, 435), ((3, 4, 23, 3), True, 971)]
)
def test_resnets(tmp_path, blocks, bottleneck, want):
    net = Written()
    net.conv(7, 2)
    net.add("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    for stage, count in enumerate(blocks):
        for i in range(count):
            before, stride = net.last, 2 if stage and not i else 1
            for kernel in (1, 3, 1) if bottleneck else (3, 3):
                net.conv(kernel, stride if kernel == 3 else 1)
                stride = 1 if kernel == 3 else stride
            body = net.last
            if stage and not i:
                net.last = before
                before = net.conv(1, 2)
            net.add("Add", f"{before} {body}")
    field = net.pipeline(tmp_path).receptive_field(net.last)
    assert recurrence(resnet_windows(blocks, bottleneck)) == (want, 32)
    assert (field.size, field.stride) == ((want, want), (32, 32))


def densenet_windows():
    windows = [(7, 2), (3, 2)]
    for stage, count in enumerate((6, 12, 24, 16)):
        windows += ([(2, 2)] if stage else []) + [(3, 1)] * count
    return windows


PUBLISHED = [
    ("densenet121", "Relu", densenet_windows(), 2071),
    # Its strides stand in the convolutions of 3x3; with those in 1x1, as first published, it is 483.
    ("resnet50", "Relu", resnet_windows((3, 4, 6, 3), True), 427),
    ("inception_v2", "Concat", None, 699),
]


@pytest.mark.parametrize(("name", "kind", "windows", "want"), PUBLISHED)
def test_graphs_of_the_onnx_package(name, kind, windows, want):
    path = LIGHT / f"light_{name}.onnx"
    last = [n.output[0] for n in onnx.load(path).graph.node if n.op_type == kind][-1]
    found = import_onnx(path, kind=Pipeline)
    node_of = {tensor: node for node, tensor in found.nodes}
    field = found.pipeline.receptive_field(node_of[last])
    assert windows is None or recurrence(windows) == (want, 32)
    assert (field.size, field.stride) == ((want, want), (32, 32))


@pytest.mark.parametrize("branch", ["excitation", "pooled context"])
def test_behind_a_global_branch_every_value_sees_the_whole_picture(tmp_path, branch):
    net, side = Written(), 64
    local = net.conv(3, 2)
    net.add("GlobalAveragePool")
    net.conv()
    if branch == "excitation":
        gate = net.add("Sigmoid")
        net.add("Mul", f"{local} {gate}")
    else:
        net.constants.append(constant("scales", [1, 1, side / 2, side / 2]))
        net.constants.append(constant("roi", []))
        context = net.add("Resize", f"{net.last} roi scales", mode="nearest")
        net.add("Add", f"{local} {context}")
    after = net.last
    pipeline = net.pipeline(tmp_path, side)
    for row, col in ((0, 0), (31, 31), (5, 20)):
        region = pipeline.input_region(after, row, col, size=(side, side)).clipped((side, side))
        assert (region.top, region.left, region.bottom, region.right) == (0, 0, side, side)
        narrow = pipeline.input_region(local, row, col, size=(side, side)).clipped((side, side))
        assert (narrow.bottom - narrow.top) <= 3
    fields = [pipeline.receptive_field(name, size=(side, side)) for name in (local, after)]
    assert [field.whole for field in fields] == [False, True]
    assert min(fields[1].size) >= side
    with pytest.raises(FilterLabError, match="depends on the size"):
        pipeline.receptive_field(after)
