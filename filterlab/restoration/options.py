"""What a restoration may be told, declared once: for `restore`, the command line and the window."""

from __future__ import annotations

from typing import Any, TypedDict

from filterlab.functional.threads import Cancel
from filterlab.parameters import Choice, Integer, Number, Parameter

MOST_ITERATIONS = 100_000

METHOD = Parameter(
    "method",
    Choice(
        options=("tv", "wiener", "tikhonov", "richardson_lucy", "richardson_lucy_tv", "inverse"),
        titles=(
            "total variation",
            "Wiener",
            "Tikhonov",
            "Richardson-Lucy",
            "Richardson-Lucy with total variation",
            "least squares, stopped at the noise",
        ),
        sentences=(
            "The picture of the least total variation whose blur agrees with the given one up to the noise",
            "The linear estimate of the least mean square error, for the noise and the spectrum of the picture",
            "Least squares with a price on squared differences of neighbours",
            "The likeliest picture of photon counts; it has no negative values",
            "Richardson-Lucy with a price on the total variation",
            "Least squares without a price, iterated until the residual is as small as the noise",
        ),
    ),
    "How the blur is undone",
    "tv",
    title="Method",
)
FREE = ("richardson_lucy", "inverse")  # nothing is paid for roughness; they end before it grows
BORDER = Parameter(
    "border",
    Choice(
        options=("unknown", "reflect", "symmetric", "replicate", "circular", "zeros"),
        titles=("unknown", "reflected", "mirrored", "repeated", "circular", "zeros"),
        sentences=(
            "The scene goes on beyond the border; what lies there is estimated with the rest",
            "The scene is reflected at the border, whose pixels are not repeated",
            "The scene is mirrored at the border, whose pixels are repeated",
            "The pixels of the border are repeated",
            "The scene goes on at the opposite border",
            "The scene is black beyond the border",
        ),
    ),
    "What the blur saw beyond the border of the picture",
    "unknown",
    title="Border",
)
OPERATION = Parameter(
    "operation",
    Choice(options=("cross-correlation", "convolution")),
    "How the kernel was laid over the scene: as it is printed, or rotated by 180 degrees",
    "cross-correlation",
    title="Operation",
)
NOISE = Parameter(
    "noise",
    Number(minimum=0, optional=True),
    "Standard deviation of the noise, in the units of the picture, rounding left out; empty: estimated",
    title="Noise",
)
STRENGTH = Parameter(
    "strength",
    Number(minimum=0, open_minimum=True, optional=True),
    "How much is paid for roughness beside the squared residual; empty: chosen by the method",
    title="Strength",
)
ITERATIONS = Parameter(
    "iterations",
    Integer(minimum=1, maximum=MOST_ITERATIONS, optional=True),
    "How many iterations to make; empty: until the rule of the method says that it is enough",
    title="Iterations",
)


class RestoreOptions(TypedDict, total=False):
    """The options of `restore`, which says what they mean, for functions that pass them on."""

    method: str
    border: str
    noise: float | None
    strength: float | None
    iterations: int | None
    operation: str
    bias: Any
    cancel: Cancel | None
