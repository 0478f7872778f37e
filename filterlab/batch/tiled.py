"""One picture of a batch done in tiles: read, computed and written in parts, so that memory holds a few of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from heapq import nlargest
from math import isfinite, prod
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from filterlab.batch.planning import Job
from filterlab.batch.scores import write_scores
from filterlab.batch.settings import Settings
from filterlab.batch.targets import Target
from filterlab.errors import FilterLabError, ImageError, ParameterError
from filterlab.fields.patches import Span
from filterlab.files import atomic_write, make_folder
from filterlab.functional.arrays import Array
from filterlab.functional.memory import keep_at_most
from filterlab.functional.threads import thread_count
from filterlab.graph.nodes import at_node
from filterlab.images.decoded import MAX_VALUES
from filterlab.images.display import colorize, display_range
from filterlab.images.parts.arrays import NpyParts
from filterlab.images.parts.npy import NpyRectangles
from filterlab.images.parts.png import read_png_part, write_png_rows
from filterlab.images.parts.reading import PictureParts
from filterlab.images.parts.tiff import TiffParts, check_channels
from filterlab.images.sizes import picture_shape
from filterlab.images.writing import write_array
from filterlab.layers.base.layer import Shape
from filterlab.machine import return_freed_memory
from filterlab.run.tiling.ends import ArraySink, PartSink
from filterlab.run.tiling.fitting import fit_run, fits_whole, room_in, too_little
from filterlab.run.tiling.passes import TiledRun, execute, plan_run
from filterlab.run.tiling.plan import FILE_TILE, NUMBER
from filterlab.run.tiling.running import KnownMaps
from filterlab.run.tiling.tiled import check_tiles
from filterlab.text.messages import say

_ROWS = 64  # rows of a map that become pixels at a time
ROOM = 256 << 20  # bytes for the maps of a process, where their number is up to us
_FREED = 8  # an eighth of the room keeps freed maps for the next tile
_STEPS = (
    1000  # in which a picture advances: its tiles may be many more, and each step is a message to the parent
)

Placed = Callable[[Target], None]  # called with a target just before its file is made
Advance = Callable[
    [float], None
]  # called with how much is done of the pictures that are under way, in pictures


def opened(settings: Settings, path: Path, page: int, *, kept: bool = False) -> TiledPicture | None:
    """A picture that must be done in tiles, opened; None for one that is done whole. kept: its maps stay in memory.

    Raises ImageError, and FilterLabError where tiles cannot be had or do not fit.
    """
    if not settings.in_tiles:
        return None
    parts = PictureParts(path, page=page, level=settings.level)
    try:
        run = _planned(settings, parts, kept)
    except BaseException:
        parts.close()
        raise
    if run is None:
        parts.close()
        return None
    return TiledPicture(settings, parts, run)


class _Extent(Protocol):
    """What a plan asks of a picture."""

    @property
    def shape(self) -> Shape: ...
    @property
    def held(self) -> int: ...
    def band_bytes(self, rows: int) -> int: ...


def _planned(settings: Settings, parts: _Extent, kept: bool, threads: int | None = None) -> TiledRun | None:
    def beside(run: TiledRun) -> int:
        maps = (NUMBER * prod(run.shapes[name]) for name in run.wanted) if kept else ()
        return _beside(settings, parts, run) + sum(maps)

    shape, memory = parts.shape, settings.memory
    names = settings.names
    if settings.tile is not None:
        if max(shape[1:]) <= settings.tile:
            return None
        run = plan_run(settings.pipeline, shape, names, (settings.tile, settings.tile))
        needed = run.peak + beside(run)
        if memory is not None and needed > room_in(memory, threads):
            raise too_little(needed, memory, threads)
    else:
        assert memory is not None, "opened() asks for one of both"
        if fits_whole(settings.pipeline, shape, names, memory, threads):
            return None
        run = fit_run(settings.pipeline, shape, names, memory, beside, threads)
    if settings.montage:
        raise ParameterError(
            "a contact sheet cannot be made in tiles", "batch", "leave --montage out", parameter="montage"
        )
    if (
        settings.format == "png"
        and isinstance(settings.range, str)
        and settings.range.startswith("percentile")
    ):
        hint = say("give LO,HI, or --format tiff")
        raise ParameterError("percentiles cannot be found in tiles", "batch", hint, parameter="range")
    for name in run.wanted if settings.format == "tiff" else ():
        if len(run.shapes[name]) == 3:
            with at_node(name):
                check_channels(run.shapes[name][0])
    return run


def _beside(settings: Settings, parts: _Extent, run: TiledRun) -> int:
    """The bytes that reading and writing take beside the maps."""
    # Rows of a map that become pixels together, and those that wait until a tile of the file is complete.
    rows = _ROWS + (FILE_TILE if run.tiles.tile[1] % FILE_TILE or settings.pyramid else 0)
    maps = (run.shapes[name] for name in run.wanted if len(run.shapes[name]) == 3)
    written = sum(NUMBER * shape[0] * shape[2] * rows for shape in maps)
    return parts.held + _strips(parts, run) + written


def _strips(parts: _Extent, run: TiledRun) -> int:
    """The bytes of the decoded strips that a row of tiles reads over and over."""
    rows = run.tiles.tile[0] + run.tiles.halo[0]
    return parts.band_bytes(min(rows, parts.shape[1]))


class TiledPicture:
    """An open picture, and the run that makes its maps in tiles. `write` does it; then it is closed."""

    def __init__(self, settings: Settings, parts: PictureParts, run: TiledRun) -> None:
        self.run = run
        self.shape: Shape = parts.shape
        self._settings, self._parts = settings, parts

    @property
    def pages(self) -> int:
        """The number of pages of the file."""
        return self._parts.pages

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on damage that reading has met so far."""
        return self._parts.remarks

    def close(self) -> None:
        """Close the picture."""
        self._parts.close()

    def arrays(self) -> dict[str, Array]:
        """Make the maps, and close the picture. Raises FilterLabError."""
        sinks = {name: ArraySink(self.run.shapes[name]) for name in self.run.wanted}
        self._begin()
        with self._parts:
            for _ in execute(self.run, self._parts, sinks):
                pass
        return {name: sink.array for name, sink in sinks.items()}

    def _begin(self) -> None:
        self._parts.keep(_strips(self._parts, self.run))
        if self._settings.memory is not None:
            return_freed_memory()
            keep_at_most(max(room_in(self._settings.memory) // _FREED, 1 << 20))

    def write(self, targets: Sequence[Target], placed: Placed, advance: Advance | None = None) -> None:
        """Make the maps, and write the files: all of them, or none. Raises FilterLabError, OSError."""
        settings, run = self._settings, self.run
        self._begin()
        done: list[Path] = []
        try:
            with self._parts, ExitStack() as files:
                place = _Placing(settings, placed, files, done)
                each = {name: [t for t in targets if t.node == name] for name in run.wanted}
                writers = {
                    name: _writer(settings, run.shapes[name], own, place) for name, own in each.items()
                }
                known = KnownMaps({}, {})
                for number in execute(run, self._parts, writers, known=known):
                    if advance and number * _STEPS // run.count > (number - 1) * _STEPS // run.count:
                        advance(number / run.count)
                for writer in writers.values():
                    writer.finish()
                if settings.verify:
                    check_tiles(run, self._parts, known, _MapFiles(place.temporary, files, writers))
            # Leaving the block has given each file its name.
        except BaseException:  # a Ctrl-C while they get their names, too
            if settings.existing == "keep":
                for path in done:
                    path.unlink(missing_ok=True)
            raise


class _Placing:
    """Makes files that get their names only when all are whole.

    files: is what closes them. temporary: where the file of a node is meanwhile. done: those that have their names.
    """

    def __init__(self, settings: Settings, placed: Placed, files: ExitStack, done: list[Path]) -> None:
        self.files = files
        self.temporary: dict[str, Path] = {}
        self._overwrite = settings.existing != "keep"
        self._placed, self._done = placed, done

    def __call__(self, target: Target) -> Path:
        """The temporary path of a file."""
        make_folder(target.path.parent)
        self._placed(target)
        made = self.temporary[target.node] = self.files.enter_context(self._written(target.path))
        return made

    @contextmanager
    def _written(self, path: Path) -> Iterator[Path]:
        with atomic_write(path, overwrite=self._overwrite) as temporary:
            yield temporary
        self._done.append(path)


class _MapFiles:
    """The files of maps, held against what was computed again."""

    def __init__(
        self, paths: Mapping[str, Path], files: ExitStack, writers: Mapping[str, _MapWriter]
    ) -> None:
        self._paths, self._files, self._writers = paths, files, writers
        self._open: dict[str, PictureParts] = {}

    def __call__(self, name: str, rows: Span, cols: Span, values: Array) -> NDArray[np.bool_]:
        writer = self._writers[name]
        if isinstance(writer, _PixelWriter):
            return writer.differing(rows, cols, values)
        if name not in self._open:
            self._open[name] = self._files.enter_context(PictureParts(self._paths[name]))
        other = self._open[name].read(rows, cols)
        return (values != other) & ~(np.isnan(values) & np.isnan(other))


def _scratch_in(folder: Path) -> IO[bytes]:
    return TemporaryFile(dir=folder)


class _MapWriter(PartSink, Protocol):
    def finish(self) -> None: ...


def _writer(settings: Settings, shape: Shape, targets: list[Target], place: _Placing) -> _MapWriter:
    """What takes the parts of a map, and writes them to its files."""
    files = place.files
    if len(shape) == 1:
        return _VectorWriter(settings, shape, targets, place)
    if settings.format == "png":
        paths = [(target, place(target)) for target in targets]
        # Beside the pictures, where there is room for these as well; it is gone with the process, too.
        return _PixelWriter(settings, shape, paths, files.enter_context(_scratch_in(paths[0][1].parent)))
    channels, height, width = shape
    path = place(targets[0])
    file = files.enter_context(path.open("wb"))
    if settings.format == "npy":
        return NpyParts(file, shape)
    tiff = TiffParts(file, (channels, height, width), compress=settings.compress, pyramid=settings.pyramid)
    files.callback(tiff.close)
    return tiff


class _VectorWriter(ArraySink):
    """A vector, which is never large: written at the end as ever."""

    def __init__(
        self, settings: Settings, shape: Shape, targets: list[Target], place: Callable[[Target], Path]
    ) -> None:
        super().__init__(shape)
        self._settings = settings
        self._paths = [(target, place(target)) for target in targets]

    def finish(self) -> None:
        for target, path in self._paths:
            if self._settings.format == "png":
                write_scores(path, self.array, self._settings.pipeline[target.node])
            else:
                write_array(path, self.array)


class _PixelWriter:
    """A map as pixels. What black and white mean is known at the end only, so that the numbers wait on the disk."""

    def __init__(
        self, settings: Settings, shape: Shape, paths: list[tuple[Target, Path]], scratch: IO[bytes]
    ) -> None:
        self._settings, self._shape, self._paths = settings, shape, paths
        self._scratch, self._numbers = scratch, NpyParts(scratch, shape)
        self._low, self._high = np.inf, -np.inf

    def write(self, rows: Span, cols: Span, values: Array) -> None:
        self._numbers.write(rows, cols, values)
        finite = values[np.isfinite(values)]
        if finite.size:
            self._low, self._high = min(self._low, finite.min()), max(self._high, finite.max())

    def finish(self) -> None:
        self._numbers.finish()
        settings = self._settings
        numbers = NpyRectangles(self._scratch, 1)
        for target, path in self._paths:
            shown = self._range(target)
            text = {"range": f"{shown[0]!r},{shown[1]!r}"}
            colour = target.channel is None and self._shape[0] == 3
            text = text if colour else {**text, "colormap": settings.colormap}
            bands = self._bands(numbers, target)
            write_png_rows(path, (self._shape[1], self._shape[2]), bands, text, settings.png_level)

    def differing(self, rows: Span, cols: Span, values: Array) -> NDArray[np.bool_]:
        """Where (C, h, w) the files have other pixels than these values become."""
        found = np.zeros(values.shape, bool)
        for target, path in self._paths:
            differs = self._pixels(target, values) != read_png_part(path, rows, cols)
            found[slice(None) if target.channel is None else target.channel] |= differs.reshape(
                *values.shape[1:], -1
            ).any(axis=2)
        return found

    def _range(self, target: Target) -> tuple[float, float]:
        ends = [[self._low, self._high]] if isfinite(self._low) else [[0.0, 0.0]]
        return display_range(ends, self._settings.range, picture=target.picture)

    def _bands(self, numbers: NpyRectangles, target: Target) -> Iterator[Any]:
        _, height, width = self._shape
        for top in range(0, height, _ROWS):
            yield self._pixels(target, numbers.read((top, min(top + _ROWS, height)), (0, width)))

    def _pixels(self, target: Target, values: Array) -> NDArray[Any]:
        channel = 0 if len(values) == 1 else target.channel
        part = values if channel is None else values[channel]
        return colorize(part, *self._range(target), self._settings.colormap)


# Bytes of the process that only deals out the work, which loads no compiler; as measured.
_DEALER = 96 << 20
# Pictures that are looked at before the work begins: the largest files of the first so many.
_PROBED, _WEIGHED = 8, 1000


def threads_of_each(size: int) -> int:
    """How many threads each of so many workers has on this machine, where nobody says."""
    return max(thread_count() // max(size, 1), 1)


def needed(processes: int, room: int, *, apart: bool, threads: int | None = None) -> int:
    """The memory of a run whose processes have `room` bytes for maps each; see `shared` for the others."""
    return (_DEALER if apart else 0) + processes * (room - room_in(0, threads))


def shared(settings: Settings, processes: int, *, apart: bool, threads: int | None = None) -> Settings:
    """The settings of each of some processes, with its part of the memory. apart: none of them is this process.

    threads: of each, where it is not this one. Raises FilterLabError with the least figure where that is too little for
    a process.
    """
    if settings.memory is None:
        return settings
    processes = max(processes, 1)
    least = needed(processes, 1, apart=apart, threads=threads)
    if settings.memory < least:
        what = say("it needs {}M of memory at least, in {} process(es)", -(-least >> 20), processes)
        raise FilterLabError(what, "memory", "allow more, or use fewer processes")
    return replace(settings, memory=(settings.memory - (_DEALER if apart else 0)) // processes)


def check_tiled(
    settings: Settings, jobs: Sequence[Job], *, kept: bool = False, threads: int | None = None
) -> None:
    """Plan the largest of the first pictures, as far as their headers tell their sizes.

    settings: of one process. threads: of it, where it is not this one. kept: see `opened`. Raises FilterLabError where
    the memory does not suffice for one, naming the least that does, or the node that no tiles can make; ParameterError
    where one needs tiles and the options do not allow them.
    """
    if not settings.in_tiles:
        return
    first = (job for job in jobs[:_WEIGHED] if not job.problem)
    for job in nlargest(_PROBED, first, key=_file_size):
        _check_planned(settings, job.picture, job.page or 1, kept, threads)


def _file_size(job: Job) -> int:
    with suppress(OSError, ValueError):
        return job.picture.stat().st_size
    return 0


def _check_planned(settings: Settings, picture: Path, page: int, kept: bool, threads: int | None) -> None:
    try:
        shape = picture_shape(picture, page, settings.level, decode=False)
        settings.pipeline.output_shapes(shape)
    except (FilterLabError, OSError, ValueError):
        return  # told with the picture, in its turn: only memory and options concern the whole run
    try:
        parts = PictureParts(picture, page=page, whole=False, level=settings.level)
    except ImageError:
        # A header may claim any size, of which a plan in tiles would take all memory; reading it is refused.
        if prod(shape) <= MAX_VALUES:
            _planned(settings, _Undecoded(shape), kept, threads)
        return
    with parts:
        _planned(settings, parts, kept, threads)


class _Undecoded(NamedTuple):
    """A picture that will be decoded as a whole, of which only the header was read."""

    shape: Shape

    @property
    def held(self) -> int:
        return NUMBER * prod(self.shape)

    def band_bytes(self, rows: int) -> int:
        return 0


def affordable(settings: Settings, processes: int) -> int:
    """How many of so many processes the memory suffices for; at least one."""
    if settings.memory is None:
        return processes
    asked = ((n, needed(n, ROOM, apart=True, threads=threads_of_each(n))) for n in range(processes, 1, -1))
    return next((n for n, least in asked if least <= settings.memory), 1)
