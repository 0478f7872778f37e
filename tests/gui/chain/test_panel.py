from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit

import filterlab as fl
from filterlab.errors import FilterLabError
from filterlab.graph import Node, editing
from filterlab.gui.bench.work import Picture
from filterlab.gui.chain import ChainPanel
from filterlab.gui.chain.model import MIME
from filterlab.gui.chain.paint import CardPainter, Layout
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import bytes_text, count_text, ledger


@pytest.fixture
def panel(opened, qtbot):
    """The panel over sobel -> relu -> pool and blur, shown."""
    panel = ChainPanel(opened)
    qtbot.addWidget(panel)
    panel.resize(260, 640)
    panel.show()
    return panel


def wires(bench):
    return {node.name: node.inputs for node in bench.document.pipeline.nodes}


def trigger(bench, name):
    bench.commands.refresh()
    bench.commands.action(name).trigger()


def current_name(panel):
    return panel.model.card(panel.view.currentIndex().row()).name


def cards(panel):
    return {panel.model.card(row).name: panel.model.card(row) for row in range(panel.model.rowCount())}


def middle(panel, name):
    return panel.view.visualRect(panel.model.index(panel.model.row_of(name))).center()


def mark(panel, name, which):
    """The middle of the box or the eye of a card."""
    rect = panel.view.visualRect(panel.model.index(panel.model.row_of(name)))
    layout = Layout.of(rect.toRectF(), panel.view.font(), panel.model.columns)
    return getattr(layout, which).center().toPoint()


# -- what it shows ----------------------------------------------------------------------------------------


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


# -- selection --------------------------------------------------------------------------------------------


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


# -- editing ----------------------------------------------------------------------------------------------


def test_remove_selects_the_neighbour(panel, opened):
    opened.selection.select("relu")
    trigger(opened, "layer.remove")
    assert wires(opened) == {"sobel": ("image",), "pool": ("sobel",), "blur": ("image",)}
    assert opened.document.history.undo_label == "Remove relu"
    assert opened.selection.node == "pool"
    assert current_name(panel) == "pool"


def test_delete_removes_all_selected_as_one_step(panel, opened, qtbot, pipeline):
    view = panel.view
    view.setFocus()
    opened.selection.select("sobel")
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_names() == ["sobel", "relu"]
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert list(wires(opened)) == ["pool", "blur"]
    assert opened.document.history.undo_label == "Remove 2 layers"
    opened.document.undo()
    assert opened.document.pipeline is pipeline


def test_the_picture_cannot_be_edited(panel, opened):
    opened.selection.select("image")
    opened.commands.refresh()
    for verb in ("remove", "rename", "toggle", "inputs", "duplicate", "move_up", "move_down"):
        assert not opened.commands.action(f"layer.{verb}").isEnabled()
    assert opened.commands.action("layer.add").isEnabled()


def test_duplicate(panel, opened, pipeline):
    opened.selection.select("relu")
    trigger(opened, "layer.duplicate")
    assert opened.selection.node == "relu1"
    assert wires(opened)["relu1"] == ("relu",)
    assert wires(opened)["pool"] == ("relu1",)
    assert opened.document.pipeline["relu1"] is pipeline["relu"]


def test_space_and_the_box_switch_off_and_on(panel, opened, qtbot, settle):
    opened.selection.select("relu")
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert not opened.document.pipeline.node("relu").enabled
    assert not cards(panel)["relu"].enabled
    settle(opened)
    np.testing.assert_array_equal(
        opened.results.maps["relu"].view.array, opened.results.maps["sobel"].view.array
    )
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=mark(panel, "relu", "switch"))
    assert opened.document.pipeline.node("relu").enabled
    assert opened.document.history.labels[-2:] == ["Switch off relu", "Switch on relu"]


def test_the_eye_hides_a_column_and_no_node(panel, opened, qtbot):
    opened.selection.select("image")
    viewport = panel.view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=mark(panel, "relu", "eye"))
    assert opened.view.look.hidden == {"relu"}
    assert cards(panel)["relu"].hidden
    assert opened.selection.node == "image"
    assert not opened.document.modified
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=mark(panel, "relu", "eye"))
    assert opened.view.look.hidden == frozenset()
    trigger(opened, "layer.hide")
    assert opened.view.look.hidden == {"image"}


def test_keys_move_up_and_down(panel, opened, qtbot):
    opened.selection.select("relu")
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert wires(opened) == {
        "sobel": ("image",),
        "pool": ("sobel",),
        "relu": ("pool",),
        "blur": ("image",),
    }
    assert opened.selection.node == "relu"
    assert current_name(panel) == "relu"
    qtbot.keyClick(panel.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert wires(opened)["pool"] == ("relu",)


def test_what_is_refused_becomes_a_message(panel, opened, pipeline):
    panel.edits.set_inputs("sobel", ["pool"])
    assert opened.document.pipeline is pipeline
    message = opened.messages.all[-1]
    assert message.level == "error"
    assert "Change the inputs of sobel" in message.text
    assert "cycle" in message.text


def test_undoing_everything_gives_the_same_pipeline(panel, opened, pipeline):
    place = opened.document.history.place
    panel.edits.add(fl.Conv2d)
    panel.edits.branch(fl.Tanh)
    panel.edits.merge(fl.Concat, ["pool", "blur"])
    panel.edits.rename("sobel", "edges")
    panel.edits.toggle(["edges"])
    panel.edits.move("edges", 3)
    panel.edits.remove(["relu", "pool"])
    assert opened.document.history.place == place + 7
    while opened.document.history.place > place:
        opened.document.undo()
    assert opened.document.pipeline is pipeline
    assert list(cards(panel)) == ["image", "sobel", "relu", "pool", "blur"]


# -- dragging ---------------------------------------------------------------------------------------------


def drag(panel, data, place):
    """A real drag over the viewport, let go at `place`."""
    viewport, action = panel.view.viewport(), Qt.DropAction.CopyAction
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, action, data, button, keys)
    panel.view.dragEnterEvent(enter)
    if not enter.isAccepted():
        return False
    panel.view.dragMoveEvent(QDragMoveEvent(place, action, data, button, keys))
    viewport.grab()
    panel.view.dropEvent(QDropEvent(QPointF(place), action, data, button, keys))
    return True


def edge(panel, name, below=True):
    rect = panel.view.visualRect(panel.model.index(panel.model.row_of(name)))
    return QPoint(rect.center().x(), rect.bottom() - 3 if below else rect.top() + 3)


@pytest.mark.parametrize(
    ("name", "place", "below", "order"),
    [
        ("sobel", "relu", True, ["relu", "sobel", "pool"]),
        ("sobel", "pool", True, ["relu", "pool", "sobel"]),
        ("pool", "sobel", False, ["pool", "sobel", "relu"]),
        ("pool", "image", False, ["pool", "sobel", "relu"]),
        ("pool", "sobel", True, ["sobel", "pool", "relu"]),
        ("relu", "sobel", True, ["sobel", "relu", "pool"]),
    ],
)
def test_dropping_between_cards_makes_the_chain_of_that_order(panel, opened, name, place, below, order):
    data = panel.model.mimeData([panel.model.index(panel.model.row_of(name))])
    assert drag(panel, data, edge(panel, place, below))
    sources = ["image", *order]
    expected = {node: (sources[i],) for i, node in enumerate(order)}
    assert {n: wires(opened)[n] for n in order} == expected
    assert [n for n in wires(opened) if n != "blur"] == order


def test_a_drag_shows_where_it_would_go(panel):
    data = panel.model.mimeData([panel.model.index(1)])
    viewport = panel.view.viewport()
    before = viewport.grab().toImage()
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    panel.view.dragEnterEvent(QDragEnterEvent(edge(panel, "relu"), action, data, button, keys))
    panel.view.dragMoveEvent(QDragMoveEvent(edge(panel, "relu"), action, data, button, keys))
    assert viewport.grab().toImage() != before
    panel.view.dragLeaveEvent(QDragLeaveEvent())
    assert viewport.grab().toImage() == before


def test_files_are_left_to_the_window(panel, opened, pipeline):
    data = QMimeData()
    data.setText("file:///cat.jpg")
    assert not drag(panel, data, edge(panel, "relu"))
    assert opened.document.pipeline is pipeline


def test_a_name_from_elsewhere_moves_nothing(panel, opened, pipeline):
    data = QMimeData()
    data.setData(MIME, b"stranger")
    drag(panel, data, edge(panel, "relu"))
    assert opened.document.pipeline is pipeline


# -- renaming ---------------------------------------------------------------------------------------------


@pytest.fixture
def rename_field(panel, opened, qtbot):
    """Starts renaming a node with F2 and gives the field."""

    def start(name):
        opened.selection.select(name)
        panel.view.setFocus()
        qtbot.keyClick(panel.view, Qt.Key.Key_F2)
        field = panel.view.viewport().findChild(QLineEdit)
        assert field.text() == name
        return field

    return start


def test_rename_in_place(panel, opened, qtbot, rename_field):
    field = rename_field("relu")
    qtbot.keyClicks(field, "positive")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wires(opened)["pool"] == ("positive",))
    assert opened.selection.node == "positive"
    assert opened.document.history.undo_label == "Rename relu to positive"
    assert cards(panel)["positive"].title == "ReLU"


@pytest.mark.parametrize(
    ("name", "words"),
    [("pool", "there is a node 'pool' already"), ("a b", "not allowed"), ("image", "not allowed")],
)
def test_an_illegal_name_says_why_and_waits(panel, opened, qtbot, rename_field, pipeline, name, words):
    field = rename_field("relu")
    field.selectAll()
    qtbot.keyClicks(field, name)
    assert words in cards(panel)["relu"].error
    assert field.property("wrong")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.wait(20)
    assert opened.document.pipeline is pipeline
    assert field.isVisible()
    field.setText("better")
    assert not cards(panel)["relu"].error
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "better" in wires(opened))


def test_escape_leaves_the_name(panel, opened, qtbot, rename_field, pipeline):
    field = rename_field("relu")
    qtbot.keyClicks(field, "pool")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert opened.document.pipeline is pipeline
    qtbot.waitUntil(lambda: not cards(panel)["relu"].error)


def test_undo_from_elsewhere_leaves_the_field(panel, opened, qtbot, rename_field):
    panel.edits.add(fl.Tanh)
    field = rename_field("relu")
    qtbot.keyClicks(field, "half-typed")
    opened.document.undo()
    assert list(cards(panel)) == ["image", "sobel", "relu", "pool", "blur"]
    assert opened.document.history.redo_label == "Add Tanh"
    qtbot.waitUntil(lambda: panel.view.viewport().findChild(QLineEdit) is None)


def test_a_second_wish_to_rename_is_the_first(panel, opened, rename_field):
    field = rename_field("relu")
    field.setText("typed")
    trigger(opened, "layer.rename")
    assert field.text() == "typed"
    assert panel.view.viewport().findChildren(QLineEdit) == [field]


def test_a_hidden_column_stays_hidden_under_its_new_name(panel, opened):
    opened.view.set(hidden=frozenset({"relu"}))
    panel.edits.rename("relu", "positive")
    assert "positive" in opened.view.look.hidden


# -- large and small --------------------------------------------------------------------------------------


def test_the_context_menu_holds_the_commands(panel, opened, qtbot):
    opened.selection.select("relu")
    menu = panel.context_menu()
    names = [action.objectName() for action in menu.actions() if not action.isSeparator()]
    assert names[0] == "layer.add"
    assert "layer.remove" in names
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
