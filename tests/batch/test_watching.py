"""Watching folders: what arrives is done once it is whole, under names of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest

import filterlab as fl
from filterlab.batch import Settings, watching
from filterlab.batch.watching import Watched
from tests.batch.outcomes import files


@pytest.fixture
def place(tmp_path, rng, monkeypatch):
    """A folder with a pipeline, a picture, and an empty folder; a moment is short."""
    monkeypatch.setattr(watching, "QUIET", 0.05)
    monkeypatch.setattr(watching, "_LOOK", 0.01)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    fl.Pipeline([("blur", fl.Filter2d(fl.kernels.box(3)))]).save("p.json")
    fl.write_image("a.png", rng.random((3, 6, 8)), range=(0, 1))
    return tmp_path


@pytest.fixture(params=["polled", "told"])
def plans(place, request, monkeypatch):
    """A function that starts watching: by looking, and by what the system tells."""
    if request.param == "polled":
        monkeypatch.setitem(sys.modules, "watchfiles", None)
    else:
        pytest.importorskip("watchfiles")
    opened = []

    def start(*inputs, name="", **choosing):
        settings = Settings(fl.Pipeline.load("p.json"), place / "out", name=name)
        opened.append(Watched(settings, inputs or ("in",), **choosing).plans())
        return opened[-1]

    yield start
    for generator in opened:
        generator.close()


def folders(plan):
    return [job.folder for job in plan.jobs]


def test_what_is_there_and_what_arrives_is_done_once(place, plans):
    shutil.copy("a.png", "in/first.png")
    found = plans()
    assert folders(next(found)) == ["first"]
    shutil.copy("a.png", "in/second.png")
    os.rename("a.png", "in/third.png")
    arrived = folders(next(found))
    while len(arrived) < 2:
        arrived += folders(next(found))
    assert sorted(arrived) == ["second", "third"]


def test_a_file_that_grows_is_waited_for(place, plans, monkeypatch):
    monkeypatch.setattr(watching, "QUIET", 0.3)
    content = (place / "a.png").read_bytes()
    watched = plans()
    sizes = []
    # By the clock of the machine, a moment in which it does something else would be a file that grows no more.
    monkeypatch.setattr(watching, "monotonic", lambda: 0.02 * len(sizes))

    def grow(*_):
        # Half of the file, then the rest, between two looks: the picture must come with all of it.
        target = place / "in" / "a.png"
        if not target.exists():
            target.write_bytes(content[: len(content) // 2])
        elif len(sizes) == 5:
            target.write_bytes(content)
        sizes.append(target.stat().st_size)
        return True

    monkeypatch.setattr(watching, "_asleep", grow)
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    (job,) = next(watched).jobs
    assert job.picture.read_bytes() == content
    assert sizes[0] < len(content)


def test_a_picture_that_changes_is_done_again_into_its_folder(place, plans):
    shutil.copy("a.png", "in/a.png")
    found = plans()
    assert folders(next(found)) == ["a"]
    fl.write_image("in/a.png", np.zeros((3, 9, 9)))
    assert folders(next(found)) == ["a"]


def test_pictures_of_one_stem_have_folders_of_their_own(place, plans):
    found = plans()
    seen = []
    for name in ("a.png", "a.jpg", "A.png", "a.jpg"):
        fl.write_image(f"in/{name}", np.full((3, 5, 5), len(seen) / 9), range=(0, 1))
        seen += folders(next(found))
    assert seen == ["a", "a.jpg", "A.png", "a.jpg"]


def test_a_template_that_gives_two_pictures_one_name_fails_the_second(place, plans):
    found = plans(name="{node}")
    shutil.copy("a.png", "in/a.png")
    assert [job.problem for job in next(found).jobs] == [""]
    shutil.copy("a.png", "in/b.png")
    assert [job.problem for job in next(found).jobs] == ["another picture has written blur"]


def test_folders_below_and_conditions_hold_for_what_arrives(place, plans):
    found = plans(recursive=True, where="name like 'b*'")
    (place / "in" / "deep" / "er").mkdir(parents=True)
    shutil.copy("a.png", "in/deep/er/a.png")
    assert next(found).not_chosen == ("in/deep/er/a.png",)
    shutil.copy("a.png", "in/deep/er/b.png")
    assert folders(next(found)) == ["deep/er/b"]


def test_other_words_are_done_once_at_the_beginning(place, plans):
    shutil.copy("a.png", "in/b.png")
    found = plans("a.png", "in")
    assert folders(next(found)) == ["a"]
    assert folders(next(found)) == ["b"]


def test_without_a_folder_there_is_nothing_to_watch(place):
    settings = Settings(fl.Pipeline.load("p.json"), place / "out")
    with pytest.raises(fl.FilterLabError, match="there is no folder to watch"):
        Watched(settings, ["a.png", "missing"])


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_the_command_does_what_arrives_until_it_is_interrupted(place):
    """A real process, a command after each picture, a file that says it is done, and Ctrl-C."""
    note = "import sys; open(sys.argv[1], 'a').write(' '.join(sys.argv[2:]) + '\\n')"
    command = [sys.executable, "-m", "filterlab", "run", "p.json", "in", "--out", "out", "--watch", "--json"]
    after = ["--done-file", "--after", f"'{sys.executable}' -c \"{note}\" 'my notes' {{picture}} {{outputs}}"]
    with subprocess.Popen(
        [*command, *after],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr.readline() == "filterlab: watching in (Ctrl-C ends it)\n"
        os.rename("a.png", "in/a b.png")
        output = os.path.join("out", "a b", "blur.png")
        assert json.loads(process.stdout.readline()) == {"picture": "in/a b.png", "outputs": [output]}
        (place / "in" / "c.png").write_bytes(b"no picture")
        assert json.loads(process.stdout.readline())["error"].startswith("it is not a picture")
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 130
        assert "stopped: 1 picture done" in process.stderr.read()
    assert (place / "my notes").read_text() == f"in/a b.png {output}\n"
    assert json.loads((place / "out" / "a b.done").read_text()) == {
        "picture": "in/a b.png",
        "outputs": ["a b/blur.png"],
    }
    assert [name for name in files(place / "out") if name.endswith((".done", ".png"))] == [
        "a b.done",
        "a b/blur.png",
    ]
