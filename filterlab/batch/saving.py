"""Saving maps that are in memory: which files, how large, and writing them. They are named as a batch names them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from filterlab.batch.options.declared import FORMATS
from filterlab.batch.scores import write_scores
from filterlab.batch.settings import Settings
from filterlab.batch.targets import Target, targets
from filterlab.errors import Cancelled, FilterLabError, ParameterError
from filterlab.files import make_folder
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE
from filterlab.images.writing import write_array, write_image
from filterlab.layers.base.layer import Shape
from filterlab.pipeline import Pipeline
from filterlab.text.messages import count, say

_NPY_HEADER = 128  # bytes


@dataclass(frozen=True)
class Form:
    """How maps are written. bits: of a PNG sample, 8 or 16. split: write one file per channel, for colour pictures too.

    Raises ParameterError for an unknown format.
    """

    format: str = "png"
    bits: int = 8
    split: bool = False

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            hint = say("one of {}", ", ".join(FORMATS))
            raise ParameterError(say("format is {!r}", self.format), "saving", hint, parameter="format")


@dataclass(frozen=True)
class Planned:
    """A file to be written. shape: of the array in it. bytes: its size, an upper bound where `at_most` is True."""

    target: Target
    shape: Shape
    bytes: int
    at_most: bool


def plan(
    pipeline: Pipeline,
    chosen: Mapping[str, Collection[int] | None],
    folder: Path,
    form: Form,
    shapes: Mapping[str, Shape],
) -> list[Planned]:
    """The files for the chosen channels of nodes; None in place of channels means the whole map.

    shapes: of all nodes, and of the picture under "image". Raises ParameterError where two files would have one name.
    """
    complete = [name for name, channels in chosen.items() if channels is None]
    found = _image(chosen, folder, form, shapes[IMAGE])
    names = tuple(name for name in complete if name != IMAGE)
    if names:
        settings = Settings(pipeline, folder, maps=names, format=form.format, split=form.split)
        found += targets(settings, folder, shapes[IMAGE], shapes)
    for name, channels in chosen.items():
        if channels is not None and name != IMAGE:
            found += [
                _channel_file(folder, form, name, channel, shapes[name]) for channel in sorted(channels)
            ]
    _check_apart(found)
    order = {name: i for i, name in enumerate([IMAGE, *(node.name for node in pipeline)])}
    found.sort(key=lambda target: (order[target.node], target.channel or 0))
    # Several chosen entries of a vector ask for the same table: it is written once.
    return [_planned(target, form, shapes[target.node]) for target in dict.fromkeys(found)]


def _check_apart(found: list[Target]) -> None:
    """Raise ParameterError where two nodes would write one file, as channel 0 of `a` and the picture `a-0`."""
    owners: dict[str, str] = {}
    for target in found:
        # On Windows and macOS names that differ only in the case of letters are one file.
        other = owners.setdefault(str(target.path).casefold(), target.node)
        if other != target.node:
            what = say("{!r} and {!r} would both write {}", other, target.node, target.path.name)
            raise ParameterError(what, "saving", "save them one after the other, into two folders")


def _image(
    chosen: Mapping[str, Collection[int] | None], folder: Path, form: Form, shape: Shape
) -> list[Target]:
    """The files of the picture itself, which no batch writes, named as those of a node "image" would be."""
    if IMAGE not in chosen:
        return []
    channels = chosen[IMAGE]
    if channels is None and (form.format != "png" or (shape[0] in (1, 3) and not form.split)):
        return [Target(folder / f"{IMAGE}.{form.format}", IMAGE, None, True)]
    each = range(shape[0]) if channels is None else sorted(channels)
    return [_channel_file(folder, form, IMAGE, channel, shape) for channel in each]


def _channel_file(folder: Path, form: Form, name: str, channel: int, shape: Shape) -> Target:
    place = folder.joinpath(*PurePosixPath(name).parts)
    if len(shape) == 1:
        # A single entry of a vector means little, so the table has them all.
        suffix = "csv" if form.format == "png" else form.format
        return Target(place.with_name(f"{place.name}.{suffix}"), name, None, False)
    return Target(place.with_name(f"{place.name}-{channel}.{form.format}"), name, channel, False)


def _planned(target: Target, form: Form, shape: Shape) -> Planned:
    held = shape if target.channel is None else shape[1:]
    if form.format == "npy":
        return Planned(target, held, _NPY_HEADER + 4 * prod(held), False)
    if form.format == "tiff":
        return Planned(target, held, 4 * prod(held), True)
    if len(shape) == 1:
        return Planned(target, held, 64 * prod(held), True)
    return Planned(target, held, 3 * prod(held[-2:]) * form.bits // 8, True)


class Appearance(NamedTuple):
    """The values at both ends of a colour map, and its name. mean: show the mean of the channels, and not RGB."""

    low: float
    high: float
    colormap: str
    mean: bool = False


Looks = Callable[[Target], Appearance]
Failures = list[tuple[Path, FilterLabError]]


def write_all(
    files: Sequence[Target],
    form: Form,
    maps: Mapping[str, Array],
    pipeline: Pipeline,
    looks: Looks,
    *,
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Failures:
    """Write the files, each completely or not at all; return those that failed, with the error of each.

    looks: gives the appearance of a map, for files that are pictures. progress: called with the number of files done
    and their total. Raises Cancelled between two files once `cancel()` is true.
    """
    failures: Failures = []
    for i, target in enumerate(files):
        # Between files only: each is complete or missing, never half of one.
        if cancel is not None and cancel():
            what = count(i, "{} of {} file(s) is written", "{} of {} file(s) are written", len(files))
            raise Cancelled(what, "saving")
        try:
            make_folder(target.path.parent)
            _write(target, form, maps[target.node], pipeline, looks, overwrite)
        except FilterLabError as error:
            failures.append((target.path, error))
        if progress is not None:
            progress(i + 1, len(files))
    return failures


def _write(
    target: Target, form: Form, values: Array, pipeline: Pipeline, looks: Looks, overwrite: bool
) -> None:
    part = values if target.channel is None else values[target.channel]
    if form.format != "png":
        write_array(target.path, part, overwrite=overwrite)
    elif part.ndim == 1:
        write_scores(target.path, part, pipeline[target.node], overwrite=overwrite)
    else:
        low, high, colormap, mean = looks(target)
        with np.errstate(invalid="ignore"):  # of infinities of both signs: NaN, as it is drawn
            shown = part.mean(axis=0) if mean and part.ndim == 3 else part
        write_image(target.path, shown, (low, high), colormap, form.bits, overwrite=overwrite)


def existing(paths: Iterable[Path]) -> set[Path]:
    """The paths that exist already, dangling links among them."""
    return {path for path in paths if path.exists() or path.is_symlink()}
