"""Which maps are still pictures: written as one colour picture by a batch, shown in colour by the window."""

from __future__ import annotations

from filterlab.pipeline.graph import IMAGE, Pipeline


def picture_nodes(pipeline: Pipeline, channels: int) -> set[str]:
    """Nodes whose channels are still those of a grey or RGB picture: each came from the same one of the picture."""
    if channels not in (1, 3):
        return set()
    found = {IMAGE}
    for step in pipeline.steps:
        if step.layer.per_channel and found.issuperset(step.inputs):
            found.add(step.name)
    return found - {IMAGE}
