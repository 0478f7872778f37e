"""Galleries of samples and examples, as thumbnails with titles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QIcon, QImage, QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from filterlab.gui.files.showcase import Exhibit
from filterlab.gui.files.thumbnails import Thumbnails
from filterlab.gui.look import layouts
from filterlab.gui.painting import painting
from filterlab.gui.words.i18n import tr

_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_WIDTH = 7  # of a thumbnail, in lines of text
_ASPECT = 2 / 3  # the height of a thumbnail divided by its width, as of most photographs
_GAP = 12  # pixels between thumbnails
# Of a thumbnail in a gallery that fits a page: its least width, in lines of text, and its largest, in pixels.
_LEAST, _LARGEST = 4.5, 256


class Gallery(QListWidget):
    """Shows exhibits in rows. chosen(Exhibit): by a click, Enter or Space.

    fit: make the gallery as tall as its rows, for a page that scrolls as one; `fit_galleries` sizes the thumbnails.
    """

    chosen = Signal(object)

    def __init__(
        self, thumbnails: Thumbnails, exhibits: list[Exhibit], name: str, *, fit: bool = False
    ) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self.exhibits: list[Exhibit] = []
        self.setAccessibleName(name)
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMovement(QListWidget.Movement.Static)
        self.setWordWrap(True)
        self.setMouseTracking(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._size_cells(_WIDTH * self.fontMetrics().height() + _GAP)
        if fit:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Not `itemActivated`, which takes a double click on some systems; hence the keys are handled here, too.
        self.itemClicked.connect(self._choose)
        thumbnails.ready.connect(self._take)
        thumbnails.outdated.connect(self._draw_all)
        self.show_exhibits(exhibits)

    def show_exhibits(self, exhibits: list[Exhibit]) -> None:
        """Replace the exhibits."""
        self.exhibits = exhibits
        self.clear()
        for exhibit in exhibits:
            item = QListWidgetItem(exhibit.title)
            item.setToolTip(exhibit.words)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, exhibit.words)
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            self.addItem(item)
        self._draw_all()

    def show_cells(self, width: int, across: int) -> None:
        """Show thumbnails in cells of this width, so many in a row."""
        if width != self.gridSize().width():
            self._size_cells(width)
            self._draw_all()
        # Not from the width that it has: a scroll bar that comes or goes would change the height, and that the bar.
        self.setFixedHeight(self.height_of(across, width))

    def height_of(self, across: int, width: int) -> int:
        """The height with so many cells of this width in a row."""
        return -(-self.count() // across) * self._tall(width) + 2 * self.frameWidth() + 4

    def _size_cells(self, width: int) -> None:
        """Give cells this width, and thumbnails what is left of it."""
        self.setIconSize(QSize(width - _GAP, round((width - _GAP) * _ASPECT)))
        self.setGridSize(QSize(width, self._tall(width)))

    def _tall(self, width: int) -> int:
        """The height of a cell of this width, with two lines for its title."""
        return round((width - _GAP) * _ASPECT) + 2 * self.fontMetrics().lineSpacing() + 8

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the current exhibit on Enter or Space."""
        item = self.currentItem()
        if event.key() in _KEYS and item is not None:
            self._choose(item)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Have thumbnails made while it is seen."""
        super().showEvent(event)
        self._thumbnails.show_to(self, seen=True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the processor to what is seen instead."""
        super().hideEvent(event)
        self._thumbnails.show_to(self, seen=False)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self.exhibits[self.row(item)])

    def _take(self, path: Path) -> None:
        # All galleries hear of all thumbnails, since they share one `Thumbnails`.
        for row, exhibit in enumerate(self.exhibits):
            if exhibit.path == path:
                self._draw(self.item(row), self._thumbnails.get(path, exhibit.sample))

    def _draw_all(self) -> None:
        for row, exhibit in enumerate(self.exhibits):
            self._draw(self.item(row), self._thumbnails.get(exhibit.path, exhibit.sample))

    def _draw(self, item: QListWidgetItem, image: QImage | None) -> None:
        size, ratio = self.iconSize(), self.devicePixelRatioF()
        # Blank until the thumbnail is made: without an icon the title would jump down when it comes.
        blank = QPixmap(size * ratio)
        blank.setDevicePixelRatio(ratio)
        blank.fill(Qt.GlobalColor.transparent)
        item.setIcon(QIcon(blank if image is None else filling(image, size, ratio)))


def fit_galleries(galleries: Sequence[Gallery], room: QSize) -> bool:
    """Make thumbnails as large as they can be while galleries, one below the other, show all of them in a room.

    They do not become smaller than can be told apart, nor larger than they are sharp. False where there is not enough
    room even for the smallest.
    """
    frame, line = 2 * galleries[0].frameWidth(), galleries[0].fontMetrics().height()
    inside = room.width() - frame
    fewest, most = -(-inside // (_LARGEST + _GAP)), max(int(inside // (_LEAST * line + _GAP)), 1)
    counts = range(max(fewest, 1), most + 1)
    fitting = (n for n in counts if sum(g.height_of(n, inside // n) for g in galleries) <= room.height())
    across = next(fitting, None)
    # Where the page scrolls, its scroll bar needs room beside the last of a row.
    bar = 0 if across else galleries[0].verticalScrollBar().sizeHint().width()
    for gallery in galleries:
        gallery.show_cells((inside - bar) // (across or most), across or most)
    return across is not None


def filling(image: QImage, size: QSize, ratio: float) -> QPixmap:
    """The largest part of an image of the shape of `size`, at the resolution of the screen.

    It is cut at both sides alike, but more below than above, where people have their heads.
    """
    scaled = image.scaled(
        size * ratio,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    place = QRect(QPoint(), size * ratio)
    place.moveCenter(scaled.rect().center())
    place.moveTop((scaled.height() - place.height()) // 6)
    pixmap = QPixmap.fromImage(scaled.copy(place))
    with painting(pixmap) as painter:
        # The ground of a map is that of the page, on which its edge would be lost.
        painter.setPen(QColor(128, 128, 128, 110))
        painter.drawRect(pixmap.rect().adjusted(0, 0, -1, -1))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def fitted(image: QImage, size: QSize, ratio: float) -> QPixmap:
    """An image scaled to fit into `size` at the resolution of the screen."""
    pixmap = QPixmap.fromImage(
        image.scaled(
            size * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    )
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class GalleryDialog(QDialog):
    """A gallery as a dialog, which closes when something is chosen. chosen(Exhibit)."""

    chosen = Signal(object)

    def __init__(self, thumbnails: Thumbnails, exhibits: list[Exhibit], title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.gallery = Gallery(thumbnails, exhibits, title)
        self._words = layouts.label("dim")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("Close"))
        buttons.rejected.connect(self.reject)
        layouts.column(self, (self.gallery, 1), self._words, buttons)
        self.gallery.chosen.connect(self._choose)
        self.gallery.currentRowChanged.connect(self._describe)
        self.gallery.setCurrentRow(0)
        cell = self.gallery.gridSize()
        self.resize(4 * cell.width() + 60, 3 * cell.height() + 110)

    def _describe(self, row: int) -> None:
        if 0 <= row < len(self.gallery.exhibits):
            self._words.setText(self.gallery.exhibits[row].words)

    def _choose(self, exhibit: Exhibit) -> None:
        self.chosen.emit(exhibit)
        self.accept()
