"""Explaining values of a graph on one picture: one at a time, as a tree, along the path of winners, by channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral
from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.explain.explanation import Explanation, most
from filterlab.functional.arrays import Array, as_float
from filterlab.graph import IMAGE, Graph
from filterlab.graph.nodes import Step
from filterlab.layers.base.terms import Arithmetic, PartialMap, Term, Where
from filterlab.run import evaluate
from filterlab.text.messages import say

MOST_TREE = 100_000  # terms of a tree, which is more than anybody reads
# Levels of a tree: growing and printing are recursive, and Python allows 1000 nested calls.
MOST_LEVELS = 200


class Explainer:
    """Explains values of one graph on one picture (C, H, W).

    maps: arrays of nodes that are known already, (C, H, W) or (features,). Others are computed once, when they are
    needed. For use by one thread at a time. Raises ParameterError for a batch.
    """

    def __init__(self, graph: Graph, picture: Any, maps: Mapping[str, Array] | None = None) -> None:
        self.pipeline = graph
        self._steps = {step.name: step for step in graph.steps}
        self._maps: dict[str, Array] = {**(maps or {}), IMAGE: single_picture(picture)}

    def map(self, name: str) -> Array:
        """The map of a node, (C, H, W) or (features,), or the picture. Raises as `Pipeline.run`."""
        if name not in self._maps:
            self.pipeline.node(name)
            self._compute(name)
        return self._maps[name]

    def _compute(self, name: str) -> None:
        # Only the nodes that lead here, as far back as maps that are known already.
        needed = {name}
        for step in reversed(self.pipeline.steps):
            if step.name in needed and step.name not in self._maps:
                needed.update(step.inputs)
        for step in self.pipeline.steps:
            if step.name in needed and step.name not in self._maps:
                inputs = tuple(self._maps[source] for source in step.inputs)
                self._maps[step.name] = evaluate.forward(step.name, step.layer, inputs, batched=False)

    def explain(self, node: str, channel: int, row: int = 0, col: int = 0) -> Explanation:
        """The explanation of a value; for a vector, `channel` is the position.

        Raises ParameterError for a position outside the map.
        """
        y = self.map(node)
        # Before indexing, where -1 would silently explain the last cell.
        check_position(node, y.shape, (channel, row, col))
        where = Where(node, channel, row, col)
        if node == IMAGE:
            value = float(y[channel, row, col])
            known = Arithmetic("Picture", (), 0.0, value, "pixel")
        else:
            # The layer knows its inputs by number only; their names are put in below.
            step = self._steps[node]
            # Sums beyond the range of the maps' dtype are infinite.
            with np.errstate(all="ignore"):
                known = step.layer.explain(self._inputs(step), y[None], channel, row, col)
            known = replace(known, terms=tuple(named(term, step) for term in known.terms))
        layer = IMAGE if node == IMAGE else self.pipeline[node].key
        return Explanation(**vars(known), where=where, layer=layer, dtype=y.dtype)

    def _inputs(self, step: Step) -> tuple[Array, ...]:
        return tuple(self.map(name)[None] for name in step.inputs)

    def tree(
        self,
        node: str,
        channel: int,
        row: int = 0,
        col: int = 0,
        depth: int | None = 1,
        top: int | None = None,
    ) -> Explanation:
        """As `explain`, with the terms explained in turn, `depth` levels in all; None goes down to the picture.

        top: of every sum, explain only this many terms further, those that matter most. Raises ParameterError where
        the tree has more than `MOST_TREE` terms or `MOST_LEVELS` levels.
        """
        if depth is not None and depth < 1:
            raise ParameterError(say("depth is {}", depth), "explain", "give 1 or more", parameter="depth")
        if top is not None and top < 1:
            raise ParameterError(say("top is {}", top), "explain", "give 1 or more", parameter="top")
        return _Growth(self, top).grown(Where(node, channel, row, col), depth)[0]

    def trail(self, node: str, channel: int, row: int = 0, col: int = 0) -> list[Where]:
        """The path of winners: from a value downwards, as long as a single cell makes it or wins.

        It begins with the value itself and ends with a pixel, a constant of the padding, or a value made of several
        cells.
        """
        path = [Where(node, channel, row, col)]
        while True:
            here = path[-1].inside
            if here is None or here.node == IMAGE:
                return path
            terms = self.explain(here.node, here.channel, here.row, here.col).terms
            leading = [term for term in terms if term.wins] if any(term.wins for term in terms) else terms
            if len(leading) != 1:
                return path
            path.append(leading[0].where)

    def partial_maps(self, node: str, channel: int) -> list[PartialMap]:
        """The map that each input channel makes alone; with the bias, they add up to the channel.

        Empty where the layer is not a sum over input channels.
        """
        if node == IMAGE:
            return []
        y = self.map(node)
        check_position(node, y.shape, (channel, 0, 0))
        step = self._steps[node]
        found = step.layer.partials(self._inputs(step), y[None], channel)
        return [PartialMap(step.inputs[part.node], *part[1:]) for part in found]


class _Growth:
    """A tree as it grows. Cells that occur several times are explained once and shared, but counted each time.

    Windows overlap, so without sharing the work would grow exponentially with the depth.
    """

    def __init__(self, explainer: Explainer, top: int | None) -> None:
        self._explainer, self._top = explainer, top
        self._known: dict[tuple[Where, int | None], tuple[Explanation, int]] = {}

    def grown(self, where: Where, depth: int | None, level: int = 1) -> tuple[Explanation, int]:
        """The explanation of a cell together with those of its terms, and the number of terms in all of them."""
        key = where, depth
        # The depth belongs to the key: the same cell carries a shorter tree further down.
        if key not in self._known:
            # Before Python's own limit, whose RecursionError would say nothing about the tree.
            if level > MOST_LEVELS:
                raise _too_much(f"{MOST_LEVELS} levels")
            found = self._explainer.explain(where.node, where.channel, where.row, where.col)
            self._known[key] = self._with_terms(found, depth, level)
        return self._known[key]

    def _with_terms(self, found: Explanation, depth: int | None, level: int) -> tuple[Explanation, int]:
        count, terms = len(found.terms), []
        _, others = most(found.terms, count if self._top is None else self._top, lambda term: term.size)
        left = {id(term) for term in others}
        for term in found.terms:
            below, more = (None, 0) if id(term) in left else self._below(term, depth, level)
            count += more
            # While it grows: a tree that is refused only when complete would have cost all its time first.
            if count > MOST_TREE:
                raise _too_much(f"{MOST_TREE:,} terms")
            terms.append(term if below is None else term._replace(explanation=below))
        return replace(found, terms=tuple(terms)), count

    def _below(self, term: Term, depth: int | None, level: int) -> tuple[Explanation | None, int]:
        cell = term.where.inside
        if depth == 1 or cell is None or cell.node == IMAGE:
            return None, 0
        return self.grown(cell, None if depth is None else depth - 1, level + 1)


def _too_much(limit: str) -> ParameterError:
    what = say("the tree has more than {}", limit)
    return ParameterError(what, "explain", "ask for a smaller depth", parameter="depth")


def explain(
    graph: Graph,
    image: Any,
    name: str,
    place: tuple[int, int, int],
    depth: int | None,
    top: int | None,
) -> Explanation:
    """See `Pipeline.explain`."""
    picture = single_picture(image)
    graph.node(name)  # the error of a wrong name comes before those of shapes
    if depth != 1:
        graph.output_shapes(picture.shape)
        return Explainer(graph, picture).tree(name, *place, depth, top)
    # The evaluator checks the shapes, and drops each map after its last reader, which the explainer would keep.
    wanted = [name, *(node for node in graph.step(name).inputs if node != IMAGE)]
    maps = evaluate.run(graph, picture, wanted)
    return Explainer(graph, picture, maps).explain(name, *place)


def single_picture(image: Any) -> Array:
    """One picture (C, H, W) of a float dtype. Raises ParameterError for a batch."""
    picture = as_float(image, "explain", "the picture")
    if picture.ndim != 3:
        raise ParameterError("a batch was given", "explain", "give one picture (C, H, W)", parameter="image")
    return picture


def check_position(name: str, shape: tuple[int, ...], position: tuple[int, int, int]) -> None:
    """Raise ParameterError for a (channel, row, column) outside a map or vector of `shape`."""
    # The features of a vector count as channels of one cell, so that one check serves both.
    shape = shape if len(shape) == 3 else (*shape, 1, 1)
    for axis, index, n in zip(("channel", "row", "column"), position, shape, strict=True):
        if not isinstance(index, Integral) or not 0 <= index < n:
            what, hint = say("there is no {} {}", axis, index), say("allowed: 0 to {}", n - 1)
            raise ParameterError(what, f"node '{name}'", hint, parameter=axis, node=name)


def named(term: Term[int], step: Step) -> Term[str]:
    """A term that a layer gave, with the name of the node in place of the number of the input."""
    where = Where(step.inputs[term.where.node], *term.where[1:])
    return Term(term.value, term.weight, term.product, where, term.tap, term.wins, term.share)
