"""`filterlab explain` and `filterlab animate`."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from filterlab.cli import main
from filterlab.resources import examples, samples

PLACE = (str(examples()["edges"]), str(samples()["coins"]))


@pytest.fixture
def call(capsys):
    """Call a command; its status and what it printed."""

    def run(*args):
        status = main([str(a) for a in args])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_a_tree_as_text(call):
    status, out, _ = call("explain", *PLACE, "edges", 0, 5, 5, "--depth", 2, "--top", 3)
    assert status == 0
    lines = out.splitlines()
    assert lines[0].startswith("edges[0, 5, 5] = ")
    assert sum(line.startswith("│  ├─ image[0, ") for line in lines) == 6
    assert sum("6 other terms" in line for line in lines) == 2


def test_a_tree_as_json(call):
    status, out, _ = call("explain", *PLACE, "edges", 0, 5, 5, "--depth", 2, "--json")
    found = json.loads(out)
    assert status == 0
    for term in found["terms"]:
        assert term["explanation"]["value"] == term["value"]
        assert len(term["explanation"]["terms"]) == 9
    assert {"value", "weight", "product", "where"} <= set(found["terms"][0])


def test_a_tree_as_json_of_what_matters_most(call):
    status, out, _ = call("explain", *PLACE, "edges", 0, 5, 5, "--depth", 2, "--top", 3, "--json")
    found = json.loads(out)
    assert status == 0
    assert "others" not in found
    for term in found["terms"]:
        below = term["explanation"]
        assert (len(below["terms"]), below["others"]["count"]) == (3, 6)
        total = sum(t["product"] for t in below["terms"]) + below["others"]["products"]
        assert total == pytest.approx(below["value"], abs=1e-6)


def test_drawings_that_exist_are_kept(call, tmp_path):
    old = tmp_path / "old.svg"
    old.write_text("old")
    args = ("explain", *PLACE, "sobel-x", 0, 0, 0, "--png", tmp_path / "new.png", "--svg", old)
    status, out, err = call(*args)
    assert (status, out) == (2, "")
    assert "exists" in err
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["old.svg"]
    assert call(*args, "--overwrite")[0] == 0
    assert old.read_text().startswith("<svg")


def test_drawings(call, tmp_path):
    svg, png = tmp_path / "one.svg", tmp_path / "one.png"
    status, out, _ = call("explain", *PLACE, "sobel-x", 0, 0, 0, "--svg", svg, "--png", png)
    assert status == 0
    assert out.startswith("sobel-x")
    assert svg.read_text().startswith("<svg")
    with Image.open(png) as image:
        assert image.format == "PNG"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--svg", "one.png"), "does not end in .svg"),
        (("--png", "no/one.png"), "its folder does not exist"),
        (("--svg", ""), "the name is empty"),
        (("--top", "0"), "whole number"),
        (("--depth", "0"), "is not a whole number, 1 or more"),
    ],
)
def test_wrong_options(call, options, message):
    status, out, err = call("explain", *PLACE, "sobel-x", 0, 0, 0, *options)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (("nothing", 0, 0, 0), "there is no node 'nothing'"),
        (("edges", 1, 0, 0), "no channel 1"),
        (("edges", 0, -1, 0), "no row -1"),
        (("edges", 0, 0, 10**30), "is not a position"),
        (("edges", 0, 0, "１"), "is not a position"),
        (("edges", "x", 0, 0), "is not a position"),
        (("image", 0, 0, 0), "there is no node 'image'"),
    ],
)
def test_wrong_places(call, place, message):
    status, out, err = call("explain", *PLACE, *place)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (("nothing", 0), "there is no node 'nothing'"),
        (("edges", 1), "no channel 1"),
        (("edges", -1), "no channel -1"),
        (("image", 0), "is not a map that a window slides over"),
    ],
)
def test_films_of_wrong_places(call, place, message, tmp_path):
    status, out, err = call("animate", *PLACE, *place, "--out", tmp_path / "a.gif")
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_film(call, tmp_path):
    target = tmp_path / "slide.gif"
    args = ("animate", *PLACE, "sobel-x", 0, "--out", target, "--rows", "10:70", "--step", 40, "--fps", 5)
    status, out, _ = call(*args)
    assert status == 0
    with Image.open(target) as image:
        assert image.n_frames == int(out.split()[0]) == 2 * 10
    assert call(*args)[0] == 2
    assert call(*args, "--overwrite")[0] == 0


def test_a_film_of_chosen_inputs(call, tmp_path):
    place = ("animate", str(examples()["tiny-vgg-like"]), str(samples()["astronaut"]), "conv_1_2", 0)
    sizes = []
    for name, more in (("all.webp", ()), ("two.png", ("--inputs", "7,2"))):
        assert call(*place, "--out", tmp_path / name, "--step", 30, *more)[0] == 0
        with Image.open(tmp_path / name) as image:
            sizes.append(image.size)
    assert sizes[0] != sizes[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--out", "a.mp4"), "is not that of an animation"),
        (("--out", "no/a.gif"), "its folder does not exist"),
        (("--out", "a.gif", "--inputs", "1"), "allowed: 0"),
        (("--out", "a.gif", "--inputs", "a"), "list of channels"),
        (("--out", "a.gif", "--step", "0"), "is not a whole number, 1 or more"),
        (("--out", "a.gif", "--fps", "0.0001"), "from 0.01 to 50"),
        (("--out", "a.gif", "--step", 1), "at most 1,000"),
        (("--out", "a.gif", "--rows", "5"), "FIRST:LAST"),
        (("--out", "a.gif", "--fps", "500"), "fps is 500"),
    ],
)
def test_films_that_are_refused(call, options, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = call("animate", *PLACE, "sobel-x", 0, *options)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_picture_that_is_missing_is_status_one(call, tmp_path):
    args = ("animate", PLACE[0], tmp_path / "no.png", "edges", 0, "--out", tmp_path / "a.gif")
    assert call(*args)[0] == 1


def test_the_kernel_here_as_text(call):
    status, out, _ = call("explain", *PLACE, "edges", 0, 5, 5, "--kernel")
    assert status == 0
    lines = out.splitlines()
    assert lines[0].startswith("edges[0, 5, 5] = ")
    assert "linearised" in lines[0]  # the magnitude is no straight line
    assert "kernel of 1 x 3 x 3 over rows 4 to 6, columns 4 to 6" in lines[1]
    assert lines[-1].endswith("remainder")


def test_the_kernel_here_as_json_and_files(call, tmp_path):
    numbers, drawing = tmp_path / "k.npy", tmp_path / "k.png"
    files = ("--out", numbers, "--png", drawing)
    status, out, _ = call("explain", *PLACE, "edges", 0, 5, 5, "--kernel", "--json", *files)
    found = json.loads(out)
    assert status == 0
    assert set(found) >= {"kernel", "region", "bias", "remainder", "value", "exact"}
    assert found["region"] == {"top": 4, "left": 4, "bottom": 7, "right": 7}
    np.testing.assert_array_equal(np.load(numbers), np.array(found["kernel"], np.float32))
    with Image.open(drawing) as picture:
        assert picture.mode == "RGB"
    status, _, err = call("explain", *PLACE, "edges", 0, 5, 5, "--kernel", *files)
    assert status == 2
    assert "exists" in err


@pytest.mark.parametrize(
    ("options", "word"), [(("--kernel", "--svg", "a.svg"), "--svg"), (("--out", "k.npy"), "--out")]
)
def test_options_of_the_kernel_here_that_do_not_go_together(call, options, word):
    status, _, err = call("explain", *PLACE, "edges", 0, 5, 5, *options)
    assert status == 2
    assert word in err
    assert "--kernel" in err


def test_a_page(call, tmp_path):
    target = tmp_path / "page.html"
    words = ("--title", "An edge", "--language", "zh_CN")
    status, out, _ = call("page", *PLACE, "edges", 0, 5, 5, "--out", target, *words)
    assert status == 0
    assert out.strip() == str(target)
    assert "<title>An edge</title>" in target.read_text(encoding="utf-8")
    status, _, err = call("page", *PLACE, "edges", 0, 5, 5, "--out", target)
    assert status == 2
    assert "exists" in err
    status, _, err = call("page", *PLACE, "edges", 0, 5, 5, "--out", tmp_path / "page.txt")
    assert status == 2
    assert ".html" in err
