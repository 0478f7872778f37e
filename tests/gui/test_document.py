from __future__ import annotations

import filterlab as fl
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.work import Work


def test_every_edit_is_a_step_and_undo_brings_the_same_objects_back(qapp, pipeline, picture):
    document = Document()
    seen = []
    document.changed.connect(lambda old, new: seen.append((old, new)))
    document.show_picture("Open", picture)
    document.edit("Build", pipeline)
    document.undo()
    assert document.picture is picture
    assert len(document.pipeline) == 0
    document.redo()
    assert document.pipeline is pipeline
    assert [new.pipeline is pipeline for _, new in seen] == [False, True, False, True]


def test_modified_follows_the_file(qapp, pipeline, tmp_path):
    document = Document()
    assert not document.modified
    document.edit("Build", pipeline)
    assert document.modified
    document.mark_saved(tmp_path / "a.json")
    assert not document.modified
    assert document.path == tmp_path / "a.json"
    document.undo()
    assert document.modified
    document.redo()
    assert not document.modified


def test_opening_a_pipeline_can_be_undone(qapp, pipeline, tmp_path):
    document = Document(Work(pipeline))
    document.open_pipeline("Open b", fl.Pipeline([fl.ReLU()]), tmp_path / "b.json")
    assert not document.modified
    document.undo()
    assert document.pipeline is pipeline
    assert document.path is None


def test_restoring_starts_without_a_history(qapp, pipeline, picture):
    document = Document()
    document.edit("Build", pipeline)
    document.restore(Work(pipeline, picture), saved=False)
    assert document.modified
    assert document.history.undo_label is None
