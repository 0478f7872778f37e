"""The dialog that opens files, with a preview of the current one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QToolButton,
    QTreeView,
    QWidget,
)

from filterlab.gui.bench.background import Background
from filterlab.gui.files.gallery import fitted
from filterlab.gui.files.reading import KINDS, PIPELINE_SUFFIXES
from filterlab.gui.files.thumbnails import preview
from filterlab.gui.look import layouts
from filterlab.gui.painting import painting
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.images import IMAGE_SUFFIXES
from filterlab.kernels.reading import KERNEL_SUFFIXES


class Previewer(QObject):
    """Reads files for their preview. ready(path, image or None, lines of text); failed(path, why)."""

    ready = Signal(object, object, object)
    failed = Signal(object, str)

    def __init__(self, previews: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._previews = previews
        self._newest: tuple[Path, str] | None = None

    def request(self, path: Path, kind: str = "") -> None:
        """Read a file for its preview. Requests before it that have not begun are skipped."""
        # Skipped when their turn comes: the cursor may pass over many files while a large one is read.
        asked = self._newest = (path, kind)
        self._previews.submit(
            lambda: preview(path, kind) if self._newest == asked else None,
            lambda answer: None if answer is None else self.ready.emit(path, *answer),
            lambda error, details: self._fail(path, error),
        )

    def _fail(self, path: Path, error: Exception) -> None:
        self.failed.emit(path, error_words(error))


class PreviewPane(QWidget):
    """A thumbnail, a description, and a list to choose what the file is to be opened as."""

    kind_changed = Signal()

    def __init__(self, previewer: Previewer) -> None:
        super().__init__()
        em = self.fontMetrics().averageCharWidth()
        self._size = QSize(34 * em, 26 * em)
        self.setFixedWidth(self._size.width() + 16)  # else the list of files would move with each preview
        self.image, self.text = QLabel(), QLabel()
        self.image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.image.setMinimumHeight(self._size.height())
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setAccessibleName(tr("About this file"))
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(self.text)
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(tr("Open as"))
        for kind, words in zip(("", *KINDS), _kind_words(), strict=True):
            self.kinds.addItem(words, kind)
        self.kinds.currentIndexChanged.connect(lambda: self.kind_changed.emit())
        layouts.column(self, self.image, (scroll, 1), self.kinds, margins=(8, 0, 0, 0))
        self.path: Path | None = None
        previewer.ready.connect(self._show)
        previewer.failed.connect(self._refuse)

    @property
    def kind(self) -> str:
        """What the file is to be opened as; "" to go by its content."""
        return str(self.kinds.currentData())

    def wait_for(self, path: Path | None) -> None:
        """Show that another file is being read, or that none is chosen."""
        self.path = path
        self.image.clear()
        self._say(tr("Reading…") if path else "")

    def _say(self, text: str, role: str = "") -> None:
        layouts.show_words(self.text, text, role)

    def _show(self, path: Path, image: QImage | None, lines: list[str]) -> None:
        if path != self.path:
            return  # the answer to a request for another file
        self.image.setVisible(image is not None)
        if image is not None:
            self.image.setPixmap(fitted(image, self._size, self.devicePixelRatioF()))
        self._say("\n".join([path.name, *lines]))

    def _refuse(self, path: Path, why: str) -> None:
        if path == self.path:
            self.image.clear()
            self._say(tr("{name} cannot be opened: {why}", name=path.name, why=why), "error")


class OpenDialog(QFileDialog):
    """Lets files be chosen. picked(paths, kind): kind is what they are to be opened as, or ""."""

    picked = Signal(object, str)

    def __init__(self, previewer: Previewer, folder: str, parent: QWidget) -> None:
        super().__init__(parent, tr("Open pictures, pipelines and kernels"), folder)
        # The system's own dialog has no place for a preview.
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setOption(QFileDialog.Option.HideNameFilterDetails)
        self.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self.setNameFilters(_filters())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._previewer = previewer
        self.pane = PreviewPane(previewer)
        grid = self.layout()
        assert isinstance(grid, QGridLayout), "Qt's own file dialog lies on a grid"
        grid.addWidget(self.pane, 0, grid.columnCount(), grid.rowCount(), 1)
        self.pane.kind_changed.connect(self._again)
        self.currentChanged.connect(self.look_at)
        self.filesSelected.connect(self._pick)
        self._improve_looks()
        em = self.fontMetrics().averageCharWidth()
        self.resize(150 * em, 75 * em)

    def _improve_looks(self) -> None:
        """Show sizes and dates in full, and buttons that are visible in the dark theme."""
        # Qt draws the icons of these buttons in black, whatever the palette.
        table = self.findChild(QTreeView)
        assert table is not None, "Qt's own file dialog has a table of files"
        table.setColumnHidden(2, True)  # the type, which the name shows already
        for column in (1, 3):
            table.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.setStyleSheet("QToolButton { padding: 2px; }")
        for name in ("backButton", "forwardButton", "toParentButton"):
            button = self.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(_tinted(button.icon(), self.palette().buttonText().color()))

    def look_at(self, text: str) -> None:
        """Show the preview of a file."""
        path = Path(text) if text else None
        there = path is not None and path.is_file()
        self.pane.wait_for(path if there else None)
        if path is not None and there:
            self._previewer.request(path, self.pane.kind)

    def _again(self) -> None:
        if self.pane.path is not None:
            self.look_at(str(self.pane.path))

    def _pick(self, files: list[str]) -> None:
        self.picked.emit([Path(file) for file in files], self.pane.kind)


def _tinted(icon: QIcon, color: QColor) -> QIcon:
    """The shape of an icon filled with one colour."""
    pixmap = icon.pixmap(32, 32)
    with painting(pixmap) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(pixmap.rect(), color)
    return QIcon(pixmap)


def _kind_words() -> tuple[str, ...]:
    return tr("Open by content"), tr("Open as picture"), tr("Open as pipeline"), tr("Open as kernel")


def _filters() -> list[str]:
    def masks(*suffixes: str) -> str:
        return " ".join(f"*{suffix}" for suffix in suffixes)

    openable = masks(*IMAGE_SUFFIXES, *PIPELINE_SUFFIXES, *KERNEL_SUFFIXES)
    return [
        tr("All files that can be opened") + f" ({openable})",
        tr("Pictures") + f" ({masks(*IMAGE_SUFFIXES)})",
        tr("Pipelines") + f" ({masks(*PIPELINE_SUFFIXES)})",
        tr("Kernels") + f" ({masks(*KERNEL_SUFFIXES, '.npy')})",
        tr("All files") + " (*)",
    ]
