"""The exercises of a lesson: the task, a button that checks the open pipeline, what was found in words, and hints."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.lessons.progress import Progress
from filterlab.gui.lessons.prose import Prose
from filterlab.gui.look.layouts import label
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import current
from filterlab.gui.words.wording import said
from filterlab.lessons import Lesson
from filterlab.lessons.exercises import Exercise, Verdict, check_pipeline, exercises

_MARKS = re.compile(r"([\\`*_<\[])")  # of Markdown: reasons name nodes and numbers, which are no markup


class ExerciseCard(QFrame):
    """One exercise, checked on the pipeline that is open; how far the person has come is kept."""

    def __init__(self, task: Exercise, bench: Workbench, progress: Progress) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self._task, self._bench, self._progress = task, bench, progress
        self._hints = 0  # shown so far
        self.checking = False
        self.dropped = False  # no longer shown, and about to be deleted
        self.heading = label("heading", wrap=True)
        self.task, self.feedback, self.hints = Prose(), Prose(), Prose()
        self.check_button = QPushButton(tr("Check my pipeline"))
        self.check_button.setToolTip(
            tr("Test what the last layer of the open pipeline gives on other pictures")
        )
        self.check_button.clicked.connect(self.check)
        self.hint_button = QPushButton()
        self.hint_button.clicked.connect(self._show_hint)
        buttons = QHBoxLayout()
        buttons.addWidget(self.check_button)
        buttons.addWidget(self.hint_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        for part in (self.heading, self.task, self.hints, self.feedback):
            column.addWidget(part)
        column.addLayout(buttons)
        self.hints.hide()
        self.feedback.hide()
        self.task.say(task.task.said(current()))
        self._mark()

    def check(self) -> None:
        """Check the open pipeline in the background, and say what was found; nothing while that is under way."""
        # The button stays enabled: Qt takes the keyboard away from one that is not.
        if self.checking:
            return
        pipeline, task = self._bench.document.pipeline, self._task
        self.checking = True
        self._tell(tr("Checking…"))
        self._bench.background.submit(lambda: check_pipeline(pipeline, task), self._show, self._fail)

    def _show(self, verdict: Verdict) -> None:
        self.checking = False
        if verdict.passed:
            self._progress.mark_solved(self._task.name)
        if self.dropped:
            return
        if verdict.passed:
            self._tell(tr("**Solved:** the pipeline passes all checks."))
        else:
            reason = _MARKS.sub(r"\\\1", said(verdict.reason))
            self._tell(tr("**Not yet:** {reason}.", reason=reason))
        self._mark()

    def _fail(self, error: Exception, details: str) -> None:
        self.checking = False
        if not self.dropped:
            self.feedback.hide()
        self._bench.messages.error(error, tr("The exercise cannot be checked"), details)

    def _tell(self, words: str) -> None:
        self.feedback.say(words)
        self.feedback.show()

    def _show_hint(self) -> None:
        self._hints += 1
        shown = (hint.said(current()) for hint in self._task.hints[: self._hints])
        self.hints.say("\n".join(f"{number}. {hint}" for number, hint in enumerate(shown, start=1)))
        self.hints.show()
        self._mark()

    def _mark(self) -> None:
        """Say in the heading whether it is solved, and on the button which hint comes next."""
        title, total = self._task.title.said(current()), len(self._task.hints)
        solved = self._progress.solved(self._task.name)
        words = tr("Try it yourself, solved: {title} ✓") if solved else tr("Try it yourself: {title}")
        self.heading.setText(words.format(title=title))
        self.check_button.setAccessibleDescription(title)
        more = self._hints < total
        if not more and self.hint_button.hasFocus():
            self.check_button.setFocus()
        self.hint_button.setEnabled(more)
        self.hint_button.setText(
            tr("Hint {number} of {total}", number=min(self._hints + 1, total), total=total)
        )


class ExerciseCards(QWidget):
    """The exercises that belong to a lesson, one below the other."""

    def __init__(self, bench: Workbench, progress: Progress) -> None:
        super().__init__()
        self._bench, self._progress = bench, progress
        self._lesson: Lesson | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.cards: list[ExerciseCard] = []
        self.hide()

    def offer(self, lesson: Lesson | None) -> None:
        """Show the exercises of a lesson, or none. Those that are shown already stay as they are, with their hints."""
        if lesson is not self._lesson:
            self._lesson = lesson
            self._fill([] if lesson is None else [x for x in exercises() if x.lesson == lesson.name])
        self.setVisible(bool(self.cards))

    def _fill(self, tasks: list[Exercise]) -> None:
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.dropped = True
            card.deleteLater()
        self.cards = [ExerciseCard(task, self._bench, self._progress) for task in tasks]
        for card in self.cards:
            self._column.addWidget(card, 0, Qt.AlignmentFlag.AlignTop)
