"""Temporary files that killed writers of this batch left behind: those and no others are removed."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path, PurePosixPath

from filterlab.batch.settings import MONTAGE, Settings
from filterlab.files import cut_stem, of_temporary


def remove_leftovers(settings: Settings, folder: Path) -> None:
    """Remove the temporary files of outputs of these settings from the folder of one picture.

    A hidden file of the user's is kept: its stem and suffix are not those of an output, or it stands elsewhere. No
    writer of the folder may be at work.
    """
    for place, nodes in _nodes_by_place(settings).items():
        with suppress(OSError):
            for path in (folder / place).iterdir():
                if _is_leftover(path.name, nodes, settings.format) and path.is_file():
                    path.unlink()


def _nodes_by_place(settings: Settings) -> dict[str, list[str]]:
    """The last parts of the nodes' names, by the folder below a picture's that their files stand in."""
    places: dict[str, list[str]] = {"": [MONTAGE]}
    for name in settings.names:
        place = PurePosixPath(name)
        places.setdefault(str(place.parent), []).append(place.name)
    return places


def _is_leftover(name: str, nodes: list[str], form: str) -> bool:
    parts = of_temporary(name)
    if parts is None or parts[1] not in (f".{form}", ".png", ".csv"):
        return False
    return any(_may_be_of(parts[0], node) for node in nodes)


def _may_be_of(stem: str, node: str) -> bool:
    """Whether a temporary file of this (cut) stem was to hold the node, or one of its channels."""
    kept = cut_stem(node)
    if not stem.startswith(kept):
        return False
    # How many channels there are depends on the picture. A stem of full length may have lost digits of the channel.
    whole, cut = r"(-\d+)?", r"(-\d*)?"
    return re.fullmatch(cut if cut_stem(stem + "0") == stem else whole, stem[len(kept) :]) is not None
