"""Reading the clipboard and drags: files, a picture, or a pipeline or kernel as text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage, QPixmap

from filterlab.images.screen import from_pixels

_GREY = (
    QImage.Format.Format_Grayscale8,
    QImage.Format.Format_Grayscale16,
    QImage.Format.Format_Mono,
    QImage.Format.Format_MonoLSB,
)


@dataclass(frozen=True)
class Incoming:
    """The content of a clipboard or drag: at most one field is set; none if nothing can be opened."""

    paths: tuple[Path, ...] = ()
    image: QImage | None = None
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.paths or self.image is not None or self.text)


def read_mime(mime: QMimeData) -> Incoming:
    """Read mime data: files before pictures, pictures before text."""
    # A copied picture file may come with its pixels as well, but in 8 bits, where the file may have more.
    paths = tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())
    if paths:
        return Incoming(paths)
    if mime.hasImage():
        image = mime.imageData()
        image = image.toImage() if isinstance(image, QPixmap) else image
        if isinstance(image, QImage) and not image.isNull():
            return Incoming(image=image)
    text = mime.text().strip()
    return _path_text(text) or Incoming(text=text)


def _path_text(text: str) -> Incoming | None:
    """The existing file that a text is the absolute path of, if it is one."""
    if "\n" in text or not text or len(text) > 1000:
        return None
    path = Path(text.strip('"')).expanduser()
    try:
        return Incoming((path,)) if path.is_absolute() and path.is_file() else None
    except (OSError, ValueError):
        return None


def pixels_of_image(image: QImage) -> Any:
    """A picture from the clipboard as float32 (C, H, W) in [0, 1]; transparent pixels keep their colours."""
    # Formats of one bit have a palette, which need not be black and white.
    grey = image.format() in _GREY and image.colorCount() == 0
    plain = image.convertToFormat(QImage.Format.Format_ARGB32)
    return from_pixels(plain.constBits(), plain.height(), plain.width(), plain.bytesPerLine(), grey=grey)
