"""A bank of kernels as layers: a convolution, and one of a single cell that steers its maps to other angles."""

from __future__ import annotations

import numpy as np

from filterlab.graph import IMAGE, G
from filterlab.graph.editing import branch, insert
from filterlab.kernels.families import Bank
from filterlab.layers.base.registry import layer_type


def insert_bank(graph: G, bank: Bank, channels: int = 1, after: str | None = None) -> tuple[G, str]:
    """Put a bank beside what reads node `after`, or the last one. Returns the graph and the bank's last node.

    channels: of the map that it reads, over which each kernel sums. The kernels stay recipes. Where the bank is
    steered, a second layer makes a map for each angle from those of the bank. Raises ParameterError for an unknown
    node.
    """
    layer = layer_type("conv2d")(weight=bank.weight(channels), padding="same")
    source = after or (graph.nodes[-1].name if len(graph) else IMAGE)
    # A branch: what reads the node now relies on its number of channels.
    edited, name = branch(graph, layer, source, _free(graph, "bank"))
    if bank.mixing is None:
        return edited, name
    steer = layer_type("conv2d")(weight=bank.mixing.astype(np.float32)[:, :, None, None])
    return insert(edited, steer, name, _free(edited, "steer"))


def _free(graph: G, stem: str) -> str:
    return next(name for i in range(1, len(graph) + 2) if (name := f"{stem}{i}") not in graph)
