"""The window of all kernels: what it shows, says, and opens in the kernel editor."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab.gui.inspector import Inspector
from filterlab.gui.weights import AllKernels
from filterlab.gui.weights.mosaic import KernelAt

PIPELINE = fl.Pipeline(
    [
        ("first", fl.Conv2d({"init": "kaiming_normal", "seed": 1, "shape": [12, 3, 5, 5]})),
        ("relu", fl.ReLU()),
        ("second", fl.Conv2d({"init": "kaiming_normal", "seed": 2, "shape": [40, 12, 3, 3]})),
        ("depth", fl.Conv2d({"init": "kaiming_normal", "seed": 3, "shape": [40, 1, 3, 3]}, groups=40)),
        ("up", fl.ConvTranspose2d({"init": "kaiming_normal", "seed": 4, "shape": [40, 5, 2, 2]})),
    ]
)


@pytest.fixture
def inspector(qtbot, bench):
    bench.document.edit("open", PIPELINE)
    widget = Inspector(bench)
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def kernels(qtbot, bench, inspector):
    """Opens the window on a node, and waits until its numbers have been found."""
    command = AllKernels(bench, inspector, inspector)

    def opened(node):
        bench.selection.select(node)
        bench.commands.action("layer.weights").trigger()
        qtbot.waitUntil(lambda: command.window.node == node and bool(command.window.panel.view.outputs))
        return command.window

    return opened


def click(qtbot, view, kernel, double=False):
    act = qtbot.mouseDClick if double else qtbot.mouseClick
    act(view.viewport(), Qt.MouseButton.LeftButton, pos=view.kernel_rect(kernel).center())


def colour(view, kernel, row, col):
    cell, corner = view.pitch.cell, view.kernel_rect(kernel).topLeft()
    image = view.viewport().grab().toImage()
    return image.pixelColor(corner.x() + col * cell + cell // 2, corner.y() + row * cell + cell // 2)


def test_the_first_layer_is_shown_as_colour_pictures(kernels):
    view = kernels("first").panel.view
    assert view.as_pictures
    weights = PIPELINE["first"].weight[7]
    expected = np.rint((weights[:, 4, 1] / np.abs(weights).max() + 1) * 127.5)
    assert colour(view, KernelAt(7, 0), 4, 1).getRgb()[:3] == tuple(int(v) for v in expected)


def test_a_click_shows_the_kernel_in_the_editor(qtbot, bench, kernels, inspector):
    window = kernels("second")
    view = window.panel.view
    assert not view.as_pictures
    bench.selection.select("relu")
    click(qtbot, view, KernelAt(2, 5))
    assert bench.selection.node == "second"
    assert inspector.kernel_editor().session.index == (2, 5)
    assert "output 2, input 5: norm" in window.panel.kernel.text()
    click(qtbot, view, KernelAt(1, 1), double=True)
    assert inspector.kernel_editor().large.isVisible()


def test_the_kernels_of_a_transposed_convolution_are_found_by_their_channels(qtbot, kernels, inspector):
    view = kernels("up").panel.view
    assert len(view.outputs) == 5
    click(qtbot, view, KernelAt(3, 7))
    assert inspector.kernel_editor().session.index == (7, 3)


def test_sorting_puts_the_largest_norm_first(kernels):
    panel = kernels("second").panel
    panel.by_norm.setChecked(True)
    norms = np.linalg.norm(PIPELINE["second"].weight.reshape(40, -1), axis=1)
    assert panel.view.outputs[0] == norms.argmax()
    assert panel.view.kernel_rect(KernelAt(int(norms.argmax()), panel.view._inputs[0])).top() == 0
    assert panel.norms.text_at(0.2).startswith(f"output {norms.argmax()}: ")
    assert panel.norms.text_at(40) == ""


def test_single_kernels_fill_the_rows(kernels):
    view = kernels("depth").panel.view
    assert view.columns > 1
    places = [view.kernel_rect(KernelAt(o, 0)) for o in range(view.columns + 1)]
    assert places[-1].left() == places[0].left()
    assert view.kernel_at(places[-1].center()) == KernelAt(view.columns, 0)


def test_only_what_can_be_seen_is_drawn(kernels, monkeypatch):
    view = kernels("second").panel.view
    view.zoom(8)
    asked = []
    draw = view._pixels
    monkeypatch.setattr(
        view, "_pixels", lambda s, rows, cols: asked.append((rows, cols)) or draw(s, rows, cols)
    )
    view.verticalScrollBar().setValue(20 * view.pitch.down)
    view.viewport().repaint()
    rows, _ = asked[-1]
    assert rows.start == 20
    assert len(rows) <= view.viewport().height() // view.pitch.down + 2


def test_the_window_follows_the_selection_and_edits(qtbot, bench, kernels, inspector):
    window = kernels("second")
    bench.selection.select("relu")
    assert window.node == "second"
    bench.selection.select("first")
    qtbot.waitUntil(lambda: window.panel.view.as_pictures)
    old = window.panel.words.text()
    inspector.kernel_editor().session.scale(100)
    qtbot.waitUntil(lambda: window.panel.words.text() != old)
    assert not window.panel.histogram.curves[0].getData()[0][0] > -10


def test_the_command_needs_a_layer_with_kernels(bench, inspector):
    command = AllKernels(bench, inspector, inspector)
    action = bench.commands.action("layer.weights")
    for node, usable in (("relu", False), ("first", True), ("image", False)):
        bench.selection.select(node)
        bench.commands.refresh()
        assert action.isEnabled() is usable
    assert command.window is None


def test_the_inspector_has_a_button_for_it(qtbot, bench, inspector):
    inspector.resize(320, 900)
    command = AllKernels(bench, inspector, inspector)
    bench.selection.select("second")
    bench.commands.refresh()
    editor = next(e for e in inspector.form.findChildren(object) if hasattr(e, "all_kernels"))
    qtbot.waitUntil(lambda: not editor.all_kernels.visibleRegion().isEmpty())  # it has been laid out
    qtbot.mouseClick(editor.all_kernels, Qt.MouseButton.LeftButton)
    assert command.window is not None
    assert command.window.isVisible()
