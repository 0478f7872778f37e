"""Editor of kernels: everything about one plane of an array parameter."""

from __future__ import annotations

from math import prod
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors import arrays
from filterlab.gui.inspector.editors.arrays import ArrayEditor, Unmade, is_made, recipe_words
from filterlab.gui.inspector.editors.base import editor_for
from filterlab.gui.inspector.kernel.grid import TALLEST, KernelGrid
from filterlab.gui.inspector.kernel.presets import PresetPanel
from filterlab.gui.inspector.kernel.readouts import Readouts
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.inspector.kernel.slices import BiasField, PlaneLine, plane_words
from filterlab.gui.inspector.kernel.tools import KernelTools
from filterlab.gui.panels.readings import ReadingsDialog
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.kernels import AmbiguousKernelError
from filterlab.kernels.editing import MOST_CELLS
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.weights import Weights
from filterlab.parameters import Parameter
from filterlab.text.numbers import exact

MOST_CHANNELS = 10_000  # in a combo box
BESIDE = 5  # columns of the widest grid that leaves room for the readouts beside it


class GridArea(QScrollArea):
    """Shows the grid; where even the smallest cells need more room, it scrolls."""

    def __init__(self, grid: KernelGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = grid
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidget(grid)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(grid)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._wanted = QSize(60, 60)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self._wanted

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        # The width that the grid has now must not keep the panel from becoming narrower.
        return QSize(60, self._wanted.height())

    def fit(self, width: int) -> None:
        """Take this width, and the height that the grid needs at it."""
        self.grid.set_room(width)
        size = self.grid.sizeHint()
        bar = self.horizontalScrollBar().sizeHint().height()
        wide = size.width() > width
        self._wanted = QSize(
            min(size.width(), width), min(size.height() + (bar if wide else 0), TALLEST + 20)
        )
        self.updateGeometry()


@editor_for("kernel")
class KernelEditor(ArrayEditor):
    """Presets, slices, grid, readouts, tools and bias around one session.

    Where the cells cannot be shown, `unmade` says why in place of `content`.
    """

    rank = 0

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        axes = self.kind.axes
        self.session = KernelSession(parameter.name, self)
        self.presets = PresetPanel(self.session, bench, self)
        self.plane = PlaneLine(self.session, axes, self) if len(axes) == 4 else None
        self.grid = KernelGrid(self.session, bench.theme, self)
        self.area = GridArea(self.grid, self)
        self.grid.field.setParent(self)  # a grid of one cell is too small for it
        self.readouts = Readouts(self.session, bench.theme, self)
        self.cell, self.problem = QLabel(self), QLabel(self)
        self.tools = KernelTools(self.session, self)
        self.bias: BiasField | None = None
        self.cell.setProperty("role", "dim")
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.unmade = Unmade(self)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.grid)

    def _lay_out(self) -> None:
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(10)
        self._body.addWidget(self.area, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._body.addWidget(self.readouts, 1)
        self.content = QWidget(self)
        self._layout = QVBoxLayout(self.content)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(7)
        self._layout.addWidget(self.presets)
        if self.plane is not None:
            self._layout.addWidget(self.plane)
        self._layout.addLayout(self._body)
        for widget in (self.cell, self.problem, self.presets.settings, self.tools):
            self._layout.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.unmade)
        column.addWidget(self.content)

    def _connect(self) -> None:
        # What can be done ends the complaint about what could not.
        self.session.edited.connect(lambda: self._show_refused(None))
        self.session.edited.connect(self.edited)
        self.session.refused.connect(self._show_refused)
        self.session.unclear.connect(self._ask)
        self.session.changed.connect(self._show_plane)
        self.grid.moved.connect(self._show_cell)
        self.grid.copy_requested.connect(lambda: self.tools.copy_as("text"))
        self.grid.paste_requested.connect(self.tools.paste_clipboard)
        self.tools.paint.toggled.connect(self._set_painting)
        self.tools.finished.connect(self.finished)
        self.presets.finished.connect(self.finished)
        self.unmade.button.clicked.connect(self.make_numbers)
        self.bench.results.map_ready.connect(self._show_made)

    def follow(self, node: str, layer: Layer) -> None:
        if self.plane is not None and self.bias is None:
            self._make_bias(layer)
        super().follow(node, layer)

    def _make_bias(self, layer: Layer) -> None:
        """Make a field for the bias where the layer declares one for each output channel."""
        for declared in layer.declarations():
            # Any layer of the type will do: what follows later in this form has the same declarations.
            if isinstance(declared.kind, Tensor) and declared.kind.axes == ("output channels",):
                self.bias = BiasField(declared.name, declared.kind.axes[0], self)
                self.bias.edited.connect(self.edited)
                self.bias.finished.connect(self.finished)
                self._layout.addWidget(self.bias)

    @property
    def editable(self) -> bool:
        """Whether the kernel is shown cell by cell, and its commands apply."""
        return not self.content.isHidden()

    def refresh(self) -> None:
        assert self.layer is not None, "asked for with a layer"
        weights = self.weights
        if weights is None:
            return
        words, can_be_made = self._hindrance(weights)
        self.unmade.explain(words, can_be_made=can_be_made)
        self.unmade.setVisible(bool(words))
        self.content.setVisible(not words)
        if not words:
            self.session.follow(self.node, self.layer)

    @staticmethod
    def _hindrance(weights: Weights) -> tuple[str, bool]:
        """Why the cells cannot be shown, "" where they can, and whether it helps to make the numbers."""
        extent = " × ".join(map(str, weights.shape))
        wide = max(weights.shape[-2:]) > MOST_CELLS or max(weights.shape[:-2], default=0) > MOST_CHANNELS
        if wide or prod(weights.shape) > arrays.MOST_EDITED:
            return tr("{extent} numbers: too many to be edited one by one", extent=extent), False
        if not is_made(weights):
            return f"{extent}, {recipe_words(weights)}", True
        try:
            _ = weights.array
        except FilterLabError as error:
            return error_words(error), False  # a recipe with parameters that give no numbers
        return "", False

    def _show_made(self, name: str) -> None:
        # A map of the node was computed with these numbers: they have been made.
        if name == self.node and not self.editable and self.layer is not None:
            self.refresh()

    def _set_painting(self, on: bool) -> None:
        self.grid.painting = on

    def _show_refused(self, error: FilterLabError | None) -> None:
        text = "" if error is None else error_words(error)
        if error is not None and error.where.startswith("line"):
            text = f"{tr(error.where)}: {text}"
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _ask(self, error: AmbiguousKernelError) -> None:
        """Let the person choose which of several kernels was pasted."""
        session = self.session
        plane = session.node, session.index

        def put(kernel: Any) -> None:
            # Although the dialog is modal, a file whose reading ends meanwhile may have moved the selection.
            if plane == (session.node, session.index):
                session.put(kernel)
                self.finished.emit()

        dialog = ReadingsDialog(error.readings, tr("the clipboard"), self)
        dialog.chosen.connect(put)
        dialog.open()

    def _show_cell(self) -> None:
        row, col = self.grid.current
        middle = self.grid.cell_rect((row, col)).center()
        self.area.ensureVisible(middle.x(), middle.y(), self.grid.side, self.grid.side)
        value = exact(self.session.kernel[row, col])
        text = tr("row {r}, column {c}: {value}", r=row, c=col, value=value)
        chosen = len(self.grid.selected)
        self.cell.setText(text if chosen == 1 else f"{text} · " + tr("{n} cells selected", n=chosen))

    def _show_plane(self) -> None:
        self._fit()
        if self.plane is None or self.layer is None:
            return
        channel, words = plane_words(self.layer, self.kind.axes, self.session.index)
        self.plane.words.setText(words)
        if self.bias is not None:
            self.bias.follow(self.node, self.layer, channel)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        if self.layer is not None and self.editable:
            self._fit()

    def _fit(self) -> None:
        """Put the grid beside the readouts where it is narrow, else above them."""
        beside = self.session.size[1] <= BESIDE
        directions = QBoxLayout.Direction
        self._body.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self.readouts.set_wide(not beside)
        width = max(self.width(), 160)
        if beside:
            width = min(width // 2, width - self.readouts.minimumSizeHint().width() - self._body.spacing())
        self.area.fit(width)
