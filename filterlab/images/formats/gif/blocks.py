"""GIF files as blocks: where each frame lies, and how it is laid over those before it. Nothing is decoded here."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import broken
from filterlab.images.formats.frames import FrameStep

KEEP, CLEAR, RESTORE = 1, 2, 3  # what becomes of a frame's area before the next one is drawn

_IMAGE, _EXTENSION, _END, _FILLING = 0x2C, 0x21, 0x3B, 0
_CONTROL = 0xF9
GREYS = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(256, 3)


@dataclass
class GifFrame:
    """One frame. palette: (n, 3); transparent: the index that lets the canvas be seen, -1 for none."""

    left: int
    top: int
    width: int
    height: int
    interlaced: bool
    palette: NDArray[np.uint8]
    transparent: int
    dispose: int
    data: memoryview


@dataclass
class GifContents:
    """What a file holds; width and height are the canvas's."""

    width: int
    height: int
    palette: NDArray[np.uint8] | None
    background: int
    frames: list[GifFrame] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @cached_property
    def is_grey(self) -> bool:
        """Whether all frames are grey; then all are read so."""
        return not any(np.ptp(frame.palette, axis=1).any() for frame in self.frames)

    @property
    def has_alpha(self) -> bool:
        """Whether any frame has transparent pixels."""
        return any(frame.transparent >= 0 for frame in self.frames)

    def steps(self) -> list[FrameStep]:
        """What each frame does to the canvas."""
        return [
            FrameStep(
                frame.width * frame.height,
                frame.transparent < 0 and self._fills(frame),
                frame.dispose == RESTORE,
            )
            for frame in self.frames
        ]

    def _fills(self, frame: GifFrame) -> bool:
        whole = frame.left + frame.width >= self.width and frame.top + frame.height >= self.height
        return whole and not frame.left and not frame.top


def contents(data: bytes) -> GifContents:
    """The blocks of a whole file. Raises ImageError where no frame is whole."""
    walk = _BlockWalk(data)
    try:
        walk.run()
    except (struct.error, IndexError):  # the end of the file where there should be more
        if not walk.found.frames:
            raise broken("it is cut short") from None
        walk.found.remarks.append("its end is missing, and frames may be, too")
    found = walk.found
    if not found.frames:
        raise broken("it holds no frame")
    first = found.frames[0]
    found.width = max(found.width, first.left + first.width)
    found.height = max(found.height, first.top + first.height)
    return found


class _BlockWalk:
    """The way through the blocks of one file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.view = memoryview(data)
        self.position = 13
        self.control = (0, -1)  # what becomes of the next frame, and its transparent index
        if len(data) < self.position:
            raise broken("it is cut short")
        width, height, flags, background = struct.unpack_from("<HHBB", data, 6)
        self.found = GifContents(width, height, None, background)
        if flags & 0x80:
            self.found.palette = self._palette(flags)

    def run(self) -> None:
        """All blocks. Raises struct.error or IndexError where the file ends inside one."""
        while (kind := self.data[self.position]) != _END:
            self.position += 1
            if kind == _IMAGE:
                self._take_frame()
            elif kind == _EXTENSION:
                self._take_extension()
            elif kind != _FILLING:
                if not self.found.frames:
                    raise broken("its parts cannot be told apart")
                self.found.remarks.append("what follows its last whole frame is damaged")
                return

    def _palette(self, flags: int) -> NDArray[np.uint8]:
        size = 2 << (flags & 7)
        start = self.position
        self.position += 3 * size
        if self.position > len(self.data):
            raise IndexError
        return np.frombuffer(self.data, np.uint8, 3 * size, start).reshape(size, 3)

    def _skip_blocks(self) -> None:
        """To behind the empty block that ends a row of them."""
        data, position = self.data, self.position
        while size := data[position]:
            position += 1 + size
        self.position = position + 1

    def _take_extension(self) -> None:
        label = self.data[self.position]
        self.position += 1
        if label == _CONTROL and self.data[self.position] >= 4:
            flags, _, transparent = struct.unpack_from("<BHB", self.data, self.position + 1)
            self.control = (flags >> 2) & 7, transparent if flags & 1 else -1
        self._skip_blocks()

    def _take_frame(self) -> None:
        left, top, width, height, flags = struct.unpack_from("<HHHHB", self.data, self.position)
        self.position += 9
        palette = self._palette(flags) if flags & 0x80 else self.found.palette
        start = self.position
        self.position += 1  # the size of the code's first words
        self._skip_blocks()
        if not width or not height:
            raise broken("it has a frame without pixels")
        frame = GifFrame(
            left,
            top,
            width,
            height,
            bool(flags & 0x40),
            GREYS if palette is None else palette,
            self.control[1],
            self.control[0],
            self.view[start : self.position],
        )
        self.found.frames.append(frame)
        self.control = (0, -1)
