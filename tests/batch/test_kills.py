"""Real processes that are killed at random moments, and disks that are full: what is there is whole, and goes on.

`make soak PART=batch` does it with the command itself, and more often.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path
from random import Random

import numpy as np
import pytest

import filterlab as fl
from filterlab.batch import Settings, plan, run_jobs
from filterlab.batch.journal import NAME as JOURNAL
from filterlab.batch.journal import Journal
from filterlab.batch.local import crew
from tests.batch.outcomes import files, told

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

KILLS = 15


@pytest.fixture
def batch(tmp_path, rng):
    """A batch of pictures: a call that begins it, and what it leaves undisturbed."""
    (tmp_path / "in").mkdir()
    for i in range(10):
        values = rng.random((3, 60 + 4 * i, 90)).astype(np.float32)
        fl.write_image(tmp_path / "in" / f"{i}.png", values, range=(0, 1))
    pipe = fl.Pipeline(
        [("blur", fl.Filter2d(fl.kernels.box(3))), ("edges", fl.Filter2d(fl.kernels.sobel(3)))]
    )

    def begin(out, existing="resume", processes=1):
        return run_jobs(Settings(pipe, out, existing=existing), plan([tmp_path / "in"]).jobs, processes)

    list(begin(tmp_path / "whole"))
    return begin, {name: (tmp_path / "whole" / name).read_bytes() for name in maps(tmp_path / "whole")}


def maps(out):
    return [name for name in files(out) if name != JOURNAL]


def check_whole_files(out, whole):
    for name in maps(out):
        if not Path(name).name.startswith("."):
            assert (out / name).read_bytes() == whole[name], f"{name} is in part written"


def test_a_run_that_is_killed_at_any_moment_leaves_whole_files_and_is_gone_on_with(batch, tmp_path):
    begin, whole = batch
    rng = Random(7)
    began = time.monotonic()
    list(begin(tmp_path / "again"))
    usual = time.monotonic() - began
    for number in range(KILLS):
        out = tmp_path / f"out{number // 3}"  # each folder is killed three times
        _kill_at_random(lambda out=out: list(begin(out)), rng, usual)
        check_whole_files(out, whole)
        for line in told(out) if (out / "report.jsonl").exists() else ():
            assert all(whole[output["path"]] for output in line["outputs"]), "lines are whole, of whole files"
        if number % 3 == 2:
            assert not any(o.error for o in begin(out))
            assert maps(out) == list(whole), "no half-written file is left"
            check_whole_files(out, whole)
            assert {line["picture"] for line in told(out)} == {str(p) for p in (tmp_path / "in").iterdir()}


def _kill_at_random(work, rng, longest):
    """Begin the work in a child until one is killed in the middle of it, at most so many seconds later."""
    while True:
        child = _forked(work)
        # How long it takes depends on what else the machine does: each that was over gives the next less time.
        longest = rng.uniform(0, longest)
        time.sleep(longest)
        os.kill(child, signal.SIGKILL)
        if os.WIFSIGNALED(os.waitpid(child, 0)[1]):
            return


def _forked(work):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns of forks beside threads
        child = os.fork()
    if child == 0:
        with suppress(BaseException):
            work()
        os._exit(0)
    return child


def test_workers_that_are_killed_at_any_moment_cost_no_file(batch, tmp_path, monkeypatch):
    begin, whole = batch
    rng, started, kills = Random(3), [], 5
    real = crew.subprocess.Popen
    monkeypatch.setattr(
        crew.subprocess, "Popen", lambda *a, **k: started.append(real(*a, **k)) or started[-1]
    )
    # Pictures take long enough that somebody can be killed over them, and the last waits until nobody is any more.
    slow = f"""
import os, time, filterlab.batch.worker as w
real = w._write
def write(settings, file, maps, image):
    time.sleep(0.15)
    while file.path.parent.name == "9" and not os.path.exists({str(tmp_path / "over")!r}):
        time.sleep(0.01)
    real(settings, file, maps, image)
w._write = write
serve(requests)"""
    monkeypatch.setattr(crew, "_PROGRAM", crew._PROGRAM.replace("serve(requests)", slow))
    ended, killed = threading.Event(), []

    def kill():
        for _ in range(kills):
            ended.wait(rng.uniform(0.3, 1.2))
            living = [process for process in started if process.poll() is None]
            if living and not ended.is_set():
                killed.append(rng.choice(living))
                killed[-1].kill()
        (tmp_path / "over").touch()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        # A picture may be killed more often than it is tried; the run that resumes then does it.
        list(begin(tmp_path / "out", processes=2))
        check_whole_files(tmp_path / "out", whole)
    finally:
        ended.set()
        killer.join()
    assert len(killed) > 1, "somebody was killed over the last picture twice, or it waited for the others"
    assert not any(o.error for o in begin(tmp_path / "out"))
    assert maps(tmp_path / "out") == list(whole)
    check_whole_files(tmp_path / "out", whole)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("existing", ["keep", "resume"])
def test_a_disk_that_is_full_or_fails_costs_pictures_and_leaves_whole_files(
    batch, tmp_path, monkeypatch, number, existing
):
    begin, whole = batch
    written = []
    real = Path.write_bytes

    def write(path, content):
        written.append(path)
        if len(written) > 7:
            real(path, content[: len(content) // 2])
            raise OSError(number, os.strerror(number))
        return real(path, content)

    monkeypatch.setattr("filterlab.batch.local.attempts.FIRST_PAUSE", 0.0)
    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", write)
        full.setattr(Journal, "_append", lambda self, lines: None)
        found = list(begin(tmp_path / "out", existing))
    assert sum(not o.error for o in found) == 3
    assert len({o.error.partition(": ")[2] for o in found if o.error}) == 1
    # Under "keep", one file of the fourth picture was whole, and would be in the way of the next run.
    assert len(maps(tmp_path / "out")) == (6 if existing == "keep" else 7)
    check_whole_files(tmp_path / "out", whole)
    assert not any(o.error for o in begin(tmp_path / "out", "overwrite"))
    assert maps(tmp_path / "out") == list(whole)
