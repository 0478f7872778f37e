"""Batches that are begun, killed and gone on with: the command as a process, its folder, and what must be in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

import filterlab as fl
from filterlab.batch.journal import NAME as JOURNAL
from filterlab.batch.report import NAME as REPORT

COMMAND = (sys.executable, "-m", "filterlab", "run")
PATIENCE = 120.0  # seconds for any one command, on a machine that others use, too
# What a person may keep beside the maps, some of it named nearly as temporary files are.
THEIRS = (
    "notes.txt",
    ".notes-0123456789ab.txt",
    "p00/.mine-0123456789ab.png",
    "p01/edges.txt",
    ".edges-0123456789ab.png",
)


@dataclass(frozen=True)
class Batch:
    """A pipeline over the pictures of a folder. options: more of the command's."""

    pipeline: Path
    pictures: Path
    options: tuple[str, ...] = ("--format", "png")

    def command(self, out: Path, *more: str) -> list[str]:
        """The words of the command."""
        return [*COMMAND, str(self.pipeline), str(self.pictures), "--out", str(out), *self.options, *more]

    def run(self, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            self.command(out, *more), capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    @contextmanager
    def begun(self, out: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
        """Begin it, in a session of its own as a terminal gives; whatever is left of it at the end is killed."""
        process = subprocess.Popen(
            self.command(out, *more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # A shell that runs the tests in the background has SIGINT ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            yield process
        finally:
            for pid in (process.pid, *children(process.pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.communicate()


def pictures(folder: Path, count: int = 16) -> Path:
    """Colour and grey pictures, and one of two pages."""
    rng = np.random.default_rng(4)
    folder.mkdir()
    for i in range(count):
        channels = 1 if i % 4 == 3 else 3
        values = rng.random((channels, 120 + 8 * i, 200)).astype(np.float32)
        fl.write_image(folder / f"p{i:02}.png", values, range=(0, 1))
    return folder


def pipelines(folder: Path) -> dict[str, Path]:
    """Three that write files of the same names with other numbers in them; "colour" fails over grey pictures."""
    chains = {
        "first": [
            ("blur", fl.Filter2d(fl.kernels.gaussian(9, sigma=2.0))),
            ("edges", fl.Filter2d(fl.kernels.sobel(3))),
        ],
        "other": [("blur", fl.Filter2d(fl.kernels.box(7))), ("edges", fl.Filter2d(fl.kernels.laplacian(3)))],
        "colour": [
            ("blur", fl.Conv2d(np.ones((3, 3, 5, 5), np.float32) / 75, padding=2)),
            ("edges", fl.Conv2d(np.ones((3, 3, 3, 3), np.float32), padding=1)),
        ],
    }
    found = {}
    for name, chain in chains.items():
        fl.Pipeline(chain).save(folder / f"{name}.json")
        found[name] = folder / f"{name}.json"
    return found


def tree(out: Path) -> dict[str, bytes]:
    """Every file in the folder, but the journal, the report and what is not a file."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in (JOURNAL, REPORT)
    }


def put_theirs(out: Path) -> None:
    """The person's own files beside the maps."""
    for name in THEIRS:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(b"mine\n")


def without_theirs(found: dict[str, bytes]) -> dict[str, bytes]:
    """The files of the batch; asserts that the person's own are as they were."""
    for name in THEIRS:
        assert found.pop(name) == b"mine\n", f"{name}, which is the person's, was touched"
    return found


def check_whole(out: Path, wanted: dict[str, bytes]) -> None:
    """Assert that the folder holds these files, byte for byte, and nothing else but the person's own."""
    found = without_theirs(tree(out))
    assert sorted(found) == sorted(wanted)
    wrong = [name for name, content in wanted.items() if found[name] != content]
    assert not wrong, f"not as an undisturbed run leaves them: {wrong}"


def check_no_part(out: Path, *wholes: dict[str, bytes]) -> None:
    """Assert that every map in the folder is whole: as one of these runs leaves it, or has a temporary name."""
    for name, content in without_theirs(tree(out)).items():
        if not Path(name).name.startswith("."):
            assert any(content == whole.get(name) for whole in wholes), f"{name} is in part written"


# -- killing ----------------------------------------------------------------------------------------------


def children(pid: int) -> list[int]:
    """The processes that this one has started, and those that they have."""
    found: list[int] = []
    with suppress(OSError, ValueError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found + [below for child in tuple(found) for below in children(child)]


def alive(pid: int) -> bool:
    """Whether a process is still at work (one that has ended and was not yet taken note of is not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def _listens(pid: int) -> bool:
    """Whether the program answers signals: before its first line, Python does, with a traceback of its own start."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        caught = next((line for line in lines if line.startswith("SigCgt")), "0 0").split()[1]
        return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)
    return False


def kill_all(process: subprocess.Popen[bytes], rng: Random) -> int:
    """As the system does when it is short of memory, or a person who is short of patience: everything at once."""
    for pid in (process.pid, *children(process.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return -signal.SIGKILL


def kill_parent(process: subprocess.Popen[bytes], rng: Random) -> int:
    """The command alone; its workers must notice."""
    process.kill()
    return -signal.SIGKILL


def kill_worker(process: subprocess.Popen[bytes], rng: Random) -> int:
    """One worker; the batch goes on and does that picture again."""
    if found := children(process.pid):
        with suppress(ProcessLookupError):
            os.kill(rng.choice(found), signal.SIGKILL)
    return 0


def terminate(process: subprocess.Popen[bytes], rng: Random) -> int:
    """As a system that shuts down."""
    process.terminate()
    return 128 + signal.SIGTERM


def interrupt(process: subprocess.Popen[bytes], rng: Random) -> int:
    """Ctrl-C: the terminal tells the whole group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    return 128 + signal.SIGINT


KILLS = (kill_all, kill_parent, kill_worker, terminate, interrupt)


@dataclass(frozen=True)
class Killed:
    """How a run ended that was killed.

    finished: it was over before. lasted: seconds until it was over or was killed. stopping: from the signal to its end.
    """

    how: str
    finished: bool
    lasted: float
    stopping: float


def kill(process: subprocess.Popen[bytes], how: str, after: float, rng: Random) -> Killed:
    """Wait so many seconds, kill, and assert that it ends as it must and leaves no process behind."""
    waited = time.monotonic()
    with suppress(subprocess.TimeoutExpired):
        process.wait(after)
    ready = {"kill_worker": children, "interrupt": _listens}.get(how)
    while ready and not ready(process.pid) and process.poll() is None:
        time.sleep(0.002)
    workers = children(process.pid)
    began = time.monotonic()
    if process.poll() is not None:
        return Killed(how, True, began - waited, 0.0)
    status = next(act for act in KILLS if act.__name__ == how)(process, rng)
    _, said = process.communicate(timeout=PATIENCE)
    stopping = time.monotonic() - began
    # It may have come to its end, or not yet have set up what answers signals, at the moment of the kill.
    possible = (status, 0, status - 128 if status > 128 else status)
    possible = (*possible, -(status - 128)) if status > 128 else possible
    assert process.returncode in possible, f"{how}: status {process.returncode}, {said.decode()}"
    assert b"Traceback" not in said, said.decode()
    deadline = time.monotonic() + PATIENCE
    while any(map(alive, workers)):
        assert time.monotonic() < deadline, f"{how}: workers go on without the command"
        time.sleep(0.01)
    return Killed(how, False, began - waited, stopping)


def done(result: subprocess.CompletedProcess[str]) -> int:
    """How many pictures a run with --json says that it did; asserts that none failed."""
    assert result.returncode == 0, (result.returncode, result.stderr)
    report = json.loads(result.stdout)
    assert report["failed"] == []
    return len(report["done"])
