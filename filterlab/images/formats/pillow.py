"""Pillow's images: opened without its limit on their size, and turned into float32 planes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.forking import Lock
from filterlab.images.decoded import scaled

_AT_ONCE = 1 << 18  # values: they stay in the cache, and nothing as large as the picture is made on the way

_lock = Lock()
_users = 0
_limit: int | None = None


@contextmanager
def opened(source: bytes | BinaryIO, *formats: str) -> Iterator[Any]:
    """Pillow's image of a file in one of these formats, without Pillow's own limit on its pixels.

    The caller holds the size against `check_size` and `check_claim` before anything is decoded.
    """
    from PIL import Image

    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    with unlimited(), Image.open(stream, formats=formats) as image:
        yield image


@contextmanager
def unlimited() -> Iterator[None]:
    """Suspend Pillow's limit on the pixels of an image, which opening, cropping and seeking look at.

    The limit is one number for the whole process, and other code in it may rely on it. So the users are counted: if
    each thread put back what it had found, the first to leave would restore the limit under the others, and the last
    would put back the suspension as if it were the limit.
    """
    global _users, _limit
    from PIL import Image

    with _lock:
        if not _users:
            _limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                Image.MAX_IMAGE_PIXELS = _limit


def planes(image: Any) -> NDArray[np.float32]:
    """(C, H, W) in [0, 1] from an image whose bands have 8 bits. Raises NotImplementedError for others."""
    bands, (width, height) = len(image.getbands()), image.size
    values = np.empty((bands, height, width), np.float32)
    step = max(_AT_ONCE // (bands * width), 1)
    for row in range(0, height, step):
        # np.asarray of the whole image would make one more copy of all its bytes.
        pixels = np.asarray(image.crop((0, row, width, min(row + step, height))))
        if pixels.dtype != np.uint8:
            raise NotImplementedError(f"mode {image.mode}")
        part = values[:, row : row + step]
        part[...] = scaled(pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1))
    return values
