"""PNG and its animations. Chunks are changed with right check sums, so that what they say reaches the decoder."""

from __future__ import annotations

import struct
import zlib
from random import Random

import numpy as np
from PIL import Image, PngImagePlugin

from tests.soak import pictures
from tests.soak.hostile import Kind
from tests.soak.mutations import MANY, WHOLE
from tests.soak.pictures import Whole, whole

SIGNATURE = b"\x89PNG\r\n\x1a\n"
Chunk = tuple[bytes, bytes]


def chunks(data: bytes) -> list[Chunk]:
    """Kind and content of each chunk, as far as they are whole."""
    found, place = [], 8
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        found.append((data[place + 4 : place + 8], data[place + 8 : place + 8 + length]))
        place += 12 + length
    return found


def joined(parts: list[Chunk]) -> bytes:
    """A file of these chunks, with right lengths and check sums."""
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def _inside(rng: Random, body: bytes) -> bytes:
    if not body:
        return rng.randbytes(4)
    place = rng.randrange(len(body))
    size = rng.choice((1, 1, 2, 4))
    value = rng.choice((*WHOLE, rng.getrandbits(32))) % (1 << 8 * size)
    return body[:place] + value.to_bytes(size, "big") + body[place + size :]


def change_chunk(rng: Random, data: bytes) -> bytes:
    """Another content of one chunk."""
    parts = chunks(data)
    i = rng.randrange(len(parts))
    parts[i] = (parts[i][0], _inside(rng, parts[i][1]))
    return joined(parts)


def change_header(rng: Random, data: bytes) -> bytes:
    """Another size, depth, kind of colour, compression, filter or interlacing."""
    parts = chunks(data)
    fields = list(struct.unpack(">IIBBBBB", parts[0][1]))
    i = rng.randrange(7)
    fields[i] = rng.choice(WHOLE) if i < 2 else rng.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 255))
    parts[0] = (b"IHDR", struct.pack(">IIBBBBB", *fields))
    return joined(parts)


def drop_or_repeat(rng: Random, data: bytes) -> bytes:
    """A chunk that is missing, stands twice, or stands elsewhere."""
    parts = chunks(data)
    part = parts.pop(rng.randrange(len(parts)))
    for _ in range(rng.choice((0, 1, 2, 2))):
        parts.insert(rng.randint(0, len(parts)), part)
    return joined(parts)


def add_chunk(rng: Random, data: bytes) -> bytes:
    """A chunk of any kind with any content, or many of them."""
    kinds = (
        b"tEXt",
        b"zTXt",
        b"iTXt",
        b"iCCP",
        b"eXIf",
        b"tRNS",
        b"PLTE",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"acTL",
        b"fcTL",
    )
    kind = rng.choice(
        (*kinds, b"fdAT", b"sBIT", b"bKGD", b"pHYs", b"IDAT", b"IEND", b"IHDR", b"abCd", b"ABCD", b"\0\0\0\0")
    )
    bomb = zlib.compress(bytes(rng.choice((10, 5_000_000))), 9)
    body = rng.choice(
        (b"", bytes(4), rng.randbytes(40), b"key\0" + b"\0" + bomb, b"key\0value", bytes(300_000))
    )
    parts = chunks(data)
    many = rng.choice((1, 1, 1, 2, *MANY)) if len(body) < 50 else 1
    place = rng.randint(0, len(parts))
    return joined([*parts[:place], *[(kind, body)] * many, *parts[place:]])


def change_pixels(rng: Random, data: bytes) -> bytes:
    """Packed pixels that are too few, too many, or of filters that do not exist."""
    parts = chunks(data)
    raw = zlib.decompress(b"".join(body for kind, body in parts if kind == b"IDAT"))
    raw = rng.choice(
        (
            raw[: rng.randrange(len(raw))],
            raw + bytes(1 << 20),
            b"\x07" + raw[1:],
            b"",
            rng.randbytes(len(raw)),
        )
    )
    packed = zlib.compress(raw)
    if rng.random() < 0.3:
        packed = packed[: rng.randrange(len(packed))]
    return joined(
        [*parts[:1], *(p for p in parts[1:-1] if p[0] != b"IDAT"), (b"IDAT", packed), (b"IEND", b"")]
    )


def split_pixels(rng: Random, data: bytes) -> bytes:
    """The packed pixels in many chunks, some of them empty."""
    found: list[Chunk] = []
    for kind, body in chunks(data):
        size = rng.choice((1, 7, 100))
        pieces = [body[i : i + size] for i in range(0, len(body), size)] if kind == b"IDAT" else [body]
        found += [(kind, piece) for piece in pieces]
        if kind == b"IDAT" and rng.random() < 0.5:
            found.append((kind, b""))
    return joined(found)


def many_frames(rng: Random, data: bytes) -> bytes:
    """Very many frames of one pixel or of the whole picture, which may share the canvas in any way, or lack pixels."""
    parts = chunks(data)
    many = rng.choice((100, *MANY))
    size = rng.choice(((1, 1), (31, 24)))
    dispose, blend = rng.randrange(3), rng.randrange(2)
    packed = zlib.compress(b"".join(bytes(1 + 4 * size[0]) for _ in range(size[1])))
    found = [parts[0], (b"acTL", struct.pack(">II", many, 0))]
    bodies = [packed] * rng.choice((0, 1, 1, 2))
    number = 0
    for _ in range(many):
        found.append((b"fcTL", struct.pack(">IIIIIHHBB", number, *size, 0, 0, 1, 9, dispose, blend)))
        for i, body in enumerate(bodies, 1):
            found.append((b"fdAT", struct.pack(">I", number + i) + body))
        number += 1 + len(bodies)
    return joined([*found, *parts[1:]])


def spoil_sum(rng: Random, data: bytes) -> bytes:
    """A wrong check sum of one chunk, all else whole."""
    parts = chunks(data)
    i = rng.randrange(len(parts))
    end = len(joined(parts[: i + 1]))
    spoilt = joined(parts)
    return spoilt[: end - 4] + rng.randbytes(4) + spoilt[end:]


def bomb(rng: Random, data: bytes) -> bytes:
    """A few kilobytes that unpack to a huge plain picture, or to a part of it."""
    height, width = rng.choice(
        ((30_000, 30_000), (1, 2**31 - 1), (2**31 - 1, 1), (70_000, 500), (5_000, 5_000))
    )
    depth, colour = rng.choice(((1, 0), (8, 0), (8, 2), (16, 6), (8, 3)))
    packed = zlib.compress(bytes(rng.choice((100, 1 << 20, 1 << 24))), 9)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, rng.randrange(2)))]
    parts += [(b"PLTE", bytes(6))] if colour == 3 else []
    return joined([*parts, (b"IDAT", packed), (b"IEND", b"")])


def bases() -> list[Whole]:
    """One of each kind of colour and depth, interlaced ones, and some with all that may stand around the pixels."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "words")
    text.add_text("Long", "words " * 300, zip=True)
    text.add_itxt("Title", "é", "fr", "titre")
    rgb, grey = pictures.rgb(), pictures.grey()
    image, grey_image = Image.fromarray(rgb), Image.fromarray(grey)
    noted = pictures.saved(
        image, "PNG", pnginfo=text, exif=pictures.exif(), icc_profile=bytes(200), dpi=(72, 72)
    )
    bits, palette = grey_image.convert("1"), image.quantize(16)
    flat = np.asarray(palette.convert("RGB"))
    return [
        whole(pictures.saved(image, "PNG"), rgb),
        whole(noted, pictures.upright(rgb)),
        whole(pictures.saved(Image.fromarray(pictures.rgba()), "PNG"), pictures.rgba()),
        whole(pictures.saved(grey_image, "PNG", transparency=7), pictures.with_hole(grey, grey == 7)),
        whole(pictures.saved(bits, "PNG"), np.asarray(bits)),
        whole(pictures.saved(Image.fromarray(pictures.wide()), "PNG"), pictures.wide()),
        whole(
            pictures.saved(palette, "PNG", transparency=3), pictures.with_hole(flat, np.asarray(palette) == 3)
        ),
        whole(pictures.saved(palette, "PNG", bits=4), flat),
        whole(_wide_rgb(), rgb),
    ]


def _wide_rgb() -> bytes:
    """16 bits a sample in colour, which Pillow does not write."""
    rows = pictures.rgb().astype(">u2") * 257
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", rows.shape[1], rows.shape[0], 16, 2, 0, 0, 0)
    return joined([(b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")])


def moving() -> list[Whole]:
    """Animations: whole frames, and frames that cover a part, blended and disposed of in each way."""
    first, *rest = pictures.frames()
    part = [Image.fromarray(pictures.rgba()).convert("RGBA"), Image.new("RGBA", (31, 24), (9, 9, 9, 90))]
    arrays = list(map(np.asarray, (first, *rest)))
    cleared = pictures.saved(part[0], "PNG", save_all=True, append_images=part, disposal=2, blend=1)
    return [
        whole(pictures.saved(first, "PNG", save_all=True, append_images=rest), *arrays),
        whole(pictures.saved(first, "PNG", save_all=True, append_images=rest, default_image=True), *arrays),
        # Each frame is laid over what is clear, so that it is seen as it is.
        whole(cleared, *map(np.asarray, (part[0], *part))),
    ]


_EDITS = (
    *(change_chunk, change_chunk, change_header, drop_or_repeat, add_chunk, add_chunk, change_pixels),
    *(split_pixels, spoil_sum, bomb),
)
_READER = "tests.soak.readers:picture"

_TOLD = (split_pixels, spoil_sum)

KINDS = (
    Kind("png", "files", _READER, ".png", bases, _EDITS, sums=True, told=_TOLD, share=2),
    Kind("apng", "files", _READER, ".png", moving, (*_EDITS, many_frames), sums=True, told=(spoil_sum,)),
)
