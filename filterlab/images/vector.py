"""Drawings of rectangles and words, written as SVG or as a PNG of the same layout."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

from filterlab.errors import ImageError
from filterlab.files import atomic_write
from filterlab.text.messages import say

Colour = tuple[int, int, int]

BLACK, WHITE, GREY = (20, 20, 20), (255, 255, 255), (120, 120, 120)
MOST_PIXELS = 64_000_000


@dataclass(frozen=True)
class Box:
    """A rectangle. Without a `fill` it is empty, without a `line` it has no outline."""

    x: float
    y: float
    width: float
    height: float
    fill: Colour | None = None
    line: Colour | None = None
    thickness: float = 1.0


@dataclass(frozen=True)
class Words:
    """One line of text, with the middle of its height at `y`.

    anchor: which part of the text is at `x`: "start", "middle" or "end".
    """

    x: float
    y: float
    text: str
    size: float = 12.0
    colour: Colour = BLACK
    anchor: str = "start"


@dataclass
class Drawing:
    """Shapes on white, in units of a pixel at scale 1. A drawing is as large as what has been put on it."""

    shapes: list[Box | Words] = field(default_factory=list)
    margin: float = 16.0

    def put(self, *shapes: Box | Words) -> None:
        """Add shapes, later ones over earlier ones."""
        self.shapes += shapes

    @property
    def size(self) -> tuple[float, float]:
        """(width, height), with a margin at the right and at the bottom."""
        right = max((_right(shape) for shape in self.shapes), default=0.0)
        bottom = max((_bottom(shape) for shape in self.shapes), default=0.0)
        return right + self.margin, bottom + self.margin

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
        from PIL import Image, ImageDraw

        width, height = (max(round(side * scale), 1) for side in self.size)
        if width * height > MOST_PIXELS:
            what = say("the drawing has {:,} x {:,} pixels", width, height)
            raise ImageError(what, hint="write it as .svg, or explain a smaller window")
        picture = Image.new("RGB", (width, height), WHITE)
        draw = ImageDraw.Draw(picture)
        for shape in self.shapes:
            _paint(draw, shape, scale)
        return picture

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


def text_width(text: str, size: float) -> float:
    """The width of a line of text in the font of PNGs. Viewers of SVG may have another, slightly different one."""
    return float(font(size).getlength(spelled(text)))


# Arial in both spellings: macOS writes its file with a capital, Windows without.
FONTS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "Arial.ttf",
    "arial.ttf",
    "Helvetica.ttc",
)  # with Greek and signs
_PLAIN = str.maketrans(
    {
        "×": "x", "−": "-", "·": "*", "…": "...", "Σ": "sum ", "√": "sqrt", "²": "^2", "Φ": "Phi",
        "μ": "mean", "σ": "std", "α": "alpha", "β": "beta", "γ": "gamma", "ε": "eps", "λ": "lambda",
        "ᵢ": "i", "é": "e", **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
    }
)  # fmt: skip


@lru_cache(maxsize=64)
def font(size: float) -> Any:
    """The Pillow font of a size: one of the system with mathematical signs, else Pillow's own, which has none."""
    from PIL import ImageFont

    for name in FONTS:
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
    return text if _has_signs() else text.translate(_PLAIN)


def _right(shape: Box | Words) -> float:
    if isinstance(shape, Box):
        return shape.x + shape.width
    return (
        shape.x + text_width(shape.text, shape.size) * {"start": 1.0, "middle": 0.5, "end": 0.0}[shape.anchor]
    )


def _bottom(shape: Box | Words) -> float:
    # Half the line above `y` and half below, with a fifth for letters that reach under it, as g and y do.
    return shape.y + (shape.height if isinstance(shape, Box) else shape.size * 0.7)


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _svg(shape: Box | Words) -> str:
    if isinstance(shape, Words):
        place = f'x="{shape.x:g}" y="{shape.y:g}" dominant-baseline="central" text-anchor="{shape.anchor}"'
        return f'<text {place} font-size="{shape.size:g}" fill="{_hex(shape.colour)}">{escape(shape.text)}</text>'
    fill = _hex(shape.fill) if shape.fill else "none"
    line = f' stroke="{_hex(shape.line)}" stroke-width="{shape.thickness:g}"' if shape.line else ""
    return (
        f'<rect x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" height="{shape.height:g}" '
        f'fill="{fill}"{line}/>'
    )


def _paint(draw: Any, shape: Box | Words, scale: float) -> None:
    if isinstance(shape, Words):
        anchor = {"start": "lm", "middle": "mm", "end": "rm"}[shape.anchor]
        place = shape.x * scale, shape.y * scale
        draw.text(place, spelled(shape.text), shape.colour, font(shape.size * scale), anchor=anchor)
        return
    corners = [n * scale for n in (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)]
    draw.rectangle(corners, shape.fill, shape.line, max(round(shape.thickness * scale), 1))
