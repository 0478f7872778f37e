"""The objective of learning: the loss of a graph as a function of its trained weights, and its gradient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from filterlab.errors import Cancelled, ParameterError, ShapeError
from filterlab.functional import losses
from filterlab.functional.arrays import Array, as_float, shape_text
from filterlab.functional.threads import Cancel, cancellable, single_threaded_blas
from filterlab.graph import Graph
from filterlab.graph.editing import ancestors
from filterlab.graph.nodes import IMAGE, Step, at_node
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Shape
from filterlab.learning.descent.gradient import walk_back
from filterlab.learning.descent.samples import SampleBlock, stacked
from filterlab.learning.starts import trainable_nodes
from filterlab.text.messages import say

Key = tuple[str, str]  # node, parameter
Values = dict[Key, Array]
Pairs = Iterable[tuple[Any, Any]]

LONG = 1 << 26  # multiply-adds of a step, above which it must be possible to cancel within the step
PER_CELL = 16  # multiply-adds that each value of a map is estimated to cost besides

# Name -> (function of functional.losses, its reduction).
LOSSES = {
    "sse": ("mse_loss", "sum"),
    "mse": ("mse_loss", "mean"),
    "l1": ("l1_loss", "mean"),
    "cross_entropy": ("cross_entropy", "mean"),
}


class Objective:
    """Checked pairs, trained parameters, and the loss with its gradients.

    start: the initial values. planes: those of them that are kernels of height and width. Arguments, and the errors
    that are raised for wrong ones, are those of `learn`.
    """

    def __init__(
        self, graph: Graph, pairs: Pairs, nodes: Iterable[str] | None, loss: str, output: str | None
    ) -> None:
        if loss not in LOSSES:
            what = say("there is no loss {!r}", loss)
            raise ParameterError(what, "learn", say("one of {}", ", ".join(LOSSES)), parameter="loss")
        self.pipeline, self.loss = graph, loss
        self.output = _output(graph, output)
        self.start = _trained(graph, nodes, self.output)
        self.planes = [key for key in self.start if _is_plane(graph, *key)]
        # The precision of the weights decides, so that float64 weights are learned in float64.
        self.dtype = np.result_type(*self.start.values())
        self._plan()
        self.blocks = stacked([self._pair(*pair) for pair in _pairs(pairs)])
        self._work: dict[Shape, int] = {}

    def _plan(self) -> None:
        """The steps that lead to the output, and the maps that depend on a trained node."""
        needed = {self.output, *ancestors(self.pipeline, [self.output])}
        self._steps = [step for step in self.pipeline.steps if step.name in needed]
        trained = {node for node, _ in self.start}
        # Only maps between a trained node and the output need gradients; the rest of the walk back is skipped.
        self._moving: set[str] = set()
        for step in self._steps:
            if step.name in trained or self._moving.intersection(step.inputs):
                self._moving.add(step.name)

    def _pair(self, picture: Any, target: Any) -> tuple[Array, Array, bool]:
        """Picture and target with a batch axis, and whether they were given with one."""
        x = _finite(picture, "picture").astype(self.dtype, copy=False)
        batched = x.ndim == 4
        x = x if batched else x[None]
        if len(x) == 0:
            raise ShapeError("the batch holds no picture", "learn", parameter="pairs")
        shape = (len(x), *self.pipeline.output_shapes(x.shape[1:])[self.output])
        if self.loss == "cross_entropy":
            classes = np.atleast_1d(np.asarray(target))
            losses.cross_entropy(np.zeros(shape), classes)  # raises if the classes are wrong
            return x, classes, batched
        y = _finite(target, "target").astype(self.dtype, copy=False)
        wanted = shape if batched else shape[1:]
        if y.shape != wanted:
            what = say("the target has shape {}, the output {}", shape_text(y.shape), shape_text(wanted))
            hint = say('let them agree: crop the target, or pad the layers ("same")')
            raise ShapeError(what, "learn", hint, parameter="target")
        return x, y.reshape(shape), batched

    def with_values(self, values: Mapping[Key, Array]) -> Graph:
        """The graph with these parameters."""
        layers = {name: self.pipeline[name].replace(**own) for name, own in _by_node(values).items()}
        return self.pipeline.with_layers(layers)

    def loss_and_gradients(
        self, values: Values, blocks: Sequence[SampleBlock] | None = None, cancel: Cancel | None = None
    ) -> tuple[float, Values]:
        """The loss over all blocks, or those given, and its gradient for every trained parameter."""
        chosen = self.blocks if blocks is None else blocks
        steps = self._with(values)
        whole = 1.0 if self.loss == "sse" else sum(block.share for block in chosen)
        total, slopes = 0.0, {key: np.zeros_like(value) for key, value in values.items()}
        # Small steps end at once, so they need not be cancellable, and BLAS is limited once, not in every layer.
        hook = cancel if sum(map(self._cost, chosen)) > LONG else None
        with single_threaded_blas() if hook is None else cancellable(hook):
            for block in chosen:
                share = 1.0 if self.loss == "sse" else block.share / whole
                total += share * self._add_gradients(steps, block, share, slopes, hook)
        return total, slopes

    def _cost(self, block: SampleBlock) -> int:
        """An estimate of the multiply-adds that the outputs of a block take."""
        # All steps see pictures of a few sizes, so the cost of each size is worked out once.
        shape = block.x.shape[1:]
        if shape not in self._work:
            shapes = {IMAGE: shape, **self.pipeline.output_shapes(shape)}
            self._work[shape] = sum(
                step.layer.macs(tuple(shapes[name] for name in step.inputs), shapes[step.name])
                + PER_CELL * prod(shapes[step.name])
                for step in self._steps
            )
        return len(block.x) * self._work[shape]

    def _with(self, values: Mapping[Key, Array]) -> list[Step]:
        arrays = _by_node(values)
        return [
            replace(step, layer=step.layer.with_arrays(arrays[step.name])) if step.name in arrays else step
            for step in self._steps
        ]

    def _add_gradients(
        self, steps: Sequence[Step], block: SampleBlock, share: float, slopes: Values, cancel: Cancel | None
    ) -> float:
        maps = {IMAGE: block.x}
        for step in _until(cancel, steps):
            with at_node(step.name):
                maps[step.name] = step.layer.forward(*(maps[name] for name in step.inputs))
        value, seed = self._compare(maps[self.output], block)
        back, trained = _until(cancel, steps[::-1]), {node for node, _ in slopes}
        found = walk_back(back, maps, {self.output: seed}, self._moving, trained)[1]
        for node, name in slopes:
            # A share of 1 is not multiplied, which would copy every gradient.
            if name in found.get(node, {}):
                slope = found[node][name]
                slopes[node, name] += slope if share == 1 else slope * slope.dtype.type(share)
        return value

    def _compare(self, y: Array, block: SampleBlock) -> tuple[float, Array]:
        """The loss of an output, and its gradient with respect to the output."""
        function, reduction = LOSSES[self.loss]
        seen = y if block.inside is None else y[:, :, *block.inside]
        value = float(getattr(losses, function)(seen, block.y, reduction))
        seed = getattr(losses, f"{function}_backward")(seen, block.y, reduction)
        if block.inside is not None:
            # Outputs outside see pixels beyond the crop, so they have no part in the loss.
            seed, part = np.zeros_like(y), seed
            seed[:, :, *block.inside] = part
        return value, seed


def _until(cancel: Cancel | None, steps: Sequence[Step]) -> Iterator[Step]:
    """The steps, with Cancelled raised between two of them once `cancel` says so."""
    for step in steps:
        if cancel is not None and cancel():
            raise Cancelled("stopped")
        yield step


def _by_node(values: Mapping[Key, Array]) -> dict[str, dict[str, Array]]:
    found: dict[str, dict[str, Array]] = {}
    for (node, parameter), value in values.items():
        found.setdefault(node, {})[parameter] = value
    return found


def _output(graph: Graph, name: str | None) -> str:
    """The node that is compared with the target; the last where none is named."""
    if name is not None:
        return graph.node(name).name
    if not graph.steps:
        raise ParameterError("the pipeline is empty", "learn", "add a Conv2d", parameter="nodes")
    return graph.steps[-1].name


def _pairs(pairs: Pairs) -> list[tuple[Any, Any]]:
    """The pairs as a list. Raises ParameterError for anything else."""
    hint = say("give [(picture, target)]")
    # An array would be taken apart into rows, which may look like pairs.
    found = [] if isinstance(pairs, np.ndarray) or not isinstance(pairs, Iterable) else list(pairs)
    if not found:
        raise ParameterError("there is nothing to learn from", "learn", hint, parameter="pairs")
    for pair in found:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            what = say("{} was given instead of a pair of picture and target", type(pair).__name__)
            raise ParameterError(what, "learn", hint, parameter="pairs")
    return [(picture, target) for picture, target in found]


def _finite(numbers: Any, name: str) -> Array:
    array = as_float(numbers, "learn", name)
    if not np.isfinite(array).all():
        what = say("the {} holds NaN or infinity", name)
        raise ParameterError(what, "learn", "replace them first", parameter=name)
    return array


def _trained(graph: Graph, nodes: Iterable[str] | None, output: str) -> Values:
    """The weights to train. Raises ParameterError where a named node has none, or none that matter to the output."""
    able = trainable_nodes(graph, output)
    names = [nodes] if isinstance(nodes, str) else able if nodes is None else list(nodes)
    for name in names:
        if not graph[name].trainable():
            what, hint = (
                say("{} has no weights to learn", type(graph[name]).__name__),
                say("name nodes that have some"),
            )
            raise ParameterError(what, f"node '{name}'", hint, parameter="nodes", node=name)
        if name not in able:
            what = say("{!r}, which is compared, does not depend on its weights", output)
            hint = say("name nodes that lead there: {}", ", ".join(able) or "there is none")
            raise ParameterError(what, f"node '{name}'", hint, parameter="nodes", node=name)
    if not names:
        raise ParameterError("no node has weights to learn", "learn", "add a Conv2d", parameter="nodes")
    return {(name, key): value for name in names for key, value in graph[name].trainable().items()}


def _is_plane(graph: Graph, node: str, parameter: str) -> bool:
    kind = next(p.kind for p in graph[node].declarations() if p.name == parameter)
    return isinstance(kind, Tensor) and kind.axes[-2:] == ("height", "width")
