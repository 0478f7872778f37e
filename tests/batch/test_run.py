"""Batches: what is written equals what `Pipeline.run` gives, and nothing is lost on the way."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
import tifffile
from PIL import Image

import filterlab as fl
from filterlab.batch import Settings, plan, run_jobs, worker
from filterlab.batch.journal import NAME, Journal
from filterlab.batch.local import processes
from filterlab.errors import UNEXPECTED, FileError
from tests.batch.outcomes import entries, files, outcomes


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


def test_there_are_no_more_processes_than_pictures(pipeline, pictures, tmp_path, monkeypatch):
    sizes = []
    real = processes.Crew
    monkeypatch.setattr(
        processes, "Crew", lambda settings, size, **more: sizes.append(size) or real(settings, size, **more)
    )
    assert len(outcomes(pipeline, tmp_path / "out", [pictures], 1000)) == 3
    assert sizes == [3]


def test_maps_beyond_the_memory_of_the_machine_are_not_begun(pipeline, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "machine_memory", lambda: 4.0 * 3 * 6 * 8)  # of "blur" alone
    found = outcomes(pipeline, tmp_path / "out", [pictures / "a.png"])
    assert "this machine has" in found[0].error
    assert files(tmp_path / "out") == [NAME]
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


def test_no_page_is_left_out_without_a_word(pipeline, tmp_path):
    frames = [Image.new("RGB", (8, 6), (40 * v, 20, 200)) for v in range(4)]
    for name in ("a.tif", "a.gif", "a.webp", "a.png"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        (found,) = outcomes(pipeline, tmp_path / name.replace(".", "-"), [tmp_path / name], maps=("blur",))
        assert (found.error, found.left_out) == ("", (2, 3, 4)), name
        jobs = plan([tmp_path / name], "all").jobs
        settings = Settings(pipeline, tmp_path / f"all-{name}", maps=("blur",), format="npy")
        pages = list(run_jobs(settings, jobs))
        assert [(o.page, o.left_out, o.error) for o in pages] == [(n, (), "") for n in (1, 2, 3, 4)]
        for found in pages:
            expected = pipeline.run(fl.read_image(tmp_path / name, page=found.page))["blur"]
            np.testing.assert_array_equal(np.load(found.outputs[0]), expected)
        reds = [np.load(found.outputs[0])[0, 3, 4] for found in pages]
        np.testing.assert_allclose(reds, [v * 40 / 255 for v in range(4)], atol=0.05)


def test_a_page_that_there_is_not_fails(pipeline, pictures, tmp_path):
    settings = Settings(pipeline, tmp_path / "out")
    (found,) = run_jobs(settings, plan([pictures / "a.png"], 2).jobs)
    assert "it has 1 page, not a page 2" in found.error


def test_nothing_is_overwritten_that_appears_while_a_picture_is_computed(
    pipeline, pictures, tmp_path, monkeypatch
):
    out = tmp_path / "out"
    real = fl.Pipeline.run

    def run_and_interfere(self, *args, **kwargs):
        (out / "a").mkdir(parents=True)
        (out / "a" / "blur.png").write_text("another program's")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(fl.Pipeline, "run", run_and_interfere)
    (found,) = outcomes(pipeline, out, [pictures / "a.png"], maps=("blur",))
    assert "exists" in found.error
    assert (out / "a" / "blur.png").read_text() == "another program's"


class TestTwoAtOnce:
    def test_a_second_run_into_a_folder_is_told_who_is_there(self, pipeline, pictures, tmp_path):
        first = run_jobs(Settings(pipeline, tmp_path / "out"), plan([pictures]).jobs)
        next(first)
        with pytest.raises(
            FileError, match=rf"another run is at work in this folder: process {os.getpid()} on"
        ):
            outcomes(pipeline, tmp_path / "out", [pictures], existing="overwrite")
        assert len(list(first)) == 2
        assert not any(o.error for o in outcomes(pipeline, tmp_path / "out", [pictures], existing="resume"))

    def test_the_lock_goes_with_a_holder_that_is_killed(self, pipeline, pictures, tmp_path):
        out = tmp_path / "out"
        out.mkdir()
        program = (
            "import sys; from pathlib import Path; from filterlab.batch.journal import Journal; "
            "Journal(Path(sys.argv[1]), 'x'); print('locked', flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdout.readline() == b"locked\n"
            with pytest.raises(FileError, match=f"process {holder.pid}"):
                outcomes(pipeline, out, [pictures])
            holder.kill()
            holder.wait()
        assert not any(o.error for o in outcomes(pipeline, out, [pictures]))


class TestResume:
    @pytest.mark.parametrize("end", ["killed", "failed"])
    def test_maps_of_another_pipeline_do_not_pass_for_ours(
        self, pipeline, pictures, tmp_path, end, monkeypatch
    ):
        out = tmp_path / "out"
        outcomes(pipeline, out, [pictures], maps=("blur",), format="npy")
        other = pipeline.with_layers({"blur": fl.Filter2d(np.zeros((3, 3)))})
        if end == "killed":
            begun = run_jobs(
                Settings(other, out, maps=("blur",), format="npy", existing="overwrite"),
                plan([pictures]).jobs,
            )
            next(begun)
            monkeypatch.setattr(Journal, "_append", lambda *args, **kwargs: None)  # its process is gone
            begun.close()
            monkeypatch.undo()
        else:
            real = worker.Output.of
            monkeypatch.setattr(worker.Output, "of", lambda path: real(tmp_path / "missing"))
            outcomes(other, out, [pictures], maps=("blur",), format="npy", existing="overwrite")
            monkeypatch.undo()
        assert not np.load(out / "a" / "blur.npy").any()
        outcomes(pipeline, out, [pictures], maps=("blur",), format="npy", existing="resume")
        for name in "abc":
            expected = pipeline.run(fl.read_image(pictures / f"{name}.png"))["blur"]
            np.testing.assert_array_equal(np.load(out / name / "blur.npy"), expected)

    @pytest.mark.parametrize("harm", ["emptied", "cut", "replaced", "a folder", "a link"])
    def test_an_output_that_was_changed_is_done_anew(self, pipeline, pictures, tmp_path, harm):
        out = tmp_path / "out"
        outcomes(pipeline, out, [pictures], maps=("blur",), format="npy")
        output = out / "b" / "blur.npy"
        whole = output.read_bytes()
        output.unlink()
        if harm == "a folder":
            output.mkdir()
        elif harm == "a link":
            (tmp_path / "elsewhere.npy").write_bytes(whole)
            output.symlink_to(tmp_path / "elsewhere.npy")
        else:
            content = {"emptied": b"", "cut": whole[:-7], "replaced": whole[:-1] + bytes([whole[-1] ^ 1])}[
                harm
            ]
            output.write_bytes(content)
        found = outcomes(pipeline, out, [pictures], maps=("blur",), format="npy", existing="resume")
        if harm == "a folder":
            assert [o.error for o in found if o.error] == [f"{output}: it is a folder (name a file)"]
            return
        assert not any(o.error for o in found)
        assert output.read_bytes() == whole
        assert output.is_file()
        assert not output.is_symlink()

    def test_a_copied_folder_is_done_still(self, pipeline, pictures, tmp_path):
        out, copy = tmp_path / "out", tmp_path / "copy"
        outcomes(pipeline, out, [pictures], maps=("blur",))
        shutil.copytree(out, copy, copy_function=shutil.copy)  # with times of its own
        before = {name: (copy / name).stat().st_mtime_ns for name in files(copy) if name != NAME}
        assert not any(
            o.error for o in outcomes(pipeline, copy, [pictures], maps=("blur",), existing="resume")
        )
        assert before == {name: (copy / name).stat().st_mtime_ns for name in files(copy) if name != NAME}

    def test_content_that_kept_its_size_and_time_is_found_by_verifying(self, pipeline, pictures, tmp_path):
        out = tmp_path / "out"
        outcomes(pipeline, out, [pictures], maps=("blur",), format="npy")
        output = out / "b" / "blur.npy"
        whole, state = output.read_bytes(), output.stat()
        output.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        os.utime(output, ns=(state.st_atime_ns, state.st_mtime_ns))
        settings = Settings(pipeline, out, maps=("blur",), format="npy", existing="resume")
        assert len(list(run_jobs(settings, plan([pictures]).jobs))) == 3
        assert output.read_bytes() != whole
        assert len(list(run_jobs(settings, plan([pictures]).jobs, verify=True))) == 3
        assert output.read_bytes() == whole

    def test_another_page_is_another_picture(self, pipeline, tmp_path):
        frames = [Image.fromarray(np.full((6, 8, 3), v, np.uint8)) for v in (0, 200)]
        frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
        settings = Settings(pipeline, tmp_path / "out", maps=("blur",), format="npy", existing="resume")
        list(run_jobs(settings, plan([tmp_path / "a.tif"], 1).jobs))
        (second,) = run_jobs(settings, plan([tmp_path / "a.tif"], 2).jobs)
        assert np.load(second.outputs[0]).any()

    def test_leftovers_of_a_finished_picture_are_removed_and_users_files_kept(
        self, pipeline, pictures, tmp_path
    ):
        out = tmp_path / "out"
        outcomes(pipeline, out, [pictures], maps=("blur",))
        for name in (".blur-0123456789ab.png", ".blur-fedcba987654.png", ".notes-0123456789ab.txt"):
            (out / "a" / name).write_bytes(b"x")
        (out / ".blur-0123456789ab.png").write_bytes(b"x")  # no output stands here
        outcomes(pipeline, out, [pictures], maps=("blur",), existing="resume")
        kept = [name for name in files(out) if "0123456789ab" in name]
        assert kept == [".blur-0123456789ab.png", "a/.notes-0123456789ab.txt"]

    def test_a_pipe_in_place_of_the_journal_is_refused_at_once(self, pipeline, pictures, tmp_path):
        (tmp_path / "out").mkdir()
        os.mkfifo(tmp_path / "out" / NAME)
        with pytest.raises(FileError, match=f"{NAME}: it is not a regular file"):
            outcomes(pipeline, tmp_path / "out", [pictures])

    def test_a_link_in_place_of_the_journal_is_not_followed(self, pipeline, pictures, tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "notes.txt").write_text("mine")
        (tmp_path / "out" / NAME).symlink_to(tmp_path / "notes.txt")
        with pytest.raises(FileError, match=f"{NAME}: it cannot be written: .*remove it"):
            outcomes(pipeline, tmp_path / "out", [pictures])
        assert (tmp_path / "notes.txt").read_text() == "mine"

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
        journal.write_text(journal.read_text()[:-20])  # of "c"
        before = (out / "a" / "blur.png").stat().st_mtime_ns
        again = outcomes(pipeline, out, [pictures], maps=("blur",), existing="resume")
        assert not any(o.error for o in again)
        assert (out / "a" / "blur.png").stat().st_mtime_ns == before

    @pytest.mark.parametrize("name", ["../in/a.png", "/etc/hostname"])
    def test_a_journal_cannot_name_files_outside(self, pipeline, pictures, tmp_path, name):
        out = tmp_path / "out"
        outcomes(pipeline, out, [pictures / "a.png"], maps=("blur",))
        entry = entries(out)["a"]
        (out / NAME).write_text(json.dumps({**entry, "outputs": [[name, *entry["outputs"][0][1:]]]}) + "\n")
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
    real = worker.read_picture

    def read(path, **options):
        if path.name == "b.png":
            raise ZeroDivisionError("a fault")
        return real(path, **options)

    monkeypatch.setattr(worker, "read_picture", read)
    found = outcomes(pipeline, tmp_path / "out", [pictures])
    assert [o.error for o in found] == ["", UNEXPECTED, ""]


def test_a_fault_of_ours_shows_where_it_is_when_asked(pipeline, pictures, tmp_path, monkeypatch, capsys):
    def read(path, **options):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(worker, "read_picture", read)
    monkeypatch.setenv("FILTERLAB_DEBUG", "1")
    assert outcomes(pipeline, tmp_path / "out", [pictures / "a.png"])[0].error == UNEXPECTED
    assert "ZeroDivisionError: a fault" in capsys.readouterr().err
