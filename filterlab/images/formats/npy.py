"""Reading .npy files: arrays of numbers, whatever their type. Those with Python objects are never loaded."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError, printable
from filterlab.images.decoded import Picture, Reading, broken, check_page, check_size, scaled
from filterlab.npy import BrokenHeaderError, NpyHeader, read_header
from filterlab.text.messages import say

_AT_ONCE = 1 << 20  # numbers that are read together


def count_pages(file: Path) -> int:
    """An array is one picture, whatever its axes mean."""
    return 1


def read(file: Path, alpha: bool, page: int) -> Reading:
    """The array as it is. Raises ImageError for what is no picture, and for a file that is too short."""
    check_page(page, 1)
    # A mapped file would end the program where somebody cuts it meanwhile.
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        header, kind = checked_header(stream)
        spare = size - header.start - prod(header.shape) * kind.itemsize
        if spare < 0:
            raise broken("it is cut short")
        values, stored = _empty(header)
        _fill(stored, stream, kind)
    return Reading(values, remarks=(say("what follows its last number is not read"),) if spare else ())


def checked_header(stream: BinaryIO, *, whole: bool = True) -> tuple[NpyHeader, np.dtype[Any]]:
    """The header, and the type of its numbers. Raises ImageError unless they can be a picture.

    whole: all of it will be in memory at once.
    """
    try:
        header = read_header(stream)
    except BrokenHeaderError:
        raise broken("its header is damaged") from None
    if header.holds_objects:
        hint = say("such files can run programs; save an array of numbers")
        raise ImageError("it holds Python objects, which are never loaded", hint=hint)
    kind = header.dtype
    if kind is None or kind.kind not in "biuf":
        what = say("it holds {}, not real numbers", printable(header.type))
        raise ImageError(what, hint="save an array of real numbers")
    if whole:
        check_size(*header.shape)
    return header, kind


def laid_out(header: NpyHeader) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """The shape (C, H, W) of the picture, and the numbers in the file from one cell of each axis to the next.

    Raises ImageError as `read`.
    """
    shape = _axes(header)
    stored = shape if not header.by_columns else shape[::-1]
    steps = [prod(stored[i + 1 :]) for i in range(3)]
    steps = steps if not header.by_columns else steps[::-1]
    order = (2, 0, 1) if _is_channels_last(shape) else (0, 1, 2)
    (c, h, w), (s, t, u) = (shape[i] for i in order), (steps[i] for i in order)
    return (c, h, w), (s, t, u)


def _empty(header: NpyHeader) -> tuple[Picture, NDArray[np.float32]]:
    """A picture (C, H, W), and its values in the order in which they are stored. Raises ImageError for other axes."""
    shape = _axes(header)
    if _is_channels_last(shape):
        values = np.empty((shape[2], shape[0], shape[1]), np.float32)
        stored: NDArray[np.float32] = values.transpose(1, 2, 0)
    else:
        values = stored = np.empty(shape, np.float32)
    return values, stored.T if header.by_columns else stored


def _axes(header: NpyHeader) -> tuple[int, int, int]:
    shape = header.shape[1:] if len(header.shape) == 4 and header.shape[0] == 1 else header.shape
    if len(shape) not in (2, 3):
        hint = say("give (H, W), (C, H, W) or (H, W, C)")
        raise ImageError(say("it is an array of {} axes", len(header.shape)), hint=hint)
    first, second, *rest = shape
    return (first, second, rest[0]) if rest else (1, first, second)


def _is_channels_last(shape: tuple[int, ...]) -> bool:
    """(H, W, C) is told from (C, H, W) by its short last axis and its two long ones."""
    few = (1, 3, 4)
    return shape[2] in few and shape[0] not in few and shape[1] > 4


def _fill(values: NDArray[np.float32], stream: BinaryIO, kind: np.dtype[Any]) -> None:
    """Fill an array in the order of its axes, some rows at a time: no second array of its size is made."""
    inner = prod(values.shape[1:])
    if values.ndim > 1 and inner > _AT_ONCE:
        for part in values:
            _fill(part, stream, kind)
        return
    step = max(_AT_ONCE // max(inner, 1), 1)
    for start in range(0, len(values), step):
        part = values[start : start + step]
        data = stream.read(part.size * kind.itemsize)
        if len(data) < part.size * kind.itemsize:
            raise broken("it is cut short")
        # Read and converted, not mapped or loaded whole: float64 from the file and float32 would need three times the
        # memory of the picture.
        part[...] = scaled(np.frombuffer(data, kind).reshape(part.shape))
