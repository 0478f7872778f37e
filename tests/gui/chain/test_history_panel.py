from __future__ import annotations

import shlex

import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab.gui.chain import ChainPanel, HistoryPanel


@pytest.fixture
def panel(opened, qtbot):
    panel = HistoryPanel(document=opened.document, commands=opened.commands, theme=opened.theme)
    qtbot.addWidget(panel)
    panel.resize(300, 300)
    panel.show()
    return panel


def texts(panel):
    return [panel.list.item(i).text() for i in range(panel.list.count())]


def test_undo_and_redo_say_what(panel, opened, pipeline):
    opened.document.edit("Exchange pool", pipeline.with_layers({"pool": fl.AvgPool2d(2)}))
    undo, redo = opened.commands.action("edit.undo"), opened.commands.action("edit.redo")
    assert undo.text() == "Undo Exchange pool"
    assert redo.text() == "Redo"
    assert not redo.isEnabled()
    undo.trigger()
    assert opened.document.pipeline is pipeline
    assert redo.text() == "Redo Exchange pool"
    redo.trigger()
    assert opened.document.pipeline["pool"].key == "avg_pool2d"
    assert not redo.isEnabled()


def test_at_the_start_there_is_nothing_to_undo(bench, qtbot):
    panel = HistoryPanel(document=bench.document, commands=bench.commands, theme=bench.theme)
    qtbot.addWidget(panel)
    assert not bench.commands.action("edit.undo").isEnabled()
    assert texts(panel) == ["Start"]


def test_a_click_goes_to_a_step(panel, opened, pipeline, qtbot):
    assert texts(panel) == ["Start", "Open test", "Open test picture"]
    for size in (3, 4):
        opened.document.edit(f"Size {size}", pipeline.with_layers({"pool": fl.MaxPool2d(size)}))
    assert panel.list.currentRow() == 4
    rect = panel.list.visualItemRect(panel.list.item(2))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert opened.document.pipeline is pipeline
    assert [panel.list.item(i).font().italic() for i in range(5)] == [False, False, False, True, True]
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert opened.document.pipeline["pool"].kernel_size == (3, 3)
    opened.document.edit("Other", pipeline)
    assert texts(panel)[-2:] == ["Size 3", "Other"]


def test_undone_steps_are_dim_in_either_theme(panel, opened):
    opened.document.undo()
    for theme in ("dark", "light"):
        opened.theme.set(theme)
        last = panel.list.item(panel.list.count() - 1)
        assert last.foreground().color() == panel.list.palette().placeholderText().color()
        assert last.foreground().color() != panel.list.item(0).foreground().color()


def test_the_source_is_copied(opened, qtbot, qapp, pipeline):
    panel = ChainPanel(opened)
    qtbot.addWidget(panel)
    opened.commands.action("edit.copy_python").trigger()
    names = {}
    exec(qapp.clipboard().text(), names)
    assert names["pipeline"] == pipeline


def test_the_command_has_the_range_and_the_colours_that_are_shown(opened, qtbot, qapp, settle):
    edges = fl.Pipeline([("sobel", fl.Filter2d(fl.kernels.sobel(3)))])
    opened.document.edit("one", edges)
    settle(opened)
    panel = ChainPanel(opened)
    qtbot.addWidget(panel)

    def options():
        opened.commands.action("edit.copy_command").trigger()
        return shlex.split(qapp.clipboard().text())[6:]

    scale = opened.tones().tone("sobel", opened.results.maps["sobel"].view).scale
    assert options() == [f"--range={scale.low:.17g},{scale.high:.17g}", "--colormap", "signed-light"]
    opened.view.fix(("sobel", None), (-0.5, 0.5))
    assert options() == ["--range=-0.5,0.5", "--colormap", "signed-light"]
    opened.view.set(scope="common", colormap="gray")
    opened.view.fix(("", None), (-2.0, 2.0))
    assert options() == ["--range=-2,2"]


def test_the_command_is_copied_with_the_names_of_the_files(opened, qtbot, qapp, pipeline, tmp_path):
    panel = ChainPanel(opened)
    qtbot.addWidget(panel)
    opened.commands.action("edit.copy_command").trigger()
    assert qapp.clipboard().text() == "filterlab run pipeline.json picture.png --out maps --range=percentile"
    assert "save the pipeline" in opened.messages.all[-1].hint
    opened.document.mark_saved(tmp_path / "my edges.json")
    opened.commands.action("edit.copy_command").trigger()
    assert f"'{tmp_path}/my edges.json'" in qapp.clipboard().text()
    assert opened.messages.all[-1].level == "note"
