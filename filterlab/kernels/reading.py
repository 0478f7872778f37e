"""Kernel files: a matrix of numbers as text (.csv, .txt, .tsv, .m, .py), .npy, or one array among others."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from filterlab.errors import FileError, FilterLabError, shown_path
from filterlab.kernels.ambiguity import AmbiguousKernelError
from filterlab.kernels.archives import archived_kernel
from filterlab.kernels.editing import MOST_CELLS
from filterlab.kernels.npy import kernel_of
from filterlab.kernels.text import readings
from filterlab.npy import MAGIC
from filterlab.text.messages import say
from filterlab.text.system import refusal

KERNEL_SUFFIXES = (".csv", ".tsv", ".txt", ".m", ".py", ".npz", ".yml", ".yaml", ".xml")
MOST_BYTES = 4 << 20  # a kernel is small; a table of megabytes is something else

# UTF-32 first: its mark in little-endian order begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def read_kernel(path: str | Path) -> NDArray[Any]:
    """The kernel that a file holds, (height, width): float64 where a .npy file has float64, else float32.

    An archive (.npz, .safetensors, OpenCV's FileStorage) must hold one such array. Text is UTF-8, UTF-16 or UTF-32 with
    a byte order mark, or Windows-1252, and spells a matrix as `parse` has it; in a .csv file a line is always one row.
    Raises FileError for what is missing, no regular file, too large or no kernel, saying why; AmbiguousKernelError for
    a text that can be read in several ways.
    """
    file = _file(path)
    named = shown_path(file)
    data = _content(file, named)
    try:
        archived = archived_kernel(data)
        if archived is not None:
            return archived
        if file.suffix.lower() == ".npy" or data.startswith(MAGIC):
            return kernel_of(data)
        found = readings(text_of(data), table=file.suffix.lower() == ".csv")
    except FilterLabError as error:
        where = f"{named}, {error.where}" if error.where.startswith("line") else named
        raise FileError(error.what, where, error.hint) from None
    if len(found) > 1:
        # A shorter name than elsewhere, because the readings need the rest of the line.
        raise AmbiguousKernelError.between(found, shown_path(file, 75))
    return found[0].kernel


def _file(path: Any) -> Path:
    if not isinstance(path, str | os.PathLike):
        raise FileError(
            say("{} is not a path", type(path).__name__), "read_kernel", "give a string or a pathlib.Path"
        )
    return Path(path)


def _content(file: Path, named: str) -> bytes:
    """The bytes of a regular file. Raises FileError."""
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):
            if file.is_dir():
                raise FileError("it is a folder", named, "name a file")
            # Opening a pipe waits for its writer, and a device may have no end.
            raise FileError("it is not a regular file", named, "copy its content into a file")
        with file.open("rb") as stream:
            # One byte more than is allowed tells of too many, whatever size the system reports for the file.
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        what, hint = refusal(error)
        raise FileError(what, named, hint) from None
    except ValueError:  # letters that no name can have
        raise FileError("this cannot be the name of a file", named, "check the name") from None
    if len(data) > MOST_BYTES:
        raise FileError("it is too large for a kernel", named, say("a side has at most {} cells", MOST_CELLS))
    return data


def text_of(data: bytes) -> str:
    """The text of a file that a person or a spreadsheet wrote. Raises FileError for what is none."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    # UTF-8 first, which text in Windows-1252 hardly ever is by chance. The other way round nearly every file would do.
    for guess in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            text = data.decode(guess)
        except UnicodeDecodeError:
            continue
        if not any(ord(letter) < 32 and not letter.isspace() for letter in text) and (
            guess == "utf-8" or any(map(str.isdigit, text))
        ):
            return text
    raise FileError("it is not text with numbers", hint="give a matrix of numbers, as UTF-8")
