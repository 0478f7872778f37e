"""What holds after whatever anybody has done with the window."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtWidgets import QApplication

import filterlab as fl
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.files.session.file import read_state, write_state
from filterlab.gui.files.session.weights import WeightFiles
from filterlab.gui.window import MainWindow
from filterlab.run import files
from filterlab.run.ledger import computable, survey

_BACK = 20  # steps of the history that are undone one by one


def check_messages(bench: Workbench) -> None:
    """No message tells of a fault of the program."""
    for message in bench.messages.all[-5:]:
        assert "Traceback" not in message.details, message.details


def check_document(bench: Workbench) -> None:
    """The pipeline is one: made anew from its nodes, and from its file, it is equal."""
    pipeline = bench.document.pipeline
    assert fl.Pipeline(pipeline.nodes) == pipeline
    assert files.from_text(files.to_text(pipeline)) == pipeline


def check_session(window: MainWindow) -> None:
    """The session file holds the person's work, and can be read."""
    document, own = window.bench.document, window.bench.own_work
    with TemporaryDirectory() as folder:
        file = Path(folder) / "session.json"
        write_state(window.session.state(), WeightFiles(file))
        state = read_state(file)
    wanted = [document.pipeline] if own is None else [document.pipeline, own.work.pipeline]
    assert state.elsewhere or state.pipeline in wanted, "the session holds another pipeline"


def check_maps(bench: Workbench) -> None:
    """What is shown is what the pipeline gives."""
    document = bench.document
    if document.picture is None:
        assert not bench.results.maps
        return
    rows = survey(document.pipeline, document.picture.shape)
    expected = computable(document.pipeline, rows).run(document.picture.pixels)
    for name, shown in bench.results.maps.items():
        if name in expected and not shown.stale:
            np.testing.assert_array_equal(shown.view.array, expected[name])


def check_history(bench: Workbench) -> None:
    """Undoing and doing again leads through the same values, and nobody who follows makes an edit of it."""
    document = bench.document
    document.seal()
    history, place = document.history, document.history.place
    work = document.work
    before = [(entry.label, entry.value) for entry in history._entries]
    for move in [document.undo] * _BACK + [lambda: document.jump(0)]:
        move()
        QApplication.processEvents()
    assert document.work is before[0][1]
    for move in [document.redo] * _BACK + [lambda: document.jump(place)]:
        move()
        QApplication.processEvents()
    after = [(entry.label, entry.value) for entry in history._entries]
    assert [label for label, _ in after] == [label for label, _ in before], "the history has changed"
    assert all(new is old for (_, new), (_, old) in zip(after, before, strict=True)), "a step has changed"
    assert document.work is work
