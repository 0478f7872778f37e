"""Thousands of hostile files through watched workers: what became of them, kind by kind, and what is at fault."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tests.soak.hostile import Case, Kind, all_kinds, cases, wholes_of
from tests.soak.options import COUNT, SEED
from tests.soak.references import differs_from_source
from tests.soak.watchdog import Outcome, Watched, judged

KEPT = Path("out/soak")  # files at fault
T = TypeVar("T")
_COMPARE = "tests.soak.references:compare"


@dataclass
class Tally:
    """The figures of one kind of file. compared: those read without a remark that another library has read, too."""

    read: int = 0
    remarked: int = 0
    compared: int = 0
    refused: int = 0
    faults: int = 0
    seconds: float = 0.0
    memory: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one file."""
        self.read += outcome.status == "read"
        self.remarked += outcome.status == "read" and bool(outcome.remarks)
        self.compared += outcome.compared
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
        counts = (self.files, self.read, self.remarked, self.compared, self.refused, self.faults)
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


class Readers(NamedTuple):
    """Two workers: ours, which is watched over, and one in which another library reads, and may do as it likes."""

    ours: Watched
    theirs: Watched


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
        for kind in all_kinds().values():
            if kind.part == self.part and kind.beside is not None:
                kind.beside(self.folder)

    def run(self, count: int, seed: int, kinds: tuple[str, ...] | None = None, processes: int = 2) -> None:
        """Read so many files. The whole ones that they are made from come first, and must be read without a word."""
        (self.kept / f"{self.part}-faults.txt").write_text("")
        todo = cases(count, seed, kinds, self.part)
        with ThreadPoolExecutor(processes) as pool:
            for future in [pool.submit(self._work, todo) for _ in range(processes)]:
                future.result()

    def _work(self, todo: Iterator[Case]) -> None:
        with self._readers() as readers:
            while (case := self._next(todo)) is not None:
                self._one(readers, case)
            with self._lock:
                self.restarts += max(readers.ours.restarts, 0)

    @contextmanager
    def _readers(self) -> Iterator[Readers]:
        with Watched(self.folder) as ours, Watched(self.folder) as theirs:
            yield Readers(ours, theirs)

    def _next(self, todo: Iterator[Case]) -> Case | None:
        with self._lock:
            return next(todo, None)

    def _one(self, readers: Readers, case: Case) -> None:
        whole = self._whole(readers, case.kind, case.base)
        outcome = self._outcome(readers, case.kind, case.name, case.data)
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
                # To be read while others are looked for.
                with (self.kept / f"{self.part}-faults.txt").open("a") as stream:
                    stream.write(f"{self.faults[-1]}\n")

    def _whole(self, readers: Readers, kind: Kind, base: int) -> Outcome:
        """What the undamaged file holds, which is compared with what it was made of."""
        with self._once:  # the name of its file is taken while it is read
            known = self._wholes.get((kind.name, base))
            if known is None:
                whole = wholes_of(kind.name)[base]
                name, data = f"{kind.name}-whole-{base}{kind.suffix}", whole.data
                known = self._wholes[kind.name, base] = self._outcome(readers, kind, name, data)
                if known.status == "read" and whole.pages:
                    wrong = self._written(name, data, lambda path: differs_from_source(path, whole))
                    known.compared = True
                    known = known.fault(f"not what it was made of: {wrong}") if wrong else known
                if known.status != "read" or known.remarks:
                    self._keep(name, data)
        return known

    def read_wholes(self) -> None:
        """Read every undamaged file."""
        with self._readers() as readers:
            for kind in all_kinds().values():
                if kind.part == self.part:
                    for base in range(len(wholes_of(kind.name))):
                        self._whole(readers, kind, base)

    def unread(self) -> list[str]:
        """The whole files that were not read, or not without a remark."""
        return [
            f"{name}, whole file {base}: {outcome.what or outcome.line or outcome.remarks}"
            for (name, base), outcome in sorted(self._wholes.items())
            if (outcome.status != "read" or outcome.remarks) and name != "unknown"
        ]

    def uncompared(self) -> list[str]:
        """The whole pictures that were compared with nothing."""
        return [
            f"{name}, whole file {base}"
            for (name, base), outcome in sorted(self._wholes.items())
            if all_kinds()[name].is_picture and not outcome.compared and name != "unknown"
        ]

    def _outcome(self, readers: Readers, kind: Kind, name: str, data: bytes) -> Outcome:
        return self._written(name, data, lambda path: self._compared(readers, kind, path))

    def _written(self, name: str, data: bytes, use: Callable[[Path], T]) -> T:
        path = self.folder / name
        path.write_bytes(data)
        try:
            return use(path)
        finally:
            path.unlink()

    def _compared(self, readers: Readers, kind: Kind, path: Path) -> Outcome:
        """What became of a file. Where it is read without a remark, another library must not read it otherwise."""
        outcome = self._judged(readers.ours, kind, path)
        if kind.is_picture and outcome.status == "read" and not outcome.remarks:
            # Whatever else comes of it, a complaint, a crash or a hang, is the other library's affair.
            other = readers.theirs.read(Path(path.name), _COMPARE)
            outcome.compared = other.status == "read"
            if other.status == "read" and other.remarks:
                outcome.fault(f"read otherwise than by another library, without a word: {other.remarks[0]}")
        return outcome

    def _judged(self, watched: Watched, kind: Kind, path: Path) -> Outcome:
        name, (plain, times) = path.name, self.memory
        most = plain + times * path.stat().st_size
        outcome = judged(watched.read(Path(name), kind.reader), most)
        if outcome.status == "fault":
            # Alone, in a fresh process: neither what came before nor a busy machine may be to blame.
            with Watched(self.folder) as alone:
                again = judged(alone.read(Path(name), kind.reader), most)
            if again.status == "fault":
                outcome = again
            elif not outcome.what.startswith("it hangs"):
                outcome.what += " (but not alone)"
            else:
                outcome = again
        return outcome

    def _keep(self, name: str, data: bytes) -> Path:
        path = self.kept / self.part / name
        path.write_bytes(data)
        return path

    def report(self) -> str:
        """The figures as a table, the faults one by one."""
        head = ("kind", "files", "read", "remarks", "compared", "refused", "faults", "busiest s", "most MiB")
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


@dataclass(frozen=True)
class Part:
    """What the tests of one part of the files share. memory: as in Campaign; count: files of a long campaign."""

    name: str
    memory: tuple[int, int]
    count: int

    def run_long(self, tmp_path: Path, capsys: Any) -> None:
        """Read all whole files and very many hostile ones, and print the figures. Fails where one is at fault."""
        campaign = Campaign(self.name, fresh(tmp_path / self.name), self.memory)
        campaign.read_wholes()
        campaign.run(COUNT or self.count, SEED, processes=min(os.cpu_count() or 1, 4))
        campaign.write()
        with capsys.disabled():
            print(f"\nhostile {self.name}, seed {SEED}\n{campaign.report()}")
        assert campaign.unread() == []
        assert campaign.faults == []

    def run_short(self, tmp_path: Path, count: int) -> Campaign:
        """Read some hostile files. Fails where one is at fault."""
        campaign = Campaign(self.name, tmp_path, self.memory, kept=tmp_path / "kept")
        campaign.run(count, 1, processes=1)
        assert sum(t.read + t.refused for t in campaign.tallies.values()) == count, campaign.report()
        assert campaign.unread() == []
        return campaign

    def read_wholes(self, tmp_path: Path) -> None:
        """Read the whole files. Fails where one is not read rightly, or with a remark, or was compared with nothing."""
        campaign = Campaign(self.name, tmp_path, self.memory, kept=tmp_path / "kept")
        campaign.read_wholes()
        assert campaign.unread() == []
        assert campaign.uncompared() == []


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _template(line: str) -> str:
    """A refusal without its names and numbers."""
    return re.sub(r"\d[\d,.]*", "#", re.sub(r"\S+-\d+-\d+\.\w+", "FILE", line))
