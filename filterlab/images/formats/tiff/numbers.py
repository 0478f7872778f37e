"""From the bytes of a strip or tile to its numbers: packed bits, byte orders, predictors, subsampled colours."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.formats.tiff.layout import TiffLayout


def unpack(layout: TiffLayout, data: bytes, rows: int) -> NDArray[Any]:
    """Return the first rows of a strip or tile as (rows, cols, samples), in the machine's own byte order."""
    # The last strip may hold more rows than the picture has left: some writers fill it up.
    data = data[: layout.raw_size(rows)]
    if layout.subsampling != (1, 1):
        return _spread(layout, data, rows)
    shape = rows, layout.cols, layout.per_pixel
    if layout.predictor == 3:
        return _from_byte_differences(layout, data, shape)
    if layout.bits in (8, 16, 32, 64):
        numbers = _numbers(layout, data).reshape(shape)
        return _summed(numbers) if layout.predictor == 2 else numbers
    if layout.bits == 24:
        return _from_three_bytes(layout, data).reshape(shape)
    return _from_bits(layout, data).reshape(shape)


def _numbers(layout: TiffLayout, data: bytes) -> NDArray[Any]:
    return np.frombuffer(data, layout.order + layout.dtype.str[1:]).astype(layout.dtype, copy=False)


def _summed(differences: NDArray[Any]) -> NDArray[Any]:
    """Undo predictor 2, which stores the difference of each number from its neighbour to the left.

    Floating-point numbers are taken as whole numbers of the same bits, so that nothing is rounded.
    """
    import imagecodecs

    bits = differences.view(f"u{differences.dtype.itemsize}")
    return np.asarray(imagecodecs.delta_decode(bits, axis=-2)).view(differences.dtype)


def _from_byte_differences(layout: TiffLayout, data: bytes, shape: tuple[int, int, int]) -> NDArray[Any]:
    """Undo Adobe's predictor 3, which stores all leading bytes of a row first, then the next ones, as differences.

    Source: Adobe Photoshop TIFF Technical Note 3 (2005).
    """
    rows, cols, samples = shape
    size = layout.bits // 8
    differences = np.frombuffer(data, np.uint8).reshape(rows, cols * size, samples)
    # uint8 wraps around at 256, as the differences of the predictor do.
    bytes_ = np.cumsum(differences, axis=1, dtype=np.uint8).reshape(rows, size, cols * samples)
    if size == 3:
        return _from_24_bits(np.moveaxis(bytes_, 1, 2).reshape(-1, 3)).reshape(shape)
    # The leading byte comes first, whatever the byte order of the file is.
    numbers = np.ascontiguousarray(np.moveaxis(bytes_, 1, 2)).view(f">f{size}")
    return numbers.astype(layout.dtype).reshape(shape)


def _from_three_bytes(layout: TiffLayout, data: bytes) -> NDArray[Any]:
    """Return numbers of 24 bits, whose bytes are in the order of the file, as in libtiff."""
    bytes_ = np.frombuffer(data, np.uint8).reshape(-1, 3)
    bytes_ = bytes_ if layout.order == ">" else bytes_[:, ::-1]
    if layout.kind == "f":
        return _from_24_bits(bytes_)
    return _signed(layout, _wide(bytes_))


def _wide(bytes_: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return the numbers that three bytes each make, the leading one first."""
    wide = np.zeros((len(bytes_), 4), np.uint8)
    wide[:, 1:] = bytes_
    return wide.view(">u4")[:, 0].astype(np.uint32)


def _from_24_bits(bytes_: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return floating-point numbers of 24 bits: one for the sign, 7 for the exponent (plus 63), 16 for the digits."""
    bits = _wide(bytes_)
    sign = np.where(bits >> 23, -1.0, 1.0)
    exponent = (bits >> 16 & 0x7F).astype(np.int32)
    digits = (bits & 0xFFFF) / 65536.0
    # NumPy has no such type: the number is put together from its parts, exactly, as float32 has more of each.
    normal = np.ldexp(1 + digits, exponent - 63)
    special = np.where(digits == 0, np.inf, np.nan)
    small = np.ldexp(digits, -62)
    return (sign * np.where(exponent == 0, small, np.where(exponent == 0x7F, special, normal))).astype(
        np.float32
    )


def _from_bits(layout: TiffLayout, data: bytes) -> NDArray[Any]:
    """Return whole numbers of any number of bits, packed one behind the other; a row begins at a whole byte."""
    import imagecodecs

    dtype = np.dtype(f"u{layout.dtype.itemsize}")
    numbers = imagecodecs.packints_decode(data, dtype, layout.bits, runlen=layout.cols * layout.per_pixel)
    return _signed(layout, numbers)


def _signed(layout: TiffLayout, numbers: NDArray[Any]) -> NDArray[Any]:
    """Return numbers whose uppermost bit is a sign where the page says so; the types of NumPy are wider."""
    if layout.kind != "i":
        return numbers
    # Turning the sign bit over makes the numbers count up from the smallest one, which is then moved below zero.
    sign = 1 << (layout.bits - 1)
    return (numbers.astype(np.int64) ^ sign) - sign


def _spread(layout: TiffLayout, data: bytes, rows: int) -> NDArray[Any]:
    """Spread subsampled YCbCr to (rows, cols, 3).

    Each unit holds the brightness of all its pixels, then the two colour differences that they share (TIFF 6.0,
    section 21).
    """
    across, down = layout.subsampling
    cells = across * down
    shape = ceil(rows / down), ceil(layout.cols / across), cells + 2
    units = _numbers(layout, data).reshape(shape)
    squares = units[..., :cells].reshape(*shape[:2], down, across).swapaxes(1, 2)
    brightness = squares.reshape(shape[0] * down, shape[1] * across, 1)
    # Repeated, not interpolated: the same as libtiff, and the file does not say where between pixels they were taken.
    colours = units[..., cells:].repeat(down, axis=0).repeat(across, axis=1)
    # Units at the right and lower edges reach beyond the picture.
    return np.concatenate([brightness, colours], axis=2)[:rows, : layout.cols]
