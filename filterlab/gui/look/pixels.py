"""Turning the engine's pixels into Qt's images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray


def image_of(pixels: NDArray[Any], form: QImage.Format = QImage.Format.Format_RGB32) -> QImage:
    """An image of pixels, uint32 (H, W): 0xFFRRGGBB, or as another format of 32 bits has them."""
    height, width = pixels.shape
    # A QImage over bytes does not keep them alive; the copy has memory of its own.
    return QImage(pixels.tobytes(), width, height, 4 * width, form).copy()
