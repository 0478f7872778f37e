"""Kernels with a wanted frequency response: low-, high-, band-pass, band-stop and notch.

Frequencies are in cycles a cell, from 0 to 1/2. A kernel of one row or one column filters along that axis alone; others
have the same response in all directions, as far as their size allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError
from filterlab.kernels.analysis import frequency_response
from filterlab.kernels.design import MOST_CELLS, Kernel, angle, choice, get, grid, kernel, number
from filterlab.parameters import Pairs, Parameter
from filterlab.text.messages import Message, say

Numbers = NDArray[Any]

BANDS = ("low-pass", "high-pass", "band-pass", "band-stop")
METHODS = ("window", "least squares", "McClellan")
WINDOWS = ("hamming", "hann", "blackman", "boxcar")
DESIGNED = ("band_filter", "notch")
MOST_FITTED = (
    41  # cells a side of a least-squares design: unknowns grow with the square, and work with its cube
)
_GROUP = "frequency"
_SAMPLES = 128  # frequencies along an axis at which a response is judged
_UNIT = "cycles/cell"
# The McClellan transformation: cos ω of the prototype becomes this sum of cosines, nearly a function of the radius.
_MCCLELLAN = np.array([[1, 2, 1], [2, -4, 2], [1, 2, 1]]) / 8


def _odd_size(default: int) -> Parameter:
    kind = Pairs(minimum=1, maximum=MOST_CELLS, slider=(1, 63), unit="cells", odd=True)
    return Parameter(
        "", kind, "Height and width, odd; a height of 1 filters along the rows alone.", (default, default)
    )


_WINDOW = choice(WINDOWS, "What the ideal kernel is multiplied by, so that it ends without a step.")


@kernel(
    title="Band filter",
    search_words="fir lowpass highpass bandpass bandstop frequency response 低通 高通 带通 带阻 截止频率 频率响应",
    group=_GROUP,
    source="Oppenheim and Schafer, Discrete-Time Signal Processing, ch. 7; McClellan 1973",
    formula="low-pass: f J1(2π f r) / r times a window, f the cutoff; the others are differences of such kernels and 1",
    size=_odd_size(15),
    band=choice(BANDS, "Which frequencies pass."),
    cutoff=number(0.15, "The frequency at which the band begins or ends.", 0.001, 0.5, (0.01, 0.5), _UNIT),
    upper=number(
        None,
        "The upper end of a band that passes or is stopped; by default twice the cutoff, and at most 1/2.",
        0.001,
        0.5,
        (0.01, 0.5),
        _UNIT,
    ),
    method=choice(
        METHODS,
        "The ideal kernel times a window, the least squared error outside the transition, or a filter of one axis "
        "turned into one of two.",
    ),
    window=_WINDOW,
    transition=number(
        0.1,
        "Width around each end that least squares leaves free and that is not judged.",
        0.0,
        0.4,
        (0.0, 0.3),
        _UNIT,
    ),
)
def band_filter(
    size: tuple[int, int],
    band: str,
    cutoff: float,
    upper: float | None,
    method: str,
    window: str,
    transition: float,
) -> Kernel:
    """Passes the frequencies of a band, in all directions alike, and stops the others."""
    ends = _ends(band, cutoff, upper)
    if method == "least squares":
        return _least_squares(size, band, ends, transition)
    if method == "McClellan" and 1 not in size:
        return _transformed(size, band, ends, window)
    return _windowed(size, band, ends, window)


@kernel(
    title="Notch",
    search_words="moire grid interference stripe removal periodic noise 陷波 摩尔纹 周期噪声 条纹",
    group=_GROUP,
    source="Gonzalez and Woods, Digital Image Processing, ch. 4; the two constraints make it exact",
    formula="1 in the middle, less window · (a cos(2π f x') + b), with a response of 1 to flat parts and 0 at f",
    size=_odd_size(15),
    frequency=number(0.25, "The frequency that is removed.", 0.001, 0.5, (0.01, 0.5), _UNIT),
    theta=angle(doc="Direction across the stripes, counter-clockwise from the row axis."),
    window=_WINDOW,
)
def notch(size: tuple[int, int], frequency: float, theta: float, window: str) -> Kernel:
    """Removes waves of one frequency and direction, and leaves flat parts; the larger, the narrower."""
    y, x = grid(size)
    wave = np.cos(2 * np.pi * frequency * (x * np.cos(theta) - y * np.sin(theta)))
    bell = _bell(size, window)
    parts = np.stack([bell * wave, bell])
    # The response of an even kernel at a frequency is the sum of its cells times that wave. Of a wave that the kernel
    # is too small to tell from a flat part, the closest answer is taken.
    responses = np.stack([(parts * at).sum(axis=(1, 2)) for at in (np.ones(size), wave)])
    factors = np.linalg.lstsq(responses, np.array([0.0, 1.0]), rcond=1e-6)[0]
    return _impulse(size) - np.tensordot(factors, parts, 1)


# -- methods ----------------------------------------------------------------------------------------------------


def _ends(band: str, cutoff: float, upper: float | None) -> tuple[float, ...]:
    """The frequencies at which the band begins and ends."""
    if band in BANDS[:2]:
        return (cutoff,)
    other = min(2 * cutoff, 0.5) if upper is None else upper
    return min(cutoff, other), max(cutoff, other)


def _combined(band: str, impulse: Numbers, low: list[Numbers]) -> Numbers:
    """A kernel of a band from the low-pass kernels of its ends."""
    if band == "low-pass":
        return low[0]
    if band == "high-pass":
        return impulse - low[0]
    passed = low[1] - low[0]
    return passed if band == "band-pass" else impulse - passed


def _windowed(size: tuple[int, int], band: str, ends: tuple[float, ...], window: str) -> Numbers:
    bell = _bell(size, window)
    low = []
    for end in ends:
        made = _ideal(size, end) * bell
        # Flat parts pass a low-pass filter as they are, and all others without a trace or as they are.
        low.append(made / made.sum())
    return _combined(band, _impulse(size), low)


def _ideal(size: tuple[int, int], cutoff: float) -> Numbers:
    """The inverse Fourier transform of 1 up to a cutoff: of an interval along one axis, of a disk in two."""
    from scipy.special import j1

    y, x = grid(size)
    radius = np.hypot(y, x)
    if 1 in size:
        return 2 * cutoff * np.sinc(2 * cutoff * radius)
    away = np.where(radius > 0, radius, 1.0)
    return np.where(radius > 0, cutoff * j1(2 * np.pi * cutoff * away) / away, np.pi * cutoff**2)


def _bell(size: tuple[int, int], window: str) -> Numbers:
    from scipy.signal import get_window

    rows, cols = (np.asarray(get_window(window, n, fftbins=False)) for n in size)
    bell = np.outer(rows, cols)
    # Windows that end with 0 have nothing else in three cells.
    bell[size[0] // 2, size[1] // 2] = 1.0
    return bell


def _impulse(size: tuple[int, int]) -> Numbers:
    made = np.zeros(size)
    made[size[0] // 2, size[1] // 2] = 1.0
    return made


def _transformed(size: tuple[int, int], band: str, ends: tuple[float, ...], window: str) -> Numbers:
    """A filter along one axis as a polynomial in cos ω, for which a sum of cosines of both axes is put."""
    from scipy.signal import convolve2d

    if size[0] != size[1]:
        what = say("the size is {} by {}", *size)
        raise ParameterError(what, hint=say("McClellan's method makes square kernels"), parameter="size")
    line = _windowed((1, size[1]), band, ends, window)[0]
    half = len(line) // 2
    made = np.zeros(size)
    before, now = np.zeros((1, 1)), np.ones((1, 1))
    for order in range(half + 1):
        at = half - now.shape[0] // 2
        weight = line[half] if order == 0 else 2 * line[half + order]
        made[at : at + now.shape[0], at : at + now.shape[1]] += weight * now
        # Chebyshev: cos((k + 1) ω) = 2 cos ω cos(k ω) - cos((k - 1) ω); the first step has no factor of two.
        after = convolve2d(now, (1 if order == 0 else 2) * _MCCLELLAN)
        inner = (after.shape[0] - before.shape[0]) // 2
        if order:
            after[inner : inner + before.shape[0], inner : inner + before.shape[1]] -= before
        before, now = now, after
    return made


def _least_squares(size: tuple[int, int], band: str, ends: tuple[float, ...], transition: float) -> Numbers:
    """The even kernel whose response has the least squared error at frequencies outside the transitions."""
    if max(size) > MOST_FITTED:
        what = say("the size is {} by {}", *size)
        hint = say("least squares makes kernels of at most {} cells a side", MOST_FITTED)
        raise ParameterError(what, hint=hint, parameter="size")
    halves = [n // 2 for n in size]
    dense = 64 if 1 in size else 4  # frequencies for each cell; those of two axes multiply
    lines = [np.linspace(0, 0.5, dense * n + 1) for n in halves]
    wanted = _wanted(band, ends, transition, np.hypot(lines[0][:, None], lines[1]))
    weights = np.ones(wanted.shape)
    for axis, line in enumerate(lines):
        if len(line) > 1:  # the ends of a line stand for half a step
            np.moveaxis(weights, axis, 0)[[0, -1]] /= 2
    weights[np.isnan(wanted)] = 0
    # The response is the sum of cells times cosines of both axes; cells off an axis count twice.
    waves = [
        np.cos(2 * np.pi * np.outer(line, np.arange(n + 1))) * np.where(np.arange(n + 1), 2, 1)
        for line, n in zip(lines, halves, strict=True)
    ]
    basis = np.einsum("yi,xj->yxij", *waves).reshape(wanted.size, -1)
    weighted = basis * weights.ravel()[:, None]
    gram, moments = weighted.T @ basis, weighted.T @ np.nan_to_num(wanted).ravel()
    # Wide transitions leave some sums of cosines free, which this keeps small; without any, it is lost in round-off.
    gram[np.diag_indices_from(gram)] += 1e-12 * np.trace(gram)
    quarter = np.linalg.solve(gram, moments).reshape([n + 1 for n in halves])
    rows, cols = (np.abs(np.arange(-n, n + 1)) for n in halves)
    return quarter[np.ix_(rows, cols)]


def _wanted(band: str, ends: tuple[float, ...], transition: float, radius: Numbers) -> Numbers:
    """1 where waves pass, 0 where they are stopped, NaN in the transitions."""
    below = [radius <= end for end in ends]
    inside = below[0] if len(ends) == 1 else below[1] & ~below[0]
    wanted = np.where(inside, 1.0, 0.0) if band in ("low-pass", "band-pass") else np.where(inside, 0.0, 1.0)
    for end in ends:
        wanted[np.abs(radius - end) < transition / 2] = np.nan
    return wanted


# -- judging ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Achieved:
    """How close the response of a kernel comes to the wanted one, outside the transitions.

    lowest, highest: factors of waves that are to pass, None where the transitions leave none of them; leak: the largest
    factor of one that is to be stopped.
    """

    lowest: float | None
    highest: float | None
    leak: float

    def words(self) -> Message:
        """The figures; the leak in decibels, too."""
        decibels = f"{20 * np.log10(max(self.leak, 1e-10)):.0f}".replace("-", "−")
        if self.lowest is None:
            return say(
                "the transitions leave no band that is to pass; of what is stopped, at most {:.2g} is left ({} dB)",
                self.leak,
                decibels,
            )
        return say(
            "passes by factors of {:.3f} to {:.3f}; of what is stopped, at most {:.2g} is left ({} dB)",
            self.lowest,
            self.highest,
            self.leak,
            decibels,
        )


def achieved(name: str, **parameters: Any) -> Achieved:
    """What the response of one of `DESIGNED` is like. Raises ParameterError as the design itself, or for another."""
    if not isinstance(name, str) or name not in DESIGNED:  # an array of weights is no name, and has no hash
        what = say("{!r} has no wanted response", name)
        raise ParameterError(what, "achieved", say("one of {}", ", ".join(DESIGNED)), parameter="name")
    made = get(name)(**parameters)
    values = {p.name: p.read(parameters.get(p.name, p.default), name) for p in get(name).parameters}
    response = frequency_response(made, _SAMPLES)
    rows, cols = (np.fft.fftshift(np.fft.fftfreq(n)) for n in response.shape)
    # A kernel along one axis says nothing of waves across it.
    rows, cols = (
        line if n > 1 else np.zeros(len(line)) for line, n in zip((rows, cols), made.shape, strict=True)
    )
    if name == "notch":
        wanted = _notched(values, rows[:, None], cols)
    else:
        ends = _ends(values["band"], values["cutoff"], values["upper"])
        wanted = _wanted(values["band"], ends, values["transition"], np.hypot(rows[:, None], cols))
    passed, stopped = response[wanted == 1], response[wanted == 0]
    return Achieved(
        float(passed.min()) if passed.size else None,
        float(passed.max()) if passed.size else None,
        float(stopped.max(initial=0)),
    )


def _notched(values: dict[str, Any], rows: Numbers, cols: Numbers) -> Numbers:
    """0 at the frequency and its mirror, 1 beyond the width that the size gives the notch, NaN between."""
    f, theta = values["frequency"], values["theta"]
    at = -f * np.sin(theta), f * np.cos(theta)
    apart = np.minimum(np.hypot(rows - at[0], cols - at[1]), np.hypot(rows + at[0], cols + at[1]))
    wanted = np.where(apart > 4 / max(values["size"]), 1.0, np.nan)
    wanted[apart <= apart.min() + 1e-12] = 0.0
    return wanted
