"""The weights that learn, and their gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from filterlab.gui.commands import Commands
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.learning.transport import command_button
from filterlab.gui.learning.views.grids import WeightGrid
from filterlab.gui.look.theme import Theme
from filterlab.gui.words.i18n import tr
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

TALL = 17  # lines of text; from this height on there is room for two rows of grids

MOST_TOGETHER = 5  # cells a side of a kernel whose errors stand in its own cells alone
LOW = 25  # lines of text; below, words beside a grid leave it more room than words under it


class WeightsView(QWidget):
    """One plane of an array of weights, and beside it the gradient of the step that led to it.

    On request also the least-squares weights and their difference. changed: another array or plane was chosen.
    """

    changed = Signal()

    def __init__(self, theme: Theme, commands: Commands) -> None:
        super().__init__()
        self.array = QuietCombo()
        self.array.setAccessibleName(tr("Weights that are shown"))
        self.array.setToolTip(tr("Which of the learned weights are shown"))
        self.slice = QSpinBox()
        self.slice.setAccessibleName(tr("Slice of the weights"))
        self.slice.setToolTip(
            tr("Which plane of height and width is shown: output by output, input by input")
        )
        self.slice.hide()
        self.slice.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.kernel = WeightGrid(theme, tr("kernel"), tr("The weights after the shown step"))
        gradient_tip = tr("The gradient that led to this step: each weight moved against it")
        self.gradient = WeightGrid(theme, tr("gradient"), gradient_tip)
        self.error = WeightGrid(
            theme, tr("standard error"), tr("How far each weight would scatter if the noise were another")
        )
        self.error.hide()
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.array, 1)
        head.addWidget(self.slice)
        self.compare = command_button(commands, "learn.compare")
        head.addWidget(self.compare)
        self.grids = QGridLayout()
        self.grids.setSpacing(8)
        self.closest = WeightGrid(theme, tr("best fit"), tr("The weights that least squares gives"))
        self.difference = WeightGrid(
            theme, tr("difference"), tr("The weights shown minus those of least squares")
        )
        self.quality = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        for grid in (self.closest, self.difference):
            grid.hide()
        self._tall = False
        self._arrange()
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(4)
        column.addLayout(head)
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.addLayout(self.grids, 1)
        self._body.addWidget(self.quality)
        column.addLayout(self._body, 1)
        self.quality.hide()
        self.array.activated.connect(lambda: self.changed.emit())
        self.slice.valueChanged.connect(lambda: self.changed.emit())

    def _arrange(self) -> None:
        # The best fit below the others where there is room, else beside them.
        # Errors take the place of the gradient: a solution has none.
        for i, grid in enumerate((self.kernel, self.gradient, self.error, self.closest, self.difference)):
            place = i - (i > 1)
            self.grids.addWidget(grid, *(divmod(place, 2) if self._tall else (0, place)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Arrange the grids in one row or two, as the height allows."""
        super().resizeEvent(event)
        tall = self.height() > TALL * self.fontMetrics().height()
        if tall != self._tall:
            self._tall = tall
            self._arrange()
        self._place_words()

    def _place_words(self) -> None:
        # Beside a single grid, which is square and would be squeezed by the words below it in a low panel.
        alone = self.gradient.isHidden() and self.closest.isHidden()
        beside = alone and self.height() < LOW * self.fontMetrics().height()
        directions = QBoxLayout.Direction
        self._body.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._body.setStretchFactor(self.quality, 1 if beside else 0)

    @property
    def chosen(self) -> tuple[str, str] | None:
        """The node and the parameter of the array that is shown."""
        data = self.array.currentData()
        return None if data is None else (data[0], data[1])

    def offer(self, pipeline: Pipeline, nodes: tuple[str, ...]) -> None:
        """List the trainable arrays of these nodes, and keep the chosen one if it is among them."""
        keys = [[name, key] for name in nodes for key in pipeline[name].trainable()]
        if keys == [self.array.itemData(i) for i in range(self.array.count())]:
            return  # called at every step: the array that the person chose must stay
        chosen = self.array.currentData()
        self.array.clear()
        for name, key in keys:
            self.array.addItem(f"{name} · {key}", [name, key])
        self.array.show_data(chosen if chosen in keys else keys[0])

    def show_weights(
        self,
        weights: NDArray[Any],
        gradient: NDArray[Any] | None,
        certainty: tuple[NDArray[Any], NDArray[Any]] | None = None,
    ) -> None:
        """Show the chosen plane of the weights and of their gradient, if there is one.

        certainty: the standard errors of the weights, and which of them differ from 0.
        """
        count = planes(weights)
        self.slice.setRange(0, count - 1)
        self.slice.setSuffix(tr(" of {count}", count=count))
        self.slice.setVisible(count > 1)
        known = [] if certainty is None else [plane(array, self.slice.value()) for array in certainty]
        self.kernel.show_plane(plane(weights, self.slice.value()), *known)
        self.gradient.setHidden(certainty is not None)  # of a solution there is none, and errors need room
        # The cells of a larger kernel seldom have room for both numbers.
        apart = bool(known) and max(known[0].shape) > MOST_TOGETHER
        self.error.show_plane(known[0] if apart else None)
        self.error.setVisible(apart)
        self.gradient.show_plane(None if gradient is None else plane(gradient, self.slice.value()))

    def show_closest(
        self,
        best: NDArray[Any] | None,
        difference: NDArray[Any] | None,
        certainty: tuple[NDArray[Any], NDArray[Any]] | None = None,
        *,
        on: bool,
    ) -> None:
        """Show the least-squares weights, with their certainty, and the difference, where there are any."""
        index = self.slice.value()
        known = [] if certainty is None else [plane(array, index) for array in certainty]
        for grid, array, more in ((self.closest, best, known), (self.difference, difference, [])):
            grid.show_plane(None if array is None else plane(array, index), *more)
            grid.setVisible(on and array is not None)

    def show_words(self, words: str) -> None:
        """Show lines of words below the grids; nothing for ""."""
        self.quality.setText(words)
        self.quality.setVisible(bool(words))
        self._place_words()


def planes(array: NDArray[Any]) -> int:
    """The number of planes (h, w) that an array consists of."""
    return 1 if array.ndim < 3 else int(array.size // (array.shape[-1] * array.shape[-2]))


def plane(array: NDArray[Any], index: int) -> NDArray[Any]:
    """One of the planes (h, w) of an array; a vector is one row."""
    if array.ndim < 2:
        return array.reshape(1, -1)
    return array.reshape(-1, *array.shape[-2:])[index]
