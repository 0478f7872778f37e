"""Reading GIF files, and the frames of animated ones as a viewer shows them.

Source: the GIF89a specification. Pillow decodes the indices of each frame; they are laid over one another here, so
that every frame of a file has the same channels. Decided: an area that is restored to the background becomes
transparent where any frame of the file has a transparent colour, as in browsers; else it gets the background's colour.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import Reading, broken, check_claim, check_page, check_size, scaled
from filterlab.images.formats.frames import first_needed, indexed, joined, played
from filterlab.images.formats.gif.blocks import CLEAR, GREYS, RESTORE, GifContents, GifFrame, contents
from filterlab.images.formats.pillow import opened
from filterlab.text.messages import say

_PIXELS_PER_BYTE = 4096  # a word of LZW code stands for that many at most
_OUTSIDE = say("some of its pixels have colours that its palette lacks; they are black")


def count_pages(file: Path) -> int:
    """The number of frames, without decoding them."""
    with file.open("rb") as stream:
        return _count(indexed(stream, contents, _count)[1])


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One frame, as grey where all palettes are grey, else as RGB. Raises ImageError, and Pillow's errors."""
    with file.open("rb") as stream:
        key, found = indexed(stream, contents, _count)
        pages = _count(found)
        check_page(page, pages)
        check_size(3, found.height, found.width)
        check_claim(found.height, found.width, stream.seek(0, 2), _PIXELS_PER_BYTE)
        pixels, remarks = played(key, stream, page - 1, pages, lambda: _GifPlayer(found))
    values = scaled(pixels if alpha and found.has_alpha else pixels[:-1])
    return Reading(values, pages, (*found.remarks, *remarks))


def _count(found: GifContents) -> int:
    return len(found.frames)


class _GifPlayer:
    """A canvas (C, H, W) of uint8, whose last channel is alpha, 0 or 255, and the index of the frame to come."""

    def __init__(self, found: GifContents) -> None:
        self.found = found
        self.steps = found.steps()
        self.following = 0
        self.remarks: list[str] = []
        self.canvas = np.zeros((2 if found.is_grey else 4, found.height, found.width), np.uint8)
        self._fill(self.canvas, found.frames[0])

    def size(self) -> int:
        """Bytes of the canvas."""
        return self.canvas.nbytes

    def show(self, stream: BinaryIO, index: int) -> tuple[NDArray[np.uint8], list[str]]:
        """The canvas at a frame, and remarks on the frames on the way."""
        for i in range(first_needed(self.steps, index, self.following), index + 1):
            frame = self.found.frames[i]
            before = self._draw(frame, _indices(stream, frame))
            # A copy, as `_leave` changes the canvas before the next frame; only the picture that is asked for pays for
            # it.
            picture = self.canvas.copy() if i == index else self.canvas
            self._leave(frame, before)
        self.following = index + 1
        return picture, self.remarks

    def _area(self, frame: GifFrame) -> NDArray[np.uint8]:
        """The part of the canvas that a frame covers."""
        rows = slice(frame.top, frame.top + frame.height)
        return self.canvas[:, rows, frame.left : frame.left + frame.width]

    def _draw(self, frame: GifFrame, indices: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
        """Lay a frame over the canvas, and return what was there before where that is to come back."""
        area = self._area(frame)
        before = area.copy() if frame.dispose == RESTORE else None
        # What reaches beyond the canvas is not seen.
        indices = indices[: area.shape[1], : area.shape[2]]
        self._check(indices, frame)
        if frame.transparent < 0:
            seen = None
        elif frame is self.found.frames[0]:
            # Nothing is below: the colours stay, as those below alpha do in every other file.
            seen, area[-1] = None, np.where(indices == frame.transparent, 0, 255)
        else:
            seen = indices != frame.transparent
        for plane, row in zip(area[:-1], _table(frame, len(area) - 1), strict=True):
            _lay(plane, _looked_up(row, indices), seen)
        if seen is not None or frame.transparent < 0:
            _lay(area[-1], np.uint8(255), seen)
        return before

    def _check(self, indices: NDArray[np.uint8], frame: GifFrame) -> None:
        """Note indices that are not in the palette. The transparent one need not be."""
        if len(frame.palette) < 256:
            outside = (indices >= len(frame.palette)) & (indices != frame.transparent)
            self.remarks = [_OUTSIDE] if outside.any() else self.remarks

    def _leave(self, frame: GifFrame, before: NDArray[np.uint8] | None) -> None:
        """Do what the frame asks for before the next one: keep it, clear its area, or put back what was there."""
        if before is not None:
            self._area(frame)[...] = before
        elif frame.dispose == CLEAR:
            self._fill(self._area(frame), frame)

    def _fill(self, area: NDArray[np.uint8], frame: GifFrame) -> None:
        """Fill an area with the background, as it is at a frame.

        Its alpha is 0 in a file with transparent pixels, and its colours are then those below alpha.
        """
        palette = GREYS[:1] if self.found.palette is None else self.found.palette
        index = self.found.background if self.found.background < len(palette) else 0
        colour = palette[index, : len(area) - 1]
        if frame.transparent >= 0:
            colour = _table(frame, len(area) - 1)[:, frame.transparent]
        area[:-1] = colour[:, None, None]
        area[-1] = 0 if self.found.has_alpha else 255


def _table(frame: GifFrame, channels: int) -> NDArray[np.uint8]:
    """A frame's palette as (channels, 256). Colours that it lacks are black."""
    table = np.zeros((channels, 256), np.uint8)
    table[:, : len(frame.palette)] = frame.palette.T[:channels]
    return table


def _looked_up(row: NDArray[np.uint8], indices: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """row[indices], several times faster than NumPy does it."""
    return np.frombuffer(indices.tobytes().translate(row.tobytes()), np.uint8).reshape(indices.shape)


def _lay(
    plane: NDArray[np.uint8], values: NDArray[np.uint8] | np.uint8, seen: NDArray[np.bool_] | None
) -> None:
    """Put values into a plane: all of them, or those that are seen."""
    if seen is None:
        plane[...] = values
    else:
        np.copyto(plane, values, where=seen)


def _most_code(frame: GifFrame) -> int:
    """Bytes of code that the pixels of a frame can need: what follows is not read.

    A word has 12 bits at most and stands for a pixel at least; other words may clear the table of words, but there is
    no use in more of them than there are pixels. Blocks add a byte to each 255.
    """
    return 4 * frame.height * frame.width + (1 << 16)


def _indices(stream: BinaryIO, frame: GifFrame) -> NDArray[np.uint8]:
    """Indices (H, W) into the palette, decoded by Pillow from a file of this frame alone.

    That file has a palette of greys, each the colour of its own index.
    """
    # The size of the canvas was checked, but a frame may be larger than that.
    check_size(frame.height, frame.width)
    check_claim(frame.height, frame.width, frame.data.size, _PIXELS_PER_BYTE, 1 << 24)
    size = struct.pack("<HH", frame.width, frame.height)
    flags = 0x40 if frame.interlaced else 0
    parts = (
        b"GIF89a",
        size,
        b"\xf7\0\0",
        GREYS.tobytes(),
        b",\0\0\0\0",
        size,
        bytes([flags]),
        joined(stream, [frame.data], _most_code(frame)),
        b";",
    )
    with opened(b"".join(parts), "GIF") as image:
        pixels: NDArray[np.uint8] = np.asarray(image)
    if pixels.shape != (frame.height, frame.width) or pixels.dtype != np.uint8:
        raise broken("a frame of it is damaged")
    return pixels
