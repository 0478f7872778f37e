"""Arrays of a .npz file from an untrusted source: what it claims is checked before memory is allocated for it.

Source: NumPy's format of .npy files (NEP 1) in a ZIP archive (APPNOTE.TXT of PKWARE), as `numpy.savez` writes it.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from filterlab.errors import FileError, printable, shown_path
from filterlab.functional.arrays import Array
from filterlab.images.decoded import MAX_VALUES
from filterlab.images.formats.deflated import LARGEST_EXPANSION
from filterlab.machine import free_memory
from filterlab.npy import LONGEST, MAGIC, BrokenHeaderError, read_header
from filterlab.text.messages import say
from filterlab.text.system import refusal

_SAVE_AGAIN = say("save it again with numpy.savez")
_LONGEST_READ = 1 << 20  # bytes at once: of a directory too, which no honest file has so many entries in
_CHUNK = 1 << 20
_MOST_NAMES = 120  # letters of a list of names that a message shows


def read_arrays(path: Path, *wanted: Sequence[str]) -> list[Array]:
    """Arrays of a .npz file, of any shape and type: for each of `wanted`, the array under the first key that exists.

    Raises FileError for a file that is missing, not a regular file, damaged, or that claims more than it can hold,
    and for arrays of Python objects.
    """
    with _explained(path), _regular(path) as file, zipfile.ZipFile(file) as archive:
        members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
        streams = [_Stored(archive, _chosen(members, keys), file.size) for keys in wanted]
        # Pictures are converted to float32 while the original is still in memory.
        _check_memory(sum(stream.bytes + 4 * prod(stream.shape) for stream in streams))
        return [stream.read() for stream in streams]


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn whatever is raised inside into a FileError that names the file."""
    where = shown_path(path)
    try:
        yield
    except FileError as error:
        raise FileError(error.what, where, error.hint) from None
    except FileNotFoundError:
        raise FileError("there is no such file or folder", where, "check the name") from None
    except MemoryError:
        raise FileError("there is not enough memory for it", where, "cut it into parts first") from None
    except OSError as error:
        if error.errno is None:
            raise FileError("its contents are damaged", where, _SAVE_AGAIN) from None
        what, hint = refusal(error)
        raise FileError(say("it cannot be read: {}", what), where, hint) from None
    except zipfile.BadZipFile as error:
        # zipfile has no other way to tell a file of another kind from one that is damaged.
        if "not a zip" in str(error):
            hint = say("give a .npz file, or a folder of class folders")
            raise FileError("it is not an .npz file", where, hint) from None
        raise FileError("its contents are damaged", where, _SAVE_AGAIN) from None
    except Exception:  # decoders may raise any exception on broken bytes
        raise FileError("its contents are damaged", where, _SAVE_AGAIN) from None


class _File(io.FileIO):
    """A file that gives at most _LONGEST_READ bytes at once, however many its own numbers ask for."""

    size = 0

    def read(self, size: int | None = -1, /) -> bytes:
        asked = _LONGEST_READ if size is None or size < 0 else min(size, _LONGEST_READ)
        return super().read(asked) or b""


def _regular(path: Path) -> _File:
    if "\0" in str(path):
        raise FileNotFoundError
    if not stat.S_ISREG(os.stat(path).st_mode):
        # Reading a pipe or a device may block, or never end.
        raise FileError("it is not a regular file", hint="copy the arrays into a file")
    file = _File(path)
    file.size = os.fstat(file.fileno()).st_size
    return file


def _chosen(members: dict[str, zipfile.ZipInfo], keys: Sequence[str]) -> zipfile.ZipInfo:
    for key in keys:
        if key in members:
            return members[key]
    names = printable(", ".join(members)) or "nothing"
    names = names if len(names) <= _MOST_NAMES else f"{names[:_MOST_NAMES]}..."
    what = say("it holds {}, and none of {}", names, ", ".join(keys))
    raise FileError(what, hint="name the pictures x and their classes y")


class _Stored:
    """One array of an archive: its header and its numbers."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> None:
        self._archive, self._info, self._key = archive, info, info.filename.removesuffix(".npy")
        self._check_packing(size)
        with archive.open(info) as stream:
            start = _exactly(stream, len(MAGIC) + 6 + LONGEST)
        if not start.startswith(MAGIC):
            raise FileError(say("the entry {} is not an array", self._key), hint=_SAVE_AGAIN)
        try:
            header = read_header(io.BytesIO(start))
        except BrokenHeaderError:
            raise zipfile.BadZipFile from None
        if header.holds_objects:
            hint = say("such files can run programs; save arrays of numbers")
            raise FileError("it holds Python objects, which are never loaded", hint=hint)
        if header.dtype is None:
            raise zipfile.BadZipFile
        self.shape, self.dtype, self._transposed = header.shape, header.dtype, header.by_columns
        self._offset = header.start
        self.bytes = self.dtype.itemsize * prod(self.shape)
        if self._offset + self.bytes != info.file_size:
            raise FileError(say("{} is shorter or longer than it says", self._key), hint=_SAVE_AGAIN)

    def _check_packing(self, size: int) -> None:
        info = self._info
        if info.flag_bits & 1:
            raise FileError(say("{} is encrypted", self._key), hint=_SAVE_AGAIN)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileError(
                say("{} is packed in a way that NumPy does not know", self._key), hint=_SAVE_AGAIN
            )
        # A bomb is recognised by the figures of the directory, before a byte of it is unpacked.
        most = info.compress_size * (1 if info.compress_type == zipfile.ZIP_STORED else LARGEST_EXPANSION)
        if info.compress_size > size or info.file_size > most:
            raise FileError(say("{} claims more bytes than the file can hold", self._key), hint=_SAVE_AGAIN)

    def read(self) -> Array:
        """The array. Raises BadZipFile where its checksum is wrong."""
        data = np.empty(self.bytes, np.uint8)
        with self._archive.open(self._info) as stream:
            _exactly(stream, self._offset)
            rest = data.data
            while rest:
                part = stream.read(min(len(rest), _CHUNK))
                if not part:
                    raise zipfile.BadZipFile
                rest[: len(part)] = part
                rest = rest[len(part) :]
            stream.read(1)  # zipfile compares the checksum when it reaches the end
        # Numbers stored by columns become an array by reversing the axes, which moves no data.
        flat = data.view(self.dtype)
        return flat.reshape(self.shape[::-1]).T if self._transposed else flat.reshape(self.shape)


def _exactly(stream: Any, count: int) -> bytes:
    """The next `count` bytes, or all that are left."""
    parts = []
    while count and (part := stream.read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _check_memory(count: int) -> None:
    """Raise FileError for more bytes than any picture may take, or than are free."""
    if count > 8 * MAX_VALUES or count > free_memory():
        raise FileError(say("it holds {:,} MB of numbers", count >> 20), hint="cut it into parts first")
