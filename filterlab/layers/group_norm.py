"""Group normalisation."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.errors import ChannelError
from filterlab.functional.arrays import Array
from filterlab.layers.base.block import grouped
from filterlab.layers.base.layer import Gradients, Mask, Shape
from filterlab.layers.base.shared import ChannelBias, ChannelScale, Epsilon
from filterlab.layers.families.whole_map import WholeMapNorm
from filterlab.parameters import Integer
from filterlab.text.messages import say


class GroupNorm(WholeMapNorm):
    """Like instance normalisation, with the statistics of groups of channels; Wu and He 2018."""

    key: ClassVar[str] = "group_norm"
    title: ClassVar[str] = "Group normalisation"
    search_words: ClassVar[str] = "group normalization gn 组归一化"
    stem: ClassVar[str] = "norm"
    group: ClassVar[str] = "normalization"
    per_channel: ClassVar[bool] = False

    num_groups: Annotated[
        int,
        Integer(minimum=1, slider=(1, 32), unit="groups"),
        Field(description="Number of groups of neighbouring channels; 1 takes all together."),
    ]
    weight: ChannelScale
    bias: ChannelBias
    eps: Epsilon

    def groups_of(self, channels: int) -> int:
        return self.num_groups

    def forward(self, *xs: Array) -> Array:
        return F.group_norm(xs[0], self.num_groups, self.weight, self.bias, self.eps)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        # `given` drops the gradients of a weight or bias that is left out.
        dx = F.group_norm_backward(dy, xs[0], self.num_groups, self.weight, self.bias, self.eps)
        dweight, dbias = F.group_norm_affine_backward(dy, xs[0], self.num_groups, self.eps)
        return Gradients((dx,), self.given(weight=dweight, bias=dbias))

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return grouped(channels, self.num_groups, shapes[number][0])

    def output_channels(self, *channels: int) -> int:
        if channels[0] % self.num_groups:
            what = say("num_groups is {}, which does not divide {} channel(s)", self.num_groups, channels[0])
            raise ChannelError(what, "GroupNorm", "choose a divisor", parameter="num_groups")
        return super().output_channels(*channels)
