"""Which pictures there are, and the folder that each one's maps go to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from filterlab.images.reading import IMAGE_SUFFIXES


@dataclass(frozen=True)
class Job:
    """A picture, and the name of its folder below the output folder. `problem`: why it cannot be begun."""

    picture: Path
    folder: str
    problem: str = ""


def plan(inputs: Iterable[str | Path]) -> list[Job]:
    """A job for each picture, in the order given; a folder stands for the pictures in it, by name.

    The folder of the maps is the picture's stem; those that would meet get the suffix (cat.png, cat.jpg), then the
    folder (holiday-cat.png), then a number. A picture that is named twice is one job.
    """
    pictures: dict[Path, tuple[Path, str]] = {}
    for given in inputs:
        for picture, problem in _expand(Path(given)):
            pictures.setdefault(_identity(picture), (picture, problem))
    names = _folders([picture for picture, _ in pictures.values()])
    return [
        Job(picture, name, problem) for (picture, problem), name in zip(pictures.values(), names, strict=True)
    ]


def _identity(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def _expand(path: Path) -> list[tuple[Path, str]]:
    try:
        if not path.is_dir():
            return [(path, "" if path.exists() else "there is no such file")]
        inside = sorted(p for p in path.iterdir() if _is_picture(p))
    except (OSError, ValueError) as error:
        return [(path, f"it cannot be opened: {getattr(error, 'strerror', None) or error}")]
    return [(p, "") for p in inside] or [(path, "there are no pictures in this folder")]


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".") and path.is_file()


def _folders(pictures: list[Path]) -> list[str]:
    """A name for each, equal for none: also where letters' case does not count."""
    spellings: list[Callable[[Path], str]] = [
        lambda p: p.stem,
        lambda p: p.name,
        lambda p: f"{p.absolute().parent.name}-{p.name}",
    ]
    names = [_safe(spellings[0](p)) for p in pictures]
    for spell in spellings[1:]:
        counts = Counter(name.casefold() for name in names)
        names = [
            _safe(spell(p)) if counts[name.casefold()] > 1 else name
            for p, name in zip(pictures, names, strict=True)
        ]
    return _numbered(names)


def _safe(name: str) -> str:
    # A file may be called "...png": its stem is the folder above.
    return f"_{name}" if name in ("", ".", "..") else name


def _numbered(names: list[str]) -> list[str]:
    taken = Counter(name.casefold() for name in names)
    seen: set[str] = set()
    result = []
    for name in names:
        number, unique = 1, name
        while unique.casefold() in seen or (number > 1 and unique.casefold() in taken):
            number += 1
            unique = f"{name}-{number}"
        seen.add(unique.casefold())
        result.append(unique)
    return result
