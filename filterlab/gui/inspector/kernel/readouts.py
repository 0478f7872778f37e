"""The readouts of a kernel: sums, rank, its picture and its frequency response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from filterlab import kernels
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.look.pixels import image_of
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr
from filterlab.images.display import display_range
from filterlab.images.views import pixels_of
from filterlab.kernels.editing import facts
from filterlab.text.numbers import brief

if TYPE_CHECKING:
    from numpy.typing import NDArray

FREQUENCIES = 64  # samples of the response along an axis


class Plate(QWidget):
    """A small square picture, stretched without smoothing."""

    def __init__(self, theme: Theme, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.image = QImage()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_pixels(self, pixels: NDArray[Any]) -> None:
        """Show 0xFFRRGGBB pixels (H, W)."""
        self.image = image_of(pixels)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        side = self.fontMetrics().height() * 4
        return QSize(side, side)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        frame = self.rect().adjusted(0, 0, -1, -1)
        size = self.image.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = frame.adjusted(0, 0, 0, 0)
        target.setSize(size.expandedTo(QSize(3, 3)))
        target.moveCenter(frame.center())
        painter.drawImage(target, self.image)
        painter.setPen(QPen(QColor(self._theme.colors.border), 1))
        painter.drawRect(target)


class Readouts(QWidget):
    """Sums, rank, picture and frequency response of the session's kernel."""

    def __init__(self, session: KernelSession, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.total, self.absolute, self.rank = (QLabel(self) for _ in range(3))
        picture_tip = tr("The kernel as a picture: green is positive, brown negative")
        self.picture = Plate(theme, tr("picture of the kernel"), picture_tip, self)
        self.response = Plate(
            theme,
            tr("frequency response"),
            tr(
                "Which frequencies pass: low ones are in the middle, waves along the rows left and "
                "right of it, along the columns above and below; bright means passed"
            ),
            self,
        )
        texts = QVBoxLayout()
        for label in (self.total, self.absolute, self.rank):
            label.setProperty("role", "dim")
            label.setWordWrap(True)
            texts.addWidget(label)
        texts.addStretch(1)
        plates = QHBoxLayout()
        plates.setSpacing(6)
        for plate, caption in ((self.picture, tr("kernel")), (self.response, tr("frequency"))):
            column = QVBoxLayout()
            column.setSpacing(1)
            column.addWidget(plate, 0, Qt.AlignmentFlag.AlignHCenter)
            words = QLabel(caption, self)
            words.setProperty("role", "dim")
            column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addStretch(1)
            plates.addLayout(column)
        plates.addStretch(1)
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(3)
        self._layout.addLayout(texts)
        self._layout.addLayout(plates)
        self._layout.addStretch(1)
        session.changed.connect(self.refresh)

    def set_wide(self, wide: bool) -> None:
        """Put the pictures beside the words, or below them."""
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._layout.setSpacing(12 if wide else 3)

    def refresh(self) -> None:
        """Show the readouts of the session's kernel as it is now."""
        kernel = self._session.kernel
        found = facts(kernel)
        self.total.setText(tr("sum {n}", n=brief(found.total)))
        self.absolute.setText(tr("sum of |k| {n}", n=brief(found.absolute)))
        self.rank.setText(_rank_words(found.rank))
        self.picture.show_pixels(pixels_of(kernel, *display_range(kernel, "symmetric"), "BrBG"))
        response = kernels.frequency_response(kernel, FREQUENCIES)
        self.response.show_pixels(pixels_of(response, *display_range(response), "gray"))


def _rank_words(rank: int) -> str:
    if rank == 0:
        return tr("rank 0: all cells are 0")
    return tr("rank 1: separable") if rank == 1 else tr("rank {n}", n=rank)
