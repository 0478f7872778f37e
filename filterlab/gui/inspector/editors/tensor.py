"""Editor of arrays: the kernel grid for planes, a table for lists and matrices."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.arrays import ArrayPart
from filterlab.gui.inspector.editors.base import Editor, editor_for
from filterlab.gui.inspector.kernel.editor import KernelPart
from filterlab.gui.inspector.lists import ListPart
from filterlab.gui.inspector.matrix import MatrixPart
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.parameters import Parameter


def part_type(axes: tuple[str, ...]) -> type[ArrayPart]:
    """Which part edits an array with these axes."""
    if axes[-2:] == ("height", "width"):
        return KernelPart
    return ListPart if len(axes) == 1 else MatrixPart


@editor_for("tensor")
class TensorEditor(Editor):
    """Holds the part that suits the axes of the array."""

    wide = True

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        assert isinstance(parameter.kind, Tensor), "an array has axes"
        self.part = part_type(parameter.kind.axes)(parameter, bench, self)
        self.rank = self.part.rank  # type: ignore[misc]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.part)
        self.setFocusProxy(self.part)
        self.part.edited.connect(self.edited)
        self.part.finished.connect(self.finished)

    def follow(self, node: str, layer: Layer) -> None:
        self.part.follow(node, layer)
