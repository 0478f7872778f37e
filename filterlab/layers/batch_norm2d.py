"""Batch normalisation of a trained network."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.normalization import batch_norm_change
from filterlab.functional.prepared import InPlace
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, need_channels
from filterlab.layers.base.rules import standardised
from filterlab.layers.base.shared import ChannelBias, ChannelScale, Epsilon
from filterlab.text.messages import say


class BatchNorm2d(Layer):
    """weight * (x - running_mean) / sqrt(running_var + eps) + bias, with the numbers of each channel.

    As torch.nn.BatchNorm2d in evaluation: the statistics are those of training, not of this picture.
    """

    key: ClassVar[str] = "batch_norm2d"
    title: ClassVar[str] = "Batch normalisation"
    search_words: ClassVar[str] = "batch normalization bn 批量规范化 批量归一化 批归一化"
    stem: ClassVar[str] = "bn"
    group: ClassVar[str] = "normalization"
    locally_linear: ClassVar[bool] = True

    running_mean: Annotated[
        Array,
        Tensor(axes=("channels",), trainable=False, start=0.0),
        Field(description="Mean of each channel during training."),
    ]
    running_var: Annotated[
        Array,
        Tensor(axes=("channels",), trainable=False, minimum=0, start=1.0),
        Field(description="Variance of each channel during training."),
    ]
    weight: ChannelScale
    bias: ChannelBias
    eps: Epsilon

    def check(self) -> None:
        # running_mean is required, so that it is the measure for those that may be left out.
        channels = self.shape_of("running_mean")
        for name in ("running_var", "weight", "bias"):
            shape = self.shape_of(name)
            if shape and shape != channels:
                what = say("{} has {} number(s), running_mean {}", name, shape[0], channels[0])
                raise ParameterError(what, hint="give each one number per channel", parameter=name)

    def forward(self, *xs: Array) -> Array:
        return F.batch_norm(xs[0], *self._statistics(), self.weight, self.bias, self.eps)

    def pointwise(self, dtype: Any) -> InPlace:
        return batch_norm_change(dtype, *self._statistics(), self.weight, self.bias, self.eps)

    def _statistics(self) -> tuple[Array, Array]:
        return self.running_mean, self.running_var

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        dx = F.batch_norm_backward(dy, xs[0], *self._statistics(), self.weight, self.bias, self.eps)
        dweight, dbias = F.batch_norm_affine_backward(dy, xs[0], *self._statistics(), self.eps)
        return Gradients((dx,), self.given(weight=dweight, bias=dbias))

    def output_channels(self, *channels: int) -> int:
        need_channels(
            channels[0],
            self.shape_of("running_mean")[0],
            self,
            "running_mean has one number for each channel",
        )
        return channels[0]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        mean, var = float(self.running_mean[channel]), float(self.running_var[channel])
        return standardised(self, xs[0], y, (channel, row, col), mean, var)
