"""Pictures and maps that travel through the scheduler, where the workers see no shared folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from filterlab.batch import Settings, plan
from filterlab.batch.cluster import parcels, station, versions
from filterlab.batch.cluster.station import Orders, Station
from filterlab.batch.journal import Output
from filterlab.batch.worker import Done, Failure, attempt
from tests.batch.outcomes import files


def test_pictures_and_files_travel_where_no_folder_is_shared(pipeline, pictures, tmp_path, monkeypatch):
    settings = Settings(pipeline, tmp_path / "out")
    here = Station(Orders(settings, None, versions.own_versions(), None), 1, str(tmp_path / "there"))
    monkeypatch.setattr(station.Crew, "submit", lambda self, job: Ready(self._settings_for_test, job))
    monkeypatch.setattr(station.Crew, "_settings_for_test", here._settings, raising=False)
    jobs = plan([pictures]).jobs
    errands = [parcels.pack(job) for job in jobs]
    for path in pictures.iterdir():
        path.unlink()
    homecomings = here.work(errands)
    assert not any((tmp_path / "there").rglob("*.png")), "nothing of it stays there"
    here.stop()
    assert not list((tmp_path / "there").iterdir())
    for homecoming in homecomings:
        done = parcels.place(settings, homecoming.result, homecoming.contents)
        assert isinstance(done, Done)
        assert all(Output.of(output.path) == output for output in done.outputs)
    assert len(files(tmp_path / "out")) == 21


class Ready:
    """The future of a picture that is done at once."""

    def __init__(self, settings, job):
        self.result = lambda: attempt(settings, job)


def test_a_picture_that_is_too_large_is_not_sent(pictures, monkeypatch):
    monkeypatch.setattr(parcels, "MOST", 10)
    (job, *_) = plan([pictures]).jobs
    assert "too much to send" in parcels.pack(job).reason


def test_files_that_exist_are_kept_and_none_of_the_others_stays(pipeline, pictures, tmp_path):
    settings = Settings(pipeline, tmp_path / "out")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.png").write_text("mine")
    digest = hashlib.sha256(b"x").hexdigest()
    outputs = tuple(Output(Path(name), 1, 0, digest) for name in ("a.png", "b.png"))
    failure = parcels.place(settings, Done(outputs, None), (b"x", b"x"))
    assert isinstance(failure, Failure)
    assert files(tmp_path / "out") == ["b.png"]
    assert (tmp_path / "out" / "b.png").read_text() == "mine"
    assert isinstance(parcels.place(settings, Done(outputs[:1], None), (b"y",)), Failure), (
        "damaged on the way"
    )
