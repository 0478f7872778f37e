"""Every parameter of every layer type can be edited, and what is edited is what the file holds."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab import parameters
from filterlab.gui.inspector.editors import editor_type
from filterlab.layers import layer_types
from filterlab.layers.base import kinds
from filterlab.layers.base.weights import Weights
from filterlab.pipeline import Pipeline

EVERY = [(key, p.name) for key, kind in layer_types().items() for p in (*kind.sizes, *kind.declarations())]


def write(qtbot, field, value):
    """Type a number into a field as a person does."""
    field.setFocus()
    field.selectAll()
    text = "" if value is None else str(value)
    if text:
        qtbot.keyClicks(field, text)
    else:
        qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def drive_number(qtbot, editor, value):
    write(qtbot, editor.field, value)


def drive_flag(qtbot, editor, value):
    if editor.box.isChecked() != value:
        qtbot.keyClick(editor.box, Qt.Key.Key_Space)


def drive_choice(qtbot, editor, value):
    combo = editor.combo
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def drive_switch(qtbot, editor, value):
    button = editor.buttons[editor.parameter.kind.options.index(value)]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def drive_pair(qtbot, editor, value):
    fields, link = editor.pair.fields, editor.pair.link
    if link.isChecked() != (value is None or value[0] == value[1]):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    for field, number in zip(fields, value or (None, None), strict=True):
        write(qtbot, field, number)


def drive_padding(qtbot, editor, value):
    form = value if isinstance(value, str) else "sides"
    drive_choice(qtbot, editor, form)
    if form == "sides":
        for field, number in zip(editor.fields, (*value[0], *value[1]), strict=True):
            write(qtbot, field, number)


def drive_labels(qtbot, editor, value):
    editor.lines.clear()
    for i, name in enumerate(value):
        if i:
            qtbot.keyClick(editor.lines, Qt.Key.Key_Return)
        qtbot.keyClicks(editor.lines, name)


def drive_kernel(qtbot, editor, value):
    editor.grid.move_to((0, 0))
    editor.grid.setFocus()
    qtbot.keyClicks(editor.grid, "7")
    qtbot.keyClick(editor.grid.field, Qt.Key.Key_Return)


def drive_array(qtbot, editor, value):
    if editor.weights is None:
        editor.box.click()
    assert editor.model.setData(editor.model.index(0, 0), "7")


DRIVE = {
    "integer": drive_number,
    "number": drive_number,
    "flag": drive_flag,
    "choice": drive_choice,
    "switch": drive_switch,
    "pair": drive_pair,
    "factors": drive_pair,
    "number pair": drive_pair,
    "padding": drive_padding,
    "labels": drive_labels,
    "kernel": drive_kernel,
    "list": drive_array,
    "matrix": drive_array,
}


def candidates(kind, value):
    if isinstance(kind, parameters.Flag):
        return [not value]
    if isinstance(kind, parameters.Choice):
        return [option for option in kind.options if option != value]
    if isinstance(kind, kinds.Padding):
        return [((1, 2), (3, 0)), ((0, 0), (0, 0))]
    if isinstance(kind, (kinds.Factors, parameters.NumberPair)):
        return [(1.5, 3)]
    if isinstance(kind, parameters.Pairs):
        return [(3, 2), (1, 2), (0, 1), (1, 0), (0, 0), None]
    if isinstance(kind, kinds.Labels):
        return [("a b", "c")]
    if isinstance(kind, parameters.Integer):
        return [n for n in (2, 4, 1, 3, 5, -1, 0) if n != value]
    return [n for n in (0.3, 1.75, 40.5, 0.2, None) if n != value]


def start_and_value(key, name):
    """A layer, and a legal value that its parameter has not yet; arrays get a 7 at their beginning instead."""
    layers = [case.layer for case in importlib.import_module(f"tests.layers.test_{key}").CASES]
    for layer in layers:
        parameter = next(p for p in (*layer.sizes, *layer.declarations()) if p.name == name)
        value = new_value(layer, parameter)
        if value is not None or isinstance(parameter.kind, kinds.Tensor):
            return layer, value
    return layers[0], None


def new_value(layer, parameter):
    """A legal value other than the present one; None where there is none but None."""
    if isinstance(parameter.kind, kinds.Tensor):
        return None
    present = getattr(layer, parameter.name)
    for value in candidates(parameter.kind, present):
        try:
            layer.resized(**{parameter.name: value})
        except fl.FilterLabError:
            continue
        if value != present:
            return value
    return None


def test_every_kind_has_an_editor():
    for kind in layer_types().values():
        for parameter in kind.declarations():
            assert editor_type(parameter.kind), parameter.name
            assert parameter.kind.editor in DRIVE


@pytest.mark.parametrize(("key", "name"), EVERY, ids=[f"{key}-{name}" for key, name in EVERY])
def test_it_can_be_edited(key, name, qtbot, inspect, bench, layer, tmp_path):
    start, value = start_and_value(key, name)
    form = inspect(start, inputs=("image",) * max(start.arity[0], 1)).form
    if key == "crop" and name == "size":
        # Only one of the two may be given: the margin goes while the size waits.
        drive_pair(qtbot, form.editor("size"), (3, 2))
        drive_choice(qtbot, form.editor("margin"), "none")
        assert layer().size == (3, 2)
        return
    parameter = form.rows[name].parameter
    editor = form.editor(name)
    DRIVE[parameter.kind.editor](qtbot, editor, value)
    assert not form.waiting
    expected = start
    if isinstance(parameter.kind, kinds.Tensor):
        after = layer().raw()[name]
        assert after.array.reshape(-1)[0] == 7
        before = start.raw()[name]
        if before is not None:
            np.testing.assert_array_equal(after.array.reshape(-1)[1:], before.array.reshape(-1)[1:])
    else:
        after, expected = getattr(layer(), name), start.resized(**{name: value})
        assert after == parameter.kind.parse(value, name) if value is not None else after is None
    for other, wanted in expected.raw().items():
        found = layer().raw()[other]
        if isinstance(wanted, Weights) and wanted is not start.raw()[other]:
            np.testing.assert_array_equal(found.array, wanted.array)
        elif other != name:
            assert found == wanted
    bench.document.pipeline.save(tmp_path / "p.json")
    assert Pipeline.load(tmp_path / "p.json") == bench.document.pipeline
    while bench.document.history.place > 1:
        bench.document.undo()
    assert layer() is start
