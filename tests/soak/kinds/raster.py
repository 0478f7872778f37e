"""JPEG, GIF, BMP and WebP: their segments, blocks and headers."""

from __future__ import annotations

import struct
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from tests.soak import pictures
from tests.soak.hostile import Kind
from tests.soak.mutations import MANY, WHOLE
from tests.soak.pictures import Whole, whole

_READER = "tests.soak.readers:picture"


def _put(data: bytes, place: int, form: str, value: int) -> bytes:
    value %= 1 << 8 * struct.calcsize(form)
    return data[:place] + struct.pack(form, value) + data[place + struct.calcsize(form) :]


# -- JPEG -------------------------------------------------------------------------------------------------


def _segments(data: bytes) -> list[tuple[int, int]]:
    """Where each segment begins, and its marker; up to the first scan."""
    found, place = [], 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        found.append((place, data[place + 1]))
        if data[place + 1] == 0xDA:
            break
        place += 2 + struct.unpack(">H", data[place + 2 : place + 4])[0]
    return found


def change_segment(rng: Random, data: bytes) -> bytes:
    """Another byte, or length, of a segment."""
    place, _ = rng.choice(_segments(data))
    (length,) = struct.unpack(">H", data[place + 2 : place + 4])
    if rng.random() < 0.2:
        return _put(data, place + 2, ">H", rng.choice(WHOLE))
    return _put(data, place + 4 + rng.randrange(max(length - 2, 1)), ">B", rng.choice(WHOLE))


def change_frame(rng: Random, data: bytes) -> bytes:
    """Another precision, size, number of components or sampling."""
    place = next(place for place, marker in _segments(data) if marker in (0xC0, 0xC1, 0xC2))
    if rng.random() < 0.5:
        return _put(data, place + rng.choice((5, 7)), ">H", rng.choice(WHOLE))
    return _put(
        data,
        place + rng.choice((1, 4, 9, 10, 11, 12, 13, 14, 15)),
        ">B",
        rng.choice((0, 1, 4, 8, 0x11, 0x44, 0xFF)),
    )


def add_segment(rng: Random, data: bytes) -> bytes:
    """Segments of any kind and content, once or many times."""
    body = rng.choice(
        (b"", b"Exif\0\0" + rng.randbytes(60), b"JFIF\0" + rng.randbytes(9), b"Adobe" + rng.randbytes(7))
    )
    body = rng.choice((body, body, b"ICC_PROFILE\0\1\1" + rng.randbytes(50), b"MPF\0" + rng.randbytes(80)))
    marker = rng.choice((0xE0, 0xE1, 0xE2, 0xEE, 0xFE, 0xDB, 0xC4, 0xDD, 0xC0, 0xCC, 0xD9, 0xDC, 0xC8))
    segment = struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
    place, _ = rng.choice(_segments(data))
    return data[:place] + segment * rng.choice((1, 1, 2, 20_000)) + data[place:]


def repeat_marker(rng: Random, data: bytes) -> bytes:
    """A marker that is legal by itself, or an empty segment, very often; before the scan or behind it."""
    marker = rng.choice(
        (b"\xff\x01", b"\xff", b"\xff\xd0", b"\xff\xfe\0\2", b"\xff\xe1\0\2", b"\xff\xdd\0\4\0\0")
    )
    place = rng.choice((rng.choice(_segments(data))[0], len(data) - 2, len(data)))
    return data[:place] + marker * rng.choice(MANY) + data[place:]


def repeat_scan(rng: Random, data: bytes) -> bytes:
    """The scan some hundred times over, as a small file that keeps a decoder busy."""
    place = _segments(data)[-1][0]
    scan = data[place:-2]
    large = _put(_put(data, *_frame_size(data, 0)), *_frame_size(data, 2)) if rng.random() < 0.5 else data
    return large[:place] + scan * rng.choice((2, 20, 500)) + data[-2:]


def _frame_size(data: bytes, offset: int) -> tuple[int, str, int]:
    place = next(place for place, marker in _segments(data) if marker in (0xC0, 0xC1, 0xC2))
    return place + 5 + offset, ">H", 20_000


def jpegs() -> list[Whole]:
    """Grey, colour with each sampling, progressive, CMYK, with EXIF and with restarts."""
    rgb, grey, frames = pictures.rgb(), pictures.grey(), pictures.frames()
    ink = pictures.rgba()
    image, cmyk = Image.fromarray(rgb), Image.fromarray(ink, "CMYK")
    turned = pictures.saved(image, "JPEG", quality=60, subsampling=2, exif=pictures.exif())
    several = pictures.saved(image, "MPO", save_all=True, append_images=frames[1:])
    return [
        whole(pictures.saved(image, "JPEG", quality=90), rgb, lossy=True),
        whole(turned, pictures.upright(rgb), lossy=True),
        whole(pictures.saved(image, "JPEG", progressive=True), rgb, lossy=True),
        whole(pictures.saved(image, "JPEG", restart_marker_blocks=2, optimize=True), rgb, lossy=True),
        whole(pictures.saved(Image.fromarray(grey), "JPEG", comment=b"words"), grey, lossy=True),
        whole(pictures.saved(cmyk, "JPEG"), pictures.inked(ink), lossy=True),
        whole(several, *map(np.asarray, frames), lossy=True),
    ]


# -- GIF --------------------------------------------------------------------------------------------------


def change_screen(rng: Random, data: bytes) -> bytes:
    """Another size of the screen, or of its colour table."""
    if rng.random() < 0.7:
        return _put(data, rng.choice((6, 8)), "<H", rng.choice(WHOLE))
    return _put(data, rng.choice((10, 11, 12)), ">B", rng.randrange(256))


def change_block(rng: Random, data: bytes) -> bytes:
    """Another place, size, packing or delay of a frame."""
    places = [i for i in range(13, len(data) - 10) if data[i] in (0x2C, 0x21)]
    return _put(data, rng.choice(places) + rng.randint(1, 10), "<H", rng.choice(WHOLE))


def many_frames(rng: Random, data: bytes) -> bytes:
    """Tens of thousands of frames of one pixel, or of none."""
    width, height = rng.choice(((1, 1), (0, 0), (31, 24), (60_000, 60_000)))
    body = rng.choice((b"\x02\x02\x44\x01\x00", b"\x02\x00", b"\x0c\x00"))
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + body
    # The frame is kept, cleared, or makes room for what was there; index 0 is seen, or is not.
    control = b"\x21\xf9\x04" + bytes([rng.choice((0, 4, 8, 9, 12, 13))]) + b"\0\0\0\0"
    block = rng.choice((frame, control + frame, control, b"\x21\xfe\x01x\0"))
    return data[:-1] + block * rng.choice((1, 30, *MANY)) + b";"


def repeat_code(rng: Random, data: bytes) -> bytes:
    """A frame whose code is the word that clears the table, or the one that repeats a pixel, very often."""
    size = rng.choice(((31, 24), (1, 1), (3000, 3000)))
    words = rng.choice((b"\x24\x49\x92", b"\x00\x00\x00", b"\x44\x44\x44"))  # words of three bits
    code = words * rng.choice(MANY)
    blocks = b"".join(bytes([len(code[i : i + 255])]) + code[i : i + 255] for i in range(0, len(code), 255))
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, *size, 0) + b"\x02" + blocks + b"\0"
    return data[:-1] + frame + b";"


def gifs() -> list[Whole]:
    """One frame, frames that cover a part, with transparency, interlaced."""
    first, *rest = pictures.frames("P")
    flat = [np.asarray(frame.convert("RGB")) for frame in (first, *rest)]
    many: Any = {"save_all": True, "append_images": rest}
    grey = pictures.grey()
    return [
        whole(pictures.saved(first, "GIF"), flat[0]),
        whole(pictures.saved(first, "GIF", **many, duration=[10, 20, 30], loop=0), *flat),
        whole(pictures.saved(first, "GIF", **many, disposal=2, transparency=1)),
        whole(pictures.saved(Image.fromarray(grey), "GIF", interlace=True, comment=b"words"), grey),
    ]


# -- BMP --------------------------------------------------------------------------------------------------


def change_fields(rng: Random, data: bytes) -> bytes:
    """Another offset, size, depth, packing or count of colours."""
    place = rng.choice((2, 10, 14, 18, 22, 30, 34, 46, 50))
    value = rng.choice((*WHOLE, -1, -24, -(2**31), 40, 108, 124, 3, 4, 5, 6))
    if rng.random() < 0.3:
        return _put(data, rng.choice((26, 28)), "<H", rng.choice((0, 1, 2, 4, 8, 16, 24, 32, 64, 65535)))
    return _put(data, place, "<I", value)


def run_lengths(rng: Random, data: bytes) -> bytes:
    """Run-length packed rows of any content."""
    depth, packing = rng.choice(((8, 1), (4, 2)))
    runs = rng.choice(
        (rng.randbytes(300), b"\0\1", b"\0\2\xff\xff" * 50 + b"\0\1", b"\xff\1" * 400, b"\0\0" * 40)
    )
    palette = rng.randbytes(4 * 16)
    sides = (rng.choice((31, 31, 20_000)), rng.choice((24, 24, 20_000, -24)))
    header = struct.pack("<IiiHHIIiiII", 40, *sides, 1, depth, packing, len(runs), 0, 0, 16, 0)
    offset = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(runs), 0, 0, offset) + header + palette + runs


def bmps() -> list[Whole]:
    """1, 8, 24 and 32 bits."""
    grey = Image.fromarray(pictures.grey())
    bits, few = grey.convert("1"), grey.quantize(16)
    return [
        whole(pictures.saved(Image.fromarray(pictures.rgb()), "BMP"), pictures.rgb()),
        whole(pictures.saved(grey, "BMP"), pictures.grey()),
        whole(
            pictures.saved(Image.fromarray(pictures.rgba()), "BMP"), pictures.rgb()
        ),  # without a mask of alpha
        whole(pictures.saved(bits, "BMP"), np.asarray(bits)),
        whole(pictures.saved(few, "BMP"), np.asarray(few.convert("L"))),
    ]


# -- WebP -------------------------------------------------------------------------------------------------


def _riff(data: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], 12
    while place + 8 <= len(data):
        (length,) = struct.unpack("<I", data[place + 4 : place + 8])
        found.append((data[place : place + 4], data[place + 8 : place + 8 + length]))
        place += 8 + length + length % 2
    return found


def _as_riff(parts: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(kind + struct.pack("<I", len(part)) + part + bytes(len(part) % 2) for kind, part in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def change_part(rng: Random, data: bytes) -> bytes:
    """Other bytes in a chunk: sizes of the canvas, places of frames, flags, packed pixels."""
    parts = _riff(data)
    i = rng.randrange(len(parts))
    kind, body = parts[i]
    parts[i] = (
        kind,
        _put(body, rng.randrange(min(len(body), 40)), "<H", rng.choice((*WHOLE, rng.getrandbits(16)))),
    )
    return _as_riff(parts)


def drop_or_repeat(rng: Random, data: bytes) -> bytes:
    """A chunk that is missing, stands twice or elsewhere, or is of another kind."""
    parts = _riff(data)
    kind, body = parts.pop(rng.randrange(len(parts)))
    other = rng.choice((kind, kind, b"ICCP", b"EXIF", b"XMP ", b"ANMF", b"ALPH", b"VP8L", b"VP8X", b"junk"))
    for _ in range(rng.choice((0, 1, 2, 2, 500))):
        parts.insert(rng.randint(0, len(parts)), (other, body))
    return _as_riff(parts)


def many_parts(rng: Random, data: bytes) -> bytes:
    """Very many small frames, notes or unknown chunks."""
    parts = _riff(data)
    frame = next((part for part in parts if part[0] == b"ANMF"), (b"ANMF", bytes(24)))
    shown = (b"ANMF", frame[1][:16])
    many = [rng.choice((frame, shown, (b"junk", b""), (b"EXIF", b""), (b"XMP ", b"x")))] * rng.choice(MANY)
    place = rng.randint(1, len(parts))
    return _as_riff([*parts[:place], *many, *parts[place:]])


def webps() -> list[Whole]:
    """With and without loss, with alpha, EXIF and profile, and animations."""
    image, clear = Image.fromarray(pictures.rgb()), Image.fromarray(pictures.rgba())
    frames, turned = pictures.frames(), clear.rotate(90)
    noted = pictures.saved(clear, "WEBP", quality=80, exif=pictures.exif(), icc_profile=bytes(100))
    moving = pictures.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    two = pictures.saved(clear, "WEBP", save_all=True, append_images=[turned], minimize_size=True)
    return [
        whole(pictures.saved(image, "WEBP", quality=80), pictures.rgb(), lossy=True),
        whole(noted, pictures.upright(pictures.rgba()), lossy=True),
        whole(pictures.saved(clear, "WEBP", lossless=True), pictures.rgba()),
        whole(moving, *map(np.asarray, frames)),
        whole(two, pictures.rgba(), np.asarray(turned), lossy=True),
    ]


# -- and some without a name ------------------------------------------------------------------------------


def nothing_known(rng: Random, data: bytes) -> bytes:
    """Beginnings that announce a format, and noise behind them; formats that are not read."""
    starts: Any = (
        *(
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"GIF89a",
            b"BM",
            b"II*\0",
            b"MM\0*",
            b"II+\0",
            b"RIFF\0\0\0\0WEBP",
        ),
        *(
            b"\x93NUMPY",
            b"\0\0\0\x1cftypavif",
            b"\0\0\0\x1cftypheic",
            b"\xff\x0a",
            b"\xff\x4f\xff\x51",
            b"P5 ",
            b"P7\n",
        ),
        *(
            b"%PDF-1.4",
            b"%!PS-Adobe-3.0 EPSF-3.0",
            b"<svg>",
            b"8BPS",
            b"\0\0\1\0",
            b"PK\3\4",
            b"\x1f\x8b",
            b"qoif",
            b"Pf\n",
        ),
        *(
            b"FITS",
            b"\x89HDF",
            b"#?RADIANCE",
            b"v/1\1",
            b"FLIF",
            b"\0",
            b"\n",
            b"   ",
            b"{",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
        ),
        *(
            b"\x59\xa6\x6a\x95",
            b"\x0a\x05\x01\x08",
            b"\xd7\xcd\xc6\x9a",
            b"IWAD",
            b"SIMPLE",
            b"gimp xcf",
            b"\xd3\x17",
            b"",
        ),
    )
    return rng.choice(starts) + rng.randbytes(rng.choice((0, 1, 3, 30, 300)))


def loose() -> list[bytes]:
    """What has no format at all."""
    return [np.arange(200, dtype=np.uint8).tobytes(), b"some words\n" * 20]


KINDS = (
    Kind(
        "jpeg",
        "files",
        _READER,
        ".jpg",
        jpegs,
        (change_segment, change_frame, add_segment, repeat_scan, repeat_marker),
        share=1.5,
    ),
    Kind("gif", "files", _READER, ".gif", gifs, (change_screen, change_block, many_frames, repeat_code)),
    Kind("bmp", "files", _READER, ".bmp", bmps, (change_fields, change_fields, run_lengths)),
    Kind("webp", "files", _READER, ".webp", webps, (change_part, change_part, drop_or_repeat, many_parts)),
    Kind("unknown", "files", _READER, ".png", loose, (nothing_known,), share=0.3),
)
