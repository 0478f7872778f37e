"""Files are written whole or not at all."""

from __future__ import annotations

import os
import re
import stat

import pytest

from filterlab import files
from filterlab.errors import FileError
from filterlab.files import atomic_write, check_place, cut_stem, is_device, temporary_parts


def names(folder):
    return sorted(os.listdir(folder))


def test_a_file_appears_when_the_block_ends(tmp_path):
    with atomic_write(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")
        assert temporary.suffix == ".txt"
        assert not (tmp_path / "a.txt").exists()
    assert (tmp_path / "a.txt").read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_after_an_error_all_is_as_it_was(tmp_path, error):
    (tmp_path / "a.txt").write_text("old")

    def fail():
        with atomic_write(tmp_path / "a.txt") as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_nothing_is_overwritten_unasked(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(FileError, match="exists"), atomic_write(tmp_path / "a.txt", overwrite=False):
        pass
    assert (tmp_path / "a.txt").read_text() == "old"


@pytest.mark.skipif(os.name == "nt", reason="no such pipes")
def test_a_pipe_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(FileError, match="not a regular file"), atomic_write(tmp_path / "pipe.txt"):
        pass
    assert stat.S_ISFIFO((tmp_path / "pipe.txt").stat().st_mode)


def test_a_folder_that_cannot_be_written_is_told_before_there_is_anything_to_write(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(FileError, match=f"nothing can be written into {re.escape(str(tmp_path))}"):
        check_place(tmp_path / "a.txt", True)


def test_a_name_that_the_system_refuses_is_told_before_there_is_anything_to_write(tmp_path):
    what = "it cannot be written: its path is longer than the system allows"
    with pytest.raises(FileError, match=what):
        check_place(tmp_path / f"{'x' * 300}.png", True)


def test_a_file_that_appears_meanwhile_is_kept(tmp_path):
    def write():
        with atomic_write(tmp_path / "a.txt", overwrite=False) as temporary:
            temporary.write_text("mine")
            (tmp_path / "a.txt").write_text("theirs")

    with pytest.raises(FileError, match="exists"):
        write()
    assert (tmp_path / "a.txt").read_text() == "theirs"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "message"), [("none/a.txt", "its folder does not exist"), (".", "it is a folder")]
)
def test_places_that_cannot_be_written(tmp_path, name, message):
    with pytest.raises(FileError, match=message), atomic_write(tmp_path / name):
        pass


@pytest.mark.parametrize("name", ["a.txt", "a-b.c.txt", "no suffix", "x" * 60 + ".png", "y.tar.gz"])
def test_a_temporary_file_says_what_it_was_to_become(tmp_path, name):
    with atomic_write(tmp_path / name) as temporary:
        target = tmp_path / name
        assert temporary_parts(temporary.name) == (cut_stem(target.stem), target.suffix)


@pytest.mark.parametrize("name", [".hidden", "a-0123456789ab.png", ".journal-1.jsonl", ".a-0123456789AB.png"])
def test_other_hidden_files_are_not_taken_for_temporary_ones(name):
    assert temporary_parts(name) is None


def test_a_full_disk_is_said_in_words(tmp_path):
    def write():
        with atomic_write(tmp_path / "a.txt"):
            raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match=r"a\.txt: it cannot be written: the disk is full \(make room"):
        write()
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions of another kind")
def test_the_file_has_the_permissions_of_a_new_one(tmp_path):
    with atomic_write(tmp_path / "a.txt"):
        pass
    (tmp_path / "b.txt").touch()
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


@pytest.mark.parametrize("appears", [False, True])
def test_without_hard_links_nothing_is_overwritten_either(tmp_path, monkeypatch, appears):
    def link(*args):
        raise PermissionError(1, "Operation not permitted")  # as FAT says

    def write():
        with atomic_write(tmp_path / "a.txt", overwrite=False) as temporary:
            temporary.write_text("mine")
            if appears:
                (tmp_path / "a.txt").write_text("theirs")

    monkeypatch.setattr(os, "link", link)
    if appears:
        with pytest.raises(FileError, match="exists"):
            write()
    else:
        write()
    assert (tmp_path / "a.txt").read_text() == ("theirs" if appears else "mine")
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("con", True),
        ("CON.png", True),
        ("aux.tar.gz", True),
        ("com1", True),
        ("lpt³.csv", True),
        ("cone.png", False),
        ("a.con", False),
        ("com10", False),
        ("", False),
    ],
)
def test_names_that_windows_keeps_for_devices_are_refused_there(tmp_path, monkeypatch, name, device):
    assert is_device(name) == device
    monkeypatch.setattr(files, "WINDOWS", True)
    if device:
        with pytest.raises(FileError, match="Windows keeps this name"):
            check_place(tmp_path / name, True)
    elif name:
        check_place(tmp_path / name, True)
