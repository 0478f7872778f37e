"""The directories of a TIFF file: their tags and the values of these, each bounded by what the file can hold.

A directory (IFD) is a table of tags, and names the next directory; a tag gives the type and the number of its values,
and the offset where they start. All of these numbers may be lies, and offsets may lead many tags to the same bytes.

Sources: TIFF 6.0 (Adobe, 1992), section 2, and the BigTIFF design as implemented by libtiff.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import broken, check_pages
from filterlab.text.messages import say

_MOST_TAGS = 4096  # in one directory; the richest real ones hold some hundred

# Honest files store each value once, and it is read a few times at most: to list the pages and to decode them.
_MOST_READINGS = 8
_FREE = 1 << 20  # bytes of values that a file of any size may have read

_INTEGERS = {1: "u1", 3: "u2", 4: "u4", 6: "i1", 8: "i2", 9: "i4", 13: "u4", 16: "u8", 17: "i8", 18: "u8"}
_FLOATS = {11: "f4", 12: "f8"}
_FRACTIONS = {5: "u4", 10: "i4"}
_BYTES = {2: 1, 7: 1}
_SIZES = (
    {kind: int(dtype[1]) for kind, dtype in (_INTEGERS | _FLOATS).items()}
    | {kind: 2 * int(dtype[1]) for kind, dtype in _FRACTIONS.items()}
    | _BYTES
)
# Offsets beyond this one lie outside of every file anyway. Sums and products with it still fit in 64 bits.
_FAR = 1 << 62


class _Entry(NamedTuple):
    """The type of a tag's values, how many there are, and where they start in the file."""

    kind: int
    values: int
    start: int


_NOTHING = _Entry(1, 0, 0)


class _Format(NamedTuple):
    """How a variant of TIFF writes its directories, as formats of `struct`."""

    tags: str
    entry: str
    offset: str


_CLASSIC = _Format("H", "HHLL", "L")
_BIG = _Format("Q", "HHQQ", "Q")


class ByteSource:
    """An open TIFF file. `order` is its byte order, "<" or ">"; `first` is the offset of its first directory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = stream.seek(0, 2)
        self._left = _MOST_READINGS * self.size + _FREE
        self.order = "<" if self.read(0, 2) == b"II" else ">"
        (version,) = struct.unpack(self.order + "H", self.read(2, 2))
        self._format = _BIG if version == 43 else _CLASSIC
        start = 8 if version == 43 else 4
        (self.first,) = self._unpack(self._format.offset, start)

    def read(self, start: int, size: int) -> bytes:
        """Return `size` bytes from `start` on. Raises ImageError where the file does not hold them."""
        if start + size > self.size:
            raise broken("it refers to something behind its end")
        self._stream.seek(start)
        data = self._stream.read(size)
        if len(data) != size:  # somebody has shortened the file meanwhile
            raise broken("it refers to something behind its end")
        return data

    def read_values(self, start: int, size: int) -> bytes:
        """Return `size` bytes of a tag's values. Raises ImageError as `read` does, and where tags share too many.

        Without this limit, a hundred thousand small directories that all point to one megabyte would cost as much
        time as a file of a hundred gigabytes.
        """
        self._left -= size
        if self._left < 0:
            raise broken("its tags refer to the same bytes over and over")
        return self.read(start, size)

    def directory(self, offset: int) -> Tags:
        """Return the tags of the directory at `offset`. Raises ImageError for one that the file cannot hold."""
        (count,) = self._unpack(self._format.tags, offset)
        if not 1 <= count <= _MOST_TAGS:
            raise broken(say("one of its pages has {:,} tag(s)", count))
        start = offset + struct.calcsize(self.order + self._format.tags)
        entry = struct.Struct(self.order + self._format.entry)
        body = self.read(start, count * entry.size)
        room = struct.calcsize(self.order + self._format.offset)
        entries: dict[int, list[_Entry]] = defaultdict(list)
        for i, (code, kind, values, pointer) in enumerate(entry.iter_unpack(body)):
            # Values that fit in the place of the offset stand there themselves.
            within = _SIZES.get(kind, 1) * values <= room
            place = start + (i + 1) * entry.size - room if within else pointer
            entries[code].append(_Entry(kind, values, place))
        end = start + len(body)
        # A file that is cut off here has no further pages, but this one may be whole.
        (following,) = self._unpack(self._format.offset, end) if end + room <= self.size else (0,)
        return Tags(self, entries, following, len(body))

    def chain(self) -> tuple[list[int], list[int], str]:
        """Follow the list of directories.

        Returns the offsets of all directories, the indices among them of whole pictures, and a remark on what is
        wrong with the list. Previews and masks are no pictures of their own, unless there is nothing else. Raises
        ImageError where the first directory is broken, or where there are too many.
        """
        offsets: list[int] = []
        pictures: list[int] = []
        offset, used, seen = self.first, 0, set()
        while offset:
            if offset in seen:
                return (
                    offsets,
                    pictures,
                    say("its list of pages runs in a circle after page {}", len(offsets)),
                )
            check_pages(len(offsets) + 1)
            try:
                tags = self.directory(offset)
            except ImageError:
                if not offsets:
                    raise
                return offsets, pictures, say("its list of pages is broken after page {}", len(offsets))
            used += tags.size
            # Directories of an honest file do not overlap. If they might, little of it could be read over and over.
            if used > self.size:
                return offsets, pictures, say("its list of pages is broken after page {}", len(offsets))
            if tags.is_picture:
                pictures.append(len(offsets))
            seen.add(offset)
            offsets.append(offset)
            offset = tags.following
        if not offsets:
            raise broken("it has no pages")
        return offsets, pictures or list(range(len(offsets))), ""

    def _unpack(self, format: str, start: int) -> tuple[int, ...]:
        layout = self.order + format
        return struct.unpack(layout, self.read(start, struct.calcsize(layout)))


class Tags:
    """The tags of one directory. `following` is the offset of the next directory, 0 at the last one."""

    def __init__(
        self, source: ByteSource, entries: dict[int, list[_Entry]], following: int, size: int
    ) -> None:
        self.source = source
        self.following = following
        self.size = size
        self._entries = dict(entries)

    def __contains__(self, code: int) -> bool:
        return code in self._entries

    @property
    def is_picture(self) -> bool:
        """True unless this is a preview, a level of a pyramid or a mask (NewSubfileType, SubfileType)."""
        try:
            # Bit 0 marks a reduced picture, bit 2 a mask. Bit 1 is a page of several, which is what is looked for.
            return not self.number(254, 0) & 0b101 and self.number(255, 1) != 2
        except ImageError:
            return True

    @property
    def is_mask(self) -> bool:
        """True where each pixel only says whether one of another picture counts. Raises ImageError."""
        return bool(self.number(254, 0) & 0b100)

    def count(self, code: int) -> int:
        """Return how many values a tag has; 0 without the tag."""
        return self._entries[code][0].values if code in self._entries else 0

    def number(self, code: int, default: int) -> int:
        """Return the first value of a tag of whole numbers. Raises ImageError for other values, and for negative ones.

        This is `numbers` for one value without NumPy, which would take most of the time of listing a file's pages.
        """
        entry = self._entries[code][0] if code in self._entries else _NOTHING
        if not entry.values:
            return default
        if entry.kind not in _INTEGERS:
            raise broken(say("its tag {} holds no whole numbers", code))
        dtype = _INTEGERS[entry.kind]
        data = self.source.read_values(entry.start, int(dtype[1]))
        value = int.from_bytes(data, "little" if self.source.order == "<" else "big", signed=dtype[0] == "i")
        if value < 0:
            raise broken(say("its tag {} is negative", code))
        # Capped instead of refused: what is too far is found out, and named, where the value is used.
        return min(value, _FAR)

    def numbers(self, code: int, most: int) -> NDArray[np.int64]:
        """Return the first values of a tag of whole numbers, at most `most`; none without the tag.

        Raises ImageError for other values, and for negative ones.
        """
        if code not in self._entries:
            return np.empty(0, np.int64)
        entry = self._entries[code][0]
        if entry.kind not in _INTEGERS:
            raise broken(say("its tag {} holds no whole numbers", code))
        values = self._array(entry, _INTEGERS[entry.kind], min(entry.values, most))
        if values.dtype.kind == "i" and (values < 0).any():
            raise broken(say("its tag {} is negative", code))
        return (
            np.minimum(values, _FAR).astype(np.int64)
            if values.dtype.itemsize == 8
            else values.astype(np.int64)
        )

    def reals(self, code: int, count: int) -> NDArray[np.float64] | None:
        """Return the first `count` values of a tag of numbers of any kind; None where they are not all there."""
        if self.count(code) < count:
            return None
        entry = self._entries[code][0]
        if entry.kind in _FRACTIONS:
            pairs = self._array(entry, _FRACTIONS[entry.kind], 2 * count).astype(np.float64)
            with np.errstate(divide="ignore", invalid="ignore"):
                values = pairs[::2] / pairs[1::2]
        elif entry.kind in _INTEGERS | _FLOATS:
            values = self._array(entry, (_INTEGERS | _FLOATS)[entry.kind], count).astype(np.float64)
        else:
            return None
        return values if np.isfinite(values).all() else None

    def data(self, code: int, most: int) -> bytes:
        """Return the bytes of a tag, none without it. Raises ImageError where there are more than `most`."""
        if code not in self._entries:
            return b""
        return self._data(self._entries[code][0], code, most)

    def places(self, code: int) -> list[tuple[int, int]]:
        """Return where each of the tags of this code has its bytes, as (offset, length)."""
        return [(entry.start, entry.values) for entry in self._entries.get(code, ())]

    def texts(self, code: int, most: int, tags: int) -> Iterator[str]:
        """Yield the texts of the first `tags` tags of this code, each of at most `most` bytes.

        TIFF has one tag of a kind, but some writers give a description of their own beside the user's. Texts that
        are too long or broken are left out. Only one is in memory at a time.
        """
        for entry in self._entries.get(code, ())[:tags]:
            try:
                data = self._data(entry, code, most)
            except ImageError:
                continue
            yield data.split(b"\0", 1)[0].decode("utf-8", "replace")

    def _data(self, entry: _Entry, code: int, most: int) -> bytes:
        if entry.values > most or _SIZES.get(entry.kind) != 1:
            raise broken(say("its tag {} makes no sense", code))
        return self.source.read_values(entry.start, entry.values)

    def _array(self, entry: _Entry, dtype: str, count: int) -> NDArray[Any]:
        numbers = np.dtype(self.source.order + dtype)
        return np.frombuffer(self.source.read_values(entry.start, count * numbers.itemsize), numbers)
