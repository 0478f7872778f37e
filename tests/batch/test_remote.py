"""Pictures and output folders behind addresses: in memory, on a local web server, in a local store."""

from __future__ import annotations

import functools
import http.server
import json
import socket
import subprocess
import sys
import threading
import time

import fsspec
import numpy as np
import pytest

import filterlab as fl
from filterlab.batch import plan
from filterlab.batch.inputs import expand
from filterlab.batch.remote.pictures import is_remote, path_of
from filterlab.cli import main


@pytest.fixture
def store(pictures):
    """Three pictures and a note in a store in memory, one of them in a folder below."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    for name in ("a.png", "b.png", "below/c.png"):
        system.pipe_file(f"/in/{name}", (pictures / name.rpartition("/")[2]).read_bytes())
    system.pipe_file("/in/note.txt", b"no picture")
    yield system
    system.store.clear()


def names(system, folder="/out"):
    return sorted(name.removeprefix(f"{folder}/") for name in system.find(folder))


def test_what_an_address_names():
    assert is_remote("s3://bucket/a.png")
    assert is_remote("HTTPS://host/a.png")
    assert not any(map(is_remote, ("a.png", "c:/a.png", "simplecache::s3://b/a.png", "zip://a.png", 3)))
    assert path_of("https://host/x/a%20b.png?token=1.jpg#top").name == "a b.png"
    assert path_of("s3://bucket/x/a?b.png").name == "a?b.png"


def test_folders_and_patterns_of_a_store(store, tmp_path):
    def found(*words, **options):
        return [(picture.name, picture.below, picture.problem) for picture in expand(words, **options)]

    assert found("memory://in") == [("memory:///in/a.png", None, ""), ("memory:///in/b.png", None, "")]
    assert found("memory://in", recursive=True)[2] == ("memory:///in/below/c.png", "below", "")
    assert [name for name, *_ in found("memory://in/**/*.png")][-1] == "memory:///in/below/c.png"
    assert found("memory://in/*.gif")[0][2] == "there are no pictures"
    (tmp_path / "list").write_text("memory://in/a.png\n")
    assert found(f"@{tmp_path / 'list'}")[0][0] == "memory://in/a.png"


def test_pictures_are_fetched_and_arrays_come(store, pipeline, pictures):
    report = fl.batch.run(pipeline, ["memory://in", "memory://in/no.png"], maps=["blur"], where="width == 8")
    found = {outcome.picture: outcome.maps["blur"] for outcome in report}
    assert list(found) == ["memory:///in/a.png", "memory:///in/b.png"]
    expected = pipeline.run(fl.read_image(pictures / "a.png"))["blur"]
    np.testing.assert_array_equal(found["memory:///in/a.png"], expected)
    assert [(o.picture, o.error) for o in report.failed] == [
        ("memory://in/no.png", "there is no such file (check the address)")
    ]


def test_files_are_sent_when_they_are_whole(store, pipeline, pictures):
    report = fl.batch.run(pipeline, pictures, "memory://out", maps=["blur", "maps"], format="npy")
    assert len(report.done) == 3
    assert report.done[0].outputs == ("memory://out/a/blur.npy", "memory://out/a/maps.npy")
    assert names(store)[:4] == ["a.done", "a/blur.npy", "a/maps.npy", "b.done"]
    expected = pipeline.run(fl.read_image(pictures / "a.png"))["blur"]
    with store.open("/out/a/blur.npy") as file:
        np.testing.assert_array_equal(np.load(file), expected)
    assert len(store.cat_file("/out/report.jsonl").splitlines()) == 3


def test_existing_files_are_kept_resumed_or_replaced(store, pipeline, pictures):
    def go(**options):
        report = fl.batch.run(pipeline, "memory://in", "memory://out", maps=["blur"], **options)
        return [outcome.earlier for outcome in report.done], [outcome.error for outcome in report.failed]

    assert go() == ([False, False], [])
    assert go() == ([], ["exists: memory://out/a", "exists: memory://out/b"])
    assert go(resume=True) == ([True, True], [])
    store.rm_file("/out/a/blur.png")
    assert go(resume=True) == ([True, False], [])
    assert go(resume=True, colormap="viridis") == ([False, False], [])
    time.sleep(0.01)
    store.pipe_file("/in/b.png", (pictures / "c.png").read_bytes())
    assert go(resume=True, colormap="viridis") == ([True, False], [])
    assert go(overwrite=True) == ([False, False], [])


def test_a_file_that_nobody_called_done_is_kept(store, pipeline):
    store.pipe_file("/out/a/blur.png", b"mine")
    report = fl.batch.run(pipeline, "memory://in/a.png", "memory://out", maps=["blur"])
    assert [outcome.error for outcome in report.failed] == ["exists: memory://out/a/blur.png"]
    assert store.cat_file("/out/a/blur.png") == b"mine"
    assert "a.done" not in names(store)
    store.pipe_file("/out/b.done", b"notes of mine")
    report = fl.batch.run(pipeline, "memory://in/b.png", "memory://out", maps=["blur"], resume=True)
    assert "memory://out/b.done exists, and is not of a run" in report.failed[0].error
    assert store.cat_file("/out/b.done") == b"notes of mine"


def test_a_store_that_fails_fails_the_picture(store, pipeline, monkeypatch):
    def refuse(*_, **__):
        raise RuntimeError("no more room\nat all")

    monkeypatch.setattr(type(store), "put_file", refuse)
    report = fl.batch.run(pipeline, "memory://in/a.png", "memory://out", maps=["blur"])
    assert "it cannot be reached: no more room at all" in report.failed[0].error
    assert names(store) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("memory://in", "--out", "https://host/maps"), "files cannot be written to https://"),
        (("memory://in", "--out", "file:///tmp/x"), "files cannot be written to file://"),
        (("memory://in", "--out", "s4://bucket/x"), "files cannot be written to s4://"),
        (("zip://a.png::memory://in", "--out", "out"), "addresses of zip are not read"),
        (("ftp://host/a.png", "--out", "out"), "addresses of ftp are not read (allowed: s3, "),
    ],
)
def test_addresses_that_lead_elsewhere_are_refused(
    store, pipeline, tmp_path, capsys, words, message, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    pipeline.save("p.json")
    assert main(["run", "p.json", *words]) != 0
    assert message in capsys.readouterr().err


def test_a_missing_package_is_named(pipeline, pictures, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    report = fl.batch.run(pipeline, ["s3://bucket/a.png"], tmp_path / "out")
    assert "pip install 'filterlab[remote]'" in report.failed[0].error


@pytest.fixture
def web(pictures):
    """A web server with the pictures."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def end_headers(self):
            # Without a mark of what it is, a picture could not be told from another of its size.
            self.send_header("ETag", '"1"')
            super().end_headers()

    handler = functools.partial(Quiet, directory=str(pictures))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_pictures_come_from_a_web_server(web, pipeline, pictures, tmp_path):
    inputs = [f"{web}/a.png?size=1", f"{web}/b.png", f"{web}/no.png"]
    assert [job.folder for job in plan(inputs).jobs] == ["a", "b", "no"]
    report = fl.batch.run(pipeline, inputs, tmp_path / "out", maps=["blur"])
    assert [outcome.folder for outcome in report.done] == ["a", "b"]
    assert [outcome.error for outcome in report.failed] == ["there is no such file (check the address)"]
    again = fl.batch.run(pipeline, inputs[1:2], tmp_path / "out", maps=["blur"], resume=True)
    assert [outcome.earlier for outcome in again.done] == [True]


@pytest.fixture
def bucket(monkeypatch):
    """The address of a bucket in a store that speaks S3."""
    import s3fs

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir("photos")
        yield "s3://photos"
        s3fs.S3FileSystem.clear_instance_cache()
        server.kill()


@pytest.mark.soak  # the store is in the extra "soak" alone
def test_from_a_bucket_into_a_bucket_by_two_processes(
    bucket, pipeline, pictures, tmp_path, monkeypatch, capsys
):
    import s3fs

    system = s3fs.S3FileSystem()
    for path in pictures.iterdir():
        system.put_file(str(path), f"photos/in/{path.name}")
    monkeypatch.chdir(tmp_path)
    pipeline.save("p.json")
    words = ["run", "p.json", f"{bucket}/in", "--out", f"{bucket}/maps", "--maps", "blur", "--format", "npy"]
    assert main([*words, "--jobs", "2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert sorted(entry["outputs"][0] for entry in document["done"]) == [
        f"s3://photos/maps/{name}/blur.npy" for name in "abc"
    ]
    expected = pipeline.run(fl.read_image(pictures / "a.png"))["blur"]
    system.invalidate_cache()
    with system.open("photos/maps/a/blur.npy") as file:
        np.testing.assert_array_equal(np.load(file), expected)
    assert main([*words, "--resume"]) == 0
    assert "3 pictures done: 3 files in s3://photos/maps" in capsys.readouterr().out
    assert main(words) == 1
