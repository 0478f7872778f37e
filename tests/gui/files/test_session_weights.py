"""The many weights of a session: in files of their own, whole, each array once."""

from __future__ import annotations

import base64
import json
import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import FileError
from filterlab.gui.files.session import weights as weights_module
from filterlab.gui.files.session.file import MOST_NUMBERS, SessionState, from_text, read_state, write_state
from filterlab.gui.files.session.weights import WeightFiles
from filterlab.run.files import to_safetensors


@pytest.fixture
def heavy():
    """A pipeline whose weights are too many for text, a recipe among them."""
    big = np.random.default_rng(0).standard_normal((64, 64, 5, 5)).astype(np.float32)
    assert big.size > MOST_NUMBERS
    recipe = {"init": "kaiming_normal", "shape": [9, 64, 3, 3]}
    return fl.Pipeline([("big", fl.Conv2d(big)), ("recipe", fl.Conv2d(recipe))])


def weight_files(folder):
    return sorted(folder.glob("*.safetensors"))


def test_many_weights_lie_beside_the_session_and_recipes_stay(tmp_path, heavy):
    file = tmp_path / "kept.json"
    write_state(SessionState(pipeline=heavy), WeightFiles(file))
    (beside,) = weight_files(tmp_path)
    numbers = heavy["big"].weight.nbytes
    assert numbers < beside.stat().st_size < numbers + 1000, "the numbers as they are, each once"
    assert file.stat().st_size < 2000
    state = read_state(file)
    assert state.pipeline == heavy
    assert state.pipeline.nodes[1].layer.params() == heavy.nodes[1].layer.params()


def test_weights_are_written_once_and_an_edited_layer_by_itself(tmp_path, heavy):
    weights = WeightFiles(tmp_path / "kept.json")
    write_state(SessionState(pipeline=heavy), weights)
    (first,) = weight_files(tmp_path)
    written_at = first.stat().st_mtime_ns
    write_state(SessionState(pipeline=heavy, node="big"), weights)
    write_state(SessionState(pipeline=heavy), WeightFiles(weights.file))  # of another run of the program
    assert weight_files(tmp_path) == [first]
    assert first.stat().st_mtime_ns == written_at
    shift = fl.Conv2d(np.ones((2, 9, 3, 3), np.float32))
    longer = fl.Pipeline([*heavy.nodes, ("shift", shift)])
    write_state(SessionState(pipeline=longer), weights)
    (second,) = (path for path in weight_files(tmp_path) if path != first)
    assert second.stat().st_size < shift.weight.nbytes + 1000, "what is written already was written again"
    assert read_state(weights.file).pipeline == longer
    write_state(SessionState(pipeline=heavy), weights)
    assert weight_files(tmp_path) == [first], "weights that nothing needs any more are still there"


def test_a_crash_between_any_two_steps_leaves_a_whole_session(tmp_path, heavy, monkeypatch):
    old = fl.Pipeline([("old", fl.Conv2d(np.ones((200, 200, 1, 1), np.float32)))])
    weights = WeightFiles(tmp_path / "kept.json")
    write_state(SessionState(pipeline=old), weights)

    def crash(*_):
        raise OSError("the disk is full")

    for module, step, left in (
        (weights_module, "write_tensors", old),
        (os, "replace", old),
        (Path, "unlink", heavy),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, step, crash)
            with suppress(FileError, OSError):
                write_state(SessionState(pipeline=heavy), weights)
        assert read_state(weights.file).pipeline == left, f"after a crash in {step}"
    write_state(SessionState(pipeline=heavy), WeightFiles(weights.file))
    assert len(weight_files(tmp_path)) == 1, "what the crashes left over was not removed"
    assert read_state(weights.file).pipeline == heavy


def test_weights_that_were_removed_by_somebody_are_written_again(tmp_path, heavy):
    weights = WeightFiles(tmp_path / "kept.json")
    write_state(SessionState(pipeline=heavy), weights)
    weight_files(tmp_path)[0].unlink()
    write_state(SessionState(pipeline=heavy), weights)
    assert read_state(weights.file).pipeline == heavy


def test_a_session_that_was_put_aside_keeps_its_weights(tmp_path, heavy):
    weights = WeightFiles(tmp_path / "session.json")
    write_state(SessionState(pipeline=heavy), weights)
    aside = weights.file.replace(tmp_path / "session-before.json")
    write_state(SessionState(pipeline=fl.Pipeline()), weights)
    assert read_state(aside).pipeline == heavy


def test_a_session_names_weights_in_its_own_folder_only(tmp_path, heavy):
    file = tmp_path / "inner" / "kept.json"
    file.parent.mkdir()
    write_state(SessionState(pipeline=heavy), WeightFiles(file))
    (beside,) = weight_files(file.parent)
    beside.replace(tmp_path / beside.name)
    for name in (f"../{beside.name}", str(tmp_path / beside.name), 3):
        content = json.loads(file.read_text()) | {"weights": [name]}
        with pytest.raises(FileError, match="not the name of a file"):
            from_text(json.dumps(content), file.parent)
    with pytest.raises(FileError, match="there is no such file"):
        read_state(file)


def test_many_weights_of_earlier_versions_are_read(tmp_path, heavy):
    packed = base64.b64encode(to_safetensors(heavy)).decode("ascii")
    text = json.dumps({"format": "filterlab-session/1", "tensors": packed})
    assert from_text(text, tmp_path).pipeline == heavy


def test_broken_tensors_are_named(tmp_path):
    for tensors in ("!", 3, "AAAA"):
        with pytest.raises(FileError, match="its pipeline"):
            from_text(json.dumps({"format": "filterlab-session/1", "tensors": tensors}), tmp_path)
