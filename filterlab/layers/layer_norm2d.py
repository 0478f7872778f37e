"""Layer normalisation over the channels of each position."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, need_channels
from filterlab.layers.base.rules import standardised
from filterlab.layers.base.shared import ChannelBias, ChannelScale, Epsilon


class LayerNorm2d(Layer):
    """Every position by itself, by mean and variance of its channels; Ba et al. 2016, in ConvNeXt."""

    key: ClassVar[str] = "layer_norm2d"
    title: ClassVar[str] = "Layer normalisation"
    search_words: ClassVar[str] = "layer normalization ln 层规范化 层归一化"
    stem: ClassVar[str] = "norm"
    group: ClassVar[str] = "normalization"
    per_channel: ClassVar[bool] = False
    singles_out: ClassVar[bool] = True

    weight: ChannelScale
    bias: ChannelBias
    eps: Epsilon

    def forward(self, *xs: Array) -> Array:
        return F.layer_norm2d(xs[0], self.weight, self.bias, self.eps)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        dx = F.layer_norm2d_backward(dy, xs[0], self.weight, self.bias, self.eps)
        dweight, dbias = F.layer_norm2d_affine_backward(dy, xs[0], self.eps)
        return Gradients((dx,), self.given(weight=dweight, bias=dbias))

    def output_channels(self, *channels: int) -> int:
        for name in ("weight", "bias"):
            shape = self.shape_of(name)
            if shape:
                need_channels(channels[0], shape[0], self, f"{name} has one number for each channel")
        return channels[0]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        # In double precision whatever the map's dtype: the formula shows what the statistics are.
        cells = xs[0][0, :, row, col].astype(np.float64)
        mean = float(cells.mean())
        var = float(np.square(cells - mean).mean())
        return standardised(self, xs[0], y, (channel, row, col), mean, var)
