"""A sliding window: the values of a channel that an animation visits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from filterlab.errors import ParameterError
from filterlab.explain.explainer import Explainer
from filterlab.graph.nodes import IMAGE
from filterlab.text.messages import say

USUAL_FRAMES = 300  # half a minute at the usual 10 frames a second


@dataclass(frozen=True)
class Slide:
    """The values of a channel that are visited: in rows `first` to `stop` - 1, every `step`th row and column."""

    node: str
    channel: int
    first: int
    stop: int
    step: int
    columns: int

    @property
    def frames(self) -> int:
        """The number of values visited, each of which makes a frame."""
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
    """The values to visit.

    rows: half-open; left out, all. step: left out, the smallest that gives at most `USUAL_FRAMES` frames. Raises
    ParameterError for a node without a map, and for a channel or rows that do not exist.
    """
    y = explainer.map(node)
    # A vector has no rows to slide over, and the pixels of the picture are made by nothing.
    if y.ndim != 3 or node == IMAGE:
        what = say("{!r} is not a map that a window slides over", node)
        raise ParameterError(what, "animation", "name a layer that makes maps", parameter="node", node=node)
    explainer.explain(node, channel)  # raises for a channel that does not exist
    first, stop = rows or (0, y.shape[1])
    if not 0 <= first < stop <= y.shape[1]:
        hint = say("allowed: 0 to {}, the first below the last", y.shape[1])
        raise ParameterError(
            say("there are no rows {} to {}", first, stop), "animation", hint, parameter="rows"
        )
    if step is not None and step < 1:
        raise ParameterError(say("step is {}", step), "animation", "give 1 or more", parameter="step")
    chosen = Slide(node, channel, first, stop, step or 1, y.shape[2])
    # Tried one after the other: rounding at the edges makes a closed formula harder than the few turns.
    while step is None and chosen.frames > USUAL_FRAMES:
        chosen = Slide(node, channel, first, stop, chosen.step + 1, y.shape[2])
    return chosen
