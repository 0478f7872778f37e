"""The frames of an APNG, drawn over one another as a viewer does, in float32 at any depth."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import check_size
from filterlab.images.formats.frames import FrameStep, first_needed
from filterlab.images.formats.png.chunks import CLEAR, RESTORE, ApngFrame, PngContents
from filterlab.images.formats.png.pixels import is_grey, planes


class ApngPlayer:
    """A canvas (C, H, W) of float32, whose last channel is alpha, and the index of the frame to come."""

    def __init__(self, found: PngContents) -> None:
        self.found = found
        self.remarks: list[str] = []
        self.following = 0
        channels = (1 if is_grey(found) else 3) + 1
        shape = channels, found.header.height, found.header.width
        check_size(*shape)
        self.canvas = np.zeros(shape, np.float32)
        self.steps = [self._step(frame) for frame in found.frames]

    def _step(self, frame: ApngFrame) -> FrameStep:
        size = frame.header.height, frame.header.width
        # A frame over the whole canvas hides all before it, unless what is there shines through.
        hides = size == self.canvas.shape[1:] and not (frame.over and self.found.has_alpha)
        return FrameStep(size[0] * size[1], hides, frame.dispose == RESTORE)

    def size(self) -> int:
        """Bytes of the canvas."""
        return self.canvas.nbytes

    def show(self, stream: BinaryIO, index: int) -> tuple[NDArray[np.float32], list[str]]:
        """The canvas at a frame, from 0, and remarks on the frames that it was drawn from.

        Raises ImageError for damaged frames on the way, and for more than can be drawn in sensible time.
        """
        for i in range(first_needed(self.steps, index, self.following), index + 1):
            frame = self.found.frames[i]
            values, remarks = planes(stream, self.found, frame, alpha=True)
            self.remarks += remarks
            # Only where it will come back; most frames stay, and a copy would be wasted on them.
            before = self._area(frame).copy() if frame.dispose == RESTORE else None
            self._draw(frame, values)
            picture = self.canvas.copy() if i == index else self.canvas
            if frame.dispose in (CLEAR, RESTORE):
                self._area(frame)[...] = 0 if before is None else before
        self.following = index + 1
        return picture, self.remarks

    def _area(self, frame: ApngFrame) -> NDArray[np.float32]:
        """The part of the canvas that a frame covers."""
        rows = slice(frame.top, frame.top + frame.header.height)
        return self.canvas[:, rows, frame.left : frame.left + frame.header.width]

    def _draw(self, frame: ApngFrame, values: NDArray[np.float32]) -> None:
        area = self._area(frame)
        if len(values) < len(area):  # without alpha, it is opaque
            area[:-1], area[-1] = values, 1
        elif frame.over:
            _blend(area, values)
        else:
            area[...] = values


def _blend(area: NDArray[np.float32], values: NDArray[np.float32]) -> None:
    """Lay colours with alpha over those of the canvas, in place. Source: Porter and Duff, 1984, "over".

    Colours are not premultiplied, neither in the file nor on the canvas, so the sum is divided by the new alpha.
    """
    below = area[-1] * (1 - values[-1])
    opaque = values[-1] + below
    with np.errstate(invalid="ignore"):  # where both are transparent, there is no colour: 0
        area[:-1] = (values[:-1] * values[-1] + area[:-1] * below) / opaque
    np.nan_to_num(area[:-1], copy=False)
    area[-1] = opaque
