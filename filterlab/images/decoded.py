"""The common ground of all decoders: limits, scaling to float32, colours, orientation, and the result of a reading.

Files come from anywhere. What one claims is compared with what it can hold before memory is taken for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.text.messages import say

Picture = NDArray[np.float32]

MAX_VALUES = 1 << 30  # 4 GiB of float32: what a file may ask of memory before anything is decoded
MAX_PAGES = 1 << 17  # in a file: each takes memory, and some microseconds, whenever they are counted
MAX_BYTES = 1 << 30  # size of a file that a decoder must have in memory as a whole


@dataclass(frozen=True)
class Reading:
    """One picture of a file, as (C, H, W).

    pages: the number of pages, frames or planes of time in the file. remarks: what a person should know of this
    reading, such as damage that did not keep the picture from being read; each is a sentence.
    """

    values: NDArray[Any]
    pages: int = 1
    remarks: tuple[str, ...] = ()


def broken(reason: str) -> ImageError:
    """The error for bytes that are not what their format says they are."""
    return ImageError(
        say("it cannot be decoded: {}", reason), hint="it may be broken or cut short; export it again"
    )


def check_page(page: int, pages: int) -> None:
    """Raise ImageError unless the file has this page; pages count from 1."""
    if not 1 <= page <= pages:
        raise ImageError(say("it has {} page(s), not a page {}", pages, page), hint="pages count from 1")


def check_level(level: int, levels: int) -> None:
    """Raise ImageError unless the file has this page at this level; level 0 is the picture in full."""
    if not 0 <= level < levels:
        what = say("it has {} level(s), not a level {}", levels, level)
        raise ImageError(what, hint="levels count from 0, the picture in full")


def check_pages(pages: int) -> None:
    """Raise ImageError for a file of more pages than are read. Walks over a file ask at each page that they find."""
    if pages > MAX_PAGES:
        raise ImageError(say("it has more than {:,} pages", MAX_PAGES), hint="cut it into parts first")


def read_file(file: Path) -> bytes:
    """The bytes of a file. Raises ImageError where there are more than MAX_BYTES."""
    with file.open("rb") as stream:
        return read_stream(stream)


def read_stream(stream: BinaryIO) -> bytes:
    """The bytes of an open file. Raises ImageError where there are more than MAX_BYTES.

    A sparse file takes no room on the disk, but as much memory as it claims to be long.
    """
    size = stream.seek(0, 2)
    if size > MAX_BYTES:
        what = say("it has {:,} byte(s), more than {:,}", size, MAX_BYTES)
        raise ImageError(what, hint="cut it into parts first")
    stream.seek(0)
    return stream.read(MAX_BYTES)


def check_size(*shape: int) -> None:
    """Raise ImageError for a picture that would take too much memory, before it is decoded."""
    # Python's integers: a product of sizes from a header may go beyond 64 bits and come back small.
    count = int(np.prod([int(n) for n in shape], dtype=object))
    if count > MAX_VALUES:
        size = " x ".join(str(n) for n in shape)
        raise ImageError(
            say("it holds {} value(s), more than {:,}", size, MAX_VALUES),
            hint="cut it into parts first, or have `filterlab run --memory` do it in tiles",
        )


def check_claim(height: int, width: int, size: int, pixels_per_byte: int, free: int = 1 << 25) -> None:
    """Raise ImageError for a picture larger than its file can hold, before memory is taken for it.

    size: of the file, in bytes; pixels_per_byte: more than the format's compression can reach on a real picture. No
    picture of up to `free` pixels is refused: some formats need next to nothing for one plain colour.
    """
    if height * width > max(free, size * pixels_per_byte):
        what = say("it claims {} x {} pixels, which {:,} byte(s) can hardly hold", height, width, size)
        raise ImageError(what, hint="it may be broken, or made to fill the memory")


def scaled(values: NDArray[Any], greatest: float | None = None) -> NDArray[Any]:
    """Numbers of a file as C-contiguous float32.

    Unsigned integers are divided by the greatest of their type, or by `greatest`; others stay as they are. Raises
    ImageError for complex numbers, text and objects.
    """
    kind = values.dtype.kind
    if kind not in "buif":
        raise ImageError(say("it holds {}, not real numbers", values.dtype.name), hint="save the real part")
    out = np.empty(values.shape, np.float32)
    # What is beyond float32 becomes infinity, and NaN that signals stays NaN: neither is worth a warning.
    with np.errstate(over="ignore", invalid="ignore"):
        if kind != "u":
            out[...] = values
            return out
        # float32 has too few digits to divide numbers of 32 bits in. NumPy casts in small blocks, so that nothing as
        # large as the picture is made on the way.
        precision = np.float64 if values.dtype.itemsize > 2 else np.float32
        top = precision(np.iinfo(values.dtype).max if greatest is None else greatest)
        np.divide(values, top, out=out, dtype=precision, casting="same_kind")
    return out


def split_alpha(values: NDArray[Any], alpha: bool) -> NDArray[Any]:
    """(C, H, W) whose last channel is alpha, without it unless asked for."""
    return values if alpha else values[:-1]


def cmyk_to_rgb(ink: NDArray[Any]) -> NDArray[Any]:
    """(4, H, W) of ink in [0, 1] as RGB (3, H, W): (1 - c)(1 - k)."""
    rgb: NDArray[Any] = (1 - ink[:3]) * (1 - ink[3:4])
    return rgb


def oriented(planes: NDArray[Any], orientation: int) -> NDArray[Any]:
    """(C, H, W) turned upright, as a view. orientation: 1 to 8 as in EXIF; others count as 1."""
    # 5 to 8 are stored by columns. What remains after transposing are flips: each of the eight is a flip of rows, a
    # flip of columns, both or neither (Exif 2.3, 4.6.4).
    if orientation in (5, 6, 7, 8):
        planes = planes.transpose(0, 2, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    cols = -1 if orientation in (2, 3, 6, 7) else 1
    return planes[:, ::rows, ::cols]
