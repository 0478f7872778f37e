"""Reading BMP files, with Pillow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import Reading, check_claim, check_page, check_size, split_alpha
from filterlab.images.formats.pillow import opened, planes

_PIXELS_PER_BYTE = 255  # two bytes of a compressed line stand for that many at most


def count_pages(file: Path) -> int:
    """A BMP file holds one picture."""
    return 1


def read(file: Path, alpha: bool, page: int) -> Reading:
    """The picture, as grey where its palette is. Raises ImageError, and Pillow's errors."""
    check_page(page, 1)
    # From a path, Pillow would map the file, and the program would end if somebody cut it meanwhile.
    with file.open("rb") as stream, opened(stream, "BMP", "DIB") as image:
        check_size(len(image.getbands()), image.height, image.width)
        check_claim(image.height, image.width, file.stat().st_size, _PIXELS_PER_BYTE)
        return Reading(_planes(image, alpha))


def _planes(image: Any, alpha: bool) -> NDArray[np.float32]:
    """(C, H, W) of a Pillow image of the modes that BMP has."""
    # Each picture has the channels that its palette needs, whatever the mode that it is stored in.
    if image.mode == "P":
        greys = not np.ptp(np.reshape(image.getpalette("RGB"), (-1, 3)), axis=1).any()
        image = image.convert("L" if greys else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    values = planes(image)
    return split_alpha(values, alpha) if len(values) == 4 else values
