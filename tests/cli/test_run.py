"""`filterlab run`: what is named is counted, and nothing is left out without a word."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import filterlab as fl
from filterlab.batch import Settings
from filterlab.cli import main
from filterlab.cli.parser import make_parser
from filterlab.cli.run import following, settings_of
from filterlab.cli.run.flags import recipe_of
from filterlab.run.source import to_command

COMMAND = [sys.executable, "-m", "filterlab", "run"]


@pytest.fixture
def place(tmp_path, rng):
    """A folder with a pipeline that needs no compiler, a picture and a stack of three pages."""
    fl.Pipeline([("light", fl.ReLU())]).save(tmp_path / "p.json")
    fl.write_image(tmp_path / "a.png", rng.random((3, 6, 8)).astype(np.float32), range=(0, 1))
    pages = [Image.fromarray(np.full((4, 5), page * 20, np.uint8)) for page in (1, 2, 3)]
    pages[0].save(tmp_path / "stack.tif", save_all=True, append_images=pages[1:])
    return tmp_path


def run(place, *words, stdin=b"", **options):
    command = [*COMMAND, "p.json", *words, "--out", "out"]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=place, **options)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_pages_that_are_left_out_are_said(place):
    status, out, err = run(place, "stack.tif")
    assert (status, out) == (0, "1 picture done: 1 file in out\n")
    assert err == "left out: stack.tif: pages 2 to 3 (--page all does every page)\n"
    document = json.loads(run(place, "stack.tif", "--overwrite", "--json")[1])
    assert document["left_out"] == [{"picture": "stack.tif", "pages": [2, 3]}]


def test_the_document_is_printed_after_an_interruption_too(place, monkeypatch, capsys, patient_disk):
    carried_out = following.carry_out

    def interrupted(*told):
        outcomes = carried_out(*told)
        yield next(outcomes)
        outcomes.close()
        raise KeyboardInterrupt

    monkeypatch.setattr(following, "carry_out", interrupted)
    monkeypatch.chdir(place)
    words = ["run", "p.json", "a.png", "stack.tif", "--out", "out"]
    assert main([*words, "--json"]) == 130
    printed, errors = capsys.readouterr()
    assert json.loads(printed) == {
        "done": [{"picture": "a.png", "outputs": ["out/a/light.png"]}],
        "failed": [],
    }
    assert "stopped: 1 of 2 pictures done" in errors
    assert main([*words, "--overwrite"]) == 130
    assert capsys.readouterr().out == "", "what is printed for a person is the line that says it was stopped"


def test_every_page_and_one_page(place):
    status, out, err = run(place, "stack.tif", "a.png", "--page", "all")
    assert (status, err) == (0, "")
    names = sorted(path.parent.name for path in (place / "out").glob("*/light.png"))
    assert names == ["a", "stack-p0001", "stack-p0002", "stack-p0003"]
    status, out, err = run(place, "stack.tif", "--page", "4", "--json")
    assert status == 1
    assert json.loads(out)["failed"][0]["page"] == 4
    assert "it has 3 pages, not a page 4" in err


@pytest.mark.parametrize("page", ["0", "-1", "one", "1.5", "²", ""])
def test_what_is_no_page_is_refused(place, page):
    status, out, err = run(place, "a.png", f"--page={page}")
    assert (status, out) == (2, "")
    assert err.startswith("filterlab: argument --page:")


def test_the_count_is_of_what_was_named(place):
    (place / "link.png").symlink_to("a.png")
    status, out, err = run(place, "a.png", "./a.png", "link.png", "missing.png", "--json")
    document = json.loads(out)
    assert [entry["picture"] for entry in document["done"]] == ["a.png", "link.png"]
    assert [entry["picture"] for entry in document["failed"]] == ["missing.png"]
    assert document["repeated"] == ["a.png"]
    assert status == 1
    assert "named more than once, done once: a.png" in err


def test_a_picture_from_standard_input_is_named_stdin(place):
    content = (place / "a.png").read_bytes()
    status, out, err = run(place, "-", "--json", "--maps", "light", "--format", "npy", stdin=content)
    assert (status, err) == (0, "")
    assert json.loads(out)["done"] == [
        {"picture": "stdin", "outputs": [os.path.join("out", "stdin", "light.npy")]}
    ]
    expected = fl.Pipeline.load(place / "p.json").run(fl.read_image(place / "a.png"))["light"]
    np.testing.assert_array_equal(np.load(place / "out" / "stdin" / "light.npy"), expected)
    again = run(place, "-", "--resume", "--json", "--maps", "light", "--format", "npy", stdin=content)
    assert json.loads(again[1])["done"] == json.loads(out)["done"]


def test_an_empty_standard_input_is_a_picture_that_fails(place):
    status, _, err = run(place, "-")
    assert status == 1
    assert err == "failed: stdin: it is empty (copy or export it again)\n"


def test_a_list_from_standard_input(place):
    status, out, _ = run(place, "@-", stdin=b"a.png\nstack.tif\n")
    assert (status, out) == (0, "2 pictures done: 2 files in out\n")


def test_one_standard_input_is_not_read_twice(place):
    status, _, err = run(place, "-", "@-", stdin=b"")
    assert status == 2
    assert "both read standard input" in err


@pytest.mark.skipif(os.name == "nt", reason="no such files")
@pytest.mark.parametrize("word", ["pipe", "/dev/zero", "/dev/stdin"])
def test_a_pipe_or_device_is_refused_at_once(place, word):
    os.mkfifo(place / "pipe")
    status, _, err = run(place, word, stdin=b"x", timeout=60)
    assert status == 1
    assert err.count("\n") == 1
    assert "it is not a regular file" in err


def test_a_second_run_into_one_folder_is_wrong(place):
    holder = (
        "import sys; from pathlib import Path; from filterlab.batch.journal import Journal; "
        "Path('out').mkdir(); Journal(Path('out'), 'x'); print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder], cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        first.stdout.readline()
        status, out, err = run(place, "a.png", "--overwrite")
        first.stdin.close()
    assert (status, out) == (2, "")
    assert f"another run is at work in this folder: process {first.pid}" in err
    assert err.count("\n") == 1


def test_verifying_goes_with_resuming(place):
    assert run(place, "a.png", "--verify")[0] == 2
    assert run(place, "a.png")[0] == 0
    assert run(place, "a.png", "--resume", "--verify")[:2] == (0, "1 picture done: 1 file in out\n")


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not have")
def test_names_of_pictures_give_the_terminal_no_orders(place):
    name = "a\x1b[31mred\x1b]0;title\x07.png"
    (place / name).write_text("x")
    status, _, err = run(place, name, "missing" * 500, name)
    assert status == 1
    assert "\x1b" not in err
    assert "\x07" not in err
    assert [line.partition(":")[0] for line in err.splitlines()] == [
        "named more than once, done once",
        "failed",
        "failed",
    ]
    assert max(map(len, err.splitlines())) < 300


@pytest.mark.skipif(os.name == "nt", reason="no such terminals")
def test_on_a_terminal_without_threads_for_a_bar_the_batch_is_done(place):
    import pty

    program = """
import sys, threading
real = threading.Thread.start
def start(thread):
    if thread.name != "journal":
        raise RuntimeError("can't start new thread")
    real(thread)
threading.Thread.start = start
from filterlab.cli import main
sys.exit(main(sys.argv[1:]))
"""
    own, theirs = pty.openpty()
    command = [sys.executable, "-c", program, "run", "p.json", "a.png", "stack.tif", "--out", "out"]
    with subprocess.Popen(command, cwd=place, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(own, 4096):
                shown += part
        except OSError:  # Linux says so where the other end is closed
            pass
    os.close(own)
    assert process.returncode == 0
    assert b"left out: stack.tif: pages 2 to 3" in shown
    assert b"2 pictures done: 2 files in out" in shown


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"maps": ("b",), "format": "npy", "existing": "resume"},
        {"range": "percentile:1,99", "colormap": "viridis", "split": True, "montage": True},
        {"range": (-0.1, 1 / 3), "existing": "overwrite"},
        {"range": "symmetric", "maps": ("a", "b")},
        {"maps": ("-c",)},
        {"name": "-{node} {stem}", "png_level": 9},
    ],
)
def test_the_words_of_settings_ask_for_the_same_settings(tmp_path, options):
    pipeline = fl.Pipeline([("a", fl.Abs()), ("b", fl.ReLU()), ("-c", fl.ReLU())])
    pipeline.save(tmp_path / "p.json")
    settings = Settings(pipeline, tmp_path / "out dir", **options)
    command = to_command(str(tmp_path / "p.json"), ["x.png", "y z.png"], str(settings.out), settings.words())
    arguments = make_parser().parse_args(shlex.split(command)[1:])
    assert settings_of(recipe_of(arguments)) == settings
