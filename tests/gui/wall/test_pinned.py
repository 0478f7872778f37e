"""What the wall shows of a value that is pinned elsewhere, by a link or a lesson."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.bench.selection import Spot


@pytest.fixture
def tall(wall, opened, renew):
    """Forty channels, of which a few are on the screen."""
    weight = np.ones((40, 3, 1, 1), np.float32)
    opened.document.edit("many", fl.Pipeline([("many", fl.Conv2d(weight=weight)), ("act", fl.ReLU())]))
    opened.view.set(mode="side")
    renew(wall)
    return wall


def test_nothing_is_scrolled_away_side_by_side(tall, opened):
    before = tall.view.offset.y()
    for channel in (0, 1, 30):
        opened.selection.set_pin(Spot("many", channel, 5, 5))
        assert tall.view.offset.y() == before


def test_single_shows_the_pinned_map(tall, opened, renew):
    opened.selection.select("many")
    opened.view.set(mode="single")
    renew(tall)
    opened.selection.set_pin(Spot("many", 17, 3, 3))
    assert tall.view.entries["many"] == 17
    assert tall.view.sheet.columns[0].first == 17
    opened.selection.set_pin(Spot("image", 1, 3, 3))
    renew(tall)
    assert tall.view.entries.get("image", 0) == 0


@pytest.mark.parametrize("pinned", [True, False])
def test_a_map_is_copied_though_its_channel_is_gone(tall, opened, renew, qapp, pinned):
    opened.view.set(mode="single")
    opened.selection.select("many")
    opened.selection.set_pin(Spot("many", 30, 5, 5))
    renew(tall)
    if not pinned:
        opened.selection.set_pin(None)
    opened.document.edit("one", fl.Pipeline([("many", fl.Conv2d(weight=np.ones((1, 3, 1, 1))))]))
    renew(tall)
    assert tall.selected_map() == ("many", 0)
    opened.commands.action("view.copy_map").trigger()
    assert not qapp.clipboard().image().isNull()
    qapp.clipboard().clear()
