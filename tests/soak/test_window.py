"""Hostile files of all kinds, opened in one window after the other: it says what is wrong, and never dies or hangs.

`make soak PART=window` opens very many; the suite opens some, so that what the soak is made of works.
"""

from __future__ import annotations

import signal
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.soak.campaign import KEPT, fresh
from tests.soak.hostile import Case, cases
from tests.soak.options import COUNT, SEED
from tests.soak.watchdog import Outcome, Watched, judged

READER = "tests.soak.window:opened"
PATIENCE = 20.0  # seconds of the processor for a file that is looked at, undone and done again
MEMORY = 1 << 30
_STOPPED = f"the process ended with {-signal.SIGTERM}"  # by somebody else: no fault ends a process so


@dataclass
class Run:
    """Opens files under watch. faults: what was wrong, with the name that makes the file again."""

    folder: Path
    kept: Path
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    longest: tuple[int, str] = (0, "")
    slowest: tuple[float, str] = (0.0, "")

    def open_all(self, count: int, seed: int) -> None:
        """Open so many files, every kind in turn."""
        with Watched(self.folder, patience=PATIENCE) as watched:
            for case in cases(count, seed):
                path = self.folder / case.name
                path.write_bytes(case.data)
                outcome = watched.read(Path(case.name), READER)
                if outcome.what == _STOPPED:
                    self.counts["stopped"] += 1
                    outcome = watched.read(Path(case.name), READER)
                self._take(case, judged(outcome, MEMORY))
                path.unlink()
            self.counts["restarts"] = max(watched.restarts, 0)

    def _take(self, case: Case, outcome: Outcome) -> None:
        self.counts[outcome.status] += 1
        self.counts["died"] += outcome.what.startswith("the process ended")
        self.counts["hung"] += outcome.what.startswith("it hangs")
        if outcome.shape:
            self.longest = max(self.longest, (outcome.shape[0], case.name))
        self.slowest = max(self.slowest, (round(outcome.seconds, 1), case.name))
        if outcome.status == "fault":
            (self.kept / case.name).write_bytes(case.data)
            self.faults.append(f"{case.name} ({', '.join(case.how)}): {outcome.what}")
            (self.kept / "faults.txt").write_text("\n".join(self.faults))

    def report(self) -> str:
        """The figures in a few lines."""
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))
        longest = f"longest without an answer {self.longest[0]} ms ({self.longest[1]})"
        return f"{counts}; {longest}; slowest file {self.slowest[0]} s ({self.slowest[1]})"


@pytest.mark.soak
def test_no_hostile_file_ends_the_window(tmp_path, capsys):
    run = Run(fresh(tmp_path / "window"), fresh(KEPT / "window"))
    run.open_all(COUNT or 2_000, SEED)
    with capsys.disabled():
        print(f"\nhostile files in the window, seed {SEED}\n{run.report()}")
    assert run.faults == []


def test_some_hostile_files_do_not_end_the_window(tmp_path):
    run = Run(fresh(tmp_path / "window"), fresh(tmp_path / "kept"))
    run.open_all(25, 1)
    assert run.faults == []
    assert run.counts["read"] + run.counts["refused"] == 25
