"""Thousands of hostile files through watched workers: what became of them, kind by kind, and what is at fault."""

from __future__ import annotations

import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.hostile import Case, Kind, all_kinds, bases_of, cases
from tests.soak.watchdog import Outcome, Watched, judged

KEPT = Path("out/soak")  # files at fault


@dataclass
class Tally:
    """The figures of one kind of file."""

    read: int = 0
    remarked: int = 0
    refused: int = 0
    faults: int = 0
    seconds: float = 0.0
    memory: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one file."""
        self.read += outcome.status == "read"
        self.remarked += outcome.status == "read" and bool(outcome.remarks)
        self.refused += outcome.status == "refused"
        self.faults += outcome.status == "fault"
        self.seconds = max(self.seconds, outcome.seconds)
        self.memory = max(self.memory, outcome.memory)

    @property
    def files(self) -> int:
        """How many there were."""
        return self.read + self.refused + self.faults

    def row(self) -> tuple[str, ...]:
        """The cells of its line in the report."""
        counts = (self.files, self.read, self.remarked, self.refused, self.faults)
        return (*map(str, counts), f"{self.seconds:.2f}", f"{self.memory / 2**20:.0f}")


@dataclass(frozen=True)
class Fault:
    """A file at fault, where its bytes are kept, and what happened."""

    case: Case
    kept: Path
    what: str

    def __str__(self) -> str:
        again = f"python -m tests.soak {self.case.kind.name} {self.case.seed} {self.case.number}"
        return f"{self.kept} ({again}; {', '.join(self.case.how)}): {self.what}"


@dataclass
class Campaign:
    """Run a part. memory: bytes a file may take beyond its result, as (plain, times its size)."""

    part: str
    folder: Path
    memory: tuple[int, int]
    kept: Path = KEPT
    tallies: dict[str, Tally] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    restarts: int = 0
    _wholes: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _once: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        fresh(self.kept / self.part)

    def run(self, count: int, seed: int, kinds: tuple[str, ...] | None = None, processes: int = 2) -> None:
        """Read so many files. The whole ones that they are made from come first, and must be read without a word."""
        (self.kept / f"{self.part}-faults.txt").write_text("")
        todo = cases(count, seed, kinds, self.part)
        with ThreadPoolExecutor(processes) as pool:
            for future in [pool.submit(self._work, todo) for _ in range(processes)]:
                future.result()

    def _work(self, todo: Iterator[Case]) -> None:
        with Watched(self.folder) as watched:
            while (case := self._next(todo)) is not None:
                self._one(watched, case)
            with self._lock:
                self.restarts += watched.restarts

    def _next(self, todo: Iterator[Case]) -> Case | None:
        with self._lock:
            return next(todo, None)

    def _one(self, watched: Watched, case: Case) -> None:
        whole = self._whole(watched, case.kind, case.base)
        outcome = self._outcome(watched, case.kind, case.name, case.data)
        told = outcome.status != "read" or outcome.remarks
        if case.same and not told and (outcome.shape, outcome.digest) != (whole.shape, whole.digest):
            outcome.fault(
                f"read as something else, {outcome.shape} and not {whole.shape} or its values, without a word"
            )
        with self._lock:
            self.tallies.setdefault(case.kind.name, Tally()).add(outcome)
            self.slowest = sorted([*self.slowest, (outcome.seconds, case.name)], reverse=True)[:10]
            if outcome.status == "refused":
                self.refusals[f"{case.kind.name}: {_template(outcome.line)}"] += 1
            if outcome.status == "fault":
                self.faults.append(Fault(case, self._keep(case.name, case.data), outcome.what))
                with (self.kept / f"{self.part}-faults.txt").open(
                    "a"
                ) as stream:  # to be read while others are looked for
                    stream.write(f"{self.faults[-1]}\n")

    def _whole(self, watched: Watched, kind: Kind, base: int) -> Outcome:
        """What the undamaged file holds."""
        with self._once:  # the name of its file is taken while it is read
            known = self._wholes.get((kind.name, base))
            if known is None:
                data = bases_of(kind.name)[base]
                name = f"{kind.name}-whole-{base}{kind.suffix}"
                known = self._wholes[kind.name, base] = self._outcome(watched, kind, name, data)
                if known.status != "read" or known.remarks:
                    self._keep(name, data)
        return known

    def read_wholes(self) -> None:
        """Read every undamaged file."""
        with Watched(self.folder) as watched:
            for kind in all_kinds().values():
                if kind.part == self.part:
                    for base in range(len(bases_of(kind.name))):
                        self._whole(watched, kind, base)

    def unread(self) -> list[str]:
        """The whole files that were not read, or not without a remark."""
        return [
            f"{name}, whole file {base}: {outcome.what or outcome.line or outcome.remarks}"
            for (name, base), outcome in sorted(self._wholes.items())
            if (outcome.status != "read" or outcome.remarks) and name != "unknown"
        ]

    def _outcome(self, watched: Watched, kind: Kind, name: str, data: bytes) -> Outcome:
        path = self.folder / name
        path.write_bytes(data)
        plain, times = self.memory
        outcome = judged(watched.read(Path(name), kind.reader), plain + times * len(data))
        if outcome.status == "fault":
            # Alone, in a fresh process: neither what came before nor a busy machine may be to blame.
            with Watched(self.folder) as alone:
                again = judged(alone.read(Path(name), kind.reader), plain + times * len(data))
            if again.status == "fault":
                outcome = again
            elif not outcome.what.startswith("it hangs"):
                outcome.what += " (but not alone)"
            else:
                outcome = again
        path.unlink()
        return outcome

    def _keep(self, name: str, data: bytes) -> Path:
        path = self.kept / self.part / name
        path.write_bytes(data)
        return path

    def report(self) -> str:
        """The figures as a table, the faults one by one."""
        head = ("kind", "files", "read", "remarks", "refused", "faults", "busiest s", "most MiB")
        rows = [(name, *tally.row()) for name, tally in sorted(self.tallies.items())]
        table = ["".join(f"{cell:>12}" for cell in row) for row in (head, *rows)]
        total = sum(tally.files for tally in self.tallies.values())
        tail = f"{total} files, {len(self.faults)} at fault; workers were started again {self.restarts} times"
        return "\n".join([*table, tail, *map(str, self.faults)])

    def write(self) -> None:
        """Leave the report, the slowest files and all words of refusal beside the kept files, for people to read."""
        words = "\n".join(f"{count:6} {line}" for line, count in sorted(self.refusals.items()))
        slow = "\n".join(f"{seconds:8.2f} s {name}" for seconds, name in self.slowest)
        (self.kept / f"{self.part}.txt").write_text(f"{self.report()}\n\n{slow}\n\n{words}\n")


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _template(line: str) -> str:
    """A refusal without its names and numbers."""
    return re.sub(r"\d[\d,.]*", "#", re.sub(r"\S+-\d+-\d+\.\w+", "FILE", line))
