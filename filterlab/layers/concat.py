"""Concatenation of channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.functional.merging import concatenated_shape, place_concat
from filterlab.functional.prepared import InPlace, Prepared, followed
from filterlab.layers.base.formula import Line, plain
from filterlab.layers.base.layer import Arithmetic, Forward, Gradients, Layer, Mask, PartialMap, Shape
from filterlab.layers.base.rules import at, copied
from filterlab.layers.base.terms import Where


class Concat(Layer):
    """The channels of the inputs one after the other, as torch.cat along the channel axis."""

    key: ClassVar[str] = "concat"
    title: ClassVar[str] = "Concatenation"
    search_words: ClassVar[str] = "concatenate cat join stack channels 拼接 连结 连接 合并 通道拼接"
    stem: ClassVar[str] = "cat"
    group: ClassVar[str] = "merge"
    arity: ClassVar[tuple[int, int | None]] = (1, None)
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    def forward(self, *xs: Array) -> Array:
        return F.concat(xs)

    def prepared(self, dtype: Any, *shapes: Shape, then: Sequence[InPlace] = ()) -> Forward:
        return followed(Prepared(self.forward, place_concat), then)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients(F.concat_backward(dy, xs), {})

    def output_shape(self, *shapes: Shape) -> Shape:
        return concatenated_shape(shapes)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        channels = [shape[0] for shape in shapes]
        return (plain("channels", " + ".join(map(str, channels)), sum(channels)),)

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        first = sum(shape[0] for shape in shapes[:number])
        return channels[first : first + shapes[number][0]]

    def _source(self, xs: tuple[Array, ...], channel: int) -> tuple[int, int]:
        """(number of the input, its channel) that an output channel is a copy of."""
        number = 0
        while channel >= xs[number].shape[1]:
            channel -= xs[number].shape[1]
            number += 1
        return number, channel

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        number, own = self._source(xs, channel)
        return copied(self.title, xs[number], Where(number, own, row, col), y[at(y, channel, row, col)])

    def partials(self, xs: tuple[Array, ...], y: Array, channel: int) -> tuple[PartialMap[int], ...]:
        number, own = self._source(xs, channel)
        return (PartialMap(number, own, None, xs[number][0, own].reshape(y.shape[2:] or (1, 1))),)
