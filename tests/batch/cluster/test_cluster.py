"""Batches on a cluster: the same files as here, whatever becomes of its workers."""

from __future__ import annotations

import os
import pickle
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile

import filterlab as fl
from filterlab.batch import Settings, plan, run_jobs
from filterlab.batch.cluster import course, station, versions
from filterlab.batch.cluster.station import Homecoming, Orders, Sign, Station
from filterlab.batch.journal import NAME as JOURNAL
from filterlab.batch.planning import Job
from filterlab.batch.worker import Done, Failure, PictureWork, attempt
from filterlab.errors import FilterLabError
from filterlab.notices import tell
from filterlab.run.tiling import fitting
from tests.batch.outcomes import entries, files, told

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of another kind")


def batch(pipeline, out, folder, **how):
    return run_jobs(Settings(pipeline, out, existing=how.pop("existing", "keep")), plan([folder]).jobs, **how)


def many(folder, rng, count):
    folder.mkdir()
    for i in range(count):
        fl.write_image(folder / f"{i:02}.png", rng.random((3, 40 + i, 50)).astype(np.float32), range=(0, 1))
    return folder


def check_same(one, other):
    assert files(one) == files(other)
    for name in files(one):
        if name != JOURNAL:
            assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_a_worker_is_killed_and_another_joins_and_the_files_are_those_of_a_local_run(
    pipeline, tmp_path, rng, cluster
):
    pictures = many(tmp_path / "in", rng, 24)
    list(batch(pipeline, tmp_path / "local", pictures))
    first = cluster.join()
    outcomes = batch(pipeline, tmp_path / "out", pictures, scheduler=cluster.address)
    found = [next(outcomes), next(outcomes)]
    cluster.join()
    first.send_signal(signal.SIGKILL)
    found += list(outcomes)
    assert [o.error for o in found] == [""] * 24
    assert {o.picture for o in found} == {str(path) for path in pictures.iterdir()}
    check_same(tmp_path / "local", tmp_path / "out")
    assert len(told(tmp_path / "out")) == len(entries(tmp_path / "out")) == 24
    again = list(
        batch(pipeline, tmp_path / "out", pictures, existing="resume", scheduler="tcp://127.0.0.1:9")
    )
    assert all(o.earlier for o in again), "nothing is left to do, and no scheduler is asked"


def test_without_a_scheduler_the_address_is_named(pipeline, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(course, "_CONNECTING", 0.2)
    with pytest.raises(FilterLabError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://127.0.0.1:9"))


# -- who may take part ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ({}, ""),
        ({"NumPy": "1.0"}, "it has NumPy 1.0, here is"),
        ({"Python": "2.7"}, "it has Python 2.7"),
        ({"filterlab": None}, "it has no filterlab"),
        ({"filterlab": "MISSING"}, "it has no filterlab"),
    ],
)
def test_versions_that_differ_are_named(there, words):
    own = versions.own_versions()
    assert versions.difference(own, {**own, **there}).startswith(words)
    assert bool(versions.difference(own, {**own, **there})) == bool(words)


class Client:
    """A client of a cluster that is one Station of this process; tasks are done when they are sent."""

    status = "running"

    def __init__(self, worker=None):
        self.worker = worker or {}
        self.closed = False
        self.sent, self.named = [], []
        self.late, self.tried = {}, {}

    def get_versions(self, packages):
        there = {"tcp://w": versions.own_versions() | self.worker, **self.late}
        return {
            "workers": {
                address: {
                    "host": {"python": f"{own['Python']}.4.final.0"},
                    "packages": {"filterlab": own["filterlab"], "numpy": own["NumPy"]},
                }
                for address, own in there.items()
            }
        }

    def run(self, trial, workers, on_error):
        return {address: self.tried.get(address) for address in workers}

    def nthreads(self):
        return dict.fromkeys(["tcp://w", *self.late], 1)

    def register_plugin(self, plugin, name):
        self.orders = pickle.loads(plugin.payload)

    def submit(self, function, name, wanted, errands, *, key, pure, workers):
        self.sent.append(errands)
        self.named.append(workers)
        return Future(key, self.answer(errands))

    def answer(self, errands):
        return [Homecoming(Done((), None)) for _ in errands]

    def cancel(self, futures, force):
        pass

    def unregister_worker_plugin(self, name):
        pass

    def close(self, timeout):
        self.closed = True


class Future:
    def __init__(self, key, value):
        self.key, self.value = key, value
        self.status = "error" if isinstance(value, Exception) else "finished"

    def add_done_callback(self, call):
        call(self)

    def result(self, timeout):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value

    def cancel(self):
        self.status = "cancelled"


@pytest.fixture
def client(monkeypatch):
    made = Client()
    monkeypatch.setattr(course, "connect", lambda address: made)
    return made


def test_a_worker_with_other_versions_ends_the_run_before_any_picture(pipeline, pictures, tmp_path, client):
    client.worker = {"NumPy": "1.0"}
    with pytest.raises(FilterLabError, match=r"the worker tcp://w cannot be used: it has NumPy 1\.0"):
        list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://s"))
    assert not client.sent
    assert client.closed


LACKING = ModuleNotFoundError("No module named 'scipy'")
OLD = {"filterlab": "0.0.1", "Python": "3.11", "NumPy": "1.0"}


@pytest.mark.parametrize(("says", "own"), [(True, OLD), (False, OLD), (False, versions.own_versions())])
def test_a_worker_that_joins_later_with_other_versions_is_left_out(
    pipeline, pictures, tmp_path, client, says, own
):
    """It says so, or cannot even read what it was sent, for its version or for a library that it lacks."""
    notices = []
    tell(notices.append)

    def answer(errands):
        if len(client.sent) == 1:
            client.late, client.tried = {"tcp://late": own}, {"tcp://late": LACKING}
            return station.Unfit("tcp://late", "it has 1") if says else ModuleNotFoundError("filterlab")
        return [Homecoming(Done((), None)) for _ in errands]

    client.answer = answer
    try:
        found = list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://s"))
    finally:
        tell(None)
    assert [o.error for o in found] == [""] * 3
    assert len({o.picture for o in found}) == 3
    assert client.named[-1] == ["tcp://w"], "what is sent again goes to the others"
    assert any("tcp://late is left out" in notice for notice in notices)


def test_a_worker_that_joins_later_and_lacks_a_library_is_left_out(pipeline, tmp_path, rng, cluster):
    pictures, notices = many(tmp_path / "in", rng, 12), []
    tell(notices.append)
    try:
        cluster.join()
        outcomes = batch(pipeline, tmp_path / "out", pictures, scheduler=cluster.address)
        found = [next(outcomes)]
        cluster.join("import sys, filterlab; sys.modules['filterlab.batch'] = None")
        found += list(outcomes)
    finally:
        tell(None)
    assert [o.error for o in found] == [""] * 12
    # It is asked as soon as it has a picture, and may have come too late for any.
    assert all("its filterlab cannot be imported" in notice for notice in notices)


def test_what_a_worker_lacks_is_named_and_one_that_is_lost_is_asked_again(
    pipeline, pictures, tmp_path, client, monkeypatch
):
    monkeypatch.setattr(course, "_PAUSES", (0, 0))
    client.tried = {"tcp://w": LACKING}
    with pytest.raises(FilterLabError, match=r"tcp://w cannot be used: its filterlab .* 'scipy'"):
        list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://s"))
    answers = [{"tcp://w": OSError("closed")}, {"tcp://w": None}]
    client.run = lambda trial, workers, on_error: answers.pop(0)
    found = list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://s"))
    assert [o.error for o in found] == [""] * 3


def test_each_worker_shares_its_memory_among_its_processes(pipeline, tmp_path):
    def sent(memory):
        settings = Settings(pipeline, tmp_path, memory=memory)
        return Station(Orders(settings, None, versions.own_versions(), None), 2, str(tmp_path / "there"))

    large = 4 << 30
    assert large / 3 < sent(large)._settings.memory < large / 2
    assert "M of memory at least, in 2 processes" in sent(300 << 20).unfit


def test_memory_is_that_of_the_workers_however_many_processors_there_are_here(
    pipeline, pictures, tmp_path, client, monkeypatch
):
    monkeypatch.setattr(fitting, "thread_count", lambda: 64)
    bounded = Settings(pipeline, tmp_path / "out", memory=400 << 20)
    found = list(run_jobs(bounded, plan([pictures]).jobs, scheduler="tcp://s"))
    assert [o.error for o in found] == [""] * 3


def test_a_picture_for_which_no_worker_has_the_memory_ends_the_run_before_it_is_sent(
    pipeline, pictures, tmp_path, client
):
    # A strip of a picture this wide is decoded as a whole, and takes 48 MB.
    wide = np.zeros((64, 1 << 16, 3), np.float32)
    tifffile.imwrite(pictures / "wide.tif", wide, photometric="rgb", rowsperstrip=64, compression="zlib")
    bounded = replace(Settings(pipeline, tmp_path / "out", memory=1300 << 20), format="npy")
    jobs = plan([pictures]).jobs
    client.nthreads = lambda: {"tcp://w": 1, "tcp://v": 4}
    assert [o.error for o in run_jobs(bounded, jobs, scheduler="tcp://s")] == [""] * 4
    client.sent.clear()
    client.nthreads = lambda: {"tcp://w": 4, "tcp://v": 4}
    with pytest.raises(FilterLabError, match="it needs .*M of memory, and may take 301M"):
        list(run_jobs(replace(bounded, existing="overwrite"), jobs, scheduler="tcp://s"))
    assert not client.sent


def test_each_process_of_a_worker_has_the_threads_that_its_environment_says(pipeline, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(station, "Crew", lambda *_, threads, **__: made.append(threads))
    monkeypatch.setattr(station, "thread_count", lambda: 3)
    for asked in ("", "3"):
        monkeypatch.setenv("FILTERLAB_THREADS", asked)
        orders = Orders(Settings(pipeline, tmp_path), None, versions.own_versions(), None)
        Station(orders, 2, str(tmp_path / "there"))._enter()
    assert made == [1, 3]


def test_the_run_ends_where_all_workers_are_left_out(pipeline, pictures, tmp_path, client):
    client.answer = lambda errands: station.Unfit("tcp://w", "it does not see the output folder")
    with pytest.raises(FilterLabError, match="the worker tcp://w cannot be used: it does not see"):
        list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://s"))


def test_what_waits_for_workers_that_are_gone_is_taken_back(pipeline, tmp_path, client):
    made = course.ClusterCourse(Settings(pipeline, tmp_path), iter(()), 1, "", course.Attempts())
    made.client = client
    job = Job(Path("a.png"), "a")
    gone = Future("gone", None)
    made.running = {
        "gone": course._Group(gone, [(job, None)], frozenset({"tcp://gone"})),
        "here": course._Group(Future("here", None), [(job, None)], frozenset({"tcp://gone", "tcp://w"})),
        "any": course._Group(Future("any", None), [(job, None)], None),
    }
    made._look()
    assert sorted(made.running) == ["any", "here"]
    assert list(made.returned) == [job]
    assert gone.status == "cancelled"


# -- workers that are lost at other moments ---------------------------------------------------------------


def test_a_fault_of_the_program_is_not_taken_for_a_lost_worker(pipeline, tmp_path, client, monkeypatch):
    made = course.ClusterCourse(Settings(pipeline, tmp_path), iter(()), 0, "", course.Attempts())
    made.client = client
    monkeypatch.setattr(course, "versions_of", lambda found: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        made._look()


def test_a_worker_that_is_lost_while_it_is_asked_is_asked_again(
    pipeline, pictures, tmp_path, client, monkeypatch
):
    monkeypatch.setattr(course, "_PAUSES", (0, 0))
    answers = [KeyError("tcp://gone"), OSError("closed")]
    ask, count = client.get_versions, client.nthreads

    def failing(packages):
        if answers:
            raise answers.pop()
        return ask(packages)

    client.get_versions = failing
    with pytest.raises(FilterLabError, match="its workers do not answer"):
        list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://s"))
    closed = [OSError("closed")]
    client.nthreads = lambda: count() if not closed else (_ for _ in ()).throw(closed.pop())
    found = list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://s"))
    assert [o.error for o in found] == [""] * 3


class Lost(Future):
    """Its result is lost with the worker that held it, and another one makes it again."""

    status = ""

    def add_done_callback(self, call):
        self.status = "finished" if self.status == "lost" else "lost"
        call(self)


class Killed(Future):
    """Its result is lost, and so are all workers that would make it again."""

    def __init__(self, key, value):
        super().__init__(key, KilledWorker())
        self.status = "finished"


@pytest.mark.parametrize("kind", [Lost, Killed])
def test_a_result_that_is_lost_before_it_arrives_costs_no_picture(pipeline, pictures, tmp_path, client, kind):
    submit = client.submit

    def losing(*words, **how):
        future = submit(*words, **how)
        return kind(future.key, future.value) if len(client.sent) == 1 else future

    client.submit = losing
    found = list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://s"))
    assert [o.error for o in found] == [""] * 3


def test_files_of_a_lost_worker_are_replaced_and_those_from_before_are_not(pipeline, pictures, tmp_path):
    out, name = tmp_path / "out", "{stem}-{node}-{channel}"
    settings = Settings(pipeline, out, name=name)
    job = plan([pictures]).jobs[0]
    whole = attempt(settings, job)
    contents = {output.path: output.path.read_bytes() for output in whole.outputs}
    first, *others = contents
    for path in others:
        path.unlink()
    first.write_bytes(b"half")
    changed = first.lstat().st_ctime_ns
    assert "exists" in attempt(settings, replace(job, since=changed)).reason
    assert first.read_bytes() == b"half"
    again = attempt(settings, replace(job, since=changed - 1))
    assert isinstance(again, Done)
    assert {path: path.read_bytes() for path in contents} == contents


def test_a_failure_leaves_no_files_of_its_run_in_the_way_of_the_next(pipeline, pictures, tmp_path):
    settings = Settings(pipeline, tmp_path / "out")
    work = PictureWork(settings, replace(plan([pictures]).jobs[0], since=0))
    work.read()
    work.compute()

    def fail(path, new):
        if path == work.files[-1]:
            raise OSError(28, "no space left")

    assert isinstance(work.write(fail), Failure)
    assert not files(tmp_path / "out")


def test_the_sign_of_a_folder_is_seen_in_no_other(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_text(f'{{"run": {{"host": "{name}"}}}}\n')
    sign = Sign.of(tmp_path / "one")
    with (tmp_path / "one").open("a") as file:
        file.write("more\n")
    assert sign.is_seen(), "the journal grows"
    (tmp_path / "one").write_bytes((tmp_path / "two").read_bytes())
    assert not sign.is_seen()
    (tmp_path / "one").unlink()
    assert not sign.is_seen()


# -- groups -----------------------------------------------------------------------------------------------


class KilledWorker(Exception):  # noqa: N818 - as Dask calls it
    pass


@pytest.mark.parametrize("retries", [0, 1])
def test_pictures_of_lost_workers_are_tried_by_themselves(
    pipeline, tmp_path, rng, client, monkeypatch, retries
):
    monkeypatch.setattr(course.ClusterCourse, "_together", lambda self, most, threads: min(most, 4))
    pictures = many(tmp_path / "in", rng, 8)

    def answer(errands):
        guilty = any(errand.job.folder == "02" for errand in errands)
        return KilledWorker() if guilty else [Homecoming(Done((), None)) for _ in errands]

    client.answer = answer
    found = list(batch(pipeline, tmp_path / "out", pictures, scheduler="tcp://s", retries=retries))
    assert [o.error for o in found if o.error] == ["the workers that did it were lost"]
    assert len(found) == 8
    alone = [errands[0].job.folder for errands in client.sent if len(errands) == 1]
    assert sorted(alone) == ["00", "01", "02", "03"]


def test_groups_grow_with_the_speed_and_shrink_towards_the_end(pipeline, tmp_path):
    made = course.ClusterCourse(Settings(pipeline, tmp_path), iter(()), 1000, "", course.Attempts())
    assert made._together(64, 2) == 1, "nothing is known yet"
    made.seconds = 0.1
    assert made._together(64, 2) == 10
    made.seconds = 0.001
    assert made._together(64, 2) == 64
    made.done = 980
    assert made._together(64, 2) == 5
    made.seconds = 50.0
    assert made._together(64, 2) == 1
