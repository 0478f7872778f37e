"""Writing a PNG row by row: neither its pixels nor its bytes are ever in memory as a whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.png import SIGNATURE, UP, USUAL, bytes_of_rows, chunk, header, text_chunks


def write_png_rows(
    path: Path,
    size: tuple[int, int],
    bands: Iterable[NDArray[Any]],
    text: Mapping[str, str],
    level: int = USUAL,
) -> None:
    """Write bands of rows (h, W) or (h, W, 3) of 8 or 16 bits, which make up a picture of `size`.

    level: of Deflate, from 0 (not compressed) to 9 (smallest). Raises OSError.
    """
    height, width = size
    packer, above = zlib.compressobj(level), None
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
            if data := packer.compress(filtered.data):
                file.write(chunk(b"IDAT", data))
        file.write(chunk(b"IDAT", packer.flush()) + chunk(b"IEND", b""))
