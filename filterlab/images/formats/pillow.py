"""From Pillow's images to float32 planes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import scaled

_AT_ONCE = 1 << 18  # values: they stay in the cache, and nothing as large as the picture is made on the way


def planes(image: Any) -> NDArray[np.float32]:
    """(C, H, W) in [0, 1] of an image whose bands have 8 bits."""
    bands, (width, height) = len(image.getbands()), image.size
    values = np.empty((bands, height, width), np.float32)
    step = max(_AT_ONCE // (bands * width), 1)
    for row in range(0, height, step):
        pixels = np.asarray(image.crop((0, row, width, min(row + step, height))))
        if pixels.dtype != np.uint8:
            raise NotImplementedError(f"mode {image.mode}")
        part = values[:, row : row + step]
        part[...] = scaled(pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1))
    return values
