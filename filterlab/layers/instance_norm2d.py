"""Instance normalisation."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.base.shared import ChannelBias, ChannelScale, Epsilon
from filterlab.layers.families.whole_map import WholeMapNorm


class InstanceNorm2d(WholeMapNorm):
    """(x - mean) / standard deviation of each map, times weight, plus bias; Ulyanov et al. 2016."""

    key: ClassVar[str] = "instance_norm2d"
    title: ClassVar[str] = "Instance normalisation"
    search_words: ClassVar[str] = "instance normalization 实例归一化"
    stem: ClassVar[str] = "norm"
    group: ClassVar[str] = "normalization"

    weight: ChannelScale
    bias: ChannelBias
    eps: Epsilon

    def forward(self, *xs: Array) -> Array:
        return F.instance_norm(xs[0], self.weight, self.bias, self.eps)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        dx = F.instance_norm_backward(dy, xs[0], self.weight, self.bias, self.eps)
        dweight, dbias = F.instance_norm_affine_backward(dy, xs[0], self.eps)
        return Gradients((dx,), self.given(weight=dweight, bias=dbias))
