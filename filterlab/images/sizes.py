"""The shape of a picture, from its header where that tells it, without decoding the pixels."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from filterlab.images.formats.orientation import orientation
from filterlab.images.formats.pillow import opened
from filterlab.images.parts.reading import PictureParts

# Pillow's modes whose channels, alpha left out, are certain; a palette may be of greys or of colours.
_CHANNELS = {
    **dict.fromkeys(("1", "L", "LA", "I", "I;16", "I;16B"), 1),
    **dict.fromkeys(("RGB", "RGBA", "RGBX", "YCbCr", "CMYK"), 3),
}


def picture_shape(
    path: str | Path, page: int = 1, level: int = 0, *, decode: bool = True
) -> tuple[int, int, int]:
    """The shape (C, H, W) of what `read_image` gives. Raises ImageError.

    The first page of a PNG, JPEG or WebP, any page of a TIFF, and a .npy are told by their headers; others are decoded,
    or, without `decode`, refused.
    """
    # Any error: what Pillow cannot say, the readers of this room can, or they say what is wrong.
    with suppress(Exception):
        if page == 1 and not level and (found := _from_pillow(Path(path))):
            return found
    with PictureParts(path, page=page, whole=decode, level=level) as picture:
        return picture.shape


def _from_pillow(file: Path) -> tuple[int, int, int] | None:
    if not file.is_file():  # opening a pipe would wait for its writer
        return None
    with file.open("rb") as stream, opened(stream, "PNG", "JPEG", "WEBP") as image:
        channels = _CHANNELS.get(image.mode)
        if channels is None:
            return None
        width, height = image.size
        turned, _ = orientation(image.info.get("exif", b""), image.info.get("xmp") or b"")
        return (channels, width, height) if turned >= 5 else (channels, height, width)
