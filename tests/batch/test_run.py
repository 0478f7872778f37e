"""Batches: what is written equals what `Pipeline.run` gives, and nothing is lost on the way."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import tifffile
from PIL import Image

import filterlab as fl
from filterlab.batch import Settings, plan, run, runner, worker
from filterlab.batch.journal import NAME
from filterlab.errors import FileError


def outcomes(pipeline, out, inputs, processes=1, **options):
    return list(run(Settings(pipeline, out, **options), plan(inputs), processes))


def files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_numbers_in_files_are_those_of_the_pipeline(pipeline, pictures, tmp_path):
    out = tmp_path / "out"
    done = outcomes(pipeline, out, [pictures / "a.png"], format="npy")
    outcomes(pipeline, out, [pictures / "a.png"], format="tiff")
    maps = pipeline.run(fl.read_image(pictures / "a.png"))
    assert [os.path.basename(p) for p in done[0].outputs] == [f"{name}.npy" for name in maps]
    for name, values in maps.items():
        np.testing.assert_array_equal(np.load(out / "a" / f"{name}.npy"), values)
    for name in ("blur", "maps"):
        np.testing.assert_array_equal(tifffile.imread(out / "a" / f"{name}.tiff"), maps[name])


def test_png_files_state_the_range_they_show(pipeline, pictures, tmp_path):
    outcomes(pipeline, tmp_path / "out", [pictures / "a.png"], maps=("blur", "maps"))
    maps = pipeline.run(fl.read_image(pictures / "a.png"))
    with Image.open(tmp_path / "out" / "a" / "blur.png") as blur:
        assert (blur.mode, blur.text["range"]) == ("RGB", "0.0,1.0")
    # Both channels of a map share its range, symmetric where there are negative values.
    top = np.abs(maps["maps"]).max()
    for channel in (0, 1):
        with Image.open(tmp_path / "out" / "a" / f"maps-{channel}.png") as shown:
            low, high = map(float, shown.text["range"].split(","))
            assert (low, high) == (-top, top)
            expected = (maps["maps"][channel] - low) / (high - low) * 255
            assert np.abs(np.asarray(shown, float) - expected).max() <= 0.5 + 1e-3


def test_vectors_become_tables(pipeline, pictures, tmp_path):
    outcomes(pipeline, tmp_path / "out", [pictures / "a.png"], maps=("scores",))
    values = pipeline.run(fl.read_image(pictures / "a.png"))["scores"]
    with open(tmp_path / "out" / "a" / "scores.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["label"] for row in rows] == ["cat", "dog"]
    np.testing.assert_array_equal([np.float32(row["value"]) for row in rows], values)


def test_the_contact_sheet_shows_picture_and_maps(pipeline, pictures, tmp_path):
    outcomes(pipeline, tmp_path / "out", [pictures / "a.png"], montage=True, format="npy")
    with Image.open(tmp_path / "out" / "a" / "montage.png") as sheet:
        pixels = np.asarray(sheet.convert("L"))
    assert pixels.std() > 5


def test_a_picture_that_fails_does_not_stop_the_others(pipeline, pictures, tmp_path, rng):
    (pictures / "b.png").write_bytes(b"not a picture")
    fl.write_image(pictures / "grey.png", rng.random((1, 6, 8)))
    found = outcomes(pipeline, tmp_path / "out", [pictures, tmp_path / "missing.png"])
    errors = {os.path.basename(o.picture): o.error for o in found if o.error}
    assert set(errors) == {"b.png", "grey.png", "missing.png"}
    assert "node 'maps'" in errors["grey.png"]
    assert "no such file" in errors["missing.png"]
    assert {os.path.basename(o.picture) for o in found if not o.error} == {"a.png", "c.png"}
    assert not (tmp_path / "out" / "b").exists()


def test_existing_files_are_kept(pipeline, pictures, tmp_path):
    out = tmp_path / "out"
    (out / "a").mkdir(parents=True)
    (out / "a" / "maps-1.png").write_text("mine")
    found = outcomes(pipeline, out, [pictures])
    assert [o.error != "" for o in found] == [True, False, False]
    assert "exists" in found[0].error
    assert files(out / "a") == ["maps-1.png"]
    assert (out / "a" / "maps-1.png").read_text() == "mine"


def test_overwriting_replaces_them_when_asked(pipeline, pictures, tmp_path):
    out = tmp_path / "out"
    outcomes(pipeline, out, [pictures / "a.png"], maps=("blur",))
    (out / "a" / "blur.png").write_text("mine")
    found = outcomes(pipeline, out, [pictures / "a.png"], maps=("blur",), existing="overwrite")
    assert not found[0].error
    assert fl.read_image(out / "a" / "blur.png").shape == (3, 6, 8)


def test_nothing_but_the_named_files_is_left(pipeline, pictures, tmp_path):
    found = outcomes(pipeline, tmp_path / "out", [pictures], montage=True)
    written = {path for o in found for path in o.outputs}
    assert {str(tmp_path / "out" / name) for name in files(tmp_path / "out")} == {
        *written,
        str(tmp_path / "out" / NAME),
    }


def test_two_processes_write_the_same_files(pipeline, pictures, tmp_path):
    alone = outcomes(pipeline, tmp_path / "one", [pictures], format="npy")
    (pictures / "d.png").write_bytes(b"broken")
    side_by_side = outcomes(pipeline, tmp_path / "two", [pictures], processes=2, format="npy")
    assert [o.picture for o in side_by_side if o.error] == [str(pictures / "d.png")]
    assert len(side_by_side) == len(alone) + 1
    names = [n for n in files(tmp_path / "one") if n != NAME]
    assert [n for n in files(tmp_path / "two") if n != NAME] == names
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_there_are_no_more_processes_than_pictures(pipeline, pictures, tmp_path):
    found = run(Settings(pipeline, tmp_path / "out"), plan([pictures]), 1000)
    next(found)
    assert len(multiprocessing.active_children()) <= 3
    assert len(list(found)) == 2


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals of another kind")
def test_processes_are_started_deaf_to_the_interrupt():
    ask = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    with runner._signals_held_back():
        answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert answer.stdout == "True\n"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_an_interrupt_waits_until_the_processes_are_started():
    reached = []

    def start():
        with runner._signals_held_back():
            signal.raise_signal(signal.SIGINT)
            reached.append(True)

    with pytest.raises(KeyboardInterrupt):
        start()
    assert reached
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_maps_beyond_the_memory_of_the_machine_are_not_begun(pipeline, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "machine_memory", lambda: 4.0 * 3 * 6 * 8)  # of "blur" alone
    found = outcomes(pipeline, tmp_path / "out", [pictures / "a.png"])
    assert "this machine has" in found[0].error
    assert files(tmp_path / "out") == []
    found = outcomes(pipeline, tmp_path / "out", [pictures / "a.png"], maps=("blur",))
    assert not found[0].error


def test_an_output_folder_that_cannot_be_made(pipeline, pictures, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(FileError, match="out: the folder cannot be made"):
        outcomes(pipeline, tmp_path / "out", [pictures])


def test_a_pipeline_that_fits_no_picture_stops_before_the_first(pictures, tmp_path):
    pipe = fl.Pipeline([("a", fl.Conv2d(np.ones((2, 3, 1, 1)))), ("b", fl.Conv2d(np.ones((1, 5, 1, 1))))])
    with pytest.raises(fl.FilterLabError, match="node 'b'"):
        outcomes(pipe, tmp_path / "out", [pictures])
    assert not (tmp_path / "out").exists()


class TestResume:
    def test_only_what_is_missing_is_done(self, pipeline, pictures, tmp_path):
        out = tmp_path / "out"
        first = outcomes(pipeline, out, [pictures / "a.png", pictures / "b.png"], maps=("blur",))
        times = {name: (out / name).stat().st_mtime_ns for name in files(out) if name != NAME}
        (out / "b" / "blur.png").unlink()
        again = outcomes(pipeline, out, [pictures], maps=("blur",), existing="resume")
        assert not any(o.error for o in again)
        assert {o.outputs for o in first} < {o.outputs for o in again}
        assert (out / "a" / "blur.png").stat().st_mtime_ns == times["a/blur.png"]
        assert files(out) == [NAME, "a/blur.png", "b/blur.png", "c/blur.png"]

    def test_what_a_killed_run_left_half_written_is_removed(self, pipeline, pictures, tmp_path):
        out = tmp_path / "out"
        (out / "a").mkdir(parents=True)
        (out / "a" / ".blur-0123456789ab.png").write_bytes(b"half")
        outcomes(pipeline, out, [pictures / "a.png"], maps=("blur",), existing="resume")
        assert files(out) == [NAME, "a/blur.png"]

    def test_a_changed_picture_or_pipeline_is_done_anew(self, pipeline, pictures, tmp_path, rng):
        out = tmp_path / "out"
        outcomes(pipeline, out, [pictures], maps=("blur",), format="npy")
        fl.write_image(pictures / "a.png", np.zeros((3, 6, 8), np.float32), range=(0, 1))
        outcomes(pipeline, out, [pictures], maps=("blur",), format="npy", existing="resume")
        assert not np.load(out / "a" / "blur.npy").any()
        other = pipeline.with_layers({"blur": fl.Filter2d(np.zeros((3, 3)))})
        outcomes(other, out, [pictures], maps=("blur",), format="npy", existing="resume")
        assert not np.load(out / "b" / "blur.npy").any()

    def test_a_journal_cut_short_costs_only_its_last_line(self, pipeline, pictures, tmp_path):
        out = tmp_path / "out"
        outcomes(pipeline, out, [pictures], maps=("blur",))
        journal = out / NAME
        journal.write_text(journal.read_text()[:-20])
        before = (out / "a" / "blur.png").stat().st_mtime_ns
        again = outcomes(pipeline, out, [pictures], maps=("blur",), existing="resume")
        assert not any(o.error for o in again)
        assert (out / "a" / "blur.png").stat().st_mtime_ns == before

    @pytest.mark.parametrize("name", ["../in/a.png", "/etc/hostname"])
    def test_a_journal_cannot_name_files_outside(self, pipeline, pictures, tmp_path, name):
        out = tmp_path / "out"
        outcomes(pipeline, out, [pictures / "a.png"], maps=("blur",))
        entry = json.loads((out / NAME).read_text())
        (out / NAME).write_text(json.dumps({**entry, "outputs": [name]}) + "\n")
        again = outcomes(pipeline, out, [pictures / "a.png"], maps=("blur",), existing="resume")
        assert again[0].outputs == (str(out / "a" / "blur.png"),)

    @pytest.mark.parametrize("text", ["null\n", "[]\n", '{"folder": 1}\n', "\x00\n", '{"outputs": 3}\n'])
    def test_a_journal_of_nonsense_is_no_journal(self, pipeline, pictures, tmp_path, text):
        out = tmp_path / "out"
        out.mkdir()
        (out / NAME).write_text(text)
        again = outcomes(pipeline, out, [pictures / "a.png"], maps=("blur",), existing="resume")
        assert not again[0].error


def test_a_fault_of_ours_costs_one_picture(pipeline, pictures, tmp_path, monkeypatch):
    real = worker.read_image

    def read(path):
        if path.name == "b.png":
            raise ZeroDivisionError("a fault")
        return real(path)

    monkeypatch.setattr(worker, "read_image", read)
    found = outcomes(pipeline, tmp_path / "out", [pictures])
    assert [o.error for o in found] == ["", "unexpected ZeroDivisionError: a fault", ""]
