"""The words that name pictures: files, folders, patterns, lists and standard input."""

from __future__ import annotations

import os

import pytest

from filterlab.batch.inputs import copy_standard_input, expand
from filterlab.errors import FileError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("a.png", "b.png", "c.txt"):
        (tmp_path / name).touch()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "d.png").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*words, **options):
    return [picture.name for picture in expand(words, **options)]


def problems(*words):
    return [picture.problem for picture in expand(words)]


def test_patterns_are_what_a_shell_leaves_of_them(folder):
    assert names("*.png") == ["a.png", "b.png"]
    assert names("**/*.png") == ["a.png", "b.png", os.path.join("below", "d.png")]
    assert problems("*.gif") == ["no file matches this pattern"]


def test_a_file_with_the_letters_of_a_pattern_is_that_file(folder):
    (folder / "x[1].png").touch()
    assert names("x[1].png") == ["x[1].png"]


def test_a_list_names_a_path_on_each_line(folder):
    (folder / "list").write_bytes(b"a.png\r\n\nbelow\nmissing.png\n\xff.png")
    assert names("@list") == [
        "a.png",
        os.path.join("below", "d.png"),
        "missing.png",
        os.fsdecode(b"\xff.png"),
    ]
    assert problems("@list") == ["", "", "there is no such file", "there is no such file"]


def test_a_byte_order_mark_and_blank_lines_are_not_part_of_a_path(folder):
    (folder / "list").write_bytes(b"\xef\xbb\xbfa.png\r\n   \r\nb.png\r\n")
    assert names("@list") == ["a.png", "b.png"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_list_without_paths_does_not_pass_for_done(folder, content):
    (folder / "list").write_bytes(content)
    assert problems("@list") == ["there are no paths in this list"]


@pytest.mark.parametrize("content", [b"\0\1\2", b"x" * 100_000])
def test_what_is_no_list_is_refused(folder, content):
    (folder / "list").write_bytes(content)
    with pytest.raises(FileError, match="it is not a list of paths"):
        names("@list")


def test_a_list_that_is_missing_or_might_never_end_is_refused_at_once(folder):
    with pytest.raises(FileError, match="the list cannot be read"):
        names("@nowhere")
    os.mkfifo(folder / "pipe")
    for word in ("@pipe", "@/dev/zero", "@below"):
        with pytest.raises(FileError, match="it is not a regular file"):
            names(word)


def test_a_hyphen_is_the_copy_of_standard_input(folder):
    assert names("-", standard_input=folder / "a.png") == ["stdin"]
    assert names("-") == ["-"]


@pytest.fixture
def piped(monkeypatch):
    """Standard input with this content."""

    def arrange(content):
        read, write = os.pipe()
        os.write(write, content)
        os.close(write)
        monkeypatch.setattr(os, "dup", lambda descriptor: read)

    return arrange


def test_standard_input_is_copied_whole(folder, piped):
    piped(b"some bytes")
    assert copy_standard_input(folder).read_bytes() == b"some bytes"


def test_standard_input_that_does_not_end_is_cut_off(folder, piped, monkeypatch):
    monkeypatch.setattr("filterlab.batch.inputs._LARGEST_INPUT", 5)
    piped(b"some bytes")
    with pytest.raises(FileError, match="it has no end"):
        copy_standard_input(folder)


def test_lists_come_from_standard_input_too(folder, piped):
    piped(b"a.png\nb.png\n")
    assert names("@-") == ["a.png", "b.png"]
