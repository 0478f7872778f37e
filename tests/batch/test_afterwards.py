"""What follows a picture that is done."""

from __future__ import annotations

import json
import sys

import pytest

import filterlab as fl
from filterlab.batch import Settings, plan, run_jobs
from filterlab.batch.afterwards import Afterwards
from tests.batch.outcomes import files


def go(pipeline, out, inputs, command=(), done_file=False, **options):
    afterwards = Afterwards(out, command, done_file, options.get("existing", "keep"))
    jobs = afterwards.refused(plan(inputs).jobs)
    outcomes = run_jobs(Settings(pipeline, out, maps=("blur",), **options), jobs)
    afterwards.begin(jobs)
    return list(afterwards.each(outcomes))


def test_a_file_says_that_a_picture_is_done(pipeline, pictures, tmp_path):
    out = tmp_path / "out"
    (pictures / "b.png").write_bytes(b"broken")
    go(pipeline, out, [pictures], done_file=True)
    assert [name for name in files(out) if name.endswith(".done")] == ["a.done", "c.done"]
    assert json.loads((out / "a.done").read_text())["outputs"] == ["a/blur.png"]
    # Of a picture that fails when it is done anew, nothing says that it is done.
    (pictures / "a.png").write_bytes(b"broken")
    go(pipeline, out, [pictures], done_file=True, existing="resume")
    assert [name for name in files(out) if name.endswith(".done")] == ["c.done"]


def test_a_run_that_keeps_files_leaves_what_is_said_of_them(pipeline, pictures, tmp_path):
    out = tmp_path / "out"
    go(pipeline, out, [pictures / "a.png", pictures / "b.png"], done_file=True)
    said = (out / "a.done").read_bytes()
    (out / "b" / "blur.png").unlink()
    (pictures / "b.png").write_bytes(b"broken")
    outcomes = go(pipeline, out, [pictures / "a.png", pictures / "b.png"], done_file=True)
    assert all(outcome.error for outcome in outcomes)
    assert (out / "a.done").read_bytes() == said, "its files are there"
    assert not (out / "b.done").exists(), "its file is gone"


@pytest.mark.parametrize("content", ["notes of mine", '{"outputs": 3}', "[]"])
@pytest.mark.parametrize("existing", ["keep", "resume"])
def test_a_file_of_that_name_that_is_not_of_a_run_is_kept(pipeline, pictures, tmp_path, existing, content):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.done").write_text(content)
    found = go(pipeline, out, [pictures], done_file=True, existing=existing)
    assert [outcome.error for outcome in found] == [
        f"{out / 'a.done'} exists, and is not of a run like this",
        "",
        "",
    ]
    assert (out / "a.done").read_text() == content
    assert not (out / "a").exists(), "nothing is written for a picture that would count as failed"
    found = go(pipeline, out, [pictures / "a.png"], done_file=True, existing="overwrite")
    assert not found[0].error
    assert json.loads((out / "a.done").read_text())["outputs"] == ["a/blur.png"]


def test_a_file_that_appears_meanwhile_is_kept(pipeline, pictures, tmp_path):
    out = tmp_path / "out"
    writes = f"open({str(out / 'b.done')!r}, 'w').write('mine')"
    found = go(pipeline, out, [pictures / "a.png", pictures / "b.png"], (sys.executable, "-c", writes), True)
    assert [bool(outcome.error) for outcome in found] == [False, True]
    assert (out / "b.done").read_text() == "mine"


def test_a_command_gets_its_words_as_they_are(pipeline, pictures, tmp_path):
    place = pictures / "a $(touch x); 'b'.png"
    (pictures / "a.png").rename(place)
    note = f"import sys, json; open({str(tmp_path / 'note')!r}, 'w').write(json.dumps(sys.argv[1:]))"
    command = (sys.executable, "-c", note, "for {picture}", "{outputs}", "{else}")
    (found,) = go(pipeline, tmp_path / "out", [place], command)
    assert json.loads((tmp_path / "note").read_text()) == [f"for {place}", *found.outputs, "{else}"]
    (tmp_path / "note").unlink()
    go(pipeline, tmp_path / "out", [place], command, existing="resume")
    assert not (tmp_path / "note").exists(), "it was done before"


def test_a_command_that_fails_makes_the_picture_fail_but_not_its_files(pipeline, pictures, tmp_path):
    command = (sys.executable, "-c", "raise SystemExit(3)")
    (found,) = go(pipeline, tmp_path / "out", [pictures / "a.png"], command)
    assert found.error == "its files are written, but the command ended with status 3"
    assert (tmp_path / "out" / "a" / "blur.png").exists()


def test_a_program_that_is_not_there_is_said_at_once(tmp_path):
    with pytest.raises(fl.FilterLabError, match="there is no program 'no-such-program'"):
        Afterwards(tmp_path, ("no-such-program", "a"))
