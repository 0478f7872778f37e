"""Kernels taken apart: into products of a column and a row, and into a cascade of small kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError, shown
from filterlab.kernels.analysis import need_kernel
from filterlab.kernels.polynomials import real_factors
from filterlab.parameters import is_whole
from filterlab.text.messages import say

Numbers = NDArray[Any]

PIECES = (3, 5, 7, 9)  # sides of the kernels of a cascade
MOST_SIDE = 63  # of a kernel that is made a cascade: roots of longer polynomials are lost in round-off
EXACT = 1e-6  # relative error below which float32 shows none
_SEPARABLE = 1e-7  # second singular value, over the first, that counts as none
# The work of a search, in cells of the kernel times those of its pieces: large kernels get fewer starts.
_WORK = 30_000
_MOST_STARTS = 8
_MOST_STEPS = 200


@dataclass(frozen=True)
class RankParts:
    """A kernel (h, w) as a sum of products of a column and a row, the largest first.

    columns: (parts, h), rows: (parts, w), float64; each pair shares its scale evenly. values: the singular values.
    """

    columns: Numbers
    rows: Numbers
    values: Numbers

    @property
    def rank(self) -> int:
        """The number of parts that round-off in float32 does not hide."""
        return max(int((self.values > EXACT * self.values[:1]).sum()), 1)

    def kernel(self, rank: int) -> Numbers:
        """The sum of the first parts, float64 (h, w): of all kernels of that rank the closest in least squares."""
        return self.columns[:rank].T @ self.rows[:rank]

    def error(self, rank: int) -> float:
        """The root of the squared error over that of the squared kernel, when the first parts stand for all."""
        return dropped(self.values, rank)


def dropped(values: Numbers, rank: int) -> float:
    """The relative error of leaving out all singular values but the first."""
    whole = float((values**2).sum())
    return float(np.sqrt((values[rank:] ** 2).sum() / whole)) if whole else 0.0


def rank_parts(kernel: Any) -> RankParts:
    """The singular value decomposition of a kernel. Raises ParameterError for what is no kernel."""
    u, s, v = np.linalg.svd(need_kernel(kernel), full_matrices=False)
    scale = np.sqrt(s)[:, None]
    # The sign may be exchanged between the two: the largest value of each row is positive.
    signs = np.sign(np.take_along_axis(v, np.abs(v).argmax(axis=1)[:, None], axis=1))
    signs[signs == 0] = 1
    return RankParts(u.T * scale * signs, v * scale * signs, s)


@dataclass(frozen=True)
class Cascade:
    """Small kernels whose convolution, one after the other, is a large one, or the closest that was found.

    kernels: float64, in the order of application. made: their convolution, (h, w). error: the root of the squared error
    over that of the squared kernel.
    """

    kernels: tuple[Numbers, ...]
    made: Numbers
    error: float

    @property
    def exact(self) -> bool:
        """Whether float32 shows no error."""
        return self.error < EXACT


def cascade(kernel: Any, piece: int = 3) -> Cascade:
    """A kernel as a cascade of kernels of up to `piece` cells a side.

    A kernel is a polynomial in two variables, and a cascade is a product. Where the kernel is a column times a row,
    both are polynomials in one variable, which factor into real ones of degree two: the cascade is then exact. So it is
    where a kernel of up to 17 by 17 cells has other real factors that fill the pieces. Most kernels have none, and
    least squares finds the closest cascade from several starts. Raises
    ParameterError for another piece than 3, 5, 7 or 9, for a kernel of more than 63 cells a side, for one that is no
    larger than the piece, and for one of zeros alone.
    """
    wanted = need_kernel(kernel)
    if not is_whole(piece) or piece not in PIECES:
        hint = say("one of {}", ", ".join(map(str, PIECES)))
        raise ParameterError(say("piece is {}", shown(piece)), "cascade", hint, parameter="piece")
    if max(wanted.shape) <= piece:
        what = say("the kernel of {} by {} is no larger than a piece of {}", *wanted.shape, piece)
        raise ParameterError(what, "cascade", parameter="piece")
    if max(wanted.shape) > MOST_SIDE:
        what = say("the kernel has {} by {} cells", *wanted.shape)
        raise ParameterError(what, "cascade", say("at most {} a side", MOST_SIDE), parameter="kernel")
    largest = float(np.abs(wanted).max())
    if not largest:
        raise ParameterError(say("all cells of the kernel are 0"), "cascade", parameter="kernel")
    found = _found(wanted / largest, piece)
    pieces = _scaled(found, largest)
    made = product(pieces)
    return Cascade(tuple(pieces), made, _error(made, wanted))


def product(kernels: Sequence[Numbers]) -> Numbers:
    """The one kernel that does what all do one after the other: their convolution, float64."""
    from scipy.signal import convolve2d

    made = np.ones((1, 1))
    for kernel in kernels:
        made = convolve2d(made, kernel)
    return made


def _error(made: Numbers, wanted: Numbers) -> float:
    return float(np.linalg.norm(made - wanted) / np.linalg.norm(wanted))


def _scaled(pieces: Sequence[Numbers], scale: float) -> list[Numbers]:
    """The pieces with a sum of 1 each, where they have one, and what that takes from the whole in the last."""
    made = []
    for piece in pieces:
        total = float(piece.sum())
        # A sum near 0 comes of cells that cancel each other: dividing by it would blow the piece up.
        size = total if abs(total) > 1e-3 * float(np.abs(piece).sum()) else float(np.abs(piece).sum())
        made.append(piece / size)
        scale *= size
    made[-1] = made[-1] * scale
    return made


def _found(wanted: Numbers, piece: int) -> list[Numbers]:
    parts = rank_parts(wanted)
    column, row = parts.columns[:1].T, parts.rows[:1]
    # The closest product of a column and a row, which is the kernel itself where it has rank one.
    pieces = _outer(_line(column, piece), _line(row, piece))
    if len(parts.values) < 2 or parts.values[1] <= _SEPARABLE * parts.values[0]:
        return pieces
    factored = _packed_factors(real_factors(wanted), [p.shape for p in pieces])
    if factored:
        whole = product(factored)
        factored[0] = factored[0] * float((whole * wanted).sum() / (whole**2).sum())
        best = _fitted(factored, wanted)
        if _error(product(best), wanted) < EXACT:
            return _in_order(best)
    rng = np.random.default_rng(0)
    best = _fitted(pieces, wanted)
    starts = _WORK // (wanted.size * sum(p.size for p in pieces))
    for _ in range(min(max(starts, 2), _MOST_STARTS)):
        if _error(product(best), wanted) < EXACT:
            break
        tried = _fitted([rng.normal(size=p.shape) for p in pieces], wanted)
        best = min(best, tried, key=lambda one: _error(product(one), wanted))
    return _in_order(best)


def _packed_factors(factors: Sequence[Numbers], shapes: Sequence[tuple[int, ...]]) -> list[Numbers]:
    """Factors gathered into pieces of these shapes; none where they do not fill them."""
    made = [np.ones((1, 1)) for _ in shapes]
    for factor in sorted(factors, key=lambda one: (-max(one.shape), -one.size)):
        for place, shape in enumerate(shapes):
            grown = [a + b - 1 for a, b in zip(made[place].shape, factor.shape, strict=True)]
            if grown[0] <= shape[0] and grown[1] <= shape[1]:
                made[place] = product([made[place], factor])
                break
        else:
            return []
    return made if [piece.shape for piece in made] == list(shapes) else []


def _in_order(pieces: Sequence[Numbers]) -> list[Numbers]:
    """The pieces in an order in which their products stay small, so that little cancels on the way.

    Smaller pieces stay behind larger ones: cascades of kernels of one size have pieces of the same sizes.
    """
    waiting, made, whole = list(pieces), [], np.ones((1, 1))
    while waiting:
        alike = [place for place, piece in enumerate(waiting) if piece.shape == waiting[0].shape]
        grown = [product([whole, waiting[place] / np.abs(waiting[place]).sum()]) for place in alike]
        best = int(np.argmin([np.abs(one).sum() for one in grown]))
        whole = grown[best] / np.abs(grown[best]).sum()
        made.append(waiting.pop(alike[best]))
    return made


def _outer(columns: list[Numbers], rows: list[Numbers]) -> list[Numbers]:
    # A side that needs fewer pieces ends with pieces of one cell.
    count = max(len(columns), len(rows))
    columns, rows = ([*line, *[np.ones((1, 1))] * (count - len(line))] for line in (columns, rows))
    return [column @ row for column, row in zip(columns, rows, strict=True)]


def _line(line: Numbers, piece: int) -> list[Numbers]:
    """A column or a row as a cascade: its polynomial as a product of real ones."""
    shape = (-1, 1) if line.shape[1] == 1 else (1, -1)
    numbers = line.ravel()
    filled = np.flatnonzero(np.abs(numbers) > 1e-12 * np.abs(numbers).max())
    inner = numbers[filled[0] : filled[-1] + 1]
    # Zeros at the ends only move what lies between them, by a cell each.
    factors = [np.array([0.0, 1.0])] * int(filled[0]) + [np.array([1.0, 0.0])] * (
        len(numbers) - 1 - int(filled[-1])
    )
    factors = [*_real_factors(inner), *factors]
    pieces = [made.reshape(shape) for made in _packed(factors, piece - 1)]
    pieces = _in_order(pieces)
    pieces[0] = pieces[0] * inner[0]
    # Roots that lie close together are known badly; a few steps of least squares win the digits back.
    return _fitted(pieces, line) if len(pieces) > 1 else [line]


def _real_factors(numbers: Numbers) -> list[Numbers]:
    """The factors of degree two and one of a polynomial with a first coefficient other than 0, without that."""
    roots = np.roots(numbers)
    pairs = roots[roots.imag > 0]
    made = [np.array([1.0, -2 * root.real, abs(root) ** 2]) for root in pairs[np.argsort(np.angle(pairs))]]
    return [*made, *(np.array([1.0, -root]) for root in np.sort(roots[roots.imag == 0].real))]


def _packed(factors: Sequence[Numbers], degree: int) -> list[Numbers]:
    """Factors gathered into products of a degree, which is even; those of degree two stand first."""
    made: list[Numbers] = [np.ones(1)]
    for factor in factors:
        if len(made[-1]) + len(factor) - 2 > degree:
            made.append(np.ones(1))
        made[-1] = np.convolve(made[-1], factor)
    return made


def _fitted(pieces: Sequence[Numbers], wanted: Numbers) -> list[Numbers]:
    """The pieces after a search for the least squared error of their product (Levenberg, Marquardt)."""
    from scipy.optimize import least_squares

    shapes = [piece.shape for piece in pieces]
    ends = np.cumsum([piece.size for piece in pieces])[:-1]

    def taken(numbers: Numbers) -> list[Numbers]:
        parts = zip(np.split(numbers, ends), shapes, strict=True)
        return [part.reshape(shape) for part, shape in parts]

    def slopes(numbers: Numbers) -> Numbers:
        columns = []
        for others, shape in zip(_others(taken(numbers)), shapes, strict=True):
            # The product is linear in each piece: a cell adds the product of the others, moved to its place.
            for row, col in np.ndindex(*shape):
                moved = np.zeros(wanted.shape)
                moved[row : row + others.shape[0], col : col + others.shape[1]] = others
                columns.append(moved.ravel())
        return np.stack(columns, axis=1)

    start = np.concatenate([piece.ravel() for piece in _even(pieces)])
    done = least_squares(
        lambda numbers: (product(taken(numbers)) - wanted).ravel(),
        start,
        jac=slopes,
        # MINPACK's is the fastest, and takes no more unknowns than equations.
        method="lm" if len(start) <= wanted.size else "trf",
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
        max_nfev=_MOST_STEPS,
    )
    return taken(done.x)


def _others(pieces: Sequence[Numbers]) -> list[Numbers]:
    """For each piece, the product of all others."""
    before, after = [np.ones((1, 1))], [np.ones((1, 1))]
    for piece, last in zip(pieces, reversed(pieces), strict=True):
        before.append(product([before[-1], piece]))
        after.append(product([after[-1], last]))
    return [product([before[i], after[len(pieces) - 1 - i]]) for i in range(len(pieces))]


def _even(pieces: Sequence[Numbers]) -> list[Numbers]:
    """The pieces with the same norm and the same product: a search moves all of them alike."""
    norms = [float(np.linalg.norm(piece)) or 1.0 for piece in pieces]
    common = float(np.exp(np.mean(np.log(norms))))
    return [piece * (common / norm) for piece, norm in zip(pieces, norms, strict=True)]
