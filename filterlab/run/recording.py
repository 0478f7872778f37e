"""A history of edits as source text: Python that repeats it step by step, and the commands that repeat its results."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from filterlab.errors import FilterLabError
from filterlab.functional.arrays import Array
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE, Node
from filterlab.run.source import call_source, layer_source, node_source, refuse_pages, to_command

MOST_PIXELS = 4096  # values of a picture without a file that are written out, as those of lessons are
Place = tuple[str, int, int, int]  # node, channel, row, column


@dataclass(frozen=True, eq=False)
class Recorded:
    """What an edit led to. label: what was done. pixels: of the picture, None where none is open.

    picture: the picture's file, file: the pipeline's, each None where there is none. command: the words of a command
    that repeats this edit, where there is one.
    """

    label: str
    graph: Graph
    pixels: Array | None = None
    picture: Path | None = None
    file: Path | None = None
    command: tuple[str, ...] = ()


def to_script(steps: Sequence[Recorded], pin: Place | None = None) -> str:
    """Python source that repeats edits one after the other; it leaves `pipeline`, and `image` where one was opened.

    pin: a value whose sum is left in `pinned`. Layers that an edit leaves alone are taken from the pipeline before it,
    so that only what changed is written. Raises FilterLabError for more than 100,000 weights in one edit, unless a file
    holds them.
    """
    blocks: list[str] = []
    before: Recorded | None = None
    for step in steps:
        lines = [*_picture(step, before, needed=step.pixels is steps[-1].pixels), *_pipeline(step, before)]
        if lines:
            # A label is one line, whatever a file's name holds.
            blocks.append("\n".join([f"# {' '.join(step.label.split()) or 'Start'}", *lines]))
        before = step
    if pin is not None and before is not None and before.pixels is not None:
        place = ", ".join(map(repr, pin))
        blocks.append(
            f"# The pinned value, and the sum that makes it\npinned = pipeline.explain(image, {place})"
        )
    numpy = "import numpy as np\n\n" if any("np.array(" in block for block in blocks) else ""
    return f"{numpy}import filterlab as fl\n\n" + "\n\n".join(blocks) + "\n"


def to_commands(
    steps: Sequence[Recorded], pin: Place | None = None, *, folder: str = "maps", options: Sequence[str] = ()
) -> str:
    """The commands that repeat what the command line can, a line each: learning, the run, and the pinned value.

    The run takes the last pipeline over every picture that was opened. A file that there is not is called
    pipeline.json or picture.png. options: of the run. Raises ValueError without a step.
    """
    if not steps:
        raise ValueError("a history has at least one step")
    last = steps[-1]
    file, picture = str(last.file or "pipeline.json"), str(last.picture or "picture.png")
    lines = [shlex.join(step.command) for step in steps if step.command]
    opened = list(dict.fromkeys(str(step.picture) for step in steps if step.picture is not None))
    if len(last.graph):
        lines.append(to_command(file, opened or [picture], folder, options))
    if pin is not None:
        lines.append(shlex.join(["filterlab", "explain", file, picture, *map(str, pin)]))
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))


# -- Python ------------------------------------------------------------------------------------------------


def _picture(step: Recorded, before: Recorded | None, *, needed: bool) -> Iterator[str]:
    """The lines that open the picture, where it is another one than before. needed: whether it is the last one."""
    if step.pixels is (before.pixels if before is not None else None):
        return
    if step.pixels is None:
        yield "image = None"
    elif step.picture is not None:
        yield f"image = fl.read_image({str(step.picture)!r})"
    elif step.pixels.size <= MOST_PIXELS:
        # Python writes NaN and infinity as names that it does not know.
        numbers = re.sub("nan|inf", r"np.\g<0>", repr(step.pixels.tolist()))
        yield f"image = np.array({numbers}, np.float32)"
    elif not needed:
        # The script would end here for want of a file, although nothing is computed from this picture.
        yield "# no file holds this picture, and nothing below needs it"
    else:
        yield "# no file holds this picture: save it under this name"
        yield "image = fl.read_image('picture.png')"


def _pipeline(step: Recorded, before: Recorded | None) -> Iterator[str]:
    """The lines that make the pipeline from the one before."""
    old, new = before.graph if before is not None else None, step.graph
    if old is not None and (new is old or new == old):
        return
    if not len(new):
        yield "pipeline = fl.Pipeline()"
        return
    known = {node.name: place for place, node in enumerate(old.nodes)} if old is not None else {}
    fresh = [n for n in new if old is None or n.name not in known or n.layer is not old[n.name]]
    try:
        refuse_pages(fresh)
    except FilterLabError:
        # A file that was opened or saved in this very step holds this pipeline; an older one another.
        if step.file is None or (before is not None and step.file == before.file):
            raise
        yield f"pipeline = fl.Pipeline.load({str(step.file)!r})"
        return
    yield _changed(old, new) if old is not None and _same_frame(old, new) else _listed(old, new, known)


def _same_frame(old: Graph, new: Graph) -> bool:
    """Whether nothing but parameters of layers differs."""

    def frame(node: Node) -> tuple[object, ...]:
        return node.name, node.inputs, node.enabled, type(node.layer)

    return list(map(frame, old)) == list(map(frame, new))


def _changed(old: Graph, new: Graph) -> str:
    """The edit of parameters: only those that differ are named."""
    rows = ""
    for before, after in zip(old, new, strict=True):
        if after.layer is before.layer or after.layer == before.layer:
            continue
        had, has = before.layer.params(), after.layer.params()
        # A parameter that went back to its default is not in the new ones: then the layer is written anew.
        call = (
            layer_source(after.layer)
            if had.keys() - has.keys()
            else call_source(
                f"pipeline[{after.name!r}].replace", {k: v for k, v in has.items() if had.get(k, had) != v}
            )
        )
        rows += f"        {after.name!r}: {call},\n"
    return f"pipeline = pipeline.with_layers(\n    {{\n{rows}    }}\n)"


def _listed(old: Graph | None, new: Graph, known: dict[str, int]) -> str:
    """The edit of nodes: runs of nodes that stay are slices of the pipeline before, and layers that stay its layers."""
    rows: list[str] = []
    run: range | None = None
    last = IMAGE
    for node in new:
        place = known.get(node.name)
        if old is not None and place is not None and _alike(old.nodes[place], node):
            extends = run is not None and place == run.stop
            run = range(run.start if extends and run is not None else place, place + 1)
            row = f"*pipeline.nodes[{run.start}:{run.stop}]"
            rows[-1:] = [row] if extends else [*rows[-1:], row]
        else:
            run = None
            rows.append(node_source(node, node.inputs == (last,), _layer(old, node)))
        last = node.name
    lines = "".join(f"        {row},\n" for row in rows)
    return f"pipeline = fl.Pipeline(\n    [\n{lines}    ]\n)"


def _alike(a: Node, b: Node) -> bool:
    return a is b or (
        (a.inputs, a.enabled) == (b.inputs, b.enabled) and (a.layer is b.layer or a.layer == b.layer)
    )


def _layer(old: Graph | None, node: Node) -> str:
    """The layer of a node, taken from the pipeline before where it has the very same, under whatever name."""
    same = next((n.name for n in old if n.layer is node.layer), None) if old is not None else None
    return layer_source(node.layer) if same is None else f"pipeline[{same!r}]"
