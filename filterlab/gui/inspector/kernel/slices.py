"""The choice of the plane of a weight."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.words.i18n import tr
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.slices import Index, channels_of


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


def plane_words(layer: Layer, axes: tuple[str, ...], index: Index) -> str:
    """A sentence that names the channels which a plane connects."""
    found = channels_of(layer, axes, index)
    if found is None:
        return ""
    output, source = found
    return tr("from channel {i} of the input to channel {o}", i=source, o=output)


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
