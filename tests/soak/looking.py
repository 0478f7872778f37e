"""Looks at a large picture in a window, and prints what that took of memory, and the values at some places."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.window import MainWindow

SIDES = (20_000, 5_000, 1_500, 300, 12)  # rows and columns that are looked at, one after the other


def wait(window: MainWindow, until: Callable[[], object]) -> None:
    """Let the window work until something is there, and paint it."""
    while not until():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
    window.grab()
    QApplication.processEvents()


def peak() -> int:
    """The most memory that the process has taken, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def look(window: MainWindow, row: int, col: int) -> float:
    """Zoom in to a place, and return the value of the node "edges" there."""
    bench, spot = window.bench, Spot("edges", 0, row, col)
    for side in SIDES:
        bench.view.set(crop=(row - side / 2, col - side / 2, side, side))
        for _ in range(3):  # what is painted may ask for more
            window.grab()
            wait(window, lambda: not bench.results.tiles.busy)
    bench.selection.set_pin(spot)
    wait(window, lambda: bench.results.value(spot) is not None)
    return float(bench.results.value(spot))


def main(file: str, pipeline: str, home: str, budget: str, places: str) -> Iterator[str]:
    """Yield the line to print."""
    _application = QApplication([])
    bench = Workbench(Path(home))
    bench.set_map_memory(int(budget))
    window = MainWindow(bench)
    window.resize(1200, 800)
    window.show()
    QApplication.processEvents()
    before = peak()
    window.files.open_paths([Path(pipeline), Path(file)])
    wait(window, lambda: bench.document.picture is not None and not bench.results.busy)
    wait(window, lambda: bench.document.picture.pixels.complete)
    values = [look(window, row, col) for row, col in json.loads(places)]
    texts = [message.text for message in bench.messages.all if message.level != "note"]
    yield json.dumps({"before": before, "peak": peak(), "values": values, "texts": texts})
    bench.close()


if __name__ == "__main__":
    for line in main(*sys.argv[1:]):
        print(line)
