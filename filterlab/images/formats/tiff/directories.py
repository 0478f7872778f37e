"""The directories of a TIFF file: their tags, and the values of these, each bounded by what the file holds.

Sources: TIFF 6.0 (Adobe, 1992), and the BigTIFF design as libtiff has it.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import broken
from filterlab.text.messages import say

MAX_DIRECTORIES = 1 << 17
_MOST_TAGS = 4096  # of one directory; the richest of real ones hold some hundred

_INTEGERS = {1: "u1", 3: "u2", 4: "u4", 6: "i1", 8: "i2", 9: "i4", 13: "u4", 16: "u8", 17: "i8", 18: "u8"}
_FLOATS = {11: "f4", 12: "f8"}
_FRACTIONS = {5: "u4", 10: "i4"}
_BYTES = {2: 1, 7: 1}
_SIZES = (
    {kind: int(dtype[1]) for kind, dtype in (_INTEGERS | _FLOATS).items()}
    | {kind: 2 * int(dtype[1]) for kind, dtype in _FRACTIONS.items()}
    | _BYTES
)
_FAR = 1 << 62  # offsets beyond this one are as wrong as this one, and it can be reckoned with


class _Entry(NamedTuple):
    """The type of a tag's values, how many there are, and where they start in the file."""

    kind: int
    values: int
    start: int


class _Format(NamedTuple):
    """How a kind of file writes its directories: all of these are formats of `struct`."""

    tags: str
    entry: str
    offset: str


_CLASSIC = _Format("H", "HHLL", "L")
_BIG = _Format("Q", "HHQQ", "Q")


class ByteSource:
    """An open TIFF file. `order` is its byte order, "<" or ">"; `first` is where its first directory is."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = stream.seek(0, 2)
        self.order = "<" if self.read(0, 2) == b"II" else ">"
        (version,) = struct.unpack(self.order + "H", self.read(2, 2))
        self._format = _BIG if version == 43 else _CLASSIC
        start = 8 if version == 43 else 4
        (self.first,) = self._unpack(self._format.offset, start)

    def read(self, start: int, size: int) -> bytes:
        """So many bytes. Raises ImageError where the file does not hold them."""
        if start + size > self.size:
            raise broken("it refers to something behind its end")
        self._stream.seek(start)
        data = self._stream.read(size)
        if len(data) != size:  # somebody has shortened the file meanwhile
            raise broken("it refers to something behind its end")
        return data

    def directory(self, offset: int) -> Tags:
        """The tags of one directory. Raises ImageError for one that the file cannot hold."""
        (count,) = self._unpack(self._format.tags, offset)
        if not 1 <= count <= _MOST_TAGS:
            raise broken(f"one of its pages has {count:,} tags")
        start = offset + struct.calcsize(self.order + self._format.tags)
        entry = struct.Struct(self.order + self._format.entry)
        body = self.read(start, count * entry.size)
        room = struct.calcsize(self.order + self._format.offset)
        entries: dict[int, list[_Entry]] = defaultdict(list)
        for i, (code, kind, values, pointer) in enumerate(entry.iter_unpack(body)):
            within = _SIZES.get(kind, 1) * values <= room
            place = start + (i + 1) * entry.size - room if within else pointer
            entries[code].append(_Entry(kind, values, place))
        end = start + len(body)
        # A file that is cut here has no further pages; the one before may be whole.
        (following,) = self._unpack(self._format.offset, end) if end + room <= self.size else (0,)
        return Tags(self, entries, following, len(body))

    def chain(self) -> tuple[list[int], list[int], str]:
        """Offsets of all directories; the indices among them of whole pictures; and a remark on what is wrong.

        Previews and masks are no pictures of their own, unless there is nothing else. Raises ImageError where the
        first directory is broken, or where there are too many.
        """
        offsets: list[int] = []
        pictures: list[int] = []
        offset, used, seen = self.first, 0, set()
        while offset:
            if offset in seen:
                return offsets, pictures, f"its list of pages runs in a circle after page {len(offsets)}"
            if len(offsets) == MAX_DIRECTORIES:
                raise ImageError(
                    say("it has more than {:,} pages", MAX_DIRECTORIES), hint="cut it into parts first"
                )
            try:
                tags = self.directory(offset)
            except ImageError:
                if not offsets:
                    raise
                return offsets, pictures, f"its list of pages is broken after page {len(offsets)}"
            used += tags.size
            # Directories of an honest file do not overlap: otherwise little of it could be read over and over.
            if used > self.size:
                return offsets, pictures, f"its list of pages is broken after page {len(offsets)}"
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
    """The tags of one directory. `following` is the offset of the next one, 0 at the last."""

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
        """Whether this is no preview, no level of a pyramid and no mask (NewSubfileType, SubfileType)."""
        try:
            return not self.number(254, 0) & 0b101 and self.number(255, 1) != 2
        except ImageError:
            return True

    def count(self, code: int) -> int:
        """How many values a tag has; 0 without the tag."""
        return self._entries[code][0].values if code in self._entries else 0

    def number(self, code: int, default: int) -> int:
        """The first value of a tag of whole numbers. Raises ImageError for other values."""
        values = self.numbers(code, 1)
        return int(values[0]) if len(values) else default

    def numbers(self, code: int, most: int) -> NDArray[np.int64]:
        """The first values of a tag of whole numbers, at most `most`; none without the tag. Raises ImageError."""
        if code not in self._entries:
            return np.empty(0, np.int64)
        entry = self._entries[code][0]
        if entry.kind not in _INTEGERS:
            raise broken(f"its tag {code} holds no whole numbers")
        values = self._array(entry, _INTEGERS[entry.kind], min(entry.values, most))
        if values.dtype.kind == "i" and (values < 0).any():
            raise broken(f"its tag {code} is negative")
        return (
            np.minimum(values, _FAR).astype(np.int64)
            if values.dtype.itemsize == 8
            else values.astype(np.int64)
        )

    def reals(self, code: int, count: int) -> NDArray[np.float64] | None:
        """So many values of a tag of numbers of any kind; None where they are missing or are no numbers."""
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
        """The bytes of a tag, none without it. Raises ImageError where there are more than `most`."""
        return self._data(self._entries[code][0], code, most) if code in self._entries else b""

    def texts(self, code: int, most: int) -> list[str]:
        """All texts of a tag, which some writers give twice; those that are too long or broken are left out."""
        found = []
        for entry in self._entries.get(code, ()):
            try:
                data = self._data(entry, code, most)
            except ImageError:
                continue
            found.append(data.split(b"\0", 1)[0].decode("utf-8", "replace"))
        return found

    def _data(self, entry: _Entry, code: int, most: int) -> bytes:
        if entry.values > most or _SIZES.get(entry.kind) != 1:
            raise broken(f"its tag {code} makes no sense")
        return self.source.read(entry.start, entry.values)

    def _array(self, entry: _Entry, dtype: str, count: int) -> NDArray[Any]:
        numbers = np.dtype(self.source.order + dtype)
        return np.frombuffer(self.source.read(entry.start, count * numbers.itemsize), numbers)
