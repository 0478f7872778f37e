"""Reading AVIF files, and the frames of animated ones. Source: the AV1 Image File Format (AOMedia).

Pillow reads what has 8 bits; imagecodecs still pictures of 10 and 12.
"""

from __future__ import annotations

import re
import struct
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import (
    Reading,
    check_claim,
    check_page,
    check_pages,
    check_size,
    oriented,
    read_file,
    scaled,
    split_alpha,
)
from filterlab.images.formats.boxes import boxes, first_box
from filterlab.images.formats.orientation import orientation
from filterlab.images.formats.pillow import opened, planes
from filterlab.text.messages import say

_PIXELS_PER_BYTE = 10_000  # more than AV1 reaches on a picture that is not plain
_EXIF_ITEM = re.compile(rb"(infe\x02\0\0.{5})Exif", re.DOTALL)


def count_pages(file: Path) -> int:
    """The number of frames, without decoding them."""
    with _opened(read_file(file)) as image:
        check_pages(image.n_frames)
        return int(image.n_frames)


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One frame, upright, as grey or RGB. Raises ImageError, and the decoders' errors for broken files."""
    data = read_file(file)
    bits, is_grey = _depth(data)
    with _opened(data) as image:
        check_pages(image.n_frames)
        check_page(page, image.n_frames)
        check_size(len(image.getbands()), image.height, image.width)
        check_claim(image.height, image.width, len(data), _PIXELS_PER_BYTE)
        # imagecodecs cannot be asked for a frame without risk (see `_deep`), so that animations are read in 8 bits.
        is_deep = bits > 8 and image.n_frames == 1
        found = _deep(data, bits) if is_deep else _plain(image, page, is_grey)
        turned, _ = orientation(image.info.get("exif", b""))
        remarks = (
            (say("its frames have {} bits for each sample, of which 8 are read", bits),)
            if bits > 8 and not is_deep
            else ()
        )
        values = split_alpha(found, alpha) if len(found) in (2, 4) else found
        return Reading(oriented(values, turned), image.n_frames, remarks)


def _opened(data: bytes) -> AbstractContextManager[Any]:
    """Pillow's image. It puts the orientation of the container (irot, imir) into an EXIF block of its own making."""
    # By the standard, the file's own EXIF has no say in how an AVIF is turned, and Pillow fails where that is damaged.
    # Renaming its item keeps Pillow from finding it.
    return opened(_EXIF_ITEM.sub(rb"\1none", data), "AVIF")


def _plain(image: Any, page: int, is_grey: bool) -> NDArray[np.float32]:
    """A frame of 8 bits. Pillow's older versions give grey as three equal colours."""
    image.seek(page - 1)
    values = planes(image)
    return np.concatenate([values[:1], values[3:]]) if is_grey and len(values) > 2 else values


def _deep(data: bytes, bits: int) -> NDArray[np.float32]:
    import imagecodecs

    # Without a number of a frame: with one, imagecodecs writes beyond the end of its array.
    pixels = imagecodecs.avif_decode(data)
    return scaled(pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1), 2.0**bits - 1)


def _depth(data: bytes) -> tuple[int, bool]:
    """Bits of a sample, and whether there is one colour.

    They are taken from the main picture's properties: pixi, else av1C; and without these, from the first av1C in the
    file. Its third byte has a flag for more than 8 bits, one for 12 of them, and one for grey (AV1-ISOBMFF, 2.3.3).
    """
    properties = _properties(first_box(memoryview(data), b"meta"))
    pixels = properties.get(b"pixi", b"")
    if len(pixels) > 5:
        return pixels[5], pixels[4] == 1
    start = data.find(b"av1C") + 4
    flags = properties.get(b"av1C", data[start : start + 4])[2:3]
    if not flags:
        return 8, False
    depth = (12 if flags[0] & 0x20 else 10) if flags[0] & 0x40 else 8
    return depth, bool(flags[0] & 0x10)


def _properties(meta: memoryview) -> dict[bytes, bytes]:
    """The properties of the main picture by their kinds; none where the boxes make no sense."""
    try:
        main = first_box(meta, b"pitm")
        number = int.from_bytes(main[4 : 8 if main[0] else 6], "big")
        listed = list(boxes(first_box(meta, b"iprp", b"ipco")))
        indices = _associated(bytes(first_box(meta, b"iprp", b"ipma")), number)
        return {listed[i - 1][0]: bytes(listed[i - 1][1]) for i in indices if i > 0}
    except (IndexError, struct.error):
        return {}


def _associated(table: bytes, number: int) -> list[int]:
    """The numbers of the properties of an item, counted from 1 (ipma, ISO/IEC 23008-12, 9.3).

    Raises IndexError and struct.error where the table is damaged.
    """
    is_wide, is_long = table[0] > 0, table[3] & 1
    (count,) = struct.unpack_from(">I", table, 4)
    position = 8
    # The count is the file's claim: no more entries than bytes are looked at.
    for _ in range(min(count, len(table))):
        (item,) = struct.unpack_from(">I" if is_wide else ">H", table, position)
        position += 4 if is_wide else 2
        size = table[position]
        indices = struct.unpack_from(f">{size}{'H' if is_long else 'B'}", table, position + 1)
        if item == number:
            return [index & (0x7FFF if is_long else 0x7F) for index in indices]
        position += 1 + size * (2 if is_long else 1)
    return []
