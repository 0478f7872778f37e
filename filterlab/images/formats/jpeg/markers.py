"""JPEG files as segments: what the picture needs, where its compressed data lie, and what is out of place.

Source: ITU-T T.81, annexes B and F.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import broken
from filterlab.text.messages import say

# A Huffman code: how many words have 1, 2, ..., 16 bits, and what the words stand for.
Table = tuple[bytes, bytes]

_EOI, _SOS, _DHT, _DRI = 0xD9, 0xDA, 0xC4, 0xDD
_RESTARTS = range(0xD0, 0xD8)
_LONE = (0x01, *_RESTARTS)  # markers without a segment behind them
_FRAMES = tuple(marker for marker in range(0xC0, 0xD0) if marker not in (_DHT, 0xC8, 0xCC))
_PLAIN, _PROGRESSIVE = (0xC0, 0xC1), 0xC2
_EXIF, _MPF = 0xE1, 0xE2
_IGNORED = (*range(0xE1, 0xEE), 0xEF, 0xFE)  # application data and comments: no pixel depends on them
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_MOST_SCANS = 1000  # a hundred would do for every picture
_MOST_SEGMENTS = 1 << 16  # notes of 4 GiB, if all of them are as long as they can be
_XMP_NAME = b"http://ns.adobe.com/xap/1.0/\0"


class Component(NamedTuple):
    """One channel of a frame. h, v: how finely it is sampled across and down, from 1 to 4 (T.81, A.1.1)."""

    name: int
    h: int
    v: int


@dataclass
class JpegFrame:
    """The header of a frame (SOF): its kind, bits of a sample, size and channels."""

    marker: int
    precision: int
    height: int
    width: int
    components: list[Component]

    @property
    def is_progressive(self) -> bool:
        """True if each pass adds to the coefficients of those before it."""
        return self.marker == _PROGRESSIVE

    @property
    def is_huffman(self) -> bool:
        """True if its compressed data are words of Huffman codes for blocks of 8 x 8 coefficients."""
        return self.is_progressive or self.marker in _PLAIN

    def blocks(self, component: Component) -> int:
        """The number of blocks of 8 x 8 samples that the component has in a scan of its own (T.81, A.2.2)."""
        most_h, most_v = self._finest()
        across = ceil(ceil(self.width * component.h / most_h) / 8)
        return across * ceil(ceil(self.height * component.v / most_v) / 8)

    def units(self) -> int:
        """The number of groups of blocks (MCU) in a scan of several components (T.81, A.2.3)."""
        most_h, most_v = self._finest()
        return ceil(self.width / (8 * most_h)) * ceil(self.height / (8 * most_v))

    def _finest(self) -> tuple[int, int]:
        return max(c.h for c in self.components), max(c.v for c in self.components)


@dataclass
class Scan:
    """One scan of the picture: what SOS says, and where its compressed data lie.

    members: index of each component, with the numbers of its two codes, for DC and AC. first, last: the coefficients
    that it holds; high, low: the bits of them that it refines, and those that it leaves to later scans (T.81, G.1.1.1).
    start, end: the bytes of its data. interval: groups of blocks between restarts. tables: the codes that are defined
    at this place, since a file may define them anew between two scans.
    """

    members: list[tuple[int, int, int]]
    first: int
    last: int
    high: int
    low: int
    start: int
    end: int
    interval: int
    tables: dict[int, Table]


@dataclass
class JpegLayout:
    """The parts of one picture of a file.

    needed: the parts that a decoder gets. index: what tells of further pictures in an MPO file, as the byte from which
    its offsets count, and the block itself. junk: bytes that belong to no segment. parts: segments and markers, those
    without use too. ended: whether there is an end.
    """

    needed: list[memoryview] = field(default_factory=list)
    frame: JpegFrame | None = None
    scans: list[Scan] = field(default_factory=list)
    exif: bytes = b""
    xmp: bytes = b""
    index: tuple[int, bytes] = (0, b"")
    junk: int = 0
    parts: int = 0
    ended: bool = False


def layout(data: bytes, start: int = 0, *, notes_only: bool = False) -> JpegLayout:
    """Walk over the picture that begins at `start`, or only over what stands before its pixels.

    Raises ImageError where its segments make no sense.
    """
    walk = _MarkerWalk(data, start)
    walk.run(notes_only)
    return walk.found


class _MarkerWalk:
    """The way through the segments of one picture."""

    def __init__(self, data: bytes, start: int) -> None:
        self.data = data
        self.view = memoryview(data)
        self.position = start + 2
        self.found = JpegLayout([self.view[start : start + 2]])
        self.tables: dict[int, Table] = {}
        self.interval = 0

    def run(self, notes_only: bool) -> None:
        """Walk over all segments, up to the end marker or to the end of the file."""
        for marker, start, end in self._segments():
            if self.found.parts == _MOST_SEGMENTS:
                raise broken("it has too many parts")
            self.found.parts += 1
            body = self.view[start + 4 : end]
            if marker == _SOS and notes_only:
                return
            if marker in _FRAMES:
                self._take_frame(marker, body)
            elif marker == _DHT:
                self._take_tables(body)
            elif marker == _DRI and len(body) >= 2:
                self.interval = int.from_bytes(body[:2], "big")
            elif marker == _SOS:
                end = self._take_scan(body, end)
            self._take_note(marker, body, start)
            if marker not in _IGNORED and marker not in _LONE:
                self.found.needed.append(self.view[start:end])
            self.position = end

    def _segments(self) -> Iterator[tuple[int, int, int]]:
        """Each marker, with the byte at which it begins and that at which its segment ends.

        The caller moves `position` on: behind a scan's header come its data, of which no length is told.
        """
        while (start := self._next_marker()) >= 0:
            marker = self.data[start + 1]
            if marker == _EOI:
                self.found.ended = True
                self.found.needed.append(self.view[start : start + 2])
                return
            end = start + 2
            if marker not in _LONE:
                end += int.from_bytes(self.view[start + 2 : start + 4], "big")
                # Beyond the file, or shorter than its own length field: nothing behind it can be told apart. No end has
                # been seen then.
                if end > len(self.data) or end < start + 4:
                    return
            yield marker, start, end

    def _next_marker(self) -> int:
        """The byte at which the next marker begins, -1 behind the last one.

        What lies before it is junk, except bytes FF, which may fill the place before a marker (T.81, B.1.1.2).
        """
        match = _MARKER.search(self.data, self.position)
        start = match.start() if match else len(self.data)
        # Counted for the remark only: a decoder looks for the next marker, too.
        self.found.junk += start - self.position - self.data.count(b"\xff", self.position, start)
        return start if match else -1

    @cached_property
    def scan_ends(self) -> NDArray[np.int64]:
        """The places of markers that end compressed data, in order; the end of the file is the last.

        In compressed data, FF stands before 0, which is stuffed, or before the number of a restart (T.81, B.1.1.5).
        """
        letters = np.frombuffer(self.data, np.uint8)
        marked = np.flatnonzero(letters[:-1] == 0xFF)
        following = letters[marked + 1]
        restart = (following >= _RESTARTS.start) & (following < _RESTARTS.stop)
        ends = marked[(following != 0) & (following != 0xFF) & ~restart]
        return np.append(ends, len(letters))

    def _take_frame(self, marker: int, body: memoryview) -> None:
        if self.found.frame is not None or len(body) < 6 or len(body) < 6 + 3 * body[5]:
            raise broken("its header is damaged")
        components = [
            Component(body[i], body[i + 1] >> 4, body[i + 1] & 15) for i in range(6, 6 + 3 * body[5], 3)
        ]
        if not components or not all(1 <= c.h <= 4 and 1 <= c.v <= 4 for c in components):
            raise broken("its header is damaged")
        height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        if not height or not width:
            # A height of 0 is legal (DNL tells it behind the first scan, T.81, B.2.5), but libjpeg does not read that
            # either.
            raise broken("its header tells no size")
        self.found.frame = JpegFrame(marker, body[0], height, width, components)

    def _take_tables(self, body: memoryview) -> None:
        position = 0
        while position + 17 <= len(body):
            counts = bytes(body[position + 1 : position + 17])
            end = position + 17 + sum(counts)
            self.tables[body[position]] = counts, bytes(body[position + 17 : end])
            position = end

    def _take_scan(self, body: memoryview, start: int) -> int:
        """Note one scan, and return where its compressed data end."""
        end = int(self.scan_ends[np.searchsorted(self.scan_ends, start)])
        frame = self.found.frame
        count = body[0] if body else 0
        if frame is None or not count or len(body) < 4 + 2 * count:
            raise broken("its header is damaged")
        names = {component.name: i for i, component in enumerate(frame.components)}
        pairs = [(body[i], body[i + 1]) for i in range(1, 1 + 2 * count, 2)]
        if not all(name in names for name, _ in pairs):
            raise broken("its header is damaged")
        members = [(names[name], codes >> 4, codes & 15) for name, codes in pairs]
        first, last, bits = body[1 + 2 * count : 4 + 2 * count]
        # A copy of the tables: later segments may define some anew, which must not change what holds for this scan.
        scan = Scan(members, first, last, bits >> 4, bits & 15, start, end, self.interval, dict(self.tables))
        self.found.scans.append(scan)
        if len(self.found.scans) > _MOST_SCANS:
            raise ImageError(
                say("it stores the picture in more than {} scans", _MOST_SCANS), hint="export it again"
            )
        return end

    def _take_note(self, marker: int, body: memoryview, start: int) -> None:
        found = self.found
        if marker == _EXIF and bytes(body[:6]) == b"Exif\0\0" and not found.exif:
            found.exif = bytes(body)
        elif marker == _EXIF and bytes(body[: len(_XMP_NAME)]) == _XMP_NAME and not found.xmp:
            found.xmp = bytes(body)
        elif marker == _MPF and bytes(body[:4]) == b"MPF\0" and not found.index[1]:
            found.index = start + 8, bytes(body[4:])


def unread(frame: JpegFrame) -> ImageError | None:
    """The error for a kind of JPEG that Pillow does not decode, None for one that it does."""
    kinds = {0xC3: "lossless", 0xC5: "hierarchical", 0xC6: "hierarchical", 0xC7: "hierarchical"}
    hint = say("export it again, as PNG or TIFF")
    if frame.precision != 8:
        return ImageError(say("it is a JPEG with {} bit(s), which is not read", frame.precision), hint=hint)
    if frame.marker in kinds:
        return ImageError(say("it is a {} JPEG, which is not read", kinds[frame.marker]), hint=hint)
    if len(frame.components) == 2 or len(frame.components) > 4:
        return ImageError(
            say("it is a JPEG with {} channel(s), which is not read", len(frame.components)), hint=hint
        )
    return None
