"""A field for one number. It shows every digit, and never rounds a number that nobody touched."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from filterlab.errors import ParameterError
from filterlab.gui.inspector.steps import number_step, stepped
from filterlab.kernels.text import number_text, parse_number

Value = float | int | str | None  # text where it is no number; None where an optional field is empty

SE = QAbstractSpinBox.StepEnabledFlag


class NumberField(QAbstractSpinBox):
    """typed(value): the person typed or stepped; text that is no number comes as it is. finished: the field was left.

    whole: only whole numbers. optional: an empty field stands for None. limits: stepping stays within them, typing need
    not, since the layer says what is wrong; above, below: the lower or the upper limit itself is not legal. span: the
    useful range, which sets the size of a step; stride: the step of whole numbers.
    """

    # Not a QDoubleSpinBox, which rounds every number to a set count of decimals.

    typed = Signal(object)
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
        self.lineEdit().textEdited.connect(lambda text: self.typed.emit(self.value()))
        self.editingFinished.connect(self.finished)

    def value(self) -> Value:
        """The content of the field."""
        return self._read(self.lineEdit().text())

    def set_value(self, value: float | None) -> None:
        """Show a value. Text that spells it already stays as it was typed: "0.50" for 0.5."""
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
