"""Which pictures there are, and the folder that each one's maps go to."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from filterlab.batch.inputs import InputPicture, expand
from filterlab.batch.options.template import Pictured, safe_name
from filterlab.batch.options.where import Test, condition
from filterlab.batch.remote.pictures import at_hand, is_remote, size_of
from filterlab.errors import FileError, FilterLabError, ImageError, shown_path
from filterlab.images.reading import count_pages
from filterlab.images.sizes import picture_shape
from filterlab.text.system import refusal_text

Page = int | Literal["all"] | None


@dataclass(frozen=True, slots=True)  # there may be a million
class Job:
    """A picture, or a page of one, and the name of its folder below the output folder.

    page: from 1; None for the first page of a file where nobody chose one, so that the others are reported.
    name: what the picture is called in reports. problem: why it cannot be done, where that is known already.
    parent: the folders above the picture below a folder that was searched with all its folders, joined by /; else the
    name of the folder that it is in. since: where a cluster keeps existing files, when its run began, in nanoseconds by
    the clock of the output folder; newer files of the picture are of a worker that was lost, and may be replaced.
    """

    picture: Path
    folder: str
    problem: str = ""
    page: int | None = None
    name: str = ""
    parent: str = ""
    since: int | None = None

    @property
    def pictured(self) -> Pictured:
        """What a template may say of it."""
        named = _named(self.picture, self.name)
        return Pictured(self.parent, named.stem, named.suffix, self.page or 1)

    @property
    def shown(self) -> str:
        """The name for reports."""
        return self.name or str(self.picture)


@dataclass(frozen=True)
class Plan:
    """The jobs of a batch, the names that were given more than once, and the pictures that a condition left out."""

    jobs: tuple[Job, ...]
    repeated: tuple[str, ...] = ()
    not_chosen: tuple[str, ...] = ()


def plan(
    inputs: Iterable[str | Path | InputPicture],
    page: Page = None,
    standard_input: Path | None = None,
    *,
    recursive: bool = False,
    where: str = "",
    out: Path | None = None,
    base: str = "",
) -> Plan:
    """A job for each picture, in the order given; see `expand` for what an input may be.

    page: the page of each picture to do, or "all"; None does the first and reports the others. recursive: folders stand
    for the pictures in all their folders too, except those in `out`. where: a condition (see `options.where`) that
    pictures must fulfil; their headers are read for it. The folder of the maps is named by the picture's stem, and by
    the page (scan-p0002) where the picture has several and `page` chose among them; equal names get the suffix
    (cat.png, cat.jpg), then the parent folder (holiday-cat.png), then a number. It lies in the folders that the picture
    has below one that was searched. base: the folder that the lines of lists are relative to. A path that is named
    twice is one job; a link is a picture of its own. Raises FileError for a list that cannot be read, and
    ParameterError for a condition that is wrong.
    """
    pictures: dict[str, tuple[InputPicture, str]] = {}
    repeated: list[str] = []
    for picture in expand(inputs, standard_input, recursive=recursive, out=out, base=base):
        # By the path and not by the file it leads to: two links to one file are two pictures with names of their own.
        local = "\0" not in picture.name and not is_remote(picture.name)
        path = os.path.abspath(picture.path) if local else picture.name
        identity = os.path.normcase(path)  # on Windows A.png and a.png are one file
        if identity in pictures or picture.again:
            repeated.append(picture.name)
        else:
            above = path if local else str(picture.path)
            parent = os.path.basename(os.path.dirname(above)) if picture.below is None else picture.below
            pictures[identity] = picture, sys.intern(parent)
    pages = [
        (picture, parent, *page_and_mark)
        for picture, parent in pictures.values()
        for page_and_mark in _pages(picture, page)
    ]
    not_chosen: list[str] = []
    if where:
        pages = list(_chosen(pages, condition(where), not_chosen))
    names = _folders([(_named(p.path, p.name), p.below or "", mark) for p, _, _, mark in pages])
    jobs = [
        Job(picture.path, name, picture.problem, number, picture.name, parent)
        for (picture, parent, number, _), name in zip(pages, names, strict=True)
    ]
    return Plan(tuple(jobs), tuple(repeated), tuple(not_chosen))


_Page = tuple[
    InputPicture, str, int | None, str
]  # a picture, its parent, a page of it, and the suffix for that


def _chosen(pages: Iterable[_Page], test: Test, not_chosen: list[str]) -> Iterator[_Page]:
    """Those for which the test holds, or cannot be made, which is a problem; the names of the others are noted."""
    for picture, parent, page, mark in pages:
        if not picture.problem:
            try:
                if not test(_Facts(picture.path, picture.name, page or 1)):
                    not_chosen.append(picture.name)
                    continue
            except (FilterLabError, OSError) as error:
                if isinstance(error, FilterLabError) and is_remote(picture.name):
                    error.where = ""
                problem = refusal_text(error) if isinstance(error, OSError) else str(error)
                picture = replace(picture, problem=problem.removeprefix(f"{shown_path(picture.path)}: "))
        yield picture, parent, page, mark


class _Facts:
    """What a condition may ask about a picture; a header is read only where it does."""

    def __init__(self, path: Path, name: str, page: int) -> None:
        self._path, self._address, self._page = path, name, page
        named = _named(path, name)
        self.name, self.suffix = named.name, named.suffix.lower()

    @cached_property
    def _shape(self) -> tuple[int, int, int]:
        with at_hand(self._path, self._address) as file:
            return picture_shape(file, self._page)

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colours; alpha does not count."""
        return self._shape[0]

    @property
    def height(self) -> int:
        """In pixels, upright."""
        return self._shape[1]

    @property
    def width(self) -> int:
        """In pixels, upright."""
        return self._shape[2]

    @cached_property
    def pages(self) -> int:
        """Pages or frames of the file."""
        with at_hand(self._path, self._address) as file:
            return count_pages(file)

    @property
    def bytes(self) -> int:
        """The size of the file."""
        return size_of(self._path, self._address)


def _named(path: Path, name: str) -> Path:
    """The path that outputs are named after; for a copy of standard input it is the name, not the copy's path."""
    return path if name in ("", str(path)) or is_remote(name) else Path(name)


def _pages(picture: InputPicture, page: Page) -> list[tuple[int | None, str]]:
    """The pages to do, each with its suffix for the folder's name, which is empty where the file has one page."""
    # Without a choice no file is opened here: a plan of a million pictures would open every one beforehand.
    if page is None or picture.problem:
        return [(None, "")]
    try:
        with at_hand(picture.path, picture.name) as file:
            count = count_pages(file)
    except (ImageError, FileError):
        count = 1  # reading the picture will report what is wrong
    chosen = range(1, count + 1) if page == "all" else [page]
    return [(number, f"-p{number:04}" if count > 1 else "") for number in chosen]


def _folders(pictures: Sequence[tuple[Path, str, str]]) -> list[str]:
    """A name for each (path, folders above it, suffix), different even where the case of letters does not count."""
    spellings: list[Callable[[Path], str]] = [
        lambda p: p.stem,
        lambda p: p.name,
        lambda p: f"{p.absolute().parent.name}-{p.name}",
    ]
    above = {
        below: "".join(f"{safe_name(part)}/" for part in below.split("/") if part) for _, below, _ in pictures
    }
    names = [above[below] + safe_name(spellings[0](path)) + more for path, below, more in pictures]
    for spell in spellings[1:]:
        counts = Counter(name.casefold() for name in names)
        names = [
            above[below] + safe_name(spell(path)) + more if counts[name.casefold()] > 1 else name
            for (path, below, more), name in zip(pictures, names, strict=True)
        ]
    return list(_numbered(names))


def _numbered(names: list[str]) -> Iterator[str]:
    taken = Counter(name.casefold() for name in names)
    seen: set[str] = set()
    for name in names:
        number, unique = 1, name
        # A number must not make a name that another picture has of its own: of a, a and a-2, the second becomes a-3.
        while unique.casefold() in seen or (number > 1 and unique.casefold() in taken):
            number += 1
            unique = f"{name}-{number}"
        seen.add(unique.casefold())
        yield unique
