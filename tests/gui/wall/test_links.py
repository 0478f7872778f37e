"""The curves from the channels that the pinned value reads, the wider the more a channel gives."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

import filterlab as fl
from filterlab.explain.account import shares
from filterlab.explain.explainer import Explainer
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain import ExplainPanel
from filterlab.gui.explain.inquiry import Inquiry
from filterlab.gui.explain.linking import Linking

RNG = np.random.default_rng(3)


def weights(*shape):
    return RNG.normal(size=shape).astype(np.float32)


NETWORK = fl.Pipeline(
    [
        fl.Node("wide", fl.Conv2d(weight=weights(24, 3, 3, 3), padding=1), ("image",)),
        fl.Node("mix", fl.Conv2d(weight=weights(2, 24, 3, 3)), ("wide",)),
        fl.Node("act", fl.Sigmoid(), ("wide",)),
        fl.Node("both", fl.Add(), ("wide", "act")),
        fl.Node("gap", fl.GlobalAvgPool2d(), ("both",)),
        fl.Node("flat", fl.Flatten(), ("gap",)),
        fl.Node("scores", fl.Linear(weight=weights(5, 24)), ("flat",)),
    ]
)


@pytest.fixture
def linked(opened, show, qtbot, settle):
    """A wall and the panel that explains, over a network: `linked(spot)` pins and waits for the links."""
    opened.document.edit("network", NETWORK)
    panel = ExplainPanel(opened)  # never shown: the links do not need it to be open
    qtbot.addWidget(panel)
    wall = show(opened, tile=120)

    def pin(node, channel, row=0, col=0):
        opened.selection.set_pin(Spot(node, channel, row, col))
        qtbot.waitUntil(lambda: opened.overlays.links is not None)
        return wall

    pin.wall, pin.bench = wall, opened
    return pin


def columns(view, node):
    column = view.sheet.column(node)
    return column.left, column.right


def test_each_curve_leads_from_the_box_of_its_channel_to_the_pinned_cell(linked):
    view = linked("mix", 1, 20, 30).view
    boxes = {(box.node, box.entry): box for box in view.boxes(pinned=True)}
    own = boxes["mix", 1]
    assert {link.node for link in view.links()} == {"wide"}
    for link in view.links():
        assert link.end == (own.area.left, own.area.top + own.area.height / 2)
        box = boxes.get(("wide", link.channel))
        if box is not None:  # those below the edge of the view have no box, but a curve that leads there
            assert link.start == (box.area.right, box.area.top + box.area.height / 2)
    tops = [link.start[1] for link in sorted(view.links(), key=lambda link: link.channel)]
    assert tops == sorted(tops)
    assert tops[-1] > view.height()


def test_widths_are_ordered_as_the_contributions_of_the_largest_sixteen(linked, picture):
    links = linked("mix", 0, 20, 30).view.links()
    expected = shares(Explainer(NETWORK, picture.pixels).explain("mix", 0, 20, 30))
    largest = sorted(expected, key=expected.get)[-16:]
    assert [(link.node, link.channel) for link in links] == largest
    widths = [link.width for link in links]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]
    for link in links:
        assert link.strength == pytest.approx(expected["wide", link.channel] / expected[largest[-1]])


def test_they_go_with_the_pin_and_there_are_none_for_the_cursor(linked, qtbot):
    wall = linked("mix", 0, 20, 30)
    assert wall.view.links()
    qtbot.keyClick(wall.view, Qt.Key.Key_Escape)
    assert wall.view.links() == []
    linked.bench.selection.set_hover(Spot("mix", 1, 5, 5))
    qtbot.wait(150)
    assert wall.view.links() == []
    assert linked.bench.overlays.links is None


def test_they_are_painted_in_the_colour_of_the_pin_over_the_gap_between_columns(linked):
    wall = linked("mix", 0, 20, 30)
    view = wall.view
    gap = (columns(view, "wide")[1] + columns(view, "mix")[0]) / 2

    def near(image):
        """The distance of the closest pixel of the gap to the colour of the pin."""
        pin = QColor(linked.bench.theme.colors.pin)
        x = round(gap - view.offset.x())
        found = [image.pixelColor(x, y) for y in range(view.head + 1, image.height())]
        return min(
            abs(c.red() - pin.red()) + abs(c.green() - pin.green()) + abs(c.blue() - pin.blue())
            for c in found
        )

    assert near(wall.grab_wall(1.0)) < 60
    linked.bench.commands.action("view.links").trigger()
    assert near(wall.grab_wall(1.0)) > 150


def test_only_neighbours_on_the_wall_are_joined(linked):
    # "act" reads "wide", but "mix" stands between them.
    assert linked("act", 3, 20, 30).view.links() == []
    # "wide" and "act" stand side by side only where "mix" is hidden.
    view = linked("both", 3, 20, 30).view
    assert {(link.node, link.channel) for link in view.links()} == {("act", 3)}
    linked.bench.view.set(hidden=frozenset({"mix"}))
    near, far = sorted(view.links(), key=lambda link: -link.start[0])
    assert [(link.node, link.channel) for link in (near, far)] == [("act", 3), ("wide", 3)]
    # The one from further away does not seem to lead through the box of the other.
    box = next(box for box in view.boxes(pinned=True) if (box.node, box.entry) == ("act", 3)).area
    assert near.start == (box.right, box.top + box.height / 2)
    heights = [far.path.pointAtPercent(step / 100) for step in range(101)]
    assert max(at.y() for at in heights if box.left < at.x() < box.right) < box.top - 20
    linked.bench.view.set(mode="single")
    assert view.links() == []


def test_bars_are_joined_to_bars(linked):
    view = linked("scores", 2).view
    assert len(view.links()) == 16
    flat, scores = view.sheet.column("flat"), view.sheet.column("scores")
    for link in view.links():
        bar = flat.rect(link.channel)
        assert link.start == (bar.right, bar.top + bar.height / 2)
        assert link.end == (scores.left, scores.rect(2).top + scores.rect(2).height / 2)


def test_they_follow_an_edit(linked, qtbot, settle):
    view = linked("mix", 0, 20, 30).view
    weight = np.zeros((2, 24, 3, 3), np.float32)
    weight[0, 5] = 1
    linked.bench.document.edit("one", NETWORK.with_layers({"mix": fl.Conv2d(weight=weight)}))
    settle(linked.bench)
    # Channels that give nothing have no curve.
    qtbot.waitUntil(lambda: [(link.channel, link.strength) for link in view.links()] == [(5, 1.0)])


def test_the_switch_is_kept_in_the_settings(linked, qtbot):
    linked("mix", 0, 20, 30)
    action = linked.bench.commands.action("view.links")
    assert action.isChecked()
    action.trigger()
    assert linked.bench.overlays.links is None
    assert not linked.bench.settings.value("view/links", True, type=bool)
    linked.bench.settings.sync()
    later = Workbench(linked.bench.folder)
    assert not Linking(later, Inquiry(later), later).on
    later.close()
    later.deleteLater()
