"""Editors of single numbers: a field, and a slider over the useful range."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRect, QSignalBlocker, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QStyle, QStyleOptionSlider, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.base import Editor, editor_for
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.inspector.steps import SLIDER_STEPS, at_slider, slider_position
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import label_of
from filterlab.parameters import Integer, Number, Parameter


class QuietSlider(QSlider):
    """A horizontal slider that leaves the wheel to the panel, and whose handle comes to where the mouse is pressed."""

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Bring the handle there, from where it can be dragged on; by default it would go a page further."""
        before, across = self._handle(), round(event.position().x())
        if event.button() != Qt.MouseButton.LeftButton or before.left() <= across <= before.right():
            super().mousePressEvent(event)
            return
        self.setSliderDown(True)  # first: who hears of the value may take it for a part of the drag
        room, left = self.width() - before.width(), across - before.width() // 2
        self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), left, room))
        # By its handle, which with few values does not lie below the mouse.
        place = QPointF(self._handle().center())
        kind, button = event.type(), event.button()
        where = event.globalPosition()
        super().mousePressEvent(QMouseEvent(kind, place, where, button, event.buttons(), event.modifiers()))

    def _handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        kind, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(kind, option, part, self)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        event.ignore()


class _NumberEditor(Editor):
    whole = False

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        kind = parameter.kind
        self.low, self.high = kind.slider or (0.0, 1.0)
        self.field = NumberField(
            self,
            whole=self.whole,
            optional=kind.optional,
            limits=(kind.minimum, kind.maximum),
            span=self.high - self.low,
            absent=tr("none") if kind.optional else "",
            above=isinstance(kind, Number) and kind.open_minimum,
            below=isinstance(kind, Number) and kind.open_maximum,
        )
        self.slider = QuietSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(*self._slider_range())
        self.slider.setAccessibleName(tr("{name}, slider", name=tr(label_of(parameter))))
        self.slider.setMinimumWidth(36)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.field, 3)
        layout.addWidget(self.slider, 4)
        self.setFocusProxy(self.field)
        self.field.given.connect(self._take)
        self.field.finished.connect(self.finished)
        self.slider.valueChanged.connect(self._slide)
        self.slider.sliderPressed.connect(self.begin)
        self.slider.sliderReleased.connect(self.end)

    def _slider_range(self) -> tuple[int, int]:
        return (int(self.low), int(self.high)) if self.whole else (0, SLIDER_STEPS)

    def set_value(self, value: Any) -> None:
        self.field.set_value(value)
        self._place(value)

    def _place(self, value: Any) -> None:
        with QSignalBlocker(self.slider):
            if value is None:
                return
            if self.whole:
                self.slider.setValue(int(min(max(value, self.low), self.high)))
            else:
                self.slider.setValue(slider_position(value, self.low, self.high))

    def _take(self, value: Any) -> None:
        if isinstance(value, (int, float)):
            self._place(value)
        self.give(value)

    def _slide(self, position: int) -> None:
        value = self.at(position)
        self.field.set_value(value)
        self.give(value)

    def at(self, position: int) -> float:
        """The number that a position of the slider stands for."""
        return at_slider(position, self.low, self.high)


@editor_for("integer")
class IntegerEditor(_NumberEditor):
    """A whole number."""

    whole = True

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        self.odd = isinstance(parameter.kind, Integer) and parameter.kind.odd
        self.field.stride = 2 if self.odd else 1

    def at(self, position: int) -> int:
        # The slider itself knows no odd steps: an even position stands for the number above it.
        return position | 1 if self.odd else position


@editor_for("number")
class RealEditor(_NumberEditor):
    """A number with fractions."""
