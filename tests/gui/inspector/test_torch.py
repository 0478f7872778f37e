"""The inspector shows how a layer is written in PyTorch, and where the defaults differ."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

import filterlab as fl
from filterlab.gui.inspector import Inspector


@pytest.fixture
def section(bench, qtbot):
    """The group of an inspector, unfolded, for a layer: `section(layer)`."""
    inspector = Inspector(bench)
    qtbot.addWidget(inspector)
    assert inspector.torch.folded

    def show(layer):
        bench.document.open_pipeline("Open", fl.Pipeline([("layer", layer)]), None)
        bench.selection.select("layer")
        if inspector.torch.folded:
            inspector.torch.heading.click()
        return inspector.torch

    return show


def test_the_line_is_that_of_the_layer_and_is_copied(section):
    shown = section(fl.Conv2d(np.ones((4, 3, 3, 3)), np.zeros(4), stride=2))
    assert shown.line.text() == "nn.Conv2d(3, 4, 3, stride=2)"
    assert shown.note.isHidden()
    shown.copy_button.click()
    assert QGuiApplication.clipboard().text() == "nn.Conv2d(3, 4, 3, stride=2)"


def test_a_layer_without_a_bias_says_what_pytorch_does_by_default(section):
    shown = section(fl.Conv2d(np.ones((4, 3, 3, 3))))
    assert "bias=False" in shown.line.text()
    assert shown.note.text() == "PyTorch adds a bias by default"
    assert section(fl.ReLU()).note.isHidden()


def test_a_layer_without_an_equivalent_has_nothing_to_copy(section):
    shown = section(fl.Reduce(operation="argmax", over="space"))
    assert shown.line.text() == "PyTorch has nothing that does the same"
    assert not shown.copy_button.isEnabled()
