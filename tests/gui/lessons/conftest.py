"""Lessons whose predictions are made already, for tests of what the steps show after them."""

from __future__ import annotations

import pytest

from filterlab.gui.lessons.progress import Progress
from filterlab.lessons import lessons


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Checks of exercises may take as long as they do on a machine that is busy, or that compiles their loops."""
    monkeypatch.setattr("filterlab.lessons.exercises.trial.SECONDS", 600)


@pytest.fixture
def predicted(bench):
    """All predictions of the lessons on the workbench were answered."""
    progress = Progress(bench.settings)
    for lesson in lessons():
        for place in range(len(lesson.steps)):
            progress.settle(lesson, place, True)
