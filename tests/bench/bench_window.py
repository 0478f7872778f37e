"""How long the window takes to answer, with a 50-megapixel picture and a deep pipeline: a heartbeat in its thread.

A timer beats every few milliseconds; the longest pause between two beats is the longest that a click would wait.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.start import make_application, settle, settle_work
from filterlab.gui.window import MainWindow

BEAT = 2  # milliseconds
SIZE = (5773, 8660)  # 50 megapixels


class Heartbeat:
    """Pauses between beats, in milliseconds, since the last `take`."""

    def __init__(self) -> None:
        self._pauses: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=BEAT)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self._pauses.append(1000 * (now - self._last))
        self._last = now

    def take(self) -> np.ndarray:
        """The pauses so far; counting starts anew."""
        self._beat()
        pauses, self._pauses = np.array(self._pauses), []
        return pauses


def deep_pipeline() -> fl.Pipeline:
    """Twelve layers over the whole picture, then smaller and smaller maps with many channels."""
    layers: list[fl.layers.Layer] = []
    for i in range(4):
        layers += [fl.Filter2d({"preset": "gaussian", "size": 3 + 2 * i}), fl.ReLU(), fl.Abs()]
    layers.append(fl.MaxPool2d(4))
    for inputs, outputs in ((3, 8), (8, 16), (16, 32)):
        recipe = {"init": "kaiming_normal", "shape": [outputs, inputs, 3, 3]}
        layers += [fl.Conv2d(recipe, padding=1), fl.ReLU(), fl.MaxPool2d(2)]
    return fl.Pipeline(layers)


def report(name: str, pauses: np.ndarray) -> None:
    """Longest pause, the 99th percentile and how many were over 50 ms."""
    late = int((pauses > 50).sum())
    print(
        f"{name:<44} longest {pauses.max():7.1f} ms   99 % {np.percentile(pauses, 99):6.1f} ms   over 50 ms: {late}"
    )


def during(name: str, heartbeat: Heartbeat, act: Callable[[], None]) -> None:
    """Do something, with everything that it sets going, and report the pauses meanwhile."""
    settle(100)
    heartbeat.take()
    act()
    report(name, heartbeat.take())


def repeat(times: int, pause: int, act: Callable[[int], None]) -> None:
    """Call `act(i)` a number of times with pauses in between, in milliseconds."""
    loop, left = QEventLoop(), iter(range(times))

    def step() -> None:
        i = next(left, None)
        if i is None:
            loop.quit()
            return
        act(i)
        QTimer.singleShot(pause, step)

    step()
    loop.exec()


def main() -> None:
    """Open, edit, look around."""
    make_application()
    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench(Path(folder))
        window = MainWindow(bench)
        window.resize(1600, 1000)
        window.show()
        settle(300)
        heartbeat = Heartbeat()
        rng = np.random.default_rng(0)
        picture = Picture("fifty megapixels", rng.random((3, *SIZE), dtype=np.float32))
        pipeline = deep_pipeline()

        def open_all() -> None:
            bench.document.show_picture("Open", picture)
            bench.document.open_pipeline("Open", pipeline, None)
            settle_work(bench)

        during("open picture and 22 layers", heartbeat, open_all)
        first = pipeline.nodes[0].name

        def edit(i: int) -> None:
            kernel = np.full((3, 3), 0.1 + 0.01 * i, np.float32)
            changed = bench.document.pipeline.with_layers({first: fl.Filter2d(kernel)})
            bench.document.edit("Edit", changed, merge="bench")

        during("20 kernel edits, 60 ms apart", heartbeat, lambda: repeat(20, 60, edit))
        during("until all is computed again", heartbeat, lambda: settle_work(bench))
        view, pin = bench.view, bench.selection.set_pin
        during(
            "zoom and pan, 60 steps",
            heartbeat,
            lambda: repeat(
                60, 16, lambda i: view.set(crop=(20.0 * i, 30.0 * i, 3000 - 45.0 * i, 4500 - 70.0 * i))
            ),
        )
        view.set(crop=None)
        last = pipeline.nodes[-1].name
        during("60 pins", heartbeat, lambda: repeat(60, 16, lambda i: pin(Spot(last, 0, i, i))))
        for mode in ("overview", "single", "side"):
            during(f"mode {mode}", heartbeat, lambda mode=mode: (view.set(mode=mode), settle(400)))
        bench.document.undo()
        bench.close()


if __name__ == "__main__":
    main()
