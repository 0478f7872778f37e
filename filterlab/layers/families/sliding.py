"""The bases of the layers whose windows slide over the map, one `stride` from the next."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair, border_cells, resolve_padding, span
from filterlab.layers.base.border import Border
from filterlab.layers.base.formula import Line, window_lines
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.base.part import Cells, Part
from filterlab.layers.base.terms import Taps
from filterlab.layers.base.window import Size, Window, need_count, sliding_windows


class Sliding(Layer):
    """Base of layers with a `kernel_size` and a `stride`, and perhaps `padding`, `dilation` and `ceil_mode`.

    Without a stride, windows lie side by side.
    """

    def geometry(self, size: Size) -> tuple[Pair, Pair, Pair, Pads]:
        """Kernel, stride, dilation, and the padding in cells on a map of `size`."""
        kernel: Pair = self.kernel_size
        stride: Pair = self.stride or kernel
        dilation: Pair = getattr(self, "dilation", (1, 1))
        padding = getattr(self, "padding", 0)
        pads = resolve_padding(padding, size, kernel, stride, dilation, type(self).__name__)
        return kernel, stride, dilation, pads

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        geometry, ceil_mode = self.geometry(sizes[0]), getattr(self, "ceil_mode", False)
        return (sliding_windows(sizes[0], *geometry, ceil_mode=ceil_mode, operation=type(self).__name__),)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        geometry, ceil_mode = self.geometry((shapes[0][1], shapes[0][2])), getattr(self, "ceil_mode", False)
        return window_lines(shapes[0], *geometry, padding=getattr(self, "padding", None), ceil_mode=ceil_mode)


class SlidingKernels(Sliding):
    """Base of layers that apply the same kernels in every window.

    Subclasses declare `stride`, `padding`, `dilation`, `padding_mode`, `value` and `operation`.
    """

    group: ClassVar[str] = "convolution"

    @property
    def kernel_stride(self) -> Pair:
        stride: Pair = self.stride
        return stride

    def border(self, size: Pair) -> Border:
        return Border(self.geometry(size)[3], self.padding_mode)

    def applied(self, x: Array, padding: Any) -> Array:
        """The output for maps (N, C, H, W) with another padding than the layer's own."""
        raise NotImplementedError(type(self).__name__)

    def blocks(self, size: Pair) -> Pair:
        """The sides of the blocks of outputs that are computed together on an input of `size`; see `conv2d_blocks`."""
        raise NotImplementedError(type(self).__name__)

    def cuts_itself(self, size: Pair) -> bool:
        # A part is laid out with its border, which out of all proportion to the map would take all memory.
        pads = self.geometry(size)[3]
        return all(max(sides) <= n for sides, n in zip(pads.sides, size, strict=True))

    def part_axis(self, size: Pair, axis: int, wanted: Cells) -> tuple[Cells, Cells]:
        outputs = self._whole_blocks(size, axis, wanted)
        if self._turns(size):
            return self._reach(size, axis, outputs), outputs
        places, n = self._places(size, axis, outputs), size[axis]
        seen = places[places >= 0]
        if not len(seen):  # a layer is given some cell even where its outputs see none
            seen = np.clip(places[:1] * 0 + outputs[0], 0, n - 1)
        return (int(seen.min()), int(seen.max()) + 1), outputs

    def _whole_blocks(self, size: Pair, axis: int, wanted: Cells) -> Cells:
        side, count = self.blocks(size)[axis], need_count(self.windows(size)[0][axis].count)
        begin, end = wanted[0] // side * side, min(-(-wanted[1] // side) * side, count)
        # The last block may be too small for its method to be chosen by itself.
        return (begin - side if begin and side > 1 and end - begin < side else begin), end

    def _turns(self, size: Pair) -> bool:
        """Whether the map begins again where it ends, so that a window beyond an end is one like all others."""
        # Where a negative padding has cropped the map, what is left of it begins again.
        return self.padding_mode == "circular" and min(self.geometry(size)[3]) >= 0

    def _reach(self, size: Pair, axis: int, outputs: Cells) -> Cells:
        """The first cell that the windows of some outputs see, and one past the last, as if the map had no ends."""
        kernel, stride, dilation, pads = self.geometry(size)
        first = outputs[0] * stride[axis] - pads.sides[axis][0]
        return first, first + (outputs[1] - outputs[0] - 1) * stride[axis] + span(
            kernel[axis], dilation[axis]
        )

    def _places(self, size: Pair, axis: int, outputs: Cells) -> Array:
        """The cells of the input that the windows of some outputs see in order, -1 for the fill."""
        before, after = self.geometry(size)[3].sides[axis]
        reach = np.arange(*self._reach(size, axis, outputs))
        return border_cells(reach, size[axis], before, after, self.padding_mode)

    def forward_part(self, x: Array, part: Part) -> Array:
        for axis in () if self._turns(part.size) else (0, 1):
            places = self._places(part.size, axis, part.outputs[axis])
            first, stop = part.inputs[axis]
            # Only parts at a border have to be laid out anew.
            if not np.array_equal(places, np.arange(first, stop)):
                x = _gathered(x, np.where(places < 0, -1, places - first), axis + 2, self._fill)
        return self.applied(x, 0)

    @property
    def _fill(self) -> float:
        return self.value if self.padding_mode == "constant" else 0.0

    def oriented(self, kernels: Array) -> Array:
        """Kernels as cross-correlation applies them; its own inverse, so that it serves gradients as well."""
        return kernels if self.operation == "cross-correlation" else kernels[..., ::-1, ::-1]

    def taps(self, x: Array) -> Taps:
        """What the taps of a window over a map (1, C, H, W) read."""
        return Taps.of(self, self.geometry((x.shape[2], x.shape[3]))[3])


def _gathered(x: Array, places: Array, axis: int, fill: float) -> Array:
    """The cells of x at places along an axis, `fill` where a place is -1."""
    made = np.empty((*x.shape[:axis], len(places), *x.shape[axis + 1 :]), x.dtype)
    before: tuple[Any, ...] = (slice(None),) * axis
    # Nearly all lie side by side, and are copied as they are: taking cells one by one takes far longer.
    beside = (places - np.arange(len(places)) == places[len(places) // 2] - len(places) // 2) & (places >= 0)
    first, count = int(beside.argmax()), int(beside.sum())
    if count and beside[first : first + count].all():
        made[(*before, slice(first, first + count))] = x[
            (*before, slice(places[first], places[first] + count))
        ]
    else:
        beside[:] = False
    others = np.flatnonzero(~beside)
    made[(*before, others)] = np.take(x, places[others], axis=axis)
    made[(*before, places < 0)] = fill
    return made
