"""`report.jsonl` in the output folder: what became of each picture, a line of JSON each, as soon as it is known.

    {"picture": "cat.jpg", "outputs": [{"path": "cat/edges.png", "bytes": 8123, "sha256": "9f..."}],
     "seconds": 0.41, "peak": 183500800}
    {"picture": "dog.jpg", "error": "there is no such file (check the name)"}

Runs in the same folder add to it: the last line about a picture (and `page`, where pages were chosen) is the valid one.
A run that resumes adds no lines about pictures that are done. `outputs` are below the folder; `seconds` were worked on
the picture, the time it waited for others left out; `peak` is the most memory, in bytes, that its process had taken.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from filterlab.batch.planning import Job
from filterlab.batch.worker import Done, Failure
from filterlab.errors import FileError
from filterlab.files import open_log
from filterlab.notices import say_once
from filterlab.text.messages import say
from filterlab.text.system import refusal_text

NAME = "report.jsonl"
_HEAD = b'{"picture": '  # of every line
_BLOCK = 1 << 16  # bytes


class ReportFile:
    """The report of an output folder, open for lines. Raises FileError where it cannot be written."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._descriptor = open_log(out / NAME)
        try:
            self._size = self._cut_torn_line()
        except BaseException:
            os.close(self._descriptor)
            raise
        self._complete = self._size > 0  # it tells of what earlier runs have done

    def __enter__(self) -> ReportFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def add(self, job: Job, result: Done | Failure) -> None:
        """Add the line of a picture. A full disk costs the line, and is said once; the maps matter more."""
        if isinstance(result, Done) and result.earlier and self._complete:
            return
        line = (json.dumps(self._line(job, result)) + "\n").encode()
        try:
            written = os.write(self._descriptor, line)
            if written < len(line):
                os.ftruncate(self._descriptor, self._size)
                say_once(say("there is no room for {}: it misses pictures", str(self._out / NAME)))
            else:
                self._size += written
        except OSError as error:
            say_once(say("{} misses pictures: {}", str(self._out / NAME), refusal_text(error, writing=True)))

    def _line(self, job: Job, result: Done | Failure) -> dict[str, Any]:
        line: dict[str, Any] = {"picture": job.shown}
        if job.page is not None:
            line["page"] = job.page
        if isinstance(result, Failure):
            line["error"] = result.reason
        else:
            line["outputs"] = [
                {"path": o.path.relative_to(self._out).as_posix(), "bytes": o.size, "sha256": o.digest}
                for o in result.outputs
            ]
        if result.seconds:
            line |= {"seconds": result.seconds, "peak": result.peak}
        return line

    def _cut_torn_line(self) -> int:
        """Remove what a process that was killed has left of its last line; returns the size of the file.

        Raises FileError where the file is somebody else's.
        """
        size = end = os.fstat(self._descriptor).st_size
        head = os.read(self._descriptor, len(_HEAD))
        if not _HEAD.startswith(head):
            raise FileError("there is a file of that name", str(self._out / NAME), "name another folder")
        while end:
            start = max(end - _BLOCK, 0)
            os.lseek(self._descriptor, start, os.SEEK_SET)
            place = os.read(self._descriptor, end - start).rfind(b"\n")
            if place >= 0:
                end = start + place + 1
                break
            end = start
        if end < size:
            with suppress(OSError):  # the next line is then spoilt, too, and no map
                os.ftruncate(self._descriptor, end)
        return end
