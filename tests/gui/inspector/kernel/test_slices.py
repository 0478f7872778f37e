from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

import filterlab as fl
from filterlab.kernels import editing
from tests.gui.inspector.kernel.conftest import Hand
from tests.gui.inspector.test_form import type_into

WEIGHT = np.arange(4 * 3 * 9, dtype=np.float32).reshape(4, 3, 3, 3)


@pytest.fixture
def part(kernel_of):
    return kernel_of(fl.Conv2d(WEIGHT), (3, 8, 8))


def pick(part, *index):
    for combo, place in zip(part.plane.picker.combos, index, strict=True):
        combo.setCurrentIndex(place)


def test_every_slice_can_be_shown(part):
    assert [combo.count() for combo in part.plane.picker.combos] == [4, 3]
    assert part.plane.picker.combos[0].itemText(2) == "out 2 of 4"
    for index in np.ndindex(4, 3):
        pick(part, *index)
        np.testing.assert_array_equal(part.session.kernel, WEIGHT[index])
    assert part.plane.words.text() == "from channel 2 of the input to channel 3"


def test_an_edit_changes_one_number(part, layer, qtbot):
    pick(part, 2, 1)
    part.grid.setFocus()
    Hand(part, qtbot).type((0, 1), "55")
    expected = WEIGHT.copy()
    expected[2, 1, 0, 1] = 55
    np.testing.assert_array_equal(layer().weight, expected)


def test_the_slice_stays_through_edits_and_undo(part, bench):
    pick(part, 3, 2)
    part.session.apply(editing.negated, "Negate")
    bench.document.undo()
    assert part.session.index == (3, 2)


def test_a_new_size_is_that_of_all_slices(part, layer, qtbot):
    type_into(qtbot, part.window().form.rows["kernel_size"].editor.pair.fields[0], "5")
    assert layer().weight.shape == (4, 3, 5, 5)
    np.testing.assert_array_equal(layer().weight[..., 1:4, 1:4], WEIGHT)


def test_a_kernel_of_another_size_is_refused(part, layer):
    part.session.paste("1 2\n3 4")
    assert "this kernel is 2 by 2" in part.problem.text()
    np.testing.assert_array_equal(layer().weight, WEIGHT)


def test_random_weights_stay_a_recipe_until_they_are_edited(kernel_of, layer):
    recipe = {"init": "kaiming_normal", "shape": [8, 4, 3, 3], "seed": 2}
    part = kernel_of(fl.Conv2d(recipe))
    pick(part, 7, 3)
    part.window().form.apply({"kernel_size": 5})
    assert layer().params()["weight"] == {**recipe, "shape": [8, 4, 5, 5]}
    part.session.apply(editing.cleared, "Clear")
    assert not layer().weight[7, 3].any()
    assert layer().weight[:7].any()


def test_the_bias_stands_in_one_place(part):
    labels = part.window().form.findChildren(QLabel)
    assert [label.text() for label in labels if "bias" in label.text().lower()] == ["Bias"]


def test_groups_say_which_channels_meet(kernel_of):
    part = kernel_of(fl.Conv2d(np.ones((4, 2, 1, 1)), groups=2))
    pick(part, 3, 1)
    assert part.plane.words.text() == "from channel 3 of the input to channel 3"


def test_transposed_weights_have_the_input_first(kernel_of):
    weight = np.arange(2 * 3 * 4, dtype=np.float32).reshape(2, 3, 2, 2)
    part = kernel_of(fl.ConvTranspose2d(weight))
    assert [combo.itemText(0) for combo in part.plane.picker.combos] == ["in 0 of 2", "out 0 of 3"]
    pick(part, 1, 2)
    np.testing.assert_array_equal(part.session.kernel, weight[1, 2])


def test_a_filter_has_no_slices(kernel_of):
    assert kernel_of(fl.Filter2d(np.ones((3, 3)))).plane is None


def test_another_node_of_the_type_starts_at_its_first_slice(part, bench):
    pick(part, 3, 2)
    nodes = [*bench.document.pipeline.nodes, fl.Node("other", fl.Conv2d(np.ones((1, 4, 2, 2))))]
    bench.document.edit("add", fl.Pipeline(nodes))
    bench.selection.select("other")
    assert part.session.index == (0, 0)
    assert part.session.size == (2, 2)


def test_the_switch_of_correlation_and_convolution(part, layer, qtbot, bench, settle):
    button = part.window().form.editor("operation").buttons[1]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert layer().operation == "convolution"
    settle(bench)
    expected = bench.document.pipeline.run(bench.document.picture.pixels)["node"]
    np.testing.assert_array_equal(bench.results.maps["node"].view.array, expected)


def test_channels_are_fields_and_weights_that_stay_are_kept(part, layer, qtbot, bench):
    place = bench.document.history.place
    rows = part.window().form.rows
    type_into(qtbot, rows["out_channels"].editor.field, "16")  # by way of 1
    assert layer().weight.shape == (16, 3, 3, 3)
    np.testing.assert_array_equal(layer().weight[:4], WEIGHT)
    assert bench.document.history.place == place + 1
    assert part.plane.picker.combos[0].count() == 16
    type_into(qtbot, rows["in_channels"].editor.field, "4")
    np.testing.assert_array_equal(layer().weight[:4, :3], WEIGHT)
    type_into(qtbot, rows["groups"].editor.field, "4")
    assert layer().weight.shape == (16, 1, 3, 3)
    assert layer().in_channels == 4
    np.testing.assert_array_equal(layer().weight[:4, 0], WEIGHT[:4, 0])
    type_into(qtbot, rows["groups"].editor.field, "3")
    assert "does not divide" in rows["groups"].problem.text()
    assert layer().groups == 4
