"""GIF files as blocks: where each frame lies, and how it is laid over those before it.

Source: the GIF89a specification. Nothing is decoded here, and no frame is read, so that counting takes no memory.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import broken, check_pages
from filterlab.images.formats.frames import FileSpan, FrameStep
from filterlab.text.messages import say

KEEP, CLEAR, RESTORE = 1, 2, 3  # what becomes of a frame's area before the next one is drawn

_IMAGE, _EXTENSION, _END, _FILLING = 0x2C, 0x21, 0x3B, 0
_CONTROL = 0xF9
_MOST_FILLING = 1 << 16  # zeros between two blocks, where the format has none
GREYS = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(256, 3)


@dataclass
class GifFrame:
    """One frame. palette: (n, 3). transparent: the index that lets the canvas be seen, -1 for none.

    data: where its code lies, with the size of the first words before it and the empty block behind it.
    """

    left: int
    top: int
    width: int
    height: int
    interlaced: bool
    palette: NDArray[np.uint8]
    transparent: int
    dispose: int
    data: FileSpan


@dataclass
class GifContents:
    """The canvas, its palette and background, and the frames. remarks: what is wrong with the file."""

    width: int
    height: int
    palette: NDArray[np.uint8] | None
    background: int
    frames: list[GifFrame] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @cached_property
    def is_grey(self) -> bool:
        """True if all frames are grey; then all are read so."""
        return not any(np.ptp(frame.palette, axis=1).any() for frame in self.frames)

    @cached_property
    def has_alpha(self) -> bool:
        """True if any frame has transparent pixels."""
        return any(frame.transparent >= 0 for frame in self.frames)

    def steps(self) -> list[FrameStep]:
        """How each frame changes the canvas."""
        return [
            FrameStep(
                frame.width * frame.height,
                # A frame with a transparent colour may hide nothing; only its pixels, which are not decoded here, would
                # tell.
                frame.transparent < 0 and self._fills(frame),
                frame.dispose == RESTORE,
            )
            for frame in self.frames
        ]

    def _fills(self, frame: GifFrame) -> bool:
        reaches_end = frame.left + frame.width >= self.width and frame.top + frame.height >= self.height
        return reaches_end and not frame.left and not frame.top


class _EndOfFileError(Exception):
    """The file ends where there should be more."""


def contents(stream: BinaryIO) -> GifContents:
    """The blocks of an open file. Raises ImageError where no frame is whole, and where there are too many."""
    walk = _BlockWalk(stream)
    found = walk.found
    try:
        walk.run()
    except _EndOfFileError:
        if not found.frames:
            raise broken("it is cut short") from None
        found.remarks.append(say("its end is missing, and frames may be, too"))
    if not found.frames:
        raise broken("it holds no frame")
    # Some writers tell no canvas, or too small a one: it is as large as the first frame at least.
    first = found.frames[0]
    found.width = max(found.width, first.left + first.width)
    found.height = max(found.height, first.top + first.height)
    return found


class _BlockWalk:
    """The way through the blocks of one file."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        stream.seek(0)
        header = stream.read(13)
        if len(header) < 13:
            raise broken("it is cut short")
        width, height, flags, background = struct.unpack_from("<HHBB", header, 6)
        self.control = (0, -1)  # what becomes of the next frame, and its transparent index
        self.found = GifContents(width, height, None, background)
        if flags & 0x80:
            try:
                self.found.palette = self._palette(flags)
            except _EndOfFileError:
                raise broken("it is cut short") from None

    def run(self) -> None:
        """Walk over all blocks. Raises _EndOfFileError where the file ends inside one."""
        while (kind := self._byte()) != _END:
            if kind == _IMAGE:
                self._take_frame()
            elif kind == _EXTENSION:
                self._take_extension()
            elif kind == _FILLING:
                self._skip_filling()
            elif self.found.frames:
                self.found.remarks.append(say("what follows its last whole frame is damaged"))
                return
            else:
                raise broken("its parts cannot be told apart")

    def _read(self, size: int) -> bytes:
        data = self.stream.read(size)
        if len(data) < size:
            raise _EndOfFileError
        return data

    def _byte(self) -> int:
        return self._read(1)[0]

    def _palette(self, flags: int) -> NDArray[np.uint8]:
        size = 2 << (flags & 7)
        return np.frombuffer(self._read(3 * size), np.uint8).reshape(size, 3)

    def _skip_blocks(self) -> None:
        """Go to behind the empty block that ends a row of them."""
        while size := self._byte():
            # Passed over, not read: the code of all frames may be gigabytes, and counting needs none of it.
            self.stream.seek(size, 1)

    def _skip_filling(self) -> None:
        """Go to the next byte that is not zero.

        Raises _EndOfFileError after many zeros: the rest of a download that was cut, or gigabytes in a sparse file.
        """
        zeros = self.stream.read(_MOST_FILLING)
        rest = len(zeros.lstrip(b"\0"))
        if not rest:
            raise _EndOfFileError
        self.stream.seek(-rest, 1)

    def _take_extension(self) -> None:
        label, size = self._read(2)
        body = self._read(size)
        if label == _CONTROL and size >= 4:
            flags, _, transparent = struct.unpack_from("<BHB", body)
            self.control = (flags >> 2) & 7, transparent if flags & 1 else -1
        # An empty first block ends the extension already: the one that ends all others does not follow.
        if size:
            self._skip_blocks()

    def _take_frame(self) -> None:
        left, top, width, height, flags = struct.unpack("<HHHHB", self._read(9))
        palette = self._palette(flags) if flags & 0x80 else self.found.palette
        start = self.stream.tell()
        self._byte()  # the size of the code's first words
        self._skip_blocks()
        if not width or not height:
            raise broken("it has a frame without pixels")
        frame = GifFrame(
            left,
            top,
            width,
            height,
            bool(flags & 0x40),
            # Without any palette an index is taken for a shade of grey.
            GREYS if palette is None else palette,
            self.control[1],
            self.control[0],
            FileSpan(start, self.stream.tell() - start),
        )
        self.found.frames.append(frame)
        check_pages(len(self.found.frames))
        # A control block holds for the next frame alone.
        self.control = (0, -1)
