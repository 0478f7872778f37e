"""The list of pictures and folders that a batch is to do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from filterlab.gui.files.mime import read_mime
from filterlab.gui.painting import guarded, painting
from filterlab.gui.words.i18n import tr
from filterlab.images.reading import IMAGE_SUFFIXES

LINES = 4  # that the list is tall at least


class InputList(QListWidget):
    """Paths, which files that are dropped here join. dropped(list of Path)."""

    dropped = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Pictures and folders"))
        self.setToolTip(tr("Pictures, and folders of pictures; files can be dropped here"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAcceptDrops(True)
        self.setProperty("role", "choices")  # with an edge, so that one sees where to drop

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Say in an empty list what goes there."""
        super().paintEvent(event)
        if not self.count():
            with painting(self.viewport()) as painter:
                painter.setPen(self.palette().placeholderText().color())
                words = tr("Drop pictures or folders here")
                painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, words)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A few lines."""
        return QSize(200, LINES * (self.fontMetrics().height() + 6))

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """Copying alone: the files stay where they are."""
        return Qt.DropAction.CopyAction

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files."""
        self._weigh(event, event.mimeData())

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Take files."""
        self._weigh(event, event.mimeData())

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Add what was dropped."""
        self._weigh(event, event.mimeData())
        self.dropped.emit(list(read_mime(event.mimeData()).paths))

    def _weigh(self, event: QDropEvent, mime: QMimeData) -> None:
        if read_mime(mime).paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()


class BatchInputs(QWidget):
    """The list with buttons that add to it and take away. changed: it holds others; start: where dialogs begin."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.start = str(Path.home())
        self.list = InputList()
        self.buttons = [
            self._button(words, run)
            for words, run in (
                (tr("Add files…"), self._ask_files),
                (tr("Add folder…"), self._ask_folder),
                (tr("Remove"), self.remove_chosen),
            )
        ]
        row = QHBoxLayout()
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.list.dropped.connect(self.add)
        self.list.itemSelectionChanged.connect(self._follow)
        self._follow()

    def _button(self, words: str, run: object) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)  # Enter is to start the batch
        button.clicked.connect(run)
        return button

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths, in their order."""
        return tuple(self.list.item(i).text() for i in range(self.list.count()))

    def add(self, paths: Iterable[Path | str]) -> None:
        """Add paths that are not in the list yet."""
        for path in map(str, paths):
            if path not in self.paths:
                self.list.addItem(path)
                self.start = str(Path(path).parent)
        self.changed.emit()

    def remove_chosen(self) -> None:
        """Take the selected paths out of the list."""
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self.changed.emit()

    def _follow(self) -> None:
        self.buttons[-1].setEnabled(bool(self.list.selectedItems()))

    def _ask_files(self) -> None:
        endings = " ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        dialog = self._dialog(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([f"{tr('Pictures')} ({endings})", f"{tr('All files')} (*)"])
        dialog.open()

    def _ask_folder(self) -> None:
        self._dialog(QFileDialog.FileMode.Directory).open()

    def _dialog(self, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self, tr("Pictures for the batch"), self.start)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.add)
        return dialog
