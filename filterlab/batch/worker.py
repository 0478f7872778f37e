"""One picture: read, compute, write."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from math import prod
from pathlib import Path
from time import perf_counter
from typing import Any

from filterlab.batch.journal import Output, Source, source_of
from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.montage import montage
from filterlab.batch.planning import Job
from filterlab.batch.remote.pictures import at_hand, is_remote
from filterlab.batch.scores import write_scores
from filterlab.batch.settings import Settings
from filterlab.batch.targets import Target, targets
from filterlab.batch.tiled import Advance, TiledPicture, opened
from filterlab.errors import UNEXPECTED, FileError, FilterLabError
from filterlab.files import make_folder
from filterlab.functional.arrays import Array
from filterlab.images.decoded import Reading
from filterlab.images.display import display_range
from filterlab.images.reading import read_picture
from filterlab.images.writing import write_array, write_image, write_pixels
from filterlab.layers.base.layer import Shape
from filterlab.machine import memory as machine_memory
from filterlab.machine import peak_memory
from filterlab.text.messages import say
from filterlab.text.system import refusal_text

# Called with the path of a file just before it is written, and whether there was none of this name.
Begin = Callable[[Path, bool], None]


@dataclass(frozen=True)
class Done:
    """The files that were written for a picture.

    source: the state of the picture's file before it was read, for the journal. left_out: the pages of the file that
    nobody asked for. remarks: on damage to the picture. seconds: that were worked on it. peak: bytes of memory, the
    most that its process had taken until then. earlier: an earlier run has done it.
    """

    outputs: tuple[Output, ...]
    source: Source | None
    left_out: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0
    peak: int = 0
    earlier: bool = False


@dataclass(frozen=True)
class Failure:
    """Why there are no files for a picture.

    passing: the cause may be gone later, as of a network drive that did not answer. seconds, peak: see `Done`.
    """

    reason: str
    passing: bool = False
    seconds: float = 0.0
    peak: int = 0


def attempt(
    settings: Settings, job: Job, begin: Begin | None = None, advance: Advance | None = None
) -> Done | Failure:
    """Do one picture; returns the files written, or the reason why there are none."""
    work = PictureWork(settings, job)
    work.read()
    work.compute()
    return work.write(begin, advance)


class PictureWork:
    """One picture on its way through three stages, each of which may be run by another thread.

    A stage that fails is the last, and leaves no half-written file; and where existing files are kept, no file of this
    picture at all, because it would be in the way of the next run.
    """

    def __init__(self, settings: Settings, job: Job) -> None:
        self.settings, self.job = settings if job.since is None else replace(settings, existing="resume"), job
        self.failure = Failure(job.problem) if job.problem else None
        self._tiled: TiledPicture | None = None
        self._fetched = ExitStack()  # holds the copy of a picture that came from an address
        self._seconds = 0.0

    @property
    def bytes(self) -> int:
        """How much memory its maps will take, or take; 0 where it has failed."""
        if self.failure:
            return 0
        # Where memory is bounded, a picture has all of it for itself.
        bounded = self._tiled is not None or self.settings.memory is not None
        return 1 << 62 if bounded else _needed(self.settings, self._shapes)

    @property
    def files(self) -> list[Path]:
        """Where its maps will be; none where it has failed."""
        return [] if self.failure else [target.path for target in self._targets]

    def read(self) -> None:
        """Read the picture, and check all that can be checked before a run that may take minutes."""
        self._stage(self._read)

    def compute(self) -> None:
        """Compute the maps."""
        self._stage(self._compute)

    def write(self, begin: Begin | None = None, advance: Advance | None = None) -> Done | Failure:
        """Write the files; returns what became of the picture. advance: is called where it is done in tiles."""
        with self._fetched:
            computed = not self.failure
            written = self._stage(lambda: self._write(begin, advance))
            if computed and self.failure and self.job.since is not None:
                _remove_newer(self._targets, self.job.since)
        spent = {"seconds": round(self._seconds, 4), "peak": peak_memory()}
        return replace(self.failure or written, **spent)

    def _stage(self, act: Callable[[], Any]) -> Any:
        if self.failure:
            return None
        began = perf_counter()
        try:
            return act()
        except Exception as error:
            self.failure = _failure(error, self.job)
            if self._tiled is not None:
                self._tiled.close()
            return None
        finally:
            self._seconds += perf_counter() - began

    def _read(self) -> None:
        settings, job = self.settings, self.job
        self._source = source_of(job)
        picture = self._fetched.enter_context(at_hand(job.picture, job.name))
        self._tiled = opened(settings, picture, job.page or 1)
        if self._tiled is None:
            self._reading = read_picture(picture, page=job.page or 1, level=settings.level)
            self._fetched.close()
        shape = self._reading.values.shape if self._tiled is None else self._tiled.shape
        self._shapes = settings.pipeline.output_shapes(shape)
        if self._tiled is None:
            _check_memory(settings, self._shapes)
        folder = settings.out / job.folder
        self._targets = targets(settings, folder, shape, self._shapes, job.pictured)
        if settings.existing == "resume":
            remove_leftovers(self.files)
        if settings.existing == "keep" or job.since is not None:
            _refuse_existing(self._targets, job.since)

    def _compute(self) -> None:
        if self._tiled is None:
            self._maps = self.settings.pipeline.run(self._reading.values, self.settings.names)
        # Where layers or the picture had to have the compiler, it makes the pixels, too.
        if "filterlab.compiling" in sys.modules:
            import_module("filterlab.images.passes")

    def _write(self, begin: Begin | None, advance: Advance | None) -> Done:
        reading: Reading | TiledPicture = self._tiled or self._reading
        if self._tiled is not None:
            # Computed and written part by part, in one stage.
            self._tiled.write(self._targets, lambda target: _announce(begin, target.path), advance)
            outputs = tuple(Output.of(target.path) for target in self._targets)
        else:
            values = self._reading.values
            outputs = _write_all(self.settings, self._targets, self._maps, values, begin)
        left_out = tuple(range(2, reading.pages + 1)) if self.job.page is None else ()
        return Done(outputs, self._source, left_out, reading.remarks)


# What a network drive or a busy system says, and may not say a moment later.
_PASSING = {
    getattr(errno, name, 0)
    for name in (
        *(
            "EIO",
            "EAGAIN",
            "EINTR",
            "EBUSY",
            "ETIMEDOUT",
            "ESTALE",
            "ENOMEM",
            "EMFILE",
            "ENFILE",
            "EREMOTEIO",
        ),
        *("ECONNABORTED", "ECONNRESET", "ECONNREFUSED", "ENOTCONN", "EPIPE", "ESHUTDOWN"),
        *("ENETDOWN", "ENETUNREACH", "ENETRESET", "EHOSTDOWN", "EHOSTUNREACH"),
    )
} - {0}


def _failure(error: Exception, job: Job) -> Failure:
    """What an error means for the person, and whether it may pass."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    passing = any(isinstance(c, MemoryError) or getattr(c, "errno", None) in _PASSING for c in causes)
    if isinstance(error, FilterLabError):
        # The caller names the picture, so its own errors need not name it again.
        if is_remote(job.name):
            error.where = ""  # the address, or the place of its copy
        return Failure(str(error).removeprefix(f"{job.picture}: "), passing)
    if isinstance(error, MemoryError):
        return Failure("there is not enough memory for it", passing)
    if isinstance(error, OSError):
        return Failure(refusal_text(error, writing=True), passing)
    # A fault of ours must not cost the other pictures.
    if os.environ.get("FILTERLAB_DEBUG"):
        traceback.print_exception(error)
    return Failure(UNEXPECTED)


def _write_all(
    settings: Settings, files: list[Target], maps: Mapping[str, Array], image: Array, begin: Begin | None
) -> tuple[Output, ...]:
    written: list[Path] = []
    outputs: list[Output] = []
    try:
        for file in files:
            make_folder(file.path.parent)
            _announce(begin, file.path)
            _write(settings, file, maps, image)
            written.append(file.path)
            outputs.append(Output.of(file.path))
        return tuple(outputs)
    except Exception:
        # Else a later run would find them and fail as "exists", without the true cause. What a signal interrupts is
        # no failure: whole files stay, as those of the pictures before do, and --resume goes on from them.
        if settings.existing == "keep":
            for path in written:
                with suppress(OSError):
                    path.unlink()
        raise


def _announce(begin: Begin | None, path: Path) -> None:
    # The parent may remove the new files announced to it, and none that somebody else has just made.
    if begin is not None:
        begin(path, not os.path.lexists(path))


def _check_memory(settings: Settings, shapes: Mapping[str, Shape]) -> None:
    """Raise FilterLabError where the maps cannot fit into memory: the system would end the process without a word."""
    needed = _needed(settings, shapes)
    if needed > machine_memory():
        what = say(
            "its maps take {:,.1f} GiB, this machine has {:,.1f}", needed / 2**30, machine_memory() / 2**30
        )
        hint = say("give --memory to have it done in tiles, or name fewer nodes with --maps")
        raise FilterLabError(what, "batch", hint)


def _needed(settings: Settings, shapes: Mapping[str, Shape]) -> int:
    """Bytes of the maps that are kept until they are written, or of the largest one."""
    kept = sum(prod(shapes[name]) for name in settings.names)
    return 4 * max(kept, *map(prod, shapes.values()))


def _refuse_existing(files: list[Target], since: int | None) -> None:
    there = [file.path for file in files if os.path.lexists(file.path) and not _is_newer(file.path, since)]
    if there:
        more = len(there) - 1
        what = say("exists and {} more", more) if more else say("exists")
        raise FileError(what, str(there[0]), "use --overwrite, --resume or another folder")


def _is_newer(path: Path, since: int | None) -> bool:
    # By the time of the last change of the file's entry, which the system alone sets: a copy keeps its other times.
    return since is not None and path.lstat().st_ctime_ns > since


def _remove_newer(files: list[Target], since: int) -> None:
    for file in files:
        with suppress(OSError):
            if _is_newer(file.path, since):
                file.path.unlink()


def _write(settings: Settings, file: Target, maps: Mapping[str, Array], image: Array) -> None:
    # Checked again as each file is put into place: another program may have made one of that name meanwhile.
    overwrite = settings.existing != "keep"
    if not file.node:
        write_pixels(file.path, montage(settings, maps, image), level=settings.png_level, overwrite=overwrite)
        return
    values = maps[file.node]
    if settings.format != "png":
        write_array(file.path, values, overwrite=overwrite)
    elif values.ndim == 1:
        write_scores(file.path, values, settings.pipeline[file.node], overwrite=overwrite)
    else:
        shown = display_range(values, settings.range, picture=file.picture)
        part = values if file.channel is None else values[file.channel]
        write_image(file.path, part, shown, settings.colormap, level=settings.png_level, overwrite=overwrite)
