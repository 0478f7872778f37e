"""The ledger as a table."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from filterlab.gui.chain.large.figures import _MACS, _MEMORY, _NAME, _PARAMETERS


@pytest.fixture
def window(panel, large):
    """The open table."""
    large.commands.refresh()
    large.commands.action("layer.ledger").trigger()
    yield panel.large.window
    panel.large.window.close()


def names(window):
    model = window.sorted
    return [model.index(row, _NAME).data() for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("column", "figure"), [(_PARAMETERS, "parameters"), (_MACS, "macs"), (_MEMORY, "bytes")]
)
def test_the_table_sorts_by_figures(window, large, network, column, figure):
    assert names(window) == [step.name for step in network.steps]
    window.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    figures = [getattr(large.results.row(name), figure) for name in names(window)]
    assert figures == sorted(figures, reverse=True)
    assert len(set(figures)) > 1


def test_a_row_selects_its_node_and_a_node_its_row(window, large, panel):
    window.table.sortByColumn(_MACS, Qt.SortOrder.DescendingOrder)
    window.table.selectRow(3)
    assert large.selection.node == names(window)[3]
    large.selection.select("n40")
    assert names(window)[window.table.currentIndex().row()] == "n40"


def test_the_table_follows_the_document(window, large, pipeline, settle):
    large.document.open_pipeline("Small", pipeline, None)
    settle(large)
    assert names(window) == ["sobel", "relu", "pool", "blur"]
