"""Names of outputs: templates, folders in folders, files that would meet, and too many of them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.batch import Settings, plan, run_jobs
from filterlab.batch.options.template import NameTemplate, Pictured
from tests.batch.outcomes import files

CAT = Pictured("pets/home", "cat", ".jpg", 2)


def filled(text, node="edges", channel=None, picture=CAT):
    return NameTemplate(text).fill(picture, node, channel)


@pytest.mark.parametrize(
    ("text", "whole", "channel"),
    [
        ("{parent}/{stem}/{node}-{channel}", "pets/home/cat/edges", "pets/home/cat/edges-3"),
        ("{stem}{suffix}/{node}", "cat.jpg/edges", "cat.jpg/edges"),
        ("{channel}/{node}", "edges", "3/edges"),
        ("maps/{channel} - {node}", "maps/edges", "maps/3 - edges"),
        ("{channel:03}_{node}", "edges", "003_edges"),
        ("{stem}-p{page}-{node}_ch{channel}", "cat-p0002-edges", "cat-p0002-edges_ch3"),
        ("{{{stem}}} {node} {page:1}", "{cat} edges 2", "{cat} edges 2"),
        ("maps/{node}-{stem}", "maps/edges-cat", "maps/edges-cat"),
        ("./{stem}/././{node}", "cat/edges", "cat/edges"),
        ("{stem}./.{node}", "cat./.edges", "cat./.edges"),
    ],
)
def test_a_template_says_where_a_file_lies(text, whole, channel):
    assert filled(text) == whole
    assert filled(text, channel=3) == channel


def test_a_dash_that_a_name_begins_with_stays():
    assert filled("{stem}_{node}-{channel}", picture=Pictured("", "-x", ".png")) == "-x_edges"


def test_a_folder_without_a_name_is_left_out():
    assert filled("{parent}/{stem}", picture=Pictured("", "a", ".png")) == "a"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{stem}/{nodes}", r"unknown field: '\{nodes\}' \(did you mean \{node\}\? allowed"),
        ("{0}", "unknown field"),
        ("{}", "unknown field"),
        ("{node.name}", "unknown field"),
        ("{stem", "brace without its pair"),
        ("{node!r}", "format that is not allowed"),
        ("{node:>20}", "format that is not allowed"),
        ("{page:x}", "format that is not allowed"),
        ("/tmp/{node}", "leads out of the output folder"),
        ("../{node}", "leads out of the output folder"),
        ("a/../{node}", "leads out of the output folder"),
        ("{stem}/", "ends in a folder"),
        (" ", "ends in a folder"),
        ("a\0", "character that no file name can have"),
    ],
)
def test_a_wrong_template_is_refused(text, message):
    with pytest.raises(fl.FilterLabError, match=message):
        NameTemplate(text)


@settings(max_examples=50)
@given(
    st.text(max_size=12),
    st.text(max_size=8),
    st.sampled_from(["{parent}/{stem}", "{stem}{suffix}", "x/{stem}/.."]),
)
def test_no_picture_leads_out_of_the_folder(stem, parent, text):
    picture = Pictured(parent, stem.replace("/", ""), ".png")
    if ".." in text.split("/"):
        return
    parts = (NameTemplate(text).fill(picture, "a", None) + ".png").split("/")
    assert ".." not in parts
    assert all(parts), "no part is empty: the path is not absolute"


@pytest.fixture
def tree(tmp_path, rng):
    """Pictures in folders of folders, with a circle of links, a hidden folder and one without pictures."""
    top = tmp_path / "photos"
    for name in ("a.png", "x/a.png", "x/y/b.png", "z w/ü.png", ".hidden/c.png"):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fl.write_image(path, rng.random((3, 4, 5)), range=(0, 1))
    (top / "empty").mkdir()
    (top / "x" / "notes.txt").touch()
    return top


def written(out):
    return [name for name in files(out) if not name.startswith(".")]


def go(settings, *inputs, **options):
    planned = plan(inputs, recursive=True, out=settings.out, **options)
    return planned, list(run_jobs(settings, planned.jobs))


def test_folders_are_kept_below_one_that_is_searched(pipeline, tree, tmp_path):
    _, found = go(Settings(pipeline, tmp_path / "out", maps=("blur",)), tree)
    assert not [o.error for o in found if o.error]
    assert written(tmp_path / "out") == ["a/blur.png", "x/a/blur.png", "x/y/b/blur.png", "z w/ü/blur.png"]


def test_a_template_keeps_them_too(pipeline, tree, tmp_path):
    settings = Settings(
        pipeline, tmp_path / "out", maps=("maps", "blur"), name="{node}-{channel}/{parent}/{stem}"
    )
    _, found = go(settings, tree)
    assert not [o.error for o in found if o.error]
    assert written(tmp_path / "out")[:4] == [
        "blur/a.png",
        "blur/x/a.png",
        "blur/x/y/b.png",
        "blur/z w/ü.png",
    ]
    assert "maps-1/x/y/b.png" in written(tmp_path / "out")


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_are_followed_once(pipeline, tree, tmp_path):
    (tree / "x" / "round").symlink_to(tree)
    (tree / "0-link").symlink_to(tree / "x" / "y")
    (tree / "other").symlink_to(tmp_path / "else")
    (tmp_path / "else").mkdir()
    fl.write_image(tmp_path / "else" / "d.png", np.zeros((2, 2)))
    planned = plan([tree], recursive=True)
    assert [job.folder for job in planned.jobs] == ["a", "x/a", "x/y/b", "z w/ü", "other/d"]
    assert sorted(planned.repeated) == [str(tree / "0-link"), str(tree / "x" / "round")]


def test_the_output_folder_is_no_input(pipeline, tree):
    settings = Settings(pipeline, tree / "out", maps=("blur",))
    assert len(go(settings, tree)[1]) == 4
    assert len(go(settings, tree)[1]) == 4


def test_a_folder_that_is_named_twice_is_repeated_picture_by_picture(tree):
    planned = plan([tree / "x", tree / "x"], recursive=True)
    assert [job.folder for job in planned.jobs] == ["a", "y/b"]
    assert planned.repeated == (str(tree / "x" / "a.png"), str(tree / "x" / "y" / "b.png"))


def test_a_tree_without_pictures_is_said(tree):
    (job,) = plan([tree / "empty"], recursive=True).jobs
    assert job.problem == "there are no pictures in this folder or in those below it"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("{stem}/{node}-{channel}", r"x/a\.png would both write a/blur\.png \(tell them apart in --name"),
        ("{parent}/{stem}", "'blur' and 'maps' would both write"),
        (
            "{parent}/{stem}/{node}{node}",
            "channels of the node 'maps' would all be written into mapsmaps.png",
        ),
    ],
)
def test_files_that_would_meet_are_refused_before_any_work(pipeline, tree, tmp_path, name, message):
    settings = Settings(pipeline, tmp_path / "out", maps=("blur", "maps"), name=name)
    with pytest.raises(fl.FilterLabError, match=message):
        go(settings, tree)
    assert not (tmp_path / "out").exists()


def test_a_file_in_place_of_a_folder_is_found(tmp_path):
    # q/a.png and q/a.gif differ by their suffix alone, so that their folders have it; q.png has a map a.png in q.
    for name in ("in/q.png", "in/q/a.png", "in/q/a.gif"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    pipe = fl.Pipeline([("a", fl.ReLU()), ("b", fl.ReLU())])
    with pytest.raises(fl.FilterLabError, match=r"would both write q/a\.png"):
        run_jobs(Settings(pipe, tmp_path / "out"), plan([tmp_path / "in"], recursive=True).jobs)


def test_pages_that_would_meet_are_refused(pipeline, tmp_path):
    import tifffile

    tifffile.imwrite(tmp_path / "s.tif", np.zeros((2, 4, 5, 3), np.uint8), photometric="rgb")
    jobs = plan([tmp_path / "s.tif"], "all").jobs
    with pytest.raises(fl.FilterLabError, match="would both write s-blur.png"):
        run_jobs(Settings(pipeline, tmp_path / "out", maps=("blur",), name="{stem}-{node}"), jobs)
    settings = Settings(pipeline, tmp_path / "out", maps=("blur",), name="{stem}-{page}-{node}")
    assert [Path(*o.outputs).name for o in run_jobs(settings, jobs)] == ["s-0001-blur.png", "s-0002-blur.png"]


def test_thousands_of_files_a_picture_are_made_only_when_asked_for(tmp_path, pictures):
    pipe = fl.Pipeline([("wide", fl.Conv2d(np.ones((2001, 3, 1, 1), np.float32)))])
    jobs = plan([pictures]).jobs
    with pytest.raises(
        fl.FilterLabError, match=r"2,001 files a picture, more than 2,000 \(name nodes with --maps"
    ):
        run_jobs(Settings(pipe, tmp_path / "out"), jobs)
    assert not (tmp_path / "out").exists()
    for options in ({"maps": ("all",)}, {"maps": ("wide",)}, {"format": "npy"}):
        run_jobs(Settings(pipe, tmp_path / "out", **options), jobs).close()


def test_all_is_a_name_where_a_node_has_it():
    pipe = fl.Pipeline([("all", fl.ReLU()), ("b", fl.ReLU())])
    assert Settings(pipe, Path(), maps=("all",)).names == ("all",)
    assert Settings(fl.Pipeline([("a", fl.ReLU())]), Path(), maps=("all",)).names == ("a",)


def test_the_check_of_many_pictures_takes_little_time(pipeline, tmp_path):
    from filterlab.batch.planning import Job

    jobs = [Job(tmp_path / f"{i}.png", f"{i}", parent="p") for i in range(3000)]
    settings = Settings(pipeline, tmp_path / "out", maps=("blur",), name="{parent}/{stem}-{node}")
    run_jobs(settings, jobs).close()
    settings = Settings(pipeline, tmp_path / "out", maps=("blur",), name="{parent}/{node}")
    with pytest.raises(fl.FilterLabError, match=r"0\.png and .*1\.png would both write p/blur\.png"):
        run_jobs(settings, jobs)
