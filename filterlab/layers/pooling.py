"""What the pooling layers share: windows that slide, channel by channel."""

from __future__ import annotations

from typing import Any, ClassVar

from filterlab.functional.geometry import Pair, resolve_padding
from filterlab.layers.base import Layer
from filterlab.layers.window import Size, Window, sliding_windows


class Pooling(Layer):
    """Base of the pooling layers. Subclasses declare `kernel_size`, `stride` and what else they have."""

    stem: ClassVar[str] = "pool"
    group: ClassVar[str] = "pooling"
    locally_linear: ClassVar[bool] = True

    def options(self) -> dict[str, Any]:
        """The parameters as keyword arguments of the operation."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        options = self.options()
        kernel: Pair = options["kernel_size"]
        stride: Pair = options["stride"] or kernel
        dilation: Pair = options.get("dilation", (1, 1))
        name = type(self).__name__
        pads = resolve_padding(options.get("padding", 0), sizes[0], kernel, stride, dilation, name)
        ceil_mode = options["ceil_mode"]
        window = sliding_windows(
            sizes[0], kernel, stride, dilation, pads, ceil_mode=ceil_mode, operation=name
        )
        return (window,)
