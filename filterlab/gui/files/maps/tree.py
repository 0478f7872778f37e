"""A tree of nodes and channels with check boxes, to choose maps from."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from filterlab.gui.files.maps.saving import MapSaving
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words

_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class MapTree(QTreeWidget):
    """Nodes with their channels below them. changed: the person has checked or unchecked a box."""

    changed = Signal()

    def __init__(self, saving: MapSaving) -> None:
        super().__init__()
        self._saving = saving
        self._nodes: dict[str, QTreeWidgetItem] = {}
        self._channels: dict[str, list[QTreeWidgetItem]] = {}
        self.setAccessibleName(tr("Maps to save"))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        for name in saving.names:
            self._add(name)
        self.itemChanged.connect(lambda: self.changed.emit())

    def _add(self, name: str) -> None:
        shape = self._saving.shapes.get(name)
        if shape is None:
            item = QTreeWidgetItem([tr("{node} — cannot be saved", node=name)])
            item.setToolTip(0, self._saving.troubles[name])
            item.setDisabled(True)
            self.addTopLevelItem(item)
            return
        item = QTreeWidgetItem([f"{name}   {shape_words(shape)}"])
        item.setCheckState(0, _UNCHECKED)
        self.addTopLevelItem(item)
        self._nodes[name], self._channels[name] = item, []
        if len(shape) == 3 and shape[0] > 1:
            # Qt then keeps the box of the node and those of its channels consistent.
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsAutoTristate)
            for channel in range(shape[0]):
                child = QTreeWidgetItem([tr("channel {n}", n=channel)])
                child.setCheckState(0, _UNCHECKED)
                item.addChild(child)
                self._channels[name].append(child)

    def choose(self, maps: Iterable[tuple[str, int | None]]) -> None:
        """Check these maps and no others. channel None: all channels."""
        wanted: dict[str, set[int | None]] = {}
        for node, channel in maps:
            wanted.setdefault(node, set()).add(channel)
        # Each box that is checked here would otherwise count as a change by the person.
        self.blockSignals(True)
        for name, item in self._nodes.items():
            channels = wanted.get(name, set())
            children = self._channels[name]
            complete = None in channels or (bool(channels) and not children)
            item.setCheckState(0, _CHECKED if complete else _UNCHECKED)
            for i, child in enumerate(children):
                child.setCheckState(0, _CHECKED if complete or i in channels else _UNCHECKED)
            item.setExpanded(bool(channels) and not complete)
        self.blockSignals(False)
        self.viewport().update()

    def chosen(self) -> dict[str, set[int] | None]:
        """The checked channels of each node; None where all are checked."""
        found: dict[str, set[int] | None] = {}
        for name, item in self._nodes.items():
            if item.checkState(0) == _CHECKED:
                found[name] = None
            elif item.checkState(0) == Qt.CheckState.PartiallyChecked:
                children = enumerate(self._channels[name])
                found[name] = {i for i, child in children if child.checkState(0) == _CHECKED}
        return found
