from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication

from filterlab.gui.compare import Comparing
from filterlab.gui.wall import Wall


@pytest.fixture
def comparing(opened, qtbot):
    """A wall over the opened test picture and pipeline, and a page of 700 x 560 pixels that shows comparisons."""
    wall = Wall(opened)
    found = Comparing(opened, wall, wall)
    for widget in (wall, found.page):
        qtbot.addWidget(widget)
    found.page.resize(700, 560)
    wall.show()
    found.active_changed.connect(lambda: found.page.setVisible(found.active))
    return found


@pytest.fixture
def of_nodes(comparing, qtbot):
    """Compare two maps of the pipeline: `of_nodes("sobel", "blur")`, with channels if they are not the first."""

    def make(a, b, channels=(0, 0)):
        comparing.choose(a, channels[0], False)
        comparing.choose(b, channels[1], True)
        return shown(comparing, qtbot, a, b)

    return make


def shown(comparing, qtbot, a, b):
    """Wait until both maps are shown, and return the pair."""

    def there():
        pair = comparing.page.view.pair
        return pair is not None and (pair.a.node, pair.b.node) == (a, b)

    qtbot.waitUntil(there)
    # The table may have grown by a row, which leaves less room for the maps.
    QCoreApplication.processEvents()
    return comparing.page.view.pair
