"""Pictures of the window, made without a display.

`python tests/tools/screenshots.py FOLDER` makes those of the README; `python tests/tools/screenshots.py FOLDER screens`
makes those by which its look is judged: on screens of several sizes, light and dark. QT_SCALE_FACTOR makes the latter
for one screen of that density.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from filterlab.gui.bench.selection import Spot
from filterlab.gui.start import save_picture, settle_work, staged
from filterlab.gui.window import MainWindow
from filterlab.lessons import lessons
from filterlab.resources import examples, samples

SIZE = (1440, 900)
SCREENS = ((1366, 768), (1920, 1080), (2560, 1440))
DENSE = (1366, 768)  # logical pixels of a screen with several pixels for each of them


@dataclass(frozen=True)
class Scene:
    """What a picture shows: files, the pinned value, the node whose settings are shown, modes and looks.

    level: of the explanation. lesson: the name of a lesson that is played instead, and its step, whose
    prediction is made.
    """

    sample: str = ""
    example: str = ""
    pin: Spot | None = None
    node: str = ""
    mode: str = "side"
    level: str = "window"
    theme: str = "light"
    language: str = "en"
    lesson: tuple[str, int] | None = None


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
    "lesson-en": Scene(lesson=("padding", 1)),
    "lesson-zh": Scene(lesson=("padding", 1), language="zh_CN", theme="dark"),
}


JUDGED = {
    "start": Scene(),
    "edges": Scene("coffee", "edges", node="edges"),
    "pinned": Scene("astronaut", "tiny-vgg-like", DEEP, "conv_1_2"),
    "lesson": Scene(lesson=("padding", 1)),
    "chinese": Scene("astronaut", "tiny-vgg-like", DEEP, "conv_1_2", language="zh_CN"),
}


def readme(folder: Path) -> None:
    """Write the pictures of the README into `folder`."""
    for name, scene in SCENES.items():
        take(scene, SIZE, folder / f"{name}.png")


def screens(folder: Path) -> None:
    """Write a picture of each scene on each screen in each theme into `folder`."""
    factor = os.environ.get("QT_SCALE_FACTOR", "")
    for width, height in (DENSE,) if factor else SCREENS:
        for theme in ("light", "dark"):
            for name, scene in JUDGED.items():
                density = f"@{factor}" if factor else ""
                target = folder / f"{name}-{theme}-{width}x{height}{density}.png"
                take(replace(scene, theme=theme), (width, height), target)


def take(scene: Scene, size: tuple[int, int], target: Path) -> None:
    """Write a picture of one scene in a window of this size, (width, height) in logical pixels."""
    target.parent.mkdir(parents=True, exist_ok=True)
    files = [samples()[scene.sample], examples()[scene.example]] if scene.sample else []
    with staged(files, scene.theme, size, scene.language) as window:
        set_up(window, scene)
        settle_work(window.bench)
        save_picture(window, target)
        print(target)


def set_up(window: MainWindow, scene: Scene) -> None:
    """Bring the window to what the scene shows."""
    if scene.lesson is not None:
        name, step = scene.lesson
        lesson = next(lesson for lesson in lessons() if lesson.name == name)
        window.lessons_dock.show()
        window.lessons.player.progress.settle(lesson, step, True)
        window.lessons.player.start(lesson, step)
        return
    if not scene.sample:
        return  # the page that one starts from
    window.bench.view.set(mode=scene.mode)
    window.bench.selection.set_pin(scene.pin)
    window.bench.selection.select("image")  # brings the wall back to its first column
    window.bench.selection.select(scene.node)
    window.explain.show_level(scene.level)


if __name__ == "__main__":
    (screens if "screens" in sys.argv[2:] else readme)(Path(sys.argv[1]))
