"""Kernels in NumPy's file format. What a header claims is checked before memory is taken for it."""

from __future__ import annotations

import io
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import FileError, printable
from filterlab.kernels.editing import MOST_CELLS
from filterlab.npy import BrokenHeaderError, read_header
from filterlab.text.messages import say


def kernel_of(data: bytes) -> NDArray[Any]:
    """The kernel in the bytes of a .npy file, (height, width): float64 as it is, other numbers as float32.

    Raises FileError for any other array, and for a broken file.
    """
    try:
        header = read_header(io.BytesIO(data))
    except BrokenHeaderError:
        raise FileError("it cannot be decoded: its header is broken", hint="save it again") from None
    if header.holds_objects:
        hint = say("such files can run programs; save an array of numbers")
        raise FileError("it cannot be decoded: Python objects are never loaded", hint=hint)
    shape, dtype = header.shape, header.dtype
    if len(shape) != 2 or 0 in shape or dtype is None or dtype.kind not in "biuf":
        what = say(
            "an array of shape {!s:.40} and type {:.20} is not a kernel", shape, printable(header.type)
        )
        raise FileError(what, hint="give (height, width) finite numbers")
    if max(shape) > MOST_CELLS:
        what = say("it is {} x {}, too large for a kernel", shape[0], shape[1])
        raise FileError(what, hint=say("at most {} cells a side", MOST_CELLS))
    if len(data) - header.start < prod(shape) * dtype.itemsize:
        raise FileError("it cannot be decoded: it is cut short", hint="save it again")
    cells = np.frombuffer(data, dtype, prod(shape), header.start)
    return finite(cells.reshape(shape, order="F" if header.by_columns else "C"))


def finite(cells: NDArray[Any]) -> NDArray[Any]:
    """Numbers as a kernel: float64 as they are, others as float32. Raises FileError for what is not finite there."""
    with np.errstate(over="ignore"):
        # Of either byte order; dtypes are equal only in the machine's own.
        double = cells.dtype.kind == "f" and cells.dtype.itemsize == 8
        kernel = cells.astype(np.float64 if double else np.float32, order="C")
    if not np.isfinite(kernel).all():
        hint = say("give (height, width) finite numbers")
        raise FileError("an array with NaN, infinity or numbers beyond float32 is not a kernel", hint=hint)
    return kernel
