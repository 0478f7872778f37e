"""Batches on a cluster: a million pictures in the scheduler's books, workers that are lost over and over, Ctrl-C."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

import filterlab as fl
from filterlab.batch import Settings
from filterlab.batch.cluster import course
from filterlab.batch.cluster.station import Homecoming
from filterlab.batch.journal import NAME as JOURNAL
from filterlab.batch.local.attempts import Attempts
from filterlab.batch.planning import Job
from filterlab.batch.worker import Done
from tests.batch.cluster.conftest import running
from tests.soak import batches
from tests.soak.options import COUNT, SEED

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.soak, pytest.mark.skipif(os.name == "nt", reason="signals of another kind")]


@pytest.fixture
def cluster(tmp_path):
    with running(tmp_path / "dask") as found:
        yield found


def _resident(pid):
    """Bytes of memory that a process has."""
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def test_a_million_pictures_are_a_few_tasks_at_a_time(cluster, tmp_path, monkeypatch, capsys):
    count = COUNT or 1_000_000
    cluster.join()
    (tmp_path / JOURNAL).write_text("{}\n")
    # By value, since the worker knows nothing of this module.
    done = Homecoming(Done((), None))
    monkeypatch.setattr(course, "do_errands", lambda name, wanted, errands: [done] * len(errands))
    jobs = (Job(Path(f"/nowhere/{number}.png"), str(number)) for number in range(count))
    settings = Settings(fl.Pipeline([("same", fl.ReLU())]), tmp_path)
    made = course.ClusterCourse(settings, jobs, count, cluster.address, Attempts())
    before, largest, most, began = _resident(cluster.scheduler.pid), 0, 0, time.monotonic()
    for number, _ in enumerate(made.results(), 1):
        if number % 5000 == 0:
            largest, most = max(largest, _resident(cluster.scheduler.pid)), max(most, len(made.running))
    seconds = time.monotonic() - began
    with capsys.disabled():
        print(
            f"\ncluster: {count:,} empty pictures in {seconds:.0f} s, {made.numbered:,} tasks; the scheduler took "
            f"{before >> 20} MB before and at most {largest >> 20} MB"
        )
    assert number == count
    assert most <= 4, "two tasks for each thread, and two more"
    assert largest - before < 128 << 20, "its log of the last 100,000 transitions, and no more"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """Pictures, a pipeline, and what it leaves undisturbed."""
    folder = tmp_path_factory.mktemp("cluster")
    batch = batches.Batch(batches.pipelines(folder)["first"], batches.pictures(folder / "in"))
    assert batch.run(folder / "whole").returncode == 0
    return batch, batches.tree(folder / "whole")


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("fetch", [(), ("--fetch",)])
def test_workers_are_lost_and_others_come(bench, cluster, tmp_path, number, fetch):
    batch, whole = bench
    rng, out = Random(f"{SEED}/{number}"), tmp_path / "out"
    for _ in range(3):
        cluster.join()
    with batch.begun(out, "--scheduler", cluster.address, *fetch) as process:
        time.sleep(rng.uniform(1, 5))
        cluster.workers[0].kill()
        cluster.join()
        time.sleep(rng.uniform(0, 2))
        cluster.workers[1].kill()
        _, said = process.communicate(timeout=batches.PATIENCE)
    assert process.returncode == 0, said.decode()
    assert batches.tree(out) == whole


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("number", range(4))
def test_a_command_that_ends_leaves_whole_files_and_is_gone_on_with(bench, cluster, tmp_path, number, how):
    batch, whole = bench
    rng, out = Random(f"{SEED}/{number}/{how}"), tmp_path / "out"
    for _ in range(2):
        cluster.join()
    with batch.begun(out, "--scheduler", cluster.address) as process:
        time.sleep(rng.uniform(2, 8))
        began = time.monotonic()
        process.send_signal(how)
        process.communicate(timeout=batches.PATIENCE)
    stopped = time.monotonic() - began
    assert process.returncode in (0, 130, -how)
    if how == signal.SIGINT:
        assert stopped < 3
        assert all(whole[name] == content for name, content in batches.tree(out).items())
    time.sleep(2)  # groups that were under way end by themselves where nobody could cancel them
    result = batch.run(out, "--resume", "--scheduler", cluster.address)
    assert result.returncode == 0, result.stderr
    assert batches.tree(out) == whole


def test_the_words_of_the_readme_run(tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.split("<!-- cluster:")[1].split("```sh")[1].split("```")[0]
    *services, run = [shlex.split(line) for line in block.strip().splitlines()]
    folder = Path(sys.executable).parent
    started = []
    try:
        for words in services:
            command = [sys.executable, "-c", "from dask.__main__ import main; main()", *words[1:]]
            started.append(subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL))
        (tmp_path / "resources").symlink_to(ROOT / "resources")
        command = [str(folder / run[0]), *run[1:]]
        for _ in range(20):  # until the scheduler is up; a person waits for its first line
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
            if "no scheduler answers" not in done.stderr:
                break
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith("files in maps\n")
        local = [str(folder / run[0]), *run[1:-2]]
        local[local.index("maps")] = "here"
        subprocess.run(local, cwd=tmp_path, check=True, capture_output=True)
        assert batches.tree(tmp_path / "maps") == batches.tree(tmp_path / "here")
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(timeout=30)
