"""Names of folders: never the same for two pictures, and never outside the output folder."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from filterlab.batch import plan
from filterlab.batch.locking import _lock_windows
from filterlab.batch.options import template
from filterlab.batch.planning import _folders


def touch(*paths):
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return list(paths)


def folders(paths):
    return [job.folder for job in plan(paths).jobs]


def test_the_stem_names_the_folder(tmp_path):
    assert folders(touch(tmp_path / "cat.png", tmp_path / "dog.jpg")) == ["cat", "dog"]


def test_equal_stems_get_their_suffix(tmp_path):
    paths = touch(tmp_path / "cat.png", tmp_path / "cat.jpg", tmp_path / "dog.png")
    assert folders(paths) == ["cat.png", "cat.jpg", "dog"]


def test_equal_names_get_their_folder(tmp_path):
    paths = touch(tmp_path / "x" / "cat.png", tmp_path / "y" / "cat.png")
    assert folders(paths) == ["x-cat.png", "y-cat.png"]


def test_equal_folders_get_a_number(tmp_path):
    paths = touch(tmp_path / "1" / "x" / "cat.png", tmp_path / "2" / "x" / "cat.png")
    assert folders(paths) == ["x-cat.png", "x-cat.png-2"]


def test_letters_that_differ_in_case_alone_meet_on_some_disks(tmp_path):
    paths = touch(tmp_path / "Cat.png", tmp_path / "cat.jpg")
    assert folders(paths) == ["Cat.png", "cat.jpg"]


def test_a_picture_named_twice_is_one_job(tmp_path, monkeypatch):
    touch(tmp_path / "cat.png")
    monkeypatch.chdir(tmp_path)
    found = plan(["cat.png", "./cat.png", tmp_path / "cat.png", tmp_path])
    assert [job.shown for job in found.jobs] == ["cat.png"]
    assert found.repeated == ("cat.png", *[str(tmp_path / "cat.png")] * 2)


def test_links_to_one_file_are_pictures_of_their_own(tmp_path):
    touch(tmp_path / "cat.png")
    for number in range(60):
        (tmp_path / f"link{number}.png").symlink_to(tmp_path / "cat.png")
    found = plan([tmp_path])
    assert len(found.jobs) == 61
    assert found.repeated == ()


def test_a_folder_means_the_pictures_in_it_by_name(tmp_path):
    touch(*(tmp_path / n for n in ("b.png", "a.JPG", "notes.txt", ".hidden.png", "c.tiff", "below/d.png")))
    assert [job.picture.name for job in plan([tmp_path]).jobs] == ["a.JPG", "b.png", "c.tiff"]


def test_what_is_missing_is_a_job_with_a_problem(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    missing, nothing = plan([tmp_path / "no.png", empty]).jobs
    assert "no such file" in missing.problem
    assert "no pictures" in nothing.problem


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may read every folder")
def test_a_folder_that_cannot_be_read_says_so(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    assert "you have no permission to read it" in plan([locked]).jobs[0].problem


def test_a_name_of_dots_stays_inside(tmp_path):
    assert folders(touch(tmp_path / "...png")) == ["_.."]


NAMES = st.text(st.sampled_from("aA.-2/"), min_size=1, max_size=8).filter(lambda s: s.strip("/."))


@given(st.lists(NAMES, max_size=12, unique=True))
def test_no_two_pictures_share_a_folder(names):
    found = _folders([(Path("/top", name.lstrip("/") + ".png"), "", "") for name in names])
    assert len({name.casefold() for name in found}) == len(names)
    assert all(name and "/" not in name and name not in (".", "..") for name in found)


def stack(path, pages):
    """A TIFF of so many grey pages."""
    frames = [Image.fromarray(np.full((4, 5), page * 20, np.uint8)) for page in range(1, pages + 1)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    return path


class TestPages:
    def test_without_a_choice_the_first_page_is_one_job(self, tmp_path):
        (job,) = plan([stack(tmp_path / "scan.tif", 3)]).jobs
        assert (job.folder, job.page) == ("scan", None)

    def test_all_pages_are_numbered_and_single_ones_are_not(self, tmp_path):
        paths = stack(tmp_path / "scan.tif", 3), stack(tmp_path / "one.tif", 1)
        found = [(job.folder, job.page) for job in plan(paths, "all").jobs]
        assert found == [("scan-p0001", 1), ("scan-p0002", 2), ("scan-p0003", 3), ("one", 1)]

    def test_one_page_of_each(self, tmp_path):
        paths = stack(tmp_path / "scan.tif", 3), stack(tmp_path / "one.tif", 1)
        assert [(job.folder, job.page) for job in plan(paths, 2).jobs] == [("scan-p0002", 2), ("one", 2)]

    def test_pages_and_pictures_of_the_same_name_keep_apart(self, tmp_path):
        paths = [
            stack(tmp_path / "scan.tif", 2),
            stack(tmp_path / "scan.gif", 2),
            tmp_path / "scan-p0001.png",
        ]
        Image.fromarray(np.zeros((2, 2), np.uint8)).save(paths[2])
        names = [job.folder.casefold() for job in plan(paths, "all").jobs]
        assert len(set(names)) == 5

    def test_a_file_that_cannot_be_counted_is_still_a_job(self, tmp_path):
        (tmp_path / "a.tif").write_bytes(b"II*\0 nonsense")
        assert [job.page for job in plan([tmp_path / "a.tif"], "all").jobs] == [1]


def test_on_windows_one_file_is_one_picture_however_it_is_written(tmp_path, monkeypatch):
    (tmp_path / "a.png").touch()
    (tmp_path / "A.png").touch()
    assert len(plan([tmp_path / "a.png", tmp_path / "A.png"]).jobs) == 2
    monkeypatch.setattr(os.path, "normcase", str.lower)
    found = plan([tmp_path / "a.png", tmp_path / "A.png"])
    assert (len(found.jobs), found.repeated) == (1, (str(tmp_path / "A.png"),))


@pytest.mark.parametrize(
    ("name", "folder"),
    [("con.png", "_con"), ("aux.b.tif", "_aux.b"), ("a. .png", "a__"), ("a...png", "a__"), ("b.png", "b")],
)
def test_on_windows_folders_have_names_that_it_takes(tmp_path, monkeypatch, name, folder):
    monkeypatch.setattr(template, "WINDOWS", True)
    (tmp_path / name).touch()
    assert [job.folder for job in plan([tmp_path / name]).jobs] == [folder]


def test_on_windows_a_lock_that_is_not_there_is_no_other_run(tmp_path, monkeypatch):
    number = errno.EACCES

    def locking(descriptor, mode, count):
        raise OSError(number, "refused")

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    with (tmp_path / "journal").open("wb") as stream:
        assert not _lock_windows(stream.fileno())
        number = errno.EINVAL
        assert _lock_windows(stream.fileno())
