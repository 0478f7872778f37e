"""Drawings of rectangles, lines, pictures and words, written as SVG or as a PNG of the same layout."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.files import atomic_write
from filterlab.text.messages import say

# As in `palette`: "#rrggbb", or "#rrggbbaa" where what lies below it shows through.
Colour = str
Point = tuple[float, float]

WHITE = "#ffffff"
MOST_PIXELS = 64_000_000


@dataclass(frozen=True)
class Area:
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The y of its lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> Point:
        """(x, y) of its middle."""
        return self.left + self.width / 2, self.top + self.height / 2

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def moved(self, x: float, y: float) -> Area:
        """The same rectangle, moved by (x, y)."""
        return Area(self.left + x, self.top + y, self.width, self.height)

    def shrunk(self, by: float) -> Area:
        """The rectangle inside it whose edges are `by` away from its own; around it where that is negative."""
        return Area(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True)
class Box:
    """A rectangle. Without a `fill` it is empty, without a `line` it has no outline."""

    area: Area
    fill: Colour = ""
    line: Colour = ""
    thickness: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """A straight line from one point to another."""

    start: Point
    stop: Point
    colour: Colour
    thickness: float = 1.0


@dataclass(frozen=True)
class Raster:
    """A picture in a rectangle. pixels: 0xFFRRGGBB, uint32 (H, W), in the height and width that it is asked for."""

    area: Area
    pixels: Callable[[int, int], NDArray[np.uint32]]


@dataclass(frozen=True)
class Words:
    """One line of text, with the middle of its height at `y`. It begins at `x`, or is centred there."""

    x: float
    y: float
    text: str
    size: float
    colour: Colour
    bold: bool = False
    centred: bool = False


Shape = Box | Stroke | Raster | Words


@dataclass(frozen=True)
class Drawing:
    """Shapes on white, later ones over earlier ones. size: (width, height), in units of a pixel at scale 1."""

    shapes: Sequence[Shape]
    size: Point

    def svg(self) -> str:
        """The drawing as an SVG document."""
        width, height = self.size
        body = "\n".join(_svg(shape) for shape in self.shapes)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif">\n'
            f'<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n'
        )

    def image(self, scale: float = 2.0) -> Any:
        """The drawing as a Pillow image in RGB. Raises ImageError where it would be too large."""
        width, height = (max(round(side * scale), 1) for side in self.size)
        if width * height > MOST_PIXELS:
            what = say("the drawing has {:,} x {:,} pixels", width, height)
            raise ImageError(what, hint="write it as .svg, or explain a smaller window")
        return painted(self.shapes, (width, height), scale)

    def write(self, path: str | Path, *, overwrite: bool = True) -> None:
        """Write the drawing as .svg or .png, whole or not at all. Raises ImageError, FileError."""
        target = Path(path)
        if target.suffix.lower() not in (".svg", ".png"):
            raise ImageError(
                say("the suffix {!r} is not known", target.suffix), str(target), "allowed: .svg, .png"
            )
        if target.suffix.lower() == ".svg":
            encoded = self.svg().encode()
        else:
            stream = io.BytesIO()
            self.image().save(stream, "PNG")
            encoded = stream.getvalue()
        with atomic_write(target, overwrite=overwrite) as temporary:
            temporary.write_bytes(encoded)


def painted(shapes: Iterable[Shape], size: tuple[int, int], scale: float = 1.0) -> Any:
    """Shapes on white as a Pillow image in RGB. size: (width, height) in pixels."""
    # Imported late, as everywhere: Pillow is loaded only where a picture is made.
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", size, WHITE)
    # In this mode colours with an alpha are mixed with what is below them.
    draw = ImageDraw.Draw(picture, "RGBA")
    for shape in shapes:
        if isinstance(shape, Raster):
            corner = round(shape.area.left * scale), round(shape.area.top * scale)
            picture.paste(_picture(shape, scale), corner)
        else:
            _paint(draw, shape, scale)
    return picture


def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of a line of text in the font of PNGs. Viewers of SVG may have another, slightly different one."""
    return float(font(size, bold).getlength(spelled(text)))


# Arial in both spellings: macOS writes its file with a capital, Windows without.
FONTS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "Arial.ttf",
    "arial.ttf",
    "Helvetica.ttc",
)  # with Greek and signs
BOLD = ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf")
_PLAIN = str.maketrans(
    {
        "×": "x", "−": "-", "·": "*", "…": "...", "Σ": "sum ", "√": "sqrt", "Φ": "Phi", "→": "->",
        "◂": "<", "“": '"', "”": '"', "⁻": "-", **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)),
        "μ": "mean", "σ": "std", "α": "alpha", "β": "beta", "γ": "gamma", "ε": "eps", "λ": "lambda",
        "ᵢ": "i", "é": "e", **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
    }
)  # fmt: skip
_POWERS = re.compile("[⁻⁰¹²³⁴-⁹]+")


@lru_cache(maxsize=64)
def font(size: float, bold: bool = False) -> Any:
    """The Pillow font of a size: one of the system with mathematical signs, else Pillow's own, which has none."""
    from PIL import ImageFont

    for name in (*(BOLD if bold else ()), *FONTS):
        # A font that is missing; which ones a system has can only be found by trying.
        with suppress(OSError):
            return ImageFont.truetype(name, size)
    return ImageFont.load_default(size)


@cache
def _has_signs() -> bool:
    return str(getattr(font(12.0), "path", "")).endswith(FONTS)


def spelled(text: str) -> str:
    """A text spelled with characters that the font has."""
    # Pillow's own font shows a box for each sign that it lacks, which says less than a spelled-out word.
    return text if _has_signs() else _POWERS.sub(r"^\g<0>", text).translate(_PLAIN)


def _svg(shape: Shape) -> str:
    if isinstance(shape, Words):
        anchor = "middle" if shape.centred else "start"
        place = f'x="{shape.x:g}" y="{shape.y:g}" dominant-baseline="central" text-anchor="{anchor}"'
        weight = ' font-weight="bold"' if shape.bold else ""
        style = f'font-size="{shape.size:g}"{weight}{_ink("fill", shape.colour)}'
        return f"<text {place} {style}>{escape(shape.text)}</text>"
    if isinstance(shape, Stroke):
        (x1, y1), (x2, y2) = shape.start, shape.stop
        style = f'stroke-width="{shape.thickness:g}"{_ink("stroke", shape.colour)}'
        return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" {style}/>'
    area = shape.area
    place = f'x="{area.left:g}" y="{area.top:g}" width="{area.width:g}" height="{area.height:g}"'
    if isinstance(shape, Raster):
        stream = io.BytesIO()
        _picture(shape, 2.0).save(stream, "PNG")
        return f'<image {place} href="data:image/png;base64,{b64encode(stream.getvalue()).decode()}"/>'
    line = f'{_ink("stroke", shape.line)} stroke-width="{shape.thickness:g}"' if shape.line else ""
    return f"<rect {place}{_ink('fill', shape.fill or 'none')}{line}/>"


def _ink(name: str, colour: Colour) -> str:
    # Not every viewer of SVG knows colours of eight digits.
    opacity = f' {name}-opacity="{int(colour[7:], 16) / 255:.2g}"' if len(colour) > 7 else ""
    return f' {name}="{colour[:7]}"{opacity}'


def _picture(shape: Raster, scale: float) -> Any:
    from PIL import Image

    pixels = shape.pixels(*(max(round(n * scale), 1) for n in (shape.area.height, shape.area.width)))
    # The bytes of 0xFFRRGGBB, the lowest first, are blue, green, red and one that is not needed.
    return Image.frombytes("RGB", pixels.shape[::-1], pixels.astype("<u4").tobytes(), "raw", "BGRX")


def _paint(draw: Any, shape: Box | Stroke | Words, scale: float) -> None:
    if isinstance(shape, Words):
        place, letters = (shape.x * scale, shape.y * scale), font(shape.size * scale, shape.bold)
        anchor = "mm" if shape.centred else "lm"
        draw.text(place, spelled(shape.text), shape.colour, letters, anchor=anchor)
        return
    width = max(round(shape.thickness * scale), 1)
    if isinstance(shape, Stroke):
        draw.line([n * scale for n in (*shape.start, *shape.stop)], shape.colour, width)
        return
    # Pillow draws outlines inside a rectangle, and all others draw them along its edges.
    area = shape.area.shrunk((1 - width) / 2 / scale if shape.line else 0)
    corners = [n * scale for n in (area.left, area.top, area.right, area.bottom)]
    draw.rectangle(corners, shape.fill or None, shape.line or None, width)
