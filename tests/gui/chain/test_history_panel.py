from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

import filterlab as fl
from filterlab.graph import editing
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.chain import ChainPanel, HistoryPanel
from filterlab.resources import samples


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


# -- a session as a macro ----------------------------------------------------------------------------------


@pytest.fixture
def session(opened):
    """A chain panel over a workbench with a picture of a file, edits, one of them undone, and a pin."""
    chain = ChainPanel(opened)
    document = opened.document
    file = samples()["camera"]
    document.show_picture("Open camera.png", Picture("camera.png", fl.read_image(file), file))
    document.edit("Pool more", document.pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
    document.edit("Remove blur", editing.remove(document.pipeline, ["blur"]))
    document.edit("Undone", fl.Pipeline([fl.Abs()]))
    document.undo()
    opened.selection.set_pin(Spot("relu", 0, 20, 30))
    yield opened
    chain.deleteLater()


def test_the_history_as_python_repeats_the_session_in_a_process(session, tmp_path):
    session.commands.action("edit.copy_history_python").trigger()
    source = QGuiApplication.clipboard().text()
    assert "# Remove blur" in source
    assert "Undone" not in source
    saved = tmp_path / "again.json"
    script = tmp_path / "session.py"
    more = f"pipeline.save({str(saved)!r})\nprint(repr(float(pinned.value)), image.shape)\n"
    script.write_text(source + more, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    assert fl.Pipeline.load(saved) == session.document.pipeline
    value = session.document.pipeline.explain(session.document.picture.pixels, "relu", 0, 20, 30).value
    assert done.stdout == f"{float(value)!r} {session.document.picture.shape}\n"


def test_the_history_as_command_line_runs_and_explains(session, tmp_path):
    session.document.mark_saved(tmp_path / "mine.json")
    session.commands.action("edit.copy_history_command").trigger()
    run, explain = map(shlex.split, QGuiApplication.clipboard().text().splitlines())
    assert run[:4] == ["filterlab", "run", str(tmp_path / "mine.json"), str(samples()["camera"])]
    assert explain[4:] == ["relu", "0", "20", "30"]
    assert session.messages.all[-1].level == "note"


def test_a_learning_step_is_a_command_until_the_next_edit(session):
    document = session.document
    words = ("filterlab", "learn", "--out", "learned.json")
    document.edit("Keep step 3 of learning", document.pipeline.with_layers({"relu": fl.Abs()}), command=words)
    document.edit("Other", document.pipeline.with_layers({"relu": fl.ReLU()}))
    session.commands.action("edit.copy_history_command").trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split()[1] for line in lines] == ["learn", "run", "explain"]
    assert document.work.command == ()


def test_the_menu_of_the_list_offers_both(session, panel):
    names = [action.text() for action in panel.menu().actions()]
    assert names == ["Copy the history as Python", "Copy the history as command line"]
