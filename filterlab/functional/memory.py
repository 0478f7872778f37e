"""Memory for large results, used again once nobody holds them.

A fresh page costs the system more than a filter spends on it: over 12 megapixels a third of the whole time goes
into pages that an earlier result, dropped by now, had already. So large blocks that come free are kept, up to a
limit, for the next results of the same size.
"""

from __future__ import annotations

import threading
from math import prod
from typing import Any, ClassVar

import numpy as np

from filterlab.functional.arrays import Array

LARGEST_SCRATCH = 1 << 24  # bytes that a thread keeps; only huge kernels of very many channels need more
SMALLEST = 1 << 20  # bytes; below, the C library itself keeps what is freed
ALIGNMENT = 64  # bytes, a cache line and the processor's longest vector

_threads = threading.local()


def empty(shape: tuple[int, ...], dtype: Any) -> Array:
    """As `np.empty`: an array of any content. Its memory serves again when the last view of it is gone."""
    size = prod(shape) * np.dtype(dtype).itemsize
    if size < SMALLEST:
        return np.empty(shape, dtype)
    return np.asarray(_Lease(size)).view(dtype).reshape(shape)


def scratch(count: int, dtype: Any) -> Array:
    """Room for so many numbers, of any content, that is this thread's until it asks again."""
    size = count * np.dtype(dtype).itemsize
    if size > LARGEST_SCRATCH:
        return _aligned(size).view(dtype)
    held: Array | None = getattr(_threads, "held", None)
    if held is None or len(held) < size:
        held = _threads.held = _aligned(size)
    return held[:size].view(dtype)


def _aligned(size: int) -> Array:
    room = np.empty(size + ALIGNMENT, np.uint8)
    start = -room.ctypes.data % ALIGNMENT
    return room[start : start + size]


class _Lease:
    """Holds a block for the arrays that look into it: NumPy keeps it as their base.

    Blocks come free at any moment and in any thread, so the steps here are single operations on lists, without
    a lock, and use nothing but what the class holds: it may also be when the interpreter goes.
    """

    kept: ClassVar[dict[int, list[Array]]] = {}
    most: ClassVar[int] = 192 << 20  # bytes kept in all

    def __init__(self, size: int) -> None:
        try:
            self._block = self.kept[size].pop()
        except (KeyError, IndexError):
            self._block = _aligned(size)
        self.__array_interface__ = self._block.__array_interface__

    def __del__(self) -> None:
        block = getattr(self, "_block", None)  # none where there was no memory for one
        if block is None:
            return
        size = len(block)
        if size + sum(known * len(blocks) for known, blocks in list(self.kept.items())) > self.most:
            self.kept.clear()  # the sizes of some earlier work
        if size <= self.most:
            self.kept.setdefault(size, []).append(block)
