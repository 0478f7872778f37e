"""The command where the system grants little memory, few files or few threads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading

import pytest

from filterlab.cli import faults, limits, main
from filterlab.errors import FileError
from filterlab.resources import examples, samples

resource = pytest.importorskip("resource")

EXPLAIN = ["explain", str(examples()["edges"]), str(samples()["coins"]), "edges", "0", "1", "1"]


def run(args, limit, value, prefix=(), **environment):
    """The command, with a limit of the system lowered."""
    return subprocess.run(
        [*prefix, sys.executable, "-m", "filterlab", *args],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        preexec_fn=lambda: resource.setrlimit(limit, (value, value)),
    )


@pytest.mark.parametrize("megabytes", [80, 110, 200, 300])
def test_too_little_memory_is_one_line(megabytes):
    done = run(EXPLAIN, resource.RLIMIT_AS, megabytes << 20)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "there is not enough memory" in done.stderr


def test_a_table_needs_little_memory():
    done = run(["kernels", "gabor"], resource.RLIMIT_AS, 200 << 20)
    assert (done.returncode, done.stderr) == (0, "")


def test_few_files_are_enough():
    done = run(EXPLAIN, resource.RLIMIT_NOFILE, 8)
    assert (done.returncode, done.stderr) == (0, "")


def test_few_threads_are_enough_for_the_libraries():
    # Root has no such limit, so its tests go on as somebody else who may read all files.
    able = "-all,+dac_override,+dac_read_search"
    caps = [f"--{kind}={able}" for kind in ("inh-caps", "ambient-caps", "bounding-set")]
    prefix = ["setpriv", "--reuid=65534", "--clear-groups", *caps] if os.getuid() == 0 else []
    if prefix and (not shutil.which("setpriv") or subprocess.run([*prefix, "true"], check=False).returncode):
        pytest.skip("root has no such limit, and cannot become somebody else here")
    done = run(["kernels", "gabor"], resource.RLIMIT_NPROC, 1, prefix, OMP_NUM_THREADS="8")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def eight_threads(monkeypatch):
    """OpenBLAS would start eight."""
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "")
    for library in ("numpy", "scipy", "llvmlite"):
        monkeypatch.delitem(sys.modules, library, raising=False)
    return monkeypatch


def test_threads_are_limited_where_they_do_not_start(eight_threads):
    guard, start, before = limits._Guard(), threading.Thread.start, set(threading.enumerate())
    guard.find_spec("numpy")
    assert os.environ["OPENBLAS_NUM_THREADS"] == ""

    def fail(thread):
        if len(set(threading.enumerate()) - before) >= 5:
            raise RuntimeError("can't start new thread")
        start(thread)

    eight_threads.setattr(threading.Thread, "start", fail)
    assert guard.find_spec("numpy") is None
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    assert set(threading.enumerate()) <= before


def test_threads_are_limited_where_memory_is_short(eight_threads):
    guard = limits._Guard()
    eight_threads.setattr(limits, "_room_for", lambda megabytes: megabytes < 1500)
    assert guard.find_spec("numpy") is None
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    eight_threads.setattr(limits, "_room_for", lambda megabytes: False)
    for name in ("numpy", "scipy", "llvmlite"):
        with pytest.raises(MemoryError):
            guard.find_spec(name)
    assert guard.find_spec("json") is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("_room_for", "1,800 MB of address space (`ulimit -v`)"),
        ("_files_open", "12 open files (`ulimit -n`)"),
        ("_threads_start", "threads (`ulimit -u`)"),
    ],
)
def test_the_window_says_what_it_lacks(monkeypatch, capsys, name, words):
    monkeypatch.setattr(limits, name, lambda count: False)
    assert main(["window", "--screenshot", "w.png"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("filterlab: window: the window needs ")
    assert words in error


def test_the_window_is_not_begun_with_few_files(tmp_path):
    done = run(["window", "--screenshot", str(tmp_path / "w.png")], resource.RLIMIT_NOFILE, 10)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "the window needs 12 open files" in done.stderr


def wrapped(inner, outer):
    """As libraries hand errors on."""
    try:
        raise outer from inner
    except Exception as error:
        return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "not enough memory"),
        (ImportError("x.so: failed to map segment from shared object"), "not enough memory"),
        (wrapped(OSError("x: cannot allocate memory in static TLS block"), ImportError("y")), "not enough memory"),
        (wrapped(MemoryError(), SystemError("returned NULL")), "not enough memory"),
        (SystemError("error return without exception set"), "not enough memory"),
        (OSError(24, "Too many open files", "a.py"), "`ulimit -n`"),
        (ImportError("x.so: cannot open shared object file: Too many open files"), "`ulimit -n`"),
        (RuntimeError("can't start new thread"), "`ulimit -u`"),
        (BlockingIOError(11, "Resource temporarily unavailable"), "`ulimit -u`"),
        (RecursionError("maximum recursion depth exceeded"), "nested too deeply"),
        (
            PermissionError(13, "Permission denied", "a.png"),
            "a.png: you have no permission to read it (check its permissions)",
        ),
        (OSError(18, "Invalid cross-device link", "a", None, "b"), "a and b: it is on another disk"),
        (OSError(28, "No space left on device"), "the system refuses this: the disk is full (make room"),
        (ModuleNotFoundError("No module named 'rich'", name="rich"), "the Python package rich is missing"),
        (ImportError("bad magic", name="scipy.fft"), "scipy.fft cannot be loaded"),
        (FileError("it is a folder", "here"), "here: it is a folder"),
        (ZeroDivisionError("division by zero"), faults.UNEXPECTED),
    ],
)  # fmt: skip
def test_every_error_is_put_into_words(error, words):
    assert words in faults.in_words(error)


def test_errors_that_are_each_other_s_cause_come_to_an_end():
    first, second = ValueError("a"), ValueError("b")
    first.__context__, second.__context__ = second, first
    assert faults.in_words(first) == faults.UNEXPECTED


def test_a_line_is_neither_long_nor_obeyed_by_a_terminal():
    line = faults.one_line("no\nsuch\tfile: \x1b[31m\udcff\u202e" + "a" * 5000 + "/end.png (check it)")
    assert line.startswith("no such file: \\x1b[31m\\udcff\\u202e")
    assert line.endswith("aaa/end.png (check it)")
    assert len(line) < 200
    assert len(faults.one_line("word " * 1000)) == faults.LONGEST
    assert faults.one_line("é 中 🙂") == "é 中 🙂"
