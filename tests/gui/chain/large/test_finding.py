"""Finding nodes in a large graph."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab.graph import Node
from filterlab.gui.chain.large import finding
from filterlab.gui.chain.large.finding import matches


@pytest.fixture
def bar(panel, large):
    """The open field."""
    large.commands.action("layer.find").trigger()
    return panel.large.find_bar


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("body", True),
        ("max", True),
        ("MaxPool", True),
        ("pooling body", True),
        ("64x56x56", True),
        ("64 × 56 ×56", True),
        ("56x56", True),
        ("Conv", False),
        ("body conv", False),
        ("64x57", False),
    ],
)
def test_nodes_match_by_name_kind_operator_and_shape(query, found):
    node = Node("body.pool1", fl.MaxPool2d(2), ("image",))
    assert matches(query, node, (64, 56, 56)) is found


def test_kinds_are_found_in_both_languages(monkeypatch):
    monkeypatch.setattr(finding, "tr", lambda text: {"Max pooling": "最大池化"}.get(text, text))
    node = Node("a", fl.MaxPool2d(2), ("image",))
    assert matches("池化", node, None)
    assert matches("max pooling", node, None)


def test_enter_goes_from_one_to_the_next(bar, large, labels, qtbot):
    qtbot.keyClicks(bar.field, "sum")
    assert bar.count.text() == "9 found"
    assert large.selection.node == "image", "typing alone moves nothing"
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert (bar.count.text(), large.selection.node) == ("1 of 9", "n11")
    assert "n11" in labels()
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert (bar.count.text(), large.selection.node) == ("2 of 9", "n18")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (bar.count.text(), large.selection.node) == ("9 of 9", "n71"), "around the end"


def test_the_last_node_of_a_folded_block_is_shown_itself(bar, labels, qtbot):
    qtbot.keyClicks(bar.field, "n26")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert "n26" in labels()


def test_nothing_found_is_said(bar, large, qtbot):
    qtbot.keyClicks(bar.field, "lstm")
    assert bar.count.text() == "none"
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert large.selection.node == "image"


def test_esc_gives_up(bar, panel, qtbot):
    qtbot.keyClicks(bar.field, "sum")
    assert panel.large.birds_eye._found
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert not panel.large.birds_eye._found


def test_what_is_found_follows_the_document(bar, large, pipeline, qtbot):
    qtbot.keyClicks(bar.field, "relu")
    large.document.open_pipeline("Small", pipeline, None)
    assert bar.count.text() == "1 found"
