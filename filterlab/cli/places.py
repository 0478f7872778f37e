"""Checking the place of an output file."""

from __future__ import annotations

from pathlib import Path

from filterlab.errors import FileError
from filterlab.files import check_place


def check_out(target: Path, overwrite: bool) -> None:
    """Raise FileError where `target` cannot be written, so that it is known before anything is computed."""
    if target.is_file() and not overwrite:
        raise FileError("exists", str(target), "choose another name, or --overwrite")
    check_place(target, overwrite)
