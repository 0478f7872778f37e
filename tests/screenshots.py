"""The README's pictures of the window: `python tests/screenshots.py FOLDER`, without a display."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from filterlab.gui.selection import Spot
from filterlab.gui.start import save_picture, settle_work, staged
from filterlab.resources import examples, samples


@dataclass(frozen=True)
class Scene:
    """What a picture shows: files, theme, the pinned value, the node whose settings are shown, the wall's mode."""

    sample: str
    example: str
    theme: str
    pin: Spot
    node: str
    mode: str = "side"


SCENES = {
    "window-light.png": Scene("coffee", "edges", "light", Spot("edges", 0, 88, 300), "sobel-x"),
    "window-dark.png": Scene(
        "astronaut", "tiny-vgg-like", "dark", Spot("max_pool_2", 2, 3, 5), "conv_1_2", "overview"
    ),
}


def main(folder: Path) -> None:
    """Write all pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        files = [samples()[scene.sample], examples()[scene.example]]
        with staged(files, scene.theme, (1440, 900)) as window:
            window.bench.view.set(mode=scene.mode)
            window.bench.selection.set_pin(scene.pin)
            window.bench.selection.select(scene.node)
            settle_work(window.bench)
            save_picture(window, folder / name)
            print(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
