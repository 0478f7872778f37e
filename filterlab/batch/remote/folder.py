"""Output folders behind addresses."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from filterlab.batch.journal import source_of
from filterlab.batch.planning import Job
from filterlab.batch.remote.pictures import STORES, explained, is_address, opened_at, scheme_of
from filterlab.batch.report import NAME as REPORT
from filterlab.batch.runner import Outcome
from filterlab.batch.settings import Settings
from filterlab.errors import FileError, FilterLabError
from filterlab.text.messages import say

ENDING = ".done"


@contextmanager
def staged(out: str) -> Iterator[Path]:
    """Yield the output folder, or one of this machine in which the files for an address are made.

    Raises FileError for an address that nothing can be written to.
    """
    if not is_address(out):
        yield Path(out)
        return
    if scheme_of(out) not in STORES:
        what = say("files cannot be written to {}", f"{scheme_of(out)}://")
        raise FileError(what, out, say("give a folder, or an address of {}", ", ".join(STORES[:-1])))
    with TemporaryDirectory(prefix="filterlab-out-") as folder:
        yield Path(folder)


class RemoteFolder:
    """An output folder behind an address. settings: those that make the files, in a folder of this machine.

    What is there already is listed once, at the beginning. Raises FilterLabError where it cannot be reached.
    """

    def __init__(self, address: str, settings: Settings) -> None:
        self._address, self._settings = address.rstrip("/"), settings
        with explained(address):
            self._system, path = opened_at(self._address)
            self._root = path.rstrip("/")
            found = self._system.find(self._root, detail=True) if self._system.exists(self._root) else {}
            self._sizes = {name: entry.get("size") for name, entry in found.items()}
            if self._place(REPORT) in self._sizes:
                settings.out.mkdir(parents=True, exist_ok=True)
                self._system.get_file(self._place(REPORT), str(settings.out / REPORT))

    def _place(self, name: str) -> str:
        return f"{self._root}/{name}"

    def sorted_out(self, jobs: Sequence[Job]) -> tuple[list[Job], list[Outcome]]:
        """The jobs that are to be done, and the outcomes of those that were done before.

        What says of a picture that it is done is removed before its files may change.
        """
        waiting, earlier = [], []
        for job in jobs:
            mark = self._place(job.folder + ENDING)
            if mark not in self._sizes:
                waiting.append(job)
            elif self._settings.existing == "keep":
                waiting.append(
                    replace(job, problem=job.problem or say("exists: {}", f"{self._address}/{job.folder}"))
                )
            elif self._settings.existing == "resume" and not (entry := self._entry(mark)):
                what = say(
                    "{} exists, and is not of a run like this", f"{self._address}/{job.folder}{ENDING}"
                )
                waiting.append(replace(job, problem=job.problem or what))
            elif self._settings.existing == "resume" and (outputs := self._outputs(job, entry)) is not None:
                earlier.append(Outcome(job.shown, outputs, page=job.page, folder=job.folder, earlier=True))
            else:
                with explained(self._address):
                    self._system.rm_file(mark)
                waiting.append(job)
        return waiting, earlier

    def _entry(self, mark: str) -> dict[str, Any]:
        """What a file says that was written when a picture was done; nothing where it is no such file."""
        with explained(self._address):
            content = self._system.cat_file(mark)
        with suppress(ValueError):
            entry = json.loads(content)
            if isinstance(entry, dict) and {"picture", "outputs"} <= entry.keys():
                return entry
        return {}

    def _outputs(self, job: Job, entry: dict[str, Any]) -> tuple[str, ...] | None:
        """The files of a picture that was done as it would be now, and are all there; else None."""
        with suppress(Exception):
            there = all(self._sizes.get(self._place(name)) == size for name, size in entry["outputs"].items())
            if there and entry["key"] == self._key(job):
                return tuple(f"{self._address}/{name}" for name in entry["outputs"])
        return None

    def _key(self, job: Job) -> list[Any]:
        return json.loads(json.dumps([self._settings.fingerprint(), source_of(job)]))

    def each(self, outcomes: Iterable[Outcome], jobs: Sequence[Job]) -> Generator[Outcome]:
        """The outcomes after their files were sent and removed here; those that cannot be sent have failed."""
        by_folder = {job.folder: job for job in jobs}
        for outcome in outcomes:
            yield outcome if outcome.error else self._sent(outcome, by_folder[outcome.folder])
        self._send_report()

    def _sent(self, outcome: Outcome, job: Job) -> Outcome:
        out = self._settings.out
        names = {Path(path).relative_to(out).as_posix(): Path(path) for path in outcome.outputs}
        try:
            if self._settings.existing == "keep":
                for name in names:
                    if self._place(name) in self._sizes:
                        return replace(
                            outcome, outputs=(), error=say("exists: {}", f"{self._address}/{name}")
                        )
            with explained(self._address):
                sizes = {name: path.stat().st_size for name, path in names.items()}
                # Lists are sent side by side, where the store can.
                self._system.put([str(path) for path in names.values()], [self._place(n) for n in names])
                entry = {"picture": job.shown, "outputs": sizes, "key": self._key(job)}
                self._system.pipe_file(self._place(job.folder + ENDING), json.dumps(entry).encode())
        except FilterLabError as error:
            return replace(outcome, outputs=(), error=str(error))
        finally:
            for path in names.values():
                path.unlink(missing_ok=True)
        return replace(outcome, outputs=tuple(f"{self._address}/{name}" for name in names))

    def _send_report(self) -> None:
        with suppress(Exception):  # it is a courtesy; the pictures are there
            self._system.put_file(str(self._settings.out / REPORT), self._place(REPORT))
