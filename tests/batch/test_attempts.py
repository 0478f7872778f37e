"""Pictures that fail for a while, take too long, or are the first that fails."""

from __future__ import annotations

import errno
import json
import os
import threading

import numpy as np
import pytest

import filterlab as fl
from filterlab.batch import Settings, plan, run_jobs, worker
from filterlab.batch.local import attempts, crew, processes
from filterlab.batch.report import NAME
from filterlab.errors import FileError
from tests.batch.outcomes import files, outcomes, told


def done_with(pipeline, out, inputs, count=1, existing="keep", **how):
    return list(
        run_jobs(Settings(pipeline, out, maps=("blur",), existing=existing), plan(inputs).jobs, count, **how)
    )


@pytest.fixture
def failing(monkeypatch):
    """Reading that fails over pictures of one name, so many times; returns how often each was read."""
    real, tries = worker.read_picture, []

    def arrange(name, error, times):
        def read(path, **options):
            tries.append(path.name)
            if path.name == name and tries.count(name) <= times:
                raise error
            return real(path, **options)

        monkeypatch.setattr(worker, "read_picture", read)
        monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.01)
        return tries

    return arrange


class TestRetries:
    @pytest.mark.parametrize(("retries", "error"), [(1, True), (2, False)])
    def test_a_drive_that_does_not_answer_is_asked_again(
        self, pipeline, pictures, tmp_path, failing, retries, error
    ):
        tries = failing("b.png", OSError(errno.ETIMEDOUT, "no answer"), 2)
        found = done_with(pipeline, tmp_path / "out", [pictures], retries=retries)
        assert [bool(o.error) for o in found] == [False, False, error]
        assert tries == ["a.png", "b.png", "c.png", *["b.png"] * retries], "the others do not wait for it"

    def test_what_a_library_says_in_its_own_words_counts_by_its_cause(
        self, pipeline, pictures, tmp_path, failing
    ):
        error = FileError("it cannot be read")
        error.__cause__ = OSError(errno.ESTALE, "stale")
        failing("b.png", error, 1)
        assert not any(o.error for o in done_with(pipeline, tmp_path / "out", [pictures]))

    @pytest.mark.parametrize(
        "error", [OSError(errno.ENOENT, "gone"), FileError("it is damaged"), ValueError()]
    )
    def test_a_picture_that_is_itself_wrong_is_read_once(self, pipeline, pictures, tmp_path, failing, error):
        tries = failing("b.png", error, 1)
        found = done_with(pipeline, tmp_path / "out", [pictures], retries=5)
        assert [bool(o.error) for o in found] == [False, True, False]
        assert tries.count("b.png") == 1


def test_the_first_failure_ends_a_batch_that_is_to_fail_fast(pipeline, pictures, tmp_path):
    (pictures / "b.png").write_bytes(b"not a picture")
    found = done_with(pipeline, tmp_path / "out", [pictures], fail_fast=True)
    assert [bool(o.error) for o in found] == [False, True]
    assert len(done_with(pipeline, tmp_path / "out", [pictures], existing="resume")) == 3


# -- time -------------------------------------------------------------------------------------------------


class Sleeping:
    """A worker without a process that never replies about pictures named b.png until it is killed."""

    begun, touched = (), 1
    made = 0

    def __init__(self, environment):
        self.jobs, self.late = [], False
        Sleeping.made += 1

    def greet(self, greeting):
        pass

    def take(self, job):
        self.jobs.append(job)

    def reply(self, timeout):
        job = self.jobs.pop(0)
        if job.picture.name == "b.png":
            self.late = True
            raise EOFError
        return worker.Done((), None), ()

    def dismiss(self):
        pass

    def end(self, grace=0.0):
        return -9


@pytest.mark.parametrize("retries", [0, 2])
def test_a_picture_that_takes_too_long_fails_and_its_neighbours_in_the_worker_do_not(
    pipeline, pictures, tmp_path, monkeypatch, retries
):
    monkeypatch.setattr(crew, "_Worker", Sleeping)
    monkeypatch.setattr(Sleeping, "made", 0)
    found = done_with(pipeline, tmp_path / "out", [pictures], timeout=7.5, retries=retries)
    errors = {os.path.basename(o.picture): o.error for o in found}
    assert errors == {
        "a.png": "",
        "b.png": "it took longer than 7.5 s, and its process was ended",
        "c.png": "",
    }
    assert Sleeping.made == 2 + retries


class Until(threading.Thread):
    """A timer whose time is over when something holds, however long that takes."""

    def __init__(self, reached, function):
        super().__init__(daemon=True)
        self._reached, self._function, self._cancelled = reached, function, threading.Event()

    def run(self):
        while not self._cancelled.wait(0.01):
            if self._reached():
                self._function()
                return

    def cancel(self):
        self._cancelled.set()


@pytest.mark.skipif(os.name == "nt", reason="the program is written for POSIX")
def test_a_real_process_is_ended_in_time_and_leaves_whole_files(pipeline, pictures, tmp_path, monkeypatch):
    slow = """
import time, filterlab.batch.worker as w
real = w._write
def write(settings, file, maps, image):
    real(settings, file, maps, image)
    if file.path.parent.name == "b":
        (file.path.parent / ".blur-0123456789ab.png").write_bytes(b"half")
        time.sleep(600)
w._write = write
serve(requests)
"""
    monkeypatch.setattr(crew, "_PROGRAM", crew._PROGRAM.replace("serve(requests)", slow))
    half, seconds = tmp_path / "out" / "b" / ".blur-0123456789ab.png", []

    def timer(interval, function):
        # By a clock, no time would be short for the test and still enough for the other pictures on any machine.
        seconds.append(interval)
        return Until(half.exists if len(seconds) == 2 else lambda: False, function)

    monkeypatch.setattr(crew.threading, "Timer", timer)
    found = done_with(pipeline, tmp_path / "out", [pictures], timeout=10, retries=0)
    assert seconds == [10, 10, 10]
    assert {os.path.basename(o.picture) for o in found if not o.error} == {"a.png", "c.png"}
    assert files(tmp_path / "out") == [".filterlab-journal.jsonl", "a/blur.png", "c/blur.png"]


# -- how many processes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("threads", "memory", "count", "size"),
    [(8, 100, 1000, 8), (8, 1.2, 1000, 2), (8, 0.1, 9, 1), (8, 100, 3, 3)],
)
def test_as_many_processes_as_processors_memory_and_pictures(monkeypatch, threads, memory, count, size):
    monkeypatch.setattr(processes, "thread_count", lambda: threads)
    monkeypatch.setattr(processes, "free_memory", lambda: memory * 2**30)
    assert processes.fitting(count) == size


# -- the report -------------------------------------------------------------------------------------------


class TestReport:
    def test_it_tells_of_each_picture(self, pipeline, pictures, tmp_path):
        (pictures / "b.png").write_bytes(b"not a picture")
        done_with(pipeline, tmp_path / "out", [pictures, tmp_path / "missing.png"])
        lines = {os.path.basename(line["picture"]): line for line in told(tmp_path / "out")}
        assert set(lines) == {"a.png", "b.png", "c.png", "missing.png"}
        (output,) = lines["a.png"]["outputs"]
        content = (tmp_path / "out" / output["path"]).read_bytes()
        state = worker.Output.of(tmp_path / "out" / "a" / "blur.png")
        assert output == {"path": "a/blur.png", "bytes": len(content), "sha256": state.digest}
        assert lines["a.png"]["seconds"] > 0
        assert lines["a.png"]["peak"] > 10 << 20
        assert "error" not in lines["a.png"]
        assert "no such file" in lines["missing.png"]["error"]
        assert "outputs" not in lines["b.png"]

    def test_a_run_that_resumes_adds_what_it_did(self, pipeline, pictures, tmp_path):
        out = tmp_path / "out"
        done_with(pipeline, out, [pictures / "a.png"])
        done_with(pipeline, out, [pictures], existing="resume")
        assert [os.path.basename(line["picture"]) for line in told(out)] == ["a.png", "b.png", "c.png"]

    def test_one_that_was_lost_is_made_again_from_the_journal(self, pipeline, pictures, tmp_path):
        out = tmp_path / "out"
        done_with(pipeline, out, [pictures])
        before = [(line["picture"], line["outputs"]) for line in told(out)]
        (out / NAME).unlink()
        done_with(pipeline, out, [pictures], existing="resume")
        assert [(line["picture"], line["outputs"]) for line in told(out)] == before

    @pytest.mark.parametrize("torn", [5, 60_000])
    def test_what_a_kill_has_left_of_a_line_is_removed(self, pipeline, pictures, tmp_path, torn):
        out = tmp_path / "out"
        done_with(pipeline, out, [pictures / "a.png"])
        (first,) = told(out)
        with (out / NAME).open("a") as file:
            file.write(json.dumps({"picture": "x" * torn})[:torn])
        done_with(pipeline, out, [pictures / "b.png"])
        assert told(out)[0] == first
        assert [os.path.basename(line["picture"]) for line in told(out)] == ["a.png", "b.png"]

    @pytest.mark.parametrize("kind", ["text", "link", "folder"])
    def test_somebody_elses_file_of_that_name_stays(self, pipeline, pictures, tmp_path, kind):
        place = tmp_path / "out" / NAME
        place.parent.mkdir()
        if kind == "text":
            place.write_text("mine")
        elif kind == "link":
            (tmp_path / "mine").write_text("mine")
            place.symlink_to(tmp_path / "mine")
        else:
            place.mkdir()
        with pytest.raises(FileError, match=r"report\.jsonl"):
            outcomes(pipeline, tmp_path / "out", [pictures])
        assert kind == "folder" or place.read_text() == "mine"
        place.rmdir() if kind == "folder" else place.unlink()
        assert len(outcomes(pipeline, tmp_path / "out", [pictures])) == 3, "the folder is not locked"

    def test_pages_are_told_apart(self, pipeline, tmp_path):
        from PIL import Image

        frames = [Image.fromarray(np.full((6, 8, 3), v, np.uint8)) for v in (0, 200)]
        frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
        settings = Settings(pipeline, tmp_path / "out", maps=("blur",))
        list(run_jobs(settings, plan([tmp_path / "a.tif"], "all").jobs))
        assert [line["page"] for line in told(tmp_path / "out")] == [1, 2]
        assert fl.read_image(tmp_path / "out" / "a-p0002" / "blur.png").max() > 0.5
