"""A picture that is larger than memory, at several sizes: what a window shows of it before, and while, one zooms in.

Level 0 is the picture. Each further level has half as many rows and columns: the smaller picture that the file holds
itself, where it has one of that size. Else its values are means of 2 x 2, 4 x 4, ... pixels of the next larger one,
where its strips or tiles are decoded as a whole anyway, which takes about as long as the means do. Where rows can be
read by themselves, they are single pixels of every second, fourth, ... row: for means, the whole file would have to be
read before anything can be shown.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from math import ceil, inf
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from filterlab.errors import Cancelled, ImageError, shown_path
from filterlab.images.decoded import Picture
from filterlab.images.parts.reading import PictureParts
from filterlab.text.messages import say

Span = tuple[int, int]  # half-open

SMALLEST = 2048  # rows or columns that the smallest level has at most: a screen full
VALUES = 3 * SMALLEST**2  # of the smallest level, at most
_FEWEST = 1 << 12  # values of the smallest level where memory is very short
_SHARE = 64  # levels of that size that there is room for: it has many maps, each with what a layer takes to make it
# Bytes of decoded strips and tiles that are held of each of the file's pictures, where they are small.
HELD = 16 << 20
_ROW = 512  # rows and columns that a tile reads, with what it reads around it
_ROW_SHARE = 4  # a quarter of the room may be taken by the strips that a row of tiles reads over and over
_AVERAGED = 1 << 22  # values of the picture that become means together
_NEAR = 0.02  # part of a factor by which the file's own levels may differ from 2, 4, ...: they are rounded in many ways
_STRIDES = (8, 4, 2, 1)  # blocks, down and across, of which a look reads one; each looks at what is left
_BLOCK = 256  # rows or columns that a block has at least


class LargeArray:
    """Stands where an array is expected of which only parts are ever in memory, and refuses to be made whole.

    So nothing takes a picture or a map for small that is not: whoever has not learned to ask for parts raises
    ImageError, in words for the person, as soon as it looks at the numbers.
    """

    dtype = np.dtype(np.float32)

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.ndim = len(shape)
        self.size = int(np.prod(shape, dtype=object))
        self.nbytes = self.size * self.dtype.itemsize

    def __array__(self, *_: object, **__: object) -> Any:
        """Raises ImageError."""
        raise ImageError(
            "the picture is larger than the memory for maps, and this needs all of it at once",
            hint=say("use a smaller picture, or `filterlab run`, which takes large ones in tiles"),
        )

    def __getitem__(self, _: object) -> Any:
        """Raises ImageError."""
        return self.__array__()

    def __getattr__(self, name: str) -> Any:
        """Raises ImageError for what arrays can do, so that it is no fault of the program."""
        if hasattr(np.ndarray, name) and not name.startswith("__"):
            self.__array__()
        raise AttributeError(name)

    def __len__(self) -> int:
        return self.shape[0]


class _Source(NamedTuple):
    """Where a level is read from: one of the file's pictures, `step` rows and columns of which become one."""

    parts: PictureParts
    step: int

    @property
    def averaged(self) -> bool:
        """Whether values are means of step x step pixels, and not the first of them."""
        # Of strips that are lower than a step, some need not be decoded at all.
        return self.step > 1 and self.parts.block_bytes > 0 and min(self.parts.block) >= self.step

    def read(self, rows: Span, cols: Span) -> Picture:
        """The values (C, h, w) of half-open rows and columns of the level. Raises ImageError."""
        step, (channels, height, width) = self.step, self.parts.shape
        if not self.averaged:
            return self.parts.read(_whole(rows, step, height), _whole(cols, step, width), step)
        left, right = cols[0] * step, min(cols[1] * step, width)
        # A few rows at a time: what they become is far smaller, and the strips are held meanwhile.
        together = max(_AVERAGED // (channels * (right - left) * step), 1)
        made = []
        for first in range(*rows, together):
            span = first * step, min(min(first + together, rows[1]) * step, height)
            made.append(_means(self.parts.read(span, (left, right)), step))
        return np.concatenate(made, axis=1)


class PictureLevels(LargeArray):
    """An open picture (C, H, W) that is read in parts, at any of its levels. Any thread may read.

    It is closed with `close()`, or with the last reference to it. count: of the levels. base: the smallest one as a
    whole, (C, h, w), as far as `look` has read it; of what has not been read, it shows the mean of a block nearby.
    complete: whether `look` has nothing more to read.
    """

    def __init__(self, path: Path, page: int = 1, room: float = inf) -> None:
        """Open a file. room: bytes of memory for the smallest level and all maps of it.

        Raises ImageError as `PictureParts`, where the file can only be decoded as a whole, and where reading
        one pixel takes more than `room` by itself, since strips and tiles are decoded as a whole.
        """
        # One reader at a time: they share the position in the file, and the strips that are held.
        self._lock = threading.Lock()
        own = _opened(path, page, 0, room)
        super().__init__(own.shape)
        # Undo may bring a picture back at any time, so that nobody can say when it is not needed any more.
        self._open = ExitStack()
        self._open.callback(own.close)
        self.close = weakref.finalize(self, self._open.close)
        self.close.atexit = False  # other threads may read to the end of the process, which closes all files
        self.pages, self.path = own.pages, path
        channels, height, width = own.shape
        most = max(min(VALUES, room / (_SHARE * self.dtype.itemsize)), _FEWEST)
        shrink = max(height / SMALLEST, width / SMALLEST, (channels * height * width / most) ** 0.5)
        self.count = 1 + max(ceil(np.log2(shrink)), 0)
        found = self._own_levels(path, page, own, room)
        self._sources = [self._source(level, found) for level in range(self.count)]
        self.base: Picture = np.zeros(self.shape_at(self.count - 1), np.float32)
        self.complete = False
        self._looks = self._looking(np.zeros_like(self.base))

    def _own_levels(self, path: Path, page: int, own: PictureParts, room: float) -> dict[int, PictureParts]:
        found = {0: own}
        for number in range(1, own.levels):
            try:
                parts = _opened(path, page, number, room)
            except ImageError:
                continue  # the picture itself is all that has to be there
            self._open.callback(parts.close)
            factors = [large / small for large, small in zip(own.shape[1:], parts.shape[1:], strict=True)]
            level = round(float(np.log2(factors[0])))
            alike = all(abs(factor / 2**level - 1) < _NEAR for factor in factors)
            if alike and parts.shape[0] == own.shape[0]:
                found.setdefault(level, parts)
        return found

    def _source(self, level: int, found: dict[int, PictureParts]) -> _Source:
        nearest = max(known for known in found if known <= level)
        return _Source(found[nearest], 2 ** (level - nearest))

    @property
    def sampled(self) -> bool:
        """Whether the smallest level shows single pixels, and not what lies between them."""
        source = self._sources[-1]
        return source.step > 1 and not source.averaged

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on damage that reading has met so far."""
        return self._sources[0].parts.remarks

    def shape_at(self, level: int) -> tuple[int, int, int]:
        """(C, h, w) of a level."""
        parts, step = self._sources[level]
        channels, height, width = parts.shape
        return channels, ceil(height / step), ceil(width / step)

    def read_level(self, level: int, rows: Span, cols: Span) -> Picture:
        """The values (C, h, w) of half-open rows and columns of a level. Raises ImageError."""
        with self._lock:
            return self._sources[level].read(rows, cols)

    def look(self, cancel: Callable[[], bool] | None = None) -> bool:
        """Read more of `base`, which is then another array; False where all of it has been read.

        For one thread at a time. `cancel` is asked between blocks. Raises Cancelled, after which it may be called
        again, and ImageError.
        """
        for seen in self._looks:
            if seen is not None:
                self.base = seen.copy()
                self.base.flags.writeable = False
                return True
            if cancel is not None and cancel():
                raise Cancelled("stopped before all of it was read", "preview")
        self.complete = True
        return False

    def _looking(self, seen: Picture) -> Iterator[Picture | None]:
        """Fill an array, coarsely at first. Yields it each time that there is more to see, and None between blocks."""
        level = self.count - 1
        parts, step = self._sources[level]
        _, height, width = seen.shape
        if step == 1 or 1 in parts.block:
            # The file has this level, or its rows can be read by themselves.
            seen[...] = self.read_level(level, (0, height), (0, width))
            yield seen
            return
        down, across = (max(max(side, _BLOCK) // step, 1) for side in parts.block)
        done = set[tuple[int, int]]()
        for stride in _STRIDES:
            for top in range(0, height, stride * down):
                for left in range(0, width, stride * across):
                    if (top, left) not in done:
                        done.add((top, left))
                        part = self.read_level(
                            level, (top, min(top + down, height)), (left, min(left + across, width))
                        )
                        with np.errstate(all="ignore"):
                            mean = part.mean(axis=(1, 2), keepdims=True)
                        seen[:, top : top + stride * down, left : left + stride * across] = mean
                        seen[:, top : top + down, left : left + across] = part
                        yield None
            yield seen


class LevelSource:
    """One level of a picture, as what tiles are computed from."""

    def __init__(self, levels: PictureLevels, level: int) -> None:
        self._levels, self._level = levels, level
        self.shape: tuple[int, ...] = levels.shape_at(level)

    def read(self, rows: Span, cols: Span) -> Picture:
        return self._levels.read_level(self._level, rows, cols)


def _opened(path: Path, page: int, level: int, room: float) -> PictureParts:
    """One of the file's pictures. Raises ImageError, also where reading a pixel takes more than `room` bytes."""
    parts = PictureParts(path, page=page, kept=HELD, whole=False, level=level)
    # Compressed, a strip of a few kilobytes may stand for any number of pixels, and is only decoded as a whole.
    if parts.block_bytes > room:
        parts.close()
        what = say(
            "reading a single pixel of it takes {:,} byte(s) of memory, more than {:,}",
            parts.block_bytes,
            int(room),
        )
        raise ImageError(what, shown_path(path), "save it in tiles")
    if max(parts.block) > _ROW:
        # Else every tile beside another would decode strips again that take longer than all that is computed from them.
        parts.keep(int(max(HELD, min(parts.band_bytes(_ROW), room / _ROW_SHARE))))
    return parts


def _means(values: Picture, step: int) -> Picture:
    """The means (C, h, w) of step x step cells, fewer at the end."""
    with np.errstate(all="ignore"):  # infinities of both signs give NaN
        for axis in (1, 2):
            cells = np.moveaxis(values, axis, 0)
            sums = cells[::step].copy()
            for k in range(1, step):
                more = cells[k::step]
                sums[: len(more)] += more
            sums /= np.minimum(step, len(cells) - step * np.arange(len(sums)))[:, None, None]
            values = np.moveaxis(sums, 0, axis)
    return np.ascontiguousarray(values, np.float32)


def _whole(span: Span, step: int, n: int) -> Span:
    """The rows of a picture of n from which every `step`-th is a span of a level."""
    return span[0] * step, min((span[1] - 1) * step + 1, n)
