"""Wrong words in every place of every command: each ends in one line of ours, and never waits."""

from __future__ import annotations

import json
import os
import random
import signal

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no such pipes")

SECONDS = 300  # a call that waits for a pipe, or reads a device without end, would never come back
NINES = "9" * 5000

PATHS = [
    *("", "a.png", "rgb.png", "net.json", "classes", "c.npz", "k.json", "missing", "missing.json", "folder", "."),
    *("pipe", "pipe.png", "pipe.json", "pipe.npz", "loop", "dangling.png", "empty.png", "junk.json", "deep.json"),
    *("/dev/null", "/dev/zero", "/dev/stdin", "/dev/full", "a\0b", "x" * 300, "x/" * 3000, "\udcff.png", "\ud800"),
    *("a\nb.png", "\x1b[31m.png", "--", "@", "a.png/", "*.png", "~nobody", "名前.json"),
]  # fmt: skip
NUMBERS = [
    *("", "0", "1", "2", "-1", "1.5", "1e3", "1e400", "-1e400", "1e-400", "nan", "inf", "²", "１２", "٣", "1_0", NINES),
    *("-" + NINES, "0x10", "1,2", "0:1", "2:1", "0:999999999", "0001", " 1", "1\0", "True", "1j", "9" * 19, "9" * 30),
]  # fmt: skip
SIZES = [
    "3x3",
    "0x0",
    "3",
    "3x",
    "x",
    "3x3x3",
    "1x12x14",
    "-1x3",
    "²x3",
    "１x１",
    "999999x999999",
    "9999999x" * 2 + "9",
]
WORDS = [
    *("c", "p", "edges", "image", "c,p", ",", "'", "{0}", "%d", "é", "\udcff", "x" * 5000, "same", "valid", "full"),
    *("reflect", "circular", "none", "-c", "../x", "sobel", "conv2d", "gray", "-1,1", "1,-1", "nan,nan", "\x1b[2J"),
]  # fmt: skip
VALUES = [
    *("3", "[3,5]", "0", "-1", "100001", "1e400", "NaN", "Infinity", "null", "true", '"3"', "[]", "[[3]]", "[null,1]"),
    *("{}", '{"a":1}', NINES, "0.5", "1e-300", "[" * 5000, '"', "x", "", "²", "\udcff", "\0", "[3.0,5.0]", "[1e400,1]"),
]  # fmt: skip


def words(text):
    return text.split()


# A command that is right, and which of its words are replaced by which.
INFO = (["info", "net.json", "--size", "1x12x14"], {1: PATHS, 3: SIZES})
EXPLAIN = (
    ["explain", "net.json", "a.png", "c", "0", "1", "1", "--top", "2", "--depth", "2", "--png", "o.png", "--overwrite"],
    {1: PATHS, 2: PATHS, 3: WORDS, 4: NUMBERS, 5: NUMBERS, 6: NUMBERS, 8: NUMBERS, 10: NUMBERS, 12: PATHS},
)  # fmt: skip
ANIMATE = (
    words("animate net.json a.png c 0 --out o.gif --inputs 0 --rows 0:1 --step 9 --fps 5 --overwrite"),
    {1: PATHS, 2: PATHS, 3: WORDS, 4: NUMBERS, 6: PATHS, 8: NUMBERS, 10: NUMBERS, 12: NUMBERS, 14: NUMBERS},
)
SOLVE = (
    words("learn --input a.png --target a.png --kernel 3x3 --padding 1 --padding-mode zeros --ridge 0.1 "
          "--least-squares --out k.json --overwrite"),
    {2: PATHS, 4: PATHS, 6: SIZES, 8: WORDS + NUMBERS, 10: WORDS, 12: NUMBERS, 15: PATHS},
)  # fmt: skip
DESCEND = (
    words("learn --input a.png --target a.png --pipeline net.json --nodes c --lr 0.1 --momentum 0 --crop 4x4 "
          "--seed 1 --loss mse --steps 1 --out k.json"),
    {2: PATHS, 4: PATHS, 6: PATHS, 8: WORDS, 10: NUMBERS, 12: NUMBERS, 14: SIZES, 16: NUMBERS, 18: WORDS, 22: PATHS},
)  # fmt: skip
CLASSES = (
    words("learn --classes c.npz --size 8x8 --validation 0.5 --batch 4 --epochs 1 --out k.json"),
    {2: PATHS, 4: SIZES, 6: NUMBERS, 8: NUMBERS, 12: PATHS},
)
RUN = (
    words("run net.json missing.png --out o --maps c --range auto --colormap gray --jobs 1"),
    {
        1: PATHS,
        4: PATHS,
        6: WORDS,
        8: WORDS + NUMBERS,
        10: WORDS,
        12: [n for n in NUMBERS if not n.isascii()],
    },
)
LAYERS = (["layers", "conv2d"], {1: WORDS + PATHS})
WINDOW = (
    ["window", "missing"],
    {1: [path for path in PATHS if path.startswith(("miss", "x", "\ud800", "a\0"))]},
)


@pytest.fixture
def place(tmp_path, rng, monkeypatch):
    """The files that the words name, in the folder that is at hand."""
    monkeypatch.chdir(tmp_path)
    for name, shape in (("a.png", (12, 14)), ("rgb.png", (3, 12, 14))):
        fl.write_image(name, rng.random(shape).astype(np.float32), range=(0, 1))
    np.savez("c.npz", x=rng.random((8, 8, 8)), y=[0, 1] * 4)
    nodes = [
        {"name": "c", "layer": "conv2d", "params": {"weight": [[[[1, 0], [0, 1]]]]}},
        {"name": "p", "layer": "max_pool2d", "params": {"kernel_size": 2}},
    ]
    with open("net.json", "w") as file:
        json.dump({"format": "filterlab/1", "nodes": nodes}, file)
    for name, data in (("empty.png", b""), ("junk.json", rng.bytes(99)), ("deep.json", b"[" * 99999)):
        with open(name, "wb") as file:
            file.write(data)
    for suffix in ("", ".png", ".json", ".npz"):
        os.mkfifo(f"pipe{suffix}")
    for folder in ("folder", "classes/a", "classes/b"):
        os.makedirs(folder)
    os.symlink("loop", "loop")
    os.symlink("nowhere", "dangling.png")
    return tmp_path


@pytest.fixture
def watchdog():
    """A call that never ends is interrupted, which its status then shows."""

    def late(number, frame):
        raise TimeoutError("it waits")

    before = signal.signal(signal.SIGALRM, late)
    yield lambda: signal.alarm(SECONDS)
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def check(given, status, out, err):
    """What a command leaves, whatever it was given."""
    shown = [word[:60] for word in given]
    assert status in (0, 1, 2), shown
    lines = [line for line in err.splitlines() if line.startswith("filterlab: ")]
    assert len(lines) <= 1, (shown, err)
    assert status == 0 or given[0] == "run" or lines, (shown, "no word of what is wrong")
    for line in lines:
        assert len(line) < 300, (shown, line)
        assert line.isprintable(), (shown, line)
        assert "unexpected" not in line, (shown, line)
        assert "it waits" not in line, (shown, line)
        for word in ("Traceback", "NoneType", "invalid int", "invalid float", "object has no", "codec"):
            assert word not in line, (shown, line)


@pytest.mark.parametrize(
    "command",
    [INFO, EXPLAIN, ANIMATE, SOLVE, DESCEND, CLASSES, RUN, LAYERS, WINDOW],
    ids=lambda command: command[0][0],
)
def test_a_wrong_word_anywhere_is_one_line(place, capsys, watchdog, command):
    right, places = command
    chance = random.Random(" ".join(right))
    for position, choices in places.items():
        for choice in chance.sample(choices, min(len(choices), 8)):
            given = [*right[:position], choice, *right[position + 1 :]]
            watchdog()
            status = main(given)
            check(given, status, *capsys.readouterr())


def test_wrong_parameters_of_kernels_are_one_line(place, capsys, watchdog):
    chance = random.Random(7)
    for name in fl.kernels.names():
        keys = [p.name for p in fl.kernels.get(name).parameters]
        for _ in range(12):
            key = chance.choice([*keys, *keys, *keys, "self", "name", "é", "__class__", ""])
            given = ["kernels", name, f"{key}={chance.choice(VALUES)}", *chance.choice([[], ["--json"]])]
            watchdog()
            status = main(given)
            check(given, status, *capsys.readouterr())


@pytest.mark.parametrize(
    "given", [["run", "--out=--", "net.json", "a.png"], ["learn", "--classes=--"], ["info", "--"]]
)
def test_two_dashes_are_no_value(place, capsys, given):
    status = main(given)
    check(given, status, *capsys.readouterr())
    assert status == 2


@pytest.mark.parametrize("pictures", [("a", "a"), ("big", "a"), ("a", "big"), ("nan", "a"), ("a", "inf")])
@pytest.mark.parametrize("ridge", ["0", "1e308"])
@pytest.mark.parametrize("bias", [[], ["--bias"]])
def test_numbers_beyond_all_bounds_are_one_line(place, capsys, rng, pictures, ridge, bias):
    a = rng.random((12, 14))
    for name, values in {"a": a, "big": a * 1e300, "nan": a * np.nan, "inf": a * np.inf}.items():
        np.save(f"{name}.npy", values)
    before, after = (f"{name}.npy" for name in pictures)
    given = ["learn", "--input", before, "--target", after, "--kernel", "3x3", "--least-squares", *bias]
    status = main([*given, "--ridge", ridge, "--out", "k.json"])
    check(given, status, *capsys.readouterr())
    assert status == (0 if pictures == ("a", "a") and ridge == "0" else 2)


def test_long_names_keep_their_beginning_and_their_end(place, capsys):
    assert main(["info", "a" + "x" * 5000 + ".json"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("filterlab: ")
    assert ".json: " in error or ".json (" in error or ".json'" in error


@pytest.mark.parametrize(
    "command", ["", "info", "explain", "animate", "kernels", "layers", "schema", "learn", "run"]
)
@pytest.mark.parametrize("columns", ["1", "0", "-3", "wide", "9999999999"])
def test_help_fits_any_screen(capsys, monkeypatch, command, columns):
    monkeypatch.setenv("COLUMNS", columns)
    assert main([*([command] if command else []), "--help"]) == 0
    printed = capsys.readouterr()
    assert "--help" in printed.out
    assert printed.err == ""
