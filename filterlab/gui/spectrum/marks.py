"""What is painted on a spectrum, before it is a layer or as one. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot
from typing import Any, NamedTuple

from filterlab.layers import Layer, layer_type

KEY = "spectrum_mask"
EDGE = 0.01  # cycles a pixel
NARROWEST = 0.001
SLOWEST = 5e-5


class Notch(NamedTuple):
    """A disk around (u, v) and one around its mirror, in cycles a pixel, whose waves are multiplied by `gain`."""

    u: float
    v: float
    radius: float
    gain: float = 0.0


class FrequencyBand(NamedTuple):
    """A ring of frequencies, in cycles a pixel, whose waves are multiplied by `gain`."""

    low: float
    high: float
    gain: float = 0.0


Mark = Notch | FrequencyBand


@dataclass(frozen=True)
class SpectrumMarks:
    """Notches and bands, one list after the other, and the width of the smooth edge around them."""

    notches: tuple[Notch, ...] = ()
    bands: tuple[FrequencyBand, ...] = ()
    edge: float = EDGE

    @classmethod
    def of(cls, layer: Any) -> SpectrumMarks:
        """The marks of a layer that has them."""
        notches = () if layer.notches is None else _rows(layer.notches)
        bands = () if layer.bands is None else _rows(layer.bands)
        return cls(
            tuple(Notch(*row) for row in notches), tuple(FrequencyBand(*row) for row in bands), layer.edge
        )

    def parameters(self) -> dict[str, Any]:
        """The same as parameters of the layer."""
        tables = {"notches": self.notches, "bands": self.bands}
        return {name: [list(row) for row in rows] or None for name, rows in tables.items()} | {
            "edge": self.edge
        }

    def layer(self) -> Layer:
        """A layer of these marks."""
        return layer_type(KEY)(**self.parameters())

    @property
    def all(self) -> tuple[Mark, ...]:
        """All marks in their order."""
        return (*self.notches, *self.bands)

    @property
    def takes_mean(self) -> bool:
        """Whether the wave of frequency 0, the mean of the map, is changed."""
        gains = [notch.gain for notch in self.notches if hypot(notch.u, notch.v) <= notch.radius]
        gains += [band.gain for band in self.bands if band.low <= 0]
        return any(gain != 1 for gain in gains)

    def added(self, mark: Mark) -> tuple[SpectrumMarks, int]:
        """With another mark, and its place in `all`."""
        if isinstance(mark, Notch):
            return replace(self, notches=(*self.notches, mark)), len(self.notches)
        return replace(self, bands=(*self.bands, mark)), len(self.all)

    def with_mark(self, place: int, mark: Mark | None) -> SpectrumMarks:
        """With another mark of the same kind in place of one; without it for None."""
        marks = [old if i != place else mark for i, old in enumerate(self.all)]
        return replace(
            self,
            notches=tuple(each for each in marks if isinstance(each, Notch)),
            bands=tuple(each for each in marks if isinstance(each, FrequencyBand)),
        )

    def notch_near(self, u: float, v: float, reach: float) -> int | None:
        """The place of the notch nearest to (u, v), where that is within it or within `reach`."""
        away = [(min(_way(u - n.u, v - n.v), _way(u + n.u, v + n.v)), i) for i, n in enumerate(self.notches)]
        near = [(way, i) for way, i in away if way <= max(reach, self.notches[i].radius)]
        return min(near)[1] if near else None

    def band_at(self, frequency: float) -> int | None:
        """The place of the last band that holds a frequency."""
        found = [i for i, band in enumerate(self.bands) if band.low <= frequency <= band.high]
        return len(self.notches) + found[-1] if found else None


def widened(mark: Mark, factor: float) -> Mark:
    """A mark whose radius, or half width, is multiplied."""
    if isinstance(mark, Notch):
        return mark._replace(radius=tidy(max(mark.radius * factor, NARROWEST)))
    middle, half = (mark.low + mark.high) / 2, max((mark.high - mark.low) / 2 * factor, NARROWEST)
    return mark._replace(low=tidy(max(middle - half, 0.0)), high=tidy(middle + half))


def tidy(value: float) -> float:
    """A number in five decimals, as nobody can point more finely; 0 for waves longer than any map."""
    return round(value, 5) if abs(value) >= SLOWEST else 0.0


def _rows(table: Any) -> list[list[float]]:
    # The layer has float32: in seven digits they are again what was typed.
    return [[float(f"{value:.7g}") for value in row] for row in table.tolist()]


def _way(u: float, v: float) -> float:
    # Frequencies repeat with period 1.
    return hypot(u - round(u), v - round(v))
