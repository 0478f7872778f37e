"""What is left between target and prediction: how noisy it is, and whether neighbours are alike.

With white noise of deviation s, the weights of a least-squares fit scatter with s^2 P, where P is (A'A)^-1 within the
constraint. Where neighbouring residuals are correlated, with covariance g(d) at distance d, they scatter with
P (sum over d of g(d) A_d) P, where A_d are the products of windows that lie d apart: the sandwich estimate, whose
middle is found in the Fourier domain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair

SIDE = 256  # the residuals are looked at in the middle of the picture: memory stays that of the equations
LEAST = 64
DOUBT = 5  # standard deviations beyond which neighbours count as alike: white noise is hardly ever accused
ALIKE = 0.02  # the least correlation worth a word: it widens an interval by about as much
ROUND_OFF = 1e-6  # errors relative to the target that float32 makes by itself


@dataclass(frozen=True)
class Neighbours:
    """How alike neighbouring residuals are.

    correlation (out, 2): between vertical and horizontal neighbours. alike (out,): whether it is more than chance.
    inflation (out, n): by how much the standard error of each weight is larger than with white noise; of_bias (out,).
    """

    correlation: Array
    alike: Array
    inflation: Array
    of_bias: Array


def neighbours(x: Array, residual: Array, inverse: Array, kernel: Pair, centred: bool) -> Neighbours:
    """Look at residuals (out, h, w) of one picture x (channels, h + kh - 1, w + kw - 1), in float64.

    inverse (n, n): P above. centred: whether a bias was fitted.
    """
    outputs, height, width = residual.shape
    power = np.maximum((residual**2).sum(axis=(1, 2)), np.finfo(np.float64).tiny)
    pairs = (
        (residual[:, 1:] * residual[:, :-1]).sum((1, 2)),
        (residual[:, :, 1:] * residual[:, :, :-1]).sum((1, 2)),
    )
    correlation = np.stack(pairs, axis=1) / power[:, None]
    alike = (np.abs(correlation) > max(ALIKE, DOUBT / np.sqrt(height * width))).any(axis=1)
    inflation, of_bias = np.ones((outputs, len(inverse))), np.ones(outputs)
    if alike.any():
        found = _inflation(x, residual[alike], inverse, kernel, centred)
        inflation[alike], of_bias[alike] = found
    return Neighbours(correlation, alike, inflation, of_bias)


def middle(cells: int, channels: int) -> slice:
    """The middle of a side: fewer cells for many channels, whose products all have to be kept."""
    side = min(cells, max(SIDE // channels, LEAST))
    return slice((cells - side) // 2, (cells - side) // 2 + side)


def _inflation(x: Array, residual: Array, inverse: Array, kernel: Pair, centred: bool) -> tuple[Array, Array]:
    """The root of the ratio of both estimates, from the same part of the picture."""
    # scipy's transform keeps the precision and is quick for any length that `next_fast_len` gives.
    from scipy import fft

    # Twice the size: products of windows must not wrap around.
    size = [fft.next_fast_len(n + s, real=True) for n, s in zip(x.shape[1:], residual.shape[1:], strict=True)]
    pictures = x - x.mean(axis=(1, 2), keepdims=True) if centred else x
    spectra = fft.rfft2(pictures, size)
    taper = _taper(size, residual.shape[1:])

    def weighed(power: Array | float) -> Array:
        products = (fft.irfft2(one * spectra.conj() * power, size) for one in spectra)
        return _weighed(products, inverse, kernel)

    flat = weighed(1.0)
    inflation, of_bias = [], []
    for errors in residual:
        # Never negative, as the taper's transform is not either: variances cannot be.
        covariance = fft.irfft2(np.abs(fft.rfft2(errors, size)) ** 2, size) * taper
        covariance /= covariance[0, 0]
        sandwich = weighed(fft.rfft2(covariance).real)
        inflation.append(np.sqrt(np.maximum(sandwich, 0) / np.where(flat > 0, flat, 1)))
        of_bias.append(np.sqrt(max(covariance.sum(), 1.0)))
    return np.where(flat > 0, np.array(inflation), 1), np.array(of_bias)


def _taper(size: list[int], shape: tuple[int, ...]) -> Array:
    """Weights of distances that fall to 0 (Bartlett): covariances at large ones are mostly chance."""
    sides = []
    for length, cells in zip(size, shape, strict=True):
        reach = max(2, round(2 * cells**0.5))
        distance = np.minimum(np.arange(length), length - np.arange(length))
        sides.append(np.maximum(1 - distance / reach, 0))
    return np.outer(*sides)


def _weighed(products: Iterable[Array], inverse: Array, kernel: Pair) -> Array:
    """The diagonal of P M P, where M holds the products (c, c', rows, cols) of pictures that lie so far apart."""
    rows, cols = (np.subtract.outer(place, place) for place in np.indices(kernel).reshape(2, -1))
    # Negative distances count from the end. The products of a channel become its rows of M.
    blocks = [one[:, rows, cols].transpose(1, 0, 2).reshape(len(rows), -1) for one in products]
    diagonal: Array = np.einsum("ij,ji->i", inverse @ np.concatenate(blocks), inverse)
    return diagonal
