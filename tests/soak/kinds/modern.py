"""AVIF, JPEG XL and JPEG 2000: boxes in boxes, and the code streams inside them."""

from __future__ import annotations

import struct
from random import Random
from typing import Any

import imagecodecs
import numpy as np
from PIL import Image

from tests.soak import pictures
from tests.soak.hostile import Kind
from tests.soak.mutations import MANY, WHOLE
from tests.soak.pictures import Whole, whole

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


def many_boxes(rng: Random, data: bytes) -> bytes:
    """Very many boxes that say little, before any other, or a legal one of the file itself."""
    place, _, length = rng.choice(_boxes(data))
    own = data[place : place + length]
    box = struct.pack(">I", 8) + rng.choice((b"free", b"colr", b"infe", b"jxlp", b"cdef", b"uuid", b"moof"))
    return data[:place] + rng.choice((box, own if length < 100 else box)) * rng.choice(MANY) + data[place:]


def many_tiles(rng: Random, data: bytes) -> bytes:
    """Tiles of one pixel in a large picture, of many components (SIZ, ISO/IEC 15444-1, A.5.1)."""
    start = data.index(b"\xff\x4f\xff\x51") + 4
    side = rng.choice((31, 300, 3000, 60_000))
    fields = (side, side, 0, 0, rng.choice((1, 2)), rng.choice((1, 2)), 0, 0)
    changed = data[: start + 4] + struct.pack(">8I", *fields) + data[start + 36 :]
    count = rng.choice((1, 3, 60, 16_384))
    if rng.random() < 0.5:
        return changed
    siz = struct.pack(">HH8IH", 38 + 3 * count, 0, *fields, count) + b"\7\1\1" * count
    length = struct.unpack_from(">H", data, start)[0]
    return data[:start] + siz + data[start + length :] + bytes(rng.choice((0, 560_000)))


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


def avifs() -> list[Whole]:
    """8 and 10 bits, with alpha, with EXIF, and several frames."""
    rgb, rgba, grey = pictures.rgb(), pictures.rgba(), pictures.grey()
    frames = pictures.frames()
    noted = pictures.saved(Image.fromarray(rgba), "AVIF", quality=70, exif=pictures.exif())
    moving = pictures.saved(frames[0], "AVIF", save_all=True, append_images=frames[1:])
    deep = imagecodecs.avif_encode(rgb.astype(np.uint16) * 4, bitspersample=10, level=90)
    return [
        whole(pictures.saved(Image.fromarray(rgb), "AVIF", quality=70), rgb, lossy=True),
        whole(noted, pictures.upright(rgba), lossy=True),
        whole(pictures.saved(Image.fromarray(grey), "AVIF"), grey, lossy=True),
        whole(moving, *map(np.asarray, frames), lossy=True),
        whole(deep, rgb / 256, lossy=True),
    ]


def jxls() -> list[Whole]:
    """Lossless and lossy, 8 and 16 bits, floats, bare and in boxes, grey with further channels, several frames."""
    rgb, floats = pictures.rgb(), (pictures.rgb() / np.float32(255)).astype(np.float32)
    encode = imagecodecs.jpegxl_encode
    frames = np.stack([np.roll(rgb, 4 * i, 1) for i in range(3)])
    greys = np.ascontiguousarray(frames[..., 2])
    bands = [np.stack([np.roll(pictures.grey(), 3 * i, 1) for i in range(2 + n)]) for n in range(6)]
    return [
        whole(encode(rgb, lossless=True), rgb),
        whole(encode(rgb, level=80, usecontainer=True), rgb, lossy=True),
        whole(encode(pictures.wide(), lossless=True), pictures.wide()),
        whole(encode(pictures.rgba(), lossless=True, usecontainer=True), pictures.rgba()),
        whole(encode(floats, lossless=True), floats),
        *(
            whole(encode(planes, lossless=True, photometric="gray", planar=True), planes.transpose(1, 2, 0))
            for planes in bands
        ),
        whole(encode(frames, lossless=True), *frames),
        whole(encode(greys[..., None], lossless=True), *greys),
    ]


def jp2s() -> list[Whole]:
    """Lossless and lossy, 8 and 16 bits, bare and in boxes, in tiles, bands that nothing is said about."""
    rgb, grey, wide = pictures.rgb(), pictures.grey(), pictures.wide()
    encode = imagecodecs.jpeg2k_encode
    exact: Any = {"reversible": True, "level": 0}
    tiles = pictures.saved(Image.fromarray(rgb), "JPEG2000", tile_size=(16, 16), irreversible=True)
    clear = pictures.saved(Image.fromarray(pictures.rgba()), "JPEG2000")
    bands = np.dstack([np.roll(grey, 5 * i, 1) for i in range(6)])
    wide_bands = np.dstack([np.roll(wide, 5 * i, 1) for i in range(5)])
    return [
        whole(encode(rgb, **exact), rgb),
        whole(encode(rgb, level=60), rgb, lossy=True),
        whole(encode(wide, **exact), wide),
        whole(encode(grey, **exact, codecformat="j2k"), grey),
        whole(tiles, rgb, lossy=True),
        whole(clear, pictures.rgba()),
        # Without a definition of their channels (cdef), which the encoder does not write for these.
        *(
            whole(encode(listed, **exact, colorspace="GRAY"), listed)
            for listed in (bands, wide_bands, bands[..., :2].copy())
        ),
        whole(clear.replace(b"cdef", b"free"), pictures.rgba()),
    ]


_EDITS = (change_length, change_inside, change_inside, change_boxes, many_boxes)
KINDS = (
    Kind("avif", "files", _READER, ".avif", avifs, _EDITS),
    Kind("jpegxl", "files", _READER, ".jxl", jxls, (*_EDITS, change_jxl_stream, change_jxl_stream)),
    Kind(
        "jpeg2000",
        "files",
        _READER,
        ".jp2",
        jp2s,
        (*_EDITS, change_jp2_stream, change_jp2_stream, many_tiles),
    ),
)
