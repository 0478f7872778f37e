"""Which nodes shall learn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from filterlab.gui.i18n import tr

_MOST_LINES = 5


class NodeList(QListWidget):
    """A list to tick. changed: other nodes are ticked, by the person."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Nodes that learn"))
        self.setToolTip(tr("The nodes whose weights change; the others stay as they are"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.itemChanged.connect(lambda item: self.changed.emit())

    @property
    def names(self) -> list[str]:
        """All that are listed."""
        return [self.item(i).text() for i in range(self.count())]

    @property
    def ticked(self) -> tuple[str, ...]:
        """Those that shall learn."""
        items = (self.item(i) for i in range(self.count()))
        return tuple(item.text() for item in items if item.checkState() == Qt.CheckState.Checked)

    def offer(self, names: Sequence[str], ticked: Sequence[str]) -> None:
        """List these."""
        if self.names == list(names) and self.ticked == tuple(n for n in names if n in ticked):
            return
        with QSignalBlocker(self):
            self.clear()
            for name in names:
                item = QListWidgetItem(name, self)
                item.setFlags(
                    Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                )
                item.setCheckState(Qt.CheckState.Checked if name in ticked else Qt.CheckState.Unchecked)
            self.setCurrentRow(0 if names else -1)
        self.updateGeometry()

    def tick(self, name: str, on: bool = True) -> None:
        """Tick one, or not."""
        self.item(self.names.index(name)).setCheckState(
            Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        )

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        line = max(self.sizeHintForRow(0), self.fontMetrics().height() + 2)
        lines = min(max(self.count(), 1), _MOST_LINES)
        return QSize(120, lines * line + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(60, self.sizeHint().height())
