"""Writing a PNG row by row: neither its pixels nor its bytes are ever in memory as a whole."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.writing import text_chunks

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB = 0, 2
_UP = 2  # the filter that stores what a row differs by from the row above it (PNG 3, 9.2)
_LEVEL = 4  # of Deflate: hardly larger files than at 9, in less than half of the time


def write_png_rows(
    path: Path, size: tuple[int, int], bands: Iterable[NDArray[Any]], text: Mapping[str, str]
) -> None:
    """Write bands of rows (h, W) or (h, W, 3) of 8 or 16 bits, which make up a picture of `size`. Raises OSError."""
    height, width = size
    packer, above = zlib.compressobj(_LEVEL), None
    with path.open("wb") as file:
        for pixels in bands:
            if above is None:
                kind = _RGB if pixels.ndim == 3 else _GREY
                bits = 8 * pixels.dtype.itemsize
                header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
                file.write(_SIGNATURE + _chunk(b"IHDR", header) + text_chunks(text))
                above = np.zeros(pixels[0].nbytes, np.uint8)
            rows = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder(">")).view(np.uint8)
            rows = rows.reshape(len(pixels), -1)
            filtered = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
            filtered[:, 0] = _UP
            # Differences wrap around at 256, as the filter's do.
            filtered[:, 1:] = rows - np.concatenate([above[None], rows[:-1]])
            above = rows[-1]
            if data := packer.compress(filtered.data):
                file.write(_chunk(b"IDAT", data))
        file.write(_chunk(b"IDAT", packer.flush()) + _chunk(b"IEND", b""))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
