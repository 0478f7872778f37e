"""Random branched pipelines on small pictures, for properties that hold of all."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

import filterlab as fl

MODES = ("zeros", "reflect", "replicate", "circular", "symmetric", "constant")


def conv(draw, shape, low):
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    groups = draw(st.sampled_from([g for g in (1, 2, 3) if shape[0] % g == 0]))
    outputs = groups * draw(st.integers(1, 2))
    kernel = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    return fl.Conv2d(
        rng.uniform(low, 1, (outputs, shape[0] // groups, *kernel)),
        rng.uniform(-1, 1, outputs),
        stride=draw(st.integers(1, 2)),
        padding=draw(st.sampled_from([0, 1, (0, 2), ((1, 0), (0, 2)), "same", "full"])),
        dilation=draw(st.integers(1, 2)),
        groups=groups,
        padding_mode=draw(st.sampled_from(MODES)),
        value=0.25,
        operation=draw(st.sampled_from(["cross-correlation", "convolution"])),
    )


def transposed(draw, shape, low):
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    kernel = draw(st.integers(2, 3))
    return fl.ConvTranspose2d(
        rng.uniform(low, 1, (shape[0], 2, kernel, kernel)),
        stride=draw(st.integers(1, 3)),
        padding=draw(st.integers(0, 1)),
        dilation=draw(st.integers(1, 3)),
    )


def pool(kind, **more):
    def make(draw, shape, low):
        size = draw(st.integers(2, 3))
        options = {name: draw(st.sampled_from(values)) for name, values in more.items()}
        return kind(
            kernel_size=size, stride=draw(st.integers(1, 3)), ceil_mode=draw(st.booleans()), **options
        )

    return make


def plain(*layers):
    return lambda draw, shape, low: draw(st.sampled_from(layers))


def padded(draw, shape, low):
    sides = draw(st.sampled_from([1, ((2, 0), (0, 1)), ((-1, 2), (1, -1))]))
    return fl.Pad(sides, mode=draw(st.sampled_from(MODES)), value=0.5)


def normed(draw, shape, low):
    statistics = np.linspace(0.2, 1, shape[0])
    return fl.BatchNorm2d(statistics, statistics)


def dense(draw, shape, low):
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    return fl.Linear(rng.uniform(low, 1, (3, shape[0])))


PADDING = (0, 1)
LIVE = [  # with positive weights, what reads a cell is moved by it
    conv,
    transposed,
    pool(fl.AvgPool2d, padding=PADDING, count_include_pad=(True, False)),
    padded,
    normed,
    plain(
        fl.Crop(margin=1), fl.LeakyReLU(0.5), fl.Sigmoid(), fl.Upsample(2), fl.Upsample(2, mode="bilinear")
    ),
    plain(fl.AdaptiveAvgPool2d((2, 3)), fl.Resize((6, 5)), fl.PixelUnshuffle(2), fl.GlobalAvgPool2d()),
    plain(fl.Flatten(), fl.PixelShuffle(2)),
    dense,
]
CHOOSING = [
    pool(fl.MaxPool2d, padding=PADDING, dilation=(1, 2)),
    pool(fl.MinPool2d, padding=PADDING),
    pool(fl.MedianPool2d, padding=PADDING),
    plain(fl.AdaptiveMaxPool2d(2), fl.ReLU(), fl.Clamp(min=-0.5, max=0.5), fl.Abs()),
]
OTHERS = [
    plain(fl.InstanceNorm2d(), fl.LocalResponseNorm(3, alpha=0.5), fl.GELU(), fl.Tanh(), fl.Softplus()),
    plain(fl.Upsample(1.5, mode="bicubic"), fl.Dropout(), fl.Softmax(), fl.Softmax(axis=-1)),
    pool(fl.LPPool2d, norm_type=(2.0,)),
]
MERGES = (fl.Add(), fl.Concat(), fl.Mean())
MORE_MERGES = (fl.Subtract(), fl.Multiply(), fl.Maximum(), fl.Magnitude())


@st.composite
def branched(draw, makers=(*LIVE, *CHOOSING, *OTHERS), merges=MERGES + MORE_MERGES, low=-1.0, most=6):
    """(pipeline, shape of a picture (C, H, W) that fits it)."""
    shape = draw(st.tuples(st.integers(1, 3), st.integers(5, 8), st.integers(5, 8)))
    shapes = {"image": shape}
    nodes = []
    for _ in range(draw(st.integers(1, most))):
        source = draw(st.sampled_from(list(shapes)[-3:]))
        inputs = (source,)
        mates = [name for name in shapes if name != source and shapes[name] == shapes[source]]
        if mates and draw(st.booleans()):
            inputs = (source, draw(st.sampled_from(mates)))
            layer = draw(st.sampled_from(merges))
        else:
            layer = draw(st.sampled_from(makers))(draw, shapes[source], low)
        _append(nodes, shapes, inputs, layer)
    if not nodes:
        _append(nodes, shapes, ("image",), fl.LeakyReLU())
    return fl.Pipeline(nodes), shape


def _append(nodes, shapes, inputs, layer):
    """Add the node if it fits and stays small."""
    try:
        shape = layer.output_shape(*(shapes[name] for name in inputs))
        layer.forward(*(np.ones((1, *shapes[name])) for name in inputs))
    except fl.FilterLabError:
        return
    if np.prod(shape) <= 2000 and layer.arity[0] <= len(inputs):
        name = f"n{len(nodes)}"
        nodes.append(fl.Node(name, layer, inputs))
        shapes[name] = shape


def position(draw, shape):
    """A (channel, row, column) of a map or vector."""
    return tuple(draw(st.integers(0, n - 1)) for n in (*shape, 1, 1)[:3])
