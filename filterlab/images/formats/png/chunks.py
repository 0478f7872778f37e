"""PNG and APNG files as chunks: which of them make the picture, and which are damaged.

Source: Portable Network Graphics, third edition (W3C, 2025). A chunk that the pixels need must agree with its check
sum; any other is left out where it does not. Nothing is decompressed here, and of pixels only the check sum is read, so
that counting takes no memory.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import BinaryIO

from filterlab.images.decoded import broken, check_pages
from filterlab.images.formats.frames import FileSpan
from filterlab.text.messages import say

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
KEEP, CLEAR, RESTORE = 0, 1, 2  # what becomes of a frame's area before the next one is drawn

_DEPTHS = {
    GREY: (1, 2, 4, 8, 16),
    RGB: (8, 16),
    PALETTE: (1, 2, 4, 8),
    GREY_ALPHA: (8, 16),
    RGB_ALPHA: (8, 16),
}
_SAMPLES = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_LARGEST = (1 << 31) - 1  # limit of every size in a PNG file
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
XMP, PROFILE = b"XML:com.adobe.xmp", b"Raw profile type "  # how texts begin that may tell which side is up
_ANIMATED = (b"acTL", b"fcTL", b"fdAT")
_NAMED = 3  # kinds of damaged chunks that a remark lists
# Bytes that are looked at of a chunk without pixels, and that are read at once of one with pixels.
_LONGEST_BODY = 1 << 20
_MOST_CHUNKS = 1 << 21  # some ten seconds; pictures have a chunk for each 8 KiB, and hold 2 GiB


@dataclass(frozen=True)
class PngHeader:
    """The header of a picture (IHDR). A frame of an animation has one of its own, which differs in size."""

    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool

    @property
    def samples(self) -> int:
        """How many numbers a pixel has. An index into the palette is one number."""
        return _SAMPLES[self.colour]

    @property
    def filtered_size(self) -> int:
        """How many bytes its compressed data hold: the lines of each pass, with the byte of the filter before each."""
        if self.interlaced:
            return sum(part.filtered_size for _, _, part in self.passes())
        return self.height * (1 + -(-self.width * self.samples * self.depth // 8))

    def passes(self) -> list[tuple[slice, slice, PngHeader]]:
        """The rows and columns of each pass of an interlaced picture, and its header as a picture of its own (8).

        A pass without pixels is not in the compressed data, not even with empty lines.
        """
        found = []
        for left, top, across, down in _ADAM7:
            width, height = -(-(self.width - left) // across), -(-(self.height - top) // down)
            if width > 0 and height > 0:
                part = replace(self, width=width, height=height, interlaced=False)
                found.append((slice(top, None, down), slice(left, None, across), part))
        return found


@dataclass
class ApngFrame:
    """One picture of a file: its place on the canvas, and where its compressed data lie.

    dispose: what becomes of its area afterwards. over: whether it is blended with what is there, or replaces it.
    """

    header: PngHeader
    left: int = 0
    top: int = 0
    dispose: int = KEEP
    over: bool = False
    parts: list[FileSpan] = field(default_factory=list)


@dataclass
class PngContents:
    """The pictures of a file, and what all of them share.

    texts: kind and body of the texts that may tell which side is up, by the beginning of the body.
    """

    header: PngHeader
    still: ApngFrame
    frames: list[ApngFrame] = field(default_factory=list)
    palette: bytes = b""
    transparency: bytes = b""
    exif: bytes = b""
    texts: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def has_alpha(self) -> bool:
        """True if its pixels say how opaque they are."""
        return self.header.samples in (2, 4) or bool(self.transparency)

    @cached_property
    def shows_alpha(self) -> bool:
        """True if any page of the animation may be transparent somewhere.

        That is also so where no frame has drawn yet, and where one is cleared.
        """
        first = self.frames[0]
        covered = first.header == self.header and first.dispose == KEEP
        return self.has_alpha or not covered or any(frame.dispose == CLEAR for frame in self.frames)

    @cached_property
    def pages(self) -> list[ApngFrame]:
        """The pictures in their order.

        A still picture that is no frame of the animation beside it is the first page: programs that know no
        animations show it alone, and it is not to be lost.
        """
        return self.frames if self.frames and self.frames[0] is self.still else [self.still, *self.frames]


def contents(stream: BinaryIO) -> PngContents:
    """The chunks of an open file, sorted out. Raises ImageError where the picture is not whole."""
    walk = _ChunkWalk(stream)
    walk.run()
    return walk.finished()


class _ChunkWalk:
    """The way through the chunks of one file, and what was found on it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.size = stream.seek(0, 2)
        self.found: PngContents | None = None
        self.after_pixels = False  # an IDAT was seen, and then another chunk
        self.damaged: set[str] = set()
        self.misplaced: set[str] = set()
        self.animation = _Animation()

    def run(self) -> None:
        """Walk over all chunks, up to the last one or to where the file cannot be read on."""
        self.stream.seek(0)
        if self.stream.read(len(SIGNATURE)) != SIGNATURE:
            raise broken("its first bytes were changed, as by a transfer in text mode")
        position = len(SIGNATURE)
        for _ in range(_MOST_CHUNKS):
            position = self._step(position)
            if not position:
                return
        raise broken("it has too many parts")

    def _step(self, position: int) -> int:
        """Take the chunk here, and return where the next one is, 0 after the last."""
        self.stream.seek(position)
        beginning = self.stream.read(8)
        if len(beginning) < 8:
            return self._stop(say("its end is missing"), say("it is cut short"))
        length, kind = struct.unpack(">I4s", beginning)
        end = position + 12 + length
        # Kinds are four letters (5.3): anything else means that this is no chunk, and its length leads nowhere.
        if length > _LARGEST or not kind.isalpha():
            return self._stop(
                say("what follows its pixels is damaged"), say("its parts cannot be told apart")
            )
        if end > self.size:
            return self._stop(say("its end is missing"), say("it is cut short"), kind)
        self._take(kind, FileSpan(position + 8, length))
        return 0 if kind == b"IEND" else end

    def _stop(self, remark: str, refusal: str, kind: bytes = b"") -> int:
        """Go no further. That is harmless where all pixels were seen, which their compressed data will tell."""
        if self.found is None or not self.found.still.parts or kind == b"IDAT":
            raise broken(refusal)
        self.found.remarks.append(remark)
        self.animation.miss(kind)
        return 0

    def _body(self, kind: bytes, length: int) -> tuple[bytes, bool]:
        """The beginning of a chunk's body, and whether all of it agrees with the check sum."""
        body = self.stream.read(min(length, _LONGEST_BODY))
        check_sum = zlib.crc32(body, zlib.crc32(kind))
        # All of the body goes into the check sum, but only its beginning stays in memory.
        rest = length - len(body)
        while rest and (piece := self.stream.read(min(rest, _LONGEST_BODY))):
            check_sum = zlib.crc32(piece, check_sum)
            rest -= len(piece)
        return body, check_sum == int.from_bytes(self.stream.read(4), "big")

    def _take(self, kind: bytes, span: FileSpan) -> None:
        """Put one chunk where it belongs. The stream stands at its body."""
        body, intact = self._body(kind, span.size)
        if self.found is None:
            self.found = _opened(kind, body, intact)
        elif kind == b"IDAT":
            self._take_pixels(span, intact)
        else:
            self.after_pixels = bool(self.found.still.parts)
            if intact:
                self._take_other(kind, body, span)
            elif kind == b"PLTE" and self.found.header.colour == PALETTE:
                raise broken("its palette fails its check sum")
            else:
                # Its kind may be wrong, too. Should it have held pixels, then these will be missed.
                self.damaged.add(kind.decode())
                self.animation.miss(kind)

    def _take_pixels(self, span: FileSpan, intact: bool) -> None:
        assert self.found is not None
        if not intact:
            raise broken("its pixels fail their check sum")
        if self.after_pixels:
            raise broken("its parts are out of order")
        self.found.still.parts.append(span)

    def _take_other(self, kind: bytes, body: bytes, span: FileSpan) -> None:
        found = self.found
        assert found is not None
        if kind in (b"PLTE", b"tRNS"):
            self._take_colours(kind, body)
        elif kind == b"eXIf":
            found.exif = body
        elif kind in _TEXTS and body[:17] in (XMP, PROFILE):
            found.texts.setdefault(body[:17], (kind, body))  # the first of many
        elif kind in _ANIMATED:
            self.animation.take(kind, body, span, found)
        elif kind != b"IEND" and not kind[0] & 32:
            # The case of a kind's first letter tells whether a decoder may pass over what it does not know (5.4).
            raise broken(say("it needs a part {}, which is not known", kind.decode()))

    def _take_colours(self, kind: bytes, body: bytes) -> None:
        """The palette, and which colours are transparent: each once at most, in this order, before the pixels (5.6).

        Decoders differ in what they do with others. As libpng does, they are left out.
        """
        found = self.found
        assert found is not None
        held = found.palette if kind == b"PLTE" else found.transparency
        too_early = kind == b"tRNS" and found.header.colour == PALETTE and not found.palette
        if held or too_early or found.still.parts:
            self.misplaced.add(kind.decode())
        elif kind == b"PLTE":
            found.palette = body
        else:
            found.transparency = body

    def finished(self) -> PngContents:
        """Return everything that was found. Raises ImageError where there is no picture in it."""
        found = self.found
        if found is None or not found.still.parts:
            raise broken("it holds no pixels")
        if found.header.colour == PALETTE and not found.palette:
            raise broken("its palette is missing")
        if self.damaged:
            kinds = sorted(self.damaged)
            named = ", ".join(kinds[:_NAMED])
            if len(kinds) > _NAMED:
                said = say("damaged parts that hold none of its pixels were left out: {} and others", named)
            else:
                said = say("damaged parts that hold none of its pixels were left out: {}", named)
            found.remarks.append(said)
        if self.misplaced:
            named = ", ".join(sorted(self.misplaced))
            found.remarks.append(say("parts that come twice or in the wrong place were left out: {}", named))
        self.animation.finish(found)
        return found


def _opened(kind: bytes, body: bytes, intact: bool) -> PngContents:
    """The beginning of what a file holds, from its first chunk, which must be IHDR."""
    if kind == b"CgBI":
        raise broken("it is in the form that Apple's tools give PNG files of apps")
    if kind != b"IHDR" or len(body) != 13 or not intact:
        raise broken("its header is damaged")
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", body)
    if not 0 < width <= _LARGEST or not 0 < height <= _LARGEST:
        raise broken(say("its header gives {} x {} pixels", width, height))
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise broken("its header says what PNG does not have")
    header = PngHeader(width, height, depth, colour, bool(interlace))
    return PngContents(header, ApngFrame(header))


class _Animation:
    """The frames of an APNG, as far as they are whole and in order.

    Control (fcTL) and data (fdAT) chunks are numbered together. A gap, or a damaged chunk, spoils all that follows: a
    frame is drawn on those before it.
    """

    def __init__(self) -> None:
        self.announced = 0
        self.frames: list[ApngFrame] = []
        self.sequence = 0
        self.spoiled = False

    def miss(self, kind: bytes) -> None:
        """Note a damaged chunk: the frame that it belongs to, and all after it, cannot be drawn."""
        if kind in _ANIMATED:
            self.spoiled = True
            if kind == b"fdAT" and self.frames:
                self.frames[-1].parts.clear()

    def take(self, kind: bytes, body: bytes, span: FileSpan, found: PngContents) -> None:
        """Take one chunk of an animation, in the order of the file."""
        if kind == b"acTL":
            self.announced = int.from_bytes(body[:4], "big") if len(body) == 8 else 0
        elif not self.spoiled:
            # The numbers go through fcTL and fdAT together: a gap shows that a frame, or a part of one, was lost.
            in_order = len(body) >= 4 and int.from_bytes(body[:4], "big") == self.sequence
            self.sequence += 1
            frame = _frame(body, found) if kind == b"fcTL" else None
            if not in_order or (kind == b"fcTL" and frame is None):
                self.spoiled = True
            elif frame is not None:
                self._begin(frame, found)
            elif self.frames and self.frames[-1] is not found.still:
                # Before the pixels stands the chunk's number in the sequence.
                self.frames[-1].parts.append(FileSpan(span.start + 4, span.size - 4))
            else:
                self.spoiled = True

    def _begin(self, frame: ApngFrame, found: PngContents) -> None:
        if found.still.parts:
            self.frames.append(frame)
        # Before the pixels there may be one control chunk, for the still picture, which is as large as the canvas.
        elif self.frames or frame.header != found.header:
            self.spoiled = True
        else:  # the still picture is the first frame
            found.still.dispose = frame.dispose
            self.frames.append(found.still)
        check_pages(len(self.frames))

    def finish(self, found: PngContents) -> None:
        """Hand over the frames that are whole, with a remark where some are not."""
        if not self.announced and not self.frames:
            return
        # Each frame is drawn on those before it: behind one without pixels, there is nothing to draw on.
        drawable = list(takewhile(lambda frame: frame.parts, self.frames))
        if self.spoiled or len(drawable) != self.announced:
            found.remarks.append(
                say(
                    "its animation is damaged: of the {} frame(s) that it announces, {} can be read",
                    *(self.announced, len(drawable)),
                )
            )
        found.frames = drawable


def _frame(control: bytes, found: PngContents) -> ApngFrame | None:
    """The frame that an fcTL chunk announces, without its pixels; None where it cannot be drawn."""
    if len(control) != 26:
        return None
    _, width, height, left, top, _, _, dispose, blend = struct.unpack(">IIIIIHHBB", control)
    canvas = found.header
    inside = left + width <= canvas.width and top + height <= canvas.height
    if not (inside and width and height) or dispose > RESTORE or blend > 1:
        return None
    return ApngFrame(replace(canvas, width=width, height=height), left, top, dispose, bool(blend))
