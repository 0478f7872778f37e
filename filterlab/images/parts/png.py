"""A PNG written row by row, and read again: neither its pixels nor its bytes are ever in memory as a whole."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import broken
from filterlab.images.png import RGB, SIGNATURE, UP, USUAL, bytes_of_rows, chunk, header, text_chunks
from filterlab.text.messages import say

Span = tuple[int, int]  # half-open


def write_png_rows(
    path: Path,
    size: tuple[int, int],
    bands: Iterable[NDArray[Any]],
    text: Mapping[str, str],
    level: int = USUAL,
) -> None:
    """Write bands of rows (h, W) or (h, W, 3) of 8 or 16 bits, which make up a picture of `size`.

    level: of Deflate, from 0 (not compressed) to 9 (smallest). Raises OSError, and ImageError where the bands have more
    or fewer rows.
    """
    height, width = size
    packer, above, count = zlib.compressobj(level), None, 0
    with path.open("wb") as file:
        for pixels in bands:
            if above is None:
                file.write(SIGNATURE + header(pixels, height, width) + text_chunks(text))
                above = np.zeros(pixels[0].nbytes, np.uint8)
            rows = bytes_of_rows(pixels)
            filtered = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
            filtered[:, 0] = UP
            # Differences wrap around at 256, as the filter's do.
            filtered[:, 1:] = rows - np.concatenate([above[None], rows[:-1]])
            above = rows[-1]
            count += len(rows)
            if data := packer.compress(filtered.data):
                file.write(chunk(b"IDAT", data))
        if above is None or count != height:
            raise ImageError(say("there are {} row(s) for a picture of {}", count, height), str(path))
        file.write(chunk(b"IDAT", packer.flush()) + chunk(b"IEND", b""))


def read_png_part(path: Path, rows: Span, cols: Span) -> NDArray[np.uint8]:
    """The pixels (h, w) or (h, w, 3) of half-open rows and columns of a PNG of 8 bits by `write_png_rows`.

    All rows before them are decoded, and none is kept. Raises OSError, and ImageError for a file that is damaged.
    """
    with path.open("rb") as file:
        file.seek(len(SIGNATURE))
        _, head = next(_chunks(file))
        width, _, _, kind = struct.unpack(">IIBB", head[:10])
        samples = 3 if kind == RGB else 1
        found = np.empty((rows[1] - rows[0], (cols[1] - cols[0]) * samples), np.uint8)
        top = 0
        for band in _bands(file, width * samples):
            first, stop = max(rows[0], top), min(rows[1], top + len(band))
            if first < stop:
                part = band[first - top : stop - top, cols[0] * samples : cols[1] * samples]
                found[first - rows[0] : stop - rows[0]] = part
            top += len(band)
            if top >= rows[1]:
                return found.reshape(len(found), -1, 3) if kind == RGB else found
    raise broken("it is cut short")


def _chunks(file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    while len(start := file.read(8)) == 8:
        length, name = struct.unpack(">I4s", start)
        data = file.read(length)
        if struct.pack(">I", zlib.crc32(name + data)) != file.read(4):
            raise broken("a checksum is wrong")
        yield name, data


def _bands(file: IO[bytes], length: int) -> Iterator[NDArray[np.uint8]]:
    """The bytes of all rows, some rows at a time."""
    unpacker, rest, above = zlib.decompressobj(), b"", np.zeros((1, length), np.uint8)
    for name, data in _chunks(file):
        rest += unpacker.decompress(data) if name == b"IDAT" else b""
        count = len(rest) // (length + 1)
        if count:
            lines = np.frombuffer(rest, np.uint8, count * (length + 1)).reshape(count, length + 1)
            rest = rest[count * (length + 1) :]
            # Sums wrap around at 256, as the differences do.
            rows = np.add.accumulate(np.concatenate([above, lines[:, 1:]]), axis=0, dtype=np.uint8)[1:]
            above = rows[-1:]
            yield rows
