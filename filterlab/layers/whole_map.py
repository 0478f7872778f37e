"""What the normalisations share whose every output sees its whole map."""

from __future__ import annotations

from filterlab.layers.base import Layer, need_channels
from filterlab.layers.window import Size, Window, need_size, whole_window


class WholeMapNorm(Layer):
    """Base of normalisations by the statistics of the map itself."""

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        height, width = need_size(sizes[0], type(self).__name__)
        return ((whole_window(height, height), whole_window(width, width)),)

    def output_channels(self, *channels: int) -> int:
        for name in ("weight", "bias"):
            shape = self.shape_of(name)
            if shape:
                need_channels(channels[0], shape[0], self, f"{name} has one number for each channel")
        return channels[0]
