"""The record of what a batch has done, so that it can be resumed; and the lock of its output folder.

The journal is a file of JSON lines in the output folder. An entry says that all files of one picture are in place,
with the size, time and digest of each. It is withdrawn, durably, before the first of these files may change, and
written only after the files are on the disk: at whatever moment the process or the power fails, no entry names files
that are not there. The open journal also locks the folder, because the system releases the lock when its holder dies.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import queue
import socket
import stat
import sys
import threading
import time
import traceback
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from filterlab.batch.locking import lock
from filterlab.batch.planning import Job
from filterlab.batch.remote.pictures import is_remote, state_of
from filterlab.errors import UNEXPECTED, FileError
from filterlab.files import open_log
from filterlab.notices import say_once
from filterlab.text.messages import say
from filterlab.text.system import refusal_text

NAME = ".filterlab-journal.jsonl"
GROUP = 64  # entries that share one sync of the disk
PATIENCE = 1.0  # seconds that a finished picture waits for others to share the sync
# Seconds that a batch which was stopped waits for the last sync: an interrupt must not hang on a slow disk.
_LAST_SYNC = 0.5
# What fsync says on file systems that have no such call; an entry is then as safe as the system makes it.
_CANNOT_SYNC = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)

Source = list[Any]  # what an entry is valid for: the picture's path, page, size and time
_Entry = tuple[dict[str, Any], tuple[Path, ...]]  # a line for the journal, and the files that it names


@dataclass(frozen=True)
class Output:
    """A file that was written: its size in bytes, the time of its last change in nanoseconds, and its SHA-256."""

    path: Path
    size: int
    changed: int
    digest: str

    @classmethod
    def of(cls, path: Path) -> Output:
        """The state of a file. Raises OSError."""
        with path.open("rb") as stream:
            state = os.fstat(stream.fileno())
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return cls(path, state.st_size, state.st_mtime_ns, digest)


def source_of(job: Job) -> Source | None:
    """The state of a picture that an entry is valid for; None where the file is not there.

    It must be taken before the picture is read: a file that is replaced while it is computed would otherwise count as
    done, with the maps of its predecessor.
    """
    if is_remote(job.name):
        state = state_of(job.name)
        return None if state is None else [job.name, job.page, *state]
    try:
        # The path and time of a copy of standard input say nothing about the picture, so its content has to.
        if job.name and job.name != str(job.picture):
            return [job.name, job.page, Output.of(job.picture).digest]
        found = job.picture.stat()
    except OSError:
        return None
    return [os.path.abspath(job.picture), job.page, found.st_size, found.st_mtime_ns]


class Journal:
    """The journal of an output folder, which is locked as long as the journal is open.

    fingerprint: of the settings; a picture that was done with other settings, or has changed since, counts as not done.
    Raises FileError where another run is at work in the folder, and where the journal cannot be written.
    """

    def __init__(self, out: Path, fingerprint: str) -> None:
        self._out = out
        self._fingerprint = fingerprint
        self._descriptor = open_log(out / NAME)
        self._finished: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._appending = threading.Lock()
        try:
            # Before the lock is ours as well, to say who holds it.
            lines = _read(self._descriptor)
            if not lock(self._descriptor):
                raise FileError(
                    say("another run is at work in this folder: {}", _holder(lines)), str(out), _WAIT
                )
            lines = _read(self._descriptor)  # with what was added before the lock was ours
            self._entries = _entries(lines)
            self._cut_short = bool(lines) and not lines.endswith(b"\n")
            with suppress(OSError):  # who holds the lock is a courtesy to others
                self._append([{"run": _self()}])
            self._writer = threading.Thread(target=self._write_entries, name="journal", daemon=True)
            self._writer.start()
        except BaseException:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The writer closes the file, and so releases the lock, even if nobody waits for it that long.
        self._finished.put(None)
        self._writer.join(_LAST_SYNC if kind is not None else None)

    def outputs(self, job: Job, *, verify: bool = False) -> list[Output] | None:
        """The files of a picture that is already done and still has them; None for one that is to be done.

        A file counts where its size and time are those of the entry; where only the time differs (the folder was
        copied), or with `verify`, its content must have the digest.
        """
        _, entry = next(_lines(self._entries.get(job.folder, b"")), (b"", {}))
        # The state of the picture now; the entry is valid for the one that it had before it was read.
        source = source_of(job)
        if source is None or entry.get("key") != [self._fingerprint, *source]:
            return None
        files = [Output(self._out / name, *state) for name, *state in entry["outputs"]]
        return files if all(_unchanged(file, verify) for file in files) else None

    def has(self, job: Job) -> bool:
        """Return whether there is an entry for this folder, of whatever picture and settings."""
        return job.folder in self._entries

    def withdraw(self, jobs: Iterable[Job]) -> None:
        """Remove the entries of these pictures, also those of other settings, because their files are about to change.

        Raises OSError where that cannot be made durable; the files must then stay as they are.
        """
        folders = [job.folder for job in jobs if self.has(job)]
        if folders:
            self._append([{"folder": folder} for folder in folders])
            _sync(self._descriptor)
        for folder in folders:
            self._entries.pop(folder, None)

    def add(self, job: Job, source: Source, outputs: Sequence[Output]) -> None:
        """Record a picture as done, within about a second. source: what `source_of` gave before it was read."""
        files = [
            [file.path.relative_to(self._out).as_posix(), file.size, file.changed, file.digest]
            for file in outputs
        ]
        line = {"folder": job.folder, "key": [self._fingerprint, *source], "outputs": files}
        self._finished.put((line, tuple(file.path for file in outputs)))

    def _write_entries(self) -> None:
        """Write entries in groups: syncing the files of a whole group hardly takes longer than syncing those of one."""
        more = True
        try:
            while more:
                group = [self._finished.get()]
                deadline = time.monotonic() + PATIENCE
                while group[-1] is not None and len(group) < GROUP:
                    with suppress(queue.Empty):
                        group.append(self._finished.get(timeout=max(deadline - time.monotonic(), 0)))
                        continue
                    break
                more = group[-1] is not None
                self._write_group([entry for entry in group if entry is not None])
        finally:
            # However this thread ends: an open journal keeps the folder locked as long as the process lives.
            os.close(self._descriptor)

    def _write_group(self, group: list[_Entry]) -> None:
        if not group:
            return
        try:
            _sync_files(self._descriptor, {path for _, paths in group for path in paths})
            self._append([line for line, _ in group])
            _sync(self._descriptor)
        # A full or failing disk, or a fault of ours, costs the next run its knowledge of these pictures, and nothing
        # else: neither the entries of later groups nor the lock of the folder.
        except Exception as error:
            reason = refusal_text(error, writing=True) if isinstance(error, OSError) else UNEXPECTED
            if reason == UNEXPECTED and os.environ.get("FILTERLAB_DEBUG"):
                traceback.print_exception(error)
            say_once(say("{} misses pictures: {}", str(self._out / NAME), reason))

    def _append(self, lines: Sequence[dict[str, Any]]) -> None:
        """Add lines at the end. Raises OSError; what was cut short is then closed off before the next lines."""
        text = "".join(json.dumps(line) + "\n" for line in lines).encode()
        with self._appending:  # the batch withdraws entries while the writer adds some
            if self._cut_short:
                text = b"\n" + text
            while text:
                written = os.write(self._descriptor, text)
                self._cut_short = not text[:written].endswith(b"\n")
                text = text[written:]


_WAIT = say("wait until it has ended, or name another folder")


def _unchanged(file: Output, verify: bool) -> bool:
    try:
        # lstat: a link in place of an output is not what the entry describes, wherever it leads.
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


def _read(descriptor: int) -> bytes:
    parts = []
    os.lseek(descriptor, 0, os.SEEK_SET)
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _lines(content: bytes) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """The lines that are objects, each with what it says."""
    for line in content.split(b"\n"):
        with suppress(ValueError, RecursionError):  # a line may be cut short, or be anything
            said = json.loads(line)
            if isinstance(said, dict):
                yield line, said


def _holder(content: bytes) -> str:
    """The process that began the last run, in words."""
    runs = [said["run"] for _, said in _lines(content) if isinstance(said.get("run"), dict)]
    if not runs:
        return "it has just begun"
    run = {key: str(runs[-1].get(key, "?"))[:60] for key in ("pid", "host", "began")}
    return f"process {run['pid']} on {run['host']}, since {run['began']}"


def _entries(content: bytes) -> dict[str, bytes]:
    """The last line of each folder. Anybody can write the file, so paths that leave the folder are not entries."""
    # As text: a million entries take a quarter of the memory that they take as objects.
    entries: dict[str, bytes] = {}
    for line, said in _lines(content):
        if not isinstance(said.get("folder"), str):
            continue
        entries.pop(said["folder"], None)
        if _is_entry(said):
            entries[said["folder"]] = line
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
    """Bring an open file to the disk. Raises OSError where the disk fails."""
    try:
        if sys.platform == "darwin":
            import fcntl

            # macOS' fsync only hands the data to the drive, which may keep it in a cache that a power cut empties.
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


def _sync_files(descriptor: int, files: Collection[Path]) -> None:
    """Bring these files and their names to the disk. Raises OSError where the disk fails.

    Linux does it for all files of the journal's file system in one call, however many there are in a group.
    """
    sync = getattr(_library(), "syncfs", None)
    if sync is not None and sync(descriptor) == 0:
        # The folder of a picture may be a link to another disk, or another disk be mounted there.
        device = os.fstat(descriptor).st_dev
        files = [file for file in files if file.parent.stat().st_dev != device]
    _sync_each(files)


def _sync_each(files: Collection[Path]) -> None:
    # Windows has no sync of folders, and syncs only files that are open for writing.
    windows = os.name == "nt"
    folders = () if windows else {file.parent for file in files}
    for path in (*files, *folders):
        opened = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
        try:
            _sync(opened)
        finally:
            os.close(opened)


def _library() -> Any:
    """The C library of this process; None on Windows, where it cannot be opened this way."""
    try:
        return ctypes.CDLL(None)
    except (OSError, TypeError):
        return None
