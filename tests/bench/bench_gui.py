"""How long the window takes, how long it pauses meanwhile, and the most memory: each case in a process of its own.

    python tests/bench/bench_gui.py [CASE...] [--models FOLDER] [--json FILE] [--times N] [--stacks]

Of several times the least counts: whatever else a machine does makes a figure larger, nothing makes it smaller.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from filterlab.layers.base.layer import Layer

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.large_pictures import FIFTY, deep, part, show, tight  # noqa: E402 - found only now

SAMPLES = ROOT / "resources" / "samples"
MODELS = ROOT / "out" / "models"
TWELVE = (3000, 4000)
WANTED = {  # milliseconds; what is not listed here has no wish of its own but the longest pause
    "resnet50 all maps": 3000,
    "edges edit": 50,
    "layers edit": 150,
    "jpeg preview": 1000,
    "part edit": 100,
    "help": 250,
    "painted": 1000,
}
MOST = {"tight opened": 3 << 10, "tight edit": 3 << 10}  # mebibytes of memory
REST = 100  # milliseconds before each case
PAUSE = 50  # milliseconds that the window may not answer at the longest


class SkippedError(Exception):
    """The case cannot be measured here; its text says why."""


class Stage:
    """A window on the offscreen platform, and a list of what was measured in it."""

    def __init__(self, folder: Path, *, stacks: bool) -> None:
        from filterlab.gui.bench.workbench import Workbench
        from filterlab.gui.start import make_application, settle, warm_up
        from filterlab.gui.window import MainWindow
        from tests.bench.pauses import Heartbeat

        make_application()
        self.rows: list[dict[str, Any]] = []
        self.bench = Workbench(folder)
        self.window = MainWindow(self.bench)
        self.window.resize(1600, 1000)
        self.window.show()
        self.settle = settle
        warm_up()
        settle(1500)  # a person, too, looks first
        self.heart = Heartbeat(look=stacks)

    def wait(self, reached: Callable[[], bool] | None = None) -> None:
        """Until a condition holds: all files read and all maps there and painted, unless another is given."""
        from PySide6.QtCore import QCoreApplication

        from filterlab.gui.start import wait_until

        results, background = self.bench.results, self.bench.background
        wait_until(reached or (lambda: not (results.busy or background.loading)), 120, every=2)
        # What the last map has set going, its painting above all, is waiting in the queue by now.
        for _ in range(3):
            QCoreApplication.processEvents()

    def measure(
        self, name: str, act: Callable[[], Any], reached: Callable[[], bool] | None = None, *, after: int = 0
    ) -> None:
        """Act, wait, and note the time, the longest pause and the memory. after: milliseconds to watch on."""
        self.settle(REST)
        self.heart.restart()
        self.heart.stacks.clear()
        start = time.perf_counter()
        act()
        self.wait(reached)
        took = 1000 * (time.perf_counter() - start)
        if after:
            self.settle(after)
        pause, worked = self.heart.take()
        self.rows.append(
            {
                "case": name,
                "ms": took,
                "pause_ms": pause,
                "pause_work_ms": worked,
                "peak_mib": peak_mebibytes(),
            }
        )
        for stack, count in self.heart.stacks.most_common(5):
            print(f"--- {name}: {count} x\n      {stack}", file=sys.stderr)


def peak_mebibytes() -> float:
    """The most memory that this process has held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


# -- cases ------------------------------------------------------------------------------------------------


def network(stage: Stage, folder: Path, models: Path, name: str) -> None:
    """A network opened with a photograph, prepared, edited, and its heaviest layers looked at."""
    from PIL import Image

    from filterlab.graph.editing import set_enabled
    from filterlab.graph.nodes import Spot
    from filterlab.layers.base.weights import Weights

    found = sorted(models.glob(f"*{name}.onnx"))
    if not found:
        raise SkippedError(f"there is no *{name}.onnx in {models}")
    document, selection, window = stage.bench.document, stage.bench.selection, stage.window

    def numbers(layer: Layer) -> int:
        return sum(prod(value.shape) for value in layer.raw().values() if isinstance(value, Weights))

    def prepare() -> None:
        next(b for b in window.preparing.buttons if b.property("role") == "primary").click()

    def opened() -> bool:
        return document.path is not None and not (stage.bench.results.busy or stage.bench.background.loading)

    Image.open(SAMPLES / "chelsea.png").resize((224, 224)).save(folder / "cat.png")
    # The recovery file is written two seconds after an edit, and must not make the window wait either.
    stage.measure(
        f"{name} all maps",
        lambda: window.files.open_paths([folder / "cat.png", found[0]]),
        opened,
        after=3000,
    )
    stage.measure(f"{name} prepared, all maps anew", prepare, after=3000)
    floor(stage, name)
    by_weights = sorted(document.pipeline.nodes, key=lambda node: -numbers(node.layer))
    for node in by_weights[:2]:
        stage.measure(f"{name} select {node.name}", lambda node=node: selection.select(node.name), after=500)
    early = document.pipeline.nodes[len(document.pipeline) // 4]
    stage.measure(f"{name} pin {early.name}", lambda: selection.set_pin(Spot(early.name, 0, 3, 3)), after=500)
    first = next(n for n in document.pipeline.nodes if n.layer.key in ("conv2d", "batch_norm2d"))

    def edit() -> None:
        document.edit("Disable", set_enabled(document.pipeline, [first.name], False))

    stage.measure(f"{name} edit at the start", edit, after=3000)
    stage.measure(f"{name} undo", document.undo, after=3000)


def floor(stage: Stage, name: str) -> None:
    """The engine alone: processor time of all maps of the open network."""
    picture, pipeline = stage.bench.document.picture, stage.bench.document.pipeline
    assert picture is not None
    start, clock = time.process_time(), time.perf_counter()
    pipeline.run(picture.pixels)
    took = 1000 * (time.perf_counter() - clock)
    work = 1000 * (time.process_time() - start)
    stage.rows.append(
        {"case": f"{name} engine alone", "ms": took, "processor_ms": work, "peak_mib": peak_mebibytes()}
    )


def edges(stage: Stage) -> None:
    """A cell of a kernel turned, over twelve megapixels in grey."""
    import numpy as np

    import filterlab as fl

    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)
    _turned(stage, "edges", (1, *TWELVE), fl.Pipeline([("edges", fl.Filter2d(kernel))]), kernel)


def layers(stage: Stage) -> None:
    """The first of five layers edited, over two megapixels in colour."""
    import numpy as np

    import filterlab as fl

    kernel = np.full((3, 3), 1 / 9, np.float32)
    rest = [fl.ReLU(), fl.Filter2d({"preset": "sobel"}), fl.Abs(), fl.MaxPool2d(2)]
    _turned(stage, "layers", (3, 1250, 1600), fl.Pipeline([("first", fl.Filter2d(kernel)), *rest]), kernel)


def _turned(stage: Stage, name: str, shape: tuple[int, ...], pipeline: Any, kernel: Any) -> None:
    """The least time from an edit of a cell to the painted maps."""
    import filterlab as fl

    document = stage.bench.document
    show(stage, shape, pipeline)
    first = pipeline.nodes[0].name

    def edit(i: int) -> None:
        changed = kernel.copy()
        changed[1, 1] = 0.1 * i
        document.edit("Edit", document.pipeline.with_layers({first: fl.Filter2d(changed)}), merge="bench")

    for i in range(1, 8):
        stage.measure(f"{name} edit", lambda i=i: edit(i))


def jpeg(stage: Stage, folder: Path) -> None:
    """A photograph of 50 megapixels opened from its file, until a picture is on the screen."""
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (58, 87, 3), dtype=np.uint8))
    small.resize(FIFTY[::-1], Image.Resampling.BICUBIC).save(folder / "fifty.jpg", quality=90)
    document, results = stage.bench.document, stage.bench.results

    def shown() -> bool:
        return document.picture is not None and "image" in results.maps

    # The time of both counts from the opening: the second begins where the preview is seen.
    stage.measure(
        "jpeg preview",
        lambda: stage.window.files.open_paths([folder / "fifty.jpg"]),
        lambda: stage.window.preview.active or shown(),
    )
    before = stage.rows[-1]["ms"] + REST
    stage.measure("jpeg whole picture", lambda: None, shown, after=3000)
    stage.rows[-1]["ms"] += before


def command_help() -> list[dict[str, Any]]:
    """`filterlab --help` in a process of its own."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "filterlab", "--help"], check=True, stdout=subprocess.DEVNULL, cwd=ROOT
    )
    return [{"case": "help", "ms": 1000 * (time.perf_counter() - start)}]


_PAINTED = """
import sys, time
from filterlab.gui.app import load
load()
from PySide6.QtCore import QEvent, QObject
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.painted = True
        return False
from filterlab.gui.desk import Desk
from filterlab.gui.start import make_application
application = make_application()
desk = Desk()
watch = Watch(); watch.painted = False
desk.window.installEventFilter(watch)  # not the application: asking of every event takes a while of its own
desk.window.session.restore()
desk.window.show()
ready = []
desk.ready.connect(lambda: ready.append(time.time()))
while not watch.painted:
    application.processEvents()
print(time.time())
while not ready:
    application.processEvents()
print(ready[0])
sys.stdout.flush()
import os
os._exit(0)
"""


def painted(folder: Path) -> list[dict[str, Any]]:
    """From the start of the interpreter to the first painted window, and until it has all its commands."""
    environment = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    start = time.time()
    run = subprocess.run(
        [sys.executable, "-c", _PAINTED],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    cases = zip(("painted", "complete"), run.stdout.split(), strict=True)
    return [{"case": case, "ms": 1000 * (float(moment) - start)} for case, moment in cases]


# -- one process, one case ----------------------------------------------------------------------------------

CASES = ("help", "painted", "edges", "layers", "part", "jpeg", "deep", "tight", "resnet50", "densenet121")


def run_case(case: str, models: Path, *, stacks: bool) -> list[dict[str, Any]]:
    """What was measured of one case, in this process."""
    if case == "help":
        return command_help()
    with tempfile.TemporaryDirectory(prefix="filterlab-bench-") as name:
        folder = Path(name)
        if case == "painted":
            return painted(folder)
        with staged(folder / "home", stacks=stacks) as stage:
            if case in ("resnet50", "densenet121"):
                network(stage, folder, models, case)
            elif case == "jpeg":
                jpeg(stage, folder)
            else:
                {"edges": edges, "layers": layers, "part": part, "deep": deep, "tight": tight}[case](stage)
            return stage.rows


@contextmanager
def staged(folder: Path, *, stacks: bool) -> Iterator[Stage]:
    """A window with settings of its own, closed in the end."""
    folder.mkdir()
    stage = Stage(folder, stacks=stacks)
    try:
        yield stage
    finally:
        stage.window.session.recovery.end()
        stage.bench.close()


def in_its_own_process(case: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    """The rows of a case, measured in a fresh process, which prints them as lines of JSON."""
    call = [sys.executable, __file__, "--one", case, "--models", str(options.models)]
    run = subprocess.run(call + ["--stacks"] * options.stacks, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if run.returncode:
        return [{"case": case, "skipped": f"the process ended with {run.returncode}"}]
    return [json.loads(line) for line in run.stdout.splitlines()]


def least(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each name, with the least of each figure."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        best = found.setdefault(row["case"], row)
        found[row["case"]] = {
            key: min(value, best[key]) if isinstance(value, float) and key in best else value
            for key, value in row.items()
        }
    return list(found.values())


def table(rows: list[dict[str, Any]]) -> str:
    """The rows for people; an exclamation mark stands at what is over the wish."""
    lines = [f"{'':<44}{'ms':>9}{'wanted':>8}{'pause':>9}{'own work':>9}{'MiB':>8}"]
    for row in rows:
        if "skipped" in row:
            lines.append(f"{row['case']:<44}skipped: {row['skipped']}")
            continue
        wanted = WANTED.get(row["case"])
        over = (wanted is not None and row["ms"] > wanted) or row.get("pause_ms", 0) > PAUSE
        over |= row.get("peak_mib", 0) > MOST.get(row["case"], inf)
        cells = [row["ms"], wanted, row.get("pause_ms"), row.get("pause_work_ms"), row.get("peak_mib")]
        texts = ["" if cell is None else f"{cell:.0f}" for cell in cells]
        work = f"  ({row['processor_ms']:.0f} ms of processor)" if "processor_ms" in row else ""
        lines.append(
            f"{row['case']:<44}{texts[0]:>9}{texts[1]:>8}{texts[2]:>9}{texts[3]:>9}{texts[4]:>8}{' !' * over}{work}"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the cases, or in a process of a case that case."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--models", type=Path, default=MODELS, help="the folder with the networks")
    parser.add_argument("--json", type=Path, help="write the rows there, too, a line each")
    parser.add_argument("--times", type=int, default=3, help="how often; the least counts")
    parser.add_argument("--stacks", action="store_true", help="say where the window was in long pauses")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        try:
            rows = run_case(options.one, options.models.absolute(), stacks=options.stacks)
        except SkippedError as reason:
            rows = [{"case": options.one, "skipped": str(reason)}]
        for row in rows:
            print(json.dumps(row))
        return
    rows = []
    for case in options.cases or CASES:
        found = [row for _ in range(options.times) for row in in_its_own_process(case, options)]
        rows += least(found)
        print(table(least(found)), flush=True)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text("".join(json.dumps(row) + "\n" for row in rows))


if __name__ == "__main__":
    main()
