"""How far the person has come with the lessons, kept in the settings of the program."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from filterlab.lessons import Lesson

_DONE = "lessons/done"
_RIGHT = "lessons/predicted"
_SEEN = "lessons/revealed"
_SOLVED = "lessons/solved"


class Progress:
    """The lessons read to the end, the predictions that were answered or given up, and the exercises solved."""

    # Each set is kept as one text, and not as a list: QSettings gives a list of one back as a text, and an empty one as
    # nothing.

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def done(self, lesson: Lesson) -> bool:
        """Whether the last step of a lesson was reached."""
        return lesson.name in self._set(_DONE)

    def mark_done(self, lesson: Lesson) -> None:
        """Remember that the last step was reached."""
        self._keep(_DONE, {*self._set(_DONE), lesson.name})

    def right(self, lesson: Lesson, place: int) -> bool:
        """Whether the prediction of a step was right."""
        return _key(lesson, place) in self._set(_RIGHT)

    def settled(self, lesson: Lesson, place: int) -> bool:
        """Whether the step has no prediction, or one that was answered right or given up."""
        if lesson.steps[place].predict is None:
            return True
        return _key(lesson, place) in self._set(_RIGHT) | self._set(_SEEN)

    def settle(self, lesson: Lesson, place: int, right: bool) -> None:
        """Remember that a prediction was right, or that its answer was looked at."""
        name = _RIGHT if right else _SEEN
        self._keep(name, {*self._set(name), _key(lesson, place)})

    def forget(self, lesson: Lesson, place: int) -> None:
        """Let the prediction of a step be made again."""
        for name in (_RIGHT, _SEEN):
            self._keep(name, self._set(name) - {_key(lesson, place)})

    def predicted(self, lesson: Lesson) -> tuple[int, int]:
        """How many predictions of a lesson were right, and how many it has."""
        places = [place for place, step in enumerate(lesson.steps) if step.predict is not None]
        return sum(self.right(lesson, place) for place in places), len(places)

    def solved(self, exercise: str) -> bool:
        """Whether the exercise of this name was solved."""
        return exercise in self._set(_SOLVED)

    def mark_solved(self, exercise: str) -> None:
        """Remember that it was solved."""
        self._keep(_SOLVED, {*self._set(_SOLVED), exercise})

    def _set(self, name: str) -> set[str]:
        return set(str(self._settings.value(name, "")).split())

    def _keep(self, name: str, content: set[str]) -> None:
        self._settings.setValue(name, " ".join(sorted(content)))


def _key(lesson: Lesson, place: int) -> str:
    return f"{lesson.name}/{place + 1}"
