"""What a batch has done, so that it can go on after it was cut short."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from filterlab.batch.plan import Job

NAME = ".filterlab-journal.jsonl"


class Journal:
    """A line for each finished picture, in the output folder. Lines are added only when its files are in place.

    fingerprint: of the settings; a picture done with others counts as not done, as does one that has changed.
    """

    def __init__(self, out: Path, fingerprint: str) -> None:
        self._path = out / NAME
        self._fingerprint = fingerprint
        self._entries = _read(self._path)

    def outputs(self, job: Job) -> list[str] | None:
        """The files of a picture that is done already and has them still; None for one that is to be done."""
        entry = self._entries.get(job.folder)
        if entry is None or entry.get("key") != self._key(job):
            return None
        files = entry.get("outputs", [])
        folder = self._path.parent
        return [str(folder / name) for name in files] if all((folder / n).is_file() for n in files) else None

    def add(self, job: Job, outputs: Sequence[Path]) -> None:
        """Note a picture as done. A journal that cannot be written only costs the next run its memory."""
        names = [path.relative_to(self._path.parent).as_posix() for path in outputs]
        line = json.dumps({"folder": job.folder, "key": self._key(job), "outputs": names})
        with suppress(OSError), self._path.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")

    def _key(self, job: Job) -> list[Any]:
        try:
            state = job.picture.stat()
        except OSError:
            return [self._fingerprint]
        return [self._fingerprint, str(job.picture.resolve()), state.st_size, state.st_mtime_ns]


def _read(path: Path) -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return entries
    for line in lines:
        with suppress(ValueError, KeyError, TypeError):  # the last line may be cut short
            entry = json.loads(line)
            # A journal is a file like any other: what it says must stay inside its folder.
            if all(not Path(n).is_absolute() and ".." not in Path(n).parts for n in entry["outputs"]):
                entries[entry["folder"]] = entry
    return entries
