"""Memory for large results, used again once nobody holds them.

A fresh page of memory takes the system longer to provide than a filter takes to fill it: over 12 megapixels a third
of the time went into pages that an earlier result, dropped by then, had had already. So large blocks are kept when
they come free, up to a limit, for the next results of the same size.
"""

from __future__ import annotations

import threading
from math import prod
from typing import Any, ClassVar

import numpy as np

from filterlab.functional.arrays import Array

LARGEST_SCRATCH = 1 << 24  # bytes that a thread keeps; only huge kernels over very many channels need more
SMALLEST = 1 << 20  # bytes; the C library itself keeps smaller blocks when they are freed
KEPT = 192 << 20  # bytes of memory that came free, kept unless somebody asks for another limit
ALIGNMENT = 64  # bytes, a cache line and the processor's longest vector

_threads = threading.local()


def empty(shape: tuple[int, ...], dtype: Any) -> Array:
    """Return an array of arbitrary content, as `np.empty`. Once its last view is gone, its memory is used again."""
    size = prod(shape) * np.dtype(dtype).itemsize
    if size < SMALLEST:
        return np.empty(shape, dtype)
    # NumPy keeps the lease as the base of the array and of every view of it, so that it is deleted after the last of
    # them.
    return np.asarray(_Lease(size)).view(dtype).reshape(shape)


def keep_at_most(size: int) -> None:
    """Keep no more than `size` bytes of memory that came free; the rest goes back to the system."""
    _Lease.most = size
    _Lease.make_room(0)


def scratch(count: int, dtype: Any) -> Array:
    """Return room for `count` numbers, of arbitrary content, which is this thread's until it asks again."""
    size = count * np.dtype(dtype).itemsize
    if size > LARGEST_SCRATCH:
        return _aligned(size).view(dtype)
    held: Array | None = getattr(_threads, "held", None)
    # Grown, never shrunk: a thread meets the same few sizes again with each band.
    if held is None or len(held) < size:
        held = _threads.held = _aligned(size)
    return held[:size].view(dtype)


class Workspace:
    """Memory for results and scratch of one run after the other, always at the same places."""

    def __init__(self) -> None:
        self._blocks: list[Array] = []  # of bytes; those in use and those that are not
        self._free: list[Array] = []
        self._scratch = _aligned(SMALLEST)

    def empty(self, shape: tuple[int, ...], dtype: Any) -> Array:
        """Return an array of arbitrary content, which nobody else gets until it is released."""
        size = prod(shape) * np.dtype(dtype).itemsize
        for number, block in enumerate(self._free):
            if len(block) >= size:
                del self._free[number]
                break
        else:
            block = _aligned(size)
            self._blocks.append(block)
        return block[:size].view(dtype).reshape(shape)

    def release(self, array: Array) -> None:
        """Let others have the memory of an array from `empty`, or of one that it is a view of."""
        self._free.extend(block for block in self._blocks if np.may_share_memory(block, array))

    def scratch(self, count: int, dtype: Any) -> Array:
        """Return room for `count` numbers, which every call of a run may overwrite."""
        size = count * np.dtype(dtype).itemsize
        if size > len(self._scratch):
            return _aligned(size).view(dtype)
        return self._scratch[:size].view(dtype)


def _aligned(size: int) -> Array:
    room = np.empty(size + ALIGNMENT, np.uint8)
    start = -room.ctypes.data % ALIGNMENT
    return room[start : start + size]


class _Lease:
    """Holds a block of memory for the arrays that are views of it: NumPy keeps this object as their base.

    The last view may go at any moment and in any thread, also inside the garbage collector while this thread is in
    `__init__` here, where a lock would wait for itself. So each step is a single operation on a list or dict, which
    the interpreter does not interrupt, and none needs globals, which may be gone when the interpreter exits.
    """

    kept: ClassVar[dict[int, list[Array]]] = {}
    most: ClassVar[int] = KEPT  # bytes kept in all

    def __init__(self, size: int) -> None:
        try:
            self._block = self.kept[size].pop()
        except (KeyError, IndexError):
            self._block = _aligned(size)
        self.__array_interface__ = self._block.__array_interface__

    def __del__(self) -> None:
        block = getattr(self, "_block", None)  # there is none where allocating it failed
        if block is None:
            return
        size = len(block)
        self.make_room(size)
        if size <= self.most:
            # To the end: sizes that only earlier work needed come to be the first, which go. In the same list, as
            # another thread may be taking a block from it: a copy would give that block to a second array.
            blocks = self.kept.pop(size, [])
            blocks.append(block)
            self.kept[size] = blocks

    @classmethod
    def make_room(cls, size: int) -> None:
        """Give back what is too much with `size` bytes more."""
        held = [(known, known * len(blocks)) for known, blocks in list(cls.kept.items())]
        excess = size + sum(count for _, count in held) - cls.most
        for known, count in held:
            if excess <= 0:
                return
            cls.kept.pop(known, None)
            excess -= count
