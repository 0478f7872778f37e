"""Reading .npy files. Those with Python objects are never loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import Reading, check_page, check_size, scaled


def count_pages(file: Path) -> int:
    """One: an array is one picture."""
    return 1


def read(file: Path, alpha: bool, page: int) -> Reading:
    """The array as it is. Raises ImageError for what is no picture, and NumPy's errors for broken headers."""
    check_page(page, 1)
    try:
        # Mapped, so that a header that promises more than the file holds is found before memory is taken.
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        if "object" not in str(error):
            raise
        hint = "such files can run programs; save an array of numbers"
        raise ImageError("it holds Python objects, which are never loaded", hint=hint) from None
    check_size(*array.shape)
    if array.ndim == 4 and array.shape[0] == 1:
        array = array[0]
    if array.ndim == 2:
        array = array[None]
    if array.ndim != 3:
        hint = "give (H, W), (C, H, W) or (H, W, C)"
        raise ImageError(f"it is an array of {array.ndim} axes", hint=hint)
    return Reading(scaled(np.asarray(_channels_first(array))))


def _channels_first(array: NDArray[Any]) -> NDArray[Any]:
    """(H, W, C) is told from (C, H, W) by its short last axis and its two long ones."""
    few = (1, 3, 4)
    if array.shape[2] in few and array.shape[0] not in few and array.shape[1] > 4:
        return array.transpose(2, 0, 1)
    return array
