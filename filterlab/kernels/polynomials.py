"""Factors of kernels: a kernel as a polynomial in two variables, taken apart into real ones.

A kernel with cells k[i, j] is f(z, w) = sum of k[i, j] z^i w^j, and a convolution of kernels is a product. The number
of factors is the dimension of the solutions (g, h) of d/dw (g / f) = d/dz (h / f), which is linear in g and h (Ruppert
1999; Gao: Factoring multivariate polynomials via partial differential equations, 2003). Where a factor is 0, g over
df/dz is a constant of its own for each factor, and the same constant everywhere: so a solution tells to which factor
each root of f(z, w0) belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

MOST_DEGREES = 256  # product of the degrees of what is taken apart; the matrix has 4 times as many rows
# Of the largest singular value: below are solutions, at about 1e-10 for a kernel in float32; others begin at 1e-6.
_SMALL = 1e-8
_MET = 1e-4  # of the largest singular value: below, a polynomial meets its roots
_CLOSE = 1e-3  # of the largest constant: nearer ones are of one factor


def real_factors(kernel: Numbers) -> list[Numbers]:
    """Kernels of which a kernel is the product, as far as they are found; one alone where it has no factors.

    Factors that occur twice are not told apart. Their product is near the kernel, not exact: the caller improves it.
    """
    rows, cols = kernel.shape[0] - 1, kernel.shape[1] - 1
    if min(rows, cols) < 1 or rows * cols > MOST_DEGREES:
        return [kernel]
    solutions = _solutions(kernel)
    if len(solutions) < 2:
        return [kernel]
    rng = np.random.default_rng(0)
    solution = np.tensordot(rng.normal(size=len(solutions)), solutions, 1)
    found = _split(kernel, solution)
    return found or [kernel]


def _solutions(kernel: Numbers) -> Numbers:
    """A basis of the polynomials g, (count, degree of z, degree of w + 1)."""
    m, n = kernel.shape[0] - 1, kernel.shape[1] - 1
    i, j = np.indices(kernel.shape)
    columns = [_column(kernel * (b - j), a, b - 1, m, n) for a, b in np.ndindex(m, n + 1)]
    columns += [_column(kernel * (i - a), a - 1, b, m, n) for a, b in np.ndindex(m + 1, n)]
    _, values, right = np.linalg.svd(np.stack(columns, axis=1), full_matrices=False)
    small = right[values < _SMALL * values[0]]
    return small[:, : m * (n + 1)].reshape(-1, m, n + 1)


def _column(terms: Numbers, a: int, b: int, m: int, n: int) -> Numbers:
    """The coefficients of z^a w^b times a polynomial, among all that the equation has."""
    # Those with a negative power have the coefficient 0.
    made = np.zeros((2 * m + 1, 2 * n + 1))
    rows, cols = max(-a, 0), max(-b, 0)
    part = terms[rows:, cols:]
    made[a + rows : a + rows + part.shape[0], b + cols : b + cols + part.shape[1]] = part
    return made.ravel()


def _split(kernel: Numbers, solution: Numbers) -> list[Numbers]:
    """The factors that a solution tells apart; none where the roots do not fall into groups."""
    n = kernel.shape[1] - 1
    at, roots, constants = _roots(kernel, solution, 2 * n + 3)
    scale = float(np.abs(constants).max())
    factors, left = [], np.ones(constants.shape, bool)
    while left.any():
        first = constants[left][0]
        # A pair of conjugate factors has conjugate constants, and a real product.
        apart = np.minimum(np.abs(constants - first), np.abs(constants - np.conj(first)))
        own = left & (apart < _CLOSE * scale)
        counts = own.sum(axis=1)
        if counts.min() != counts.max():
            return []
        factors.append(_through(at, roots[own].reshape(len(at), -1), n))
        left &= ~own
    lacking = n - sum(factor.shape[1] - 1 for factor in factors)
    if lacking < 0:
        return []
    if lacking:
        factors += _of_columns(kernel, factors, lacking)
    return factors


def _roots(kernel: Numbers, solution: Numbers, count: int) -> tuple[Numbers, Numbers, Numbers]:
    """Values of w on the unit circle, the roots z of f there, (count, degree), and the constant of each."""
    at = np.exp(1j * (0.3 + 2 * np.pi * np.arange(count) / count))
    powers = at[:, None] ** np.arange(kernel.shape[1])
    lines, solved = powers @ kernel.T, powers @ solution.T
    roots = np.stack([np.roots(line[::-1]) for line in lines])
    slopes = lines[:, 1:] * np.arange(1, lines.shape[1])
    tops, bottoms = (
        np.stack([np.polyval(line[::-1], zs) for line, zs in zip(of, roots, strict=True)])
        for of in (solved, slopes)
    )
    return at, roots, tops / bottoms


def _through(at: Numbers, roots: Numbers, most: int) -> Numbers:
    """The real polynomial of the lowest degree in w that is 0 at given roots z, (degree of z + 1, degree of w + 1)."""
    degree = roots.shape[1]
    z = roots[..., None] ** np.arange(degree + 1)
    best = np.zeros((degree + 1, 1))
    for e in range(most + 1):
        w = at[:, None] ** np.arange(e + 1)
        rows = np.einsum("tka,tb->tkab", z, w).reshape(-1, (degree + 1) * (e + 1))
        rows = rows / np.abs(rows).max(axis=1, keepdims=True)
        _, values, right = np.linalg.svd(np.concatenate([rows.real, rows.imag]), full_matrices=False)
        best = right[-1].reshape(degree + 1, e + 1)
        if values[-1] < _MET * values[0]:
            break
    return best


def _of_columns(kernel: Numbers, factors: Sequence[Numbers], degree: int) -> list[Numbers]:
    """The factor in w alone, which no root z belongs to: what is left of the kernel after a division."""
    from scipy.signal import convolve2d

    made = np.ones((1, 1))
    for factor in factors:
        made = convolve2d(made, factor)
    shifted = np.stack([np.pad(made, ((0, 0), (k, degree - k))).ravel() for k in range(degree + 1)], axis=1)
    return [np.linalg.lstsq(shifted, kernel.ravel(), rcond=None)[0][None]]
