from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QSlider

import filterlab as fl
from filterlab.gui.inspector.groups import group_by_name, weights_words
from filterlab.gui.inspector.kernel.presets import PresetPanel
from filterlab.layers.base.initializers import INITIALIZERS
from filterlab.layers.base.weights import parse_weights


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def conv(**options):
    return fl.Conv2d(np.arange(54, dtype=np.float32).reshape(3, 2, 3, 3), **options)


def test_a_setting_is_applied_once_typing_ends(qtbot, inspect, bench, layer):
    form = inspect(fl.Conv2d(np.ones((3, 1, 3, 3)))).form
    before, field = bench.document.pipeline, form.editor("kernel_size").pair.fields[0]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "99")
    assert form.editor("kernel_size").pair.values == (99, 99), "a linked field shows what is typed"
    qtbot.keyClicks(field, "9999")
    assert bench.document.pipeline is before, "99 was only on the way"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert bench.document.pipeline is before
    words = form.rows["kernel_size"].problem.text()
    assert words.startswith("kernel size is (999999, 999999)"), "the window's word, and the whole number"
    field.selectAll()
    qtbot.keyClicks(field, "5")
    qtbot.waitUntil(lambda: layer().kernel_size == (5, 5))  # after a pause alone


def test_leaving_a_field_applies_what_was_typed(qtbot, inspect, layer):
    form = inspect(fl.MaxPool2d(2, stride=2)).form
    field = form.editor("stride").pair.fields[0]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "4")
    form.editor("dilation").setFocus()
    assert layer().stride == (4, 4)


def test_a_shortcut_finds_what_was_typed(qtbot, inspect, bench, layer):
    form = inspect(fl.MaxPool2d(2, stride=2)).form
    field = form.editor("stride").pair.fields[0]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "4")
    qtbot.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert layer().stride == (4, 4)


def test_what_is_typed_is_not_given_to_another_layer(qtbot, inspect, bench):
    inspector = inspect(fl.MaxPool2d(2, stride=2))
    bench.document.edit("Add", fl.Pipeline([*bench.document.pipeline.nodes, ("more", fl.AvgPool2d(3))]))
    before, field = bench.document.pipeline, inspector.form.editor("stride").pair.fields[0]
    field._pause.setInterval(10)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "4")
    bench.selection.select("more")
    assert inspector.form.node == "more"
    qtbot.wait(50)
    assert bench.document.pipeline is before


def test_a_legal_setting_is_applied(qtbot, inspect, bench, layer, settle):
    form = inspect(fl.MaxPool2d(2), (1, 12, 12)).form
    type_into(qtbot, form.editor("kernel_size").pair.fields[0], "3")
    assert layer().kernel_size == (3, 3)
    assert bench.document.history.undo_label == "Change kernel size of node"
    settle(bench)
    assert bench.results.maps["node"].view.size == (4, 4)


def test_typing_is_one_step_and_leaving_the_field_ends_it(qtbot, inspect, bench, layer):
    form = inspect(fl.Conv2d(np.ones((12, 12, 1, 1)))).form
    place = bench.document.history.place
    field = form.editor("groups").field
    type_into(qtbot, field, "12")
    assert (layer().groups, bench.document.history.place) == (12, place + 1)
    form.editor("padding").setFocus()
    type_into(qtbot, field, "3")
    assert bench.document.history.place == place + 2
    bench.document.undo()
    assert layer().groups == 12
    assert field.value() == 12


def test_a_wrong_setting_is_explained_and_changes_nothing(qtbot, inspect, bench, layer):
    form = inspect(fl.Conv2d(np.ones((3, 3, 1, 1)))).form
    before, row = bench.document.pipeline, form.rows["groups"]
    type_into(qtbot, row.editor.field, "2")
    assert bench.document.pipeline is before
    assert "does not divide 3 channels" in row.problem.text()
    assert row.problem.isVisible()
    assert row.editor.field.property("wrong") == "true"
    type_into(qtbot, row.editor.field, "3")
    assert layer().groups == 3
    assert row.problem.isHidden()
    assert row.editor.field.property("wrong") == "false"


def test_words_that_are_no_number_are_explained(qtbot, inspect, bench):
    form = inspect(fl.LeakyReLU()).form
    before, row = bench.document.pipeline, form.rows["negative_slope"]
    type_into(qtbot, row.editor.field, "steep")
    assert "'steep'" in row.problem.text()
    assert "a number" in row.problem.text()
    assert bench.document.pipeline is before


def test_what_is_wrong_goes_when_it_becomes_right_together(qtbot, inspect, layer):
    form = inspect(fl.ConvTranspose2d(np.ones((2, 1, 3, 3)))).form
    type_into(qtbot, form.editor("output_padding").pair.fields[0], "1")
    assert form.waiting
    assert "less than the stride" in form.rows["output_padding"].problem.text()
    type_into(qtbot, form.editor("stride").pair.fields[0], "2")
    assert (layer().stride, layer().output_padding) == ((2, 2), (1, 1))
    assert not form.waiting


def test_other_settings_go_on_while_one_is_wrong(qtbot, inspect, layer):
    form = inspect(conv()).form
    type_into(qtbot, form.editor("groups").field, "2")
    type_into(qtbot, form.editor("stride").pair.fields[0], "4")
    assert (layer().stride, layer().groups) == ((4, 4), 1)
    assert form.rows["groups"].problem.isVisible()
    assert form.editor("groups").field.value() == 2


def test_undo_takes_a_wrong_setting_back_too(qtbot, inspect, bench, layer):
    form = inspect(conv()).form
    type_into(qtbot, form.editor("stride").pair.fields[0], "4")
    type_into(qtbot, form.editor("groups").field, "2")
    bench.document.undo()
    assert not form.waiting
    assert form.editor("groups").field.value() == 1
    assert form.rows["groups"].problem.isHidden()


def test_editors_follow_other_edits_without_being_made_anew(inspect, bench, layer, qtbot):
    inspector = inspect(conv())
    form, field = inspector.form, inspector.form.editor("stride").pair.fields[0]
    type_into(qtbot, field, "2")
    cursor = field.lineEdit().cursorPosition()
    bench.document.edit("x", bench.document.pipeline.with_layers({"node": layer().replace(padding=3)}))
    assert inspector.form is form
    assert field.hasFocus()
    assert field.lineEdit().cursorPosition() == cursor
    assert [f.value() for f in form.editor("padding").fields[:1]] == [3]


def test_unlinked_axes_are_edited_by_themselves(qtbot, inspect, layer):
    pair = inspect(fl.MaxPool2d(2)).form.editor("kernel_size").pair
    qtbot.mouseClick(pair.link, Qt.MouseButton.LeftButton)
    type_into(qtbot, pair.fields[1], "5")
    assert layer().kernel_size == (2, 5)
    qtbot.mouseClick(pair.link, Qt.MouseButton.LeftButton)
    assert layer().kernel_size == (2, 2)


def test_an_empty_pair_is_left_out(qtbot, inspect, layer):
    form = inspect(fl.MaxPool2d(2, 3)).form
    field = form.editor("stride").pair.fields[0]
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert layer().stride is None


def test_a_gap_keeps_the_size_of_its_axis(qtbot, inspect, layer):
    pair = inspect(fl.AdaptiveAvgPool2d((4, 4))).form.editor("output_size").pair
    qtbot.mouseClick(pair.link, Qt.MouseButton.LeftButton)
    pair.fields[0].selectAll()
    qtbot.keyClick(pair.fields[0], Qt.Key.Key_Backspace)
    qtbot.keyClick(pair.fields[0], Qt.Key.Key_Return)
    assert layer().output_size == (None, 4)


def test_the_default_comes_back(qtbot, inspect, layer, bench):
    form = inspect(fl.MaxPool2d(2, dilation=3)).form
    row = form.rows["dilation"]
    assert row.back.isVisible()
    assert form.rows["ceil_mode"].back.isHidden()
    assert form.rows["kernel_size"].back.isHidden()
    qtbot.mouseClick(row.back, Qt.MouseButton.LeftButton)
    assert layer().dilation == (1, 1)
    assert row.back.isHidden()
    assert bench.document.history.undo_label == "Reset dilation of node"


def test_a_drag_of_a_slider_is_one_step(qtbot, inspect, bench, layer):
    form = inspect(fl.LeakyReLU()).form
    slider: QSlider = form.editor("negative_slope").slider
    place = bench.document.history.place
    slider.setSliderDown(True)
    for position in (10, 60, 120):
        slider.setSliderPosition(position)
        qtbot.wait(5)
    slider.setSliderDown(False)
    assert bench.document.history.place == place + 1
    assert form.editor("negative_slope").field.value() == layer().negative_slope != 0.01
    slider.setSliderPosition(20)
    assert bench.document.history.place == place + 2


def test_a_number_beyond_the_slider_stays_what_it_is(inspect, layer):
    form = inspect(fl.Filter2d(np.ones((3, 3)), divisor=1000.0625)).form
    assert form.editor("divisor").field.value() == 1000.0625
    assert form.editor("divisor").slider.value() == form.editor("divisor").slider.maximum()
    assert layer().divisor == 1000.0625


def test_padding_in_all_its_ways(qtbot, inspect, layer):
    editor = inspect(conv(padding=1)).form.editor("padding")
    assert editor.form == "all"
    for form, visible in (("axes", [0, 2]), ("sides", [0, 1, 2, 3]), ("all", [0])):
        editor.combo.setCurrentIndex(editor.combo.findData(form))
        editor.combo.activated.emit(editor.combo.currentIndex())
        assert [i for i, field in enumerate(editor.fields) if field.isVisible()] == visible
        assert layer().padding == ((1, 1), (1, 1))
    editor.combo.setCurrentIndex(editor.combo.findData("axes"))
    editor.combo.activated.emit(editor.combo.currentIndex())
    type_into(qtbot, editor.fields[2], "5")
    assert layer().padding == ((1, 1), (5, 5))


def test_the_switch_says_what_it_does(qtbot, inspect, layer, bench):
    editor = inspect(conv()).form.editor("operation")
    qtbot.mouseClick(editor.buttons[1], Qt.MouseButton.LeftButton)
    assert layer().operation == "convolution"
    assert "180 degrees" in editor.sentence.text()
    bench.document.undo()
    assert editor.buttons[0].isChecked()
    assert "as it is printed" in editor.sentence.text()


def test_the_wheel_scrolls_the_panel_where_nothing_has_the_focus(qtbot, inspect, layer):
    form = inspect(fl.LeakyReLU()).form
    field = form.editor("negative_slope").field
    field.clearFocus()
    wheel(field, 120)
    assert layer().negative_slope == 0.01
    field.setFocus()
    wheel(field, 120)
    assert layer().negative_slope > 0.01


def test_no_field_takes_the_focus_by_the_wheel(inspect):
    # Qt gives the focus before the field sees the wheel: scrolling the panel would change what passes by.
    form = inspect(fl.Conv2d(weight=np.zeros((8, 3, 3, 3), np.float32), padding=1), shape=(3, 8, 8)).form
    fields = form.findChildren(QAbstractSpinBox) + form.findChildren(QComboBox) + form.findChildren(QSlider)
    assert len(fields) > 8
    assert [field for field in fields if field.focusPolicy() == Qt.FocusPolicy.WheelFocus] == []


def wheel(widget, delta, modifiers=Qt.KeyboardModifier.NoModifier, place=None):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    at = QPointF(place or widget.rect().center())
    event = QWheelEvent(
        at,
        QPointF(widget.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_everything_interactive_has_a_name(inspect):
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QScrollBar

    inspector = inspect(conv())
    for widget in inspector.findChildren(QComboBox) + inspector.findChildren(QAbstractSlider):
        if not isinstance(widget, QScrollBar):
            assert widget.accessibleName(), widget
    for widget in inspector.findChildren(QAbstractButton):
        assert widget.accessibleName() or widget.text() or widget.objectName().startswith("qt_"), widget
    for editor in inspector.form.rows.values():
        focus = editor.editor.focusProxy()
        assert focus is not None
        assert focus.accessibleName()
        assert editor.label.toolTip()
    assert inspector.findChildren(QLineEdit)


def test_an_edit_of_a_node_that_has_just_gone_is_dropped(qtbot, inspect, bench):
    form = inspect(fl.MaxPool2d(2), (1, 12, 12)).form
    bench.document.edit("Remove", fl.Pipeline())
    form.apply({"kernel_size": (3, 3)})
    assert len(bench.document.pipeline) == 0


def test_groups_of_rows_fold_and_that_is_remembered(qtbot, inspect, bench):
    form = inspect(fl.Conv2d(np.ones((3, 3, 1, 1)), padding=1)).form
    assert list(form.sections) == ["weights", "shape", "border", "more"]
    border = form.sections["border"]
    assert border.state.text == "padding 1 · zeros"
    assert form.sections["weights"].state.text == "own numbers"
    assert form.rows["padding"].isVisible()
    qtbot.mouseClick(border.heading, Qt.MouseButton.LeftButton)
    assert not form.rows["padding"].isVisible()
    assert bench.settings.value("inspector/folded") == "border"
    again = type(form)(fl.Conv2d, bench)
    qtbot.addWidget(again)
    while again.make_more():
        pass
    assert [name for name, section in again.sections.items() if section.folded] == ["border"]
    qtbot.keyClick(border.heading, Qt.Key.Key_Space)
    assert bench.settings.value("inspector/folded") == ""
    assert form.rows["padding"].isVisible()


SOBEL = {"preset": "sobel"}
WEIGHTS = [
    (
        {"init": "kaiming_normal", "shape": [2, 1, 3, 3], "seed": 3},
        "random (He), seed 3",
        "random (He), seed 3",
    ),
    ({"init": "constant", "shape": [1, 1, 3, 3], "value": 0.5}, "all 0.5", "all 0.5"),
    ([[SOBEL], [{**SOBEL, "axis": "y"}]], "Sobel", "Sobel"),
    ([[SOBEL], [{"preset": "box", "size": 3}]], "several kernels", "Sobel"),
    ([[[[1.0] * 3] * 3], [SOBEL]], "several kernels", "own numbers"),
]


@pytest.mark.parametrize(("weight", "heading", "entry"), WEIGHTS)
def test_the_heading_and_the_list_say_where_numbers_come_from(inspect, weight, heading, entry):
    form = inspect(fl.Conv2d(weight)).form
    assert form.sections["weights"].state.text == heading
    assert form.findChild(PresetPanel).combo.currentText() == entry


def test_every_initializer_has_words():
    words = [
        weights_words(parse_weights({"init": name, "shape": [2, 2, 3, 3]}, "w")) for name in INITIALIZERS
    ]
    assert not set(words) & {*INITIALIZERS, "own numbers"}


def test_a_single_group_has_no_heading(inspect):
    assert inspect(fl.LeakyReLU()).form.sections == {}


def test_the_command_to_edit_cells_unfolds_them(qtbot, inspect, bench):
    inspector = inspect(fl.Filter2d(np.ones((3, 3))))
    section = inspector.form.sections["weights"]
    qtbot.mouseClick(section.heading, Qt.MouseButton.LeftButton)
    bench.commands.refresh()
    bench.commands.action("kernel.edit").trigger()
    assert not section.folded
    assert inspector.kernel_editor().grid.hasFocus()


@pytest.mark.parametrize("kind", [fl.Rotate, fl.Affine])
def test_the_angle_of_a_turned_picture_is_not_among_the_rest(kind):
    groups = group_by_name(kind(angle=30).declarations())
    assert [parameter.name for parameter in groups["more"]] == ["mode"]
    assert groups["shape"][0].name == "angle"
