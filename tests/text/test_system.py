"""What the system refuses is said in our words, with what to do."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

import filterlab as fl
from filterlab.batch import Settings, run_jobs
from filterlab.batch.inputs import expand
from filterlab.text.system import refusal, refusal_text

NUMBERS = [errno.ENOENT, errno.EACCES, errno.EIO, errno.ENOSPC, errno.EEXIST, errno.EROFS, errno.EPROTO, 9999]


@pytest.mark.parametrize("writing", [True, False])
@pytest.mark.parametrize("number", NUMBERS)
def test_every_refusal_says_what_to_do_and_not_what_the_system_says(number, writing):
    what, hint = refusal(OSError(number, "the words of the system"), writing=writing)
    assert what
    assert hint
    assert os.strerror(number) not in refusal_text(OSError(number, "x"), writing=writing)


def test_what_cannot_happen_while_reading_is_known_all_the_same():
    what, hint = refusal(OSError(errno.ENOSPC, "x"))
    assert (what, hint) == ("the disk is full", "make room on it, or choose another one")


def test_errors_without_a_number_and_impossible_names_have_words():
    assert "no reason given" in refusal_text(OSError("x"))
    assert refusal(ValueError("embedded null byte"))[0] == "no path has such a name"


def test_an_output_folder_whose_name_is_taken_is_said(tmp_path):
    (tmp_path / "out").write_text("")
    pipe = fl.Pipeline([("a", fl.ReLU())])
    with pytest.raises(fl.FilterLabError, match="made: there is a file of that name .choose another"):
        run_jobs(Settings(pipe, tmp_path / "out"), [])


def test_a_list_that_is_missing_is_said(tmp_path):
    with pytest.raises(
        fl.FilterLabError, match="the list cannot be read: there is no such file .check the name"
    ):
        list(expand([f"@{tmp_path}/missing.txt"]))


def test_no_other_place_shows_the_words_of_the_system():
    package = Path(fl.__file__).parent
    # The first may not read this room; the others pass the words on, or ask whether there are any.
    allowed = {"compiling/kept.py", "cli/streams.py", "cli/faults.py"}
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"\bstrerror\b", path.read_text(encoding="utf-8"))
    }
    assert found <= allowed
