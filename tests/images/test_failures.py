"""Whatever keeps a picture from being read is said in our own words, in one line of bounded length."""

from __future__ import annotations

import errno
import os
import stat
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import filterlab as fl
from filterlab.images import count_pages
from filterlab.images.decoded import broken
from filterlab.images.failures import explained
from filterlab.text.messages import say


def _refusal(path, read=fl.read_image):
    with pytest.raises(fl.errors.ImageError) as caught:
        read(path)
    line = str(caught.value)
    assert len(line) < 300
    assert line.isprintable()
    return line


@pytest.mark.parametrize("read", [fl.read_image, count_pages])
def test_paths_that_lead_nowhere(tmp_path, read):
    (tmp_path / "file").write_bytes(b"x")
    for name in ("round", "again"):
        (tmp_path / name).symlink_to(tmp_path / {"round": "again", "again": "round"}[name])
    (tmp_path / "lost").symlink_to(tmp_path / "nothing")
    for name, words in [
        ("nothing.png", "there is no such file"),
        ("lost", "there is no such file"),
        ("", "it is a folder"),
        ("round", "symbolic links form a circle"),
        ("file/a.png", "a part of its path is a file"),
        ("a" * 5000, "longer than the system allows"),
        ("a\0b.png", "characters that no file name can have"),
        ("a\udfff.png", "characters that no file name can have"),
        ("nothing\n\x1b[31m.png", r"nothing\n\x1b[31m.png: there is no such file"),
    ]:
        assert words in _refusal(f"{tmp_path}/{name}", read)


def test_names_in_bytes_that_are_no_text(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.png"))
    assert r"\udcff\udcfe.png: there is no such file" in _refusal(path)


def test_what_is_no_regular_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in _refusal(tmp_path / "pipe")
    assert "not a regular file" in _refusal("/dev/zero")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "no permission to read it"),
        (errno.EIO, "its disk could not read it"),
        (errno.ESTALE, "replaced on its server"),
        (errno.EMFILE, "too many files are open"),
        (errno.ENOMEM, "not enough memory"),
        (errno.EPROTO, "the system could not read it (EPROTO)"),
        (9999, "the system could not read it (9999)"),
    ],
)
def test_what_the_system_says(tmp_path, monkeypatch, number, words):
    path = tmp_path / "a.png"
    path.write_bytes(b"x")

    def fail(*args, **options):
        raise OSError(number, "the system's own words")

    monkeypatch.setattr(Path, "open", fail)
    line = _refusal(path)
    assert words in line
    assert "own words" not in line


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("broken data stream"), "its contents are damaged"),
        (OSError("image file is truncated"), "its contents are damaged"),
        (OSError("Unsupported BMP pixel depth (3)"), "a variant of its format that cannot be read"),
        (NotImplementedError(), "a variant of its format that cannot be read"),
        (RecursionError("maximum recursion depth exceeded"), "its contents are damaged"),
        (MemoryError(), "not enough memory"),
        (np.exceptions.AxisError("axis 3"), "its contents are damaged"),
        (fl.errors.ImageError("x" * 900), "xxx..."),
    ],
)
def test_what_libraries_say_reaches_nobody(error, words):
    with pytest.raises(fl.errors.ImageError) as caught, explained(Path("a.png")):
        raise error
    line = str(caught.value)
    assert line.startswith("a.png: ")
    assert words in line
    assert len(line) < 300
    if not isinstance(error, fl.errors.ImageError) and str(error):
        assert str(error) not in line


def test_a_long_message_keeps_its_template_and_loses_letters_of_its_values():
    reason = say("it holds {} among its {} numbers", "9" * 400, "8" * 400)
    with pytest.raises(fl.errors.ImageError) as caught, explained(Path("a.png")):
        raise broken(reason)
    what = caught.value.what
    assert what.translated(str.upper) == what.upper()
    assert what.template == "it cannot be decoded: {0}"
    assert what.values[0].template == reason.template
    assert "it holds 999" in what
    assert len(what) < 200


def test_the_end_of_a_long_path_is_shown(tmp_path):
    line = _refusal(tmp_path / "/".join(["folder"] * 60) / "cat.png")
    assert line.startswith("...")
    assert "folder/cat.png: " in line
    assert "été/猫.png: " in _refusal(tmp_path / "été" / "猫.png")


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"%PDF-1.7", "a PDF document"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"  <svg xmlns=", "an SVG drawing"),
        (b"v/1\x01", "an OpenEXR picture"),
        (b"PK\3\4", "a ZIP archive"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", "a video"),
        (bytes(128) + b"DICM", "a DICOM picture"),
        (b"nothing known", "it is not a picture"),
        (b"RIFF\0\0\0\0AVI ", "it is not a picture"),
    ],
)
def test_what_is_no_picture_is_named_where_it_is_known(tmp_path, start, words):
    path = tmp_path / "a.png"
    path.write_bytes(start)
    line = _refusal(path)
    assert words in line
    assert "JPEG 2000 and .npy are read" in line


@pytest.mark.parametrize(
    "start",
    [
        b"\xff\xd8\xff\xe0",
        b"\xff\x0a",
        b"\0\0\0\x0cJXL \r\n\x87\n",
        b"\xff\x4f\xff\x51",
        b"\0\0\0\x18ftypavif\0\0\0\0avifmif1",
        b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(10) + b"ANIM\x06\0\0\0" + bytes(6),
    ],
)
def test_a_file_that_is_too_long_to_decode_is_refused_before_it_is_read(tmp_path, start):
    path = tmp_path / "a.png"
    path.write_bytes(start)
    with path.open("r+b") as stream:
        stream.truncate(3 << 30)  # sparse: it takes no room on the disk
    tracemalloc.start()
    try:
        line = _refusal(path)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "more than 1,073,741,824" in line
    assert most < 1 << 24


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may look anywhere")
def test_a_folder_that_may_not_be_looked_into(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"x")
    folder.chmod(0)
    try:
        assert "no permission to read it" in _refusal(folder / "a.png")
    finally:
        folder.chmod(stat.S_IRWXU)


def test_a_picture_that_may_not_be_read(tmp_path, monkeypatch):
    # The same as root, to whom the system refuses nothing.
    (tmp_path / "a.png").write_bytes(b"x")

    def refuse(*args, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    assert "no permission to read it" in _refusal(tmp_path / "a.png")
