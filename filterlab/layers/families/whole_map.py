"""The bases of the layers whose every output depends on all cells of its map."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic, Layer, Shape, need_channels
from filterlab.layers.base.rules import standardised
from filterlab.layers.base.streaming import Moments, Streaming
from filterlab.layers.base.window import Size, Window, need_size, whole_window
from filterlab.layers.batch_norm2d import BatchNorm2d


class WholeMap(Layer):
    """Base of layers in whose formula the map stands by a few numbers, beside the cell at the same place."""

    singles_out: ClassVar[bool] = True

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        height, width = need_size(sizes[0], type(self).__name__)
        return ((whole_window(height, height), whole_window(width, width)),)


class WholeMapNorm(WholeMap):
    """Base of normalisations by the statistics of the map itself."""

    def output_channels(self, *channels: int) -> int:
        for name in ("weight", "bias"):
            shape = self.shape_of(name)
            if shape:
                need_channels(channels[0], shape[0], self, f"{name} has one number for each channel")
        return channels[0]

    def groups_of(self, channels: int) -> int:
        """The number of groups that so many channels are split into, each with its own statistics."""
        return channels

    def streaming(self, shape: Shape) -> Streaming | None:
        own = self.raw()
        affine = {name: own[name] for name in ("weight", "bias", "eps")}

        def stand_in(mean: Array, variance: Array) -> Layer:
            zeros, ones = np.zeros(len(mean)), np.ones(len(mean))
            plain = BatchNorm2d(running_mean=zeros, running_var=ones, **affine)
            # Unchecked: of a map with a NaN in it the statistics are NaN, too, and so are the values, as in the whole.
            return plain.with_arrays({"running_mean": mean, "running_var": variance})

        return Moments(shape[0], self.groups_of(shape[0]), stand_in)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        each = xs[0].shape[1] // self.groups_of(xs[0].shape[1])
        first = channel // each * each
        # In double precision whatever the map's dtype: the formula shows what the statistics are, not their round-off.
        cells = xs[0][0, first : first + each].astype(np.float64)
        mean = float(cells.mean())
        return standardised(self, xs[0], y, (channel, row, col), mean, float(np.square(cells - mean).mean()))
