"""Strips and tiles that are small pictures of another format: JPEG, JPEG 2000, WebP, LERC and JPEG XL.

Each of them claims a size of its own, whatever the tags say. It is checked before anything is decoded.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.images.formats.jpeg.markers import JpegLayout
from filterlab.images.formats.jpeg.markers import layout as segments
from filterlab.images.formats.tiff.budget import Budget
from filterlab.images.formats.tiff.inflate import Flaw, inflate
from filterlab.images.formats.tiff.layout import TiffLayout
from filterlab.text.messages import say

_JPEG_SPACES = {1: "GRAYSCALE", 3: "RGB", 4: "CMYK"}
_LERC_KINDS = ("i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8")
_LERC_ROOM = 1 << 16  # bytes that LERC may need beyond those of the numbers


class Segment(NamedTuple):
    """One strip or tile: its name in messages, and its bytes.

    tables: those of JPEG that all strips and tiles of the page share.
    """

    name: str
    data: bytes
    tables: bytes
    budget: Budget


def decode_image(layout: TiffLayout, segment: Segment, visible: tuple[int, int]) -> tuple[NDArray[Any], str]:
    """Decode one strip or tile to (rows, cols, samples), of at least `visible` rows and columns.

    Returns a remark beside it where some of the numbers are guessed. Raises Flaw, and the decoders' errors.
    """
    pixels, remark = _DECODERS[layout.codec](layout, segment)
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.shape[2] != layout.per_pixel:
        raise Flaw(say("has {} sample(s) a pixel, not {}", pixels.shape[2], layout.per_pixel))
    if pixels.dtype != layout.dtype:
        raise Flaw(say("holds numbers of another kind than the {}-bit ones of its page", layout.bits))
    if pixels.shape[0] < visible[0] or pixels.shape[1] < visible[1]:
        raise Flaw("is smaller than it should be")
    return pixels, remark


def _check_claimed(layout: TiffLayout, height: int, width: int, samples: int) -> None:
    """Raise Flaw for a picture larger than a strip or tile may be."""
    # Some writers fill the last strip of JPEG up to whole blocks, whose height is 16 where colours are subsampled.
    fits = 0 < height <= layout.rows + 15 and 0 < width <= layout.cols
    if not fits or samples != layout.per_pixel:
        sizes = (height, width, samples, layout.rows, layout.cols, layout.per_pixel)
        raise Flaw(say("claims {:,} x {:,} pixels of {} sample(s), not {:,} x {:,} of {}", *sizes))


def _jpeg(layout: TiffLayout, segment: Segment) -> tuple[NDArray[Any], str]:
    """Decode JPEG, whose tables may be in a tag of their own (TIFF Technical Note 2).

    As in libtiff only YCbCr is converted, whatever markers say; all other colours are taken as they are stored.
    """
    import imagecodecs

    data, tables = segment.data, segment.tables
    if tables:
        # Both are streams of their own, between marks of start and end: together they are one.
        data = tables.removesuffix(b"\xff\xd9") + data[2:]
    is_sound = _check_jpeg(layout, data, segments(data), segment.budget)
    if layout.colours != layout.photometric:
        pixels = imagecodecs.jpeg8_decode(data, colorspace="YCBCR", outcolorspace="RGB")
    else:
        space = _JPEG_SPACES.get(layout.per_pixel)
        pixels = imagecodecs.jpeg8_decode(data, colorspace=space, outcolorspace=space)
    return pixels, "" if is_sound else say("{} is damaged, so that a part of it may be wrong", segment.name)


def _check_jpeg(layout: TiffLayout, data: bytes, found: JpegLayout, budget: Budget) -> bool:
    """Return whether the compressed data are undamaged. Raises Flaw where they are cut short, or claim too much.

    libjpeg would only warn, and imagecodecs keeps its warnings to itself.
    """
    from filterlab.images.formats.jpeg import codes, scan  # they bring the compiler along

    frame = found.frame
    if frame is None or not found.scans or not found.ended:
        raise Flaw("is cut short")
    _check_claimed(layout, frame.height, frame.width, len(frame.components))
    if frame.precision != layout.bits:
        raise Flaw(say("has {} bit(s) a sample, not {}", frame.precision, layout.bits))
    members = [frame.components[index] for scan in found.scans for index, _, _ in scan.members]
    blocks, work = sum(map(frame.blocks, frame.components)), sum(map(frame.blocks, members))
    budget.add_jpeg(blocks, work, len(found.scans), found.parts)
    verdict = scan.verdict(data, frame, found.scans)
    if verdict == codes.TOO_LITTLE:
        raise Flaw("is cut short")
    return bool(verdict == codes.SOUND)


def _jpeg2000(layout: TiffLayout, segment: Segment) -> tuple[NDArray[Any], str]:
    import imagecodecs

    from filterlab.images.formats.codestream import SIGNATURE, read_codestream

    # Most writers store a bare codestream, some a whole JP2 file.
    start = max(segment.data.find(SIGNATURE), 0)
    found = read_codestream(memoryview(segment.data)[start:])
    samples = len(found.depths)
    _check_claimed(layout, found.height, found.width, samples)
    segment.budget.add_tiles(found.tiles, samples)
    return imagecodecs.jpeg2k_decode(segment.data), ""


def _webp(layout: TiffLayout, segment: Segment) -> tuple[NDArray[Any], str]:
    import imagecodecs

    from filterlab.images.formats.webp import contents

    found = contents(segment.data)
    if found.frames:
        raise Flaw("is an animation")
    _check_claimed(layout, found.height, found.width, layout.per_pixel)
    # Writers leave alpha out of tiles that are opaque.
    return imagecodecs.webp_decode(segment.data, hasalpha=layout.per_pixel == 4), ""


def _lerc(layout: TiffLayout, segment: Segment) -> tuple[NDArray[Any], str]:
    """Decode LERC. Pixels that its mask calls invalid are NaN, as in libtiff, or 0 where numbers are whole."""
    import imagecodecs

    data = segment.data
    room = layout.raw_size(layout.rows) + _LERC_ROOM
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        data = inflate(50000, data, 1, room)
    elif data.startswith(b"\x78"):
        data = inflate(8, data, 1, room)
    if not data.startswith(b"Lerc2 "):
        raise Flaw("holds LERC data of the first version" if data.startswith(b"CntZImage") else "is damaged")
    height, width, samples, kind = _lerc_header(data)
    _check_claimed(layout, height, width, samples)
    if kind >= len(_LERC_KINDS) or np.dtype(_LERC_KINDS[kind]) != layout.dtype:
        raise Flaw(say("holds numbers of another kind than the {}-bit ones of its page", layout.bits))
    out = np.empty((height, width, samples), layout.dtype)
    pixels, mask = imagecodecs.lerc_decode(data, out=out, masks=True)
    if mask is None or mask.all():
        return pixels, ""
    if layout.kind == "f":
        pixels[~mask] = np.nan
        return pixels, ""
    pixels[~mask] = 0
    return pixels, say("{} marks pixels as invalid; they are read as 0", segment.name)


def _lerc_header(data: bytes) -> tuple[int, int, int, int]:
    """Return height, width, numbers of a pixel, and their type. Source: the header in Lerc2.h of Esri's LERC 4."""
    try:
        (version,) = struct.unpack_from("<i", data, 6)
        start = 14 if version >= 3 else 10
        height, width = struct.unpack_from("<ii", data, start)
        samples = struct.unpack_from("<i", data, start + 8)[0] if version >= 4 else 1
        (kind,) = struct.unpack_from("<i", data, start + (24 if version >= 4 else 20))
    except struct.error:
        raise Flaw("is cut short") from None
    return max(height, 0), max(width, 0), samples, kind & 0xFF


def _jpegxl(layout: TiffLayout, segment: Segment) -> tuple[NDArray[Any], str]:
    import imagecodecs

    from filterlab.images.formats.jpegxl.header import header_of

    header = header_of(segment.data)
    _check_claimed(layout, header.height, header.width, layout.per_pixel)
    # The page's own tag says which side is up.
    return imagecodecs.jpegxl_decode(segment.data, 0, keeporientation=True), ""


_DECODERS = {"JPEG": _jpeg, "JPEG 2000": _jpeg2000, "WebP": _webp, "LERC": _lerc, "JPEG XL": _jpegxl}
