"""How far a picture that is done in tiles has come, while nothing else is known of it."""

from __future__ import annotations

import os
import pickle
import threading
import time
from concurrent.futures import Future
from types import SimpleNamespace

import numpy as np
import pytest

import filterlab as fl
from filterlab.batch import Settings, plan, run_jobs
from filterlab.batch.local import processes
from filterlab.batch.local.attempts import Attempts
from filterlab.batch.local.crew import Crew, _Worker
from filterlab.batch.local.processes import Processes
from filterlab.batch.local.serving import READING
from filterlab.batch.worker import Done
from filterlab.cli import main, watching
from tests.cli.test_watching import Terminal

PATIENCE = 120.0  # seconds for a thread, on a machine that others use, too


@pytest.fixture
def pipeline():
    return fl.Pipeline([("positive", fl.ReLU())])


@pytest.fixture
def picture(tmp_path):
    """Of twelve tiles of 32 rows and columns."""
    path = tmp_path / "large.npy"
    np.save(path, np.random.default_rng(3).random((96, 128), np.float32))
    return path


def test_each_tile_is_told_where_this_process_does_the_work(pipeline, picture, tmp_path):
    told = []
    settings = Settings(pipeline, tmp_path / "out", format="npy", tile=32)
    (outcome,) = run_jobs(settings, plan([picture]).jobs, advance=told.append)
    assert not outcome.error
    assert told == [number / 12 for number in range(1, 13)]


def test_of_very_many_tiles_every_thousandth_part_is_told(pipeline, picture, tmp_path):
    np.save(picture, np.zeros((8, 3000), np.float32))
    told = []
    settings = Settings(pipeline, tmp_path / "out", format="npy", tile=2)
    list(run_jobs(settings, plan([picture]).jobs, advance=told.append))
    assert len(told) == 1000
    assert told[-1] == 1


def test_a_picture_that_is_done_whole_tells_nothing(pipeline, picture, tmp_path):
    told = []
    list(
        run_jobs(
            Settings(pipeline, tmp_path / "out", format="npy"), plan([picture]).jobs, advance=told.append
        )
    )
    assert told == []


def test_what_a_worker_says_counts_until_its_picture_has_ended():
    read, write = os.pipe()
    worker, crew = _Worker.__new__(_Worker), Crew.__new__(Crew)
    worker.touched, worker.advance, worker._replies = 0, 0.0, os.fdopen(read, "rb")
    crew._lock, crew._workers = threading.Lock(), {worker}
    thread = threading.Thread(target=worker.reply, args=(None,))
    thread.start()
    with os.fdopen(write, "wb") as pipe:
        pipe.write(pickle.dumps(READING) + pickle.dumps(0.25))
        pipe.flush()
        until = time.monotonic() + PATIENCE
        while crew.advance != 0.25 and time.monotonic() < until:
            time.sleep(0.001)
        assert crew.advance == 0.25
        pipe.write(pickle.dumps((Done((), None), ())))
    thread.join(PATIENCE)
    assert crew.advance == 0
    worker._replies.close()


def test_what_has_changed_is_told_while_outcomes_are_waited_for(pipeline, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "_PATIENCE", 0.001)
    told, states, future = [], [0.0, 0.25, 0.25, 0.5], Future()

    def advance(_):
        if len(states) == 1:
            future.set_result(Done((), None))
        return states.pop(0)

    crew = type("Crew", (SimpleNamespace,), {"advance": property(advance)})()
    made = Processes(Settings(pipeline, tmp_path), iter(()), 1, Attempts(), advance=told.append)
    assert made._finished_of(crew, [future]) == {future}
    assert told == [0.25, 0.5]


def test_the_bar_of_the_command_line_is_there_for_a_single_picture_in_tiles(
    pipeline, picture, tmp_path, monkeypatch
):
    pipeline.save(tmp_path / "p.json")
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(watching, "_PAUSE", 0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    words = ["run", str(tmp_path / "p.json"), str(picture), "--out", str(tmp_path / "out"), "--format", "npy"]
    assert main([*words, "--tile", "32"]) == 0
    shown = stream.getvalue()
    assert "0/1" in shown
    assert "1/1" in shown
    assert "each" in shown or "/s" in shown, "the rate, before the picture has ended"
