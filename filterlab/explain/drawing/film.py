"""The frames of a sliding window: on the left the inputs with the window, on the right the map as it fills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil, sqrt

import numpy as np

from filterlab.errors import ParameterError
from filterlab.explain.drawing.outline import place
from filterlab.explain.drawing.scene import Item, Mark, Paper, Thumb, sheet, white
from filterlab.explain.drawing.shapes import shapes
from filterlab.explain.explainer import Explainer
from filterlab.explain.explanation import Explanation, most, window_of
from filterlab.explain.sliding import Slide
from filterlab.functional.arrays import Array
from filterlab.graph.nodes import IMAGE
from filterlab.images.vector import Area, painted
from filterlab.images.views import MapView, Scale, extent_of
from filterlab.text.messages import say

SIDE = 320  # pixels of the longer side of a map, about
SHARED = 416  # pixels of all inputs together, where several stand side by side
MOST_PANELS = 36  # inputs that are shown
# Pixels; cells at least this large all have the same whole number of pixels, or they would look uneven.
EVEN = 3
MARGIN, LINE, GAP = 12, 20, 6
WINDOW, LARGEST = 9, 6  # up to 9 products are all written down; of more, the 6 largest

Key = tuple[str, int]  # node and channel


class Frames:
    """The frames of a slide, uint8 (H, W, 3), all of one size.

    channels: the input channels to show. Left out, all that the channel is made of, at most `MOST_PANELS`; a picture of
    three channels is then shown in colour. size: (height, width) in pixels. middle: the column at which the map begins
    that fills. Raises ParameterError for channels that it is not made of.
    """

    def __init__(self, explainer: Explainer, chosen: Slide, channels: Sequence[int] | None = None) -> None:
        self._explainer, self._slide, self._paper = explainer, chosen, white(0, 0, 13.0)
        read = inputs_of(explainer, chosen.node, chosen.channel)
        keys = read if channels is None else _picked(read, channels, chosen.node)
        self._inputs = _laid_out(
            _thumbs(explainer, keys[:MOST_PANELS], coloured=channels is None), self._paper
        )
        across, low = (max(getattr(item.rect, end) for item in self._inputs) for end in ("right", "bottom"))
        self.middle = across + MARGIN
        view = MapView(explainer.map(chosen.node)[chosen.channel][None])
        height, width = _size(view.size, SIDE)
        area = Area(self.middle, MARGIN + LINE, width, height)
        self._output = Item(area, kind="map", thumb=Thumb(view, 0, *_looks(view, [0])))
        below = low + (GAP if len(self._inputs) > 1 else 0)
        self._words_top = int(max(below, area.bottom)) + MARGIN
        name = f"{chosen.node}, channel {chosen.channel}"
        heads = (self._paper.elided(_heading(keys), across - MARGIN), MARGIN), (name, self.middle)
        self._headings = [self._paper.word(text, x, MARGIN, faint=True) for text, x in heads]
        # Fixed for all frames, since film formats have one size; long texts are cut instead.
        self.size = self._words_top + 3 * LINE, int(self.middle) + max(width, SIDE) + MARGIN

    def __iter__(self) -> Iterator[Array]:
        filled = np.zeros(self._explainer.map(self._slide.node).shape[1:], bool)
        for row, col in self._slide.positions():
            filled[row : row + self._slide.step, col : col + self._slide.step] = True
            yield self.frame(row, col, filled)

    def frame(self, row: int, col: int, filled: Array) -> Array:
        """One frame: the value at (row, col), and the map in the cells that are `filled` (H, W)."""
        found = self._explainer.explain(self._slide.node, self._slide.channel, row, col)
        windows: dict[tuple[object, ...], Mark] = {
            (part.node, part.channel): window_of(part.terms) for part in found.parts
        }
        items = [self._marked(item, windows.get(item.key)) for item in self._inputs]
        output = self._marked(self._output, (row, col, row + 1, col + 1), filled)
        page = sheet([*self._headings, *items, output, *self._words(found)])
        return np.asarray(painted(shapes(page, self._paper), self.size[::-1]))

    @staticmethod
    def _marked(item: Item, box: Mark | None, filled: Array | None = None) -> Item:
        if item.thumb is None:
            return item
        return replace(item, thumb=replace(item.thumb, marks=(box,) if box else (), filled=filled))

    def _words(self, found: Explanation) -> Iterator[Item]:
        head = f"{place(found.where)} = {found.exact(found.value)}"
        for i, text in enumerate((head, sum_text(found), found.formula)):
            short = self._paper.elided(text, self.size[1] - 2 * MARGIN)
            yield self._paper.word(short, MARGIN, self._words_top + i * LINE, faint=i == 2)


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


def _laid_out(thumbs: dict[Key, Thumb], paper: Paper) -> list[Item]:
    """The inputs side by side in about as many rows as columns, with a title each where there are several."""
    columns = ceil(sqrt(len(thumbs)))
    side = SIDE if columns == 1 else SHARED // columns
    sizes = [_size(thumb.view.size, side) for thumb in thumbs.values()]
    tall, wide = (max(lengths) for lengths in zip(*sizes, strict=True))
    several, head = len({node for node, _ in thumbs}) > 1, LINE if len(thumbs) > 1 else 0
    found = []
    for i, ((node, channel), thumb) in enumerate(thumbs.items()):
        left = MARGIN + i % columns * (wide + MARGIN)
        top = MARGIN + LINE + i // columns * (tall + (head + GAP if head else 0))
        if head:
            title = f"{node} {channel}" if several else f"{channel}"
            found.append(paper.word(paper.elided(title, sizes[i][1]), left, top, faint=True))
        area = Area(left, top + head, *sizes[i][::-1])
        found.append(Item(area, key=(node, channel), kind="map", thumb=thumb))
    return found


def _thumbs(explainer: Explainer, keys: list[Key], *, coloured: bool) -> dict[Key, Thumb]:
    """The inputs as small maps; those of one node share a range, so that they can be compared."""
    views = {name: MapView(explainer.map(name)) for name in dict.fromkeys(name for name, _ in keys)}
    # Three grey panels of a photograph would be three times the same motif; in colour people recognise it.
    if coloured and keys == [(IMAGE, c) for c in range(3)] and views[IMAGE].channels == 3:
        return {keys[0]: Thumb(views[IMAGE], None, Scale(0.0, 1.0, 0.0, 1.0), "gray")}
    looks = {name: _looks(view, [c for node, c in keys if node == name]) for name, view in views.items()}
    ordered = [(name, c) for name in views for node, c in keys if node == name]
    return {(name, c): Thumb(views[name], c, *looks[name]) for name, c in ordered}


def _looks(view: MapView, channels: list[int]) -> tuple[Scale, str]:
    """One range for several channels, and their colour map; symmetric about 0 where any value is negative."""
    low, high = extent_of(view.extents[channels])
    top = max(-low, high) or 1.0
    least = -top if low < 0 else 0.0
    return Scale(least, top, least, top), "RdBu" if low < 0 else "gray"


def _size(shape: tuple[int, int], side: int) -> tuple[int, int]:
    """The (height, width) in pixels at which a map is shown."""
    longest = max(shape)
    cell = side // longest
    # Whole pixels for large cells. Small ones are so many that an uneven pixel here and there is not seen.
    scale = cell if cell >= EVEN else side / longest
    return max(round(shape[0] * scale), 1), max(round(shape[1] * scale), 1)


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
