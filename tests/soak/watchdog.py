"""Reading hostile files under watch: in a process that may die, hang or take all memory without harm to anybody."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

LONGEST_LINE = 300  # letters of a refusal
PATIENCE = 10.0  # seconds for one file: of the processor, or six times as many by the clock
_START = (
    120.0  # seconds until a fresh process has answered at all: it compiles, on a machine that others use, too
)

# Words that come from Python and its libraries, never from us.
_FOREIGN = re.compile(
    r"object has no attribute|Traceback|\b[A-Za-z]*(Error|Exception|Warning)\b|<class |<\w+ object|\b0x[0-9a-f]{6,}"
    r"|NoneType|__(init|len|call|int|index|float)__|\[?[Ee]rrno|unpack requires|invalid literal|codec can't"
    r"|positional argument|index out of range|subscriptable|bytes-like|numpy\.(core|dtype|ndarray)|substring not found"
    r"|out of bounds for axis|cannot reshape|buffer size|must be (str|real)|could not convert|broken data stream"
    r"|image file is truncated|cannot identify|Not a TIFF|tifffile|imagecodecs|pydantic|allow_pickle|expected str"
    r"|unhashable|BadZip|not supported between|maximum recursion|StripByteCounts|decompressing data|invalid distance"
    r"|incorrect header check"
)


@dataclass
class Outcome:
    """What became of one file: "read", "refused" or "fault".

    line: of the refusal. what: of the fault. noise: what was printed. memory: bytes at the most beyond what the process
    held before; size: of the result. compared: whether another library has read the same file.
    """

    status: str
    line: str = ""
    what: str = ""
    shape: tuple[int, ...] = ()
    digest: str = ""
    remarks: tuple[str, ...] = ()
    size: int = 0
    compared: bool = False
    seconds: float = 0.0
    memory: int = 0

    def fault(self, what: str) -> Outcome:
        """The same file, at fault for this; an earlier fault stays."""
        if self.status != "fault":
            self.status, self.what = "fault", what
        return self


@dataclass
class Watched:
    """A worker process. It is started when it is first asked, and again when it has died."""

    folder: Path
    patience: float = PATIENCE
    restarts: int = -1
    _process: subprocess.Popen[bytes] | None = None
    _replies: Any = None
    _noise: Any = field(default_factory=tempfile.TemporaryFile)

    def __enter__(self) -> Watched:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        self._noise.close()

    def read(self, path: Path, reader: str) -> Outcome:
        """Have a file read, given relative to the folder."""
        process = self._running()
        request = json.dumps({"path": str(path), "reader": reader}) + "\n"
        try:
            assert process.stdin is not None
            process.stdin.write(request.encode())
            process.stdin.flush()
        except OSError:
            return self._died()
        return self._with_noise(self._reply(self.patience))

    def _reply(self, patience: float) -> Outcome:
        if not self._answers(patience):
            self._end()
            return Outcome("fault", what=f"it hangs: no answer within {patience:g} s", seconds=patience)
        line = self._replies.readline()
        if not line:
            return self._died()
        reply = json.loads(line)
        frames = reply.pop("frames", "")
        reply["what"] = reply.get("what", "") + ("\n" + frames if frames else "")
        reply["size"] = reply.pop("bytes", 0)
        for name in ("shape", "remarks"):
            reply[name] = tuple(reply.get(name, ()))
        return Outcome(**reply)

    def _answers(self, patience: float) -> bool:
        """Whether an answer comes in time. A machine that has others to serve does not count as a hang."""
        assert self._process is not None
        began, spent = time.monotonic(), processor_seconds(self._process.pid)
        while not select.select([self._replies], [], [], patience / 5)[0]:
            waited, worked = time.monotonic() - began, processor_seconds(self._process.pid) - spent
            if worked > patience or waited > 6 * patience:
                return False
        return True

    def _with_noise(self, outcome: Outcome) -> Outcome:
        self._noise.seek(0)
        noise = self._noise.read(2000).decode("utf-8", "replace")
        self._noise.seek(0)
        self._noise.truncate()
        if noise and outcome.status == "fault":
            outcome.what += f"\nprinted: {noise}"
        return outcome.fault(f"it prints: {noise}") if noise else outcome

    def _died(self) -> Outcome:
        assert self._process is not None
        code = self._process.wait()
        self._end()
        return Outcome("fault", what=f"the process ended with {code}")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self.restarts += 1
            ours, theirs = os.pipe()
            self._process = subprocess.Popen(
                [sys.executable, "-X", "faulthandler", "-m", "tests.soak.worker", str(theirs)],
                stdin=subprocess.PIPE,
                stdout=self._noise,
                stderr=self._noise,
                pass_fds=(theirs,),
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "FILTERLAB_THREADS": "1"},
            )
            os.close(theirs)
            self._replies = os.fdopen(ours)
            self._warm_up()
        return self._process

    def _warm_up(self) -> None:
        """Wait until the process answers, so that its start is not counted against the first file."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(b'{"path": "", "reader": "tests.soak.readers:warm_up"}\n')
        self._process.stdin.flush()
        outcome = self._with_noise(self._reply(_START))
        if outcome.status != "read":
            raise RuntimeError(f"the worker does not start: {outcome.what}")

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._replies.close()
            self._process = None


def processor_seconds(pid: int) -> float:
    """How long a process has worked; 0 for one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def judged(outcome: Outcome, memory: int) -> Outcome:
    """The outcome, a fault where its words or its memory (bytes beyond the result) are not as promised."""
    for line in (outcome.line, *outcome.remarks):
        if len(line) >= LONGEST_LINE:
            outcome.fault(f"a line of {len(line)} letters: {line[:400]}")
        if not line.isprintable():
            outcome.fault(f"not one printable line: {line!r}")
        if found := _FOREIGN.search(line):
            outcome.fault(f"in the words of a library ({found.group()}): {line}")
    if outcome.status == "refused" and not outcome.line:
        outcome.fault("refused without a word")
    if outcome.memory > memory + outcome.size:
        outcome.fault(f"{outcome.memory >> 20:,} MiB of memory, for a result of {outcome.size >> 20:,} MiB")
    return outcome
