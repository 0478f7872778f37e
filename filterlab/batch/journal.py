"""What a batch has done, so that it can go on after it was cut short; and the lock of its output folder.

The journal is a file of lines in the output folder. An entry says that all files of one picture are in place, with the
size, time and digest of each. It is withdrawn, durably, before the first of these files may change, and written only
after the files are on the disk: whatever moment a process or the power ends at, no entry speaks of files that are not
there. The open journal is also what locks the folder: the system gives a lock back when its holder dies.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import queue
import socket
import stat
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from filterlab.batch.locking import lock
from filterlab.batch.plan import Job
from filterlab.errors import FileError
from filterlab.text.messages import say

NAME = ".filterlab-journal.jsonl"
GROUP = 64  # entries that share one round of syncs
PATIENCE = 1.0  # seconds that a finished picture waits for others to share it
_AT_THE_END = (
    0.5  # seconds for the last round where the batch was stopped: an interrupt must not wait for a slow disk
)


@dataclass(frozen=True)
class Output:
    """A file that was written: its size in bytes, the time of its last change in nanoseconds, and a digest."""

    path: Path
    size: int
    changed: int
    digest: str

    @classmethod
    def of(cls, path: Path) -> Output:
        """The state of a file. Raises OSError."""
        with path.open("rb") as stream:
            state = os.fstat(stream.fileno())
            return cls(
                path, state.st_size, state.st_mtime_ns, hashlib.file_digest(stream, "sha256").hexdigest()
            )


class Journal:
    """The journal of an output folder, locked as long as it is open.

    fingerprint: of the settings; a picture done with others counts as not done, as does one that has changed.
    Raises FileError where another run is at work in the folder, and where the journal is no file to write into.
    """

    def __init__(self, out: Path, fingerprint: str) -> None:
        self._out = out
        self._fingerprint = fingerprint
        self._descriptor = _open(out / NAME)
        try:
            lines = _read(self._descriptor)
            if not lock(self._descriptor):
                raise FileError(
                    say("another run is at work in this folder: {}", _holder(lines)), str(out), _WAIT
                )
            lines = _read(self._descriptor)  # what was added until the lock was ours
            self._entries = _entries(lines)
            self._append([{"run": _self()}], cut_short=bool(lines) and not lines.endswith(b"\n"))
        except BaseException:
            os.close(self._descriptor)
            raise
        self._finished: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_groups, name="journal", daemon=True)
        self._writer.start()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finished.put(None)
        self._writer.join(_AT_THE_END if kind is not None else None)
        if (
            not self._writer.is_alive()
        ):  # else the end of the process closes the file, and gives the lock back
            os.close(self._descriptor)

    def outputs(self, job: Job, *, verify: bool = False) -> list[str] | None:
        """The files of a picture that is done already and has them still; None for one that is to be done.

        A file counts where its size is that of the entry, and its time too; where the time differs (the folder was
        copied), or with `verify`, its content must have the digest.
        """
        entry = self._entries.get(job.folder)
        if entry is None or entry.get("key") != self._key(job):
            return None
        files = [Output(self._out / name, *state) for name, *state in entry["outputs"]]
        return [str(file.path) for file in files] if all(_unchanged(file, verify) for file in files) else None

    def withdraw(self, jobs: Iterable[Job]) -> None:
        """Take back the entries of these pictures, whoever made them: their files are about to change."""
        lines = [{"folder": job.folder} for job in jobs if self._entries.pop(job.folder, None) is not None]
        if lines:
            self._append(lines)
            _sync(self._descriptor)

    def add(self, job: Job, outputs: Sequence[Output]) -> None:
        """Note a picture as done, within about a second."""
        files = [
            [file.path.relative_to(self._out).as_posix(), file.size, file.changed, file.digest]
            for file in outputs
        ]
        self._finished.put({"folder": job.folder, "key": self._key(job), "outputs": files})

    def _key(self, job: Job) -> list[Any]:
        """What the entry of a picture is valid for: the settings, the page, and the state of the file."""
        try:
            state = job.picture.stat()
            if job.name and job.name != str(
                job.picture
            ):  # a copy of standard input: its name and time say nothing
                return [self._fingerprint, job.name, job.page, Output.of(job.picture).digest]
        except OSError:
            return [self._fingerprint]
        return [self._fingerprint, os.path.abspath(job.picture), job.page, state.st_size, state.st_mtime_ns]

    def _write_groups(self) -> None:
        """Entries as they come, in groups: one sync for all files of a group is hardly slower than for one."""
        more = True
        while more:
            group = [self._finished.get()]
            deadline = time.monotonic() + PATIENCE
            while group[-1] is not None and len(group) < GROUP:
                with suppress(queue.Empty):
                    group.append(self._finished.get(timeout=max(deadline - time.monotonic(), 0)))
                    continue
                break
            more = group[-1] is not None
            entries = [entry for entry in group if entry is not None]
            if entries:
                _sync_files(self._descriptor)
                self._append(entries)
                _sync(self._descriptor)

    def _append(self, lines: Sequence[dict[str, Any]], *, cut_short: bool = False) -> None:
        text = "".join(json.dumps(line) + "\n" for line in lines).encode()
        # One write: a full disk costs the next run its memory of these pictures, and nothing else.
        with suppress(OSError):
            os.write(self._descriptor, b"\n" * cut_short + text)


_WAIT = say("wait until it has ended, or name another folder")


def _unchanged(file: Output, verify: bool) -> bool:
    try:
        state = file.path.lstat()
        if not stat.S_ISREG(state.st_mode) or state.st_size != file.size:
            return False
        if state.st_mtime_ns == file.changed and not verify:
            return True
        return Output.of(file.path).digest == file.digest
    except OSError:
        return False


def _self() -> dict[str, Any]:
    return {"pid": os.getpid(), "host": socket.gethostname(), "began": time.strftime("%Y-%m-%d %H:%M:%S")}


# -- the file ---------------------------------------------------------------------------------------------


def _open(path: Path) -> int:
    """The journal for reading and adding; a link or a pipe in its place could lead or wait anywhere."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666)
    except OSError as error:
        what = say("the journal cannot be written: {}", error.strerror or "the system refuses it")
        raise FileError(what, str(path), "remove it, or name another folder") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileError("the journal is not a regular file", str(path), "remove it, or name another folder")
    return descriptor


def _read(descriptor: int) -> bytes:
    parts = []
    os.lseek(descriptor, 0, os.SEEK_SET)
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _lines(content: bytes) -> Iterable[Any]:
    for line in content.split(b"\n"):
        with suppress(ValueError, RecursionError):  # a line may be cut short, or be anything
            yield json.loads(line)


def _holder(content: bytes) -> str:
    """Who began the last run, in words."""
    runs = [
        line["run"]
        for line in _lines(content)
        if isinstance(line, dict) and isinstance(line.get("run"), dict)
    ]
    if not runs:
        return "it has just begun"
    run = {key: str(runs[-1].get(key, "?"))[:60] for key in ("pid", "host", "began")}
    return f"process {run['pid']} on {run['host']}, since {run['began']}"


def _entries(content: bytes) -> dict[str, dict[str, Any]]:
    """The last word on each folder. A journal is a file like any other: what it names must stay inside its folder."""
    entries: dict[str, dict[str, Any]] = {}
    for line in _lines(content):
        if not isinstance(line, dict) or not isinstance(line.get("folder"), str):
            continue
        entries.pop(line["folder"], None)
        if _is_entry(line):
            entries[line["folder"]] = line
    return entries


def _is_entry(line: dict[str, Any]) -> bool:
    files = line.get("outputs")
    return isinstance(files, list) and all(_is_output(file) for file in files)


def _is_output(file: Any) -> bool:
    if not isinstance(file, list) or [type(part) for part in file] != [str, int, int, str] or "\0" in file[0]:
        return False
    path = Path(file[0])
    return not path.is_absolute() and ".." not in path.parts


def _sync(descriptor: int) -> None:
    with suppress(
        OSError
    ):  # some file systems have no such call; the entry is then as safe as the system makes it
        os.fsync(descriptor)


def _sync_files(descriptor: int) -> None:
    """Bring all files of the journal's file system to the disk: one call, however many files a group has."""
    sync = getattr(_library(), "syncfs", None)
    if sync is not None:
        sync(descriptor)
    elif hasattr(os, "sync"):
        os.sync()


def _library() -> Any:
    """The C library of this process; None on Windows, where it cannot be opened this way."""
    try:
        return ctypes.CDLL(None)
    except (OSError, TypeError):
        return None
