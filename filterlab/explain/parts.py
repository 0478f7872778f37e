"""Explaining values of a picture that is larger than memory: each from the part of the picture that it sees."""

from __future__ import annotations

from dataclasses import replace

from filterlab.errors import ParameterError
from filterlab.explain.explainer import Explainer, check_position, named
from filterlab.explain.explanation import Explanation
from filterlab.explain.way import look_back
from filterlab.fields import patches
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE, Graph
from filterlab.graph.editing import ancestors
from filterlab.layers.base.terms import Arithmetic, PartialMap, Term, Where
from filterlab.run.tiling.ends import PartSource


class PartExplainer(Explainer):
    """Explains values of one graph on a picture that is read in parts. No map of it is ever whole."""

    def __init__(self, graph: Graph, source: PartSource) -> None:
        # Not the base class's, which takes the picture as an array.
        self.pipeline = graph
        self._steps = {step.name: step for step in graph.steps}
        self._source = source

    def map(self, name: str) -> Array:
        """Raises ParameterError: what needs a whole map cannot be told about this picture."""
        raise ParameterError("its map is larger than memory", "explain", "use a smaller picture", node=name)

    def partial_maps(self, node: str, channel: int) -> list[PartialMap]:
        """None: they would be as large as the map."""
        return []

    def explain(self, node: str, channel: int, row: int = 0, col: int = 0) -> Explanation:
        """As `Explainer.explain`: rows and columns are those of the whole maps."""
        place, where = (channel, row, col), Where(node, channel, row, col)
        if node == IMAGE:
            check_position(node, tuple(self._source.shape), place)
            pixel = self._source.read((row, row + 1), (col, col + 1))
            known = Arithmetic("Picture", (), 0.0, float(pixel[channel, 0, 0]), "pixel")
            return Explanation(**vars(known), where=where, layer=IMAGE, dtype=pixel.dtype)
        # Only what leads to the node: others may not fit, or need more than a part.
        needed = ancestors(self.pipeline, [node]) | {node}
        graph = Graph(each for each in self.pipeline.nodes if each.name in needed)
        way, step = look_back(graph, self._source, node, place), self._steps[node]
        inputs, sizes = way.inputs(step)
        found, origin = patches.explain(step, inputs, way.made[node], sizes, place)
        terms = tuple(named(_moved(term, origin), step) for term in found.terms)
        known, dtype = replace(found, terms=terms), way.made[node].array.dtype
        return Explanation(**vars(known), where=where, layer=self.pipeline[node].key, dtype=dtype)


def _moved(term: Term[int], origin: tuple[int, int]) -> Term[int]:
    """A term of a part that begins at this row and column, with those of the whole."""
    (top, left), at = origin, term.where
    source = None if at.source is None else (at.source[0] + top, at.source[1] + left)
    return term._replace(where=at._replace(row=at.row + top, col=at.col + left, source=source))
