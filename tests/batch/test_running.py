"""`filterlab.batch.run`: files or arrays from Python, and a report of them."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import filterlab as fl
from filterlab.batch.tiled import TiledPicture
from filterlab.errors import ParameterError
from filterlab.images.parts.tiff import TiffParts
from filterlab.run.tiling.fitting import room_in
from tests.batch.outcomes import files


def test_files_are_written_and_reported(pipeline, pictures, tmp_path):
    (pictures / "b.png").write_bytes(b"broken <picture>")
    out = tmp_path / "out"
    report = fl.batch.run(
        pipeline, [pictures, pictures / "a.png"], out, maps=["blur"], where="name != 'c.png'"
    )
    assert [name for name in files(out) if name.endswith(".png")] == ["a/blur.png"]
    assert [outcome.outputs for outcome in report] == [(str(out / "a" / "blur.png"),)]
    assert [outcome.picture for outcome in report.failed] == [str(pictures / "b.png")]
    assert report.repeated == (str(pictures / "a.png"),)
    assert report.not_chosen == (str(pictures / "c.png"),)
    assert repr(report) == "<BatchReport: 1 picture done, 1 failed, 1 repeated, 1 not chosen>"
    assert "b.png</td>" in report._repr_html_()
    assert set(report.document()) == {"done", "failed", "repeated", "not_chosen"}


@pytest.mark.parametrize("images", [3, b"a.png", np.zeros((3, 4, 5)), ["a.png", None]])
def test_what_is_no_path_is_refused(pipeline, images):
    with pytest.raises(ParameterError, match=r"batch\.run: an image is .*give paths"):
        fl.batch.run(pipeline, images)


def test_what_is_no_pipeline_is_refused(pictures):
    with pytest.raises(ParameterError, match=r"batch\.run: pipeline is None"):
        fl.batch.run(None, pictures)


def test_pages_and_remarks_are_in_the_report(tmp_path):
    import tifffile

    tifffile.imwrite(tmp_path / "s.tif", np.zeros((3, 4, 5), np.uint8), photometric="minisblack")
    np.save(tmp_path / "a.npy", np.zeros((4, 5), np.float32))
    with (tmp_path / "a.npy").open("ab") as stream:
        stream.write(b"more")
    pipe = fl.Pipeline([("abs", fl.Abs())])
    for out in (tmp_path / "out", None):
        report = fl.batch.run(pipe, tmp_path, out)
        assert len(list(report)) == 2
        assert report.left_out == {str(tmp_path / "s.tif"): (2, 3)}
        assert report.remarks == [(str(tmp_path / "a.npy"), "what follows its last number is not read")]


@pytest.mark.parametrize("jobs", [1, 2, "auto"])
def test_without_a_folder_the_arrays_come(pipeline, pictures, jobs):
    (pictures / "b.png").write_bytes(b"broken")
    report = fl.batch.run(pipeline, str(pictures), maps=["blur", "scores"], jobs=jobs)
    assert report.done == []
    for _ in range(2):  # going over it again does it again
        found = {outcome.picture: outcome.maps for outcome in report}
        assert list(found) == [str(pictures / "a.png"), str(pictures / "c.png")]
        for path, maps in found.items():
            expected = pipeline.run(fl.read_image(path), ["blur", "scores"])
            assert list(maps) == ["blur", "scores"]
            for name, values in maps.items():
                np.testing.assert_array_equal(values, expected[name])
        assert (len(report.done), len(report.failed)) == (2, 1)
    assert not any(outcome.maps for outcome in report.done), "arrays are not kept"


LITTLE = (60 << 20) - room_in(0)  # for the maps of three pictures


@pytest.mark.parametrize("options", [{"tile": 256}, {"memory": LITTLE}, {"memory": 20 * LITTLE, "jobs": 2}])
def test_arrays_of_large_pictures_come_in_tiles_within_the_memory(tmp_path, monkeypatch, options):
    values = np.random.default_rng(3).uniform(0, 1, (1, 600, 700)).astype(np.float32)
    np.save(tmp_path / "a.npy", values)
    convs = [fl.Conv2d(np.ones((32, 1, 3, 3)), padding=1), fl.Conv2d(np.ones((1, 32, 3, 3)), padding=1)]
    pipeline, cut = fl.Pipeline(convs), []
    arrays = TiledPicture.arrays
    monkeypatch.setattr(TiledPicture, "arrays", lambda self: (cut.append(self.run), arrays(self))[1])
    (outcome,) = fl.batch.run(pipeline, tmp_path / "a.npy", maps=["conv2"], **options)
    np.testing.assert_array_equal(outcome.maps["conv2"], pipeline.run(values)["conv2"])
    assert len(cut) == ("jobs" not in options), "tiles where they are asked for, or needed"


def test_arrays_are_of_the_level_that_was_asked_for(tmp_path):
    with (tmp_path / "a.tif").open("wb") as file:
        writer = TiffParts(file, (1, 600, 700), pyramid=True)
        writer.write((0, 600), (0, 700), np.ones((1, 600, 700), np.float32))
        writer.finish()
    (outcome,) = fl.batch.run(fl.Pipeline([("abs", fl.Abs())]), tmp_path / "a.tif", level=1)
    assert outcome.maps["abs"].shape == (1, 300, 350)


@pytest.mark.parametrize(
    "options",
    [{"timeout": 3}, {"after": "touch a"}, {"resume": True}, {"format": "npy"}, {"tile": 64, "verify": True}],
)
def test_options_about_files_are_refused_where_there_are_none(pipeline, pictures, options):
    name = list(options)[-1]
    with pytest.raises(ParameterError, match=f"{name} means nothing where no files are written"):
        fl.batch.run(pipeline, pictures, **options)


def test_too_little_memory_for_arrays_is_told_at_once(pipeline, pictures):
    with pytest.raises(fl.FilterLabError, match="of memory"):
        fl.batch.run(pipeline, pictures, memory="40M")


def test_going_over_arrays_can_be_left_at_any_time(pipeline, pictures, monkeypatch):
    read = []
    from filterlab.batch import running

    real = running.read_picture
    monkeypatch.setattr(running, "read_picture", lambda path, **o: (read.append(path), real(path, **o))[1])
    for outcome in fl.batch.run(pipeline, [pictures] * 1, maps=["blur"]):
        assert outcome.maps["blur"].shape == (3, 6, 8)
        break
    assert len(read) < 3, "pictures that nobody asked for are not read"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mapz": ["blur"]}, "there is no option 'mapz' .*did you mean 'maps'"),
        ({"jobs": 0}, "jobs is 0"),
        ({"watch": True}, "belong to the command line"),
        ({"resume": True, "overwrite": True}, "do not go together"),
        ({"maps": ["nothing"]}, "there is no node 'nothing'"),
    ],
)
def test_options_that_are_wrong_are_refused(pipeline, pictures, options, message):
    with pytest.raises(fl.FilterLabError, match=message):
        fl.batch.run(pipeline, pictures, **options)


def test_a_file_of_a_pipeline_will_do(pipeline, pictures, tmp_path):
    pipeline.save(tmp_path / "p.json")
    assert len(list(fl.batch.run(tmp_path / "p.json", pictures))) == 3


def test_progress_in_a_notebook(pipeline, pictures, monkeypatch, tmp_path):
    shown = []
    handle = SimpleNamespace(update=lambda thing: shown.append(thing._repr_html_()))
    notebook, display = ModuleType("IPython"), ModuleType("IPython.display")
    notebook.get_ipython = lambda: SimpleNamespace(kernel=object())
    display.display = lambda thing, display_id: (shown.append(thing._repr_html_()), handle)[1]
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    fl.batch.run(pipeline, pictures, tmp_path / "out", maps=["blur"])
    assert shown[0] == '<progress value="0" max="3"></progress> 0 of 3 pictures'
    assert shown[-1] == '<progress value="3" max="3"></progress> 3 of 3 pictures'
    shown.clear()
    fl.batch.run(pipeline, pictures, tmp_path / "out", maps=["blur"], progress=False)
    assert shown == []


def test_progress_on_a_terminal_only_where_somebody_watches(pipeline, pictures, capsys):
    list(fl.batch.run(pipeline, pictures))
    assert capsys.readouterr() == ("", "")
    list(fl.batch.run(pipeline, pictures, progress=True))
    assert "pictures" in capsys.readouterr().err
