from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

import filterlab as fl
from filterlab.gui.chain import ChainPanel
from filterlab.gui.chain.inputs import InputsDialog
from filterlab.gui.chain.menu import entries, merging_types
from filterlab.gui.words.language import install
from filterlab.kernels import designs
from filterlab.layers import layer_types
from filterlab.pipeline import Pipeline


@pytest.fixture
def panel(opened, qtbot):
    panel = ChainPanel(opened)
    qtbot.addWidget(panel)
    panel.resize(260, 640)
    panel.show()
    return panel


@pytest.fixture
def menu(panel):
    yield panel.commands.menu
    panel.commands.menu.close()


def wires(bench):
    return {node.name: node.inputs for node in bench.document.pipeline.nodes}


def shown_keys(menu):
    """The keys of the types in the list, from the top."""
    listed = (menu.list.item(i).data(Qt.ItemDataRole.UserRole) for i in range(menu.list.count()))
    return [entry.kind.key for entry in listed if entry.kind is not None]


def tick(dialog, *names):
    """Tick these and no others, as a person would, one after the other."""
    for i in range(dialog.list.count()):
        item = dialog.list.item(i)
        on = item.data(Qt.ItemDataRole.UserRole) in names
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def press(qtbot, dialog, button=QDialogButtonBox.StandardButton.Ok):
    qtbot.mouseClick(dialog.buttons.button(button), Qt.MouseButton.LeftButton)


# -- the menu of layers -----------------------------------------------------------------------------------


def test_the_menu_is_the_registry_in_groups(menu, opened):
    opened.commands.action("layer.add").trigger()
    assert sorted(shown_keys(menu)) == sorted(layer_types())
    shown = entries(layer_types().values(), "")
    headings = [entry.title for entry in shown if entry.kind is None]
    assert sorted(headings) == sorted({kind.group.capitalize() for kind in layer_types().values()})
    assert headings[:3] == ["Convolution", "Pooling", "Activation"], "most layers are of these groups"
    assert headings[3:] == sorted(headings[3:])
    assert all(entry.doc for entry in shown if entry.kind is not None)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("relu", "relu"),
        ("max pool", "max_pool2d"),
        ("pool", "max_pool2d"),
        ("pooling", "max_pool2d"),
        ("conv2d", "conv2d"),
        ("concat", "concat"),
        ("strength of an edge", "magnitude"),
        ("batch", "batch_norm2d"),
    ],
)
def test_typing_finds_by_title_key_and_sentence(query, first):
    assert entries(layer_types().values(), query)[0].kind.key == first


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("池化", {"max_pool2d", "avg_pool2d", "global_avg_pool2d", "adaptive_max_pool2d"}),
        ("pooling", {"max_pool2d", "avg_pool2d", "global_avg_pool2d", "adaptive_max_pool2d"}),
        ("卷积层", {"conv2d"}),
        ("拼接", {"concat"}),
        ("concat", {"concat"}),
        ("dropout", {"dropout"}),
        ("暂退法", {"dropout"}),
        ("全连接", {"linear"}),
        ("dense", {"linear"}),
        ("高斯模糊", {"filter2d"}),
        ("sobel", {"filter2d"}),
        ("残差", {"add"}),
    ],
)
def test_layers_are_found_by_what_people_type(query, found, language, qapp):
    install(language)
    keys = [entry.kind.key for entry in entries(layer_types().values(), query)]
    install("en")
    assert found <= set(keys)
    assert keys[0] in found


def test_every_layer_and_kernel_has_search_words_in_chinese():
    for declared in (*designs().values(), *layer_types().values()):
        assert re.search("[\u4e00-\u9fff]", declared.search_words), declared.title


def test_nothing_found_says_so(menu, opened, qtbot):
    opened.commands.action("layer.add").trigger()
    qtbot.keyClicks(menu.field, "zzzz")
    assert shown_keys(menu) == []
    assert menu.findChildren(type(menu.heading))[-1].isVisible()
    qtbot.keyClick(menu.field, Qt.Key.Key_Return)
    assert menu.isVisible()
    qtbot.keyClick(menu.field, Qt.Key.Key_Escape)
    assert not menu.isVisible()


def test_add_by_typing(panel, menu, opened, qtbot):
    opened.selection.select("sobel")
    opened.commands.action("layer.add").trigger()
    assert menu.isVisible()
    assert "sobel" in menu.heading.text()
    qtbot.keyClicks(menu.field, "tanh")
    assert menu.doc.text() == fl.Tanh.__doc__
    qtbot.keyClick(menu.field, Qt.Key.Key_Return)
    assert not menu.isVisible()
    assert wires(opened)["tanh1"] == ("sobel",)
    assert wires(opened)["relu"] == ("tanh1",)
    assert opened.selection.node == "tanh1"
    assert panel.model.card(panel.view.currentIndex().row()).name == "tanh1"
    assert opened.document.history.undo_label == "Add Tanh"


def test_arrows_and_clicks_choose_too(menu, opened, qtbot):
    opened.selection.select("pool")
    opened.commands.action("layer.add").trigger()
    qtbot.keyClicks(menu.field, "pooling")
    keys = shown_keys(menu)
    qtbot.keyClick(menu.field, Qt.Key.Key_Down)
    qtbot.keyClick(menu.field, Qt.Key.Key_Return)
    assert opened.document.pipeline[opened.selection.node].key == keys[1]
    opened.commands.action("layer.add").trigger()
    item = menu.list.item(2)
    qtbot.mouseClick(
        menu.list.viewport(), Qt.MouseButton.LeftButton, pos=menu.list.visualItemRect(item).center()
    )
    assert opened.document.pipeline[opened.selection.node].key == "conv_transpose2d"


def test_a_heading_is_not_chosen(menu, opened, qtbot, pipeline):
    opened.commands.action("layer.add").trigger()
    rect = menu.list.visualItemRect(menu.list.item(0))
    qtbot.mouseClick(menu.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert opened.document.pipeline is pipeline


@pytest.mark.parametrize("key", layer_types())
def test_every_type_can_be_added_and_fits(panel, opened, settle, key):
    opened.document.edit("one", Pipeline([("first", fl.ReLU()), ("flat", fl.Flatten())]))
    opened.selection.select("flat" if key == "linear" else "first")
    panel.edits.add(layer_types()[key])
    settle(opened)
    name = opened.selection.node
    assert opened.document.pipeline[name].key == key
    assert opened.results.problem(name) is None


def test_added_convolutions_take_the_channels_that_come(panel, opened, settle):
    opened.selection.select("pool")
    panel.edits.add(fl.Conv2d)
    panel.edits.add(fl.Conv2d)
    layers = opened.document.pipeline
    assert layers["conv1"].shape_of("weight") == (8, 3, 3, 3)
    assert layers["conv2"].shape_of("weight") == (8, 8, 3, 3)
    settle(opened)
    assert opened.results.problem("conv2") is None


def test_a_new_node_is_not_hidden(panel, opened):
    opened.view.set(hidden=frozenset({"tanh1", "relu"}))
    panel.edits.add(fl.Tanh)
    assert opened.view.look.hidden == {"relu"}


# -- branching and merging --------------------------------------------------------------------------------


def test_branch(panel, menu, opened, qtbot):
    opened.selection.select("sobel")
    opened.commands.action("layer.branch").trigger()
    qtbot.keyClicks(menu.field, "abs")
    qtbot.keyClick(menu.field, Qt.Key.Key_Return)
    assert wires(opened)["abs1"] == ("sobel",)
    assert wires(opened)["relu"] == ("sobel",)
    assert opened.document.history.undo_label == "Branch into Absolute value"
    assert panel.model.columns == 3


def test_merge(panel, menu, opened, qtbot):
    opened.selection.select("pool")
    opened.commands.action("layer.merge").trigger()
    assert shown_keys(menu) == [kind.key for kind in merging_types()]
    qtbot.keyClicks(menu.field, "concatenation")
    qtbot.keyClick(menu.field, Qt.Key.Key_Return)
    dialog = panel.findChild(InputsDialog)
    assert dialog.inputs() == ["pool", "blur"]
    tick(dialog, "sobel", "blur")
    press(qtbot, dialog)
    name = opened.selection.node
    assert opened.document.pipeline[name].key == "concat"
    assert set(wires(opened)[name]) == {"sobel", "blur"}


def test_a_merge_inside_a_line_is_read_by_what_follows(panel, opened):
    opened.selection.select("relu")
    panel.edits.merge(fl.Add, ["relu", "image"])
    assert wires(opened)["add1"] == ("relu", "image")
    assert wires(opened)["pool"] == ("add1",)


# -- inputs -----------------------------------------------------------------------------------------------


@pytest.fixture
def joined(panel, opened):
    """With a difference of relu and blur at the end."""
    panel.edits.merge(fl.Subtract, ["relu", "blur"])
    return opened.selection.node


def test_inputs_are_chosen_in_order(panel, opened, qtbot, joined):
    dialog = panel.commands.ask_inputs()
    assert dialog.inputs() == ["relu", "blur"]
    dialog.list.setCurrentRow(1)
    qtbot.mouseClick(dialog.up, Qt.MouseButton.LeftButton)
    assert dialog.inputs() == ["blur", "relu"]
    press(qtbot, dialog)
    assert wires(opened)[joined] == ("blur", "relu")
    assert opened.document.history.undo_label == f"Change the inputs of {joined}"


def test_a_cycle_is_grey_and_says_why(panel, opened, joined):
    opened.selection.select("relu")
    dialog = panel.commands.ask_inputs()
    states = {}
    for i in range(dialog.list.count()):
        item = dialog.list.item(i)
        enabled = bool(item.flags() & Qt.ItemFlag.ItemIsEnabled)
        states[item.data(Qt.ItemDataRole.UserRole)] = enabled
        assert enabled or "cycle" in item.toolTip()
    assert states == {"sobel": True, "image": True, "blur": True, "pool": False, joined: False}
    dialog.reject()


def test_a_wrong_number_of_inputs_cannot_be_accepted(panel, opened, qtbot, joined):
    dialog = panel.commands.ask_inputs()
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    tick(dialog, "relu")
    assert not ok.isEnabled()
    assert "takes 2 inputs, not 1" in dialog.problem.text()
    tick(dialog, "relu", "sobel")
    assert ok.isEnabled()
    assert dialog.problem.text() == ""
    press(qtbot, dialog, QDialogButtonBox.StandardButton.Cancel)
    assert wires(opened)[joined] == ("relu", "blur")


def test_one_input_is_one_choice(panel, opened, qtbot):
    opened.selection.select("pool")
    dialog = panel.commands.ask_inputs()
    assert not dialog.up.isVisible()
    names = [dialog.list.item(i).data(Qt.ItemDataRole.UserRole) for i in range(dialog.list.count())]
    dialog.list.item(names.index("blur")).setCheckState(Qt.CheckState.Checked)
    assert dialog.inputs() == ["blur"]
    press(qtbot, dialog)
    assert wires(opened)["pool"] == ("blur",)
