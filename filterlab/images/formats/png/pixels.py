"""The pixels of one PNG picture: from checked compressed data to float32 planes."""

from __future__ import annotations

import struct
import zlib
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import broken, check_size, scaled
from filterlab.images.formats.deflated import verified
from filterlab.images.formats.frames import joined
from filterlab.images.formats.pillow import opened
from filterlab.images.formats.png.chunks import (
    GREY,
    PALETTE,
    RGB,
    SIGNATURE,
    ApngFrame,
    PngContents,
    PngHeader,
)
from filterlab.text.messages import say

_LONGEST_SIDE = 1_000_000  # libpng's own limit; beyond it Pillow decodes, with 8 bits at most
_LARGEST_STREAM = (1 << 31) - 1  # what one chunk holds
_SPARE = 1 << 21  # bytes behind the last pixel that are read, to say that there are any


def is_grey(found: PngContents) -> bool:
    """Return whether it has one channel, which is so for a palette of greys, too."""
    if found.header.colour == PALETTE:
        return not np.ptp(_palette(found), axis=1).any()
    return found.header.samples < 3


def planes(
    stream: BinaryIO, found: PngContents, frame: ApngFrame, alpha: bool
) -> tuple[NDArray[np.float32], list[str]]:
    """A frame as (C, H, W) float32, with alpha behind the colours where it has any and `alpha` is set; and remarks.

    Raises ImageError where its compressed data are damaged.
    """
    alpha = alpha and found.has_alpha
    colours = 1 if is_grey(found) else 3
    check_size(colours + alpha, frame.header.height, frame.header.width)
    samples, remark = _samples(stream, frame)
    remarks = [remark] if remark else []
    if found.header.colour == PALETTE:
        values, misses = _looked_up(samples[0], found, colours, alpha)
        if misses:
            remarks.append(say("some of its pixels have colours that its palette lacks; they are black"))
        return values, remarks
    values = scaled(samples if alpha else samples[:colours])
    if alpha and len(values) == colours:
        values = np.concatenate([values, _opaque(samples, found)[None]])
    return values, remarks


def _samples(stream: BinaryIO, frame: ApngFrame) -> tuple[NDArray[Any], str]:
    """Samples (C, H, W) of uint8 or uint16, and a remark. libpng widens grey of fewer bits to the range of 8."""
    header = frame.header
    if sum(part.size for part in frame.parts) > _LARGEST_STREAM:
        raise ImageError("it is larger than 2 GiB", hint="cut it into parts first")
    # No stream is longer than what it holds, but for a few bytes in each block of 64 KiB: the rest is not read.
    compressed = joined(stream, frame.parts, 2 * header.filtered_size + _SPARE)
    compressed, remark = verified(compressed, header.filtered_size)
    return (_interlaced if header.interlaced else _decoded)(header, compressed), remark


def _interlaced(header: PngHeader, stream: bytes) -> NDArray[Any]:
    """(C, H, W) of a picture in up to seven passes, each of which is decoded as a picture of its own.

    libpng could do it by itself, but prints a warning past Python.
    """
    kind = np.uint16 if header.depth == 16 else np.uint8
    samples = np.empty((header.samples, header.height, header.width), kind)
    machine, rest = zlib.decompressobj(), stream
    for rows, cols, part in header.passes():
        lines = machine.decompress(rest, part.filtered_size)
        rest = machine.unconsumed_tail
        # Level 0 only wraps the lines in what the decoder expects: compressing them for one reading would be waste.
        samples[:, rows, cols] = _decoded(part, zlib.compress(lines, 0))
    return samples


def _decoded(header: PngHeader, stream: bytes) -> NDArray[Any]:
    """(C, H, W) of a picture that is not interlaced."""
    png = _plain_png(header, stream)
    if max(header.width, header.height) > _LONGEST_SIDE:
        return _decoded_by_pillow(header, png)
    import imagecodecs

    pixels = imagecodecs.png_decode(png)
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)


def _plain_png(header: PngHeader, stream: bytes) -> bytes:
    """A PNG of what the pixels need and nothing else: libpng prints what it thinks of other chunks.

    Indices into a palette are called grey, so that they come back as they are.
    """
    colour = GREY if header.colour == PALETTE else header.colour
    shape = struct.pack(">IIBBBBB", header.width, header.height, header.depth, colour, 0, 0, 0)
    return b"".join((SIGNATURE, *_chunk(b"IHDR", shape), *_chunk(b"IDAT", stream), *_chunk(b"IEND", b"")))


def _chunk(kind: bytes, body: bytes | memoryview) -> tuple[bytes | memoryview, ...]:
    return struct.pack(">I", len(body)), kind, body, struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


def _decoded_by_pillow(header: PngHeader, png: bytes) -> NDArray[Any]:
    if header.depth == 16 and header.colour != GREY:
        what = say("it has sides over {:,} pixels and colours of 16 bits", _LONGEST_SIDE)
        raise ImageError(what, hint="cut it into parts first")
    with opened(png, "PNG") as image:
        pixels = np.asarray(image.convert("L") if image.mode == "1" else image)
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)


def _palette(found: PngContents) -> NDArray[np.uint8]:
    """(colours, 3). Raises ImageError for half a colour."""
    if len(found.palette) % 3 or len(found.palette) > 3 * 256:
        raise broken("its palette is damaged")
    return np.frombuffer(found.palette, np.uint8).reshape(-1, 3)


def _looked_up(
    indices: NDArray[np.uint8], found: PngContents, colours: int, alpha: bool
) -> tuple[NDArray[np.float32], bool]:
    """The colours (C, H, W) of indices (H, W), and whether the palette lacks some, which are black as in browsers."""
    palette = _palette(found)
    depth = found.header.depth
    if depth < 8:  # they came as grey, widened to the range of 8 bits
        # Exact: libpng widened by this very factor (255, 85, 17), so that nothing is rounded.
        indices = indices // np.uint8(255 // (2**depth - 1))
    table = np.zeros((colours + alpha, 256), np.float32)
    table[:colours, : len(palette)] = scaled(palette.T[:colours])
    if alpha:
        levels = np.frombuffer(found.transparency, np.uint8)[:256]
        table[-1] = 1
        table[-1, : len(levels)] = scaled(levels)
    values = np.empty((len(table), *indices.shape), np.float32)
    for row, plane in zip(table, values, strict=True):
        np.take(row, indices, out=plane, mode="clip")  # without it NumPy would make a second picture
    return values, int(indices.max()) >= len(palette)


def _opaque(samples: NDArray[Any], found: PngContents) -> NDArray[np.float32]:
    """Alpha (H, W): 0 where all samples are those that tRNS calls transparent, else 1 (11.3.1.1)."""
    assert found.header.colour in (GREY, RGB)
    count, depth = found.header.samples, found.header.depth
    if len(found.transparency) != 2 * count:
        return np.ones(samples.shape[1:], np.float32)
    # tRNS is in the depth of the file, and the samples are widened to the range of 8 bits.
    widened = 255 // (2**depth - 1) if depth < 8 else 1
    levels = np.frombuffer(found.transparency, ">u2").astype(np.uint32) * widened
    same = np.all([plane == level for plane, level in zip(samples, levels, strict=True)], axis=0)
    return (~same).astype(np.float32)
