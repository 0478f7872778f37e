"""From the samples of a page to channels: grey, RGB, or plain data.

Decided: palettes, CMYK and YCbCr become RGB. Samples beyond the colours that the file calls unspecified are data, and
follow the colours as channels of their own. The first alpha sample is left out unless asked for, and is then the last
channel; colours that were multiplied with it are divided by it, as Pillow does, so that they are what lies beneath
(those of palettes are not multiplied).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import broken, cmyk_to_rgb, scaled
from filterlab.images.formats.tiff.directories import Tags
from filterlab.images.formats.tiff.layout import TiffLayout
from filterlab.images.formats.tiff.names import (
    BLACK_IS_ZERO,
    COLOUR_SAMPLES,
    PALETTE,
    SEPARATED,
    WHITE_IS_ZERO,
    YCBCR,
)
from filterlab.text.messages import say

_BAND = 1 << 18  # values; as much as stays in the processor's cache
_GREYS = (WHITE_IS_ZERO, BLACK_IS_ZERO)
_ASSOCIATED, _UNASSOCIATED = 1, 2  # ExtraSamples; all others are data
_LUMA = (0.299, 0.587, 0.114)  # the weights of CCIR 601, the specification's default
_NOT_INVERTED = say(
    "its grey runs from white to black, which means nothing for signed and floating-point numbers; they stay as stored"
)


class Colours:
    """What the samples of a page mean. Palettes and the like are read when the first rows are converted."""

    def __init__(self, layout: TiffLayout, tags: Tags, alpha: bool) -> None:
        self._tags = tags
        self._kind = layout.colours
        self._layout = layout
        self._greatest = 2.0**layout.bits - 1 if layout.kind == "u" else None
        listed = _extras(layout, tags)
        # All samples of grey that the tag does not list are greys: the bands of a camera, say.
        colours = layout.samples - len(listed) if self._kind in _GREYS else COLOUR_SAMPLES[self._kind]
        extras = [0] * (layout.samples - len(listed)) + listed
        alphas = [i for i, kind in enumerate(extras) if kind in (_ASSOCIATED, _UNASSOCIATED)]
        self._alpha = alphas[0] if alphas else None
        self._associated = bool(alphas) and extras[alphas[0]] == _ASSOCIATED
        self._data = [i for i in range(colours, layout.samples) if i != self._alpha]
        self._colours = colours
        self._with_alpha = alpha and self._alpha is not None

    @cached_property
    def _table(self) -> NDArray[np.float32] | None:
        return _palette(self._layout, self._tags) if self._kind == PALETTE else None

    @cached_property
    def _to_rgb(self) -> _YCbCr | None:
        return _YCbCr(self._layout, self._tags) if self._kind == YCBCR else None

    @property
    def remarks(self) -> list[str]:
        """Remarks on colours that are not what the file says."""
        # WhiteIsZero inverts against the greatest number (TIFF 6.0, section 8), which only unsigned numbers have.
        return [_NOT_INVERTED] if self._kind == WHITE_IS_ZERO and self._layout.kind != "u" else []

    @property
    def channels(self) -> int:
        """How many channels the picture has."""
        colours = 3 if self._kind in (PALETTE, SEPARATED, YCBCR) else self._colours
        return colours + len(self._data) + self._with_alpha

    def convert(self, samples: NDArray[Any], out: NDArray[np.float32]) -> None:
        """Convert samples (S, rows, W) to float32 channels (C, rows, W), some rows at a time."""
        _, rows, width = samples.shape
        step = max(1, _BAND // (width * len(samples)))
        with np.errstate(over="ignore", invalid="ignore"):  # the file's own infinities
            for top in range(0, rows, step):
                self._convert(samples[:, top : top + step], out[:, top : top + step])

    def _convert(self, samples: NDArray[Any], out: NDArray[np.float32]) -> None:
        values = scaled(samples, self._greatest)
        end = self.channels - len(self._data) - self._with_alpha
        out[:end] = self._table[:, samples[0]] if self._table is not None else self._rgb_or_grey(values)
        out[end : end + len(self._data)] = values[self._data]
        if self._with_alpha:
            out[-1] = values[self._alpha]

    def _rgb_or_grey(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        # Alpha was multiplied with the numbers that are stored, so that grey and inks are divided by it before they are
        # turned round. YCbCr is the exception: its differences do not lie about zero, so that RGB is divided.
        colours = values[: self._colours] if self._to_rgb is None else self._to_rgb(values[:3])
        if self._alpha is not None and self._associated:
            self._divide(colours, values[self._alpha])
        if self._kind == SEPARATED:
            return cmyk_to_rgb(colours)
        return 1 - colours if self._kind == WHITE_IS_ZERO and self._layout.kind == "u" else colours

    def _divide(self, colours: NDArray[np.float32], alpha: NDArray[Any]) -> None:
        """Divide colours by alpha in place. Where alpha is 0 they stay as they are stored."""
        layout = self._layout
        opacity = alpha / (2.0 ** (layout.bits - 1) - 1) if layout.kind == "i" else alpha
        # In place: `where` leaves the old numbers standing where nothing is divided.
        np.divide(colours, opacity, out=colours, where=opacity > 0)
        if layout.kind == "u":
            # Rounding may leave a colour a step above its alpha, and the quotient above white.
            np.minimum(colours, 1, out=colours)


def _extras(layout: TiffLayout, tags: Tags) -> list[int]:
    """Return what the tag says about the last samples of a pixel."""
    beyond = layout.samples - COLOUR_SAMPLES[layout.colours]
    return [int(kind) for kind in tags.numbers(338, layout.samples)[:beyond]]


def _palette(layout: TiffLayout, tags: Tags) -> NDArray[np.float32]:
    """Return the palette as (3, entries) in [0, 1]. Raises ImageError where it has too few or too many numbers."""
    entries = 1 << layout.bits
    if layout.kind != "u" or layout.bits > 16:
        raise broken("its palette makes no sense")
    # In a longer table nothing tells where green begins: at the entry after the last index, or at a third of the table.
    if tags.count(320) != 3 * entries:
        raise broken(say("its palette has {:,} numbers instead of {:,}", tags.count(320), 3 * entries))
    table = np.minimum(tags.numbers(320, 3 * entries), 65535)
    upper, lower = table >> 8, table & 255
    if table.max() < 256:  # some writers fill only the lower byte, which libtiff notices, too
        upper = table
    elif not ((lower == 0) | (lower == upper)).all():
        return scaled(table.astype(np.uint16)).reshape(3, entries)
    # Writers whose colours have 8 bits store v * 256 or v * 257; the upper byte is v in both.
    return scaled(upper.astype(np.uint8)).reshape(3, entries)


class _YCbCr:
    """The conversion of YCbCr to RGB. Source: TIFF 6.0, section 21."""

    def __init__(self, layout: TiffLayout, tags: Tags) -> None:
        full = 2.0**layout.bits - 1
        half = 2.0 ** (layout.bits - 1)
        luma = tags.reals(529, 3)
        self._luma = _LUMA if luma is None or not luma.all() else tuple(float(weight) for weight in luma)
        # libtiff's default; the specification's would have no negative colour differences.
        levels = tags.reals(532, 6)
        black, white = np.reshape([0, full, half, full, half, full] if levels is None else levels, (3, 2)).T
        if (white == black).any():
            raise broken("its reference black is its reference white")
        # The values come as fractions of `full`; differences reach from -127 to 127 of 255.
        ranges = np.array([1, (half - 1) / full, (half - 1) / full])
        self._gains = (full * ranges / (white - black)).astype(np.float32)[:, None, None]
        self._blacks = (black / full).astype(np.float32)[:, None, None]

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Convert (3, rows, W) in [0, 1] to RGB in [0, 1]."""
        red_luma, green_luma, blue_luma = self._luma
        brightness, blue, red = (values - self._blacks) * self._gains
        out = np.empty_like(values)
        out[0] = red * (2 - 2 * red_luma) + brightness
        out[2] = blue * (2 - 2 * blue_luma) + brightness
        out[1] = (brightness - blue_luma * out[2] - red_luma * out[0]) / green_luma
        return np.clip(out, 0, 1, out=out)
