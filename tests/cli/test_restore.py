"""`filterlab restore`."""

from __future__ import annotations

import json

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main
from tests.restoration.blurring import photographed, sample

BLUR = np.outer([1, 2, 1], [1, 2, 1]) / 16


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """Call the command in a folder with a blurred picture; its status and what it printed."""
    monkeypatch.chdir(tmp_path)
    fl.write_image("blurred.png", photographed(sample("camera", 48), BLUR)[0])
    np.save("kernel.npy", BLUR)
    blur = fl.Filter2d(BLUR.astype(np.float32), padding="valid")
    fl.Pipeline([("one", blur)]).save("one.json")
    fl.Pipeline([("one", blur), ("relu", fl.ReLU()), ("two", blur.replace(offset=0.25))]).save("two.json")
    colours = fl.Conv2d(np.stack([BLUR] * 3)[:, None].astype(np.float32), bias=[0.1, 0.2, 0.3], groups=3)
    fl.Pipeline([("colours", colours)]).save("colours.json")

    def run(*args, image="blurred.png"):
        status = main(["restore", image, *map(str, args)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_a_picture_is_restored_as_in_python(call):
    status, out, err = call("--kernel", "kernel.npy", "--out", "sharp.npy", "--uncertainty", "error.tiff")
    found = fl.restore(fl.read_image("blurred.png"), BLUR.astype(np.float32))
    assert (status, err) == (0, "")
    assert out.splitlines()[-1] == "sharp.npy"
    assert found.stopped in out
    assert np.array_equal(np.load("sharp.npy"), found.image)
    assert np.array_equal(fl.read_image("error.tiff"), found.uncertainty)


@pytest.mark.parametrize("kernel", [["one.json"], ["two.json:one"], ["box", "size=3"], ["kernel.npy"]])
def test_kernels_come_from_files_pipelines_and_names(call, kernel):
    status, _, err = call("--kernel", *kernel, "--method", "inverse", "--out", "sharp.npy")
    assert (status, err) == (0, "")
    weights = fl.kernels.box(3) if kernel[0] == "box" else BLUR
    expected = fl.restore(fl.read_image("blurred.png"), weights, method="inverse").image
    assert np.allclose(np.load("sharp.npy"), expected, atol=1e-5)


def test_what_a_layer_adds_is_taken_away_first(call):
    options = ["--method", "inverse", "--noise", "0", "--iterations", "4", "--json"]
    status, out, _ = call("--kernel", "two.json:two", "--out", "sharp.npy", *options)
    assert status == 0
    expected = fl.restore(
        fl.read_image("blurred.png"), BLUR, bias=0.25, method="inverse", noise=0, iterations=4
    )
    assert np.array_equal(np.load("sharp.npy"), expected.image)
    rounding = 1 / 255 / np.sqrt(12)
    assert json.loads(out)["noise"] == pytest.approx(rounding), "the picture is one of 8 bits"


def test_figures_as_json(call):
    options = ["--method", "tikhonov", "--strength", "0.001", "--noise", "0.01", "--iterations", "3"]
    status, out, _ = call(
        "--kernel", "kernel.npy", "--out", "sharp.png", *options, "--border", "zeros", "--json"
    )
    figures = json.loads(out)
    assert status == 0
    assert (figures["method"], figures["border"], figures["iterations"]) == ("tikhonov", "zeros", 3)
    assert figures["strength"] == figures["channels"][0]["strength"] == 0.001
    assert figures["stopped"] == "as many iterations were made as were asked for"
    assert figures["noise"] > 0.01
    assert figures["shift"] == [0, 0]
    assert 0 < figures["uncertainty"] < 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--kernel", "nope", "--out", "a.png"], "no kernel 'nope'"),
        (["--kernel", "nope.npy", "--out", "a.png"], "no such file"),
        (["--kernel", "two.json", "--out", "a.png"], "write two.json:NODE with one of one, two"),
        (["--kernel", "two.json:relu", "--out", "a.png"], "ReLU is not a kernel"),
        (["--kernel", "colours.json", "--out", "a.png"], "one kernel for each of the 1 channel"),
        (["--kernel", "kernel.npy", "size=3", "--out", "a.png"], "belongs to no named kernel"),
        (["--kernel", "kernel.npy", "--out", "blurred.png"], "exists"),
        (["--kernel", "kernel.npy", "--out", "a.gif"], "'.gif' is not known"),
        (["--kernel", "kernel.npy", "--out", "a.png", "--uncertainty", "a.png"], "one file"),
        (["--kernel", "sobel", "--method", "richardson_lucy", "--out", "a.png"], "without negative weights"),
        (
            ["--kernel", "kernel.npy", "--method", "inverse", "--strength", "1", "--out", "a.png"],
            "no strength",
        ),
        (["--kernel", "kernel.npy", "--noise", "-1", "--out", "a.png"], "--noise"),
    ],
)
def test_wrong_commands_are_refused_in_one_line(call, tmp_path, args, words):
    status, out, err = call(*args)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert not (tmp_path / "a.png").exists()


def test_a_picture_that_is_missing_is_named(call):
    status, _, err = call("--kernel", "kernel.npy", "--out", "a.png", image="none.png")
    assert status == 1
    assert "none.png" in err
