"""A layer's weights to look at: norms, rank and separability of each kernel, and all kernels as pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import Cancelled
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.images.palette import Colors, rgb, weight_color
from filterlab.images.statistics import BINS, ProfileLine, Summary, line, summarize
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import Message, say
from filterlab.text.numbers import brief

RANK_TOLERANCE = 1e-6  # singular values below this share of the largest count as nothing
_BLOCK = 1 << 13  # kernels whose singular values are found at a time, between two questions whether to go on
_LEVELS = 127  # colours for each sign


@dataclass(frozen=True)
class KernelPlace:
    """The parameter of a layer that holds kernels. inputs_first: its axes are (inputs, outputs, height, width)."""

    name: str
    inputs_first: bool

    def index(self, output: int, source: int, axes: int) -> tuple[int, ...]:
        """The place of a kernel in an array of so many axes."""
        if axes == 2:
            return ()
        return (source, output) if self.inputs_first else (output, source)


def kernel_place(layer: Layer) -> KernelPlace | None:
    """Where a layer keeps its kernels; None for a layer without any."""
    for declared in layer.declarations():
        axes = declared.kind.axes if isinstance(declared.kind, Tensor) else ()
        if axes[-2:] == ("height", "width") and len(axes) in (2, 4):
            return KernelPlace(declared.name, axes[0].startswith("input"))
    return None


@dataclass(frozen=True, eq=False)
class WeightSurvey:
    """What is known of all kernels of a layer.

    kernels: (outputs, inputs, height, width). summary: statistics and histogram of all weights. norms: (outputs,),
    the Euclidean norm of all weights of an output channel. singular: (outputs, inputs, min(height, width)), the
    singular values of each kernel, the largest first; all float64 but the kernels.
    """

    kernels: Array
    summary: Summary
    norms: NDArray[np.float64]
    singular: NDArray[np.float64]

    @property
    def outputs(self) -> int:
        """How many output channels there are."""
        return int(self.kernels.shape[0])

    @property
    def inputs(self) -> int:
        """How many kernels each output channel has."""
        return int(self.kernels.shape[1])

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of each kernel."""
        return int(self.kernels.shape[2]), int(self.kernels.shape[3])

    @property
    def coloured(self) -> bool:
        """Whether the kernels of an output channel can be shown as one RGB picture."""
        return self.inputs == 3

    def order(self, *, by_norm: bool) -> list[int]:
        """The output channels as they are, or by their norms, the largest first."""
        found = np.argsort(-self.norms, kind="stable") if by_norm else np.arange(self.outputs)
        return [int(i) for i in found]

    def input_order(self, *, by_norm: bool) -> list[int]:
        """The input channels as they are, or by the norms of all their kernels, the largest first."""
        squares = np.square(self.singular).sum(axis=(0, 2))
        found = np.argsort(-squares, kind="stable") if by_norm else np.arange(self.inputs)
        return [int(i) for i in found]

    def norm_line(self, outputs: Sequence[int]) -> ProfileLine:
        """The norms of output channels in this order, for a plot."""
        return line(self.norms[list(outputs)][None], 0, along_row=True)

    def largest(self, output: int | None = None, source: int | None = None) -> float:
        """The largest magnitude of a kernel, of all kernels of an output channel, or of all."""
        if output is None:
            # Asked for at every repaint, and a pass over all weights of a large layer takes longer than drawing them.
            return max(-self.summary.statistics.minimum, self.summary.statistics.maximum)
        part = self.kernels[output]
        return float(np.abs(part if source is None else part[source]).max())

    def rank(self, output: int, source: int) -> int:
        """The rank of a kernel: how many products of a column and a row it is the sum of."""
        return int(_ranks(self.singular[output, source]))

    def channel_words(self, output: int) -> Message:
        """Norm, scale and ranks of all kernels of an output channel, as a sentence."""
        norm, largest = brief(float(self.norms[output]), 3), brief(self.largest(output), 3)
        ranks = ", ".join(str(rank) for rank in _ranks(self.singular[output]))
        return say("norm {}, largest weight ±{}; ranks of its kernels {}", norm, largest, ranks)

    def kernel_words(self, output: int, source: int) -> Message:
        """Norm, rank and separability of one kernel, as a sentence."""
        values = self.singular[output, source]
        norm, rank = brief(float(np.sqrt(np.square(values).sum()))), self.rank(output, source)
        if rank == 0:
            return say("all weights are 0")
        if rank == 1:
            return say("norm {}, rank 1: separable, one column times one row", norm)
        share = 100 * values[0] ** 2 / np.square(values).sum()
        listed = ", ".join(brief(float(v), 3) for v in values[:7])
        return say(
            "norm {}, rank {} of {}: not separable; the nearest column times row holds {:.3g} % of its energy "
            "(singular values {})",
            norm,
            rank,
            len(values),
            share,
            listed,
        )

    def layer_words(self) -> Message:
        """How many kernels there are, how many are separable, and the range of the norms, as a sentence."""
        separable = int((_ranks(self.singular) == 1).sum())
        least, greatest = brief(float(self.norms.min()), 3), brief(float(self.norms.max()), 3)
        total, (height, width) = self.outputs * self.inputs, self.size
        return say(
            "{:,} kernel(s) of {} by {}, {:,} of them separable; norms of the output channels from {} to {}",
            total,
            height,
            width,
            separable,
            least,
            greatest,
        )


def survey(layer: Layer, place: KernelPlace, cancel: Cancel | None = None) -> WeightSurvey:
    """Look at all kernels of a layer. Raises Cancelled, and ParameterError where a recipe gives no numbers."""
    array: Array = getattr(layer, place.name)
    kernels = array.reshape((1,) * (4 - array.ndim) + array.shape)
    if place.inputs_first:
        kernels = kernels.swapaxes(0, 1)
    outputs, inputs, height, width = kernels.shape
    planes = kernels.reshape(-1, height, width)
    values = np.empty((len(planes), min(height, width)))
    for start in range(0, len(planes), _BLOCK):
        if cancel is not None and cancel():
            raise Cancelled("a newer question is waiting", "weights")
        block = planes[start : start + _BLOCK].astype(np.float64)
        values[start : start + _BLOCK] = np.linalg.svd(block, compute_uv=False)
    singular = values.reshape(outputs, inputs, -1)
    # The squares of a matrix's singular values add up to those of its cells.
    norms = np.sqrt(np.square(singular).sum(axis=(1, 2)))
    bins = max(16, min(isqrt(kernels.size), BINS))  # few weights would leave most bins empty
    return WeightSurvey(kernels, summarize(kernels, bins, cancel=cancel), norms, singular)


def _ranks(singular: NDArray[np.float64]) -> NDArray[np.intp]:
    """The number of singular values (..., n) that count, for each kernel."""
    counted = (singular > RANK_TOLERANCE * singular[..., :1]).sum(axis=-1)
    return np.asarray(counted, np.intp)


# -- pixels -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KernelPitch:
    """How kernels are laid out, in pixels. cell: the side of a weight. across, down: from one kernel to the next."""

    cell: int
    across: int
    down: int


def mosaic(
    found: WeightSurvey,
    outputs: Sequence[int],
    inputs: Sequence[int],
    pitch: KernelPitch,
    colors: Colors,
    *,
    each: bool,
    columns: int = 1,
) -> NDArray[np.uint32]:
    """Kernels as pixels 0xFFRRGGBB: an output channel for each row, an input channel for each column.

    columns: so many output channels stand in a row. Each sign has its colour, full at the largest magnitude of all
    kernels, or of each kernel where `each` is set.
    """
    kernels = found.kernels[np.ix_(outputs, inputs)].astype(np.float64)
    largest = _largest(kernels, (2, 3)) if each else found.largest() or 1.0
    levels = np.rint(kernels / largest * _LEVELS).astype(np.intp) + _LEVELS
    pixels = _signed_table(colors).take(levels)
    return _laid_out(_in_rows(pixels, columns, colors), pitch, _pixel(colors.border))


def pictures(
    found: WeightSurvey,
    outputs: Sequence[int],
    columns: int,
    pitch: KernelPitch,
    colors: Colors,
    *,
    each: bool,
) -> NDArray[np.uint32]:
    """The kernels of three input channels as RGB pictures, `columns` in a row, as pixels 0xFFRRGGBB.

    Weight 0 is mid-grey; the largest magnitude of all kernels, or of each output channel where `each` is set, is 0 or
    full colour.
    """
    kernels = found.kernels[list(outputs)].astype(np.float64)
    largest = _largest(kernels, (1, 2, 3)) if each else found.largest() or 1.0
    red, green, blue = np.rint((kernels / largest + 1) * 127.5).astype(np.uint32).swapaxes(0, 1)
    pixels = np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    return _laid_out(_in_rows(pixels[:, None], columns, colors), pitch, _pixel(colors.wall))


def _in_rows(pixels: NDArray[np.uint32], columns: int, colors: Colors) -> NDArray[np.uint32]:
    """Pictures (outputs, inputs, h, w) as (rows, columns * inputs, h, w), the last row filled up with the ground."""
    count, inputs, height, width = pixels.shape
    rows = ceil(count / columns)
    filled = np.full((rows * columns, inputs, height, width), _pixel(colors.wall), np.uint32)
    filled[:count] = pixels
    return filled.reshape(rows, columns * inputs, height, width)


def _largest(kernels: NDArray[np.float64], axes: tuple[int, ...]) -> NDArray[np.float64]:
    found = np.abs(kernels).max(axis=axes, keepdims=True)
    return np.asarray(np.where(found == 0, 1.0, found))


def _laid_out(pixels: NDArray[np.uint32], pitch: KernelPitch, ground: np.uint32) -> NDArray[np.uint32]:
    """Pictures (rows, columns, h, w) enlarged and set side by side, with the ground between them."""
    large = pixels.repeat(pitch.cell, axis=2).repeat(pitch.cell, axis=3)
    rows, columns, height, width = large.shape
    sheet = np.full((rows, pitch.down, columns, pitch.across), ground, np.uint32)
    sheet[:, :height, :, :width] = large.swapaxes(1, 2)
    return sheet.reshape(rows * pitch.down, columns * pitch.across)


@cache
def _signed_table(colors: Colors) -> NDArray[np.uint32]:
    """The colours of -1..1 in equal steps."""
    steps = range(-_LEVELS, _LEVELS + 1)
    return np.array([_pixel(weight_color(step, _LEVELS, colors)) for step in steps], np.uint32)


def _pixel(color: str) -> Any:
    red, green, blue = rgb(color)
    return np.uint32(0xFF000000 | red << 16 | green << 8 | blue)
