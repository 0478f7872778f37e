"""The journal of a batch: whatever fails, what it says is true, and its folder is given back."""

from __future__ import annotations

import errno
import os
import threading
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest

import filterlab as fl
from filterlab import notices
from filterlab.batch import Settings, journal, plan, run_jobs, worker
from filterlab.batch.journal import NAME, Journal
from filterlab.errors import UNEXPECTED, FileError
from tests.batch.outcomes import entries, outcomes


def test_a_batch_that_was_never_begun_gives_its_folder_back(pipeline, pictures, tmp_path):
    settings, jobs = Settings(pipeline, tmp_path / "out"), plan([pictures]).jobs
    run_jobs(settings, jobs).close()
    outcomes_dropped = run_jobs(settings, jobs)
    del outcomes_dropped
    assert not any(o.error for o in run_jobs(settings, jobs))


def test_a_writer_that_cannot_start_leaves_nothing_open(pipeline, pictures, tmp_path, monkeypatch):
    def start(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(RuntimeError):
        run_jobs(Settings(pipeline, tmp_path / "out"), plan([pictures]).jobs)
    monkeypatch.undo()
    assert not any(o.error for o in outcomes(pipeline, tmp_path / "out", [pictures]))


def test_a_picture_that_is_replaced_while_it_is_computed_is_done_again(
    pipeline, pictures, tmp_path, monkeypatch
):
    real = worker.read_picture

    def read(path, **options):
        found = real(path, **options)
        fl.write_image(path, np.ones((3, 6, 8), np.float32), range=(0, 1))
        return found

    options = {"maps": ("blur",), "format": "npy", "existing": "resume"}
    monkeypatch.setattr(worker, "read_picture", read)
    outcomes(pipeline, tmp_path / "out", [pictures / "a.png"], **options)
    monkeypatch.undo()
    (found,) = outcomes(pipeline, tmp_path / "out", [pictures / "a.png"], **options)
    expected = pipeline.run(np.ones((3, 6, 8), np.float32))["blur"]
    np.testing.assert_array_equal(np.load(found.outputs[0]), expected)


def test_a_picture_whose_entry_cannot_be_withdrawn_keeps_its_files(pipeline, pictures, tmp_path, monkeypatch):
    out = tmp_path / "out"
    outcomes(pipeline, out, [pictures / "a.png"], maps=("blur",), format="npy")
    before, state = entries(out)["a"], (out / "a" / "blur.npy").read_bytes()
    other = pipeline.with_layers({"blur": fl.Filter2d(np.zeros((3, 3)))})

    def full(descriptor, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(journal.os, "write", full)
    found = outcomes(other, out, [pictures], maps=("blur",), format="npy", existing="overwrite")
    monkeypatch.undo()
    errors = {os.path.basename(o.picture): o.error for o in found}
    full = "the disk is full (make room on it, or choose another one)"
    assert errors["a.png"] == f"its entry in the journal cannot be withdrawn: {full}"
    assert errors["b.png"] == errors["c.png"] == ""
    assert (entries(out)["a"], (out / "a" / "blur.npy").read_bytes()) == (before, state)


def test_lines_that_are_written_in_pieces_are_whole(pipeline, pictures, tmp_path, monkeypatch):
    real = os.write
    monkeypatch.setattr(journal.os, "write", lambda descriptor, content: real(descriptor, content[:7]))
    outcomes(pipeline, tmp_path / "out", [pictures], maps=("blur",))
    monkeypatch.undo()
    assert set(entries(tmp_path / "out")) == {"a", "b", "c"}


def test_a_line_that_was_cut_short_does_not_spoil_the_next(pipeline, pictures, tmp_path, monkeypatch):
    real, calls = os.write, []

    def write(descriptor, content):
        calls.append(content)
        if len(calls) == 1:
            return real(descriptor, content[:9])
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, content)

    monkeypatch.setattr(journal.os, "write", write)
    outcomes(pipeline, tmp_path / "out", [pictures], maps=("blur",))
    monkeypatch.undo()
    assert set(journal._entries((tmp_path / "out" / NAME).read_bytes())) == {"a", "b", "c"}


def test_files_are_synced_one_by_one_where_the_system_has_no_call_for_all(
    pipeline, pictures, tmp_path, monkeypatch
):
    synced = []
    monkeypatch.setattr(journal, "_library", lambda: SimpleNamespace(syncfs=lambda descriptor: -1))
    monkeypatch.setattr(journal.os, "fsync", lambda d: synced.append(os.readlink(f"/proc/self/fd/{d}")))
    (found,) = outcomes(pipeline, tmp_path / "out", [pictures / "a.png"], maps=("blur",))
    assert synced == [*found.outputs, str(tmp_path / "out" / "a"), str(tmp_path / "out" / NAME)]


@pytest.mark.skipif(os.name == "nt", reason="it has no call for all files of a file system")
def test_files_on_another_disk_than_the_journal_are_synced_one_by_one(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(journal, "_library", lambda: SimpleNamespace(syncfs=lambda descriptor: 0))
    monkeypatch.setattr(journal, "_sync_each", synced.extend)
    (tmp_path / "a.png").touch()
    for place in (tmp_path / NAME, os.devnull):  # the file system of devices is not that of files
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT)
        try:
            journal._sync_files(descriptor, {tmp_path / "a.png"})
        finally:
            os.close(descriptor)
        assert synced == ([tmp_path / "a.png"] if place == os.devnull else [])


def test_no_entry_speaks_of_files_that_the_disk_has_lost(pipeline, pictures, tmp_path, monkeypatch):
    def broken(descriptor):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(journal, "_library", lambda: None)
    monkeypatch.setattr(journal.os, "fsync", broken)
    found = outcomes(pipeline, tmp_path / "out", [pictures / "a.png"], maps=("blur",))
    assert not found[0].error
    assert not entries(tmp_path / "out")


def test_a_picture_that_fails_between_two_files_leaves_nothing_in_the_way(
    pipeline, pictures, tmp_path, monkeypatch
):
    def fail(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(worker, "write_scores", fail)
    (found,) = outcomes(pipeline, tmp_path / "out", [pictures / "a.png"])
    monkeypatch.undo()
    assert found.error == "the disk is full (make room on it, or choose another one)"
    assert not outcomes(pipeline, tmp_path / "out", [pictures / "a.png"])[0].error


def test_a_disk_that_is_slow_at_the_end_gives_the_folder_back_in_the_end(
    pipeline, pictures, tmp_path, monkeypatch
):
    slow, reached = threading.Event(), threading.Event()

    def sync(*args):
        reached.set()
        assert slow.wait(60)

    monkeypatch.setattr(journal, "_LAST_SYNC", 0)
    monkeypatch.setattr(journal, "PATIENCE", 0)
    monkeypatch.setattr(journal, "_sync_files", sync)
    before = set(threading.enumerate())
    stopped = run_jobs(Settings(pipeline, tmp_path / "out", maps=("blur",)), plan([pictures]).jobs)
    next(stopped)
    next(stopped)
    assert reached.wait(60)
    (writer,) = [thread for thread in set(threading.enumerate()) - before if thread.name == "journal"]
    stopped.close()  # returns, although the disk does not answer
    with pytest.raises(FileError, match="another run is at work"):
        outcomes(pipeline, tmp_path / "out", [pictures])
    slow.set()
    writer.join(60)
    assert not any(o.error for o in outcomes(pipeline, tmp_path / "out", [pictures], existing="resume"))


def test_a_fault_over_one_group_of_entries_costs_neither_the_others_nor_the_folder(
    pipeline, pictures, tmp_path, monkeypatch
):
    real, failed = journal._sync_files, []

    def sync(*args):
        if not failed:
            failed.append(True)
            raise ValueError("a fault")
        real(*args)

    monkeypatch.setattr(journal, "GROUP", 1)
    monkeypatch.setattr(journal, "_sync_files", sync)
    outcomes(pipeline, tmp_path / "out", [pictures], maps=("blur",))
    assert len(entries(tmp_path / "out")) == len(plan([pictures]).jobs) - 1
    assert not any(o.error for o in outcomes(pipeline, tmp_path / "out", [pictures], existing="resume"))


def test_a_writer_of_entries_that_ends_early_unlocks_the_folder(pipeline, pictures, tmp_path, monkeypatch):
    def end(*args):
        raise SystemExit

    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    monkeypatch.setattr(Journal, "_write_group", end)
    outcomes(pipeline, tmp_path / "out", [pictures], maps=("blur",))
    monkeypatch.undo()
    assert not any(o.error for o in outcomes(pipeline, tmp_path / "out", [pictures], existing="resume"))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "full"), "the disk is full (make room on it, or choose another one)"),
        (ZeroDivisionError("division by zero"), UNEXPECTED),
    ],
)
def test_entries_that_cannot_be_written_are_told_and_cost_no_picture(
    error, reason, pipeline, pictures, tmp_path, monkeypatch
):
    said = []
    monkeypatch.setattr(notices, "_listener", said.append)
    monkeypatch.setattr(journal, "_sync_files", Mock(side_effect=error))
    found = outcomes(pipeline, tmp_path / "out", [pictures], maps=("blur",))
    assert not any(outcome.error for outcome in found)
    assert said == [f"{tmp_path / 'out' / NAME} misses pictures: {reason}"]
