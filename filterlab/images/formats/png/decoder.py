"""Reading PNG files of every depth, and the frames of animated ones."""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path

from filterlab.images.decoded import Reading, check_page, oriented
from filterlab.images.formats.frames import indexed, played
from filterlab.images.formats.orientation import orientation
from filterlab.images.formats.png.apng import ApngPlayer
from filterlab.images.formats.png.chunks import PROFILE, XMP, PngContents, contents
from filterlab.images.formats.png.pixels import planes

_LONGEST_TEXT = 1 << 20  # bytes that are looked at of a text chunk, after decompression


def count_pages(file: Path) -> int:
    """The frames of an animation, and a still picture beside it; 1 for every other PNG."""
    with file.open("rb") as stream:
        return _count(indexed(stream, contents, _count)[1])


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One frame as a viewer shows it. Raises ImageError where its pixels are not whole."""
    with file.open("rb") as stream:
        key, found = indexed(stream, contents, _count)
        pages = found.pages
        check_page(page, len(pages))
        if pages[page - 1] is found.still:
            values, remarks = planes(stream, found, found.still, alpha)
        else:
            index = page - 1 - (len(pages) - len(found.frames))
            values, remarks = played(key, stream, index, len(found.frames), lambda: ApngPlayer(found))
            # The canvas always has alpha; a file whose pages are all opaque must not gain a channel by being an
            # animation.
            values = values if alpha and found.shows_alpha else values[:-1]
    turned, doubts = _orientation(found)
    return Reading(oriented(values, turned), len(pages), (*found.remarks, *remarks, *doubts))


def _count(found: PngContents) -> int:
    return len(found.pages)


def _orientation(found: PngContents) -> tuple[int, list[str]]:
    """The orientation, and remarks on it: from eXIf, else from the texts in which programs wrote it before that."""
    exif, xmp = found.exif, b""
    if XMP in found.texts:
        xmp = _international(*found.texts[XMP])
    if PROFILE in found.texts and not exif:
        exif = _raw_profile(*found.texts[PROFILE])
    return orientation(exif, xmp)


def _international(kind: bytes, body: bytes) -> bytes:
    """XMP in an iTXt chunk, behind two bytes of compression, a language and a translated keyword (11.3.3.4)."""
    keyword, _, rest = body.partition(b"\0")
    if kind != b"iTXt" or keyword != XMP:
        return b""
    text = rest[2:].split(b"\0", 2)[-1]
    return _inflated(text) if rest[:1] == b"\1" else text[:_LONGEST_TEXT]


def _raw_profile(kind: bytes, body: bytes) -> bytes:
    """EXIF as ImageMagick writes it: a name and a length, each in a line, and hexadecimal digits.

    Digits that cannot be read give a block that is damaged, which becomes a remark.
    """
    keyword, _, rest = body.partition(b"\0")
    if keyword != PROFILE + b"exif":
        return b""
    text = _inflated(rest[1:]) if kind == b"zTXt" else rest[:_LONGEST_TEXT]
    with suppress(ValueError):
        return bytes.fromhex(b"".join(text.split(b"\n")[3:]).decode("ascii", "replace"))
    return b"damaged"


def _inflated(stream: bytes) -> bytes:
    """The beginning of what a compressed stream holds; nothing where it is damaged."""
    with suppress(zlib.error):
        return zlib.decompressobj().decompress(stream, _LONGEST_TEXT)
    return b""
