"""Reading a part of a picture, with the numbers that `read_image` gives for the whole."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import Picture, check_level, oriented
from filterlab.images.failures import explained
from filterlab.images.formats.signatures import LONGEST, decoder_of
from filterlab.images.reading import read_picture

Span = tuple[int, int]  # half-open

KEPT = 64 << 20  # bytes of decoded strips and tiles that are held, where the caller does not say


class Rectangles(Protocol):
    """What reads the rectangles of one kind of file."""

    shape: tuple[int, int, int]
    pages: int
    levels: int
    block: tuple[int, int]
    block_bytes: int
    kept: int  # bytes of what was decoded that are held for the next rectangle

    @property
    def remarks(self) -> list[str]: ...

    def read(self, rows: Span, cols: Span, step: int = 1) -> Picture: ...

    def band_bytes(self, rows: int) -> int: ...


class PictureParts:
    """An open picture (C, H, W) that is read in parts. To be closed, or used as a context.

    pages: of the file. levels: how many sizes of this page it holds, the full one included. block: the rows and
    columns that are decoded together. block_bytes: what these take in memory, in the numbers of the file and in all
    planes and pages that hold channels; 0 where any part can be read by itself. held: bytes of the whole picture, where
    the file can only be decoded as a whole; else 0.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        page: int = 1,
        alpha: bool = False,
        kept: int = KEPT,
        whole: bool = True,
        level: int = 0,
    ) -> None:
        """Open a file. kept: bytes of decoded strips and tiles to hold. whole: it may be decoded as a whole, too.

        level: as in `read_image`. Raises ImageError as `read_image`, and where only the whole can be decoded, which is
        not allowed.
        """
        self._path = Path(path)
        # Closed at once where the file is refused: nobody else could.
        with explained(self._path), ExitStack() as self._open:
            self._rectangles, self.held = self._opened(page, alpha, kept, whole, level)
            self._open = self._open.pop_all()
        self.shape = self._rectangles.shape
        self.pages, self.levels = self._rectangles.pages, self._rectangles.levels
        self.block, self.block_bytes = self._rectangles.block, self._rectangles.block_bytes

    def _opened(self, page: int, alpha: bool, kept: int, whole: bool, level: int) -> tuple[Rectangles, int]:
        kind = _kind(self._path)
        if kind in ("tiff", "npy"):
            stream = self._open.enter_context(self._path.open("rb"))
            if kind == "tiff":
                return TiffRectangles(stream, page, alpha, kept, level), 0
            from filterlab.images.parts.npy import NpyRectangles

            check_level(level, 1)
            return NpyRectangles(stream, page), 0
        if not whole:
            raise ImageError("parts of it cannot be read by themselves", hint="save it as TIFF or .npy")
        decoded = Decoded(self._path, page, alpha, level)
        return decoded, decoded.values.nbytes

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on damage that reading has met so far."""
        return tuple(dict.fromkeys(remark for remark in self._rectangles.remarks if remark))

    def read(self, rows: Span, cols: Span, step: int = 1) -> Picture:
        """The values (C, h, w) of half-open rows and columns, or of every `step`-th of them. Raises ImageError."""
        with explained(self._path):
            return self._rectangles.read(rows, cols, step)

    def band_bytes(self, rows: int) -> int:
        """The bytes of the strips or tiles that so many rows lie in, where these must be decoded as a whole; else 0."""
        return self._rectangles.band_bytes(rows)

    def keep(self, size: int) -> None:
        """Hold so many bytes of decoded strips and tiles."""
        self._rectangles.kept = size

    def close(self) -> None:
        """Close the file."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _kind(path: Path) -> str:
    """The decoder of a file; "" for what cannot be opened here, about which the ordinary reader says more."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        start = stream.read(LONGEST)
    return decoder_of(start) if start else ""


class Decoded:
    """A picture that is decoded once and kept."""

    def __init__(self, path: Path, page: int, alpha: bool, level: int) -> None:
        reading = read_picture(path, alpha=alpha, page=page, level=level)
        self.values, self.pages, self.remarks = reading.values, reading.pages, list(reading.remarks)
        channels, height, width = reading.values.shape
        self.shape = (channels, height, width)
        self.levels, self.block = 1, (height, width)
        self.kept = self.block_bytes = 0

    def read(self, rows: Span, cols: Span, step: int = 1) -> Picture:
        return self.values[:, slice(*rows, step), slice(*cols, step)]

    def band_bytes(self, rows: int) -> int:
        return 0


class TiffRectangles:
    """The strips or tiles of a TIFF picture, decoded one by one."""

    def __init__(self, stream: BinaryIO, page: int, alpha: bool, kept: int, level: int) -> None:
        from filterlab.images.formats import tiff
        from filterlab.images.formats.tiff.budget import Budget
        from filterlab.images.formats.tiff.directories import ByteSource

        source = ByteSource(stream)
        parts, index = tiff.opened(stream, source, page, alpha, level, whole=False)
        self.levels = tiff.count_levels(source, index, page)
        tiff.check_alike(parts)
        budget = Budget(source.size)
        for part in parts:
            part.place(budget)
        self._decoders = [part.decoder(budget) for part in parts]
        # The strips that were decoded last, of each page: the tile beside the next one reads them again.
        self._strips: list[OrderedDict[int, NDArray[Any]]] = [OrderedDict() for _ in parts]
        self.kept = kept
        self._orientation = parts[0].orientation
        self._size = parts[0].shape[1:]
        channels = parts[0].shape[0] * len(parts)
        height, width = self._size[::-1] if self._transposed else self._size
        self.shape, self.pages = (channels, height, width), len(index.pictures)
        block = self._decoders[0][0].block
        self.block = block[::-1] if self._transposed else block
        # At least one strip is held of each plane and page, however little `kept` allows.
        self.block_bytes = sum(decoder.block_bytes for decoder, _ in self._decoders)
        self._index_remark = index.remark

    @property
    def _transposed(self) -> bool:
        return self._orientation in (5, 6, 7, 8)

    @property
    def _turned(self) -> tuple[bool, bool]:
        """Whether the rows and the columns, as they are stored, run the other way than those that are seen."""
        turned = self._orientation in (3, 4, 7, 8), self._orientation in (2, 3, 6, 7)
        return turned[::-1] if self._transposed else turned

    @property
    def remarks(self) -> list[str]:
        found = [self._index_remark]
        for decoder, colours in self._decoders:
            found += [*colours.remarks, decoder.remark]
        return found

    def band_bytes(self, rows: int) -> int:
        return sum(decoder.band_bytes(rows, down=not self._transposed) for decoder, _ in self._decoders)

    def read(self, rows: Span, cols: Span, step: int = 1) -> Picture:
        # As `oriented` turns the whole picture, the other way round.
        _, height, width = self.shape
        if self._orientation in (3, 4, 7, 8):
            rows = height - rows[1], height - rows[0]
        if self._orientation in (2, 3, 6, 7):
            cols = width - cols[1], width - cols[0]
        if self._transposed:
            rows, cols = cols, rows
        # Counted from the end where the picture is turned: its first row need not be one of every `step`.
        rows, cols = (
            (span[1] - 1 - (span[1] - 1 - span[0]) // step * step, span[1]) if turned else span
            for span, turned in zip((rows, cols), self._turned, strict=True)
        )
        size = -((rows[0] - rows[1]) // step), -((cols[0] - cols[1]) // step)
        out = np.empty((self.shape[0], *size), np.float32)
        planes, kept = np.split(out, len(self._decoders)), self.kept // len(self._decoders)
        for (decoder, colours), strips, plane in zip(self._decoders, self._strips, planes, strict=True):
            colours.convert(decoder.part(rows, cols, strips, kept, step), plane)
        return np.ascontiguousarray(oriented(out, self._orientation))
