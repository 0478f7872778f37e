"""What makes hostile files and watches over those who read them."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.soak.hostile import all_kinds, bases_of, cases, hostile_files, make_case
from tests.soak.watchdog import Outcome, Watched, judged

HERE = "tests.soak.test_hostile"


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


# -- readers that do what none of ours may ------------------------------------------------------------------


def hang(path: Path):
    """Never answer."""
    while True:
        pass


def sleep(path: Path):
    """Never answer, and do nothing."""
    import time

    time.sleep(1e6)


def die(path: Path):
    """End the process as a broken library would."""
    import ctypes

    ctypes.string_at(0)


def print_below(path: Path):
    """Print as a C library does, past Python."""
    import os

    os.write(2, b"libx warning: something\n")
    return {"shape": [1], "digest": "", "remarks": [], "bytes": 0}


def take_memory(path: Path):
    """Fill 64 MiB and give nothing for it."""
    import numpy as np

    np.ones(64 << 17)
    return {"shape": [1], "digest": "", "remarks": [], "bytes": 0}


def raise_another(path: Path):
    """Let an exception of Python through."""
    raise KeyError("what")


def refuse(path: Path):
    """Refuse as promised."""
    from filterlab.errors import ImageError

    raise ImageError("it is broken", "a file", "export it again")


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """One worker for all, started again where it died."""
    with Watched(tmp_path_factory.mktemp("watched"), patience=0.5) as found:
        yield found


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (hang, "it hangs"),
        (sleep, "it hangs"),
        (die, "the process ended with -11"),
        (print_below, "it prints: libx warning: something"),
        (take_memory, " MiB of memory, for a result of 0 MiB"),
        (raise_another, "KeyError: 'what'"),
    ],
)
def test_what_a_reader_must_not_do_is_a_fault(watched, reader, said):
    outcome = judged(watched.read(Path("x"), f"{HERE}:{reader.__name__}"), 32 << 20)
    assert outcome.status == "fault"
    assert said in outcome.what
    after = watched.read(Path("x"), f"{HERE}:refuse")
    assert (after.status, after.line) == ("refused", "a file: it is broken (export it again)")


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
