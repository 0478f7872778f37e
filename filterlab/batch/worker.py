"""One picture: read, run, write."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path

from filterlab.batch.journal import Output, Source, source_of
from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.montage import montage
from filterlab.batch.planning import Job
from filterlab.batch.scores import write_scores
from filterlab.batch.settings import Settings
from filterlab.batch.targets import Target, targets
from filterlab.errors import UNEXPECTED, FileError, FilterLabError
from filterlab.functional.arrays import Array
from filterlab.images.display import display_range
from filterlab.images.reading import read_picture
from filterlab.images.writing import write_array, write_image, write_pixels
from filterlab.layers.base.layer import Shape
from filterlab.machine import memory as machine_memory
from filterlab.text.messages import say
from filterlab.text.system import refusal, refusal_text

Begin = Callable[[Path], None]  # called with the path of a file just before it is written


@dataclass(frozen=True)
class Done:
    """The files that were written for a picture.

    source: the state of the picture's file before it was read, for the journal. left_out: the pages of the file that
    nobody asked for. remarks: on damage to the picture.
    """

    outputs: tuple[Output, ...]
    source: Source | None
    left_out: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()


def attempt(settings: Settings, job: Job, begin: Begin | None = None) -> Done | str:
    """Do one picture; returns the files written, or the reason why there are none."""
    if job.problem:
        return job.problem
    try:
        return process(settings, job, begin)
    except FilterLabError as error:
        # The caller names the picture, so its own errors need not name it again.
        return str(error).removeprefix(f"{job.picture}: ")
    except MemoryError:
        return "there is not enough memory for it"
    except OSError as error:
        return refusal_text(error, writing=True)
    except Exception:  # a fault of ours must not cost the other pictures
        if os.environ.get("FILTERLAB_DEBUG"):
            traceback.print_exc()
        return UNEXPECTED


def process(settings: Settings, job: Job, begin: Begin | None = None) -> Done:
    """Do one picture.

    Raises FilterLabError or OSError. No half-written file is left then; and where existing files are kept, no file of
    this picture at all, because it would be in the way of the next run.
    """
    source = source_of(job)
    reading = read_picture(job.picture, page=job.page or 1)
    image = reading.values
    shapes = settings.pipeline.output_shapes(image.shape)
    # All checks come before the run, which may take minutes.
    _check_memory(settings, shapes)
    folder = settings.out / job.folder
    files = targets(settings, folder, image.shape, shapes, job.pictured)
    if settings.existing == "resume":
        remove_leftovers(settings, folder)
    if settings.existing == "keep":
        _refuse_existing(files)
    maps = settings.pipeline.run(image, settings.names)
    outputs = _write_all(settings, files, maps, image, begin)
    left_out = tuple(range(2, reading.pages + 1)) if job.page is None else ()
    return Done(outputs, source, left_out, reading.remarks)


def _write_all(
    settings: Settings, files: list[Target], maps: Mapping[str, Array], image: Array, begin: Begin | None
) -> tuple[Output, ...]:
    written: list[Path] = []
    outputs: list[Output] = []
    try:
        for file in files:
            make_folder(file.path.parent)
            # The parent may remove the files announced to it, and must not remove one that somebody else has just made.
            if begin is not None and not os.path.lexists(file.path):
                begin(file.path)
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


def _check_memory(settings: Settings, shapes: Mapping[str, Shape]) -> None:
    """Raise FilterLabError where the maps cannot fit into memory: the system would end the process without a word."""
    kept = sum(prod(shapes[name]) for name in settings.names)
    needed = 4 * max(kept, *map(prod, shapes.values()))
    if needed > machine_memory():
        what = say(
            "its maps take {:,.1f} GiB, this machine has {:,.1f}", needed / 2**30, machine_memory() / 2**30
        )
        raise FilterLabError(what, "batch", "use a smaller picture, or name fewer nodes with --maps")


def _refuse_existing(files: list[Target]) -> None:
    there = [file.path for file in files if file.path.exists() or file.path.is_symlink()]
    if there:
        more = len(there) - 1
        what = say("exists and {} more", more) if more else say("exists")
        raise FileError(what, str(there[0]), "use --overwrite, --resume or another folder")


def make_folder(folder: Path) -> None:
    """Make a folder and its parents. Raises FileError where the system refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what, hint = refusal(error, writing=True)
        raise FileError(say("the folder cannot be made: {}", what), str(folder), hint) from None


def _write(settings: Settings, file: Target, maps: Mapping[str, Array], image: Array) -> None:
    # Checked again as each file is put into place: another program may have made one of that name meanwhile.
    overwrite = settings.existing != "keep"
    if not file.node:
        write_pixels(file.path, montage(settings, maps, image), overwrite=overwrite)
        return
    values = maps[file.node]
    if settings.format != "png":
        write_array(file.path, values, overwrite=overwrite)
    elif values.ndim == 1:
        write_scores(file.path, values, settings.pipeline[file.node], overwrite=overwrite)
    else:
        shown = display_range(values, settings.range, picture=file.picture)
        part = values if file.channel is None else values[file.channel]
        write_image(file.path, part, shown, settings.colormap, overwrite=overwrite)
