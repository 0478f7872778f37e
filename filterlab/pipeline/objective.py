"""What is minimised: the loss of a pipeline as a function of its trained weights, and its gradient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional import losses
from filterlab.functional.arrays import Array, as_float, shape_text
from filterlab.functional.threads import Cancel, cancellable, single_threaded_blas
from filterlab.layers.kinds import Tensor
from filterlab.pipeline.editing import ancestors
from filterlab.pipeline.geometry import at_node
from filterlab.pipeline.gradient import walk_back
from filterlab.pipeline.graph import Pipeline, Step
from filterlab.pipeline.samples import Block, stacked

Key = tuple[str, str]  # node, parameter
Values = dict[Key, Array]
Pairs = Sequence[tuple[Any, Any]]

LONG = 1 << 16  # cells of pictures, from which a step may take a while

# Name -> (function of functional.losses, its reduction).
LOSSES = {
    "sse": ("mse_loss", "sum"),
    "mse": ("mse_loss", "mean"),
    "l1": ("l1_loss", "mean"),
    "cross_entropy": ("cross_entropy", "mean"),
}


class Objective:
    """Checked pairs, trained parameters, and the loss with its gradients.

    start: the values to begin with. planes: which of them are kernels of height and width.
    """

    def __init__(
        self, pipeline: Pipeline, pairs: Pairs, nodes: Iterable[str] | None, loss: str, output: str | None
    ) -> None:
        if loss not in LOSSES:
            what = f"there is no loss {loss!r}"
            raise ParameterError(what, "learn", f"one of {', '.join(LOSSES)}", parameter="loss")
        self.pipeline, self.loss = pipeline, loss
        self.output = output or pipeline.steps[-1].name
        pipeline.node(self.output)
        self.start = _trained(pipeline, nodes)
        self.planes = [key for key in self.start if _is_plane(pipeline, *key)]
        self.dtype = np.result_type(*self.start.values())
        self._plan()
        checked = [self._pair(x, y) for x, y in pairs]
        if not checked:
            hint = "give [(picture, target)]"
            raise ParameterError("there is nothing to learn from", "learn", hint, parameter="pairs")
        self.blocks = stacked(checked)

    def _plan(self) -> None:
        """The steps to the output, and the maps that depend on what is trained."""
        needed = {self.output, *ancestors(self.pipeline, [self.output])}
        self._steps = [step for step in self.pipeline.steps if step.name in needed]
        trained = {node for node, _ in self.start}
        self._moving: set[str] = set()
        for step in self._steps:
            if step.name in trained or self._moving.intersection(step.inputs):
                self._moving.add(step.name)

    def _pair(self, picture: Any, target: Any) -> tuple[Array, Array, bool]:
        x = _finite(as_float(picture, "learn", "the picture"), "the picture").astype(self.dtype, copy=False)
        batched = x.ndim == 4
        x = x if batched else x[None]
        shape = (len(x), *self.pipeline.output_shapes(x.shape[1:])[self.output])
        if self.loss == "cross_entropy":
            return x, np.atleast_1d(np.asarray(target)), batched
        y = _finite(as_float(target, "learn", "the target"), "the target").astype(self.dtype, copy=False)
        y = y if batched else y[None]
        if y.shape != shape:
            raise ShapeError(
                f"the target has shape {shape_text(y.shape[1:])}, the output {shape_text(shape[1:])}",
                "learn",
                'let them agree: crop the target, or pad the layers ("same")',
                parameter="target",
            )
        return x, y, batched

    def with_values(self, values: Mapping[Key, Array]) -> Pipeline:
        """The pipeline with these parameters."""
        layers = {name: self.pipeline[name].replace(**own) for name, own in _by_node(values).items()}
        return self.pipeline.with_layers(layers)

    def loss_and_gradients(
        self, values: Values, blocks: Sequence[Block] | None = None, cancel: Cancel | None = None
    ) -> tuple[float, Values]:
        """The loss over all blocks, or those given, and its gradient for every trained parameter."""
        chosen = self.blocks if blocks is None else blocks
        steps = self._with(values)
        whole = 1.0 if self.loss == "sse" else sum(block.share for block in chosen)
        total, slopes = 0.0, {key: np.zeros_like(value) for key, value in values.items()}
        # Small steps are over before anybody could grow impatient, and are asked between only.
        large = sum(block.x.size for block in chosen) > LONG
        with (
            cancellable(cancel) if large else single_threaded_blas()
        ):  # taking hold of BLAS once, not in every layer
            for block in chosen:
                share = 1.0 if self.loss == "sse" else block.share / whole
                total += share * self._add_gradients(steps, block, share, slopes)
        return total, slopes

    def _with(self, values: Mapping[Key, Array]) -> list[Step]:
        arrays = _by_node(values)
        return [
            replace(step, layer=step.layer.with_arrays(arrays[step.name])) if step.name in arrays else step
            for step in self._steps
        ]

    def _add_gradients(self, steps: Sequence[Step], block: Block, share: float, slopes: Values) -> float:
        maps = {"image": block.x}
        for step in steps:
            with at_node(step.name):
                maps[step.name] = step.layer.forward(*(maps[name] for name in step.inputs))
        function, reduction = LOSSES[self.loss]
        y = maps[self.output]
        seen = y if block.inside is None else y[:, :, *block.inside]
        value = getattr(losses, function)(seen, block.y, reduction)
        seed = getattr(losses, f"{function}_backward")(seen, block.y, reduction)
        if block.inside is not None:
            seed, part = np.zeros_like(y), seed
            seed[:, :, *block.inside] = part
        found = walk_back(tuple(reversed(steps)), maps, {self.output: seed}, self._moving)[1]
        for node, name in slopes:
            if name in found.get(node, {}):
                slope = found[node][name]
                slopes[node, name] += slope if share == 1 else slope * slope.dtype.type(share)
        return float(value)


def _finite(array: Array, name: str) -> Array:
    """With NaN in it every loss is NaN, which no rate and no step mends."""
    if not np.isfinite(array).all():
        parameter = name.removeprefix("the ")
        raise ParameterError(
            f"{name} holds NaN or infinity", "learn", "replace them first", parameter=parameter
        )
    return array


def _by_node(values: Mapping[Key, Array]) -> dict[str, dict[str, Array]]:
    found: dict[str, dict[str, Array]] = {}
    for (node, parameter), value in values.items():
        found.setdefault(node, {})[parameter] = value
    return found


def _trained(pipeline: Pipeline, nodes: Iterable[str] | None) -> Values:
    names = [node.name for node in pipeline.nodes] if nodes is None else list(nodes)
    values = {(name, key): value for name in names for key, value in pipeline[name].trainable().items()}
    for name in names if nodes is not None else ():
        if not any(node == name for node, _ in values):
            what = f"{type(pipeline[name]).__name__} has no weights to learn"
            hint = "name nodes that have some"
            raise ParameterError(what, f"node '{name}'", hint, parameter="nodes", node=name)
    if not values:
        raise ParameterError("no node has weights to learn", "learn", "add a Conv2d", parameter="nodes")
    return values


def _is_plane(pipeline: Pipeline, node: str, parameter: str) -> bool:
    kind = next(p.kind for p in pipeline[node].declarations() if p.name == parameter)
    return isinstance(kind, Tensor) and kind.axes[-2:] == ("height", "width")
