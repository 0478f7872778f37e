"""Running a graph: each node once, in order, reusing results that have not changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from filterlab.errors import Cancelled, FilterLabError, ShapeError
from filterlab.functional.arrays import Array, as_float, own, shape_text
from filterlab.functional.threads import Cancel, cancellable
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE, Step
from filterlab.images.scratch import bytes_in_memory
from filterlab.layers.base.layer import Forward, Layer
from filterlab.run.program import Programs
from filterlab.run.route import Hop, route
from filterlab.text.messages import say

Progress = Callable[[int, int], None]
Ready = Callable[[str, Array], None]


def run(
    graph: Graph,
    image: Any,
    outputs: Iterable[str] | None = None,
    *,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
    ready: Ready | None = None,
    compute: Callable[[Step, tuple[Array, ...]], Array] | None = None,
) -> dict[str, Array]:
    """See `Pipeline.run`.

    ready: called with the name and map of each wanted node as soon as it is made. compute: evaluates one step in place
    of the layer; an `Evaluator` looks for a remembered result there. Without it, every wanted map is an array of its
    own: layers that change nothing hand on what they are given, and a caller who writes into a map would write into
    the picture, or into another map.
    """
    picture = _picture(image)
    wanted = _names(graph, outputs)
    alone = picture.ndim == 3 and compute is None  # prepared layers take a batch, of which it is the only one
    batch = picture[None] if alone else picture
    # A whole network of small layers computes for less time than looking at each anew would take.
    key = ("route", batch.shape, batch.dtype.char, compute is None, *wanted)
    hops, programs = graph.derived(key, lambda: _way(graph, wanted, batch, prepare=compute is None))
    if compute is None and cancel is None and progress is None and ready is None:
        made = programs.run(batch)
        if made is not None:
            return {name: y[0] for name, y in made.items()} if alone else made
    maps: dict[str, Array] = {IMAGE: batch}
    found: dict[str, Array] = {}
    done, total = 0, sum(hop.steps for hop in hops)
    # Infinities and NaN are numbers here. Set once for all, as it takes as long as a small layer computes.
    with np.errstate(all="ignore"):
        for hop in hops:
            if cancel is not None and cancel():
                raise Cancelled(
                    "stopped before all maps were made", f"node '{hop.step.name}'", node=hop.step.name
                )
            inputs = tuple(maps[name] for name in hop.inputs)
            if cancel is None:
                result = _result(hop, inputs, compute)
            else:
                # A single layer may take minutes: asking between layers is not enough, and its loops ask between bands.
                with cancellable(cancel):
                    result = _result(hop, inputs, compute)
            if hop.wanted and compute is None:
                result = own(result, *inputs)
            maps[hop.name] = result
            if hop.wanted:
                found[hop.name] = result[0] if alone else result
                if ready is not None:
                    ready(hop.name, found[hop.name])
            for name in hop.read_last:
                del maps[name]
            done += hop.steps
            if progress is not None:
                progress(done, total)
    return {name: found[name] for name in wanted}


def _way(graph: Graph, wanted: Iterable[str], batch: Array, *, prepare: bool) -> tuple[list[Hop], Programs]:
    """The route to the wanted maps, and the programs for another run. Raises ParameterError as `wanted_names`."""
    # The names are looked up here, which is once for all runs.
    wanted = wanted_names(graph, wanted)
    hops = route(graph, wanted, batch, prepare=prepare)
    return hops, Programs(hops, batch, wanted)


def _picture(image: Any) -> Array:
    picture = as_float(image, "picture", "the picture")
    if picture.ndim not in (3, 4) or 0 in picture.shape:
        what = say("the picture has shape {}", shape_text(picture.shape))
        raise ShapeError(what, "pipeline", "give (C, H, W), or (N, C, H, W) for a batch", parameter="image")
    return picture


def wanted_names(graph: Graph, outputs: Iterable[str] | None) -> dict[str, None]:
    """The names of the wanted nodes in their order, each once. Raises ParameterError where there is no such node."""
    names = _names(graph, outputs)
    for name in names:
        graph.node(name)
    return names


def _names(graph: Graph, outputs: Iterable[str] | None) -> dict[str, None]:
    """As `wanted_names`, in a dictionary for fast lookup, and without looking the nodes up."""
    if outputs is None:
        return dict.fromkeys(node.name for node in graph.nodes)
    # A single name is a sequence, too, and would be taken letter by letter.
    return dict.fromkeys([outputs] if isinstance(outputs, str) else outputs)


def _result(
    hop: Hop, inputs: tuple[Array, ...], compute: Callable[[Step, tuple[Array, ...]], Array] | None
) -> Array:
    if hop.function is None:
        assert compute is not None, "a route without functions is one for an evaluator"
        return compute(hop.step, inputs)
    return _named(hop.step.name, hop.step.layer, hop.function, inputs)


def forward(name: str, layer: Layer, inputs: tuple[Array, ...], *, batched: bool) -> Array:
    """The output of one layer for inputs with or without a batch axis. Errors name the node."""
    function = layer.forward
    if batched:
        return _named(name, layer, function, inputs)
    return _named(name, layer, function, tuple(x[None] for x in inputs))[0]


def _named(name: str, layer: Layer, function: Forward, inputs: tuple[Array, ...]) -> Array:
    # As `at_node` does, but without a context manager: entering one costs as much as a small layer computes.
    try:
        return function(*inputs)
    except MemoryError:
        what, hint = (
            "there is not enough memory for its output",
            say("use a smaller picture, or fewer channels"),
        )
        raise FilterLabError(what, type(layer).__name__, hint).at_node(name) from None
    except FilterLabError as error:
        raise (error if error.node else error.at_node(name)) from None


@dataclass(frozen=True)
class _Result:
    """An output with what it was made from.

    Results are found by the `id` of layer and inputs. Holding these objects keeps Python from giving their ids to
    others.
    """

    layer: Layer
    inputs: tuple[Array, ...]
    output: Array


class Evaluator:
    """Runs graphs and remembers results: the same layer object on the same input arrays gives the same array again.

    max_bytes: memory for remembered outputs; the least recently used are dropped first, with all that was made from
    them, but none for its place on the disk.
    place: called with the name of a step and its output, returns the same numbers, which it may have moved there.
    Outputs are read-only, and a picture that is given again must not have been written into meanwhile. For use by one
    thread at a time.
    """

    def __init__(self, max_bytes: int = 2 << 30) -> None:
        self.max_bytes = max_bytes
        self.place: Callable[[str, Array], Array] | None = None
        self._results: OrderedDict[tuple[int, ...], _Result] = OrderedDict()
        self._bytes = 0
        # Kept here because `_recall` is handed to `run` as a function of step and inputs only.
        self._batched = False

    def run(
        self,
        graph: Graph,
        image: Any,
        outputs: Iterable[str] | None = None,
        *,
        cancel: Cancel | None = None,
        progress: Progress | None = None,
        ready: Ready | None = None,
    ) -> dict[str, Array]:
        """As `Pipeline.run`, computing only what has changed since earlier runs.

        ready: called with the name and map of each wanted node as soon as it is known.
        """
        picture = _picture(image)
        self._batched = picture.ndim == 4
        hooks: dict[str, Any] = {"cancel": cancel, "progress": progress, "ready": ready}
        return run(graph, picture, outputs, **hooks, compute=self._recall)

    def clear(self) -> None:
        """Forget all results."""
        self._results.clear()
        self._bytes = 0

    def forget(self, outputs: Iterable[Array]) -> None:
        """Forget these outputs, except those that another remembered result was made from."""
        unwanted = {id(output) for output in outputs}
        # The newest first: once a reader is gone, the output that only it was made from can go, too.
        for key, result in reversed(list(self._results.items())):
            if id(result.output) in unwanted and not self._readers(result.output):
                self._drop(key)

    def keep(self, graph: Graph, image: Any, *, spare: bool = False) -> None:
        """Forget all results except those that `run` would reuse for this graph and picture.

        spare: also keep others that are in memory, and were not made from any on the disk.
        """
        kept = set(self._known(graph, image).values())
        for key, result in list(self._results.items()):
            if key not in kept and not (spare and bytes_in_memory(result.output)):
                self._drop(key)

    def remembered(self, graph: Graph, image: Any) -> dict[str, Array]:
        """The maps, by node, that `run` would reuse for this graph and picture."""
        return {name: self._results[key].output for name, key in self._known(graph, image).items()}

    def _known(self, graph: Graph, image: Any) -> dict[str, tuple[int, ...]]:
        """The keys, by node, of the results that `run` would reuse."""
        # `_picture` hands on float arrays as they are; a copy would have another id, and nothing would be found.
        made: dict[str, Array] = {IMAGE: _picture(image)}
        found: dict[str, tuple[int, ...]] = {}
        for step in graph.steps:
            inputs = [made[name] for name in step.inputs if name in made]
            key = (id(step.layer), *map(id, inputs))
            # Without `move_to_end`: looking is not using, and the order of use must stay what it was.
            known = self._results.get(key)
            if len(inputs) == len(step.inputs) and known is not None:
                found[step.name] = key
                made[step.name] = known.output
        return found

    def _readers(self, output: Array) -> list[tuple[int, ...]]:
        """The keys of the results that were made from an output."""
        return [key for key in self._results if id(output) in key[1:]]

    def _drop(self, key: tuple[int, ...]) -> None:
        """Forget a result and all that were made from it.

        Made again, it would be another array, so that nobody could find them any more; and they hold its memory.
        """
        dropped = [key]
        while dropped:
            result = self._results.pop(dropped.pop(), None)
            if result is not None:
                self._bytes -= bytes_in_memory(result.output)
                dropped += self._readers(result.output)

    def _recall(self, step: Step, inputs: tuple[Array, ...]) -> Array:
        key = (id(step.layer), *map(id, inputs))
        known = self._results.pop(key, None)
        if known is not None:
            output = known.output
            self._bytes -= bytes_in_memory(output)
        else:
            # A view, so that marking it read-only does not touch an array that the layer merely passed on.
            output = forward(step.name, step.layer, inputs, batched=self._batched).view()
            output.flags.writeable = False
        # What is remembered, too: there may have been room for it in memory when it was made.
        if self.place is not None:
            made, output = output, self.place(step.name, output)
            if output is not made:
                for reader in self._readers(made):
                    self._drop(reader)
        self._results[key] = _Result(step.layer, inputs, output)
        self._bytes += bytes_in_memory(output)
        self._trim()
        return output

    def _trim(self) -> None:
        # The newest result is kept even if it is too large by itself, so that the next run can reuse it.
        for key in list(self._results)[:-1]:
            if self._bytes <= self.max_bytes:
                return
            known = self._results.get(key)  # it may have been dropped with what it was made from
            if known is not None and bytes_in_memory(known.output):
                self._drop(key)
