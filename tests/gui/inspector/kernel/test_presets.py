from __future__ import annotations

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from tests.gui.inspector.test_every_parameter import drive_choice, drive_pair
from tests.gui.inspector.test_form import type_into


@pytest.fixture
def saved(bench, tmp_path):
    """`saved()`: the node's parameters as the pipeline's file holds them."""

    def read():
        bench.document.pipeline.save(tmp_path / "p.json")
        return json.loads((tmp_path / "p.json").read_text())["nodes"][0]["params"]

    return read


def choose(part, name):
    combo = part.presets.combo
    combo.setCurrentIndex(combo.findData(name))
    combo.activated.emit(combo.currentIndex())


@pytest.mark.parametrize("name", fl.kernels.names())
def test_every_preset_stays_a_preset_in_the_file(part, kernel, saved, name):
    choose(part, name)
    assert kernel() == fl.kernels.make(name).tolist()
    assert saved()["kernel"] == {"preset": name}
    assert list(part.presets.rows) == [p.name for p in fl.kernels.get(name).parameters]


def test_parameters_change_the_recipe(part, qtbot, kernel, saved, bench):
    choose(part, "gabor")
    rows = part.presets.rows
    type_into(qtbot, rows["theta"].editor.field, "0.5")
    drive_pair(qtbot, part.window().form.editor("kernel_size"), (9, 7))
    rows["zero_sum"].editor.box.click()
    expected = {"preset": "gabor", "theta": 0.5, "size": [9, 7], "zero_sum": False}
    assert saved()["kernel"] == expected
    np.testing.assert_array_equal(kernel(), fl.kernels.make("gabor", theta=0.5, size=(9, 7), zero_sum=False))


def test_a_parameter_goes_back_to_its_default(part, qtbot, saved):
    choose(part, "sobel")
    row = part.presets.rows["axis"]
    drive_choice(qtbot, row.editor, "y")
    assert saved()["kernel"] == {"preset": "sobel", "axis": "y"}
    qtbot.mouseClick(row.back, Qt.MouseButton.LeftButton)
    assert saved()["kernel"] == {"preset": "sobel"}


def test_a_wrong_parameter_is_explained(part, qtbot, saved):
    choose(part, "gaussian")
    row = part.presets.rows["sigma"]
    type_into(qtbot, row.editor.field, "-4")
    assert "it must be a number" in row.problem.text()
    assert row.problem.isVisible()
    assert saved()["kernel"] == {"preset": "gaussian"}
    type_into(qtbot, row.editor.field, "2")
    assert row.problem.isHidden()
    assert saved()["kernel"] == {"preset": "gaussian", "sigma": 2}


def test_there_is_one_row_for_the_size(part, qtbot, saved):
    choose(part, "sobel")
    assert part.presets.rows["size"].isHidden()
    type_into(qtbot, part.window().form.editor("kernel_size").pair.fields[0], "11")
    assert saved()["kernel"] == {"preset": "sobel", "size": 11}
    type_into(qtbot, part.window().form.editor("kernel_size").pair.fields[0], "4")
    assert np.shape(saved()["kernel"]) == (4, 4), "no Sobel kernel has an even size"


def test_presets_have_thumbnails_in_the_colours_of_their_cells(part, bench):
    combo, colors = part.presets.combo, bench.theme.colors
    named = [place for place in range(combo.count()) if combo.itemData(place)]
    choose(part, "laplacian")
    with_icon = [combo.itemData(place) for place in named if not combo.itemIcon(place).isNull()]
    assert with_icon == ["laplacian"], "those that nobody sees are not made"
    combo.showPopup()
    combo.hidePopup()
    assert not any(combo.itemIcon(place).isNull() for place in named)
    picture = combo.itemIcon(combo.findData("sobel")).pixmap(20, 20).toImage()
    found = [picture.pixelColor(x, picture.height() // 2).name() for x in (2, picture.width() - 3)]
    assert found == [colors.negative, colors.positive]


def test_editing_a_cell_makes_numbers_of_it(part, hand, saved, bench):
    choose(part, "sobel")
    hand.type((0, 0), "9")
    assert saved()["kernel"] == [[9, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert part.presets.combo.currentData() == ""
    assert part.presets.rows == {}
    bench.document.undo()
    assert part.presets.combo.currentData() == "sobel"


def test_own_numbers_keeps_the_numbers(part, kernel, saved):
    choose(part, "box")
    choose(part, "")
    assert isinstance(saved()["kernel"], list)
    assert kernel() == fl.kernels.box().tolist()
    assert part.presets.combo.currentData() == ""


def test_a_new_size_stays_a_preset_where_it_can(part, qtbot, saved):
    choose(part, "gaussian")
    type_into(qtbot, part.window().form.editor("kernel_size").pair.fields[0], "7")
    assert saved()["kernel"] == {"preset": "gaussian", "size": 7}


@pytest.fixture
def many(kernel_of):
    """The kernel editor of a Conv2d with 2 x 3 kernels of 3 x 3."""
    weight = np.arange(54, dtype=np.float32).reshape(2, 3, 3, 3)
    return kernel_of(fl.Conv2d(weight), (3, 8, 8))


def test_a_preset_fills_the_present_slice(many, saved, bench):
    many.session.select((1, 2))
    choose(many, "sobel")
    weight = saved()["weight"]
    assert weight[1][2] == {"preset": "sobel"}
    assert weight[0][0] == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert many.session.index == (1, 2)
    many.session.select((0, 0))
    assert many.presets.combo.currentData() == ""


def test_a_preset_takes_the_size_of_the_layer(many, saved):
    choose(many, "gabor")
    assert saved()["weight"][0][0] == {"preset": "gabor", "size": 3}
    assert many.presets.rows["size"].isHidden()


def test_a_preset_of_another_size_says_why_not(many, bench):
    place = bench.document.history.place
    choose(many, "laws")
    assert "this kernel is 5 by 5" in many.problem.text()
    assert "3 by 3" in many.problem.text()
    assert bench.document.history.place == place
    assert many.presets.combo.currentData() == ""


def test_the_first_edit_of_a_preset_leaves_the_cells_where_they_are(part, hand, qtbot, kernel):
    choose(part, "sobel")
    part.show()
    qtbot.wait(20)
    place = hand.grid.mapTo(part, hand.grid.rect().topLeft())
    hand.click((1, 1))
    hand.wheel((1, 1))
    qtbot.wait(20)
    assert part.session.recipe is None
    assert not part.presets.settings.isVisible()
    assert hand.grid.mapTo(part, hand.grid.rect().topLeft()) == place
