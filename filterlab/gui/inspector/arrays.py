"""What the editors of arrays have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.i18n import tr
from filterlab.gui.workbench import Workbench
from filterlab.layers.base import Layer, Parameter
from filterlab.layers.kinds import Tensor
from filterlab.layers.slices import with_number
from filterlab.layers.weights import Weights
from filterlab.pipeline.ledger import Row


class ArrayPart(QWidget):
    """Base of the parts that edit one array parameter. edited, finished, rank: as those of `Editor`."""

    edited = Signal(object, str, object)
    finished = Signal()
    rank: ClassVar[int] = 2

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert isinstance(parameter.kind, Tensor), "only arrays have parts"
        self.parameter, self.bench, self.kind = parameter, bench, parameter.kind
        self.node = ""
        self.layer: Layer | None = None

    @property
    def weights(self) -> Weights | None:
        """The array with its recipe; None where it is left out."""
        if self.layer is None:
            return None
        found: Weights | None = self.layer.raw()[self.parameter.name]
        return found

    def follow(self, node: str, layer: Layer) -> None:
        """Show the array of a node's layer."""
        self.node, self.layer = node, layer
        self.refresh()

    def refresh(self) -> None:
        """Show what `weights` holds now."""
        raise NotImplementedError(type(self).__name__)

    def give(self, value: Any, label: str = "", merge: object = None) -> None:
        """Wish a value for the parameter."""
        self.edited.emit({self.parameter.name: value}, label, merge)

    def give_number(self, index: tuple[int, ...], value: float) -> None:
        """Wish the array with one number changed, as a step of its own."""
        assert self.weights is not None, "what is edited is there"
        try:
            self.give(with_number(self.weights.array, index, value))
        except FilterLabError as error:
            self.refuse(error)
        self.finished.emit()

    def refuse(self, error: FilterLabError) -> None:
        """Say why a number was not changed."""
        self.bench.messages.error(error, tr("the number was not changed"))

    def channels(self) -> int | None:
        """Channels of the node's output, where they are known."""
        row = self.bench.results.rows.get(self.node)
        return row.shape[0] if isinstance(row, Row) else None
