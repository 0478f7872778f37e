"""Cases of the window's benchmark with pictures of fifty megapixels, and what they share with others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FIFTY = (5773, 8660)  # 50 megapixels


def show(stage: Any, shape: tuple[int, ...], pipeline: Any) -> None:
    """Open a picture of noise and a pipeline, and wait."""
    import numpy as np

    from filterlab.gui.bench.work import Picture

    pixels = np.random.default_rng(0).random(shape, dtype=np.float32)
    stage.bench.document.show_picture("Open", Picture("noise", pixels))
    stage.bench.document.open_pipeline("Open", pipeline, None)
    stage.wait()


def part(stage: Any) -> None:
    """A cell of a kernel turned over fifty megapixels in colour, until the part that is looked at is painted anew."""
    import numpy as np

    import filterlab as fl

    bench, wall = stage.bench, stage.window.wall
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)
    show(stage, (3, *FIFTY), fl.Pipeline([("edges", fl.Filter2d(kernel))]))
    bench.view.set(crop=(2000.0, 3000.0, 900.0, 900.0))
    stage.wait()

    def edit(i: int) -> None:
        changed = kernel.copy()
        changed[1, 1] = 0.1 * i
        bench.document.edit("Edit", fl.Pipeline([("edges", fl.Filter2d(changed))]), merge="bench")
        colored.append(tile().colored)

    def tile() -> Any:
        return next(item for (node, _), item in wall.view.tiles.items() if node == "edges")

    def painted() -> bool:
        face = tile().face
        return face is not None and not face.stale and tile().colored > colored[-1]

    colored: list[int] = []
    for i in range(1, 8):
        stage.measure("part edit", lambda i=i: edit(i), painted)
        stage.measure("part edit, whole maps", lambda: None, after=500)


def tight(stage: Any) -> None:
    """Fifty megapixels in colour through eight layers, with two gigabytes for all maps."""
    import numpy as np

    import filterlab as fl

    stage.bench.set_map_memory(2048)
    layers: list[Any] = []
    for size in (3, 5, 7, 9):
        layers += [fl.Filter2d({"preset": "gaussian", "size": size}), fl.ReLU()]
    pipeline = fl.Pipeline(layers)
    document = stage.bench.document
    stage.measure("tight opened", lambda: show(stage, (3, *FIFTY), pipeline), after=500)
    for i in range(3):
        changed = {pipeline.nodes[0].name: fl.Filter2d(np.full((3, 3), 0.1 + 0.01 * i, np.float32))}
        stage.measure(
            "tight edit",
            lambda changed=changed: document.edit("Edit", document.pipeline.with_layers(changed)),
            after=500,
        )


def deep(stage: Any) -> None:
    """Fifty megapixels and 22 layers: opened, edited, zoomed, pinned, in all modes."""
    import numpy as np

    import filterlab as fl
    from filterlab.graph.nodes import Spot
    from filterlab.gui.bench.work import Picture

    bench = stage.bench
    picture = Picture("fifty", np.random.default_rng(0).random((3, *FIFTY), dtype=np.float32))
    pipeline = _deep_pipeline()

    def open_all() -> None:
        bench.document.show_picture("Open", picture)
        bench.document.open_pipeline("Open", pipeline, None)

    def edit(i: int) -> None:
        kernel = np.full((3, 3), 0.1 + 0.01 * i, np.float32)
        changed = bench.document.pipeline.with_layers({pipeline.nodes[0].name: fl.Filter2d(kernel)})
        bench.document.edit("Edit", changed, merge="bench")

    def crop(i: int) -> None:
        bench.view.set(crop=(20.0 * i, 30.0 * i, 3000 - 45.0 * i, 4500 - 70.0 * i))

    last = pipeline.nodes[-1].name
    stage.measure("deep opened", open_all, after=500)
    stage.measure("deep 20 edits, 60 ms apart", lambda: _repeat(stage, 20, 60, edit), after=500)
    stage.measure("deep zoom and pan, 60 steps", lambda: _repeat(stage, 60, 16, crop))
    bench.view.set(crop=None)
    pin = bench.selection.set_pin
    stage.measure("deep first pin", lambda: pin(Spot(last, 0, 1, 1)), after=500)
    stage.measure(
        "deep 60 pins", lambda: _repeat(stage, 60, 16, lambda i: pin(Spot(last, 0, i, i))), after=500
    )
    for mode in ("overview", "single", "side"):
        stage.measure(f"deep mode {mode}", lambda mode=mode: bench.view.set(mode=mode), after=500)


def _deep_pipeline() -> Any:
    """Twelve layers over the whole picture, then smaller and smaller maps with many channels."""
    import filterlab as fl

    layers: list[Any] = []
    for i in range(4):
        layers += [fl.Filter2d({"preset": "gaussian", "size": 3 + 2 * i}), fl.ReLU(), fl.Abs()]
    layers.append(fl.MaxPool2d(4))
    for inputs, outputs in ((3, 8), (8, 16), (16, 32)):
        recipe = {"init": "kaiming_normal", "shape": [outputs, inputs, 3, 3]}
        layers += [fl.Conv2d(recipe, padding=1), fl.ReLU(), fl.MaxPool2d(2)]
    return fl.Pipeline(layers)


def _repeat(stage: Any, times: int, pause: int, act: Callable[[int], None]) -> None:
    """Call `act(i)` a number of times with pauses in between, in milliseconds."""
    for i in range(times):
        act(i)
        stage.settle(pause)
