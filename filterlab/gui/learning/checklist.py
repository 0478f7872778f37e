"""A list of names with check boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QSizePolicy

_MOST_LINES = 5
_DATA = Qt.ItemDataRole.UserRole


class CheckList(QListWidget):
    """As tall as its entries, up to five. changed: the person has ticked or unticked an entry."""

    changed = Signal()

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)  # Tab leads to the next field, the arrow keys through the entries
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.itemChanged.connect(lambda item: self.changed.emit())

    @property
    def all(self) -> list[str]:
        """All names in the list."""
        return [self.item(i).data(_DATA) for i in range(self.count())]

    @property
    def ticked(self) -> tuple[str, ...]:
        """The names that are ticked."""
        items = (self.item(i) for i in range(self.count()))
        return tuple(item.data(_DATA) for item in items if item.checkState() == Qt.CheckState.Checked)

    def offer(
        self, names: Sequence[str], ticked: Sequence[str] = (), words: Mapping[str, str] | None = None
    ) -> None:
        """Replace the list. ticked: the names to tick. words: what is shown for a name; the name itself by default."""
        if self.all == list(names) and self.ticked == tuple(n for n in names if n in ticked):
            return  # filling it anew would lose the current row of whoever goes through it by keyboard
        with QSignalBlocker(self):  # `changed` is for what the person ticks
            self.clear()
            for name in names:
                item = QListWidgetItem((words or {}).get(name, name), self)
                item.setData(_DATA, name)
                item.setSizeHint(QSize(0, self._row_height))
                item.setFlags(
                    Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                )
                item.setCheckState(Qt.CheckState.Checked if name in ticked else Qt.CheckState.Unchecked)
            self.setCurrentRow(0 if names else -1)
        self.updateGeometry()

    @property
    def _row_height(self) -> int:
        # Given to each item as well: `sizeHint` counts on it, whatever height the style would choose.
        return max(self.fontMetrics().height() + 3, 19)

    def tick(self, name: str, on: bool = True) -> None:
        """Tick a name, or untick it. Emits `changed`, as a click does."""
        self.item(self.all.index(name)).setCheckState(
            Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        )

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        lines = min(max(self.count(), 1), _MOST_LINES)
        return QSize(120, lines * self._row_height + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(60, self.sizeHint().height())
