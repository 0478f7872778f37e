"""Strips and tiles that are small pictures of another format: JPEG, JPEG 2000, WebP, LERC and JPEG XL.

The size that each of them claims is checked before it is decoded.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.formats.jpeg.markers import JpegLayout as Segments
from filterlab.images.formats.jpeg.markers import layout as segments
from filterlab.images.formats.tiff.inflate import Flaw, inflate
from filterlab.images.formats.tiff.layout import TiffLayout

DAMAGED = "damaged"  # what can be decoded, but with a word

_MOST_WORK = 1 << 28  # blocks in all passes of a JPEG; some seconds
_MOST_TILES = (
    1 << 16
)  # of a JPEG 2000 codestream, times its channels; each takes a kilobyte before it is decoded
_JPEG_SPACES = {1: "GRAYSCALE", 3: "RGB", 4: "CMYK"}
_LERC_KINDS = ("i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8")
_LERC_ROOM = 1 << 16  # bytes that LERC may need beyond those of the numbers


def decode_image(
    layout: TiffLayout, data: bytes, tables: bytes, visible: tuple[int, int]
) -> tuple[NDArray[Any], str]:
    """One strip or tile as (rows, cols, samples), and DAMAGED where the decoder has guessed something.

    It covers `visible` rows and columns at least. Raises Flaw, and the decoders' errors.
    """
    doubt = ""
    if layout.codec == "JPEG":
        pixels, doubt = _jpeg(layout, data, tables)
    else:
        pixels = _DECODERS[layout.codec](layout, data)
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.shape[2] != layout.per_pixel:
        raise Flaw(f"has {pixels.shape[2]} samples a pixel, not {layout.per_pixel}")
    if pixels.dtype != layout.dtype:
        raise Flaw(f"holds numbers of another kind than the {layout.bits} bits of its page")
    if pixels.shape[0] < visible[0] or pixels.shape[1] < visible[1]:
        raise Flaw("is smaller than it should be")
    return pixels, doubt


def _check_claimed(layout: TiffLayout, height: int, width: int, samples: int) -> None:
    """Raise Flaw for a picture larger than a strip or tile may be. Some writers fill up the last strip."""
    if (
        not height
        or not width
        or height > layout.rows + 15
        or width > layout.cols
        or samples != layout.per_pixel
    ):
        told = f"{height:,} x {width:,} pixels of {samples} samples"
        raise Flaw(f"claims {told}, not {layout.rows:,} x {layout.cols:,} of {layout.per_pixel}")


def _jpeg(layout: TiffLayout, data: bytes, tables: bytes) -> tuple[NDArray[Any], str]:
    """JPEG, whose tables may be in a tag of their own.

    As in libtiff only YCbCr is converted, whatever markers say; anything else is stored as it is.
    """
    import imagecodecs

    if tables:
        data = tables.removesuffix(b"\xff\xd9") + data[2:]
    doubt = _check_jpeg(layout, data, segments(data))
    if layout.colours != layout.photometric:
        pixels = imagecodecs.jpeg8_decode(data, colorspace="YCBCR", outcolorspace="RGB")
    else:
        space = _JPEG_SPACES.get(layout.per_pixel)
        pixels = imagecodecs.jpeg8_decode(data, colorspace=space, outcolorspace=space)
    return pixels, doubt


def _check_jpeg(layout: TiffLayout, data: bytes, found: Segments) -> str:
    """DAMAGED where the compressed data are. Raises Flaw where they are cut short, or claim too much."""
    from filterlab.images.formats.jpeg import codes, scan  # they bring the compiler along

    frame = found.frame
    if frame is None or not found.scans or not found.ended:
        raise Flaw("is cut short")
    _check_claimed(layout, frame.height, frame.width, len(frame.components))
    if frame.precision != layout.bits:
        raise Flaw(f"has {frame.precision} bits a sample, not {layout.bits}")
    members = [frame.components[index] for scan in found.scans for index, _, _ in scan.members]
    blocks = sum(map(frame.blocks, frame.components))
    if sum(map(frame.blocks, members)) > max(_MOST_WORK, 20 * blocks):
        raise Flaw("draws its pixels in too many passes")
    verdict = scan.verdict(data, frame, found.scans)
    if verdict == codes.TOO_LITTLE:
        raise Flaw("is cut short")
    return "" if verdict == codes.SOUND else DAMAGED


def _jpeg2000(layout: TiffLayout, data: bytes) -> NDArray[Any]:
    import imagecodecs

    start = data.find(b"\xff\x4f\xff\x51")
    try:
        right, bottom, left, top, across, down = struct.unpack_from(">6I", data, start + 8)
        (samples,) = struct.unpack_from(">H", data, start + 40)
    except struct.error:
        raise Flaw("is cut short") from None
    _check_claimed(layout, bottom - top, right - left, samples)
    tiles = -(-right // max(across, 1)) * -(-bottom // max(down, 1))
    if tiles * samples > _MOST_TILES:
        raise Flaw("is cut into too many tiles")
    return imagecodecs.jpeg2k_decode(data)


def _webp(layout: TiffLayout, data: bytes) -> NDArray[Any]:
    import imagecodecs

    from filterlab.images.formats.webp import contents

    found = contents(data)
    if found.frames:
        raise Flaw("is an animation")
    _check_claimed(layout, found.height, found.width, layout.per_pixel)
    # Writers leave alpha out of tiles that are opaque.
    return imagecodecs.webp_decode(data, hasalpha=layout.per_pixel == 4)


def _lerc(layout: TiffLayout, data: bytes) -> NDArray[Any]:
    import imagecodecs

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
        raise Flaw(f"holds numbers of another kind than the {layout.bits} bits of its page")
    return imagecodecs.lerc_decode(data, out=np.empty((height, width, samples), layout.dtype))


def _lerc_header(data: bytes) -> tuple[int, int, int, int]:
    """Height, width, numbers of a pixel, and their type. Source: the header of Lerc2.h of Esri's LERC 4."""
    try:
        (version,) = struct.unpack_from("<i", data, 6)
        start = 14 if version >= 3 else 10
        height, width = struct.unpack_from("<ii", data, start)
        samples = struct.unpack_from("<i", data, start + 8)[0] if version >= 4 else 1
        (kind,) = struct.unpack_from("<i", data, start + (24 if version >= 4 else 20))
    except struct.error:
        raise Flaw("is cut short") from None
    return max(height, 0), max(width, 0), samples, kind & 0xFF


def _jpegxl(layout: TiffLayout, data: bytes) -> NDArray[Any]:
    import imagecodecs

    from filterlab.images.formats.jpegxl.header import header_of

    header = header_of(data)
    _check_claimed(layout, header.height, header.width, layout.per_pixel)
    return imagecodecs.jpegxl_decode(data, 0, keeporientation=True)


_DECODERS = {"JPEG 2000": _jpeg2000, "WebP": _webp, "LERC": _lerc, "JPEG XL": _jpegxl}
