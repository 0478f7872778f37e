"""A field for one number. It shows every digit, and never rounds a number that nobody touched."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from filterlab.errors import ParameterError
from filterlab.gui.inspector.steps import number_step, stepped
from filterlab.kernels.text import number_text, parse_number

Value = float | int | str | None  # text where it is no number; None where an optional field is empty

PAUSE = 600  # milliseconds without a key after which a number counts

SE = QAbstractSpinBox.StepEnabledFlag


class NumberField(QAbstractSpinBox):
    """A number that is typed, or stepped with the wheel and the arrow keys.

    typed(value): after every key; text that is no number comes as it is. given(value): typing has ended, by a pause,
    Enter or leaving the field, or the person stepped. finished: the field was left.

    whole: only whole numbers. optional: an empty field stands for None. limits: stepping stays within them, typing need
    not, since the layer says what is wrong; above, below: the lower or the upper limit itself is not legal. span: the
    useful range, which sets the size of a step; stride: the step of whole numbers.
    """

    # Not a QDoubleSpinBox, which rounds every number to a set count of decimals.

    typed = Signal(object)
    given = Signal(object)
    finished = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        whole: bool = False,
        optional: bool = False,
        limits: tuple[float | None, float | None] = (None, None),
        span: float = 2.0,
        absent: str = "",
        digits: int = 6,
        above: bool = False,
        below: bool = False,
    ) -> None:
        super().__init__(parent)
        self.whole, self.optional, self.limits, self.span = whole, optional, limits, span
        self.above, self.below, self.stride = above, below, 1
        self._digits = digits
        # By default Qt gives the focus to the field on which the wheel is turned, before the field is asked.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.lineEdit().setPlaceholderText(absent)
        # Where each key counted, 999 on the way to 9999 would be computed, and refused in the end.
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._give)
        self.lineEdit().textEdited.connect(self._take_key)
        self.editingFinished.connect(self._leave)

    def _take_key(self) -> None:
        self._pause.start()
        self.typed.emit(self.value())

    def _give(self) -> None:
        self._pause.stop()
        self.given.emit(self.value())

    def give_waiting(self) -> None:
        """Do not wait for the pause any longer."""
        if self._pause.isActive():
            self._give()

    def _leave(self) -> None:
        self.give_waiting()
        self.finished.emit()

    def value(self) -> Value:
        """The content of the field."""
        return self._read(self.lineEdit().text())

    def set_value(self, value: float | None) -> None:
        """Show a value. Text that spells it already stays as it was typed: "0.50" for 0.5."""
        self._pause.stop()
        text = "" if value is None else number_text(value)
        shown = self.value()
        if shown != value or isinstance(shown, str) or self.lineEdit().text() == "":
            self.lineEdit().setText(text)

    def _read(self, text: str) -> Value:
        if not text.strip():
            return None if self.optional else ""
        try:
            number = parse_number(text)
        except ParameterError:
            return text
        return int(number) if self.whole and number.is_integer() else number

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        value = self.value()
        number = value if isinstance(value, (int, float)) else self._start()
        step = self.stride if self.whole else number_step(number, self.span)
        number = self._within(stepped(number, steps * step), number)
        self.lineEdit().setText(number_text(int(number) if self.whole else number))
        self.selectAll()
        self.typed.emit(self.value())
        self._give()

    def _within(self, number: float, before: float) -> float:
        """The nearest number within the limits; `before` where that would be a limit that is not legal itself."""
        low, high = self.limits
        if high is not None and self.below and number >= high:
            return before
        if low is not None and self.above and number <= low:
            return before
        number = number if low is None else max(number, low)
        return number if high is None else min(number, high)

    def _start(self) -> float:
        low = self.limits[0]
        return 0 if low is None else low

    def event(self, event: QEvent) -> bool:
        """Commands that follow by their shortcuts, as Save, find what was typed."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._is_for_window(event):
                event.ignore()
                return False
            modified = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            if event.modifiers() & modified:
                self.give_waiting()
        return super().event(event)

    def _is_for_window(self, event: QKeyEvent) -> bool:
        """Undo and redo where nothing was typed: Qt's field would swallow them, and its steps could not be undone."""
        line, keys = self.lineEdit(), QKeySequence.StandardKey
        if event.matches(keys.Undo):
            return not line.isUndoAvailable()
        return event.matches(keys.Redo) and not line.isRedoAvailable()

    def stepEnabled(self) -> SE:  # noqa: N802 - Qt's name
        return SE.StepUpEnabled | SE.StepDownEnabled

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        # Without the focus the wheel scrolls the panel.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        self.selectAll()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._width(self._digits + 1), self._height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._width(min(self._digits, 3)), self._height())

    def _height(self) -> int:
        # Characters from a fallback font, such as Chinese ones, are taller than the font's own height.
        return self.fontMetrics().lineSpacing() + 8

    def _width(self, digits: int) -> int:
        return self.fontMetrics().horizontalAdvance("0") * digits + 16
