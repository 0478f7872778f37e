"""The files that the maps of one picture are written to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from filterlab.batch.options.template import Pictured, name_template
from filterlab.batch.settings import MONTAGE, Settings
from filterlab.errors import ParameterError
from filterlab.graph.pictures import picture_nodes
from filterlab.layers.base.layer import Shape
from filterlab.text.messages import say

MOST_FILES = 2_000  # of one picture, unless somebody has asked for all of them

_Place = Callable[
    [str, int | None], str
]  # the path of a node's file, or of one for a channel, without its ending


@dataclass(frozen=True)
class Target:
    """A file for the map of `node`, or for one `channel` of it.

    picture: the map is a filtered picture: its channels are still those of the picture.
    """

    path: Path
    node: str
    channel: int | None
    picture: bool


def targets(
    settings: Settings,
    folder: Path,
    image: Shape,
    shapes: Mapping[str, Shape],
    pictured: Pictured | None = None,
) -> list[Target]:
    """The files for a picture of shape `image` (C, H, W) whose nodes have these shapes.

    They are in `folder`; where the settings have a template of names, and `pictured` says what it needs to know of the
    picture, they are in the output folder. Raises ParameterError where two nodes would write the same file, and where
    there would be more files than anybody expects.
    """
    template = bool(settings.name) and pictured is not None
    base = settings.out if template else folder
    names = list(named_files(settings, image, shapes, _place(settings, pictured if template else None)))
    _check_count(settings, len(names))
    found = [Target(base / file.name, file.node, file.channel, file.picture) for file in names]
    _check_apart(settings, found)
    return found


def file_names(
    settings: Settings, folder: str, image: Shape, shapes: Mapping[str, Shape], pictured: Pictured
) -> Iterator[str]:
    """The paths of the same files below the output folder, with slashes. folder: of the picture."""
    place = _place(settings, pictured) if settings.name else _place(settings, None, f"{folder}/")
    return (file.name for file in named_files(settings, image, shapes, place))


class NamedFile(NamedTuple):
    """As `Target`, with a name below some folder."""

    name: str
    node: str
    channel: int | None
    picture: bool


def _place(settings: Settings, pictured: Pictured | None, above: str = "") -> _Place:
    if pictured is not None:
        return partial(name_template(settings.name).fill, pictured)
    return partial(_beside, above=above)


def _beside(node: str, channel: int | None, above: str = "") -> str:
    return f"{above}{node}" if channel is None else f"{above}{node}-{channel}"


def named_files(
    settings: Settings, image: Shape, shapes: Mapping[str, Shape], place: _Place = _beside
) -> Iterator[NamedFile]:
    """The files for a picture, unchecked."""
    pictures = picture_nodes(settings.pipeline, image[0])
    for node in settings.names:
        shape, picture = shapes[node], node in pictures
        whole = picture and shape[0] in (1, 3) and not settings.split
        if settings.format != "png":
            yield NamedFile(f"{place(node, None)}.{settings.format}", node, None, picture)
        elif len(shape) == 1:
            yield NamedFile(f"{place(node, None)}.csv", node, None, False)
        elif whole:
            yield NamedFile(f"{place(node, None)}.png", node, None, True)
        else:
            for channel in range(shape[0]):
                yield NamedFile(f"{place(node, channel)}.png", node, channel, picture)
    if settings.montage:
        yield NamedFile(f"{place(MONTAGE, None)}.png", "", None, False)


def _check_count(settings: Settings, count: int) -> None:
    if count > MOST_FILES and not settings.maps:
        what = say("it would be {:,} files a picture, more than {:,}", count, MOST_FILES)
        hint = say("name nodes with --maps, write --format npy, or give --maps all")
        raise ParameterError(what, "batch", hint, parameter="maps")


def _check_apart(settings: Settings, found: list[Target]) -> None:
    """Raise ParameterError where two files of a picture are one, or one is where another needs a folder.

    Names that differ only in the case of letters count as equal, as on Windows and macOS.
    """
    owners: dict[str, Target] = {}
    for target in found:
        other = owners.setdefault(_spelling(target.path), target)
        if other is not target:
            raise _clash(settings, other, target, target.path)
    for target in found:
        for parent in target.path.parents:
            if _spelling(parent) in owners:
                raise _clash(settings, owners[_spelling(parent)], target, parent)


def _spelling(path: Path) -> str:
    return str(path).casefold()


def _clash(settings: Settings, one: Target, other: Target, path: Path) -> ParameterError:
    if one.node == other.node:
        what = say("the channels of the node {!r} would all be written into {}", one.node, path.name)
        return ParameterError(what, "batch", say("put {} into --name", "{channel}"), parameter="name")
    what = say("the nodes {!r} and {!r} would both write {}", one.node, other.node, path.name)
    hint = say("rename one of them")
    if settings.name and "node" not in name_template(settings.name).fields:
        hint = say("put {} into --name, or name one node with --maps", "{node}")
    return ParameterError(what, "batch", hint, parameter="name", node=one.node)
