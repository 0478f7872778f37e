"""The card that asks for a prediction: fields for numbers or a choice, a hint after a miss, and the answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from filterlab.gui.lessons.prose import Prose
from filterlab.gui.look.layouts import label
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import current
from filterlab.lessons import Prediction, RightAnswer, answer, read_number

_FIELD = 56  # logical pixels: a field of a matrix with a sign and four digits


class _ChoiceWords(QLabel):
    """The words of a choice, which a radio button itself could not break into lines."""

    def __init__(self, text: str, button: QRadioButton) -> None:
        super().__init__(text, wordWrap=True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._button = button
        button.setAccessibleName(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose, as a click on the words of a radio button does."""
        self._button.setFocus()
        self._button.setChecked(True)


class PredictionCard(QFrame):
    """Asks for a prediction. settled(right): it was answered right or given up; retried: it is to be asked again."""

    settled = Signal(bool)
    retried = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self._asked: Prediction | None = None
        self._settled = False
        self._answer: RightAnswer | None = None
        self.question, self.feedback = Prose(), Prose()
        self.fields: list[list[QLineEdit]] = []
        self.choices = QButtonGroup(self)
        self.check_button, self.reveal_button = QPushButton(tr("Check")), QPushButton(tr("Show the answer"))
        self.retry_button = QToolButton()
        self.retry_button.setText(tr("Predict again"))
        self.retry_button.setProperty("role", "link")
        self.check_button.clicked.connect(self.check)
        self.reveal_button.clicked.connect(lambda: self.settled.emit(False))
        self.retry_button.clicked.connect(self.retried)
        self._lay_out()

    def _lay_out(self) -> None:
        self._form = QVBoxLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._given = QWidget()  # the fields or choices of the present question
        self._form.addWidget(self._given)
        buttons = QHBoxLayout()
        buttons.addWidget(self.check_button)
        buttons.addWidget(self.reveal_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(label("heading", tr("Predict first")))
        column.addWidget(self.question)
        column.addLayout(self._form)
        column.addWidget(self.feedback)
        column.addLayout(buttons)
        column.addWidget(self.retry_button, 0, Qt.AlignmentFlag.AlignLeft)

    # -- showing ---------------------------------------------------------------------------------------

    def ask(self, prediction: Prediction | None, settled: bool, right: bool) -> None:
        """Ask, or show the answer of what is settled; hide for None. right: whether it was answered right."""
        self.setVisible(prediction is not None)
        # What is typed already stays when only something else about the lesson has changed.
        if prediction is None or (prediction, settled) == (self._asked, self._settled):
            return
        self._asked, self._settled = prediction, settled
        self._answer = None if prediction.choices else answer(prediction)
        self._renew(not settled)
        for part in (self._given, self.check_button, self.reveal_button):
            part.setVisible(not settled)
        for part in (self.retry_button, self.feedback):
            part.setVisible(settled)
        self.question.say(prediction.text.said(current()))
        if settled:
            words = tr("**Right:** {answer}") if right else tr("The answer: {answer}")
            self.feedback.say(words.format(answer=self._right_answer()))

    @property
    def first(self) -> QWidget:
        """The first field or choice, where the keyboard begins."""
        return self.choices.buttons()[0] if self.choices.buttons() else self.fields[0][0]

    def _right_answer(self) -> str:
        if self._answer is not None:
            return f"`{self._answer.text}`"
        assert self._asked is not None, "there is something asked"
        return self._asked.choices[self._asked.right].text.said(current())

    def _renew(self, asked: bool) -> None:
        """Empty fields or unmarked choices in the place of those of the question before."""
        for button in self.choices.buttons():
            self.choices.removeButton(button)
        self.fields = []
        given = QWidget()
        if asked and self._answer is not None:
            self._add_fields(given, self._answer)
        elif asked:
            self._add_choices(given)
        self._form.replaceWidget(self._given, given)
        self._given.deleteLater()
        self._given = given

    def _add_fields(self, holder: QWidget, wanted: RightAnswer) -> None:
        rows, columns = wanted.low.shape
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        for col, name in enumerate(wanted.names):
            grid.addWidget(label("dim", tr(name)), 0, col)
        for row in range(rows):
            self.fields.append([])
            for col in range(columns):
                field = QLineEdit()
                field.setMaximumWidth(_FIELD if columns > 1 else 2 * _FIELD)
                field.setAccessibleName(_name(wanted, row, col))
                self.fields[row].append(field)
                grid.addWidget(field, row + 1, col)
        grid.setColumnStretch(columns, 1)

    def _add_choices(self, holder: QWidget) -> None:
        assert self._asked is not None, "there is something asked"
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        for place, choice in enumerate(self._asked.choices):
            button = QRadioButton()
            words = _ChoiceWords(choice.text.said(current()), button)
            self.choices.addButton(button, place)
            line = QHBoxLayout()
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(words, 1)
            column.addLayout(line)

    # -- checking --------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Check at Return, wherever in the card the keyboard is; on a button, press that one."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        (focused if isinstance(focused, QPushButton) else self.check_button).click()

    def check(self) -> None:
        """Settle a right answer; say what is missing, or the hint."""
        assert self._asked is not None, "there is something asked"
        if self._answer is None:
            chosen = self.choices.checkedId()
            missing, right = (tr("Choose one of them.") if chosen < 0 else ""), chosen == self._asked.right
        else:
            missing, right = self._read(self._answer)
        if right:
            self.settled.emit(True)
        else:
            self.feedback.say(missing or tr("Not yet. {hint}", hint=self._asked.hint.said(current())))
            self.feedback.show()
            # The keyboard stays in the field, and a screen reader reads what is new only if it is told to.
            QAccessible.updateAccessibility(QAccessibleEvent(self.feedback, QAccessible.Event.Alert))

    def _read(self, wanted: RightAnswer) -> tuple[str, bool]:
        """What is missing, or "", and whether the numbers are right."""
        numbers: list[list[float]] = []
        for row in self.fields:
            numbers.append([])
            for field in row:
                try:
                    numbers[-1].append(read_number(field.text()))
                except ValueError:
                    field.setFocus()
                    return tr("Type a number, such as -1, 0.5 or 4/9, in each field."), False
        return "", wanted.accepts(numbers)


def _name(wanted: RightAnswer, row: int, col: int) -> str:
    if wanted.names:
        return tr("Your prediction: {part}", part=tr(wanted.names[col]))
    if wanted.low.size == 1:
        return tr("Your prediction")
    return tr("Your prediction: row {row}, column {col}", row=row, col=col)
