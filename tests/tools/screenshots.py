"""The README's pictures of the window: `python tests/tools/screenshots.py FOLDER`, without a display."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from filterlab.gui.bench.selection import Spot
from filterlab.gui.start import save_picture, settle_work, staged
from filterlab.gui.window import MainWindow
from filterlab.lessons import lessons
from filterlab.resources import examples, samples

SIZE = (1440, 900)


@dataclass(frozen=True)
class Scene:
    """What a picture shows: files, the pinned value, the node whose settings are shown, modes and looks.

    level: of the explanation. lesson: the number of a lesson that is played instead, and its step.
    """

    sample: str = ""
    example: str = ""
    pin: Spot | None = None
    node: str = ""
    mode: str = "side"
    level: str = "window"
    theme: str = "light"
    language: str = "en"
    lesson: tuple[int, int] | None = None


EDGES = Spot("sobel-x", 0, 88, 300)
DEEP = Spot("conv_1_2", 2, 20, 24)
SCENES = {
    "window-light": Scene("coffee", "edges", EDGES, "sobel-x"),
    "window-dark": Scene(
        "astronaut", "tiny-vgg-like", Spot("max_pool_2", 2, 3, 5), "conv_1_2", "overview", theme="dark"
    ),
    "explain-overview": Scene("astronaut", "tiny-vgg-like", DEEP, "conv_1_2", level="overview"),
    "explain-unit": Scene("astronaut", "tiny-vgg-like", DEEP, "conv_1_2", level="unit"),
    "explain-window": Scene("astronaut", "tiny-vgg-like", DEEP, "conv_1_2", level="window"),
    "lesson-en": Scene(lesson=(4, 1)),
    "lesson-zh": Scene(lesson=(4, 1), language="zh_CN", theme="dark"),
}


def main(folder: Path) -> None:
    """Write all pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        files = [samples()[scene.sample], examples()[scene.example]] if scene.sample else []
        with staged(files, scene.theme, SIZE, scene.language) as window:
            set_up(window, scene)
            settle_work(window.bench)
            save_picture(window, folder / f"{name}.png")
            print(folder / f"{name}.png")


def set_up(window: MainWindow, scene: Scene) -> None:
    """Bring the window to what the scene shows."""
    if scene.lesson is not None:
        number, step = scene.lesson
        window.lessons_dock.show()
        window.lessons.player.start(lessons()[number - 1], step)
        return
    window.bench.view.set(mode=scene.mode)
    window.bench.selection.set_pin(scene.pin)
    window.bench.selection.select("image")  # brings the wall back to its first column
    window.bench.selection.select(scene.node)
    window.explain.show_level(scene.level)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
