"""Removing the temporary files that killed writers of this batch left behind, and no other files."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from filterlab.files import cut_stem, temporary_parts


def remove_leftovers(files: Iterable[Path]) -> None:
    """Remove what was written of these files before it could be given its name.

    The user's hidden files stay: their names are not those that `atomic_write` gives to one of these files, or they
    are in another folder. Nobody may be writing these files meanwhile.
    """
    names: dict[Path, set[tuple[str, str]]] = {}
    for file in files:
        names.setdefault(file.parent, set()).add((cut_stem(file.stem), file.suffix))
    for folder, wanted in names.items():
        with suppress(OSError):
            for path in folder.iterdir():
                if temporary_parts(path.name) in wanted and path.is_file():
                    path.unlink()
