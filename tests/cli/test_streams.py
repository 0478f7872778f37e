"""The command with standard streams that are closed, full, without a reader, or of few letters."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import filterlab as fl
from filterlab.resources import examples, samples

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no such shells")

CLOSED = "filterlab: standard output cannot be written: it is closed\n"
FULL = "filterlab: standard output cannot be written: the disk is full (make room on it, or choose another one)\n"
COMMANDS = {
    "help": ["--help"],
    "a table": ["kernels"],
    "more than a buffer holds": ["schema"],
    "info": ["info", "LIGHT"],
    "explain": ["explain", "LIGHT", "COINS", "light", "0", "1", "1"],
    "run": ["run", "LIGHT", "COINS", "--out", "OUT"],
    "animate": ["animate", "EDGES", "COINS", "edges", "0", "--step", "60", "--out", "OUT.gif"],
    "learn": ["learn", "--input", "COINS", "--target", "COINS", "--kernel", "1x1", "--out", "OUT.json"],
}


@pytest.fixture
def shell(tmp_path):
    """Run a command with redirections of a shell; the process, with what came out."""
    # Without a convolution: half of the time of a short command is the compiler's start.
    light = tmp_path / "light.json"
    fl.Pipeline([("light", fl.ReLU())]).save(light)
    places = {"EDGES": examples()["edges"], "LIGHT": light, "COINS": samples()["coins"]}

    def run(args, redirections, **environment):
        words = [str(places.get(a, a)).replace("OUT", str(tmp_path / "out")) for a in args]
        script = f'{sys.executable} -m filterlab "$@" {redirections}'
        return subprocess.run(
            ["sh", "-c", script, "sh", *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
        )

    return run


@pytest.mark.parametrize("name", COMMANDS)
def test_results_for_a_closed_output_are_one_line_and_status_one(shell, name):
    done = shell(COMMANDS[name], ">&-")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", CLOSED)


@pytest.mark.parametrize("name", ["help", "more than a buffer holds", "run"])
def test_results_for_a_full_device_are_one_line_and_status_one(shell, name):
    done = shell(COMMANDS[name], ">/dev/full")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", FULL)


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "<&-"])
@pytest.mark.parametrize("name", ["a table", "run"])
def test_other_streams_that_are_closed_or_full_change_nothing(shell, name, redirection):
    done = shell(COMMANDS[name], redirection)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout != ""


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "<&- >&- 2>&-"])
def test_an_error_that_nobody_can_read_keeps_its_status(shell, redirection):
    done = shell(["info", "missing.json"], redirection)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


def test_no_file_takes_the_place_of_a_closed_stream(shell, tmp_path):
    """The first file that is opened would get the number of the stream, and what is printed with it."""
    for redirections in ("<&- >&- 2>&-", "<&- >&-", ">&- 2>&-"):
        args = ["run", "LIGHT", "COINS", "missing.png", "--out", "OUT", "--format", "npy", "--overwrite"]
        assert shell(args, redirections).returncode == 1
        shape = fl.read_image(samples()["coins"]).shape
        assert {fl.read_image(p).shape[1:] for p in (tmp_path / "out").rglob("*.npy")} == {shape[1:]}


@pytest.mark.parametrize("name", ["more than a buffer holds", "a table"])
def test_a_reader_that_leaves_early_sees_no_traceback(shell, name):
    done = shell(COMMANDS[name], "| head -n 1")
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_a_reader_that_has_left_already_is_status_one():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "filterlab", "--version"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_output_that_does_not_wait_is_written_whole():
    """A program that shares its pipe may have set it not to wait."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with subprocess.Popen(
        [sys.executable, "-m", "filterlab", "schema"], stdout=writer, stderr=subprocess.PIPE
    ) as process:
        os.close(writer)
        with open(reader, "rb") as stream:
            assert "$defs" in json.loads(stream.read())
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize("encoding", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_names_that_an_encoding_lacks_are_escaped(shell, encoding, tmp_path):
    name = os.fsdecode(b"caf\xc3\xa9-\xff\x1b[31m.png")
    done = shell(["run", "EDGES", name, "--out", str(tmp_path), "--json"], "", **encoding)
    assert done.returncode == 1
    assert os.fsencode(json.loads(done.stdout)["failed"][0]["picture"]) == os.fsencode(name)
    done = shell(["info", name], "", **encoding)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "\\xff" in done.stderr or "\\udcff" in done.stderr
    assert "\x1b" not in done.stderr


def test_an_output_that_knows_only_ascii(shell):
    done = shell(["kernels", "gabor"], "", PYTHONIOENCODING="ascii", COLUMNS="80")
    assert (done.returncode, done.stderr) == (0, "")
