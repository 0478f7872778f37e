"""Edge maps can be read: how much of a tile differs from zero's colour, and how strongly, on sample photographs."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.wall import Wall
from filterlab.resources import resource
from tests.images.colorimetry import ciede2000, lab

SEEN = 5.0  # a difference of CIEDE2000 that people see side by side
PHOTOGRAPHS = sorted(
    path.name
    for path in resource("samples").iterdir()
    if path.suffix in (".png", ".jpg") and "digit" not in path.name
)
# Of these, the first has the fewest values apart from zero, and the second the least contrast.
CHOSEN = ["rocket.jpg", "noisy_camera.png", "coffee.png"]


def seen(image):
    """The pixels of an image as L*, a*, b*."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 3 * image.width()].reshape(-1, 3)
    # Each colour once: a tile has thousands of pixels of each.
    colors, where = np.unique(pixels @ np.array([1 << 16, 1 << 8, 1]), return_inverse=True)
    table = lab(np.stack([colors >> shift & 255 for shift in (16, 8, 0)], axis=-1) / 255)
    return table[where]


@pytest.fixture
def wall(bench, settle, qtbot, request):
    bench.document.open_pipeline("Open", fl.Pipeline.load(resource("pipelines", "edges.json")), None)
    name = request.getfixturevalue("name")
    bench.document.show_picture("Open", Picture(name, fl.read_image(resource("samples", name))))
    settle(bench)
    wall = Wall(bench)
    qtbot.addWidget(wall)
    return wall


def check(wall, theme):
    wall.bench.theme.set(theme)
    wall.refresh()
    picture = seen(wall.map_image("image", None))[:, 0].std()
    for node in ("sobel-x", "sobel-y"):
        strip = wall.view.content.strips[node]
        assert strip.tone.colormap == f"signed-{theme}"
        ground = lab(np.array([0x14, 0x16, 0x1A] if theme == "dark" else [0xFB, 0xFB, 0xF9]) / 255)
        for entry in range(strip.count):
            pixels = seen(wall.map_image(node, strip.channel(entry)))
            apart = (ciede2000(pixels, ground[None]) > SEEN).mean()
            assert apart >= 0.2, f"{node} [{strip.label(entry)}]: {apart:.1%} differ from zero"
            contrast = pixels[:, 0].std() / picture
            assert contrast >= 1 / 3, (
                f"{node} [{strip.label(entry)}]: {contrast:.2f} of the picture's contrast"
            )


@pytest.mark.parametrize("name", CHOSEN)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_are_seen(wall, name, theme):
    check(wall, theme)


@pytest.mark.soak
@pytest.mark.parametrize("name", PHOTOGRAPHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_are_seen_on_every_photograph(wall, name, theme):
    check(wall, theme)
