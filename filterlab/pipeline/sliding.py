"""The window of a layer as it slides: the input with the window on the left, the map that fills on the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.images.display import colorize, display_range
from filterlab.images.vector import BLACK, GREY, WHITE, font, spelled
from filterlab.pipeline.explaining import IMAGE, Explainer
from filterlab.pipeline.explanation import Explanation

SIDE = 320  # pixels of the longer side of a map, about
MARGIN, LINE = 12, 20
FRAME = (230, 120, 0)
_BLANK = np.full(3, 236, np.uint8)  # values that are still to come
USUAL_FRAMES = 300
MOST_PRODUCTS = 6  # that a line holds


@dataclass(frozen=True)
class Slide:
    """Which values of a channel are visited: rows `first` up to `stop`, every `step`th row and column."""

    node: str
    channel: int
    first: int
    stop: int
    step: int
    columns: int

    @property
    def frames(self) -> int:
        """How many values that are."""
        return len(range(self.first, self.stop, self.step)) * len(range(0, self.columns, self.step))

    def positions(self) -> Iterator[tuple[int, int]]:
        """(row, column) of the values, in row order."""
        for row in range(self.first, self.stop, self.step):
            for col in range(0, self.columns, self.step):
                yield row, col


def slide(
    explainer: Explainer,
    node: str,
    channel: int,
    rows: tuple[int, int] | None = None,
    step: int | None = None,
) -> Slide:
    """The values to visit. step: left out, the least that makes at most `USUAL_FRAMES` frames.

    Raises ParameterError for a node that has no map, a channel or rows that are not there.
    """
    y = explainer.map(node)
    if y.ndim != 3 or node == IMAGE:
        what = f"{node!r} is no map that a window slides over"
        raise ParameterError(what, "animation", "name a layer that makes maps", parameter="node", node=node)
    explainer.explain(node, channel)
    first, stop = rows or (0, y.shape[1])
    if not 0 <= first < stop <= y.shape[1]:
        hint = f"legal: 0 to {y.shape[1]}, the first below the last"
        raise ParameterError(f"there are no rows {first} to {stop}", "animation", hint, parameter="rows")
    if step is not None and step < 1:
        raise ParameterError(f"step is {step}", "animation", "give 1 or more", parameter="step")
    chosen = Slide(node, channel, first, stop, step or 1, y.shape[2])
    while step is None and chosen.frames > USUAL_FRAMES:
        chosen = Slide(node, channel, first, stop, chosen.step + 1, y.shape[2])
    return chosen


class Frames:
    """The frames of a slide, uint8 (H, W, 3), all of one size."""

    def __init__(self, explainer: Explainer, chosen: Slide) -> None:
        self._explainer = explainer
        self._slide = chosen
        y = explainer.map(chosen.node)[chosen.channel]
        self._output = _Panel(_coloured(y), y.shape)
        self._inputs: dict[tuple[str, int], _Panel] = {}
        first = explainer.explain(chosen.node, chosen.channel, chosen.first, 0)
        left = self._input(first)
        self._left_width = left.width if left is not None else 0
        top = MARGIN + LINE
        height = max(self._output.height, left.height if left is not None else 0)
        self._words_top = top + height + MARGIN
        self.size = self._words_top + 3 * LINE, 3 * MARGIN + self._left_width + max(self._output.width, SIDE)

    def __iter__(self) -> Iterator[Array]:
        filled = np.zeros(self._output.shape, bool)
        for row, col in self._slide.positions():
            filled[row : row + self._slide.step, col : col + self._slide.step] = True
            yield self.frame(row, col, filled)

    def frame(self, row: int, col: int, filled: Array) -> Array:
        """One frame: the value at (row, col), and the map where it is `filled`."""
        from PIL import Image, ImageDraw

        found = self._explainer.explain(self._slide.node, self._slide.channel, row, col)
        picture = Image.new("RGB", self.size[::-1], WHITE)
        draw = ImageDraw.Draw(picture)
        top, right = MARGIN + LINE, 2 * MARGIN + self._left_width
        panel = self._input(found)
        if panel is not None:
            picture.paste(panel.image(), (MARGIN, top))
            _outline(draw, panel, _hull(found, panel.key), (MARGIN, top))
            _write(draw, MARGIN, MARGIN, panel.title, GREY)
        picture.paste(self._output.image(filled), (right, top))
        _outline(draw, self._output, (row, col, row + 1, col + 1), (right, top))
        _write(draw, right, MARGIN, f"{self._slide.node}, channel {self._slide.channel}", GREY)
        self._words(draw, found)
        return np.asarray(picture)

    def _words(self, draw: Any, found: Explanation) -> None:
        where = found.where
        head = f"{where.node}[{where.channel}, {where.row}, {where.col}] = {found.exact(found.value)}"
        lines = [(head, BLACK), (_sum_text(found), BLACK), (found.formula, GREY)]
        for i, (text, colour) in enumerate(lines):
            _write(draw, MARGIN, self._words_top + i * LINE, _fitted(text, self.size[1] - 2 * MARGIN), colour)

    def _input(self, found: Explanation) -> _Panel | None:
        """The picture in its colours, or the first channel that the window reads."""
        if not found.terms:
            return None
        node, channel = found.terms[0].where[:2]
        array = self._explainer.map(node)
        coloured = node == IMAGE and len(array) == 3
        key = (node, -1 if coloured else channel)
        if key not in self._inputs and array.ndim == 3:
            pixels = _picture(array) if coloured else _coloured(array[channel])
            title = node if coloured else f"{node}, channel {channel}"
            self._inputs[key] = _Panel(pixels, array.shape[1:], title, (node, channel))
        return self._inputs.get(key)


class _Panel:
    """A map as pixels at a size that fits the frame, and how large its cells are there."""

    def __init__(
        self, pixels: Array, shape: tuple[int, ...], title: str = "", key: tuple[str, int] = ("", 0)
    ) -> None:
        longest = max(shape)
        self.scale: float = max(SIDE // longest, 1) if longest <= SIDE else SIDE / longest
        self.pixels, self.shape, self.title, self.key = pixels, shape, title, key
        self.height, self.width = (max(round(n * self.scale), 1) for n in shape)

    def image(self, filled: Array | None = None) -> Any:
        """The map, blank where it is not filled yet."""
        from PIL import Image

        pixels = self.pixels if filled is None else np.where(filled[..., None], self.pixels, _BLANK)
        method = Image.Resampling.NEAREST if self.scale >= 1 else Image.Resampling.BOX
        return Image.fromarray(np.ascontiguousarray(pixels)).resize((self.width, self.height), method)


def _coloured(values: Array) -> Array:
    low, high = display_range(values, "auto", picture=False)
    pixels = colorize(values, low, high, "RdBu" if low < 0 else "gray")
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _picture(values: Array) -> Array:
    return colorize(values, 0.0, 1.0, "gray")


def _hull(found: Explanation, key: tuple[str, int]) -> tuple[int, int, int, int]:
    """(top, left, bottom, right) of the window on one input channel; cells in the padding lie outside."""
    cells = [term.where for term in found.terms if term.where[:2] == key]
    rows, cols = [cell.row for cell in cells], [cell.col for cell in cells]
    return min(rows), min(cols), max(rows) + 1, max(cols) + 1


def _outline(draw: Any, panel: _Panel, box: tuple[int, int, int, int], corner: tuple[int, int]) -> None:
    """A frame around cells of a map, as much of it as lies on the map or a little beyond."""
    left, top = corner
    edges = [left + box[1] * panel.scale, top + box[0] * panel.scale]
    edges += [left + box[3] * panel.scale, top + box[2] * panel.scale]
    limits = left - 4, top - 4, left + panel.width + 4, top + panel.height + 4
    x0, x1 = (min(max(e, limits[0]), limits[2]) for e in (edges[0], edges[2]))
    y0, y1 = (min(max(e, limits[1]), limits[3]) for e in (edges[1], edges[3]))
    draw.rectangle([x0 - 1, y0 - 1, max(x1, x0 + 2), max(y1, y0 + 2)], None, FRAME, 2)


def _sum_text(found: Explanation) -> str:
    """The products one by one, as many as a line may hold; the winner of a choice."""
    if found.winners:
        winner = found.winners[0].where
        return f"{found.rule} at {winner.node}[{winner.channel}, {winner.row}, {winner.col}]"
    if found.products is None:
        return found.operation
    products = [f"{term.product or 0.0:.4g}" for term in found.terms[:MOST_PRODUCTS]]
    more = f" + … ({len(found.terms)} products)" if len(found.terms) > len(products) else ""
    return " + ".join(products).replace("+ -", "− ").replace("-", "−") + more


def _fitted(text: str, width: float) -> str:
    if font(13.0).getlength(spelled(text)) <= width:
        return text
    while text and font(13.0).getlength(spelled(text + "…")) > width:
        text = text[:-1]
    return text + "…"


def _write(draw: Any, x: float, y: float, text: str, colour: tuple[int, int, int]) -> None:
    draw.text((x, y), spelled(text), colour, font(13.0))
