"""The command as a process: signals, and what comes back."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import filterlab as fl

COMMAND = [sys.executable, "-m", "filterlab"]


def run(*args, **kwargs):
    return subprocess.run([*COMMAND, *map(str, args)], capture_output=True, text=True, check=False, **kwargs)


@pytest.fixture
def long_batch(tmp_path, rng):
    """A batch that takes a long time: the pipeline's file and the folder of its pictures."""
    weight = rng.normal(size=(48, 48, 7, 7)).astype(np.float32)
    layers = [fl.Conv2d(rng.normal(size=(48, 3, 3, 3))), *(fl.Conv2d(weight, padding=3) for _ in range(8))]
    fl.Pipeline([*layers, ("last", fl.ReLU())]).save(tmp_path / "deep.safetensors")
    folder = tmp_path / "in"
    folder.mkdir()
    fl.write_image(folder / "0.png", rng.random((3, 200, 200)).astype(np.float32), range=(0, 1))
    # So many that it is still at work on a machine that lets the tests wait; nobody waits for all of them.
    for i in range(1, 40):
        shutil.copy(folder / "0.png", folder / f"{i}.png")
    return tmp_path / "deep.safetensors", folder


def begin(args, out):
    """The command, at work: its first file is there."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 300
    while not list(out.glob("*/last.npy")) and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


@pytest.mark.soak  # tests/soak/test_batch.py kills a batch among the fast tests, too
@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_a_batch_that_was_killed_leaves_no_workers_and_goes_on(long_batch, tmp_path):
    pipeline, folder = long_batch
    out = tmp_path / "out"
    options = ["--out", out, "--maps", "last", "--format", "npy", "--jobs", "2"]
    process = begin(["run", pipeline, folder, *options], out)
    process.kill()
    process.communicate(timeout=120)  # ends when no worker holds the other end of the pipes any more
    done = run("run", pipeline, folder / "0.png", folder / "1.png", *options, "--resume")
    assert (done.returncode, done.stderr) == (0, "")
    for name in "01":
        assert np.load(out / name / "last.npy").shape == (48, 198, 198)


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
@pytest.mark.parametrize(
    ("number", "status", "jobs"),
    [
        (signal.SIGINT, 130, 1),
        pytest.param(signal.SIGINT, 130, 2, marks=pytest.mark.soak),
        (signal.SIGTERM, 143, 2),
        pytest.param(signal.SIGHUP, 129, 1, marks=pytest.mark.soak),
    ]
    if os.name != "nt"
    else [],
)
def test_a_signal_stops_it_and_leaves_whole_files(long_batch, tmp_path, jobs, number, status):
    pipeline, folder = long_batch
    out = tmp_path / "out"
    args = ["run", pipeline, folder, "--out", out, "--maps", "last", "--format", "npy", "--jobs", str(jobs)]
    process = begin([*args, "--json"], out)
    process.send_signal(number)
    printed, errors = process.communicate(timeout=300)
    assert process.returncode == status
    document = json.loads(printed)
    assert {"done", "failed"} <= set(document)
    assert all(Path(name).exists() for done in document["done"] for name in done["outputs"])
    assert re.fullmatch(
        r"filterlab: stopped: \d+ of \d+ pictures done \(--resume does the others\)\n", errors
    )
    left = [p for p in out.rglob("*") if p.is_file()]
    # The journal has no line yet where the signal came just after the first file.
    assert {"last.npy"} <= {p.name for p in left} <= {"last.npy", ".filterlab-journal.jsonl", "report.jsonl"}
    for path in out.glob("*/last.npy"):
        assert np.load(path).shape == (48, 198, 198)


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_a_signal_stops_a_median_that_would_take_minutes(tmp_path, rng):
    fl.Pipeline([("last", fl.MedianPool2d(255, stride=1, padding=127))]).save(tmp_path / "median.json")
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    # The small picture compiles the loop, and its file says that the large one is begun.
    for name, size in (("0", (4, 4)), ("1", (400, 400))):
        fl.write_image(folder / f"{name}.png", rng.random((3, *size)).astype(np.float32), range=(0, 1))
    args = ["run", tmp_path / "median.json", folder, "--out", out, "--maps", "last", "--format", "npy"]
    process = begin([*args, "--jobs", "1"], out)
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130


def test_json_in_and_out_of_a_process(tmp_path):
    done = run("kernels", "--json")
    assert done.returncode == 0
    assert len(json.loads(done.stdout)) == len(fl.kernels.names())
