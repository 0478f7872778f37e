"""Blocks in the list: folded, unfolded, and opened by whatever selects a node in them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

import filterlab as fl
from filterlab.gui.chain.rows import MOST_CUT
from filterlab.gui.wall.content import read_content
from filterlab.interop.importing import LeftOut

FOLDED = [
    "image",
    "conv + bn + relu",
    "n3",
    "residual stage 1",
    "residual stage 2",
    "residual stage 3",
    "n73",
]


def chevron(panel, row):
    """A place on the chevron of a card."""
    rect = panel.view.visualRect(panel.model.index(row))
    option_left = panel.view.visualRect(panel.model.index(row)).left()
    card = panel.model.card(row)
    lanes = 12 + 20 * (panel.model.columns - 1) + 16 + 8
    return QPoint(option_left + lanes + 16 * card.depth + 10, rect.top() + 16)


def click(panel, place):
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def current(panel):
    return panel.model.card(panel.view.currentIndex().row()).label


# -- what it shows ----------------------------------------------------------------------------------------


def test_a_large_graph_opens_folded(labels, panel):
    assert labels() == FOLDED
    assert panel.large.tools.isVisible()


def test_a_folded_card_says_what_is_in_it(panel, large, row):
    card = panel.model.card(row("residual stage 1"))
    names = panel.model.nodes_of(row("residual stage 1"))
    rows = [large.results.row(name) for name in names]
    assert card.shape == "3×24×32 → 3×24×32"
    assert (card.layers, card.parameters) == (23, sum(r.parameters for r in rows))
    assert card.macs == sum(r.macs for r in rows)
    for words in ("23 layers", "parameters", "multiply-adds", card.shape):
        assert words in card.tip
    assert "folded" in card.spoken


def test_a_narrow_card_says_less_instead_of_cutting_its_words(panel, row):
    card = panel.model.card(row("residual stage 1"))
    assert card.shapes_told == (card.shape, "→ 3×24×32")
    assert card.facts[-1] == "23 layers"
    assert [len(text) for text in card.facts] == sorted(map(len, card.facts), reverse=True)


def test_small_graphs_have_no_blocks(panel, labels, large, pipeline):
    large.document.open_pipeline("Small", pipeline, None)
    assert labels() == ["image", "sobel", "relu", "pool", "blur"]
    assert not panel.large.tools.isVisible()
    assert not panel.large.birds_eye.isVisible()
    assert panel.minimumWidth() == 0
    large.commands.refresh()
    assert not large.commands.action("layer.fold_all").isEnabled()


def test_an_error_inside_shows_on_the_folded_card(panel, large, row, network, settle):
    large.document.edit("wrong", network.with_layers({"n13": fl.Conv2d(np.ones((3, 5, 1, 1), np.float32))}))
    settle(large)
    found = [panel.model.card(r) for r in range(panel.model.rowCount())]
    wrong = [card for card in found if card.error and not card.waits]
    assert [card.label for card in wrong] == ["residual stage 1"]
    assert wrong[0].error.startswith("n13: ")
    assert panel.model.card(row("residual stage 2")).waits


# -- folding by hand --------------------------------------------------------------------------------------


def test_the_chevron_unfolds_and_folds_and_the_card_stays_in_its_place(panel, labels, row):
    at = row("residual stage 2")
    top = panel.view.visualRect(panel.model.index(at)).top()
    click(panel, chevron(panel, at))
    inner = [f"residual block 2.{k}" for k in (1, 2, 3)]
    assert labels() == [*FOLDED[:5], *inner, *FOLDED[5:]]
    assert panel.view.visualRect(panel.model.index(at)).top() == top
    click(panel, chevron(panel, row("residual block 2.1")))
    assert labels()[6:8] == ["n27", "n28"]
    click(panel, chevron(panel, at))
    assert labels() == FOLDED


def test_keys_fold_and_unfold(panel, labels, row, large, qtbot):
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.model.index(row("residual stage 1")))
    assert large.selection.node == "n26", "a folded block stands for its last node"
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    assert current(panel) == "residual stage 1"
    assert "residual block 1.1" in labels()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert "n4" in labels()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert large.selection.node == "n4"
    qtbot.keyClick(panel.view, Qt.Key.Key_Left)
    assert current(panel) == "residual block 1.1"
    qtbot.keyClick(panel.view, Qt.Key.Key_Left)
    assert current(panel) == "residual block 1.1"
    assert "n4" not in labels()
    assert large.selection.node == "n12", "the selected node is folded away, and its block stands for it"


def test_fold_all_and_unfold_all(panel, labels, large, network):
    large.commands.refresh()
    large.commands.action("layer.unfold_all").trigger()
    assert [n for n in labels() if n.startswith("n")] == [node.name for node in network]
    large.commands.action("layer.fold_all").trigger()
    assert labels() == FOLDED


def test_what_is_open_is_remembered_for_each_document(panel, labels, row, large, pipeline):
    click(panel, chevron(panel, row("residual stage 3")))
    opened = labels()
    large.document.open_pipeline("Other", pipeline, None)
    assert len(labels()) == 5
    large.document.undo()
    assert labels() == opened


def test_a_graph_that_grows_large_by_edits_stays_unfolded(panel, labels, large, pipeline):
    large.document.open_pipeline("Other", pipeline, None)
    large.document.edit("Grow", fl.Pipeline([*pipeline, *(fl.ReLU() for _ in range(40))]))
    assert "relu40" in labels()


# -- unfolding by selection -------------------------------------------------------------------------------


def test_selecting_a_hidden_node_unfolds_what_hides_it(panel, labels, large):
    large.selection.select("n28")
    assert current(panel) == "n28"
    assert "residual block 2.2" in labels(), "only the blocks around it open"
    assert "residual block 1.1" not in labels()


def test_the_last_node_of_a_block_is_shown_by_the_folded_card(panel, labels, large):
    large.selection.select("n26")
    assert labels() == FOLDED
    assert current(panel) == "residual stage 1"


def test_previous_and_next_go_through_what_is_seen(panel, large):
    large.selection.select("n3")
    large.commands.action("layer.next").trigger()
    assert large.selection.node == "n26"
    large.commands.action("layer.previous").trigger()
    assert large.selection.node == "n3"


# -- editing ----------------------------------------------------------------------------------------------


def test_removing_a_folded_block_removes_its_nodes(panel, large, row, qtbot, network):
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.model.index(row("residual stage 2")))
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert len(large.document.pipeline) == len(network) - 23
    assert large.document.pipeline.node("n50").inputs == ("n26",)


def test_renaming_unfolds_the_block_that_stands_for_the_node(panel, labels, large):
    large.selection.select("n26")
    large.commands.refresh()
    large.commands.action("layer.rename").trigger()
    assert "n26" in labels()
    assert current(panel) == "n26"


# -- the wall ---------------------------------------------------------------------------------------------


def test_the_wall_shows_the_last_map_of_a_folded_block(large, panel, row):
    shown = read_content(large).strips
    assert list(shown) == ["image", "n2", "n3", "n26", "n49", "n72", "n73"]
    assert shown["n26"].title.startswith("residual stage 1 · ")
    click(panel, chevron(panel, row("residual stage 1")))
    assert list(read_content(large).strips)[3:6] == ["n12", "n19", "n26"]


# -- what was left out ------------------------------------------------------------------------------------


@pytest.fixture
def cut(large, network):
    """The network with 5 tensors left out after a node inside of a block."""
    left = [LeftOut(f"t{k}", "NonZero", "no layer does it", "n30") for k in range(5)]
    large.document.open_pipeline("Cut", network, None, left)
    return left


def test_what_was_left_out_stands_where_it_would_have_followed(panel, labels, row, large, cut):
    at = row("residual stage 2")
    assert labels()[at + 1 : at + 1 + MOST_CUT] == ["t0", "t1", "t2"]
    large.folds.reveal("n30")
    assert labels()[row("n30") + 1] == "t0"
    first, last = (panel.model.card(row(name)) for name in ("t0", "t2"))
    assert first.tip.split("\n") == ["Left out: t0", "NonZero", "no layer does it"]
    assert last.size == "NonZero and 2 more"


def test_what_was_left_out_cannot_be_selected(panel, large, row, cut, qtbot):
    panel.view.setCurrentIndex(panel.model.index(row("residual stage 2")))
    click(panel, panel.view.visualRect(panel.model.index(row("t0"))).center())
    assert large.selection.node == "n49"
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert large.selection.node == "n72", "keys pass over it"
