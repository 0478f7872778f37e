"""The files that the maps of one picture are written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from filterlab.batch.settings import MONTAGE, Settings
from filterlab.errors import FilterLabError, ParameterError
from filterlab.graph.pictures import picture_nodes
from filterlab.layers.base.layer import Shape
from filterlab.text.messages import say


@dataclass(frozen=True)
class Target:
    """A file for the map of `node`, or for one `channel` of it.

    picture: the map is a filtered picture: its channels are still those of the picture.
    """

    path: Path
    node: str
    channel: int | None
    picture: bool


def targets(settings: Settings, folder: Path, image: Shape, shapes: Mapping[str, Shape]) -> list[Target]:
    """The files for a picture of shape `image` (C, H, W) whose nodes have these shapes.

    Raises ParameterError where two nodes would write the same file.
    """
    pictures = picture_nodes(settings.pipeline, image[0])
    found: list[Target] = []
    for name in settings.names:
        found += _node_files(settings, folder, name, shapes[name], name in pictures)
    if settings.montage:
        found.append(Target(folder / f"{MONTAGE}.png", "", None, False))
    _check_apart(found)
    return found


def check_names(settings: Settings) -> None:
    """Raise ParameterError where two nodes would write the same file whatever the picture, before any is read."""
    clash: ParameterError | None = None
    # Which channels a pipeline takes is not known yet: one number of them without a clash suffices to go on.
    for channels in (3, 1, 2, 4):
        image = (channels, 512, 512)
        try:
            shapes = settings.pipeline.output_shapes(image)
        except FilterLabError:
            continue  # pictures of other channels, or of another size, may fit
        try:
            targets(settings, settings.out, image, shapes)
        except ParameterError as error:
            clash = error
        else:
            return
    if clash is not None:
        raise clash


def _node_files(settings: Settings, folder: Path, name: str, shape: Shape, picture: bool) -> list[Target]:
    place = folder.joinpath(*PurePosixPath(name).parts)
    if settings.format != "png":
        # with_name, not with_suffix, which would cut off what follows a dot in the name of a node.
        return [Target(place.with_name(f"{place.name}.{settings.format}"), name, None, picture)]
    if len(shape) == 1:
        return [Target(place.with_name(f"{place.name}.csv"), name, None, False)]
    if picture and shape[0] in (1, 3) and not settings.split:
        return [Target(place.with_name(f"{place.name}.png"), name, None, True)]
    return [
        Target(place.with_name(f"{place.name}-{channel}.png"), name, channel, picture)
        for channel in range(shape[0])
    ]


def _check_apart(found: list[Target]) -> None:
    """Raise ParameterError where two nodes write one file, or one writes a file where another needs a folder.

    Names that differ only in the case of letters count as equal, as on Windows and macOS.
    """
    owners: dict[str, str] = {}
    for target in found:
        other = owners.setdefault(_spelling(target.path), target.node)
        if other != target.node:
            raise _clash(other, target.node, target.path)
    for target in found:
        for parent in target.path.parents:
            if _spelling(parent) in owners:
                raise _clash(owners[_spelling(parent)], target.node, parent)


def _spelling(path: Path) -> str:
    return str(path).casefold()


def _clash(one: str, other: str, path: Path) -> ParameterError:
    what = say("the nodes {!r} and {!r} would both write {}", one, other, path.name)
    return ParameterError(what, "batch", "rename one of them", parameter="name", node=one)
