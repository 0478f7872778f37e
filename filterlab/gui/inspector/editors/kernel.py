"""Editor of kernels: everything about one plane of an array parameter."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors import arrays
from filterlab.gui.inspector.editors.arrays import ArrayEditor, Unmade, is_made, recipe_words
from filterlab.gui.inspector.editors.base import editor_for
from filterlab.gui.inspector.kernel.floating import Floating
from filterlab.gui.inspector.kernel.presets import PresetPanel
from filterlab.gui.inspector.kernel.readouts import Readouts
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.inspector.kernel.sheet import KernelSheet
from filterlab.gui.inspector.kernel.slices import PlaneLine, plane_words
from filterlab.gui.inspector.kernel.tools import KernelTools, tool_button
from filterlab.gui.inspector.section import reveal
from filterlab.gui.panels.readings import ReadingsDialog
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.kernels import AmbiguousKernelError
from filterlab.kernels.editing import MOST_CELLS
from filterlab.layers.base.weights import Weights
from filterlab.parameters import Parameter

MOST_CHANNELS = 10_000  # in a combo box


@editor_for("kernel")
class KernelEditor(ArrayEditor):
    """Presets, slices, grid, readouts and tools around one session.

    Where the cells cannot be shown, `unmade` says why in place of `content`.
    """

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        axes = self.kind.axes
        self.session = KernelSession(parameter.name, self)
        self.presets = PresetPanel(self.session, bench, self)
        self.plane = PlaneLine(self.session, axes, self) if len(axes) == 4 else None
        self.sheet = KernelSheet(self.session, bench.theme)
        self.grid = self.sheet.grid
        self.readouts = Readouts(self.session, bench.theme, self)
        self.tools = KernelTools(self.session, bench.theme, self)
        self.enlarge = tool_button("maximize-2", tr("Edit the kernel in a large window"), bench.theme)
        self.large: Floating | None = None
        for button in (self.tools.copy, self.tools.paste, self.enlarge):
            self.sheet.buttons.addWidget(button)
        self.problem = self.sheet.problem
        self.unmade = Unmade(self)
        self.all_kernels = QPushButton(tr("Look at all kernels…"), self)
        self.all_kernels.setVisible(self.plane is not None)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.grid)

    def _lay_out(self) -> None:
        self.content = QWidget(self)
        self._layout = QVBoxLayout(self.content)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.presets)
        if self.plane is not None:
            self._layout.addWidget(self.plane)
        below = (self.sheet, self.tools, self.presets.settings, self.readouts)
        for widget in below:
            self._layout.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.unmade)
        column.addWidget(self.all_kernels)
        column.addWidget(self.content)

    def _connect(self) -> None:
        self.session.edited.connect(self.edited)
        self.session.unclear.connect(self._ask)
        self.session.changed.connect(self._show_plane)
        self.grid.opened.connect(self.open_large)
        self.enlarge.clicked.connect(self.open_large)
        self.tools.finished.connect(self.finished)
        self.presets.finished.connect(self.finished)
        self.unmade.button.clicked.connect(self.make_numbers)
        self.all_kernels.clicked.connect(lambda: self.bench.commands.action("layer.weights").trigger())
        self.bench.results.map_ready.connect(self._show_made)

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
        elif self.large is not None:
            self.large.close()  # it shows another node's kernel

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

    def go_to_grid(self) -> None:
        """Give the grid the focus, where it can be seen."""
        reveal(self)
        self.grid.setFocus()

    def open_large(self) -> None:
        """Show the kernel in a window of its own, in which every cell has room for its number."""
        if self.large is None:
            self.large_sheet = KernelSheet(self.session, self.bench.theme, heads=True)
            self.large_sheet.grid.opened.connect(self.large_sheet.grid.edit)
            self.large_sheet.grid.refresh()
            self.large = Floating("", self.large_sheet, self)
        self.large.setWindowTitle(self._title())
        self.large_sheet.grid.move_to(self.grid.current)
        margin = QSize(40, 40)
        self.large.show_large(self.large_sheet.sizeHint() + margin)

    def _title(self) -> str:
        words = tr("Kernel of {node}", node=self.node)
        return words if self.plane is None else f"{words}, {self.plane.words.text()}"

    def _ask(self, error: AmbiguousKernelError, put: Callable[[Any], None]) -> None:
        """Let the person choose which of several kernels was pasted. put: takes the one that is meant."""
        session = self.session
        plane = session.node, session.index

        def take(kernel: Any) -> None:
            # Although the dialog is modal, a file whose reading ends meanwhile may have moved the selection.
            if plane == (session.node, session.index):
                put(kernel)
                self.finished.emit()

        dialog = ReadingsDialog(error.readings, tr("the clipboard"), self)
        dialog.chosen.connect(take)
        dialog.open()

    def _show_plane(self) -> None:
        if self.plane is not None and self.layer is not None:
            self.plane.words.setText(plane_words(self.layer, self.kind.axes, self.session.index))
        if self.large is not None:
            self.large.setWindowTitle(self._title())
