"""One picture: read, run, write."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, prod
from pathlib import Path

from filterlab.batch.journal import Output
from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.montage import montage
from filterlab.batch.plan import Job
from filterlab.batch.scores import write_scores
from filterlab.batch.settings import Settings
from filterlab.batch.targets import Target, targets
from filterlab.errors import Cancelled, FileError, FilterLabError
from filterlab.functional.arrays import Array
from filterlab.images.display import display_range
from filterlab.images.reading import read_picture
from filterlab.images.writing import write_array, write_image, write_pixels
from filterlab.layers.base.layer import Shape
from filterlab.text.messages import say

Cancel = Callable[[], bool]


@dataclass(frozen=True)
class Done:
    """What was written for a picture, the pages of its file that nobody asked for, and remarks on damage to it."""

    outputs: tuple[Output, ...]
    left_out: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()


def attempt(settings: Settings, job: Job, cancel: Cancel | None = None) -> Done | str:
    """What became of one picture: what was written, or the reason of its failure. Raises Cancelled alone."""
    try:
        return process(settings, job, cancel)
    except Cancelled:
        raise
    except FilterLabError as error:
        # The caller names the picture; its own errors need not say it again.
        return str(error).removeprefix(f"{job.picture}: ")
    except MemoryError:
        return "there is not enough memory for it"
    except OSError as error:
        return f"{error.strerror or 'the system refuses it'}"
    except Exception as error:  # a fault of ours must not cost the other pictures
        return f"unexpected {type(error).__name__}: {error}"


def process(settings: Settings, job: Job, cancel: Cancel | None = None) -> Done:
    """Do one picture. Raises FilterLabError and leaves no broken file."""
    reading = read_picture(job.picture, page=job.page or 1)
    image = reading.values
    shapes = settings.pipeline.output_shapes(image.shape)
    _check_memory(settings, shapes)
    folder = settings.out / job.folder
    files = targets(settings, folder, image.shape, shapes)
    if settings.existing == "resume":
        remove_leftovers(settings, folder)
    if settings.existing == "keep":
        _refuse_existing(files)
    maps = settings.pipeline.run(image, settings.names, cancel=cancel)
    outputs = []
    for file in files:
        make_folder(file.path.parent)
        _write(settings, file, maps, image)
        outputs.append(Output.of(file.path))
    left_out = tuple(range(2, reading.pages + 1)) if job.page is None else ()
    return Done(tuple(outputs), left_out, reading.remarks)


def _check_memory(settings: Settings, shapes: Mapping[str, Shape]) -> None:
    """Raise FilterLabError where the maps cannot fit, before a system short of memory ends the process."""
    kept = sum(prod(shapes[name]) for name in settings.names)
    needed = 4 * max(kept, *map(prod, shapes.values()))
    if needed > machine_memory():
        what = say(
            "its maps take {:,.1f} GiB, this machine has {:,.1f}", needed / 2**30, machine_memory() / 2**30
        )
        raise FilterLabError(what, "batch", "use a smaller picture, or name fewer nodes with --maps")


def machine_memory() -> float:
    """Bytes of memory that the machine has, infinity where it does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):  # not on Windows
        return inf


def _refuse_existing(files: list[Target]) -> None:
    there = [file.path for file in files if file.path.exists() or file.path.is_symlink()]
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise FileError(say("exists{}", more), str(there[0]), "use --overwrite, --resume or another folder")


def make_folder(folder: Path) -> None:
    """Make a folder and those above it. Raises FileError where that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(say("the folder cannot be made: {}", error.strerror), str(folder)) from None


def _write(settings: Settings, file: Target, maps: Mapping[str, Array], image: Array) -> None:
    # Where nothing may be overwritten the files are created exclusively: another program may have made one meanwhile.
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
