"""How a page of a TIFF file is laid out, as its tags describe it. Kinds that are not supported are refused by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import broken, check_size
from filterlab.images.formats.tiff.directories import Tags
from filterlab.images.formats.tiff.names import (
    CODECS,
    COLOUR_SAMPLES,
    FAX,
    JPEG,
    NONE,
    PALETTE,
    PHOTOMETRICS,
    PREDICTED,
    RGB,
    SEPARATED,
    SUBSAMPLED,
    YCBCR,
    unread_codec,
    unread_colours,
    unsupported,
)
from filterlab.text.messages import say

_LARGEST_TILE = 1 << 26  # bytes; larger ones are refused unless the picture is large, too
_KINDS = {
    1: "u",
    2: "i",
    3: "f",
    4: "u",
}  # SampleFormat; 4 stands for unknown, which libtiff takes for unsigned, too
_COMPLEX = (5, 6)


@dataclass(frozen=True)
class TiffLayout:
    """One page, cut into strips or tiles of `rows` by `cols` pixels.

    kind: u, i or f, for unsigned, signed and floating-point samples of `bits` bits. planar: each sample has strips or
    tiles of its own. offsets, counts: where the bytes of each strip or tile are, and how many. reversed_bits: the
    first pixel is in the lowest bits of a byte. subsampling: how many pixels share one colour difference, across and
    down. order: that of the bytes of a number, < or >.
    """

    height: int
    width: int
    samples: int
    bits: int
    kind: str
    planar: bool
    compression: int
    predictor: int
    reversed_bits: bool
    photometric: int
    subsampling: tuple[int, int]
    tiled: bool
    rows: int
    cols: int
    offsets: NDArray[np.int64]
    counts: NDArray[np.int64]
    order: str

    @cached_property
    def codec(self) -> str:
        """The name of the compression; several numbers may stand for the same one."""
        return CODECS[self.compression]

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """The smallest type of NumPy that holds these samples."""
        return np.dtype(f"{self.kind}{next(size for size in (1, 2, 4, 8) if 8 * size >= self.bits)}")

    @cached_property
    def colours(self) -> int:
        """The photometric interpretation of the decoded samples."""
        # JPEG's decoder turns YCbCr into RGB, for it alone knows how the colours are subsampled.
        is_converted = self.photometric == YCBCR and self.codec == "JPEG" and self.per_pixel == 3
        return RGB if is_converted else self.photometric

    @cached_property
    def planes(self) -> int:
        """How many planes the samples are stored in, one behind the other."""
        return self.samples if self.planar else 1

    @cached_property
    def per_pixel(self) -> int:
        """How many samples of a pixel are stored side by side."""
        return 1 if self.planar else self.samples

    @cached_property
    def grid(self) -> tuple[int, int]:
        """How many strips or tiles a plane has, down and across."""
        return ceil(self.height / self.rows), ceil(self.width / self.cols)

    @cached_property
    def row_bytes(self) -> int:
        """How many bytes a row of a strip or tile has; each row begins at a whole byte."""
        return ceil(self.cols * self.per_pixel * self.bits / 8)

    def raw_size(self, rows: int) -> int:
        """Return how many bytes so many rows of a strip or tile have when they are not compressed."""
        across, down = self.subsampling
        if (across, down) == (1, 1):
            return rows * self.row_bytes
        units = ceil(rows / down) * ceil(self.cols / across)
        return units * (across * down + 2) * self.bits // 8

    def name(self, index: int) -> str:
        """Return the name of a strip or tile in a message: "strip 3 of 8"."""
        place = (index + 1, len(self.offsets))
        return say("tile {:,} of {:,}", *place) if self.tiled else say("strip {:,} of {:,}", *place)


def read_layout(tags: Tags, *, whole: bool = True) -> TiffLayout:
    """Read the layout from the tags of a page, without the places of strips and tiles, which `placed` adds.

    whole: all of it will be in memory at once. Raises ImageError for a page that is broken, of a kind that is not
    supported, or too large for that.
    """
    compression = tags.number(259, NONE)
    if compression not in CODECS:
        raise unsupported(unread_codec(compression))
    samples = tags.number(277, 1)
    bits, kind = _numbers(tags, samples)
    photometric = _photometric(tags, samples, compression)
    height, width = _size(tags)
    # A palette has one sample for each pixel, and becomes three channels.
    if whole:
        check_size(3 if photometric == PALETTE else samples, height, width)
    rows, cols = _segment_size(tags, height, width)
    layout = TiffLayout(
        *(height, width, samples, bits, kind),
        planar=samples > 1 and tags.number(284, 1) == 2,
        compression=compression,
        predictor=_predictor(tags, compression, bits, kind),
        reversed_bits=tags.number(266, 1) == 2,
        photometric=photometric,
        subsampling=(1, 1),
        tiled=322 in tags,
        rows=rows,
        cols=cols,
        offsets=np.empty(0, np.int64),
        counts=np.empty(0, np.int64),
        order=tags.source.order,
    )
    layout = _subsampled(layout, tags)
    _check_codec(layout)
    _check_tiles(layout)
    return layout


def _size(tags: Tags) -> tuple[int, int]:
    height, width = tags.number(257, 0), tags.number(256, 0)
    if not height or not width:
        raise ImageError("it has no pixels", hint="export it again")
    # ImageDepth and TileDepth, private tags of Silicon Graphics.
    layers = max(tags.number(32997, 1), tags.number(32998, 1))
    if layers > 1:
        raise unsupported(
            say("it is a volume of {:,} layers, which is not supported", layers),
            "save it as a stack of pages",
        )
    return height, width


def _numbers(tags: Tags, samples: int) -> tuple[int, str]:
    """Return the bits of a sample, and the kind of its numbers."""
    if not samples:
        raise ImageError("it has no pixels", hint="export it again")
    bits = _common(
        tags, 258, samples, 1, say("it has different numbers of bits in one pixel, which is not supported")
    )
    format = _common(
        tags, 339, samples, 1, say("it has different kinds of numbers in one pixel, which is not supported")
    )
    if format in _COMPLEX:
        raise ImageError("it holds complex numbers", hint="save the real part")
    if format not in _KINDS:
        raise unsupported(say("it has numbers in format {}, which are not supported", format))
    kind = _KINDS[format]
    # Floats of 16 and 24 bits are those of Adobe's TIFF Technical Note 3.
    legal = (16, 24, 32, 64) if kind == "f" else (*range(1, 33), 64)
    if bits not in legal:
        if kind == "f":
            raise unsupported(
                say("it has floating-point numbers of {} bit(s), which are not supported", bits)
            )
        raise unsupported(say("it has numbers of {} bit(s), which are not supported", bits))
    return bits, kind


def _common(tags: Tags, code: int, samples: int, default: int, otherwise: str) -> int:
    """Return the value that a tag gives for every sample. Raises ImageError where the values differ."""
    # Some writers give one number for all samples, others one for each: only differing ones are a problem.
    values = tags.numbers(code, samples)
    if len(values) and (values != values[0]).any():
        raise unsupported(otherwise)
    return int(values[0]) if len(values) else default


def _photometric(tags: Tags, samples: int, compression: int) -> int:
    """Return what the colours are. Where the tag is missing, this is libtiff's guess."""
    guess = 2 if samples == 3 else 0 if compression in FAX else 1
    photometric = tags.number(262, guess)
    colours = COLOUR_SAMPLES.get(photometric)
    if colours is None:
        raise unsupported(unread_colours(photometric))
    if photometric == SEPARATED and tags.number(332, 1) == 2:
        raise unsupported("it has inks other than CMYK, which are not supported")
    if samples < colours:
        raise unsupported(
            say("it has {} of the {} samples that {} needs", samples, colours, PHOTOMETRICS[photometric])
        )
    return photometric


def _predictor(tags: Tags, compression: int, bits: int, kind: str) -> int:
    """Return 1 for none, 2 for differences of neighbours, 3 for differences of the bytes of floats.

    As in libtiff, the tag counts only with the codecs that have predictors. tifffile applies it with PackBits and LERC,
    too: such files are refused, because they do not say which of the two the writer meant.
    """
    predictor, codec = tags.number(317, 1), CODECS[compression]
    if predictor == 1 or (compression not in PREDICTED and codec not in ("PackBits", "LERC")):
        return 1
    if compression not in PREDICTED:
        raise unsupported(say("it has a predictor with {}, which readers take in different ways", codec))
    if predictor == 2 and bits in (8, 16, 32, 64):
        return 2
    if predictor == 3 and kind == "f":
        return 3
    raise unsupported(
        say("it has predictor {} with numbers of {} bit(s), which is not supported", predictor, bits)
    )


def _segment_size(tags: Tags, height: int, width: int) -> tuple[int, int]:
    """Return the rows and columns of a strip or tile."""
    if 322 in tags:
        rows, cols = tags.number(323, 0), tags.number(322, 0)
    else:
        # Some writers list the rows of each strip; libtiff takes the first number, too.
        rows, cols = min(tags.number(278, height), height), width
    if not rows or not cols:
        raise broken("its strips or tiles have no pixels")
    return rows, cols


def _check_tiles(layout: TiffLayout) -> None:
    """Raise ImageError for tiles that are far larger than the picture they are cut from.

    A tile is decoded as a whole even where only one of its rows is visible, so that its bytes count, not its pixels.
    """
    picture = layout.height * ceil(layout.width * layout.per_pixel * layout.bits / 8)
    if layout.tiled and layout.rows * layout.row_bytes > max(_LARGEST_TILE, 4 * picture):
        sizes = (layout.rows, layout.cols, layout.height, layout.width)
        what = say("its tiles of {:,} x {:,} pixels are far larger than its {:,} x {:,} pixels", *sizes)
        raise ImageError(what, hint="it may be broken, or made to fill the memory")


def _subsampled(layout: TiffLayout, tags: Tags) -> TiffLayout:
    """Return the layout with the subsampling of YCbCr (TIFF 6.0, section 21); JPEG has its own."""
    if layout.photometric != YCBCR:
        return layout
    if layout.kind != "u" or layout.bits not in (8, 16):
        raise unsupported(say("it has YCbCr with {} bit(s) a sample, which is not supported", layout.bits))
    if layout.compression in JPEG:
        return layout
    if layout.compression not in SUBSAMPLED:
        raise unsupported(say("it has YCbCr stored as {}, which is not supported", layout.codec))
    # The specification's default is 2, 2.
    pair = tags.numbers(530, 2) if 530 in tags else np.array([2, 2])
    across, down = (int(n) for n in pair) if len(pair) == 2 else (0, 0)
    if across not in (1, 2, 4) or down not in (1, 2, 4):
        raise broken("its YCbCr subsampling makes no sense")
    if (across, down) != (1, 1) and (layout.planar or layout.samples != 3 or layout.predictor != 1):
        raise unsupported(
            "it has subsampled YCbCr in planes, with further samples, or with a predictor, which is not supported"
        )
    return replace(layout, subsampling=(across, down))


def _check_codec(layout: TiffLayout) -> None:
    """Raise ImageError for samples that the codec cannot hold."""
    legal = {
        "JPEG": layout.kind == "u" and layout.bits in (8, 12) and layout.per_pixel <= 4,
        "JPEG 2000": layout.kind != "f" and layout.bits <= 16,
        "WebP": layout.kind == "u" and layout.bits == 8 and layout.per_pixel in (3, 4),
        "LERC": layout.bits in ((32, 64) if layout.kind == "f" else (8, 16, 32)),
        # Beyond colours and alpha the decoder leaves channels out, and its encoder makes an animation of them.
        "JPEG XL": layout.per_pixel <= 4
        and (layout.kind, layout.bits) in (("u", 8), ("u", 16), ("f", 16), ("f", 32)),
    }
    codec = layout.codec
    if layout.compression in FAX:
        if (layout.bits, layout.samples) != (1, 1):
            raise unsupported(say("it has {} with more than one bit a pixel, which is not supported", codec))
    elif not legal.get(codec, True):
        raise unsupported(
            say(
                "it has {} with {} sample(s) of {} bit(s), which is not supported",
                *(codec, layout.per_pixel, layout.bits),
            )
        )
