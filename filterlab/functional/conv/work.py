"""The blocks of a convolution's output, handed out to our threads, and what is done to each while the cache has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, NamedTuple

from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv.instructions import BYTES
from filterlab.functional.memory import Workspace, scratch
from filterlab.functional.prepared import Bound, Call, InPlace, change_all
from filterlab.functional.threads import check_wanted, run_bands, thread_count

PIECE = 1 << 16  # outputs that later operations are given together: the cache has them still
SMALLEST = 1 << 20  # products that are worth handing to another thread: it takes 20 microseconds to get going
BAND_WORK = 2  # times as many are in a band, where there are enough
# At most; with many small bands, a thread whose processor is busy elsewhere takes fewer.
BANDS_PER_THREAD = 16


class Grid(NamedTuple):
    """How the outputs are cut into blocks, and the shape of a block's lines.

    The windows of neighbouring outputs are neighbours in the lines; those of the next row of outputs lie `cells`
    further on, those of the next image `cells` times `needed`.
    """

    images: int  # of one block
    rows: int  # of outputs
    cols: int
    phases: tuple[int, int]
    needed: int  # rows of one phase under the outputs of an image
    cells: int  # columns of one phase

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one channel's lines."""
        return *self.phases, self.images, self.needed, self.cells


class BlockWork:
    """All blocks of an output of `shape` (n, outputs, h, w), to be summed on our threads by a compiled loop.

    sums: numbers of room that the loop needs beside lines. products: in each sum; they decide how many blocks are worth
    handing to another thread. then: operations on the output, see `blocks.prepared`.
    """

    def __init__(
        self,
        loop: Any,
        job: Any,
        grid: Grid,
        shape: tuple[int, ...],
        dtype: Any,
        *,
        sums: int,
        products: int,
        then: Sequence[InPlace] = (),
    ) -> None:
        # Room behind the lines. The cells that count lie inside them, but tiles read whole vectors (L = BYTES /
        # itemsize numbers each). `sum_maps` and `sum_rows` read less than one vector beyond the last cell that counts.
        # `sum_tall` reads T = TALL_VECTORS vectors where more than half of them count, so less than T / 2 * L <= 3 L
        # numbers beyond; or T / 3 <= 2 vectors, of which at least one cell counts. 3 L <= BYTES, as a number has 4
        # bytes or more.
        self._room = sums + job.weight.shape[1] * prod(grid.shape) + BYTES
        self._loop, self._job, self._grid, self._sums, self._dtype = loop, job, grid, sums, dtype
        images, outputs, height, width = shape
        # Of the columns, rows, groups and images, as they are counted.
        self._parts = (
            -(-width // grid.cols),
            -(-height // grid.rows),
            job.groups,
            -(-images // grid.images),
        )
        self._count, self._each, self._then = prod(self._parts), outputs // job.groups, then
        self._small = prod(shape) <= PIECE
        self._fitting = PIECE // (self._each * height * width)  # groups whose maps are a piece together
        work = max(prod(shape) * products // SMALLEST, 1)
        self._smallest = max(self._count // work, 1)
        # Handing out a band costs some ten microseconds, which is much beside one of SMALLEST products.
        self._bands = min(max(work // (BAND_WORK * thread_count()), 1), BANDS_PER_THREAD)

    def run(self, x: Array, y: Array, *others: Array) -> None:
        """Sum the blocks of y over x, each followed by the operations on it. Raises as `run_bands`.

        others: maps of the shape of y that operations join to it.
        """
        self._run(x, y, self._then, [read_only(other) for other in others])

    def _run(self, x: Array, y: Array, then: Sequence[InPlace], others: Sequence[Array]) -> None:
        x = read_only(x)
        if self._count < 2 * self._smallest:
            # As `run_bands` would, without what it does for others: that takes as long as a layer of LeNet computes.
            check_wanted()
            self._sum(x, y, 0, self._count, then, others)
        else:
            run_bands(
                lambda start, stop: self._sum(x, y, start, stop, then, others),
                self._count,
                smallest=self._smallest,
                per_thread=self._bands,
            )

    def calls(self, space: Workspace, x: Array, y: Array) -> list[Call]:
        """The calls that sum all blocks of y over x, without the operations on the output."""
        if thread_count() > 1 and self._count >= 2 * self._smallest:
            return [lambda: self._run(x, y, (), ())]
        lines, sums = self._split(space.scratch(self._room, self._dtype))
        return [Bound(self._loop, read_only(x), self._job, self._grid, 0, self._count, lines, sums, y)]

    def _split(self, room: Array) -> tuple[Array, Array]:
        return room[self._sums :], room[: self._sums]

    def _sum(
        self, x: Array, y: Array, start: int, stop: int, then: Sequence[InPlace], others: Sequence[Array]
    ) -> None:
        lines, sums = self._split(scratch(self._room, self._dtype))
        if not then:
            self._loop(x, self._job, self._grid, start, stop, lines, sums, y)
            return
        for first, last, part in self._pieces(start, stop):
            self._loop(x, self._job, self._grid, first, last, lines, sums, y)
            change_all(then, y[part], part[1], (other[part] for other in others))

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[int, int, Any]]:
        """The blocks `start` to `stop` in runs (first, last) that are boxes of y: (images, channels, rows, columns)."""
        if stop - start == self._count and self._small:
            yield start, stop, (slice(None),) * 4
            return
        across, down, groups, _ = self._parts
        grid, each, bands = self._grid, self._each, across * down
        while start < stop:
            col, row = start % across, start // across % down
            group, image = start // bands % groups, start // (bands * groups)
            rows, cols = (
                slice(row * grid.rows, (row + 1) * grid.rows),
                slice(col * grid.cols, (col + 1) * grid.cols),
            )
            # Whole maps: those of the groups that follow are a box together with them.
            whole = min((stop - start) // bands, groups - group, self._fitting) if start % bands == 0 else 0
            if whole:
                rows = cols = slice(None)
            last, channels = start + (whole * bands or 1), slice(group * each, (group + (whole or 1)) * each)
            yield start, last, (slice(image * grid.images, (image + 1) * grid.images), channels, rows, cols)
            start = last
