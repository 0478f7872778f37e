"""The pipeline panel over a small pipeline."""

from __future__ import annotations

import pytest

from filterlab.gui.chain import ChainPanel


@pytest.fixture
def panel(opened, qtbot):
    """The panel over sobel -> relu -> pool and blur, shown."""
    panel = ChainPanel(opened)
    qtbot.addWidget(panel)
    panel.resize(260, 640)
    panel.show()
    return panel
