"""Pictures of a batch that are done in tiles: the same numbers, in files that are whole, within the memory given."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest
import tifffile
from PIL import Image

import filterlab as fl
from filterlab.batch import Settings, plan, run_jobs, tiled
from filterlab.batch.local import crew, processes
from filterlab.batch.local.attempts import Attempts, Ended, Suspect
from filterlab.batch.options.declared import RunOptions
from filterlab.batch.running import begin
from filterlab.batch.worker import attempt
from filterlab.cli import main
from filterlab.images.formats.tiff.pixels import Decoder
from filterlab.run.tiling import fitting
from tests.batch.outcomes import files, outcomes

RNG = np.random.default_rng(2)


@pytest.fixture
def large(tmp_path):
    """A compressed TIFF in strips."""
    path = tmp_path / "large.tif"
    tifffile.imwrite(path, RNG.integers(0, 256, (300, 280), np.uint8), compression="zlib", rowsperstrip=32)
    return path


@pytest.fixture
def layers():
    return fl.Pipeline(
        [
            (
                "blur",
                fl.Filter2d(kernel={"preset": "gaussian", "size": 5, "sigma": 1.0}, padding_mode="reflect"),
            ),
            ("maps", fl.Conv2d(RNG.uniform(-1, 1, (2, 1, 3, 3)), padding=1)),
            ("small", fl.MaxPool2d(2)),
            ("mean", fl.GlobalAvgPool2d()),
            ("scores", fl.Flatten()),
        ]
    )


@pytest.mark.parametrize("format", ["tiff", "npy"])
def test_numbers_of_tiles_are_those_of_the_whole(format, layers, large, tmp_path):
    done = outcomes(layers, tmp_path / "out", [large], format=format, tile=64)
    assert not done[0].error
    maps = layers.run(fl.read_image(large))
    for name, values in maps.items():
        path = tmp_path / "out" / "large" / f"{name}.{format}"
        found = np.load(path) if format == "npy" else tifffile.imread(path)
        np.testing.assert_array_equal(found.reshape(values.shape), values)


def test_tall_strips_of_planes_are_decoded_once_for_each_row_of_tiles(layers, tmp_path, monkeypatch):
    path = tmp_path / "planes.tif"
    planes = {"photometric": "rgb", "planarconfig": "separate", "compression": "zlib", "rowsperstrip": 150}
    tifffile.imwrite(path, RNG.integers(0, 256, (3, 300, 280), np.uint8), **planes)
    decoded = []
    real = Decoder._decoded
    monkeypatch.setattr(
        Decoder, "_decoded", lambda self, index, seen: decoded.append(index) or real(self, index, seen)
    )
    blur = fl.Pipeline([next(iter(layers))])
    (done,) = outcomes(blur, tmp_path / "out", [path], format="npy", tile=100)
    assert not done.error
    # Three rows of tiles, of which the middle one lies in both strips of each plane.
    assert len(decoded) <= 3 * (1 + 2 + 1)


@pytest.mark.parametrize("tile", [None, 64])
def test_a_level_of_a_pyramid_is_a_picture_of_its_own(tile, layers, large, tmp_path):
    blur = fl.Pipeline([next(iter(layers))])
    outcomes(blur, tmp_path / "first", [large], format="tiff", tile=128, pyramid=True)
    pyramid = tmp_path / "first" / "large" / "blur.tiff"
    whole, half = (fl.read_image(pyramid, level=level) for level in (0, 1))
    means = whole.reshape(1, 150, 2, 140, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(half, means, atol=1e-6)
    done = outcomes(blur, tmp_path / "second", [pyramid], format="npy", tile=tile, level=1)
    assert not done[0].error
    np.testing.assert_array_equal(np.load(tmp_path / "second" / "blur" / "blur.npy"), blur.run(half)["blur"])
    missing = outcomes(blur, tmp_path / "third", [pyramid], tile=tile, format="npy", level=7)
    assert "not a level 7" in missing[0].error


def test_pixels_of_tiles_are_those_of_the_whole(layers, large, tmp_path):
    outcomes(layers, tmp_path / "whole", [large])
    outcomes(layers, tmp_path / "tiles", [large], tile=64)
    names = sorted(os.listdir(tmp_path / "whole" / "large"))
    assert sorted(os.listdir(tmp_path / "tiles" / "large")) == names
    for name in [name for name in names if name.endswith("png")]:
        with (
            Image.open(tmp_path / "whole" / "large" / name) as a,
            Image.open(tmp_path / "tiles" / "large" / name) as b,
        ):
            assert (a.mode, a.text) == (b.mode, b.text)
            np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def test_a_failure_leaves_no_file_and_no_temporary_one(layers, large, tmp_path, monkeypatch):
    def fails(run, source, sinks, cancel=None, known=None):
        sinks["blur"].write((0, 5), (0, 5), np.zeros((1, 5, 5), np.float32))
        raise fl.FilterLabError("it broke")
        yield

    monkeypatch.setattr(tiled, "execute", fails)
    done = outcomes(layers, tmp_path / "out", [large], format="tiff", tile=64)
    assert "it broke" in done[0].error
    assert not [path for path in files(tmp_path / "out") if "large" in str(path)]


def test_an_interruption_while_files_get_their_names_leaves_none(layers, large, tmp_path, monkeypatch):
    placed, written = [], tiled._Placing._written

    @contextmanager
    def interrupted(self, path):
        with written(self, path) as temporary:
            yield temporary
        placed.append(path)
        if len(placed) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(tiled._Placing, "_written", interrupted)
    job = fl.batch.plan([large]).jobs[0]
    with pytest.raises(KeyboardInterrupt):
        attempt(fl.batch.Settings(layers, tmp_path / "out", format="npy", tile=64), job)
    assert len(placed) == 2
    assert not files(tmp_path / "out")


def test_too_many_channels_for_tiff_are_told_before_the_work(large, tmp_path):
    many = fl.Pipeline([("many", fl.Conv2d(np.ones((70_000, 1, 1, 1))))])
    with pytest.raises(fl.FilterLabError, match="node 'many'.*at most 65,535 channels"):
        list(outcomes(many, tmp_path / "out", [large], format="tiff", tile=64))
    assert not (tmp_path / "out").exists()


def test_verify_compares_with_wider_tiles_and_names_what_differs(layers, large, tmp_path, monkeypatch):
    settings = fl.batch.Settings(
        layers, tmp_path / "good", maps=("small",), format="npy", tile=64, verify=True
    )
    picture = tiled.opened(settings, large, 1)
    target = tiled.Target(tmp_path / "good" / "small.npy", "small", None, False)
    picture.write([target], lambda target: None)
    assert target.path.exists()

    put = tiled.NpyParts.write
    monkeypatch.setattr(
        tiled.NpyParts, "write", lambda self, rows, cols, values: put(self, rows, cols, values + 1)
    )
    picture = tiled.opened(settings, large, 1)
    target = tiled.Target(tmp_path / "good" / "other.npy", "small", None, False)
    with pytest.raises(fl.FilterLabError, match=r"node 'small'.* is not the one that a wider tile gives"):
        picture.write([target], lambda target: None)
    assert not target.path.exists()


@pytest.mark.parametrize("options", [{}, {"colormap": "viridis"}, {"range": (-0.5, 0.5)}])
def test_verify_compares_pixels_too_and_names_where_they_differ(
    options, layers, large, tmp_path, monkeypatch
):
    settings = fl.batch.Settings(
        layers, tmp_path / "good", maps=("blur", "small"), tile=64, verify=True, **options
    )
    job = fl.batch.plan([large]).jobs[0]
    assert len(attempt(settings, job).outputs) == 3

    pixels = tiled._PixelWriter._bands

    def other(self, numbers, target):
        for number, band in enumerate(pixels(self, numbers, target)):
            yield band ^ np.uint8(number > 0 and target.channel == 1)

    monkeypatch.setattr(tiled._PixelWriter, "_bands", other)
    failed = attempt(replace(settings, out=tmp_path / "bad"), job)
    assert "node 'small'" in failed.reason
    assert "value (1, " in failed.reason
    assert not list((tmp_path / "bad").rglob("*.png"))


def test_verify_compares_digests_of_what_is_done_and_tiles_of_what_is_not(
    layers, large, tmp_path, monkeypatch
):
    out, checked = tmp_path / "out", []
    second = shutil.copy(large, tmp_path / "second.tif")
    options = {"tile": 64, "verify": True, "format": "npy"}
    monkeypatch.setattr(tiled, "check_tiles", lambda run, *more: checked.append(run.wanted))
    fl.batch.run(layers, [large], out, **options)
    assert len(checked) == 1
    path = out / "large" / "blur.npy"
    state, data = path.stat(), bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    kept = fl.batch.run(layers, [large, second], out, resume=True, **(options | {"verify": False}))
    assert [done.earlier for done in kept.done] == [True, False], "size and time are as they were"
    fl.batch.run(layers, [large, second], out, resume=True, **options)
    assert len(checked) == 2, (
        "the damaged file is made anew, in tiles that are checked; the other is as it was"
    )


def test_a_contact_sheet_is_refused(tmp_path, layers, large):
    layers.save(tmp_path / "p.json")
    words = ["run", str(tmp_path / "p.json"), str(large), "--out", str(tmp_path / "out"), "--montage"]
    assert main([*words, "--tile", "64"]) == 2


def test_what_tiles_cannot_do_is_refused_before_anything_is_written(tmp_path, layers, large, capsys):
    layers.save(tmp_path / "p.json")
    out = tmp_path / "out"
    command = ["run", str(tmp_path / "p.json"), str(large), "--out", str(out), "--tile", "64"]
    assert main([*command, "--range", "percentile"]) == 2
    assert "percentiles cannot be found in tiles" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("bound", [("--tile", "512"), ("--memory", "600M")])
@pytest.mark.parametrize("form", ["tiff", "jpg"])
def test_a_layer_that_no_tiles_can_make_is_refused_before_anything_is_written(
    form, bound, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(fitting, "thread_count", lambda: 2)  # each takes some of the memory
    side, small = 5000, RNG.integers(0, 256, (40, 40), np.uint8)
    Image.fromarray(small).save(tmp_path / "a.png")
    Image.fromarray(np.zeros((side, side), np.uint8)).save(tmp_path / f"large.{form}")
    fl.Pipeline([("smooth", fl.Filter2d(kernel=np.ones((3, 3)))), ("odds", fl.Flatten())]).save(
        tmp_path / "p.json"
    )
    pictures = [str(tmp_path / "a.png"), str(tmp_path / f"large.{form}")]
    status = main(["run", str(tmp_path / "p.json"), *pictures, "--out", str(tmp_path / "out"), *bound])
    assert status == 2
    assert "node 'odds', Flatten: it needs its whole input of 1x5000x5000" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_header_that_claims_too_much_is_not_planned(tmp_path, layers, monkeypatch):
    Image.fromarray(np.zeros((40, 40), np.uint8)).save(tmp_path / "a.png")
    content = bytearray((tmp_path / "a.png").read_bytes())
    content[16:24] = struct.pack(">II", 100_000, 100_000)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    (tmp_path / "a.png").write_bytes(content)
    monkeypatch.setattr(tiled, "_planned", lambda settings, parts, kept: pytest.fail(f"{parts.shape}"))
    found = outcomes(layers, tmp_path / "out", [tmp_path / "a.png"], tile=64)
    assert found[0].error


def test_a_picture_that_arrives_while_a_folder_is_watched_fails_by_itself(tmp_path, layers, large):
    pipeline, out = fl.Pipeline([("flat", fl.Flatten())]), tmp_path / "out"
    Image.fromarray(np.zeros((5000, 5000), np.uint8)).save(tmp_path / "huge.jpg")
    told = fl.batch.plan([tmp_path / "huge.jpg", large])
    options = RunOptions.read({"tile": 512, "watch": True, "format": "npy"})
    done = list(begin(fl.batch.Settings.told(pipeline, out, options), told.jobs, options))
    assert "it needs its whole input" in done[0].error
    assert not done[1].error


def test_a_picture_that_does_not_fit_the_pipeline_costs_no_other(tmp_path, large):
    Image.fromarray(np.zeros((90, 90, 3), np.uint8)).save(tmp_path / "colour.png")
    pipeline = fl.Pipeline([("maps", fl.Conv2d(np.ones((1, 1, 3, 3))))])
    done = outcomes(pipeline, tmp_path / "out", [tmp_path / "colour.png", large], format="tiff", tile=64)
    assert [bool(outcome.error) for outcome in done] == [True, False]


def test_too_little_memory_is_told_before_anything_is_written(tmp_path, layers, large, capsys):
    layers.save(tmp_path / "p.json")
    out = tmp_path / "out"
    assert main(["run", str(tmp_path / "p.json"), str(large), "--out", str(out), "--memory", "50M"]) == 2
    assert "M of memory at least" in capsys.readouterr().err
    assert not out.exists()


def test_processes_are_judged_by_the_threads_that_each_of_them_has(tmp_path, layers, large, monkeypatch):
    for module in (fitting, tiled):
        monkeypatch.setattr(module, "thread_count", lambda: 8)
    (tmp_path / "file").touch()
    small = Settings(
        layers, tmp_path / "file" / "out", memory=(96 + 4 * 275) << 20
    )  # 256 + 2 * 8 for each, and maps
    jobs = plan([large]).jobs * 4
    # What comes after the look at the memory: nothing was refused before.
    with pytest.raises(fl.FilterLabError, match="the folder cannot be made"):
        run_jobs(small, jobs, 4)
    with pytest.raises(fl.FilterLabError, match="M of memory at least, in 8 processes"):
        run_jobs(small, jobs * 2, 8)
    # As many as have room for their threads and for the maps of a photograph.
    assert tiled.affordable(small, 4) == 2


def test_the_least_memory_that_is_told_suffices(layers, tmp_path):
    def judged(memory):
        return tiled.shared(Settings(layers, tmp_path, memory=memory), 3, apart=True, threads=2)

    with pytest.raises(fl.FilterLabError, match="M of memory at least, in 3 processes") as told:
        judged(1 << 20)
    least = int(re.search(r"needs (\d+)M", str(told.value))[1])
    assert fitting.room_in(judged(least << 20).memory, 2) > 0


@pytest.mark.parametrize("apart", [False, True])
def test_the_rest_of_a_run_has_the_memory_of_all_of_it(apart, tmp_path, layers, large, monkeypatch):
    for module in (fitting, tiled):
        monkeypatch.setattr(module, "thread_count", lambda: 64)
    shutil.copy(large, tmp_path / "other.tif")
    jobs = plan([large, tmp_path / "other.tif"]).jobs
    # 256 + 32 * 8 for each of two, which is too little for one with all threads.
    memory = (96 + 2 * 532) << 20
    enough = Settings(layers, tmp_path / "out", memory=memory, format="tiff", existing="resume")
    assert [outcome.error for outcome in run_jobs(enough, jobs[:1], 1)] == [""]
    cancel = (lambda: False) if apart else None
    assert [outcome.error for outcome in run_jobs(enough, jobs, 2, cancel=cancel)] == ["", ""]


def test_a_picture_that_is_tried_again_has_as_many_threads_as_before(tmp_path, layers, large, monkeypatch):
    monkeypatch.setattr(tiled, "thread_count", lambda: 64)
    made = Mock(return_value=Mock(most=0, submit=Mock(side_effect=crew.NoWorker)))
    monkeypatch.setattr(processes, "Crew", made)
    settings = Settings(layers, tmp_path / "out", memory=532 << 20)
    (job,) = plan([large]).jobs
    ended = Suspect(job, 1, Ended.by(-9))
    list(processes.Processes(settings, iter(()), 2, Attempts(), suspects=[ended]).results())
    assert made.call_args.kwargs["threads"] == 32, "more would take more than its part of the memory"


def test_a_run_stays_within_its_memory(tmp_path):
    """The maps of this picture take more than the run may; the system says what the process took."""
    tiles = (RNG.integers(0, 256, (256, 256), np.uint8) for _ in range(144))
    options = {"tile": (256, 256), "compression": "zlib", "photometric": "minisblack"}
    tifffile.imwrite(tmp_path / "big.tif", tiles, shape=(3000, 3000), dtype=np.uint8, **options)
    layers = [("a", fl.Conv2d(np.ones((4, 1, 3, 3)), padding=1)), ("b", fl.Conv2d(np.ones((1, 4, 1, 1))))]
    fl.Pipeline(layers).save(tmp_path / "p.json")
    words = ["run", tmp_path / "p.json", tmp_path / "big.tif", "--out", tmp_path / "o", "--maps", "b"]
    command = [sys.executable, "-m", "filterlab", *words, "--format", "tiff", "--memory", "400M"]
    # Each thread takes some of it, and machines have more of them than others.
    threads = {**os.environ, "FILTERLAB_THREADS": "2"}
    subprocess.run(command, check=True, timeout=300, capture_output=True, env=threads)
    with tifffile.TiffFile(tmp_path / "o" / "big" / "b.tiff") as tiff:
        assert tiff.pages[0].is_tiled, "it was done whole"
    report = (tmp_path / "o" / "report.jsonl").read_text()
    peak = int(report.split('"peak": ')[1].split(",")[0].rstrip("}\n"))
    assert 0 < peak <= 400 << 20, f"{peak >> 20} MB"
