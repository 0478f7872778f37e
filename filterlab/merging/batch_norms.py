"""Normalisations by constants folded into the convolutions beside them: the same numbers from fewer layers.

A batch norm, a scale and shift, and a normalisation by given numbers are each s * x + t with two numbers for each
channel. Behind a convolution the result is another convolution, of kernels s * w and biases s * b + t. In front of one
it is of kernels w * s and biases b + sum(w) * t, but only where the padding repeats cells of the map or there is none:
zeros are put around what the normalisation gives, and after folding would be put around what it takes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE, G, Node
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import Message, say

_WEIGHTED = ("conv2d", "conv_transpose2d", "linear")
NORMS = ("batch_norm2d", "scale_shift", "normalize")
# Zeros are the constant 0; the other modes take what they fill in from the map.
_FILLED = ("zeros", "constant")


@dataclass(frozen=True)
class Folding(Generic[G]):
    """What became of the normalisations of a graph.

    pipeline: the graph without those that were folded; every node that is left makes the map that it made before.
    folded: each node that is gone, and the node that took it in. kept: each normalisation that stays, and why.
    """

    pipeline: G
    folded: dict[str, str]
    kept: dict[str, Message]

    def to_dict(self) -> dict[str, Any]:
        """What was folded and what stays, for JSON."""
        return {
            "folded": [{"name": gone, "into": into} for gone, into in self.folded.items()],
            "kept": [{"name": name, "reason": str(reason)} for name, reason in self.kept.items()],
        }


class _Affine(NamedTuple):
    """scale * x + shift by channel, in float64."""

    scale: Array
    shift: Array


def fold_batch_norms(graph: G, keep: Collection[str] = ()) -> Folding[G]:
    """Fold normalisations by constants into the convolutions and fully connected layers beside them.

    One that directly follows such a layer, whose map nobody else reads, takes it in, and keeps its own name: the map is
    that of the normalisation. A batch norm or a scale and shift that stands in front of one goes into it where that is
    exact at the borders. Weights are computed in float64 and stored in the precision that they had. keep: nodes whose
    maps must stay. The numbers agree up to round-off.
    """
    folder = _Folder({node.name: node for node in graph.nodes}, set(keep))
    order = [step.name for step in graph.steps if graph.node(step.name).layer.key in NORMS]
    # A variance of 0 without an epsilon, or an overflow, is refused by what it gives.
    with np.errstate(all="ignore"):
        for name in order:
            folder.behind(name)
        # From the end, so that of two in a row the second is gone before the first looks at its reader.
        for name in reversed(order):
            folder.in_front(name)
    kept = {name: folder.reasons[name] for name in order if name in folder.nodes and name in folder.reasons}
    if not folder.folded:
        return Folding(graph, {}, kept)
    return Folding(type(graph)(folder.nodes.values()), folder.folded, kept)


class _Folder:
    """The nodes while some are folded. reasons: why a normalisation could not be."""

    def __init__(self, nodes: dict[str, Node], keep: set[str]) -> None:
        self.nodes, self._keep = nodes, keep
        self.folded: dict[str, str] = {}
        self.reasons: dict[str, Message] = {}
        self._readers: dict[str, list[str]] = {}
        for node in nodes.values():
            for source in node.inputs or ():
                self._readers.setdefault(source, []).append(node.name)

    def behind(self, name: str) -> None:
        """Fold a normalisation into the layer that it follows, if that can be."""
        node = self.nodes[name]
        (source,) = node.inputs or (IMAGE,)
        found = self._joined_behind(node, source)
        if isinstance(found, Message):
            self.reasons[name] = found
            return
        before = self.nodes[source]
        # In the place of the normalisation, so that the nodes keep their order.
        self.nodes[name] = replace(node, layer=found, inputs=before.inputs)
        self._remove(source, before, name)

    def in_front(self, name: str) -> None:
        """Fold a normalisation into the only layer that reads it, if that can be."""
        node, readers = self.nodes.get(name), self._readers.get(name, [])
        # What was folded is gone or has become a convolution. Numbers that prepare the picture stay to be seen.
        if node is None or node.layer.key not in NORMS[:2] or not node.enabled:
            return
        reader = self.nodes[readers[0]] if len(readers) == 1 and name not in self._keep else node
        if reader.layer.key not in ("conv2d", "linear") or not reader.enabled:
            return
        found = _joined_in_front(node.layer, reader)
        if isinstance(found, Message):
            self.reasons[name] = found
            return
        self.nodes[reader.name] = replace(reader, layer=found, inputs=node.inputs)
        self._remove(name, node, reader.name)

    def _joined_behind(self, node: Node, source: str) -> Layer | Message:
        before = self.nodes.get(source)
        if not node.enabled or (before is not None and not before.enabled):
            off = node if before is None or not node.enabled else before
            return say("{!r} is switched off", off.name)
        if before is None or before.layer.key not in _WEIGHTED:
            return say("it follows {!r}, which is no convolution", source)
        others = [name for name in self._readers[source] if name != node.name]
        if others:
            return say("{!r} is read by {!r}, too", source, others[0])
        if source in self._keep:
            return say("{!r} is an output of the network", source)
        affine, channels = affine_of(node.layer), _outputs(before.layer)
        if len(affine.scale) != channels:
            return _mismatch(affine, channels)
        weight, bias = before.layer.weight, _bias(before.layer)
        factors = _by_output(before.layer, affine.scale)
        return _with(before.layer, node.layer, weight * factors, bias * affine.scale + affine.shift)

    def _remove(self, name: str, node: Node, into: str) -> None:
        """Take out a node of one input that `into` alone reads, and has taken in."""
        del self.nodes[name]
        (source,) = node.inputs or (IMAGE,)
        self._readers[source] = [into if reader == name else reader for reader in self._readers[source]]
        self.folded[name] = into
        for gone, taker in self.folded.items():
            # What this node had taken in itself is now in the same one as the node.
            self.folded[gone] = into if taker == name else taker


def _joined_in_front(norm: Layer, reader: Node) -> Layer | Message:
    layer, affine = reader.layer, affine_of(norm)
    channels = layer.in_channels if layer.key == "conv2d" else layer.shape_of("weight")[1]
    if len(affine.scale) != channels:
        return _mismatch(affine, channels)
    if layer.key == "conv2d" and not _padding_agrees(layer, affine):
        mode = layer.padding_mode
        return say(
            "in front of {!r} it would be wrong at the borders, whose padding ({}) is not normalised",
            reader.name,
            mode,
        )
    weight = np.asarray(layer.weight, np.float64)
    outputs, inputs = weight.shape[:2]
    each = outputs * inputs // channels  # outputs of a group; all of them where there are no groups
    scale, shift = (np.repeat(numbers.reshape(-1, inputs), each, axis=0) for numbers in affine)
    sums = weight.reshape(outputs, inputs, -1).sum(2)
    factors = scale.reshape(scale.shape + (1,) * (weight.ndim - 2))
    return _with(layer, norm, weight * factors, _bias(layer) + (sums * shift).sum(1))


def _padding_agrees(layer: Any, affine: _Affine) -> bool:
    """Whether cells around the map are the normalised ones of those around the map before."""
    if layer.padding in ("valid", ((0, 0), (0, 0))) or layer.padding_mode not in _FILLED:
        return True
    value = layer.value if layer.padding_mode == "constant" else 0.0
    return bool((affine.scale * value + affine.shift == value).all())


def affine_of(layer: Any) -> _Affine:
    """What one of `NORMS` computes."""
    if layer.key == "normalize":
        mean, std = (np.asarray(numbers, np.float64) for numbers in (layer.mean, layer.std))
        return _Affine(1 / std, -mean / std)
    given = [None if a is None else np.asarray(a, np.float64) for a in (layer.weight, layer.bias)]
    channels = max(layer.shape_of(name) for name in ("weight", "bias", "running_mean"))
    scale = np.ones(channels) if given[0] is None else given[0]
    shift = np.zeros(channels) if given[1] is None else given[1]
    if layer.key == "batch_norm2d":
        scale = scale / np.sqrt(np.asarray(layer.running_var, np.float64) + layer.eps)
        shift = shift - layer.running_mean * scale
    return _Affine(scale, shift)


def _outputs(layer: Any) -> int:
    return int(layer.shape_of("weight")[0] if layer.key == "linear" else layer.out_channels)


def _bias(layer: Any) -> Array:
    return np.zeros(_outputs(layer)) if layer.bias is None else np.asarray(layer.bias, np.float64)


def _by_output(layer: Any, scale: Array) -> Array:
    """The factors of the outputs, in the axes of the weight."""
    if layer.key == "linear":
        return scale[:, None]
    if layer.key == "conv2d":
        return scale[:, None, None, None]
    # The weight of a transposed convolution has the input channels first, one group after the other.
    each = layer.in_channels // layer.groups
    return np.repeat(scale.reshape(layer.groups, -1), each, axis=0)[..., None, None]


def _with(layer: Any, norm: Any, weight: Array, bias: Array) -> Layer | Message:
    """The layer with other numbers, as precise as those of both were."""
    dtype = np.result_type(
        layer.weight, *norm.trainable().values(), *([] if layer.bias is None else [layer.bias])
    )
    arrays = {"weight": weight.astype(dtype), "bias": bias.astype(dtype)}
    if not all(np.isfinite(array).all() for array in arrays.values()):
        return say("the weights would not be finite numbers")
    return layer.replace(**arrays)


def _mismatch(affine: _Affine, channels: int) -> Message:
    return say("it has numbers for {} channel(s), the layer beside it {}", len(affine.scale), channels)
