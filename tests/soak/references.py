"""Pictures against what they should hold: the array that a file was made of, and what another library reads in it.

The other library is as independent as there is one: libpng and giflib through imagecodecs, tifffile, Pillow where the
program has a decoder of its own, imagecodecs where it asks Pillow, and the other way round. Both may rest on the same C
library (libjpeg, libwebp, libavif, OpenJPEG, libjxl has no second one at all); then the comparison finds what is done
wrong around it: scaling, channels, orientation, frames, palettes, and damage that was met on one way only.

Damage that no check sum covers changes pixels, and both readers see the same wrong ones, which is right.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageSequence

from tests.soak.kinds.png import chunks
from tests.soak.pictures import Whole, as_planes

_MOST_VALUES = 1 << 22  # of a page that is compared: other readers have no limits of their own
_MOST_PAGES = 64
_JPEG = 1.01 / 255  # two builds of libjpeg may round the cosines differently
_EXACT = 1e-6  # float32 rounds differently from float64; a step of 16 bits is fifteen times as large
# Where an orientation may be told: blocks of EXIF, XMP, boxes of AVIF, the tag 274 of TIFF in either order.
_ORIENTATIONS = (b"xif", b"XIF", b"Orientation", b"irot", b"imir", b"\x12\1\3\0", b"\1\x12\0\3")
# The greatest value in a header of PGM or PPM.
_SHADES = re.compile(rb"P[2356](?:(?:\s|#[^\r\n]*[\r\n])+\d+){2}(?:\s|#[^\r\n]*[\r\n])+(\d+)")


class NotComparedError(Exception):
    """Another library does not read the file, or not without complaint, or has no say in it."""


def compare(path: Path) -> dict[str, Any]:
    """Read a picture twice. Replies with the disagreement as a "remark", and with a "digest" where they were compared.

    It is served by a worker, since another library may die of a hostile file, or print.
    """
    from filterlab.images import read_picture

    first = read_picture(path, alpha=True)
    if first.values.size > _MOST_VALUES or first.pages > _MOST_PAGES:
        raise NotComparedError("it is too large")
    data = path.read_bytes()
    theirs, tolerance = read_by_another(data)
    # Not every library looks at the orientation.
    turned = any(mark in data for mark in _ORIENTATIONS)
    wrong = ""
    if len(theirs) not in (1, first.pages):  # many read the first page alone
        wrong = f"{first.pages} pages where another reader finds {len(theirs)}"
    for page in sorted({1, min(first.pages, len(theirs))}):
        ours = read_picture(path, alpha=True, page=page)
        if not ours.remarks:
            wrong = wrong or difference(ours.values, theirs[page - 1], tolerance, turned)
    return {"shape": [], "digest": "compared", "remarks": [wrong] if wrong else [], "bytes": 0}


def differs_from_source(path: Path, whole: Whole) -> str:
    """How an undamaged file is read otherwise than the (C, H, W) that it was made of; "" where it is not."""
    from filterlab.images import read_picture

    pages = whole.pages
    first = read_picture(path, alpha=True)
    if first.pages != len(pages):
        return f"{first.pages} pages are read of {len(pages)}"
    for number, page in enumerate(pages, 1):
        ours = read_picture(path, alpha=True, page=number).values
        wrong = _mean_difference(ours, page) if whole.lossy else difference(ours, page, _EXACT)
        if wrong:
            return f"page {number}: {wrong}"
    return ""


def difference(ours: Any, theirs: Any, tolerance: float, turned: bool = False) -> str:
    """How two (C, H, W) differ by more than a tolerance for each value; "" where they do not.

    turned: one may be the other turned or mirrored.
    """
    pairs = [_alike(ours, theirs)] if ours.ndim == theirs.ndim == 3 else []
    if turned:
        pairs = [_alike(ours, other) for other in _turns(theirs)]
    fitting = [(one, other) for one, other in pairs if one.shape == other.shape]
    if not fitting:
        return f"the shape {ours.shape} where {theirs.shape} is right"
    least = min(_greatest_difference(one, other) for one, other in fitting)
    return f"values differ by up to {least:.4g}" if least > tolerance else ""


def _turns(planes: Any) -> list[Any]:
    quarter = planes.transpose(0, 2, 1)
    return [turn[:, ::rows, ::cols] for turn in (planes, quarter) for rows in (1, -1) for cols in (1, -1)]


def _greatest_difference(one: Any, other: Any) -> float:
    """The greatest difference, relative where numbers are greater than 1. NaN and infinities must be the same."""
    # Numbers beyond float32 are infinite for us, and rightly so.
    with np.errstate(over="ignore"):
        one, other = (side.astype(np.float32).astype(np.float64) for side in (one, other))
    finite = np.isfinite(one) & np.isfinite(other)
    if not np.array_equal(one[~finite], other[~finite], equal_nan=True):
        return np.inf
    gaps = np.subtract(one, other, out=np.zeros_like(one), where=finite)
    scale = np.maximum(np.abs(np.where(finite, other, 0)), 1)
    return float((np.abs(gaps) / scale).max(initial=0))


def _mean_difference(ours: Any, theirs: Any) -> str:
    one, other = _alike(ours, theirs)
    if one.shape != other.shape:
        return f"the shape {ours.shape} where {theirs.shape} is right"
    # Packing with loss changes the noise in these pictures by 0.1, but the mean by less than 0.05; a picture that is
    # mirrored, or has its colours exchanged, differs by 0.2 in the mean.
    mean = float(np.abs(one - other).mean())
    return f"values differ by {mean:.3f} in the mean" if mean > 0.08 else ""


def _alike(ours: Any, theirs: Any) -> tuple[Any, Any]:
    """Both with the same channels, where grey is RGB with three equal ones, and no alpha is full alpha.

    Colours beneath alpha 0 count for nothing: libraries leave there what they like.
    """
    if max(len(ours), len(theirs)) > 4:
        return ours, theirs
    return _rgba(ours), _rgba(theirs)


def _rgba(planes: Any) -> Any:
    colours = planes if len(planes) in (1, 3) else planes[:-1]
    alpha = planes[-1:] if len(planes) in (2, 4) else np.ones_like(planes[:1])
    colours = np.concatenate([colours] * 3) if len(colours) == 1 else colours
    return np.concatenate([np.where(alpha == 0, 0, colours), alpha])


# -- the other libraries ------------------------------------------------------------------------------------


class _Complaint(logging.Handler):
    """What libraries log is a complaint."""

    def emit(self, record: logging.LogRecord) -> None:
        raise NotComparedError(record.getMessage())


_logged = _Complaint()


class Found(NamedTuple):
    """Pages as (C, H, W), and how far two right readers may be apart."""

    pages: list[Any]
    tolerance: float = _EXACT


def read_by_another(data: bytes) -> Found:
    """What another library reads in a file. Raises NotComparedError."""
    reader = next((reader for start, reader in _READERS if data.startswith(start)), None)
    if data[4:8] == b"ftyp":
        reader = _avif
    if reader is None:
        raise NotComparedError("no other library reads it")
    logger = logging.getLogger("tifffile")
    if _logged not in logger.handlers:
        logger.addHandler(_logged)
        logger.propagate = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return reader(data)
        except Exception as error:
            raise NotComparedError(f"{type(error).__name__}: {error}") from error


def _by_pillow(form: str, data: bytes) -> list[Any]:
    """All frames, one after the other, as RGBA."""
    with Image.open(io.BytesIO(data), formats=[form]) as image:
        if image.width * image.height > _MOST_VALUES or getattr(image, "n_frames", 1) > _MOST_PAGES:
            raise NotComparedError("it is too large")
        return [as_planes(np.asarray(frame.convert("RGBA"))) for frame in ImageSequence.Iterator(image)]


def _png(data: bytes) -> Found:
    if b"acTL" in data[: _end_of_png(data)]:
        if _is_blended(data):
            raise NotComparedError("others lose colour where they blend on what is clear")
        return Found(_by_pillow("PNG", data))
    return Found([as_planes(imagecodecs.png_decode(data))])


def _end_of_png(data: bytes) -> int:
    """Where IEND begins. Nothing behind it counts, but Pillow takes what it finds there for an animation."""
    place = 8
    for kind, body in chunks(data):
        if kind == b"IEND":
            return place
        place += 12 + len(body)
    return len(data)


def _is_blended(data: bytes) -> bool:
    """Whether a frame with alpha is laid over what was there (the last byte of its fcTL)."""
    parts = chunks(data)
    clear = data[25] in (4, 6) or any(kind == b"tRNS" for kind, _ in parts)
    return clear and any(kind == b"fcTL" and body[-1:] == b"\1" for kind, body in parts)


def _bmp(data: bytes) -> Found:
    # 16 bits a pixel come in steps of 1/255, and run lengths with escapes are read as if they were none.
    bits, packing = int.from_bytes(data[28:30], "little"), int.from_bytes(data[30:34], "little")
    if bits == 16 or packing in (1, 2):
        raise NotComparedError("Pillow reads it otherwise")
    with Image.open(io.BytesIO(data), formats=["BMP"]) as image:
        mode = {"P": "RGB", "1": "L"}.get(image.mode, image.mode)
        return Found([as_planes(np.asarray(image.convert(mode)))])


def _gif(data: bytes) -> Found:
    # The first frame may be larger than the screen. What reaches beyond both is not seen, as in browsers; for Pillow,
    # later frames make the screen larger.
    with Image.open(io.BytesIO(data), formats=["GIF"]) as image:
        if image.tile and tuple(image.tile[0][1]) != (0, 0, *image.size):
            raise NotComparedError("whether there is a background beside the frames is for us to say")
    frames = _by_pillow("GIF", data)
    _, height, width = frames[0].shape
    return Found([frame[:, :height, :width] for frame in frames])


def _jpeg(data: bytes) -> Found:
    pixels = as_planes(imagecodecs.jpeg8_decode(data))
    if len(pixels) != 4:
        return Found([pixels], _JPEG)
    if b"Adobe" not in data:
        raise NotComparedError("nobody can tell which way round its ink is stored")
    # Adobe stores what is left of the paper instead of the ink.
    return Found([pixels[:3] * pixels[3:]], _JPEG)


def _webp(data: bytes) -> Found:
    if b"ANIM" in data[:64]:
        return Found(_by_pillow("WEBP", data))
    return Found([as_planes(imagecodecs.webp_decode(data))])


def _avif(data: bytes) -> Found:
    with Image.open(io.BytesIO(data), formats=["AVIF"]) as image:
        frames = getattr(image, "n_frames", 1)
    pixels = imagecodecs.avif_decode(data)
    greatest = None
    if pixels.dtype == np.uint16:  # the samples do not say how many bits they have
        bits = data[data.index(b"pixi") + 9]
        greatest = 2.0**bits - 1
    # YUV becomes RGB in floats, or in whole numbers.
    return Found([as_planes(pixel, greatest) for pixel in (pixels if frames > 1 else [pixels])], 1.01 / 255)


def _jxl(data: bytes) -> Found:
    first, everything = imagecodecs.jpegxl_decode(data, 0), imagecodecs.jpegxl_decode(data)
    frames = everything if everything.ndim > first.ndim else [first]
    if first.ndim == 2:
        return Found([as_planes(frame) for frame in frames])
    interleaved, planar = first.shape[2] in (2, 3, 4), first.shape[0] < 8
    if interleaved == planar:
        raise NotComparedError("its channels may be on either axis")
    return Found([as_planes(frame if interleaved else frame.transpose(1, 2, 0)) for frame in frames])


def _jp2(data: bytes) -> Found:
    # Depths that are no whole bytes, and what is not RGB or grey, come as they are stored.
    pixels = imagecodecs.jpeg2k_decode(data)
    place = data.index(b"\xff\x4f\xff\x51")
    depth = data[place + 42]
    if pixels.dtype.kind == "u" and depth + 1 != 8 * pixels.dtype.itemsize:
        raise NotComparedError("its numbers do not fill their bytes")
    return Found([as_planes(pixels)])


def _pnm(data: bytes) -> Found:
    if b"\r\n" in data:  # the header may be long
        raise NotComparedError("Pillow takes the line feed for a sample")
    with Image.open(io.BytesIO(data), formats=["PPM"]) as image:
        if image.width * image.height > _MOST_VALUES:
            raise NotComparedError("it is too large")
        pixels = np.asarray(image)
    greatest = _SHADES.match(data)
    # Pillow rounds what has another greatest value to fractions of 255 or 65535.
    exact = greatest is None or greatest[1] in (b"255", b"65535")
    planes = as_planes(pixels / 65535.0 if image.mode == "I" else pixels)
    return Found([planes], _EXACT if exact else 1.01 / 255)


def _npy(data: bytes) -> Found:
    array = np.load(io.BytesIO(data), allow_pickle=False)
    if array.ndim != 2:
        raise NotComparedError("which axis the channels are on is for us to say")
    return Found([as_planes(array)])


def _tiff(data: bytes) -> Found:
    """The pages of tifffile, converted as TIFF 6.0 says."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        if len(file.pages) > _MOST_PAGES:
            raise NotComparedError("it is too large")
        if file.is_ome or file.is_imagej or file.is_metaseries or file.is_stk:
            raise NotComparedError("its pages are grouped")
        pages = [file.pages[i] for i in range(len(file.pages))]
        whole = [page for page in pages if not page.is_reduced and not page.is_mask]
        # Palettes of 8 bits are stored as v * 256 or as v * 257.
        tolerance = 1.01 / 255 if any(int(page.photometric) == 3 for page in whole) else _EXACT
        return Found([_tiff_page(page) for page in whole], tolerance)


def _tiff_page(page: Any) -> Any:
    if page.size > _MOST_VALUES:
        raise NotComparedError("it is too large")
    pixels = page.asarray()
    photometric, extras = int(page.photometric), tuple(map(int, page.extrasamples))
    if page.dtype.kind == "u" and page.bitspersample != 8 * page.dtype.itemsize and page.bitspersample != 1:
        raise NotComparedError("its numbers do not fill their bytes")
    if 1 in extras or (any(extras) and len(extras) > 1) or page.imagedepth > 1:
        raise NotComparedError("its samples beyond the colours are for us to say")
    planar = page.tags.get(284)
    if planar and (planar.count == 0 or planar.dtype == 1):
        # The default is 1, and readers accept whole numbers of any size; tifffile takes both for separate planes.
        raise NotComparedError("tifffile misreads how its planes are stored")
    if 262 not in page.tags:
        raise NotComparedError("it does not say what its greys mean")
    if int(page.compression) in (6, 7) and photometric < 2 and page.samplesperpixel > 1:
        raise NotComparedError("whether greys that JPEG holds as colours are converted is not settled")
    if page.bitspersample == 1:
        pixels = pixels.astype(bool)
    if photometric == 3:
        return as_planes(np.take(page.colormap, pixels, axis=1).transpose(1, 2, 0))
    axes = page.axes
    planes = as_planes(np.moveaxis(pixels, axes.index("S"), -1) if "S" in axes else pixels)
    if photometric == 0:
        return 1 - planes
    if photometric == 5 and len(planes) == 4:
        return (1 - planes[:3]) * (1 - planes[3:])
    if photometric in (1, 2) or (photometric == 6 and int(page.compression) in (6, 7)):
        return planes
    raise NotComparedError("its colours are for us to convert")


_READERS: tuple[tuple[bytes, Callable[[bytes], Found]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8", _jpeg),
    (b"GIF8", _gif),
    (b"BM", _bmp),
    (b"RIFF", _webp),
    (b"\xff\x0a", _jxl),
    (b"\0\0\0\x0cJXL ", _jxl),
    (b"\xff\x4f\xff\x51", _jp2),
    (b"\0\0\0\x0cjP  ", _jp2),
    (b"II", _tiff),
    (b"MM", _tiff),
    (b"P", _pnm),
    (b"\x93NUMPY", _npy),
)
