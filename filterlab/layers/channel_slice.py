"""Some of the channels."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.slicing import sliced
from filterlab.layers.base.formula import Line, sliced_line
from filterlab.layers.base.layer import Arithmetic, Layer, Mask, Shape
from filterlab.layers.base.rules import at, copied
from filterlab.layers.base.terms import Where
from filterlab.parameters import Integer


class ChannelSlice(Layer):
    """x[start:stop:step] of the channels, or of a vector's features; a step of -1 turns RGB into BGR."""

    key: ClassVar[str] = "channel_slice"
    title: ClassVar[str] = "Channel slice"
    search_words: ClassVar[str] = "split select channels 切分 选择通道"
    stem: ClassVar[str] = "slice"
    group: ClassVar[str] = "channels"
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    start: Annotated[
        int | None,
        Integer(slider=(0, 64), unit="channels", optional=True),
        Field(default=None, description="The first channel, from 0; negative numbers count from the end."),
    ]
    stop: Annotated[
        int | None,
        Integer(slider=(0, 64), unit="channels", optional=True),
        Field(default=None, description="The channel before which the slice ends; all by default."),
    ]
    step: Annotated[
        int,
        Integer(slider=(-4, 4), unit="channels"),
        Field(default=1, description="From one channel to the next; negative steps run backwards."),
    ]

    def check(self) -> None:
        if self.step == 0:
            raise ParameterError("step is 0", hint="give a number other than 0", parameter="step")

    @property
    def _part(self) -> tuple[int | None, int | None, int]:
        return self.start, self.stop, self.step

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        read = np.zeros(shapes[0][0], bool)
        read[slice(*self._part)] = channels
        return read

    def output_shape(self, *shapes: Shape) -> Shape:
        return (len(sliced(shapes[0][0], self._part, "ChannelSlice")), *shapes[0][1:])

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        axis = "channels" if len(shapes[0]) == 3 else "features"
        return (sliced_line(axis, sliced(shapes[0][0], self._part, "ChannelSlice")),)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        source = sliced(xs[0].shape[1], self._part, "ChannelSlice")[channel]
        return copied(self.title, xs[0], Where(0, source, row, col), y[at(y, channel, row, col)])
