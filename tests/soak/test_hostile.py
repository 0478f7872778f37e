"""What makes hostile files and watches over those who read them."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from filterlab.images import reading
from filterlab.images.decoded import Reading
from tests.soak import misbehaving
from tests.soak.hostile import (
    Kind,
    _applied,
    all_kinds,
    bases_of,
    cases,
    hostile_files,
    make_case,
    wholes_of,
)
from tests.soak.references import compare, difference, differs_from_source
from tests.soak.watchdog import Outcome, Watched, judged


@pytest.mark.parametrize("name", sorted(all_kinds()))
def test_every_edit_of_a_kind_changes_its_files(name):
    kind = all_kinds()[name]
    for edit in set(kind.edits):
        changed = []
        for number in range(12):
            whole = bases_of(name)[number % len(bases_of(name))]
            try:
                changed.append(edit(Random(number), whole) != whole)
            except Exception:
                changed.append(False)  # some edits fit only some files
        assert sum(changed) >= 2, f"{edit.__name__} leaves the files of {name} as they are"


def test_a_number_gives_the_same_file_every_time():
    for name, kind in all_kinds().items():
        assert make_case(kind, 7, 3) == make_case(kind, 7, 3), name
        assert len({make_case(kind, 7, number).data for number in range(8)}) > 4, name


def test_files_come_one_by_one_with_every_kind_among_them(tmp_path):
    found = list(hostile_files(tmp_path, 60, seed=1))
    assert [path.read_bytes() for path in found] == [case.data for case in cases(60, 1)]
    assert {path.name.split("-")[0] for path in found} == set(all_kinds())


def test_only_the_kinds_asked_for_are_made(tmp_path):
    found = list(hostile_files(tmp_path, 5, seed=1, kinds=["png", "json"]))
    assert {path.name.split("-")[0] for path in found} == {"png", "json"}
    with pytest.raises(ValueError, match="no kind"):
        next(hostile_files(tmp_path, 1, seed=1, kinds=["nothing"]))


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """One worker for all, started again where it died."""
    with Watched(tmp_path_factory.mktemp("watched"), patience=0.5) as found:
        yield found


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (misbehaving.hang, "it hangs"),
        (misbehaving.sleep, "it hangs"),
        (misbehaving.die, "the process ended with -11"),
        (misbehaving.print_below, "it prints: libx warning: something"),
        (misbehaving.take_memory, " MiB of memory, for a result of 0 MiB"),
        (misbehaving.raise_another, "KeyError: 'what'"),
    ],
)
def test_what_a_reader_must_not_do_is_a_fault(watched, reader, said):
    outcome = judged(watched.read(Path("x"), f"{reader.__module__}:{reader.__name__}"), 32 << 20)
    assert outcome.status == "fault"
    assert said in outcome.what
    after = watched.read(Path("x"), "tests.soak.misbehaving:refuse")
    refused = ("refused", "a file: it is broken (export it again)", "")
    assert (after.status, after.line, after.what) == refused


@pytest.mark.parametrize(
    "line",
    [
        "two\nlines",
        "x" * 300,
        "'int' object has no attribute 'name'",
        "it cannot be read: BadZipFile",
        "bell \a",
        "",
    ],
)
def test_words_that_are_not_ours_are_a_fault(line):
    assert judged(Outcome("refused", line), 0).status == "fault"
    assert judged(Outcome("refused", "a.png: it is empty (export it again)"), 0).status == "refused"


# -- comparing pictures -------------------------------------------------------------------------------------


def _compared(path, whole):
    path.write_bytes(whole.data)
    return compare(path)["remarks"]


@pytest.mark.parametrize("name", ["png", "gif", "bmp", "jpeg", "webp", "avif", "jpegxl", "jpeg2000", "tiff"])
def test_a_picture_read_otherwise_than_by_another_library_is_noticed(tmp_path, monkeypatch, name):
    path, whole = tmp_path / "a", wholes_of(name)[0]
    assert _compared(path, whole) == []
    assert differs_from_source(path, whole) == ""
    right = reading.read_picture

    def wrong(path, **options):
        found = right(path, **options)
        return Reading(1 - found.values, found.pages)

    monkeypatch.setattr("filterlab.images.read_picture", wrong)
    assert "values differ" in _compared(path, whole)[0]
    assert "values differ" in differs_from_source(path, whole)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (np.zeros((1, 4, 5)), np.zeros((3, 4, 5)), ""),
        (np.zeros((3, 4, 5)), np.concatenate([np.zeros((3, 4, 5)), np.ones((1, 4, 5))]), ""),
        (np.zeros((4, 4, 5)), np.concatenate([np.ones((3, 4, 5)), np.zeros((1, 4, 5))]), ""),
        (np.full((1, 4, 5), np.nan), np.full((1, 4, 5), np.nan), ""),
        (np.full((1, 4, 5), np.inf), np.zeros((1, 4, 5)), "values differ by up to inf"),
        (np.zeros((1, 4, 5)), np.full((1, 4, 5), 1 / 65535), "values differ by up to 1.526e-05"),
        (np.zeros((1, 4, 5)), np.zeros((1, 5, 4)), "the shape (1, 4, 5) where (1, 5, 4) is right"),
        (np.zeros((6, 4, 5)), np.zeros((5, 4, 5)), "the shape (6, 4, 5) where (5, 4, 5) is right"),
    ],
)
def test_pictures_are_the_same_whatever_says_that_a_colour_is_grey_or_opaque(one, other, said):
    assert difference(one, other, 1e-6) == said


def test_an_edit_that_does_not_fit_a_file_is_drawn_anew():
    def never(rng, data):
        raise ValueError("it fits no file")

    def nothing(rng, data):
        return data

    def change(rng, data):
        return data + b"!"

    kind = Kind("x", "files", "", ".x", list, (never, nothing, change))
    used, data = _applied(Random(1), kind.edits, (3,), b"x")
    assert (used, data) == ([change] * 3, b"x!!!")
    assert _applied(Random(1), (never, nothing), (1,), b"x") == ([], b"x")


def test_no_hostile_file_is_an_undamaged_one():
    for name, kind in all_kinds().items():
        for number in range(30):
            case = make_case(kind, 11, number)
            assert case.data != bases_of(name)[case.base], f"{name} {number}: {case.how}"
