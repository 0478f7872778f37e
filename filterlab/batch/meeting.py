"""Finding outputs that would meet, and names that cannot be, before the first picture is read."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import numpy as np

from filterlab.batch.options.template import Pictured
from filterlab.batch.planning import Job
from filterlab.batch.remote.pictures import is_remote
from filterlab.batch.settings import Settings
from filterlab.batch.targets import file_names, targets
from filterlab.errors import FilterLabError, ParameterError
from filterlab.images.sizes import picture_shape
from filterlab.layers.base.layer import Shape
from filterlab.text.messages import say


def check_names(settings: Settings, jobs: Sequence[Job] = ()) -> None:
    """Raise ParameterError where two files would have one name, or a picture too many files, before any is read.

    What depends on the size and the channels of a picture is checked for those of the first one that can be read, and
    for each picture once more when it is its turn.
    """
    clash: ParameterError | None = None
    # Which channels a pipeline takes is not known yet: one number of them without a clash suffices to go on.
    for image in _likely_shapes(settings, jobs):
        try:
            shapes = settings.pipeline.output_shapes(image)
        except FilterLabError:
            continue  # pictures of other channels, or of another size, may fit
        try:
            targets(settings, settings.out, image, shapes, Pictured("parent", "stem", ".png"))
        except ParameterError as error:
            clash = error
        else:
            _check_pictures_apart(settings, jobs, image, shapes)
            return
    if clash is not None:
        raise clash


def _likely_shapes(settings: Settings, jobs: Sequence[Job]) -> Iterator[Shape]:
    """Shapes that the pictures may have: that of the first one, where its header tells it, then usual ones."""
    for job in jobs[:1]:
        with suppress(FilterLabError, OSError):
            if not is_remote(job.name):  # what would have to be fetched is read in its turn
                yield picture_shape(job.picture, job.page or 1, decode=False)
    yield from ((channels, 512, 512) for channels in (3, 1, 2, 4))


def _check_pictures_apart(
    settings: Settings, jobs: Sequence[Job], image: Shape, shapes: Mapping[str, Shape]
) -> None:
    """Raise ParameterError where two pictures would write one file, or one a file where the other needs a folder.

    Without a template of names, and without folders in folders, each picture has a folder for itself. For a million
    pictures only a number for each file is kept; the names are made again and compared where the numbers are equal.
    """
    if len(jobs) < 2 or not (settings.name or any("/" in job.folder for job in jobs)):
        return

    def names() -> Iterator[tuple[Job, str]]:
        for job in jobs:
            for name in file_names(settings, job.folder, image, shapes, job.pictured):
                yield job, name.casefold()

    files = array("q")
    folders: set[int] = set()
    for _, name in names():
        files.append(hash(name))
        folders.update(map(hash, _folders_of(name)))
    order = np.sort(np.asarray(files))
    several = set(order[1:][order[1:] == order[:-1]].tolist())
    several.update(np.intersect1d(order, np.fromiter(folders, np.int64)).tolist())
    if several:
        _compare((job, name) for job, name in names() if not several.isdisjoint(map(hash, _all_of(name))))


def _folders_of(name: str) -> list[str]:
    """All folders of a path; PurePath takes ten times as long."""
    found, end = [], name.rfind("/")
    while end > 0:
        found.append(name[:end])
        end = name.rfind("/", 0, end)
    return found


def _all_of(name: str) -> list[str]:
    return [name, *_folders_of(name)]


def _compare(names: Iterable[tuple[Job, str]]) -> None:
    files: dict[str, Job] = {}
    folders: dict[str, Job] = {}
    for job, name in names:
        others = [files.get(name), folders.get(name), *map(files.get, _folders_of(name))]
        for other in others:
            if other is not None and other is not job:
                what = say("{} and {} would both write {}", other.shown, job.shown, name)
                hint = say("tell them apart in --name, by {}, {} or {}", "{parent}", "{suffix}", "{page}")
                raise ParameterError(what, "batch", hint, parameter="name")
        files[name] = job
        folders.update((folder, job) for folder in _folders_of(name))
