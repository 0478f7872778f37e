"""One page of a lesson: its text, its question, and the buttons that lead on."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.lessons.exercise import ExerciseCards
from filterlab.gui.lessons.player import LessonPlayer
from filterlab.gui.lessons.prediction import PredictionCard
from filterlab.gui.lessons.prose import Prose
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import current
from filterlab.lessons.lesson import LessonStep, Question

_FEW = 4  # modules of PyTorch that are shown beside a step


class QuestionCard(QFrame):
    """A question whose answer is shown on request."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self.question, self.answer = Prose(), Prose()
        self.button = QPushButton(tr("Show the answer"))
        self.button.clicked.connect(lambda: self._reveal(self.answer.isHidden()))
        heading = QLabel(tr("To think about"))
        heading.setProperty("role", "heading")
        column = QVBoxLayout(self)
        for part in (heading, self.question, self.answer):
            column.addWidget(part)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def ask(self, question: Question | None) -> None:
        """Show a question without its answer, or nothing for None."""
        self.setVisible(question is not None)
        if question is not None:
            self.question.say(question.text.said(current()))
            self.answer.say(question.answer.said(current()))
            self._reveal(False)

    def _reveal(self, shown: bool) -> None:
        self.answer.setVisible(shown)
        self.button.setText(tr("Hide the answer") if shown else tr("Show the answer"))


class StepPage(QWidget):
    """Shows the present step of the player. next_lesson_wanted: the person goes on after the last step."""

    next_lesson_wanted = Signal()

    def __init__(self, player: LessonPlayer, bench: Workbench) -> None:
        super().__init__()
        self._player, self._bench, self._commands = player, bench, bench.commands
        self._following = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title, self.progress, self.text = QLabel(wordWrap=True), QLabel(), Prose()
        self.title.setProperty("role", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.progress.setProperty("role", "dim")
        self.prediction, self.card, self.torch = PredictionCard(), QuestionCard(), QLabel(wordWrap=True)
        self.exercises = ExerciseCards(bench, player.progress)
        self.torch.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.torch.setTextFormat(Qt.TextFormat.PlainText)
        self.torch.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        player.opened.connect(self._show_torch)
        self.prediction.settled.connect(player.settle)
        self.prediction.retried.connect(player.predict_again)
        self.leave_button = QToolButton()
        self.leave_button.setText(tr("‹ Leave the lesson"))
        self.leave_button.setToolTip(tr("Back to the list, and to the work that was open before"))
        self.copy_button = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self.copy_button.setText(tr("Copy as"))
        self.copy_button.setToolTip(tr("Copy the pipeline of this step, with your changes"))
        self.copy_button.setMenu(QMenu(self.copy_button))
        # The other commands of the window may be declared after this page.
        self.copy_button.menu().aboutToShow.connect(self._fill_copy_menu)
        self.back_button, self.next_button = QPushButton(tr("Previous")), QPushButton(tr("Next"))
        self.next_button.setProperty("role", "primary")
        self.leave_button.clicked.connect(lambda: player.leave())
        self.back_button.clicked.connect(lambda: player.go(player.place - 1))
        self.next_button.clicked.connect(lambda: self._go_on())
        # Only after the layout has made the card taller by the answer can it be scrolled to.
        self.card.button.clicked.connect(lambda: QTimer.singleShot(0, self, self._show_card))
        self._lay_out()

    def _lay_out(self) -> None:
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(9, 7, 9, 9)
        inner.setSpacing(10)
        for part in (self.prediction, self.text, self.card, self.torch, self.exercises):
            inner.addWidget(part)
        inner.addStretch(1)
        self.area = QScrollArea(widgetResizable=True)
        self.area.setWidget(content)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(tr("Words of the lesson"))
        row = QHBoxLayout()
        row.addWidget(self.back_button)
        row.addStretch(1)
        row.addWidget(self.next_button)
        head = QHBoxLayout()
        head.addWidget(self.leave_button)
        head.addStretch(1)
        head.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.title)
        column.addWidget(self.progress)
        column.addWidget(self.area, 1)
        column.addLayout(row)

    def show_step(self, following: bool) -> None:
        """Show the player's present step. following: whether there is another lesson after this one."""
        lesson, step = self._player.lesson, self._player.step
        if lesson is None or step is None:
            return
        self._following = following
        place, total = self._player.place, len(lesson.steps)
        self.title.setText(lesson.title.said(current()))
        dots = "● " * (place + 1) + "○ " * (total - place - 1)
        self.progress.setText(f"{dots} " + tr("step {place} of {total}", place=place + 1, total=total))
        self._show_words(step)
        self.back_button.setEnabled(place > 0)
        self.next_button.setText(tr("Next lesson") if self._player.last else tr("Next"))
        self.next_button.setEnabled(following or not self._player.last)
        self.area.verticalScrollBar().setValue(0)

    def _show_words(self, step: LessonStep) -> None:
        """The words of a step; before its prediction, only what it asks."""
        lesson, player = self._player.lesson, self._player
        settled = player.settled
        focused = QApplication.focusWidget()
        # Of the card, what has the keyboard is about to be hidden, and Qt would give it to another part of the window.
        answered = focused is not None and self.prediction.isAncestorOf(focused)
        moved = answered or (not settled and focused is not None and self.isAncestorOf(focused))
        right = lesson is not None and player.progress.right(lesson, player.place)
        self.prediction.ask(step.predict, settled, right)
        self.text.setVisible(settled)
        self.torch.hide()  # until the step is opened
        self.text.say(step.text.said(current()))
        self.card.ask(step.question if settled else None)
        self.exercises.offer(lesson if settled and player.last else None)
        self.setFocusProxy(
            self.next_button if settled else self.prediction.first
        )  # Space leads through the lesson
        if moved:
            self.setFocus()

    def _show_torch(self) -> None:
        """The modules of PyTorch that do what the layers of the step do, if they are few."""
        # Here, as the exporters are not needed before.
        from filterlab.interop.exporting.torch import torch_line

        layers = [node.layer for node in self._bench.document.pipeline.nodes]
        written = [(torch_line(x), getattr(x, "padding_mode", "zeros")) for x in layers]
        # A mode of padding that PyTorch's layer does not have takes a line of its own, which is not written here.
        told = (line for line, mode in written if mode == "zeros" or repr(mode) in line)
        lines = list(dict.fromkeys(line for line in told if line.startswith("nn.")))
        self.torch.setVisible(0 < len(lines) <= _FEW)
        words = [tr("In PyTorch:"), *lines]
        if any("bias=False" in line for line in lines):
            words.append(tr("PyTorch adds a bias by default"))
        if any(getattr(x, "operation", "") == "convolution" for x in layers):
            words.append(
                tr("PyTorch does not turn the kernel around: its weights are those of this layer, rotated")
            )
        self.torch.setText("\n".join(words))

    def _fill_copy_menu(self) -> None:
        # The step is what the window has opened, so that the commands on the pipeline are those on the step.
        self._commands.refresh()
        self.copy_button.menu().clear()
        for name in ("edit.copy_python", "edit.copy_pytorch", "edit.copy_onnx", "edit.copy_command"):
            self.copy_button.menu().addAction(self._commands.action(name))

    def _show_card(self) -> None:
        self.area.ensureWidgetVisible(self.card, 0, 9)

    def _go_on(self) -> None:
        if self._player.last:
            self.next_lesson_wanted.emit()
        else:
            self._player.go(self._player.place + 1)
