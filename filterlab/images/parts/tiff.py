"""Writing a map in parts as a tiled BigTIFF of float32, with a pyramid of smaller levels on request.

The file has one page: the samples of a pixel are the channels, each in tiles of its own (PlanarConfiguration 2). Tiles
are appended as they are complete, in whatever order that is, and the directory, which says where each is, comes last.
Sources: TIFF 6.0 (Adobe 1992); the BigTIFF specification (libtiff, Aware Systems); levels as SubIFDs: TIFF Technical
Note 1 (1995).
"""

from __future__ import annotations

import struct
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from math import ceil
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.machine import processors
from filterlab.text.messages import say

Span = tuple[int, int]  # half-open
Values = NDArray[np.float32]

SIDE = 256  # cells along a side of a tile; specified as a multiple of 16
_HEADER = struct.Struct("<2sHHHQ")
_ENTRY = struct.Struct("<HHQ8s")
_SHORT, _LONG, _LONG8 = 3, 4, 16
_BYTES = {_SHORT: "H", _LONG: "I", _LONG8: "Q"}
_NONE, _DEFLATE = 1, 8
_FLOATING_PREDICTOR = 3
_LEVEL = 4  # of Deflate
_MOST_CHANNELS = 0xFFFF  # a SHORT holds their number (SamplesPerPixel)


class _PendingTile(NamedTuple):
    """A tile of which some cells are still to come."""

    values: Values  # (C, SIDE, SIDE)
    missing: list[int]  # one number: cells of a channel


class _Level:
    """One level of the pyramid: where its tiles are, and those that are not complete yet."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self.shape = shape
        self.grid = ceil(shape[1] / SIDE), ceil(shape[2] / SIDE)
        places = shape[0], *self.grid
        self.offsets, self.counts = np.zeros(places, np.uint64), np.zeros(places, np.uint64)
        self.pending: dict[tuple[int, int], _PendingTile] = {}

    def cells(self, row: int, col: int) -> tuple[int, int]:
        """The rows and columns of a tile that lie in the map."""
        return min(SIDE, self.shape[1] - row * SIDE), min(SIDE, self.shape[2] - col * SIDE)


def check_channels(channels: int) -> None:
    """Raise ImageError for more channels than the file has numbers for."""
    if channels > _MOST_CHANNELS:
        what = say(
            "a TIFF in tiles has at most {:,} channels, and this map has {:,}", _MOST_CHANNELS, channels
        )
        raise ImageError(what, hint="save it as .npy")


class TiffParts:
    """A map (C, H, W) that is written in parts into an open file, which the caller closes after `finish` and `close`.

    Raises ImageError for too many channels.
    """

    def __init__(
        self, file: IO[bytes], shape: tuple[int, int, int], *, compress: bool = False, pyramid: bool = False
    ) -> None:
        check_channels(shape[0])
        self._compress = compress
        # Packing takes longer than most layers: it goes on while the next tiles are computed.
        self._pool = ThreadPoolExecutor(processors()) if compress else None
        self._packing: deque[tuple[int, tuple[int, int, int], Future[bytes]]] = deque()
        self._most_packing = 4 * processors()
        self._levels = [_Level(shape)]
        while pyramid and max(self._levels[-1].shape[1:]) > SIDE:
            channels, height, width = self._levels[-1].shape
            self._levels.append(_Level((channels, ceil(height / 2), ceil(width / 2))))
        self._file = file
        self._end = self._file.write(_HEADER.pack(b"II", 43, 8, 0, 0))

    def write(self, rows: Span, cols: Span, values: NDArray[np.floating]) -> None:
        """Take the values (C, h, w) of half-open rows and columns. Raises OSError."""
        self._write(0, rows, cols, values.astype(np.float32, copy=False))

    def _write(self, level: int, rows: Span, cols: Span, values: Values) -> None:
        for row in range(rows[0] // SIDE, ceil(rows[1] / SIDE)):
            for col in range(cols[0] // SIDE, ceil(cols[1] / SIDE)):
                top, left = row * SIDE, col * SIDE
                a, b = max(rows[0], top), min(rows[1], top + SIDE)
                c, d = max(cols[0], left), min(cols[1], left + SIDE)
                part = values[:, a - rows[0] : b - rows[0], c - cols[0] : d - cols[0]]
                self._fill(level, (row, col), (a - top, c - left), part)

    def _fill(self, number: int, place: tuple[int, int], corner: tuple[int, int], part: Values) -> None:
        level = self._levels[number]
        height, width = level.cells(*place)
        tile = level.pending.get(place)
        if tile is None:
            tile = _PendingTile(np.zeros((level.shape[0], SIDE, SIDE), np.float32), [height * width])
            level.pending[place] = tile
        top, left = corner
        tile.values[:, top : top + part.shape[1], left : left + part.shape[2]] = part
        tile.missing[0] -= part.shape[1] * part.shape[2]
        if not tile.missing[0]:
            del level.pending[place]
            self._store(number, place, tile.values)

    def _store(self, number: int, place: tuple[int, int], tile: Values) -> None:
        level = self._levels[number]
        for channel, plane in enumerate(tile):
            if self._pool is None:
                self._put(number, (channel, *place), plane.tobytes())
            else:
                self._packing.append((number, (channel, *place), self._pool.submit(_packed, plane)))
        self._drain(self._most_packing)
        if number + 1 < len(self._levels):
            height, width = level.cells(*place)
            smaller = _halved(tile[:, :height, :width])
            row, col = place[0] * SIDE // 2, place[1] * SIDE // 2
            self._write(number + 1, (row, row + smaller.shape[1]), (col, col + smaller.shape[2]), smaller)

    def _drain(self, left: int) -> None:
        """Write what has been packed, the oldest first, until only so many tiles are under way."""
        while len(self._packing) > left:
            number, place, packed = self._packing.popleft()
            self._put(number, place, packed.result())

    def _put(self, number: int, place: tuple[int, int, int], data: bytes) -> None:
        level = self._levels[number]
        level.offsets[place], level.counts[place] = self._end, len(data)
        self._end += self._file.write(data)

    def finish(self) -> None:
        """Write the directory. Raises OSError."""
        self._drain(0)
        smaller = [self._directory(level, []) for level in self._levels[1:]]
        first = self._directory(self._levels[0], smaller)
        self._file.seek(0)
        self._file.write(_HEADER.pack(b"II", 43, 8, 0, first))
        self._file.flush()

    def close(self) -> None:
        """End the threads that pack, and forget what waits for them where the map is not whole."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _directory(self, level: _Level, smaller: list[int]) -> int:
        """Write the directory of one level; returns its offset."""
        channels, height, width = level.shape
        tags: list[tuple[int, int, list[int] | NDArray[np.uint64]]] = [
            (254, _LONG, [0 if level is self._levels[0] else 1]),  # NewSubfileType: a smaller copy
            (256, _LONG, [width]),
            (257, _LONG, [height]),
            (258, _SHORT, [32] * channels),
            (259, _SHORT, [_DEFLATE if self._compress else _NONE]),
            (262, _SHORT, [1]),  # BlackIsZero
            (277, _SHORT, [channels]),
            (284, _SHORT, [2 if channels > 1 else 1]),
            *([(317, _SHORT, [_FLOATING_PREDICTOR])] if self._compress else []),
            (322, _LONG, [SIDE]),
            (323, _LONG, [SIDE]),
            (324, _LONG8, level.offsets.reshape(-1)),
            (325, _LONG8, level.counts.reshape(-1)),
            *([(330, _LONG8, smaller)] if smaller else []),
            *(
                [(338, _SHORT, [0] * (channels - 1))] if channels > 1 else []
            ),  # ExtraSamples: unspecified data
            (339, _SHORT, [3] * channels),  # SampleFormat: floating point
        ]
        entries = [self._entry(*tag) for tag in tags]
        return self._append(struct.pack("<Q", len(entries)) + b"".join(entries) + struct.pack("<Q", 0))

    def _entry(self, code: int, kind: int, values: list[int] | NDArray[np.uint64]) -> bytes:
        data = np.asarray(values, f"<{_BYTES[kind]}").tobytes()
        if len(data) > 8:
            data = struct.pack("<Q", self._append(data))
        return _ENTRY.pack(code, kind, len(values), data.ljust(8, b"\0"))

    def _append(self, data: bytes) -> int:
        place = self._end
        self._end += self._file.write(data)
        return place


def _packed(plane: Values) -> bytes:
    import imagecodecs

    # Adobe's predictor for floating-point numbers is lossless, and halves smooth maps.
    predicted = imagecodecs.floatpred_encode(plane, axis=-1)
    return bytes(imagecodecs.zlib_encode(predicted.tobytes(), level=_LEVEL))


def _halved(values: Values) -> Values:
    """The means of 2 by 2 cells; an odd last row or column counts twice."""
    _, height, width = values.shape
    padded = np.pad(values, ((0, 0), (0, height % 2), (0, width % 2)), mode="edge")
    with np.errstate(all="ignore"):  # infinities of both signs give NaN
        rows = (padded[:, ::2] + padded[:, 1::2]) / 2
        return ((rows[:, :, ::2] + rows[:, :, 1::2]) / 2).astype(np.float32)
