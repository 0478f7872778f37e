"""The window of all kernels of a layer: follows the selected layer, and opens a kernel in the kernel editor."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from filterlab.explain.weights import KernelPlace, WeightSurvey, kernel_place, survey
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector import Inspector
from filterlab.gui.inspector.kernel.floating import Floating
from filterlab.gui.weights.mosaic import KernelAt
from filterlab.gui.weights.panel import KernelsPanel
from filterlab.gui.words.i18n import tr
from filterlab.layers.base.layer import Layer

_SIZE = QSize(960, 640)


class AllKernels(QObject):
    """The command that opens the window, which is made when it is first wanted."""

    def __init__(self, bench: Workbench, inspector: Inspector, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._inspector, self._parent = bench, inspector, parent
        self.window: WeightsWindow | None = None
        bench.commands.add(
            "layer.weights",
            tr("Look at all &kernels…"),
            self.open,
            menu=tr("&Layer"),
            shortcut="Ctrl+K, A",
            tip=tr("All kernels of the layer as pictures, with their norms and the histogram of the weights"),
            enabled=lambda: _kernels(bench, bench.selection.node) is not None,
        )

    def open(self) -> None:
        """Show the kernels of the selected layer."""
        if self.window is None:
            self.window = WeightsWindow(self._bench, self._inspector, self._parent)
        self.window.show_large(_SIZE)


def _kernels(bench: Workbench, node: str) -> tuple[Layer, KernelPlace] | None:
    """The layer of a node, and where it keeps its kernels; None without either."""
    if node not in bench.document.pipeline:
        return None
    layer = bench.document.pipeline[node]
    place = kernel_place(layer)
    return None if place is None else (layer, place)


class WeightsWindow(Floating):
    """Shows the kernels of the selected node; where that has none, those that were shown last stay.

    The numbers are found in a thread: those of a large layer take seconds.
    """

    def __init__(self, bench: Workbench, inspector: Inspector, parent: QWidget) -> None:
        self.panel = KernelsPanel(bench.theme)
        super().__init__(tr("Kernels"), self.panel, parent)
        self._bench, self._inspector = bench, inspector
        self.node = ""
        self._layer: Layer | None = None
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._take)
        self.destroyed.connect(self._computations.drop)
        bench.selection.node_changed.connect(self.refresh)
        bench.document.changed.connect(self.refresh)
        self.panel.view.picked.connect(self._pick)
        self.panel.view.opened.connect(self._open)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what changed while the window was hidden."""
        super().showEvent(event)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Ask for the numbers of the selected node's layer, unless they are known."""
        if not self.isVisible():
            return
        selected = self._bench.selection.node
        node = selected if _kernels(self._bench, selected) is not None else self.node
        found = _kernels(self._bench, node)
        if found is None:
            self.close()
            return
        layer, place = found
        if (node, layer) == (self.node, self._layer):
            return
        if node != self.node:
            self.panel.wait(node)
        self.node, self._layer = node, layer
        self.setWindowTitle(tr("Kernels of {node}", node=node))
        self._computations.ask(layer, partial(survey, layer, place))

    def _take(self, layer: Layer, found: WeightSurvey) -> None:
        # An answer about a layer that was replaced meanwhile is superseded by the next.
        if layer is self._layer:
            self.panel.show_survey(found)

    def _pick(self, kernel: KernelAt) -> None:
        """Show the kernel in the editor of the inspector."""
        found = _kernels(self._bench, self.node)
        if found is None:
            return
        layer, place = found
        self._bench.selection.select(self.node)
        if self._inspector.kernel_editor() is None:
            # Its numbers, which a recipe makes, were not made when the inspector looked last.
            self._inspector.refresh()
        editor = self._inspector.kernel_editor()
        if editor is not None:
            editor.session.select(place.index(kernel.output, kernel.source, len(layer.shape_of(place.name))))

    def _open(self, kernel: KernelAt) -> None:
        """Show the kernel in the large window of the editor."""
        self._pick(kernel)
        editor = self._inspector.kernel_editor()
        if editor is not None:
            editor.open_large()
