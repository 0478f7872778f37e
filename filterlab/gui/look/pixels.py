"""From the engine's pixels to Qt's images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray


def image_of(pixels: NDArray[Any]) -> QImage:
    """An image of pixels 0xFFRRGGBB, uint32 (H, W)."""
    height, width = pixels.shape
    # A QImage over bytes does not keep them alive; the copy has memory of its own.
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()
