"""TIFF, classic and BigTIFF: entries of its directories are rewritten where they stand."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import tifffile
from PIL import Image

from tests.soak import pictures
from tests.soak.hostile import Kind
from tests.soak.mutations import MANY, WHOLE
from tests.soak.pictures import Whole, whole

_READER = "tests.soak.readers:picture"
_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
# Sizes, depths, packings, places and counts: what says how much there is and how it lies.
_WEIGHTY = (
    256,
    257,
    258,
    259,
    262,
    273,
    277,
    278,
    279,
    284,
    317,
    320,
    322,
    323,
    324,
    325,
    330,
    338,
    339,
    347,
    530,
)
_PACKINGS = (
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    32773,
    32909,
    34661,
    34676,
    34712,
    34887,
    34925,
    34934,
    50000,
    50001,
    50002,
    65000,
)


@dataclass(frozen=True)
class Entry:
    """An entry of a directory, and where it stands."""

    place: int
    tag: int
    kind: int
    count: int


class Layout:
    """What is needed to find one's way in a TIFF."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.order = "<" if data[:2] == b"II" else ">"
        self.big = self.number(2, "H") == 43
        self.first = 8 if self.big else 4  # where the place of the first directory stands
        self.word = "Q" if self.big else "I"
        self.length = 20 if self.big else 12

    def number(self, place: int, form: str) -> int:
        return int(struct.unpack_from(self.order + form, self.data, place)[0])

    def put(self, place: int, form: str, value: int) -> Layout:
        """The same file with one number changed."""
        packed = struct.pack(self.order + form, value % (1 << 8 * struct.calcsize(form)))
        return Layout(self.data[:place] + packed + self.data[place + len(packed) :])

    def links(self) -> list[int]:
        """Where the places of the directories stand: the header, and the end of each directory."""
        found = [self.first]
        while len(found) < 20:
            start = self.number(found[-1], self.word)
            if not start:
                break
            found.append(start + self._head() + self.length * self._count(start))
        return found

    def directories(self) -> list[int]:
        """Where each directory begins."""
        return [self.number(link, self.word) for link in self.links()[:-1]]

    def _head(self) -> int:
        return 8 if self.big else 2

    def _count(self, start: int) -> int:
        return min(self.number(start, "Q" if self.big else "H"), 500)

    def entries(self, start: int) -> list[Entry]:
        """The entries of the directory that begins there."""
        first = start + self._head()
        places = range(first, first + self.length * self._count(start), self.length)
        return [
            Entry(p, self.number(p, "H"), self.number(p + 2, "H"), self.number(p + 4, self.word))
            for p in places
        ]

    def value_place(self, entry: Entry, index: int = 0) -> int:
        """Where a value of an entry stands."""
        size, room = _SIZES.get(entry.kind, 1), 8 if self.big else 4
        inline = entry.place + 4 + room
        start = inline if size * entry.count <= room else self.number(inline, self.word)
        return start + size * index


def _some_entry(rng: Random, layout: Layout) -> Entry:
    entries = layout.entries(rng.choice(layout.directories()))
    weighty = [entry for entry in entries if entry.tag in _WEIGHTY]
    return rng.choice(weighty if weighty and rng.random() < 0.7 else entries)


def change_value(rng: Random, data: bytes) -> bytes:
    """Another value of an entry: sizes, depths, packings, places."""
    layout = Layout(data)
    entry = _some_entry(rng, layout)
    size = _SIZES.get(entry.kind, 1)
    value = rng.choice((*WHOLE, len(data), len(data) - 1, rng.randrange(len(data)), 64, 33, 9))
    if entry.tag in (259, 262) and rng.random() < 0.8:
        value = rng.choice(
            _PACKINGS if entry.tag == 259 else (0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 77, 32803, 32844, 32845, 34892)
        )
    index = rng.randrange(min(max(entry.count, 1), 64))
    return layout.put(layout.value_place(entry, index), {1: "B", 2: "H", 4: "I", 8: "Q"}[size], value).data


def change_count(rng: Random, data: bytes) -> bytes:
    """Another count of values, far more than there are."""
    layout = Layout(data)
    entry = _some_entry(rng, layout)
    return layout.put(entry.place + 4, layout.word, rng.choice(WHOLE)).data


def change_kind(rng: Random, data: bytes) -> bytes:
    """Another type of values."""
    layout = Layout(data)
    return layout.put(_some_entry(rng, layout).place + 2, "H", rng.choice((*range(19), 255, 65535))).data


def change_tag(rng: Random, data: bytes) -> bytes:
    """An entry that says something else; so one is missing, or stands twice."""
    layout = Layout(data)
    entry = _some_entry(rng, layout)
    return layout.put(
        entry.place, "H", rng.choice((*_WEIGHTY, 254, 270, 274, 301, 332, 336, 529, 700, 33550, 34377, 50839))
    ).data


def change_link(rng: Random, data: bytes) -> bytes:
    """Directories that point to themselves, to each other, beyond the end, into the pixels."""
    layout = Layout(data)
    target = rng.choice(
        (*layout.directories(), layout.first, len(data), len(data) - 3, 2**31, rng.randrange(len(data)))
    )
    return layout.put(rng.choice(layout.links()), layout.word, target).data


def change_number_of_entries(rng: Random, data: bytes) -> bytes:
    """More entries, or fewer, than a directory has."""
    layout = Layout(data)
    return layout.put(rng.choice(layout.directories()), "Q" if layout.big else "H", rng.choice(WHOLE)).data


def damage_pixels(rng: Random, data: bytes) -> bytes:
    """Packed pixels that are not what the packer wrote."""
    layout = Layout(data)
    entries = {entry.tag: entry for entry in layout.entries(layout.directories()[0])}
    places = entries.get(273) or entries[324]
    form = {2: "H", 4: "I", 8: "Q"}[_SIZES[places.kind]]
    (start,) = struct.unpack_from(layout.order + form, data, layout.value_place(places))
    place = start + rng.randrange(64)
    noise = rng.randbytes(rng.choice((1, 2, 8, 40)))
    return data[:place] + noise + data[place + len(noise) :]


def share_places(rng: Random, data: bytes) -> bytes:
    """Strips, tiles, pages or values of tags that all lie at one place."""
    layout = Layout(data)
    entries = [entry for start in layout.directories() for entry in layout.entries(start)]
    if rng.random() < 0.4:
        return _with_shared_values(rng, layout, entries)
    listed = [entry for entry in entries if entry.tag in (273, 324)]
    places = [
        (layout.value_place(entry, index), {2: "H", 4: "I", 8: "Q"}[_SIZES[entry.kind]])
        for entry in listed
        for index in range(min(entry.count, 500))
    ]
    shared = rng.choice((layout.number(*rng.choice(places)), 8, layout.directories()[0]))
    for place, form in places:
        layout = layout.put(place, form, shared)
    return layout.data


def _with_shared_values(rng: Random, layout: Layout, entries: list[Entry]) -> bytes:
    """The values of all tags that are too long to stand in the directory at one place."""
    room = 8 if layout.big else 4
    apart = [entry for entry in entries if _SIZES.get(entry.kind, 1) * entry.count > room]
    shared = layout.value_place(rng.choice(apart))
    for entry in apart:
        layout = layout.put(entry.place + 4 + room, layout.word, shared)
    return layout.data


def huge_counts(rng: Random, data: bytes) -> bytes:
    """Far more values than the file can hold, for one tag or for all of a directory."""
    layout = Layout(data)
    entries = layout.entries(rng.choice(layout.directories()))
    huge = rng.choice((len(data), 2**24, 2**28, 2**31, 2**32 - 1))
    for entry in entries if rng.random() < 0.3 else [rng.choice(entries)]:
        layout = layout.put(entry.place + 4, layout.word, huge)
    return layout.data


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
        rng.choice(_PACKINGS),
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
    return _written(pictures.grey(), description=words.encode("utf-8"), metadata=None)


def _written(array: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, array, **options)
    return stream.getvalue()


def _pyramid(array: Any) -> bytes:
    """A picture that is turned, with a smaller copy in a directory of its own."""
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        writer.write(array, photometric="rgb", extratags=[(274, 3, 1, 6, True)], subifds=1)
        writer.write(array[::2, ::2].copy(), photometric="rgb", subfiletype=1)
    return stream.getvalue()


def plain() -> list[Whole]:
    """Without packing: strips, tiles, planes, every type of number and of colour, pages, and both orders of bytes."""
    rgb, grey, rgba, wide = pictures.rgb(), pictures.grey(), pictures.rgba(), pictures.wide()
    many = np.arange(7 * 12 * 20, dtype=np.float32).reshape(7, 12, 20)
    bands, signed = many.transpose(1, 2, 0), grey.astype(np.int16) - 99
    pages = np.stack([grey, grey[::-1], grey[:, ::-1]])
    ome = _written(pages, photometric="minisblack", ome=True, metadata={"axes": "ZYX"})
    ink = pictures.saved(Image.fromarray(rgba, "CMYK"), "TIFF")
    separate = _written(rgb.transpose(2, 0, 1), photometric="rgb", planarconfig="separate")
    interleaved = _written(bands, photometric="minisblack", planarconfig="contig", byteorder=">")
    double = _written(many[0].astype(np.float64), photometric="minisblack", bigtiff=True, byteorder=">")
    return [
        whole(_written(grey, photometric="minisblack", rowsperstrip=5), grey),
        whole(_written(grey, photometric="miniswhite", byteorder=">"), 255 - grey),
        whole(
            _written(rgb, photometric="rgb", rowsperstrip=7, resolution=(72, 72), description="words"), rgb
        ),
        whole(separate, rgb),
        whole(_written(rgba, photometric="rgb", extrasamples=["unassalpha"]), rgba),
        whole(_written(rgba, photometric="rgb", extrasamples=["assocalpha"], tile=(16, 16)), _divided(rgba)),
        whole(_written(wide, photometric="minisblack", bigtiff=True, tile=(16, 16)), wide),
        whole(_written(many, photometric="minisblack", planarconfig="separate"), bands),
        whole(interleaved, bands),
        *_with_palettes(grey),
        whole(_written(grey > 99, photometric="minisblack"), grey > 99),
        whole(_written(signed, photometric="minisblack"), signed),
        whole(double, many[0]),
        whole(_written(many[0].astype(np.float16), photometric="minisblack"), many[0]),
        whole(_written(grey.astype(np.uint32) << 20, photometric="minisblack"), grey.astype(np.uint32) << 20),
        whole(_written(pages, photometric="minisblack"), *pages),
        whole(_written(pages, photometric="minisblack", imagej=True), np.dstack(list(pages))),
        whole(ome, *pages),
        whole(_pyramid(rgb), pictures.upright(rgb)),
        whole(ink, pictures.inked(rgba)),
    ]


def _divided(rgba: Any) -> Any:
    """Colours that were multiplied with alpha, as they were before."""
    colours, alpha = rgba[..., :3] / 255, rgba[..., 3:] / 255
    divided = np.minimum(np.divide(colours, alpha, out=colours.copy(), where=alpha > 0), 1)
    return np.concatenate([divided, alpha], -1)


def _with_palettes(grey: Any) -> list[Whole]:
    """Palettes of 8 bits, stored in each way, and of 16 bits whose lower bytes count, for indices of 8 and of 16."""
    bytes_of = np.arange(3 * 256, dtype=np.uint16).reshape(3, 256) % 256
    fine = (np.arange(3 * 256, dtype=np.uint16) * 85).reshape(3, 256)
    long = (np.arange(3 << 16, dtype=np.uint32) * 40_503 % 65_536).astype(np.uint16).reshape(3, 1 << 16)
    indices = pictures.wide()
    return [
        whole(_written(grey, photometric="palette", colormap=fine), fine[:, grey].transpose(1, 2, 0)),
        *(
            whole(
                _written(grey, photometric="palette", colormap=bytes_of * factor),
                bytes_of[:, grey].transpose(1, 2, 0).astype(np.uint8),
            )
            for factor in (256, 257)
        ),
        whole(_written(indices, photometric="palette", colormap=long), long[:, indices].transpose(1, 2, 0)),
    ]


def packed() -> list[Whole]:
    """With each packing that is common, and predictors."""
    rgb, grey, wide = pictures.rgb(), pictures.grey(), pictures.wide()
    floats = (rgb / np.float32(255)).astype(np.float32)
    bits = Image.fromarray(grey).convert("1")
    separate = _written(
        floats.transpose(2, 0, 1), photometric="rgb", compression="deflate", planarconfig="separate"
    )
    pages = np.stack([grey, grey[::-1]])
    found = [
        whole(
            pictures.saved(Image.fromarray(rgb), "TIFF", compression=name),
            rgb,
            lossy=name in ("jpeg", "webp"),
        )
        for name in ("tiff_lzw", "packbits", "tiff_adobe_deflate", "jpeg", "tiff_deflate", "zstd", "lzma")
    ]
    found += [whole(pictures.saved(bits, "TIFF", compression=f"group{n}"), np.asarray(bits)) for n in (3, 4)]
    ycc = np.asarray(Image.fromarray(rgb).convert("YCbCr"))
    subsampled = _written(ycc, photometric="ycbcr", compression="jpeg", subsampling=(2, 2))
    return [
        *found,
        whole(_written(rgb, photometric="rgb", compression="deflate", predictor=True, rowsperstrip=6), rgb),
        whole(_written(wide, compression="lzw", predictor=True, tile=(16, 16)), wide),
        whole(_written(floats, photometric="rgb", compression="zlib", predictor=True), floats),
        whole(separate, floats),
        whole(_written(rgb, photometric="rgb", compression="jpeg", tile=(16, 16)), rgb, lossy=True),
        whole(subsampled, rgb, lossy=True),
        whole(_written(rgb, photometric="rgb", compression="zstd"), rgb),
        whole(_written(rgb, photometric="rgb", compression="webp"), rgb, lossy=True),
        whole(_written(rgb, photometric="rgb", compression="lzma"), rgb),
        whole(_written(grey, compression="jpeg2000"), grey, lossy=True),
        whole(_written(floats[..., 0].copy(), compression="lerc"), floats[..., 0]),
        whole(_written(pages, photometric="minisblack", compression="packbits"), *pages),
    ]


def summed() -> list[Whole]:
    """Packed by Deflate, whose streams end with a sum of what they hold."""
    rgb, grey, wide = pictures.rgb(), pictures.grey(), pictures.wide()
    floats = (grey / np.float32(255)).astype(np.float32)
    return [
        whole(_written(rgb, photometric="rgb", compression="deflate", predictor=True, rowsperstrip=6), rgb),
        whole(_written(rgb, photometric="rgb", compression="zlib", tile=(16, 16), bigtiff=True), rgb),
        whole(_written(wide, compression="deflate", rowsperstrip=4, byteorder=">"), wide),
        whole(_written(floats, compression="deflate", predictor=True), floats),
        whole(pictures.saved(Image.fromarray(rgb), "TIFF", compression="tiff_deflate"), rgb),
    ]


_EDITS = (
    *(change_value,) * 6,
    *(change_count, change_count, change_kind, change_tag, change_tag, change_link, change_link),
    *(change_number_of_entries, damage_pixels, damage_pixels, many_pages, claim, claim, other_file),
    *(
        share_places,
        share_places,
        huge_counts,
        many_tags,
        many_tiles,
        many_tiles,
        long_metadata,
        long_metadata,
    ),
)
KINDS = (
    Kind("tiff", "files", _READER, ".tif", plain, _EDITS, aware=0.6, share=2.5),
    Kind("tiffsums", "files", _READER, ".tif", summed, (damage_pixels,), told=(damage_pixels,), aware=0.7),
    Kind("tiffpacked", "files", _READER, ".tif", packed, _EDITS, aware=0.6, share=2.5),
)
