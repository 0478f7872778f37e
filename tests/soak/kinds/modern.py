"""AVIF, JPEG XL and JPEG 2000: boxes in boxes, and the code streams inside them."""

from __future__ import annotations

import struct
from random import Random

import imagecodecs
import numpy as np
from PIL import Image

from tests.soak import pictures
from tests.soak.hostile import Kind
from tests.soak.mutations import WHOLE

_READER = "tests.soak.readers:picture"
_NESTED = (b"meta", b"iprp", b"ipco", b"jp2h", b"iinf", b"moov", b"trak", b"mdia", b"minf", b"stbl", b"res ")


def _boxes(data: bytes, start: int = 0, end: int | None = None) -> list[tuple[int, bytes, int]]:
    """Where each box begins, its kind, and its length; those inside others, too."""
    found, place, end = [], start, len(data) if end is None else end
    while place + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, place)
        if length < 8:
            break
        found.append((place, kind, min(length, end - place)))
        if kind in _NESTED:
            skipped = {b"meta": 12, b"iinf": 14}.get(kind, 8)
            found += _boxes(data, place + skipped, min(place + length, end))
        place += length
    return found


def change_length(rng: Random, data: bytes) -> bytes:
    """Another length of a box: too long, too short, none, of 64 bits."""
    place, _, length = rng.choice(_boxes(data))
    value = rng.choice((0, 1, 7, 8, length - 1, length + 1, 2 * length, 2**31, 2**32 - 1))
    return data[:place] + struct.pack(">I", value) + data[place + 4 :]


def change_inside(rng: Random, data: bytes) -> bytes:
    """Other numbers in a box: sizes, depths, counts, places."""
    place, _, length = rng.choice(_boxes(data))
    size = rng.choice((1, 2, 4))
    target = place + 8 + rng.randrange(max(min(length, 64) - 8, 1))
    value = rng.choice((*WHOLE, rng.getrandbits(32))) % (1 << 8 * size)
    return data[:target] + value.to_bytes(size, "big") + data[target + size :]


def change_boxes(rng: Random, data: bytes) -> bytes:
    """A box of another kind, missing, or there twice."""
    place, _, length = rng.choice(_boxes(data))
    box = data[place : place + length]
    other = box[:4] + rng.choice((b"free", b"meta", b"mdat", b"jp2c", b"ftyp", b"Exif", b"brob")) + box[8:]
    return data[:place] + rng.choice((b"", box + box, other, box * 300)) + data[place + length :]


def change_jp2_stream(rng: Random, data: bytes) -> bytes:
    """Other numbers where the code stream says its size, its tiles and its parts."""
    return _change_behind(rng, data, b"\xff\x4f\xff\x51")


def change_jxl_stream(rng: Random, data: bytes) -> bytes:
    """Other bits in the header of the code stream."""
    return _change_behind(rng, data, b"\xff\x0a")


def _change_behind(rng: Random, data: bytes, marker: bytes) -> bytes:
    size = rng.choice((1, 2, 4))
    target = data.index(marker) + len(marker) + rng.randrange(60)
    value = rng.choice((*WHOLE, rng.getrandbits(32))) % (1 << 8 * size)
    return data[:target] + value.to_bytes(size, "big") + data[target + size :]


def avifs() -> list[bytes]:
    """8 and 10 bits, with alpha, with EXIF, and several frames."""
    rgb, rgba = Image.fromarray(pictures.rgb()), Image.fromarray(pictures.rgba())
    first, *rest = pictures.frames()
    return [
        pictures.saved(rgb, "AVIF", quality=70),
        pictures.saved(rgba, "AVIF", quality=70, exif=pictures.exif()),
        pictures.saved(Image.fromarray(pictures.grey()), "AVIF"),
        pictures.saved(first, "AVIF", save_all=True, append_images=rest),
        imagecodecs.avif_encode(pictures.rgb().astype(np.uint16) * 4, bitspersample=10, level=90),
    ]


def jxls() -> list[bytes]:
    """Lossless and lossy, 8 and 16 bits, floats, bare and in boxes, several frames."""
    rgb = pictures.rgb()
    return [
        imagecodecs.jpegxl_encode(rgb, lossless=True),
        imagecodecs.jpegxl_encode(rgb, level=80, usecontainer=True),
        imagecodecs.jpegxl_encode(pictures.wide(), lossless=True),
        imagecodecs.jpegxl_encode(pictures.rgba(), lossless=True, usecontainer=True),
        imagecodecs.jpegxl_encode((rgb / np.float32(255)).astype(np.float32), lossless=True),
    ]


def jp2s() -> list[bytes]:
    """Lossless and lossy, 8 and 16 bits, bare and in boxes, in tiles."""
    rgb = pictures.rgb()
    return [
        imagecodecs.jpeg2k_encode(rgb, reversible=True, level=0),
        imagecodecs.jpeg2k_encode(rgb, level=60),
        imagecodecs.jpeg2k_encode(pictures.wide(), reversible=True, level=0),
        imagecodecs.jpeg2k_encode(pictures.grey(), reversible=True, level=0, codecformat="j2k"),
        pictures.saved(Image.fromarray(rgb), "JPEG2000", tile_size=(16, 16), irreversible=True),
        pictures.saved(Image.fromarray(pictures.rgba()), "JPEG2000"),
    ]


_EDITS = (change_length, change_inside, change_inside, change_boxes)
KINDS = (
    Kind("avif", "files", _READER, ".avif", avifs, _EDITS),
    Kind("jpegxl", "files", _READER, ".jxl", jxls, (*_EDITS, change_jxl_stream, change_jxl_stream)),
    Kind("jpeg2000", "files", _READER, ".jp2", jp2s, (*_EDITS, change_jp2_stream, change_jp2_stream)),
)
