"""Windows laid out as channels."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.block import marked
from filterlab.layers.base.formula import Line, plain
from filterlab.layers.base.layer import Arithmetic, Mask, Shape
from filterlab.layers.base.rules import copied
from filterlab.layers.base.shared import Dilation, KernelSize, Stride, WindowPadding
from filterlab.layers.base.terms import Where
from filterlab.layers.families.sliding import Sliding


class Unfold(Sliding):
    """(C, H, W) as (C * kh * kw, H', W'): each tap of the window becomes a channel, as torch.nn.Unfold."""

    key: ClassVar[str] = "unfold"
    title: ClassVar[str] = "Unfold"
    search_words: ClassVar[str] = "im2col patches windows neighbours 展开 图像块"
    group: ClassVar[str] = "size"
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    kernel_size: KernelSize
    stride: Stride
    padding: WindowPadding
    dilation: Dilation

    @property
    def _taps(self) -> int:
        return self.kernel_size[0] * self.kernel_size[1]

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return marked(channels.reshape(-1, self._taps), 1)

    def output_channels(self, *channels: int) -> int:
        return channels[0] * self._taps

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        channels, (height, width) = shapes[0][0], self.kernel_size
        line = plain("channels", f"{channels} · {height} · {width}", channels * self._taps)
        return (line, *super().shape_formula(*shapes))

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        size = xs[0].shape[2:]
        _, stride, dilation, pads = self.geometry((size[0], size[1]))
        source, tap = divmod(channel, self._taps)
        taps = divmod(tap, self.kernel_size[1])
        at = [i * stride[a] - pads.sides[a][0] + taps[a] * dilation[a] for a, i in enumerate((row, col))]
        outside = not all(0 <= place < n for place, n in zip(at, size, strict=True))
        return copied(self.title, xs[0], Where(0, source, at[0], at[1], outside), y[0, channel, row, col])
