"""The methods: every way to compute a convolution or the gradient of its weight, when it is chosen, and why.

`convolution.py` takes the first of a table that fits, `conv2d_method` says which that is, and `page` prints both
tables, as they stand in the docstring of this package. A new method is a new entry. Choosing reads shapes and the rank
of the kernels, never the maps nor the number of threads, so that one layer gives equal digits for equal maps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from math import prod
from textwrap import fill
from typing import NamedTuple

from filterlab.functional.arrays import Array
from filterlab.functional.conv import (
    blocks,
    depth,
    frequency,
    in_place,
    low_rank,
    points,
    weight_gradient,
    winograd,
)
from filterlab.functional.conv.instructions import BYTES, OUTPUTS
from filterlab.functional.conv.lines import line_span
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.geometry import Pair
from filterlab.functional.prepared import InPlace, Prepared, followed

FEW_MAPS = (
    OUTPUTS // 2
)  # maps of a group; with fewer, more than half of a tile of maps would be summed for nothing
TALL = 7  # rows of a kernel, from which on it pays to read each line once for all rows that see it
# For joined columns, as measured: pictures that are worth joining, columns of outputs from which on copying row by row
# is faster, and the largest ratio of padded cells to outputs, as the rest is multiplied by zero.
SMALL_PLANE = 512  # cells of a map: of fewer, several images share a tile
FEW_IMAGES, NARROW, MOST_WASTE = 4, 24, 2.5


class Method(NamedTuple):
    """One way to compute; `fits` is asked with the plan, the bytes of a number and the rank, see `choose`."""

    name: str
    when: str
    reason: str
    runs: str  # the innermost work, and where it is written
    fits: Callable[[ConvPlan, int, int | None], bool]
    run: Callable[..., Array]
    prepare: Callable[..., Prepared] | None = None  # `run` in two steps, see `blocks.prepared`
    # The sides of the blocks of outputs that are computed together, for the sides of the kernel; see `conv2d_blocks`.
    sides: Callable[[int, int], Pair] | None = None


# Remembered, as a network asks for each of its layers again with every picture.
@lru_cache(maxsize=512)
def choose(table: tuple[Method, ...], plan: ConvPlan, itemsize: int, rank: int | None = None) -> Method:
    """Return the first method of a table that fits; the last one always does.

    rank: the largest of the kernels, where they are products of fewer numbers; see `low_rank.rank_of`.
    """
    return next(method for method in table if method.fits(plan, itemsize, rank))


def choose_for(weight: Array, plan: ConvPlan, directly: bool = False) -> Method:
    """Return the method of a correlation with this weight, in the dtype of the maps.

    directly: none that computes blocks of outputs together.
    """
    table = DIRECT if directly else CORRELATION
    return choose(table, plan, weight.itemsize, low_rank.rank_of(weight, plan))


def prepared(
    weight: Array, bias: Array | None, plan: ConvPlan, then: Sequence[InPlace]
) -> Callable[[Array], Array]:
    """Return the correlation of a plan with this weight as a function of the maps, by the method that fits.

    then: operations on the output, see `blocks.prepared`.
    """
    method = choose(KEPT, plan, weight.itemsize, low_rank.rank_of(weight, plan))
    if method.prepare is not None:
        return method.prepare(weight, bias, plan, then)
    return followed(lambda x: method.run(x, weight, bias, plan), then)


def _few_maps(plan: ConvPlan) -> bool:
    return plan.outputs // plan.groups < FEW_MAPS


def _tall(plan: ConvPlan, itemsize: int, rank: int | None) -> bool:
    dense = (*plan.stride, *plan.dilation) == (1, 1, 1, 1)
    return _few_maps(plan) and dense and plan.kernel[0] >= TALL


def _rows_end_within_a_vector(plan: ConvPlan, itemsize: int, rank: int | None) -> bool:
    """Whether a row and what its windows see beyond it take no more vectors than the row alone, uncut."""
    width, lanes = plan.cols.out, BYTES // itemsize
    uncut = blocks.block_columns(plan, itemsize) == width
    return uncut and line_span(plan, 1, width) <= -(-width // lanes) * lanes


def _many_small(plan: ConvPlan, itemsize: int, rank: int | None) -> bool:
    _, _, height, width = plan.out_shape
    if (
        plan.images < FEW_IMAGES
        or width >= NARROW
        or plan.stride != (1, 1)
        or plan.groups > 1
        or plan.pointwise
    ):
        return False
    return len(plan.rows.index) * len(plan.cols.index) <= MOST_WASTE * height * width


CORRELATION = (
    Method(
        "separable",
        "one channel in each group, kernels of 36 or more weights that few columns times rows make up (Gaussian, box, "
        "a difference of Gaussians), float32, without stride and dilation",
        "a sum along a column and one along a row take fewer products than one over the window",
        "low_rank._sum_passes with tiles.sum_rows, twice",
        lambda plan, itemsize, rank: rank is not None,
        low_rank.correlate,
    ),
    Method(
        "frequency",
        "few maps of few channels in each group, kernels of 400 or more weights, float32, without stride and dilation",
        "a transform costs the same for any kernel, and less than so many products",
        "frequency._sum_products with fourier.transform, in double precision",
        lambda plan, itemsize, rank: itemsize == 4 and _few_maps(plan) and frequency.fits(plan),
        frequency.correlate,
        sides=frequency.block_sides,
    ),
    Method(
        "in place",
        "kernels of 3x3 over one channel in each group, few maps in it, with a stride of 1 or 2 both ways and without "
        "dilation, beyond the sides nothing or a constant",
        "there is so little to multiply that copying the cells would take as long; each line is read once for three "
        "rows",
        "in_place._loop with in_place.sum_columns",
        lambda plan, itemsize, rank: _few_maps(plan) and in_place.fits(plan),
        in_place.correlate,
        in_place.prepared,
    ),
    Method(
        "tall",
        "few maps in each group, and a kernel of 7 or more rows, without stride and dilation",
        "few maps see the same cells, but many rows of a map see the same line, which is read once for all of them",
        "blocks._sum_tall with tiles.sum_tall",
        _tall,
        partial(blocks.correlate, "tall"),
        partial(blocks.prepared, "tall"),
    ),
    Method(
        "rows",
        "few maps in each group, as in image filters and depthwise layers, and any other kernel",
        "few maps see the same cells, but all rows of a map have the same weights: several are summed together",
        "blocks._sum_rows with tiles.sum_rows",
        lambda plan, itemsize, rank: _few_maps(plan),
        partial(blocks.correlate, "rows"),
        partial(blocks.prepared, "rows"),
    ),
    Method(
        "points",
        "1x1 kernels of many maps in each group, without stride and padding, and no batch of small maps",
        "as for maps; also, no cell is seen beside another, so that the maps are read where they are",
        "points.sum_points with points.keep_panel and points.sum_panel",
        lambda plan, itemsize, rank: plan.pointwise and (plan.images == 1 or prod(plan.out) >= SMALL_PLANE),
        points.correlate,
        points.prepared,
    ),
    Method(
        "winograd",
        "3x3 kernels of 32 or more maps of as many channels, over maps of 14 or more rows and columns, float32, in one "
        "group, without stride and dilation",
        "four outputs take 16 products for each channel instead of 36, and lose about as many digits as in windows",
        "winograd._sum_transformed with transforms.transform_cells, tiles.sum_maps and transforms.store_outputs",
        lambda plan, itemsize, rank: winograd.fits(plan, itemsize),
        winograd.correlate,
        winograd.prepared,
        lambda rows, cols: (winograd.SMALLEST, winograd.SMALLEST),
    ),
    Method(
        "depth",
        "as many maps in each group as a vector holds, and sums of 1024 or more products; of 128 or more where rows "
        "would leave more of a vector of columns unused than of a vector of maps, or a layer keeps the weights",
        "vectors of maps are full however narrow the maps are, and long sums in them wait for nothing else to be "
        "stored; the weights are laid out for that, once for a layer, where it pays for few windows as well",
        "depth._sum_depth with tiles.sum_depth",
        lambda plan, itemsize, rank: depth.fits(plan, itemsize),
        depth.correlate,
        depth.prepared,
    ),
    Method(
        "joined",
        "many maps in each group, and rows whose last vector has room for the cells between two rows",
        "as for maps; also, a row that ends inside a vector wastes the rest of it, which joining the rows avoids",
        "blocks._sum_joined with tiles.sum_maps",
        _rows_end_within_a_vector,
        partial(blocks.correlate, "joined"),
        partial(blocks.prepared, "joined"),
    ),
    Method(
        "maps",
        "all other shapes",
        "many maps see the same cells, which are read once and multiplied for several of them",
        "blocks._sum_maps with tiles.sum_maps",
        lambda plan, itemsize, rank: True,
        partial(blocks.correlate, "maps"),
        partial(blocks.prepared, "maps"),
    ),
)

# Phases of a transposed convolution lie between each other, so that no part of its result consists of whole blocks.
DIRECT = tuple(method for method in CORRELATION if method.sides is None)

# For layers, which keep what they have prepared: more of them are worth laying out the weights for vectors of maps. All
# methods that may stand in its place sum in the same order, so that a layer has the digits of `conv2d`.
KEPT = tuple(
    method._replace(fits=lambda plan, itemsize, rank: depth.fits(plan, itemsize, kept=True))
    if method.name == "depth"
    else method
    for method in CORRELATION
)

WEIGHT_GRADIENT = (
    Method(
        "joined columns",
        "four or more pictures of less than 24 columns, without stride and groups, and few cells between windows",
        "copying short rows one by one takes longer than multiplying the cells between them by zero",
        "weight_gradient.pack_columns, one run of cells for each tap, and BLAS",
        _many_small,
        partial(weight_gradient.weight_gradient, joined=True),
    ),
    Method(
        "tiles",
        "outputs that fill a vector, 8 or more taps, and at most 512 KiB of weights",
        "laying out columns takes a tenth of the time, and BLAS packs them once more",
        "weight_gradient.sum_tiles, and tiles.sum_depth over positions",
        lambda plan, itemsize, rank: weight_gradient.fills_tiles(plan, itemsize),
        partial(weight_gradient.weight_gradient, tiled=True),
    ),
    Method(
        "columns",
        "all other shapes",
        "the sum over all positions is a product of two large matrices, at which BLAS is best",
        "weight_gradient.pack_columns, one run of cells for each tap and row of outputs, and BLAS",
        lambda plan, itemsize, rank: True,
        weight_gradient.weight_gradient,
    ),
)


MEASURED = """\
`conv2d_method` says which is taken for a call, and why. To measure them again, beside other programs and the limits of
the machine: `make bench ROWS="* to *"` for layers, `make bench ROWS="*x*, * MP"` for filters. A limit in this file or
in those that a method runs was found by running both sides of it in turns; where the table changes,
`make diagram` writes this page anew."""


def page() -> str:
    """Return both tables as text, and how they are measured: the end of the package's docstring."""
    parts = []
    for title, table in (("Correlation", CORRELATION), ("Gradient of the weight", WEIGHT_GRADIENT)):
        parts.append(f"{title}, the first that fits:\n")
        for method in table:
            lines = (f"when: {method.when}", f"why:  {method.reason}", f"runs: {method.runs}")
            wrapped = (fill(line, 110, initial_indent=" " * 8, subsequent_indent=" " * 14) for line in lines)
            parts.append("\n".join((f"    {method.name}", *wrapped)))
        parts.append("")
    return "\n".join((*parts, MEASURED))
