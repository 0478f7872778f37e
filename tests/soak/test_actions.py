"""Random actions in the window of the program, over several seeds: `make soak PART=actions SEED=1 COUNT=100000`.

A walk that fails is kept with its last actions; `python -m tests.soak.actions SEED STEPS` goes it again. What threads
do in the meantime may differ, so a fault may need several attempts to come again.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.soak.campaign import KEPT, fresh
from tests.soak.options import COUNT, SEED
from tests.soak.watchdog import Outcome, Watched

READER = "tests.soak.actions.stage:walked"
SEEDS = 20
STEPS = 100_000  # of all seeds together
_AT_ONCE = 100  # steps of one request
_PATIENCE = 120.0  # seconds of the processor for them


@dataclass
class Walks:
    """Walks under watch, each in a process of its own. faults: what went wrong. peak: MiB at the most."""

    folder: Path
    kept: Path
    steps: int = 0
    peak: int = 0
    faults: list[str] = field(default_factory=list)

    def walk(self, seed: int, steps: int) -> None:
        """Walk from a seed until all steps are done, or something goes wrong."""
        requests = [_AT_ONCE] * (steps // _AT_ONCE) + [steps % _AT_ONCE] * (steps % _AT_ONCE > 0)
        with Watched(self.folder, patience=_PATIENCE) as watched:
            for count in [*requests, 0]:  # none: the window is closed
                outcome = watched.read(Path(f"{seed}-{count}"), READER)
                if outcome.status != "read":
                    self._keep(seed, outcome)
                    return
                self.steps += count
                self.peak = max(self.peak, outcome.shape[0])

    def _keep(self, seed: int, outcome: Outcome) -> None:
        self.faults.append(f"seed {seed}: {outcome.what}")
        (self.kept / f"{seed}-fault.txt").write_text(self.faults[-1])
        trail = self.folder / f"{seed}.txt"  # also of a process that died
        if trail.exists():
            shutil.copy(trail, self.kept)

    def report(self) -> str:
        """The figures in a line."""
        return f"{self.steps} steps, {len(self.faults)} faults, at the most {self.peak} MiB of memory"


@pytest.mark.soak
def test_random_actions_break_nothing(tmp_path, capsys):
    walks = Walks(fresh(tmp_path / "walks"), fresh(KEPT / "actions"))
    for seed in range(SEED, SEED + SEEDS):
        walks.walk(seed, (COUNT or STEPS) // SEEDS)
        with capsys.disabled():
            print(f"\nrandom actions, seeds {SEED} to {seed}: {walks.report()}")
    assert walks.faults == []
