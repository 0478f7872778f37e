"""The frames of a sliding window: on the left the inputs with the window, on the right the map as it fills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, sqrt
from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.explain.drawing.outline import place
from filterlab.explain.explainer import Explainer
from filterlab.explain.explanation import Explanation, most, window_of
from filterlab.explain.sliding import Slide
from filterlab.functional.arrays import Array
from filterlab.graph.nodes import IMAGE
from filterlab.images.display import colorize, display_range
from filterlab.images.vector import BLACK, GREY, WHITE, font, spelled
from filterlab.text.messages import say

SIDE = 320  # pixels of the longer side of a map, about
SHARED = 416  # pixels of all inputs together, where several stand side by side
MOST_PANELS = 36  # inputs that are shown
# Pixels; cells at least this large all have the same whole number of pixels, or they would look uneven.
EVEN = 3
MARGIN, LINE, GAP = 12, 20, 6
FRAME = (230, 120, 0)
WINDOW, LARGEST = 9, 6  # up to 9 products are all written down; of more, the 6 largest
_BLANK = np.full(3, 236, np.uint8)  # the colour of values that are still to come

Key = tuple[str, int]  # node and channel


class Frames:
    """The frames of a slide, uint8 (H, W, 3), all of one size.

    channels: the input channels to show. Left out, all that the channel is made of, at most `MOST_PANELS`; a picture of
    three channels is then shown in colour. Raises ParameterError for channels that it is not made of.
    """

    def __init__(self, explainer: Explainer, chosen: Slide, channels: Sequence[int] | None = None) -> None:
        self._explainer = explainer
        self._slide = chosen
        y = explainer.map(chosen.node)[chosen.channel]
        self._output = _Panel(_coloured(y, _range([y])), y.shape, SIDE)
        read = inputs_of(explainer, chosen.node, chosen.channel)
        keys = read if channels is None else _picked(read, channels, chosen.node)
        self._left = _Inputs(explainer, keys[:MOST_PANELS], coloured=channels is None)
        self._heading = _heading(keys)
        height = LINE + max(self._output.height, self._left.height)
        self._words_top = MARGIN + height + MARGIN
        # Fixed for all frames, since film formats have one size; long texts are cut instead.
        self.size = self._words_top + 3 * LINE, 3 * MARGIN + self._left.width + max(self._output.width, SIDE)

    def __iter__(self) -> Iterator[Array]:
        filled = np.zeros(self._output.shape, bool)
        for row, col in self._slide.positions():
            filled[row : row + self._slide.step, col : col + self._slide.step] = True
            yield self.frame(row, col, filled)

    def frame(self, row: int, col: int, filled: Array) -> Array:
        """One frame: the value at (row, col), and the map in the cells that are `filled` (H, W)."""
        # Imported late, as everywhere: Pillow is loaded only where a picture is made.
        from PIL import Image, ImageDraw

        found = self._explainer.explain(self._slide.node, self._slide.channel, row, col)
        picture = Image.new("RGB", self.size[::-1], WHITE)
        draw = ImageDraw.Draw(picture)
        top, right = MARGIN + LINE, 2 * MARGIN + self._left.width
        _write(draw, MARGIN, MARGIN, _fitted(self._heading, self._left.width), GREY)
        self._left.draw(picture, draw, found, (MARGIN, top))
        _write(draw, right, MARGIN, f"{self._slide.node}, channel {self._slide.channel}", GREY)
        picture.paste(self._output.image(filled), (right, top))
        _outline(draw, self._output, (row, col, row + 1, col + 1), (right, top))
        self._words(draw, found)
        return np.asarray(picture)

    def _words(self, draw: Any, found: Explanation) -> None:
        head = f"{place(found.where)} = {found.exact(found.value)}"
        lines = [(head, BLACK), (sum_text(found), BLACK), (found.formula, GREY)]
        for i, (text, colour) in enumerate(lines):
            _write(draw, MARGIN, self._words_top + i * LINE, _fitted(text, self.size[1] - 2 * MARGIN), colour)


def inputs_of(explainer: Explainer, node: str, channel: int) -> list[Key]:
    """The input channels, as (node, channel), that a channel of a node's map is made of, each once."""
    step = explainer.pipeline.step(node)
    shapes = tuple(explainer.map(name).shape for name in step.inputs)
    # Layers answer with masks, because several channels of an output may be asked about at once.
    own = np.arange(len(explainer.map(node))) == channel
    return list(
        dict.fromkeys(
            (name, int(c))
            for number, name in enumerate(step.inputs)
            for c in np.flatnonzero(step.layer.channels_read(own, number, shapes))
        )
    )


def _picked(read: list[Key], channels: Sequence[int], node: str) -> list[Key]:
    legal = sorted({channel for _, channel in read})
    for channel in channels:
        if channel not in legal:
            what = say("it is not made of channel {} of its input", channel)
            hint = say("allowed: {}", ", ".join(map(str, legal[:MOST_PANELS]))) + ", …" * (
                len(legal) > MOST_PANELS
            )
            raise ParameterError(what, f"node '{node}'", hint, parameter="inputs", node=node)
    return [key for channel in dict.fromkeys(channels) for key in read if key[1] == channel]


def _heading(keys: list[Key]) -> str:
    """The heading above the inputs."""
    names = ", ".join(dict.fromkeys(name for name, _ in keys))
    if len(keys) == 1:
        return f"{names}, channel {keys[0][1]}"
    more = f"; the first {MOST_PANELS} are shown" if len(keys) > MOST_PANELS else ""
    return f"{names}, {len(keys)} channels{more}"


class _Inputs:
    """The inputs side by side in about as many rows as columns, each with the window on it."""

    def __init__(self, explainer: Explainer, keys: list[Key], *, coloured: bool) -> None:
        self._columns = ceil(sqrt(len(keys)))
        self._several = len({name for name, _ in keys}) > 1
        self.panels: dict[Key, _Panel] = {}
        picture = explainer.map(IMAGE)
        # Three grey panels of a photograph would be three times the same motif; in colour people recognise it.
        if coloured and keys == [(IMAGE, c) for c in range(3)] and len(picture) == 3:
            self._columns = 1
            self.panels[keys[0]] = _Panel(colorize(picture, 0.0, 1.0, "gray"), picture.shape[1:], SIDE)
        else:
            self._fill(explainer, keys)
        widths = [panel.width for panel in self.panels.values()]
        heights = [panel.height for panel in self.panels.values()]
        self._cell = max(widths) + MARGIN, max(heights) + (LINE + GAP if len(widths) > 1 else 0)
        self.width = self._columns * self._cell[0] - MARGIN
        self.height = ceil(len(widths) / self._columns) * self._cell[1]

    def _fill(self, explainer: Explainer, keys: list[Key]) -> None:
        side = SIDE if self._columns == 1 else SHARED // self._columns
        for name in dict.fromkeys(name for name, _ in keys):
            shown = {key: explainer.map(name)[key[1]] for key in keys if key[0] == name}
            limits = _range(shown.values())
            for key, values in shown.items():
                self.panels[key] = _Panel(_coloured(values, limits), values.shape, side)

    def draw(self, picture: Any, draw: Any, found: Explanation, corner: tuple[int, int]) -> None:
        """Draw the panels, and on each that the value reads, its window."""
        for i, (key, panel) in enumerate(self.panels.items()):
            row, column = divmod(i, self._columns)
            left, top = corner[0] + column * self._cell[0], corner[1] + row * self._cell[1]
            if len(self.panels) > 1:
                title = f"{key[0]} {key[1]}" if self._several else f"{key[1]}"
                _write(draw, left, top, _fitted(title, panel.width), GREY)
                top += LINE
            picture.paste(panel.image(), (left, top))
            terms = [term for term in found.terms if term.where[:2] == key]
            if terms:
                _outline(draw, panel, window_of(terms), (left, top))


class _Panel:
    """A map as pixels in a size that fits the frame. scale: pixels of a cell."""

    def __init__(self, pixels: Array, shape: tuple[int, ...], side: int) -> None:
        from PIL import Image

        longest = max(shape)
        pixels_per_cell = side // longest
        # Whole pixels for large cells. Small ones are so many that an uneven pixel here and there is not seen.
        self.scale: float = pixels_per_cell if pixels_per_cell >= EVEN else side / longest
        self.shape = shape
        self.height, self.width = (max(round(n * self.scale), 1) for n in shape)
        # Enlarged cells keep hard edges; where cells share a pixel, their mean is shown rather than one of them.
        method = Image.Resampling.NEAREST if self.scale >= 1 else Image.Resampling.BOX
        sized = Image.fromarray(np.ascontiguousarray(pixels)).resize((self.width, self.height), method)
        self._pixels = np.asarray(sized)
        # The row and the column of the cell under the middle of each pixel.
        self._rows, self._cols = (
            np.minimum((np.arange(size) + 0.5) * n / size, n - 1).astype(int)
            for size, n in ((self.height, shape[0]), (self.width, shape[1]))
        )

    def image(self, filled: Array | None = None) -> Any:
        """The map as a Pillow image, blank where it is not `filled` yet."""
        from PIL import Image

        if filled is None:
            return Image.fromarray(self._pixels)
        shown = filled[self._rows[:, None], self._cols]
        return Image.fromarray(np.where(shown[..., None], self._pixels, _BLANK))


def _range(channels: Iterable[Array]) -> tuple[float, float]:
    """One range for several channels, so that they can be compared; symmetric about 0 where any is negative."""
    # A channel that is 0 everywhere has no range, and `display_range` would give it the usual one.
    ranges = [display_range(values, "auto", picture=False) for values in channels if values.any()]
    high = max((high for _, high in ranges), default=1.0)
    return (-high if any(low < 0 for low, _ in ranges) else 0.0), high


def _coloured(values: Array, limits: tuple[float, float]) -> Array:
    """A channel (H, W) as pixels (H, W, 3)."""
    low, high = limits
    pixels = colorize(values, low, high, "RdBu" if low < 0 else "gray")
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _outline(draw: Any, panel: _Panel, box: tuple[int, int, int, int], corner: tuple[int, int]) -> None:
    """Draw a frame around cells of a map, cut off a little beyond the map."""
    left, top = corner
    edges = [left + box[1] * panel.scale, top + box[0] * panel.scale]
    edges += [left + box[3] * panel.scale, top + box[2] * panel.scale]
    # Windows reach into the padding by any number of cells; four pixels are enough to say so.
    limits = left - 4, top - 4, left + panel.width + 4, top + panel.height + 4
    x0, x1 = (min(max(e, limits[0]), limits[2]) for e in (edges[0], edges[2]))
    y0, y1 = (min(max(e, limits[1]), limits[3]) for e in (edges[1], edges[3]))
    # At least three pixels wide, or the window would vanish on a map of many small cells.
    draw.rectangle([x0 - 1, y0 - 1, max(x1, x0 + 2), max(y1, y0 + 2)], None, FRAME, 2)


def sum_text(found: Explanation) -> str:
    """The products as a sum, of many only the largest; for a choice its winner; else the name of the operation."""
    if found.winners:
        return f"{found.rule} at {place(found.winners[0].where)}"
    if found.products is None or not found.terms:
        return found.operation
    count = len(found.terms) if len(found.terms) <= WINDOW else LARGEST
    terms, others = most(found.terms, count, lambda term: term.size)
    text = " + ".join(f"{term.product or 0.0:.4g}" for term in terms).replace("+ -", "− ").replace("-", "−")
    return f"{text} + … (the largest of {len(found.terms)} products)" if others else text


def _fitted(text: str, width: float) -> str:
    if font(13.0).getlength(spelled(text)) <= width:
        return text
    # Measured in pixels, letter by letter: the font is proportional, so counting letters would not do.
    while text and font(13.0).getlength(spelled(text + "…")) > width:
        text = text[:-1]
    return text + "…"


def _write(draw: Any, x: float, y: float, text: str, colour: tuple[int, int, int]) -> None:
    draw.text((x, y), spelled(text), colour, font(13.0))
