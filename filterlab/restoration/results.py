"""What a restoration gives: the picture, how it came about, and how far it is to be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from filterlab.functional.arrays import Array


@dataclass(frozen=True)
class ChannelReport:
    """How one channel was restored.

    noise: the standard deviation of the noise, rounding included. strength: the price of roughness that was paid, None
    for methods without one. iterations: those made so far. residual: the root mean square of picture - blurred
    restoration. stopped: the rule that ended the iterations, in words; "" while they go on.
    """

    noise: float
    strength: float | None
    iterations: int
    residual: float
    stopped: str


@dataclass(frozen=True)
class Restoration:
    """A picture whose blur was undone, or the state of that after one of its iterations.

    image: in the shape, the dtype and the place of the given picture. uncertainty: the standard deviation of the error
    of each pixel, in the same shape, None where it was not asked for and before the last iteration; see
    `filterlab.restoration.uncertainty` for its formula and for what it leaves out. noise, residual: as in
    `ChannelReport`, root mean squares over the channels; strength: the mean over the channels. method, border: as they
    were asked for. iterations, stopped: of the channel that took longest. shift: by how many pixels (down, right) the
    blur had moved the picture, from the centre of mass of the kernel; this is undone as well. remarks: what else is to
    be told, in words. channels: the figures of each channel.
    """

    image: Array
    uncertainty: Array | None
    noise: float
    strength: float | None
    method: str
    border: str
    iterations: int
    residual: float
    stopped: str
    shift: tuple[float, float]
    remarks: tuple[str, ...]
    channels: tuple[ChannelReport, ...]

    @property
    def number(self) -> int:
        """The number of the iteration, from 1."""
        return self.iterations
