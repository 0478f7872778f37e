"""Reading JPEG files, and the further pictures of MPO files (CIPA DC-007)."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import (
    Reading,
    broken,
    check_page,
    check_size,
    cmyk_to_rgb,
    oriented,
    read_file,
)
from filterlab.images.formats.jpeg.markers import JpegFrame, JpegLayout, layout, unread
from filterlab.images.formats.orientation import orientation
from filterlab.images.formats.pillow import opened, planes
from filterlab.text.messages import say

_MOST_WORK = 1 << 26  # blocks in all passes; some seconds
_ALL_NOTES = 1 << 26  # bytes at the beginning of a file, in which its list of further pictures is looked for
_THUMBNAILS = (0x010001, 0x010002)  # kinds of further pictures that show the first one smaller
_NOTES = 1 << 16  # bytes at the beginning of a picture, in which it would say that it is a gain map
# Names that phones write into the notes of a gain map: those of Adobe, Apple and ISO 21496-1.
_GAIN_MAPS = (b"hdrgm:", b"HDRGainMap", b"urn:iso:std:iso:ts:21496")
_ENTRY, _COUNT = 0xB002, 0xB001


def count_pages(file: Path) -> int:
    """The pictures of an MPO file without previews; 1 for every other JPEG."""
    with file.open("rb") as stream:
        return len(_pages(stream, layout(stream.read(_ALL_NOTES), notes_only=True)))


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One picture as grey or RGB, upright; CMYK is converted. Raises ImageError, and Pillow's errors."""
    data = read_file(file)
    found = layout(data)
    pages = _pages(io.BytesIO(data), found)
    check_page(page, len(pages))
    # Each further picture is a JPEG of its own, with its own orientation and tables.
    if page > 1:
        data = data[pages[page - 1] :]
        found = layout(data)
    frame = _checked(found, len(data))
    from filterlab.images.formats.jpeg import scan  # its import takes long: it brings the compiler along

    data_remark = scan.remark(data, frame, found.scans)
    whole = not data_remark and scan.is_complete(frame, found.scans)
    values = _sound(found, frame) if whole and found.ended and not found.junk else None
    if values is None:
        # Pillow takes a picture without its end for one that is cut short, though all of its pixels may be there.
        values = _decoded(found, b"\xff\xd9" if whole and not found.ended else b"")
    turned, doubts = orientation(found.exif, found.xmp)
    remarks = (*_damage(data_remark, found), *doubts)
    return Reading(oriented(values, turned), len(pages), remarks)


def read_reduced(file: Path, side: int, least: int) -> tuple[NDArray[np.float32], int] | None:
    """As `reading.read_reduced`. libjpeg takes one of 8 x 8, 4 x 4 or 2 x 2 coefficients of each block."""
    data = read_file(file)
    found = layout(data)
    frame = _checked(found, len(data))
    longer = max(frame.height, frame.width)
    if frame.height * frame.width < least or longer < 2 * side:
        return None
    with opened(b"".join(found.needed), "JPEG") as image:
        # The size that is asked for is the least that Pillow decides for.
        image.draft(image.mode, (frame.width * side // longer, frame.height * side // longer))
        values = planes(image)
    values = cmyk_to_rgb(values) if len(values) == 4 else values
    turned, _ = orientation(found.exif, found.xmp)
    return oriented(values, turned), round(longer / max(values.shape[1:]))


def _checked(found: JpegLayout, size: int) -> JpegFrame:
    """The header of the frame, when it can be true for a file of `size` bytes. Raises ImageError otherwise."""
    frame = found.frame
    if frame is None or not found.scans:
        raise broken("it is cut short" if found.needed else "it holds no pixels")
    refusal = unread(frame)
    if refusal is not None:
        raise refusal
    check_size(len(frame.components), frame.height, frame.width)
    blocks = sum(map(frame.blocks, frame.components))
    # Each block needs a bit at least, the word for its first coefficient.
    if blocks > 8 * size:
        raise broken(say("it is too short for {} x {} pixels", frame.height, frame.width))
    # A progressive file may refine all blocks in any number of scans, each of a few bytes, and libjpeg would do it.
    members = [frame.components[index] for scan in found.scans for index, _, _ in scan.members]
    if sum(map(frame.blocks, members)) > max(_MOST_WORK, 20 * blocks):
        raise ImageError("it stores the picture in too many scans", hint="export it again")
    return frame


def _sound(found: JpegLayout, frame: JpegFrame) -> NDArray[np.float32] | None:
    """A whole picture in colours by libjpeg-turbo itself: Pillow's pixels, in half its time. None for others."""
    if len(frame.components) != 3:
        return None
    import imagecodecs

    from filterlab.images.passes import planes_of  # the compiler is there by now

    try:
        pixels = imagecodecs.jpeg8_decode(b"".join(found.needed))
    except Exception:  # whatever it is, Pillow meets it as well, and says it in known words
        return None
    if pixels.shape != (frame.height, frame.width, 3) or pixels.dtype != np.uint8:
        return None
    return planes_of(pixels)


def _decoded(found: JpegLayout, end: bytes) -> NDArray[np.float32]:
    # Pillow gets no notes: it looks into them, and some make it fail or warn.
    with opened(b"".join((*found.needed, end)), "JPEG") as image:
        values = planes(image)
    return cmyk_to_rgb(values) if len(values) == 4 else values


def _damage(data_remark: str, found: JpegLayout) -> list[str]:
    """Remarks on what libjpeg would have warned of, that on the compressed data first."""
    remarks = [data_remark]
    if found.junk:
        remarks.append(
            say("it has {:,} byte(s) in no known part; some of its pixels may be wrong", found.junk)
        )
    if not found.ended:
        remarks.append(say("its end is missing"))
    return [remark for remark in remarks if remark]


def _pages(stream: BinaryIO, first: JpegLayout) -> list[int]:
    """Where each picture of a file begins, of which the first was found.

    Previews, and gain maps for brighter screens, are no pictures of their own.
    """
    origin, block = first.index
    try:
        kinds_and_offsets = _entries(block) if block else []
    except struct.error:  # the list is damaged, or left over from the file that this one was made of
        kinds_and_offsets = []
    starts = [0]
    for kind, offset in kinds_and_offsets[1:]:
        start = origin + offset
        if kind in _THUMBNAILS:
            continue
        stream.seek(start)
        beginning = stream.read(_NOTES)
        if beginning.startswith(b"\xff\xd8\xff") and not any(name in beginning for name in _GAIN_MAPS):
            starts.append(start)
    return list(dict.fromkeys(starts))  # a list may name one picture twice


def _entries(block: bytes) -> list[tuple[int, int]]:
    """Kind and offset of each picture that the block lists (MP Index IFD). Raises struct.error for damage.

    The block is a TIFF structure of one directory, in which one tag counts the pictures, and one has 16 bytes for each.
    """
    order = "<" if block[:2] == b"II" else ">"
    (directory,) = struct.unpack_from(order + "I", block, 4)
    (count,) = struct.unpack_from(order + "H", block, directory)
    fields = dict(
        struct.unpack_from(order + "H6xI", block, directory + 2 + 12 * i) for i in range(min(count, 16))
    )
    pictures = min(fields.get(_COUNT, 1), len(block) // 16)
    start = fields.get(_ENTRY, 0)
    listed = (struct.unpack_from(order + "III", block, start + 16 * i) for i in range(pictures))
    return [(attribute & 0xFFFFFF, offset) for attribute, _, offset in listed]
