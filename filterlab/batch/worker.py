"""One picture: read, run, write."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf, prod
from pathlib import Path
from typing import Any

from filterlab.batch.plan import Job
from filterlab.batch.scores import write_scores
from filterlab.batch.settings import Settings
from filterlab.batch.targets import Target, targets
from filterlab.errors import FileError, FilterLabError
from filterlab.files import remove_leftovers
from filterlab.functional.arrays import Array
from filterlab.images.display import colorize, display_range
from filterlab.images.reading import read_image
from filterlab.images.sheet import Tile, contact_sheet
from filterlab.images.writing import write_array, write_image, write_pixels
from filterlab.layers.base import Shape

Cancel = Callable[[], bool]
MOST_TILES = 64  # of one node on a contact sheet


def process(settings: Settings, job: Job, cancel: Cancel | None = None) -> list[Path]:
    """The files written for one picture. Raises FilterLabError and leaves no broken file."""
    image = read_image(job.picture)
    shapes = settings.pipeline.output_shapes(image.shape)
    _check_memory(settings, shapes)
    folder = settings.out / job.folder
    files = targets(settings, folder, image.shape, shapes)
    if settings.existing == "resume":
        remove_leftovers(folder)
    if settings.existing == "keep":
        _refuse_existing(files)
    maps = settings.pipeline.run(image, settings.names, cancel=cancel)
    for file in files:
        make_folder(file.path.parent)
        _write(settings, file, maps, image)
    return [file.path for file in files]


def _check_memory(settings: Settings, shapes: Mapping[str, Shape]) -> None:
    """Raise FilterLabError where the maps cannot fit, before a system short of memory ends the process."""
    kept = sum(prod(shapes[name]) for name in settings.names)
    needed = 4 * max(kept, *map(prod, shapes.values()))
    if needed > machine_memory():
        what = f"its maps take {needed / 2**30:,.1f} GiB, this machine has {machine_memory() / 2**30:,.1f}"
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
        raise FileError(f"exists{more}", str(there[0]), "use --overwrite, --resume or another folder")


def make_folder(folder: Path) -> None:
    """Make a folder and those above it. Raises FileError where that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"the folder cannot be made: {error.strerror}", str(folder)) from None


def _write(settings: Settings, file: Target, maps: Mapping[str, Array], image: Array) -> None:
    if not file.node:
        write_pixels(file.path, _montage(settings, maps, image))
        return
    values = maps[file.node]
    if settings.format != "png":
        write_array(file.path, values)
    elif values.ndim == 1:
        write_scores(file.path, values, settings.pipeline[file.node])
    else:
        shown = display_range(values, settings.range, picture=file.picture)
        part = values if file.channel is None else values[file.channel]
        write_image(file.path, part, shown, settings.colormap)


# -- the contact sheet ------------------------------------------------------------------------------------


def _montage(settings: Settings, maps: Mapping[str, Array], image: Array) -> Any:
    """The picture and its maps, as PNG files show them, whatever the format is: numbers are not pictures."""
    shapes = {name: values.shape for name, values in maps.items()}
    files = targets(replace(settings, format="png"), Path(), image.shape, shapes)
    shown = [f for f in files if f.node and maps[f.node].ndim == 3 and (f.channel or 0) < MOST_TILES]
    original = Tile(_pixels(image, 0.0, 1.0, "gray"), "image", f"{_size(image)}, 0 to 1")
    tiles = [original] if len(image) in (1, 3) else []
    return contact_sheet([*tiles, *(_tile(settings, file, maps[file.node]) for file in shown)])


def _tile(settings: Settings, file: Target, values: Array) -> Tile:
    low, high = display_range(values, settings.range, picture=file.picture)
    part = values if file.channel is None else values[file.channel]
    label = file.node if file.channel is None else f"{file.node} [{file.channel}]"
    return Tile(
        _pixels(part, low, high, settings.colormap), label, f"{_size(values)}, {low:.4g} to {high:.4g}"
    )


def _pixels(values: Array, low: float, high: float, colormap: str) -> Any:
    plane = values[0] if values.ndim == 3 and len(values) != 3 else values
    return colorize(plane, low, high, colormap)


def _size(values: Array) -> str:
    return "x".join(map(str, values.shape))
