"""The choice of the plane of a weight, and the bias of its output channel."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.words.i18n import tr
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.slices import Index, axis_length, channels_of, constant, with_number


class SlicePicker(QWidget):
    """Two lists, "out 0 of 4" and "in 0 of 3", in the order of the array's axes."""

    def __init__(self, session: KernelSession, axes: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.combos: list[QuietCombo] = []
        self._words: list[str] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for axis in axes:
            combo = QuietCombo(self)
            combo.setMaxVisibleItems(20)
            combo.setAccessibleName(tr(axis))
            combo.setToolTip(tr("Which of the {axis} is shown; the first is 0", axis=tr(axis)))
            combo.currentIndexChanged.connect(self._select)
            layout.addWidget(combo, 1)
            self.combos.append(combo)
            self._words.append(tr("out {i} of {n}") if axis.startswith("output") else tr("in {i} of {n}"))
        session.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the session's plane."""
        counts = self._session.weights.shape
        shown = zip(self.combos, self._words, self._session.index, counts, strict=False)
        for combo, words, place, count in shown:
            with QSignalBlocker(combo):
                if combo.count() != count:
                    combo.clear()
                    combo.addItems([words.format(i=i, n=count) for i in range(count)])
                combo.setCurrentIndex(place)

    def _select(self) -> None:
        self._session.select(tuple(combo.currentIndex() for combo in self.combos))


class BiasField(QWidget):
    """The bias of one output channel. edited: as in `Editor`, with the bias of all channels."""

    edited = Signal(object, str, object)
    finished = Signal()

    def __init__(self, name: str, axis: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self._axis = name, axis
        self._layer: Layer | None = None
        self._node, self._channel = "", 0
        self.label = QLabel(self)
        self.field = NumberField(self, absent=tr("none"), optional=True)
        self.field.setAccessibleName(tr("bias of this output channel"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label)
        layout.addWidget(self.field, 1)
        self.setFocusProxy(self.field)
        self.field.given.connect(self._take)
        self.field.finished.connect(self.finished)

    def follow(self, node: str, layer: Layer, channel: int) -> None:
        """Show the bias of an output channel of a layer."""
        self._node, self._layer, self._channel = node, layer, channel
        self.label.setText(tr("Bias of output {n}", n=channel))
        bias = layer.raw()[self.name]
        self.field.set_value(None if bias is None else bias.array[channel])

    def _take(self, value: Any) -> None:
        assert self._layer is not None, "a field follows a layer"
        label = tr("Change bias of {node}", node=self._node)
        merge = ("bias", self._node, self._channel)
        if isinstance(value, str):
            # Text, which the layer refuses in its own words.
            self.edited.emit({self.name: [value]}, label, merge)
            return
        bias = self._layer.raw()[self.name]
        if value is None and bias is None:
            return
        array = constant(axis_length(self._layer, self._axis) or 1, 0.0) if bias is None else bias.array
        # An empty field is 0 here: a bias can only be left out for all channels at once.
        changed = with_number(array, (self._channel,), value or 0.0)
        self.edited.emit({self.name: changed}, label, merge)


def plane_words(layer: Layer, axes: tuple[str, ...], index: Index) -> tuple[int, str]:
    """The output channel of a plane, and a sentence that names the channels it connects."""
    found = channels_of(layer, axes, index)
    if found is None:
        return 0, ""
    output, source = found
    return output, tr("from channel {i} of the input to channel {o}", i=source, o=output)


class PlaneLine(QWidget):
    """The picker, and below it the sentence that names the channels."""

    def __init__(self, session: KernelSession, axes: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picker = SlicePicker(session, axes[:-2], self)
        self.words = QLabel(self)
        self.words.setProperty("role", "dim")
        self.words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.picker)
        layout.addWidget(self.words)
