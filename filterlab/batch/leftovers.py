"""Removing the temporary files that killed writers of this batch left behind, and no other files."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path, PurePosixPath

from filterlab.batch.settings import MONTAGE, Settings
from filterlab.files import cut_stem, temporary_parts


def remove_leftovers(settings: Settings, folder: Path) -> None:
    """Remove temporary files of the outputs of these settings from the folder of one picture.

    The user's hidden files stay: their stem and suffix are not those of an output, or they are in another folder.
    Nobody may be writing into the folder meanwhile.
    """
    for place, nodes in _nodes_by_place(settings).items():
        with suppress(OSError):
            for path in (folder / place).iterdir():
                if _is_leftover(path.name, nodes, settings.format) and path.is_file():
                    path.unlink()


def _nodes_by_place(settings: Settings) -> dict[str, list[str]]:
    """The last parts of the nodes' names, by the subfolder of a picture's folder that holds their files."""
    places: dict[str, list[str]] = {"": [MONTAGE]}
    for name in settings.names:
        place = PurePosixPath(name)
        places.setdefault(str(place.parent), []).append(place.name)
    return places


def _is_leftover(name: str, nodes: list[str], form: str) -> bool:
    parts = temporary_parts(name)
    if parts is None or parts[1] not in (f".{form}", ".png", ".csv"):
        return False
    return any(_may_be_of(parts[0], node) for node in nodes)


def _may_be_of(stem: str, node: str) -> bool:
    """Return whether a temporary file with this shortened stem was meant to hold the node, or one of its channels."""
    kept = cut_stem(node)
    if not stem.startswith(kept):
        return False
    # Any channel will do, because their number depends on the picture. A stem of the greatest length may have lost
    # digits of the channel, all of them even.
    shortened = cut_stem(stem + "0") == stem
    return re.fullmatch(r"(-\d*)?" if shortened else r"(-\d+)?", stem[len(kept) :]) is not None
