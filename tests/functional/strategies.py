"""Random shapes and options, small enough for plain loops."""

from __future__ import annotations

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from tests.functional.reference import sides, span

MODES = ("zeros", "reflect", "replicate", "circular", "symmetric", "constant")


def pairs(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


def spelled(pair):
    """A pair as an int where both are equal, as people write it."""
    return pair[0] if pair[0] == pair[1] else pair


def arrays(draw, *shape):
    """Normal random numbers of a drawn seed."""
    return np.random.default_rng(draw(st.integers(0, 2**32 - 1))).standard_normal(shape)


paddings = st.one_of(
    st.integers(0, 3),
    pairs(0, 3),
    st.tuples(pairs(0, 3), pairs(0, 3)),
    st.sampled_from(["valid", "same", "full"]),
)


@st.composite
def convolutions(draw):
    """(x, weight, bias, options): maps and kernels that go together."""
    groups = draw(st.integers(1, 3))
    channels, outputs = draw(st.integers(1, 3)), draw(st.integers(1, 3)) * groups
    size, kernel = draw(pairs(1, 9)), draw(pairs(1, 5))
    stride, dilation = draw(pairs(1, 3)), draw(pairs(1, 3))
    padding, mode = draw(paddings), draw(st.sampled_from(MODES))
    around = sides(padding, size, kernel, stride, dilation)
    for n, k, d, (before, after) in zip(size, kernel, dilation, around, strict=True):
        assume(n + before + after >= span(k, d))
        limit = {"reflect": n - 1, "circular": n, "symmetric": n}.get(mode)
        assume(limit is None or max(before, after) <= limit)
    x = arrays(draw, draw(st.integers(1, 2)), channels * groups, *size)
    weight = arrays(draw, outputs, channels, *kernel)
    bias = arrays(draw, outputs) if draw(st.booleans()) else None
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return x, weight, bias, options, {"padding_mode": mode, "value": draw(st.sampled_from([0.0, 0.5, -2.0]))}


@st.composite
def transposed(draw):
    """(x, weight, bias, options) of a transposed convolution; padding as numbers of all four sides."""
    groups = draw(st.integers(1, 2))
    channels, outputs = draw(st.integers(1, 2)) * groups, draw(st.integers(1, 3))
    size, kernel = draw(pairs(1, 5)), draw(pairs(1, 4))
    stride, dilation = draw(pairs(1, 3)), draw(pairs(1, 3))
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    padding = draw(st.tuples(pairs(0, 3), pairs(0, 3)))
    for n, k, s, d, e, cut in zip(size, kernel, stride, dilation, extra, padding, strict=True):
        assume((n - 1) * s + span(k, d) + e - sum(cut) >= 1)
    x = arrays(draw, draw(st.integers(1, 2)), channels, *size)
    weight = arrays(draw, channels, outputs, *kernel)
    bias = arrays(draw, outputs * groups) if draw(st.booleans()) else None
    options = {"stride": stride, "padding": padding, "output_padding": extra, "dilation": dilation}
    return x, weight, bias, {**options, "groups": groups}


@st.composite
def poolings(draw):
    """(x, kernel, options) of a pooling, ties among the values."""
    size, kernel = draw(pairs(1, 10)), draw(pairs(1, 4))
    stride, dilation = draw(st.none() | pairs(1, 4)), draw(pairs(1, 3))
    padding = draw(paddings)
    ceil_mode, steps = draw(st.booleans()), stride or kernel
    around = sides(padding, size, kernel, steps, dilation)
    for n, k, s, d, (before, after) in zip(size, kernel, steps, dilation, around, strict=True):
        # The only window may stick out with ceil_mode, as any last one may.
        assume(n + before + after + (s - 1 if ceil_mode else 0) >= span(k, d))
    x = arrays(draw, draw(st.integers(1, 2)), draw(st.integers(1, 3)), *size)
    if draw(st.booleans()):
        x = np.round(x)
    options = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    return x, kernel, dilation, options, around
