"""Saving the pipeline, and closing with unsaved work."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QMessageBox

import filterlab as fl
from filterlab.gui.files.saving import SaveDialog


@pytest.fixture
def edited(opened, box):
    """Work that is not saved."""
    opened.document.edit("Change", box)
    return opened


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_save_as_writes_what_is_read_back(edited, files, quiet, tmp_path, box, suffix):
    path = tmp_path / f"mine{suffix}"
    files.saving.save_to(path)
    quiet(files)
    assert fl.Pipeline.load(path) == box
    assert not edited.document.modified
    assert edited.document.path == path
    assert files.recent.paths == [path]
    assert edited.messages.all[-1].text == f"Saved mine{suffix}"


def test_save_asks_for_a_name_once(edited, files, quiet, child, tmp_path, pipeline):
    edited.commands.action("file.save").trigger()
    dialog = child(SaveDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("named")
    dialog.accept()
    quiet(files)
    path = tmp_path / "named.json"
    assert edited.document.path == path
    edited.document.edit("Back", pipeline)
    edited.commands.action("file.save").trigger()
    quiet(files)
    assert fl.Pipeline.load(path) == pipeline


def test_the_dialog_begins_where_one_has_worked_last(edited, files, child, tmp_path):
    opened_from, saved_to = tmp_path / "pictures", tmp_path / "pipelines"
    for folder, name in ((opened_from, "folder/open"), (saved_to, "folder/pipeline")):
        folder.mkdir()
        edited.settings.setValue(name, str(folder))
        edited.commands.action("file.save").trigger()
        dialog = child(SaveDialog)
        assert Path(dialog.directory().absolutePath()) == folder
        dialog.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_dialog_adds_the_suffix_of_the_chosen_kind(edited, files, quiet, child, tmp_path, box):
    edited.commands.action("file.save_as").trigger()
    dialog = child(SaveDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectNameFilter(dialog.nameFilters()[1])
    dialog.filterSelected.emit(dialog.nameFilters()[1])
    dialog.selectFile("big")
    dialog.accept()
    quiet(files)
    assert fl.Pipeline.load(tmp_path / "big.safetensors") == box


def test_edits_during_writing_are_not_counted_as_saved(edited, files, quiet, tmp_path, pipeline, box):
    files.saving.save_to(tmp_path / "a.json")
    edited.document.edit("More", pipeline)
    quiet(files)
    assert edited.document.modified
    assert fl.Pipeline.load(tmp_path / "a.json") == box


def test_a_pipeline_begun_during_writing_does_not_get_the_file(edited, files, quiet, tmp_path, pipeline, box):
    files.saving.save_to(tmp_path / "a.json")
    files.new()
    edited.document.edit("More", pipeline)
    quiet(files)
    assert edited.document.path is None
    assert edited.document.modified
    assert fl.Pipeline.load(tmp_path / "a.json") == box


def test_failures_leave_the_old_file_and_say_so(edited, files, quiet, tmp_path, errors):
    files.saving.save_to(tmp_path / "none" / "a.json")
    files.saving.save_to(tmp_path / "a.txt")
    quiet(files)
    assert len(errors()) == 2
    assert all(message.text.startswith("The pipeline was not saved") for message in errors())
    assert edited.document.modified
    assert edited.document.path is None


# -- closing ----------------------------------------------------------------------------------------------


def answer(files, child, qtbot, kind):
    """Try to close and answer the question; return how often closing went on."""
    calls = []
    assert not files.saving.may_close(lambda: calls.append(True))
    question = child(QMessageBox)
    assert question.textFormat() == Qt.TextFormat.PlainText  # it names a file
    qtbot.mouseClick(question.button(kind), Qt.MouseButton.LeftButton)
    return calls


def test_nothing_is_asked_where_nothing_would_be_lost(files, opened, tmp_path, quiet, box):
    never = pytest.fail
    assert files.saving.may_close(never)
    opened.document.edit("Change", box)
    files.saving.save_to(tmp_path / "a.json")
    quiet(files)
    assert files.saving.may_close(never)
    files.new()
    assert files.saving.may_close(never)


def test_cancel_keeps_the_window(files, edited, child, qtbot, quiet, box):
    assert answer(files, child, qtbot, QMessageBox.StandardButton.Cancel) == []
    quiet(files)
    assert edited.document.pipeline == box
    assert edited.document.modified


def test_escape_is_cancel(files, edited, child, qtbot):
    calls = []
    files.saving.may_close(lambda: calls.append(True))
    qtbot.keyClick(child(QMessageBox), Qt.Key.Key_Escape)
    assert calls == []
    assert edited.document.modified


def test_discard_goes_back_to_what_is_saved(files, edited, child, qtbot, pipeline):
    assert answer(files, child, qtbot, QMessageBox.StandardButton.Discard) == [True]
    assert edited.document.pipeline == pipeline
    assert files.saving.may_close(pytest.fail)


def test_save_closes_when_it_is_written(files, edited, child, qtbot, quiet, tmp_path, box):
    edited.document.mark_saved(tmp_path / "a.json", fl.Pipeline())
    calls = answer(files, child, qtbot, QMessageBox.StandardButton.Save)
    quiet(files)
    assert calls == [True]
    assert fl.Pipeline.load(tmp_path / "a.json") == box


def test_save_without_a_name_asks_for_one_and_cancel_there_keeps_the_window(
    files, edited, child, qtbot, quiet, tmp_path, box
):
    assert answer(files, child, qtbot, QMessageBox.StandardButton.Save) == []
    child(SaveDialog).reject()
    quiet(files)
    calls = answer(files, child, qtbot, QMessageBox.StandardButton.Save)
    dialog = child(SaveDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("late.json")
    dialog.accept()
    quiet(files)
    assert calls == [True]
    assert fl.Pipeline.load(tmp_path / "late.json") == box


def test_a_failure_keeps_the_window(files, edited, child, qtbot, quiet, tmp_path, errors):
    edited.document.mark_saved(tmp_path / "none" / "a.json", fl.Pipeline())
    calls = answer(files, child, qtbot, QMessageBox.StandardButton.Save)
    quiet(files)
    assert calls == []
    assert len(errors()) == 1


def test_the_title_of_an_example_is_proposed_as_name(bench, files, child, pipeline):
    bench.document.open_pipeline("Open", pipeline, None, title="Edges / corners")
    files.saving.save()
    dialog = child(SaveDialog)
    assert Path(dialog.selectedFiles()[0]).name == "Edges - corners.json"
    dialog.reject()
