"""Files that come with the program: sample pictures, labelled pictures, names of classes and example pipelines."""

from __future__ import annotations

from pathlib import Path

from filterlab.errors import FileError
from filterlab.text.messages import say

_PACKAGE = Path(__file__).parent


def resource(*parts: str) -> Path:
    """Path of a file or folder, as `resource("samples", "chelsea.png")`. Raises FileError where it is missing."""
    # A wheel holds the folder inside the package; in a checkout it stands beside the package.
    home = next(
        (place for place in (_PACKAGE / "resources", _PACKAGE.parent / "resources") if place.is_dir()), None
    )
    path = None if home is None else home.joinpath(*parts)
    if path is None or not path.exists():
        what = say("it is not part of this installation")
        raise FileError(what, "/".join(("resources", *parts)), "reinstall FilterLab")
    return path


def samples() -> dict[str, Path]:
    """The sample pictures by name, as "chelsea"; where each comes from stands in SOURCES.md beside them."""
    return {path.stem: path for path in sorted(resource("samples").iterdir()) if path.suffix != ".md"}


def examples() -> dict[str, Path]:
    """The example pipelines by name, as "edges"."""
    return {path.stem: path for path in sorted(resource("pipelines").iterdir())}


def labelled() -> dict[str, Path]:
    """The sets of labelled pictures by name, as "digits"; where each comes from stands in SOURCES.md beside them."""
    return {path.stem: path for path in sorted(resource("labelled").glob("*.npz"))}


def class_names() -> dict[str, Path]:
    """The lists of names of classes by name, as "imagenet"; where each comes from stands in SOURCES.md beside them."""
    return {path.stem: path for path in sorted(resource("labels").glob("*.txt"))}


def comes_with_program(path: Path) -> bool:
    """Whether a file is one of those that come with the program, which nobody should save over unasked."""
    try:
        return path.resolve().is_relative_to(resource().resolve())
    except (FileError, OSError):
        return False
