"""TIFF, classic and BigTIFF: entries of its directories are rewritten where they stand."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import tifffile
from PIL import Image

from tests.soak import pictures
from tests.soak.hostile import Kind
from tests.soak.mutations import WHOLE
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
        self.big = self._number(2, "H") == 43
        self.first = 8 if self.big else 4  # where the place of the first directory stands
        self.word = "Q" if self.big else "I"
        self.length = 20 if self.big else 12

    def _number(self, place: int, form: str) -> int:
        return int(struct.unpack_from(self.order + form, self.data, place)[0])

    def put(self, place: int, form: str, value: int) -> Layout:
        """The same file with one number changed."""
        packed = struct.pack(self.order + form, value % (1 << 8 * struct.calcsize(form)))
        return Layout(self.data[:place] + packed + self.data[place + len(packed) :])

    def links(self) -> list[int]:
        """Where the places of the directories stand: the header, and the end of each directory."""
        found = [self.first]
        while len(found) < 20:
            start = self._number(found[-1], self.word)
            if not start:
                break
            found.append(start + self._head() + self.length * self._count(start))
        return found

    def directories(self) -> list[int]:
        """Where each directory begins."""
        return [self._number(link, self.word) for link in self.links()[:-1]]

    def _head(self) -> int:
        return 8 if self.big else 2

    def _count(self, start: int) -> int:
        return min(self._number(start, "Q" if self.big else "H"), 500)

    def entries(self, start: int) -> list[Entry]:
        """The entries of the directory that begins there."""
        first = start + self._head()
        places = range(first, first + self.length * self._count(start), self.length)
        return [
            Entry(p, self._number(p, "H"), self._number(p + 2, "H"), self._number(p + 4, self.word))
            for p in places
        ]

    def value_place(self, entry: Entry, index: int = 0) -> int:
        """Where a value of an entry stands."""
        size, room = _SIZES.get(entry.kind, 1), 8 if self.big else 4
        inline = entry.place + 4 + room
        start = inline if size * entry.count <= room else self._number(inline, self.word)
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


def many_pages(rng: Random, data: bytes) -> bytes:
    """A chain of thousands of small pages."""
    count = rng.choice((50, 3000, 30_000))
    found = bytearray(b"II*\0" + struct.pack("<I", 8))
    for i in range(count):
        entries = [
            (256, 3, 1, 2),
            (257, 3, 1, 1),
            (258, 3, 1, 8),
            (262, 3, 1, 1),
            (273, 4, 1, 8),
            (279, 4, 1, 2),
        ]
        found += struct.pack("<H", len(entries))
        found += b"".join(struct.pack("<HHII", *entry) for entry in entries)
        found += struct.pack("<I", len(found) + 4 if i < count - 1 else 0)
    return bytes(found)


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
)
KINDS = (
    Kind("tiff", "files", _READER, ".tif", plain, _EDITS, aware=0.6, share=2.5),
    Kind("tiffsums", "files", _READER, ".tif", summed, (damage_pixels,), told=(damage_pixels,), aware=0.7),
    Kind("tiffpacked", "files", _READER, ".tif", packed, _EDITS, aware=0.6, share=2.5),
)
