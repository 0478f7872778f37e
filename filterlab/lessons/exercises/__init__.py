"""Exercises: data files that ask for a pipeline and declare how it is checked, and the verdict on a hand-in."""

# Importing a module of checks makes its kinds known to the files.
from filterlab.lessons.exercises import figures as figures
from filterlab.lessons.exercises import maps as maps
from filterlab.lessons.exercises.check import Finding
from filterlab.lessons.exercises.exercise import (
    Exercise,
    Verdict,
    check_file,
    check_pipeline,
    exercise,
    exercises,
    read_exercise,
)

__all__ = [
    "Exercise",
    "Finding",
    "Verdict",
    "check_file",
    "check_pipeline",
    "exercise",
    "exercises",
    "read_exercise",
]
