"""What follows a picture that is done: a file that says so, and a command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from filterlab.batch.planning import Job
from filterlab.batch.runner import Outcome
from filterlab.errors import FilterLabError, ParameterError
from filterlab.files import atomic_write
from filterlab.text.messages import say
from filterlab.text.system import refusal_text

ENDING = ".done"


@dataclass(frozen=True)
class Afterwards:
    """What is done for each picture when its files are whole.

    command: a program and its arguments, started without a shell. In an argument, {picture} stands for the path of the
    picture; one that is {outputs} becomes the paths of all its files. It is not started for pictures that an earlier
    run has done. done_file: DIR/<folder of the picture>.done says what was written, in JSON. existing: see `Settings`;
    where files are kept, so is what is said of them, and only "overwrite" replaces a file of that name that says
    something else. Raises ParameterError where there is no such program.
    """

    out: Path
    command: tuple[str, ...] = ()
    done_file: bool = False
    existing: str = "keep"

    def __post_init__(self) -> None:
        if self.command and shutil.which(self.command[0]) is None:
            what = say("there is no program {!r}", self.command[0])
            raise ParameterError(what, "--after", "give its path", parameter="after")

    def refused(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """The jobs, with a problem where somebody else's file has the name of the one that says that it is done."""
        if not self.done_file or self.existing == "overwrite":
            return jobs
        return [self._refused(job) for job in jobs]

    def _refused(self, job: Job) -> Job:
        place = self._place(job.folder)
        if job.problem or not os.path.lexists(place) or _said(place) is not None:
            return job
        return replace(job, problem=say("{} exists, and is not of a run like this", str(place)))

    def begin(self, jobs: Iterable[Job]) -> None:
        """Remove the files that say of these pictures that they are done: from now on they need not be."""
        for job in jobs if self.done_file else ():
            place = self._place(job.folder)
            said = _said(place)
            # Where its files are kept and whole, the picture will be refused because of them.
            stays = self.existing == "keep" and all((self.out / name).exists() for name in said or ())
            if said is not None and not stays:
                with suppress(OSError):
                    place.unlink()

    def each(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The outcomes, after what follows them; that one has failed makes the picture count as failed."""
        for outcome in outcomes:
            yield outcome if outcome.error else self._followed(outcome)

    def _followed(self, outcome: Outcome) -> Outcome:
        try:
            if self.done_file:
                self._say_done(outcome)
            if self.command and not outcome.earlier:
                self._start(outcome)
        except FilterLabError as error:
            return replace(outcome, error=str(error))
        return outcome

    def _place(self, folder: str) -> Path:
        return self.out / f"{folder}{ENDING}"

    def _say_done(self, outcome: Outcome) -> None:
        place = self._place(outcome.folder)
        outputs = [Path(os.path.relpath(path, self.out)).as_posix() for path in outcome.outputs]
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(place, overwrite=self.existing == "overwrite") as temporary:
            temporary.write_text(json.dumps({"picture": outcome.picture, "outputs": outputs}) + "\n")

    def _start(self, outcome: Outcome) -> None:
        words = [word for argument in self.command for word in _filled(argument, outcome)]
        try:
            # Its output goes to the error stream: standard output is that of the report.
            status = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=2, check=False).returncode
        except (OSError, ValueError) as error:
            refused = refusal_text(error)
            raise FilterLabError(
                say("its files are written, but the command cannot start: {}", refused)
            ) from None
        if status:
            raise FilterLabError(say("its files are written, but the command ended with status {}", status))


def _said(place: Path) -> list[str] | None:
    """The files that were written when this file was, by their names; None where it is nothing of ours."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        found: Mapping[str, Any] = json.loads(place.read_text("utf-8"))
        if isinstance(found["picture"], str):
            return [str(name) for name in found["outputs"]]
    return None


def _filled(argument: str, outcome: Outcome) -> Sequence[str]:
    if argument == "{outputs}":
        return outcome.outputs
    return (argument.replace("{picture}", outcome.picture),)
