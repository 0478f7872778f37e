"""What the panel shows, and how it follows the selection."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab.errors import FilterLabError
from filterlab.graph import Node, editing
from filterlab.gui.bench.work import Picture
from filterlab.gui.chain import ChainPanel
from filterlab.gui.chain.paint import CardPainter
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import bytes_text, count_text, ledger
from tests.gui.chain.reading import cards, current_name, middle, trigger, wires

# -- what it shows -------------------------------------------------------------------------------------


def test_the_cards_say_what_the_ledger_says(panel, pipeline, picture):
    shown = cards(panel)
    assert list(shown) == ["image", "sobel", "relu", "pool", "blur"]
    for row in ledger(pipeline, picture.shape):
        card = shown[row.name]
        assert card.title == pipeline[row.name].title
        shape = " × ".join(map(str, row.shape))
        assert card.shape == f"{shape} · {bytes_text(row.bytes)}"
        for numbers in card.numbers:
            assert numbers.split(" · ")[0].split(" ")[1:] == [str(row.receptive_field.size[0])]
        assert (count_text(row.parameters) in card.numbers[0]) or not row.parameters
        assert (count_text(row.macs) in card.numbers[0]) or not row.macs
        assert card.numbers[0] in card.tip
        assert card.facts[-1] == card.title, "the shortest wording"
    assert "36.9 kB" in shown["image"].shape


def test_the_totals_are_those_of_the_ledger(panel, pipeline, picture):
    rows = ledger(pipeline, picture.shape)
    text = panel.totals.text()
    assert count_text(sum(row.parameters for row in rows)) in text
    assert count_text(sum(row.macs for row in rows)) in text
    assert bytes_text(sum(row.bytes for row in rows)) in text


def test_without_a_picture_there_are_cards_without_numbers(bench, qtbot, pipeline):
    bench.document.open_pipeline("Open", pipeline, None)
    panel = ChainPanel(bench)
    qtbot.addWidget(panel)
    shown = cards(panel)
    assert shown["image"].numbers == ("none opened",)
    assert shown["pool"].shape == ""
    assert panel.totals.isHidden()


def test_errors_stand_in_their_place(panel, opened, pipeline, settle):
    opened.document.edit("wrong", pipeline.with_layers({"relu": fl.MaxPool2d(60)}))
    settle(opened)
    shown, problem = cards(panel), opened.results.problem("relu")
    assert shown["relu"].error == f"{problem.error.what} — {problem.error.hint}"
    assert not shown["relu"].waits
    assert shown["pool"].error == "waits for relu"
    assert shown["pool"].waits
    assert not shown["blur"].error
    assert problem.error.what in shown["relu"].spoken
    before = panel.view.grab().toImage()
    opened.document.undo()
    settle(opened)
    assert not cards(panel)["relu"].error
    assert panel.view.grab().toImage() != before


def test_outdated_maps_are_marked_while_they_are_computed(panel, opened, pipeline, settle):
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
    assert cards(panel)["pool"].status == "waiting"
    opened.results.stop()
    assert cards(panel)["pool"].status == "stale"
    assert cards(panel)["relu"].status == "fresh"
    opened.results.refresh()
    settle(opened)
    assert cards(panel)["pool"].status == "fresh"


def test_the_tip_explains_and_gives_the_ledger_in_full(panel):
    tip = panel.model.index(1).data(Qt.ItemDataRole.ToolTipRole).split("\n")
    assert tip == [
        "Each channel is filtered on its own by the same 2-D kernel: kernel * x / divisor + offset.",
        "3 × 48 × 64 · 36.9 kB",
        "field 3 · 9 parameters · 82.9 k multiply-adds",
    ]


def test_every_node_without_a_field_says_why(panel, opened, settle):
    uneven = Pipeline(
        [
            Node("a", fl.MaxPool2d(2), ("image",)),
            Node("b", fl.Crop(size=(24, 32)), ("image",)),
            Node("sum", fl.Add(), ("a", "b")),
        ]
    )
    opened.document.edit("uneven", uneven)
    settle(opened)
    row = opened.results.row("sum")
    assert row.receptive_field is None
    assert "field –" in cards(panel)["sum"].numbers[0]
    assert row.reason in cards(panel)["sum"].tip


def test_a_node_behind_a_global_layer_sees_the_whole_picture(panel, opened, settle):
    opened.document.edit("mean", Pipeline([("norm", fl.InstanceNorm2d()), ("pool", fl.MaxPool2d(2))]))
    settle(opened)
    assert [cards(panel)[name].numbers[0] for name in ("norm", "pool")] == ["whole picture"] * 2


# -- selection -----------------------------------------------------------------------------------------


def test_selection_goes_both_ways(panel, opened, qtbot):
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=middle(panel, "relu"))
    assert opened.selection.node == "relu"
    opened.selection.select("blur")
    assert current_name(panel) == "blur"
    assert panel.view.selected_names() == ["blur"]
    qtbot.keyClick(panel.view, Qt.Key.Key_Up)
    assert opened.selection.node == "pool"
    trigger(opened, "layer.previous")
    assert opened.selection.node == "relu"
    trigger(opened, "layer.next")
    assert current_name(panel) == "pool"


def test_typing_letters_goes_to_a_node(panel, opened, qtbot):
    qtbot.keyClicks(panel.view, "blu")
    assert opened.selection.node == "blur"


# -- large and small -----------------------------------------------------------------------------------


def test_the_context_menu_holds_the_commands(panel, opened, qtbot):
    opened.selection.select("relu")
    menu = panel.context_menu()
    names = [action.objectName() for action in menu.actions() if not action.isSeparator()]
    assert names[0] == "layer.add"
    assert "layer.remove" in names
    assert "layer.copy_pytorch" in names
    assert all(action.isEnabled() for action in menu.actions())
    menu.close()


def test_two_hundred_nodes(panel, opened, qtbot):
    layers = [fl.ReLU() for _ in range(200)]
    opened.document.edit("many", Pipeline(layers))
    assert panel.model.rowCount() == 202, "the picture, the nodes and the head of their block"
    opened.selection.select("relu200")
    assert panel.view.viewport().rect().intersects(panel.view.visualRect(panel.model.index(201)))
    panel.edits.move("relu200", 0)
    assert wires(opened)["relu200"] == ("image",)
    assert current_name(panel) == "relu200"


def test_what_is_selected_stays_in_sight(panel, opened, qtbot):
    opened.document.edit("many", Pipeline([fl.ReLU() for _ in range(30)]))
    opened.selection.select("relu30")
    panel.resize(260, 300)
    panel.totals.setText("three\nlines\nof text")

    def seen(row):
        return panel.view.viewport().rect().contains(panel.view.visualRect(panel.model.index(row)))

    qtbot.waitUntil(lambda: seen(30))
    assert not seen(0)
    assert current_name(panel) == "relu30"


def test_narrow_dark_and_large_letters(panel, opened, qtbot):
    opened.theme.set("dark")
    panel.setStyleSheet("* { font-size: 20pt; }")
    panel.resize(120, 300)
    row = panel.view.visualRect(panel.model.index(1))
    assert row.height() >= 2 * panel.view.fontMetrics().height()
    assert not panel.grab().isNull()
    opened.theme.set("light")


def test_a_long_name_leaves_its_shape_on_the_line_below(panel, opened, settle, monkeypatch):
    drawn = []
    draw = CardPainter._text
    monkeypatch.setattr(
        CardPainter, "_text", lambda self, text, *a, **k: drawn.append(text) or draw(self, text, *a, **k)
    )
    long = Node("a_pool_with_a_long_name", fl.MaxPool2d(2))
    opened.document.edit("Add", Pipeline([*opened.document.pipeline.nodes, long]))
    settle(opened)
    panel.resize(200, 640)
    panel.grab()
    sizes = [card.size for card in cards(panel).values()]
    assert all(sizes)
    assert sorted(set(sizes) - set(drawn)) == [], "the graph is where shapes are read"


def test_an_edit_between_survey_and_maps_does_not_mix_them_up(panel, opened, settle):
    opened.document.show_picture("Other", Picture("other", np.zeros((1, 9, 9), np.float32)))
    edited = editing.remove(opened.document.pipeline, ["sobel"])
    opened.document.edit("Remove", edited)
    assert list(cards(panel)) == ["image", "relu", "pool", "blur"]
    settle(opened)
    assert cards(panel)["relu"].shape.startswith("1 × 9 × 9")


def test_failures_of_the_computation_are_shown(panel, opened):
    opened.results.failures["pool"] = FilterLabError("no memory", hint="close something")
    opened.results.failed.emit("pool")
    assert cards(panel)["pool"].error == "no memory — close something"
