"""Fast transforms on as many threads as are granted. SciPy is loaded with the first of them, not with the window."""

from __future__ import annotations

from filterlab.functional.arrays import Array
from filterlab.functional.threads import thread_count


def waves(picture: Array) -> Array:
    """The spectrum of a real picture (height, width): (height, width // 2 + 1)."""
    from scipy import fft

    found: Array = fft.rfft2(picture, workers=thread_count())
    return found


def from_waves(spectrum: Array, shape: tuple[int, int]) -> Array:
    """The picture of a shape that has a spectrum."""
    from scipy import fft

    found: Array = fft.irfft2(spectrum, s=shape, workers=thread_count())
    return found


def cosines(picture: Array) -> Array:
    """The coefficients of cosines that are even at the borders, orthonormal (DCT-II), in the shape of the picture."""
    from scipy import fft

    found: Array = fft.dctn(picture, norm="ortho", workers=thread_count())
    return found


def from_cosines(coefficients: Array) -> Array:
    """The picture that has these coefficients."""
    from scipy import fft

    found: Array = fft.idctn(coefficients, norm="ortho", workers=thread_count())
    return found


def good_length(cells: int) -> int:
    """The next length of which transforms are fast."""
    from scipy import fft

    return int(fft.next_fast_len(cells, real=True))
