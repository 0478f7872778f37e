"""Hostile TIFFs that are made from nothing: directories that claim, repeat or share far more than the file holds."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from random import Random

from PIL import Image

from tests.soak import pictures
from tests.soak.kinds.tiff.edits import PACKINGS
from tests.soak.kinds.tiff.wholes import written
from tests.soak.mutations import MANY

Field = tuple[int, int, int, int]  # tag, type, count, and the value or its place

_SMALL_PAGE: tuple[Field, ...] = (
    *((256, 3, 1, 2), (257, 3, 1, 1), (258, 3, 1, 8)),
    *((262, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 2)),
)


def _chained(shared: bytes, pages: Iterable[Sequence[Field]]) -> bytes:
    """A classic TIFF of these directories behind `shared`, which begins at byte 8."""
    shared += bytes(len(shared) % 2)
    found = bytearray(b"II*\0" + struct.pack("<I", 8 + len(shared)) + shared)
    link = 4
    for fields in pages:
        struct.pack_into("<I", found, link, len(found))
        found += struct.pack("<H", len(fields))
        found += b"".join(struct.pack("<HHII", *field) for field in sorted(fields))
        link = len(found)
        found += bytes(4)
    return bytes(found)


def many_pages(rng: Random, data: bytes) -> bytes:
    """A chain of very many small pages: bare, or with a text, a palette or a list of strips that all of them share."""
    more: tuple[Field, ...] = rng.choice(
        (
            (),
            (),
            ((270, 2, 1 << 10, 8),),
            ((270, 2, 1 << 20, 8),),
            ((320, 3, 768, 8), (262, 3, 1, 3)),
            ((273, 4, 1 << 16, 8), (279, 4, 1 << 16, 8)),
        )
    )
    text = rng.choice((b'{"shape": [1, 2]}', b"words", b"<OME>", b"ImageJ=1.5\nimages=100000\n"))
    page = {field[0]: field for field in (*_SMALL_PAGE, *more)}
    shared = text.ljust(1 << 20, b"\0" if rng.random() < 0.5 else b" ") if more else b"ab"
    return _chained(shared, [tuple(page.values())] * rng.choice((50, *MANY)))


def many_tags(rng: Random, data: bytes) -> bytes:
    """A directory of thousands of tags of one kind, whose values share one place."""
    text = rng.choice((b"x", b" ", b"<OME>", b"{", b"ImageJ=\n")) * (1 << 20)
    tag, kind, count = rng.choice(
        ((270, 2, 1 << 20), (270, 2, 100), (700, 1, 1 << 20), (33629, 5, 1 << 17), (320, 3, 768), (273, 4, 1))
    )
    return _chained(
        text[: 1 << 20], [(*_SMALL_PAGE, *[(tag, kind, count, 8)] * rng.choice((300, 4000, 60_000)))]
    )


def many_tiles(rng: Random, data: bytes) -> bytes:
    """A page of very many tiles or strips that share one piece of packed pixels."""
    count = rng.choice((256, *MANY))
    packing, piece = rng.choice(
        (
            (1, bytes(256)),
            (8, zlib.compress(bytes(256))),
            (8, zlib.compress(bytes(1 << 20))),
            (7, pictures.saved(Image.fromarray(pictures.grey(16)), "JPEG", progressive=True)),
            (32773, b"\x81\0" * 2),
        )
    )
    place = 8 + 8 * count
    lists = struct.pack(f"<{2 * count}I", *[place] * count, *[len(piece)] * count)
    size: tuple[Field, ...] = ((256, 4, 1, 16), (257, 4, 1, 16 * count), (258, 3, 1, 8), (259, 3, 1, packing))
    if rng.random() < 0.5:
        tags: tuple[Field, ...] = (
            (322, 3, 1, 16),
            (323, 3, 1, 16),
            (324, 4, count, 8),
            (325, 4, count, 8 + 4 * count),
        )
    else:
        tags = ((273, 4, count, 8), (278, 3, 1, 16), (279, 4, count, 8 + 4 * count))
    return _chained(lists + piece, [(*size, (262, 3, 1, 1), *tags)])


def long_metadata(rng: Random, data: bytes) -> bytes:
    """OME-XML, ImageJ's lines, tifffile's JSON or MetaMorph's planes that say a legal thing very often."""
    many = rng.choice(MANY)
    block = '<TiffData IFD="0" PlaneCount="1"/>'
    pixels = (
        '<Pixels DimensionOrder="XYCZT" SizeC="1" SizeT="{}" SizeZ="1" SizeX="2" SizeY="1" Type="uint8">'
        "{}</Pixels>"
    )
    texts = (
        "<OME><Image>" + pixels.format(1, block * many) + "</Image></OME>",
        "<OME>" + f"<Image>{pixels.format(1, block)}</Image>" * (many // 5) + "</OME>",
        "<OME><Image>" + pixels.format(many, "<TiffData/>" * min(many, 10_000)) + "</Image></OME>",
        "<OME" + "".join(f' a{i}="1"' for i in range(many)) + "/>",
        "ImageJ=1.54\n" + "images=2\n" * many,
        "ImageJ=1.54\n" + "".join(f"a{i}=1\n" for i in range(many)) + "images=2\n",
        '{"shape": [' + "1, " * many + "1, 2]}",
        '{"shape": [1, 2]' + ', "axes": "YX"' * many + "}",
        '{"shape": [1, 2]' + "".join(f', "a{i}": 1' for i in range(many)) + "}",
    )
    text = rng.choice(texts).encode()
    described: tuple[Field, ...] = ((270, 2, len(text), 8),)
    if rng.random() < 0.15:
        described = ((33629, 5, many, 8), (33628, 4, many, 8))
        text = bytes(8 * many)
    return _chained(text, [(*_SMALL_PAGE, *described)] * rng.choice((1, 2, 300)))


def claim(rng: Random, data: bytes) -> bytes:
    """A directory of our own whose size the file cannot hold, in strips or in one tile, of any packing."""
    height, width = rng.choice(
        ((1, 2**28), (2**28, 1), (1, 1), (65_535, 65_535), (2**31, 2**31), (20_000, 20_000))
    )
    packing, depth, samples = (
        rng.choice(PACKINGS),
        rng.choice((1, 8, 16, 32, 64)),
        rng.choice((1, 3, 4, 5000)),
    )
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, depth),
        (259, 3, 1, packing),
        (262, 3, 1, 1),
        (277, 3, 1, samples),
    ]
    if rng.random() < 0.5:
        side = rng.choice((16, 65_536, 2**31))
        entries += [(322, 4, 1, side), (323, 4, 1, side), (324, 4, 1, 8), (325, 4, 1, 40)]
    else:
        entries += [
            (273, 4, rng.choice((1, 1, 2**27)), 8),
            (278, 4, 1, rng.choice((1, height))),
            (279, 4, 1, 40),
        ]
    table = b"".join(
        struct.pack("<HHII", tag, kind, count, value % 2**32) for tag, kind, count, value in sorted(entries)
    )
    return (
        b"II*\0"
        + struct.pack("<I", 8 + 64)
        + rng.randbytes(64)
        + struct.pack("<H", len(entries))
        + table
        + bytes(4)
    )


def other_file(rng: Random, data: bytes) -> bytes:
    """Metadata that names other files, or sizes of its own."""
    name = rng.choice(("../secret.tif", "/etc/passwd", "tiff.tif", "\\\\server\\x.tif", "é" * 3000, ""))
    sizes = f'SizeC="{rng.choice((1, 3, 10**9))}" SizeT="{rng.choice((1, 2, -1))}" SizeZ="{rng.choice((1, 2, 10**8))}"'
    ome = (
        '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">'
        f'<Pixels DimensionOrder="XYCZT" ID="Pixels:0" {sizes} SizeX="{rng.choice((31, 10**6))}" SizeY="24" '
        'Type="uint8"><TiffData FirstC="0" FirstT="0" FirstZ="0" IFD="0" PlaneCount="1">'
        f'<UUID FileName="{name}">urn:uuid:1</UUID></TiffData></Pixels></Image></OME>'
    )
    imagej = f"ImageJ=1.54\nimages={rng.choice((2, 10**9))}\nslices={rng.choice((1, 10**9, -1))}\nhyperstack=true\n"
    shaped = f'{{"shape": [{rng.choice((1, 10**9, -1))}, 24, 31], "axes": "ZYX"}}'
    words = rng.choice((ome, ome, ome[:200], imagej, shaped, '{"shape": ' + "[" * 3000, "<OME>" * 3000))
    return written(pictures.grey(), description=words.encode("utf-8"), metadata=None)
