"""An explanation as a diagram: patch times kernel of each input channel, the products, and the sum of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from filterlab.explain.drawing.outline import place
from filterlab.explain.explanation import Explanation, PartialSum, most
from filterlab.functional.arrays import Array
from filterlab.images.display import colorize
from filterlab.images.vector import BLACK, GREY, WHITE, Box, Colour, Drawing, Words, text_width
from filterlab.layers.base.terms import Term, size_of, sum_exactly
from filterlab.text.messages import count
from filterlab.text.numbers import brief
from filterlab.text.tally import tally

CELL, NARROW = 46.0, 8.0  # side of a cell with a number in it, and without
MOST_NUMBERED = 11  # rows or columns of a window whose cells hold numbers
# Rows or columns of a window that is drawn; of larger ones the most important terms are listed.
MOST_DRAWN = 48
# Channels that are drawn, and a third of the terms that are listed; the others become one line.
MOST_ROWS = 8
LINE, GAP = 20.0, 14.0
WINNER = (230, 120, 0)


def diagram(found: Explanation) -> Drawing:
    """The drawing of one explanation: a title, the formula, the windows or a list of terms, and the sum."""
    drawing = Drawing()
    x, y = drawing.margin, drawing.margin + LINE / 2
    drawing.put(Words(x, y, f"{place(found.where)} = {found.exact(found.value)}", 16))
    drawing.put(Words(x, y + LINE, f"{found.layer}: {found.operation}", 12, GREY))
    drawing.put(Words(x, y + 2 * LINE, found.formula, 12))
    y += 3 * LINE
    y = _windows(drawing, found, x, y) if _gridded(found) else _list(drawing, found, x, y)
    _sum(drawing, found, x, y + LINE / 2)
    return drawing


def _gridded(found: Explanation) -> bool:
    """Return whether the terms lie in windows that are small enough to be drawn."""
    sides = [max(term.tap, default=0) + 1 if term.tap else 0 for term in found.terms]
    return bool(sides) and min(sides) > 0 and max(sides) <= MOST_DRAWN


def _channels(found: Explanation) -> tuple[list[PartialSum], list[PartialSum]]:
    """The channels that are drawn, those that contribute most, and the others."""
    return most(found.parts, MOST_ROWS, lambda part: size_of(part.value))


def _windows(drawing: Drawing, found: Explanation, x: float, y: float) -> float:
    """Draw patch, kernel and products of each channel, one below the other. Returns the y where they end."""
    # One range for all channels, so that equal colours mean equal numbers across the windows.
    ranges = [_range(term.value for term in found.terms), _range(term.weight for term in found.terms)]
    ranges.append(_range(term.product for term in found.terms))
    drawn, others = _channels(found)
    for part in drawn:
        drawing.put(Words(x, y, f"{part.node}, channel {part.channel}", 12, GREY))
        y = _window(drawing, found, part, x, y + LINE * 0.7, ranges) + GAP
    if others:
        rest = sum_exactly(part.value or 0.0 for part in others)
        words = count(len(others), "{} other channel: {}", "{} other channels: {}", brief(rest, 6))
        drawing.put(Words(x, y, words, 12, GREY))
        y += LINE
    return y


def _window(
    drawing: Drawing, found: Explanation, part: PartialSum, x: float, y: float, ranges: list[float]
) -> float:
    taps = [term.tap or (0, 0) for term in part.terms]
    rows, cols = max(u for u, _ in taps) + 1, max(v for _, v in taps) + 1
    # Numbers in a large window would make it wider than a page; colours alone still show its pattern.
    cell = CELL if max(rows, cols) <= MOST_NUMBERED else NARROW
    grids: list[tuple[str, str, int]] = [("", "value", 0)]
    if found.rule == "sum":
        grids += [("×", "weight", 1), ("=", "product", 2)]
    middle = y + rows * cell / 2
    for sign, name, which in grids:
        if sign:
            drawing.put(Words(x + GAP, middle, sign, 18, BLACK, "middle"))
            x += 2 * GAP
        colours = _colours(
            [getattr(term, name) for term in part.terms], ranges[which], "PuOr" if which == 1 else "RdBu"
        )
        for term, (u, v), colour in zip(part.terms, taps, colours, strict=True):
            _cell(drawing, term, getattr(term, name), (x + v * cell, y + u * cell), cell, colour)
        x += cols * cell
    if found.rule == "sum":
        drawing.put(Words(x + GAP, middle, f"Σ {brief(part.value or 0.0, 6)}", 14))
    return y + rows * cell


def _range(numbers: object) -> float:
    found = [abs(n) for n in numbers if n is not None and np.isfinite(n)]  # type: ignore[attr-defined]
    # A window of zeros has no range, and colours cannot be scaled to an empty one.
    return max(found, default=0.0) or 1.0


def _colours(numbers: Sequence[float | None], most: float, colormap: str) -> Array:
    values = np.array([[0.0 if n is None else n for n in numbers]])
    return colorize(values, -most, most, colormap)[0]


def _cell(
    drawing: Drawing,
    term: Term,
    number: float | None,
    corner: tuple[float, float],
    size: float,
    colour: Array,
) -> None:
    fill: Colour = (int(colour[0]), int(colour[1]), int(colour[2]))
    line = GREY if size == CELL else None
    drawing.put(Box(*corner, size, size, fill, line))
    # Inside the first frame, so that a neighbour that is drawn later cannot cover it.
    if term.where.padding and size == CELL:
        drawing.put(Box(corner[0] + 3, corner[1] + 3, size - 6, size - 6, None, GREY))
    if term.wins:
        drawing.put(Box(corner[0] + 1, corner[1] + 1, size - 2, size - 2, None, WINNER, 3))
    if size == CELL and number is not None:
        # The luma of ITU-R BT.601 decides between white and black figures.
        dark = 0.299 * fill[0] + 0.587 * fill[1] + 0.114 * fill[2] < 128
        text = brief(number, 4)
        # Numbers that are wider than the cell get smaller letters.
        words = min(11.0, 11.0 * (size - 6) / max(text_width(text, 11), 1.0))
        middle = corner[0] + size / 2, corner[1] + size / 2
        drawing.put(Words(*middle, text, words, WHITE if dark else BLACK, "middle"))


def _list(drawing: Drawing, found: Explanation, x: float, y: float) -> float:
    """Draw a list of the terms that matter most. Returns the y where it ends."""
    shown, others = most(found.terms, 3 * MOST_ROWS, lambda term: term.size)
    for term in shown:
        drawing.put(Words(x, y, place(term.where), 12, GREY), Words(x + 220, y, _term(found, term), 12))
        y += LINE
    if others:
        drawing.put(Words(x, y, count(len(others), "{} other term", "{} other terms"), 12, GREY))
        y += LINE
    return y


def _term(found: Explanation, term: Term) -> str:
    value = found.exact(term.value)
    if term.wins:
        return f"{value}  wins"
    if term.weight is not None and term.product is not None and term.wins is None:
        return f"{value} × {found.exact(term.weight)} = {brief(term.product, 7)}"
    return value if term.share is None else f"{value}  adds {brief(term.share, 7)}"


def _sum(drawing: Drawing, found: Explanation, x: float, y: float) -> None:
    """Draw the last line: the contributions of the channels, the bias and the value, in digits that add up."""
    if found.rule != "sum" or not found.terms:
        return
    drawn, others = _channels(found)
    amounts = [part.value or 0.0 for part in drawn]
    names = [f"{part.node}[{part.channel}]" for part in drawn]
    if others:
        amounts.append(sum_exactly(part.value or 0.0 for part in others))
        names.append(count(len(others), "{} other", "{} others"))
    figures = tally([*amounts, found.bias], found.value)
    power = f" (times 10^{figures.scale})" if figures.scale else ""
    sides = [f"{text} ({name})" for text, name in zip(figures.amounts, [*names, "bias"], strict=True)]
    # Left out of the line only: it is 0 there, so that the others add up without it.
    if not found.bias:
        del sides[-1]
    drawing.put(Words(x, y, f"{' + '.join(sides)} = {figures.total}{power}", 14))
