"""Conditions that choose pictures: what they may say, and what is said of one that is wrong."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.batch import plan
from filterlab.batch.options.where import condition

CAT = SimpleNamespace(
    width=800, height=600, channels=3, pages=1, bytes=70_000, suffix=".jpg", name="cat [1].jpg"
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("width > 799", True),
        ("width>800", False),
        ("600 <= height < width", True),
        ("width == 800 and height != 600 or channels = 3", True),
        ("width == 1 and (height != 600 or channels == 3)", False),
        ("not width > 1000 and not not pages == 1", True),
        ("bytes > 64K and bytes < 0.5M", True),
        ("suffix == '.jpg'", True),
        ('name like "cat*"', True),
        ("name like 'Cat*'", False),
        ("name != 'dog.jpg'", True),
        ("'b' > 'a'", True),
        ("(((width > 1)))", True),
    ],
)
def test_what_a_condition_says(text, holds):
    assert condition(text)(CAT) is holds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("widht > 10", r"'widht' is not known at letter 1 of 'widht > 10' \(did you mean width\?"),
        ("width > ", r"something is missing at letter 9"),
        ("width", r"something is missing at letter 6 .*compare with <"),
        ("width >> 10", r"'>' is not expected at letter 8"),
        ("width > 10 height > 10", r"'height' is not expected at letter 12 .*put and or or between"),
        ("width > 'a'", r"a number is compared with a text at letter 9"),
        ("width like 3", r"like compares texts at letter 7"),
        ("(width > 1", r"something is missing at letter 11 .*close the parenthesis"),
        ("width > 1)", r"'\)' is not expected at letter 10"),
        ("name == 'a", r"quotation mark is not closed at letter 9"),
        ("width > 10px", r"a number is not understood at letter 9"),
        ("width > 1e3", r"a number is not understood"),
        ("width > 10 && height > 1", r"'&' is not understood at letter 12"),
        ("width > -1", r"'-' is not understood"),
        ("__import__('os')", r"'__import__' is not known at letter 1"),
        ("width.real > 1", r"'\.' is not understood at letter 6"),
        ("and", r"'and' is not expected at letter 1"),
        (" ", r"something is missing"),
        ("not " * 60 + "width > 1", "nested too deeply"),
        ("(" * 60 + "width > 1", "nested too deeply"),
        ("width > 1 and " * 200 + "width > 1", "too long"),
        ("width > ²", "is not"),
    ],
)
def test_a_wrong_condition_names_the_place(text, message):
    with pytest.raises(fl.FilterLabError, match=message):
        condition(text)


@given(st.text(alphabet="widthname0123<>=!&()' andornotlike.\"\\", max_size=30))
def test_any_text_is_a_condition_or_refused(text):
    with suppress(fl.FilterLabError):
        assert condition(text)(CAT) in (True, False)


@pytest.fixture
def folder(tmp_path):
    for name, shape in (("wide.png", (3, 10, 90)), ("tall.png", (3, 90, 10)), ("grey.png", (20, 30))):
        fl.write_image(tmp_path / name, np.zeros(shape))
    np.save(tmp_path / "bands.npy", np.zeros((7, 5, 5), np.float32))
    (tmp_path / "broken.png").write_bytes(b"\x89PNG but no more")
    return tmp_path


def chosen(folder, where):
    found = plan([folder], where=where)
    names = sorted(job.picture.name for job in found.jobs if not job.problem)
    problems = [job.problem for job in found.jobs if job.problem]
    assert len(found.jobs) + len(found.not_chosen) == 5
    return names, problems


def test_pictures_are_chosen_by_their_headers(folder):
    names, problems = chosen(folder, "width > height")
    assert names == ["grey.png", "wide.png"]
    assert len(problems) == 1
    assert not problems[0].startswith("/")
    assert chosen(folder, "channels == 7")[0] == ["bands.npy"]


def test_names_and_sizes_of_files_need_no_header(folder, monkeypatch):
    monkeypatch.setattr("filterlab.batch.planning.picture_shape", None)
    assert chosen(folder, "bytes < 30 or suffix == '.npy'") == (["bands.npy", "broken.png"], [])
    assert chosen(folder, "name like '?a*' and not suffix == '.png'") == (["bands.npy"], [])


def test_pages_are_chosen_one_by_one(tmp_path):
    import tifffile

    with tifffile.TiffWriter(tmp_path / "s.tif") as file:
        for width in (5, 50, 6):
            file.write(np.zeros((4, width), np.uint8), photometric="minisblack")
    found = plan([tmp_path / "s.tif"], "all", where="width < 10 and pages == 3")
    assert [job.folder for job in found.jobs] == ["s-p0001", "s-p0003"]
