"""Contact sheets: many maps side by side, each with its name and range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError

_BACK, _FRONT, _FAINT = (250, 250, 250), (20, 20, 20), (110, 110, 110)
_GAP, _LINE = 12, 18


@dataclass(frozen=True)
class SheetTile:
    """One picture of a sheet: uint8 pixels (H, W) or (H, W, 3), a label, and a fainter line below it."""

    pixels: NDArray[np.uint8]
    label: str
    detail: str = ""


def contact_sheet(
    tiles: Sequence[SheetTile], *, columns: int | None = None, size: int = 256
) -> NDArray[np.uint8]:
    """The tiles in rows, as RGB pixels (H, W, 3). Raises ImageError where there is none.

    size: the longest side of a tile. Larger ones are shrunk by averaging, smaller ones enlarged by whole factors, so
    that single cells stay square. columns: by default about twice as many as rows.
    """
    from PIL import Image, ImageDraw, ImageFont

    if not tiles:
        raise ImageError("there are no maps for a contact sheet", hint="name a node that has maps")
    # Twice as many columns as rows, as screens are wide and the labels make each tile taller.
    across = columns or min(len(tiles), ceil(sqrt(2 * len(tiles))))
    pictures = [_fitted(tile.pixels, size) for tile in tiles]
    width, height = max(p.width for p in pictures), max(p.height for p in pictures)
    step = width + _GAP, height + 2 * _LINE + _GAP
    rows = ceil(len(tiles) / across)
    sheet = Image.new("RGB", (across * step[0] + _GAP, rows * step[1] + _GAP), _BACK)
    draw = ImageDraw.Draw(sheet)
    fonts = ImageFont.load_default(14), ImageFont.load_default(12)
    for i, (tile, picture) in enumerate(zip(tiles, pictures, strict=True)):
        x, y = _GAP + i % across * step[0], _GAP + i // across * step[1]
        draw.text((x, y), _shortened(tile.label, fonts[0], width), _FRONT, fonts[0])
        draw.text((x, y + _LINE), _shortened(tile.detail, fonts[1], width), _FAINT, fonts[1])
        sheet.paste(picture, (x, y + 2 * _LINE))
    return np.asarray(sheet)


def _fitted(pixels: NDArray[np.uint8], size: int) -> Any:
    from PIL import Image

    image = Image.fromarray(pixels).convert("RGB")
    longest = max(image.size)
    if longest > size:
        scale = size / longest
        return image.resize(
            # BOX is the plain mean of the cells under a pixel. Bicubic and Lanczos would ring, and show edges that no
            # map has.
            (max(round(image.width * scale), 1), max(round(image.height * scale), 1)),
            Image.Resampling.BOX,
        )
    factor = size // longest
    return image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)


def _shortened(text: str, font: Any, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"
