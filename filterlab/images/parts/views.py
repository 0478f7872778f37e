"""A map of which only parts are in memory, drawn from what is known of it: a preview, and tiles at several levels."""

from __future__ import annotations

import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from operator import is_
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.images.parts.levels import LargeArray
from filterlab.images.views import MapView, Scale, ViewCrop, painted

Span = tuple[int, int]  # half-open
Place = tuple[int, int]  # of a tile, in the grid of its level
_Key = tuple[int, int, Place]  # the identity of a view, the level, and the place


class MapTile(NamedTuple):
    """A rectangle of a map at some level: half-open rows and columns of that level, and their values (C, h, w)."""

    rows: Span
    cols: Span
    values: NDArray[Any]


class MapLevel(NamedTuple):
    """How the map of a level lies on the map itself: its cell i covers the rows top + i * height to the next one's.

    size: (h, w) of the map of that level.
    """

    top: float
    left: float
    height: float
    width: float
    size: tuple[int, int]

    def crop(self, crop: ViewCrop) -> ViewCrop:
        """The part of the level's map that lies under a part of the map itself."""
        return ViewCrop(
            (crop.top - self.top) / self.height,
            (crop.left - self.left) / self.width,
            (crop.bottom - self.top) / self.height,
            (crop.right - self.left) / self.width,
        )


class LargeView(MapView):
    """A map (C, H, W) that is larger than memory.

    base: the map that a reduced picture has, which ranges and statistics are taken from. levels: how the map of each
    level lies on this one, level 0 being the map itself; none where only the base can be shown. cell: rows and columns
    of the picture that a cell stands for. source: pipeline and picture, for one node of which all views have the same
    tiles. ask: is called as ask(view, level, rows, cols) for what is to be drawn and is not known yet. For use by the
    window's thread once it is made.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        base: MapView,
        lies: MapLevel,
        levels: list[MapLevel],
        cell: tuple[float, float],
        source: tuple[object, ...],
        ask: Callable[[LargeView, int, Span, Span], None],
    ) -> None:
        # Not the base class's, which goes through all numbers.
        self.array = self.planes = LargeArray(shape)  # type: ignore[assignment] # refuses to be taken for numbers
        self.base, self.extents = base, base.extents
        self.nans, self.infinities, self.levels = base.nans, base.infinities, base.levels
        self._lies, self._levels, self._cell, self._ask = lies, levels, cell, ask
        self.held: list[dict[Place, MapTile]] = [{} for _ in levels]
        self.source = source

    @property
    def counted(self) -> NDArray[Any]:
        return self.base.counted

    @property
    def distribution(self) -> Any:
        return self.base.distribution

    def channel_distribution(self, channel: int) -> Any:
        return self.base.channel_distribution(channel)

    # -- drawing --------------------------------------------------------------------------------------

    def sample(self, channels: int | slice, crop: ViewCrop, height: int, width: int) -> NDArray[Any]:
        values = self.base.sample(channels, self._lies.crop(crop), height, width)
        finest = self._finest(crop, height, width)
        for level in range(len(self._levels) - 1, finest - 1, -1):
            self._lay(values, channels, level, crop)
        return values

    def colored(
        self,
        channel: int | None,
        crop: ViewCrop,
        height: int,
        width: int,
        scale: Scale,
        colormap: str,
        *,
        mean: bool = False,
    ) -> NDArray[np.uint32]:
        if channel is None and self.channels < 3:
            channel, colormap = 0, "gray"
        values = self.sample(slice(3) if channel is None else channel, crop, height, width)
        if mean and values.ndim == 3:
            with np.errstate(over="ignore", invalid="ignore"):
                values = values.mean(axis=0)
        finest = self._finest(crop, height, width)
        # Behind the last level there is the base alone, of which nothing finer can be asked for.
        if finest < len(self._levels) and self.reduction(crop, height, width) > 2**finest:
            self._want(crop, height, width)
        return painted(values, scale, colormap)

    def reduction(self, crop: ViewCrop, height: int, width: int) -> int:
        """The number below the line of the coarsest level that any of the pixels is drawn from."""
        for level in range(self._finest(crop, height, width), len(self._levels)):
            rows, cols = self._places(level, crop, height, width)
            covered = sum((b - a) * (d - c) for _, (a, b), (c, d) in self._parts(level, rows, cols))
            if covered == height * width:
                return 2**level
        return round(max(self._lies.height, self._lies.width))

    def _finest(self, crop: ViewCrop, height: int, width: int) -> int:
        """The level that has about as many pixels of the picture as there are on the screen."""
        down = (crop.bottom - crop.top) * self._cell[0] / max(height, 1)
        across = (crop.right - crop.left) * self._cell[1] / max(width, 1)
        # Of a layer with a stride, too: its cells are few, but each takes as much work as the picture below it.
        return min(max(int(np.log2(max(min(down, across), 1))), 0), len(self._levels))

    def _want(self, crop: ViewCrop, height: int, width: int) -> None:
        level = self._finest(crop, height, width)
        rows, cols = self._places(level, crop, height, width)
        self._ask(self, level, (int(rows[0]), int(rows[-1]) + 1), (int(cols[0]), int(cols[-1]) + 1))

    def _places(
        self, level: int, crop: ViewCrop, height: int, width: int
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The rows and columns of a level under the middles of the pixels."""
        own = self._levels[level]
        part = own.crop(crop)
        return (
            middles(part.top, part.bottom, height, own.size[0]),
            middles(part.left, part.right, width, own.size[1]),
        )

    def _parts(
        self, level: int, rows: NDArray[np.intp], cols: NDArray[np.intp]
    ) -> Iterator[tuple[MapTile, Span, Span]]:
        """The tiles that are known, each with the pixels that lie on it."""
        for tile in self.held[level].values():
            a, b = np.searchsorted(rows, tile.rows)
            c, d = np.searchsorted(cols, tile.cols)
            if a < b and c < d:
                yield tile, (int(a), int(b)), (int(c), int(d))

    def _lay(self, values: NDArray[Any], channels: int | slice, level: int, crop: ViewCrop) -> None:
        """Draw what is known of a level over sampled values."""
        rows, cols = self._places(level, crop, *values.shape[-2:])
        for tile, (a, b), (c, d) in self._parts(level, rows, cols):
            down, across = rows[a:b] - tile.rows[0], cols[c:d] - tile.cols[0]
            values[..., a:b, c:d] = tile.values[channels].take(down, axis=-2).take(across, axis=-1)

    # -- single values --------------------------------------------------------------------------------

    def knows(self, top: int, left: int, bottom: int, right: int) -> bool:
        found = (self._tile(row, col) for row in (top, bottom - 1) for col in (left, right - 1))
        # A part whose corners are known is: tiles are larger than what numbers are written into.
        return all(tile is not None for tile in found)

    def column(self, row: int, col: int, most: int) -> list[float] | None:
        tile = self._known(row, col)
        if tile is None:
            return None
        values: list[float] = tile.values[:most, row - tile.rows[0], col - tile.cols[0]].tolist()
        return values

    def number(self, channel: int, row: int, col: int) -> Any:
        tile = self._known(row, col)
        return None if tile is None else tile.values[channel, row - tile.rows[0], col - tile.cols[0]]

    def values(self, channel: int | None, top: int, left: int, bottom: int, right: int) -> list[list[float]]:
        crop = ViewCrop(top, left, bottom, right)
        found = self.sample(slice(3) if channel is None else channel, crop, bottom - top, right - left)
        with np.errstate(over="ignore", invalid="ignore"):
            block: list[list[float]] = (found if found.ndim == 2 else found.mean(axis=0)).tolist()
        return block

    def _known(self, row: int, col: int) -> MapTile | None:
        """The tile that a cell of the map itself lies in; None, after asking for it, where it is not known."""
        tile = self._tile(row, col)
        if tile is None and self._levels:
            self._ask(self, 0, (row, row + 1), (col, col + 1))
        return tile

    def _tile(self, row: int, col: int) -> MapTile | None:
        tiles = self.held[0].values() if self._levels else ()
        return next((t for t in tiles if t.rows[0] <= row < t.rows[1] and t.cols[0] <= col < t.cols[1]), None)


class _Owned(NamedTuple):
    """The tiles of one view that the memory counts."""

    view: weakref.ref[LargeView]
    keys: set[_Key]


class TileMemory:
    """The tiles of all maps together, of which the least recently made go first.

    most: bytes that they may take.
    """

    # Thousands of tiles are put one by one: each costs the same, however many there are.

    def __init__(self, most: int) -> None:
        self.most = most
        self._bytes = 0
        self._order: OrderedDict[_Key, int] = OrderedDict()  # with the bytes of each
        self._owned: dict[int, _Owned] = {}  # by the identity of the view
        # The last reference to a view may go in any thread, where only the name of what has gone is left behind.
        self._gone: deque[int] = deque()

    @property
    def bytes(self) -> int:
        """Bytes that the tiles of maps which are still in use take."""
        self._forget_gone()
        return self._bytes

    def hand_over(self, old: LargeView, new: LargeView) -> None:
        """Give the map of a node the tiles of an earlier view of it, if they are the same."""
        if old is not new and all(map(is_, old.source, new.source)) and len(old.held) == len(new.held):
            for level, tiles in enumerate(old.held):
                for place, tile in list(tiles.items()):
                    # Where there is less room than before, each that is put takes away others, also of these.
                    if place in tiles:
                        self._uncount((id(old), level, place))
                        self.put(new, level, place, tile)

    def put(self, view: LargeView, level: int, place: Place, tile: MapTile) -> None:
        """Give a map a tile, and take others away where they are too many together."""
        self._forget_gone()
        key = id(view), level, place
        self._uncount(key)
        view.held[level][place] = tile
        self._count(view, key, tile.values.nbytes)
        while self._bytes > self.most and len(self._order) > 1:
            oldest = next(iter(self._order))
            owner = self._owned[oldest[0]].view()
            self._uncount(oldest)
            if owner is not None:
                owner.held[oldest[1]].pop(oldest[2], None)

    def _count(self, view: LargeView, key: _Key, size: int) -> None:
        if id(view) not in self._owned:
            gone, own = self._gone, id(view)
            self._owned[own] = _Owned(weakref.ref(view, lambda _: gone.append(own)), set())
        self._owned[id(view)].keys.add(key)
        self._order[key] = size
        self._bytes += size

    def _uncount(self, key: _Key) -> None:
        if key in self._order:
            self._bytes -= self._order.pop(key)
            self._owned[key[0]].keys.discard(key)

    def _forget_gone(self) -> None:
        # Before any view is counted: a new one may have the identity of one that has gone.
        while self._gone:
            for key in self._owned.pop(self._gone.popleft()).keys:
                self._bytes -= self._order.pop(key)


def middles(start: float, stop: float, count: int, cells: int) -> NDArray[np.intp]:
    """The cells, of so many, under the middles of `count` pixels that a span of them is stretched over."""
    places = start + (np.arange(count) + 0.5) * ((stop - start) / max(count, 1))
    return np.clip(np.floor(places), 0, cells - 1).astype(np.intp)
