"""The look of a kernel's cells: a colour for each sign, and letters as large as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from filterlab.gui.look.theme import Colors
from filterlab.images.palette import weight_color
from filterlab.text.lettering import Lettering, Letters, lettered

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARGIN = 2  # logical pixels at least between a number and the border of its cell
_PART = 16  # of a cell's width, which is the margin of larger cells
_LARGEST, _SMALLEST = 15, 9  # logical pixels of letters


def cell_color(value: float, largest: float, colors: Colors) -> QColor:
    """From the colour of a field at 0 to the full colour of its sign at the largest magnitude."""
    return QColor(weight_color(value, largest, colors))


def lettering(kernel: NDArray[Any], cell: QSize, font: QFont) -> Lettering | None:
    """The numbers of a kernel (height, width) in the largest letters that all fit into its cells; None if none do."""
    margin = max(MARGIN, cell.width() // _PART)
    return lettered(kernel, cell.width() - 2 * margin, cell.height(), _sizes(font))


def _sizes(font: QFont) -> list[Letters]:
    found = []
    for pixels in range(_LARGEST, _SMALLEST - 1, -1):
        metrics = QFontMetricsF(letters(font, pixels))
        found.append(Letters(pixels, metrics.height(), metrics.horizontalAdvance))
    return found


def letters(font: QFont, pixels: int) -> QFont:
    """A font in another size."""
    sized = QFont(font)
    sized.setPixelSize(pixels)
    return sized
