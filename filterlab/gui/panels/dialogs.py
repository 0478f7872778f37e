"""The list of shortcuts, and what this program is."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtGui import QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

import filterlab
from filterlab.gui.commands import Commands, plain
from filterlab.gui.panels.matching import score
from filterlab.gui.words.i18n import tr

LIBRARIES = (
    "numpy",
    "scipy",
    "numba",
    "pillow",
    "tifffile",
    "imagecodecs",
    "cmap",
    "pydantic",
    "safetensors",
    "PySide6-Essentials",
    "pyqtgraph",
)


class ShortcutsDialog(QDialog):
    """All commands that have a shortcut, under the titles of their menus."""

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.field = QLineEdit(placeholderText=tr("Search…"), clearButtonEnabled=True)
        self.field.setAccessibleName(tr("Search for a command"))
        self.tree = QTreeWidget()
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setHeaderLabels([tr("Command"), tr("Keys")])
        self.tree.setAccessibleName(tr("Keyboard shortcuts"))
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.field, self.tree, buttons):
            column.addWidget(widget)
        self.resize(460, 520)
        self.field.textChanged.connect(self._fill)
        # `show` and not `exec`, so that the list can stay open while its keys are tried.
        commands.add("help.shortcuts", tr("Keyboard shortcuts"), self.show, menu=tr("&Help"), shortcut="F1")

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """List the commands anew: some may have been declared, or changed their texts, since the last time."""
        self._fill()
        super().showEvent(event)

    def _fill(self) -> None:
        self.tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for menu, text, keys in self._rows():
            if not score(self.field.text(), f"{text} {menu} {keys}"):
                continue
            if menu not in groups:
                groups[menu] = self._group(menu)
            item = QTreeWidgetItem([text, keys])
            item.setSizeHint(0, self._row_size())
            groups[menu].addChild(item)
        self.tree.expandAll()

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for command in self._commands:
            keys = command.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            if keys:
                rows.append((plain(command.menu) or tr("Other"), plain(command.action.text()), keys))
        # Keys that the wall, the kernel grid and a comparison read themselves, and so are no commands.
        rows.append((tr("Maps"), tr("Move the pinned value"), tr("Arrow keys")))
        rows.append((tr("Kernel"), tr("Go to another cell"), tr("Arrow keys")))
        rows.append((tr("Comparison"), tr("Move the handle, or the chosen cell"), tr("Arrow keys")))
        rows.append((tr("Comparison"), tr("Show the other side"), tr("Space")))
        return rows

    def _row_size(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 6)

    def _group(self, title: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [title])
        # Enabled so that it is not dimmed, but not selectable: a heading leads nowhere.
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setFirstColumnSpanned(True)
        item.setSizeHint(0, self._row_size())
        return item


class AboutDialog(QDialog):
    """Version, licence and the libraries in use."""

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About FilterLab"))
        title = QLabel(f"FilterLab {version()}")
        title.setProperty("role", "title")
        text = QLabel(
            tr("Image filtering, and convolution understood.\nFree software under the MIT licence.")
        )
        copy = QPushButton(tr("Copy"))
        copy.setToolTip(tr("Copy the versions as text, for a bug report"))
        copy.clicked.connect(self.copy_versions)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy.setAutoDefault(False)  # Enter is to close the dialog, not to copy
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for widget in (title, text):
            column.addWidget(widget)
        self._versions = QGridLayout()
        column.addLayout(self._versions)
        column.addStretch()
        column.addWidget(buttons)
        commands.add("help.about", tr("About FilterLab"), self._open, menu=tr("&Help"))

    def _open(self) -> None:
        if not self._versions.count():  # looking them up takes longer than all other parts of the dialog
            self._fill(self._versions)
        self.show()

    def copy_versions(self) -> None:
        """Copy the versions as text."""
        lines = [f"FilterLab {version()}", *(f"{name} {number}" for name, number in versions())]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _fill(self, grid: QGridLayout) -> None:
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for row, (name, number) in enumerate(versions()):
            label = QLabel(name)
            label.setProperty("role", "dim")
            grid.addWidget(label, row, 0)
            value = QLabel(number, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(value, row, 1)


def version() -> str:
    """The version of this program."""
    return filterlab.__version__


def versions() -> list[tuple[str, str]]:
    """Name and version of Python, Qt and the libraries that are installed."""
    found = [("Python", platform.python_version()), ("Qt", qVersion())]
    for name in LIBRARIES:
        try:
            # From the metadata of the installation: importing every library for its version would take seconds.
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue  # a packager may leave some out
    return found
