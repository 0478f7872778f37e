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


def test_all_that_stands_in_the_table_can_be_read(window):
    model, table = window.sorted, window.table
    metrics, header = table.fontMetrics(), table.horizontalHeader()
    for column in range(_NAME + 1, model.columnCount()):
        room = table.columnWidth(column)
        assert room >= header.sectionSizeHint(column)
        texts = [model.index(row, column).data() for row in range(model.rowCount())]
        assert max(map(metrics.horizontalAdvance, texts)) < room
    names_room = table.columnWidth(_NAME)
    assert max(map(metrics.horizontalAdvance, names(window))) < names_room
    assert model.index(0, _NAME).data(Qt.ItemDataRole.ToolTipRole) == names(window)[0]
