"""The facts of the picture, shown where no layer is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from filterlab.gui.bench.work import Picture
from filterlab.gui.words.i18n import tr
from filterlab.images.views import MapView
from filterlab.run.ledger import bytes_text
from filterlab.text.numbers import brief


class PictureFacts(QWidget):
    """Name, size, channels, numbers and path of a picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.labels: dict[str, QLabel] = {}
        for key, text in (
            ("name", tr("Name")),
            ("size", tr("Size")),
            ("channels", tr("Channels")),
            ("numbers", tr("Numbers")),
            ("memory", tr("Memory")),
            ("path", tr("File")),
        ):
            label = self.labels[key] = QLabel(self)
            label.setTextFormat(Qt.TextFormat.PlainText)  # the name of a file may look like markup
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            name = QLabel(text, self)
            name.setProperty("role", "dim")
            self._form.addRow(name, label)

    def follow(self, picture: Picture, view: MapView | None) -> None:
        """Show a picture. view: the picture prepared for the screen, which knows the range; None until it is."""
        channels, height, width = picture.shape
        kinds = {1: tr("grey"), 3: tr("red, green, blue")}
        meaning = f" ({kinds[channels]})" if channels in kinds else ""
        self.labels["name"].setText(picture.name)
        self.labels["size"].setText(tr("{w} × {h} cells (width × height)", w=width, h=height))
        self.labels["channels"].setText(f"{channels}{meaning}")
        self.labels["numbers"].setText(_range_words(picture, view))
        self.labels["memory"].setText(bytes_text(picture.pixels.nbytes))
        self.labels["path"].setText(tr("none: it was pasted") if picture.path is None else str(picture.path))


def _range_words(picture: Picture, view: MapView | None) -> str:
    dtype = picture.pixels.dtype.name
    if view is None:
        return dtype
    low, high = (brief(value) for value in view.extent)
    return tr("{dtype}, {low} to {high}", dtype=dtype, low=low, high=high)
