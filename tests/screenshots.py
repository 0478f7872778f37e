"""The README's pictures of the window: `python tests/screenshots.py FOLDER`, without a display."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from filterlab.gui.selection import Spot
from filterlab.gui.start import save_picture, settle_work, staged
from filterlab.resources import examples, samples

PICTURES = {
    "window-light.png": ("coffee", "edges", "light", Spot("edges", 0, 145, 289)),
    "window-dark.png": ("astronaut", "tiny-vgg-like", "dark", None),
}


def main(folder: Path) -> None:
    """Write all pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (sample, example, theme, pin) in PICTURES.items():
        with staged([samples()[sample], examples()[example]], theme, (1440, 900)) as window:
            window.bench.selection.set_pin(pin)
            settle_work(window.bench)
            save_picture(window, folder / name)
            print(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
