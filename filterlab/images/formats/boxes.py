"""The boxes of ISO base media files (ISO/IEC 14496-12), which AVIF, JPEG 2000 and JPEG XL files are made of."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_MOST = 10_000  # boxes of one level


def boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Kind and contents of each box on one level. The last one may be cut short: then there is as much as the file has.

    A length of 1 means that 64 bits follow with the length, and 0 that the box goes on to the end (4.2).
    """
    position = 0
    for _ in range(_MOST):
        if position + 8 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, position)
        start = position + 8
        if length == 1 and start + 8 <= len(data):
            (length,) = struct.unpack_from(">Q", data, start)
            start += 8
        end = position + length if length else len(data)
        # A length of less than its own header would lead back, and round in a circle.
        if end < start:
            return
        yield kind, data[start:end]
        position = end


def first_box(data: memoryview, *path: bytes) -> memoryview:
    """The contents of the first box at a path of kinds, each in the one before; empty where there is none.

    "meta" is a full box: four bytes of version and flags stand before its boxes (4.2).
    """
    for kind in path:
        data = next((body for name, body in boxes(data) if name == kind), memoryview(b""))
        if kind == b"meta":
            data = data[4:]
    return data
