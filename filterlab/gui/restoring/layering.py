"""Putting a restoration that is a filter into the pipeline, as a layer."""

from __future__ import annotations

from collections.abc import Callable

from filterlab.errors import ParameterError
from filterlab.graph import IMAGE
from filterlab.graph.editing import branch, free_name
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.restoring.plan import OUTPUT
from filterlab.gui.restoring.record import RestoreRecord
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words
from filterlab.layers import layer_type
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import say

NAME = "restored"
BORDER = "symmetric"  # of the padding: the layer knows nothing of the scene beyond the border


def may_be_layer(record: RestoreRecord | None) -> bool:
    """Whether a restoration is over, and its method a filter whatever the picture is."""
    return record is not None and record.finished and record.plan.method == "wiener"


def add_layer(bench: Workbench, record: RestoreRecord, added: Callable[[], None]) -> None:
    """Work the layer out in the background, and add it in one edit. added: called after that."""
    before, plan = bench.document.pipeline, record.plan

    def done(layer: Layer) -> None:
        if bench.document.pipeline is not before:
            bench.messages.warn(tr("The layer was not added"), tr("the pipeline was changed meanwhile"))
            return
        name = NAME if NAME not in before else free_name(before, layer)
        source = plan.node if plan.source == OUTPUT and plan.node in before else IMAGE
        pipeline, name = branch(before, layer, source, name)
        bench.document.edit(tr("Undo the blur by a layer"), pipeline)
        bench.selection.select(name)
        added()
        size = shape_words(layer.shape_of("kernel"))
        bench.messages.note(
            tr("{name} undoes this blur in any picture, nearly, by a kernel of {size}.", name=name, size=size)
        )

    def fail(error: Exception, details: str) -> None:
        bench.messages.error(error, tr("The layer was not added"), details)

    bench.background.submit(lambda: _layer(record), done, fail, NAME)


def _layer(record: RestoreRecord) -> Layer:
    # It solves equations, for whose library the start of the program need not wait.
    from filterlab.restoration.filters import restoring_recipe

    assert record.last is not None, "it is over"
    kernel, added = record.plan.blur
    # A Filter2d has one offset for all channels, as it has one kernel.
    if (added != added[0]).any():
        what = say("the channels have different biases")
        raise ParameterError(what, "restore", "restore them one by one", parameter="bias")
    recipe = restoring_recipe(record.pair.after, kernel, noise=record.last.found.noise)
    layer: Layer = layer_type("filter2d")(kernel=recipe, padding="same", padding_mode=BORDER)
    # What the blur has added goes through the kernel as well.
    return layer.replace(offset=-float(added[0] * layer.kernel.sum())) if added.any() else layer
