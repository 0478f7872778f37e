"""The inputs of a batch turned into files: pictures, folders, globs, lists of paths, standard input."""

from __future__ import annotations

import codecs
import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filterlab.batch.remote.pictures import is_address, path_of, pictures_at
from filterlab.errors import FileError, FilterLabError
from filterlab.images.reading import IMAGE_SUFFIXES
from filterlab.text.messages import say
from filterlab.text.system import refusal, refusal_text

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "stdin"
_LIST_MARK = "@"
_LARGEST_INPUT = 4 << 30  # bytes, as many as the values of a picture may take in memory
_LONGEST_LINE = 1 << 16  # bytes, far more than any system allows in a path


_Search = Callable[[Path], Iterable["InputPicture"]]  # of a folder with all folders below it


@dataclass(frozen=True)
class InputPicture:
    """A file to read, its name in reports, and why it cannot be read where that is already known.

    below: the folders between one that was searched with all its folders and the picture, joined by /; None for others.
    again: a folder that was searched already, under another name.
    """

    path: Path
    name: str
    problem: str = ""
    below: str | None = None
    again: bool = False


def expand(
    inputs: Iterable[str | Path | InputPicture],
    standard_input: Path | None = None,
    *,
    recursive: bool = False,
    out: Path | None = None,
    base: str = "",
) -> Iterator[InputPicture]:
    """Yield the pictures that the words name, in their order.

    A folder stands for the pictures in it, sorted by name, and with `recursive` for those in all its folders except the
    hidden ones and `out`; a word with *, ? or [ that is not a file, for the files that it matches; `@FILE` and `@-` for
    the paths, relative to `base`, that a file or standard input lists, one per line; `-` for the picture that was
    copied from standard input to `standard_input`. Raises FileError for a list that cannot be read.
    """
    search = partial(_below, out=out) if recursive else None
    for word in inputs:
        if isinstance(word, InputPicture):
            yield word
        elif word == STANDARD_INPUT and standard_input is not None:
            yield InputPicture(standard_input, STANDARD_INPUT_NAME)
        elif isinstance(word, str) and word.startswith(_LIST_MARK):
            name = word.removeprefix(_LIST_MARK)
            empty = True
            for line in _listed(name):
                empty = False
                yield from _named_by(line, base, search)
            if empty:  # a search that found nothing must not pass for work that is done
                where = "standard input" if name == STANDARD_INPUT else name
                yield _problem(Path(where), "there are no paths in this list")
        else:
            yield from _named_by(word, "", search)


def _named_by(word: str | Path, base: str, search: _Search | None) -> Iterable[InputPicture]:
    """The pictures that a path or an address names."""
    if not is_address(word) or os.path.lexists(word):
        return _pictures_at(Path(base, word), search)
    try:
        found = pictures_at(str(word), search is not None, _has_picture_name)
    except FilterLabError as error:
        error.where = ""  # the picture is named beside it
        return [InputPicture(path_of(str(word)), str(word), str(error))]
    if not found:
        return [InputPicture(path_of(str(word)), str(word), "there are no pictures")]
    return [InputPicture(path_of(name), name, below=below) for name, below in found]


def copy_standard_input(folder: Path) -> Path:
    """Copy standard input into a file in this folder, and return its path.

    Raises FileError where standard input is closed, or longer than any picture.
    """
    copy = folder / STANDARD_INPUT_NAME
    size = 0
    try:
        # A duplicate, since the block closes it: were it 0 itself, the next file opened would become standard input.
        with open(os.dup(0), "rb") as stream, copy.open("wb") as file:
            while part := stream.read(1 << 20):
                size += len(part)
                if size > _LARGEST_INPUT:
                    raise FileError(
                        "it has no end",
                        "standard input",
                        say("a picture has at most {:,} bytes", _LARGEST_INPUT),
                    )
                file.write(part)
    except OSError as error:
        what = say("the picture cannot be read: {}", refusal(error)[0])
        raise FileError(what, "standard input", "pipe a picture in") from None
    return copy


def _pictures_at(path: Path, search: _Search | None) -> list[InputPicture]:
    try:
        if path.is_dir():
            if search is not None:
                return list(search(path)) or [
                    _problem(path, "there are no pictures in this folder or in those below it")
                ]
            # The system lists files in any order, and the order decides which of two equal names gets a number.
            inside = sorted(p for p in path.iterdir() if _is_picture(p))
            return [InputPicture(p, str(p)) for p in inside] or [
                _problem(path, "there are no pictures in this folder")
            ]
        # A file named a[1].png is that file and no pattern; and a link that leads nowhere is reported as one when it is
        # read.
        if not os.path.lexists(path):
            return _matches(path)
    except (OSError, ValueError) as error:
        return [_problem(path, f"it cannot be opened: {refusal_text(error)}")]
    return [InputPicture(path, str(path))]


def _below(top: Path, out: Path | None) -> Iterator[InputPicture]:
    """The pictures in a folder and in all folders below it. Raises OSError where the folder itself cannot be listed.

    Links to folders are followed, because collections are often made of them; but each folder is searched once, under
    the first name that leads there, so that no circle of links leads round for ever.
    """
    seen = {_identity(out)} if out is not None else set()
    # A stack, not recursion: folders may be nested deeper than Python's frames.
    waiting: list[tuple[Path, str]] = [(top, "")]
    while waiting:
        folder, below = waiting.pop()
        identity = _identity(folder)
        if identity in seen:
            if out is None or identity != _identity(out):
                yield InputPicture(folder, str(folder), again=True)
            continue
        seen.add(identity)
        try:
            inside = sorted(folder.iterdir())
        except OSError as error:
            if folder == top:
                raise
            yield _problem(folder, f"it cannot be opened: {refusal_text(error)}")
            continue
        yield from (InputPicture(p, str(p), below=below) for p in inside if _is_picture(p))
        found = [
            (p, f"{below}/{p.name}" if below else p.name)
            for p in reversed(inside)
            if not p.name.startswith(".") and p.is_dir()
        ]
        # Links come last: what has a place of its own in the tree is named by that.
        waiting[:0] = [entry for entry in found if entry[0].is_symlink()]
        waiting += [entry for entry in found if not entry[0].is_symlink()]


def _identity(folder: Path) -> tuple[int, int] | None:
    """What a folder is, whatever its name; None where it is not there."""
    try:
        state = folder.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _matches(path: Path) -> list[InputPicture]:
    """The files that match a pattern: a shell passes one on where it is quoted, or expands to too many words."""
    if not glob.has_magic(str(path)):
        return [_problem(path, "there is no such file")]
    found = sorted(p for p in map(Path, glob.iglob(str(path), recursive=True)) if p.is_file())
    return [InputPicture(p, str(p)) for p in found] or [_problem(path, "no file matches this pattern")]


def _problem(path: Path, problem: str) -> InputPicture:
    return InputPicture(path, str(path), problem)


def _is_picture(path: Path) -> bool:
    return _has_picture_name(path) and path.is_file()


def _has_picture_name(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")


def _listed(name: str) -> Iterator[str]:
    """Yield the paths of a list, without blank lines.

    Bytes that are not text of this system are kept, as they are in file names. Raises FileError where the list cannot
    be read or is not a list.
    """
    where = "standard input" if name == STANDARD_INPUT else name
    try:
        if name != STANDARD_INPUT and not stat.S_ISREG(Path(name).stat().st_mode):
            # A pipe or a device might never end; @- is there for lists that another command prints.
            raise FileError(
                "it is not a regular file", where, "write the list into a file, or pipe it in and give @-"
            )
        descriptor = os.dup(0) if name == STANDARD_INPUT else os.open(name, os.O_RDONLY)
        with open(descriptor, "rb") as stream:
            # Windows' editors begin a text with a byte order mark; no path of theirs begins with one.
            if (line := stream.readline(_LONGEST_LINE)).startswith(codecs.BOM_UTF8):
                line = line.removeprefix(codecs.BOM_UTF8)
            while line:
                text = os.fsdecode(line).rstrip("\r\n")
                if "\0" in text or len(line) == _LONGEST_LINE:
                    raise FileError(
                        "it is not a list of paths", where, "give a text with a path on each line"
                    )
                if text.strip():
                    yield text
                line = stream.readline(_LONGEST_LINE)
    except (OSError, ValueError) as error:
        what, hint = refusal(error)
        raise FileError(say("the list cannot be read: {}", what), where, hint) from None
