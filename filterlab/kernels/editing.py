"""The operations of a kernel editor: pure functions of (height, width) arrays that keep the dtype.

The middle of n cells is cell (n - 1) // 2, as the padding "same" has it: the odd cell comes after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from filterlab.errors import ParameterError
from filterlab.kernels.design import MOST_CELLS, Kernel
from filterlab.text.messages import say

Cell = tuple[int, int]

_NOTHING = 1e-6  # a sum smaller than this share of the sum of magnitudes is taken for the round-off of 0


def _middle(n: int) -> int:
    return (n - 1) // 2


# -- size ---------------------------------------------------------------------------------------------------


def resized(kernel: Kernel, height: int, width: int) -> Kernel:
    """The kernel cut, or filled up with zeros, to height x width around its centre. Raises ParameterError."""
    if not (1 <= height <= MOST_CELLS and 1 <= width <= MOST_CELLS):
        what, hint = (
            say("a kernel of {} by {}", height, width),
            say("each side has 1 to {} cells", MOST_CELLS),
        )
        raise ParameterError(what, "kernel", hint, parameter="size")
    result = np.zeros((height, width), kernel.dtype)
    rows, cols = (_overlap(old, new) for old, new in zip(kernel.shape, result.shape, strict=True))
    result[rows[1], cols[1]] = kernel[rows[0], cols[0]]
    return result


def _overlap(old: int, new: int) -> tuple[slice, slice]:
    """The cells that both sizes share, as slices of the old and of the new axis."""
    shift = _middle(new) - _middle(old)
    start, stop = max(0, -shift), min(old, new - shift)
    return slice(start, stop), slice(start + shift, stop + shift)


# -- all cells ----------------------------------------------------------------------------------------------


def normalized(kernel: Kernel) -> Kernel:
    """Scaled so that the cells add up to 1. Raises ParameterError where they add up to 0."""
    values = kernel.astype(np.float64)
    total = values.sum()
    if abs(total) <= _NOTHING * np.abs(values).sum():
        raise ParameterError(
            "the cells add up to 0, and no factor makes that 1",
            "kernel",
            "scale it by a factor instead; kernels that find edges add up to 0",
            parameter="kernel",
        )
    return (values / total).astype(kernel.dtype)


def zero_sum(kernel: Kernel) -> Kernel:
    """The mean is subtracted from every cell, so that they add up to 0."""
    values = kernel.astype(np.float64)
    return (values - values.mean()).astype(kernel.dtype)


def flipped_horizontal(kernel: Kernel) -> Kernel:
    """Mirrored left to right."""
    # Copies, here and below: a view would change with the kernel that it was made of.
    return kernel[:, ::-1].copy()


def flipped_vertical(kernel: Kernel) -> Kernel:
    """Mirrored top to bottom."""
    return kernel[::-1].copy()


def rotated(kernel: Kernel) -> Kernel:
    """Rotated by 90 degrees clockwise."""
    return np.rot90(kernel, -1).copy()


def transposed(kernel: Kernel) -> Kernel:
    """Transposed: rows and columns are exchanged."""
    return kernel.T.copy()


def negated(kernel: Kernel) -> Kernel:
    """The negative of every cell; zeros stay +0, which is shown without a sign."""
    return np.where(kernel == 0, kernel.dtype.type(0), -kernel)


def scaled(kernel: Kernel, factor: float) -> Kernel:
    """Every cell times `factor`. Raises ParameterError where a product is not finite."""
    with np.errstate(over="ignore"):
        result = (kernel.astype(np.float64) * factor).astype(kernel.dtype)
    if not np.isfinite(result).all():
        what = say("times {:g}, a cell would no longer be a finite number", factor)
        raise ParameterError(what, "kernel", "use a smaller factor", parameter="factor")
    return result


def cleared(kernel: Kernel) -> Kernel:
    """All cells 0."""
    return np.zeros_like(kernel)


def identity(kernel: Kernel) -> Kernel:
    """1 in the centre and 0 around it, which leaves the picture unchanged."""
    result = np.zeros_like(kernel)
    result[_middle(kernel.shape[0]), _middle(kernel.shape[1])] = 1
    return result


def randomized(kernel: Kernel, seed: int) -> Kernel:
    """Normal random numbers of mean 0 and standard deviation 1, rounded to hundredths so that they are easy to read."""
    values = np.random.default_rng(seed).standard_normal(kernel.shape)
    # -0.0 + 0 is 0: rounding leaves negative zeros, which would be shown with a sign.
    return np.round(values, 2).astype(kernel.dtype) + kernel.dtype.type(0)


# -- single cells -------------------------------------------------------------------------------------------

Mirror = Callable[[Cell, Cell], Cell]  # (last row, last column), cell -> its mirror image


def _left_right(last: Cell, cell: Cell) -> Cell:
    return cell[0], last[1] - cell[1]


def _top_bottom(last: Cell, cell: Cell) -> Cell:
    return last[0] - cell[0], cell[1]


def _through_middle(last: Cell, cell: Cell) -> Cell:
    return last[0] - cell[0], last[1] - cell[1]


def _diagonal(last: Cell, cell: Cell) -> Cell:
    # Only a square has a diagonal to mirror at.
    return (cell[1], cell[0]) if last[0] == last[1] else cell


SYMMETRIES: dict[str, tuple[Mirror, ...]] = {
    "none": (),
    "horizontal": (_left_right,),
    "vertical": (_top_bottom,),
    "point": (_through_middle,),
    "both": (_left_right, _top_bottom),
    "radial": (_left_right, _top_bottom, _diagonal),
}


def mirror_cells(shape: tuple[int, ...], cell: Cell, symmetry: str) -> set[Cell]:
    """The cell and all its images under a symmetry of `SYMMETRIES`."""
    last = shape[0] - 1, shape[1] - 1
    found, waiting = {cell}, [cell]
    while waiting:
        known = waiting.pop()
        # Images of images too: both mirrors together give three of them, with the diagonal seven.
        images = {mirror(last, known) for mirror in SYMMETRIES[symmetry]} - found
        found |= images
        waiting.extend(images)
    return found


def with_cells(kernel: Kernel, cells: Mapping[Cell, float], symmetry: str = "none") -> Kernel:
    """The kernel with some cells, and their mirror images, set to new values. Raises ParameterError."""
    result = kernel.copy()
    for cell, value in cells.items():
        with np.errstate(over="ignore"):
            number = kernel.dtype.type(value)
        if not np.isfinite(number):
            what, hint = (
                say("the cell would be {:g}", value),
                say("give a finite number that float32 can hold"),
            )
            raise ParameterError(what, "kernel", hint, parameter="kernel")
        for row, col in mirror_cells(kernel.shape, cell, symmetry):
            result[row, col] = number
    return result


def stepped_cells(kernel: Kernel, cells: set[Cell], step: float, symmetry: str = "none") -> Kernel:
    """Some cells, and their mirror images, raised by `step`; the results are rounded to the decimals of the step."""
    # 0.1 + 0.2 is to give 0.3. Two decimals more than the step has, for cells that were finer already.
    decimals = max(0, int(np.ceil(-np.log10(abs(step)))) + 2)
    return with_cells(kernel, {cell: round(float(kernel[cell]) + step, decimals) for cell in cells}, symmetry)


def block_cells(
    block: Kernel, corner: Cell, extent: tuple[int, int], size: tuple[int, int]
) -> dict[Cell, float]:
    """The cells of a kernel of `size` (height, width) that a pasted block gives new values, from `corner` on.

    extent: (height, width) of the cells that were selected; the block is repeated where it fits into them several
    times. Raises ParameterError where the block goes beyond the kernel.
    """
    whole = all(room % side == 0 for room, side in zip(extent, block.shape, strict=True))
    height, width = extent if whole else block.shape
    if corner[0] + height > size[0] or corner[1] + width > size[1]:
        what = say("{} by {} cells do not fit here", height, width)
        hint = say("start further to the top left, or at the first cell to replace the whole kernel")
        raise ParameterError(what, "kernel", hint, parameter="kernel")
    return {
        (corner[0] + row, corner[1] + col): float(block[row % block.shape[0], col % block.shape[1]])
        for row in range(height)
        for col in range(width)
    }


def natural_step(kernel: Kernel) -> float:
    """The change of a cell by one turn of the wheel: 1 among integers, else a tenth of the largest's power of ten."""
    largest = float(np.abs(kernel).max())
    if largest == 0 or np.array_equal(kernel, np.round(kernel)):
        return 1.0
    return float(10.0 ** (np.floor(np.log10(largest)) - 1))


# -- facts about it -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """total: sum of the cells. absolute: sum of their magnitudes. rank: 1 where it is a column times a row."""

    total: float
    absolute: float
    largest: float
    rank: int


def facts(kernel: Kernel) -> Facts:
    """The facts about a kernel. Sums are in double precision, and exactly 0 where only round-off is left."""
    values = kernel.astype(np.float64)
    total, absolute = float(values.sum()), float(np.abs(values).sum())
    if abs(total) <= _NOTHING * absolute:
        total = 0.0
    # NumPy's own tolerance is that of float64: the round-off of a float32 kernel would count as a rank.
    rank = int(np.linalg.matrix_rank(values, tol=_NOTHING * np.linalg.norm(values, 2)))
    return Facts(total, absolute, float(np.abs(values).max()), rank)
