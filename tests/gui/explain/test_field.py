"""The effective receptive field over the picture, and what a weight touches, on the wall."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from filterlab.explain.lattice import Lattice
from filterlab.gui.bench.overlays import FieldOverlay, TouchOverlay
from filterlab.gui.bench.selection import Spot
from filterlab.gui.wall import Wall
from filterlab.images.tints import Heat, heat


@pytest.fixture
def wall(shown, qtbot, settle):
    widget = Wall(shown)
    qtbot.addWidget(widget)
    widget.resize(900, 500)
    widget.show()
    settle(shown)
    widget.refresh()
    return widget


def switch(bench):
    bench.commands.refresh()
    bench.commands.action("view.effective_field").trigger()


@pytest.mark.parametrize("cell", [("pool", None, 4, 5), ("conv", 0, 0, 0), ("linear", 3, 0, 0)])
def test_it_is_the_provenance_of_the_pinned_value(panel, shown, network, picture, qtbot, cell):
    if cell[1] is None:  # a channel that is not shut by its activation
        values = network.run(picture.pixels)["pool"][:, 4, 5]
        cell = ("pool", int(values.argmax()), 4, 5)
    shown.selection.set_pin(Spot(*cell))
    switch(shown)
    qtbot.waitUntil(lambda: shown.overlays.field is not None)
    expected = heat(network.provenance(picture.pixels, *cell).influence)
    found = shown.overlays.field.heat
    assert (found.top, found.left) == (expected.top, expected.left)
    np.testing.assert_array_equal(found.weights, expected.weights)


def test_it_follows_the_pin_and_the_document(panel, shown, qtbot, settle):
    shown.selection.set_pin(Spot("conv", 0, 5, 5))
    switch(shown)
    qtbot.waitUntil(lambda: shown.overlays.field is not None)
    first = shown.overlays.field
    shown.selection.set_pin(Spot("conv", 0, 30, 30))
    qtbot.waitUntil(lambda: shown.overlays.field is not None and shown.overlays.field is not first)
    assert (shown.overlays.field.heat.top, shown.overlays.field.heat.left) == (29, 29)
    pipeline = shown.document.pipeline
    shown.document.edit(
        "pad", pipeline.with_layers({"conv": pipeline["conv"].replace(dilation=2, padding=2)})
    )
    assert shown.overlays.field is None
    settle(shown)
    qtbot.waitUntil(lambda: shown.overlays.field is not None)
    assert (shown.overlays.field.heat.top, shown.overlays.field.heat.left) == (28, 28)
    shown.selection.set_pin(None)
    qtbot.waitUntil(lambda: shown.overlays.field is None)


def test_it_is_switched_off_again(panel, shown, qtbot):
    shown.commands.refresh()
    assert not shown.commands.action("view.effective_field").isEnabled()
    shown.selection.set_pin(Spot("conv", 0, 5, 5))
    switch(shown)
    assert shown.commands.action("view.effective_field").isChecked()
    qtbot.waitUntil(lambda: shown.overlays.field is not None)
    switch(shown)
    assert shown.overlays.field is None
    assert not shown.commands.action("view.effective_field").isChecked()


def middle(wall, node, entry, row, col):
    view = wall.view
    point = view.point_of(Spot(node, entry, row, col))
    image = wall.grab_wall(1.0)
    return image.pixelColor(round(point.x()), round(point.y()))


def test_the_wall_draws_the_field_over_the_picture_only(wall, shown):
    before = {node: middle(wall, node, 0, 20, 20) for node in ("image", "conv")}
    whole = Heat(18, 18, np.ones((5, 5)))
    shown.overlays.set_field(FieldOverlay(whole, "plasma"))
    red, green, blue, _ = QColor.fromRgba(int(whole.pixels("plasma")[0, 0])).getRgb()
    found = middle(wall, "image", 0, 20, 20)
    # Nine tenths of a heat that covers most of what lies below.
    for new, full in zip(found.getRgb()[:3], (red, green, blue), strict=True):
        assert abs(new - full) < 60
    assert found != before["image"]
    assert middle(wall, "conv", 0, 20, 20) == before["conv"]
    shown.overlays.set_field(None)
    assert middle(wall, "image", 0, 20, 20) == before["image"]


@pytest.mark.parametrize("step", [1, 4])
def test_the_wall_lights_what_a_weight_touches(wall, shown, step):
    shown.view.set(crop=(0.0, 0.0, 16.0, 16.0))
    wall.refresh()
    cells = [(4, 4), (4 + step, 4), (5, 6), (1, 1)]
    before = [middle(wall, "conv", 0, *cell) for cell in cells]
    lattice = Lattice(4 - step, 4 - step, (step, step), (3, 3))
    shown.overlays.set_touch(TouchOverlay("conv", 0, lattice, QColor(0, 0, 255)))
    after = [middle(wall, "conv", 0, *cell) for cell in cells]
    lit = [a != b for a, b in zip(before, after, strict=True)]
    assert lit == [True, True, False, step == 4 and False]
    shown.overlays.set_touch(None)
    assert [middle(wall, "conv", 0, *cell) for cell in cells] == before


def test_a_lattice_in_the_padding_alone_lights_nothing(wall, shown):
    before = wall.grab_wall(1.0)
    shown.overlays.set_touch(TouchOverlay("conv", 0, Lattice(-5, -5, (2, 2), (2, 2)), QColor(0, 0, 255)))
    assert wall.grab_wall(1.0) == before
