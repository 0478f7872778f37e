"""Reading BMP files of Windows and OS/2, without a library.

Pillow reads 16 bits in steps of 1/255, few orders of masks, and no runs with escapes.

Source: Microsoft, Bitmap Storage, with the headers BITMAPCOREHEADER to BITMAPV5HEADER, and Bitmap Compression.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import Reading, broken, check_claim, check_page, check_size, scaled
from filterlab.text.messages import say

_FILE_HEADER, _CORE_HEADER, _OS2_HEADER = 14, 12, 64  # bytes
_HEADERS = (40, 52, 56, _OS2_HEADER, 108, 124)
_PLAIN, _RLE8, _RLE4, _MASKED, _ALPHA_MASKED = 0, 1, 2, 3, 6
_COMPRESSIONS = {4: "JPEG", 5: "PNG"}
_DEPTHS = {_PLAIN: (1, 2, 4, 8, 16, 24, 32), _RLE8: (8,), _RLE4: (4,), _MASKED: (16, 24, 32)}
_DEPTHS[_ALPHA_MASKED] = _DEPTHS[_MASKED]
_BYTES = (0xFF0000, 0xFF00, 0xFF)  # red, green and blue; blue is the lowest byte
_MASKS = {16: (0x7C00, 0x3E0, 0x1F, 0), 24: (*_BYTES, 0), 32: (*_BYTES, 0)}
_PIXELS_PER_BYTE = 255  # two bytes of a compressed line stand for that many at most
_MOST_COLOURS = 1 << 16
_AT_ONCE = 1 << 18  # bytes of rows, which stay in the cache
_OUTSIDE = say("some of its pixels have colours that its palette lacks; they are black")


@dataclass(frozen=True)
class _Layout:
    """What the headers say.

    is_upright: the first row that is stored is the uppermost. offset: where the pixels begin. palette: (colours, 3),
    red first, empty where pixels hold their colours. masks: the bits of red, green, blue and alpha in such a pixel.
    """

    height: int
    width: int
    bits: int
    compression: int
    is_upright: bool
    offset: int
    palette: NDArray[np.uint8]
    masks: tuple[int, ...]

    @property
    def row_bytes(self) -> int:
        """How many bytes of a stored row hold pixels."""
        return -(-self.width * self.bits // 8)

    @property
    def stride(self) -> int:
        """Bytes from one stored row to the next: whole words of four."""
        return -(-self.row_bytes // 4) * 4


def count_pages(file: Path) -> int:
    """A BMP file holds one picture."""
    return 1


def read(file: Path, alpha: bool, page: int) -> Reading:
    """The picture, as grey where its palette is. Raises ImageError."""
    check_page(page, 1)
    size = file.stat().st_size
    with file.open("rb") as stream:
        layout = _read_layout(stream)
        check_size(3, layout.height, layout.width)
        check_claim(layout.height, layout.width, size, _PIXELS_PER_BYTE)
        stream.seek(layout.offset)
        if layout.compression in (_RLE8, _RLE4):
            return _coloured(layout, [(0, _unpacked_runs(stream.read(), layout))])
        rows = _rows(stream, layout, size - layout.offset)
        if layout.bits <= 8:
            return _coloured(layout, ((row, _indices(part, layout)) for row, part in rows))
        masks = layout.masks if alpha and layout.masks[3] else layout.masks[:3]
        values = np.empty((len(masks), layout.height, layout.width), np.float32)
        for row, part in rows:
            for channel, mask in zip(values, masks, strict=True):
                numbers, greatest = _masked(part, layout, mask)
                channel[row : row + len(part)] = scaled(numbers, greatest)
        return Reading(_turned(values, layout))


def _turned(values: NDArray[np.float32], layout: _Layout) -> NDArray[np.float32]:
    """Values with the first row uppermost."""
    return values if layout.is_upright else values[:, ::-1]


# -- headers -------------------------------------------------------------------------------------------------


def _read_layout(stream: BinaryIO) -> _Layout:
    """What the headers say. Raises ImageError for what they cannot say, or what is not supported."""
    start = stream.read(_FILE_HEADER + max(_HEADERS) + 16)
    if len(start) < _FILE_HEADER + _CORE_HEADER:
        raise broken("it is cut short")
    offset, length = struct.unpack_from("<10xII", start)
    if length != _CORE_HEADER and length not in _HEADERS:
        raise _unsupported(say("it has a header of {:,} bytes, which is not supported", length))
    place = _FILE_HEADER + length
    if length == _CORE_HEADER:
        width, height, _, bits = struct.unpack_from("<HHHH", start, _FILE_HEADER + 4)
        compression, colours, entry = _PLAIN, 0, 3
    else:
        fields = struct.unpack_from("<iiHHI12xI", start, _FILE_HEADER + 4)
        (width, height, _, bits, compression, colours), entry = fields, 4
    if width < 1 or not height:
        raise ImageError("it has no pixels", hint="export it again")
    _check_kind(compression, bits, length)
    masks: tuple[int, ...] = _MASKS.get(bits, ())
    if compression in (_MASKED, _ALPHA_MASKED):
        masks, after = _read_masks(start, length, compression, bits)
        place += after
    palette = np.empty((0, 3), np.uint8)
    if bits <= 8:
        colours = colours or 1 << bits
        if colours > _MOST_COLOURS:
            raise broken("its palette is too long")
        if offset == place:  # some writers do not count the palette
            offset += entry * colours
        palette = _read_palette(stream, place, offset, colours, entry)
        offset = offset or place + entry * colours
    return _Layout(abs(height), width, bits, compression, height < 0, offset or place, palette, masks)


def _check_kind(compression: int, bits: int, length: int) -> None:
    """Raise ImageError for a compression, or depth of pixels, that is not supported."""
    if compression not in _DEPTHS or (length == _OS2_HEADER and compression > _RLE4):
        raise _unsupported(
            say("it has compression {}, which is not supported", _COMPRESSIONS.get(compression, compression))
        )
    if bits not in _DEPTHS[compression]:
        raise _unsupported(
            say("it has {} bits a pixel in compression {}, which is not supported", bits, compression)
        )


def _unsupported(what: str) -> ImageError:
    return ImageError(what, hint="export it again, as PNG")


def _read_masks(start: bytes, length: int, compression: int, bits: int) -> tuple[tuple[int, ...], int]:
    """The masks, and how many bytes they take behind the header. Raises ImageError unless each is one run of bits."""
    count = 4 if compression == _ALPHA_MASKED or length >= 56 else 3
    masks = struct.unpack_from("<IIII", start, _FILE_HEADER + 40)[:count]
    masks += (0,) * (4 - count)
    if bits == 32 and not any(masks):
        masks = (*_BYTES, 0xFF000000)  # as Pillow takes it
    # Divided by its lowest bit, a mask that is one run of ones is one less than a power of two: run & (run + 1) is 0.
    runs = [mask // max(mask & -mask, 1) for mask in masks]
    if max(masks) >> bits or not all(masks[:3]) or any(run & (run + 1) for run in runs):
        raise _unsupported(
            say("it has the masks {}, which are not supported", ", ".join(f"{mask:X}" for mask in masks))
        )
    return masks, 4 * count if length == 40 else 0


def _read_palette(stream: BinaryIO, place: int, offset: int, colours: int, entry: int) -> NDArray[np.uint8]:
    """(colours, 3), red first; fewer than announced where the pixels, or the end of the file, come before."""
    if offset > place:
        colours = min(colours, (offset - place) // entry)
    stream.seek(place)
    # An index has 8 bits at most: further colours cannot be meant by any pixel.
    held = stream.read(entry * min(colours, 256))
    count = len(held) // entry
    if not count:
        raise broken("its palette is missing")
    entries = np.frombuffer(held, np.uint8, count * entry).reshape(count, entry)
    return entries[:, 2::-1]


# -- pixels --------------------------------------------------------------------------------------------------

_Part = tuple[int, NDArray[np.uint8]]  # the first row, in the order of the file, and (rows, columns)


def _rows(stream: BinaryIO, layout: _Layout, held: int) -> Iterator[_Part]:
    """The bytes of all rows, some rows at a time."""
    stride, wanted = layout.stride, layout.row_bytes
    if (layout.height - 1) * stride + wanted > held:
        raise broken("its pixels are cut short")
    step = max(_AT_ONCE // stride, 1)
    for row in range(0, layout.height, step):
        count = min(step, layout.height - row)
        # The last row may end without the bytes that fill it up.
        part = stream.read(count * stride).ljust(count * stride, b"\0")
        yield row, np.frombuffer(part, np.uint8).reshape(count, stride)[:, :wanted]


def _indices(part: NDArray[np.uint8], layout: _Layout) -> NDArray[np.uint8]:
    """Bytes of rows as indices into the palette; the first pixel is in the highest bits."""
    if layout.bits == 8:
        return part
    shifts = np.arange(8 - layout.bits, -1, -layout.bits).astype(np.uint8)
    split = (part[..., None] >> shifts) & np.uint8((1 << layout.bits) - 1)
    return split.reshape(len(part), -1)[:, : layout.width]


def _masked(part: NDArray[np.uint8], layout: _Layout, mask: int) -> tuple[NDArray[np.unsignedinteger], int]:
    """The numbers of one channel in bytes of rows, and the greatest that they can be."""
    size = layout.bits // 8
    pixels = part.reshape(len(part), layout.width, size)
    shift = (mask & -mask).bit_length() - 1
    greatest = mask >> shift
    if greatest == 0xFF and shift % 8 == 0:
        return pixels[..., shift // 8], greatest
    numbers = np.zeros(pixels.shape[:2], np.uint32)
    for i in range(size):
        numbers |= pixels[..., i].astype(np.uint32) << (8 * i)
    numbers = (numbers & mask) >> shift
    # The type decides in which precision `scaled` divides: 5 or 10 bits need no float64.
    return numbers.astype(np.min_scalar_type(greatest)), greatest


def _coloured(layout: _Layout, parts: Iterable[_Part]) -> Reading:
    """The picture from parts of its indices, with a remark where some are outside the palette."""
    palette = layout.palette
    is_grey = not np.ptp(palette, axis=1).any()
    table = np.zeros((1 if is_grey else 3, 256), np.float32)
    table[:, : len(palette)] = scaled(palette.T[: len(table)])
    values = np.empty((len(table), layout.height, layout.width), np.float32)
    greatest = 0
    for row, indices in parts:
        values[:, row : row + len(indices)] = table[:, indices]
        greatest = max(greatest, int(indices.max()))
    remarks = (_OUTSIDE,) if greatest >= len(palette) else ()
    return Reading(_turned(values, layout), remarks=remarks)


def _unpacked_runs(data: bytes, layout: _Layout) -> NDArray[np.uint8]:
    """Indices from runs of pixels. Those that escapes pass over, or that follow the end, are 0.

    Two bytes are a run: how often, and what (with four bits a pixel, two colours in turn). After a zero: 0 ends the
    row, 1 the picture, 2 moves by the next two bytes to the right and on, and from 3 on so many pixels follow as they
    are, filled up to whole pairs of bytes.
    """
    height, width = layout.height, layout.width
    pixels = bytearray(height * width)
    at = x = y = 0
    while y < height:
        if at + 2 > len(data):
            # Where there is no mark of the end, the last row must be complete.
            if y < height - 1 or x < width:
                raise broken("its pixels are cut short")
            break
        count, value = data[at], data[at + 1]
        at += 2
        if count or value > 2:
            stored, repeats = data[at - 1 : at], count
            if not count:
                repeats = 1
                count, size = value, -(-value * layout.bits // 8)
                stored = data[at : at + size]
                if len(stored) < size:
                    raise broken("its pixels are cut short")
                at += size + size % 2
            if layout.bits == 4:
                stored = bytes(half for byte in stored for half in (byte >> 4, byte & 15))
            # Encoders may let a run go over the end of the row; what is beyond the picture is dropped, as other readers
            # do.
            run = (stored * repeats)[: max(min(count, width - x), 0)]
            pixels[y * width + x : y * width + x + len(run)] = run
            x += count
        elif value == 0:
            x, y = 0, y + 1
        elif value == 1:
            break
        else:
            across, on = data[at : at + 2].ljust(2, b"\0")
            x, y, at = x + across, y + on, at + 2
    return np.frombuffer(pixels, np.uint8).reshape(height, width)
