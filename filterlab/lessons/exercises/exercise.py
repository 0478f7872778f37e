"""An exercise as its file holds it, and the verdict on what is handed in for it. No code of a hand-in is ever run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from filterlab.errors import FileError, FilterLabError
from filterlab.lessons.exercises.check import Check, Finding, read_check
from filterlab.lessons.exercises.pictures import ExercisePart
from filterlab.lessons.exercises.trial import Limits, Trial
from filterlab.lessons.lesson import LessonWords
from filterlab.pipeline import Pipeline
from filterlab.resources import resource
from filterlab.run.files import read_bytes
from filterlab.text.messages import say

SUFFIXES = (".json", ".safetensors")
LARGEST_FILE = 64 << 20  # bytes: sixteen times the parameters that an exercise allows


class Exercise(ExercisePart):
    """A task with the checks of what is handed in for it.

    lesson: the name of the lesson that it belongs to. hints: shown one after the other. limits: what a hand-in may
    cost; more is refused before anything is computed. name: of the file, without its suffix.
    """

    format: Literal["filterlab-exercise/1"]
    lesson: Annotated[str, Field(min_length=1)]
    title: LessonWords
    task: LessonWords
    hints: Annotated[list[LessonWords], Field(min_length=1)]
    checks: Annotated[list[Annotated[Check, BeforeValidator(read_check)]], Field(min_length=1)]
    limits: Limits = Limits()
    name: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the checks of an exercise found in one pipeline; none where it could not be tested, for this reason."""

    findings: tuple[Finding, ...]
    refused: str = ""

    @property
    def passed(self) -> bool:
        """Whether all checks were passed."""
        return not self.refused and all(finding.passed for finding in self.findings)

    @property
    def score(self) -> float:
        """The share of checks that were passed."""
        return sum(f.passed for f in self.findings) / len(self.findings) if self.findings else 0.0

    @property
    def reason(self) -> str:
        """Why it was not passed: the first fault, or "" for none."""
        return self.refused or next((f.reason for f in self.findings if not f.passed), "")


def exercises() -> list[Exercise]:
    """All exercises that come with the program, in the order of their names."""
    return [read_exercise(path) for path in sorted(resource("exercises").glob("*.json"))]


def exercise(name: str) -> Exercise:
    """An exercise by its name, or of a .json file. Raises FileError where there is none."""
    path = Path(name)
    if path.suffix.lower() != ".json":
        known = {found.stem: found for found in resource("exercises").glob("*.json")}
        if name not in known:
            hint = say("one of {}", ", ".join(sorted(known)))
            raise FileError(say("there is no exercise {!r}", name), "check", hint)
        path = known[name]
    return read_exercise(path)


def read_exercise(path: Path) -> Exercise:
    """The exercise of a file. Raises FileError that says what is wrong, and where in the file."""
    try:
        found = Exercise.model_validate_json(read_bytes(path, LARGEST_FILE))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ", ".join(str(key) for key in first["loc"])
        what = say("it is not an exercise: {}", first["msg"])
        hint = say("the exercises in resources/exercises are examples")
        raise FileError(what, f"{path}, {place}" if place else str(path), hint) from None
    return found.model_copy(update={"name": path.stem})


def check_pipeline(pipeline: Pipeline, task: Exercise) -> Verdict:
    """The verdict on a pipeline. Raises nothing that the pipeline is to blame for."""
    try:
        trial = Trial(pipeline, task.limits)
    except FilterLabError as error:
        return Verdict((), _words(error))
    return Verdict(tuple(_finding(check, trial) for check in task.checks))


def check_file(path: Path, task: Exercise) -> Verdict:
    """The verdict on a .json or .safetensors file; one that cannot be read is refused in words."""
    if path.suffix.lower() not in SUFFIXES:
        return Verdict((), say("{!r} is not a pipeline: hand in {}", path.name, ", ".join(SUFFIXES)))
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Verdict((), say("the file is larger than {} MB", LARGEST_FILE >> 20))
        return check_pipeline(Pipeline.load(path), task)
    except OSError:
        return Verdict((), say("there is no such file"))
    except FilterLabError as error:
        return Verdict((), _words(error))


def _finding(check: Check, trial: Trial) -> Finding:
    try:
        fault = check.fault(trial)
    except FilterLabError as error:
        fault = _words(error)
    except MemoryError:
        fault = say("there is not enough memory for it")
    return Finding(check.kind, not fault, fault)


def _words(error: FilterLabError) -> str:
    """What went wrong and where; the hint is about the command or the file, and not about the exercise."""
    return say("{}: {}", error.where, error.what) if error.where else error.what
