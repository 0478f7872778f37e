"""Workers that die, or cannot be started: their pictures are tried again, and the others never notice."""

from __future__ import annotations

import errno
import os
import signal
import threading

import numpy as np
import pytest

import filterlab as fl
from filterlab import notices
from filterlab.batch import Settings, plan, run_jobs, runner
from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.local import crew
from filterlab.batch.worker import Done, attempt
from filterlab.errors import Cancelled
from filterlab.files import atomic_write
from tests.batch.outcomes import files

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of another kind")


@pytest.fixture
def pipeline():
    """The outputs of the other tests' pipeline, without compiled loops: workers start in half the time."""
    return fl.Pipeline(
        [
            ("blur", fl.ReLU()),
            ("maps", fl.ChannelSlice(stop=2)),
            ("flat", fl.Flatten()),
            ("sum", fl.Linear(np.ones((2, 2 * 6 * 8), np.float32))),
            ("scores", fl.Softmax(labels=("cat", "dog"))),
        ]
    )


@pytest.fixture
def deadly(monkeypatch):
    """Workers that end their process by a signal over pictures of some names, so many times."""

    def arrange(number, names, marks, times=99):
        program = crew._PROGRAM.replace(
            "serve(requests)",
            f"""
from pathlib import Path
import filterlab.batch.worker as worker
real = worker.read_picture
def read(path, **options):
    mark = Path({str(marks)!r}, path.name)
    tries = int(mark.read_text()) if mark.exists() else 0
    if path.name in {names!r} and tries < {times}:
        mark.write_text(str(tries + 1))
        os.kill(os.getpid(), {int(number)})
    return real(path, **options)
worker.read_picture = read
serve(requests)
""",
        )
        monkeypatch.setattr(crew, "_PROGRAM", program)

    return arrange


class Replying:
    """A worker without a process: `work` says what it replies."""

    begun = ()
    late = False

    def __init__(self, environment):
        self.jobs = []

    def greet(self, greeting):
        pass

    def take(self, job):
        self.jobs.append(job)

    def reply(self, timeout):
        return self.work(self.jobs.pop(0))

    def dismiss(self):
        pass

    def end(self, grace=0.0):
        return 0


def many(folder, rng, count=6):
    for i in range(count):
        fl.write_image(folder / f"{i}.png", rng.random((3, 6, 8)).astype(np.float32), range=(0, 1))
    return plan([folder]).jobs


def test_a_picture_that_ends_its_process_fails_and_the_others_are_done(pipeline, tmp_path, rng, deadly):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng)
    (tmp_path / "marks").mkdir()
    deadly(signal.SIGKILL, ["2.png"], tmp_path / "marks")
    found = list(run_jobs(Settings(pipeline, tmp_path / "out"), jobs, 2))
    errors = {os.path.basename(o.picture): o.error for o in found if o.error}
    assert errors == {"2.png": "its process was ended by signal 9, perhaps for want of memory"}
    assert len(found) == 6
    assert (tmp_path / "marks" / "2.png").read_text() == "2"  # once among the others, once alone


def test_what_all_workers_have_to_say_is_said_once(pipeline, tmp_path, rng, monkeypatch):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng)
    text = f"what workers of {tmp_path} have to say"
    program = crew._PROGRAM.replace(
        "serve(requests)",
        f"""
import filterlab.batch.worker as worker
from filterlab.notices import say_once
real = worker.read_picture
def read(path, **options):
    say_once({text!r})
    return real(path, **options)
worker.read_picture = read
serve(requests)
""",
    )
    monkeypatch.setattr(crew, "_PROGRAM", program)
    heard: list[str] = []
    notices.tell(heard.append)
    try:
        found = list(run_jobs(Settings(pipeline, tmp_path / "out"), jobs, 2))
    finally:
        notices.tell(None)
    assert heard == [text]
    assert not any(o.error for o in found)


def test_a_listener_that_fails_over_a_notice_costs_no_result(pipeline, tmp_path, rng, monkeypatch):
    (tmp_path / "in").mkdir()
    jobs, settings = many(tmp_path / "in", rng, 2), Settings(pipeline, tmp_path / "out")

    class Talking(Replying):
        def work(self, job):
            return f"the result of {job.folder}", (f"a notice about {tmp_path / job.folder}",)

    def fail(text):
        raise RuntimeError(text)

    monkeypatch.setattr(crew, "_Worker", Talking)
    monkeypatch.setattr(notices, "_log", fail)
    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    made = crew.Crew(settings, 1)
    try:
        results = [made.submit(job).result(timeout=120) for job in jobs]
    finally:
        made.stop()
    assert results == ["the result of 0", "the result of 1"]


def test_a_picture_whose_process_was_killed_from_outside_is_done_the_second_time(
    pipeline, tmp_path, rng, deadly
):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng)
    (tmp_path / "marks").mkdir()
    deadly(signal.SIGKILL, ["0.png", "1.png", "3.png"], tmp_path / "marks", times=1)
    found = list(run_jobs(Settings(pipeline, tmp_path / "out"), jobs, 2))
    assert not any(o.error for o in found)
    assert len({o.picture for o in found}) == 6


def test_the_signal_of_a_crash_is_named(pipeline, tmp_path, rng, deadly):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng, 2)
    (tmp_path / "marks").mkdir()
    deadly(signal.SIGSEGV, ["1.png"], tmp_path / "marks")
    errors = [o.error for o in run_jobs(Settings(pipeline, tmp_path / "out"), jobs, 2) if o.error]
    assert errors == ["its process was ended by signal 11 (SIGSEGV)"]


@pytest.mark.parametrize("room", [0, 1])
def test_with_room_for_fewer_processes_the_work_is_done_and_that_is_said(
    pipeline, tmp_path, rng, monkeypatch, room
):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng)
    started = []
    real = crew.subprocess.Popen

    def start(*args, **kwargs):
        if len(started) >= room:
            raise OSError(errno.EAGAIN, "no more processes")
        started.append(True)
        return real(*args, **kwargs)

    monkeypatch.setattr(crew.subprocess, "Popen", start)
    found = list(run_jobs(Settings(pipeline, tmp_path / "out"), jobs, 3))
    assert len(found) == 6
    assert not any(o.error for o in found)
    assert [o.remarks for o in found if o.remarks] == [
        ("the system has no room for 3 processes: 1 did the work",)
    ]


def test_workers_that_cannot_begin_leave_the_work_to_this_process(pipeline, tmp_path, rng, monkeypatch):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng, 3)
    monkeypatch.setattr(crew, "_PROGRAM", "raise SystemExit(3)")
    found = list(run_jobs(Settings(pipeline, tmp_path / "out"), jobs, 2))
    assert [o.error for o in found] == ["", "", ""]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (".maps-0123456789ab.png", False),
        (".maps-7-0123456789ab.png", False),
        (".scores-0123456789ab.csv", False),
        (".scores-0123456789ab.png", True),
        (".maps-8-0123456789ab.png", True),
        (".mapsy-0123456789ab.png", True),
        (".maps-0123456789ab.txt", True),
        (".maps-0123456789abc.png", True),
        ("maps-0123456789ab.png", True),
        (".notes-0123456789ab.txt", True),
    ],
)
def test_only_temporary_files_of_outputs_are_removed(tmp_path, name, kept):
    (tmp_path / name).touch()
    remove_leftovers(tmp_path / output for output in ("maps.png", "maps-7.png", "scores.csv"))
    assert (tmp_path / name).exists() == kept


@pytest.mark.parametrize("node", ["x" * 39, "x" * 40, "x" * 41, "x" * 36, "deep/er/" + "y" * 38, "é" * 30])
def test_names_that_were_cut_are_known_again(tmp_path, node):
    for name in (f"{node}.png", f"{node}-3.png", f"{node}-12345.png"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(place) as temporary:
            leftover = temporary
        leftover.touch()
        remove_leftovers([place])
        assert not leftover.exists()
        assert place.exists()


# -- where existing files are kept ------------------------------------------------------------------------


@pytest.fixture
def deadly_after_the_first_file(monkeypatch):
    """Workers that kill themselves just after they have written the first file of a picture, so many times."""

    def arrange(name, marks, times):
        program = crew._PROGRAM.replace(
            "serve(requests)",
            f"""
from pathlib import Path
import filterlab.batch.worker as worker
real = worker._write
def write(settings, file, maps, image):
    real(settings, file, maps, image)
    mark = Path({str(marks)!r}, "tries")
    tries = int(mark.read_text()) if mark.exists() else 0
    if file.path.parent.name == {name!r} and tries < {times}:
        mark.write_text(str(tries + 1))
        os.kill(os.getpid(), {int(signal.SIGKILL)})
worker._write = write
serve(requests)
""",
        )
        monkeypatch.setattr(crew, "_PROGRAM", program)

    return arrange


@pytest.mark.parametrize("times", [1, 2])
def test_a_worker_that_dies_between_two_files_leaves_nothing_in_the_way(
    pipeline, tmp_path, rng, deadly_after_the_first_file, times
):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng, 3)
    deadly_after_the_first_file("1", tmp_path, times)
    out = tmp_path / "out"
    found = {os.path.basename(o.picture): o for o in run_jobs(Settings(pipeline, out), jobs, 2)}
    assert (tmp_path / "tries").read_text() == str(times)
    if times == 1:
        assert found["1.png"].error == ""
        return
    assert found["1.png"].error == "its process was ended by signal 9, perhaps for want of memory"
    assert not list((out / "1").iterdir())
    assert not any(
        o.error for o in run_jobs(Settings(pipeline, out), [job for job in jobs if job.folder == "1"])
    )


def test_a_dead_worker_costs_nobody_elses_file(pipeline, tmp_path, rng, deadly_after_the_first_file):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng, 2)
    (tmp_path / "out" / "1").mkdir(parents=True)
    (tmp_path / "out" / "1" / "notes.txt").write_text("mine")
    deadly_after_the_first_file("1", tmp_path, 2)
    assert any(o.error for o in run_jobs(Settings(pipeline, tmp_path / "out"), jobs, 2))
    assert [path.name for path in (tmp_path / "out" / "1").iterdir()] == ["notes.txt"]


# -- where workers run ------------------------------------------------------------------------------------


def test_a_worker_runs_no_code_of_the_current_folder(pipeline, tmp_path, rng, monkeypatch):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng, 2)
    for module in ("pickle", "os", "io", "struct", "numpy"):
        (tmp_path / "in" / f"{module}.py").write_text(
            f"open('ran-{module}', 'w').close()\nraise SystemExit(3)\n"
        )
    monkeypatch.chdir(tmp_path / "in")
    found = list(run_jobs(Settings(pipeline, tmp_path / "out"), jobs, 2))
    assert [(o.error, o.remarks) for o in found] == [("", ()), ("", ())]
    assert not list((tmp_path / "in").glob("ran-*"))


@pytest.mark.parametrize("granted", [0, 1])
def test_without_threads_for_all_workers_every_picture_is_done_once(
    pipeline, tmp_path, rng, monkeypatch, granted
):
    (tmp_path / "in").mkdir()
    jobs, settings = many(tmp_path / "in", rng), Settings(pipeline, tmp_path / "out")
    real, started, begun = threading.Thread.start, [], threading.Event()

    class Quick(Replying):
        """A worker that is ready at once: what happens while others start must not depend on luck."""

        def greet(self, greeting):
            begun.set()

        def work(self, job):
            return attempt(settings, job), ()

    def start(thread):
        if thread.name.startswith("crew"):
            if len(started) >= granted:
                begun.wait(0.5)  # a worker that has a picture already is at work on it
                raise RuntimeError("can't start new thread")
            started.append(thread)
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    monkeypatch.setattr(crew, "_Worker", Quick)
    found = list(run_jobs(settings, jobs, 2))
    assert sorted(o.picture for o in found) == sorted(job.shown for job in jobs)
    assert not any(o.error for o in found)
    assert [o.remarks for o in found if o.remarks] == [
        ("the system has no room for 2 processes: 1 did the work",)
    ]


def test_the_threads_that_were_asked_for_are_shared_among_the_workers(pipeline, tmp_path, monkeypatch):
    monkeypatch.setattr("filterlab.batch.tiled.thread_count", lambda: 7)
    made = crew.Crew(Settings(pipeline, tmp_path), 3)
    made.stop()
    assert made._environment["FILTERLAB_THREADS"] == "2"


def test_a_worker_collects_once_it_has_loaded_what_the_first_picture_needs(
    pipeline, tmp_path, rng, monkeypatch
):
    (tmp_path / "in").mkdir()
    jobs, out = many(tmp_path / "in", rng, 3), tmp_path / "out"
    watched = f"""
import filterlab.batch.local.serving as serving
class Watched(serving.PictureWork):
    def write(self, *told, **more):
        with open({str(tmp_path / "collects")!r}, "a") as file:
            print(gc.isenabled(), file=file)
        return super().write(*told, **more)
serving.PictureWork = Watched
serve(requests)
"""
    monkeypatch.setattr(crew, "_PROGRAM", crew._PROGRAM.replace("serve(requests)", watched))
    settings = Settings(pipeline, out, maps=("blur",))
    made = crew.Crew(settings, 1)
    try:
        assert all(isinstance(made.submit(job).result(), Done) for job in jobs)
    finally:
        made.stop()
    assert (tmp_path / "collects").read_text().split() == ["False", "True", "True"]


def test_workers_keep_freed_memory_for_the_next_picture_unless_it_is_bounded(pipeline, tmp_path, monkeypatch):
    def environment(**settings):
        made = crew.Crew(Settings(pipeline, tmp_path, **settings), 1)
        made.stop()
        return made._environment

    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)
    assert "MALLOC_TRIM_THRESHOLD_" in environment()
    assert "MALLOC_TRIM_THRESHOLD_" not in environment(memory=4 << 30)
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "7")
    assert environment()["MALLOC_TRIM_THRESHOLD_"] == "7", "whoever has set it knows better"


def test_what_comes_after_the_last_worker_keeps_its_entry_until_its_turn(
    pipeline, tmp_path, rng, monkeypatch
):
    (tmp_path / "in").mkdir()
    jobs = many(tmp_path / "in", rng, 11)
    settings = Settings(pipeline, tmp_path / "out", maps=("blur",), existing="overwrite")
    list(run_jobs(settings, jobs))
    monkeypatch.setattr(runner, "GROUP", 1)
    monkeypatch.setattr(crew.Crew, "_start", lambda self: None)
    withdrawn = []
    real = runner.Journal.withdraw

    def withdraw(self, group):
        group = list(group)
        withdrawn.extend(group)
        real(self, group)

    monkeypatch.setattr(runner.Journal, "withdraw", withdraw)
    outcomes = run_jobs(settings, jobs, 2)
    next(outcomes)
    outcomes.close()
    assert len(withdrawn) < 11


@pytest.mark.parametrize("processes", [1, 2])
def test_a_cancelled_batch_ends_during_a_picture_and_unlocks_the_folder(
    pipeline, tmp_path, rng, monkeypatch, processes
):
    jobs = many(tmp_path, rng)
    patient = "import time, filterlab.batch.worker as w\nw.read_picture = lambda *a, **o: time.sleep(600)\n"
    with monkeypatch.context() as slow:
        slow.setattr(crew, "_PROGRAM", crew._PROGRAM.replace("serve(requests)", f"{patient}serve(requests)"))
        asked = []

        def cancel():
            asked.append(True)
            return len(asked) > 3

        settings = Settings(pipeline, tmp_path / "out")
        with pytest.raises(Cancelled):
            list(run_jobs(settings, jobs, processes, cancel=cancel))
    assert len(asked) == 4
    assert not [name for name in files(tmp_path / "out") if name.endswith(".png")]
    done = list(run_jobs(settings, jobs, processes, cancel=lambda: False))
    assert [outcome.error for outcome in done] == [""] * len(jobs)


def test_nobody_waits_for_pictures_of_a_crew_that_was_stopped(pipeline, tmp_path, rng, monkeypatch):
    patient = "import time, filterlab.batch.worker as w\nw.read_picture = lambda *a, **o: time.sleep(600)\n"
    monkeypatch.setattr(
        crew, "_PROGRAM", crew._PROGRAM.replace("serve(requests)", f"{patient}serve(requests)")
    )
    taken, full, take = [], threading.Event(), crew._Worker.take

    def counted(self, job):
        take(self, job)
        taken.append(job)
        if len(taken) == crew.AHEAD:
            full.set()

    monkeypatch.setattr(crew._Worker, "take", counted)
    hands = crew.Crew(Settings(pipeline, tmp_path / "out"), 1)
    futures = [hands.submit(job) for job in many(tmp_path, rng)]
    assert full.wait(60), "the worker has all the pictures that it may have"
    hands.stop()
    for future in futures:
        assert isinstance(future.exception(timeout=120), (crew.WorkerDied, crew.NoWorker))


def test_a_single_picture_is_done_in_a_process_that_can_be_ended(pipeline, tmp_path, rng, deadly):
    (job,) = many(tmp_path, rng, count=1)
    marks = tmp_path / "marks"
    marks.mkdir()
    deadly(signal.SIGKILL, ("0.png",), marks)
    (done,) = run_jobs(Settings(pipeline, tmp_path / "out"), [job], cancel=lambda: False)
    assert "its process was ended by signal 9" in done.error, "this process would have ended instead"


def test_a_worker_that_fails_outside_of_any_picture_ends_and_nobody_waits_for_it(
    pipeline, tmp_path, rng, monkeypatch
):
    (tmp_path / "in").mkdir()
    faulty = """
import filterlab.batch.local.serving as serving
serving.PictureWork.write = lambda self, **told: 1 / 0
serve(requests)
"""
    monkeypatch.setattr(crew, "_PROGRAM", crew._PROGRAM.replace("serve(requests)", faulty))
    jobs = many(tmp_path / "in", rng, 1)
    (outcome,) = run_jobs(Settings(pipeline, tmp_path / "out"), jobs, timeout=120, retries=0)
    assert outcome.error == "its process ended with status 1"
